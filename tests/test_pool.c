/*
 * test_pool.c -- helper threads for what blocks or burns.
 *
 * Room: tests.  May touch: engine/ssh/pool.h, engine/ssh/loop.h.
 */
#include "config.h"

#include "ssh/loop.h"
#include "ssh/pool.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define N_MANY 200

/* Work that waits until it is let go. */
struct task {
	struct scene *scene;
	pthread_t worked_on, ended_on;
	bool waits;
	atomic_bool worked, done, dropped;
};

struct scene {
	struct loop *loop;
	struct pool *pool;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	size_t n_inside, n_inside_max, n_dropped; /* under the lock */
	bool open;
	size_t n_done; /* the loop's */
};

static struct scene scene;

static int
setup(void **state)
{
	(void)state;
	scene = (struct scene){.loop = loop_new(NULL), .pool = pool_new(4)};
	(void)pthread_mutex_init(&scene.lock, NULL);
	(void)pthread_cond_init(&scene.changed, NULL);
	return scene.loop == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	pool_free(scene.pool);
	loop_free(scene.loop);
	return 0;
}

static void
work(void *arg)
{
	struct task *t = arg;
	struct scene *s = t->scene;

	t->worked_on = pthread_self();
	(void)pthread_mutex_lock(&s->lock);
	if (++s->n_inside > s->n_inside_max)
		s->n_inside_max = s->n_inside;
	(void)pthread_cond_broadcast(&s->changed);
	while (t->waits && !s->open)
		(void)pthread_cond_wait(&s->changed, &s->lock);
	s->n_inside--;
	atomic_store(&t->worked, true);
	(void)pthread_mutex_unlock(&s->lock);
}

/* Something for the next round to do: this one shall not wait. */
static void
nothing(void *arg)
{
	(void)arg;
}

static void
done(void *arg)
{
	struct task *t = arg;

	t->ended_on = pthread_self();
	atomic_store(&t->done, true);
	t->scene->n_done++;
	loop_later(t->scene->loop, nothing, NULL);
}

static void
drop(void *arg)
{
	struct task *t = arg;

	(void)pthread_mutex_lock(&t->scene->lock);
	atomic_store(&t->dropped, true);
	t->scene->n_dropped++;
	(void)pthread_cond_broadcast(&t->scene->changed);
	(void)pthread_mutex_unlock(&t->scene->lock);
}

static struct job *
submit(struct task *t, bool waits)
{
	*t = (struct task){.scene = &scene, .waits = waits};
	return pool_submit(scene.pool, scene.loop, work, done, t);
}

static void
wait_inside(size_t n)
{
	(void)pthread_mutex_lock(&scene.lock);
	while (scene.n_inside < n)
		(void)pthread_cond_wait(&scene.changed, &scene.lock);
	(void)pthread_mutex_unlock(&scene.lock);
}

static void
wait_dropped(size_t n)
{
	(void)pthread_mutex_lock(&scene.lock);
	while (scene.n_dropped < n)
		(void)pthread_cond_wait(&scene.changed, &scene.lock);
	(void)pthread_mutex_unlock(&scene.lock);
}

static void
let_go(void)
{
	(void)pthread_mutex_lock(&scene.lock);
	scene.open = true;
	(void)pthread_cond_broadcast(&scene.changed);
	(void)pthread_mutex_unlock(&scene.lock);
}

static void
turn_until_done(size_t n)
{
	while (scene.n_done < n)
		loop_turn(scene.loop, true);
}

static void
test_work_is_elsewhere_and_its_end_is_on_the_loop(void **state)
{
	struct task t;

	(void)state;
	(void)submit(&t, false);
	turn_until_done(1);
	assert_true(t.worked && t.done && !t.dropped);
	assert_false(pthread_equal(t.worked_on, pthread_self()));
	assert_true(pthread_equal(t.ended_on, pthread_self()));
}

static void
test_threads_are_no_more_than_allowed_and_all_work_is_done(void **state)
{
	static struct task tasks[N_MANY];

	(void)state;
	for (size_t i = 0; i < N_MANY; i++)
		(void)submit(&tasks[i], i < 4);
	/* Four at once, though each of them is stuck. */
	wait_inside(4);
	assert_int_equal(scene.n_done, 0);
	let_go();
	turn_until_done(N_MANY);
	assert_int_equal(scene.n_inside_max, 4);
	for (size_t i = 0; i < N_MANY; i++)
		assert_true(tasks[i].worked && tasks[i].done);
}

static void
test_what_waits_in_line_is_dropped_at_once(void **state)
{
	struct task stuck[4], waiting;

	(void)state;
	for (size_t i = 0; i < 4; i++)
		(void)submit(&stuck[i], true);
	wait_inside(4);
	job_cancel(submit(&waiting, false), drop);
	assert_true(waiting.dropped && !waiting.worked);
	let_go();
	turn_until_done(4);
	assert_false(waiting.worked);
	assert_false(waiting.done);
}

static void
test_others_stand_in_for_what_is_stuck(void **state)
{
	struct task stuck[4], after[2];
	struct job *jobs[4];

	(void)state;
	for (size_t i = 0; i < 4; i++)
		jobs[i] = submit(&stuck[i], true);
	wait_inside(4);
	/* One is in line when room is made for it, one comes later. */
	(void)submit(&after[0], false);
	for (size_t i = 0; i < 4; i++)
		job_cancel(jobs[i], drop);
	(void)submit(&after[1], false);
	turn_until_done(2);
	assert_true(after[0].done && after[1].done);
	let_go();
	wait_dropped(4);
}

static void
test_what_is_at_work_is_dropped_when_it_ends(void **state)
{
	struct task stuck;
	struct job *j = submit(&stuck, true);

	(void)state;
	wait_inside(1);
	job_cancel(j, drop);
	assert_false(stuck.dropped);
	let_go();
	wait_dropped(1);
	assert_true(stuck.worked && !stuck.done);
}

static void
test_what_has_ended_but_was_not_delivered_is_dropped(void **state)
{
	struct task t;
	struct job *j = submit(&t, false);

	(void)state;
	while (!atomic_load(&t.worked))
		;
	job_cancel(j, drop);
	while (!atomic_load(&t.dropped))
		loop_turn(scene.loop, false);
	assert_false(t.done);
}

static void
test_a_pool_that_is_freed_waits_for_no_stuck_thread(void **state)
{
	struct task stuck;
	struct job *j = submit(&stuck, true);

	(void)state;
	wait_inside(1);
	job_cancel(j, drop);
	pool_free(scene.pool);
	scene.pool = NULL;
	assert_false(stuck.dropped);
	let_go();
	wait_dropped(1);
}

static void
test_what_nobody_waits_for_is_done_all_the_same(void **state)
{
	static struct task tasks[N_MANY];

	(void)state;
	for (size_t i = 0; i < N_MANY; i++) {
		tasks[i] = (struct task){.scene = &scene, .waits = i < 4};
		pool_run(scene.pool, work, drop, &tasks[i]);
	}
	wait_inside(4);
	pool_free(scene.pool);
	scene.pool = NULL;
	let_go();
	wait_dropped(N_MANY);
	for (size_t i = 0; i < N_MANY; i++)
		assert_true(tasks[i].worked && tasks[i].dropped);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_work_is_elsewhere_and_its_end_is_on_the_loop),
	    TEST(test_threads_are_no_more_than_allowed_and_all_work_is_done),
	    TEST(test_what_waits_in_line_is_dropped_at_once),
	    TEST(test_others_stand_in_for_what_is_stuck),
	    TEST(test_what_is_at_work_is_dropped_when_it_ends),
	    TEST(test_what_has_ended_but_was_not_delivered_is_dropped),
	    TEST(test_a_pool_that_is_freed_waits_for_no_stuck_thread),
	    TEST(test_what_nobody_waits_for_is_done_all_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
