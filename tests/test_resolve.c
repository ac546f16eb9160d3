/*
 * test_resolve.c -- names to addresses, as the system's own programs do it.
 *
 * Room: tests.  May touch: engine/ssh/resolve.h, pool.h, loop.h.
 */
#include "config.h"

#include "base/mem.h"
#include "ssh/loop.h"
#include "ssh/pool.h"
#include "ssh/resolve.h"

#include <netdb.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct scene {
	struct loop *loop;
	struct pool *pool;
	struct resolve_answer answer;
	unsigned n_answers;
};

static struct scene scene;

static int
setup(void **state)
{
	(void)state;
	scene = (struct scene){.loop = loop_new(NULL), .pool = pool_new(2)};
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

/* Something for the next round to do: this one shall not wait. */
static void
nothing(void *arg)
{
	(void)arg;
}

static void
on_answer(void *arg, const struct resolve_answer *answer)
{
	assert_ptr_equal(arg, &scene);
	scene.answer = *answer;
	scene.n_answers++;
	loop_later(scene.loop, nothing, NULL);
}

static struct resolve *
ask(const char *name, int family)
{
	const struct resolve_question question = {name, 2222, family};

	scene.n_answers = 0;
	return resolve_start(
	    scene.pool, scene.loop, &question, on_answer, &scene);
}

static const struct resolve_answer *
look_up(const char *name, int family)
{
	(void)ask(name, family);
	assert_int_equal(scene.n_answers, 0);
	while (scene.n_answers == 0)
		loop_turn(scene.loop, true);
	return &scene.answer;
}

static void
assert_address(const char *expected)
{
	char text[ADDRESS_TEXT_MAX];

	assert_int_equal(scene.answer.outcome, MUSTER_PENDING);
	assert_true(scene.answer.n > 0);
	address_text(&scene.answer.addresses[0], text);
	assert_string_equal(text, expected);
}

static void
test_a_numeric_address_needs_no_thread(void **state)
{
	static const char *const names[] = {
	    "127.0.0.1", "192.0.2.77", "::1", "2001:db8::2"};
	const struct sockaddr_in *in;

	(void)state;
	/* A pool that could not start one. */
	pool_free(scene.pool);
	scene.pool = NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		(void)look_up(names[i], AF_UNSPEC);
		assert_address(names[i]);
		assert_int_equal(scene.answer.n, 1);
	}
	(void)look_up("127.0.0.1", AF_INET);
	in = (const struct sockaddr_in *)&scene.answer.addresses[0].sa;
	assert_int_equal(ntohs(in->sin_port), 2222);
	assert_int_equal(scene.answer.addresses[0].len, sizeof(*in));
}

static void
test_a_name_is_looked_up_as_the_system_does(void **state)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	size_t n = 0;

	(void)state;
	assert_int_equal(getaddrinfo("localhost", "2222", &hints, &list), 0);
	(void)look_up("localhost", AF_UNSPEC);
	assert_int_equal(scene.answer.outcome, MUSTER_PENDING);
	for (const struct addrinfo *a = list; a != NULL; a = a->ai_next, n++) {
		assert_int_equal(scene.answer.addresses[n].len, a->ai_addrlen);
		assert_memory_equal(
		    &scene.answer.addresses[n].sa, a->ai_addr, a->ai_addrlen);
	}
	assert_int_equal(scene.answer.n, n);
	freeaddrinfo(list);
}

static void
test_nonsense_is_no_address(void **state)
{
	char *label = mem_new(70), *longest = mem_new(2001);
	const char *names[] = {"no-such-host.invalid", "", "..", "a..b", "-",
	    "host name", "1.2.3.4.5", "300.1.2.3.4", "[::1]", ":::", "\xff\xfe",
	    label, longest};

	(void)state;
	memset(label, 'x', 69);
	memset(longest, 'y', 2000);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct resolve_answer *a = look_up(names[i], AF_UNSPEC);

		if (a->outcome == MUSTER_PENDING)
			fail_msg("'%s' has an address", names[i]);
		assert_int_equal(
		    muster_outcome_family(a->outcome), MUSTER_FAMILY_NOT_RUN);
		assert_true(a->text[0] != '\0');
		assert_int_equal(a->n, 0);
	}
	free(label);
	free(longest);
}

static void
test_the_family_is_kept_to(void **state)
{
	(void)state;
	(void)look_up("127.0.0.1", AF_INET6);
	assert_int_not_equal(scene.answer.outcome, MUSTER_PENDING);
	(void)look_up("localhost", AF_INET);
	for (size_t i = 0; i < scene.answer.n; i++)
		assert_int_equal(
		    scene.answer.addresses[i].sa.ss_family, AF_INET);
}

static void
test_after_cancelling_no_answer_comes(void **state)
{
	(void)state;
	resolve_cancel(ask("127.0.0.1", AF_UNSPEC));
	loop_turn(scene.loop, false);
	loop_turn(scene.loop, false);
	assert_int_equal(scene.n_answers, 0);
	for (int i = 0; i < 50; i++)
		resolve_cancel(ask("localhost", AF_UNSPEC));
	/* One more behind them, so that they all have had their turn. */
	(void)look_up("localhost", AF_UNSPEC);
	assert_int_equal(scene.n_answers, 1);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_a_numeric_address_needs_no_thread),
	    TEST(test_a_name_is_looked_up_as_the_system_does),
	    TEST(test_nonsense_is_no_address),
	    TEST(test_the_family_is_kept_to),
	    TEST(test_after_cancelling_no_answer_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
