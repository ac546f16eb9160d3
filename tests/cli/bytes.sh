#!/bin/sh
# bytes.sh -- random bytes of real sshds come out as they were sent, on both
# streams; the senders keep what they send.
. "$(dirname "$0")/lib.sh"
with_sshds 10 "$0"

rounds=2
[ -z "${MUSTER_LONG_TESTS-}" ] || rounds=10 # 200 streams
# shellcheck disable=SC2016 # the remote shell expands it
send='set -- $SSH_CONNECTION; n=${3##*.}
for s in out err; do
  head -c $((n * n * 1531 + n)) /dev/urandom >"$dir/$3.$s" || exit 1
  sha256sum <"$dir/$3.$s" >"$dir/$3.$s.sum"
done
cat "$dir/$3.err" >&2 & cat "$dir/$3.out"; wait'
for round in $(seq "$rounds"); do
  mkdir "$tmp/sent$round"
  try run -q --no-record --outdir "$tmp/out$round" --errdir "$tmp/err$round" \
    -e dir="$tmp/sent$round" -w "$hosts" "$send"
  [ "$status" = 0 ] || ends 'the run ends well' 0
  for host in $SSHD_HOSTS; do
    for s in out err; do
      sha256sum <"$tmp/$s$round/$host" |
        cmp -s - "$tmp/sent$round/$host.$s.sum" &&
        echo "$round $host $s" >>"$tmp/equal"
    done
  done
done
holds "$((rounds * 20)) streams have the digests of their senders" \
  test "$(wc -l <"$tmp/equal")" = $((rounds * 20))
finish
