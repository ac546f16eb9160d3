#!/bin/sh
# demo.sh -- the fleet of one's own.
. "$(dirname "$0")/lib.sh"
TMPDIR=$tmp/folder
export TMPDIR
mkdir "$TMPDIR"

# shellcheck disable=SC2317 # called by holds
is_empty() {
  [ -z "$(ls -A "$TMPDIR")" ]
}

# shellcheck disable=SC2016 # the hosts expand it
try "$muster" demo 'echo hello from $HOME'
ends 'one refuses, one has another key: 4' 4
: >"$tmp/want"
for host in web01 web08 app1 app4 db1 db3 cache1 lab2; do
  grep -q "^$host: hello from /.*/$host\$" "$tmp/out" || status=1
done
ends 'hosts run the command in homes of their own' 4
holds 'a host that fails is named' \
  grep -q '^muster: exit 3 on 1 host: db3$' "$tmp/err"
holds 'so is one whose command was killed' \
  grep -q '^muster: signal KILL on 1 host: cache2' "$tmp/err"
holds 'so is one that refuses' \
  grep -q '^muster: CONN_REFUSED on 1 host: edge1' "$tmp/err"
holds 'so is one with another key' \
  grep -q '^muster: HK_CHANGED on 1 host: old1' "$tmp/err"
holds 'and told what it shows' grep -q \
  '^muster: THE HOST KEY OF old1 HAS CHANGED; nothing was sent to it$' \
  "$tmp/err"
holds 'with both fingerprints' test "$(grep -cE \
  '^  (it shows|but .*known_hosts:[0-9]+ has) ssh-[a-z0-9]* SHA256:' \
  "$tmp/err")" = 2
holds 'all are counted' \
  grep -qx 'muster: 24 hosts: 18 ok, 4 failed, 2 not reached' "$tmp/err"
holds 'nothing is left behind' is_empty

try "$muster" demo -q
ends 'it needs no command' 4

# One host of the fleet sends a signal to the program, whose number is in
# $tmp/pid, and all of them would go on for a minute.
# shellcheck disable=SC2317 # called by try
signalled() {
  # shellcheck disable=SC2016
  sh -c 'echo $$ >"$1" && shift && exec "$@"' - "$tmp/pid" "$muster" demo \
    "case \$HOME in */web01) kill -$1 \$(cat $tmp/pid) ;; esac; sleep 60"
}

try signalled TERM
ends 'SIGTERM stops it: 143' 143
holds 'nothing is left behind when it is stopped' is_empty

# Killed, it cannot clean up any more; the pipe is at its end when the last
# process of the fleet has ended.
signalled KILL 2>&1 | cat >"$tmp/out"
holds 'nothing is left behind when it is killed' is_empty

finish
