/*
 * test_settings.c -- what configuration files say, and what goes before it.
 *
 * Room: tests.  May touch: src/, scratch.h.
 */
#include "config.h"

#include "scratch.h"
#include "src/args.h"
#include "src/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char *folder;

static int
set_up(void **state)
{
	size_t n;
	const struct option_row *rows = options_all(&n);

	(void)state;
	folder = scratch_new();
	for (size_t i = 0; i < n; i++) {
		if (rows[i].env != NULL)
			(void)unsetenv(rows[i].env);
		if (rows[i].peer != NULL)
			(void)unsetenv(rows[i].peer);
	}
	return setenv("MUSTER_CONFIG", "config", 1);
}

static int
tear_down(void **state)
{
	(void)state;
	scratch_remove(folder);
	return unsetenv("MUSTER_CONFIG");
}

static void
put(const char *text, size_t len)
{
	scratch_write("config", text, len);
	assert_int_equal(chmod("config", 0600), 0);
}

/* Reads `text` as the file, with a command line of one option (or NULL). */
static int
read_with(struct args *args, const char *text, const char *option,
    struct muster_error *err)
{
	static char verb[] = "run", word[64];
	static char *argv[] = {verb, word, NULL};

	put(text, strlen(text));
	(void)snprintf(word, sizeof(word), "%s", option != NULL ? option : "");
	args_init(args);
	return args_parse(args, VERB_RUN, option != NULL ? 2 : 1, argv, err);
}

static void
read_well(struct args *args, const char *text, const char *option)
{
	struct muster_error err = {0};

	if (read_with(args, text, option, &err) != 0)
		fail_msg("'%s': %s", text, err.text);
}

static void
test_a_file_sets_options(void **state)
{
	struct args args;

	(void)state;
	read_well(&args,
	    "# mine\r\nFanOut 9\nconnect-timeout=2.5s # quick\n"
	    "user 'a b'\n\n\tquiet yes\nidentity k1 \"k 2\"\nidentity k3\n",
	    NULL);
	assert_int_equal(args.fanout, 9);
	assert_int_equal(args.connect_timeout_ms, 2500);
	assert_string_equal(args.user, "a b");
	assert_true(args.quiet);
	assert_int_equal(args.identities.n, 3);
	assert_string_equal(args.identities.items[1], "k 2");
	args_clear(&args);
}

static void
test_each_level_goes_before_those_below(void **state)
{
	static const struct {
		const char *variable, *peer, *option;
		uint32_t want;
	} cases[] = {
	    {NULL, NULL, NULL, 9},
	    {NULL, "8", NULL, 8},
	    {"7", "8", NULL, 7},
	    {"7", "8", "-Ofanout=6", 6},
	    {"7", "8", "-Ofanout=", 64},
	    {"7", "8", "-f5", 5},
	};
	struct args args;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].variable != NULL)
			(void)setenv("MUSTER_FANOUT", cases[i].variable, 1);
		if (cases[i].peer != NULL)
			(void)setenv("FANOUT", cases[i].peer, 1);
		read_well(&args, "fanout 9", cases[i].option);
		assert_int_equal(args.fanout, cases[i].want);
		args_clear(&args);
	}
	(void)unsetenv("MUSTER_FANOUT");
	(void)unsetenv("FANOUT");
}

static void
test_lists_are_not_added_up(void **state)
{
	struct args args;

	(void)state;
	read_well(&args, "identity a b", "-ic");
	assert_int_equal(args.identities.n, 1);
	args_clear(&args);
	/* What names hosts is one question. */
	read_well(&args, "hosts a b\nhostfile c\nall yes", "-Hd");
	assert_int_equal(args.hosts.n + args.hostfiles.n + args.all, 0);
	args_clear(&args);
}

static void
test_a_flag_can_be_switched_off_above(void **state)
{
	struct args args;

	(void)state;
	read_well(&args, "quiet yes", "-Oquiet=no");
	assert_false(args.quiet);
	args_clear(&args);
	(void)setenv("MUSTER_QUIET", "0", 1);
	read_well(&args, "quiet yes", NULL);
	assert_false(args.quiet);
	args_clear(&args);
	(void)unsetenv("MUSTER_QUIET");
	read_well(&args, "quiet yes", "-j");
	assert_false(args.quiet);
	args_clear(&args);
}

static void
test_home_is_filled_into_file_names(void **state)
{
	struct args args;

	(void)state;
	(void)setenv("HOME", "/home/me", 1);
	read_well(&args, "identity ~/k x~/y\nuser ~/u", NULL);
	assert_string_equal(args.identities.items[0], "/home/me/k");
	assert_string_equal(args.identities.items[1], "x~/y");
	assert_string_equal(args.user, "~/u");
	args_clear(&args);
}

static void
test_bad_files_are_refused_with_their_place(void **state)
{
	static const struct {
		const char *text, *wrong;
	} cases[] = {
	    {"fancout 3", "config:1:1: unknown keyword 'fancout': did you mean "
			  "'fanout'?"},
	    {"\n xyzzy 3", "config:2:2: unknown keyword 'xyzzy'"},
	    {"fanout many", "config:1:8: 'fanout' wants a number from 1 to "
			    "100000, not 'many'"},
	    {"user a\nfanout  0", "config:2:9: 'fanout' wants a number from 1 "
				  "to 100000, not '0'"},
	    {"fanout 3 4", "config:1:10: 'fanout' takes one value"},
	    {"fanout", "config:1:7: 'fanout': nothing follows the keyword"},
	    {"fanout # 3", "config:1:1: 'fanout': nothing follows the keyword"},
	    {"fanout 3\nuser a\nfanout 3",
		"config:3:1: 'fanout' was set in line 1 already"},
	    {"quiet perhaps",
		"config:1:7: 'quiet' wants 1 or 0, not 'perhaps'"},
	    {"label longish", "config:1:7: 'label' wants 'alias', 'short' or "
			      "'fqdn', not 'longish'"},
	    {"auth-timeout soon", "config:1:14: 'auth-timeout' wants a time "
				  "such as 10, 2.5s, 500ms or 3m, not 'soon'"},
	    {"user \"x", "config:1:6: 'user': a quote is not closed"},
	    {"user ''", "config:1:6: 'user' has an empty value"},
	    {"\"user x", "config:1:1: there is no keyword"},
	    {"Host web*", "config:1:1: 'host' is for ssh_config: keywords here "
			  "hold for all hosts"},
	    {"config other", "config:1:1: unknown keyword 'config'"},
	    {"json yes\ntable yes",
		"config:2:7: 'table' and '--json' exclude each other"},
	    /* Options of other verbs are checked too. */
	    {"autostep x", "config:1:10: 'autostep' wants a number from 3 to "
			   "1000000, not 'x'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct muster_error err = {0};
		struct args args;

		assert_int_equal(
		    read_with(&args, cases[i].text, NULL, &err), -1);
		assert_int_equal(err.code, MUSTER_ERR_FILE);
		assert_string_equal(err.text, cases[i].wrong);
		args_clear(&args);
	}
}

static int
parse_file(struct muster_error *err)
{
	static char verb[] = "run";
	static char *argv[] = {verb, NULL};
	struct args args;
	int rc;

	args_init(&args);
	rc = args_parse(&args, VERB_RUN, 1, argv, err);
	args_clear(&args);
	return rc;
}

/* Whether a text begins with "config:LINE:COLUMN: ". */
static bool
has_place(const char *text)
{
	unsigned line, column;
	int n = 0;

	return sscanf(text, "config:%u:%u: %n", &line, &column, &n) == 2 &&
	       n > 0 && line > 0 && column > 0;
}

static void
test_any_mutation_is_read_or_refused_with_its_place(void **state)
{
	static const char sample[] =
	    "# mine\nfanout 9\nuser 'a b' # x\nidentity \"k 1\" k2\r\n"
	    "quiet yes\nport=2222\nauth-timeout 3s\n";
	static const char bytes[] = "\0\t\n\r \"'#=\\a0-~\x80\xff";
	size_t n_refused = 0, n_read = 0;

	(void)state;
	for (size_t at = 0; at < sizeof(sample) - 1; at++) {
		for (size_t b = 0; b < sizeof(bytes) - 1; b++) {
			struct muster_error err = {0};
			char text[sizeof(sample)];

			memcpy(text, sample, sizeof(sample));
			text[at] = bytes[b];
			put(text, sizeof(sample) - 1);
			if (parse_file(&err) == 0) {
				n_read++;
				continue;
			}
			n_refused++;
			if (!has_place(err.text))
				fail_msg("byte %zu as %d: '%s'", at, bytes[b],
				    err.text);
		}
	}
	assert_true(n_read > 0 && n_refused > 0);
}

static void
expect_refusal(const char *word)
{
	struct muster_error err = {0};

	assert_int_equal(parse_file(&err), -1);
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	assert_non_null(strstr(err.text, "config"));
	if (strstr(err.text, word) == NULL)
		fail_msg("'%s' is not in '%s'", word, err.text);
}

static void
test_only_files_of_our_own_are_read(void **state)
{
	static char big[2 * 1024 * 1024];

	(void)state;
	put("fanout 9\n", 9);
	assert_int_equal(chmod("config", 0602), 0);
	expect_refusal("may be written by others");
	assert_int_equal(chmod("config", 0620), 0);
	expect_refusal("may be written by others");
	if (getuid() == 0) {
		put("fanout 9\n", 9);
		assert_int_equal(chown("config", 1234, 0), 0);
		expect_refusal("belongs to another user");
		assert_int_equal(chown("config", 0, 0), 0);
	}
	memset(big, '\n', sizeof(big));
	put(big, sizeof(big));
	expect_refusal("too large");
	assert_int_equal(unlink("config"), 0);
	assert_int_equal(mkfifo("config", 0600), 0);
	expect_refusal("no regular file");
	assert_int_equal(unlink("config"), 0);
}

static void
test_a_file_that_was_named_has_to_be_there(void **state)
{
	struct muster_error err = {0};

	(void)state;
	(void)unlink("config");
	assert_int_equal(parse_file(&err), -1);
	assert_string_equal(err.text, "no configuration file at 'config'");
	(void)setenv("MUSTER_CONFIG", "none", 1);
	assert_int_equal(parse_file(&err), 0);
	(void)setenv("MUSTER_CONFIG", "config", 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_file_sets_options),
	    cmocka_unit_test(test_each_level_goes_before_those_below),
	    cmocka_unit_test(test_lists_are_not_added_up),
	    cmocka_unit_test(test_a_flag_can_be_switched_off_above),
	    cmocka_unit_test(test_home_is_filled_into_file_names),
	    cmocka_unit_test(test_bad_files_are_refused_with_their_place),
	    cmocka_unit_test(
		test_any_mutation_is_read_or_refused_with_its_place),
	    cmocka_unit_test(test_only_files_of_our_own_are_read),
	    cmocka_unit_test(test_a_file_that_was_named_has_to_be_there),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
