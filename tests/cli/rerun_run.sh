#!/bin/sh
# rerun_run.sh -- muster rerun: a run repeated where it did not end well.
. "$(dirname "$0")/lib.sh"
with_fleet 'good[1-2] exec=canned stdout="hello\n"
bad exec=canned exit=3
cut exec=canned delay=60s
down exec=canned down=yes'

again() {
  "$muster" rerun -q "$@"
}

printf 'good1\ngood2\nbad\ndown\n' >"$tmp/hosts"
echo 'echo one' >"$tmp/script"
try on -q --retries 0 --hostfile "$tmp/hosts" --script "$tmp/script"
first=$("$muster" runs -j | sed -n 's/.*"run":"\([^"]*\)".*/\1/p')
try again "$first"
ends 'what was not reached is tried again' 4
try "$muster" runs last
holds 'there, and nowhere else' grep -q ' 0/1 ok ' "$tmp/out"
holds 'and it is said of which run' grep -q "repeats run $first" "$tmp/out"
try again --failed "$first"
ends 'what failed is repeated on demand' 5
try again --all "$first"
ends 'and so is all' 4
try again --only good2 "$first"
ends 'or what is named' 0
try again --only good3 "$first"
refuses 'but not what the run did not have' "had no host 'good3'"
try again --failed "$first" -- echo other
ends 'another command may be given' 5
try again "$first" echo other
refuses 'but not when a run is taken up again' 'not to be changed'

echo 'echo two' >"$tmp/script"
try again --only good1 "$first"
ends 'a script that changed is refused' 2
holds 'and the difference shown' sh -c \
  'grep -q "^muster: - .*one" "$1" && grep -q "^muster: + .*two" "$1"' \
  - "$tmp/err"
echo 'echo one' >"$tmp/script"
printf 'good1\nbad\ndown\ncut\n' >"$tmp/hosts"
try again --only good1 "$first"
ends 'other hosts than before are refused' 2
holds 'and shown' sh -c \
  'grep -q "^muster: + user@cut:" "$1" &&
    grep -q "^muster: - user@good2:" "$1"' \
  - "$tmp/err"
try again --accept-inventory --only good1 "$first"
ends 'and accepted when that is said' 0

try on -q -u 300ms -w cut true
ends 'a command that was stopped may have run' 3
try again --lost last
ends 'it is not repeated by itself' 2
holds 'and why is said' grep -q -- --include-unknown "$tmp/err"
try again --lost --include-unknown last
ends 'but when that is said' 3

# shellcheck disable=SC2016 # the remote shell expands it
try on -q -e A=b --env-wrap -w bad 'echo $A $MUSTER_RUN'
try again --failed last
ends 'what the run is called may differ' 5
finish
