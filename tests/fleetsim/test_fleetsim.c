/*
 * test_fleetsim.c -- fleetsim's packets, keys, timers, tables and ledgers.
 *
 * Room: tests/fleetsim.  May touch: engine/base, the units of fleetsim.
 */
#include "config.h"

#include "base/mem.h"
#include "fleetsim.h"
#include "key.h"
#include "loop.h"
#include "packet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* Two ends with the same keys. */
struct pair {
	struct crypto crypto;
	struct packet_side tx, rx;
	struct buf wire;
};

static void
pair_init(
    struct pair *p, const struct cipher_alg *cipher, const struct mac_alg *mac)
{
	struct packet_keys keys;

	memset(p, 0, sizeof(*p));
	memset(&keys, 0x5a, sizeof(keys));
	buf_init(&p->wire, 4 * SIM_PACKET_MAX);
	assert_true(sim_crypto_init(&p->crypto));
	if (cipher == NULL)
		return;
	assert_true(
	    sim_packet_rekey(&p->tx, &p->crypto, cipher, mac, &keys, true));
	assert_true(
	    sim_packet_rekey(&p->rx, &p->crypto, cipher, mac, &keys, false));
}

static void
pair_clear(struct pair *p)
{
	sim_packet_clear(&p->tx);
	sim_packet_clear(&p->rx);
	buf_clear(&p->wire);
	sim_crypto_clear(&p->crypto);
}

/* Runs `test` in the clear and with every cipher and MAC. */
static void
each_crypto(void (*test)(struct pair *p))
{
	struct pair p;

	pair_init(&p, NULL, NULL);
	test(&p);
	pair_clear(&p);
	for (size_t c = 0; c < SIM_N_CIPHERS; c++) {
		for (size_t m = 0; m < SIM_N_MACS; m++) {
			pair_init(&p, &sim_ciphers[c], &sim_macs[m]);
			test(&p);
			pair_clear(&p);
		}
	}
}

static void
send_and_receive(struct pair *p)
{
	static uint8_t text[40000];
	static const size_t lens[] = {
	    1, 2, 7, 8, 9, 15, 16, 17, 255, 32768, 40000};
	struct packet packet;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
		assert_true(sim_packet_seal(&p->tx, text, lens[i], &p->wire));
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		assert_int_equal(
		    sim_packet_open(&p->rx, &p->wire, &packet), PACKET_READY);
		assert_int_equal(packet.len, lens[i]);
		assert_memory_equal(packet.payload, text, lens[i]);
		buf_drain(&p->wire, packet.size);
	}
	assert_int_equal(p->wire.len, 0);
	assert_int_equal(p->tx.seq, p->rx.seq);
}

static void
test_packets_arrive_as_they_were_sent(void **state)
{
	(void)state;
	each_crypto(send_and_receive);
}

static void
receive_in_pieces(struct pair *p)
{
	struct buf in;
	struct packet packet = {0};
	size_t n;

	buf_init(&in, SIM_PACKET_MAX);
	assert_true(sim_packet_seal(
	    &p->tx, (const uint8_t *)"some payload", 12, &p->wire));
	n = p->wire.len;
	for (size_t i = 0; i < n; i++) {
		buf_add(&in, buf_data(&p->wire) + i, 1);
		assert_int_equal(sim_packet_open(&p->rx, &in, &packet),
		    i + 1 < n ? PACKET_MORE : PACKET_READY);
	}
	assert_memory_equal(packet.payload, "some payload", 12);
	buf_clear(&in);
}

static void
test_a_packet_may_come_byte_by_byte(void **state)
{
	(void)state;
	each_crypto(receive_in_pieces);
}

static void
test_every_turned_bit_is_noticed(void **state)
{
	struct pair p;
	struct packet packet;
	size_t size = 1;

	(void)state;
	for (size_t c = 0; c < SIM_N_CIPHERS; c++) {
		for (size_t at = 0; at < size; at++) {
			pair_init(&p, &sim_ciphers[c],
			    &sim_macs[(c + at) % SIM_N_MACS]);
			assert_true(sim_packet_seal(&p.tx,
			    (const uint8_t *)"some payload", 12, &p.wire));
			size = p.wire.len;
			p.wire.mem[p.wire.off + at % size] ^= 4;
			assert_int_not_equal(
			    sim_packet_open(&p.rx, &p.wire, &packet),
			    PACKET_READY);
			pair_clear(&p);
		}
	}
}

static void
test_lengths_that_cannot_be_are_refused(void **state)
{
	static const uint32_t lens[] = {
	    0, 1, 4, 11, SIM_PACKET_MAX + 4, UINT32_MAX};
	uint8_t padding[] = {3, 20, 255};
	struct pair p;
	struct packet packet;

	(void)state;
	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		pair_init(&p, NULL, NULL);
		buf_add_u32(&p.wire, lens[i]);
		buf_add_u64(&p.wire, 0);
		assert_int_equal(
		    sim_packet_open(&p.rx, &p.wire, &packet), PACKET_BAD);
		pair_clear(&p);
	}
	for (size_t i = 0; i < sizeof(padding); i++) {
		pair_init(&p, NULL, NULL);
		buf_add_u32(&p.wire, 12);
		buf_add_u8(&p.wire, padding[i]);
		buf_add(&p.wire, "12345678901", 11);
		assert_int_equal(
		    sim_packet_open(&p.rx, &p.wire, &packet), PACKET_BAD);
		pair_clear(&p);
	}
}

static void
test_mpints_are_as_the_rfc_has_them(void **state)
{
	/* RFC 4251 s. 5, its examples and a zero in front. */
	static const struct {
		const char *in;
		size_t in_len;
		const char *out;
		size_t out_len;
	} cases[] = {
	    {"", 0, "\0\0\0\0", 4},
	    {"\0\0", 2, "\0\0\0\0", 4},
	    {"\x09\xa3\x78\xf9\xb2\xe3\x32\xa7", 8,
		"\0\0\0\x08\x09\xa3\x78\xf9\xb2\xe3\x32\xa7", 12},
	    {"\x80", 1, "\0\0\0\x02\0\x80", 6},
	    {"\0\x7f", 2, "\0\0\0\x01\x7f", 5},
	};
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_init(&b, 64);
		assert_true(sim_add_mpint(&b, cases[i].in, cases[i].in_len));
		assert_int_equal(b.len, cases[i].out_len);
		assert_memory_equal(
		    buf_data(&b), cases[i].out, cases[i].out_len);
		buf_clear(&b);
	}
}

static void
test_the_clients_first_choice_wins(void **state)
{
	static const struct {
		const char *client, *server, *chosen;
	} cases[] = {
	    {"a,b", "b,a", "a"},
	    {"x,b", "b,a", "b"},
	    {"x,y", "b,a", ""},
	    {"", "a", ""},
	    {"ab", "a,b", ""},
	    {",,a", "a", "a"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *name = "";
		size_t n = sim_choose(cases[i].client, strlen(cases[i].client),
		    cases[i].server, &name);

		assert_int_equal(n, strlen(cases[i].chosen));
		assert_memory_equal(name, cases[i].chosen, n);
	}
}

static void
test_a_key_signs_what_it_alone_verifies(void **state)
{
	static const struct {
		enum key_type type;
		const char *algorithm;
	} cases[] = {{KEY_ED25519, "ssh-ed25519"},
	    {KEY_ECDSA, "ecdsa-sha2-nistp256"}, {KEY_RSA, "rsa-sha2-256"},
	    {KEY_RSA, "rsa-sha2-512"}};
	const uint8_t *text = (const uint8_t *)"text";

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *name = cases[i].algorithm;
		struct host_key *key = sim_key_new(cases[i].type);
		struct host_key *other = sim_key_new(cases[i].type);
		struct rd blob, wrong, sig;
		struct buf b;

		buf_init(&b, 4096);
		assert_true(sim_key_sign(key, name, text, 4, &b));
		rd_init(&blob, key->blob, key->len);
		rd_init(&wrong, other->blob, other->len);
		rd_init(&sig, buf_data(&b), b.len);
		assert_true(sim_key_verify(blob, name, sig, text, 4));
		assert_false(sim_key_verify(blob, name, sig, text, 3));
		assert_false(sim_key_verify(wrong, name, sig, text, 4));
		assert_false(sim_key_verify(blob, "ssh-rsa", sig, text, 4));
		sig.len--;
		assert_false(sim_key_verify(blob, name, sig, text, 4));
		buf_clear(&b);
		sim_key_free(key);
		sim_key_free(other);
	}
}

static void
test_an_rsa_key_is_the_same_by_each_of_its_names(void **state)
{
	struct host_key *key = sim_key_new(KEY_RSA);
	struct buf renamed, normal;

	(void)state;
	buf_init(&renamed, 4096);
	buf_init(&normal, 4096);
	buf_add_cstring(&renamed, "rsa-sha2-512");
	buf_add(&renamed, key->blob + 11, key->len - 11);
	assert_true(sim_key_normal(buf_data(&renamed), renamed.len, &normal));
	assert_int_equal(normal.len, key->len);
	assert_memory_equal(buf_data(&normal), key->blob, key->len);
	buf_clear(&renamed);
	buf_clear(&normal);
	sim_key_free(key);
}

struct ticker {
	struct timer timer;
	int *order;
	int *n;
	int number;
};

static void
on_tick(struct timer *t)
{
	struct ticker *k = (struct ticker *)(void *)t;

	k->order[(*k->n)++] = k->number;
}

static void
test_timers_fire_in_order_and_not_when_stopped(void **state)
{
	static const uint32_t delays[] = {5, 1, 9, 3, 7, 2, 8, 4, 6, 0};
	static const int wanted[] = {9, 1, 5, 7, 8, 4, 6, 2};
	struct ticker tickers[10];
	struct loop *loop = mem_new(sizeof(*loop));
	int order[10], n = 0;

	(void)state;
	assert_true(sim_loop_init(loop));
	for (int i = 0; i < 10; i++) {
		tickers[i] = (struct ticker){{.fire = on_tick}, order, &n, i};
		sim_timer_start(loop, &tickers[i].timer, delays[i] * 3);
	}
	sim_timer_stop(loop, &tickers[0].timer);
	sim_timer_stop(loop, &tickers[3].timer);
	while (n < 8)
		sim_loop_round(loop, -1);
	assert_int_equal(loop->n_timers, 0);
	assert_memory_equal(order, wanted, sizeof(wanted));
	sim_loop_clear(loop);
	free(loop);
}

static void
test_a_table_makes_hosts(void **state)
{
	struct muster_error err = {0};
	struct fleetsim *sim = fleetsim_new(NULL, &err);
	char *known;

	(void)state;
	assert_non_null(sim);
	assert_int_equal(fleetsim_add_hosts(sim,
			     "# a comment\n\nweb[08-10].example exec=sh\n"
			     "\tone port=2201 addr=127.9.8.7 known=none\n",
			     &err),
	    0);
	assert_int_equal(fleetsim_n_hosts(sim), 4);
	assert_string_equal(fleetsim_name(sim, 0), "web08.example");
	assert_string_equal(fleetsim_name(sim, 2), "web10.example");
	assert_int_equal(fleetsim_find(sim, "one"), 3);
	assert_true(fleetsim_find(sim, "two") == SIZE_MAX);
	assert_string_equal(fleetsim_address(sim, 0), "127.1.0.1");
	assert_string_equal(fleetsim_address(sim, 3), "127.9.8.7");
	assert_int_equal(fleetsim_port(sim, 3), 2201);
	known = fleetsim_known_hosts(sim, 3);
	assert_string_equal(known, "");
	free(known);
	fleetsim_free(sim);
}

static void
test_a_refused_table_says_where(void **state)
{
	static const struct {
		const char *text;
		size_t at;
	} cases[] = {{"a\nb exit=x\n", 2}, {"a\na", 2}, {"a[1-", 0},
	    {"a[3-1]", 0}, {"a b", 0}, {"a scenario=reset@", 0},
	    {"a auth=publickey,", 0}, {"a stdout=\"\\q\"", 0}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct muster_error err = {0};
		struct fleetsim *sim = fleetsim_new(NULL, &err);

		assert_int_equal(
		    fleetsim_add_hosts(sim, cases[i].text, &err), -1);
		assert_int_equal(err.code, MUSTER_ERR_SYNTAX);
		assert_int_equal(err.at, cases[i].at);
		assert_memory_equal(err.text, "line ", 5);
		fleetsim_free(sim);
	}
}

static int
connect_to(const struct fleetsim *sim, size_t host)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	addr.sin_port = htons(fleetsim_port(sim, host));
	assert_int_equal(
	    inet_pton(AF_INET, fleetsim_address(sim, host), &addr.sin_addr), 1);
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static void
test_a_forked_fleet_serves_and_shares_its_ledgers(void **state)
{
	struct muster_error err = {0};
	struct fleetsim *sim = fleetsim_new(NULL, &err);
	int until[2], fd, status;
	char line[9] = "";
	pid_t pid;

	(void)state;
	assert_int_equal(
	    fleetsim_add_hosts(sim, "a\nb\nc down=yes\n", &err), 0);
	assert_int_equal(fleetsim_listen(sim, &err), 0);
	assert_int_equal(fleetsim_add_hosts(sim, "late\n", &err), -1);
	assert_int_equal(pipe(until), 0);
	pid = fork();
	if (pid == 0) {
		(void)close(until[1]);
		_exit(fleetsim_run(sim, until[0], &err) == 0 ? 0 : 1);
	}
	(void)close(until[0]);
	fd = connect_to(sim, 1);
	assert_true(fd >= 0);
	assert_int_equal(recv(fd, line, 8, MSG_WAITALL), 8);
	assert_string_equal(line, "SSH-2.0-");
	assert_int_equal(fleetsim_ledger(sim, 0)->connects, 0);
	assert_int_equal(fleetsim_ledger(sim, 1)->connects, 1);
	assert_int_equal(connect_to(sim, 2), -1);
	assert_int_equal(errno, ECONNREFUSED);
	(void)close(until[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	/* The end of the fleet is the end of its connections. */
	while (recv(fd, line, sizeof(line), 0) > 0)
		;
	(void)close(fd);
	fleetsim_free(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_packets_arrive_as_they_were_sent),
	    cmocka_unit_test(test_a_packet_may_come_byte_by_byte),
	    cmocka_unit_test(test_every_turned_bit_is_noticed),
	    cmocka_unit_test(test_lengths_that_cannot_be_are_refused),
	    cmocka_unit_test(test_mpints_are_as_the_rfc_has_them),
	    cmocka_unit_test(test_the_clients_first_choice_wins),
	    cmocka_unit_test(test_a_key_signs_what_it_alone_verifies),
	    cmocka_unit_test(test_an_rsa_key_is_the_same_by_each_of_its_names),
	    cmocka_unit_test(test_timers_fire_in_order_and_not_when_stopped),
	    cmocka_unit_test(test_a_table_makes_hosts),
	    cmocka_unit_test(test_a_refused_table_says_where),
	    cmocka_unit_test(test_a_forked_fleet_serves_and_shares_its_ledgers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
