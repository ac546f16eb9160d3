# lines.awk -- lines of more than 80 columns, and blanks at their ends. Runs in
# the C locale: the bytes 0x80 to 0xbf go on with a character.
{
  line = $0
  gsub(/[\200-\277]/, "", line)
  columns = 0
  pieces = split(line, piece, "\t")
  for (i = 1; i < pieces; i++)
    columns += length(piece[i]) + 8 - (columns + length(piece[i])) % 8
  if (columns + length(piece[pieces]) > 80)
    print FILENAME ":" FNR ": over 80 columns"
}
/[ \t]$/ { print FILENAME ": blanks at the end: " FNR ":" $0 }
