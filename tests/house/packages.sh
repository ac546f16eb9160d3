#!/bin/sh
# packages.sh -- how scripts/lib.sh gets packages, with a made-up apt.
. "$(dirname "$0")/lib.sh"

# A tree with the script that is tested, and programs that say they were run.
mkdir -p "$tmp/scripts" "$tmp/bin"
cp "$tree/scripts/lib.sh" "$tmp/scripts"
printf 'build\there\twhy\nbuild\taway\twhy\n' >"$tmp/scripts/packages"
cat >"$tmp/scripts/get" <<'EOS'
#!/bin/sh
set -eu
. "$(dirname "$0")/lib.sh"
need_packages build
EOS
fake() { # NAME, its text on stdin
  { echo '#!/bin/sh' && cat; } >"$tmp/bin/$1"
  chmod +x "$tmp/bin/$1"
}
fake dpkg-query <<'EOS'
case " $INSTALLED " in
*" $4 "*) echo installed ;;
*) exit 1 ;;
esac
EOS
fake id <<'EOS'
echo "$FAKE_UID"
EOS
fake apt-cache <<'EOS'
[ "$2" != "$UNKNOWN" ]
EOS
fake apt-get <<'EOS'
echo "$*" >>"$APT_LOG"
[ "$1" != install ] || [ -z "$BROKEN" ] || { echo "E: disk full"; exit 100; }
EOS

# get UID INSTALLED UNKNOWN BROKEN -- fills $tmp/said and $tmp/apt; sets rc.
get() {
  : >"$tmp/apt"
  rc=0
  FAKE_UID=$1 INSTALLED=$2 UNKNOWN=$3 BROKEN=$4 APT_LOG=$tmp/apt \
    PATH="$tmp/bin:$PATH" sh "$tmp/scripts/get" >"$tmp/said" 2>&1 || rc=$?
}

is() { # DESCRIPTION RC SAID-PATTERN APT-PATTERN ('' if it is not to be run)
  good=yes
  [ "$rc" = "$2" ] || good=
  grep -qE "$3" "$tmp/said" || good=
  if [ -n "$4" ]; then
    grep -qE -- "$4" "$tmp/apt" || good=
  elif [ -s "$tmp/apt" ]; then
    good=
  fi
  if [ -n "$good" ]; then
    ok "$1"
  else
    cat "$tmp/said" "$tmp/apt" >"$tmp/out"
    not_ok "$1 (exit status $rc)" <"$tmp/out"
  fi
}

get 0 'here away' '' ''
is "with all packages there apt is left alone" 0 'all packages' ''
get 0 'here' '' ''
is "root gets what is missing, and only that" 0 'installing: away' \
  '^install -y --no-install-recommends away$'
get 1000 'here' '' ''
is "without root the line says what to install" 1 \
  '^get: .*apt-get install away$' ''
get 0 '' 'away' ''
is "a package that nobody has is named" 1 "no package 'away'" '^update$'
get 0 'here' '' 'yes'
is "what apt says is passed on" 1 'cannot install away: E: disk full' \
  '^install'
plan
