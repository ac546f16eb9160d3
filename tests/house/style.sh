#!/bin/sh
# style.sh -- the rules of style that a machine can read off the sources.
. "$(dirname "$0")/lib.sh"
house=$(cd "$(dirname "$0")" && pwd)

# code FILE -- "FILE:LINE:code" without comments and strings.
code() {
  awk -f "$house/code.awk" "$1" | awk -v file="$1" '{ print file ":" NR ":" $0 }'
}

# ban WORDS -- calls of functions of the list, a line each.
ban() {
  grep -E "(^|[^A-Za-z0-9_>.])($1) *\\(" || :
}

banned() {
  for file in $(sources c h); do
    code "$file" | ban "strcpy|strcat|sprintf|vsprintf|strncpy|strncat\
|strtok|gets|atoi|atol|atoll|atof|alloca|setlocale|tmpnam|mktemp"
    case $file in
    tests/*) continue ;;
    esac
    code "$file" | ban "system|popen"
    [ "$file" = engine/base/str.c ] ||
      code "$file" | ban "strtol|strtoul|strtoll|strtoull"
    case $file in
    # Where the engine, libssh2 and the program get their memory.
    engine/base/mem.c | engine/ssh/heap.c | src/heap.c) continue ;;
    esac
    code "$file" | ban "malloc|calloc|realloc|strdup|strndup|asprintf"
  done
  grep -n '^ *# *include <ctype.h>' $(sources c h) /dev/null || :
}

heads() {
  for file in $(sources c h); do
    # The door speaks to programs outside of the house.
    [ "$file" != engine/muster.h ] || continue
    awk -v file="$file" -v name="${file##*/}" '
      NR == 1 && $0 != "/*" { bad = "does not begin with a comment" }
      NR == 2 && index($0, " * " name " -- ") != 1 {
        bad = "lacks \"" name " -- \" in line 2"
      }
      NR <= 12 && /^ \* Room: .*\./ { room = 1 }
      NR <= 12 && /May touch: / { touch = 1 }
      NR == 12 { exit }
      END {
        if (bad == "" && !(room && touch))
          bad = "lacks \"Room: ...  May touch: ...\" on top"
        if (bad != "") print file " " bad
      }' "$file"
  done
}

lines() {
  for file in $(sources c h sh am awk) scripts/* Makefile.am configure.ac; do
    [ -f "$file" ] || continue
    expand "$file" | sed 's/[\200-\277]//g' | awk -v file="$file" '
      length($0) > 80 { print file ":" NR ": over 80 columns" }'
    grep -n '[ 	]$' "$file" | sed "s|^|$file: blanks at the end: |"
    [ -z "$(tail -c 1 "$file")" ] || echo "$file: no newline at its end"
  done
}

config_first() {
  for file in $(sources c); do
    first=$(grep -m 1 '^#include' "$file")
    [ "$first" = '#include "config.h"' ] || echo "$file begins with $first"
  done
  grep -n '#include "config.h"' $(sources h) /dev/null || :
}

guards() {
  for file in $(sources h); do
    grep -q '^#ifndef [A-Z][A-Z0-9_]*_H$' "$file" ||
      [ "$file" = engine/muster.h ] || echo "$file lacks its guard"
  done
}

words() {
  grep -nE '\b(TODO|FIXME|XXX)\b' $(sources c h) /dev/null || :
  for file in $(sources c h); do
    code "$file" | grep -E '(^|[^A-Za-z0-9_])typedef  *(struct|union|enum)' ||
      :
  done
}

scripts() {
  for file in $(sources sh) scripts/* bootstrap .ci/run; do
    case $file in */packages) continue ;; esac
    [ ! -f "$file" ] || sh -n "$file" 2>&1 || :
  done
}

format() {
  $clang_format --dry-run -Werror $(sources c h) 2>&1 | grep ' error: ' || :
}

holds "no banned function is called" banned
catches banned engine/base/x.c <<'END'
	strcpy(a, b);
END
catches banned src/x.c <<'END'
	int n = system("true");
END
catches banned engine/conf/x.c <<'END'
	port = strtol(text, NULL, 10);
END
catches banned ui/x.c <<'END'
#include <ctype.h>
END
holds "every file says what it is and what it may touch" heads
catches heads engine/base/x.c <<'END'
/*
 * y.c -- another file.
 *
 * Room: engine/base.  May touch: libc.
 */
END
catches heads src/x.h <<'END'
/*
 * x.h -- a header without a room.
 */
END
holds "lines are 80 columns at most and end cleanly" lines
catches lines src/x.c <<END
$(printf '\t\t\t\t\t\t\t\t\t\t\t1')
END
catches lines src/x.h <<END
x$(printf ' ')
END
holds "config.h comes first, and in no header" config_first
catches config_first src/x.c <<'END'
#include "src/x.h"
END
catches config_first src/x.h <<'END'
#include "config.h"
END
holds "headers are guarded" guards
catches guards src/x.h <<'END'
int x_run(void);
END
holds "no typedef of a struct, nothing left to do" words
catches words src/x.c <<'END'
typedef struct x { int y; } x;
END
catches words src/x.c <<'END'
/* TODO: the rest */
END
holds "scripts are shell" scripts
catches scripts tests/house/x.sh <<'END'
if then
END

clang_format=
for name in clang-format-14 clang-format; do
  case $($name --version 2>/dev/null) in
  *"version 14."*) clang_format=$name && break ;;
  esac
done
if [ -n "$clang_format" ]; then
  holds "sources are as clang-format 14 writes them" format
  cp "$tree/.clang-format" "$tmp"
  catches format src/x.c <<'END'
int main( void ) { return 0 ; }
END
else
  skip "sources are as clang-format 14 writes them" "it is not installed"
fi
plan
