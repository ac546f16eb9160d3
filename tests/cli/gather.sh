#!/bin/sh
# gather.sh -- equal outputs once: -b and -B.
long=${MUSTER_LONG_TESTS-}
. "$(dirname "$0")/lib.sh"
with_fleet 'web[1-3] exec=canned stdout="alpha\nbeta\n"
db1 exec=canned stdout="gamma"
db2 exec=canned stdout="gamma\n"
bad[1-2] exec=canned stdout="alpha\nbeta\n" exit=3
dead exec=canned stdout="alpha\nbeta\n" signal=KILL
mute[1-4] exec=canned
both[1-2] exec=canned stdout="to out\n" stderr="to err"
forger exec=canned stdout="---------------\nweb9\n---------------\nlie\n"
odd exec=canned stdout="a\x00b\xff\n"
big[001-100] exec=canned bytes=6400000
down1 down=yes
real[1-3]
own[001-100]'

try on -b -w 'db1,web[1-3],mute[1-4]' true
is '-b prints equal outputs once, the largest group first' 0 \
  '---------------
web[1-3] (3)
---------------
alpha
beta
---------------
db1
---------------
gamma' ''
try on -b --sort=host -w 'db1,web[1-3]' true
is '--sort=host goes by the first host' 0 '---------------
db1
---------------
gamma
---------------
web[1-3] (3)
---------------
alpha
beta' ''
try on -b -w 'web[1-2],bad[1-2],dead' true
is 'another end is another group' 5 '---------------
web[1-2] (2)
---------------
alpha
beta
---------------
bad[1-2] (2)
---------------
alpha
beta
---------------
dead
---------------
alpha
beta' "$(cat "$tmp/err")"
try on -b -w 'both[1-2]' true
sort -o "$tmp/err" "$tmp/err"
is '-b shows standard error as it comes' 0 '---------------
both[1-2] (2)
---------------
to out' 'both1: to err
both2: to err'
try on -B -w 'both[1-2]' true
is '-B gathers it too' 0 '---------------
both[1-2] (2)
---------------
to out
to err' ''
try on -bB -w 'both[1-2]' true
is '-bB is -B' 0 "$(cat "$tmp/out")" ''
try on -b -w 'db[1-2]' true
is 'a newline at the end is a difference' 0 '---------------
db1
---------------
gamma
---------------
db2
---------------
gamma' ''
try on -b -w 'mute[1-4]' true
is 'who prints nothing is not shown' 0 '' ''
try on -b -w 'down1,db2' true
ends 'hosts out of reach do not keep the others back' 4
holds 'whose output is there' grep -qx gamma "$tmp/out"

# ---- -bL: as soon as a group is complete ----
# shellcheck disable=SC2016 # the remote shell expands it
on -bL -w 'real[1-3]' '
  case $HOSTNAME in real3) until [ -e ../real2/said ]; do sleep 0.05; done
  echo beta; until [ -e ../real1/go ]; do sleep 0.05
  done ;; *) echo alpha ;; esac' >"$tmp/out" 2>"$tmp/err" &
job=$!
# Both have ended before the third says anything.
until [ "$(grep -c ' real[12] exit ' "$tmp/fleet/ledger")" = 2 ]; do
  sleep 0.05
done
sleep 0.3
: >"$tmp/fleet/homes/real2/said"
until grep -q alpha "$tmp/out"; do sleep 0.05; done
: >"$tmp/fleet/homes/real1/go"
status=0
wait "$job" || status=$?
is '-bL prints a group that nobody can join any more' 0 '---------------
real[1-2] (2)
---------------
alpha
---------------
real3
---------------
beta' ''
try on -L -b -w 'db1,web[1-2],mute1' true
ends '-bL ends as -b does' 0
holds 'and all of them' sh -c '[ "$(grep -c alpha "$1")" = 1 ] &&
  [ "$(grep -c gamma "$1")" = 1 ] && [ "$(wc -l <"$1")" = 9 ]' - "$tmp/out"

try on -b -w odd true
printf -- '---------------\nodd\n---------------\na\000b\377\n' |
  cmp - "$tmp/out" >"$tmp/err" || status=1
ends 'bytes pass unchanged' 0

try on -b -w 'forger,web1' true
is 'what looks like a header gets a blank before it' 0 '---------------
forger
---------------
 ---------------
web9
 ---------------
lie
---------------
web1
---------------
alpha
beta' ''
try on --similar -w 'forger,web1' true
holds '--similar has no header but its own' \
  test "$(grep -c '^---------------$' "$tmp/out")" = 4
on -w 'forger,web1' true >"$tmp/out" 2>"$tmp/err"
holds 'and each line as it comes its own label' sh -c \
  '! grep -v "^forger: \|^web1: " "$1"' - "$tmp/out"

try on -bq -w db1 true
refuses '-q and -b exclude each other' -q --gather
try env MUSTER_QUIET=1 "$muster" run -F "$tmp/fleet/config" -l user \
  -i "$tmp/fleet/key" --known-hosts "$tmp/fleet/known_hosts" \
  -b -w db2 true
is 'the command line goes before the environment' 0 '---------------
db2
---------------
gamma' ''
try env MUSTER_QUIET=1 MUSTER_GATHER=1 "$muster" run -w db2 true
refuses 'variables exclude each other too' MUSTER_QUIET gather
try on -b --sort=name -w db1 true
refuses 'an unknown order is named' --sort "'name'"
try on --sort=name -w db1 true
refuses 'where it would not count, too' --sort "'name'"

# 100 hosts of 100,000 lines that are equal: memory for one of them.
if is_sanitized; then
  skip '10,000,000 equal lines need memory for 100,000' \
    'sanitizers have memory of their own'
else
  # shellcheck disable=SC2016 # the inner shell expands it
  try sh -c 'ulimit -v 600000 && exec "$@"' - env muster="$muster" \
    tmp="$tmp" sh -c '"$muster" run -F "$tmp/fleet/config" -l user \
      -i "$tmp/fleet/key" --known-hosts "$tmp/fleet/known_hosts" \
      -b -w "big[001-100]" true | tee "$tmp/big" | wc -l'
  is '10,000,000 equal lines need memory for 100,000' 0 100003 ''
  holds 'they are of all hosts' grep -qx 'big\[001-100\] (100)' "$tmp/big"
fi

# The same, all of them different: 710 MB, of which 64 MiB lie in memory.
# (The most memory that python finds is in KiB.)
if [ -z "$long" ]; then
  skip '10,000,000 lines of 710 MB need less memory' 'MUSTER_LONG_TESTS'
elif ! command -v python3 >/dev/null; then
  skip '10,000,000 lines of 710 MB need less memory' 'no python3'
else
  "$muster" version >/dev/null # libtool links it at its first run
  cat >"$tmp/peak" <<'END'
import resource, subprocess, sys
with open(sys.argv[1], 'w') as out:
    code = subprocess.run(sys.argv[2:], stdout=out).returncode
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(code, 'ok' if peak < 300000 else peak)
END
  # shellcheck disable=SC2016 # awk expands it
  try python3 "$tmp/peak" "$tmp/big" "$muster" run --no-record \
    -F "$tmp/fleet/config" -l user -i "$tmp/fleet/key" \
    --known-hosts "$tmp/fleet/known_hosts" -b -w 'own[001-100]' \
    'awk -v h="$HOSTNAME" "BEGIN { for (i = 0; i < 100000; i++) printf \
      \"%s line %06d of a text that every host has for its own alone\\n\", \
      h, i }"'
  is '10,000,000 lines of 710 MB need less memory' 0 '0 ok' ''
  holds 'none is missing, and none comes twice' \
    test "$(sort -u "$tmp/big" | wc -l)" = 10000101
  rm -f "$tmp/big"
fi

finish
