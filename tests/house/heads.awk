# heads.awk -- files of C that do not say on top what they are, which room they
# are in and what they may touch.
function judge() {
  if (file == "")
    return
  if (bad == "" && !(room && touch))
    bad = "lacks \"Room: ...  May touch: ...\" on top"
  if (bad != "")
    print file " " bad
}
FNR == 1 {
  judge()
  file = FILENAME
  name = file
  sub(/.*\//, "", name)
  bad = $0 == "/*" ? "" : "does not begin with a comment"
  room = touch = 0
}
FNR == 2 && index($0, " * " name " -- ") != 1 {
  bad = "lacks \"" name " -- \" in line 2"
}
FNR <= 12 && /^ \* Room: .*\./ { room = 1 }
FNR <= 12 && /May touch: / { touch = 1 }
END { judge() }
