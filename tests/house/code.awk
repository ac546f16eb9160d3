# code.awk -- C without comments and without the contents of strings, so
# that rules read code alone: FILE:LINE:code, a line each.
FNR == 1 { comment = 0 }
{
  out = ""
  line = $0
  while (line != "") {
    if (comment) {
      end = index(line, "*/")
      if (end == 0)
        break
      line = substr(line, end + 2)
      comment = 0
      continue
    }
    if (!match(line, /\/\*|\/\/|"|'/)) {
      out = out line
      break
    }
    out = out substr(line, 1, RSTART - 1)
    mark = substr(line, RSTART, 1)
    if (substr(line, RSTART, 2) == "/*") {
      comment = 1
      line = substr(line, RSTART + 2)
    } else if (mark == "/") {
      break
    } else {
      line = substr(line, RSTART + 1)
      while (line != "" && substr(line, 1, 1) != mark)
        line = substr(line, substr(line, 1, 1) == "\\" ? 3 : 2)
      line = substr(line, 2)
      out = out mark mark
    }
  }
  print FILENAME ":" FNR ":" out
}
