/*
 * gather.c -- the cost of a line in the trie, the store and the gatherer.
 *
 * Room: bench.  May touch: engine/base, engine/fleet.
 * 1,000 hosts print 300 lines of 80 bytes: all the same, in ten groups that
 * part half way, or all different. The goal is 78 ns a line for the trie.
 */
#include "config.h"

#include "base/limits.h"
#include "fleet/gather.h"
#include "fleet/store.h"
#include "fleet/trie.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define N_HOSTS 1000u
#define N_LINES 300u
#define LINE_BYTES 80
#define ROUNDS 5 /* the best one counts */
#define N_TEXTS (N_HOSTS * 4u)

static char texts[N_TEXTS][LINE_BYTES + 1];

/* Which text host `host` prints as its line number `line`. */
static size_t
choose_text(size_t host, size_t line, size_t n_groups)
{
	size_t group = line < N_LINES / 2 ? 0 : host % n_groups;

	return (group * 31 + line) % N_TEXTS;
}

/* Processor time of this process: others on the machine do not count. */
static int64_t
cpu_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static double
ns_a_line(int64_t begun)
{
	return (double)(cpu_now_ns() - begun) / (N_HOSTS * N_LINES);
}

static double
time_trie(size_t n_groups, size_t *n_nodes)
{
	struct hash_key key = hash_new_key();
	int64_t begun;
	struct trie t;
	double ns;

	trie_init(&t, &key, N_HOSTS, LIMIT_TRIE_NODES);
	begun = cpu_now_ns();
	for (size_t line = 0; line < N_LINES; line++)
		for (size_t host = 0; host < N_HOSTS; host++)
			trie_add(&t, host,
			    texts[choose_text(host, line, n_groups)],
			    LINE_BYTES);
	ns = ns_a_line(begun);
	*n_nodes = t.n_nodes;
	trie_clear(&t);
	return ns;
}

static double
time_gather(size_t n_groups, size_t *n_bytes)
{
	struct gather g;
	int64_t begun;
	double ns;

	gather_init(&g, N_HOSTS, LIMIT_GATHER_BYTES);
	begun = cpu_now_ns();
	for (size_t line = 0; line < N_LINES; line++)
		for (size_t host = 0; host < N_HOSTS; host++)
			gather_add(&g, host,
			    texts[choose_text(host, line, n_groups)],
			    LINE_BYTES);
	ns = ns_a_line(begun);
	*n_bytes = g.bytes;
	gather_clear(&g);
	return ns;
}

static double
time_store(size_t n_groups, size_t *n_bytes)
{
	static struct store stores[N_HOSTS];
	struct store_pool pool;
	int64_t begun;
	double ns;

	store_pool_init(&pool, LIMIT_STORE_BYTES, LIMIT_STORE_HOST_BYTES);
	for (size_t host = 0; host < N_HOSTS; host++)
		store_init(&stores[host], &pool);
	begun = cpu_now_ns();
	for (size_t line = 0; line < N_LINES; line++)
		for (size_t host = 0; host < N_HOSTS; host++) {
			struct muster_line l = {
			    .text = texts[choose_text(host, line, n_groups)],
			    .len = LINE_BYTES,
			    .columns = LINE_BYTES};

			store_add(&stores[host], MUSTER_STDOUT, 0, &l);
		}
	ns = ns_a_line(begun);
	*n_bytes = pool.bytes;
	for (size_t host = 0; host < N_HOSTS; host++)
		store_clear(&stores[host]);
	store_pool_clear(&pool);
	return ns;
}

static double
lower(double a, double b)
{
	return a < b ? a : b;
}

int
main(void)
{
	static const size_t groups[] = {1, 10, N_HOSTS};

	for (size_t i = 0; i < N_TEXTS; i++)
		snprintf(
		    texts[i], sizeof(texts[i]), "%-*zu", LINE_BYTES, i * 7919);
	printf("%-8s %22s %22s %22s\n", "groups", "trie", "store", "gather");
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		size_t nodes, kept, bytes;
		double trie = 1e9, store = 1e9, gather = 1e9;

		for (int round = 0; round < ROUNDS; round++) {
			trie = lower(trie, time_trie(groups[i], &nodes));
			store = lower(store, time_store(groups[i], &bytes));
			gather = lower(gather, time_gather(groups[i], &kept));
		}
		printf("%-8zu %6.0f ns %7zu nodes %6.0f ns %9zu B "
		       "%6.0f ns %9zu B\n",
		    groups[i], trie, nodes, store, bytes, gather, kept);
	}
	return 0;
}
