#!/bin/sh
# diff.sh -- outputs compared: --diff and --similar.
. "$(dirname "$0")/lib.sh"
with_fleet 'web[1-4] exec=canned stdout="one\ntwo\nthree\nfour\nfive\n"
db[1-2] exec=canned stdout="one\n2\nthree\nfour\nfive\nsix\n" exit=3
odd exec=canned stdout="one\ntwo\nthree\nfour\nfive"
far exec=canned stdout="nothing\nlike\nit\n"
mute exec=canned'

all='web[1-4],db[1-2],odd,far'
try on --diff -w 'web[1-4]' true
is '--diff of equal outputs is empty' 0 '' ''
try on --diff -w "$all" true
is '--diff compares with what most hosts say' 5 '--- web[1-4] (4)
+++ db[1-2] (2)
@@ -1,5 +1,6 @@
 one
-two
+2
 three
 four
 five
+six
--- web[1-4] (4)
+++ odd
@@ -2,4 +2,4 @@
 two
 three
 four
-five
+five
\ No newline at end of file
--- web[1-4] (4)
+++ far
@@ -1,5 +1,3 @@
-one
-two
-three
-four
-five
+nothing
+like
+it' 'muster: exit 3 on 2 hosts: db[1-2]
muster: 8 hosts: 6 ok, 2 failed'
try on --similar -w "$all,mute" true
is '--similar shows what is nearly equal as one' 5 '---------------
db[1-2],odd,web[1-4] (7)
---------------
  one
odd,web[1-4] (5): two
db[1-2] (2): 2
  three
  four
db[1-2],web[1-4] (6): five
db[1-2] (2): six
odd: five
---------------
far
---------------
  nothing
  like
  it' 'muster: exit 3 on 2 hosts: db[1-2]
muster: 9 hosts: 7 ok, 2 failed'
try on --similar=1 -w 'web1,db[1-2]' true
ends '--similar=1 wants equal texts' 5
holds 'and keeps others apart' \
  test "$(grep -c -- '^-------' "$tmp/out")" = 4
try on --similar=1.5 -w web1 true
refuses 'a ratio is at most 1' "'1.5'"
try on --similar --diff -w web1 true
refuses 'the two exclude each other' --diff --similar
try on --diff --sort=host -w web1 true
refuses '--sort=host is for -b' --sort
try on --diff -j -w web1 true
refuses 'so do other forms' --diff

# The same as clubak(1), and as diff(1) of two texts, of the same input.
numbered() {
  awk -v seed="$1" 'BEGIN {
    srand(seed)
    for (h = 1; h <= 9; h++)
      for (i = 1; i <= 60; i++) {
        r = h > 6 ? int(rand() * 12) : 5
        if (r == 0) continue
        print "n" h ": line " i (r == 1 ? " changed" : "")
        if (r == 2) print "n" h ": more"
      }
  }'
}
for seed in 1 2 3; do
  numbered "$seed" >"$tmp/in"
  # shellcheck disable=SC2016
  try sh -c '"$1" gather --diff <"$2"' - "$muster" "$tmp/in"
  ends 'gather --diff' 0
  sed -n 's/^n1: //p' "$tmp/in" >"$tmp/reference"
  for host in n7 n8 n9; do
    sed -n "s/^$host: //p" "$tmp/in" >"$tmp/other"
    cp "$tmp/reference" "$tmp/patched"
    sed -n "/^+++ $host\$/,/^---/{/^---/d;/^+++/d;p}" "$tmp/out" |
      patch -s "$tmp/patched" && cmp -s "$tmp/patched" "$tmp/other" ||
      status=1
  done
  ends "patch(1) makes one text of another with it, $seed" 0
done
if command -v clubak >/dev/null; then
  printf '%s\n' 'a: one' 'a: two' 'a: three' 'b: one' 'b: two' 'b: three' \
    'c: one' 'c: 2' 'c: three' 'c: four' >"$tmp/in"
  # shellcheck disable=SC2016
  try sh -c '"$1" gather --diff <"$2"' - "$muster" "$tmp/in"
  clubak --diff <"$tmp/in" 2>/dev/null |
    sed -e '/^[-+ ] /s/^\(.\) /\1/' -e 's/^--- a,b /--- [a-b] /' >"$tmp/want"
  sed -i 's/^--- .*(2)$/--- [a-b] (2)/' "$tmp/out"
  cmp -s "$tmp/want" "$tmp/out" || status=1
  ends 'clubak --diff says the same' 0
else
  skip 'clubak --diff says the same' 'no clubak'
fi
finish
