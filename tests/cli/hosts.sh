#!/bin/sh
# hosts.sh -- muster hosts: each case is a command line and what it prints.
. "$(dirname "$0")/lib.sh"

# Inventories of our own, none of the machine's.
unset ANSIBLE_INVENTORY XDG_CONFIG_HOME
HOME=$tmp
DSHGROUP_PATH=$tmp/dsh
PDSH_GENDERS_FILE=$tmp/genders
CLUSTERSHELL_CFGDIR=$tmp/clustershell
export HOME DSHGROUP_PATH PDSH_GENDERS_FILE CLUSTERSHELL_CFGDIR
mkdir "$DSHGROUP_PATH" "$CLUSTERSHELL_CFGDIR"
: >"$CLUSTERSHELL_CFGDIR/groups.conf"
printf 'n[1-4] compute,rack=1\nn[5-6] compute,rack=2\nlogin1 login\n' \
  >"$PDSH_GENDERS_FILE"

# prints OUT WORDS... -- muster hosts WORDS prints OUT.
prints() {
  out=$1
  shift
  try "$muster" hosts "$@"
  is "hosts $*" 0 "$out" ''
}

prints 'n[1-3,7]' 'n[1-3]' n7
prints 'n[1-3,7]' -f n7,n3 n1 n2
prints 'n2 n9 n10' -e n10 n9 n2
prints 'n2,n9,n10' -e -S , n10 n9 n2
try "$muster" hosts -e -S '\n' 'n[1-2]'
is 'a backslash and n are an end of line' 0 'n1
n2' ''
prints 'root@n[1-2]:22' -f 'root@n[1-2]:22'
prints 5 -c 'n[1-5]' n2
prints 'n[1,3,7]' -f 'n[1-3]' n7 -x n2
prints 'n[3-4]' -f 'n[1-4]' -i 'n[3-9]'
prints 'n[1-2,5]' -f 'n[1-4]' -X 'n[3-5]'
prints 'n[3-5]' -f 'n[1-4]' -x 'n[1-2]' n5
prints 'n[2-3]' -f -x n1 'n[1-3]'
prints 'n[1-4]
n[5-7]
n[8-10]' -f --split 3 'n[1-10]'
prints 'n1
n2' -f --split 5 'n[1-2]'
prints 'n1 n2
n3' -e --split 2 'n[1-3]'
prints 'n[1-2,5]' -f --slice 0-1,4 'n[1-10]'
prints 3 -c --pick 3 'n[1-10]'
prints 'n[0-8/2]' -f --autostep 3 'n[0-8/2]'
prints 'n[1-2].dc1,n[1-2].dc2' -f --axis 1 'n[1-2].dc[1-2]'
prints 'n[1-6]' -f @compute
prints 'n[5-6]' -f '@compute!@rack=1'
prints 'login1,n[1-6]' -f -a
prints 'n[1-4]' -f 'n*' -x '@rack=2'
prints '@compute
@login
@rack
@rack=1
@rack=2' -l
prints '@login login1' -ll login1
prints '@compute' -r 'n[1-6]'
prints '@rack=1,n5' -r 'n[1-5]'
prints 'x' -r x

printf 'n1 n2\nn[4-5]\n' >"$tmp/list"
status=0
"$muster" hosts -f <"$tmp/list" >"$tmp/out" 2>"$tmp/err" || status=$?
is 'lists are read from standard input' 0 'n[1-2,4-5]' ''
status=0
"$muster" hosts -f n9 - -x n4 <"$tmp/list" >"$tmp/out" 2>"$tmp/err" ||
  status=$?
is "'-' among lists is standard input" 0 'n[1-2,5,9]' ''
prints 'n[1-2,4-5]' -f "^$tmp/list"

printf '[web]\nw[1:4]\n[db]\nd1\nw2\n' >"$tmp/inv.ini"
prints 'w[1,3-4]' -f -I "$tmp/inv.ini" --pattern 'web:!db'
prints 'd1,w[1-4]' -f -I "$tmp/inv.ini" -a
prints 'w1' -e -I "$tmp/inv.ini" w1

try "$muster" hosts -f 'n[1-3'
refuses 'a list that does not parse is named' "'n[1-3'" closed
try "$muster" hosts -f @nosuch
refuses 'an unknown group is named' "'nosuch'"
try "$muster" hosts -f @compte
refuses 'the nearest group is suggested' "'@compute'"
try "$muster" hosts -f 'zzz*'
refuses 'a wildcard without a match is named' "'zzz*'"
try "$muster" hosts -f n1 -x n1
refuses 'no host at all is refused' 'no host'
try "$muster" hosts -f -e n1
refuses 'one thing at a time' 'only one'
try "$muster" hosts -f n1 -e
refuses 'options behind a list are options' 'only one'
try "$muster" hosts 'n[1-3]' -f m1 -x n2 --axis 1
is 'in any place' 0 'm1,n[1,3]' ''
try "$muster" hosts -e 'n[1-3]' -S : -- m1
is 'but behind -- are only lists' 0 'm1:n1:n2:n3' ''
try "$muster" hosts 'n[1-3],m1' -x 'n*'
is 'what is taken away is chosen from what there is' 0 m1 ''
try "$muster" hosts a -x a b
is 'even when nothing is left' 0 b ''
try "$muster" hosts -f n1 -x
refuses 'a list is missing' "'-x'"
try "$muster" hosts -f --axis x n1
refuses 'a bad axis is named' "'x'"
try "$muster" hosts -f --slice 3-1 n1
refuses 'bad places are named' "'3-1'"
try "$muster" hosts -f --slice 3-1,4 n1
refuses 'wherever they are' "'3-1,4'"
try "$muster" hosts -f --slice 0-3/0 n1
refuses 'so is a step of none' "'0-3/0'"
try "$muster" hosts -f -I "$tmp/nosuch" n1
refuses 'an inventory that is not there is named' "$tmp/nosuch"
prints '' -f --allow-empty @nosuch
prints 0 -c --allow-empty n1 -x n1

if command -v nodeset >/dev/null; then
  for words in '-f n[1-3] n7 -x n2' '-e n10 n9 n2' '-c n[1-5] n2' \
    '-f n[1-4] -i n[3-9]' '-f n[1-4] -X n[3-5]' '-f --split=3 n[1-10]' \
    '-e -S , a[2-3]' '-f --autostep=3 n[0-8/2]' \
    '-f --axis=1 n[1-2].dc[1-2]' '-f a[1-2]b[1-2] a3b1' \
    '-f foo01,foo1,foo2,foo02' '-e n[1-20/3]' \
    '-f n[1-9]!n3,n3&n[2-5]^n[4-7]' '-c n[1-9]!n[1-3]^n[2-4]' \
    '-f n[1-4] -x n2 n2' '-f n[1-4] -X n[2-9] n2 -x n3' \
    '-e n[1-4] -i n[2-9] n9 -x n3' \
    '-f --slice=0-1,3 n[1-9]' '-f --slice=0-8/2 n[1-9]' \
    '-f n[001-003]!n02'; do
    # shellcheck disable=SC2086 # words are words
    want=$(nodeset $words)
    # shellcheck disable=SC2086
    prints "$want" $words
  done
else
  skip 'nodeset prints the same' 'no nodeset'
fi
finish
