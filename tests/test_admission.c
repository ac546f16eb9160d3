/*
 * test_admission.c -- who may go on now: the fan-out, and logins per address.
 *
 * Room: tests.  May touch: engine/fleet/admission.h, engine/ssh/loop.h.
 */
#include "config.h"

#include "fleet/admission.h"
#include "ssh/loop.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>

#include <cmocka.h>

#define N 10

struct guest {
	struct ticket ticket;
	unsigned n_granted;
};

struct scene {
	struct loop *loop;
	struct admission *door;
	struct guest guests[N];
};

static struct scene scene;

static void
granted(void *arg)
{
	struct guest *g = arg;

	g->n_granted++;
}

static void
open_door(unsigned fanout, unsigned per_address)
{
	scene = (struct scene){
	    .loop = loop_new(NULL), .door = admission_new(fanout, per_address)};
	for (size_t i = 0; i < N; i++) {
		scene.guests[i].ticket.loop = scene.loop;
		scene.guests[i].ticket.granted = granted;
		scene.guests[i].ticket.arg = &scene.guests[i];
	}
}

static int
teardown(void **state)
{
	(void)state;
	for (size_t i = 0; i < N; i++)
		admission_leave(&scene.guests[i].ticket);
	admission_free(scene.door);
	loop_free(scene.loop);
	return 0;
}

/* Lets the loop tell who was let in. */
static void
turn(void)
{
	for (int i = 0; i < 3; i++)
		loop_turn(scene.loop, false);
}

static bool
enter(size_t i)
{
	return admission_enter(scene.door, &scene.guests[i].ticket);
}

static bool
log_in(size_t i, const char *address)
{
	return admission_enter_address(
	    scene.door, &scene.guests[i].ticket, address, 4);
}

static void
leave(size_t i)
{
	admission_leave(&scene.guests[i].ticket);
}

/* How often each guest was told, as digits. */
static void
assert_granted(const char *digits)
{
	turn();
	for (size_t i = 0; digits[i] != '\0'; i++)
		if (scene.guests[i].n_granted != (unsigned)(digits[i] - '0'))
			fail_msg("guest %zu was told %u times, not %c", i,
			    scene.guests[i].n_granted, digits[i]);
}

static void
test_who_does_not_fit_waits_for_a_place_in_order(void **state)
{
	(void)state;
	open_door(2, 1);
	assert_true(enter(0) && enter(1));
	assert_false(enter(2) || enter(3) || enter(4));
	assert_granted("00000");
	leave(1);
	assert_granted("00100");
	leave(0);
	leave(2);
	assert_granted("00111");
	/* Nobody waits: a free place is had at once. */
	leave(3);
	assert_true(enter(0));
}

static void
test_nobody_passes_who_is_in_line(void **state)
{
	(void)state;
	open_door(1, 1);
	assert_true(enter(0));
	assert_false(enter(1));
	leave(0);
	/* Guest 1 has the place though it was not told yet. */
	assert_false(enter(2));
	assert_granted("010");
}

static void
test_an_address_has_places_of_its_own(void **state)
{
	(void)state;
	open_door(100, 2);
	assert_true(log_in(0, "AAAA") && log_in(1, "AAAA"));
	assert_false(log_in(2, "AAAA"));
	assert_true(log_in(3, "BBBB"));
	leave(3);
	assert_granted("0000");
	leave(0);
	assert_granted("0010");
	leave(1);
	leave(2);
	/* The address is forgotten and comes anew. */
	assert_true(log_in(4, "AAAA") && log_in(5, "AAAA"));
	assert_false(log_in(6, "AAAA"));
}

static void
test_leaving_the_line_gives_no_place_away(void **state)
{
	(void)state;
	open_door(1, 1);
	assert_true(enter(0));
	assert_false(enter(1) || enter(2));
	leave(1);
	leave(1);
	leave(0);
	assert_granted("001");
	assert_false(enter(3));
}

static void
test_a_place_given_up_before_being_told_is_the_next_ones(void **state)
{
	(void)state;
	open_door(1, 1);
	assert_true(enter(0));
	assert_false(enter(1) || enter(2));
	leave(0);
	leave(1);
	assert_granted("001");
	leave(2);
	/* Given up and asked for again: told once. */
	assert_true(enter(0));
	assert_false(enter(1));
	leave(0);
	leave(1);
	assert_true(enter(1));
	assert_granted("001");
}

static void
test_while_paused_nobody_enters(void **state)
{
	(void)state;
	open_door(2, 1);
	assert_true(enter(0));
	admission_pause(scene.door, true);
	assert_false(enter(1));
	leave(0);
	assert_granted("00");
	/* Those who are in go on to log in. */
	assert_true(log_in(5, "AAAA"));
	admission_pause(scene.door, false);
	assert_granted("01");
}

static void
test_the_fan_out_grows_and_shrinks(void **state)
{
	(void)state;
	open_door(1, 1);
	assert_true(enter(0));
	assert_false(enter(1) || enter(2) || enter(3) || enter(4));
	admission_set_fanout(scene.door, 3);
	assert_granted("01100");
	admission_set_fanout(scene.door, 1);
	leave(0);
	leave(1);
	assert_granted("01100");
	leave(2);
	assert_granted("01110");
	leave(3);
	assert_granted("01111");
}

static void
test_leaving_without_a_claim_is_harmless(void **state)
{
	(void)state;
	open_door(1, 1);
	leave(0);
	assert_true(enter(0));
	leave(0);
	leave(0);
	assert_true(enter(1));
	assert_false(enter(0));
}

/* ---- many threads ---- */

#define N_THREADS 4
#define N_GUESTS 16 /* a thread */
#define N_VISITS 200
#define FANOUT 5

struct crowd {
	struct admission *door;
	atomic_int n_inside, n_max;
};

struct visitor {
	struct ticket ticket;
	struct thread *thread;
	unsigned n_visits;
};

struct thread {
	struct crowd *crowd;
	struct loop *loop;
	pthread_t id;
	struct visitor visitors[N_GUESTS];
	size_t n_left;
};

static void visit(void *arg);

static void
depart(void *arg)
{
	struct visitor *v = arg;

	atomic_fetch_sub(&v->thread->crowd->n_inside, 1);
	admission_leave(&v->ticket);
	if (++v->n_visits < N_VISITS)
		visit(v);
	else if (--v->thread->n_left == 0)
		loop_stop(v->thread->loop);
}

static void
come_in(void *arg)
{
	struct visitor *v = arg;
	struct crowd *c = v->thread->crowd;
	int n = atomic_fetch_add(&c->n_inside, 1) + 1, max;

	max = atomic_load(&c->n_max);
	while (n > max && !atomic_compare_exchange_weak(&c->n_max, &max, n))
		;
	loop_later(v->thread->loop, depart, v);
}

static void
visit(void *arg)
{
	struct visitor *v = arg;

	/* Now and then one changes its mind. */
	if (v->n_visits % 7 == 3) {
		if (!admission_enter(v->thread->crowd->door, &v->ticket))
			v->n_visits++;
		admission_leave(&v->ticket);
	}
	if (admission_enter(v->thread->crowd->door, &v->ticket))
		come_in(v);
}

static void *
run_thread(void *arg)
{
	struct thread *t = arg;

	for (size_t i = 0; i < N_GUESTS; i++)
		loop_later(t->loop, visit, &t->visitors[i]);
	loop_run(t->loop);
	return NULL;
}

static void
start_thread(struct thread *t, struct crowd *crowd)
{
	t->crowd = crowd;
	t->loop = loop_new(NULL);
	t->n_left = N_GUESTS;
	for (size_t i = 0; i < N_GUESTS; i++) {
		t->visitors[i] = (struct visitor){.thread = t};
		t->visitors[i].ticket.loop = t->loop;
		t->visitors[i].ticket.granted = come_in;
		t->visitors[i].ticket.arg = &t->visitors[i];
	}
	assert_int_equal(pthread_create(&t->id, NULL, run_thread, t), 0);
}

static void
test_many_threads_never_are_too_many_and_all_get_through(void **state)
{
	static struct thread threads[N_THREADS];
	struct crowd crowd = {.door = admission_new(FANOUT, 1)};

	(void)state;
	for (size_t i = 0; i < N_THREADS; i++)
		start_thread(&threads[i], &crowd);
	for (int i = 0; i < 100; i++)
		admission_pause(crowd.door, i % 2 == 0);
	for (size_t i = 0; i < N_THREADS; i++)
		assert_int_equal(pthread_join(threads[i].id, NULL), 0);
	for (size_t i = 0; i < N_THREADS; i++)
		loop_free(threads[i].loop);
	assert_int_equal(crowd.n_inside, 0);
	assert_true(crowd.n_max >= 1 && crowd.n_max <= FANOUT);
	admission_free(crowd.door);
}

#define TEST(fn) cmocka_unit_test_teardown(fn, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_who_does_not_fit_waits_for_a_place_in_order),
	    TEST(test_nobody_passes_who_is_in_line),
	    TEST(test_an_address_has_places_of_its_own),
	    TEST(test_leaving_the_line_gives_no_place_away),
	    TEST(test_a_place_given_up_before_being_told_is_the_next_ones),
	    TEST(test_while_paused_nobody_enters),
	    TEST(test_the_fan_out_grows_and_shrinks),
	    TEST(test_leaving_without_a_claim_is_harmless),
	    cmocka_unit_test(
		test_many_threads_never_are_too_many_and_all_get_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
