/*
 * test_diff.c -- the edits between two lists of lines.
 *
 * Room: tests.  May touch: engine/base, engine/fleet.
 */
#include "config.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fleet/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Each letter is a line. */
static size_t
read_lines(uint64_t *lines, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		lines[i] = (uint64_t)(uint8_t)text[i];
	return n;
}

/* Writes a diff as " same-removed+added". */
static char *
write_diff(const struct muster_diff *d, const char *a, const char *b)
{
	struct buf out;

	buf_init(&out, 100000);
	for (size_t i = 0; i < d->n; i++) {
		const struct muster_diff_run *r = &d->runs[i];

		buf_addc(&out, " -+"[r->kind]);
		buf_add(&out,
		    r->kind == MUSTER_DIFF_ADDED ? b + r->b : a + r->a, r->n);
	}
	return buf_take_str(&out);
}

static void
test_small_diffs(void **state)
{
	static const struct {
		const char *a, *b, *diff;
	} cases[] = {
	    {"", "", ""},
	    {"abc", "abc", " abc"},
	    {"abc", "", "-abc"},
	    {"", "abc", "+abc"},
	    {"abc", "abXc", " ab+X c"},
	    {"abXc", "abc", " ab-X c"},
	    {"abc", "aXc", " a-b+X c"},
	    {"abc", "xyz", "-abc+xyz"},
	    {"abcdef", "abef", " ab-cd ef"},
	    {"aab", "ab", " a-a b"},
	    {"abcabba", "cbabac", "-ab c+b ab-b a+c"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t a[16], b[16];
		size_t n_a = read_lines(a, cases[i].a);
		size_t n_b = read_lines(b, cases[i].b);
		struct muster_diff d = diff_lines(a, n_a, b, n_b);
		char *text = write_diff(&d, cases[i].a, cases[i].b);

		assert_string_equal(text, cases[i].diff);
		assert_false(d.is_rough);
		free(text);
		muster_diff_clear(&d);
	}
}

/* The length of the longest common subsequence, by the book. */
static size_t
count_common(const char *a, const char *b)
{
	size_t best[32][32] = {{0}}, n_a = strlen(a), n_b = strlen(b);

	for (size_t i = n_a; i-- > 0;)
		for (size_t k = n_b; k-- > 0;) {
			size_t skip = best[i + 1][k] > best[i][k + 1]
					  ? best[i + 1][k]
					  : best[i][k + 1];

			best[i][k] =
			    a[i] == b[k] ? best[i + 1][k + 1] + 1 : skip;
		}
	return best[0][0];
}

/* Asserts that the runs lead from a to b. */
static void
check_runs(const struct muster_diff *d, const uint64_t *a, size_t n_a,
    const uint64_t *b, size_t n_b)
{
	size_t x = 0, y = 0;

	for (size_t i = 0; i < d->n; i++) {
		const struct muster_diff_run *r = &d->runs[i];

		assert_int_equal(r->a, x);
		assert_int_equal(r->b, y);
		assert_true(r->n > 0);
		if (r->kind == MUSTER_DIFF_SAME)
			assert_memory_equal(a + x, b + y, r->n * sizeof(*a));
		x += r->kind == MUSTER_DIFF_ADDED ? 0 : r->n;
		y += r->kind == MUSTER_DIFF_REMOVED ? 0 : r->n;
	}
	assert_int_equal(x, n_a);
	assert_int_equal(y, n_b);
}

static void
test_random_diffs_are_right_and_shortest(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < 3000; i++) {
		char texts[2][32] = {{0}};
		uint64_t a[32], b[32];
		size_t n_a, n_b, common;
		struct muster_diff d;

		for (int t = 0; t < 2; t++) {
			seed = seed * 1103515245 + 12345;
			for (size_t k = seed >> 16 & 15; k > 0; k--) {
				seed = seed * 1103515245 + 12345;
				texts[t][k - 1] =
				    (char)('a' + (seed >> 16 & 0xff) % 4);
			}
		}
		n_a = read_lines(a, texts[0]);
		n_b = read_lines(b, texts[1]);
		common = count_common(texts[0], texts[1]);
		d = diff_lines(a, n_a, b, n_b);
		check_runs(&d, a, n_a, b, n_b);
		assert_int_equal(d.n_removed, n_a - common);
		assert_int_equal(d.n_added, n_b - common);
		muster_diff_clear(&d);
	}
}

static void
test_lists_with_nothing_in_common_are_told_roughly(void **state)
{
	enum { N = 20000 };
	uint64_t *a = mem_array(N, sizeof(*a)), *b = mem_array(N, sizeof(*b));
	struct muster_diff d;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		a[i] = i;
		b[i] = i < 100 || i >= N - 50 ? i : i + 1000000;
	}
	d = diff_lines(a, N, b, N);
	assert_true(d.is_rough);
	assert_int_equal(d.n, 4);
	assert_int_equal(d.runs[1].n, N - 150);
	check_runs(&d, a, N, b, N);
	muster_diff_clear(&d);
	/* but nothing at all on one side is no trouble */
	d = diff_lines(a, N, b, 100);
	assert_false(d.is_rough);
	assert_int_equal(d.n_removed, N - 100);
	muster_diff_clear(&d);
	for (size_t i = 0; i < N; i++)
		b[i] = i % 41 == 0 ? i + 1000000 : i;
	d = diff_lines(a, N, b, N);
	assert_false(d.is_rough);
	assert_int_equal(d.n_added, (N + 40) / 41);
	check_runs(&d, a, N, b, N);
	muster_diff_clear(&d);
	free(a);
	free(b);
}

static void
test_texts_are_compared_by_lines(void **state)
{
	static const char a[] = "one\ntwo\n\nfour";
	static const char b[] = "one\n\nfour\n";
	struct muster_diff d =
	    muster_diff_texts(a, sizeof(a) - 1, b, sizeof(b) - 1);

	(void)state;
	assert_int_equal(d.n, 5);
	assert_int_equal(d.n_removed, 2); /* "two", "four" without newline */
	assert_int_equal(d.n_added, 1);
	assert_int_equal(d.runs[1].a, 1);
	assert_int_equal(d.runs[4].b, 2);
	muster_diff_clear(&d);
	d = muster_diff_texts(NULL, 0, NULL, 0);
	assert_int_equal(d.n, 0);
	muster_diff_clear(&d);
}

static void
test_a_text_of_too_many_lines_is_told_roughly(void **state)
{
	size_t n = LIMIT_DIFF_LINES + 1;
	char *lines = mem_array(n, 1);
	struct muster_diff d;

	(void)state;
	memset(lines, '\n', n);
	d = muster_diff_texts(lines, n, "\n", 1);
	assert_true(d.is_rough);
	assert_int_equal(d.n_removed, n);
	assert_int_equal(d.n_added, 1);
	assert_int_equal(d.runs[1].a, n);
	muster_diff_clear(&d);
	free(lines);
}

static void
test_masked_lines_fit(void **state)
{
	char dst[12];

	(void)state;
	assert_int_equal(
	    muster_mask_line(dst, sizeof(dst), "web1: 42", 8, "web1"), 9);
	assert_string_equal(dst, "{host}: #");
	assert_int_equal(
	    muster_mask_line(dst, sizeof(dst), "abcdefghijklmno", 15, NULL),
	    11);
	assert_string_equal(dst, "abcdefghijk");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_small_diffs),
	    cmocka_unit_test(test_random_diffs_are_right_and_shortest),
	    cmocka_unit_test(
		test_lists_with_nothing_in_common_are_told_roughly),
	    cmocka_unit_test(test_texts_are_compared_by_lines),
	    cmocka_unit_test(test_a_text_of_too_many_lines_is_told_roughly),
	    cmocka_unit_test(test_masked_lines_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
