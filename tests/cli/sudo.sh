#!/bin/sh
# sudo.sh -- the sudo, su and doas that there are, behind real sshds. As root
# alone: in a mount namespace of its own, with users, passwords and rules that
# nobody else sees, the script runs again as a user who is not root.
# shellcheck disable=SC2317 # functions are called by try
case ${SUDO_STAGE-} in
user) ;;
inside)
  mount --make-rprivate / && for file in "$SUDO_ETC"/*; do
    name=$(basename "$file" | tr + /)
    [ -e "/etc/$name" ] || { [ "$name" = doas.conf ] && : >/etc/doas.conf; } ||
      continue
    mount --bind "$file" "/etc/$name" || exit 99
  done
  exec setpriv --reuid 54321 --regid 54321 --clear-groups \
    env SUDO_STAGE=user HOME=/ USER=tester LOGNAME=tester sh "$0"
  ;;
*)
  . "$(dirname "$0")/lib.sh"
  [ "$(id -u)" = 0 ] || skip_all 'not root'
  for tool in sudo su doas setpriv unshare openssl; do
    command -v "$tool" >/dev/null || skip_all "no $tool"
  done
  unshare -m true 2>/dev/null || skip_all 'no mount namespaces'
  chmod 755 "$tmp"
  "$muster" version >/dev/null # libtool links it at its first run
  setpriv --reuid 54321 --regid 54321 --clear-groups \
    test -x "$muster" -a -r "$0" || skip_all 'the build is for root alone'
  made=
  [ -e /etc/doas.conf ] || made=/etc/doas.conf
  SUDO_ETC=$tmp/etc SUDO_LOG=$tmp/log SUDO_STAGE=inside
  export SUDO_ETC SUDO_LOG SUDO_STAGE
  SUDO_ROOM=$tmp/room
  export SUDO_ROOM
  mkdir "$SUDO_ETC" "$SUDO_LOG"
  mkdir -m 700 "$SUDO_ROOM"
  mkdir -m 1777 "$SUDO_ROOM.open"
  : >"$SUDO_LOG/sudo"
  (cat /etc/passwd; echo 'tester:x:54321:54321::/:/bin/sh') >"$SUDO_ETC/passwd"
  # Without a group for them, terminals may be their owners' alone.
  (grep -v '^tty:' /etc/group; echo 'tester:x:54321:') >"$SUDO_ETC/group"
  umask 077
  printf 'root:%s:20000:0:99999:7:::\ntester:%s:20000:0:99999:7:::\n' \
    "$(openssl passwd -6 roots-own)" "$(openssl passwd -6 open-sesame)" \
    >"$SUDO_ETC/shadow"
  grep -v '^root:' /etc/shadow >>"$SUDO_ETC/shadow"
  cat >"$SUDO_ETC/sudoers" <<END
Defaults timestamp_timeout=0, logfile=$SUDO_LOG/sudo
Defaults>daemon requiretty
tester ALL=(root,daemon) ALL
tester ALL=(nobody) NOPASSWD: ALL
END
  chmod 440 "$SUDO_ETC/sudoers"
  printf 'permit tester as root\npermit nopass tester as nobody\n' \
    >"$SUDO_ETC/doas.conf"
  for name in sudo su doas; do
    printf '%s required %s.so%s\n' auth pam_unix ' nodelay' \
      account pam_permit '' session pam_permit '' >"$SUDO_ETC/pam.d+$name"
    chmod 644 "$SUDO_ETC/pam.d+$name"
  done
  chmod 644 "$SUDO_ETC/passwd" "$SUDO_ETC/group"
  rc=0
  unshare -m sh "$0" || rc=$?
  [ -z "$made" ] || rm -f "$made"
  exit "$rc"
  ;;
esac

. "$(dirname "$0")/lib.sh"
with_sshds 2 "$0"

secret=open-sesame
input=
# sudo_run ARGUMENT... -- as run, with the password on descriptor 3.
sudo_run() {
  echo "$secret" >"$tmp/secret"
  printf %s "$input" >"$tmp/input"
  run --become-password-fd 3 "$@" 3<"$tmp/secret" <"$tmp/input"
}
asked() {
  grep -c . "$SUDO_LOG/sudo"
}

input='what it reads'
try sudo_run --sudo -w "$hosts" 'id -un; cat; echo; echo err >&2; exit 3'
ends 'sudo: the exit status is that of the command' 5
holds 'it is root, and reads its input and nothing else' \
  test "$(sed 's/^[^ ]* //' "$tmp/out" | sort | uniq -c | tr -s ' \n' ' ')" = \
  ' 2 root 2 what it reads '
holds 'no prompt is shown' \
  test "$(grep -v '^muster: ' "$tmp/err" | sed 's/^[^ ]* //' | sort -u)" = err

try sudo_run --sudo=nobody -w "$one" 'id -un; cat'
is 'sudo that does not ask is not answered' 0 "$one: nobody
$one: what it reads" ''
input=

before=$(asked)
secret=wrong
try sudo_run --sudo -w "$one" 'echo never'
ends 'a wrong password: 4' 4
holds 'it is said so' grep -qx \
  "muster: SUDO_BADPASS on 1 host: $one: the password was refused" "$tmp/err"
holds 'nothing ran' test ! -s "$tmp/out"
# sudo writes its log when it has gone.
for _ in 1 2 3 4 5 6 7 8 9 10; do
  [ "$(asked)" -gt "$before" ] || sleep 0.3
done
holds 'sudo was told it once' sh -c 'tr "\n" " " <"$1" |
  grep -q "1 incorrect password attempt *;" &&
  ! grep -q "[23] incorrect" "$1"' \
  - "$SUDO_LOG/sudo"
secret=open-sesame

try sudo_run --sudo=bin -w "$one" 'echo never'
ends 'a rule that forbids it: 4' 4
holds 'what sudo says is said' grep -q \
  "^muster: SUDO_DENIED on 1 host: $one: .*not allowed to execute" "$tmp/err"

try run --sudo -w "$one" true
ends 'no password where one is wanted: 4' 4
holds 'the way to give one is named' grep -q 'SUDO_DENIED .*(see -K)' "$tmp/err"

try sudo_run --sudo=daemon -w "$one" true
ends 'requiretty without a terminal: 4' 4
holds 'the way to have one is named' grep -q 'SUDO_TTY .*(see --tty)' "$tmp/err"
try sudo_run --sudo=daemon --tty -w "$one" 'id -un; tty | cut -c1-9; exit 7'
ends 'requiretty with --tty' 5
holds 'the command has its terminal, and no prompt is shown' \
  test "$(tr -d '\r' <"$tmp/out")" = "$one: daemon
$one: /dev/pts/"
secret=wrong
try sudo_run --sudo --tty -w "$one" 'echo never'
ends 'a wrong password on a terminal: 4' 4
holds 'is said, too' grep -q "^muster: SUDO_BADPASS on 1 host: $one: the pass" \
  "$tmp/err"

# What became another user is stopped, or it is said that it was not.
chmod 1777 "$tmp"
# stopped NAME FIRST COMMAND... -- stops by its time what does FIRST and goes
# on until $tmp/over is there.
stopped() {
  name=$1 first=$2
  shift 2
  rm -f "$tmp/pid"
  try "$@" -u 500ms -w "$one" "umask 022; $first; echo \$\$ >'$tmp/pid'
    until [ -e '$tmp/over' ]; do sleep 0.1; done"
  ends "$name takes too long: 3" 3
  case $(cat "$tmp/err") in
  *'; it ended'* | *'; it was killed'*) want='is stopped' ;;
  *'; it may still run'*) want='may still run' ;;
  *) want='?' ;;
  esac
  pid=$(cat "$tmp/pid")
  holds "$name $want, as is said" sh -c '
    case $1 in
    *stopped) ! test -d "/proc/$2" ;;
    *run) test -d "/proc/$2" ;;
    *) false ;;
    esac' - "$want" "${pid:-none}"
}
secret=open-sesame
input=
stopped 'a command by sudo' : sudo_run --sudo
stopped 'one that hears no TERM' "trap '' TERM" sudo_run --sudo
holds 'only another password could end that' test "$want" = 'may still run'
stopped 'one without a password that hears none' "trap '' TERM" \
  run --sudo=nobody
holds 'none is needed to end it' test "$want" = 'is stopped'
stopped 'one by doas, without a password' : \
  run --become-method doas --sudo=nobody
stopped 'one by doas, on a terminal' : sudo_run --become-method doas --tty
secret=roots-own
stopped 'one by su' : sudo_run --become-method su
secret=open-sesame
: >"$tmp/over"

# su wants the password of whom it becomes.
secret=roots-own
input='what it reads'
try sudo_run --become-method su -w "$one" 'id -un; cat'
is 'su' 0 "$one: root
$one: what it reads" ''
input=
try sudo_run --become-method su --tty -w "$one" 'id -un; tty | cut -c1-9'
ends 'su with --tty' 0
holds 'its output is its own' test "$(tr -d '\r' <"$tmp/out")" = "$one: root
$one: /dev/pts/"
secret=open-sesame
try sudo_run --become-method su -w "$one" 'echo never'
ends 'su and a wrong password: 4' 4
holds 'su is said so' grep -q "^muster: SUDO_BADPASS on 1 host: $one: " \
  "$tmp/err"

try run --become-method doas --sudo=nobody -w "$one" 'id -un'
is 'doas that does not ask' 0 "$one: nobody" ''
try sudo_run --become-method doas --tty -w "$one" 'id -un'
ends 'doas with --tty' 0
holds 'doas has let it be root' test "$(tr -d '\r' <"$tmp/out")" = "$one: root"
secret=wrong
try sudo_run --become-method doas --tty -w "$one" 'echo never'
ends 'doas and a wrong password: 4' 4
holds 'doas is said so' grep -q "^muster: SUDO_BADPASS on 1 host: $one: " \
  "$tmp/err"

# The same by ssh(1), whose standard streams are the channel.
secret=open-sesame
if command -v ssh >/dev/null; then
  input='what it reads'
  try sudo_run --transport openssh --sudo -w "$one" 'id -un; cat; exit 3'
  ends 'by ssh: the exit status is that of the command' 5
  holds 'by ssh: it is root, and reads its input and nothing else' \
    test "$(cat "$tmp/out")" = "$one: root
$one: what it reads"
  holds 'by ssh: no prompt is shown' sh -c '! grep -v "^muster: " "$1"' - \
    "$tmp/err"
  input=
  try sudo_run --transport openssh --sudo --tty -w "$one" 'id -un'
  ends 'by ssh: with --tty' 0
  holds 'by ssh: the command has its terminal' \
    test "$(tr -d '\r' <"$tmp/out")" = "$one: root"
  try run --transport openssh --sudo -w "$one" true
  ends 'by ssh: no password where one is wanted: 4' 4
  holds 'by ssh: the way to give one is named' \
    grep -q 'SUDO_DENIED .*(see -K)' "$tmp/err"
  secret=wrong
  try sudo_run --transport openssh --sudo -w "$one" 'echo never'
  ends 'by ssh: a wrong password: 4' 4
  holds 'by ssh: it is said so' grep -qx \
    "muster: SUDO_BADPASS on 1 host: $one: the password was refused" \
    "$tmp/err"
  secret=open-sesame
else
  skip 'by ssh' 'no ssh'
fi

secret=open-sesame
input='id -un
id -un'
try sudo_run --keep --sudo -w "$one"
is '--keep becomes another user for each command' 0 "$one: root
$one: root" ''
try sudo_run --keep --sudo --tty -w "$one"
ends '--keep and --tty' 0
holds 'both commands had it' test "$(tr -d '\r' <"$tmp/out")" = "$one: root
$one: root"

# copy VERB ARGUMENT... -- with the password on descriptor 3.
copy() {
  verb=$1
  shift
  echo "$secret" >"$tmp/secret"
  "$muster" "$verb" -P "$SSHD_PORT" -l "$SSHD_USER" \
    -i "$SSHD_DIR/user_ed25519" --known-hosts "$SSHD_DIR/known_hosts" \
    --become-password-fd 3 -w "$one" "$@" 3<"$tmp/secret" </dev/null
}
# as_root COMMAND -- what it prints there.
as_root() {
  sudo_run --sudo -N -w "$one" "cd '$room' && $1"
}
input=
room=$SUDO_ROOM
if [ -x /usr/lib/openssh/sftp-server ] || [ -x /usr/lib/ssh/sftp-server ] ||
  [ -x /usr/libexec/openssh/sftp-server ] || [ -x /usr/libexec/sftp-server ]
then
  mkdir -p "$tmp/site/empty"
  echo one >"$tmp/site/one"
  head -c 300000 /dev/urandom >"$tmp/site/big"
  chmod 755 "$tmp/site" "$tmp/site/empty"
  chmod 644 "$tmp/site/one"
  chmod 640 "$tmp/site/big"
  try copy push "$tmp/site" "$room/site"
  ends 'a folder of root is out of reach' 5
  holds 'for want of permission' grep -q '^muster: XF_PERM' "$tmp/err"
  try copy push --sudo -p "$tmp/site" "$room/site"
  is 'push --sudo writes there' 0 '' ''
  try as_root 'stat -c "%n %U %a" site site/* && cat site/one'
  is 'root owns it, modes are kept' 0 "site root 755
site/big root 640
site/empty root 755
site/one root 644
one" ''
  try copy pull --sudo "$room/site" "$tmp/{host}back"
  ends 'pull --sudo reads there' 0
  holds 'and both are the same' diff -r "$tmp/site" "$tmp/${one}back"
  try as_root 'chown 1:2 site/one && chmod 604 site/one'
  echo two >"$tmp/site/one"
  try copy push --sudo "$tmp/site" "$room"
  ends 'push --sudo again' 0
  try as_root 'stat -c "%u:%g %a" site/one && cat site/one && ls -A site'
  is 'what is replaced keeps its owner and mode, and nothing is left' 0 \
    "1:2 604
two
big
empty
one" ''
  secret=wrong
  try copy push --sudo "$tmp/site/big" "$room/never"
  ends 'push --sudo and a wrong password: 4' 4
  holds 'it is said which' grep -qx \
    "muster: SUDO_BADPASS on 1 host: $one: the password was refused" "$tmp/err"
  secret=open-sesame
  try copy push --sudo=bin "$tmp/site/big" "$room/never"
  ends 'push --sudo against the rules: 4' 4
  holds 'what sudo says then is said' grep -q \
    "^muster: SUDO_DENIED on 1 host: $one: .*not allowed to execute" "$tmp/err"
  secret=roots-own
  try copy push --become-method su --owner daemon:tester "$tmp/site/big" \
    "$room/by-su"
  is 'push by su' 0 '' ''
  try copy push --become-method doas "$tmp/site/big" "$room/never"
  refuses 'push by doas with a password is refused' 'terminal'
  secret=open-sesame
  try "$muster" push -P "$SSHD_PORT" -l "$SSHD_USER" -w "$one" \
    -i "$SSHD_DIR/user_ed25519" --known-hosts "$SSHD_DIR/known_hosts" \
    --become-method doas --sudo=nobody "$tmp/site/one" "$room.open/by-doas"
  is 'push by doas that does not ask' 0 '' ''
  try as_root "stat -c '%U:%G %n' by-su ../room.open/by-doas; ls"
  is 'each has its owner, and nothing else is there' 0 "daemon:tester by-su
nobody:$(id -gn nobody) ../room.open/by-doas
by-su
site" ''
else
  skip 'push --sudo' 'no sftp-server'
fi

if grep -rqE 'open-sesame|roots-own' "$tmp/out" "$tmp/err" "$SUDO_LOG"; then
  status=1
fi
ends 'no password was shown' 0
finish
