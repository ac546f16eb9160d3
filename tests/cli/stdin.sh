#!/bin/sh
# stdin.sh -- what commands read; with real sshds.
. "$(dirname "$0")/lib.sh"
with_sshds 3 "$0"

# given FILE ARGUMENT... -- as try run, with that file to read.
given() {
  file=$1
  shift
  status=0
  run "$@" >"$tmp/out" 2>"$tmp/err" <"$file" || status=$?
}

# 3 MB: more than is kept in memory.
dd if=/dev/urandom of="$tmp/random" bs=65536 count=48 2>/dev/null
sum=$(sha256sum <"$tmp/random")
given "$tmp/random" -f 1 -b -w "$hosts" sha256sum
ends 'standard input goes to all hosts' 0
holds 'and to each of them whole' grep -qxF "$sum" "$tmp/out"
holds 'none has read anything else' test "$(wc -l <"$tmp/out")" = 4

given "$tmp/random" -n -w "$one" 'cat; echo end'
is '-n gives none' 0 "$one: end" ''
given "$tmp/random" -w "$one" true
is 'a command need not read it' 0 '' ''
given "$tmp" -w "$one" cat
ends 'standard input that cannot be read' 1
holds 'it is said' grep -q '^muster: cannot read standard input: ' "$tmp/err"
status=0
run -w "$one" 'cat; echo end' <&- >"$tmp/out" 2>"$tmp/err" || status=$?
is 'standard input that is closed is empty' 0 "$one: end" ''
given "$tmp/random" --stdin-max 2M -w "$one" 'sha256sum'
ends 'more than may be kept' 1
holds 'it is said' grep -q '^muster: the standard input is longer' "$tmp/err"
holds 'no command takes a part for the whole' test ! -s "$tmp/out"

# What is written is read before the end: the command answers by a file.
mkfifo "$tmp/pipe"
{
  echo first
  until [ -e "$tmp/seen" ]; do sleep 0.05; done
  echo second
} >"$tmp/pipe" &
given "$tmp/pipe" -w "$one" "read -r a; : >$tmp/seen; cat; echo \$a"
wait
is 'a slow pipe is passed on as it comes' 0 "$one: second
$one: first" ''

mkdir "$tmp/dir"
for host in $SSHD_HOSTS; do
  echo "for $host" >"$tmp/dir/$host"
done
given /dev/null --stdin-dir "$tmp/dir" -L -w "$hosts" cat
is 'a file for each host' 0 "$(for host in $SSHD_HOSTS; do
  echo "$host: for $host"
done)" ''
rm "$tmp/dir/$one"
given /dev/null --stdin-dir "$tmp/dir" -w "$hosts" "echo ran >>$tmp/ran"
refuses 'a file that is missing' "$one" "$tmp/dir/$one"
holds 'nothing was run' test ! -e "$tmp/ran"

finish
