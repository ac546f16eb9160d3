#!/bin/sh
# full.sh -- disks that are full: for what is printed, for --outdir and for
# the record; with real sshds. As root alone: the disks are small ones in
# memory, in a mount namespace of the script's own.
if [ -z "${FULL_STAGE-}" ]; then
  . "$(dirname "$0")/lib.sh"
  [ "$(id -u)" = 0 ] || skip_all 'not root'
  unshare -m true 2>/dev/null || skip_all 'no mount namespaces'
  rm -rf "$tmp"
  FULL_STAGE=1
  export FULL_STAGE
  exec unshare -m sh "$0"
fi

. "$(dirname "$0")/lib.sh"
with_sshds 3 "$0"

# disk NAME SIZE -- a disk of that size at $tmp/NAME.
disk() {
  mkdir "$tmp/$1"
  mount -t tmpfs -o "size=$2" none "$tmp/$1" || exit 99
}
trap 'umount "$tmp/out.d" "$tmp/dir.d" "$tmp/state.d" 2>/dev/null
  rm -rf "$tmp"' EXIT
disk out.d 256k
disk dir.d 256k
disk state.d 256k

# shellcheck disable=SC2317 # called by try
to_disk() {
  timeout 60 "$muster" run -p "$SSHD_PORT" -l "$SSHD_USER" \
    -i "$SSHD_DIR/user_ed25519" --known-hosts "$SSHD_DIR/known_hosts" \
    "$@" >"$tmp/out.d/out"
}

# ---- standard output ----
try to_disk -N -f 1 -w "$hosts" --no-record "echo x >>'$tmp/ran'; seq 100000"
ends 'no room for the output: 3' 3
holds 'it is said' grep -qx \
  'muster: cannot write output: No space left on device' "$tmp/err"
holds 'and of which host output is cut' grep -q \
  '^muster: TRUNCATED (output could not be written here) on 1 host: ' "$tmp/err"
holds 'no more hosts begin' test "$(wc -l <"$tmp/ran")" = 1
holds 'what is there is the beginning' sh -c \
  'seq 100000 | head -c "$(wc -c <"$1")" | cmp -s - "$1" && [ -s "$1" ]' \
  - "$tmp/out.d/out"
try to_disk -N -w "$hosts" --no-record yes
ends 'endless commands end: 3' 3
try to_disk -b -w "$one" --no-record seq 100000
ends 'gathered output without room: 3' 3
rm -f "$tmp/out.d/out"

# ---- --outdir ----
try run --outdir "$tmp/dir.d/o" -q -w "$hosts" -f 1 --no-record seq 100000
ends '--outdir without room: 3' 3
holds 'the file is named' grep -q \
  "^muster: cannot write '$tmp/dir.d/o/.*': No space left on device" "$tmp/err"

# ---- the record ----
XDG_STATE_HOME=$tmp/state.d
rm -f "$tmp/ran"
try run -N -f 1 -w "$hosts" "echo x >>'$tmp/ran'; seq 150000"
ends 'the record runs out of room: 1' 1
holds 'it is said that it is not whole' \
  grep -q '^muster: the record of run .* is not whole: ' "$tmp/err"
holds 'what runs goes on to its end, and is shown' \
  sh -c 'seq 150000 | cmp -s - "$1"' - "$tmp/out"
holds 'no more hosts begin without one' test "$(wc -l <"$tmp/ran")" = 1
holds 'they say so' grep -q \
  'not begun: the record of the run cannot be written' "$tmp/err"
head -c 300000 /dev/zero >"$tmp/state.d/filler" 2>/dev/null
rm -f "$tmp/ran"
try run -w "$hosts" "echo x >>'$tmp/ran'"
ends 'a record that cannot begin: 1' 1
holds 'nothing ran' test ! -e "$tmp/ran"
holds 'one line says why' test "$(wc -l <"$tmp/err")" = 1
finish
