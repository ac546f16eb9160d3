#!/bin/sh
# become.sh -- commands as another user, by a sudo that plays what hosts may
# do; on simulated hosts.
. "$(dirname "$0")/lib.sh"
with_fleet 'plain
cached
lecture
split
wrong
tty
spoof
denied
silent
empty
replay
open auth=none
bad[1-5]'

secret=open-sesame
cat >"$tmp/sudo" <<'SUDO'
#!/bin/sh
ask=
while [ $# -gt 0 ]; do
  case $1 in
  -S) ask=1 ;;
  -p) prompt=$2; shift ;;
  -u) user=$2; shift ;;
  --) shift; break ;;
  esac
  shift
done
begin() {
  echo begun >>"$HOME/begun"
  SUDO_AS=$user
  export SUDO_AS
  exec "$@"
}
say() {
  # shellcheck disable=SC2059 # %% is sudo's, too
  printf "$prompt" >&2
}
case $HOSTNAME in
cached) begin "$@" ;;
lecture) echo 'With great power comes [muster%great] responsibility.' >&2 ;;
empty) # as where there is none
  echo 'sh: 1: exec: sudo: not found' >&2
  exit 127 ;;
tty)
  echo 'sudo: sorry, you must have a tty to run sudo' >&2
  exit 1 ;;
spoof)
  printf '[sudo] password for user: ' >&2
  read -r got && echo "$got" >"$HOME/stolen"
  exit 1 ;;
denied)
  say
  read -r got
  echo 'user is not in the sudoers file.' >&2
  exit 1 ;;
silent)
  say
  read -r got
  exec sleep 60 ;;
esac
[ -n "$ask" ] || {
  echo 'sudo: a password is required' >&2
  exit 1
}
for try in 1 2 3; do
  if [ "$HOSTNAME" = split ]; then
    # shellcheck disable=SC2059
    whole=$(printf "$prompt.")
    rest=${whole#????????????}
    printf %s "${whole%"$rest"}" >&2
    sleep 0.2
    printf %s "${rest%.}" >&2
  else
    say
  fi
  read -r got || exit 1
  echo "$try" >>"$HOME/tries"
  case $HOSTNAME in
  wrong | bad*) ;;
  *) [ "$got" != open-sesame ] || break ;;
  esac
  echo 'Sorry, try again.' >&2
  [ "$try" != 3 ] || exit 1
done
if [ "$HOSTNAME" = replay ]; then
  (sleep 0.3; say; sleep 0.3) &
fi
begin "$@"
SUDO
all=plain,cached,lecture,split,wrong,tty,spoof,denied,silent,empty,replay
all=$all,bad[1-5]
status=0
on -w "$all" 'mkdir bin && cat >bin/sudo && chmod +x bin/sudo' \
  <"$tmp/sudo" >"$tmp/out" 2>"$tmp/err" || status=$?
is 'standard input reaches all hosts' 0 '' ''

# As on, with the password on descriptor 3 and `input` for the commands.
input=
# shellcheck disable=SC2317 # called by try
sudo_on() {
  echo "$secret" >"$tmp/secret"
  printf %s "$input" >"$tmp/input"
  on --become-password-fd 3 --sudo "$@" 3<"$tmp/secret" <"$tmp/input"
}

# shellcheck disable=SC2016 # the remote shell expands it
show='echo as $SUDO_AS; cat; echo err >&2; exit 3'
input='what it reads'
try sudo_on -w plain "$show"
ends 'the command runs, with its own exit status' 5
holds 'its output is its own' \
  test "$(cat "$tmp/out")" = 'plain: as root
plain: what it reads'
holds 'no prompt is shown, nor its line end' \
  test "$(grep -v '^muster: ' "$tmp/err")" = 'plain: err'

try sudo_on -w cached 'cat; echo end'
is 'no password is given where none is asked for' 0 \
  'cached: what it readsend' ''
try sudo_on -w split 'cat; echo end'
is 'a prompt in pieces is known' 0 'split: what it readsend' ''
try sudo_on -w lecture 'echo in'
is 'what comes before the prompt is shown' 0 'lecture: in' \
  'lecture: With great power comes [muster%great] responsibility.'
try sudo_on --sudo=admin -w plain 'echo $SUDO_AS'
is 'another user has a name' 0 'plain: admin' ''
try sudo_on --chdir / --shell 'sh -e' -w plain 'pwd; false; echo not here'
ends 'a shell of its own, with options, in a folder' 5
holds 'both count' test "$(cat "$tmp/out")" = 'plain: /'

# outcome HOST WORD -- that host ended so, and nothing began there.
outcome() {
  rm -f "$tmp/fleet/homes/$1/begun"
  try sudo_on --auth-timeout 2 -w "$1" 'echo never'
  ends "$1: $2" 4
  holds "$1: it is said" grep -q "^muster: $2 on 1 host: $1: ." "$tmp/err"
  holds "$1: nothing was shown" test ! -s "$tmp/out"
  holds "$1: nothing began" test ! -e "$tmp/fleet/homes/$1/begun"
}
outcome wrong SUDO_BADPASS
holds 'a refused password is not given again' \
  test "$(cat "$tmp/fleet/homes/wrong/tries")" = 1
outcome tty SUDO_TTY
outcome spoof SUDO_TIMEOUT
holds 'a prompt that is not ours gets nothing' \
  test ! -e "$tmp/fleet/homes/spoof/stolen"
outcome denied SUDO_DENIED
outcome silent SUDO_TIMEOUT
outcome empty SUDO_DENIED

status=0
on -w open 'mkdir bin && cat >bin/sudo && chmod +x bin/sudo' \
  <"$tmp/sudo" >"$tmp/out" 2>"$tmp/err" || status=$?
ends 'a server may let anybody in' 0
holds 'which is told' grep -q 'auth=none' "$tmp/err"
outcome open SUDO_DENIED
holds 'and it is given no password' test ! -e "$tmp/fleet/homes/open/tries"

try on --sudo -w plain true
ends 'without a password sudo is not to ask' 4
holds 'the way to give one is named' grep -q 'SUDO_DENIED .* -K' "$tmp/err"

if command -v script >/dev/null; then
  typed "$muster run --keep -F $tmp/fleet/config -l user -i $tmp/fleet/key \
    --known-hosts $tmp/fleet/known_hosts --sudo -K -w plain" \
    'sudo password: ' "$secret\\n" 'muster> ' 'echo "as $SUDO_AS"\n' \
    'plain: as root' 'echo again "$SUDO_AS"\n' 'plain: again root' 'quit\n'
  ends '-K asks before the first prompt of --keep' 0
  holds 'once, for all commands' \
    test "$(grep -c 'password: ' "$tmp/screen")" = 1
  holds 'and nowhere shows it' sh -c '! grep -q "$1" "$2"' - "$secret" \
    "$tmp/screen"
else
  skip '-K asks before the first prompt of --keep' 'no script(1)'
fi

input=
try sudo_on -w replay 'sleep 1; cat'
ends 'a prompt that comes again later' 0
holds 'gets no answer' test ! -s "$tmp/out"

try sudo_on -w 'bad[1-5]' true
ends 'a password that nobody takes' 4
holds 'is given to three hosts' \
  test "$(cat "$tmp"/fleet/homes/bad?/tries | wc -l)" = 3

if grep -rqF "$secret" "$tmp/out" "$tmp/err"; then status=1; fi
ends 'the password is nowhere to be seen' 4

if [ "$(id -u)" = 0 ] && command -v su >/dev/null; then
  try on --become-method su -w plain 'id -un; cat'
  is 'su' 0 "plain: $(id -un)" ''
else
  skip 'su' 'not root'
fi
try on --become-method sudu -w plain true
refuses 'another method is refused' sudu
try on --sudo=-1 -w plain true
refuses 'so is what can be no user' --sudo "'-1'"
try sudo_on --become-method doas -w plain true
refuses 'doas and a password without a terminal' doas --tty
finish
