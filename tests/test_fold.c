/*
 * test_fold.c -- folding names, and that folding loses nothing.
 *
 * Room: tests.  May touch: muster.h, engine/base.
 * The oracle is ClusterShell's nodeset, which reads what we fold.
 */
#include "config.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "muster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- helpers ---- */

static int
compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names of an expression. */
static size_t
expand(const char *expr, char ***names)
{
	const struct muster_expand_options options = {.allow_empty = true};
	struct muster_hosts hosts;
	struct muster_error err;
	size_t n;

	if (muster_expand(expr, &options, &hosts, &err) != 0)
		fail_msg("'%.200s': %s", expr, err.text);
	n = hosts.n;
	*names = mem_array(n, sizeof(char *));
	for (size_t i = 0; i < n; i++)
		(*names)[i] = muster_host_label(&hosts.items[i]);
	muster_hosts_clear(&hosts);
	return n;
}

static void
free_names(char **names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

static char *
fold(char *const *names, size_t n, unsigned autostep, const char *axis)
{
	const struct muster_fold_options options = {
	    .autostep = autostep, .axis = axis};
	struct muster_error err;
	char *folded =
	    muster_fold((const char *const *)names, n, &options, &err);

	if (folded == NULL)
		fail_msg("%s", err.text);
	return folded;
}

static void
expect_fold(
    const char *expr, unsigned autostep, const char *axis, const char *want)
{
	char **names, *got;
	size_t n = expand(expr, &names);

	got = fold(names, n, autostep, axis);
	if (strcmp(got, want) != 0)
		fail_msg("'%s' folds to '%s', not '%s'", expr, got, want);
	free(got);
	free_names(names, n);
}

/* expand(fold(X)) == X and fold(expand(fold(X))) == fold(X). */
static void
expect_round_trip(char **names, size_t n, unsigned autostep)
{
	char *folded = fold(names, n, autostep, NULL), *again, **back;
	size_t n_back = expand(folded, &back), kept = 0;

	again = fold(back, n_back, autostep, NULL);
	assert_string_equal(folded, again);
	qsort(names, n, sizeof(char *), compare_strings);
	qsort(back, n_back, sizeof(char *), compare_strings);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && strcmp(names[i], names[i - 1]) == 0)
			continue;
		if (kept >= n_back || strcmp(back[kept], names[i]) != 0)
			fail_msg("'%s' lost '%s'", folded, names[i]);
		kept++;
	}
	assert_int_equal(kept, n_back);
	free_names(back, n_back);
	free(folded);
	free(again);
}

/* ---- cases ---- */

static void
test_names_fold_as_people_write_them(void **state)
{
	static const struct {
		const char *expr;
		unsigned autostep;
		const char *axis, *want;
	} cases[] = {
	    {"foo1", 0, NULL, "foo1"},
	    {"foo01,foo1,foo2,foo02", 0, NULL, "foo[1-2,01-02]"},
	    {"foo[1,01,001]", 0, NULL, "foo[1,01,001]"},
	    {"n[1-3]5", 0, NULL, "n[15,25,35]"},
	    {"prod-00[01-03]", 0, NULL, "prod-[0001-0003]"},
	    {"n[1-5/1]", 0, NULL, "n[1-5]"},
	    {"n[2,4,6]", 0, NULL, "n[2,4,6]"},
	    {"n[2,4,6]", 3, NULL, "n[2-6/2]"},
	    {"n[2,4,6]", 4, NULL, "n[2,4,6]"},
	    {"n[2,4,6-9,12]", 3, NULL, "n[2-6/2,7-9,12]"},
	    {"n[1-3,5,7,9-11]", 3, NULL, "n[1-3,5-9/2,10-11]"},
	    {"foo[1-3].example.com", 0, NULL, "foo[1-3].example.com"},
	    {"foo[1-3]-ib", 0, NULL, "foo[1-3]-ib"},
	    {"10.0.[0-1].[1-2]", 0, NULL, "10.0.[0-1].[1-2]"},
	    {"10.0.0.[1-2],10.0.1.1", 0, NULL, "10.0.0.[1-2],10.0.1.1"},
	    {"10.0.[0-1].[1-2]", 0, "-1", "10.0.0.[1-2],10.0.1.[1-2]"},
	    {"a[1-2]b[1-2],a3b1", 0, NULL, "a[1-2]b[1-2],a3b1"},
	    {"n1.dc1 n2.dc1 n1.dc2 n2.dc2", 0, NULL, "n[1-2].dc[1-2]"},
	    {"n1.dc1 n2.dc1 n1.dc2 n2.dc2", 0, "1", "n[1-2].dc1,n[1-2].dc2"},
	    {"a[1-2]b[1-2]c[1-2]", 0, "1-2", "a[1-2]b[1-2]c1,a[1-2]b[1-2]c2"},
	    {"a[1-2]b[1-2]c[1-2]", 0, "1,-1", "a[1-2]b1c[1-2],a[1-2]b2c[1-2]"},
	    {"[1-3]", 0, NULL, "[1-3]"},
	    {"n[98-102]", 0, NULL, "n[98-102]"},
	    {"n[098-102]", 0, NULL, "n[098-102]"},
	    {"n[08-99],n100", 0, NULL, "n[08-99,100]"},
	    {"n9,n[08-11]", 0, NULL, "n[9,08-11]"},
	    {"b1,a,c2,a1,foo,foo1,b,zz9,10,9,a-1", 0, NULL,
		"[9-10],a,a1,a-1,b,b1,c2,foo,foo1,zz9"},
	    {"a2 b1 a1.x a1-x A1", 0, NULL, "A1,a2,a1-x,a1.x,b1"},
	    {"foo99999999999999999998,foo99999999999999999999", 0, NULL,
		"foo99999999999999999998,foo99999999999999999999"},
	    {"n[1-2]a[01-02]b", 0, NULL, "n[1-2]a[01-02]b"},
	    {"u1@foo[1-2]:22,u2@foo1:22", 0, NULL, "u1@foo[1-2]:22,u2@foo1:22"},
	    {"2001:db8::[1-3]", 0, NULL, "2001:db8::[1-3]"},
	    {"[::1]:22,[::2]:22", 0, NULL, "[::1]:22,[::2]:22"},
	    {"", 0, NULL, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_fold(cases[i].expr, cases[i].autostep, cases[i].axis,
		    cases[i].want);
}

static void
test_a_bad_axis_is_refused(void **state)
{
	static const char *const bad[] = {"0", "x", "1,", "1-", "-", "1;2"};
	const char *name = "n1";

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct muster_fold_options options = {.axis = bad[i]};
		struct muster_error err;

		assert_null(muster_fold(&name, 1, &options, &err));
		assert_int_equal(err.code, MUSTER_ERR_SYNTAX);
	}
}

/* A number generator of our own: the same cases on every machine. */
static uint32_t
draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % below;
}

/* A name of random shape: few letters and numbers, so that many fold. */
static char *
make_name(uint64_t *seed)
{
	static const char *const words[] = {
	    "n", "a-", "rack", ".x", "9z", "-ib", "\xc3\xa9"};
	struct buf b;
	uint32_t n = 1 + draw(seed, 3);

	buf_init(&b, 200);
	(void)buf_adds(&b, draw(seed, 4) > 0 ? "n" : "r");
	for (uint32_t i = 0; i < n; i++) {
		static const uint32_t sizes[] = {3, 12, 120, 1200};

		(void)buf_addf(&b, "%0*u", (int)draw(seed, 4),
		    draw(seed, sizes[draw(seed, 4)]));
		if (draw(seed, 2) > 0)
			(void)buf_adds(&b, words[draw(seed, 7)]);
		else
			(void)buf_addc(&b, 'x');
	}
	if (draw(seed, 20) == 0)
		(void)buf_adds(&b, "18446744073709551616");
	return buf_take_str(&b);
}

static size_t
make_names(uint64_t *seed, char ***names)
{
	size_t n = 1 + draw(seed, 300);

	*names = mem_array(n, sizeof(char *));
	for (size_t i = 0; i < n; i++)
		(*names)[i] = make_name(seed);
	return n;
}

static void
test_expanding_a_fold_gives_the_same_set(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (unsigned round = 0; round < 400; round++) {
		char **names;
		size_t n = make_names(&seed, &names);

		expect_round_trip(names, n, round % 3 == 0 ? 3 : 0);
		free_names(names, n);
	}
}

static void
test_addresses_survive_folding(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (unsigned round = 0; round < 100; round++) {
		char *names[64];

		for (size_t i = 0; i < 64; i++)
			names[i] =
			    i % 2 == 0
				? mem_printf("2001:db8:%u::%x", draw(&seed, 3),
				      draw(&seed, 40) + 1)
				: mem_printf("u%u@10.0.%u.%u:%u",
				      draw(&seed, 2), draw(&seed, 3),
				      draw(&seed, 9), 22 + draw(&seed, 2));
		expect_round_trip(names, 64, 0);
		for (size_t i = 0; i < 64; i++)
			free(names[i]);
	}
}

static void
test_a_hundred_thousand_names_fold_fast(void **state)
{
	static const char *const exprs[] = {
	    "n[1-100000]",
	    "rack[001-100]n[0001-1000].example.com",
	    "n[0-199998/2]",
	    "10.[0-9].[0-99].[1-100]",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(exprs) / sizeof(exprs[0]); i++) {
		char **names, *folded;
		size_t n = expand(exprs[i], &names);
		int64_t begun = clock_now_us();

		assert_int_equal(n, 100000);
		folded = fold(names, n, i == 2 ? 3 : 0, NULL);
		assert_string_equal(folded, exprs[i]);
		/* A tenth of a second is usual, and some under valgrind;
		 * squared work would take minutes. */
		assert_true(clock_now_us() - begun < 20000000);
		free(folded);
		free_names(names, n);
	}
}

/* ---- the oracle ---- */

/* What a command prints, without the last newline; NULL when it fails. */
static char *
run(const char *command)
{
	FILE *f = popen(command, "r");
	struct buf b;
	int c;

	assert_non_null(f);
	buf_init(&b, 1 << 20);
	while ((c = fgetc(f)) != EOF)
		(void)buf_addc(&b, c);
	if (pclose(f) != 0) {
		buf_clear(&b);
		return NULL;
	}
	while (b.len > 0 && buf_data(&b)[b.len - 1] == '\n')
		b.len--;
	return buf_take_str(&b);
}

/* Runs nodeset with the names on its standard input, by way of a file. */
static char *
ask_nodeset(const char *options, const char *text)
{
	char path[] = "/tmp/muster-fold-XXXXXX", *command, *answer;
	int fd = mkstemp(path);
	FILE *f;

	assert_true(fd >= 0);
	f = fdopen(fd, "w");
	assert_non_null(f);
	assert_true(fprintf(f, "%s\n", text) > 0);
	assert_int_equal(fclose(f), 0);
	command = mem_printf("nodeset %s <%s", options, path);
	answer = run(command);
	free(command);
	assert_int_equal(unlink(path), 0);
	return answer;
}

static char *
join(char *const *names, size_t n)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < n; i++)
		(void)buf_addf(&b, "%s%s", i > 0 ? "," : "", names[i]);
	return buf_take_str(&b);
}

static void
test_nodeset_reads_our_folds_as_we_do(void **state)
{
	uint64_t seed = 3;

	(void)state;
	if (system("nodeset --version >/dev/null 2>&1") != 0) {
		print_message("# skipped: nodeset is not installed\n");
		return;
	}
	for (unsigned round = 0; round < 12; round++) {
		char **names, *text, *ours, *a, *b;
		size_t n = make_names(&seed, &names);

		text = join(names, n);
		ours = fold(names, n, 0, NULL);
		a = ask_nodeset("-e -S ,", text);
		b = ask_nodeset("-e -S ,", ours);
		assert_non_null(a);
		assert_non_null(b);
		assert_string_equal(a, b);
		free(a), free(b), free(text), free(ours);
		free_names(names, n);
	}
}

static void
test_we_read_nodesets_folds_as_it_does(void **state)
{
	uint64_t seed = 4;

	(void)state;
	if (system("nodeset --version >/dev/null 2>&1") != 0) {
		print_message("# skipped: nodeset is not installed\n");
		return;
	}
	for (unsigned round = 0; round < 12; round++) {
		char **names, **back, *text, *theirs, *a, *b;
		size_t n = make_names(&seed, &names), n_back;

		text = join(names, n);
		theirs = ask_nodeset(
		    round % 2 == 0 ? "-f" : "-f --autostep=3", text);
		assert_non_null(theirs);
		n_back = expand(theirs, &back);
		a = fold(names, n, 0, NULL);
		b = fold(back, n_back, 0, NULL);
		assert_string_equal(a, b);
		free(a), free(b), free(text), free(theirs);
		free_names(names, n);
		free_names(back, n_back);
	}
}

static void
test_one_dimension_folds_as_nodeset_does(void **state)
{
	uint64_t seed = 5;

	(void)state;
	if (system("nodeset --version >/dev/null 2>&1") != 0) {
		print_message("# skipped: nodeset is not installed\n");
		return;
	}
	for (unsigned round = 0; round < 12; round++) {
		char *names[60], *text, *ours, *theirs;

		for (size_t i = 0; i < 60; i++)
			names[i] =
			    mem_printf("%c%0*u.x", 'a' + (int)draw(&seed, 3),
				1 + (int)draw(&seed, 2), draw(&seed, 40));
		text = join(names, 60);
		ours = fold(names, 60, 0, NULL);
		theirs = ask_nodeset("-f", text);
		assert_non_null(theirs);
		assert_string_equal(ours, theirs);
		free(text), free(ours), free(theirs);
		for (size_t i = 0; i < 60; i++)
			free(names[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names_fold_as_people_write_them),
	    cmocka_unit_test(test_a_bad_axis_is_refused),
	    cmocka_unit_test(test_expanding_a_fold_gives_the_same_set),
	    cmocka_unit_test(test_addresses_survive_folding),
	    cmocka_unit_test(test_a_hundred_thousand_names_fold_fast),
	    cmocka_unit_test(test_nodeset_reads_our_folds_as_we_do),
	    cmocka_unit_test(test_we_read_nodesets_folds_as_it_does),
	    cmocka_unit_test(test_one_dimension_folds_as_nodeset_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
