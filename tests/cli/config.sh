#!/bin/sh
# config.sh -- configuration files: muster config, what goes before what, and
# that a bad one stops everything.
. "$(dirname "$0")/lib.sh"

unset MUSTER_CONFIG
XDG_CONFIG_HOME=$tmp/xdg
HOME=$tmp/home
export XDG_CONFIG_HOME HOME
mkdir -p "$XDG_CONFIG_HOME/muster" "$HOME/.config/muster"
umask 022
mine=$XDG_CONFIG_HOME/muster/config
cat >"$mine" <<'END'
# mine
fanout 200
connect-timeout 2500ms
identity ~/k "/old one" 'a"b\c'
label short   # quick
gather yes
END

try "$muster" config fanout connect-timeout identity label gather json jump
is 'settings are printed as a file has them' 0 \
  "identity $HOME/k \"/old one\" \"a\\\"b\\\\c\"
# jump
fanout 200
connect-timeout 2500ms
label short
gather yes
json no" ''
try env MUSTER_USER=me FANOUT=3 "$muster" config -O port=5 --origins \
  fanout user port label retries
sed 's/  */ /g' "$tmp/out" | sort >"$tmp/sorted"
mv "$tmp/sorted" "$tmp/out"
is 'origins are told' 0 "fanout 3 # \$FANOUT
label short # $mine:5
port 5 # --set
retries 2 # default
user me # \$MUSTER_USER" ''

try "$muster" config
cp "$tmp/out" "$tmp/again"
chmod 600 "$tmp/again"
try "$muster" config --config "$tmp/again"
holds 'what is printed can be read again' cmp "$tmp/out" "$tmp/again"
printf 'fanout 7\n' >"$HOME/.config/muster/config"
try env -u XDG_CONFIG_HOME "$muster" config fanout
is '~/.config is the place without XDG_CONFIG_HOME' 0 'fanout 7' ''
try env XDG_CONFIG_HOME=relative "$muster" config fanout
is 'a relative XDG_CONFIG_HOME is none' 0 'fanout 7' ''
try "$muster" config --config none fanout
is 'no file is read for none' 0 'fanout 64' ''
try "$muster" config labl
refuses 'an unknown keyword is named, and the nearest' "'labl'" "'label'"

# A bad file: nothing is contacted, whatever the verb.
printf 'fanout 3\nretires 2\n' >"$mine"
try "$muster" -o "ProxyCommand=touch $tmp/contacted" -w n1 true
is 'a bad file is named with its place' 2 '' \
  "muster: $mine:2:1: unknown keyword 'retires': did you mean 'retries'?"
holds 'nothing was contacted' test ! -e "$tmp/contacted"
for words in 'hosts n1' 'demo' 'gather' 'config'; do
  # shellcheck disable=SC2086 # words are words
  try "$muster" $words
  refuses "$words refuses it too" "$mine:2:1:"
done
try "$muster" help
ends 'help is there all the same' 0
chmod g+w "$mine"
try "$muster" hosts n1
refuses 'a file that others may write is not read' 'chmod go-w'
try "$muster" hosts -O fanuot=3 n1
refuses 'a keyword of --set is checked' "'fanuot'" "'fanout'"
try "$muster" hosts -O fanout n1
refuses '--set wants a value' "'fanout'"
try "$muster" hosts -O fanout=x n1
refuses 'a value of --set is checked' "'fanout'" "'x'"

# The system's file, in an /etc of our own.
cat >"$tmp/system.sh" <<'END'
mount -t tmpfs none /etc && mkdir /etc/muster || exit 77
printf 'fanout 11\nretries 5\n' >/etc/muster/config
exec "$@"
END
printf 'fanout 12\n' >"$mine"
chmod 600 "$mine"
if unshare -rm sh "$tmp/system.sh" true 2>/dev/null; then
  try unshare -rm sh "$tmp/system.sh" "$muster" config --origins fanout retries
  sed 's/  */ /g' "$tmp/out" >"$tmp/words"
  mv "$tmp/words" "$tmp/out"
  is "the user's file goes before the system's" 0 "fanout 12 # $mine:1
retries 5 # /etc/muster/config:2" ''
else
  skip "the user's file goes before the system's" 'no namespaces'
fi

# The system's groups: muster's own, ClusterShell's, dsh's, genders and
# clusters, each with one host that tells where it is from.
cat >"$tmp/groups.sh" <<'END'
mount -t tmpfs none /etc && cd /etc || exit 77
mkdir -p muster/groups.d clustershell/groups.d dsh/group
echo own >muster/groups.d/own
printf '[Main]\ndefault: local\nautodir: %s\n' /etc/clustershell/groups.d \
  >clustershell/groups.conf
echo 'local: {shell: "shell[1-2]"}' >clustershell/groups.d/a.yaml
echo dsh >dsh/group/dsh
echo 'node attr' >genders
echo 'tag cluster1 cluster2' >clusters
exec "$@"
END
if unshare -rm sh "$tmp/groups.sh" true 2>/dev/null; then
  in_etc() {
    try env -u CLUSTERSHELL_CFGDIR -u DSHGROUP_PATH -u PDSH_GENDERS_FILE \
      -u XDG_CONFIG_HOME HOME="$tmp/nowhere" \
      unshare -rm sh "$tmp/groups.sh" "$muster" hosts "$@"
  }
  in_etc -f @own @shell @dsh @attr @tag
  is "the system's groups are found" 0 \
    'cluster[1-2],dsh,node,own,shell[1-2]' ''
  in_etc -f -a
  is 'all of them are all hosts' 0 \
    'cluster[1-2],dsh,node,own,shell[1-2]' ''
  in_etc -f @wn
  refuses 'names from there are suggested' "'wn'" "'@own'"
else
  skip "the system's groups are found" 'no namespaces'
  skip 'all of them are all hosts' 'no namespaces'
  skip 'names from there are suggested' 'no namespaces'
fi

# groups.d
mkdir "$XDG_CONFIG_HOME/muster/groups.d"
echo 'w[1-3]' >"$XDG_CONFIG_HOME/muster/groups.d/web"
try "$muster" hosts -f @web
is 'groups.d has a group a file' 0 'w[1-3]' ''
finish
