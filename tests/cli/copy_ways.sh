#!/bin/sh
# copy_ways.sh -- copies to and from servers that are not as most are: an sshd
# without the SFTP subsystem, or with one that is not there, and dropbear.
. "$(dirname "$0")/lib.sh"

# expect TEXT COMMAND... -- or says what is not so, and ends.
expect() {
  text=$1
  shift
  "$@" && return
  echo "not so: $text"
  cat "$tmp/err"
  exit 1
}

# Within a fleet: there and back.
if [ -n "${WAY-}" ]; then
  one=${SSHD_HOSTS%% *}
  home=$SSHD_DIR/home
  copy() {
    verb=$1
    shift
    "$muster" "$verb" -P "$SSHD_PORT" -l "$SSHD_USER" \
      -i "$SSHD_DIR/user_ed25519" --known-hosts "$SSHD_DIR/known_hosts" \
      -w "$one" "$@"
  }
  mkdir -p "$tmp/site/empty" "$tmp/site/sub"
  head -c 3000000 /dev/urandom >"$tmp/site/big"
  echo odd >"$tmp/site/sub/it's \"odd\""
  ln -s big "$tmp/site/link"
  try copy push -v -p "$tmp/site" "$home/site"
  expect 'pushed' test "$status" = 0
  expect 'whole' diff -r --no-dereference "$tmp/site" "$home/site"
  if [ "$WAY" = program ]; then
    expect '-v says so' grep -q 'no SFTP subsystem' "$tmp/err"
  else
    expect '-v says nothing of it' sh -c '! grep -q subsystem "$1"' - "$tmp/err"
  fi
  echo new >"$tmp/site/big"
  try copy push "$tmp/site" "$home"
  expect 'pushed again' test "$status" = 0
  expect 'replaced' cmp "$tmp/site/big" "$home/site/big"
  try copy pull "$home/site" "$tmp/{host}"
  expect 'pulled' test "$status" = 0
  expect 'whole, too' diff -r --no-dereference "$tmp/site" "$tmp/$one"
  expect 'nothing is left' sh -c '! find "$1" -name "*muster-*" | grep .' - \
    "$home"
  exit 0
fi

fleet=$top_builddir/sshd-fleet
"$muster" version >/dev/null
program=
for dir in /usr/lib/openssh /usr/libexec/openssh /usr/lib/ssh /usr/libexec; do
  [ ! -x "$dir/sftp-server" ] || program=$dir/sftp-server
done
"$fleet" -n 1 true || skip_all 'no sshd'
if [ -n "$program" ]; then
  WAY=program
  export WAY
  try "$fleet" -n 1 -o 'Subsystem other /bin/false' sh "$0"
  ends 'an sshd without the subsystem' 0
  try "$fleet" -n 1 -o 'Subsystem sftp /nowhere/sftp-server' sh "$0"
  ends 'an sshd whose subsystem is not there' 0
else
  skip 'an sshd without the subsystem' 'no sftp-server'
fi
if command -v dropbear >/dev/null && command -v dropbearconvert >/dev/null &&
  [ -x /usr/lib/sftp-server ]; then
  WAY=subsystem
  export WAY
  srcdir=$(cd "$(dirname "$0")/.." && pwd)
  try env MUSTER_SSHD="$srcdir/fixture/dropbear.sh" "$fleet" -n 1 sh "$0"
  ends 'dropbear with an sftp-server' 0
else
  skip 'dropbear with an sftp-server' 'no dropbear, or no sftp-server'
fi
finish
