#!/bin/sh
# forms.sh -- host by host, and tables: -L, --table, --tsv.
. "$(dirname "$0")/lib.sh"
with_fleet 'slow exec=canned stdout="one\ntwo" linger=300ms
web[1-2] exec=canned stdout="alpha\nbeta\n" stderr="warn\n"
bad exec=canned stderr="12345" exit=3
dead exec=canned signal=KILL
down exec=canned down=yes
big[01-20] exec=canned bytes=640000'

try on -L -w slow,web1,bad,web2 true
sort -o "$tmp/err" "$tmp/err"
is '-L keeps the order of the list' 5 'slow: one
slow: two
web1: alpha
web1: beta
web2: alpha
web2: beta' 'bad: 12345
muster: 4 hosts: 3 ok, 1 failed
muster: exit 3 on 1 host: bad
web1: warn
web2: warn'
try on -LN -w web2,down,web1 true
ends '-L does not wait for hosts out of reach' 4
holds 'and prints the others, without labels for -N' \
  sh -c '[ "$(tr "\n" , <"$1")" = alpha,beta,alpha,beta, ]' - "$tmp/out"
try on -L -w 'big[01-20]' true
cut -d: -f1 "$tmp/out" | uniq -c | awk '{ print $2, $1 }' >"$tmp/counts"
seq -f 'big%02g 10000' 20 | cmp -s - "$tmp/counts" || status=1
sed -n 's/^big07: //p' "$tmp/out" | sha256sum >"$tmp/one"
sed -n 's/^big20: //p' "$tmp/out" | sha256sum | cmp -s - "$tmp/one" ||
  status=2
: >"$tmp/out"
ends '200,000 lines come in order, and whole' 0

# Times are what they are.
timeless() {
  sed -E -i 's/[0-9]+\.[0-9]{3}/T.TTT/' "$tmp/out"
}
try on --table -w web1,bad,dead,down true
sed -E -i 's/ *[0-9]+\.[0-9]{3}/  T.TTT/' "$tmp/out"
is '--table has a row for each host' 4 \
  'host  state    rc  signal  reason         time  bytes
web1  ok        0  -       EXIT  T.TTT     16
bad   failed    3  -       EXIT  T.TTT      5
dead  failed    -  KILL    SIGNAL  T.TTT      0
down  not-run   -  -       CONN_REFUSED  T.TTT      0' "$(cat "$tmp/err")"
try on --tsv -w web1,bad,dead,down true
timeless
is '--tsv has tabs between them' 4 \
  "$(printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
    host state rc signal reason time bytes web1 ok 0 - EXIT T.TTT 16 \
    bad failed 3 - EXIT T.TTT 5 dead failed - KILL SIGNAL T.TTT 0 \
    down not-run - - CONN_REFUSED T.TTT 0)" "$(cat "$tmp/err")"
holds 'the report is on standard error' \
  grep -q '^muster: exit 3 on 1 host: bad$' "$tmp/err"

for pair in '-L --diff' '-L --similar' '-L -q' '-L -j' '--table --tsv' \
  '--table -q' '-j --tsv'; do
  # shellcheck disable=SC2086 # words are words
  try on $pair -w web1 true
  refuses "'$pair' is refused" 'exclude each other'
done
finish
