#!/bin/sh
# sizes.sh -- how long, how wide and how stateful code may be.
#
# Limits are in HACKING.md and sizes.awk; what goes over one must stand in
# tools/budget with its exact figure.
. "$(dirname "$0")/lib.sh"
house=$(cd "$(dirname "$0")" && pwd)

sizes() {
  files=$(sources c h)
  # shellcheck disable=SC2086 # a list of files
  [ -z "$files" ] || awk -f "$house/sizes.awk" $files
}

# Variables in .data and .bss of the objects in the folder `objects`; tables
# of pointers are constant, in .data.rel.ro.
variables() {
  (cd "$objects" && find engine ui src -name '*.o' 2>/dev/null) | sort |
    while read -r object; do
    file=$(echo "$object" | sed 's|/\.libs/|/|; s|\.o$|.c|')
    # An object of a target with flags of its own has its name in front.
    [ -f "$file" ] || file=$(echo "$file" | sed 's|/[^/-]*-\([^/]*\)$|/\1|')
    [ -f "$file" ] || continue
    objdump -t "$objects/$object" | awk -v file="$file" '
      / O \.(bss|data)([ \t]|\.[^r])/ && $NF !~ /^(__|\.|_ZZ)/ {
        name = $NF
        sub(/\.[0-9]+$/, "", name)
        print "variable " file " " name
      }'
  done
}

measured() {
  sizes
  variables
}

over_budget() {
  measured | sort >"$tmp/measured"
  grep -v '^#' tools/budget 2>/dev/null | sort >"$tmp/budget"
  comm -23 "$tmp/measured" "$tmp/budget" | sed 's/$/: over the limit/'
}

# Only what was measured can be said to be unneeded.
unneeded() {
  measured | sort >"$tmp/measured"
  grep -v '^#' tools/budget | sort >"$tmp/budget"
  comm -13 "$tmp/measured" "$tmp/budget" |
    sed 's/$/: no longer so; shorten tools\/budget/'
}

objects=$top_builddir
holds "nothing is over a limit but what tools/budget names" over_budget
holds "tools/budget names nothing that is within the limits" unneeded

objects=$tmp/none
mkdir "$objects"
catches over_budget src/x.c <<END
int
run(void)
{
$(awk 'BEGIN { for (i = 0; i < 61; i++) print "\tx();" }')
}
END
catches over_budget src/x.c <<END
$(awk 'BEGIN { for (i = 0; i < 601; i++) print "/* */" }')
END
catches over_budget src/x.h <<END
$(awk 'BEGIN { for (i = 0; i < 201; i++) print "/* */" }')
END
catches over_budget src/x.c <<END
$(awk 'BEGIN { for (i = 0; i < 11; i++) print "#include \"src/" i ".h\"" }')
END
catches over_budget src/x.c <<'END'
int
run(int a, int b, void (*c)(int, int),
    int d, int e, int f, int g)
{
}
END

mkdir "$objects/src"
if command -v "${CC:-cc}" >/dev/null; then
  printf 'int n_calls; static const char *const table[] = { "a" };
    const char *const *get(void) { n_calls++; return table; }\n' |
    "${CC:-cc}" -fPIC -x c -c -o "$objects/src/x.o" -
  catches over_budget src/x.c <<'END'
/* The object file says the rest. */
END
  if grep -q 'variable src/x.c n_calls' "$tmp/out" &&
    ! grep -q table "$tmp/out"; then
    ok "a variable is told from a constant table"
  else
    not_ok "a variable is told from a constant table" <"$tmp/out"
  fi
fi
plan
