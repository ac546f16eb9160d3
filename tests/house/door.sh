#!/bin/sh
# door.sh -- muster.h is documented, and is all that libmuster.so shows.
. "$(dirname "$0")/lib.sh"

# The functions that muster.h declares.
declared() {
  cat engine/muster*.h | tr '\n' ' ' | sed 's|/\*[^*]*\*\([^/][^*]*\*\)*/||g' |
    tr ';' '\n' | grep -o 'muster_[a-z0-9_]* *(' | tr -d ' (' | sort -u
}

# A prototype begins in the first column, right below the end of a comment or
# below another one that shares it.
undocumented() {
  awk '
    /^[a-z].*[ *]muster_[a-z0-9_]*\(/ && last !~ /(\*\/|;)$/ {
      print FILENAME ":" FNR ": no comment above: " $0
    }
    { last = $0 }' engine/muster*.h
}

# All but what engine/ssh/airbag.c puts in front of libc's.
exported() {
  nm -D --defined-only "$library" | awk '{ print $NF }' |
    grep -vx __assert_fail | sort -u
}

foreign_symbols() {
  exported | grep -v '^muster_' || :
}

unlike_door() {
  declared >"$tmp/declared"
  exported >"$tmp/exported"
  comm -23 "$tmp/declared" "$tmp/exported" | sed 's/$/ is not exported/'
  comm -13 "$tmp/declared" "$tmp/exported" | sed 's/$/ is not in muster.h/'
}

not_in_manual() {
  for name in $(declared); do
    grep -qE "^\.(Fn|Fo) $name( |\$)" man/libmuster.3 ||
      echo "man/libmuster.3 lacks $name()"
  done
}

library=$(find "$top_builddir/.libs" -name 'libmuster.so' 2>/dev/null |
  head -1)
holds "every function of muster.h has its comment" undocumented
catches undocumented engine/muster.h <<'END'

int muster_sing(struct muster *m);
END
if [ -n "$library" ]; then
  holds "libmuster.so shows names that begin with muster_" foreign_symbols
  holds "libmuster.so shows just what muster.h declares" unlike_door
  if command -v "${CC:-cc}" >/dev/null; then
    echo 'int sing(void) { return 1; }' |
      "${CC:-cc}" -shared -fPIC -x c -o "$tmp/libx.so" -
    library=$tmp/libx.so
    foreign_symbols >"$tmp/out"
    if grep -qx sing "$tmp/out"; then
      ok "a foreign symbol is caught"
    else
      not_ok "a foreign symbol is caught" <"$tmp/out"
    fi
  fi
else
  skip "libmuster.so shows just what muster.h declares" "it is not shared"
fi
holds "every function of muster.h is in libmuster(3)" not_in_manual
plan
