/*
 * test_queue.c -- events on their way from the workers to the front end.
 *
 * Room: tests.  May touch: engine/fleet/queue.h.
 */
#include "config.h"

#include "fleet/queue.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define N_WORKERS 4
#define N_EVENTS 5000

static bool
is_readable(const struct queue *q)
{
	struct pollfd p = {.fd = queue_fd(q), .events = POLLIN};

	return poll(&p, 1, 0) == 1;
}

static struct queue *
new_queue(void)
{
	struct queue *q = queue_new(NULL);

	assert_non_null(q);
	return q;
}

static void
put(struct queue *q, struct parcel *p)
{
	struct parcels batch = STAILQ_HEAD_INITIALIZER(batch);

	STAILQ_INSERT_TAIL(&batch, p, entry);
	queue_put(q, &batch);
	assert_true(STAILQ_EMPTY(&batch));
}

static void
put_number(struct queue *q, size_t n)
{
	struct parcel *p = parcel_new(MUSTER_EVENT_STATE, NULL);

	p->event.host = n;
	put(q, p);
}

static void
test_events_come_out_in_the_order_of_their_batches(void **state)
{
	struct parcels batch = STAILQ_HEAD_INITIALIZER(batch);
	struct queue *q = new_queue();
	struct parcel *p;

	(void)state;
	assert_null(queue_take(q));
	for (size_t i = 0; i < 10; i++) {
		p = parcel_new(MUSTER_EVENT_STATE, NULL);
		p->event.host = i;
		STAILQ_INSERT_TAIL(&batch, p, entry);
	}
	queue_put(q, &batch);
	assert_true(STAILQ_EMPTY(&batch));
	put_number(q, 10);
	for (size_t i = 0; i < 11; i++) {
		p = queue_take(q);
		assert_non_null(p);
		assert_int_equal(p->event.host, i);
		queue_release(q, p);
		/* What comes while the front is at work comes after. */
		if (i == 0)
			put_number(q, 11);
	}
	p = queue_take(q);
	assert_int_equal(p->event.host, 11);
	queue_release(q, p);
	assert_null(queue_take(q));
	queue_free(q);
}

static void
test_output_counts_from_its_making_to_its_release(void **state)
{
	struct queue *q = new_queue();
	atomic_size_t host = 0, other = 0;
	char bytes[100];
	struct parcel *a, *b;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	a = parcel_output(q, &host, bytes, 100);
	b = parcel_output(q, &other, bytes, 7);
	assert_int_equal(queue_bytes(q), 2 * sizeof(*a) + 107);
	assert_int_equal(host, sizeof(*a) + 100);
	put(q, a);
	put(q, b);
	memset(bytes, 'y', sizeof(bytes));
	a = queue_take(q);
	assert_int_equal(queue_bytes(q), 2 * sizeof(*a) + 107);
	assert_int_equal(a->event.type, MUSTER_EVENT_OUTPUT);
	assert_int_equal(a->event.len, 100);
	assert_int_equal(((const char *)a->event.data)[99], 'x');
	queue_release(q, a);
	assert_int_equal(queue_bytes(q), sizeof(*b) + 7);
	assert_int_equal(host, 0);
	assert_int_equal(other, sizeof(*b) + 7);
	queue_release(q, queue_take(q));
	assert_int_equal(queue_bytes(q), 0);
	queue_free(q);
}

static void
test_the_descriptor_is_readable_while_events_wait(void **state)
{
	struct queue *q = new_queue();

	(void)state;
	for (int round = 0; round < 3; round++) {
		assert_false(is_readable(q));
		for (size_t i = 0; i < 3; i++)
			put_number(q, i);
		for (size_t i = 0; i < 3; i++) {
			assert_true(is_readable(q));
			queue_release(q, queue_take(q));
		}
		assert_null(queue_take(q));
	}
	assert_false(is_readable(q));
	queue_free(q);
}

static void
test_a_parcel_owns_its_text_and_its_result(void **state)
{
	struct queue *q = new_queue();
	char text[] = "note";
	struct parcel *p = parcel_new(MUSTER_EVENT_NOTE, text);

	(void)state;
	text[0] = 'X';
	assert_string_equal(p->event.text, "note");
	put(q, p);
	p = parcel_new(MUSTER_EVENT_RESULT, NULL);
	assert_ptr_equal(p->event.result, &p->result);
	assert_null(p->event.text);
	put(q, p);
	/* What was never taken is freed with the queue. */
	queue_free(q);
}

struct sender {
	struct queue *q;
	size_t first;
	atomic_size_t bytes;
};

static void *
send_all(void *arg)
{
	struct sender *s = arg;

	for (size_t i = 0; i < N_EVENTS; i++) {
		struct parcel *p =
		    parcel_output(s->q, &s->bytes, &i, sizeof(i));

		p->event.host = s->first;
		put(s->q, p);
	}
	return NULL;
}

static void
test_many_workers_and_one_front_lose_nothing(void **state)
{
	struct sender senders[N_WORKERS];
	size_t next[N_WORKERS] = {0}, value, n = 0;
	pthread_t threads[N_WORKERS];
	struct queue *q = new_queue();

	(void)state;
	for (size_t i = 0; i < N_WORKERS; i++) {
		senders[i].q = q;
		senders[i].first = i;
		atomic_init(&senders[i].bytes, 0);
		assert_int_equal(
		    pthread_create(&threads[i], NULL, send_all, &senders[i]),
		    0);
	}
	while (n < (size_t)N_WORKERS * N_EVENTS) {
		struct pollfd fd = {.fd = queue_fd(q), .events = POLLIN};
		struct parcel *p = queue_take(q);

		if (p == NULL) {
			assert_int_equal(poll(&fd, 1, 10000), 1);
			continue;
		}
		memcpy(&value, p->event.data, sizeof(value));
		assert_int_equal(value, next[p->event.host]++);
		queue_release(q, p);
		n++;
	}
	for (size_t i = 0; i < N_WORKERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(senders[i].bytes, 0);
	}
	assert_int_equal(queue_bytes(q), 0);
	queue_free(q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_events_come_out_in_the_order_of_their_batches),
	    cmocka_unit_test(test_output_counts_from_its_making_to_its_release),
	    cmocka_unit_test(test_the_descriptor_is_readable_while_events_wait),
	    cmocka_unit_test(test_a_parcel_owns_its_text_and_its_result),
	    cmocka_unit_test(test_many_workers_and_one_front_lose_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
