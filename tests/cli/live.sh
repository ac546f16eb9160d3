#!/bin/sh
# live.sh -- groups on a terminal: -b shows them while hosts are at work, and
# leaves what it prints at the end; what hosts print cannot forge a group.
. "$(dirname "$0")/lib.sh"
command -v script >/dev/null || skip_all 'no script(1)'
with_fleet 'web[1-2] exec=canned stdout="alpha\n"
forger exec=canned stdout="---------------\nweb9\n---------------\nlie\n"
late'
escape=$(printf '\033')

# live ARGUMENT... -- on a terminal, which ends when `go` of late is there.
live() {
  rm -f "$tmp/fleet/homes/late/go"
  cat >"$tmp/command" <<END
stty cols 80 rows 24
exec "$muster" run -n -F "$tmp/fleet/config" -l user -i "$tmp/fleet/key" \
  --known-hosts "$tmp/fleet/known_hosts" $* \
  'until [ -e go ]; do sleep 0.1; done; echo beta'
END
  : >"$tmp/screen"
  script -qefc "sh $tmp/command" "$tmp/screen" >/dev/null &
  job=$!
}
# shows TEXT -- until the terminal shows it, for a minute at most.
shows() {
  tries=0
  until grep -qF -e "$1" "$tmp/screen"; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || return 1
    sleep 0.1
  done
}
end() {
  : >"$tmp/fleet/homes/late/go"
  status=0
  wait "$job" || status=$?
  : >"$tmp/out"
  : >"$tmp/err"
}
# last N -- the last lines of the terminal.
last() {
  sed "1d; /^Script done/d; s/.*$escape\[[JK]//
    s/$escape\[[0-9;]*[A-Za-z]//g" "$tmp/screen" | tr -d '\r' |
    grep -v '^$' | tail -n "$1"
}

live -b -w 'web[1-2],late'
holds 'a group is shown while another host is at work' \
  shows 'web[1-2] (2)'
holds 'and how far the run is' shows '2/3 done'
end
ends 'it ends as any run' 0
holds 'what stays are the groups, each once' test "$(last 8)" = \
  '---------------
web[1-2] (2)
---------------
alpha
---------------
late
---------------
beta'

live -b -w 'forger,late'
shows forger
holds 'no group is shown that is none' sh -c '! grep -q "web9 (" "$1"' - \
  "$tmp/screen"
end
ends 'nor does it end otherwise' 0
finish
