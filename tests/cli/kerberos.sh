#!/bin/sh
# kerberos.sh -- logins by Kerberos tickets with --transport openssh: a KDC of
# MIT's, sshds that take nothing else, and the ssh client.
. "$(dirname "$0")/lib.sh"

PATH=$PATH:/usr/sbin:/sbin
for tool in krb5kdc kdb5_util kadmin.local kinit ssh; do
  if ! command -v "$tool" >/dev/null; then
    echo "1..0 # SKIP no $tool here"
    exit 0
  fi
done

port=$((20000 + $$ % 20000))
cat >"$tmp/krb5.conf" <<END
[libdefaults]
  default_realm = MUSTER.TEST
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
[realms]
  MUSTER.TEST = {
    kdc = 127.0.0.1:$port
  }
[kdcdefaults]
  kdc_listen = 127.0.0.1:$port
  kdc_tcp_listen = 127.0.0.1:$port
END
cat >"$tmp/kdc.conf" <<END
[realms]
  MUSTER.TEST = {
    database_name = $tmp/principal
    key_stash_file = $tmp/stash
    acl_file = $tmp/acl
  }
END
export KRB5_CONFIG="$tmp/krb5.conf" KRB5_KDC_PROFILE="$tmp/kdc.conf" \
  KRB5_KTNAME="FILE:$tmp/keytab" KRB5CCNAME="FILE:$tmp/ccache"

me=$(id -un)
{
  kdb5_util create -s -P secret &&
    kadmin.local -q "addprinc -pw tick $me" &&
    for host in 127.77.0.1 127.77.0.2; do
      kadmin.local -q "addprinc -randkey host/$host" &&
        kadmin.local -q "ktadd -k $tmp/keytab host/$host" || exit
    done
} >"$tmp/setup" 2>&1 || {
  sed 's/^/# /' "$tmp/setup"
  echo "Bail out! no realm"
  exit 1
}
krb5kdc -n -P "$tmp/pid" >"$tmp/kdc" 2>&1 &
kdc=$!
trap 'kill "$kdc"; wait "$kdc"; rm -rf "$tmp"' EXIT
tries=0
until echo tick | kinit "$me" >"$tmp/kinit" 2>&1; do
  tries=$((tries + 1))
  [ "$tries" -lt 100 ] && kill -0 "$kdc" || {
    sed 's/^/# /' "$tmp/kdc" "$tmp/kinit"
    echo "Bail out! no KDC"
    exit 1
  }
done

# runs WORD... -- muster on both hosts, with no key that would let it in.
cat >"$tmp/runs" <<'END'
exec "$MUSTER_PROGRAM" -F none --known-hosts "$SSHD_DIR/known_hosts" \
  -p "$SSHD_PORT" -l "$SSHD_USER" -w "$(echo $SSHD_HOSTS | tr ' ' ,)" \
  -o GSSAPIAuthentication=yes "$@"
END
MUSTER_PROGRAM=$muster
export MUSTER_PROGRAM
runs() {
  try "${top_builddir:-.}/sshd-fleet" -n 2 \
    -o 'GSSAPIAuthentication yes' -o 'GSSAPIStrictAcceptorCheck no' \
    -o 'PubkeyAuthentication no' sh "$tmp/runs" "$@"
  sort -o "$tmp/out" "$tmp/out"
}

runs --transport openssh 'echo in'
if [ "$status" = 77 ]; then
  echo "1..0 # SKIP no sshd here"
  exit 0
fi
is 'a ticket logs in by the ssh program' 0 "127.77.0.1: in
127.77.0.2: in" ''

runs -v --transport openssh 'exit 3'
good=1
grep -q 'connecting by the ssh program' "$tmp/err" && good=0
verdict '-v says which program connects' "$good"
ends 'and the status of the command comes through' 5

runs 'echo in'
ends 'libssh2 knows no tickets' 4

kdestroy 2>/dev/null || rm -f "$tmp/ccache"
runs --transport openssh 'echo in'
ends 'without a ticket nobody is let in' 4
finish
