#!/bin/sh
# runs.sh -- runs that are written down: muster runs.
. "$(dirname "$0")/lib.sh"
with_fleet 'good[1-2] exec=canned stdout="hello\n"
bad exec=canned exit=3
long exec=canned delay=60s
down exec=canned down=yes
'
runs=$XDG_STATE_HOME/muster/runs

try "$muster" runs
refuses 'before the first run there is nothing to list' 'no runs yet'
try on -q --retries 0 -w good[1-2],bad,down 'echo "a b"'
ends 'a recorded run ends as any does' 4
holds 'its folder is for its owner alone' sh -c \
  '[ "$(stat -c %a "$1" "$1"/* "$1"/*/journal | tr "\n" " ")" = \
  "700 700 600 " ]' - "$runs"
try "$muster" runs
holds 'it is listed with what became of it' \
  grep -q '^[0-9A-Z]*  20.*Z  ended       2/4 ok  echo "a b"$' "$tmp/out"
id=$(ls "$runs")
try "$muster" runs last
holds 'its hosts are told by how they ended' sh -c \
  'grep -q "exit.* 3.*bad" "$1" && grep -q "down" "$1"' - "$tmp/out"
try "$muster" runs -j "$id"
holds 'as JSON too, a host a line' sh -c \
  '[ "$(grep -c "\"run\":\"$2\"" "$1")" = 4 ] &&
  grep -q "\"host\":\"bad\",\"ok\":false,\"reason\":\"EXIT\",\"rc\":3" "$1"' \
  - "$tmp/out" "$id"
try "$muster" runs nosuch
refuses 'a run nobody knows is named' "'nosuch'"
try "$muster" runs "$id" again
refuses 'one run at a time' "'again'"

# Killed while one host is at work: that one may have run, bad did.
"$muster" run -F "$tmp/fleet/config" -l user -i "$tmp/fleet/key" \
  --known-hosts "$tmp/fleet/known_hosts" -q -w bad,long true \
  </dev/null >"$tmp/out" 2>"$tmp/err" &
pid=$!
for _ in $(seq 200); do
  journal=$(find "$runs" -name journal ! -path "*$id*")
  [ -n "$journal" ] && grep -q '"type":"end"' "$journal" &&
    [ "$(grep -c '"type":"start"' "$journal")" = 2 ] && break
  sleep 0.05
done
try "$muster" runs
holds 'a run that goes on is listed as running' \
  grep -q ' running     0/2 ok  true$' "$tmp/out"
kill -KILL "$pid"
wait "$pid" 2>/dev/null || :
try "$muster" runs -j last
holds 'after a kill the end of one is known' \
  grep -q '"host":"bad","ok":false,"reason":"EXIT","rc":3' "$tmp/out"
holds 'and that of the other is not' \
  grep -q '"host":"long","ok":false,"reason":"LOST"' "$tmp/out"
try "$muster" runs
holds 'the run is listed as broken off' grep -q 'broken-off  0/2 ok' "$tmp/out"

# A journal that was tampered with.
sed -i 's/"code":3/"code":0/' "$runs/$id/journal"
try "$muster" runs "$id"
holds 'a changed journal is noticed' grep -q 'is damaged: journal' "$tmp/err"

try on --no-record -w good1 true
ends 'a run that is not to be written down' 0
holds 'leaves nothing' test "$(ls "$runs" | wc -l)" = 2
try env -u XDG_STATE_HOME -u HOME "$muster" -w good1 true
is 'without a place for runs nothing is run' 1 '' \
  "muster: no place to keep runs: \
neither XDG_STATE_HOME nor HOME is set to an absolute path; \
--no-record does without"
chmod 777 "$runs"
try on -q -w good1 true
ends 'a folder that others may write is refused' 2
holds 'and named' grep -q "'$runs' may be written by others" "$tmp/err"
finish
