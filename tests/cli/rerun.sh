#!/bin/sh
# rerun.sh -- the command line that a report ends with, run again.
. "$(dirname "$0")/lib.sh"
with_fleet 'web[1-3]
bad[1-2] exec=canned stdout="x\n" exit=3
down exec=canned down=yes'

# again -- runs the line that the last try left.
again() {
  eval "$(cat "$tmp/rerun" |
    sed "s|^muster |timeout 60 '$muster' |")"
}

options="-F $tmp/fleet/config -l user -i $tmp/fleet/key --known-hosts"
options="$options $tmp/fleet/known_hosts"
try on -w 'web[1-3],bad[1-2],down' -x web3 true
ends 'some fail' 4
holds 'the line has all options but the list, and who failed' \
  test "$(cat "$tmp/rerun")" = \
  "muster run $options -w 'bad[1-2],down' true"
try on -w web1 true
holds 'there is none when all is well' test ! -s "$tmp/rerun"
try on -q --fanout 2 -S --similar=0.5 -w web1 true
refuses 'ways to show output exclude each other' similar
try on --similar=0.5 --fanout 2 -S -w bad1 -- -x "it's" 'a  b'
holds 'words are quoted' grep -qF -- \
  "--similar=0.5 --fanout 2 -S -w bad1 -- -x 'it'\\''s' 'a  b'" "$tmp/rerun"
try on -H bad1 true
holds 'a host of -H is in the list when it can be' \
  grep -q -- ' -w bad1 true$' "$tmp/rerun"

# What the shell makes of the line is what was run.
try on -w web2 'printf "%s|" "a  b" '\''$x'\'' "it'\''s"; exit 4'
cp "$tmp/out" "$tmp/first"
cp "$tmp/rerun" "$tmp/line"
holds 'there is a line' test -s "$tmp/line"
try again
holds 'the line does the same again' cmp -s "$tmp/first" "$tmp/out"
ends 'and ends the same' 5
holds 'and gives itself' cmp -s "$tmp/line" "$tmp/rerun"
finish
