#!/bin/sh
# slow.sh -- a reader of the output that is slow, or reads nothing at all: other
# hosts, times and signals do not wait for it; on simulated hosts.
. "$(dirname "$0")/lib.sh"
with_fleet 'loud
quiet
n[1-2]'
homes=$tmp/fleet/homes
mkfifo "$tmp/pipe"

# await COMMAND... -- until it succeeds, for a minute at most.
await() {
  tries=0
  until "$@" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || return 1
    sleep 0.1
  done
}
# begin ARGUMENT... -- a run whose output nobody reads yet; $job is its number.
begin() {
  rm -f "$homes/quiet/pid"
  exec 6<>"$tmp/pipe"
  (on_exec "$@") >"$tmp/pipe" 2>"$tmp/err" 6<&- &
  job=$!
}
# end -- how it ended.
end() {
  status=0
  wait "$job" || status=$?
  exec 6<&-
  : >"$tmp/out"
  take_rerun
}
# quiet_ended -- what ran on that host is not there any more.
quiet_ended() {
  test -s "$homes/quiet/pid" &&
    ! kill -0 "$(cat "$homes/quiet/pid")" 2>/dev/null
}
megabytes() {
  sed -n 's/^VmHWM:[^0-9]*\([0-9]*\)[0-9][0-9][0-9] kB/\1/p' \
    "/proc/$job/status"
}

line=$(printf '%0500d' 0)
# shellcheck disable=SC2016 # the remote shell expands it
what='case $HOSTNAME in
quiet) echo $$ >pid; exec sleep 60 ;;
loud) for i in 1 2 3 4 5; do printf %0100d 0; done >line; echo >>line
  yes "$(cat line)" | head -n 100000; echo end ;;
esac'

begin --idle-timeout 3 -w 'loud,quiet' "$what"
holds 'a reader that sleeps: another host has its time all the same' \
  await quiet_ended
if is_sanitized || [ ! -r "/proc/$job/status" ]; then
  skip 'its output waits there, not here' 'memory cannot be measured'
else
  echo "# $(megabytes) MB"
  holds 'its output waits there, not here' test "$(megabytes)" -lt 48
fi
cat <"$tmp/pipe" 6<&- >"$tmp/read" &
reader=$!
exec 6<&-
end
ends 'the run ends when it is read' 3
wait "$reader"
holds 'nothing was lost' test \
  "$(sort "$tmp/read" | uniq -c | sed 's/^ *//' | cut -c1-40)" = \
  "$(echo "100000 loud: $line" | cut -c1-40)
1 loud: end"

begin -w 'loud,quiet' "$what"
await test -s "$homes/quiet/pid"
slowly() {
  while [ ! -e "$tmp/over" ]; do
    dd bs=1024 count=1 of=/dev/null 2>/dev/null
    sleep 0.5
  done
}
slowly <"$tmp/pipe" 6<&- &
reader=$!
kill -TERM "$job"
end
ends 'a reader of 2 KB/s: a signal ends the run' 143
holds 'what ran has ended' quiet_ended
holds 'the report is there' grep -q \
  '^muster: KILLED_LOCAL on [12] hosts\{0,1\}: ' "$tmp/err"
: >"$tmp/over"
wait "$reader"

modes=
[ -z "${MUSTER_LONG_TESTS-}" ] || modes='-L -j -b -B --diff --similar --table'
for mode in '' $modes; do
  # shellcheck disable=SC2086 # nothing, or one word
  begin $mode --deadline 2 -w 'loud,quiet' "$what"
  end
  ends "a reader that sleeps: --deadline holds${mode:+, with $mode}" 6
  holds 'it is said' grep -q \
    '^muster: the time for the whole run, 2 s, is over: stopping' "$tmp/err"
  holds 'what ran has ended' quiet_ended
  case $mode in
  --table) ;;
  *) holds 'what was not read is told' grep -q \
    '^muster: the output is cut: it was not read in time' \
    "$tmp/err" ;;
  esac
done
finish
