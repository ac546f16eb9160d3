#!/bin/sh
# dist.sh -- the tarball holds every file of the tree.
. "$(dirname "$0")/lib.sh"

missing() {
  (cd "$tree" && git ls-files) | while read -r file; do
    [ -e "$dist/$file" ] || echo "not in the tarball: $file"
  done
}

if [ -e "$tree/.git" ] && command -v git >/dev/null; then
  dist=$tmp/dist
  unset MAKEFLAGS MFLAGS MAKELEVEL
  make -C "$top_builddir" distdir distdir="$dist" am__remove_distdir=: \
    >"$tmp/log" 2>&1 || sed 's/^/# /' "$tmp/log"
  holds "the tarball holds every file of the tree" missing
  rm -f "$dist/COPYING"
  missing >"$tmp/out"
  if grep -q COPYING "$tmp/out"; then
    ok "a file left out is noticed"
  else
    not_ok "a file left out is noticed" <"$tmp/out"
  fi
else
  skip "the tarball holds every file of the tree" "this is no git tree"
fi
plan
