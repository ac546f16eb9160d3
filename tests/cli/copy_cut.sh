#!/bin/sh
# copy_cut.sh -- copies that are killed or stopped half way, on a real sshd.
. "$(dirname "$0")/lib.sh"
with_sshds 1 "$0"
home=$SSHD_DIR/home
part=.big.muster-000000000000

copy() {
  verb=$1
  shift
  "$muster" "$verb" -P "$SSHD_PORT" -l "$SSHD_USER" \
    -i "$SSHD_DIR/user_ed25519" --known-hosts "$SSHD_DIR/known_hosts" \
    -w "$one" "$@"
}

# grown FILE BYTES -- waits until there is so much of it.
grown() {
  for _ in $(seq 1 200); do
    [ "$(stat -c %s "$1" 2>/dev/null || echo 0)" -lt "$2" ] || return 0
    sleep 0.1
  done
  return 1
}

# half SIGNAL PART VERB ARGUMENT... -- a copy that gets it half way. Its
# status is left in $status.
half() {
  signal=$1 file=$2 verb=$3
  shift 3
  status=0
  # A job of a shell without job control ignores ^C.
  python3 -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])' "$muster" "$verb" --host-bwlimit 1M \
    -P "$SSHD_PORT" -l "$SSHD_USER" -i "$SSHD_DIR/user_ed25519" \
    --known-hosts "$SSHD_DIR/known_hosts" -w "$one" "$@" \
    >"$tmp/out" 2>"$tmp/err" </dev/null &
  pid=$!
  grown "$file" 1000000 || echo "# $file does not grow"
  kill -s "$signal" "$pid"
  [ "$signal" != INT ] || { sleep 0.2; kill -s INT "$pid" 2>/dev/null; }
  wait "$pid" || status=$?
}

command -v python3 >/dev/null || skip_all 'no python3'
"$muster" version >/dev/null
head -c 6000000 /dev/urandom >"$tmp/big"
echo old >"$home/big"

half KILL "$home/$part" push "$tmp/big" "$home/big"
ends 'a push is killed half way' 137
holds 'the old file has its name' grep -qx old "$home/big"
try copy push "$tmp/big" "$home/big"
ends 'a push right after' 0
holds 'brings it whole' cmp "$tmp/big" "$home/big"
holds 'and leaves alone what may be in use' test -e "$home/$part"
echo old >"$home/big"
touch -d '1 minute ago' "$home/$part"
try copy push -j "$tmp/big" "$home/big"
ends 'a push some time after' 0
holds 'brings it whole, too' cmp "$tmp/big" "$home/big"
holds 'and nothing is left' sh -c '! ls -A "$1" | grep muster-' - "$home"

echo old >"$home/big"
half INT "$home/$part" push "$tmp/big" "$home/big"
ends '^C ends a push' 130
holds 'the old file is there' grep -qx old "$home/big"
holds 'and nothing is left of the new one' \
  sh -c '! ls -A "$1" | grep muster-' - "$home"

echo old >"$tmp/got"
mkdir "$tmp/$one"
cp "$tmp/got" "$tmp/$one/big"
half KILL "$tmp/$one/$part" pull "$tmp/big" "$tmp"
ends 'a pull is killed half way' 137
holds 'the old file here has its name' grep -qx old "$tmp/$one/big"
holds 'beside what has come' test -e "$tmp/$one/$part"
try copy pull -j "$tmp/big" "$tmp"
ends 'the next pull' 0
holds 'has it whole' cmp "$tmp/big" "$tmp/$one/big"
holds 'and leaves nothing' sh -c '! ls -A "$1" | grep muster-' - "$tmp/$one"
cp "$tmp/got" "$tmp/$one/big"
half INT "$tmp/$one/$part" pull "$tmp/big" "$tmp"
ends '^C ends a pull' 130
holds 'the old file here is there' grep -qx old "$tmp/$one/big"
holds 'and nothing is left here' \
  sh -c '! ls -A "$1" | grep muster-' - "$tmp/$one"
finish
