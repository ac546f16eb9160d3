#!/bin/sh
# usage.sh -- command lines that make no sense: one line says so, exit 2.
. "$(dirname "$0")/lib.sh"

try "$muster"
is 'no words: the usage' 2 '' \
  'usage: muster [run] -w HOSTS [OPTION...] COMMAND...
       muster help | demo | VERB [OPTION...] ...'

try "$muster" frobnicate
refuses 'an unknown verb is named' "'frobnicate'"
try "$muster" -w n1 -Z true
refuses 'an unknown letter is named' "'-Z'"
try "$muster" run --colour n1 true
refuses 'an unknown option is named' "'--colour'"
try "$muster" -w
refuses 'a missing argument is named' "'-w'" LIST
try "$muster" -w n1 -f many true
refuses 'a bad number is named' "'-f'" "'many'"
try "$muster" -w n1 -p 0 true
refuses 'a number out of range is named' "'-p'" "'0'" 65535
try "$muster" -w n1 -u soon true
refuses 'a bad time is named' "'-u'" "'soon'"
try env MUSTER_FANOUT=x "$muster" -w n1 true
refuses 'a bad variable is named' MUSTER_FANOUT "'x'"
try "$muster" demo -w n1 true
refuses 'demo has hosts of its own' "'-w'"
try "$muster" -w n1
refuses 'a command is wanted' 'no command'
try "$muster" -w n1 ''
refuses 'an empty command is none' 'no command'
try "$muster" true
refuses 'a command without hosts is no verb' "'true'"
try "$muster" run true
refuses 'hosts are wanted' 'no hosts'
try "$muster" -w ''  true
refuses 'an empty list is refused' "'-w'"
try "$muster" -w , true
refuses 'a list of nothing is refused' host
try "$muster" -w 'n[1-3' true
refuses 'a mistyped list is named' 'n[1-3'
try "$muster" -w "$(seq -f 'host%g.example.com' -s, 40),bad[3-1],$(
  seq -f 'more%g' -s, 40)" true
refuses 'the place in a long list is shown' 'bad[3-1]'
try "$muster" --hostfile "$tmp/none" true
refuses 'an unreadable file of hosts is named' "$tmp/none"
try "$muster" -w n1 -i "$tmp/key" true
refuses 'an unreadable key is named' "$tmp/key"
try "$muster" -w n1 --trace all --trace-file "$tmp/no/file" true
refuses 'a trace file that cannot be is named' "$tmp/no/file"
: >"$tmp/empty"
try "$muster" -w "^$tmp/empty" true
refuses 'an empty file of hosts is refused' "$tmp/empty"

try "$muster" completion
refuses 'completion wants a shell' bash zsh fish
try "$muster" completion tcsh
refuses 'an unknown shell is named' "'tcsh'"
try "$muster" help nope
refuses 'help knows its verbs' "'nope'"

try "$muster" version
ends 'version succeeds' 0
holds 'version begins with the name' grep -q '^muster [0-9]' "$tmp/out"
try "$muster" --version
holds 'so does --version' grep -q '^muster [0-9]' "$tmp/out"
for words in --help help 'run --help' 'help run' 'demo -h'; do
  # shellcheck disable=SC2086 # words are words
  try "$muster" $words
  ends "'$words' succeeds" 0
done
try sh -c '"$1" help >/dev/full' - "$muster"
[ ! -e /dev/full ] || ends 'help on a full disk fails' 1

finish
