#!/bin/sh
# limits.sh -- times, failures and output that are too much; on simulated
# hosts.
. "$(dirname "$0")/lib.sh"
with_fleet 'n[1-4]
bad[1-3]
down[001-256] down=yes
fail[001-256] exec=canned exit=1'
homes=$tmp/fleet/homes

# ended HOST -- the process whose number that host's command wrote into `pid`
# is not there any more.
ended() {
  ! kill -0 "$(cat "$homes/$1/pid")" 2>/dev/null
}

# shellcheck disable=SC2016 # the remote shell expands it
stay='echo $$ >pid; sleep 60 & wait'
try on -u 1 -w n1 "$stay"
ends 'a command that takes too long: 3' 3
holds 'it is said, and that it has ended' grep -q \
  '^muster: CMD_TIMEOUT .*: the command took longer than 1 s; it ended' \
  "$tmp/err"
holds 'it has' ended n1
# shellcheck disable=SC2016
try on --idle-timeout 3 -w n2 'echo $$ >pid; for i in 1 2 3; do echo $i
  sleep 0.7; done; sleep 60'
ends 'a command that does nothing: 3' 3
holds 'output is something' test "$(wc -l <"$tmp/out")" = 3
holds 'it is said' grep -q 'sent and read nothing for 3 s; it ended' "$tmp/err"
holds 'it has ended' ended n2

# shellcheck disable=SC2016
try on -u 1 -w n3 "trap '' TERM; "'echo $$ >pid; while :; do sleep 1; done'
ends 'a command that wants no TERM: 3' 3
holds 'it was killed' grep -q 'took longer than 1 s; it was killed' "$tmp/err"
holds 'it is gone' ended n3

try on -f 2 --deadline 2 -w 'n[1-4]' "$stay"
ends 'the time for all is over: 6' 6
holds 'it is said' grep -q \
  '^muster: the time for the whole run, 2 s, is over: stopping' "$tmp/err"
holds 'what ran is named' grep -q \
  '^muster: CMD_TIMEOUT on 2 hosts: n\[1-2\]: ' "$tmp/err"
holds 'what had not begun is, too' grep -q \
  '^muster: CANCELLED on 2 hosts: n\[3-4\]: the time for the whole run' \
  "$tmp/err"
holds 'what ran has ended' ended n1

# shellcheck disable=SC2016
fail='case $HOSTNAME in bad*) exit 1; esac'
try on -f 1 -k -w 'n1,bad[1-3],n2' "$fail"
ends '-k: 6' 6
holds 'it is said' grep -qx \
  'muster: a host failed: beginning no more (--fail-fast)' "$tmp/err"
holds 'the rest was not begun' grep -qx 'muster: CANCELLED on 3 hosts: '\
'bad\[2-3\],n2: not begun: too many hosts failed' "$tmp/err"
holds 'nor connected to' sh -c '! grep -E " bad[23] connect" "$1"' - \
  "$tmp/fleet/ledger"
try on -f 1 --max-fail 1 -w 'bad[1-3],n2' "$fail"
ends '--max-fail: 6' 6
holds 'the numbers are named' grep -qx 'muster: 2 of 4 hosts failed, more than'\
' the 1 of --max-fail 1: beginning no more' "$tmp/err"
try on -f 1 --max-fail 75% -w 'bad[1-3],n2' "$fail"
ends 'what is allowed changes nothing' 5
try on -k --max-fail 1 -w n1 true
refuses 'one of them is enough' --max-fail
try on --max-fail few -w n1 true
refuses 'a number is wanted' few

try on -w 'down[001-256]' true
ends '256 hosts that are not reached are not 0' 4
try on -f 256 -w 'fail[001-256]' true
ends '256 hosts that fail are not 0' 5

# shellcheck disable=SC2016
try on --max-output 1K -w 'n[1-2]' \
  'case $HOSTNAME in n1) yes | head -c 5000 ;; *) echo short ;; esac'
ends 'more output than is shown: 3' 3
holds 'it is cut' test "$(grep -c '^n1: y$' "$tmp/out")" = 512
holds 'others are not' grep -qx 'n2: short' "$tmp/out"
holds 'it is said' grep -q 'output was cut at --max-output on 1 host: n1' \
  "$tmp/err"
finish
