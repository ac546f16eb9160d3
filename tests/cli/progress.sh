#!/bin/sh
# progress.sh -- how far a run is, on a terminal's standard error.
. "$(dirname "$0")/lib.sh"
command -v script >/dev/null || skip_all 'no script(1)'
with_fleet 'web[1-4] exec=canned stdout="alpha\n" stderr="warn\n"
slow exec=canned linger=2500ms
bad exec=canned exit=3'

# on_terminal ARGUMENT... -- runs with a terminal as standard error; what it
# shows is in $tmp/err, standard output in $tmp/out.
on_terminal() {
  cat >"$tmp/command" <<END
stty cols 80
exec "$muster" run -n -F "$tmp/fleet/config" -l user -i "$tmp/fleet/key" \
  --known-hosts "$tmp/fleet/known_hosts" $* >"$tmp/output"
END
  try script -qec "sh $tmp/command" /dev/null
  mv "$tmp/out" "$tmp/err"
  cp "$tmp/output" "$tmp/out"
}

# draws -- how often the line was drawn.
draws() {
  tr '\r' '\n' <"$tmp/err" | grep -c '^.\[K[0-9]*/[0-9]* done'
}

begun=$(date +%s)
on_terminal -w 'web[1-4],bad,slow' true
ends 'the exit code is that of any run' 5
holds 'it is drawn unasked when the output goes elsewhere' \
  test "$(draws)" -ge 2
holds 'and not more than four times a second' \
  test "$(draws)" -le $((4 * ($(date +%s) - begun + 1)))
holds 'it counts hosts' grep -q '5/6 done, 1 running, 1 failed' "$tmp/err"
holds 'it has a rate and an end' grep -qE '[0-9.]+/s, ETA 0:0[0-9]' "$tmp/err"
holds 'it is gone before a line that is to stay' sh -c \
  'tr "\r" "\n" <"$1" | sed "s/^.\[K//" | grep -qx "web1: warn"' - "$tmp/err"
holds 'nothing of it is left at the end' sh -c \
  'tail -2 "$1" | head -1 | grep -q "^muster: 6 hosts: 5 ok, 1 failed" &&
  tail -1 "$1" | grep -q "^muster: rerun: "' - "$tmp/err"
holds 'nothing of it is in the output' sh -c \
  '[ "$(sort "$1" | tr "\n" " ")" = \
  "web1: alpha web2: alpha web3: alpha web4: alpha " ]' - "$tmp/out"
on_terminal -q -w slow true
holds '-q is quiet' test ! -s "$tmp/err"
on_terminal -qP -w slow true
holds '-P is not' test "$(draws)" -ge 2

try on -w slow true
is 'no terminal, no progress' 0 '' ''
try on -P -w slow true
is '-P elsewhere begins with the first line after five seconds' 0 '' ''
finish
