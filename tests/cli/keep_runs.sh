#!/bin/sh
# keep_runs.sh -- muster run --keep: each command is a run of its own, that is
# listed, repeated and compared; what stops one, and what it takes to go on.
. "$(dirname "$0")/lib.sh"
with_fleet 'n[1-3]
rude scenario=disconnect'

# kept [ARGUMENT...] -- of the lines of standard input.
kept() {
  status=0
  on --keep "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
  take_rerun
}

kept -w 'n[1-2]' echo words <<'END'
echo same
=n2
+n3
case $HOSTNAME in n3) exit 7;; esac; echo three
END
ends 'three commands' 5
"$muster" runs -j >"$tmp/runs"
holds 'are three runs' test "$(wc -l <"$tmp/runs")" = 3
# run NUMBER -- what the run is called.
run() {
  sed -n "$1s/.*\"run\":\"\([^\"]*\)\".*/\1/p" "$tmp/runs"
}
first=$(run 1) second=$(run 2) third=$(run 3)
try "$muster" runs "$first"
holds 'each is over, with its own exit status' \
  grep -qx 'exit status 0' "$tmp/out"
try "$muster" runs "$third"
holds 'the worst one, too' grep -qx 'exit status 5' "$tmp/out"
holds 'it is about the hosts of then, and no others' sh -c \
  'grep -q " 1/2 ok " "$1" && ! grep -q "n1" "$1"' - "$tmp/out"
try "$muster" replay -b "$second"
is 'a run is replayed' 0 '---------------
n[1-2] (2)
---------------
same' ''
try "$muster" replay "$first"
ends 'that of the words, too' 0
holds 'with what it printed' grep -qx 'n2: words' "$tmp/out"
try "$muster" diff "$first" "$second"
holds 'two of one session are compared' grep -q '^+same' "$tmp/out"
holds 'host by host' grep -q 'n\[1-2\]' "$tmp/out"
try "$muster" rerun --failed "$third"
ends 'what failed is repeated' 5
holds 'there alone' grep -qx 'muster: exit 7 on 1 host: n3' "$tmp/err"
try "$muster" rerun --all "$first"
sort "$tmp/out" >"$tmp/sorted" && mv "$tmp/sorted" "$tmp/out"
is 'with the words it had' 0 'n1: words
n2: words' ''
kept -S -w n1 <<'END'
exit 9
END
ends 'a command that fails' 9
holds 'is repeated by what is said' grep -q \
  "^muster run -F .* -S -w n1 'exit 9'\$" "$tmp/rerun"
holds 'which is so' sh -c \
  'sed "s,^muster,$2," "$1" >"$1.sh"; sh "$1.sh" 2>/dev/null; [ $? = 9 ]' - \
  "$tmp/rerun" "$muster"

"$muster" runs -j >"$tmp/runs"
before=$(wc -l <"$tmp/runs")
kept --no-record -w n1 <<'END'
echo one
END
"$muster" runs -j >"$tmp/runs"
holds '--no-record writes none' test "$(wc -l <"$tmp/runs")" = "$before"
kept -w n1 <<END
echo one
!"$muster" runs last
END
holds 'a run is over before the next line is read' \
  grep -qx 'exit status 0' "$tmp/out"
XDG_STATE_HOME=/dev/null
kept -w n1 <<'END'
echo never
echo never
END
XDG_STATE_HOME=$tmp/state
ends 'what cannot be written down is not run' 2
holds 'and ends a script' test "$(wc -l <"$tmp/err")" = 1
holds 'nothing of it ran' test ! -s "$tmp/out"

# ---- a session that ends ----
before=$(grep -c ' n1 connect ' "$tmp/fleet/ledger")
kept -w 'rude,n1' <<'END'
echo one
echo two
END
ends 'a connection that is lost with a command' 3
holds 'is opened anew for the next, once, which is said' test \
  "$(grep -c '^rude: its session has ended: connecting again$' \
    "$tmp/err")" = 1
holds 'and the other one is the same' test \
  "$(grep -c ' n1 connect ' "$tmp/fleet/ledger")" = "$((before + 1))"
finish
