#!/bin/sh
# manual.sh -- the manual pages are sound.
. "$(dirname "$0")/lib.sh"

lint() {
  find man -name '*.[1-9]' | sort | while read -r page; do
    mandoc -T lint -W warning "$page" | grep -v 'missing date, using ""' ||
      :
  done
}

if command -v mandoc >/dev/null; then
  holds "mandoc has no complaint about the manual pages" lint
  catches lint man/x.1 <<'END'
.Dd November 22, 2026
.Dt X 1
.Os
.Sh NAME
.Nm x
.Nd a page
.Sh SYNOPSIS
.Foo bar
END
else
  skip "mandoc has no complaint about the manual pages" "it is not installed"
fi
plan
