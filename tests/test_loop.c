/*
 * test_loop.c -- descriptors, timers and errands of the event loop.
 *
 * Room: tests.  May touch: engine/ssh/loop.h.
 */
#include "config.h"

#include "base/clock.h"
#include "ssh/loop.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

struct scene {
	struct loop *loop;
	struct watch *watch;
	int n;
	int fd;
};

static void
count(void *arg)
{
	struct scene *s = arg;

	s->n++;
}

static void
requeue(void *arg)
{
	struct scene *s = arg;

	s->n++;
	loop_later(s->loop, requeue, s);
}

static void
stop(void *arg)
{
	struct scene *s = arg;

	s->n++;
	loop_stop(s->loop);
}

static void
read_and_stop(void *arg, unsigned what)
{
	struct scene *s = arg;
	char c;

	assert_int_equal(what, WATCH_READ);
	assert_int_equal(read(s->fd, &c, 1), 1);
	loop_stop(s->loop);
}

static void
test_work_that_requeues_itself_starves_no_descriptor(void **state)
{
	struct scene s = {.loop = loop_new(NULL)};
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	s.fd = fds[0];
	s.watch = watch_new(s.loop, fds[0], read_and_stop, &s);
	watch_want(s.watch, WATCH_READ);
	loop_later(s.loop, requeue, &s);
	assert_int_equal(write(fds[1], "x", 1), 1);
	loop_run(s.loop);
	assert_true(s.n >= 1 && s.n < 10);
	watch_free(s.watch);
	loop_free(s.loop);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
test_an_errand_waits_for_the_next_round(void **state)
{
	struct scene s = {.loop = loop_new(NULL)};

	(void)state;
	loop_later(s.loop, requeue, &s);
	loop_turn(s.loop, false);
	assert_int_equal(s.n, 1);
	loop_turn(s.loop, false);
	assert_int_equal(s.n, 2);
	loop_free(s.loop);
}

static void
test_a_timer_fires_once_and_not_early(void **state)
{
	struct scene s = {.loop = loop_new(NULL)};
	struct timer *early = timer_new(s.loop, count, &s);
	struct timer *stopped = timer_new(s.loop, count, &s);
	struct timer *end = timer_new(s.loop, stop, &s);
	int64_t begun = clock_now_us();

	(void)state;
	timer_set(early, 5);
	timer_set(stopped, 5);
	timer_set(end, 30);
	timer_stop(stopped);
	assert_false(timer_is_set(stopped));
	loop_run(s.loop);
	assert_int_equal(s.n, 2);
	assert_true(clock_now_us() - begun >= 30000);
	timer_free(early);
	timer_free(stopped);
	timer_free(end);
	loop_free(s.loop);
}

static void *
post_many(void *arg)
{
	struct scene *s = arg;

	for (int i = 0; i < 1000; i++)
		loop_post(s->loop, count, s);
	loop_post(s->loop, stop, s);
	return NULL;
}

static void
test_other_threads_may_post(void **state)
{
	struct scene s = {.loop = loop_new(NULL)};
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, post_many, &s), 0);
	loop_run(s.loop);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(s.n, 1001);
	loop_free(s.loop);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_work_that_requeues_itself_starves_no_descriptor),
	    cmocka_unit_test(test_an_errand_waits_for_the_next_round),
	    cmocka_unit_test(test_a_timer_fires_once_and_not_early),
	    cmocka_unit_test(test_other_threads_may_post),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
