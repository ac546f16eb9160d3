/*
 * test_engine.c -- commands on real sshds: output, ends, failures.
 *
 * Room: tests.  May touch: engine.h, fixture/sshd.h.
 */
#include "config.h"

#include "base/clock.h"
#include "base/mem.h"
#include "engine.h"
#include "fixture/sshd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define N_SERVERS 4

struct scene {
	struct sshd_fleet *f;
	struct engine e;
};

static struct scene scene;

static void
open_scene(void)
{
	if (scene.f == NULL)
		skip();
	engine_init(&scene.e, scene.f);
}

/* One host, ready to run. */
static struct engine *
one_host(void)
{
	open_scene();
	engine_open(&scene.e);
	engine_add(&scene.e, scene.f, 0);
	return &scene.e;
}

static int
teardown(void **state)
{
	(void)state;
	engine_clear(&scene.e);
	return 0;
}

static void
test_output_and_status_come_back(void **state)
{
	struct engine *e = one_host();

	(void)state;
	engine_run(e, "echo out; echo err >&2; exit 7");
	engine_assert_end(e, 0, "EXIT 7");
	engine_assert_out(e, 0, "out\n", 4);
	engine_assert_err(e, 0, "err\n", 4);
	assert_false(muster_result_is_ok(engine_result(e, 0)));
}

static void
test_exit_codes_are_told_as_they_are(void **state)
{
	static const unsigned codes[] = {0, 1, 126, 127, 128, 255};
	struct engine *e = one_host();

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		char command[32], expected[32];

		(void)snprintf(command, sizeof(command), "exit %u", codes[i]);
		(void)snprintf(expected, sizeof(expected), "EXIT %u", codes[i]);
		engine_run(e, command);
		engine_assert_end(e, 0, expected);
		assert_int_equal(
		    muster_result_is_ok(engine_result(e, 0)), codes[i] == 0);
	}
}

static void
test_a_signal_is_not_success(void **state)
{
	struct engine *e = one_host();

	(void)state;
	engine_run(e, "kill -TERM $$");
	engine_assert_end(e, 0, "SIGNAL TERM");
	assert_false(muster_result_is_ok(engine_result(e, 0)));
}

static void
test_a_command_without_input_reads_the_end_at_once(void **state)
{
	struct engine *e = one_host();

	(void)state;
	engine_run(e, "cat; echo done");
	engine_assert_end(e, 0, "EXIT 0");
	engine_assert_out(e, 0, "done\n", 5);
}

static void
test_input_goes_through_whole(void **state)
{
	struct engine *e = one_host();
	size_t len = 1000000;
	char *input = mem_new(len);
	const struct muster_command c = {
	    .command = "cat", .input = input, .input_len = len};

	(void)state;
	for (size_t i = 0; i < len; i++)
		input[i] = (char)(i * 7 + i / 256);
	engine_start(e, &c);
	engine_gather(e, 1);
	engine_assert_end(e, 0, "EXIT 0");
	engine_assert_out(e, 0, input, len);
	free(input);
}

static void
test_odd_bytes_pass_unchanged(void **state)
{
	static const char expected[] = "a\0b\rc\xff\xfe\x80 no newline";
	struct engine *e = one_host();

	(void)state;
	engine_run(e, "printf 'a\\000b\\rc\\377\\376\\200 no newline'");
	engine_assert_end(e, 0, "EXIT 0");
	engine_assert_out(e, 0, expected, sizeof(expected) - 1);
}

static void
test_much_output_on_both_streams_is_complete(void **state)
{
	struct engine *e = one_host();
	const struct muster_result *r;

	(void)state;
	engine_run(e, "(seq 1 400000 & seq 1 400000 >&2; wait)");
	engine_assert_end(e, 0, "EXIT 0");
	r = engine_result(e, 0);
	assert_int_equal(r->out_bytes, r->err_bytes);
	assert_int_equal(r->out_bytes, 2688895);
	assert_int_equal(r->flags, 0);
	engine_assert_err(e, 0, buf_data(&e->outputs[0].out), 2688895);
}

static void
test_a_terminal_joins_the_streams(void **state)
{
	struct engine *e = one_host();
	const struct muster_command c = {
	    .command = "tty >&2; exit 3", .pty = true};

	(void)state;
	engine_start(e, &c);
	engine_gather(e, 1);
	engine_assert_end(e, 0, "EXIT 3");
	assert_non_null(strstr(buf_str(&e->outputs[0].out), "/dev/pts/"));
	engine_assert_err(e, 0, "", 0);
}

static void
test_a_lost_connection_is_lost(void **state)
{
	struct engine *e = one_host();
	const struct muster_command c = {.command = "printf partial; sleep 60"};

	(void)state;
	engine_start(e, &c);
	engine_await(e, 0, "partial");
	sshd_fleet_cut(scene.f, 0);
	engine_gather(e, 1);
	engine_assert_end(e, 0, "LOST");
	engine_assert_out(e, 0, "partial", 7);
	assert_true(engine_result(e, 0)->flags & MUSTER_INCOMPLETE);
}

static void
test_a_slow_command_times_out(void **state)
{
	struct engine *e;
	int64_t begun;

	(void)state;
	open_scene();
	scene.e.options.command_timeout_ms = 300;
	scene.e.options.grace_ms = 200;
	engine_open(&scene.e);
	e = &scene.e;
	engine_add(e, scene.f, 0);
	begun = clock_now_us();
	engine_run(e, "printf partial; sleep 60");
	engine_assert_end(e, 0, "CMD_TIMEOUT");
	engine_assert_out(e, 0, "partial", 7);
	assert_true(clock_now_us() - begun < 5000000);
}

static void
test_output_held_by_a_child_does_not_hold_the_result(void **state)
{
	struct engine *e;

	(void)state;
	open_scene();
	scene.e.options.linger_ms = 200;
	engine_open(&scene.e);
	e = &scene.e;
	engine_add(e, scene.f, 0);
	engine_run(e, "sleep 20 & echo started; exit 4");
	engine_assert_end(e, 0, "EXIT 4");
	engine_assert_out(e, 0, "started\n", 8);
	assert_true(engine_result(e, 0)->flags & MUSTER_OUTPUT_HELD);
}

static void
test_nobody_listens(void **state)
{
	struct engine *e = one_host();
	const struct muster_host host = {.name = "127.0.0.1", .port = 1};

	(void)state;
	assert_int_equal(muster_add_host(e->m, &host, NULL), 1);
	engine_run(e, "true");
	engine_assert_end(e, 0, "EXIT 0");
	engine_assert_end(e, 1, "CONN_REFUSED");
}

static void
test_a_name_nobody_knows(void **state)
{
	const struct muster_host host = {.name = "no-such-host.invalid"};
	const struct muster_result *r;
	struct engine *e = one_host();

	(void)state;
	assert_int_equal(muster_add_host(e->m, &host, NULL), 1);
	engine_run(e, "true");
	engine_assert_end(e, 0, "EXIT 0");
	r = engine_result(e, 1);
	assert_true(
	    r->outcome == MUSTER_DNS_NXDOMAIN || r->outcome == MUSTER_DNS_FAIL);
}

static void
test_join_tells_finished_from_unfinished(void **state)
{
	const struct muster_command c = {
	    .command = "case $SSH_CONNECTION in *127.77.0.2*) sleep 60;; esac"};
	struct muster_tally tally;
	struct muster_error err;
	struct engine *e = one_host();

	(void)state;
	engine_add(e, scene.f, 1);
	engine_start(e, &c);
	assert_int_equal(muster_join(e->m, 3000, &tally, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_TIMEOUT);
	assert_int_equal(tally.n_hosts, 2);
	assert_int_equal(tally.n_finished, 1);
	assert_int_equal(tally.n_ok, 1);
	engine_assert_end(e, 1, "PENDING");
	muster_cancel(e->m, NULL, 0, MUSTER_CANCEL_NOW);
	assert_int_equal(muster_join(e->m, 3000, &tally, &err), 0);
	engine_assert_end(e, 0, "EXIT 0");
	engine_assert_end(e, 1, "KILLED_LOCAL");
	assert_int_equal(tally.n_unknown, 1);
}

static void
test_cancelling_before_the_start_runs_nothing(void **state)
{
	const struct muster_command c = {.command = "true"};
	struct engine *e = one_host();

	(void)state;
	muster_pause(e->m, true);
	engine_start(e, &c);
	muster_cancel(e->m, NULL, 0, MUSTER_CANCEL_PENDING);
	engine_gather(e, 1);
	engine_assert_end(e, 0, "CANCELLED");
	muster_pause(e->m, false);
	engine_run(e, "true");
	engine_assert_end(e, 0, "EXIT 0");
}

static void
test_open_sessions_take_the_next_command(void **state)
{
	struct engine *e;

	(void)state;
	open_scene();
	scene.e.options.keep_open = true;
	engine_open(&scene.e);
	e = &scene.e;
	engine_add(e, scene.f, 2);
	for (unsigned i = 0; i < 20; i++) {
		engine_run(e, "echo again");
		engine_assert_end(e, 0, "EXIT 0");
		engine_assert_out(e, 0, "again\n", 6);
	}
	assert_int_equal(sshd_fleet_n_accepted(scene.f, 2), 1);
	sshd_fleet_cut(scene.f, 2);
	engine_run(e, "echo again");
	engine_assert_end(e, 0, "EXIT 0");
	assert_int_equal(sshd_fleet_n_accepted(scene.f, 2), 2);
}

static void
test_a_slow_reader_loses_nothing(void **state)
{
	struct engine *e = one_host();
	const struct muster_command c = {.command = "seq 1 3000000"};
	struct muster_event event;
	size_t total = 0;
	int n_naps = 0;

	(void)state;
	engine_start(e, &c);
	while (muster_next(e->m, 20000, &event) == 1 &&
	       event.type != MUSTER_EVENT_RESULT) {
		if (event.type != MUSTER_EVENT_OUTPUT)
			continue;
		total += event.len;
		if (n_naps < 20) {
			n_naps++;
			(void)usleep(20000);
		}
	}
	engine_assert_end(e, 0, "EXIT 0");
	assert_int_equal(total, 22888896);
}

static int
setup_all(void **state)
{
	struct muster_error err = {0};

	(void)state;
	if (sshd_path() == NULL) {
		print_message("# skipped: no sshd here\n");
		return 0;
	}
	scene.f = sshd_fleet_new(N_SERVERS, NULL, &err);
	return scene.f == NULL ? -1 : 0;
}

static int
teardown_all(void **state)
{
	(void)state;
	sshd_fleet_free(scene.f);
	return 0;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_output_and_status_come_back),
	    TEST(test_exit_codes_are_told_as_they_are),
	    TEST(test_a_signal_is_not_success),
	    TEST(test_a_command_without_input_reads_the_end_at_once),
	    TEST(test_input_goes_through_whole),
	    TEST(test_odd_bytes_pass_unchanged),
	    TEST(test_much_output_on_both_streams_is_complete),
	    TEST(test_a_terminal_joins_the_streams),
	    TEST(test_a_lost_connection_is_lost),
	    TEST(test_a_slow_command_times_out),
	    TEST(test_output_held_by_a_child_does_not_hold_the_result),
	    TEST(test_nobody_listens),
	    TEST(test_a_name_nobody_knows),
	    TEST(test_join_tells_finished_from_unfinished),
	    TEST(test_cancelling_before_the_start_runs_nothing),
	    TEST(test_open_sessions_take_the_next_command),
	    TEST(test_a_slow_reader_loses_nothing),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
