#!/bin/sh
# gather_verb.sh -- muster gather, against dshbak and clubak.
. "$(dirname "$0")/lib.sh"

# gathered OPTION... -- muster gather of $tmp/in.
gathered() {
  "$muster" gather "$@" <"$tmp/in"
}

# feed FORMAT -- what printf makes of it is the input.
feed() {
  # shellcheck disable=SC2059 # it is a format
  printf "$1" >"$tmp/in"
}

feed 'n2: b\nn1: a\nn3: a\nn1: c\nn3: c\nn4:\nn5:  x\n'
try gathered
is 'equal outputs are printed once, the largest group first' 0 \
  '---------------
n[1,3] (2)
---------------
a
c
---------------
n2
---------------
b
---------------
n4
---------------

---------------
n5
---------------
 x' ''
try gathered --sort=host
holds '--sort=host goes by who came first' \
  sh -c '[ "$(sed -n 2p "$1")" = n2 ]' - "$tmp/out"
feed 'fe80::1: a\nu@h:22: b: c\nplain:d:e\n  n9 : f\ntail: g'
try gathered
is 'addresses and ports are part of the name' 0 '---------------
fe80::1
---------------
a
---------------
u@h:22
---------------
b: c
---------------
plain
---------------
d:e
---------------
n9
---------------
f
---------------
tail
---------------
g' ''
feed 'n1: a\nwhat is this\n\nn1: b\n'
try gathered
is 'a line without a host is told' 1 '---------------
n1
---------------
a
b' "muster: 2 lines were left out: there is no 'host:' before line 2"
feed ''
try gathered
is 'nothing gives nothing' 0 '' ''
feed 'n1: a\000b\377\n'
try gathered
printf -- '---------------\nn1\n---------------\na\000b\377\n' |
  cmp - "$tmp/out" >"$tmp/err" || status=2
ends 'bytes pass unchanged' 0
feed 'n1: ---------------\nn1: n2\nn1: ---------------\nn1: x\n'
try gathered
holds 'a text that looks like a header stays below its own' \
  sh -c '[ "$(sed -n 2p "$1")" = n1 ] && [ "$(wc -l <"$1")" = 7 ]' - \
  "$tmp/out"
awk 'BEGIN {
  for (h = 1; h <= 3; h++) {
    printf "long%d: ", h
    for (i = 0; i < 300000; i++) printf "x"
    print ""
  }
}' >"$tmp/in"
try gathered
[ "$(sed -n 4,8p "$tmp/out" | tr -d '\n' | wc -c)" = 300000 ] || status=2
holds 'a long line is one host'\''s' grep -qx 'long\[1-3\] (3)' "$tmp/out"
ends 'and whole' 0
try "$muster" gather --sort=x
refuses 'an unknown order is named' "'x'"
try "$muster" gather file
refuses 'it reads no files' "'file'"
try sh -c '"$1" gather <"$2" >/dev/full' - "$muster" "$tmp/in"
[ ! -e /dev/full ] || ends 'a full disk is an error' 1

# Random outputs of hosts, mixed: three classes, some of them of one host.
awk 'BEGIN {
  srand(7)
  for (i = 1; i <= 40; i++)
    left[i] = 3 + i % 3
  for (n = 40; n > 0; ) {
    i = 1 + int(rand() * 40)
    if (left[i] == 0)
      continue
    text = i % 7 == 0 ? "odd " i : "class " i % 3 " says: " left[i]
    if (left[i] == 2)
      text = i % 2 == 0 ? "" : "  two  blanks "
    printf "node%02d: %s\n", i, text
    if (--left[i] == 0)
      n--
  }
}' >"$tmp/in"

# blocks -- "HOSTS|line|line|", sorted: what any of the programs prints.
blocks() {
  awk '
    /^---------------/ { if (++rule % 2 == 1) { print text; text = "" }; next }
    rule % 2 == 1 { sub(/ \([0-9]+\)$/, ""); text = $0 "|"; next }
    { text = text $0 "|" }
    END { print text }' | sed 1d | sort
}
gathered | blocks >"$tmp/mine"
holds 'there are groups to compare' test "$(wc -l <"$tmp/mine")" -ge 8
if command -v dshbak >/dev/null; then
  dshbak -c <"$tmp/in" | blocks >"$tmp/out"
  cmp "$tmp/mine" "$tmp/out" 2>"$tmp/err" || status=2
  holds 'dshbak -c finds the same groups' cmp -s "$tmp/mine" "$tmp/out"
else
  skip 'dshbak -c finds the same groups' 'no dshbak'
fi
if command -v clubak >/dev/null; then
  # clubak keeps the blank behind the colon.
  sed 's/: /:/' "$tmp/in" | clubak -b >"$tmp/theirs"
  blocks <"$tmp/theirs" >"$tmp/out"
  holds 'clubak -b finds the same groups' cmp -s "$tmp/mine" "$tmp/out"
  gathered | sed -n '/ ([0-9]*)$/p' | grep -o '([0-9]*)' >"$tmp/mine"
  sed -n '/ ([0-9]*)$/p' "$tmp/theirs" | grep -o '([0-9]*)' >"$tmp/out"
  holds 'in the same order of size' cmp -s "$tmp/mine" "$tmp/out"
else
  skip 'clubak -b finds the same groups' 'no clubak'
fi
finish
