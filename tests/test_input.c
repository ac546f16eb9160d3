/*
 * test_input.c -- what commands read while they run; with real sshds.
 *
 * Room: tests.  May touch: engine.h, fixture/sshd.h.
 */
#include "config.h"

#include "base/mem.h"
#include "engine.h"
#include "fixture/sshd.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define N_SERVERS 2
#define BIG (5 * 1024 * 1024)

struct scene {
	struct sshd_fleet *f;
	struct engine e;
};

static struct scene scene;

/* `n` hosts whose commands take more input. */
static struct engine *
hosts(size_t n)
{
	if (scene.f == NULL)
		skip();
	engine_init(&scene.e, scene.f);
	engine_open(&scene.e);
	for (size_t i = 0; i < n; i++)
		engine_add(&scene.e, scene.f, i);
	return &scene.e;
}

static void
start(struct engine *e, const char *command)
{
	const struct muster_command c = {
	    .command = command, .more_input = true};

	engine_start(e, &c);
}

static int
teardown(void **state)
{
	(void)state;
	engine_clear(&scene.e);
	return 0;
}

static void
send_text(struct engine *e, const size_t *to, size_t n, const char *text)
{
	const struct muster_input input = {.data = text, .len = strlen(text)};
	struct muster_error err = {0};

	if (muster_send(e->m, to, n, &input, &err) != 0)
		fail_msg("%s", err.text);
}

static void
send_end(struct engine *e, const size_t *to, size_t n)
{
	const struct muster_input input = {.end = true};

	assert_int_equal(muster_send(e->m, to, n, &input, NULL), 0);
}

static void
test_lines_come_as_they_are_sent(void **state)
{
	struct engine *e = hosts(1);

	(void)state;
	start(e, "read a; echo got $a; read b; echo then $b; cat; exit 3");
	send_text(e, NULL, 0, "one\n");
	engine_await(e, 0, "got one");
	send_text(e, NULL, 0, "two\n");
	engine_await(e, 0, "then two");
	send_text(e, NULL, 0, "rest");
	send_end(e, NULL, 0);
	engine_gather(e, 1);
	engine_assert_end(e, 0, "EXIT 3");
	engine_assert_out(e, 0, "got one\nthen two\nrest", 21);
}

static void
test_some_hosts_get_what_others_do_not(void **state)
{
	const size_t first = 0, second = 1;
	struct engine *e = hosts(2);

	(void)state;
	start(e, "cat");
	send_text(e, &first, 1, "a");
	send_text(e, &second, 1, "b");
	send_text(e, NULL, 0, "all");
	send_text(e, &first, 1, "c");
	send_end(e, &first, 1);
	engine_gather(e, 1);
	engine_assert_end(e, 0, "EXIT 0");
	engine_assert_out(e, 0, "aallc", 5);
	engine_assert_end(e, 1, "PENDING");
	send_text(e, NULL, 0, "d");
	send_end(e, NULL, 0);
	engine_gather(e, 2);
	engine_assert_end(e, 1, "EXIT 0");
	engine_assert_out(e, 1, "balld", 5);
}

static char *
pattern(size_t len)
{
	char *data = mem_new(len);

	for (size_t i = 0; i < len; i++)
		data[i] = (char)(i * 31 + i / 253 + i / 65537);
	return data;
}

static void
test_a_host_that_reads_nothing_delays_nobody(void **state)
{
	struct engine *e = hosts(2);
	char *data = pattern(BIG);
	const struct muster_input input = {
	    .data = data, .len = BIG, .end = true};

	(void)state;
	start(e, "case $SSH_CONNECTION in *' 127.77.0.1 '*) sleep 60;; esac; "
		 "cat");
	assert_int_equal(muster_send(e->m, NULL, 0, &input, NULL), 0);
	engine_gather(e, 1);
	engine_assert_end(e, 0, "PENDING");
	engine_assert_end(e, 1, "EXIT 0");
	engine_assert_out(e, 1, data, BIG);
	muster_cancel(e->m, NULL, 0, MUSTER_CANCEL_NOW);
	engine_gather(e, 2);
	free(data);
}

static void
test_a_sender_may_wait_for_room(void **state)
{
	struct engine *e = hosts(1);
	char *data = pattern(2 * MUSTER_INPUT_AHEAD);
	const struct muster_input input = {
	    .data = data, .len = 2 * MUSTER_INPUT_AHEAD};
	struct muster_event event;
	bool told = false;

	(void)state;
	start(e, "cat >/dev/null; echo read");
	assert_int_equal(muster_send(e->m, NULL, 0, &input, NULL), 0);
	assert_true(muster_input_ahead(e->m) > MUSTER_INPUT_AHEAD);
	while (!told && muster_next(e->m, 20000, &event) == 1)
		told = event.type == MUSTER_EVENT_INPUT;
	assert_true(told);
	assert_true(muster_input_ahead(e->m) <= MUSTER_INPUT_AHEAD / 2);
	send_end(e, NULL, 0);
	engine_gather(e, 1);
	engine_assert_end(e, 0, "EXIT 0");
	free(data);
}

static void
test_more_than_may_be_kept_is_refused(void **state)
{
	static const char forty[] = "1234567890123456789012345678901234567890";
	const struct muster_input input = {.data = forty, .len = 40};
	struct muster_error err;
	struct engine *e;

	(void)state;
	if (scene.f == NULL)
		skip();
	engine_init(&scene.e, scene.f);
	e = &scene.e;
	e->options.input_limit_bytes = 150;
	engine_open(e);
	engine_add(e, scene.f, 0);
	start(e, "cat");
	assert_int_equal(muster_send(e->m, NULL, 0, &input, &err), 0);
	assert_int_equal(muster_send(e->m, NULL, 0, &input, &err), 0);
	assert_int_equal(muster_send(e->m, NULL, 0, &input, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_LIMIT);
	send_end(e, NULL, 0);
	engine_gather(e, 1);
	engine_assert_end(e, 0, "EXIT 0");
	assert_int_equal(engine_result(e, 0)->out_bytes, 80);
}

static void
test_a_later_command_begins_behind_what_was_sent(void **state)
{
	const size_t second = 1;
	const struct muster_command c = {.command = "cat", .more_input = true};
	struct engine *e = hosts(2);

	(void)state;
	start(e, "cat");
	send_text(e, NULL, 0, "early");
	engine_await(e, 1, "early");
	send_end(e, &second, 1);
	engine_gather(e, 1);
	assert_int_equal(muster_start(e->m, &second, 1, &c, NULL), 0);
	send_text(e, NULL, 0, " late");
	send_end(e, NULL, 0);
	engine_gather(e, 3);
	engine_assert_out(e, 0, "early late", 10);
	engine_assert_out(e, 1, "early late", 10);
	engine_assert_end(e, 1, "EXIT 0");
}

static void
test_a_file_is_read_when_the_turn_comes(void **state)
{
	struct muster_command c = {.command = "cat"};
	struct engine *e = hosts(1);
	char path[] = "/tmp/muster-test-input.XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "from a file\n", 12), 12);
	(void)close(fd);
	c.input_file = path;
	engine_start(e, &c);
	engine_gather(e, 1);
	engine_assert_end(e, 0, "EXIT 0");
	engine_assert_out(e, 0, "from a file\n", 12);
	(void)unlink(path);
	engine_start(e, &c);
	engine_gather(e, 1);
	engine_assert_end(e, 0, "LOCAL_RES");
	c.input_file = "/dev/zero";
	engine_start(e, &c);
	engine_gather(e, 1);
	engine_assert_end(e, 0, "LOCAL_RES");
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
	    TEST(test_lines_come_as_they_are_sent),
	    TEST(test_some_hosts_get_what_others_do_not),
	    TEST(test_a_host_that_reads_nothing_delays_nobody),
	    TEST(test_a_sender_may_wait_for_room),
	    TEST(test_more_than_may_be_kept_is_refused),
	    TEST(test_a_later_command_begins_behind_what_was_sent),
	    TEST(test_a_file_is_read_when_the_turn_comes),
	};

	return cmocka_run_group_tests(tests, setup_all, teardown_all);
}
