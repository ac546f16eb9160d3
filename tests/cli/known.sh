#!/bin/sh
# known.sh -- known_hosts and key files that are odd: what may be trusted is
# read, and the rest stops everything before any host is contacted.
. "$(dirname "$0")/lib.sh"
with_fleet 'a
b'
known=$tmp/fleet/known_hosts

# with FILE -- muster run on a, with that known_hosts file.
with() {
  "$muster" run -F "$tmp/fleet/config" -l user -i "$tmp/fleet/key" \
    --known-hosts "$1" -w a 'echo in'
}

ln -s "$known" "$tmp/link"
try with "$tmp/link"
is 'a link is followed' 0 'a: in' ''
printf %s "$(cat "$known")" >"$tmp/unended"
try with "$tmp/unended"
is 'the last line need not end' 0 'a: in' ''
sed 's/$/\r/' "$known" >"$tmp/crlf"
try with "$tmp/crlf"
is 'lines may end as elsewhere' 0 'a: in' ''
{
  echo 'this is no line of it'
  cat "$known"
} >"$tmp/bad"
try with "$tmp/bad"
ends 'a line that makes no sense is passed over' 0
try with "$tmp/missing"
ends 'a file that is missing is empty' 4
holds 'so that the key is unknown' grep -q HK_UNKNOWN "$tmp/err"

# A host is known by its name: what is there for its address, from other days
# perhaps, counts for nothing.
address=$(sed -n 's/^HostName //p' "$tmp/fleet/config" | head -1)
port=$(sed -n 's/^Port //p' "$tmp/fleet/config" | head -1)
echo "$address reborn.example" >"$tmp/hosts"
# reborn FILE -- muster run on a by a name of its own.
reborn() {
  # shellcheck disable=SC2016 # the inner shell expands them
  unshare -m sh -c 'mount --bind "$1" /etc/hosts && shift && exec "$@"' - \
    "$tmp/hosts" "$muster" run -F none -l user -i "$tmp/fleet/key" \
    -p "$port" --known-hosts "$1" -w reborn.example 'echo in'
}
if unshare -m true 2>/dev/null; then
  try reborn "$known"
  ends 'an entry of the address is none of the name' 4
  holds 'whose key is unknown' grep -q HK_UNKNOWN "$tmp/err"
  right=$(grep -F "[$address]:$port" "$known" | head -1 | cut -d' ' -f2-)
  wrong=$(cut -d' ' -f1,2 "$tmp/fleet/key.pub")
  printf '%s %s\n' "[reborn.example]:$port" "$right" \
    "[$address]:$port" "$wrong" >"$tmp/reused"
  try reborn "$tmp/reused"
  is 'nor does a wrong one of the address matter' 0 'reborn.example: in' ''
else
  skip 'an entry of the address is none of the name' 'no mount namespace'
fi

before=$(grep -c ' connect ' "$tmp/fleet/ledger")
mkfifo "$tmp/fifo"
try timeout 20 "$muster" run -F "$tmp/fleet/config" \
  --known-hosts "$tmp/fifo" -w a true
refuses 'a pipe is refused, and not waited for' "$tmp/fifo"
mkdir "$tmp/folder"
try with "$tmp/folder"
refuses 'so is a folder' "$tmp/folder"
cp "$known" "$tmp/open"
chmod 666 "$tmp/open"
try with "$tmp/open"
refuses 'so is a file that others may write' "$tmp/open"
if [ "$(id -u)" = 0 ]; then
  cp "$known" "$tmp/theirs"
  chown 12345 "$tmp/theirs"
  try with "$tmp/theirs"
  refuses 'so is a file of somebody else' "$tmp/theirs"
else
  skip 'so is a file of somebody else' 'not root'
fi

# by KEYFILE -- muster run on a with that key alone.
by() {
  "$muster" run -F "$tmp/fleet/config" -l user -i "$1" \
    --known-hosts "$known" -w a 'echo in'
}

cp "$tmp/fleet/key" "$tmp/shared"
chmod 644 "$tmp/shared"
try by "$tmp/shared"
refuses 'a key that others may read is refused' "'$tmp/shared'" 0644
try by "$tmp/none"
refuses 'so is one that is missing' "'$tmp/none'"
try by "$tmp/folder"
refuses 'so is a folder for a key' "'$tmp/folder'"
sed '3s/..../AAAA/' "$tmp/fleet/key" >"$tmp/broken"
chmod 600 "$tmp/broken"
try by "$tmp/broken"
refuses 'so is one that is broken' "'$tmp/broken'"
try timeout 20 "$muster" run -F "$tmp/fleet/config" -i "$tmp/fifo" \
  --known-hosts "$known" -w a true
refuses 'so is a pipe, which is not waited for' "'$tmp/fifo'"
holds 'and no host was contacted' \
  test "$(grep -c ' connect ' "$tmp/fleet/ledger")" = "$before"

finish
