/*
 * test_keywords.c -- keywords of ssh_config(5), as real sshds feel them, and
 * what of that people are told.
 *
 * Room: tests.  May touch: behind.h, fixture/sshd.h.
 */
#include "config.h"

#include "base/mem.h"
#include "behind.h"
#include "fixture/sshd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Server 0 takes some variables, and tells all it does. */
static const char *const config[] = {
    "AcceptEnv LC_* GREETING\nLogLevel DEBUG1\n"};

/* One host, "a", with these lines of its own. */
static void
open_host(const char *lines)
{
	char *text;

	if (behind.f == NULL)
		skip();
	text = mem_printf(
	    "Host a\n HostName %s\n%s\n", sshd_fleet_host(behind.f, 0), lines);
	behind_open(text);
	free(text);
}

static void
run(const char *command)
{
	behind_add("a");
	engine_run(&behind.e, command);
}

static void
assert_says(const char *text)
{
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_out(&behind.e, 0, text, strlen(text));
}

static void
test_variables_are_sent(void **state)
{
	(void)state;
	(void)setenv("LC_ONE", "first", 1);
	(void)setenv("LC_TWO", "second", 1);
	(void)setenv("LC_OTHER", "not meant", 1);
	open_host(" SendEnv LC_ONE LC_T?O\n"
		  " SetEnv GREETING=\"hello there\" REFUSED=by-the-server\n");
	run("echo \"$LC_ONE,$LC_TWO,$LC_OTHER,$GREETING,$REFUSED\"");
	assert_says("first,second,,hello there,\n");
}

static void
test_variables_are_sent_for_each_command(void **state)
{
	const struct muster_command again = {.command = "echo $GREETING"};

	(void)state;
	open_host(" SetEnv GREETING=twice\n");
	behind.e.options.keep_open = true;
	run("echo $GREETING");
	engine_start(&behind.e, &again);
	engine_gather(&behind.e, 1);
	assert_says("twice\n");
}

static void
test_variables_and_a_terminal(void **state)
{
	(void)state;
	(void)setenv("LC_ONE", "first", 1);
	open_host(" SendEnv LC_ONE\n SetEnv GREETING=hi\n RequestTTY force\n");
	run("test -t 1 && echo $GREETING $LC_ONE $TERM");
	assert_says("hi first dumb\r\n");
}

static void
test_no_terminal_unless_forced(void **state)
{
	(void)state;
	open_host(" RequestTTY yes\n");
	run("test -t 1 || echo none");
	assert_says("none\n");
}

/* How often the servers' log has a text. */
static unsigned
count_in_log(const char *text)
{
	FILE *log = fopen(sshd_fleet_file(behind.f, "log"), "r");
	char line[1024];
	unsigned n = 0;

	assert_non_null(log);
	while (fgets(line, sizeof(line), log) != NULL)
		n += strstr(line, text) != NULL;
	(void)fclose(log);
	return n;
}

static void
test_compression(void **state)
{
	unsigned before;

	(void)state;
	open_host(" Compression yes\n");
	before = count_in_log("Enabling compression");
	run("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; "
	    "exit 7");
	engine_assert_end(&behind.e, 0, "EXIT 7");
	assert_int_equal(behind.e.outputs[0].out.len, 208890);
	assert_true(count_in_log("Enabling compression") > before);
}

static void
test_input_is_compressed_too(void **state)
{
	const size_t len = 1000 * 1000;
	char *input = mem_new(len);
	const struct muster_command c = {
	    .command = "cat", .input = input, .input_len = len};

	(void)state;
	for (size_t i = 0; i < len; i++)
		input[i] = (char)(i * i >> 7);
	open_host(" Compression yes\n");
	behind_add("a");
	engine_start(&behind.e, &c);
	engine_gather(&behind.e, 1);
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_out(&behind.e, 0, input, len);
	free(input);
}

static void
test_keys_of_other_algorithms_are_not_offered(void **state)
{
	(void)state;
	open_host(" PubkeyAcceptedAlgorithms ecdsa-*\n");
	run("true");
	engine_assert_end(&behind.e, 0, "AUTH_NO_METHOD");
	behind_assert_text(0, "PubkeyAcceptedAlgorithms");
}

/* The first name of a signature's algorithm that is allowed is used. */
static void
assert_rsa(const char *keyword, const char *algorithm)
{
	char *key, *line, *seen;
	unsigned before;

	open_host("");
	key = behind_file("user_rsa");
	(void)behind_teardown(NULL);
	line = mem_printf(" IdentitiesOnly yes\n IdentityFile %s\n"
			  " PubkeyAcceptedAlgorithms %s\n",
	    key, keyword);
	seen = mem_printf("pkalg %s pkblob", algorithm);
	open_host(line);
	before = count_in_log(seen);
	run("true");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	if (count_in_log(seen) == before)
		fail_msg("no '%s' in the log", seen);
	free(key);
	free(line);
	free(seen);
}

static void
test_rsa_signs_as_it_is_told(void **state)
{
	(void)state;
	assert_rsa("rsa-sha2-*", "rsa-sha2-512");
	(void)behind_teardown(NULL);
	assert_rsa("rsa-sha2-256", "rsa-sha2-256");
}

/* ---- RevokedHostKeys ---- */

static void
open_with_revoked(const char *prepare)
{
	char *file, *command, *line;

	open_host("");
	file = behind_file("revoked");
	command = mem_printf(
	    "cd \"$(dirname %s)\" && rm -f revoked && %s", file, prepare);
	(void)behind_teardown(NULL);
	behind_shell(command);
	line = mem_printf(
	    " RevokedHostKeys %s\n StrictHostKeyChecking no\n", file);
	open_host(line);
	free(file);
	free(line);
}

static void
test_revoked_host_keys_are_refused(void **state)
{
	(void)state;
	open_with_revoked("{ echo '# old ones'; echo; cat host_*.pub; } "
			  ">revoked");
	run("echo never");
	engine_assert_end(&behind.e, 0, "HK_REVOKED");
	assert_int_equal(behind.e.outputs[0].out.len, 0);
	behind_assert_text(0, "revoked:");
}

/* The same as ssh-keygen -k makes it, with what is about certificates. */
static void
test_a_revocation_list_is_read(void **state)
{
	(void)state;
	open_with_revoked("echo 'serial: 7' >spec && "
			  "ssh-keygen -q -k -s user_rsa.pub -f revoked spec "
			  "host_*.pub");
	run("echo never");
	engine_assert_end(&behind.e, 0, "HK_REVOKED");
	behind_assert_text(0, "revoked:");
	(void)behind_teardown(NULL);
	open_with_revoked("ssh-keygen -q -k -f revoked user_*.pub");
	run("echo fine");
	assert_says("fine\n");
}

static void
test_other_hosts_keys_are_not(void **state)
{
	(void)state;
	open_with_revoked("cat user_*.pub >revoked");
	run("echo fine");
	assert_says("fine\n");
}

static void
assert_refused(const char *prepare, const char *why)
{
	struct muster_error err = {.code = MUSTER_ERR_NONE};

	open_with_revoked(prepare);
	engine_open(&behind.e);
	assert_int_equal(muster_add_hosts(behind.e.m, "a", &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	if (strstr(err.text, why) == NULL)
		fail_msg("'%s' is not in: %s", why, err.text);
	(void)behind_teardown(NULL);
}

static void
test_lists_that_cannot_be_read(void **state)
{
	(void)state;
	assert_refused("true", "cannot open RevokedHostKeys");
	assert_refused("ssh-keygen -l -f host_rsa.pub | "
		       "sed 's/[^ ]* \\([^ ]*\\).*/hash: \\1/' >spec && "
		       "ssh-keygen -q -k -f revoked spec",
	    "has fingerprints in it");
	assert_refused("ssh-keygen -q -k -f all host_rsa.pub && "
		       "head -c 60 all >revoked",
	    "is broken");
	assert_refused(
	    "printf 'SSHKRL nonsense' >revoked", "is of no known version");
	assert_refused("echo nonsense >revoked", "revoked:1: ");
}

/* ---- what a person should know besides ---- */

static size_t
count_notes(const char *part)
{
	size_t n = 0;

	for (const char *at = buf_str(&behind.e.notes);
	     (at = strstr(at, part)) != NULL; at++)
		n++;
	return n;
}

static void
test_two_names_of_one_host_are_told(void **state)
{
	char *lines;

	(void)state;
	open_host("");
	lines = mem_printf("Host a b c\n HostName %s\nHost c\n User nobody\n",
	    sshd_fleet_host(behind.f, 0));
	(void)behind_teardown(NULL);
	behind_open(lines);
	behind_add("a,b,c");
	engine_run(&behind.e, "true");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_end(&behind.e, 1, "EXIT 0");
	assert_int_equal(count_notes("the same host as"), 1);
	assert_true(count_notes("b: the same host as a: 127.") == 1 ||
		    count_notes("a: the same host as b: 127.") == 1);
	free(lines);
}

/* One of them at a time, so that it is known which comes first. */
static void
test_two_names_of_one_host_may_run_once(void **state)
{
	char *lines;

	(void)state;
	open_host("");
	lines = mem_printf(
	    "Host a b\n HostName %s\n", sshd_fleet_host(behind.f, 0));
	(void)behind_teardown(NULL);
	behind_open(lines);
	behind.e.options.skip_twins = true;
	behind.e.options.fanout = 1;
	behind_add("a,b");
	engine_run(&behind.e, "echo here");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_end(&behind.e, 1, "SKIPPED_DUP");
	behind_assert_text(1, "the same host as a");
	assert_int_equal(behind.e.outputs[1].out.len, 0);
	free(lines);
}

static void
test_an_authority_is_pointed_at(void **state)
{
	char *known, *lines;

	(void)state;
	open_host("");
	known = behind_file("known_hosts.ca");
	lines = mem_printf("echo \"@cert-authority * $(cat %s)\" >%s",
	    sshd_fleet_file(behind.f, "user_rsa.pub"), known);
	(void)behind_teardown(NULL);
	behind_shell(lines);
	lines = mem_printf(" UserKnownHostsFile %s\n", known);
	open_host(lines);
	run("true");
	engine_assert_end(&behind.e, 0, "HK_UNKNOWN");
	behind_assert_text(0, "@cert-authority");
	free(lines);
	free(known);
}

/* Root may write anywhere but into a folder that is none. */
static void
test_a_file_that_takes_no_keys_is_told_once(void **state)
{
	char *lines;

	(void)state;
	open_host("");
	lines = mem_printf("Host a b\n HostName %s\n"
			   " UserKnownHostsFile /dev/null/known_hosts\n"
			   " GlobalKnownHostsFile /dev/null\n"
			   " StrictHostKeyChecking accept-new\n",
	    sshd_fleet_host(behind.f, 0));
	(void)behind_teardown(NULL);
	behind_open(lines);
	behind_add("a,b");
	engine_run(&behind.e, "true");
	engine_assert_end(&behind.e, 0, "EXIT 0");
	engine_assert_end(&behind.e, 1, "EXIT 0");
	assert_int_equal(
	    count_notes("new host keys hold for this run only"), 1);
	free(lines);
}

static int
setup_all(void **state)
{
	(void)state;
	return behind_begin(1, config);
}

static int
teardown_all(void **state)
{
	(void)state;
	behind_end();
	return 0;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, behind_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_variables_are_sent),
	    TEST(test_variables_are_sent_for_each_command),
	    TEST(test_variables_and_a_terminal),
	    TEST(test_no_terminal_unless_forced),
	    TEST(test_compression),
	    TEST(test_input_is_compressed_too),
	    TEST(test_keys_of_other_algorithms_are_not_offered),
	    TEST(test_rsa_signs_as_it_is_told),
	    TEST(test_revoked_host_keys_are_refused),
	    TEST(test_a_revocation_list_is_read),
	    TEST(test_other_hosts_keys_are_not),
	    TEST(test_lists_that_cannot_be_read),
	    TEST(test_two_names_of_one_host_are_told),
	    TEST(test_two_names_of_one_host_may_run_once),
	    TEST(test_an_authority_is_pointed_at),
	    TEST(test_a_file_that_takes_no_keys_is_told_once),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
