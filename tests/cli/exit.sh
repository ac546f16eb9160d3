#!/bin/sh
# exit.sh -- exit codes and the report; with real sshds.
. "$(dirname "$0")/lib.sh"
with_sshds 3 "$0"
two=$(echo "$SSHD_HOSTS" | cut -d' ' -f2)

try run -w "$one" true
is 'success is silent' 0 '' ''
try run -w "$one" exit 3
is 'a command that failed: 5' 5 '' "muster: exit 3 on 1 host: $one
muster: 1 host: 0 ok, 1 failed"
try run -S -w "$one,$two" "case \$SSH_CONNECTION in *' $two '*) exit 9;; esac"
is '-S gives the highest code' 9 '' "muster: exit 9 on 1 host: $two
muster: 2 hosts: 1 ok, 1 failed"
try run -w "$one" exit 255
is 'exit 255 is no failure of ssh' 5 '' "muster: exit 255 on 1 host: $one
muster: 1 host: 0 ok, 1 failed"

# shellcheck disable=SC2016 # the remote shell expands it
try run -w "$one" 'kill -TERM $$'
ends 'killed by a signal is not success: 5' 5
holds 'the signal is named' \
  grep -q "^muster: signal TERM on 1 host: $one" "$tmp/err"
# shellcheck disable=SC2016
try run -S -w "$one" 'kill -KILL $$'
ends '-S counts a signal as 128 and its number' 137

try run -w "$one:1" true
ends 'a host that refuses: 4' 4
holds 'it is named' grep -q "^muster: CONN_REFUSED on 1 host: $one" "$tmp/err"
try run -S -w "$one:1" true
ends '-S: no connection is 254' 254
try run -w "$one:1,$two" exit 3
ends 'not reached goes before failed: 4' 4

: >"$tmp/nothing"
try run --known-hosts "$tmp/nothing" -w "$one" true
ends 'more files of known hosts do not shadow the first' 0
try "$muster" -p "$SSHD_PORT" -l "$SSHD_USER" -i "$SSHD_DIR/user_ed25519" \
  --known-hosts "$tmp/nothing" -w "$one" true
ends 'an unknown host key: 4' 4
holds 'it says so' grep -q "^muster: HK_UNKNOWN on 1 host: $one" "$tmp/err"
try "$muster" -p "$SSHD_PORT" -l "$SSHD_USER" -i "$SSHD_DIR/host_ed25519" \
  --known-hosts "$SSHD_DIR/known_hosts" -w "$one" true
ends 'a key that is not let in: 4' 4
holds 'it says so' grep -q "^muster: AUTH_DENIED on 1 host: $one" "$tmp/err"
try "$muster" -S -p "$SSHD_PORT" -l "$SSHD_USER" \
  -i "$SSHD_DIR/host_ed25519" --known-hosts "$SSHD_DIR/known_hosts" \
  -w "$one" true
ends '-S: a failure of ssh is 255' 255

try run -u 500ms -w "$one" sleep 60
ends 'a command that takes too long: 3' 3
holds 'it says so' grep -q "^muster: CMD_TIMEOUT on 1 host: $one" "$tmp/err"
# shellcheck disable=SC2016
try run -w "$one" 'kill -9 $PPID'
ends 'a connection that is cut: 3' 3
holds 'it says so' grep -q "^muster: LOST on 1 host: $one" "$tmp/err"
# shellcheck disable=SC2016
try run -w "$one,$two:1" 'kill -9 $PPID'
ends 'unknown goes before not reached: 3' 3

finish
