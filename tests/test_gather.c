/*
 * test_gather.c -- equal outputs of many hosts, kept once.
 *
 * Room: tests.  May touch: engine/base, engine/fleet.
 */
#include "config.h"

#include "base/buf.h"
#include "base/mem.h"
#include "fleet/gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
add(struct gather *g, size_t host, const char *text)
{
	gather_add(g, host, text, strlen(text));
}

/* What is kept of a host's output, as a string on the heap. */
static char *
read_all(const struct gather *g, size_t host)
{
	struct buf b;
	const void *data;
	size_t len;

	buf_init(&b, 1 << 26);
	for (uint64_t at = 0; gather_read(g, host, at, &data, &len);
	     at += len) {
		assert_true(len > 0);
		assert_true(buf_add(&b, data, len));
	}
	return buf_take_str(&b);
}

static void
check_text(const struct gather *g, size_t host, const char *expected)
{
	char *text = read_all(g, host);

	assert_string_equal(text, expected);
	assert_int_equal(gather_len(g, host), strlen(expected));
	free(text);
}

static void
test_outputs_come_back(void **state)
{
	struct gather g;

	(void)state;
	gather_init(&g, 6, 1 << 20, 0);
	add(&g, 0, "line one\nline two\n");
	add(&g, 1, "line one\n");
	add(&g, 2, "line one\nline 2\n");
	add(&g, 3, "line one\nline 2\nline 3");
	add(&g, 1, "line two\nline three");
	add(&g, 4, "other");
	check_text(&g, 0, "line one\nline two\n");
	check_text(&g, 1, "line one\nline two\nline three");
	check_text(&g, 2, "line one\nline 2\n");
	check_text(&g, 3, "line one\nline 2\nline 3");
	check_text(&g, 4, "other");
	check_text(&g, 5, "");
	gather_clear(&g);
}

static void
test_equal_outputs_are_one_group(void **state)
{
	struct gather g;
	struct groups groups;

	(void)state;
	gather_init(&g, 5, 1 << 20, 0);
	add(&g, 4, "same\n");
	add(&g, 1, "sa");
	add(&g, 1, "me\n");
	add(&g, 2, "same\n");
	add(&g, 3, "sam");
	add(&g, 0, "different\n");
	gather_end(&g, 2, 7);
	groups = gather_group(&g, NULL);
	assert_int_equal(groups.n, 4);
	assert_int_equal(groups.groups[0].n, 2);
	assert_int_equal(groups.hosts[groups.groups[0].first], 1);
	assert_int_equal(groups.hosts[groups.groups[0].first + 1], 4);
	assert_int_equal(groups.hosts[groups.groups[1].first], 0);
	assert_int_equal(groups.hosts[groups.groups[2].first], 2);
	assert_int_equal(groups.hosts[groups.groups[3].first], 3);
	groups_clear(&groups);
	gather_clear(&g);
}

static void
test_equal_text_is_kept_once(void **state)
{
	struct gather g;
	size_t once;

	(void)state;
	gather_init(&g, 1000, 64 << 20, 0);
	for (int line = 0; line < 10000; line++)
		add(&g, 0, "a line of some output\n");
	once = g.bytes;
	for (size_t i = 1; i < 1000; i++)
		for (int line = 0; line < 100; line++)
			add(&g, i, "a line of some output\n");
	assert_int_equal(g.bytes, once);
	for (size_t i = 1; i < 1000; i++)
		add(&g, i, i % 2 ? "a liNe" : "b");
	assert_int_equal(g.n_texts, 3);
	gather_clear(&g);
}

static void
test_who_may_print_the_same_yet_is_known(void **state)
{
	static const char *const texts[] = {"one\ntwo\n", "one\n", "",
	    "one\ntwo\nthree\n", "one\n2\n", "other", "one\ntwo\n"};
	static const bool may[] = {true, true, true, false, false, false, true};
	struct gather g;

	(void)state;
	gather_init(&g, 7, 1 << 20, 0);
	for (size_t i = 0; i < 7; i++)
		add(&g, i, texts[i]);
	for (size_t i = 0; i < 7; i++)
		assert_int_equal(gather_may_become(&g, i, 0), may[i]);
	assert_true(gather_may_become(&g, 0, 3));
	assert_false(gather_may_become(&g, 4, 5));
	gather_clear(&g);
}

/* Every host gets the text of its class, cut differently. */
static void
feed_classes(struct gather *g, size_t n_hosts, size_t n_classes)
{
	for (int line = 0; line < 50; line++)
		for (size_t i = 0; i < n_hosts; i++) {
			char text[64];
			size_t len = (size_t)snprintf(text, sizeof(text),
			    "%zu says %d\n",
			    line > 20 ? i % n_classes : (size_t)0, line);
			size_t cut = (i * 7 + (size_t)line) % len;

			gather_add(g, i, text, cut);
			gather_add(g, i, text + cut, len - cut);
		}
}

static void
test_over_the_ceiling_groups_stay_right(void **state)
{
	(void)state;
	for (size_t max = 0; max < 4000; max += 37) {
		struct gather g;
		struct groups groups;

		gather_init(&g, 60, max, 0);
		feed_classes(&g, 60, 7);
		assert_true(g.bytes <= max);
		groups = gather_group(&g, NULL);
		assert_int_equal(groups.n, 7);
		for (size_t i = 0; i < 60; i++) {
			size_t first = groups.groups[i % 7].first;

			assert_int_equal(groups.hosts[first], i % 7);
		}
		if (max < 300)
			assert_false(gather_is_whole(&g, 0));
		groups_clear(&groups);
		gather_clear(&g);
	}
}

static void
test_with_room_all_is_whole(void **state)
{
	struct gather g;
	char *text;

	(void)state;
	gather_init(&g, 1, 1 << 20, 0);
	gather_set_n_hosts(&g, 20);
	feed_classes(&g, 20, 3);
	for (size_t i = 0; i < 20; i++) {
		assert_true(gather_is_whole(&g, i));
		text = read_all(&g, i);
		assert_int_equal(strlen(text), gather_len(&g, i));
		assert_non_null(strstr(text, "0 says 20\n"));
		free(text);
	}
	gather_clear(&g);
}

/* Host i of 4 prints 700,000 bytes that all hosts share, then its class. */
static void
feed_much(struct gather *g)
{
	char line[8];

	for (int n = 0; n < 100000; n++) {
		(void)snprintf(line, sizeof(line), "%06d\n", n % 1000000);
		for (size_t i = 0; i < 4; i++)
			gather_add(g, i, line, 7);
	}
	for (size_t i = 0; i < 4; i++)
		add(g, i, i % 2 == 0 ? "even" : "odd");
}

static void
test_what_memory_cannot_have_is_spilled(void **state)
{
	(void)state;
	for (size_t max = 0; max < 400000; max += 56789) {
		struct gather g;
		struct groups groups;
		char *text;

		gather_init(&g, 4, max, 1 << 30);
		feed_much(&g);
		assert_true(g.bytes <= max);
		assert_true(g.spill.len >= 700000 - max);
		assert_true(g.spill.len <= 2 * 700000);
		groups = gather_group(&g, NULL);
		assert_int_equal(groups.n, 2);
		for (size_t i = 0; i < 4; i++) {
			assert_true(gather_is_whole(&g, i));
			text = read_all(&g, i);
			assert_int_equal(strlen(text), gather_len(&g, i));
			for (int n = 0; n < 100000; n++)
				assert_int_equal(
				    strtol(text + 7 * n, NULL, 10), n);
			assert_string_equal(
			    text + 700000, i % 2 == 0 ? "even" : "odd");
			free(text);
		}
		groups_clear(&groups);
		gather_clear(&g);
	}
}

/* 48 MiB of one host through memory of next to nothing. */
static void
test_chunks_that_rest_keep_their_bytes(void **state)
{
	enum { N_BLOCKS = 48 * 1024, BLOCK = 1024 };
	struct gather g;
	uint8_t block[BLOCK];
	uint64_t at = 0;
	const void *data;
	size_t len;

	(void)state;
	gather_init(&g, 2, 1000, 1 << 30);
	for (uint32_t n = 0; n < N_BLOCKS; n++) {
		for (size_t i = 0; i < BLOCK; i++)
			block[i] = (uint8_t)(n * 7 + i * (n >> 8));
		gather_add(&g, 0, block, BLOCK);
		gather_add(&g, 1, block, BLOCK);
	}
	assert_true(g.spill.len < 50 << 20);
	for (; gather_read(&g, 1, at, &data, &len); at += len)
		for (size_t i = 0; i < len; i++) {
			size_t n = (size_t)(at + i) / BLOCK;
			size_t j = (size_t)(at + i) % BLOCK;

			if (((const uint8_t *)data)[i] !=
			    (uint8_t)(n * 7 + j * (n >> 8)))
				fail_msg("byte %zu is another", (size_t)at + i);
		}
	assert_int_equal(at, (uint64_t)N_BLOCKS * BLOCK);
	gather_clear(&g);
}

static void
test_where_nothing_can_be_spilled_groups_stay_right(void **state)
{
	const uint64_t rooms[] = {0, 4 * SPILL_MIN_BYTES, 1 << 30};

	(void)state;
	for (size_t i = 0; i < sizeof(rooms) / sizeof(rooms[0]); i++) {
		struct gather g;
		struct groups groups;

		if (i < 2)
			assert_int_equal(unsetenv("TMPDIR"), 0);
		else
			assert_int_equal(
			    setenv("TMPDIR", "/nowhere/at/all", 1), 0);
		gather_init(&g, 4, 1000, rooms[i]);
		feed_much(&g);
		assert_false(gather_is_whole(&g, 0));
		assert_int_equal(gather_len(&g, 0), 700004);
		groups = gather_group(&g, NULL);
		assert_int_equal(groups.n, 2);
		groups_clear(&groups);
		gather_clear(&g);
	}
	assert_int_equal(unsetenv("TMPDIR"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_outputs_come_back),
	    cmocka_unit_test(test_equal_outputs_are_one_group),
	    cmocka_unit_test(test_equal_text_is_kept_once),
	    cmocka_unit_test(test_who_may_print_the_same_yet_is_known),
	    cmocka_unit_test(test_over_the_ceiling_groups_stay_right),
	    cmocka_unit_test(test_with_room_all_is_whole),
	    cmocka_unit_test(test_what_memory_cannot_have_is_spilled),
	    cmocka_unit_test(test_chunks_that_rest_keep_their_bytes),
	    cmocka_unit_test(
		test_where_nothing_can_be_spilled_groups_stay_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
