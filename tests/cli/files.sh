#!/bin/sh
# files.sh -- a file for each host: --outdir and --errdir.
. "$(dirname "$0")/lib.sh"
with_fleet 'web[1-2] exec=canned stdout="alpha\x00\xff\nbeta" stderr="warn\n"
bad exec=canned exit=3
dead exec=canned signal=KILL
down exec=canned down=yes
sh'
dir=$tmp/dir

try on -q --outdir "$dir" -w web1,bad,dead,down true
ends 'the exit code is that of any run' 4
holds 'there is a file for each host, and how it ended' \
  sh -c '[ "$(LC_ALL=C ls -A "$1" | tr "\n" " ")" = "bad bad.rc dead dead.rc \
down down.rc summary.ndjson web1 web1.rc " ]' - "$dir"
printf 'alpha\000\377\nbeta' >"$tmp/want"
holds 'it has the bytes as they came' cmp -s "$tmp/want" "$dir/web1"
holds 'who prints nothing has an empty one' test ! -s "$dir/bad"
holds 'the exit status is in HOST.rc' grep -qx 3 "$dir/bad.rc"
holds 'or the word for another end' grep -qx SIGNAL "$dir/dead.rc"
holds 'also of hosts out of reach' grep -qx CONN_REFUSED "$dir/down.rc"
holds 'the summary has the ends, between plan and sum' sh -c \
  '[ "$(sed "s/.*\"event\":\"\([a-z]*\)\".*/\1/" "$1" | tr "\n" " ")" = \
  "plan exit exit exit exit summary " ]' - "$dir/summary.ndjson"

try on --errdir "$tmp/errors" -w web1 true
holds '--errdir takes standard error' grep -qx warn "$tmp/errors/web1"
printf 'web1: alpha\000\377\nweb1: beta\n' >"$tmp/want"
holds 'output is shown none the less' cmp -s "$tmp/want" "$tmp/out"

try on -q --outdir "$dir" -w bad true
holds 'files of an earlier run are replaced' grep -qx 3 "$dir/bad.rc"
holds 'those of other hosts are left alone' test -s "$dir/web1"

# Names that would leave the folder are none; some would be each other's.
rm -rf "$dir"
mkdir "$dir"
for name in ../up a/b; do
  try on -q --outdir "$dir" -H "$name" true
  refuses "$name is no host" "'$name'"
done
try on -q --retries 0 -o HostName=127.0.0.1 -p 1 --outdir "$dir" \
  -H .. -H ::1 -H a_b -H summary.ndjson -H x -H x.rc -w sh true
: >"$tmp/err"
ls -A "$dir" | tr '\n' ' ' >"$tmp/out"
status=0
is 'names stay in the folder, and apart' 0 \
  '::1 ::1.rc _. _..rc a_b a_b.rc sh sh.rc summary.ndjson summary.ndjson.1'\
' summary.ndjson.1.rc x x.rc x.rc.1 x.rc.1.rc ' ''
holds 'nothing is outside of it' test ! -e "$tmp/up"

rm -rf "$dir"
mkdir "$dir"
echo precious >"$tmp/precious"
ln -s "$tmp/precious" "$dir/web1"
try on -q --outdir "$dir" -w web1 true
refuses 'a link is not followed' "$dir/web1"
holds 'what it points to is as it was' grep -qx precious "$tmp/precious"
try on -q --outdir "$tmp/no/such" -w web1 true
refuses 'a folder that cannot be is named' "$tmp/no/such"
try on -q --outdir "$tmp/precious" -w web1 true
refuses 'so is one that is none' "$tmp/precious"
try on -q --outdir "$dir" --errdir "$dir/." -w web2 true
refuses 'one folder for both is refused' outdir errdir

rm -rf "$dir"
mkfifo "$tmp/go"
on_exec -q --outdir "$dir" -w sh "echo begun >'$tmp/go'; exec sleep 60" \
  >"$tmp/out" 2>"$tmp/err" &
pid=$!
read -r line <"$tmp/go"
rm -rf "$dir"
kill -TERM "$pid"
status=0
wait "$pid" || status=$?
holds 'the command had begun' test "$line" = begun
ends 'SIGTERM ends the run, its folder gone or not' 143
finish
