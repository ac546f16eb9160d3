#!/bin/sh
# json.sh -- the events of -j, against their schema and against the bytes that
# were sent.
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || skip_all 'no jq'
with_fleet 'web[1-2] exec=canned stdout="alpha\nbeta" stderr="warn\n"
bad exec=canned exit=3
dead exec=canned signal=KILL
down exec=canned down=yes
odd exec=canned stdout="a\x00\"\\\x1b[1m\xe2\x80\xa8\x85\x0a\xc3\xa9\n\xff\n"
sh
long[1-2] exec=canned bytes=200000'

# of EVENT FILTER -- what jq makes of the events of that name.
of() {
  jq -c --arg event "$1" "select(.event == \$event) | $2" "$tmp/out"
}

# says NAME EXPECTED EVENT FILTER
says() {
  got=$(of "$3" "$4")
  good=0
  [ "$got" = "$2" ] || good=1
  verdict "$1" "$good"
  [ "$good" = 0 ] || echo "$got" | sed 's/^/# got: /'
}

try on -j -w web1,bad,dead,down,odd 'say "hi"'
ends '-j gives the exit codes of any run' 4
cp "$tmp/out" "$tmp/all"
says 'the plan has the command and the hosts' \
  '["say \"hi\"",["web1","bad","dead","down","odd"]]' plan '[.command,.hosts]'
of out 'select(.host == "web1") | [.rank,.stream,.data,.eol]' | sort \
  >"$tmp/lines"
printf '%s\n' '[0,"stderr","warn",true]' '[0,"stdout","alpha",true]' \
  '[0,"stdout","beta",false]' >"$tmp/want"
holds 'lines come with their stream' cmp -s "$tmp/want" "$tmp/lines"
says 'the lines of a host are counted' '0
1
2' out 'select(.host == "web1") | .seq'
of exit '[.host,.ok,.reason,.rc,.signal]' | sort >"$tmp/lines"
printf '%s\n' '["bad",false,"EXIT",3,null]' \
  '["dead",false,"SIGNAL",null,"KILL"]' \
  '["down",false,"CONN_REFUSED",null,null]' '["odd",true,"EXIT",0,null]' \
  '["web1",true,"EXIT",0,null]' >"$tmp/want"
holds 'each host has its one end' cmp -s "$tmp/want" "$tmp/lines"
says 'the summary counts them' '[5,2,2,1,0,0,4]' summary \
  '[.hosts,.ok,.failed,.not_reached,.unknown,.unfinished,.exitcode]'
holds 'the plan is the first line' \
  sh -c 'head -1 "$1" | grep -q "^{\"v\":1,\"event\":\"plan\","' - "$tmp/out"
holds 'the summary is the last one' \
  sh -c 'tail -1 "$1" | grep -q "^{\"v\":1,\"event\":\"summary\","' - \
  "$tmp/out"
jq -r 'select(.event == "host-state" and .host == "web1") | .from, .to' \
  "$tmp/out" | sed '1d;$d' | paste - - | awk '$1 != $2' >"$tmp/lines"
holds 'each state begins where the last one ended' test ! -s "$tmp/lines"
holds 'nothing but ASCII comes out, and no control character' \
  sh -c '! tr -d "\\n -~" <"$1" | grep -q .' - "$tmp/out"

# Bytes: put together again, they are what was sent.
together() { # HOST STREAM
  python3 - "$tmp/out" "$1" "$2" <<'END'
import base64, json, sys
for line in open(sys.argv[1], newline="\n"):
    e = json.loads(line)
    if (e["event"], e.get("host"), e.get("stream")) != ("out", *sys.argv[2:]):
        continue
    data = e["data"].encode() if "data" in e else \
        base64.b64decode(e["data_b64"], validate=True)
    sys.stdout.buffer.write(data + (b"\n" if e["eol"] else b""))
END
}
if python3 -c 'import json' 2>/dev/null; then
  together odd stdout >"$tmp/lines"
  printf 'a\000"\\\033[1m\342\200\250\205\n\303\251\n\377\n' |
    cmp - "$tmp/lines" || status=1
  ends 'odd bytes come back' 4
  try on -j -w 'long[1-2],sh' \
    'awk "BEGIN { for (i = 0; i < 50000; i++) printf \"x\303\251\" }"'
  together long1 stdout | sha256sum >"$tmp/got"
  together long2 stdout | sha256sum | cmp -s - "$tmp/got" || status=1
  [ "$(together long1 stdout | wc -c)" = 200000 ] || status=2
  awk 'BEGIN { for (i = 0; i < 50000; i++) printf "x\303\251" }' >"$tmp/want"
  together sh stdout | cmp - "$tmp/want" >"$tmp/err" || status=3
  ends 'long output comes back byte by byte' 0
  says 'a long line is not cut within a character' '[65536,false]
[65535,false]
[18929,false]' out \
    'select(.host == "sh") | [(.data | utf8bytelength), .eol]'
else
  skip 'bytes come back' 'no python3'
fi
cat "$tmp/all" >>"$tmp/out"

if can_validate; then
  try validate "$tmp/out"
  : >"$tmp/out"
  is 'every line is as the schema says' 0 '' ''
  echo '{"v":1,"event":"out","t":0.1}' >"$tmp/bad"
  try validate "$tmp/bad"
  ends 'which is not so of a wrong one' 1
else
  skip 'every line is as the schema says' 'no python3-jsonschema'
fi

# Each line is sent when its event has happened: the host waits for a file
# that comes when its output was seen.
mkfifo "$tmp/events"
mkfifo "$tmp/go"
on -j -w sh "echo begun; read -r line <'$tmp/go'" >"$tmp/events" 2>&1 &
pid=$!
seen=
while read -r line; do
  case $line in
  *begun*'"eol":true'*)
    seen=yes
    echo >"$tmp/go"
    ;;
  esac
done <"$tmp/events"
status=0
wait "$pid" || status=$?
holds 'a line is sent off before the command ends' test -n "$seen"
ends 'and the run ends well' 0

try on -j -b -w web1 true
refuses '-b and -j exclude each other' -b json
finish
