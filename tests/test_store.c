/*
 * test_store.c -- the lines of a host in memory, and copies of them.
 *
 * Room: tests.  May touch: engine/muster.h, engine/base, engine/fleet.
 */
#include "config.h"

#include "base/limits.h"
#include "base/mem.h"
#include "fleet/snapshot.h"
#include "fleet/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct muster_line
make_line(const char *text)
{
	return (struct muster_line){
	    .text = text, .len = strlen(text), .columns = strlen(text)};
}

static void
add(struct store *s, const char *text)
{
	struct muster_line line = make_line(text);

	store_add(s, MUSTER_STDOUT, (uint32_t)s->n_lines, &line);
}

/* Adds "line 0", "line 1" ... until there are `n`. */
static void
add_numbered(struct store *s, uint64_t n)
{
	while (s->n_lines < n) {
		char text[64];

		snprintf(text, sizeof(text), "line %u of this test",
		    (unsigned)s->n_lines);
		add(s, text);
	}
}

static void
check_numbered(const struct store_line *line)
{
	char text[64];

	snprintf(
	    text, sizeof(text), "line %u of this test", (unsigned)line->no);
	assert_int_equal(line->len, strlen(text));
	assert_memory_equal(line->text, text, line->len);
	assert_int_equal(line->at_ms, line->no);
}

/* Asserts that all numbers but those of the hole are here, by walking and by
 * asking for each. */
static void
check_all_numbered(const struct store *s)
{
	uint64_t hole = store_hole(s), no = 0;
	struct store_line line, asked;
	bool more = store_get(s, 0, &line);

	for (; more; more = store_next(s, &line)) {
		if (no == hole)
			no += s->n_dropped;
		assert_int_equal(line.no, no);
		check_numbered(&line);
		assert_true(store_get(s, no, &asked));
		assert_ptr_equal(asked.text, line.text);
		no++;
	}
	assert_int_equal(no, s->n_lines);
	assert_false(store_get(s, s->n_lines, &line));
}

static void
test_lines_come_back_as_they_were(void **state)
{
	const struct muster_span spans[] = {
	    {1, {MUSTER_COLOUR_INDEX | 1, 0, MUSTER_STYLE_BOLD}},
	    {2, {0, MUSTER_COLOUR_RGB | 0x102030, 0}}};
	struct muster_line line = make_line("abc");
	struct store_pool pool;
	struct store_line out;
	struct store s;

	(void)state;
	store_pool_init(&pool, 1 << 20, 1 << 16);
	store_init(&s, &pool);
	assert_false(store_get(&s, 0, &out));
	line.spans = spans;
	line.n_spans = 2;
	line.goes_on = true;
	store_add(&s, MUSTER_STDERR, 1234, &line);
	add(&s, "");
	assert_true(store_get(&s, 0, &out));
	assert_memory_equal(out.text, "abc", 3);
	assert_int_equal(out.stream, MUSTER_STDERR);
	assert_int_equal(out.flags, STORE_GOES_ON);
	assert_int_equal(out.at_ms, 1234);
	assert_int_equal(out.n_spans, 2);
	assert_int_equal(out.spans[0].at, 1);
	assert_int_equal(out.spans[0].flags, MUSTER_STYLE_BOLD);
	assert_int_equal(out.spans[1].bg, MUSTER_COLOUR_RGB | 0x102030);
	assert_true(store_next(&s, &out));
	assert_int_equal(out.len, 0);
	assert_false(store_next(&s, &out));
	store_clear(&s);
	assert_int_equal(pool.bytes, 0);
	store_pool_clear(&pool);
}

static void
test_the_first_and_the_last_lines_stay(void **state)
{
	struct store_pool pool;
	struct store s;

	(void)state;
	store_pool_init(&pool, 1 << 20, 16 * 1024);
	store_init(&s, &pool);
	for (uint64_t n = 0; n < 3000; n += 100) {
		add_numbered(&s, n);
		check_all_numbered(&s);
		assert_true(s.bytes <= 16 * 1024);
		assert_int_equal(s.bytes, pool.bytes);
	}
	assert_true(store_hole(&s) > 50);
	assert_true(s.n_dropped > 2000);
	store_clear(&s);
	add_numbered(&s, 10);
	check_all_numbered(&s);
	store_clear(&s);
	store_pool_clear(&pool);
}

static void
test_a_quiet_host_takes_little(void **state)
{
	struct store_pool pool;
	struct store s;

	(void)state;
	store_pool_init(&pool, 1 << 20, 1 << 16);
	store_init(&s, &pool);
	assert_int_equal(s.bytes, 0);
	add(&s, "one");
	assert_true(s.bytes <= 512);
	add_numbered(&s, 60);
	assert_true(s.bytes <= 4096);
	store_clear(&s);
	store_pool_clear(&pool);
}

static void
test_the_last_n_lines(void **state)
{
	struct store_pool pool;
	struct store s;
	uint64_t hole, left;

	(void)state;
	store_pool_init(&pool, 1 << 20, 12 * 1024);
	store_init(&s, &pool);
	assert_int_equal(store_last(&s, 5), 0);
	add_numbered(&s, 3);
	assert_int_equal(store_last(&s, 2), 1);
	assert_int_equal(store_last(&s, 9), 0);
	add_numbered(&s, 1000);
	hole = store_hole(&s);
	left = s.n_lines - hole - s.n_dropped;
	assert_int_equal(store_last(&s, 10), 990);
	assert_int_equal(store_last(&s, left), hole + s.n_dropped);
	assert_int_equal(store_last(&s, left + 1), hole - 1);
	assert_int_equal(store_last(&s, 100000), 0);
	store_clear(&s);
	store_pool_clear(&pool);
}

static void
test_the_pool_takes_from_the_largest(void **state)
{
	enum { N = 50 };
	struct store_pool pool;
	struct store stores[N];
	uint64_t small;

	(void)state;
	store_pool_init(&pool, 512 * 1024, 64 * 1024);
	for (size_t i = 0; i < N; i++) {
		store_init(&stores[i], &pool);
		add_numbered(&stores[i], 10 + i);
	}
	for (size_t i = 0; i < 10; i++)
		add_numbered(&stores[i], 5000);
	assert_true(pool.bytes <= 512 * 1024);
	for (size_t i = 10; i < N; i++)
		assert_int_equal(stores[i].n_dropped, 0);
	for (size_t i = 10; i < N; i++)
		add_numbered(&stores[i], 2000 + 17 * i);
	assert_true(pool.bytes <= 512 * 1024);
	small = UINT64_MAX;
	for (size_t i = 0; i < N; i++) {
		uint64_t here = stores[i].n_lines - stores[i].n_dropped;

		check_all_numbered(&stores[i]);
		small = here < small ? here : small;
	}
	assert_true(small > 100); /* nobody is left with nothing */
	for (size_t i = 0; i < N; i++)
		store_clear(&stores[(i * 7) % N]);
	assert_int_equal(pool.bytes, 0);
	store_pool_clear(&pool);
}

static void
test_a_line_of_any_length_has_a_place(void **state)
{
	static const size_t lengths[] = {
	    1, 400, 4000, 4096, 5000, 16384, 16385, 65536};
	struct store_pool pool;
	struct store s;
	char *text = mem_new(65537);

	(void)state;
	store_pool_init(&pool, 1 << 20, 1 << 16);
	store_init(&s, &pool);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct muster_span span = {lengths[i] - 1, {0, 0, 1}};
		struct muster_line line = {.text = text,
		    .len = lengths[i],
		    .spans = &span,
		    .n_spans = 1};
		struct store_line out;
		bool fits = lengths[i] <= LIMIT_STORE_LINE_BYTES;

		memset(text, 'x', lengths[i]);
		store_add(&s, MUSTER_STDOUT, 0, &line);
		assert_true(store_get(&s, i, &out));
		assert_int_equal(
		    out.len, fits ? lengths[i] : LIMIT_STORE_LINE_BYTES);
		assert_int_equal(out.flags, fits ? 0 : STORE_CUT);
		assert_int_equal(out.n_spans, fits ? 1 : 0);
		assert_memory_equal(out.text, text, out.len);
	}
	store_clear(&s);
	store_pool_clear(&pool);
	free(text);
}

static void
test_searching_both_ways(void **state)
{
	struct store_pool pool;
	struct store s;

	(void)state;
	store_pool_init(&pool, 1 << 20, 1 << 16);
	store_init(&s, &pool);
	add(&s, "alpha");
	add(&s, "Beta");
	add(&s, "alphabet");
	add(&s, "gamma");
	assert_int_equal(store_find(&s, 0, "alpha", false), 0);
	assert_int_equal(store_find(&s, 1, "alpha", false), 2);
	assert_true(store_find(&s, 3, "alpha", false) == STORE_NOWHERE);
	assert_true(store_find(&s, 0, "beta", false) == STORE_NOWHERE);
	assert_int_equal(store_find(&s, 0, "bEtA", true), 1);
	assert_int_equal(store_find_back(&s, 4, "alpha", false), 2);
	assert_int_equal(store_find_back(&s, 2, "alpha", false), 0);
	assert_true(store_find_back(&s, 0, "alpha", false) == STORE_NOWHERE);
	assert_int_equal(store_find_back(&s, 99, "MA", true), 3);
	assert_true(store_find(&s, 0, "", false) == STORE_NOWHERE);
	assert_true(store_find(&s, 0, "gamma ray", false) == STORE_NOWHERE);
	store_clear(&s);
	store_pool_clear(&pool);
}

static void
test_a_snapshot_outlives_its_store(void **state)
{
	struct muster_span span = {2, {0, 0, MUSTER_STYLE_DIM}};
	struct muster_line line = make_line("styled");
	struct store_pool pool;
	struct snapshot sn;
	struct store s;

	(void)state;
	store_pool_init(&pool, 1 << 20, 1 << 16);
	store_init(&s, &pool);
	snapshot_init(&sn, 40);
	line.spans = &span;
	line.n_spans = 1;
	add(&s, "first");
	add(&s, "second");
	store_add(&s, MUSTER_STDERR, 7, &line);
	assert_int_equal(snapshot_take(&sn, &s, 1, 10), 2);
	line.text = "50%";
	line.len = line.columns = 3;
	assert_true(snapshot_add(&sn, MUSTER_STDOUT, &line));
	store_clear(&s);
	store_pool_clear(&pool);
	assert_int_equal(sn.n_lines, 3);
	assert_memory_equal(buf_data(&sn.text), "secondstyled50%", 15);
	assert_int_equal(sn.lines[1].no, 2);
	assert_int_equal(sn.lines[1].text_at, 6);
	assert_int_equal(sn.lines[1].stream, MUSTER_STDERR);
	assert_int_equal(sn.spans[sn.lines[1].span_at].at, 2);
	assert_true(sn.lines[2].no == STORE_NOWHERE);
	assert_int_equal(
	    sn.spans[sn.lines[2].span_at].style.flags, MUSTER_STYLE_DIM);
	snapshot_reset(&sn);
	assert_int_equal(sn.n_lines, 0);
	snapshot_clear(&sn);
}

static void
test_a_snapshot_has_a_ceiling(void **state)
{
	struct muster_line line = make_line("more than is left");
	struct store_pool pool;
	struct snapshot sn;
	struct store s;

	(void)state;
	store_pool_init(&pool, 1 << 20, 1 << 16);
	store_init(&s, &pool);
	snapshot_init(&sn, 95);
	add_numbered(&s, 50);
	assert_int_equal(snapshot_take(&sn, &s, 10, 50), 4);
	assert_false(snapshot_add(&sn, MUSTER_STDOUT, &line));
	assert_int_equal(sn.n_lines, 4);
	assert_int_equal(sn.lines[3].no, 13);
	snapshot_clear(&sn);
	store_clear(&s);
	store_pool_clear(&pool);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines_come_back_as_they_were),
	    cmocka_unit_test(test_the_first_and_the_last_lines_stay),
	    cmocka_unit_test(test_a_quiet_host_takes_little),
	    cmocka_unit_test(test_the_last_n_lines),
	    cmocka_unit_test(test_the_pool_takes_from_the_largest),
	    cmocka_unit_test(test_a_line_of_any_length_has_a_place),
	    cmocka_unit_test(test_searching_both_ways),
	    cmocka_unit_test(test_a_snapshot_outlives_its_store),
	    cmocka_unit_test(test_a_snapshot_has_a_ceiling),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
