#!/bin/sh
# ask.sh -- --ask and SSH_ASKPASS, on a simulated fleet and a terminal.
. "$(dirname "$0")/lib.sh"

unset SSH_ASKPASS SSH_ASKPASS_REQUIRE DISPLAY WAYLAND_DISPLAY
with_fleet 'new known=none
pw[1-2] auth=password password=right
key[1-2]'

try setsid "$muster" --ask -F none -w 127.0.0.1 true
is 'without a terminal --ask says so' 2 '' \
  'muster: --ask: there is no terminal to ask on'

# ask_on HOSTS [OPTION...] -- says muster --ask on those hosts.
ask_on() {
  echo "$muster run --no-ui -F $tmp/fleet/config -l user \
    -i $tmp/fleet/key --known-hosts $tmp/fleet/known_hosts --ask \
    -w $* 'echo in'"
}

# asked HOSTS QUESTION KEYS... -- the same, as typed has it.
asked() {
  hosts=$1
  shift
  typed "$(ask_on "$hosts")" "$@"
}

asked new 'is it right' 'maybe\n' 'please type' 'no\n'
ends 'a host key that is refused ends it' 4

asked new 'is it right' 'yes\n'
ends 'one that is accepted lets the host run' 0
holds 'its fingerprint was shown' grep -q 'ssh-ed25519 SHA256:' "$tmp/screen"

try on -w new 'echo in'
is 'and it is known from then on' 0 'new: in' ''

asked 'pw[1-2]' "password for 'user'" 'wrong\n' 'refused the last one' \
  'right\n'
ends 'a wrong password may be mended' 0
holds 'both hosts answered' test "$(grep -c ': in' "$tmp/screen")" = 2
holds 'what was typed is not shown' \
  sh -c "! grep -q -e 'right$' -e wrong '$tmp/screen'"

# events FILTER -- the questions of a run with -j, as jq sees them.
events() {
  jq -c "select(.event == \"prompt\") | $1" "$tmp/events"
}

if command -v jq >/dev/null; then
  hosts='pw[1-2]'
  typed "$(ask_on "$hosts" -j) >'$tmp/events'" "password for 'user'" \
    'wrong\n' 'refused the last one' 'right\n'
  ends 'with -j they are asked on the terminal all the same' 0
  holds 'each is an event, and known by its number' test \
    "$(events '[.id, .kind, .about, .attempt, .echo]' | sort -u)" = \
    '[1,"password","user",1,false]
[2,"password","user",2,false]'
  holds 'with the hosts that wait for the answer' sh -c 'grep -qE "$1" "$2"' \
    - '"hosts":\["pw[12]"(,"pw[12]")?\]' "$tmp/events"
  holds 'and what there is to know' \
    grep -qE '"more":"'"'pw[12]'"' refused the last one"' "$tmp/events"
  holds 'what was typed is in none' \
    sh -c '! grep -qE "right|wrong" "$1"' - "$tmp/events"
  if can_validate; then
    holds 'they are as the schema says' validate "$tmp/events"
  else
    skip 'they are as the schema says' 'no python3-jsonschema'
  fi
else
  skip 'each is an event' 'no jq'
fi

asked 'pw[1-2]' "password for 'user'" '\003'
ends '^C refuses, and warns as ever' 4

cat >"$tmp/askpass" <<END
#!/bin/sh
printf '%s\n' "\$*" >>"$tmp/asked"
echo right
END
chmod +x "$tmp/askpass"
SSH_ASKPASS=$tmp/askpass
SSH_ASKPASS_REQUIRE=force
export SSH_ASKPASS SSH_ASKPASS_REQUIRE
try on --ask -w 'pw[1-2]' 'echo in'
ends 'SSH_ASKPASS answers' 0
holds 'and was asked once' test "$(wc -l <"$tmp/asked")" = 1
try on -A -w 'pw[1-2]' 'echo in'
ends 'for -A, too' 0

cp "$tmp/fleet/key" "$tmp/locked"
ssh-keygen -q -p -a 4 -P '' -N right -f "$tmp/locked" >/dev/null
: >"$tmp/asked"
try "$muster" run -F "$tmp/fleet/config" -l user -i "$tmp/locked" \
  --known-hosts "$tmp/fleet/known_hosts" --ask -w 'key[1-2]' 'echo in'
ends 'it is asked for passphrases, too' 0
holds 'once for a file' test "$(cat "$tmp/asked")" = \
  "muster: passphrase for '$tmp/locked': "
try "$muster" run -F "$tmp/fleet/config" -l user -i "$tmp/locked" \
  --known-hosts "$tmp/fleet/known_hosts" -w key1 true
refuses 'without --ask the file is named' "'$tmp/locked' wants a passphrase"

printf '#!/bin/sh\nexit 1\n' >"$tmp/askpass"
try on --ask -w 'pw[1-2]' 'echo in'
ends 'a program that says no refuses' 4

finish
