#!/bin/sh
# output.sh -- what hosts write, and how it comes out; with real sshds.
. "$(dirname "$0")/lib.sh"
with_sshds 3 "$0"

labelled() { # TEXT -- what every host says
  for host in $SSHD_HOSTS; do
    echo "$host: $1"
  done
}

sorted() {
  sort "$tmp/out" >"$tmp/sorted" && mv "$tmp/sorted" "$tmp/out"
}

try run -w "$hosts" echo hello
sorted
is 'each line has its label' 0 "$(labelled hello)" ''
try run -w "$hosts" -N echo hello
is '-N leaves the labels out' 0 'hello
hello
hello' ''
try run -w "$one" 'echo out; echo err >&2'
is 'the streams are apart' 0 "$one: out" "$one: err"
try run -w "$one" printf 'a\\nb'
is 'a last line without newline gets one' 0 "$one: a
$one: b" ''
try run -w "$one" echo '"a  b"' c
is 'words are joined with blanks, as ssh does' 0 "$one: a  b c" ''
try run -w "$one" ls -d /
is 'options of the command are its own' 0 "$one: /" ''
try run -w "$one" cat
is 'a command without input ends at once' 0 '' ''
try run -q -w "$one" 'echo out; echo err >&2'
is '-q shows nothing of hosts' 0 '' ''
try run -v -w "$hosts" true
is '-v tells of success' 0 '' 'muster: 3 hosts: 3 ok'
try run -w "$hosts" -x "$one" echo hello
sorted
is '-x leaves hosts out' 0 "$(labelled hello | grep -v "^$one:")" ''
try run -w "$hosts" -x "$hosts" echo hello
refuses '-x may not leave none' -x
echo "$SSHD_HOSTS" | tr ' ' '\n' >"$tmp/hosts"
try run -w "^$tmp/hosts" echo hello
sorted
is 'hosts are read from a file' 0 "$(labelled hello)" ''
try env WCOLL="$tmp/hosts" "$muster" run -p "$SSHD_PORT" -l "$SSHD_USER" \
  -i "$SSHD_DIR/user_ed25519" --known-hosts "$SSHD_DIR/known_hosts" \
  echo hello
sorted
is 'WCOLL names a file of hosts' 0 "$(labelled hello)" ''
try run -H "$one" echo hello
is '-H takes a name as it is' 0 "$one: hello" ''
try "$muster" -w "$SSHD_USER@$one:$SSHD_PORT" -N \
  -i "$SSHD_DIR/user_ed25519" --known-hosts "$SSHD_DIR/known_hosts" \
  echo hello
is 'user and port may stand in the list' 0 hello ''

bytes='a\000b\rc\377\376d\033[31m\304\n'
try run -N -w "$one" "printf '$bytes'"
# shellcheck disable=SC2059 # the bytes are the format
printf "$bytes" >"$tmp/want"
cmp "$tmp/want" "$tmp/out" >"$tmp/err" || status=1
ends 'NUL, CR, ESC and what is no UTF-8 pass unchanged to a pipe' 0

seq 50000 >"$tmp/want"
try run -w "$hosts" seq 50000
for host in $SSHD_HOSTS; do
  sed -n "s/^$host: //p" "$tmp/out" | cmp "$tmp/want" - >"$tmp/err" ||
    status=1
done
[ "$(wc -l <"$tmp/out")" = 150000 ] || status=1
: >"$tmp/out"
ends '150,000 lines of three hosts are all there, each whole' 0

try run -N -w "$one" 'head -c 1000000 /dev/zero | tr "\\0" x'
[ "$(tr -d '\n' <"$tmp/out" | wc -c)" = 1000000 ] || status=1
[ "$(wc -L <"$tmp/out")" = 65536 ] || status=2
: >"$tmp/out"
ends 'an endless line comes in pieces of 64 KiB' 0

finish
