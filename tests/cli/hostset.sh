#!/bin/sh
# hostset.sh -- which hosts a run is on, and what they are called. All of
# them refuse the connection.
. "$(dirname "$0")/lib.sh"

unset ANSIBLE_INVENTORY XDG_CONFIG_HOME DSHGROUP_PATH PDSH_GENDERS_FILE
HOME=$tmp
CLUSTERSHELL_CFGDIR=$tmp/clustershell
export HOME CLUSTERSHELL_CFGDIR
mkdir "$CLUSTERSHELL_CFGDIR"
: >"$CLUSTERSHELL_CFGDIR/groups.conf"
cat >"$tmp/config" <<'END'
Host *
HostName 127.0.0.1
Port 1
User me
END

# on_hosts ARGUMENT... -- tries a run; the hosts are left in $tmp/hosts.
on_hosts() {
  try "$muster" run -F "$tmp/config" --tsv "$@" true
  cut -f1 "$tmp/out" | sed 1d >"$tmp/hosts"
}

# has NAME HOSTS WORD -- the last try was on these hosts, and standard error
# has the word.
has() {
  echo "$2" | tr ' ' '\n' | diff - "$tmp/hosts" >/dev/null && good=0 || good=1
  grep -qF -e "$3" "$tmp/err" || good=1
  verdict "$1" "$good"
}

on_hosts -w 'n[1-3]' -H n4 -x 'n[2,4]'
has '-x takes away what -w and -H name' 'n1 n3' '2 hosts:'
on_hosts -w a1 -w b1 -x 'b*'
has 'a wildcard of -x is for all lists together' 'a1' '1 host:'
on_hosts -w n1 -H n2 -x 'n[1-2]'
refuses 'nothing left is refused' '-x takes all'
on_hosts -w 'n[1-3],n2' -H n3
has 'hosts named again are counted' 'n1 n2 n3' '2 hosts were named again'
on_hosts -w n1 -w me@n1:1
has 'a login that ssh_config makes the same is too' 'n1' \
  '1 host was named again'
on_hosts -q -w n1,n1
holds '-q says nothing of it' sh -c '! grep -q again "$1"' - "$tmp/err"
on_hosts --keep-dups -w 'n[1-3],n2' -w n1 -x n3
has '--keep-dups keeps them' 'n1 n2 n2#2 n1#2' '4 hosts:'
holds 'and says nothing of it' sh -c '! grep -q again "$1"' - "$tmp/err"
holds 'the line to rerun names each once' \
  grep -qF -- "-w 'n[1-2]'" "$tmp/rerun"
try "$muster" run -F "$tmp/config" --password-fd 9 --list-hosts \
  -w 'n[9-10],a'
is '--list-hosts prints them, asks nothing and runs nothing' 0 'n9
n10
a' ''
mkdir -p "$tmp/.dsh/group"
echo 'w[1-2]' >"$tmp/.dsh/group/web"
echo d1 >"$tmp/.dsh/group/db"
on_hosts -g web,db
has '-g names groups' 'w1 w2 d1' '3 hosts:'
on_hosts -g '@web' -w n1 -X db,web
has '-X takes groups away' 'n1' '1 host:'
on_hosts -g web -X web
refuses 'not all of them' '-X takes all'
on_hosts -g web,wbe
refuses 'an unknown group of -g is named' "'wbe'" "'@web'"
on_hosts -H 'n[1'
refuses '-H takes names only' "'n[1'"
on_hosts -H '-oProxyCommand=x'
refuses '-H takes no options' "'-oProxyCommand=x'"

on_hosts -w 'w1.a.org,w2.a.org,w2.b.org' --label short
has 'short labels, unless two would be equal' 'w1 w2.a.org w2.b.org' '3 hosts'
holds 'the line to rerun has the names of the list' \
  grep -qF -- "-w 'w[1-2].a.org,w2.b.org'" "$tmp/rerun"
on_hosts -w 'w1.a.org,you@w1.a.org' --label short
has 'logins at one host are told apart' 'me@w1.a.org:1 you@w1.a.org:1' \
  '2 hosts'
on_hosts -w n1 --label long
refuses 'an unknown form of label is named' "'long'" 'alias'

on_hosts -w '@nosuch'
refuses 'an unknown group runs nothing' "'nosuch'"
on_hosts -w 'n1,@nosuch' --allow-empty
has '--allow-empty lets it pass' 'n1' '1 host:'
try "$muster" run --allow-empty -w '@nosuch' true
is '--allow-empty lets no host at all pass' 0 '' \
  'muster: no host is selected: nothing is run'
try "$muster" run --allow-empty true
refuses 'but some list there must be' 'no hosts'

try "$muster" hosts -c 'n[1-100000]'
is 'there may be 100,000 hosts' 0 100000 ''
try "$muster" hosts -c 'n[1-100001]'
refuses 'and not more' "'n[1-100001]'" 100000 'column 1'
try "$muster" hosts -c --max-hosts 100001 'n[1-100001]'
is 'unless --max-hosts allows it' 0 100001 ''
try "$muster" hosts -c --max-hosts 5 'n[1-3]' 'm[1-3]'
refuses 'all lists together count' ' 5 '
try "$muster" hosts -c 'n[1-4000000000]'
refuses 'no memory is taken for too many' '4000000000'
try "$muster" hosts 'foo[1-3'
refuses 'a refusal names the column' "'foo[1-3', column 4:"

# On a terminal a caret stands below it.
if command -v script >/dev/null; then
  script -qec "$muster hosts 'a,foo[1-3' 2>&1" /dev/null </dev/null |
    tr -d '\r' >"$tmp/out" || :
  holds 'a caret stands below the place' grep -qx '       ^' "$tmp/out"
  holds 'the list stands above it' grep -qxF '  a,foo[1-3' "$tmp/out"
else
  skip 'a caret stands below the place' 'no script(1)'
fi

printf '[a]\nn1 ansible_host=127.0.0.1 ansible_foo=x\n' >"$tmp/inv.ini"
on_hosts -v -I "$tmp/inv.ini" -w n1
has 'variables that mean nothing are told with -v' 'n1' "'ansible_foo'"
finish
