/*
 * generate.c -- configurations by chance, most of them valid.
 *
 * Room: tests.  May touch: base.
 */
#include "config.h"

#include "sshconf/oracle.h"

#include "base/mem.h"
#include "base/str.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static uint64_t
draw(uint64_t *rng)
{
	*rng ^= *rng >> 12;
	*rng ^= *rng << 25;
	*rng ^= *rng >> 27;
	return (*rng * UINT64_C(2685821657736338717)) >> 16;
}

static const char *
pick(uint64_t *rng, const char *const *list)
{
	size_t n = 0;

	while (list[n] != NULL)
		n++;
	return list[draw(rng) % n];
}

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *const hosts[] = {"web1", "web2", "db1.example.com",
    "DB1.Example.COM", "10.0.0.1", "::1", "127.1", "a-b_c", "x", NULL};

static const char *const patterns[] = {"*", "web*", "web?", "!web1", "*.com",
    "db*", "10.*", "x", "web1", "web2", "*.example.*", "!*", "??", "nobody",
    "*1", "127.0.0.1", "*:*", NULL};

static void
add_match(struct buf *b, uint64_t *rng)
{
	size_t n = 1 + draw(rng) % 2;

	buf_adds(b, "Match");
	for (; n > 0; n--) {
		const char *kind =
		    pick(rng, LIST("host", "originalhost", "user", "localuser",
				  "exec", "final", "canonical", "!host",
				  "!user", "!originalhost", "!canonical"));

		buf_addf(b, " %s", kind);
		if (str_ends(kind, "host"))
			buf_addf(b, " %s,%s", pick(rng, patterns),
			    pick(rng, patterns));
		else if (str_ends(kind, "user"))
			buf_addf(b, " %s",
			    pick(rng, LIST("root", "alice,bob", "*", "a*",
					  "!root", "!bob,*")));
		else if (strcmp(kind, "exec") == 0)
			buf_addf(b, " \"%s\"",
			    pick(rng,
				LIST("true", "false", "test %h = web1",
				    "test %p = 22", "test %r = root",
				    "test %n = x", "test %k = %h", "exit 3")));
	}
	buf_addc(b, '\n');
}

static void
add_host(struct buf *b, uint64_t *rng)
{
	size_t n = 1 + draw(rng) % 3;

	buf_adds(b, pick(rng, LIST("Host", "host", "HOST")));
	for (; n > 0; n--)
		buf_addf(b, " %s", pick(rng, patterns));
	buf_addc(b, '\n');
}

static const struct {
	const char *keyword;
	const char *const *values;
} generated[] = {
    {"HostName", (const char *const[]){"%h.example.com", "web1", "10.0.0.2",
		     "UPPER.case", "a%%b", NULL}},
    {"User", LIST("root", "alice", "bob")},
    {"Port", LIST("22", "2222", "65535", "ssh")},
    {"IdentityFile",
	LIST("~/.ssh/k1", "/etc/k2", "none", "%d/k3", "~/.ssh/k1")},
    {"CertificateFile", LIST("~/c1", "/c2", "c3-%r")},
    {"IdentitiesOnly", LIST("yes", "no", "TRUE", "false")},
    {"IdentityAgent",
	LIST("none", "SSH_AUTH_SOCK", "/run/%u.sock", "~/agent", "${HOME}/a")},
    {"ProxyJump", LIST("bastion", "a@b:2222", "a,b,c", "none", "ssh://u@h:22",
		      "[::1]:2200", "u@10.0.0.3")},
    {"ProxyCommand",
	LIST("none", "nc %h %p", "- # not a comment", "sh -c 'x \"y\"'")},
    {"UserKnownHostsFile", LIST("/dev/null", "none", "~/a ~/b", "%d/%n-%C",
			       "/k/%L-%l-%i-%u-%r-%p-%h-%k-%%")},
    {"GlobalKnownHostsFile", LIST("/dev/null", "none", "/a /b /c")},
    {"StrictHostKeyChecking",
	LIST("yes", "no", "ask", "accept-new", "off", "Ask")},
    {"HashKnownHosts", LIST("yes", "no")},
    {"HostKeyAlias", LIST("Alias", "other.name")},
    {"CheckHostIP", LIST("yes", "no")},
    {"PreferredAuthentications", LIST("publickey", "password,publickey")},
    {"PubkeyAuthentication", LIST("yes", "no", "unbound", "host-bound")},
    {"PasswordAuthentication", LIST("yes", "no")},
    {"KbdInteractiveAuthentication", LIST("yes", "no")},
    {"ChallengeResponseAuthentication", LIST("yes", "no")},
    {"NumberOfPasswordPrompts", LIST("1", "0", "7")},
    {"ConnectTimeout", LIST("10", "none", "1m", "1h30m5s", "0")},
    {"ConnectionAttempts", LIST("1", "3")},
    {"ServerAliveInterval", LIST("0", "15", "2m")},
    {"ServerAliveCountMax", LIST("1", "9")},
    {"TCPKeepAlive", LIST("yes", "no")},
    {"AddressFamily", LIST("any", "inet", "inet6")},
    {"BindAddress", LIST("127.0.0.1", "::1")},
    {"BindInterface", LIST("lo", "eth0")},
    {"ForwardAgent", LIST("yes", "no")},
    {"SendEnv", LIST("LANG LC_*", "FOO", "-LC_*", "-*", "A B C")},
    {"SetEnv", LIST("A=1", "A=1 B=2", "\"C=x y\"", "D=1 D=2")},
    {"RequestTTY", LIST("yes", "no", "auto", "force")},
    {"RemoteCommand", LIST("none", "echo %h %r", "tail -f \"/a b\"")},
    {"Compression", LIST("yes", "no")},
    {"RekeyLimit", LIST("1G", "512K 1h", "default none", "1048576")},
    {"CanonicalizeMaxDots", LIST("0", "3")},
    {"CanonicalDomains", LIST("Example.com example.org.", "none")},
    {"IgnoreUnknown", LIST("foo*,bar", "*")},
    {"FooBar", LIST("baz")},
    {"ControlMaster", LIST("auto")},
    {"LocalForward", LIST("8080 localhost:80")},
    {"CanonicalizeHostname", LIST("yes", "no")},
    {"CanonicalizePermittedCNAMEs", LIST("none")},
};

#define N_GENERATED (sizeof(generated) / sizeof(generated[0]))

static void
add_keyword(struct buf *b, uint64_t *rng)
{
	size_t i = draw(rng) % N_GENERATED;
	const char *value = pick(rng, generated[i].values);
	bool one = strpbrk(value, " \"'#") == NULL;

	/* Names must not be looked up, nor must most files be refused. */
	if (str_starts(generated[i].keyword, "Canonicalize") &&
	    !str_ends(generated[i].keyword, "Dots") && draw(rng) % 4 != 0)
		return;
	if (strcmp(generated[i].keyword, "FooBar") == 0 && draw(rng) % 4 != 0)
		return;
	buf_adds(b, pick(rng, LIST("", "  ", "\t")));
	buf_adds(b, generated[i].keyword);
	buf_adds(b, pick(rng, LIST(" ", "\t", "=", " = ", "= ", "  ")));
	if (one && draw(rng) % 5 == 0)
		buf_addf(b, "\"%s\"", value);
	else
		buf_adds(b, value);
	if (one && !str_starts(generated[i].keyword, "Proxy") &&
	    !str_starts(generated[i].keyword, "RemoteC") && draw(rng) % 8 == 0)
		buf_adds(b, " # a comment");
	buf_adds(b, pick(rng, LIST("\n", "\n", "\n", " \n", "\r\n")));
}

char *
oracle_generate(uint64_t *rng)
{
	size_t n = 4 + draw(rng) % 20;
	struct buf b;

	buf_init(&b, 1 << 20);
	for (; n > 0; n--) {
		size_t what = draw(rng) % 6;

		if (what == 0)
			add_match(&b, rng);
		else if (what == 1)
			add_host(&b, rng);
		else
			add_keyword(&b, rng);
	}
	return buf_take_str(&b);
}

char *
oracle_generate_host(uint64_t *rng)
{
	return mem_printf(
	    "%s%s", draw(rng) % 4 == 0 ? "bob@" : "", pick(rng, hosts));
}
