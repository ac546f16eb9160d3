#!/bin/sh
# copy.sh -- muster push and muster pull, on real sshds.
. "$(dirname "$0")/lib.sh"
with_sshds 3 "$0"
two=$(echo "$hosts" | cut -d, -f1-2)
home=$SSHD_DIR/home

copy() {
  verb=$1
  shift
  "$muster" "$verb" -P "$SSHD_PORT" -l "$SSHD_USER" \
    -i "$SSHD_DIR/user_ed25519" --known-hosts "$SSHD_DIR/known_hosts" "$@"
}

mkdir -p "$tmp/site/sub/empty"
head -c 3000000 /dev/urandom >"$tmp/site/big"
i=0
while [ "$i" -lt 50 ]; do
  echo "$i" >"$tmp/site/sub/$i"
  i=$((i + 1))
done

try copy push -p -w "$hosts" "$tmp/site" "$home/site-{host}"
is 'a folder goes to all hosts, and nothing is said' 0 '' ''
for host in $SSHD_HOSTS; do
  holds "$host has it" diff -r "$tmp/site" "$home/site-$host"
done
holds 'nothing is left half done' sh -c \
  '! find "$1" -name ".*muster-*" | grep .' - "$home"

sixth=$tmp/six/th
mkdir "$tmp/six"
echo 6 >"$sixth"
try copy push -w "$two" "$sixth" "$home/nowhere-{host}/6"
ends 'a place that is not there' 5
for host in $SSHD_HOSTS; do
  mkdir -p "$home/nowhere-$host"
done
try "$muster" rerun last
ends 'a copy that failed is not repeated by itself' 2
try "$muster" rerun --failed last
ends 'but when that is said' 0
holds 'on its hosts' sh -c \
  'cat "$1"/nowhere-*/6 | wc -l | grep -qx " *2"' - "$home"
try "$muster" rerun --failed last
ends 'once' 2
echo 7 >"$sixth"
try "$muster" rerun --all last
ends 'a file that has changed is not sent in its place' 2
holds 'and named' grep -q "'$sixth': changed since" "$tmp/err"

try copy push --canary 1 --serial 1 -w "$hosts" "$tmp/site/sub/7" \
  "$home/seven-{host}"
ends 'a file goes wave by wave' 0
holds 'with one host a wave' grep -q 'wave 3 of 3 begins: 1 host' "$tmp/err"
holds 'and comes to all' sh -c 'cat "$1"/seven-* | wc -l | grep -qx " *3"' - \
  "$home"
try copy push --canary 1 -w "$hosts" "$tmp/site/sub/7" /proc/nowhere/7
ends 'a canary that cannot take it' 6
holds 'is the only one that was asked to' \
  grep -q '1 of the canary failed; 0 in flight, 2 not begun' "$tmp/err"

mkdir "$tmp/got"
try copy pull -w "$hosts" "$home/site-{host}" "$tmp/got"
is 'and comes back from each into a folder of its own' 0 '' ''
for host in $SSHD_HOSTS; do
  holds "that of $host is the same" \
    diff -r "$tmp/site" "$tmp/got/$host/site-$host"
done

echo hello >"$home/motd"
try copy pull --host-suffix -w "$hosts" "$home/mot?" "$tmp/got"
ends 'one file of each' 0
for host in $SSHD_HOSTS; do
  holds "is called after $host" cmp "$home/motd" "$tmp/got/motd.$host"
done
try copy pull -w "$one" motd "$tmp/one-{host}"
ends 'a path without a folder is in the home' 0
holds 'and goes where {host} says' cmp "$home/motd" "$tmp/one-$one"

try copy pull -w "$hosts" "$home/none" "$tmp/got"
ends 'a file that is not there is a failure' 5
holds 'which the report names' grep -q \
  "XF_REMOTE on 3 hosts: .*$home/none.*no such file" "$tmp/err"

try copy push --owner "$(id -un):$(id -gn)" -w "$one" "$tmp/site/sub/1" \
  "$home/mine"
ends 'owners are looked up on the host' 0
try copy push --owner nobody-at-all:0 -w "$one" "$tmp/site/sub/1" "$home/none"
ends 'one that is not there is a failure' 5
holds 'and named' grep -q "nobody is called 'nobody-at-all' there" "$tmp/err"
holds 'before anything is sent' test ! -e "$home/none"
mkdir "$home/plain"
echo old >"$home/plain/keep"
try copy push -w "$one" "$tmp/site" "$home/motd"
ends 'a folder in the place of a file is refused' 5
holds 'and said so' grep -q 'in the place of a folder' "$tmp/err"
try copy push --delete -w "$one" "$tmp/site" "$home/plain"
refuses '--delete asks, or wants --yes' --delete --yes
try copy push --dry-run -w "$one" "$tmp/site/sub/1" "$home/plain/keep"
is 'a dry run tells what it would do' 0 \
  "$one: send $home/plain/keep (2 bytes)" ''
holds 'and does nothing' grep -qx old "$home/plain/keep"
try copy push -w "$one" "$tmp/no such" "$home"
refuses 'what is not here is named, and nothing begun' 'no such'

printf '%s %s\n' "${two%,*}" "$home/first" "${two#*,}" "$home/second" \
  >"$tmp/places"
try copy push --dest-file "$tmp/places" -w "$two" "$tmp/site/sub/7" "$home/x"
ends 'a table of places' 0
holds 'has one for each host' sh -c 'cmp "$1/first" "$1/second" &&
  grep -qx 7 "$1/first" && [ ! -e "$1/x" ]' - "$home"

try copy push -j -w "$one" "$tmp/site/big" "$home/big"
ends 'JSON has the events of a copy' 0
holds 'its progress' grep -q \
  '"event":"transfer".*"bytes":3000000,"total":3000000' "$tmp/out"
if can_validate; then
  holds 'as the schema says' validate "$tmp/out"
else
  skip 'as the schema says' 'no python3-jsonschema'
fi
holds 'its end' grep -q '"ok":true,"reason":"DONE","rc":null' "$tmp/out"
holds 'the file is whole' cmp "$tmp/site/big" "$home/big"

for option in '--chmod 8' '--owner root' '--owner a:b/c' '--owner -x:1' \
  '--verify md5' '--bwlimit fast'; do
  # shellcheck disable=SC2086
  try copy push $option -w "$one" "$tmp/site" "$home"
  refuses "$option is refused" "${option%% *}"
done
try copy push -w "$one" "$tmp/site"
refuses 'a place is wanted' 'DEST'
finish
