#!/bin/sh
# style.sh -- the rules of style that a machine can read off the sources.
. "$(dirname "$0")/lib.sh"
house=$(cd "$(dirname "$0")" && pwd)
echo >"$tmp/newline"

# code FILE... -- "FILE:LINE:code" without comments and strings.
code() {
  awk -f "$house/code.awk" "$@" /dev/null
}

# ban WORDS FILE... -- calls of functions of the list, a line each.
ban() {
  words=$1
  shift
  code "$@" | grep -E "(^|[^A-Za-z0-9_>.])($words) *\\(" || :
}

# without FILE... -- the names on standard input but for these.
without() {
  for name; do
    set -- "$@" -e "$name"
    shift
  done
  grep -vxF "$@" || :
}

banned() {
  ban "strcpy|strcat|sprintf|vsprintf|strncpy|strncat\
|strtok|gets|atoi|atol|atoll|atof|alloca|setlocale|tmpnam|mktemp" \
    $(sources c h)
  ours=$(sources c h | grep -v '^tests/' || :)
  ban "system|popen" $ours
  ban "strtol|strtoul|strtoll|strtoull" \
    $(echo "$ours" | without engine/base/str.c)
  # Where the engine, libssh2 and the program get their memory.
  ban "malloc|calloc|realloc|strdup|strndup|asprintf" $(echo "$ours" |
    without engine/base/mem.c engine/ssh/heap.c src/heap.c)
  grep -n '^ *# *include <ctype.h>' $(sources c h) /dev/null || :
}

heads() {
  # The door speaks to programs outside of the house.
  awk -f "$house/heads.awk" $(sources c h | without engine/muster.h) /dev/null
}

# Characters are counted as one column each, and tabs to the next eighth.
lines() {
  set --
  for file in $(sources c h sh am awk) scripts/* Makefile.am configure.ac; do
    [ ! -f "$file" ] || set -- "$@" "$file"
  done
  awk -f "$house/lines.awk" "$@" /dev/null
  for file; do
    tail -c 1 "$file" | cmp -s - "$tmp/newline" ||
      echo "$file: no newline at its end"
  done
}

config_first() {
  awk '
    FNR == 1 { seen = 0 }
    /^#include/ && !seen {
      seen = 1
      if ($0 != "#include \"config.h\"") print FILENAME " begins with " $0
    }' $(sources c) /dev/null
  grep -n '#include "config.h"' $(sources h) /dev/null || :
}

guards() {
  grep -L '^#ifndef [A-Z][A-Z0-9_]*_H$' $(sources h | without engine/muster.h) \
    /dev/null | without /dev/null
}

words() {
  grep -nE '\b(TODO|FIXME|XXX)\b' $(sources c h) /dev/null || :
  code $(sources c h) |
    grep -E '(^|[^A-Za-z0-9_])typedef  *(struct|union|enum)' || :
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
