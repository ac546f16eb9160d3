#!/bin/sh
# startups.sh -- sshds that take few logins at a time (MaxStartups), listening
# ones as they run everywhere.
. "$(dirname "$0")/lib.sh"
with_sshds 1 "$0"

sshd=${MUSTER_SSHD:-/usr/sbin/sshd}
for path in "$sshd" "$top_builddir/_deps/sshd/usr/sbin/sshd" \
  "${top_srcdir:-..}/_deps/sshd/usr/sbin/sshd"; do
  [ -x "$path" ] && break
done
sshd=$(realpath "$path")

# As root it wants what the fixture makes for its own.
cat >"$tmp/serve" <<'END'
if [ "$(id -u)" = 0 ]; then
  mount --bind "$SSHD_DIR/passwd" /etc/passwd
  mount --bind "$SSHD_DIR/shadow" /etc/shadow
  mount -t tmpfs -o mode=755 none /run
  mkdir /run/sshd
fi
[ "$1" = /usr/sbin/sshd ] || LD_LIBRARY_PATH=${1%/sbin/sshd}/lib
[ "$1" = /usr/sbin/sshd ] || export LD_LIBRARY_PATH
exec "$1" -D -f "$2.config" -E "$2.log"
END
apart=
[ "$(id -u)" != 0 ] || apart='unshare -m'
daemons=
trap 'kill $daemons; rm -rf "$tmp"' EXIT

# serve NAME ADDRESS MAXSTARTUPS -- an sshd, until the script ends.
serve() {
  {
    echo "ListenAddress $2:$SSHD_PORT"
    echo "MaxStartups $3"
    sed -e '/^MaxStartups/d' -e '/^ListenAddress/d' -e '/^Port/d' \
      "$SSHD_DIR/sshd_config.0"
  } >"$tmp/$1.config"
  $apart sh "$tmp/serve" "$sshd" "$tmp/$1" &
  daemons="$daemons $!"
  while ! grep -q 'Server listening' "$tmp/$1.log" 2>/dev/null; do
    kill -0 $! 2>/dev/null || skip_all 'this sshd does not listen'
    sleep 0.05
  done
  sed "s/^[^ ]*/[$2]:$SSHD_PORT/" "$SSHD_DIR/known_hosts" |
    sort -u >>"$tmp/known_hosts"
  printf 'Host %s*\nHostName %s\n' "$1" "$2" >>"$tmp/config"
}
cat "$SSHD_DIR/known_hosts" >"$tmp/known_hosts"
serve narrow 127.77.200.1 1
serve usual 127.77.200.2 10:30:100

start() {
  "$muster" run -F "$tmp/config" -p "$SSHD_PORT" -l "$SSHD_USER" \
    -i "$SSHD_DIR/user_ed25519" --known-hosts "$tmp/known_hosts" "$@"
}

try start --retries 20 -w 'narrow[1-6]' 'echo in'
ends 'all hosts run in the end' 0
holds 'each of them once' test "$(grep -c ': in$' "$tmp/out")" = 6
holds 'and the server had turned some away' \
  grep -qi 'MaxStartups' "$tmp/narrow.log"

try start --retries 0 -w 'narrow[1-6]' 'echo in'
ends 'without another try some are turned away' 4
holds 'by its name' grep -q 'THROTTLED' "$tmp/err"

# With what a server has unless it is told, none is: so few are at the door.
n_hosts=40
[ -z "${MUSTER_LONG_TESTS-}" ] || n_hosts=500
try start --retries 0 -f 500 -w "usual[1-$n_hosts]" 'echo in'
ends 'many hosts of one address all get in at once' 0
holds 'every one of them' test "$(grep -c ': in$' "$tmp/out")" = "$n_hosts"
holds 'with nobody turned away' \
  sh -c '! grep -qi MaxStartups "$1"' - "$tmp/usual.log"

# By ssh(1), too, whose logins muster does not see.
try start --transport openssh --retries 0 -f 500 -w "usual[1-20]" 'echo in'
ends 'by ssh they get in at once, too' 0
holds 'with nobody turned away' \
  sh -c '! grep -qi MaxStartups "$1"' - "$tmp/usual.log"

# Behind a bastion like that, there is one login for all of them.
accepted=$(grep -c 'Accepted publickey' "$tmp/usual.log")
try start --retries 0 -J "$SSHD_USER@usual:$SSHD_PORT" -w "$one" 'echo in'
ends 'behind it hosts are reached' 0
holds 'by one login' test \
  "$(grep -c 'Accepted publickey' "$tmp/usual.log")" = "$((accepted + 1))"

finish
