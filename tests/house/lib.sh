# lib.sh -- what the tests of the house rules share. Sourced, not run.
#
# A rule is a function that is run in a tree of sources and prints a line a
# violation. `holds` wants silence of it in this tree; `catches` wants it to
# speak in a tree of one bad file, so that no rule is dead.

LC_ALL=C
export LC_ALL
tree=${top_srcdir:?is set by make check}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
n=0

ok() { # DESCRIPTION
  n=$((n + 1))
  echo "ok $n - $1"
}

not_ok() { # DESCRIPTION, reasons on stdin
  n=$((n + 1))
  sed 's/^/# /'
  echo "not ok $n - $1"
}

skip() { # DESCRIPTION WHY
  n=$((n + 1))
  echo "ok $n - $1 # SKIP $2"
}

plan() {
  echo "1..$n"
}

# sources SUFFIX... -- our files with one of these suffixes, in the tree that
# we are in.
sources() {
  for suffix; do
    find engine ui src tests bench tools scripts -name "*.$suffix" \
      ! -path '*/corpus/*' 2>/dev/null
  done | sort
}

holds() { # DESCRIPTION RULE
  (cd "$tree" && $2) >"$tmp/out" 2>&1 || echo "'$2' failed" >>"$tmp/out"
  if [ -s "$tmp/out" ]; then
    head -50 "$tmp/out" >"$tmp/reasons"
    not_ok "$1" <"$tmp/reasons"
  else
    ok "$1"
  fi
}

catches() { # RULE FILE, its text on stdin
  rm -rf "$tmp/tree"
  mkdir -p "$tmp/tree/$(dirname "$2")"
  cat >"$tmp/tree/$2"
  (cd "$tmp/tree" && $1) >"$tmp/out" 2>/dev/null || :
  if grep -q "$2" "$tmp/out"; then
    ok "$1 catches a bad $2"
  else
    not_ok "$1 catches a bad $2" <"$tmp/out"
  fi
}
