/*
 * test_record.c -- a run written down and read back, whole and damaged.
 *
 * Room: tests.  May touch: record/, muster.h, scratch.h.
 */
#include "config.h"

#include "base/mem.h"
#include "muster.h"
#include "record/crc.h"
#include "record/recorder.h"
#include "scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define N_HOSTS 3

static char *folder;
static char *home;

static int
setup(void **state)
{
	(void)state;
	folder = scratch_new();
	home = mem_printf("%s/runs", folder);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	free(home);
	scratch_remove(folder);
	return 0;
}

/* ---- writing ---- */

static struct recorder *
new_recorder(void)
{
	static const char *const words[] = {
	    "muster", "-w", "a,b", "caf\xc3\xa9", "\xff\xfe"};
	const struct recorder_setup s = {
	    .home = home, .words = words, .n_words = 5};
	struct muster_error err = {0};
	struct recorder *r = recorder_new(&s, &err);

	if (r == NULL)
		fail_msg("%s", err.text);
	return r;
}

static void
add_hosts(struct recorder *r)
{
	static const struct muster_host hosts[N_HOSTS] = {
	    {.name = "a", .user = "root", .address = "127.0.0.1", .port = 22},
	    {.name = "b", .user = "root", .address = "::1", .port = 2222},
	    {.name = "c", .user = "me", .address = "c.example", .port = 22},
	};

	for (size_t i = 0; i < N_HOSTS; i++)
		recorder_add_host(r, i, &hosts[i]);
}

static void
end(struct recorder_lane *lane, struct recorder_host *h, size_t host,
    enum muster_outcome outcome, uint32_t code)
{
	const struct muster_result result = {.outcome = outcome,
	    .stage = MUSTER_RUNNING,
	    .code = code,
	    .attempts = 1,
	    .begun_us = 1,
	    .started_us = h != NULL ? 2 : 0,
	    .ended_us = 3,
	    .out_bytes = 7,
	    .text = "a \"text\""};

	recorder_end(lane, h, host, 1, &result);
}

/* a: prints on both streams and exits with 3. b: is sent the order. c: is
 * not reached. */
static void
write_run(bool is_closed)
{
	struct recorder *r = new_recorder();
	struct recorder_lane *lane = recorder_open_lane(r, 0);
	struct recorder_host *a, *b;

	add_hosts(r);
	assert_int_equal(recorder_add_order(r, "uptime \xff"), 1);
	a = recorder_start(lane, 0, 1);
	b = recorder_start(lane, 1, 1);
	recorder_output(lane, a, MUSTER_STDOUT, 10, "one\n", 4);
	recorder_output(lane, b, MUSTER_STDOUT, 11, "beta", 4);
	recorder_output(lane, a, MUSTER_STDERR, 12, "bad\0\n", 5);
	recorder_output(lane, a, MUSTER_STDOUT, 13, "two", 3);
	end(lane, a, 0, MUSTER_EXIT, 3);
	end(lane, NULL, 2, MUSTER_CONN_REFUSED, 0);
	recorder_add_note(r, MUSTER_NOWHERE, "paused");
	if (is_closed) {
		end(lane, b, 1, MUSTER_EXIT, 0);
		recorder_close(r, 5);
	} else {
		free(b);
	}
	recorder_close_lane(lane);
	assert_int_equal(recorder_error(r), 0);
	recorder_free(r);
}

/* ---- reading ---- */

static struct muster_run *
open_last(void)
{
	struct muster_error err = {0};
	struct muster_run *run = muster_run_open(home, "last", &err);

	if (run == NULL)
		fail_msg("%s", err.text);
	return run;
}

static void
assert_stream(struct muster_run *run, size_t host, enum muster_stream stream,
    const char *expected, size_t len)
{
	char data[64];

	assert_int_equal(
	    muster_run_read(run, 0, host, stream, 0, data, sizeof(data)), len);
	assert_memory_equal(data, expected, len);
	for (size_t at = 0; at < len; at++) {
		assert_int_equal(
		    muster_run_read(run, 0, host, stream, at, data, 1), 1);
		assert_int_equal(data[0], expected[at]);
	}
}

static void
test_a_run_comes_back_as_it_was(void **state)
{
	const struct muster_run_about *about;
	const struct muster_result *r;
	struct muster_run *run;

	(void)state;
	write_run(true);
	run = open_last();
	about = muster_run_about(run);
	assert_null(about->damage);
	assert_true(about->is_closed);
	assert_false(about->is_running);
	assert_int_equal(about->exitcode, 5);
	assert_int_equal(about->n_words, 5);
	assert_string_equal(about->words[4], "\xff\xfe");
	assert_int_equal(about->n_hosts, N_HOSTS);
	assert_string_equal(muster_run_host(run, 1)->address, "::1");
	assert_int_equal(muster_run_host(run, 1)->port, 2222);
	assert_string_equal(muster_run_command(run, 0), "uptime \xff");
	r = muster_run_result(run, 0, 0);
	assert_int_equal(r->outcome, MUSTER_EXIT);
	assert_int_equal(r->code, 3);
	assert_string_equal(r->text, "a \"text\"");
	assert_int_equal(
	    muster_run_result(run, 0, 2)->outcome, MUSTER_CONN_REFUSED);
	assert_stream(run, 0, MUSTER_STDOUT, "one\ntwo", 7);
	assert_stream(run, 0, MUSTER_STDERR, "bad\0\n", 5);
	assert_stream(run, 1, MUSTER_STDOUT, "beta", 4);
	assert_stream(run, 2, MUSTER_STDOUT, "", 0);
	muster_run_free(run);
}

static void
test_a_host_without_an_end_may_have_run(void **state)
{
	struct muster_run *run;

	(void)state;
	write_run(false);
	run = open_last();
	assert_false(muster_run_about(run)->is_closed);
	assert_int_equal(muster_run_result(run, 0, 1)->outcome, MUSTER_LOST);
	assert_int_equal(muster_run_result(run, 0, 0)->outcome, MUSTER_EXIT);
	assert_stream(run, 1, MUSTER_STDOUT, "beta", 4);
	muster_run_free(run);
}

static void
test_events_come_in_the_order_of_time(void **state)
{
	struct muster_event e;
	struct muster_run *run;
	size_t at = 0, order, n_out = 0, n_ends = 0;
	int64_t last = INT64_MIN;

	(void)state;
	write_run(true);
	run = open_last();
	while (muster_run_next(run, &at, &e, &order)) {
		assert_true(e.at_us >= last);
		last = e.at_us;
		assert_int_equal(order, 0);
		if (e.type == MUSTER_EVENT_OUTPUT)
			n_out += e.len;
		n_ends += e.type == MUSTER_EVENT_RESULT;
	}
	assert_int_equal(n_out, 7 + 4 + 5);
	assert_int_equal(n_ends, 3);
	muster_run_free(run);
}

static void
test_a_run_that_goes_on_is_told_from_one_that_broke_off(void **state)
{
	struct recorder *r;
	struct muster_run *run;

	(void)state;
	r = new_recorder();
	run = open_last();
	assert_true(muster_run_about(run)->is_running);
	muster_run_free(run);
	recorder_free(r);
	run = open_last();
	assert_false(muster_run_about(run)->is_running);
	assert_false(muster_run_about(run)->is_closed);
	muster_run_free(run);
}

static char *
path_of(const char *name)
{
	struct muster_names ids;
	char *path;

	assert_int_equal(muster_runs_list(home, &ids, NULL), 0);
	assert_true(ids.n > 0);
	path = mem_printf("%s/%s/%s", home, ids.items[ids.n - 1], name);
	muster_names_clear(&ids);
	return path;
}

/* What a damaged journal may still claim: no more than the whole one, and an
 * end only with the output that was captured before it. */
static void
check_truthful(struct muster_run *run)
{
	const struct muster_run_about *about = muster_run_about(run);

	assert_true(about->n_hosts <= N_HOSTS);
	for (size_t o = 0; o < about->n_orders; o++)
		for (size_t h = 0; h < about->n_hosts; h++) {
			const struct muster_result *r =
			    muster_run_result(run, o, h);

			if (r->outcome == MUSTER_EXIT && h == 0)
				assert_int_equal(r->code, 3);
			if (h == 2)
				assert_true(r->outcome == MUSTER_PENDING ||
					    r->outcome == MUSTER_CONN_REFUSED);
		}
}

static void
test_every_prefix_of_a_journal_is_truthful(void **state)
{
	char *path, *text;
	size_t len;

	(void)state;
	write_run(true);
	path = path_of("journal");
	text = scratch_read(path, &len);
	for (size_t n = 0; n <= len; n++) {
		struct muster_run *run;

		scratch_write(path, text, n);
		run = muster_run_open(home, "last", NULL);
		if (run == NULL)
			continue;
		check_truthful(run);
		assert_true(muster_run_about(run)->damage != NULL ||
			    text[n - 1] == '\n');
		muster_run_free(run);
	}
	free(text);
	free(path);
}

static void
test_every_changed_byte_of_a_journal_is_noticed(void **state)
{
	char *path, *text;
	size_t len;

	(void)state;
	write_run(true);
	path = path_of("journal");
	text = scratch_read(path, &len);
	for (size_t i = 0; i < len; i++) {
		struct muster_run *run;

		text[i] ^= 1;
		scratch_write(path, text, len);
		run = muster_run_open(home, "last", NULL);
		text[i] ^= 1;
		if (run == NULL)
			continue;
		assert_non_null(muster_run_about(run)->damage);
		check_truthful(run);
		muster_run_free(run);
	}
	free(text);
	free(path);
}

static void
test_every_changed_byte_of_output_is_noticed(void **state)
{
	char *path, *text;
	size_t len;

	(void)state;
	write_run(true);
	path = path_of("seg-00-0000.log");
	text = scratch_read(path, &len);
	for (size_t i = 0; i < len; i++) {
		struct muster_run *run;
		char data[64];
		size_t n;

		text[i] ^= 0x10;
		scratch_write(path, text, len);
		text[i] ^= 0x10;
		run = open_last();
		assert_non_null(muster_run_about(run)->damage);
		assert_int_equal(muster_run_result(run, 0, 0)->code, 3);
		n = muster_run_read(
		    run, 0, 0, MUSTER_STDOUT, 0, data, sizeof(data));
		assert_true(n <= 7 && memcmp(data, "one\ntwo", n) == 0);
		muster_run_free(run);
	}
	free(text);
	free(path);
}

static void
test_a_full_disk_begins_nothing_more(void **state)
{
	struct rlimit limit, small;
	struct recorder *r;
	struct recorder_lane *lane;
	uint32_t order;

	(void)state;
	r = new_recorder();
	lane = recorder_open_lane(r, 0);
	add_hosts(r);
	order = recorder_add_order(r, "true");
	assert_int_equal(order, 1);
	free(recorder_start(lane, 0, order));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	/* a write over it fails then, and does no more */
	assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
	small = limit;
	small.rlim_cur = 64;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_null(recorder_start(lane, 1, order));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	assert_int_not_equal(recorder_error(r), 0);
	assert_null(recorder_start(lane, 1, order)); /* it stays so */
	recorder_close_lane(lane);
	recorder_free(r);
}

static void
test_names_of_runs(void **state)
{
	struct muster_error err;
	struct muster_names ids;
	struct muster_run *run;

	(void)state;
	assert_null(muster_run_open(home, "last", &err));
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	write_run(true);
	write_run(true);
	assert_int_equal(muster_runs_list(home, &ids, &err), 0);
	assert_int_equal(ids.n, 2);
	run = muster_run_open(home, ids.items[0], &err);
	assert_non_null(run);
	assert_string_equal(muster_run_about(run)->id, ids.items[0]);
	muster_run_free(run);
	run = muster_run_open(home, ids.items[0] + 16, &err);
	assert_non_null(run);
	muster_run_free(run);
	assert_null(muster_run_open(home, "01", &err));
	assert_null(muster_run_open(home, "ZZZZZZ", &err));
	assert_int_equal(err.code, MUSTER_ERR_UNKNOWN_NAME);
	muster_names_clear(&ids);
}

static void
test_a_folder_that_others_may_write_is_refused(void **state)
{
	struct muster_error err;
	struct muster_names ids;

	(void)state;
	write_run(true);
	assert_int_equal(chmod(home, 0777), 0);
	assert_int_equal(muster_runs_list(home, &ids, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	assert_int_equal(chmod(home, 0700), 0);
	scratch_run("mv runs other && ln -s other runs");
	assert_int_equal(muster_runs_list(home, &ids, &err), -1);
}

static void
test_old_runs_go_but_not_those_with_unknown_ends(void **state)
{
	const struct muster_retention two = {.n_runs = 2};
	struct muster_names ids;

	(void)state;
	write_run(false); /* has an unknown end */
	write_run(true);
	write_run(true);
	write_run(true);
	assert_int_equal(muster_runs_list(home, &ids, NULL), 0);
	scratch_run("touch runs/%s/keep", ids.items[1]);
	assert_int_equal(muster_runs_retain(home, &two), 2);
	muster_names_clear(&ids);
	assert_int_equal(muster_runs_list(home, &ids, NULL), 0);
	assert_int_equal(ids.n, 2);
	muster_names_clear(&ids);
}

static void
test_crc_is_that_of_rfc_3720(void **state)
{
	uint8_t zeros[32] = {0}, up[32];

	(void)state;
	for (size_t i = 0; i < sizeof(up); i++)
		up[i] = (uint8_t)i;
	assert_int_equal(crc_add(0, zeros, 32), 0x8a9136aa);
	assert_int_equal(crc_add(0, up, 32), 0x46dd794e);
	assert_int_equal(crc_add(crc_add(0, up, 5), up + 5, 27), 0x46dd794e);
	assert_int_equal(crc_add(0, "123456789", 9), 0xe3069283);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_a_run_comes_back_as_it_was),
	    TEST(test_a_host_without_an_end_may_have_run),
	    TEST(test_events_come_in_the_order_of_time),
	    TEST(test_a_run_that_goes_on_is_told_from_one_that_broke_off),
	    TEST(test_every_prefix_of_a_journal_is_truthful),
	    TEST(test_every_changed_byte_of_a_journal_is_noticed),
	    TEST(test_every_changed_byte_of_output_is_noticed),
	    TEST(test_a_full_disk_begins_nothing_more),
	    TEST(test_names_of_runs),
	    TEST(test_a_folder_that_others_may_write_is_refused),
	    TEST(test_old_runs_go_but_not_those_with_unknown_ends),
	    TEST(test_crc_is_that_of_rfc_3720),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
