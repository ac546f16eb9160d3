/*
 * test_hostnear.c -- the wildcard that was meant.
 *
 * Room: tests.  May touch: engine/conf.
 */
#include "config.h"

#include "conf/hostnear.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *const hosts[] = {"db1", "web1", "web2", "front.example"};

/* What is suggested for a wildcard, or NULL. */
static const char *
suggest(const char *wildcard)
{
	static char near[512];
	struct hostlist list;
	bool found;

	hostlist_init(&list, 10, false);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++)
		assert_true(
		    hostlist_add(&list, &(struct hostref){.host = hosts[i]}));
	found = hostnear_wildcard(
	    wildcard, strlen(wildcard), &list, near, sizeof(near));
	hostlist_clear(&list);
	return found ? near : NULL;
}

static void
test_a_near_head_or_tail_is_suggested(void **state)
{
	static const char *const cases[][2] = {{"wbe*", "web*"},
	    {"wweb?", "web?"}, {"we1*", "web*"}, {"webb*", "web1*"},
	    {"frnt.*ple", "front.*ple"}, {"*eb12", "*eb1"},
	    {"*.exmaple", "*.example"}, {"?eb12", "?eb1"}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(suggest(cases[i][0]), cases[i][1]);
}

static void
test_what_is_far_from_all_is_not(void **state)
{
	static const char *const cases[] = {
	    "x*", "wx*", "zzz*", "*", "?*", "*ba1*", "wbe[1-2]*", "frnt.*xyz"};
	char longer[300];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_null(suggest(cases[i]));
	memset(longer, 'w', sizeof(longer));
	longer[sizeof(longer) - 2] = '*';
	longer[sizeof(longer) - 1] = '\0';
	assert_null(suggest(longer));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_near_head_or_tail_is_suggested),
	    cmocka_unit_test(test_what_is_far_from_all_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
