#!/bin/sh
# papers.sh -- the papers of the tree speak of files that exist.
. "$(dirname "$0")/lib.sh"

# PAPER PATH, for each path that is named in `code` or as a link.
named() {
  for paper in README.md ARCHITECTURE.md HACKING.md NEWS SECURITY.md; do
    [ -f "$paper" ] || continue
    grep -oE '`[^` ]+`|\]\([^)]+\)|^    scripts/[a-z]+' "$paper" |
      sed 's/^](//; s/^ *//; s/[`)]//g' | grep -v '[*<]' |
      grep -E '^(engine|ui|src|tests|man|scripts|tools|[A-Z]+\.md)' |
      sed "s|^|$paper |"
  done
}

absent() {
  named | while read -r paper path; do
    [ -e "$path" ] || case $path in
    # Words of a rule, not files.
    tests/test_NAME.c | ui/*) ;;
    *) echo "$paper speaks of $path, which is not there" ;;
    esac
  done
}

holds "the papers speak of files that exist" absent
catches absent README.md <<'END'
Read `engine/base/none.h`.
END
plan
