#!/bin/sh
# password.sh -- -A and --password-fd, on a simulated fleet and a terminal.
. "$(dirname "$0")/lib.sh"

# A fleet that lives until descriptor 9 is closed.
mkfifo "$tmp/hold"
cat >"$tmp/table" <<END
pw1 addr=127.6.0.1 auth=password password=right
pw2 addr=127.6.0.2 auth=keyboard-interactive password=right
END
"${top_builddir:-.}/fleetsim" -K "$tmp/known" "$tmp/table" \
  <"$tmp/hold" >"$tmp/fleet" 2>&1 &
fleet=$!
exec 9>"$tmp/hold"
trap 'exec 9>&-; wait "$fleet"; rm -rf "$tmp"' EXIT
while ! grep -q '^ready' "$tmp/fleet" && kill -0 "$fleet"; do
  sleep 0.02
done
port=$(sed -n 's/^pw1 [^ ]* //p' "$tmp/fleet")

# as WORD... -- muster on the two hosts.
as() {
  "$muster" -F none --known-hosts "$tmp/known" -l me -p "$port" \
    -w '127.6.0.[1-2]' "$@"
}

# with TYPED WORD... -- the same with a password on descriptor 3.
with() {
  printf '%s' "$1" >"$tmp/typed"
  shift
  exec 3<"$tmp/typed"
  try as --password-fd 3 "$@"
  exec 3<&-
  sort -o "$tmp/out" "$tmp/out"
}

with 'right
' 'echo in'
is 'a password from a descriptor logs in' 0 "127.6.0.1: in
127.6.0.2: in" ''

with 'wrong' 'echo in'
ends 'a wrong one does not' 4

with '' 'echo in'
is 'an empty one is refused before anything is contacted' 2 '' \
  'muster: --password-fd: descriptor 3 has no password'

try setsid "$muster" -F none -A -w 127.0.0.1 true
is 'without a terminal -A says what to do' 2 '' \
  'muster: -A: there is no terminal to ask for a password; use --password-fd'

# asked KEYS -- muster -A on a terminal, the keys typed once it asks.
asked() {
  typed "$muster -F none --known-hosts $tmp/known -l me -p $port \
    -w '127.6.0.[1-2]' -A 'echo in'" 'login password:' "$1"
}

asked 'right\n'
ends 'a password typed on the terminal logs in' 0
holds 'both hosts answered' test "$(grep -c ': in' "$tmp/screen")" = 2
holds 'what was typed is not shown' sh -c "! grep -q right '$tmp/screen'"

asked '\003'
ends '^C at the question is the end' 130

finish
