/*
 * test_sshconf.c -- reading ssh_config(5): what is refused, and how.
 *
 * Room: tests.  May touch: base, conf/sshconf.h.
 * What values mean is compared with ssh(1) in test_sshconf_oracle.c; this is
 * what `ssh -G` cannot show: origins, messages, unsafe files, limits, speed.
 */
#include "config.h"

#include "sshconf/home.h"

#include "base/mem.h"
#include "base/str.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- values and where they are from ---- */

static void
test_without_files_there_are_defaults(void **state)
{
	struct home *f = *state;
	struct sshconf *c = home_open(f, NULL);
	struct sshconf_host h;
	char *key = home_path(f, ".ssh/id_rsa");

	assert_non_null(c);
	assert_int_equal(sshconf_resolve(c,
			     &(struct sshconf_request){.host = "A"}, &h, NULL),
	    0);
	home_expect_word(&h, SSHCONF_HOSTNAME, "a");
	assert_int_equal(sshconf_number(&h, SSHCONF_PORT), 22);
	assert_int_equal(sshconf_number(&h, SSHCONF_STRICTHOSTKEYCHECKING),
	    SSHCONF_STRICT_ASK);
	assert_int_equal(h.values[SSHCONF_IDENTITYFILE].n, 5);
	assert_string_equal(h.values[SSHCONF_IDENTITYFILE].words[0], key);
	assert_string_equal(
	    h.values[SSHCONF_IDENTITYFILE].raw[0], "~/.ssh/id_rsa");
	for (size_t i = 0; i < SSHCONF_N_KEYS; i++) {
		assert_null(h.values[i].origin.file);
		assert_non_null(sshconf_key_name(i));
	}
	free(key);
	sshconf_host_clear(&h);
	sshconf_free(c);
}

static void
test_each_value_knows_where_it_is_from(void **state)
{
	struct home *f = *state;
	const char *const options[] = {"Compression=yes"};
	struct sshconf_setup setup = {.options = options,
	    .n_options = 1,
	    .home = f->home,
	    .system_file = f->system};
	struct sshconf *c;
	struct sshconf_host h;
	const struct sshconf_value *v = h.values;

	home_config(f, "# first\nHost a\n\tUser alice\n");
	home_write(f, "system", "User root\nIdentityFile /x\n");
	c = sshconf_open(&setup, NULL);
	assert_non_null(c);
	assert_int_equal(
	    sshconf_resolve(c,
		&(struct sshconf_request){.host = "a", .port = 2022}, &h, NULL),
	    0);
	assert_string_equal(v[SSHCONF_USER].origin.file, f->config);
	assert_int_equal(v[SSHCONF_USER].origin.line, 3);
	assert_string_equal(v[SSHCONF_IDENTITYFILE].origin.file, f->system);
	assert_int_equal(v[SSHCONF_IDENTITYFILE].origin.line, 2);
	assert_string_equal(v[SSHCONF_COMPRESSION].origin.file, "command line");
	assert_int_equal(v[SSHCONF_COMPRESSION].number, 1);
	assert_string_equal(v[SSHCONF_PORT].origin.file, "command line");
	assert_int_equal(v[SSHCONF_PORT].number, 2022);
	assert_null(v[SSHCONF_MACS].origin.file);
	sshconf_host_clear(&h);
	sshconf_free(c);
}

static void
test_a_named_file_is_read_alone_and_none_reads_none(void **state)
{
	struct home *f = *state;
	char *other = home_path(f, "other");
	struct sshconf_setup setup = {
	    .home = f->home, .system_file = f->system};
	const char *const files[] = {other, "none", "NONE"};
	const char *const users[] = {"other", NULL, NULL};
	struct muster_error err;

	home_config(f, "User mine\n");
	home_write(f, "system", "BindInterface eth9\n");
	home_write(f, "other", "User other\n");
	for (size_t i = 0; i < 3; i++) {
		struct sshconf_host h;
		struct sshconf *c;

		setup.file = files[i];
		c = sshconf_open(&setup, NULL);
		assert_non_null(c);
		assert_int_equal(
		    sshconf_resolve(
			c, &(struct sshconf_request){.host = "a"}, &h, NULL),
		    0);
		home_expect_word(&h, SSHCONF_BINDINTERFACE, NULL);
		if (users[i] != NULL)
			home_expect_word(&h, SSHCONF_USER, users[i]);
		sshconf_host_clear(&h);
		sshconf_free(c);
	}
	setup.file = "/nonexistent/config";
	assert_null(sshconf_open(&setup, &err));
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	assert_non_null(strstr(err.text, "'/nonexistent/config'"));
	free(other);
}

/* ---- what is refused ---- */

static void
test_errors_name_file_line_column_and_keyword(void **state)
{
	static const struct {
		const char *config;
		const char *where;
		const char *what;
	} cases[] = {
	    {"\n  Port x\n", "2:3", "'port': 'x'"},
	    {"Host a\n Hostnam b\n", "2:2", "did you mean 'hostname'"},
	    {"User \"a\n", "1:6", "'user': a quote"},
	    {"User\n", "1:5", "'user': nothing follows"},
	    {"Match host\n", "1:1", "'match': 'host' wants"},
	    {"Match flavour x\n", "1:1", "'match': there is no criterion"},
	    {"Host x\nMatch exec \"%z\"\n", "2:1", "no token '%z'"},
	    {"Match localnetwork 10.0.0.0/33\n", "1:1", "not address/bits"},
	    {"User a b\n", "1:1", "'user': 'b' is too much"},
	    {"ProxyJump a, b\n", "1:1", "'proxyjump'"},
	    {"HostName %x\n", "1:1", "'%x'"},
	    {"UserKnownHostsFile %x\n", "1", "'userknownhostsfile'"},
	    {"ConnectionAttempts 0\n", "1", "'connectionattempts'"},
	    {"ProxyJump a\n", "1", "its own way station"},
	};
	struct home *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *where = mem_printf("%s:%s: ", f->config, cases[i].where);

		home_config(f, cases[i].config);
		home_refuses(f, MUSTER_ERR_SYNTAX, where);
		home_refuses(f, MUSTER_ERR_SYNTAX, cases[i].what);
		free(where);
	}
	home_write_bytes(f->config, "Host a\nUs\0er b\n", 14);
	home_refuses(f, MUSTER_ERR_SYNTAX, ":2:3: there is a NUL byte");
}

static void
test_an_option_that_is_wrong_says_so(void **state)
{
	const char *const options[] = {"Prot=22"};
	struct sshconf_setup setup = {
	    .options = options, .n_options = 1, .file = "none"};
	struct sshconf *c = sshconf_open(&setup, NULL);
	struct muster_error err;
	struct sshconf_host h;

	(void)state;
	assert_non_null(c);
	assert_int_equal(sshconf_resolve(c,
			     &(struct sshconf_request){.host = "a"}, &h, &err),
	    -1);
	assert_string_equal(err.text,
	    "command line: 'prot': bad configuration option, did you mean "
	    "'port'");
	sshconf_free(c);
}

static void
test_names_that_speak_to_a_shell_are_refused(void **state)
{
	static const char *const hosts[] = {"", "-a", "a b", "a;b", "$(x)",
	    "a`b", "a'b", "a\"b", "a|b", "a\nb", "a&b", "a<b", "a\\b"};
	static const char *const users[] = {
	    "", "-a", "a;b", "a`b", "a\n", "a -b", "a\\"};
	struct sshconf *c =
	    sshconf_open(&(struct sshconf_setup){.file = "none"}, NULL);
	struct muster_error err;
	struct sshconf_host h;

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct sshconf_request q = {.host = hosts[i]};

		assert_int_equal(sshconf_resolve(c, &q, &h, &err), -1);
		assert_int_equal(err.code, MUSTER_ERR_SYNTAX);
	}
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		struct sshconf_request q = {.host = "a", .user = users[i]};

		assert_int_equal(sshconf_resolve(c, &q, &h, &err), -1);
		assert_int_equal(err.code, MUSTER_ERR_SYNTAX);
	}
	sshconf_free(c);
}

static void
test_a_file_that_others_may_write_is_refused(void **state)
{
	struct home *f = *state;
	char *part = home_path(f, ".ssh/part");

	home_config(f, "User a\n");
	assert_int_equal(chmod(f->config, 0620), 0);
	home_refuses(f, MUSTER_ERR_FILE, "may be written by others");
	assert_int_equal(chmod(f->config, 0602), 0);
	home_refuses(f, MUSTER_ERR_FILE, "may be written by others");
	assert_int_equal(chmod(f->config, 0644), 0);
	home_config(f, "Host x\n Include part\n");
	home_write(f, ".ssh/part", "User b\n");
	assert_int_equal(chmod(part, 0666), 0);
	home_refuses(f, MUSTER_ERR_FILE, "config:2:2: '");
	if (getuid() == 0) {
		assert_int_equal(chmod(part, 0600), 0);
		assert_int_equal(chown(part, 1, 1), 0);
		home_refuses(f, MUSTER_ERR_FILE, "another user");
	}
	free(part);
}

static void
test_only_regular_files_of_some_size_are_read(void **state)
{
	struct home *f = *state;
	char *fifo = home_path(f, ".ssh/fifo"), *big = home_path(f, ".ssh/big");

	home_config(f, "Include fifo\n");
	assert_int_equal(mkfifo(fifo, 0600), 0);
	home_refuses(f, MUSTER_ERR_FILE, "no regular file");
	home_config(f, "Include /dev/zero\n");
	home_refuses(f, MUSTER_ERR_FILE, "no regular file");
	home_config(f, "Include ~/.ssh\n");
	home_refuses(f, MUSTER_ERR_FILE, "no regular file");
	home_config(f, "Include big\n");
	home_write_bytes(big, "", 0);
	assert_int_equal(truncate(big, 17 * 1024 * 1024), 0);
	home_refuses(f, MUSTER_ERR_LIMIT, "is over 16 MiB");
	free(fifo);
	free(big);
}

/* ---- includes ---- */

static void
test_includes_begin_in_the_folder_of_their_file(void **state)
{
	struct home *f = *state;
	char *text = mem_printf("Include %s/by-tilde\n", "~");

	home_config(f, "Include in-ssh\nInclude ~/in-home\nInclude no-such\n"
		       "Include sub/*.conf\n");
	home_write(f, ".ssh/in-ssh", "User in-ssh\n");
	home_write(f, "in-home", "BindInterface in-home\n");
	home_expect(
	    f, &(struct sshconf_request){.host = "a"}, SSHCONF_USER, "in-ssh");
	home_expect(f, &(struct sshconf_request){.host = "a"},
	    SSHCONF_BINDINTERFACE, "in-home");
	home_write(f, "system", text);
	home_refuses(f, MUSTER_ERR_SYNTAX, "system:1:1: 'include'");
	free(text);
}

static void
test_an_include_may_have_tokens(void **state)
{
	struct home *f = *state;

	home_config(f, "Include host-%h\nInclude ${NO_SUCH_VARIABLE_X}\n"
		       "Include %z\nHost *\nUser none\n");
	home_write(f, ".ssh/host-a", "User of-a\n");
	home_write(f, ".ssh/host-b", "Bogus x\n");
	home_expect(
	    f, &(struct sshconf_request){.host = "a"}, SSHCONF_USER, "of-a");
	home_expect(
	    f, &(struct sshconf_request){.host = "c"}, SSHCONF_USER, "none");
	home_write(f, ".ssh/host-a", "Bogus x\n");
	home_refuses(f, MUSTER_ERR_SYNTAX, "host-a:1:1: 'bogus'");
}

static void
test_includes_end_at_a_depth_and_a_number(void **state)
{
	struct home *f = *state;

	home_config(f, "Include config\n");
	home_refuses(f, MUSTER_ERR_LIMIT, "more than 16 deep");
	home_config(f, "Include %n-loop\n");
	home_write(f, ".ssh/a-loop", "Include %n-loop\n");
	home_refuses(f, MUSTER_ERR_LIMIT, "more than 16 deep");
	for (int i = 0; i < 15; i++) {
		char *name = mem_printf(".ssh/wide-%d", i);
		char *text = mem_printf(
		    "Include wide-%d wide-%d wide-%d\n", i + 1, i + 1, i + 1);

		home_write(f, name, text);
		free(text);
		free(name);
	}
	home_write(f, ".ssh/wide-15", "User deep\n");
	home_config(f, "Include wide-0\n");
	home_refuses(f, MUSTER_ERR_LIMIT, "100000 times");
}

static void
test_ten_thousand_small_files_are_included(void **state)
{
	struct home *f = *state;
	char *dir = home_path(f, ".ssh/many");
	struct sshconf *c;
	const char **names;
	size_t n;

	assert_int_equal(mkdir(dir, 0700), 0);
	for (int i = 0; i < 10000; i++) {
		char *name = mem_printf(".ssh/many/%05d", i);
		char *text = mem_printf("Host h%d *.d%d\nUser u%d\n", i, i, i);

		home_write(f, name, text);
		free(text);
		free(name);
	}
	home_config(f, "Include many/*\nHost x h1 !y\n");
	c = home_open(f, NULL);
	assert_non_null(c);
	names = sshconf_list_names(c, &n);
	assert_int_equal(n, 10001);
	assert_string_equal(names[9999], "h9999");
	assert_string_equal(names[10000], "x");
	free(names);
	sshconf_free(c);
	home_expect(f, &(struct sshconf_request){.host = "h9999"}, SSHCONF_USER,
	    "u9999");
	free(dir);
}

/* ---- size ---- */

/* Every change of one byte is taken, or refused with its place. */
static void
test_a_byte_that_is_wrong_has_a_place(void **state)
{
	static const char sample[] =
	    "Host a b*\n  User=\"x y\"\nPort 22 # c\n"
	    "Match host a,!b exec \"true\"\nProxyJump u@h:1,i\n"
	    "UserKnownHostsFile ~/k %d/%h ${HOME}\nSetEnv A=b\n"
	    "ConnectTimeout 1m\nCanonicalDomains a.b c\nSendEnv -A B\n";
	static const char bytes[] = {'\0', '\n', '"', '\'', '\\', '#', '=', '%',
	    '$', ' ', 'x', '-', '!', (char)0xff};
	struct home *f = *state;
	char *place = mem_printf("%s:", f->config);
	char text[sizeof(sample)];
	size_t refused = 0;

	for (size_t i = 0; i + 1 < sizeof(sample); i++) {
		for (size_t j = 0; j < sizeof(bytes); j++) {
			struct muster_error err = {0};
			struct sshconf_host h;
			struct sshconf *c;

			memcpy(text, sample, sizeof(text));
			text[i] = bytes[j];
			/* What would be run is not ours to choose. */
			if (strstr(text, "exec \"true\"") == NULL)
				continue;
			home_write_bytes(f->config, text, sizeof(text) - 1);
			c = home_open(f, &err);
			if (c != NULL &&
			    sshconf_resolve(c,
				&(struct sshconf_request){.host = "a"}, &h,
				&err) == 0) {
				sshconf_host_clear(&h);
			} else {
				refused++;
				if (!str_starts(err.text, place))
					fail_msg("%s", err.text);
			}
			sshconf_free(c);
		}
	}
	free(place);
	assert_true(refused > 500);
}

/* The sanitizers' time is not ours. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MOST_SECONDS 10.0
#else
#define MOST_SECONDS 1.0
#endif

static void
test_ten_thousand_hosts_are_resolved_within_a_second(void **state)
{
	struct home *f = *state;
	FILE *file = fopen(f->config, "w");
	const char *preload = getenv("LD_PRELOAD");
	struct timespec start, end;
	struct sshconf *c;
	double seconds;

	for (int i = 0; i < 1000; i++)
		fprintf(file,
		    "Host web%04d alias%04d\n\tHostName 10.0.%d.%d\n"
		    "\tPort %d\n\tUser u%d\n\tIdentityFile ~/.ssh/k%d\n",
		    i, i, i / 250, i % 250, 2000 + i, i, i);
	fputs("Host *.example !x.example\n\tProxyJump bastion\nHost *\n"
	      "\tServerAliveInterval 15\n\tUserKnownHostsFile ~/%C\n",
	    file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(f->config, 0600), 0);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &start);
	c = home_open(f, NULL);
	assert_non_null(c);
	for (int i = 0; i < 10000; i++) {
		char *name =
		    mem_printf(i % 2 ? "web%04d" : "node%d.example", i / 10);
		struct sshconf_request q = {.host = name};
		struct sshconf_host h;

		assert_int_equal(sshconf_resolve(c, &q, &h, NULL), 0);
		if (i % 2)
			assert_int_equal(
			    sshconf_number(&h, SSHCONF_PORT), 2000 + i / 10);
		else
			home_expect_word(&h, SSHCONF_PROXYJUMP, "bastion");
		sshconf_host_clear(&h);
		free(name);
	}
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &end);
	sshconf_free(c);
	seconds = (double)(end.tv_sec - start.tv_sec) +
		  (double)(end.tv_nsec - start.tv_nsec) / 1e9;
	print_message("# 10000 hosts, 1000 blocks: %.3f s\n", seconds);
	/* Nor is valgrind's time ours. */
	if (preload == NULL || strstr(preload, "vgpreload") == NULL)
		assert_true(seconds < MOST_SECONDS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, home_make, home_remove)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_without_files_there_are_defaults),
	    TEST(test_each_value_knows_where_it_is_from),
	    TEST(test_a_named_file_is_read_alone_and_none_reads_none),
	    TEST(test_errors_name_file_line_column_and_keyword),
	    TEST(test_an_option_that_is_wrong_says_so),
	    TEST(test_names_that_speak_to_a_shell_are_refused),
	    TEST(test_a_file_that_others_may_write_is_refused),
	    TEST(test_only_regular_files_of_some_size_are_read),
	    TEST(test_includes_begin_in_the_folder_of_their_file),
	    TEST(test_an_include_may_have_tokens),
	    TEST(test_includes_end_at_a_depth_and_a_number),
	    TEST(test_ten_thousand_small_files_are_included),
	    TEST(test_a_byte_that_is_wrong_has_a_place),
	    TEST(test_ten_thousand_hosts_are_resolved_within_a_second),
	};

	unsetenv("SHELL");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
