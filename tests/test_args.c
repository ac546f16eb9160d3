/*
 * test_args.c -- command lines, MUSTER_* variables and what is wrong with
 * them.
 *
 * Room: tests.  May touch: src/.
 */
#include "config.h"

#include "src/args.h"
#include "src/number.h"
#include "src/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define MAX_WORDS 16

/* A command line with the variables it meets, and what comes of it. */
struct sample {
	const char *words[MAX_WORDS];
	const char *wrong; /* the message; NULL: none */
};

static int
parse(struct args *args, unsigned verb, const char *const *words,
    struct muster_error *err)
{
	/* What is parsed is lent to `args`, so it outlives the call. */
	static char empty[] = "run";
	static char *argv[MAX_WORDS + 2];
	static char copies[MAX_WORDS][64];
	int argc = 1;

	argv[0] = empty;
	for (; words[argc - 1] != NULL; argc++) {
		size_t size = strlen(words[argc - 1]) + 1;

		assert_true(size <= sizeof(copies[0]));
		memcpy(copies[argc - 1], words[argc - 1], size);
		argv[argc] = copies[argc - 1];
	}
	argv[argc] = NULL;
	args_init(args);
	return args_parse(args, verb, argc, argv, err);
}

static int
clear_environment(void **state)
{
	size_t n;
	const struct option_row *rows = options_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].env != NULL)
			(void)unsetenv(rows[i].env);
		if (rows[i].peer != NULL)
			(void)unsetenv(rows[i].peer);
	}
	return setenv("MUSTER_CONFIG", "none", 1);
}

static void
test_the_pdsh_options_are_understood(void **state)
{
	static const char *const words[] = {"-w", "n[1-3]", "-wdb1", "-f", "8",
	    "-l", "root", "-p2222", "-i", "key", "-t", "2.5", "-u1m", "-nNqS",
	    "-v", NULL};
	struct muster_error err;
	struct args args;

	(void)state;
	assert_int_equal(parse(&args, VERB_RUN, words, &err), 0);
	assert_int_equal(args.hosts.n, 2);
	assert_string_equal(args.hosts.items[0], "n[1-3]");
	assert_string_equal(args.hosts.items[1], "db1");
	assert_int_equal(args.fanout, 8);
	assert_string_equal(args.user, "root");
	assert_int_equal(args.port, 2222);
	assert_string_equal(args.identities.items[0], "key");
	assert_int_equal(args.connect_timeout_ms, 2500);
	assert_int_equal(args.command_timeout_ms, 60000);
	assert_true(args.no_stdin && args.no_label && args.quiet);
	assert_true(args.maxrc && args.verbose);
	assert_false(args.raw || args.tty || args.help);
	args_clear(&args);
}

static void
test_options_stop_at_the_first_other_word(void **state)
{
	static const char *const samples[][6] = {
	    {"-w", "n1", "ls", "-l", "-w", NULL},
	    {"-w", "n1", "--", "ls", "-l", NULL},
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct muster_error err;
		struct args args;

		assert_int_equal(parse(&args, VERB_RUN, samples[i], &err), 0);
		assert_int_equal(args.n_rest, i == 0 ? 3 : 2);
		assert_string_equal(args.rest[0], "ls");
		assert_string_equal(args.rest[1], "-l");
		assert_int_equal(args.hosts.n, 1);
		args_clear(&args);
	}
}

static void
test_what_is_wrong_is_named(void **state)
{
	static const struct sample samples[] = {
	    {{"-Z"}, "unknown option '-Z'"},
	    {{"-nZ"}, "unknown option '-Z'"},
	    {{"--nope"}, "unknown option '--nope'"},
	    {{"--nope=1"}, "unknown option '--nope'"},
	    {{"-n", "--bad", "x"}, "unknown option '--bad'"},
	    {{"-w"}, "option '-w' wants an argument (LIST)"},
	    {{"--fanout"}, "option '--fanout' wants an argument (N)"},
	    {{"--quiet=yes"}, "option '--quiet' takes no argument"},
	    {{"-w", ""}, "option '-w' has an empty argument"},
	    {{"-f", "0"},
		"option '-f' wants a number from 1 to 100000, not '0'"},
	    {{"--fanout=x"}, "option '--fanout' wants a number from 1 to "
			     "100000, not 'x'"},
	    {{"-p", "65536"}, "option '-p' wants a number from 1 to 65535, "
			      "not '65536'"},
	    {{"-t", "-1"}, "option '-t' wants a time such as 10, 2.5s, 500ms "
			   "or 3m, not '-1'"},
	    {{"-u", "5 m"}, "option '-u' wants a time such as 10, 2.5s, "
			    "500ms or 3m, not '5 m'"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct muster_error err = {0};
		struct args args;

		assert_int_equal(
		    parse(&args, VERB_RUN, samples[i].words, &err), -1);
		assert_int_equal(err.code, MUSTER_ERR_USAGE);
		assert_string_equal(err.text, samples[i].wrong);
		args_clear(&args);
	}
}

static void
test_a_verb_knows_its_own_options_only(void **state)
{
	static const char *const words[] = {"-w", "n1", NULL};
	struct muster_error err;
	struct args args;

	(void)state;
	assert_int_equal(parse(&args, VERB_DEMO, words, &err), -1);
	assert_string_equal(err.text, "unknown option '-w'");
	args_clear(&args);
}

static void
test_variables_fill_in_what_was_not_said(void **state)
{
	static const char *const words[] = {"-f", "3", NULL};
	struct muster_error err;
	struct args args;

	(void)state;
	(void)setenv("MUSTER_FANOUT", "7", 1);
	(void)setenv("MUSTER_CONNECT_TIMEOUT", "2", 1);
	(void)setenv("MUSTER_QUIET", "yes", 1);
	(void)setenv("MUSTER_RAW", "0", 1);
	(void)setenv("MUSTER_USER", "", 1);
	assert_int_equal(parse(&args, VERB_RUN, words, &err), 0);
	assert_int_equal(args.fanout, 3);
	assert_int_equal(args.connect_timeout_ms, 2000);
	assert_true(args.quiet);
	assert_false(args.raw);
	assert_null(args.user);
	args_clear(&args);
}

static void
test_a_wrong_variable_is_named(void **state)
{
	static const char *const words[] = {NULL};
	static const char *const samples[][3] = {
	    {"MUSTER_FANOUT", "lots",
		"MUSTER_FANOUT wants a number from 1 to 100000, not 'lots'"},
	    {"MUSTER_QUIET", "maybe", "MUSTER_QUIET wants 1 or 0, not 'maybe'"},
	    {"FANOUT", "-2",
		"FANOUT wants a number from 1 to 100000, not '-2'"},
	};

	for (size_t i = 0; i < 3; i++) {
		struct muster_error err;
		struct args args;

		(void)clear_environment(state);
		(void)setenv(samples[i][0], samples[i][1], 1);
		assert_int_equal(parse(&args, VERB_RUN, words, &err), -1);
		assert_string_equal(err.text, samples[i][2]);
		args_clear(&args);
	}
}

static void
test_hosts_of_the_environment_give_way(void **state)
{
	static const char *const none[] = {NULL};
	static const char *const literal[] = {"-H", "n1", NULL};
	struct muster_error err;
	struct args args;

	(void)state;
	(void)setenv("WCOLL", "/file", 1);
	(void)setenv("FANOUT", "5", 1);
	assert_int_equal(parse(&args, VERB_RUN, none, &err), 0);
	assert_int_equal(args.hostfiles.n, 1);
	assert_string_equal(args.hostfiles.items[0], "/file");
	assert_int_equal(args.fanout, 5);
	args_clear(&args);

	(void)setenv("MUSTER_HOSTS", "n[1-2]", 1);
	(void)setenv("MUSTER_FANOUT", "6", 1);
	assert_int_equal(parse(&args, VERB_RUN, none, &err), 0);
	assert_int_equal(args.hosts.n, 1);
	assert_int_equal(args.hostfiles.n, 0);
	assert_int_equal(args.fanout, 6);
	args_clear(&args);

	assert_int_equal(parse(&args, VERB_RUN, literal, &err), 0);
	assert_int_equal(args.literals.n, 1);
	assert_int_equal(args.hosts.n + args.hostfiles.n, 0);
	args_clear(&args);
}

static void
test_times_are_read_with_their_units(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		uint32_t ms;
	} samples[] = {{"10", true, 10000}, {"0", true, 0}, {"2.5", true, 2500},
	    {"0.001", true, 1}, {"1.0005", true, 1000}, {"500ms", true, 500},
	    {"3m", true, 180000}, {"1.5h", true, 5400000},
	    {"2d", true, 172800000}, {"4294967", true, 4294967000},
	    {"4294968", false, 0}, {"99999999999999999999", false, 0},
	    {"", false, 0}, {".5", false, 0}, {"5.", false, 0},
	    {"-1", false, 0}, {"1x", false, 0}, {"1 s", false, 0},
	    {"s", false, 0}, {"50d", false, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		uint32_t ms = 77;

		assert_int_equal(
		    number_time_ms(samples[i].text, &ms), samples[i].ok);
		assert_int_equal(ms, samples[i].ok ? samples[i].ms : 77);
	}
}

/* The rows must fit what args.c makes of them. */
static void
test_the_table_is_sound(void **state)
{
	size_t n;
	const struct option_row *rows = options_all(&n);

	(void)state;
	assert_true(n > 0 && n < 192);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(
		    rows[i].arg == NULL, rows[i].type == OPTION_FLAG ||
					     rows[i].type == OPTION_COUNT);
		assert_true(rows[i].offset < sizeof(struct args));
		assert_true(rows[i].verbs != 0 && *rows[i].help != '\0');
		assert_true(
		    rows[i].type != OPTION_NUMBER || rows[i].max > rows[i].min);
		assert_true(rows[i].env == NULL ||
			    strncmp(rows[i].env, "MUSTER_", 7) == 0);
		for (size_t j = 0; j < i; j++) {
			bool apart = (rows[i].verbs & rows[j].verbs) == 0;

			assert_true(
			    apart || strcmp(rows[i].name, rows[j].name) != 0);
			assert_true(rows[i].letter == 0 ||
				    rows[i].letter != rows[j].letter || apart);
			assert_true(apart || rows[i].offset != rows[j].offset);
		}
	}
}

int
main(void)
{
#define ALONE(f) cmocka_unit_test_setup_teardown(f, clear_environment, NULL)
	const struct CMUnitTest tests[] = {
	    ALONE(test_the_pdsh_options_are_understood),
	    ALONE(test_options_stop_at_the_first_other_word),
	    ALONE(test_what_is_wrong_is_named),
	    ALONE(test_a_verb_knows_its_own_options_only),
	    ALONE(test_variables_fill_in_what_was_not_said),
	    ALONE(test_a_wrong_variable_is_named),
	    ALONE(test_hosts_of_the_environment_give_way),
	    cmocka_unit_test(test_times_are_read_with_their_units),
	    cmocka_unit_test(test_the_table_is_sound),
	};

	return cmocka_run_group_tests(tests, clear_environment, NULL);
}
