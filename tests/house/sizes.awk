# sizes.awk -- measures C: prints what goes over a limit as a line of
# tools/budget. Relies on the layout of clang-format: a function's name and
# its braces stand in the first column.
FNR == 1 {
  end_file()
  file = FILENAME
  name = ""
  body = n_includes = 0
}
{ n_lines = FNR }
/^#include "/ && !/"config\.h"/ { n_includes++ }
!body && /^[a-z_][A-Za-z0-9_]*\(/ {
  name = signature = $0
  sub(/\(.*/, "", name)
  open = signature !~ /\)( *__attribute.*)?[;{]?$/
  next
}
!body && open {
  signature = signature " " $0
  open = $0 !~ /\)$/ && $0 !~ /;$/
}
!body && name != "" && /^\{/ {
  n_params = count_params(signature)
  if (n_params > 6)
    print "params " file " " name " " n_params
  body = FNR
  has_switch = 0
}
body && /^\t.*switch \(/ { has_switch = 1 }
body && /^\}/ {
  n = FNR - body - 1
  # A test may begin with a table of cases; its main() is one of tests.
  if (n > (has_switch || file ~ /^tests\// ? 100 : 60) &&
      !(name == "main" && file ~ /^tests\//))
    print "function " file " " name " " n
  body = 0
  name = ""
}
END { end_file() }

function end_file(    limit) {
  if (file == "")
    return
  limit = file ~ /\.c$/ ? 600 : file == "engine/muster.h" ? 500 : 200
  if (n_lines > limit)
    print "lines " file " " n_lines
  if (file ~ /\.c$/ && n_includes > 10)
    print "includes " file " " n_includes
}

# Commas that are in no inner parentheses.
function count_params(text,    i, c, level, count) {
  if (text ~ /\((void)?\)/)
    return 0
  count = 1
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    level += (c == "(") - (c == ")")
    count += c == "," && level == 1
  }
  return count
}
