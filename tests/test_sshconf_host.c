/*
 * test_sshconf_host.c -- asking ssh_config(5) for a host.
 *
 * Room: tests.  May touch: base, conf/sshconf.h.
 * What `ssh -G` cannot show: canonical names with a name service of our own,
 * criteria that are newer than the ssh(1) at hand, values that ssh expands
 * only when it uses them.
 */
#include "config.h"

#include "sshconf/home.h"

#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- Match ---- */

static void
test_newer_criteria_of_match_hold(void **state)
{
	static const struct {
		const char *match;
		const char *command;
		bool fits;
	} cases[] = {
	    {"tagged blue", NULL, true},
	    {"tagged red,bl*", NULL, true},
	    {"tagged red", NULL, false},
	    {"!tagged red", NULL, true},
	    {"command up*", "uptime", true},
	    {"command up*", "date", false},
	    {"command \"\"", NULL, true},
	    {"command \"\"", "date", false},
	    {"sessiontype exec", "date", true},
	    {"sessiontype exec", NULL, false},
	    {"sessiontype shell", NULL, true},
	    {"localnetwork 127.0.0.0/8", NULL, true},
	    {"localnetwork 127.0.0.1", NULL, true},
	    {"localnetwork 203.0.113.0/24,127.0.0.0/9", NULL, true},
	    {"localnetwork 203.0.113.0/24", NULL, false},
	    {"version OpenSSH_*", NULL, false},
	    {"version muster*", NULL, true},
	};
	struct home *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = mem_printf(
		    "Tag blue\nMatch %s\nUser fits\nHost *\nUser not\n",
		    cases[i].match);

		home_config(f, text);
		home_expect(f,
		    &(struct sshconf_request){
			.host = "a", .command = cases[i].command},
		    SSHCONF_USER, cases[i].fits ? "fits" : "not");
		free(text);
	}
}

static void
test_a_command_of_match_is_run_once(void **state)
{
	struct home *f = *state;
	char *text = mem_printf("Match exec \"echo %%r >> %s/ran\"\n"
				"BindInterface ran\n"
				"Match exec \"echo %%r >> %s/ran\" host x\n"
				"Match host x exec \"echo x >> %s/ran\"\n",
	    f->home, f->home, f->home);
	char *ran = home_path(f, "ran");
	struct sshconf *c;
	struct stat st;

	home_config(f, text);
	c = home_open(f, NULL);
	assert_non_null(c);
	assert_int_equal(stat(ran, &st), -1);
	for (int i = 0; i < 20; i++) {
		struct sshconf_request q = {
		    .host = i % 2 ? "a" : "b", .user = "someone"};
		struct sshconf_host h;

		assert_int_equal(sshconf_resolve(c, &q, &h, NULL), 0);
		home_expect_word(&h, SSHCONF_BINDINTERFACE, "ran");
		sshconf_host_clear(&h);
	}
	assert_int_equal(stat(ran, &st), 0);
	assert_int_equal(st.st_size, strlen("someone\n"));
	sshconf_free(c);
	free(ran);
	free(text);
}

static void
test_a_command_of_match_has_a_deadline(void **state)
{
	struct home *f = *state;
	struct sshconf_setup setup = {.file = f->config, .exec_ms = 50};
	struct sshconf_request q = {.host = "a"};
	struct muster_error err;
	struct sshconf_host h;
	struct sshconf *c;
	int64_t start = clock_now_us();

	home_config(f, "Host a\nMatch exec \"sleep 600\"\n");
	c = sshconf_open(&setup, NULL);
	assert_int_equal(sshconf_resolve(c, &q, &h, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_TIMEOUT);
	assert_non_null(strstr(err.text, "config:2:1: 'sleep 600' took"));
	assert_true(clock_now_us() - start < 60 * 1000 * 1000);
	sshconf_free(c);
	home_config(f, "Match exec \"kill -9 $$\"\n");
	home_refuses(f, MUSTER_ERR_SYSTEM, "signal 9");
}

/* ---- canonical names ---- */

static bool
look_up(void *arg, const char *name, int family, char *cname, size_t size)
{
	static const struct {
		const char *name;
		const char *cname;
	} known[] = {{"web.b.example.", ""},
	    {"db.a.example.", "REAL.c.example"}, {"full.name.", ""},
	    {"bare", "bare.c.example"}};

	*(size_t *)arg += 1;
	assert_int_equal(family, 4);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i].name, name) == 0)
			return str_copy(cname, size, known[i].cname);
	return false;
}

static void
test_names_become_canonical(void **state)
{
	static const struct {
		const char *host;
		const char *line;
		const char *becomes; /* NULL: not found */
		size_t asked;
	} cases[] = {
	    {"web", "", "web.b.example", 2},
	    {"WEB", "", "web.b.example", 2},
	    {"db", "", "real.c.example", 1},
	    {"db", "CanonicalizePermittedCNAMEs *:*.d", "db.a.example", 1},
	    {"db", "CanonicalizePermittedCNAMEs none", "db.a.example", 1},
	    {"full.name.", "", "full.name", 1},
	    {"full.name", "CanonicalizeMaxDots 0", "full.name", 1},
	    {"none", "ProxyJump j", "none", 0},
	    {"web", "ProxyCommand x", "web", 0},
	    {"web", "ProxyCommand none", "web.b.example", 2},
	    {"bare", "", "bare.c.example", 3},
	    {"nix", "CanonicalizeFallbackLocal no", NULL, 2},
	    {"nix", "", NULL, 3},
	    {"nix", "CanonicalizePermittedCNAMEs none", "nix", 2},
	    {"127.1", "", "127.0.0.1", 0},
	};
	struct home *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = mem_printf(
		    "%s\nCanonicalizeHostname yes\nAddressFamily inet\n"
		    "CanonicalDomains a.example b.example\n"
		    "CanonicalizePermittedCNAMEs *.a.example:*.c.example "
		    "bare:*\nHost *.example\nUser canonical\nHost *\nUser u\n",
		    cases[i].line);
		size_t asked = 0;
		struct sshconf_setup setup = {
		    .file = f->config, .dns = {look_up, &asked}};
		struct sshconf_request q = {.host = cases[i].host};
		struct muster_error err = {0};
		struct sshconf_host h;
		struct sshconf *c;
		int r;

		/* "full.name" is too long, and looked up as it is. */
		home_config(f, text);
		c = sshconf_open(&setup, &err);
		assert_non_null(c);
		r = sshconf_resolve(c, &q, &h, &err);
		if (cases[i].becomes == NULL ||
		    strcmp(cases[i].host, "full.name") == 0) {
			assert_int_equal(r, -1);
			assert_int_equal(err.code, MUSTER_ERR_UNKNOWN_NAME);
		} else {
			assert_int_equal(r, 0);
			home_expect_word(
			    &h, SSHCONF_HOSTNAME, cases[i].becomes);
			home_expect_word(&h, SSHCONF_USER, "u");
			sshconf_host_clear(&h);
		}
		assert_int_equal(asked, cases[i].asked);
		sshconf_free(c);
		free(text);
	}
}

static void
test_hosts_are_matched_by_their_canonical_name_too(void **state)
{
	struct home *f = *state;
	size_t asked = 0;
	struct sshconf_setup setup = {
	    .file = f->config, .dns = {look_up, &asked}};
	struct sshconf_host h;
	struct sshconf *c;

	home_config(f, "CanonicalizeHostname always\nAddressFamily inet\n"
		       "CanonicalDomains b.example\nProxyJump j\n"
		       "Host web.b.example\nUser canonical\n"
		       "Match canonical host *.b.example\nPort 2022\n"
		       "Match originalhost web\nBindInterface original\n");
	c = sshconf_open(&setup, NULL);
	assert_int_equal(
	    sshconf_resolve(
		c, &(struct sshconf_request){.host = "web"}, &h, NULL),
	    0);
	home_expect_word(&h, SSHCONF_HOSTNAME, "web.b.example");
	home_expect_word(&h, SSHCONF_USER, "canonical");
	home_expect_word(&h, SSHCONF_BINDINTERFACE, "original");
	assert_int_equal(sshconf_number(&h, SSHCONF_PORT), 2022);
	sshconf_host_clear(&h);
	sshconf_free(c);
}

/* ---- expansion ---- */

static void
test_values_are_expanded(void **state)
{
	static const struct {
		const char *line;
		enum sshconf_key key;
		const char *word;
	} cases[] = {
	    {"IdentityFile /k/%n-%h-%p-%r-%j-%%", SSHCONF_IDENTITYFILE,
		"/k/a-x.a-22-bob--%"},
	    {"IdentityFile ${WORD}/%r", SSHCONF_IDENTITYFILE, "said/bob"},
	    {"CertificateFile none", SSHCONF_CERTIFICATEFILE, NULL},
	    {"ProxyCommand nc %h %p %r %n %% $x", SSHCONF_PROXYCOMMAND,
		"nc x.a 22 bob a % $x"},
	    {"ProxyCommand none", SSHCONF_PROXYCOMMAND, NULL},
	    {"ProxyJump none\nProxyCommand x", SSHCONF_PROXYCOMMAND, "x"},
	    {"ProxyJump %n.j", SSHCONF_PROXYJUMP, "a.j"},
	    {"ProxyJump ssh://%61@j", SSHCONF_PROXYJUMP, "ssh://%61@j"},
	    {"SetEnv A=%h", SSHCONF_SETENV, "A=x.a"},
	    {"SetEnv A=50%", SSHCONF_SETENV, "A=50%"},
	    {"SetEnv A=${NO_SUCH_VARIABLE_X}", SSHCONF_SETENV,
		"A=${NO_SUCH_VARIABLE_X}"},
	    {"IdentityAgent none", SSHCONF_IDENTITYAGENT, NULL},
	    {"IdentityAgent $WORD", SSHCONF_IDENTITYAGENT, "said"},
	    {"IdentityAgent SSH_AUTH_SOCK", SSHCONF_IDENTITYAGENT, "/agent"},
	    {"", SSHCONF_IDENTITYAGENT, "/agent"},
	    {"IdentityAgent /x/%r", SSHCONF_IDENTITYAGENT, "/x/bob"},
	    {"ForwardAgent /x/%r", SSHCONF_FORWARDAGENT, "/x/bob"},
	    {"ForwardAgent yes", SSHCONF_FORWARDAGENT, NULL},
	    {"RevokedHostKeys /r/%h", SSHCONF_REVOKEDHOSTKEYS, "/r/x.a"},
	    {"GlobalKnownHostsFile /%h", SSHCONF_GLOBALKNOWNHOSTSFILE, "/%h"},
	    {"HostKeyAlias Al\nUserKnownHostsFile /%k",
		SSHCONF_USERKNOWNHOSTSFILE, "/al"},
	    {"GlobalKnownHostsFile ~nosuchuser_x/y", SSHCONF_USER,
		"!there is no user 'nosuchuser_x'"},
	    {"RefuseConnection never", SSHCONF_USER, "!never"},
	};
	struct home *f = *state;

	assert_int_equal(setenv("WORD", "said", 1), 0);
	assert_int_equal(setenv("SSH_AUTH_SOCK", "/agent", 1), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text =
		    mem_printf("HostName x.%%h\nUser bob\n%s\n", cases[i].line);

		home_config(f, text);
		free(text);
		if (cases[i].word != NULL && cases[i].word[0] == '!')
			home_refuses(f,
			    cases[i].word[1] == 'n' ? MUSTER_ERR_USAGE
						    : MUSTER_ERR_SYNTAX,
			    cases[i].word + 1);
		else
			home_expect(f, &(struct sshconf_request){.host = "a"},
			    cases[i].key, cases[i].word);
	}
	home_config(f, "User u-%n-%p\nPort 2022\n");
	home_expect(f, &(struct sshconf_request){.host = "a"}, SSHCONF_USER,
	    "u-a-2022");
	home_expect(f, &(struct sshconf_request){.host = "a", .user = "%n"},
	    SSHCONF_USER, "%n");
}

static void
test_values_are_shown_as_a_file_would_have_them(void **state)
{
	static const struct {
		const char *line;
		enum sshconf_key key;
		const char *shown;
	} cases[] = {
	    {"StrictHostKeyChecking off", SSHCONF_STRICTHOSTKEYCHECKING, "no"},
	    {"StrictHostKeyChecking accept-new", SSHCONF_STRICTHOSTKEYCHECKING,
		"accept-new"},
	    {"Compression YES", SSHCONF_COMPRESSION, "yes"},
	    {"TCPKeepAlive false", SSHCONF_TCPKEEPALIVE, "no"},
	    {"ChallengeResponseAuthentication no",
		SSHCONF_KBDINTERACTIVEAUTHENTICATION, "no"},
	    {"RequestTTY true", SSHCONF_REQUESTTTY, "yes"},
	    {"AddressFamily inet6", SSHCONF_ADDRESSFAMILY, "inet6"},
	    {"Port 2022", SSHCONF_PORT, "2022"},
	    {"", SSHCONF_CONNECTTIMEOUT, "none"},
	    {"ConnectTimeout 1m", SSHCONF_CONNECTTIMEOUT, "60"},
	    {"ProxyJump a,b", SSHCONF_PROXYJUMP, "a b"},
	    {"ProxyCommand nc  %h", SSHCONF_PROXYCOMMAND, "nc  a"},
	    {"SetEnv A=1 'B=2 3'", SSHCONF_SETENV, "A=1 \"B=2 3\""},
	    {"ForwardAgent yes", SSHCONF_FORWARDAGENT, "yes"},
	    {"ForwardAgent /x", SSHCONF_FORWARDAGENT, "/x"},
	    {"", SSHCONF_HOSTKEYALIAS, "none"},
	};
	struct home *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sshconf_host h;
		struct sshconf *c;
		char *shown;

		home_config(f, cases[i].line);
		c = home_open(f, NULL);
		assert_non_null(c);
		assert_int_equal(
		    sshconf_resolve(
			c, &(struct sshconf_request){.host = "a"}, &h, NULL),
		    0);
		shown = sshconf_show(&h, cases[i].key);
		assert_string_equal(shown, cases[i].shown);
		free(shown);
		sshconf_host_clear(&h);
		sshconf_free(c);
	}
}

static void
test_a_hop_has_a_user_a_host_and_a_port(void **state)
{
	static const struct {
		const char *text;
		const char *user;
		const char *host; /* NULL: refused */
		unsigned port;
	} cases[] = {
	    {"a", NULL, "a", 0},
	    {"u@a:22", "u", "a", 22},
	    {"u@v@a", "u@v", "a", 0},
	    {"[::1]:2222", NULL, "::1", 2222},
	    {"ssh://u%40x@a:1/", "u@x", "a", 1},
	    {"ssh://u;k=v@a", "u", "a", 0},
	    {"a:", NULL, "a", 0},
	    {"", NULL, NULL, 0},
	    {"@a", NULL, NULL, 0},
	    {"u@", NULL, NULL, 0},
	    {"a:0", NULL, NULL, 0},
	    {"a:65536", NULL, NULL, 0},
	    {"a:65558", NULL, NULL, 0},
	    {"[::1", NULL, NULL, 0},
	    {"[::1]x", NULL, NULL, 0},
	    {"ssh://a/b", NULL, NULL, 0},
	    {"ssh://u%00@a", NULL, NULL, 0},
	    {"a b", NULL, NULL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sshconf_hop hop;
		struct muster_error err;

		if (cases[i].host == NULL) {
			assert_int_equal(
			    sshconf_hop_parse(&hop, cases[i].text, &err), -1);
			assert_int_equal(err.code, MUSTER_ERR_SYNTAX);
			continue;
		}
		assert_int_equal(
		    sshconf_hop_parse(&hop, cases[i].text, NULL), 0);
		assert_string_equal(hop.host, cases[i].host);
		assert_int_equal(hop.port, cases[i].port);
		if (cases[i].user == NULL)
			assert_null(hop.user);
		else
			assert_string_equal(hop.user, cases[i].user);
		sshconf_hop_clear(&hop);
	}
}

static void
test_lists_of_algorithms_change_the_defaults(void **state)
{
	static const struct {
		const char *text;
		const char *list; /* NULL: refused */
	} cases[] = {
	    {NULL, "a1,b1"},
	    {"c1", "c1"},
	    {"c1,a1,c1", "c1,a1"},
	    {"+c1", "a1,b1,c1"},
	    {"+*", "a1,b1,c1"},
	    {"^b1", "b1,a1"},
	    {"-a*", "b1"},
	    {"-*", NULL},
	    {"x", NULL},
	    {"x,b1", "b1"},
	    {"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct muster_error err;
		char *list = sshconf_algorithms(
		    cases[i].text, "a1,b1", "a1,b1,c1", &err);

		if (cases[i].list == NULL) {
			assert_null(list);
			assert_int_equal(err.code, MUSTER_ERR_SYNTAX);
		} else {
			assert_non_null(list);
			assert_string_equal(list, cases[i].list);
		}
		free(list);
	}
}

static void
test_an_address_comes_before_the_config(void **state)
{
	const struct sshconf_request q = {.host = "a", .address = "192.0.2.7"};
	const struct sshconf_request bad = {.host = "a", .address = "b;c"};
	struct muster_error err;
	struct sshconf_host h;
	struct sshconf *c;

	home_config(*state, "HostName b\nProxyCommand nc %h %n\n");
	home_expect(*state, &q, SSHCONF_HOSTNAME, "192.0.2.7");
	home_expect(*state, &q, SSHCONF_PROXYCOMMAND, "nc 192.0.2.7 a");
	c = home_open(*state, NULL);
	assert_non_null(c);
	assert_int_equal(sshconf_resolve(c, &bad, &h, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_SYNTAX);
	sshconf_free(c);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, home_make, home_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_newer_criteria_of_match_hold),
	    TEST(test_a_command_of_match_is_run_once),
	    TEST(test_a_command_of_match_has_a_deadline),
	    TEST(test_names_become_canonical),
	    TEST(test_hosts_are_matched_by_their_canonical_name_too),
	    TEST(test_values_are_expanded),
	    TEST(test_values_are_shown_as_a_file_would_have_them),
	    TEST(test_an_address_comes_before_the_config),
	    TEST(test_a_hop_has_a_user_a_host_and_a_port),
	    TEST(test_lists_of_algorithms_change_the_defaults),
	};

	unsetenv("SHELL");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
