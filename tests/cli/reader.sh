#!/bin/sh
# reader.sh -- output that is closed, full or read slowly; with real sshds.
# shellcheck disable=SC2317 # functions are called by try
. "$(dirname "$0")/lib.sh"
with_sshds 3 "$0"

# As in lib.sh, but what hangs fails.
run() {
  timeout 60 "$muster" run -p "$SSHD_PORT" -l "$SSHD_USER" \
    -i "$SSHD_DIR/user_ed25519" --known-hosts "$SSHD_DIR/known_hosts" "$@"
}

# A run whose reader takes one line and leaves.
piped() {
  { rc=0 && run "$@" || rc=$? && echo "$rc" >"$tmp/rc"; } | head -1
  return "$(cat "$tmp/rc")"
}
try piped -N -w "$hosts" -f 1 seq 300000
is 'a reader that leaves: no more hosts, 141' 141 1 "$(cat "$tmp/err")"
# None says a word before all of them run.
try piped -N -w "$hosts" ": >'$tmp/up.'\$\$
  until [ \$(ls '$tmp' | grep -c '^up') = 3 ]; do sleep 0.1; done; yes"
is 'endless commands end when their reader leaves' 141 y "$(cat "$tmp/err")"
holds 'they are named as stopped' \
  grep -q '^muster: KILLED_LOCAL on 3 hosts' "$tmp/err"
try piped -j -w "$one" 'yes >&2'
ends 'so do those whose standard error went there' 141
both_piped() {
  { rc=0 && run "$@" 2>&1 || rc=$? && echo "$rc" >"$tmp/rc"; } | head -1
  return "$(cat "$tmp/rc")"
}
try both_piped -N -w "$one" 'yes >&2'
ends 'and those of which both streams did' 141

# Whatever the form, when nobody is there: nothing is written before.
none_there() {
  rm -f "$tmp/left"
  { rc=0 && run "$@" || rc=$? && echo "$rc" >"$tmp/rc"; } | {
    exec <&-
    : >"$tmp/left"
  }
  return "$(cat "$tmp/rc")"
}
# shellcheck disable=SC2086 # options may have arguments
for form in -N -L -b -B '-b -L' --diff --similar -j --table --tsv \
  "--outdir $tmp/outputs" "--junit $tmp/junit"; do
  try none_there $form -w "$hosts" "until [ -e '$tmp/left' ]; do sleep 0.1; done
    printf '%s\n' \$\$"
  ends "no reader at all, with $form: 141" 141
done
try none_there -q -w "$hosts" "until [ -e '$tmp/left' ]; do sleep 0.1; done
  echo 1"
is 'no reader at all, with -q, which writes nothing' 0 '' ''

rm -f "$tmp/left"

wait="echo 1; until [ -e '$tmp/left' ]; do sleep 0.1; done"
leaves() {
  { rc=0 && run "$@" || rc=$? && echo "$rc" >"$tmp/rc"; } | {
    head -1
    : >"$tmp/left"
  }
  return "$(cat "$tmp/rc")"
}
try leaves --on-epipe drain -N -w "$one" \
  "$wait; seq 100000; echo end >'$tmp/ended'"
is '--on-epipe=drain lets them end: 141' 141 1 ''
holds 'it did' test -e "$tmp/ended"
rm -f "$tmp/left" "$tmp/ended"
try leaves --on-epipe continue -f 1 -N -w "$hosts" \
  "$wait; seq 100000; echo x >>'$tmp/ended'"
is '--on-epipe=continue goes on with all hosts: 0' 0 1 ''
holds 'all of them' test "$(wc -l <"$tmp/ended")" = 3
try run --on-epipe wait -w "$one" true
refuses 'another word is refused' "'stop', 'drain' or 'continue', not 'wait'"

to_full() {
  run "$@" >/dev/full
}
to_closed() {
  run "$@" >&-
}
err_closed() {
  run "$@" 2>&-
}
all_closed() {
  run "$@" <&- >&- 2>&-
}
if [ -e /dev/full ]; then
  try to_full -w "$one" echo hello
  is 'a full disk: 3' 3 '' \
    "muster: cannot write output: No space left on device
muster: TRUNCATED (output could not be written here) on 1 host: $one"
  try to_full -N -w "$hosts" yes
  ends 'endless commands end when the disk is full: 3' 3
fi
try to_closed -w "$one" echo hello
is 'a closed standard output: 1' 1 '' \
  "muster: cannot write output: Bad file descriptor
muster: TRUNCATED (output could not be written here) on 1 host: $one"
try err_closed -w "$one" 'echo hello; echo oops >&2; exit 3'
is 'a closed standard error is as wanted: the exit status holds' 5 \
  "$one: hello" ''
try all_closed -w "$one" 'echo hello; sleep 0.1; exit 3'
ends 'nothing at all to write to: 1' 1
try run -q -w "$one" "exit 3" <&-
ends 'a closed standard input does not matter' 5
finish
