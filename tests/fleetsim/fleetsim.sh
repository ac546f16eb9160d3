#!/bin/sh
# fleetsim.sh -- fleetsim against the OpenSSH client, as TAP.
#
# Every algorithm and way in, exact output, windows, terminals, results,
# signals, new keys in mid-stream, and the hostile hosts.
set -u
sim=${top_builddir:-.}/fleetsim
for tool in ssh ssh-keygen sha256sum; do
	command -v $tool >/dev/null 2>&1 || {
		echo "1..0 # SKIP no $tool"
		exit 0
	}
done
dir=$(mktemp -d "${TMPDIR:-/tmp}/fleetsim-test.XXXXXX") || exit 1
sim_pid=
end() {
	exec 9>&-
	[ -z "$sim_pid" ] || wait "$sim_pid"
	rm -rf "$dir"
}
trap end EXIT
trap 'exit 1' INT TERM HUP

n=0
is() { # is WHAT GOT WANTED
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		echo "not ok $n - $1"
		printf 'got: %s\nwanted: %s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

for t in ed25519 ecdsa rsa; do
	ssh-keygen -q -t $t -N '' -f "$dir/$t" || exit 1
done
ssh-keygen -q -t ed25519 -N '' -f "$dir/stranger"

cat >"$dir/table" <<'E'
plain exec=sh
ed hostkey=ed25519
ec hostkey=ecdsa
rsa hostkey=rsa
three hostkey=ed25519,ecdsa,rsa
changed known=other
down down=yes
named user=bob
pass password=secret auth=password
asked password=secret auth=keyboard-interactive
both password=secret auth=publickey+password
open auth=none motd="welcome\n"
canned exec=canned stdout="a\0b\n" stderr="oops\n" bytes=1000000 exit=3
killed exec=canned signal=KILL
slowlines exec=canned lines=3 every=20ms exit=0
cat exec=cat
rekeys rekey=200000
nocommon ciphers=3des-cbc
h.silent scenario=banner.silent
h.only scenario=banner.only
h.http scenario=banner.http
h.ssh1 scenario=banner.ssh1
h.long scenario=banner.long
h.garbage scenario=banner.garbage
h.endless scenario=banner.endless
h.throttled scenario=throttled@1
h.reset scenario=reset
h.reset900 scenario=reset@900
h.slow scenario=slow@1 exec=canned stdout="drip\n"
h.length scenario=packet.length@4294967295
h.badsig scenario=kex.badsig
h.ignore scenario=ignore.flood@1000
h.ignore2 scenario=ignore.flood.auth@30000 exec=canned lines=1 every=50ms
h.authfail scenario=authfail
h.authhang scenario=auth.hang
h.chan scenario=chan.refuse
h.exec scenario=exec.refuse
h.execsilent scenario=exec.silent
h.noexit scenario=noexit exec=canned
h.noclose scenario=eofnoclose exec=canned exit=4
h.late scenario=stderr-after-eof exec=canned
h.overwindow scenario=overwindow exec=canned
h.twice scenario=exit-twice@9 exec=canned exit=5
h.rekeyhang scenario=rekey.hang exec=canned
h.global scenario=global.flood exec=canned lines=1 every=50ms
h.bye scenario=disconnect
h.cut scenario=cut@1000
h.stall scenario=stall@1000
h.flip scenario=flip@1200
h.badpoint scenario=kex.badpoint
h.debug scenario=debug.flood exec=canned lines=1 every=50ms
h.banners scenario=auth.banners@3
h.prompts scenario=auth.prompts@2 auth=keyboard-interactive
h.otherkey scenario=rekey.otherkey exec=canned lines=1 every=2s
h.blind scenario=blind exec=cat
h.agent scenario=open.agent exec=canned exit=1
h.overpacket scenario=overpacket
h.adjust scenario=adjust.overflow exec=canned
h.stray scenario=data.stray exec=canned
h.type scenario=data.type exec=canned
h.empty scenario=data.empty exec=canned lines=1 every=50ms exit=8
h.noeof scenario=noeof@11
h.both scenario=exit-both@3 exec=canned
h.exitstray scenario=exit-stray@3 exec=canned exit=2
h.sig scenario=exitsignal@30 exec=canned
h.lateout scenario=stdout-after-eof exec=canned
E
mkfifo "$dir/stdin"
"$sim" -k "$dir/ed25519.pub" -k "$dir/ecdsa.pub" -k "$dir/rsa.pub" \
	-l "$dir/ledger" -K "$dir/known" "$dir/table" \
	<"$dir/stdin" >"$dir/out" 2>"$dir/err" &
sim_pid=$!
exec 9>"$dir/stdin"
i=0
until grep -q '^ready$' "$dir/out" || [ $i -ge 400 ]; do
	i=$((i + 1))
	sleep 0.05
done
grep -q '^ready$' "$dir/out" || {
	echo "Bail out! fleetsim does not start: $(cat "$dir/err")"
	exit 1
}

cat >"$dir/config" <<E
UserKnownHostsFile $dir/known
GlobalKnownHostsFile none
StrictHostKeyChecking yes
IdentitiesOnly yes
IdentityAgent none
BatchMode yes
User tester
E

# run HOST [ssh options] -- COMMAND: the same with stdin closed; sets $out
# and $rc, stderr is in $dir/stderr.
run() {
	host=$1
	shift
	line=$(grep "^$host " "$dir/out")
	rest=${line#* }
	opts=
	while [ "$1" != -- ]; do
		opts="$opts $1"
		shift
	done
	shift
	# shellcheck disable=SC2086
	out=$(timeout "${T:-20}" ssh -F "$dir/config" \
		-i "$dir/${KEY:-ed25519}" -p "${rest#* }" $opts \
		"${rest% *}" "$@" 2>"$dir/stderr" <"${IN:-/dev/null}")
	rc=$?
}

# ---- algorithms ----
for kex in curve25519-sha256 curve25519-sha256@libssh.org ecdh-sha2-nistp256; do
	run plain -o KexAlgorithms=$kex -- 'echo fine'
	is "kex $kex" "$out" fine
done
for c in aes128-ctr aes256-ctr; do
	for m in hmac-sha2-256 hmac-sha2-512 hmac-sha2-256-etm@openssh.com \
		hmac-sha2-512-etm@openssh.com; do
		run plain -c $c -m $m -- 'head -c 200000 /dev/zero | wc -c;
			exit 4'
		is "$c with $m" "$out $rc" '200000 4'
	done
done
for c in aes128-gcm@openssh.com aes256-gcm@openssh.com; do
	run plain -c $c -- 'seq 100000'
	is "$c" "$(echo "$out" | sha256sum)" "$(seq 100000 | sha256sum)"
done
for k in ed:ssh-ed25519 ec:ecdsa-sha2-nistp256 rsa:rsa-sha2-256 \
	rsa:rsa-sha2-512 three:rsa-sha2-512 three:ssh-ed25519; do
	run "${k%:*}" -o "HostKeyAlgorithms=${k#*:}" -- 'echo fine'
	is "host key ${k#*:} of ${k%:*}" "$out" fine
done
run nocommon -- true
is "no common cipher is a refusal" "$rc $(grep -c 'no matching cipher' \
	"$dir/stderr")" '255 1'
run changed -- true
is "a changed key is noticed" \
	"$rc $(grep -c 'IDENTIFICATION HAS CHANGED' "$dir/stderr")" '255 1'
run down -- true
is "a host that is down refuses" \
	"$rc $(grep -c 'Connection refused' "$dir/stderr")" '255 1'

# ---- ways in ----
for KEY in ed25519 ecdsa rsa; do
	run plain -- 'echo $USER'
	is "login with $KEY" "$out" tester
done
KEY=rsa
for a in rsa-sha2-256 rsa-sha2-512; do
	run plain -o PubkeyAcceptedAlgorithms=$a -- 'echo fine'
	is "login with rsa by $a" "$out" fine
done
KEY=stranger
run plain -- true
is "a stranger's key is refused" \
	"$rc $(grep -c 'Permission denied (publickey)' "$dir/stderr")" '255 1'
KEY=ed25519
run named -- true
is "the wrong user is refused" "$rc" 255
run named -l bob -- 'echo $LOGNAME'
is "the right user is let in" "$out" bob
run open -- 'echo in'
is "none is enough where it is said so" \
	"$out $(cat "$dir/stderr")" 'in welcome'
SSH_ASKPASS=$dir/askpass SSH_ASKPASS_REQUIRE=force
export SSH_ASKPASS SSH_ASKPASS_REQUIRE
printf '#!/bin/sh\necho secret\n' >"$dir/askpass"
chmod +x "$dir/askpass"
for h in pass asked both; do
	run $h -o BatchMode=no -- 'echo in'
	is "login at host '$h'" "$out" in
done
printf '#!/bin/sh\necho wrong\n' >"$dir/askpass"
run pass -o BatchMode=no -o NumberOfPasswordPrompts=2 -- true
is "a wrong password is refused" "$rc" 255
run pass -o BatchMode=no -o NumberOfPasswordPrompts=9 -- true
is "six wrong passwords are enough" \
	"$(grep -c 'Too many authentication failures' "$dir/stderr")" 1
is "the ledger has the ways of 'both'" \
	"$(grep ' both auth ' "$dir/ledger" | sed 's/.* auth //' | tr '\n' ,)" \
	'method=none refused,method=publickey ok,method=password ok,'

# ---- commands ----
run plain -- 'echo out; echo err >&2; exit 7'
is "stdout, stderr and code are apart" \
	"$out $(cat "$dir/stderr") $rc" 'out err 7'
run plain -- 'kill -TERM $$'
is "death by a signal is no exit status" "$rc" 255
run plain -- 'pwd; echo $HOME; echo $HOSTNAME; ls -A'
is "a home of its own" "$(echo "$out" | sed 's,.*/,,' | tr '\n' ' ')" \
	'plain plain plain '
run plain -o SendEnv=LC_TEST -- 'echo $LC_TEST'
is "no environment but what is sent" "$out" ''
LC_TEST='a b'
export LC_TEST
run plain -o SendEnv=LC_TEST -- 'echo $LC_TEST'
is "env arrives" "$out" 'a b'
head -c 1000000 /dev/urandom >"$dir/data"
IN=$dir/data
run plain -- 'sha256sum; echo end >&2'
is "a megabyte on stdin" "${out%% *}" "$(sha256sum <"$dir/data" | cut -c1-64)"
run plain -- 'exec true'
is "a command need not read its stdin" "$rc" 0
for h in plain cat; do
	line=$(grep "^$h " "$dir/out")
	rest=${line#* }
	got=$(timeout 20 ssh -F "$dir/config" -i "$dir/ed25519" \
		-p "${rest#* }" "${rest% *}" cat <"$dir/data" | sha256sum)
	is "a megabyte there and back at '$h'" "$got" \
		"$(sha256sum <"$dir/data")"
done
unset IN
run canned -- any
is "canned output is complete" "$(printf '%s\n' "$out" | wc -c) $rc" \
	'1000003 3'
is "canned stderr is apart" "$(cat "$dir/stderr")" oops
run killed -- any
is "a canned signal" "$rc $out" '255 '
run slowlines -- any
is "canned lines" "$out" "$(printf 'line 1\nline 2\nline 3')"
run plain -- 'echo a; sleep 60 >/dev/null 2>&1 & echo b'
is "a child in the background does not hold the command" "$out" \
	"$(printf 'a\nb')"
run plain -tt -- 'tty | sed s,[0-9]*,,g; stty size; echo $TERM'
is "a terminal is a real one" "$(echo "$out" | head -n 1 | tr -d '\r')" \
	/dev/pts/
run plain -tt -- 'stty -echo; echo one; exit 6'
is "a terminal writes CR LF and has a code" \
	"$(printf %s "$out" | od -An -c | tr -d ' ') $rc" 'one\r 6'
IN=$dir/script
printf 'echo from $0\nexit 9\n' >"$IN"
run plain -T --
is "a shell reads its stdin" "$out $rc" 'from -sh 9'
unset IN

# ---- new keys in mid-stream ----
IN=$dir/data
run plain -o RekeyLimit=100K -- 'cat | sha256sum'
is "keys renewed by the client, upwards" "${out%% *}" \
	"$(sha256sum <"$dir/data" | cut -c1-64)"
for c in aes128-ctr aes256-gcm@openssh.com; do
	for h in plain rekeys; do
		line=$(grep "^$h " "$dir/out")
		rest=${line#* }
		got=$(timeout 30 ssh -F "$dir/config" -i "$dir/ed25519" -c $c \
			-o RekeyLimit=150K -p "${rest#* }" "${rest% *}" \
			'cat; seq 200000' <"$dir/data" | sha256sum)
		is "keys renewed on both sides of '$h', $c" "$got" \
			"$({ cat "$dir/data"; seq 200000; } | sha256sum)"
	done
done
line=$(grep "^rekeys " "$dir/out")
rest=${line#* }
got=$(timeout 30 ssh -F "$dir/config" -i "$dir/ed25519" \
	-p "${rest#* }" "${rest% *}" 'seq 300000' </dev/null | sha256sum)
is "keys renewed by the server" "$got" "$(seq 300000 | sha256sum)"
unset IN

# ---- many at once ----
line=$(grep "^plain " "$dir/out")
rest=${line#* }
pids=
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	(
		timeout 60 ssh -F "$dir/config" -i "$dir/ed25519" \
			-p "${rest#* }" "${rest% *}" \
			"echo $i; seq 20000; exit $i" </dev/null \
			>"$dir/many.$i" 2>/dev/null
		echo $? >"$dir/rc.$i"
	) &
	pids="$pids $!"
done
# shellcheck disable=SC2086
wait $pids
bad=
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	{ echo $i; seq 20000; } | cmp -s - "$dir/many.$i" || bad="$bad $i"
	[ "$(cat "$dir/rc.$i")" = $i ] || bad="$bad rc$i"
done
is "twenty connections, each with its own output" "$bad" ''
# ---- hostile hosts: what ssh says of each ----
says() { # says HOST CODE PATTERN
	case $2 in 124) T=2 ;; *) T=60 ;; esac
	run "$1" ${4:+-o "$4"} -- any
	found=$(cat "$dir/stderr")
	case $found in *"$3"*) found=yes ;; esac
	is "hostile $1" "$rc $found" "$2 yes"
}
says h.silent 255 'timed out during banner' ConnectTimeout=1
says h.only 124 ''
says h.http 255 'onnection closed'
says h.ssh1 255 'major versions differ: 2 vs. 1'
says h.long 255 'banner line too long'
says h.garbage 255 'invalid'
says h.endless 255 'No SSH version received in first 1024 lines'
says h.throttled 255 'onnection closed'
run h.throttled -- 'echo in'
is "throttled once, let in the second time" "$out" in
says h.reset 255 'reset by'
says h.reset900 255 'reset by'
says h.cut 255 'closed by'
says h.stall 124 ''
says h.flip 255 'message authentication code incorrect' \
	Ciphers=aes128-gcm@openssh.com
run h.slow -- any
is "slow but whole" "$out $rc" 'drip 0'
says h.length 255 'Bad packet length 4294967295'
says h.badsig 255 'incorrect signature'
says h.badpoint 255 'ssh_dispatch_run_fatal'
run h.ignore -- 'echo through'
is "ssh is patient with a flood before login" "$out" through
run h.ignore2 -- any
is "ssh is patient with a flood after login" "$out" 'line 1'
run h.debug -- any
is "ssh is patient with SSH_MSG_DEBUG" "$out" 'line 1'
says h.banners 127 'banner'
is "three banners" "$(grep -c banner "$dir/stderr")" 3
says h.authfail 255 'Permission denied (publickey,password)'
says h.authhang 124 ''
says h.prompts 255 'Permission denied'
says h.chan 255 'administratively prohibited'
says h.exec 255 'exec request failed'
says h.execsilent 124 ''
says h.noexit 255 ''
says h.noclose 124 ''
says h.late 255 'extended_data after EOF'
says h.lateout 0 ''
is "data after EOF is in the ledger" \
	"$(grep -c ' h.lateout output stdout=5 ' "$dir/ledger")" 1
says h.overwindow 0 ''
is "more than the window" "$(grep -c ' h.overwindow exit ' "$dir/ledger")" 1
says h.overpacket 0 ''
says h.twice 9 ''
says h.both 3 ''
says h.exitstray 2 ''
says h.sig 255 ''
says h.rekeyhang 124 ''
says h.otherkey 255 ''
says h.global 0 ''
says h.bye 255 'all is well'
says h.agent 1 ''
is "nobody gave an agent away" \
	"$(grep -c ' h.agent answer open=refused' "$dir/ledger")" 1
says h.adjust 255 ''
says h.stray 255 ''
says h.type 0 ''
says h.empty 8 ''
says h.noeof 11 ''
is "output without EOF arrives" "$out" 'no end'
IN=/dev/zero
says h.blind 124 ''
unset IN

# ---- the ledger ----
is "a command that ran is in the ledger with its digest" \
	"$(grep -c " plain exec n=.* sha256=$(printf 'echo fine' | sha256sum |
		cut -c1-64) command=\"echo fine\"" "$dir/ledger")" 5
exec 9>&-
wait "$sim_pid"
is "the program ends well" "$?" 0
sim_pid=
is "and quietly" "$(cat "$dir/err")" ''

# ---- refusals ----
refuses() { # refuses WHAT TABLE TEXT
	printf '%s\n' "$2" >"$dir/bad"
	got=$("$sim" "$dir/bad" 2>&1 </dev/null)
	is "$1" "$? ${got#*bad: }" "1 $3"
}
refuses "an unknown word" 'a x=1' "line 1: unknown word 'x' of 'a'"
refuses "a bad value" '# ok
a exit=x' "line 2: 'exit=x' of host 'a': not a number below 2^32"
refuses "an address elsewhere" 'a addr=10.0.0.1' \
	"line 1: 'addr=10.0.0.1' of host 'a': not an address of 127.0.0.0/8"
refuses "a name twice" 'a
a' "line 2: host 'a' is there twice"
refuses "an open quote" 'a stdout="x' \
	"line 1: 'stdout=' of 'a': bad quotes or escape"
refuses "a name that leaves its directory" '../a' \
	"line 1: '../a' cannot be the name of a host"
echo "1..$n"
