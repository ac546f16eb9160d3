/*
 * test_heap.c -- what libssh2's memory tells on its way out.
 *
 * Room: tests.  May touch: engine/ssh/heap.h, simfleet.h, libssh2.
 * First packets made by hand; then the libssh2 at hand against a server
 * that is known to send them: it must pass each one to its free function.
 */
#include "config.h"

#include "base/buf.h"
#include "simfleet.h"
#include "ssh/heap.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <libssh2.h>

/* ---- packets made by hand ---- */

static struct buf packet;

static void
packet_begin(uint8_t type)
{
	buf_clear(&packet);
	buf_init(&packet, 100000);
	assert_true(buf_add_u8(&packet, type));
}

/* Frees a block with these bytes, as libssh2 would. */
static void
free_bytes(struct heap *h, const void *data, size_t len)
{
	void *abstract = h, *block = heap_alloc(len, &abstract);

	memcpy(block, data, len);
	heap_free(block, &abstract);
}

static void
packet_end(struct heap *h)
{
	free_bytes(h, buf_data(&packet), packet.len);
	buf_clear(&packet);
}

static void
open_channel(struct heap *h, uint32_t channel)
{
	packet_begin(90);
	buf_add_cstring(&packet, "session");
	buf_add_u32(&packet, channel);
	buf_add_u32(&packet, 65536);
	buf_add_u32(&packet, 32768);
	packet_end(h);
}

static void
send_status(struct heap *h, uint32_t channel, uint32_t status)
{
	packet_begin(98);
	buf_add_u32(&packet, channel);
	buf_add_cstring(&packet, "exit-status");
	buf_add_u8(&packet, 0);
	buf_add_u32(&packet, status);
	packet_end(h);
}

static void
send_signal(struct heap *h, uint32_t channel, const char *name, uint8_t core)
{
	packet_begin(98);
	buf_add_u32(&packet, channel);
	buf_add_cstring(&packet, "exit-signal");
	buf_add_u8(&packet, 0);
	buf_add_cstring(&packet, name);
	buf_add_u8(&packet, core);
	buf_add_cstring(&packet, "");
	buf_add_cstring(&packet, "");
	packet_end(h);
}

static void
test_the_first_exit_status_is_kept_whole(void **state)
{
	static const uint32_t codes[] = {0, 1, 255, 256, 0xffffffffu};

	(void)state;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		struct heap h;

		heap_init(&h, 1000000);
		assert_false(h.has_status);
		send_status(&h, 0, codes[i]);
		send_status(&h, 0, 77);
		assert_true(h.has_status && !h.has_signal);
		assert_int_equal(h.status, codes[i]);
		assert_int_equal(h.used, 0);
	}
}

static void
test_the_first_exit_signal_is_kept(void **state)
{
	struct heap h;

	(void)state;
	heap_init(&h, 1000000);
	send_signal(&h, 0, "SEGV", 1);
	send_signal(&h, 0, "TERM", 0);
	assert_true(h.has_signal && h.core_dumped && !h.has_status);
	assert_string_equal(h.signal, "SEGV");
	heap_init(&h, 1000000);
	send_signal(&h, 0, "a-name-that-is-too-long@example.com", 1);
	assert_true(h.has_signal);
	assert_string_equal(h.signal, "?");
	heap_init(&h, 1000000);
	send_signal(&h, 0, "\033[2JNONE\r\n", 0);
	assert_string_equal(h.signal, "?[2JNONE??");
}

static void
test_only_the_channel_opened_last_counts(void **state)
{
	struct heap h;

	(void)state;
	heap_init(&h, 1000000);
	open_channel(&h, 0);
	send_status(&h, 1, 9);
	assert_false(h.has_status);
	send_status(&h, 0, 3);
	assert_true(h.has_status);
	open_channel(&h, 1);
	assert_false(h.has_status);
	send_status(&h, 0, 3);
	assert_false(h.has_status);
	send_status(&h, 1, 4);
	assert_int_equal(h.status, 4);
}

static void
test_output_is_counted_on_both_streams(void **state)
{
	struct heap h;

	(void)state;
	heap_init(&h, 1000000);
	open_channel(&h, 2);
	packet_begin(94);
	buf_add_u32(&packet, 2);
	buf_add_string(&packet, "12345", 5);
	packet_end(&h);
	packet_begin(95);
	buf_add_u32(&packet, 2);
	buf_add_u32(&packet, 1);
	buf_add_string(&packet, "678", 3);
	packet_end(&h);
	packet_begin(94);
	buf_add_u32(&packet, 1);
	buf_add_string(&packet, "another's", 9);
	packet_end(&h);
	assert_int_equal(h.data_bytes, 8);
}

static void
test_what_a_server_still_accepts_is_read(void **state)
{
	char longest[300];
	struct heap h;

	(void)state;
	heap_init(&h, 1000000);
	packet_begin(51);
	buf_add_cstring(&packet, "publickey,password");
	buf_add_u8(&packet, 0);
	packet_end(&h);
	assert_int_equal(h.n_failures, 1);
	assert_string_equal(h.methods, "publickey,password");
	assert_false(h.partial);
	memset(longest, 'x', sizeof(longest));
	packet_begin(51);
	buf_add_string(&packet, longest, sizeof(longest));
	buf_add_u8(&packet, 1);
	packet_end(&h);
	assert_int_equal(h.n_failures, 2);
	assert_int_equal(strlen(h.methods), sizeof(h.methods) - 1);
	assert_true(h.partial);
}

static void
test_a_kexinit_is_read(void **state)
{
	struct heap h;

	(void)state;
	heap_init(&h, 1000000);
	packet_begin(20);
	buf_add(&packet, "0123456789abcdef", 16);
	buf_add_cstring(&packet, "kex-a,kex-b");
	buf_add_cstring(&packet, "ssh-\033[2J");
	for (int list = 0; list < 6; list++)
		buf_add_cstring(&packet, "cipher");
	buf_add_u8(&packet, 0);
	buf_add_u32(&packet, 0);
	packet_end(&h);
	assert_int_equal(h.n_kexinits, 1);
	assert_string_equal(h.kex, "kex-a,kex-b");
	assert_string_equal(h.hostkeys, "ssh-?[2J");
	assert_string_equal(h.ciphers, "cipher");
}

/* Each prefix of each packet, and noise of each first byte. */
static void
test_torn_packets_and_noise_are_harmless(void **state)
{
	static const uint8_t status[] = "\x62\0\0\0\0\0\0\0\x0b"
					"exit-status\0\0\0\0\5";
	uint8_t noise[300];
	uint32_t seed = 1;
	struct heap h;

	(void)state;
	heap_init(&h, 1000000);
	for (size_t len = 0; len < 25; len++) {
		free_bytes(&h, status, len);
		assert_false(h.has_status);
	}
	free_bytes(&h, status, 25);
	assert_true(h.has_status);
	assert_int_equal(h.status, 5);
	for (int i = 0; i < 20000; i++) {
		size_t len = (seed >> 8) % sizeof(noise);

		for (size_t at = 0; at < len; at++) {
			seed = seed * 1664525 + 1013904223;
			noise[at] = (uint8_t)(seed >> 24);
		}
		noise[0] = (uint8_t)i;
		/* Lengths that look true get further. */
		if (len > 9 && i % 3 == 0)
			memset(noise + 5, 0, 3);
		free_bytes(&h, noise, len);
	}
	assert_int_equal(h.status, 5);
	assert_int_equal(h.used, 0);
}

/* libssh2 reads beyond what servers make too short. */
static void
test_behind_a_block_there_are_zeros(void **state)
{
	static const char zeros[32];
	struct heap h;
	void *abstract = &h;
	char *block;

	(void)state;
	heap_init(&h, 1000000);
	block = heap_alloc(5, &abstract);
	assert_memory_equal(block + 5, zeros, sizeof(zeros));
	block = heap_realloc(block, 11, &abstract);
	assert_memory_equal(block + 11, zeros, sizeof(zeros));
	heap_clear(&h);
}

static void
test_over_the_ceiling_it_is_doomed_but_never_fails(void **state)
{
	struct heap h;
	void *abstract = &h, *a, *b;

	(void)state;
	heap_init(&h, 1000);
	a = heap_alloc(600, &abstract);
	assert_false(h.doomed);
	b = heap_alloc(600, &abstract);
	assert_non_null(b);
	assert_true(h.doomed);
	memset(b, 'b', 600);
	b = heap_realloc(b, 100000, &abstract);
	assert_int_equal(((char *)b)[599], 'b');
	assert_int_equal(h.used, 100600);
	b = heap_realloc(b, 10, &abstract);
	assert_int_equal(((char *)b)[9], 'b');
	heap_free(a, &abstract);
	heap_free(b, &abstract);
	heap_free(NULL, &abstract);
	assert_int_equal(h.used, 0);
	a = heap_realloc(NULL, 5, &abstract);
	assert_non_null(a);
	(void)heap_alloc(7, &abstract);
	heap_free(a, &abstract);
	assert_int_equal(h.used, 7);
	/* What is left lying is freed, too. */
	heap_clear(&h);
	assert_int_equal(h.used, 0);
}

/* ---- the libssh2 at hand ---- */

static struct simfleet fleet;

struct peer {
	struct heap heap;
	LIBSSH2_SESSION *ssh;
	int fd;
};

static void
peer_open(struct peer *p, const char *name)
{
	size_t i = fleetsim_find(fleet.sim, name);
	struct sockaddr_in to = {.sin_family = AF_INET};

	to.sin_port = htons(fleetsim_port(fleet.sim, i));
	assert_int_equal(
	    inet_pton(AF_INET, fleetsim_address(fleet.sim, i), &to.sin_addr),
	    1);
	p->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(
	    connect(p->fd, (const struct sockaddr *)&to, sizeof(to)), 0);
	heap_init(&p->heap, 10000000);
	p->ssh = libssh2_session_init_ex(
	    heap_alloc, heap_free, heap_realloc, &p->heap);
	assert_non_null(p->ssh);
}

static void
peer_login(struct peer *p, const char *name)
{
	peer_open(p, name);
	assert_int_equal(libssh2_session_handshake(p->ssh, p->fd), 0);
	assert_int_equal(
	    libssh2_userauth_password(p->ssh, "tester", "secret"), 0);
}

static void
peer_close(struct peer *p)
{
	(void)libssh2_session_free(p->ssh);
	(void)close(p->fd);
	/* A block of 96 bytes stays behind in 1.11.1. */
	assert_true(p->heap.used < 1000);
	heap_clear(&p->heap);
	assert_int_equal(p->heap.used, 0);
}

/* Runs the canned command and reads it to its end. */
static void
peer_exec(struct peer *p, uint64_t *n_read)
{
	LIBSSH2_CHANNEL *c = libssh2_channel_open_session(p->ssh);
	char block[8192];
	ssize_t n;

	*n_read = 0;
	assert_non_null(c);
	assert_int_equal(libssh2_channel_exec(c, "command"), 0);
	while ((n = libssh2_channel_read(c, block, sizeof(block))) > 0)
		*n_read += (uint64_t)n;
	assert_int_equal(n, 0);
	while ((n = libssh2_channel_read_stderr(c, block, sizeof(block))) > 0)
		*n_read += (uint64_t)n;
	assert_int_equal(n, 0);
	assert_int_equal(libssh2_channel_wait_closed(c), 0);
	/* Known before the channel is freed. */
	(void)libssh2_channel_free(c);
}

static void
test_this_libssh2_frees_exit_statuses_and_output(void **state)
{
	uint64_t n_read;
	struct peer p;

	(void)state;
	peer_login(&p, "exits");
	assert_false(p.heap.has_status);
	for (int i = 0; i < 3; i++) {
		peer_exec(&p, &n_read);
		assert_int_equal(n_read, 100000 + 5);
		assert_int_equal(p.heap.data_bytes, n_read);
		assert_true(p.heap.has_status && !p.heap.has_signal);
		assert_int_equal(p.heap.status, 7);
		assert_int_equal(p.heap.channel, i);
	}
	peer_close(&p);
}

static void
test_this_libssh2_frees_exit_signals(void **state)
{
	uint64_t n_read;
	struct peer p;

	(void)state;
	peer_login(&p, "dies");
	peer_exec(&p, &n_read);
	assert_true(p.heap.has_signal && !p.heap.has_status);
	assert_string_equal(p.heap.signal, "KILL");
	peer_close(&p);
}

static void
test_without_a_status_none_is_seen(void **state)
{
	uint64_t n_read;
	struct peer p;

	(void)state;
	peer_login(&p, "mute");
	peer_exec(&p, &n_read);
	assert_false(p.heap.has_status);
	assert_false(p.heap.has_signal);
	peer_close(&p);
}

static void
test_this_libssh2_frees_refusals(void **state)
{
	struct peer p;

	(void)state;
	peer_open(&p, "exits");
	assert_int_equal(libssh2_session_handshake(p.ssh, p.fd), 0);
	assert_true(libssh2_userauth_password(p.ssh, "tester", "wrong") < 0);
	assert_int_equal(p.heap.n_failures, 1);
	assert_non_null(strstr(p.heap.methods, "password"));
	assert_false(p.heap.partial);
	peer_close(&p);
}

static void
test_this_libssh2_frees_a_kexinit_without_a_match(void **state)
{
	struct peer p;

	(void)state;
	peer_open(&p, "odd");
	assert_true(libssh2_session_handshake(p.ssh, p.fd) < 0);
	peer_close(&p);
	/* Ours first, then the server's. */
	assert_int_equal(p.heap.n_kexinits, 2);
	assert_ptr_equal(strstr(p.heap.kex, "curve448-sha512"), p.heap.kex);
	assert_string_equal(p.heap.hostkeys, "ssh-ed25519");
}

static int
setup(void **state)
{
	(void)state;
	simfleet_start(&fleet,
	    "exits exec=canned password=secret bytes=100000 stderr=12345 "
	    "exit=7\n"
	    "dies exec=canned password=secret signal=KILL\n"
	    "mute exec=canned password=secret scenario=noexit\n"
	    "odd kex=curve448-sha512\n");
	return libssh2_init(0);
}

static int
teardown(void **state)
{
	(void)state;
	simfleet_stop(&fleet);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_first_exit_status_is_kept_whole),
	    cmocka_unit_test(test_the_first_exit_signal_is_kept),
	    cmocka_unit_test(test_only_the_channel_opened_last_counts),
	    cmocka_unit_test(test_output_is_counted_on_both_streams),
	    cmocka_unit_test(test_what_a_server_still_accepts_is_read),
	    cmocka_unit_test(test_a_kexinit_is_read),
	    cmocka_unit_test(test_torn_packets_and_noise_are_harmless),
	    cmocka_unit_test(test_behind_a_block_there_are_zeros),
	    cmocka_unit_test(
		test_over_the_ceiling_it_is_doomed_but_never_fails),
	    cmocka_unit_test(test_this_libssh2_frees_exit_statuses_and_output),
	    cmocka_unit_test(test_this_libssh2_frees_exit_signals),
	    cmocka_unit_test(test_without_a_status_none_is_seen),
	    cmocka_unit_test(test_this_libssh2_frees_refusals),
	    cmocka_unit_test(test_this_libssh2_frees_a_kexinit_without_a_match),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
