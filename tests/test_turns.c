/*
 * test_turns.c -- hosts that wait for their turn, and hosts that are stopped.
 *
 * Room: tests.  May touch: muster.h, simfleet.h.
 */
#include "config.h"

#include "base/buf.h"
#include "simfleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_CROWD 30

static struct simfleet fleet;
static struct engine engine;

static void
test_a_turn_that_comes_late_is_no_connect_timeout(void **state)
{
	(void)state;
	simfleet_engine(&fleet, &engine);
	engine.options.n_workers = 1;
	engine.options.connects_per_100ms = 3;
	engine.options.connect_timeout_ms = 400;
	engine_open(&engine);
	for (size_t i = 0; i < N_CROWD; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "crowd%02zu", i);
		(void)simfleet_add(&fleet, &engine, name);
	}
	engine_run(&engine, "command");
	for (size_t i = 0; i < N_CROWD; i++)
		engine_assert_end(&engine, i, "EXIT 0");
}

static int
setup(void **state)
{
	(void)state;
	simfleet_start(&fleet,
	    "crowd[00-29] exec=canned\n"
	    "idle exec=canned\n"
	    "unclosed exec=canned exit=3 scenario=eofnoclose\n");
	return 0;
}

static int
teardown_one(void **state)
{
	(void)state;
	engine_clear(&engine);
	memset(&engine, 0, sizeof(engine));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	simfleet_stop(&fleet);
	return 0;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, teardown_one)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_turn_that_comes_late_is_no_connect_timeout),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
