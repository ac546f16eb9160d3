#!/bin/sh
# past.sh -- runs that are over: their exit status, replayed, exported,
# compared, and gone on with.
. "$(dirname "$0")/lib.sh"
with_fleet 'n[1-3] exec=canned stdout="hello\n"
two exec=canned stdout="one\ntwo\n" lines=2 every=300ms
loud exec=canned stderr="oh\n" stdout="bytes \xff\n" exit=3
bad exec=canned exit=3
cut exec=canned delay=60s
down exec=canned down=yes
sh[1-3]'
ledger=$tmp/fleet/ledger

# ends_as STATUS ARGUMENT... -- a run, and what is remembered of it.
ends_as() {
  want=$1
  shift
  try on -q --retries 0 "$@"
  ends "a run that ends with $want" "$want"
  try "$muster" runs last
  holds 'that is written down' grep -qx "exit status $want" "$tmp/out"
}
ends_as 0 -w n1 true
ends_as 3 -u 300ms -w cut true
ends_as 4 -w n1,down true
ends_as 5 -w n1,bad true
ends_as 6 --serial 1 -w bad,n1 true
was=$(grep -c ' cut exec ' "$ledger")
on_exec -q -w cut true 2>/dev/null &
pid=$!
until [ "$(grep -c ' cut exec ' "$ledger")" -gt "$was" ]; do sleep 0.02; done
kill -TERM "$pid"
wait "$pid" || :
try "$muster" runs last
holds 'a run that is stopped: 143' grep -qx 'exit status 143' "$tmp/out"
was=$(grep -c ' cut exec ' "$ledger")
on_exec -q -w cut,bad true 2>/dev/null &
pid=$!
until [ "$(grep -c ' cut exec ' "$ledger")" -gt "$was" ]; do sleep 0.02; done
kill -KILL "$pid"
wait "$pid" 2>/dev/null || :
try "$muster" runs last
holds 'of one that was killed, how it stands' \
  grep -qx 'exit status 3, as far as it came' "$tmp/out"

# What is shown of a run again is what was shown of it.
on -w 'n[1-3],loud' true >"$tmp/first" 2>"$tmp/first.err"
try "$muster" replay last
ends 'a replay' 0
holds 'prints what the run printed' sh -c \
  'sort "$1" >"$1.s" && sort "$2" | cmp -s - "$1.s"' - "$tmp/first" "$tmp/out"
holds 'and how it ended' sh -c \
  'grep -v rerun: "$1" | sort >"$1.s" && sort "$2" | cmp -s - "$1.s"' - \
  "$tmp/first.err" "$tmp/err"
on -b -w 'n[1-3],loud' true >"$tmp/first" 2>/dev/null
try "$muster" replay -b last
holds 'in another form, too' cmp -s "$tmp/first" "$tmp/out"

try on -w two true
begun=$(date +%s%N)
try "$muster" replay last
took=$((($(date +%s%N) - begun) / 1000000))
holds 'it takes the time that it took' test "$took" -ge 300
try "$muster" replay --speed max last
holds 'or none' test "$(wc -l <"$tmp/out")" = 4
try "$muster" replay --speed fast last
refuses 'a speed that is none' "'fast'"
try "$muster" replay
refuses 'which run?' 'which run'
try "$muster" replay nosuch
refuses 'a run nobody knows' "'nosuch'"

on -j -w 'n[1-3],loud,down' true >"$tmp/first" 2>/dev/null
try "$muster" export last
ends 'an export' 0
for event in plan out exit summary; do
  holds "has as many events '$event' as -j" test \
    "$(grep -c "\"event\":\"$event\"" "$tmp/first")" = \
    "$(grep -c "\"event\":\"$event\"" "$tmp/out")"
done
# What every event says but for its time.
plain() {
  grep '"event":"out"' "$1" | sed 's/"t":[^,]*,//' | sort
}
plain "$tmp/first" >"$tmp/first.out"
plain "$tmp/out" >"$tmp/second.out"
holds 'and the same output' cmp -s "$tmp/first.out" "$tmp/second.out"
holds 'and the exit status' grep -q '"event":"summary".*"exitcode":4' \
  "$tmp/out"
try "$muster" export -o "$tmp/dir" --errdir "$tmp/errors" last
ends 'to files' 0
holds 'they have what hosts printed' sh -c \
  '[ "$(cat "$1/n1")" = hello ] && [ "$(cat "$2/loud")" = oh ] &&
  printf "bytes \377\n" | cmp -s - "$1/loud"' - "$tmp/dir" "$tmp/errors"

# Two runs.
echo 'echo a; echo b' >"$tmp/script"
try on -q --script "$tmp/script" -w 'sh[1-3],n1'
a=$("$muster" runs | tail -1 | cut -d' ' -f1)
echo 'echo a; [ "$(basename "$HOME")" != sh3 ] || exit 4; echo c' >"$tmp/script"
try on -q --script "$tmp/script" -w 'sh[1-3],bad'
try "$muster" diff "$a" last
ends 'two runs that differ' 5
holds 'hosts that differ alike are told once' test "$(cat "$tmp/out")" = \
  'sh[1-2] (2): output
@@ -1,2 +1,2 @@
 a
-b
+c
sh3 (1): exit 0 -> exit 4
@@ -1,2 +1 @@
 a
-b
n1 (1): only in the first run
bad (1): only in the second run'
try "$muster" diff last last
is 'two that do not' 0 'bad,sh[1-3] (4): same' ''
try "$muster" diff last
refuses 'it takes two' 'which two'

# Gone on with, twice: nothing is run again.
mark=$(wc -l <"$ledger")
ran() {
  [ "$(tail -n +$((mark + 1)) "$ledger" |
    awk '$3 == "exec" { printf "%s ", $2 }')" = "${*:+$* }" ]
}
try on -q --serial 1 -w 'n1,bad,n2,n3' true
first=$("$muster" runs | tail -1 | cut -d' ' -f1)
try "$muster" rerun -q --max-fail 1 "$first"
ends 'a run that is gone on with' 0
holds 'ran what was left' ran n1 bad n2 n3
try "$muster" rerun -q --max-fail 1 "$first"
ends 'has nothing left for a second time' 2
try "$muster" rerun -q --max-fail 1 last
ends 'by any of its names' 2
holds 'and nothing ran' ran n1 bad n2 n3
try "$muster" rerun -q --failed --max-fail 1 last
ends 'what failed is known of all of it' 5
holds 'and ran there alone' ran n1 bad n2 n3 bad

# One at a time.
try on -q --retries 0 -w sh2,down true
was=$(grep -c ' sh2 exec ' "$ledger")
"$muster" rerun -q --all last "until test -e $tmp/go; do sleep 0.1; done" \
  2>/dev/null &
pid=$!
until [ "$(grep -c ' sh2 exec ' "$ledger")" -gt "$was" ]; do sleep 0.02; done
again=$("$muster" runs | tail -2 | head -1 | cut -d' ' -f1)
try "$muster" rerun -q "$again"
ends 'two at a time do not repeat a run' 1
holds 'the other is named' grep -q "'rerun-$again': process $pid" "$tmp/err"
touch "$tmp/go"
wait "$pid" || :
finish
