# shellcheck shell=sh disable=SC2034
# lib.sh -- TAP for shell tests of the program; read by the scripts here.
#
#	. "$(dirname "$0")/lib.sh"
#	try "$muster" help nope
#	is 'an unknown verb is named' 2 '' "muster: unknown verb 'nope' ..."
#	finish
#
# Each script has a folder of its own, $tmp, and nothing of the caller's
# settings.

muster=${top_builddir:-.}/muster
tmp=$(mktemp -d "${TMPDIR:-/tmp}/muster-cli.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
n=0
failed=0
for name in $(env | sed -n 's/^\(MUSTER_[A-Z_]*\)=.*/\1/p') WCOLL FANOUT \
  SSH_AUTH_SOCK; do
  case $name in
  MUSTER_SSHD | MUSTER_LONG_TESTS) ;;
  *) unset "$name" ;;
  esac
done
LC_ALL=C
MUSTER_CONFIG=none
MUSTER_NO_UI=yes
XDG_STATE_HOME=$tmp/state
export LC_ALL MUSTER_CONFIG XDG_STATE_HOME MUSTER_NO_UI

# try COMMAND... -- runs it; leaves $status, $tmp/out, $tmp/err, and in
# $tmp/rerun what a report says about how to repeat the run.
try() {
  status=0
  "$@" >"$tmp/out" 2>"$tmp/err" </dev/null || status=$?
  take_rerun
}

# take_rerun -- puts what $tmp/err says about how to repeat runs into
# $tmp/rerun.
take_rerun() {
  sed -n 's/^muster: rerun: //p' "$tmp/err" >"$tmp/rerun"
  if [ -s "$tmp/rerun" ]; then
    sed '/^muster: rerun: /d' "$tmp/err" >"$tmp/report"
    mv "$tmp/report" "$tmp/err"
  fi
}

# verdict NAME 0|1 -- prints a line of TAP; when it failed, what was seen.
verdict() {
  n=$((n + 1))
  if [ "$2" = 0 ]; then
    echo "ok $n - $1"
    return
  fi
  failed=1
  echo "not ok $n - $1"
  echo "# status $status"
  sed 's/^/# out: /' "$tmp/out"
  sed 's/^/# err: /' "$tmp/err"
}

# is NAME STATUS OUT ERR -- the last try ended and wrote exactly so.
is() {
  good=0
  [ "$status" = "$2" ] && [ "$(cat "$tmp/out")" = "$3" ] &&
    [ "$(cat "$tmp/err")" = "$4" ] || good=1
  verdict "$1" "$good"
}

# ends NAME STATUS -- the last try ended so.
ends() {
  good=0
  [ "$status" = "$2" ] || good=1
  verdict "$1" "$good"
}

# refuses NAME WORD... -- the last try was refused: status 2, no output, one
# line on standard error, which has each WORD in it.
refuses() {
  name=$1
  good=0
  shift
  [ "$status" = 2 ] && [ ! -s "$tmp/out" ] &&
    [ "$(wc -l <"$tmp/err")" -eq 1 ] || good=1
  for word in "$@"; do
    grep -qF -e "$word" "$tmp/err" || good=1
  done
  verdict "$name" "$good"
}

# holds NAME COMMAND... -- the command succeeds.
holds() {
  name=$1
  good=0
  shift
  "$@" || good=1
  verdict "$name" "$good"
}

# skip NAME WHY -- counts a test that cannot be made here.
skip() {
  n=$((n + 1))
  echo "ok $n - $1 # SKIP $2"
}

# skip_all WHY -- ends the script: nothing here can be tested.
skip_all() {
  echo "1..0 # SKIP $1"
  exit 0
}

finish() {
  echo "1..$n"
  exit "$failed"
}

# with_sshds COUNT "$0" -- runs the script again with real sshds beside it,
# and sets $hosts (their list), $one (the first), and `run`.
with_sshds() {
  if [ -z "${SSHD_PORT-}" ]; then
    rm -rf "$tmp"
    rc=0
    "$top_builddir/sshd-fleet" -n "$1" sh "$2" || rc=$?
    [ "$rc" != 77 ] || skip_all 'no sshd'
    exit "$rc"
  fi
  hosts=$(echo "$SSHD_HOSTS" | tr ' ' ',')
  one=${SSHD_HOSTS%% *}
}

# run ARGUMENT... -- muster run on the sshds of with_sshds, by their keys.
run() {
  "$muster" run -p "$SSHD_PORT" -l "$SSHD_USER" \
    -i "$SSHD_DIR/user_ed25519" --known-hosts "$SSHD_DIR/known_hosts" "$@"
}

# with_fleet TABLE -- simulated hosts, as tests/fleetsim/fleetsim.h describes
# them, while the script runs; `on` is muster run on hosts of that table.
with_fleet() {
  command -v ssh-keygen >/dev/null || skip_all 'no ssh-keygen'
  mkdir "$tmp/fleet" "$tmp/fleet/homes"
  ssh-keygen -q -t ed25519 -N '' -f "$tmp/fleet/key"
  printf '%s\n' "$1" >"$tmp/fleet/table"
  mkfifo "$tmp/fleet/said" "$tmp/fleet/hold"
  "$top_builddir/fleetsim" -k "$tmp/fleet/key.pub" -H "$tmp/fleet/homes" \
    -l "$tmp/fleet/ledger" \
    -K "$tmp/fleet/known_hosts" "$tmp/fleet/table" \
    <"$tmp/fleet/hold" >"$tmp/fleet/said" &
  fleet=$!
  exec 9>"$tmp/fleet/hold"
  trap 'exec 9>&-; wait "$fleet"; rm -rf "$tmp"' EXIT
  while read -r name address port && [ "$name" != ready ]; do
    printf 'Host %s\nHostName %s\nPort %s\n' "$name" "$address" "$port"
  done <"$tmp/fleet/said" >"$tmp/fleet/config"
  [ "$name" = ready ] || exit 99
}

# `on_exec ... &` makes $! the program itself, to which signals can be sent.
on_exec() {
  exec "$muster" run -F "$tmp/fleet/config" -l user -i "$tmp/fleet/key" \
    --known-hosts "$tmp/fleet/known_hosts" "$@"
}

on() {
  (on_exec "$@")
}

# typed COMMAND QUESTION KEYS... -- a shell's command on a terminal of its own:
# when the screen has QUESTION in it the keys are typed, and so on.
typed() {
  : >"$tmp/screen"
  [ -p "$tmp/keys" ] || mkfifo "$tmp/keys"
  script -qefc "$1" "$tmp/screen" <"$tmp/keys" >/dev/null &
  terminal=$!
  exec 8>"$tmp/keys"
  shift
  while [ $# -gt 0 ]; do
    while ! grep -q "$1" "$tmp/screen" && kill -0 "$terminal"; do
      sleep 0.02
    done
    printf '%b' "$2" >&8
    shift 2
  done
  status=0
  wait "$terminal" || status=$?
  exec 8>&-
  cp "$tmp/screen" "$tmp/out"
  : >"$tmp/err"
}

can_validate() {
  python3 -c 'import jsonschema' 2>/dev/null
}

# validate FILE -- whether each line of it is as the schema of -j says.
validate() {
  python3 - "${top_srcdir:?}/doc/ndjson.schema.json" "$1" <<'END'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
for n, line in enumerate(open(sys.argv[2], newline="\n"), 1):
    for error in validator.iter_errors(json.loads(line)):
        sys.exit("line %d: %s: %s" % (n, error.message, line[:200]))
END
}

# Whether muster is built with a sanitizer for memory, which takes much of it.
is_sanitized() {
  grep -q __asan_init "$top_builddir/.libs/muster" 2>/dev/null
}
