#!/bin/sh
# layers.sh -- who may include whom, and where a library may be named.
. "$(dirname "$0")/lib.sh"

# FILE INCLUDED, a line an include of ours.
own_includes() {
  grep -H '^#include "' $(sources c h) /dev/null |
    sed 's/^\([^:]*\):#include "\([^"]*\)".*/\1 \2/'
}

rooms() {
  own_includes | awk '
    BEGIN {
      may["base"] = "base"
      may["crypto"] = "base crypto"
      may["conf"] = "base crypto conf"
      may["ssh"] = "base crypto conf ssh"
      may["copy"] = "base crypto conf copy"
      may["record"] = "base crypto conf record"
      may["rollout"] = "base"
      may["fleet"] = "base crypto conf ssh copy record fleet"
    }
    function allowed(list, room) { return index(" " list " ", " " room " ") }
    {
      split($1, at, "/"); split($2, to, "/")
      if ($1 == "engine/muster.h" && $2 ~ /^muster_[a-z]+\.h$/)
        next
      if ($2 == "config.h" || $2 == "muster.h" || $2 == "engine/muster.h")
        next
      if (at[1] == "tests" || at[1] == "bench" || at[1] == "tools")
        next
      if (at[1] == "engine" && allowed(may[at[2]], to[1]))
        next
      if (at[1] == "ui" && (to[1] == "ui" || $2 ~ /^src\/(heap|text)\.h$/))
        next
      if (at[1] == "src" && (to[1] == "src" || $2 == "ui/ui.h"))
        next
      # The demo is the simulated fleet with the program on top of it.
      if ($1 ~ /^src\/(demo|fleet)[^\/]*\.c$/ &&
          $2 ~ /^(tests\/)?fleetsim\/fleetsim\.h$/)
        next
      print $1 " includes " $2
    }'
}

# Each library has one room, some even one file.
libraries() {
  grep -H '^ *# *include <' $(sources c h) /dev/null |
    sed 's/^\([^:]*\):[^<]*<\([^>]*\)>.*/\1 \2/' | awk '
    BEGIN {
      home["openssl"] = "^engine/crypto/"
      home["libssh2"] = "^engine/ssh/"
      home["event2"] = "^engine/ssh/"
      home["uthash"] = "^engine/base/map\\.c$"
      home["curses"] = home["vterm"] = "^ui/"
      home["histedit"] = "^src/lineedit\\.c$"
      home["cmocka"] = "^tests/"
      home["jansson"] = "^(engine/conf/.*|engine/record/entry|src/json)\\.c$"
      n_max["jansson"] = 4
      n_max["yaml"] = 2
      few = "yaml utf8proc"
    }
    {
      library = $2
      sub(/[\/.].*/, "", library)
      sub(/_.*/, "", library)
      sub(/^n?cursesw?$/, "curses", library)
      if ($1 ~ /^tests\// && library != "uthash")
        next
      if (library in home && $1 !~ home[library])
        print $1 " includes <" $2 ">, which belongs to " home[library]
      if (index(" " few " ", " " library " ")) {
        room = $1
        sub(/\/[^\/]*$/, "", room)
        if (library in seen && seen[library] != room)
          print $1 " includes <" $2 ">, which " seen[library] " has"
        seen[library] = room
        if ((library in n_max) && ++n[library] > n_max[library])
          print $1 " includes <" $2 ">: too many files do"
      }
    }'
}

# A .c, its header, that one's header: four at most, and never in a circle.
depth() {
  own_includes | awk '
    function path(name) {
      return name ~ /^(config|muster)\.h$/ ? "" : \
        name ~ /^(ui|src|tests|engine)\// ? name : "engine/" name
    }
    function deep(file, level,    list, i, m, d, max) {
      if (level > 9)
        return level
      m = split(includes[file], list, " ")
      for (i = 1; i <= m; i++) {
        d = deep(list[i], level + 1)
        if (d > max)
          max = d
      }
      return m == 0 ? level : max
    }
    { if (path($2) != "") includes[$1] = includes[$1] " " path($2) }
    END {
      for (file in includes) {
        d = deep(file, 0)
        if (d > 4)
          print file " includes headers " d " deep"
      }
    }'
}

holds "a room includes what its floor allows" rooms
catches rooms engine/base/x.c <<'END'
#include "conf/words.h"
END
catches rooms engine/conf/x.c <<'END'
#include "ssh/loop.h"
END
catches rooms engine/ssh/x.h <<'END'
#include "fleet/fleet.h"
END
catches rooms src/x.c <<'END'
#include "base/buf.h"
END
catches rooms ui/x.c <<'END'
#include "src/options.h"
END
holds "a library is named in its room only" libraries
catches libraries engine/conf/x.c <<'END'
#include <openssl/evp.h>
END
catches libraries engine/fleet/x.h <<'END'
#include <libssh2.h>
END
catches libraries src/x.c <<'END'
# include <event2/event.h>
END
catches libraries engine/conf/x.c <<'END'
#include <uthash.h>
END
catches libraries src/x.c <<'END'
#include <ncursesw/curses.h>
END
holds "headers include headers four deep at most" depth
catches depth engine/base/x.h <<'END'
#include "base/x.h"
END
plan
