# lib.sh -- what scripts/demo and scripts/check share. Sourced, not run.
#
# Sets `top`, the source tree, and `jobs`. Everything that these scripts
# write is in build-demo/, build-check/ and _deps/, which git ignores.

top=$(cd "$(dirname "$0")/.." && pwd)
me=${0##*/}
jobs=$(nproc 2>/dev/null || echo 2)
export DEBIAN_FRONTEND=noninteractive
exec </dev/null

say() {
  printf '%s: %s\n' "$me" "$*"
}

die() {
  printf '%s: %s\n' "$me" "$*" >&2
  exit 1
}

# packages KIND... -- the names in scripts/packages of these kinds.
packages() {
  for kind; do
    awk -v kind="$kind" '$1 == kind { print $2 }' "$top/scripts/packages"
  done
}

is_installed() {
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# need_packages KIND... -- installs what is missing, as root; says what is
# missing, and dies, without root. Enables and starts no service: no package
# of the list has one.
need_packages() {
  if ! command -v dpkg-query >/dev/null; then
    say "no dpkg here: taking the packages of scripts/packages for present"
    return
  fi
  missing=
  for package in $(packages "$@"); do
    is_installed "$package" || missing="$missing $package"
  done
  if [ -z "$missing" ]; then
    say "all packages are installed"
    return
  fi
  if [ "$(id -u)" != 0 ]; then
    die "packages are missing; as root: apt-get install$missing"
  fi
  say "installing:$missing"
  log=$(mktemp)
  apt-get update >"$log" 2>&1 || say "apt-get update failed; going on with" \
    "the package lists at hand"
  for package in $missing; do
    apt-cache show "$package" >/dev/null 2>&1 ||
      die "no package '$package' is to be had here (see scripts/packages)"
  done
  # shellcheck disable=SC2086 # a list of words
  if ! apt-get install -y --no-install-recommends $missing >"$log" 2>&1; then
    die "apt-get cannot install$missing: $(grep '^E:' "$log" | head -1)"
  fi
  rm -f "$log"
}

# bootstrap -- makes ./configure, unless it is newer than its sources.
bootstrap() {
  stale=$(find "$top" -name module.am -newer "$top/configure" 2>/dev/null)
  if [ ! -f "$top/configure" ] || [ -n "$stale" ] ||
    [ "$top/configure.ac" -nt "$top/configure" ] ||
    [ "$top/Makefile.am" -nt "$top/configure" ]; then
    "$top/bootstrap"
  fi
}

# build FOLDER CONFIGURE-ARGUMENT... -- configures and builds there.
build() {
  folder=$1
  shift
  mkdir -p "$folder"
  (cd "$folder" && "$top/configure" -q "$@" && make -j"$jobs")
}
