/*
 * test_libssh2.c -- the libssh2 that runs is the one that was built with.
 *
 * Room: tests.  May touch: libssh2.
 * Tests of the engine mean nothing for a version that they did not run on.
 */
#include "config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libssh2.h>

static void
test_the_version_at_run_time_is_that_of_the_header(void **state)
{
	(void)state;
	print_message("# libssh2 %s\n", libssh2_version(0));
	assert_string_equal(libssh2_version(0), LIBSSH2_VERSION);
}

static void
test_the_version_is_the_one_asked_for(void **state)
{
	const char *wanted = getenv("MUSTER_EXPECT_LIBSSH2");
	const char *version = libssh2_version(0);

	(void)state;
	if (wanted == NULL)
		wanted = "1.";
	if (strncmp(version, wanted, strlen(wanted)) != 0)
		fail_msg("libssh2 %s, wanted %s", version, wanted);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_the_version_at_run_time_is_that_of_the_header),
	    cmocka_unit_test(test_the_version_is_the_one_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
