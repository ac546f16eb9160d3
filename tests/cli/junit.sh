#!/bin/sh
# junit.sh -- --junit, against the schema of the files that JUnit writes.
. "$(dirname "$0")/lib.sh"
command -v xmllint >/dev/null || skip_all 'no xmllint'
markup='"a<b>&\"c\"\n]]>"'
bytes='"\x1b[31mred\x00\xff\xef\xbf\xbf\n"'
with_fleet "web1 exec=canned stdout=$markup stderr=$bytes"'
bad exec=canned exit=3
dead exec=canned signal=KILL
down exec=canned down=yes
long exec=canned bytes=200000'

schema=${top_srcdir:?}/tests/cli/junit.xsd
of() { # XPATH
  xmllint --xpath "$1" "$tmp/junit.xml"
}
try on -q --junit "$tmp/junit.xml" -w web1,bad,dead,down 'say "<hi>" &'
ends '--junit does not change the exit code' 4
holds 'the file is as the schema says' \
  xmllint --noout --schema "$schema" "$tmp/junit.xml"
holds 'the hosts are counted' test \
  "$(of 'concat(/testsuites/@tests,//testsuite/@failures,//testsuite/@errors,
     //testsuite/@skipped)')" = 4210
holds 'the command is the name' test "$(of 'string(//testsuite/@name)')" = \
  'say "<hi>" &'
holds 'a code is a failure' test \
  "$(of 'string(//testcase[@name="bad"]/failure/@message)')" = 'exit 3'
holds 'a signal, too' test \
  "$(of 'string(//testcase[@name="dead"]/failure/@type)')" = SIGNAL
holds 'a host out of reach is an error' test \
  "$(of 'string(//testcase[@name="down"]/error/@type)')" = CONN_REFUSED
printf 'a<b>&"c"\n]]>' >"$tmp/want"
of 'string(//testcase[@name="web1"]/system-out)' >"$tmp/got"
holds 'output is there' sh -c 'cat "$2" | head -c 12 | cmp -s "$1" -' - \
  "$tmp/want" "$tmp/got"
holds 'what XML cannot have is made visible' sh -c '
  [ "$(xmllint --xpath "string(//testcase[@name=\"web1\"]/system-err)" "$1" |
    tr -d "\\n" | grep -c "red")" = 1 ]' - "$tmp/junit.xml"
try on -q --junit "$tmp/junit.xml" -w long true
holds 'the file is replaced' test "$(of 'string(//testsuite/@tests)')" = 1
holds 'of long output the end is there' \
  grep -q 'bytes before this' "$tmp/junit.xml"
holds 'and it is valid again' \
  xmllint --noout --schema "$schema" "$tmp/junit.xml"
try on --junit "$tmp/none/junit.xml" -w web1 true
refuses 'a file that cannot be written is refused' "$tmp/none/junit.xml"
mkdir "$tmp/folder"
try on --junit "$tmp/folder" -w web1 true
refuses 'so is a folder in its place' "$tmp/folder" 'directory'
holds 'nothing else is left behind' test \
  "$(find "$tmp" -name 'junit*' | wc -l)" = 1
finish
