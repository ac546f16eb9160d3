#!/bin/sh
# script.sh -- what hosts are told to run: --script, --commands, --subst, -e.
# shellcheck disable=SC2016 # remote shells expand it
. "$(dirname "$0")/lib.sh"
with_fleet 'web[1-2]
db1'

# ---- --script ----
cat >"$tmp/plain" <<'END'
echo "$# $1|$2"
cat
END
try on --script "$tmp/plain" -N -w web1 'a  b' "it's"
is 'a script gets its arguments' 0 "2 a  b|it's" ''
printf '#!/bin/cat\n%s\n\\ \\\\ %%s $x `id` "'\'' \t\351\001end' 'it'\''s' \
  >"$tmp/bytes"
try on --script "$tmp/bytes" -N -w web1
printf '\n' | cat "$tmp/bytes" - | cmp - "$tmp/out" >"$tmp/err" || status=1
ends 'it gets there byte by byte' 0
printf '#! /usr/bin/env  -S sh -u\necho $#; echo $nope; echo on' >"$tmp/env"
try on --script "$tmp/env" -N -w web1 x
holds 'its first line may have an argument' \
  sh -c '[ "$(head -1 "$1")" = 1 ] && ! grep -q on "$1"' - "$tmp/out"
printf '#!/bin/sh\nexit 7' >"$tmp/exits"
try on --script "$tmp/exits" -w web1
is 'its status is that of the command' 5 '' \
  "muster: exit 7 on 1 host: web1
muster: 1 host: 0 ok, 1 failed"
if command -v python3 >/dev/null; then
  printf '#!/usr/bin/env python3\nimport sys\nprint(sys.argv[1:], %s)\n' \
    'repr(sys.stdin.read())' >"$tmp/python"
  try on --script "$tmp/python" -N -w web1 -- --x
  is 'in any language, with standard input of its own' 0 "['--x'] ''" ''
else
  skip 'in any language, with standard input of its own' 'no python3'
fi
{
  printf '#!/bin/cat\n'
  seq 100000
} >"$tmp/long"
try on --script "$tmp/long" -N -w web1
cmp "$tmp/long" "$tmp/out" >"$tmp/err" || status=1
ends 'it may be long, and is there byte by byte' 0
printf '#!/bin/sh\ncat\necho $1\n' >"$tmp/long"
seq -f '# %.0f' 5000 >>"$tmp/long"
try on --script "$tmp/long" -N -w web1 x
is 'then its standard input is empty' 0 x ''
try on -w web1 "$(cat "$tmp/long")"
refuses 'a command that does not fit is refused' 32768
seq 200000 >"$tmp/long"
try on --script "$tmp/long" -w web1
refuses 'but not longer than 1 MiB' "$tmp/long" 1048576
try on --script "$tmp/nothing" -w web1
refuses 'one that is not there is refused' nothing
: >"$tmp/empty"
try on --script "$tmp/empty" -w web1
refuses 'an empty one too' empty
try on --script "$tmp" -w web1
refuses 'and a folder' 'no regular file'

# ---- -e and --env-wrap ----
try on -N -w web1 -e A=1 -e "B=it's \$HOME" 'printf "%s|%s" "$A" "$B"'
is '-e sets variables' 0 "1|it's \$HOME" ''
try on -w 'web[1-2]' --env-wrap \
  'echo $MUSTER_HOST $MUSTER_RANK/$MUSTER_COUNT $LC_MUSTER_RANK'
sort -o "$tmp/out" "$tmp/out"
is '--env-wrap tells who is who' 0 'web1: web1 0/2 0
web2: web2 1/2 1' ''
try on -bN -w 'web[1-2]' --env-wrap 'echo $MUSTER_RUN'
holds 'and what run it is, the same on all hosts' \
  grep -q 'web\[1-2\] (2)' "$tmp/out"
printf 'echo $A$1$MUSTER_HOST' >"$tmp/plain"
try on --script "$tmp/plain" -e A=x --env-wrap -N -w web1 y
is 'scripts get them too' 0 xyweb1 ''
for wrong in A =x 1A=x 'A B=x'; do
  try on -e "$wrong" -w web1 true
  refuses "-e $wrong is refused" "'$wrong'"
done

# ---- --subst ----
try on --subst -w 'web[1-2]' 'echo {host} {index} {user} {{x} a{{'
sort -o "$tmp/out" "$tmp/out"
is '--subst puts the host in' 0 "web1: web1 0 user {x} a{
web2: web2 1 user {x} a{" ''
try on -N -w web1 'echo {host}'
is 'nothing is put in without it' 0 '{host}' ''
try on --subst -N -w web1 'echo {port}'
port=$(sed -n '/^Host web1$/,/^Port/s/^Port //p' "$tmp/fleet/config")
is 'the port is the one that is used' 0 "$port" ''
try on --subst -N -w web1 'echo {user:q} {host:q}'
is ':q quotes what must be' 0 'user web1' ''
for wrong in '{nope}' '{print $1}' '{host' '{}' '{:q}'; do
  try on --subst -w web1 "echo $wrong"
  refuses "$wrong is refused" "'$wrong'"
done
printf 'echo {host} "$1"' >"$tmp/plain"
try on --subst --script "$tmp/plain" -N -w web1 '<{host}>'
is 'in a script only its arguments change' 0 '{host} <web1>' ''

cat >"$tmp/inventory" <<'END'
[racks]
web1 rack=12 note="two words"
web2 rack=7
[racks:vars]
room=r1
rack=0
[all:vars]
site=here
END
try on --subst -I "$tmp/inventory" -w @racks 'echo {rack} {room} {site}'
sort -o "$tmp/out" "$tmp/out"
is 'variables of an inventory: of hosts, groups and all' 0 'web1: 12 r1 here
web2: 7 r1 here' ''
try on --subst -I "$tmp/inventory" -N -w web1 'printf "<%s>" {note:q}; echo'
is 'a variable is quoted' 0 '<two words>' ''
try on --subst -I "$tmp/inventory" -w @racks 'echo {note}'
refuses 'what only some hosts have is refused' web2 "'{note}'"

# ---- --commands ----
printf '%s\n' '# who does what' '' 'web[1-2]:  echo one: two' \
  'db1: echo "{host}"; exit 3' >"$tmp/table"
try on --commands "$tmp/table" -w 'web[1-2],db1'
sort -o "$tmp/out" "$tmp/out"
is 'each host runs its own' 5 'db1: {host}
web1: one: two
web2: one: two' "$(cat "$tmp/err")"
try on --commands "$tmp/table" --subst -L -w 'web[1-2],db1'
holds '--subst works in it' grep -qx 'db1: db1' "$tmp/out"
try on --commands "$tmp/table" -w 'web[1-2]'
refuses 'a host that is not of the run is refused' "$tmp/table:4" "'db1'"
echo 'web1: true' >"$tmp/table"
try on --commands "$tmp/table" -w 'web[1-2],db1'
refuses 'so are hosts without a command' '2 hosts' "'web2'"
printf '%s\n' 'web1: true' 'web[1-2]: true' >"$tmp/table"
try on --commands "$tmp/table" -w 'web[1-2]'
refuses 'and hosts with two' ':2:' "'web1'" already
for wrong in 'web1 true' 'web1:' 'web1:true' 'web[1: true'; do
  echo "$wrong" >"$tmp/table"
  try on --commands "$tmp/table" -w web1
  refuses "the line '$wrong' is refused" "$tmp/table:1"
done
try on --commands "$tmp/table" -w web1 true
refuses 'it has no words' "'true'"
try on --commands "$tmp/table" --script "$tmp/plain" -w web1
refuses 'and no script' --script --commands

# ---- --prefix ----
try on --prefix '[%h %n %u %%] ' -w web1 echo x
is '--prefix says what stands before lines' 0 '[web1 0 user %] x' ''
try on --prefix '%x' -w web1 true
refuses 'what it does not know is refused' "'%x'"
try on --prefix 'x%' -w web1 true
refuses 'and half of a letter' --prefix
finish
