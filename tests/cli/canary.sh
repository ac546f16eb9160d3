#!/bin/sh
# canary.sh -- secrets are nowhere to be found: not in argv, the environment,
# files, traces or output, nor in a core of the program while it runs.
. "$(dirname "$0")/lib.sh"

secret=canary-$$-geheim
become=canary-$$-become
phrase=canary-$$-phrase
unset DISPLAY WAYLAND_DISPLAY SSH_ASKPASS SSH_ASKPASS_REQUIRE
XDG_STATE_HOME=$tmp/state
export XDG_STATE_HOME
with_fleet "pw auth=password password=$secret
kbd auth=keyboard-interactive password=$secret
key"
mkdir "$tmp/written"
cp "$tmp/fleet/key" "$tmp/locked"
ssh-keygen -q -p -a 4 -P '' -N "$phrase" -f "$tmp/locked" >/dev/null
printf '#!/bin/sh\ncat "%s"\n' "$tmp/fleet/answer" >"$tmp/askpass"
chmod +x "$tmp/askpass"

# hidden FILE... -- none of the secrets is in one of them.
hidden() {
  ! grep -rqaF -e "$secret" -e "$become" -e "$phrase" "$@"
}

# cores: a debugger takes its time; with MUSTER_LONG_TESTS=1 of each.
cores=1
# watch NAME ARGUMENT... -- runs muster in the background on a command that
# stays; looks at it once the host has begun (which the command itself, told in
# the output too, does not say in one word), and ends it.
watch() {
  watched=$1
  shift
  rm -rf "$tmp/written" "$tmp/state"
  mkdir "$tmp/written"
  : >"$tmp/written/out"
  "$muster" run -F "$tmp/fleet/config" -l user \
    --known-hosts "$tmp/fleet/known_hosts" --trace all \
    --trace-file "$tmp/written/trace" -j "$@" 'echo be""gun; exec sleep 60' \
    >"$tmp/written/out" 2>"$tmp/written/err" </dev/null &
  pid=$!
  while ! grep -q begun "$tmp/written/out" && kill -0 "$pid"; do
    sleep 0.02
  done
  status=0
  for part in cmdline environ; do
    tr '\0' '\n' <"/proc/$pid/$part" >"$tmp/written/$part"
  done
  holds "$watched: the command runs" grep -q begun "$tmp/written/out"
  if [ -n "${MUSTER_LONG_TESTS-}" ]; then
    cores=1
  fi
  if [ "$cores" = 0 ]; then
    :
  elif is_sanitized; then # too much memory to look at
    skip "$watched: and no secret in a core" 'sanitizers take too much memory'
  elif command -v gcore >/dev/null &&
    gcore -o "$tmp/written/core" "$pid" >/dev/null 2>&1; then
    holds "$watched: a core has the program's memory" \
      grep -qaF "$tmp/fleet/known_hosts" "$tmp/written/core.$pid"
    holds "$watched: and no secret" hidden "$tmp/written/core.$pid"
    rm "$tmp/written/core.$pid"
  else
    skip "$watched: a core has the program's memory" 'no gcore, or not allowed'
    skip "$watched: and no secret" 'no gcore, or not allowed'
  fi
  holds "$watched: the process dumps no core of itself" \
    grep -qE '^Max core file size +0 +0 ' "/proc/$pid/limits"
  kill -TERM "$pid"
  wait "$pid" || :
  holds "$watched: a trace was written" test -s "$tmp/written/trace"
  holds "$watched: nor in argv, environment, output and trace" \
    hidden "$tmp/written"
  holds "$watched: nor in the record of the run" hidden "$tmp/state"
}

echo "$secret" >"$tmp/fleet/answer"
watch 'a password by descriptor' -i "$tmp/fleet/key" --password-fd 5 -w pw \
  5<"$tmp/fleet/answer"
cores=0
watch 'one for keyboard-interactive' -i "$tmp/fleet/key" --password-fd 5 \
  -w kbd 5<"$tmp/fleet/answer"
SSH_ASKPASS=$tmp/askpass
SSH_ASKPASS_REQUIRE=force
export SSH_ASKPASS SSH_ASKPASS_REQUIRE
watch 'a password by SSH_ASKPASS' -i "$tmp/fleet/key" -A -w pw
watch 'one that the engine asks for' -i "$tmp/fleet/key" --ask -w kbd
echo "$phrase" >"$tmp/fleet/answer"
cores=1
watch 'a passphrase' -i "$tmp/locked" --ask -w key
cores=0
echo "$become" >"$tmp/fleet/answer"
watch "a password for sudo" -i "$tmp/fleet/key" --become-password-fd 5 -w key \
  5<"$tmp/fleet/answer"

finish
