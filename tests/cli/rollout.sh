#!/bin/sh
# rollout.sh -- runs that go through their hosts wave by wave. What began is
# what the hosts' own ledger says.
. "$(dirname "$0")/lib.sh"
unset SSH_ASKPASS SSH_ASKPASS_REQUIRE DISPLAY WAYLAND_DISPLAY
with_fleet 'n[1-8] exec=canned
bad[1-2] exec=canned exit=3
slow[1-4] exec=canned delay=1s
sh[1-5]
down exec=canned down=yes'
ledger=$tmp/fleet/ledger
mark=0

# forget -- what ran so far does not count any more.
forget() {
  mark=$(wc -l <"$ledger")
}

# since -- what the hosts saw meanwhile: time, host, event, text.
since() {
  tail -n +$((mark + 1)) "$ledger"
}

# ran HOSTS... -- these were given a command, in this order, and no others. A
# second one at once is what stops the first.
ran() {
  since | awk '$3 == "exec" && $2 != last { printf "%s ", last = $2 }' \
    >"$tmp/ran"
  [ "$(cat "$tmp/ran")" = "${*:+$* }" ]
}

# rolls NAME STATUS HOSTS... -- the last try ended so, and ran there alone.
rolls() {
  name=$1
  ends "$name: exit $2" "$2"
  shift 2
  holds "$name: ${*:-nothing} ran" ran "$@"
  [ "$good" = 0 ] || sed 's/^/# ran: /' "$tmp/ran"
  forget
}

forget
try on -q --canary bad1 -w 'n[1-8],bad1' true
rolls 'a canary that fails' 6 bad1
holds 'why it stopped is said' grep -q \
  'stopped in wave 1 of 2: 1 of the canary failed; 0 in flight, 8 not begun' \
  "$tmp/err"

# A host that has two names is done once, and is no failure.
sed -n '/^Host n5$/,/^Port/p' "$tmp/fleet/config" >"$tmp/twin"
sed 's/^Host n5$/Host other/' "$tmp/twin" >>"$tmp/fleet/config"
try on -f 1 --serial 1 --max-fail 0 -w n4,n5,other,n6 true
rolls 'a second name of a host' 4 n4 n5 n6
holds 'is skipped, and says so' grep -qx \
  'muster: SKIPPED_DUP on 1 host: other: the same host as n5' "$tmp/err"

try on -q --canary 25% --order reverse -f 1 -w 'n[1-4]' true
rolls 'a canary that is well' 0 n4 n3 n2 n1
try on -q --serial 1 --max-fail 1 -w n1,bad1,n2,bad2,n3 true
rolls 'failures add up over the waves' 6 n1 bad1 n2 bad2
try on -q --retries 0 --serial 1 --max-fail 0 -w down,n1 true
rolls 'what is not reached counts' 6
try on -q -f 1 --serial 2 --max-fail 2 -w 'bad[1-2],n[1-2]' true
rolls 'a wave may fail whole within the budget' 5 bad1 bad2 n1 n2
# The first of five to see that all are at work fails.
all_begun="echo >>$tmp/begun; until test \$(wc -l <$tmp/begun) = 5
  do sleep 0.1; done; mkdir $tmp/first 2>/dev/null || exit 0
  exit 3"
try on -q --serial 5 -w 'sh[1-5],n[1-4]' "$all_begun"
ends 'those in flight when it stops go on' 6
holds 'to their end' test "$(since | grep -c '^[0-9]* sh. exit')" = 5
holds 'and no others begin' sh -c \
  '! tail -n +$(($1 + 1)) "$2" | grep -q " n. exec "' - "$mark" "$ledger"
forget
try on -q --max-unavailable 1 -w 'n[1-3]' true
ends 'one at a time by --max-unavailable' 0
holds 'the others wait' test "$(since |
  awk '$3 == "exec" || $3 == "exit" { printf "%s", $3 }')" = \
  execexitexecexitexecexit
forget
try on -q -f 1 --spread '[a-z]+' -w 'n[1-3],bad1,slow1' true
rolls 'groups take turns' 5 n1 bad1 slow1 n2 n3
try on -q --ramp -f 1 -w 'n[1-4]' true
ends 'a ramp' 0
forget

try on -q --serial 1 --soak 300ms -w 'n[1-2]' true
ends 'a soak' 0
holds 'is waited for' test "$(since | awk '
  $3 == "exit" && first == 0 { first = $1 }
  $3 == "exec" { last = $1 } END { print (last - first >= 300000) }')" = 1
forget
try on -q --serial 1 --gate 300ms -w 'n[1-2]' true
rolls 'a gate that opens by itself' 0 n1 n2
forget
try on -j --serial 1,2 --canary 1 -w 'n1,bad1,n2,n3' true
ends 'a rollout as JSON' 6
holds 'tells its waves, and why it stopped' test "$(
  sed -n '/"event":"gate"/s/.*"phase":"\([a-z]*\)","wave":\([0-9]*\).*/\1 \2/
    t print
    b
    : print
    p' "$tmp/out" | uniq | tr '\n' ,)" = 'ready 1,running 1,running 2,over 2,'
if can_validate; then
  holds 'as the schema says' validate "$tmp/out"
else
  skip 'as the schema says' 'no python3-jsonschema'
fi
forget
try on -q --serial 1 --progress-deadline 500ms -w slow1,n1 true
rolls 'no progress' 6 slow1
holds 'is said' grep -q 'no host has succeeded for 0.5 s' "$tmp/err"

# shellcheck disable=SC2016
try on -q --serial 1 --wave-check 'echo "$MUSTER_WAVE $MUSTER_OK" >>'"$tmp/w" \
  -w 'n[1-2]' true
rolls 'a check that succeeds' 0 n1 n2
holds 'it ran after each wave' test "$(tr '\n' ' ' <"$tmp/w")" = '1 1 2 2 '
try on -q --serial 1 --check-deadline 200ms --wave-check false -w 'n[1-2]' true
rolls 'a check that fails' 6 n1
try on -q --serial 1 --check-deadline 200ms --wave-check \
  "echo \$\$ >$tmp/check; sleep 600; :" -w 'n[1-2]' true
rolls 'a check that hangs' 6 n1
holds 'is killed' sh -c '! kill -0 "$(cat "$1")" 2>/dev/null' - "$tmp/check"

for wrong in '--serial few' '--serial 1,' '--canary 0' '--canary n9' \
  '--gate maybe' '--max-unavailable x' '--order up' '--spread (' \
  '--ramp --serial 1' '--lock a/b' '--lock .x'; do
  # shellcheck disable=SC2086
  try on --no-record $wrong -w 'n[1-2]' true
  ends "$wrong is refused" 2
  holds "$wrong: in one line" test "$(wc -l <"$tmp/err")" = 1
done

try setsid "$muster" -F none --no-record --gate ask -w 127.0.0.1 true
refuses 'a gate that asks needs a terminal' "--gate ask"
try setsid "$muster" -F none --no-record --confirm -w 127.0.0.1 true
refuses 'and so does --confirm' "--confirm"
holds 'nothing of all that was contacted' test -z "$(since)"

try on --dry-run --canary 1 --serial 2,50% --wave-check true --gate ask \
  -w 'n[1-8]' echo hi
is 'a dry run tells the plan' 0 '8 hosts, at most 8 at once, stopped by more '\
'than 0 that fail
wave 1 (canary): 1 host: n1
wave 2: 2 hosts: n[2-3]
wave 3: 4 hosts: n[4-7]
wave 4: 1 host: n8
check after each wave: true
gate: ask
command: echo hi' ''
holds 'and contacts nobody' test -z "$(since)"

# asked 'OPTIONS' QUESTION KEYS... -- a rollout with them, as typed has it.
asked() {
  given=$1
  shift
  typed "$muster run -q -F $tmp/fleet/config -l user -i $tmp/fleet/key \
    --known-hosts $tmp/fleet/known_hosts $given true" "$@"
}

asked '--serial 1 --gate ask -w n[1-3]' 'Begin wave 2' 'y\n' \
  'Begin wave 3' 'what\n' 'n stops' 'n\n'
rolls 'a gate with a person' 6 n1 n2
try "$muster" runs last
holds 'what was decided is written down' sh -c \
  'grep -q "s  promoted by .*uid" "$1" && grep -q "s  stopped by .*uid" "$1"' \
  - "$tmp/out"
asked '--confirm -w n[1-2]' 'number of hosts' '3\n'
rolls 'a number that is wrong' 6
asked '--confirm -w n[1-2]' 'number of hosts' '2\n'
ends 'and one that is right' 0
forget

# Two runs, one lock.
wait_for_go="until test -e $tmp/go; do sleep 0.1; done"
on_exec -q --lock deploy -w sh1 "$wait_for_go" &
pid=$!
until since | grep -q ' sh1 exec '; do sleep 0.02; done
forget
try on -q --lock deploy -w n1 true
rolls 'a lock that another run holds' 6
holds 'whose it is, is said' \
  grep -q "another run holds the lock 'deploy': process $pid, run " "$tmp/err"
touch "$tmp/go"
wait "$pid"
try on -q --lock deploy -w n1 true
rolls 'and that it has let go' 0 n1

# Killed while one of five is at work, nobody knows which.
rm "$tmp/go"
on_exec -q --serial 1 --order random -w 'sh[1-5]' "$wait_for_go" \
  >"$tmp/out" 2>"$tmp/err" &
pid=$!
until since | grep -q ' sh. exec '; do sleep 0.02; done
kill -KILL "$pid"
wait "$pid" 2>/dev/null || :
touch "$tmp/go"
killed=$("$muster" runs -j | sed -n 's/.*"run":"\([^"]*\)".*/\1/p' | tail -1)
"$muster" rerun --dry-run --max-fail 1 "$killed" |
  sed -n 's/^wave.*host: //p' >"$tmp/left"
since | awk '$3 == "exec" { print $2 }' >"$tmp/began"
holds 'what has not begun is left to do' test "$(
  cat "$tmp/left" "$tmp/began" | sort | tr '\n' ' ')" = 'sh1 sh2 sh3 sh4 sh5 '
try "$muster" rerun -q "$killed"
rolls 'the one whose end nobody knows counts' 6 "$(cat "$tmp/began")"
try "$muster" rerun -q --max-fail 1 "$killed"
ends 'it goes on when that is allowed' 0
holds 'with those left, in the order they had' test "$(since |
  awk '$3 == "exec" { print $2 }')" = "$(cat "$tmp/left")"
forget

# Stopped while the second of three is at work.
rm "$tmp/go"
on_exec -q --serial 1 -w n1,sh1,n2 "$wait_for_go" \
  >"$tmp/out" 2>"$tmp/err" &
pid=$!
until since | grep -q ' sh1 exec '; do sleep 0.02; done
kill -TERM "$pid"
status=0
wait "$pid" || status=$?
rolls 'a rollout that is stopped by a signal' 143 n1 sh1
touch "$tmp/go"
try "$muster" rerun -q --max-fail 1 last
rolls 'goes on where it was' 0 n2
finish
