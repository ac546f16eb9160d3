/*
 * test_mask.c -- lines that are equal but for numbers and names.
 *
 * Room: tests.  May touch: engine/base, engine/fleet.
 */
#include "config.h"

#include "fleet/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
test_what_differs_is_masked(void **state)
{
	static const struct {
		const char *host, *line, *masked;
	} cases[] = {
	    {NULL, "", ""},
	    {NULL, "nothing to mask", "nothing to mask"},
	    {NULL, "pid 4711 in 12.5s", "pid # in #.#s"},
	    {NULL, "10.3.1.17 at 20:41:07", "#.#.#.# at #:#:#"},
	    {NULL, "commit 1f3a99c done", "commit # done"},
	    {NULL, "fe80::1a2b face", "#::# face"},
	    {NULL, "at 0xdeadbeef0 bad", "at # bad"},
	    {NULL, "nginx 1.22.1-9+deb12u2", "nginx #.#.#-#+deb#u#"},
	    {"web-017.fra", "web-017.fra is up", "{host} is up"},
	    {"web-017.fra", "root@web-017:~# ls", "root@{host}:~# ls"},
	    {"web-017.fra", "WEB-017.FRA.", "{host}."},
	    {"web-017.fra", "web-0171 myweb-017", "web-# myweb-#"},
	    {"web-017.fra", "web-017-old", "web-#-old"},
	    {"db", "db dbx adb", "{host} dbx adb"},
	    {"10.0.0.1", "10.0.0.1 10.0.0.2", "{host} #.#.#.#"},
	    {"web1", "größe 3 – web1", "größe # – {host}"},
	};
	struct buf out;

	(void)state;
	buf_init(&out, 100);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_true(mask_line(
		    &out, cases[i].line, strlen(cases[i].line), cases[i].host));
		assert_string_equal(buf_str(&out), cases[i].masked);
	}
	buf_clear(&out);
}

static void
test_over_the_ceiling_it_says_so(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4);
	assert_false(mask_line(&out, "abcdef", 6, NULL));
	assert_true(mask_line(&out, "xyz1234567", 10, NULL));
	assert_string_equal(buf_str(&out), "xyz#");
	buf_clear(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_what_differs_is_masked),
	    cmocka_unit_test(test_over_the_ceiling_it_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
