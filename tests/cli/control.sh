#!/bin/sh
# control.sh -- signals and keys; with real sshds.
#
# The hosts are this machine, so a remote command can send the signals: it
# finds the program's number in $tmp/pid, and nothing here has to guess when
# a command runs.
. "$(dirname "$0")/lib.sh"
with_sshds 3 "$0"

# As run, with the program's number in $tmp/pid. timeout makes a process group
# that is not orphaned: the kernel does not let SIGTSTP stop one that is, such
# as that of a 'make check' whose shell has gone.
# shellcheck disable=SC2317 # called by try
known() {
  # shellcheck disable=SC2016
  timeout 60 \
    sh -c 'echo $$ >"$1" && shift && exec "$@"' - "$tmp/pid" "$muster" run \
    -p "$SSHD_PORT" -l "$SSHD_USER" -i "$SSHD_DIR/user_ed25519" \
    --known-hosts "$SSHD_DIR/known_hosts" "$@"
}

# The same on a terminal, with keys from standard input.
# shellcheck disable=SC2317
on_terminal() {
  cat >"$tmp/go" <<END
known() {
  echo \$\$ >'$tmp/pid'
  exec '$muster' run -p $SSHD_PORT -l $SSHD_USER \\
    -i '$SSHD_DIR/user_ed25519' --known-hosts '$SSHD_DIR/known_hosts' "\$@"
}
known $*
END
  : >"$tmp/screen"
  script -qefc "sh '$tmp/go'" "$tmp/screen"
}

kill_it="kill -\$signal \$(cat $tmp/pid)"
see="until grep -q"

# is_ignored NUMBER -- whether who started us wants a signal ignored, as
# nohup(1) and shells without job control do.
is_ignored() {
  mask=$(sed -n 's/^SigIgn:[[:space:]]*//p' /proc/self/status 2>/dev/null)
  [ $((0x${mask:-0} >> ($1 - 1) & 1)) = 1 ]
}

for case in 'TERM 143' 'INT 130' 'HUP 129'; do
  signal=${case% *}
  case $signal in HUP) number=1 ;; INT) number=2 ;; *) number=15 ;; esac
  if is_ignored "$number"; then
    skip "SIG$signal stops the run" 'the signal is ignored from the start'
    continue
  fi
  try known -w "$one" "echo begun; signal=$signal; $kill_it; sleep 60"
  ends "SIG$signal stops the run: ${case#* }" "${case#* }"
  holds 'what was written is there' grep -qx "$one: begun" "$tmp/out"
  holds 'the host is named as stopped' \
    grep -q "^muster: KILLED_LOCAL on 1 host: $one" "$tmp/err"
done

try known -f 1 -w "$hosts" "signal=TERM; $kill_it; sleep 60"
ends 'SIGTERM stops hosts that wait, too' 143
holds 'they are named as not run' \
  grep -q '^muster: CANCELLED on 2 hosts: ' "$tmp/err"

try known -w "$one" \
  "trap 'echo stopped >$tmp/trap; exit 0' TERM; signal=TERM; $kill_it
   while :; do sleep 0.1; done"
holds 'the command gets the signal TERM' grep -q stopped "$tmp/trap"
holds 'and is seen to have ended' \
  grep -q "^muster: KILLED_LOCAL .*: stopped on request; it ended" "$tmp/err"

try known -w "$one" "signal=USR1; $kill_it; echo done"
ends 'SIGUSR1 does not disturb' 0
holds 'it tells how far the run is' \
  grep -q "^muster: 0 of 1 done, 1 at work: $one" "$tmp/err"

# Whether SIGTSTP stops anything here: not in an orphaned process group.
can_stop() {
  sleep 60 &
  probe=$!
  tries=0
  kill -TSTP "$probe"
  while [ "$tries" -lt 20 ] && ! grep -q '^State:.T' "/proc/$probe/status"; do
    tries=$((tries + 1))
    sleep 0.05
  done
  kill -KILL "$probe"
  wait "$probe" || :
  [ "$tries" -lt 20 ]
}

stopped="grep -q '^State:.T' /proc/\$(cat $tmp/pid)/status"
if ! can_stop 2>/dev/null; then
  skip 'SIGTSTP stops the program' 'no job control in this process group'
else
  try known -w "$one" "signal=TSTP; $kill_it
    until $stopped; do sleep 0.1; done; signal=CONT; $kill_it; echo on"
  is 'SIGTSTP stops the program, SIGCONT continues it' 0 "$one: on" ''
fi

if ! command -v script >/dev/null || is_ignored 2 || is_ignored 20; then
  finish
fi

try on_terminal -w "$one" \
  "'signal=INT; $kill_it; $see again $tmp/screen; do sleep 0.1; done
    $kill_it; sleep 60'"
ends 'on a terminal the second ^C stops the run: 130' 130
holds 'the first says who is at work' grep -q "1 at work: $one; ^C again" \
  "$tmp/screen"

try on_terminal -w "$one" \
  "'signal=INT; $kill_it; $see again $tmp/screen; do sleep 0.1; done
    signal=TSTP; $kill_it; $see beginning.no.more $tmp/screen
    do sleep 0.1; done; echo ended'"
ends '^C and ^Z when all have begun change nothing' 0

try on_terminal -f 1 -w "$hosts" \
  "'signal=INT; $kill_it; $see again $tmp/screen; do sleep 0.1; done
    signal=TSTP; $kill_it; $see beginning.no.more $tmp/screen
    do sleep 0.1; done; echo ended'"
ends '^C and ^Z: begin no more: 6' 6
holds 'what runs may end' grep -q ': ended' "$tmp/screen"
holds 'the others were not begun' grep -q '^muster: CANCELLED on 2 hosts' \
  "$tmp/screen"

# shellcheck disable=SC2317
with_enter() {
  echo | on_terminal "$@"
}
status=0
with_enter -w "$one" "'$see at.work $tmp/screen; do sleep 0.1; done'" \
  >"$tmp/out" 2>"$tmp/err" || status=$?
ends 'ENTER does not disturb' 0
holds 'it tells how far the run is' \
  grep -q "^muster: 0 of 1 done, .* at work" "$tmp/screen"

try on_terminal -w "$one" "'printf \"\\033]0;pwned\\007a\\033[2Jb\\n\"'"
ends 'hostile output on a terminal' 0
if grep -q "$(printf '\033\\]0')\|$(printf '\033\\[2J')" "$tmp/screen"; then
  status=1
fi
ends 'control sequences of hosts stay away from the terminal' 0

finish
