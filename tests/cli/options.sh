#!/bin/sh
# options.sh -- the table of options, the manual, the completions and --help
# say the same.
. "$(dirname "$0")/lib.sh"

man=${top_srcdir:?}/man/muster.1

# Options of all verbs as the program has them: "-w --hosts", sorted.
verbs=$("$muster" help |
  sed -n '/^verbs:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
for verb in $verbs; do
  echo "$verb" >>"$tmp/verbs"
  "$muster" help "$verb" | sed -n \
    -e 's/^  \(-.\), \(--[a-z-]*\).*/\1 \2/p' \
    -e 's/^ *\(--[a-z-]*\).*/\1/p' >"$tmp/options.$verb"
done
sort -u "$tmp"/options.* >"$tmp/table"
: >"$tmp/out"
: >"$tmp/err"
status=0

holds 'there are verbs' test "$(wc -l <"$tmp/verbs")" -ge 5
holds 'there are options' test "$(wc -l <"$tmp/table")" -ge 20

# The manual: ".It Fl w Ar list , Fl -hosts Ar list".
sed -n '/^\.Sh OPTIONS/,/^\.Sh COPIES/s/^\.It Fl //p' "$man" | sed \
  -e 's/ Ns Op .*//' -e 's/ Ar [a-z]*//g' -e 's/ , Fl / -/' -e 's/^/-/' |
  sort >"$tmp/manual"
if ! diff "$tmp/table" "$tmp/manual" >"$tmp/out"; then
  status=1
fi
ends 'the manual has all options, and no others' 0

sed -n '/^\.It Cm/s/^\.It Cm //p' "$man" | sort >"$tmp/manual"
sort "$tmp/verbs" | diff - "$tmp/manual" >"$tmp/out" || status=1
ends 'the manual has all verbs, and no others' 0

# What 'muster hosts' shall do is said on its command line alone.
verb_words='--(expand|fold|count|list|regroup|intersection|xor|split|slice|pick'
# So is what a copy shall do with files.
verb_words=$verb_words'|preserve|recursive|follow|ignore|checksum|chmod|owner'
verb_words=$verb_words'|delete|yes|host-suffix|dest-file|dry-run'
# And which host keys are right.
verb_words=$verb_words'|fingerprints|accept'
# And on which hosts a run is repeated.
verb_words=$verb_words'|failed|unreached|lost|only|include-unknown'
verb_words=$verb_words'|accept-inventory'
# And that nothing is run.
verb_words=$verb_words'|list-hosts'
# And how a run goes through its hosts.
verb_words=$verb_words'|canary|serial|ramp|max-unavailable|gate|wave-check'
verb_words=$verb_words'|check-deadline|soak|progress-deadline|order|spread'
verb_words=$verb_words'|confirm|lock'
# And how fast a run is shown again.
verb_words=$verb_words'|speed)'

# Each option's variable, which a wrong value makes the program name.
sed -n '/^\.Sh ENVIRONMENT/,/^\.Pp/p' "$man" | awk '
  /^\.It Ev/ { name = $3 }
  /^\.Fl/ { sub(/^-/, "--", $2); print $2, name }' >"$tmp/variables"
grep -o -e '--[a-z-]*' "$tmp/table" |
  grep -vxE -e '--(help|version|host|set|origins)' -e "$verb_words" |
  sort -u >"$tmp/have"
cut -d' ' -f1 "$tmp/variables" | sort | diff "$tmp/have" - >"$tmp/out" ||
  status=1
ends 'the manual has a variable for each option' 0
while read -r option name; do
  upper=MUSTER_$(echo "${option#--}" | tr a-z- A-Z_)
  [ "$upper" = "$name" ] || {
    status=1
    echo "$option: $name" >>"$tmp/out"
  }
done <"$tmp/variables"
ends 'variables are called as options are' 0

for shell in bash zsh fish; do
  "$muster" completion "$shell" >"$tmp/script"
  : >"$tmp/out"
  for word in $(cat "$tmp/table" "$tmp/verbs"); do
    case $shell,$word in
    fish,--*) pattern=" -l ${word#--} " ;;
    fish,-*) pattern=" -s ${word#-} " ;;
    *) pattern=$word ;;
    esac
    grep -qF -e "$pattern" "$tmp/script" || {
      status=1
      echo "$word" >>"$tmp/out"
    }
  done
  ends "$shell completes all options and verbs" 0
  case $shell in
  bash) file=completions/muster ;;
  zsh) file=completions/_muster ;;
  fish) file=completions/muster.fish ;;
  esac
  cmp "$tmp/script" "$top_builddir/$file" >"$tmp/out" || status=1
  ends "the installed script of $shell is this one" 0
  if command -v "$shell" >/dev/null; then
    "$shell" -n "$tmp/script" 2>"$tmp/err" || status=1
    ends "$shell can read it" 0
  else
    skip "$shell can read it" "no $shell"
  fi
done

# Keywords of the configuration, typed in part.
"$muster" config | sed 's/^# //; s/ .*//' | sort >"$tmp/keywords"
if command -v bash >/dev/null; then
  # shellcheck disable=SC2016 # bash expands it
  try bash -c '. "$1"; COMP_WORDS=(muster config ""); COMP_CWORD=2; _muster
    printf "%s\n" "${COMPREPLY[@]}" | sort | diff - "$2"' - \
    completions/muster "$tmp/keywords"
  is 'bash completes keywords behind config' 0 '' ''
else
  skip 'bash completes keywords behind config' 'no bash'
fi
if command -v fish >/dev/null; then
  # shellcheck disable=SC2016 # fish expands it
  try fish --no-config -c 'source completions/muster.fish
    complete -C "muster config fan"'
  is 'fish completes keywords behind config' 0 fanout ''
else
  skip 'fish completes keywords behind config' 'no fish'
fi
sed -n "s/.*'\*:keyword:(\(.*\))' ;;/\1/p" completions/_muster |
  tr ' ' '\n' | sed '/^$/d' | sort >"$tmp/out"
holds 'zsh is told the keywords behind config' \
  cmp "$tmp/out" "$tmp/keywords"

if command -v mandoc >/dev/null; then
  try mandoc -T lint -W warning "$man"
  is 'the manual is well formed' 0 '' ''
fi
finish
