/*
 * test_trie.c -- groups of hosts that say the same, while they say it.
 *
 * Room: tests.  May touch: engine/base, engine/fleet.
 */
#include "config.h"

#include "base/mem.h"
#include "fleet/trie.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct hash_key key = {1, 2};

static void
say(struct trie *t, size_t host, const char *text)
{
	trie_add(t, host, text, strlen(text));
}

static void
test_hosts_are_grouped_by_what_they_said(void **state)
{
	struct trie t;
	struct groups g;

	(void)state;
	trie_init(&t, &key, 6, 100);
	for (size_t i = 0; i < 5; i++)
		say(&t, i, "one");
	say(&t, 0, "two");
	say(&t, 4, "two");
	say(&t, 2, "other");
	g = trie_group(&t, NULL);
	assert_int_equal(g.n, 4);
	assert_int_equal(g.n_hosts, 6);
	assert_int_equal(g.groups[0].n, 2); /* "one two" */
	assert_int_equal(g.hosts[g.groups[0].first], 0);
	assert_int_equal(g.hosts[g.groups[0].first + 1], 4);
	assert_int_equal(g.groups[1].n, 2); /* "one" */
	assert_int_equal(g.hosts[g.groups[1].first], 1);
	assert_int_equal(g.hosts[g.groups[2].first], 2);
	assert_int_equal(g.hosts[g.groups[3].first], 5); /* nothing */
	groups_clear(&g);
	trie_clear(&t);
}

static void
test_how_a_host_ended_counts(void **state)
{
	const bool chosen[] = {true, true, true, false};
	struct trie t;
	struct groups g;

	(void)state;
	trie_init(&t, &key, 4, 100);
	for (size_t i = 0; i < 4; i++)
		say(&t, i, "same");
	trie_end(&t, 0, 0);
	trie_end(&t, 1, 1);
	trie_end(&t, 2, 0);
	g = trie_group(&t, chosen);
	assert_int_equal(g.n, 2);
	assert_int_equal(g.n_hosts, 3);
	assert_int_equal(g.groups[0].n, 2);
	assert_true(t.hosts[g.hosts[g.groups[1].first]].is_ended);
	assert_int_equal(t.hosts[g.hosts[g.groups[1].first]].how, 1);
	groups_clear(&g);
	trie_clear(&t);
}

static void
test_where_outputs_part(void **state)
{
	struct trie_branch branches[8];
	struct trie t;
	size_t n_lines = 0;
	uint32_t node;

	(void)state;
	trie_init(&t, &key, 500, 10000);
	for (size_t i = 0; i < 500; i++) {
		for (int line = 0; line < 41; line++)
			say(&t, i, line % 2 ? "odd" : "even");
		if (i % 100 == 99)
			trie_end(&t, i, 1);
		else if (i % 50 != 10) /* these lag behind */
			say(&t, i, i % 30 == 7 ? "rare" : "usual");
	}
	node = trie_follow(&t, TRIE_ROOT, &n_lines);
	assert_int_equal(n_lines, 41);
	assert_int_equal(trie_branches(&t, node, branches, 8), 3);
	assert_int_equal(branches[0].n_hosts, 500 - 5 - 10 - 17);
	assert_int_equal(branches[1].n_hosts, 17);
	assert_int_equal(branches[2].n_hosts, 5);
	assert_true(branches[2].is_ended);
	assert_int_equal(branches[2].how, 1);
	assert_false(branches[0].is_ended);
	assert_int_equal(trie_some_host(&t, branches[1].node) % 30, 7);
	assert_int_equal(trie_branches(&t, node, branches, 1), 3);
	trie_clear(&t);
}

static void
test_hosts_that_lag_do_not_part(void **state)
{
	struct trie t;
	size_t n_lines = 0;

	(void)state;
	trie_init(&t, &key, 3, 100);
	for (size_t i = 0; i < 3; i++)
		for (size_t line = 0; line <= i; line++)
			say(&t, i, "same");
	assert_int_equal(
	    t.nodes[trie_follow(&t, TRIE_ROOT, &n_lines)].n_here, 1);
	assert_int_equal(n_lines, 3);
	trie_clear(&t);
}

static void
test_a_host_may_begin_anew(void **state)
{
	struct trie t;
	size_t n_lines = 0;

	(void)state;
	trie_init(&t, &key, 2, 100);
	say(&t, 0, "a");
	say(&t, 1, "a");
	say(&t, 1, "b");
	trie_end(&t, 1, 0);
	trie_reset(&t, 1);
	assert_int_equal(t.nodes[TRIE_ROOT].n_here, 1);
	assert_int_equal(t.nodes[TRIE_ROOT].n_below, 1);
	(void)trie_follow(&t, TRIE_ROOT, &n_lines);
	assert_int_equal(n_lines, 1);
	say(&t, 1, "a");
	assert_int_equal(t.hosts[0].node, t.hosts[1].node);
	assert_int_equal(trie_some_host(&t, t.hosts[0].node), 1);
	trie_reset(&t, 1);
	assert_int_equal(trie_some_host(&t, t.hosts[0].node), 0);
	trie_set_n_hosts(&t, 3);
	assert_int_equal(t.nodes[TRIE_ROOT].n_here, 2);
	trie_clear(&t);
}

static void
test_over_the_ceiling_groups_stay_right(void **state)
{
	struct trie t;
	struct groups g;

	(void)state;
	trie_init(&t, &key, 100, 50);
	for (size_t line = 0; line < 40; line++)
		for (size_t i = 0; i < 100; i++) {
			char text[32];

			snprintf(text, sizeof(text), "%zu of group %zu", line,
			    i % 7);
			say(&t, i, text);
		}
	assert_true(t.is_full);
	assert_int_equal(t.n_nodes, 50);
	g = trie_group(&t, NULL);
	assert_int_equal(g.n, 7);
	for (size_t i = 0; i < 7; i++)
		for (size_t k = 0; k < g.groups[i].n; k++)
			assert_int_equal(g.hosts[g.groups[i].first + k] % 7,
			    g.hosts[g.groups[i].first] % 7);
	groups_clear(&g);
	for (size_t i = 0; i < 100; i++)
		trie_reset(&t, i);
	for (size_t i = 1; i < t.n_nodes; i++)
		assert_int_equal(t.nodes[i].n_here + t.nodes[i].n_below, 0);
	assert_int_equal(t.nodes[TRIE_ROOT].n_here, 100);
	trie_clear(&t);
}

/* Hosts that say random lines: the trie and whole texts tell the same. */
static void
test_groups_are_those_of_the_texts(void **state)
{
	enum { N = 200 };
	char texts[N][64] = {{0}};
	struct trie t;
	struct groups g;
	uint32_t seed = 12345;

	(void)state;
	trie_init(&t, &key, N, 100000);
	for (int i = 0; i < 600; i++) {
		char line[2] = {0};
		size_t host;

		seed = seed * 1103515245 + 12345;
		host = seed >> 16 & 0x7fff;
		line[0] = (char)('a' + host % 3);
		host = host / 3 % N;
		if (strlen(texts[host]) > 60)
			continue;
		texts[host][strlen(texts[host])] = line[0];
		say(&t, host, line);
	}
	g = trie_group(&t, NULL);
	for (size_t i = 0; i < g.n; i++) {
		const char *first = texts[g.hosts[g.groups[i].first]];

		for (size_t k = 0; k < g.groups[i].n; k++)
			assert_string_equal(
			    texts[g.hosts[g.groups[i].first + k]], first);
		for (size_t j = 0; j < i; j++)
			assert_true(strcmp(texts[g.hosts[g.groups[j].first]],
					first) != 0);
	}
	groups_sort_by_host(&g);
	for (size_t i = 1; i < g.n; i++)
		assert_true(g.hosts[g.groups[i - 1].first] <
			    g.hosts[g.groups[i].first]);
	groups_clear(&g);
	trie_clear(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hosts_are_grouped_by_what_they_said),
	    cmocka_unit_test(test_how_a_host_ended_counts),
	    cmocka_unit_test(test_where_outputs_part),
	    cmocka_unit_test(test_hosts_that_lag_do_not_part),
	    cmocka_unit_test(test_a_host_may_begin_anew),
	    cmocka_unit_test(test_over_the_ceiling_groups_stay_right),
	    cmocka_unit_test(test_groups_are_those_of_the_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
