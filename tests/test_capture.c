/*
 * test_capture.c -- what hosts send comes out byte for byte.
 *
 * Room: tests.  May touch: engine.h, simfleet.h, crypto/digest.h.
 * The hosts run a real shell and keep a digest of what they sent.
 */
#include "config.h"

#include "crypto/digest.h"
#include "simfleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N_HOSTS 100 /* of two random streams each */

static struct simfleet fleet;
static struct engine engine;

struct sums {
	struct digest_sum streams[2];
};

static void
collect(struct sums *sums, size_t n)
{
	struct muster_event event;

	for (size_t left = n; left > 0;) {
		if (muster_next(engine.m, 30000, &event) != 1)
			fail_msg("%zu results did not come", left);
		if (event.type == MUSTER_EVENT_RESULT)
			left--;
		if (event.type == MUSTER_EVENT_OUTPUT)
			digest_sum_add(&sums[event.host].streams[event.stream],
			    event.data, event.len);
	}
}

static void
assert_sum(const struct digest_sum *sum, const uint8_t *sent)
{
	uint8_t got[DIGEST_SHA256_BYTES];

	digest_sum_value(sum, got);
	assert_memory_equal(got, sent, sizeof(got));
}

static void
test_random_streams_are_captured_as_they_were_sent(void **state)
{
	const struct muster_command c = {
	    .command = "n=${HOSTNAME#h}; n=${n#0}; n=${n#0}; "
		       "head -c $((n * 911)) /dev/urandom >&2 & "
		       "head -c $((n * 1713)) /dev/urandom; wait"};
	struct sums *sums = calloc(N_HOSTS, sizeof(*sums));

	(void)state;
	assert_non_null(sums);
	for (size_t i = 0; i < N_HOSTS; i++) {
		char name[32];

		(void)snprintf(name, sizeof(name), "h%03zu", i + 1);
		assert_int_equal(simfleet_add(&fleet, &engine, name), i);
		digest_sum_init(&sums[i].streams[0]);
		digest_sum_init(&sums[i].streams[1]);
	}
	assert_int_equal(muster_start(engine.m, NULL, 0, &c, NULL), 0);
	collect(sums, N_HOSTS);
	for (size_t i = 0; i < N_HOSTS; i++) {
		const struct fleetsim_ledger *l =
		    simfleet_ledger(&fleet, muster_host_name(engine.m, i));
		const struct muster_result *r = engine_result(&engine, i);

		engine_assert_end(&engine, i, "EXIT 0");
		assert_int_equal(r->out_bytes, (i + 1) * 1713);
		assert_int_equal(r->err_bytes, (i + 1) * 911);
		assert_sum(&sums[i].streams[0], l->stdout_sha256);
		assert_sum(&sums[i].streams[1], l->stderr_sha256);
	}
	free(sums);
}

static int
setup(void **state)
{
	(void)state;
	simfleet_start(&fleet, "h[001-100] exec=sh\n");
	simfleet_engine(&fleet, &engine);
	engine_open(&engine);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	engine_clear(&engine);
	simfleet_stop(&fleet);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		test_random_streams_are_captured_as_they_were_sent, setup,
		teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
