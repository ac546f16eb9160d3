#!/bin/sh
# startups.sh -- an sshd that takes one login at a time (MaxStartups 1), a
# listening one as it runs everywhere.
. "$(dirname "$0")/lib.sh"
with_sshds 1 "$0"

sshd=${MUSTER_SSHD:-/usr/sbin/sshd}
for one in "$sshd" "$top_builddir/_deps/sshd/usr/sbin/sshd" \
  "${top_srcdir:-..}/_deps/sshd/usr/sbin/sshd"; do
  [ -x "$one" ] && break
done
sshd=$(realpath "$one")
address=127.77.200.1

{
  echo "ListenAddress $address:$SSHD_PORT"
  echo 'MaxStartups 1'
  sed -e '/^MaxStartups/d' -e '/^ListenAddress/d' -e '/^Port/d' \
    "$SSHD_DIR/sshd_config.0"
} >"$tmp/sshd_config"
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
exec "$1" -D -f "$2/sshd_config" -E "$2/log"
END
apart=
[ "$(id -u)" != 0 ] || apart='unshare -m'
$apart sh "$tmp/serve" "$sshd" "$tmp" &
daemon=$!
trap 'kill "$daemon"; rm -rf "$tmp"' EXIT
while ! grep -q 'Server listening' "$tmp/log" 2>/dev/null; do
  kill -0 "$daemon" 2>/dev/null || skip_all 'this sshd does not listen'
  sleep 0.05
done

for i in 1 2 3 4 5 6; do
  printf 'Host s%s\nHostName %s\n' "$i" "$address"
done >"$tmp/config"
sed "s/^[^ ]*/[$address]:$SSHD_PORT/" "$SSHD_DIR/known_hosts" |
  sort -u >"$tmp/known_hosts"

start() {
  "$muster" run -F "$tmp/config" -p "$SSHD_PORT" -l "$SSHD_USER" \
    -i "$SSHD_DIR/user_ed25519" --known-hosts "$tmp/known_hosts" "$@"
}

try start --retries 20 -w 's[1-6]' 'echo in'
ends 'all hosts run in the end' 0
holds 'each of them once' test "$(grep -c ': in$' "$tmp/out")" = 6
holds 'and the server had turned some away' \
  grep -qi 'MaxStartups' "$tmp/log"

try start --retries 0 -w 's[1-6]' 'echo in'
ends 'without another try some are turned away' 4
holds 'by its name' grep -q 'THROTTLED' "$tmp/err"

finish
