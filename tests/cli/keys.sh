#!/bin/sh
# keys.sh -- muster keys, on a simulated fleet.
. "$(dirname "$0")/lib.sh"

with_fleet 'old[1-2]
new[1-3] known=none
other known=other
gone down=yes'

known=$tmp/fleet/known_hosts
cp "$known" "$tmp/before"

keys() {
  "$muster" keys -F "$tmp/fleet/config" -l user --known-hosts "$known" "$@"
}

try keys -w 'old[1-2]'
is 'what is known is counted' 0 '' \
  'muster: 2 known, 0 unknown, 0 changed, 0 revoked, 0 not seen'

try keys -q -w 'new[1-3]'
ends 'what is new is shown' 4
holds 'with its fingerprint' \
  grep -qE '^unknown ssh-ed25519 SHA256:[A-Za-z0-9+/]{43} new1$' "$tmp/out"
holds 'and not accepted unasked' cmp "$known" "$tmp/before"
awk '{ print $4, "of the console", $3 }' "$tmp/out" >"$tmp/all"

sed -n '/^Host new1$/,/^Port/p' "$tmp/fleet/config" |
  sed 's/^Host .*/Host twin\nUser other/' >>"$tmp/fleet/config"
try keys -q -w new1,twin
ends 'hosts may share a key' 4
holds 'and then a line' grep -qE '^unknown ssh-[^ ]* SHA256:[^ ]* new1,twin$' \
  "$tmp/out"

try keys -q -w other
ends 'a changed key is no new one' 4
holds 'it is told from the one that is known' \
  grep -qE '^CHANGED ssh-ed25519 SHA256:[^ ]* other$' "$tmp/out"
holds 'which is shown with its line' \
  grep -qE '^  but .*known_hosts:[0-9]+ has ssh-ed25519 SHA256:' "$tmp/out"

try keys -q -w gone
is 'who is not there is named' 4 '' \
  "$(sed -n 's/^\(muster: gone: CONN_REFUSED: .*\)/\1/p' "$tmp/err")"
holds 'with the reason' grep -q CONN_REFUSED "$tmp/err"

try keys -q -w 'new[1-3]' --accept 2
ends 'a number that is wrong accepts nothing' 6
holds 'not one of them' cmp "$known" "$tmp/before"

echo 'nothing like it' >"$tmp/bad"
try keys -w new1 --fingerprints "$tmp/bad"
refuses 'a file without fingerprints is refused' "$tmp/bad:1"

sed 's/SHA256:..../SHA256:qqqq/' "$tmp/all" >"$tmp/wrong"
try keys -q -w 'new[1-3]' --fingerprints "$tmp/wrong" --accept 0
ends 'what the file does not have is not accepted' 4
holds 'and says so' grep -q 'NOT as the file says' "$tmp/out"

sed '/^new3/s/^/# /' "$tmp/all" >"$tmp/two"
try keys -q -w 'new[1-3]' --fingerprints "$tmp/two" --accept 2
ends 'what the file has for a host is' 4
holds 'for those that it names' grep -q 'new2, as the file says' "$tmp/out"
holds 'with a line each' \
  test "$(($(wc -l <"$known") - $(wc -l <"$tmp/before")))" = 2
holds 'behind what was there' \
  cmp -n "$(wc -c <"$tmp/before")" "$known" "$tmp/before"

try keys -w 'new[1-3]' --accept 1
ends 'the last one is accepted by number' 0
try on -w 'new[1-3]' 'echo in'
ends 'and the fleet can be logged in to' 0

cp "$tmp/before" "$known"
typed "$muster keys -F $tmp/fleet/config -l user \
  --known-hosts $known -w new[1-3]" 'type how many' '3\n'
ends 'on a terminal the number is typed' 0
holds 'and three lines are written' \
  test "$(($(wc -l <"$known") - $(wc -l <"$tmp/before")))" = 3

finish
