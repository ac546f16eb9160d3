#!/bin/sh
# keep.sh -- many commands on the same open sessions: muster run --keep.
. "$(dirname "$0")/lib.sh"
terminal=$(command -v script) # not the function below
with_fleet 'n[1-4]'

# script NAME STATUS OUT ERR [ARGUMENT...] -- of the lines of standard input.
script() {
  name=$1 want=$2 out=$3 err=$4
  shift 4
  status=0
  on --keep "$@" >"$tmp/out" 2>"$tmp/err" || status=$?
  take_rerun
  is "$name" "$want" "$out" "$err"
}

script 'each line is a command, on sessions that stay open' 0 'n1: zero
n1: one two
n1: 3' '' -w n1 echo zero <<'END'
echo one   two

# a remark
  echo $((1+2))
END
holds 'one connection carried all of them' \
  test "$(grep -c ' n1 connect ' "$tmp/fleet/ledger")" = 1
holds 'and each was a command of its own' \
  test "$(grep -c ' n1 exec ' "$tmp/fleet/ledger")" = 3

script 'hosts are changed between commands' 0 '---------------
n2
---------------
a
---------------
n[2-3] (2)
---------------
b
---------------
n3
---------------
c' 'muster: 1 host: n3' -b -w 'n[1-3]' <<'END'
=n2
echo a
+n3
echo b
-n2
=
echo c
END
holds 'a host that is left out gets nothing' \
  sh -c '! grep -q " n1 .*echo [abc]" "$1"' - "$tmp/fleet/ledger"

script 'a host that was not there is added' 0 'n4: new' '' -w n1 <<'END'
=n4
echo new
END

script 'the exit code is that of the worst' 5 'n1: fine' \
  'muster: exit 7 on 1 host: n1
muster: 1 host: 0 ok, 1 failed' -w n1 <<'END'
exit 7
echo fine
END
script 'with -S the largest code' 9 '' 'muster: exit 9 on 1 host: n1
muster: 1 host: 0 ok, 1 failed
muster: exit 3 on 1 host: n1
muster: 1 host: 0 ok, 1 failed' -S -w n1 <<'END'
exit 9
exit 3
END

script 'a list that makes no sense ends a script' 2 '' \
  "muster: host list 'n[', column 2: '[' is never closed" -w n1 <<'END'
=n[
echo never
END
script 'a host to leave out must be there' 2 '' \
  "muster: 'n2' is none of the hosts" -w n1 <<'END'
-n2
echo never
END
script 'the last host cannot be left out' 2 '' \
  'muster: no host would be left: nothing is changed' -w n1 <<'END'
-n1
echo never
END
script '! runs here, and does not eat the script' 0 'here
n1: there' '' -w n1 <<'END'
!cat; echo here
echo there
quit
echo never
END
script 'commands do not eat the script either' 0 'n1: 0
n1: next' '' -w n1 <<'END'
wc -c
echo next
END

printf '[two]\nn1\nn3\n[rest]\nn2\n' >"$tmp/groups"
script 'groups name hosts, too' 0 '---------------
n[1,3] (2)
---------------
a
---------------
n[1-3] (3)
---------------
b' '' -b -I "$tmp/groups" -w n2 <<'END'
=@two
echo a
+@rest
echo b
END
script 'an unknown group ends a script' 2 '' "$(
  on --keep -I "$tmp/groups" -w n1 2>&1 </dev/null; "$muster" hosts \
    -I "$tmp/groups" @none 2>&1 | head -1)" -I "$tmp/groups" -w n1 <<'END'
=@none
echo never
END

try on --keep --json -w n1
refuses '--keep goes with no form of one run' -- --keep --json
try on --keep --outdir "$tmp/o" -w n1
refuses '--keep goes with no folder of one run' -- --keep --outdir

# ---- a person at a terminal ----
# await TEXT -- until the terminal shows it, for a minute at most.
await() {
  tries=0
  until grep -qF "$1" "$tmp/screen" 2>/dev/null; do
    tries=$((tries + 1))
    [ "$tries" -lt 1200 ] || return 1
    sleep 0.05
  done
}
# prompted -- until the last thing on the terminal is the prompt.
prompted() {
  tries=0
  until [ "$(tail -c 8 "$tmp/screen")" = 'muster> ' ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 1200 ] || return 1
    sleep 0.05
  done
}
# session -- on a terminal, which reads the keys from descriptor 7.
session() {
  rm -f "$tmp/keys" "$tmp/screen"
  mkfifo "$tmp/keys"
  "$terminal" -qefc "sh $tmp/command" "$tmp/screen" \
    <"$tmp/keys" >/dev/null 2>&1 &
  job=$!
  exec 7>"$tmp/keys"
  await 'muster> '
}
cat >"$tmp/command" <<END
echo \$\$ >$tmp/pid
exec env --default-signal=INT "$muster" run --keep \
  -F "$tmp/fleet/config" -l user \
  -i "$tmp/fleet/key" --known-hosts "$tmp/fleet/known_hosts" -w n1
END
if [ -n "$terminal" ] && env --default-signal=INT true 2>/dev/null; then
  before=$(grep -c ' n1 connect ' "$tmp/fleet/ledger")
  session
  echo 'echo first' >&7
  holds 'lines are typed after a prompt' await 'n1: first'
  echo ' echo unseen' >&7
  await 'n1: unseen'
  echo 'echo begun; until [ -e go ]; do sleep 0.1; done' >&7
  await 'n1: begun'
  echo 'echo ahead' >&7
  echo >&7
  holds 'ENTER tells how far a command is' await '1 at work: n1'
  : >"$tmp/fleet/homes/n1/go"
  holds 'another line is for the next prompt' await 'n1: ahead'
  echo 'echo stuck; exec sleep 60' >&7
  await 'n1: stuck'
  printf '\003' >&7
  holds '^C ends the command that runs' await 'KILLED_LOCAL on 1 host: n1'
  echo 'echo after' >&7
  holds 'and not the session' await 'n1: after'
  holds 'which is the same' \
    test "$(grep -c ' n1 connect ' "$tmp/fleet/ledger")" = "$((before + 1))"
  prompted
  kill -INT "$(cat "$tmp/pid")"
  await 'quit or ^D ends'
  prompted
  echo 'echo alive' >&7
  holds 'a ^C that comes too late ends nothing' await 'n1: alive'
  prompted
  printf 'echo half\003' >&7
  holds 'at the prompt it forgets the line' await 'echo half'
  prompted
  printf '\004' >&7
  exec 7>&-
  status=0
  wait "$job" || status=$?
  ends '^D ends it, with the code of the worst' 130
  holds 'what was typed is remembered, but for what begins with a blank' \
    test "$(cat "$XDG_STATE_HOME/muster/history")" = 'echo first
echo begun; until [ -e go ]; do sleep 0.1; done
echo ahead
echo stuck; exec sleep 60
echo after
echo alive'
  holds 'for nobody else' sh -c 'ls -l "$1" | grep -q "^-rw------- "' - \
    "$XDG_STATE_HOME/muster/history"
  session
  printf '\022first\n' >&7
  holds 'a later session has it' await 'n1: first'
  prompted
  printf '\004' >&7
  exec 7>&-
  wait "$job"
  rm "$XDG_STATE_HOME/muster/history"
  echo theirs >"$tmp/theirs"
  ln -s "$tmp/theirs" "$XDG_STATE_HOME/muster/history"
  session
  echo 'echo third' >&7
  await 'n1: third'
  prompted
  printf '\004' >&7
  exec 7>&-
  wait "$job"
  holds 'a file that is a link is left alone' \
    test "$(cat "$tmp/theirs")" = theirs
  holds 'and it is said' grep -q 'what is typed is not kept' "$tmp/screen"
else
  skip 'a person at a terminal' 'no script(1), or an old env(1)'
fi

# SIGINT: the commands of a script end with it.
mkfifo "$tmp/lines"
(on_exec --keep -w n1) <"$tmp/lines" >"$tmp/out" 2>"$tmp/err" &
job=$!
exec 8>"$tmp/lines"
echo 'echo begun; exec sleep 60' >&8
until grep -q begun "$tmp/out"; do sleep 0.05; done
kill -TERM "$job"
status=0
wait "$job" || status=$?
exec 8>&-
ends 'a signal ends it all' 143
finish
