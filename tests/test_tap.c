/*
 * test_tap.c -- the bytes between a socket and libssh2.
 *
 * Room: tests.  May touch: engine/ssh/tap.h.
 */
#include "config.h"

#include "base/mem.h"
#include "ssh/tap.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define BANNER "SSH-2.0-OpenSSH_9.2"

static void
push(struct tap *t, const char *text)
{
	tap_push(t, text, strlen(text));
}

/* Reads all that the tap serves, in as many steps as it takes. */
static size_t
serve(struct tap *t, char *to, size_t size)
{
	size_t n = 0;

	for (;;) {
		ssize_t got;

		tap_grant(t);
		got = tap_recv(t, to + n, size - n);
		if (got <= 0)
			return n;
		n += (size_t)got;
	}
}

static void
test_a_banner_is_found_wherever_it_is_split(void **state)
{
	static const char *const streams[] = {
	    BANNER "\r\nafter",
	    BANNER "\nafter",
	    "one\r\ntwo\n" BANNER "\r\nafter",
	    "\r\n\n" BANNER "\r\nafter",
	};
	static const char *const before[] = {"", "", "one\ntwo\n", "\n\n"};

	(void)state;
	for (size_t i = 0; i < sizeof(streams) / sizeof(streams[0]); i++) {
		size_t len = strlen(streams[i]);

		for (size_t at = 0; at <= len; at++) {
			char got[64] = "";
			struct tap t;

			tap_init(&t);
			tap_push(&t, streams[i], at);
			tap_push(&t, streams[i] + at, len - at);
			assert_int_equal(t.banner, TAP_BANNER_OK);
			assert_string_equal(t.software, BANNER);
			assert_string_equal(t.before, before[i]);
			assert_int_equal(t.n_in, len);
			(void)serve(&t, got, sizeof(got) - 1);
			assert_memory_equal(got, BANNER, strlen(BANNER));
			assert_string_equal(strchr(got, '\n'), "\nafter");
			tap_clear(&t);
		}
	}
}

static void
test_a_banner_may_come_byte_by_byte(void **state)
{
	static const char stream[] = "hello\r\n" BANNER "\r\nXYZ";
	char got[64] = "";
	struct tap t;

	(void)state;
	tap_init(&t);
	for (size_t i = 0; i < sizeof(stream) - 1; i++) {
		assert_int_equal(t.banner,
		    i < sizeof(stream) - 4 ? TAP_BANNER_WAIT : TAP_BANNER_OK);
		tap_push(&t, stream + i, 1);
	}
	(void)serve(&t, got, sizeof(got) - 1);
	assert_string_equal(strchr(got, '\n'), "\nXYZ");
	tap_clear(&t);
}

static void
test_each_greeting_is_told_apart(void **state)
{
	static const struct {
		const char *text;
		enum tap_banner banner;
	} cases[] = {
	    {"", TAP_BANNER_WAIT},
	    {"SSH-2.0-x", TAP_BANNER_WAIT},
	    {"SSH-2.0-x\n", TAP_BANNER_OK},
	    {"SSH-2.0-\n", TAP_BANNER_OK},
	    {"SSH-1.99-x\r\n", TAP_BANNER_OK},
	    {"SSH-1.5-x\r\n", TAP_BANNER_SSH1},
	    {"SSH-1.5-x\n" BANNER "\n", TAP_BANNER_SSH1},
	    {"SSH-3.0-x\n", TAP_BANNER_SSH1},
	    {"HTTP/1.1 400 Bad Request\r\n", TAP_BANNER_NOT_SSH},
	    {"220 mail ESMTP\r\n", TAP_BANNER_NOT_SSH},
	    {"220-mail ESMTP\r\n", TAP_BANNER_NOT_SSH},
	    {"* OK IMAP4\r\n", TAP_BANNER_NOT_SSH},
	    {"+OK POP3\r\n", TAP_BANNER_NOT_SSH},
	    {"RFB 003.008\n", TAP_BANNER_NOT_SSH},
	    {"ssh-2.0-x\n", TAP_BANNER_WAIT},
	    {" SSH-2.0-x\n", TAP_BANNER_WAIT},
	    {"Exceeded MaxStartups\r\n", TAP_BANNER_WAIT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct tap t;

		tap_init(&t);
		push(&t, cases[i].text);
		if (t.banner != cases[i].banner)
			fail_msg("'%s' is %d", cases[i].text, (int)t.banner);
		tap_clear(&t);
	}
}

static void
test_a_nul_is_not_ssh(void **state)
{
	struct tap t;

	(void)state;
	tap_init(&t);
	tap_push(&t, "\x15\x03\x01\x00\x02", 5);
	assert_int_equal(t.banner, TAP_BANNER_NOT_SSH);
	tap_clear(&t);
	tap_init(&t);
	tap_push(&t, "SSH-2.0-a\0b\r\n", 13);
	assert_int_equal(t.banner, TAP_BANNER_NOT_SSH);
	tap_clear(&t);
}

/* A banner of `len` characters and an end of line. */
static enum tap_banner
judge_banner(size_t len, const char *end, size_t *served)
{
	char *text = mem_new(len + 3), *got = mem_new(len + 3);
	enum tap_banner banner;
	struct tap t;

	memset(text, 'x', len);
	memcpy(text, "SSH-2.0-", 8);
	memcpy(text + len, end, strlen(end));
	tap_init(&t);
	push(&t, text);
	banner = t.banner;
	*served = serve(&t, got, len + 3);
	if (banner == TAP_BANNER_OK) {
		assert_memory_equal(got, text, len);
		assert_int_equal(strlen(t.software), len);
	} else {
		assert_int_equal(*served, 0);
	}
	tap_clear(&t);
	free(text);
	free(got);
	return banner;
}

static void
test_a_banner_may_be_255_bytes_long(void **state)
{
	size_t n;

	(void)state;
	assert_int_equal(judge_banner(253, "\r\n", &n), TAP_BANNER_OK);
	assert_int_equal(judge_banner(255, "\r\n", &n), TAP_BANNER_OK);
	/* libssh2 reads 256 bytes of it and no more. */
	assert_true(n <= 256);
	assert_int_equal(judge_banner(255, "\n", &n), TAP_BANNER_OK);
	assert_true(n <= 256);
	assert_int_equal(judge_banner(256, "\n", &n), TAP_BANNER_NOT_SSH);
	assert_int_equal(judge_banner(256, "\r\n", &n), TAP_BANNER_NOT_SSH);
	assert_int_equal(judge_banner(5000, "\r\n", &n), TAP_BANNER_NOT_SSH);
	assert_int_equal(judge_banner(5000, "", &n), TAP_BANNER_NOT_SSH);
}

static void
test_endless_lines_go_over_the_ceiling(void **state)
{
	static const char line[] = "a line before the banner\r\n";
	size_t n = 0;
	struct tap t;

	(void)state;
	tap_init(&t);
	while (!tap_is_over(&t)) {
		assert_true(n <= LIMIT_PREAUTH_BYTES);
		push(&t, line);
		n += sizeof(line) - 1;
	}
	assert_int_equal(t.banner, TAP_BANNER_WAIT);
	assert_true(n > LIMIT_PREAUTH_BYTES);
	assert_int_equal(t.rx.len, 0);
	assert_true(strlen(t.before) == LIMIT_PREBANNER_KEPT);
	tap_clear(&t);
}

static void
test_the_ceiling_ends_with_the_login(void **state)
{
	char *block = mem_new(64 * 1024);
	struct tap t;

	(void)state;
	tap_init(&t);
	push(&t, BANNER "\r\n");
	t.early = false;
	for (int i = 0; i < 16; i++)
		tap_push(&t, block, 64 * 1024);
	assert_false(tap_is_over(&t));
	/* Nobody may send more ahead than a session may hold. */
	for (int i = 0; i < 64; i++)
		tap_push(&t, block, 64 * 1024);
	assert_true(tap_is_over(&t));
	assert_true(t.rx.len <= LIMIT_SESSION_BYTES);
	tap_clear(&t);
	free(block);
}

static void
test_a_step_is_served_its_share(void **state)
{
	size_t size = 3 * LIMIT_RECV_BYTES_PER_CALL;
	char *block = mem_new(size);
	struct tap t;

	(void)state;
	tap_init(&t);
	push(&t, BANNER "\r\n");
	tap_push(&t, block, size);
	assert_int_equal(tap_recv(&t, block, size), -EAGAIN);
	tap_grant(&t);
	assert_int_equal(tap_recv(&t, block, 100), 100);
	assert_int_equal(
	    tap_recv(&t, block, size), LIMIT_RECV_BYTES_PER_CALL - 100);
	assert_int_equal(tap_recv(&t, block, size), -EAGAIN);
	assert_true(tap_has_more(&t));
	tap_grant(&t);
	assert_int_equal(tap_recv(&t, block, size), LIMIT_RECV_BYTES_PER_CALL);
	tap_clear(&t);
	free(block);
}

static void
test_the_end_comes_after_the_last_byte(void **state)
{
	struct tap t;
	char got[64];

	(void)state;
	tap_init(&t);
	push(&t, BANNER "\r\n");
	t.eof = true;
	/* No budget: the bytes are still there. */
	assert_int_equal(tap_recv(&t, got, sizeof(got)), -EAGAIN);
	tap_grant(&t);
	assert_true(tap_recv(&t, got, sizeof(got)) > 0);
	assert_int_equal(tap_recv(&t, got, sizeof(got)), 0);
	tap_clear(&t);
}

static void
test_a_gate_holds_reads_back(void **state)
{
	struct tap t;
	char got[64];

	(void)state;
	tap_init(&t);
	push(&t, BANNER "\r\n");
	tap_grant(&t);
	t.gated = true;
	assert_int_equal(tap_recv(&t, got, sizeof(got)), -EAGAIN);
	assert_false(tap_has_more(&t));
	assert_int_equal(tap_send(&t, "ab", 2), 2);
	t.gated = false;
	assert_true(tap_has_more(&t));
	assert_true(tap_recv(&t, got, sizeof(got)) > 0);
	tap_clear(&t);
}

static void
test_dead_ends_reads_and_fails_writes(void **state)
{
	struct tap t;
	char got[64];

	(void)state;
	tap_init(&t);
	push(&t, BANNER "\r\n");
	tap_grant(&t);
	t.dead = true;
	assert_int_equal(tap_recv(&t, got, sizeof(got)), 0);
	assert_true(tap_send(&t, "ab", 2) < 0);
	assert_false(tap_has_more(&t));
	assert_int_equal(t.tx.len, 0);
	tap_clear(&t);
}

static void
test_writes_are_taken_whole_until_the_ceiling(void **state)
{
	size_t size = 64 * 1024, n = 0;
	char *block = mem_new(size);
	struct tap t;
	ssize_t done;

	(void)state;
	tap_init(&t);
	while ((done = tap_send(&t, block, size)) > 0) {
		assert_int_equal(done, size);
		n += size;
		assert_int_equal(tap_is_over(&t), n > LIMIT_SEND_BYTES);
		assert_true(n <= LIMIT_SEND_BYTES + LIMIT_SEND_HIGH_BYTES);
	}
	assert_true(done == -ECONNRESET && tap_is_over(&t));
	tap_clear(&t);
	free(block);
}

static void
test_bytes_come_from_and_go_to_a_descriptor(void **state)
{
	uint8_t scratch[8];
	char got[64] = "";
	struct tap t;
	int fds[2];

	(void)state;
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	tap_init(&t);
	assert_false(tap_fill(&t, fds[0], scratch, sizeof(scratch)));
	assert_false(t.eof);
	assert_int_equal(write(fds[1], BANNER "\r\n", 21), 21);
	while (tap_fill(&t, fds[0], scratch, sizeof(scratch)))
		;
	assert_false(t.eof);
	assert_int_equal(t.banner, TAP_BANNER_OK);
	assert_int_equal(tap_send(&t, "hello", 5), 5);
	assert_true(tap_flush(&t, fds[0]));
	assert_int_equal(t.n_out, 5);
	assert_int_equal(read(fds[1], got, sizeof(got)), 5);
	assert_memory_equal(got, "hello", 5);
	assert_int_equal(write(fds[1], "goodbye", 7), 7);
	(void)close(fds[1]);
	assert_int_equal(tap_send(&t, "hello", 5), 5);
	assert_true(tap_flush(&t, fds[0]));
	assert_int_equal(t.tx.len, 0);
	assert_false(t.eof);
	buf_clear(&t.rx);
	assert_true(tap_fill(&t, fds[0], scratch, sizeof(scratch)));
	assert_int_equal(t.rx.len, 7);
	assert_memory_equal(buf_data(&t.rx), "goodbye", 7);
	assert_false(tap_fill(&t, fds[0], scratch, sizeof(scratch)));
	assert_true(t.eof && t.errnum == 0);
	tap_clear(&t);
	(void)close(fds[0]);
}

static void
test_a_descriptor_that_cannot_send_says_why(void **state)
{
	struct tap t;

	(void)state;
	tap_init(&t);
	assert_int_equal(tap_send(&t, "hello", 5), 5);
	assert_false(tap_flush(&t, -1));
	assert_int_equal(t.errnum, EBADF);
	tap_clear(&t);
}

static void
test_a_full_socket_keeps_the_rest_for_later(void **state)
{
	size_t size = 1024 * 1024, n = 0;
	char *block = mem_new(size);
	struct tap t;
	int fds[2];

	(void)state;
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds), 0);
	tap_init(&t);
	assert_int_equal(tap_send(&t, block, size), (ssize_t)size);
	while (n < size) {
		ssize_t got;

		assert_true(tap_flush(&t, fds[0]));
		assert_int_equal(t.n_out + t.tx.len, size);
		got = read(fds[1], block, size);
		assert_true(got > 0);
		n += (size_t)got;
	}
	assert_int_equal(t.tx.len, 0);
	tap_clear(&t);
	(void)close(fds[0]);
	(void)close(fds[1]);
	free(block);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_banner_is_found_wherever_it_is_split),
	    cmocka_unit_test(test_a_banner_may_come_byte_by_byte),
	    cmocka_unit_test(test_each_greeting_is_told_apart),
	    cmocka_unit_test(test_a_nul_is_not_ssh),
	    cmocka_unit_test(test_a_banner_may_be_255_bytes_long),
	    cmocka_unit_test(test_endless_lines_go_over_the_ceiling),
	    cmocka_unit_test(test_the_ceiling_ends_with_the_login),
	    cmocka_unit_test(test_a_step_is_served_its_share),
	    cmocka_unit_test(test_the_end_comes_after_the_last_byte),
	    cmocka_unit_test(test_a_gate_holds_reads_back),
	    cmocka_unit_test(test_dead_ends_reads_and_fails_writes),
	    cmocka_unit_test(test_writes_are_taken_whole_until_the_ceiling),
	    cmocka_unit_test(test_bytes_come_from_and_go_to_a_descriptor),
	    cmocka_unit_test(test_a_descriptor_that_cannot_send_says_why),
	    cmocka_unit_test(test_a_full_socket_keeps_the_rest_for_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
