/*
 * test_base.c -- buf, str, map, mem, err: the ground floor.
 *
 * Room: tests.  May touch: engine/base.
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void
test_over_the_ceiling_adds_nothing(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 10);
	assert_true(buf_adds(&b, ""));
	assert_true(buf_adds(&b, "12345"));
	assert_false(buf_adds(&b, "123456"));
	assert_int_equal(b.len, 5);
	assert_false(buf_add_string(&b, "ab", 2));
	assert_int_equal(b.len, 5);
	buf_drain(&b, 3);
	assert_true(buf_adds(&b, "abcdefgh"));
	assert_string_equal(buf_str(&b), "45abcdefgh");
	buf_clear(&b);
}

static void
test_a_reader_stops_at_the_end(void **state)
{
	struct buf b;
	struct rd r;
	const uint8_t *data;
	uint32_t v;
	size_t len;
	char text[4];

	(void)state;
	buf_init(&b, 100);
	assert_true(buf_add_u32(&b, 0xdeadbeef));
	assert_true(buf_add_cstring(&b, "abc"));
	assert_true(buf_add_cstring(&b, "abcd"));
	assert_true(buf_add_u32(&b, 5));
	rd_init(&r, buf_data(&b), b.len);
	assert_true(rd_u32(&r, &v));
	assert_int_equal(v, 0xdeadbeef);
	assert_true(rd_cstring(&r, text, sizeof(text)));
	assert_string_equal(text, "abc");
	assert_true(rd_string(&r, &data, &len));
	assert_int_equal(len, 4);
	assert_false(rd_string(&r, &data, &len));
	assert_true(r.bad);
	buf_clear(&b);
}

static void
test_numbers_are_read_whole_or_not_at_all(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		uint32_t value;
	} cases[] = {{"0", true, 0}, {"4294967295", true, 4294967295u},
	    {"4294967296", false, 0}, {"", false, 0}, {"-1", false, 0},
	    {"1 ", false, 0}, {"0x1", false, 0},
	    {"99999999999999999999999", false, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t v = 7;

		assert_int_equal(
		    str_u32(cases[i].text, 0, UINT32_MAX, &v), cases[i].ok);
		assert_int_equal(v, cases[i].ok ? cases[i].value : 7);
	}
}

static void
test_durations_have_units(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		uint32_t ms;
	} cases[] = {{"10", true, 10000}, {"2.5", true, 2500},
	    {"0.05s", true, 50}, {"300ms", true, 300}, {"5m", true, 300000},
	    {"1h", true, 3600000}, {"0", true, 0}, {"", false, 0},
	    {"s", false, 0}, {"-1", false, 0}, {"1x", false, 0},
	    {"1.", false, 0}, {"50d", false, 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t v = 7;

		assert_int_equal(
		    str_duration_ms(cases[i].text, &v), cases[i].ok);
		assert_int_equal(v, cases[i].ok ? cases[i].ms : 7);
	}
}

static void
test_natural_order(void **state)
{
	static const char *const sorted[] = {"a", "n1", "n01", "n2", "n10",
	    "n10a", "n10b2", "n10b10", "n99999999999999999999999", "z"};

	(void)state;
	for (size_t i = 0; i < sizeof(sorted) / sizeof(sorted[0]); i++)
		for (size_t j = 0; j < sizeof(sorted) / sizeof(sorted[0]); j++)
			assert_int_equal(
			    str_natural_cmp(sorted[i], sorted[j]) < 0, i < j);
}

static void
test_distance_counts_edits(void **state)
{
	(void)state;
	assert_int_equal(str_distance("web", "web"), 0);
	assert_int_equal(str_distance("wbe", "web"), 1);
	assert_int_equal(str_distance("", "web"), 3);
	assert_int_equal(str_distance("kitten", "sitting"), 3);
}

static void
test_a_map_keeps_order_and_replaces(void **state)
{
	struct map *m = map_new();
	int one = 1, two = 2, three = 3;
	void *at = NULL;
	const char *key;

	(void)state;
	assert_null(map_puts(m, "one", &one));
	assert_null(map_puts(m, "two", &two));
	assert_ptr_equal(map_puts(m, "one", &three), &one);
	assert_int_equal(map_n(m), 2);
	assert_ptr_equal(map_next(m, &at, &key, NULL), &three);
	assert_string_equal(key, "one");
	assert_ptr_equal(map_next(m, &at, &key, NULL), &two);
	assert_null(map_next(m, &at, &key, NULL));
	assert_null(map_next(m, &at, &key, NULL));
	assert_ptr_equal(map_remove(m, "one", 3), &three);
	assert_null(map_gets(m, "one"));
	map_free(m, NULL);
}

static void
test_an_error_has_a_place_in_front(void **state)
{
	struct muster_error err;

	(void)state;
	assert_int_equal(err_set(&err, MUSTER_ERR_FILE, "no '%s'", "x"), -1);
	err_prefix(&err, "line %d", 3);
	assert_string_equal(err.text, "line 3: no 'x'");
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	assert_int_equal(err_set(NULL, MUSTER_ERR_FILE, "x"), -1);
}

static void
test_no_memory_is_the_end(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	if (pid == 0) {
		mem_fail_after(2);
		free(mem_new(1));
		free(mem_new(1));
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 1);
}

static void
test_a_secret_is_a_string(void **state)
{
	struct secret *s = secret_new("pass", 4);

	(void)state;
	assert_string_equal(secret_data(s), "pass");
	assert_int_equal(secret_len(s), 4);
	secret_free(s);
}

/* The first is from the paper's own vectors for its one-and-three variant,
 * the others were said by Python, which hashes strings so. */
static void
test_siphash_is_siphash(void **state)
{
	static const struct {
		struct hash_key key;
		const char *text;
		uint64_t hash;
	} cases[] = {
	    {{UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)}, "",
		UINT64_C(0xabac0158050fc4dc)},
	    {{0, 0}, "a", UINT64_C(0x407448d2b89b1813)},
	    {{0, 0}, "abc", UINT64_C(0xc03bc3a0042630f2)},
	    {{0, 0}, "12345678", UINT64_C(0x3489982430560a87)},
	};
	char text[100];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_true(hash_bytes(&cases[i].key, cases[i].text,
				strlen(cases[i].text)) == cases[i].hash);
	memset(text, 'x', sizeof(text));
	for (size_t step = 1; step < sizeof(text); step++) {
		struct hash h;

		hash_init(&h, &cases[1].key);
		for (size_t at = 0; at < sizeof(text); at += step)
			hash_add(&h, text + at,
			    at + step < sizeof(text) ? step
						     : sizeof(text) - at);
		assert_true(hash_value(&h) == UINT64_C(0x12de6d6e12e5750c));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_over_the_ceiling_adds_nothing),
	    cmocka_unit_test(test_a_reader_stops_at_the_end),
	    cmocka_unit_test(test_numbers_are_read_whole_or_not_at_all),
	    cmocka_unit_test(test_durations_have_units),
	    cmocka_unit_test(test_natural_order),
	    cmocka_unit_test(test_siphash_is_siphash),
	    cmocka_unit_test(test_distance_counts_edits),
	    cmocka_unit_test(test_a_map_keeps_order_and_replaces),
	    cmocka_unit_test(test_an_error_has_a_place_in_front),
	    cmocka_unit_test(test_no_memory_is_the_end),
	    cmocka_unit_test(test_a_secret_is_a_string),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
