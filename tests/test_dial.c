/*
 * test_dial.c -- a TCP connection to the first address that answers.
 *
 * Room: tests.  May touch: engine/ssh/dial.h, resolve.h, loop.h.
 * An address that says nothing is a socket whose queue of connections is
 * full: the kernel then drops what knocks.
 */
#include "config.h"

#include "base/clock.h"
#include "ssh/dial.h"
#include "ssh/loop.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define N_FDS 16

struct scene {
	struct loop *loop;
	struct dial *dial;
	struct dial_answer answer;
	struct address address; /* of the answer */
	unsigned n_answers;
	int64_t took_us;
	int fds[N_FDS]; /* held until the end of the test */
	size_t n_fds, n_open;
};

static struct scene scene;

/* Descriptors of this process. */
static size_t
count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	if (dir == NULL)
		return 0;
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n;
}

static int
setup(void **state)
{
	(void)state;
	scene = (struct scene){.loop = loop_new(NULL)};
	scene.n_open = count_fds();
	return scene.loop == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	for (int i = 0; i < 3; i++)
		loop_turn(scene.loop, false);
	for (size_t i = 0; i < scene.n_fds; i++)
		(void)close(scene.fds[i]);
	/* Whatever was tried in vain is closed. */
	assert_int_equal(count_fds(), scene.n_open);
	loop_free(scene.loop);
	return 0;
}

static int
hold(int fd)
{
	assert_true(fd >= 0 && scene.n_fds < N_FDS);
	scene.fds[scene.n_fds++] = fd;
	return fd;
}

/* An address of loopback with a port nobody uses. Returns its socket, which
 * does not listen yet. */
static int
take_address(const char *ip, struct address *a)
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	struct sockaddr_in in = {.sin_family = AF_INET};
	bool six = strchr(ip, ':') != NULL;
	int fd = socket(six ? AF_INET6 : AF_INET,
	    SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	memset(a, 0, sizeof(*a));
	if (six) {
		assert_int_equal(inet_pton(AF_INET6, ip, &in6.sin6_addr), 1);
		memcpy(&a->sa, &in6, sizeof(in6));
		a->len = sizeof(in6);
	} else {
		assert_int_equal(inet_pton(AF_INET, ip, &in.sin_addr), 1);
		memcpy(&a->sa, &in, sizeof(in));
		a->len = sizeof(in);
	}
	if (fd < 0 || bind(fd, (struct sockaddr *)&a->sa, a->len) != 0) {
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	assert_int_equal(
	    getsockname(fd, (struct sockaddr *)&a->sa, &a->len), 0);
	return hold(fd);
}

static int
listening(const char *ip, struct address *a)
{
	int fd = take_address(ip, a);

	if (fd >= 0)
		assert_int_equal(listen(fd, 8), 0);
	return fd;
}

static void
refusing(const char *ip, struct address *a)
{
	assert_true(take_address(ip, a) >= 0);
}

static void
silent(const char *ip, struct address *a)
{
	struct pollfd p = {.events = POLLOUT};

	assert_int_equal(listen(take_address(ip, a), 0), 0);
	do {
		p.fd = hold(socket(
		    AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
		(void)connect(p.fd, (struct sockaddr *)&a->sa, a->len);
	} while (poll(&p, 1, 50) == 1);
}

static void
nothing(void *arg)
{
	(void)arg;
}

static void
on_answer(void *arg, const struct dial_answer *answer)
{
	assert_ptr_equal(arg, &scene);
	scene.answer = *answer;
	scene.address = *answer->address;
	scene.n_answers++;
	if (answer->fd >= 0)
		(void)hold(answer->fd);
	loop_later(scene.loop, nothing, NULL);
}

static struct dial *
start(const struct address *list, size_t n)
{
	const struct dial_request request = {.addresses = list, .n = n};

	return dial_start(scene.loop, &request, on_answer, &scene);
}

static void
dial(const struct address *list, size_t n)
{
	int64_t begun = clock_now_us();

	scene.n_answers = 0;
	scene.dial = start(list, n);
	assert_int_equal(scene.n_answers, 0);
	while (scene.n_answers == 0)
		loop_turn(scene.loop, true);
	scene.took_us = clock_now_us() - begun;
	loop_turn(scene.loop, false);
	assert_int_equal(scene.n_answers, 1);
}

static void
assert_connected_to(const struct address *to)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof(sa);

	assert_int_equal(scene.answer.outcome, MUSTER_PENDING);
	assert_true(fcntl(scene.answer.fd, F_GETFL) & O_NONBLOCK);
	assert_true(fcntl(scene.answer.fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(
	    getpeername(scene.answer.fd, (struct sockaddr *)&sa, &len), 0);
	assert_memory_equal(&sa, &to->sa, to->len);
	assert_memory_equal(&scene.address.sa, &to->sa, to->len);
}

static void
test_one_address_that_listens(void **state)
{
	struct address a;

	(void)state;
	assert_true(listening("127.0.0.1", &a) >= 0);
	dial(&a, 1);
	assert_connected_to(&a);
	assert_true(scene.took_us < DIAL_STAGGER_MS * 1000);
}

static void
test_a_silent_address_delays_by_a_quarter_of_a_second(void **state)
{
	struct address a[3];

	(void)state;
	silent("127.0.0.9", &a[0]);
	assert_true(listening("127.0.0.10", &a[1]) >= 0);
	assert_true(listening("127.0.0.11", &a[2]) >= 0);
	dial(a, 3);
	assert_connected_to(&a[1]);
	assert_true(scene.took_us >= (DIAL_STAGGER_MS - 5) * 1000);
	assert_true(scene.took_us < 1000000);
}

static void
test_a_refusal_is_followed_at_once_by_the_next(void **state)
{
	struct address a[4];

	(void)state;
	refusing("127.0.0.9", &a[0]);
	refusing("127.0.0.10", &a[1]);
	refusing("127.0.0.11", &a[2]);
	assert_true(listening("127.0.0.12", &a[3]) >= 0);
	dial(a, 4);
	assert_connected_to(&a[3]);
	assert_true(scene.took_us < DIAL_STAGGER_MS * 1000);
}

static void
test_when_all_fail_the_last_reason_is_told(void **state)
{
	struct address a[2];

	(void)state;
	refusing("127.0.0.9", &a[0]);
	refusing("127.0.0.10", &a[1]);
	dial(a, 2);
	assert_int_equal(scene.answer.outcome, MUSTER_CONN_REFUSED);
	assert_int_equal(scene.answer.errnum, ECONNREFUSED);
	assert_int_equal(scene.answer.fd, -1);
	assert_memory_equal(&scene.address.sa, &a[1].sa, a[1].len);
}

static void
test_an_address_beyond_reach_is_told_so(void **state)
{
	struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = 1};
	struct address a = {.len = sizeof(in)};

	(void)state;
	/* A broadcast address: the kernel refuses it unasked. */
	in.sin_addr.s_addr = INADDR_BROADCAST;
	memcpy(&a.sa, &in, sizeof(in));
	dial(&a, 1);
	assert_int_equal(scene.answer.outcome, MUSTER_CONN_UNREACH);
	assert_int_equal(
	    muster_outcome_family(scene.answer.outcome), MUSTER_FAMILY_NOT_RUN);
}

static void
test_families_take_turns(void **state)
{
	struct address a[3];

	(void)state;
	refusing("127.0.0.9", &a[0]);
	assert_true(listening("127.0.0.10", &a[1]) >= 0);
	if (listening("::1", &a[2]) < 0)
		skip();
	dial(a, 3);
	assert_connected_to(&a[2]);
}

static void
test_the_first_family_is_that_of_the_first_address(void **state)
{
	struct address a[3];

	(void)state;
	if (listening("::1", &a[0]) < 0)
		skip();
	assert_true(listening("127.0.0.9", &a[1]) >= 0);
	assert_true(listening("::1", &a[2]) >= 0);
	dial(a, 3);
	assert_connected_to(&a[0]);
}

/* In the round in which the connection was begun. */
static void
cancel(void *arg)
{
	(void)arg;
	dial_cancel(scene.dial);
}

static void
test_after_cancelling_no_answer_comes(void **state)
{
	struct address a[2];

	(void)state;
	silent("127.0.0.9", &a[0]);
	assert_true(listening("127.0.0.10", &a[1]) >= 0);
	/* Before its first step, with one attempt under way, and with an
	 * answer in sight. */
	dial_cancel(start(a, 2));
	loop_turn(scene.loop, false);
	scene.dial = start(a, 2);
	loop_turn(scene.loop, false);
	dial_cancel(scene.dial);
	scene.dial = start(a + 1, 1);
	loop_later(scene.loop, cancel, NULL);
	for (int i = 0; i < 3; i++)
		loop_turn(scene.loop, false);
	assert_int_equal(scene.n_answers, 0);
}

static void
test_sockets_do_not_wait_to_fill_packets(void **state)
{
	struct address a;
	socklen_t len = sizeof(int);
	int on = 0;

	(void)state;
	assert_true(listening("127.0.0.1", &a) >= 0);
	dial(&a, 1);
	dial_tune(scene.answer.fd, true, 45000);
	assert_int_equal(
	    getsockopt(scene.answer.fd, IPPROTO_TCP, TCP_NODELAY, &on, &len),
	    0);
	assert_int_equal(on, 1);
	assert_int_equal(
	    getsockopt(scene.answer.fd, SOL_SOCKET, SO_KEEPALIVE, &on, &len),
	    0);
	assert_int_equal(on, 1);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_one_address_that_listens),
	    TEST(test_a_silent_address_delays_by_a_quarter_of_a_second),
	    TEST(test_a_refusal_is_followed_at_once_by_the_next),
	    TEST(test_when_all_fail_the_last_reason_is_told),
	    TEST(test_an_address_beyond_reach_is_told_so),
	    TEST(test_families_take_turns),
	    TEST(test_the_first_family_is_that_of_the_first_address),
	    TEST(test_after_cancelling_no_answer_comes),
	    TEST(test_sockets_do_not_wait_to_fill_packets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
