#!/bin/sh
# ansible.sh -- what Ansible's variables say of a host, on real sshds and,
# where they have it become another user, on simulated hosts.
. "$(dirname "$0")/lib.sh"
with_sshds 3 "$0"

# shellcheck disable=SC2086 # words are words
set -- $SSHD_HOSTS
cat >"$tmp/inv.ini" <<END
[web]
one ansible_host=$1 ansible_ssh_private_key_file='$tmp/a key'
two ansible_ssh_host=$2 ansible_ssh_port=$SSHD_PORT

[web:vars]
ansible_port=$SSHD_PORT
color=green

[inner]
three ansible_host=$3

[inner:vars]
ansible_port=$SSHD_PORT
ansible_ssh_common_args='-C -o ProxyJump=$SSHD_USER@$1:$SSHD_PORT'

[odd]
nobody ansible_user=muster-nobody
nokey ansible_ssh_private_key_file=$tmp/none
args ansible_ssh_common_args='-C -o NoSuchOption=1'

[odd:vars]
ansible_host=$2
ansible_port=$SSHD_PORT

[all:vars]
ansible_user=$SSHD_USER
ansible_ssh_private_key_file=$SSHD_DIR/user_ed25519
ansible_connection=ssh
END
one=$1 two=$2 three=$3
key="$tmp/a key"
cp "$SSHD_DIR/user_ed25519" "$key"
# As with ssh, the bastion has its key from a file.
printf 'Host %s\nIdentityFile "%s"\n' "$one" "$key" >"$tmp/config"

config=$tmp/config

# at INVENTORY ARGUMENT... -- tries a run that knows how to log in from there.
at() {
  inventory=$tmp/$1
  shift
  try "$muster" run -F "$config" --known-hosts "$SSHD_DIR/known_hosts" \
    -I "$inventory" "$@"
}

# jumps NAME INVENTORY -- three is behind a bastion there, to which nothing
# leads without its key.
jumps() {
  config=none
  at "$2" -w three true
  config=$tmp/config
  holds "$1" grep -qF "bastion '$one' cannot be reached" "$tmp/err"
}

# shellcheck disable=SC2016 # the remote shell expands it
where='set -- $SSH_CONNECTION; echo $3'
at inv.ini -L -w one,three "$where"
is 'address, port, user and key count' 0 "one: $one
three: $three" ''
jumps 'so does the jump of ssh arguments' inv.ini
at inv.ini -L -g web "$where"
is 'so do those of groups, and older names' 0 "one: $one
two: $two" ''
at inv.ini -w one -l muster-nobody true
is 'what the inventory says goes before -l' 0 '' ''
at inv.ini -w muster-nobody@one true
ends 'what the list says goes before that' 4
holds 'as whom is said' grep -q "muster-nobody" "$tmp/err"
at inv.ini -w nobody true
ends 'a user of its own goes before that of groups' 4
at inv.ini -w nokey true
ends 'so does a key' 4
holds 'a key that is missing is named' \
  grep -q "AUTH_KEY on 1 host: nokey: .*'[^']*': No such file" "$tmp/err"
at inv.ini -w one,args true
refuses 'an option that ssh has not is named, and its host' "'args'" \
  "'nosuchoption'"
at inv.ini -v -w one true
holds 'what means nothing is told with -v' \
  grep -q "inventory's 'color' means nothing" "$tmp/err"
holds 'so are arguments for ssh' grep -qF \
  "inventory's 'ansible_ssh_common_args: -C' means nothing" "$tmp/err"

# By ssh(1) where the inventory says so, and nowhere else.
if command -v ssh >/dev/null; then
  {
    printf '[way:vars]\nansible_port=%s\nansible_user=%s\n' "$SSHD_PORT" \
      "$SSHD_USER"
    echo "ansible_ssh_private_key_file=$SSHD_DIR/user_ed25519"
    printf '[way]\none ansible_host=%s muster_transport=openssh\n' "$one"
    printf 'three ansible_host=%s muster_transport=libssh2\n' "$three"
    printf '[odd]\nodd muster_transport=pigeon\n'
  } >"$tmp/way.ini"
  at way.ini -d -L -g way "$where"
  ends 'a host may be connected to by ssh' 0
  holds 'both answer' test "$(cat "$tmp/out")" = "one: $one
three: $three"
  holds 'one by ssh' grep -q ' client one: .*Sending command' "$tmp/err"
  holds 'the other by libssh2' sh -c \
    'grep -q " session three kex ->" "$1" && ! grep -q " client three" "$1"' \
    - "$tmp/err"
  at way.ini -w odd true
  refuses 'another way is refused' "'odd'" 'muster_transport' "'pigeon'"
else
  skip 'a host may be connected to by ssh' 'no ssh'
fi

# The same as YAML, and from a program.
cat >"$tmp/inv.yml" <<END
web:
  hosts:
    one: &one
      ansible_host: $one
      ansible_port: $SSHD_PORT
      ansible_user: $SSHD_USER
      ansible_ssh_private_key_file: "$SSHD_DIR/user_ed25519"
inner:
  hosts:
    three:
      <<: *one
      ansible_host: $three
      ansible_ssh_common_args: -J $SSHD_USER@$one:$SSHD_PORT
END
at inv.yml -L -g web,inner "$where"
is 'YAML says the same' 0 "one: $one
three: $three" ''
jumps 'and to jump' inv.yml
cat >"$tmp/program" <<END
#!/bin/sh
cat <<JSON
{"web": {"hosts": ["one"]}, "inner": ["three"],
 "all": {"vars": {"ansible_port": $SSHD_PORT, "ansible_user": "$SSHD_USER",
  "ansible_ssh_private_key_file": "$SSHD_DIR/user_ed25519"}},
 "_meta": {"hostvars": {"one": {"ansible_host": "$one"},
  "three": {"ansible_host": "$three",
   "ansible_ssh_common_args": "-J $SSHD_USER@$one:$SSHD_PORT"}}}}
JSON
END
chmod +x "$tmp/program"
at program -L -g web,inner "$where"
is 'a program says the same' 0 "one: $one
three: $three" ''
jumps 'that too' program

# Other users, by programs that say how they were called.
with_fleet 'root
admin
su
doas
no
true'
for name in sudo su doas; do
  cat >"$tmp/$name" <<END
#!/bin/sh
echo "$name \$*" | sed 's/ *-- .*//; s/ -c .*//; 1q' >"\$HOME/called"
END
  cat >>"$tmp/$name" <<'END'
while [ "$1" != -- ] && [ "$1" != -c ]; do shift; done
[ "$1" = -c ] && set -- /bin/sh "$@" || shift
exec "$@"
END
  on -w 'root,admin,su,doas,no,true' \
    "mkdir -p bin && cat >bin/$name && chmod +x bin/$name" <"$tmp/$name"
done
cat >"$tmp/become.ini" <<END
[some]
root
admin ansible_become_user=admin ansible_become_method=ansible.builtin.sudo
su ansible_become_user=other ansible_become_method=su
doas ansible_become_method=doas
no ansible_become=False
[some:vars]
ansible_become=yes
[not]
true ansible_become='{{ x }}'
maybe ansible_become=maybe
as ansible_become=1 ansible_become_user='{{ x }}'
how ansible_become=1 ansible_become_method=runas
END
try on -I "$tmp/become.ini" -L -g some \
  'cat $HOME/called 2>/dev/null || echo nobody'
is 'hosts have their commands run by others' 0 'root: sudo -n -u root
admin: sudo -n -u admin
su: su other
doas: doas -n -u root
no: nobody' ''
try on -I "$tmp/become.ini" -L --sudo=me -w admin,no "cat \$HOME/called"
is '--sudo goes before that' 0 'admin: sudo -n -u me
no: sudo -n -u me' ''
try on -I "$tmp/become.ini" -w true true
refuses 'a template is not taken for a no' "'true'" ansible_become template
try on -I "$tmp/become.ini" -w maybe true
refuses 'nor is any other word' "'maybe'" "ansible_become cannot be 'maybe'"
try on -I "$tmp/become.ini" -w as true
refuses 'nor is a template a user' "'as'" ansible_become_user template
try on -I "$tmp/become.ini" -w how true
refuses 'a method that is not known is named' "'how'" "'runas'"
finish
