#!/bin/sh
# install.sh -- make install puts the right files where others look for them.
. "$(dirname "$0")/lib.sh"

unset MAKEFLAGS MFLAGS MAKELEVEL
make -C "$top_builddir" install DESTDIR="$tmp/root" prefix=/usr \
  exec_prefix=/usr libdir=/usr/lib >"$tmp/log" 2>&1 || cat "$tmp/log" >&2

for file in bin/muster include/muster.h lib/libmuster.so \
  lib/pkgconfig/muster.pc share/man/man1/muster.1 \
  share/man/man3/libmuster.3 \
  share/bash-completion/completions/muster \
  share/zsh/site-functions/_muster \
  share/fish/vendor_completions.d/muster.fish; do
  if [ -s "$tmp/root/usr/$file" ]; then
    ok "make install brings $file"
  else
    not_ok "make install brings $file" <"$tmp/log"
  fi
done

# The example of libmuster(3) is what a reader copies first.
awk '/^\.Sh EXAMPLES/ { on = 1 } on && /^\.Ed/ { exit }
  code { gsub(/\\e/, "\\"); print } on && /^\.Bd/ { code = 1 }' \
  "$tree/man/libmuster.3" >"$tmp/example.c"
if ! command -v "${CC:-cc}" >/dev/null; then
  skip "the example of libmuster(3) builds" "there is no cc"
elif "${CC:-cc}" -Wall -Wextra -Werror -I"$tmp/root/usr/include" \
  "$tmp/example.c" -o "$tmp/example" -L"$tmp/root/usr/lib" -lmuster \
  -Wl,-rpath-link,"$tmp/root/usr/lib" 2>"$tmp/log"; then
  ok "the example of libmuster(3) builds"
else
  not_ok "the example of libmuster(3) builds" <"$tmp/log"
fi
plan
