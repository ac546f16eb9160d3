/*
 * test_tricky.c -- the tricky cases of host expressions, by their number.
 *
 * Room: tests.  May touch: muster.h, engine/base, inventory_fixture.h.
 * They are inputs on which pdsh 2.34, ClusterShell's nodeset 1.9.1 and Slurm's
 * scontrol differ, or go wrong together; what muster makes of each is here,
 * through the door. P, C and S are said where they do otherwise.
 */
#include "config.h"

#include "base/mem.h"
#include "tests/inventory_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { N_ROWS = 55 };

#define LEN(table) (sizeof(table) / sizeof((table)[0]))

/* ---- what is selected, in this order ---- */

static const struct {
	unsigned row;
	const char *input, *want;
} expansions[] = {
    {1, "foo[01-03]", "foo01 foo02 foo03"},
    {2, "foo[9-10]", "foo9 foo10"},
    {2, "foo[09-10]", "foo09 foo10"},
    {2, "foo[98-102]", "foo98 foo99 foo100 foo101 foo102"},
    {2, "foo[098-102]", "foo098 foo099 foo100 foo101 foo102"},
    {4, "foo[1,01,001]", "foo1 foo01 foo001"},
    {8, "foo-[1-3]", "foo-1 foo-2 foo-3"},
    /* S has them in another order */
    {11, "rack[1-2]node[01-02]x[7-8]",
	"rack1node01x7 rack1node01x8 rack1node02x7 rack1node02x8 "
	"rack2node01x7 rack2node01x8 rack2node02x7 rack2node02x8"},
    {12, "a[1-2][3-4]", "a13 a14 a23 a24"}, /* C: an error */
    {13, "n[1-3]5", "n15 n25 n35"},
    {14, "prod-00[01-03]", "prod-0001 prod-0002 prod-0003"},
    {16, "foo[0-10/2]", "foo0 foo2 foo4 foo6 foo8 foo10"},
    {16, "foo[00-10/3]", "foo00 foo03 foo06 foo09"},
    {18, "foo[1-3].example.com",
	"foo1.example.com foo2.example.com foo3.example.com"},
    {18, "foo[1-3]-ib", "foo1-ib foo2-ib foo3-ib"},
    {19, "10.0.[0-1].[1-2]", "10.0.0.1 10.0.0.2 10.0.1.1 10.0.1.2"},
    {22, "0-10", "0-10"},
    {23, "[1-3]", "1 2 3"},
    {24, "node[1-3],node[2-5]", "node1 node2 node3 node4 node5"},
    {26, "node3,node1,node2", "node3 node1 node2"}, /* C sorts */
    /* S: foo18446744073709551615 */
    {28, "foo99999999999999999999", "foo99999999999999999999"},
    {29, "user@foo[1-3],bar", "user@foo1 user@foo2 user@foo3 bar"},
    {29, "u@dom@host", "u@dom@host"},
    {30, "foo[1-2]:2222", "foo1:2222 foo2:2222"},
    {31, "user@foo[1-2]:2222", "user@foo1:2222 user@foo2:2222"},
    {32, "ssh://user@foo[1-2]:22", "user@foo1:22 user@foo2:22"},
    {33, "::1", "::1"},
    {33, "fe80::1", "fe80::1"},
    {33, "2001:db8::5", "2001:db8::5"},
    {34, "[2001:db8::1]:22", "[2001:db8::1]:22"},
    {34, "user@[::1]:2222", "user@[::1]:2222"},
    {34, "[fe80::1%eth0]", "fe80::1%eth0"},
    {35, "2001:db8::[1-3]", "2001:db8::1 2001:db8::2 2001:db8::3"},
    {37, "foo bar", "foo bar"}, /* C: one node */
    {37, "foo, bar", "foo bar"},
    {38, ",foo", "foo"},
    {38, "foo,", "foo"},
    {38, "foo,,bar", "foo bar"},
    {39, "foo[1-5]!foo3", "foo1 foo2 foo4 foo5"}, /* P: literal */
    {39, "foo[1-5]&foo[3-9]", "foo3 foo4 foo5"},
    {39, "foo[1-3]^foo[2-4]", "foo1 foo4"},
    {40, "n[1-3]&n[2-5],n9", "n2 n3 n9"},
    {40, "n[1-5],n9&n[4-9]", "n4 n5 n9"},
    {40, "n[1-5]!n2,n2", "n1 n3 n4 n5 n2"},
    {42, "-foo2,foo[1-3]", "foo1 foo3"}, /* C: literal */
    {42, "foo[1-3],-foo2", "foo1 foo3"},
    {43, "foo[1-12],/1$/", "foo1 foo11"},
    {43, "foo[1-3],-/2/", "foo1 foo3"},
    {46, "foo%s,foo%", "foo%s foo%"},
    {47, "N1,n1", "N1 n1"},
    {48, "\xc3\xa9[1-2]",
	"\xc3\xa9"
	"1 \xc3\xa9"
	"2"},
    {49, "n[1-2]a[01-02]b", "n1a01b n1a02b n2a01b n2a02b"},
};

/* A list as words "user@name:port"; heap. */
static char *
show(const struct muster_hosts *hosts)
{
	char *text = mem_strdup("");

	for (size_t i = 0; i < hosts->n; i++) {
		char *label = muster_host_label(&hosts->items[i]);
		char *longer =
		    mem_printf("%s%s%s", text, i > 0 ? " " : "", label);

		muster_string_free(label);
		free(text);
		text = longer;
	}
	return text;
}

static void
must_expand(const char *expr, const struct muster_expand_options *options,
    struct muster_hosts *hosts)
{
	struct muster_error err;

	if (muster_expand(expr, options, hosts, &err) != 0)
		fail_msg("'%s': %s", expr, err.text);
}

static void
expect(unsigned row, const char *expr,
    const struct muster_expand_options *options, const char *want)
{
	struct muster_hosts hosts;
	char *got;

	must_expand(expr, options, &hosts);
	got = show(&hosts);
	if (strcmp(got, want) != 0)
		fail_msg("%u: '%s' is '%s', not '%s'", row, expr, got, want);
	free(got);
	muster_hosts_clear(&hosts);
}

static void
test_tricky_expressions_select(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(expansions); i++)
		expect(expansions[i].row, expansions[i].input, NULL,
		    expansions[i].want);
}

/* ---- how it folds ---- */

static const struct {
	unsigned row;
	const char *input, *want;
	unsigned autostep;
	const char *axis;
} folds[] = {
    {5, "foo01,foo1,foo2,foo02", "foo[1-2,01-02]", 0, NULL},
    {13, "n[1-3]5", "n[15,25,35]", 0, NULL},
    {14, "prod-00[01-03]", "prod-[0001-0003]", 0, NULL},
    {16, "n[1-5/1]", "n[1-5]", 0, NULL},
    {17, "n[2,4,6]", "n[2,4,6]", 0, NULL},
    {17, "n[2,4,6]", "n[2-6/2]", 3, NULL},
    {18, "foo[1-3].example.com", "foo[1-3].example.com", 0, NULL},
    {18, "foo[1-3]-ib", "foo[1-3]-ib", 0, NULL},
    {19, "10.0.[0-1].[1-2]", "10.0.[0-1].[1-2]", 0, NULL},
    /* the last octet first; C: 10.0.[0-1].1,10.0.1.2 */
    {19, "10.0.0.1,10.0.1.1,10.0.1.2", "10.0.0.1,10.0.1.[1-2]", 0, NULL},
    {19, "10.0.[0-1].[1-2]", "10.0.0.[1-2],10.0.1.[1-2]", 0, "-1"},
    {20, "a[1-2]b[1-2],a3b1", "a[1-2]b[1-2],a3b1", 0, NULL},
    {21, "n1.dc1 n2.dc1 n1.dc2 n2.dc2", "n[1-2].dc[1-2]", 0, NULL},
    {21, "n1.dc1 n2.dc1 n1.dc2 n2.dc2", "n[1-2].dc1,n[1-2].dc2", 0, "1"},
    {22, "0-10", "0-10", 0, NULL},
    {26, "node3,node1,node2", "node[1-3]", 0, NULL},
    /* C: foo[99999999999999999998-99999999999999999999] */
    {28, "foo99999999999999999999,foo99999999999999999998",
	"foo99999999999999999998,foo99999999999999999999", 0, NULL},
    {46, "foo%s,foo%", "foo%,foo%s", 0, NULL},
    {47, "N1,n1", "N1,n1", 0, NULL},
    {49, "n[1-2]a[01-02]b", "n[1-2]a[01-02]b", 0, NULL},
};

static void
test_tricky_lists_fold(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(folds); i++) {
		const struct muster_fold_options options = {
		    .autostep = folds[i].autostep, .axis = folds[i].axis};
		struct muster_hosts hosts;
		const char **names;
		char *got;

		must_expand(folds[i].input, NULL, &hosts);
		names = mem_array(hosts.n, sizeof(*names));
		for (size_t j = 0; j < hosts.n; j++)
			names[j] = hosts.items[j].name;
		got = muster_fold(names, hosts.n, &options, NULL);
		assert_non_null(got);
		if (strcmp(got, folds[i].want) != 0)
			fail_msg("%u: '%s' is '%s', not '%s'", folds[i].row,
			    folds[i].input, got, folds[i].want);
		muster_string_free(got);
		free(names);
		muster_hosts_clear(&hosts);
	}
}

/* ---- what is refused, and where ---- */

static const struct {
	unsigned row;
	const char *input;
	size_t at;
	const char *word;
} refusals[] = {
    {3, "foo[1-03]", 4, "leading zeros"}, /* P, S: foo1 to foo3 */
    {3, "foo[01-3]", 4, "leading zeros"}, {6, "foo[3-1]", 4, "low to high"},
    {6, "foo[]", 3, "nothing is in"},
    {6, "foo[1,,3]", 6, "a number is missing"},
    {6, "foo[1-3,]", 8, "a number is missing"},
    {6, "foo[a-c]", 4, "only numbers"},
    {7, "foo[1-]", 6, "a number is missing"}, /* P, S: foo1 */
    {8, "foo[-3]", 4, "only numbers"},        /* C: foo-3 */
    {9, "foo[1-3", 3, "never closed"},        /* P: a host */
    {10, "foo1-3]", 6, "']' without '['"},    /* P: foo1] */
    {10, "foo[1-3]]", 8, "']' without '['"},
    {15, "n[0-10/2]5", 9, "no digit may follow"},
    {16, "foo[0-10/0]", 9, "a step is 1"},
    {16, "foo[10-0/2]", 4, "low to high"},
    {27, "foo[1-4000000000]", 0, "4000000000 names"},
    {32, "ssh:user@foo[1-2]", 3, "ssh://"},
    {36, "::1/2323", 0, "[address]:port"},
    {38, "foo!", 3, "nothing stands behind"},
    {38, "&foo", 0, "nothing stands before"},
    {38, "foo^", 3, "nothing stands behind"},
    {44, "@nosuch", 0, "no group 'nosuch'"},  /* C: nothing, and 0 */
    {44, "@all!@typo", 5, "no group 'typo'"}, /* C: all of them */
    {44, "zzz*", 0, "no host matches 'zzz*'"}, {48, "a\x1b", 1, "host name"},
    {48, "a/b", 1, "host"}, {48, "a;b", 1, "host name"},
    {48, "a$b", 1, "host name"}, {50, "web[0:2]", 3, "neither ranges"},
    {54, "<10-1>", 0, "host name"}, /* polysh: descending */
};

static void
test_tricky_expressions_are_refused(void **state)
{
	struct muster_expand_options options = {0};

	(void)state;
	inventory_put("refuse.ini", "[web]\nweb1\n");
	options.inventory = inventory_must_open("%s/refuse.ini");
	for (size_t i = 0; i < LEN(refusals); i++) {
		struct muster_hosts hosts;
		struct muster_error err;

		if (muster_expand(refusals[i].input, &options, &hosts, &err) ==
		    0)
			fail_msg("%u: '%s' was accepted", refusals[i].row,
			    refusals[i].input);
		assert_int_equal(hosts.n, 0);
		if (err.at != refusals[i].at ||
		    strstr(err.text, refusals[i].word) == NULL)
			fail_msg("%u: '%s' at %zd: %s", refusals[i].row,
			    refusals[i].input, (ssize_t)err.at, err.text);
	}
	muster_inventory_free(options.inventory);
}

/* ---- in Ansible's inventories ---- */

static const struct {
	unsigned row;
	const char *ini, *want;
} entries[] = {
    {35, "2001:db8::[1:3]\n", "2001:db8::1 2001:db8::2 2001:db8::3"},
    {35, "[abcd::7654:[6:8]]:22\n",
	"[abcd::7654:6]:22 [abcd::7654:7]:22 [abcd::7654:8]:22"},
    {50, "web[0:2]\n", "web0 web1 web2"},
    {51, "db-[a:c]\n", "db-a db-b db-c"},
    {51, "n[01:50:7]\n", "n01 n08 n15 n22 n29 n36 n43 n50"},
    {52, "user1@weird\n", "user1@weird"},
    {53, "h:2022\n", "h:2022"},
    {53, "[2001:db8::1]:2200\n", "[2001:db8::1]:2200"},
};

static void
test_tricky_entries_of_inventories(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(entries); i++) {
		inventory_put("entry.ini", entries[i].ini);
		inventory_expect("ansible:%s/entry.ini", "@*", entries[i].want);
	}
}

/* ---- what takes more than a line ---- */

/* 23, 47: what looks like a mistake is said. */
static void
check_notes(void)
{
	struct muster_hosts hosts;

	must_expand("[1-3]", NULL, &hosts);
	assert_non_null(strstr(hosts.notes, "'1' is a number"));
	muster_hosts_clear(&hosts);
	must_expand("N1,n1", NULL, &hosts);
	assert_non_null(strstr(hosts.notes, "differ in case only"));
	muster_hosts_clear(&hosts);
}

/* 24: P and S run on node2 and node3 twice. */
static void
check_duplicates(void)
{
	struct muster_expand_options options = {0};
	struct muster_hosts hosts;

	must_expand("node[1-3],node[2-5]", NULL, &hosts);
	assert_int_equal(hosts.n, 5);
	assert_int_equal(hosts.n_duplicates, 2);
	muster_hosts_clear(&hosts);
	expect(24, "n,u@n,n:22,u@n", NULL, "n u@n n:22");
	options.keep_duplicates = true;
	expect(24, "node[1-3],node[2-5]", &options,
	    "node1 node2 node3 node2 node3 node4 node5");
}

/* 25: P removes one of them only. */
static void
check_exclusion(void)
{
	const struct muster_expand_options options = {.keep_duplicates = true};
	struct muster_hosts hosts;
	char *left;

	must_expand("foo[1-3],foo2", &options, &hosts);
	assert_int_equal(
	    muster_hosts_exclude(&hosts, "foo2", &options, NULL), 0);
	left = show(&hosts);
	assert_string_equal(left, "foo1 foo3");
	free(left);
	muster_hosts_clear(&hosts);
}

/* 27: P refuses over 16384, S over 64K; C takes the memory. */
static void
check_size(void)
{
	struct muster_expand_options options = {0};
	struct muster_hosts hosts;
	struct muster_error err;

	must_expand("foo[1-20000]", NULL, &hosts);
	assert_int_equal(hosts.n, 20000);
	muster_hosts_clear(&hosts);
	assert_int_equal(
	    muster_expand("foo[1-100001]", NULL, &hosts, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_LIMIT);
	options.max_hosts = 100001;
	must_expand("foo[1-100001]", &options, &hosts);
	assert_int_equal(hosts.n, 100001);
	muster_hosts_clear(&hosts);
}

/* 41: C wants an operand before '^'. */
static void
check_file(void)
{
	char *path, *expr;

	inventory_put("list", "f[1-3]\n");
	path = inventory_path("list");
	expr = mem_printf("^%s", path);
	expect(41, expr, NULL, "f1 f2 f3");
	free(expr);
	expr = mem_printf("f[2-4] ^ ^%s", path);
	expect(41, expr, NULL, "f4 f1");
	free(expr);
	free(path);
	expect(41, "a[1-2]^a[2-3]", NULL, "a1 a3");
}

/* 44: with --allow-empty it is as C has it. */
static void
check_allow_empty(void)
{
	const struct muster_expand_options options = {.allow_empty = true};

	expect(44, "@nosuch", &options, "");
	expect(44, "zzz*", &options, "");
}

/* 45: without a list there is nothing to choose from. */
static void
check_wildcard_alone(void)
{
	struct muster_hosts hosts;
	struct muster_error err;

	assert_int_equal(muster_expand("foo*", NULL, &hosts, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_UNKNOWN_NAME);
	assert_non_null(strstr(err.text, "no host list to match"));
}

/* 50: a subscript in a pattern. */
static void
check_subscript(void)
{
	struct muster_inventory *inv;

	inventory_put("sub.ini", "[web]\nw[0:9]\n");
	inv = inventory_must_open("%s/sub.ini");
	inventory_expect_of(inv, "web[0:2]", true, "w0 w1 w2");
	muster_inventory_free(inv);
}

/* 55: C 1.9.1 crashed. */
static void
check_empty_yaml(void)
{
	static const char *const texts[] = {"", "---\n", "null\n", "~\n"};

	for (size_t i = 0; i < LEN(texts); i++) {
		inventory_put("cs/groups.conf",
		    "[Main]\ndefault: r\nautodir: groups.d\n");
		inventory_put("cs/groups.d/r.yaml", texts[i]);
		inventory_expect_refusal("%s/cs", "@a", "groups.d/r.yaml");
	}
	inventory_put("cs/groups.d/r.yaml", "r: null\n");
	inventory_expect_refusal("%s/cs", "@a", "groups.d/r.yaml:1:");
}

static const struct {
	unsigned row;
	void (*check)(void);
} others[] = {
    {23, check_notes},
    {24, check_duplicates},
    {25, check_exclusion},
    {27, check_size},
    {41, check_file},
    {44, check_allow_empty},
    {45, check_wildcard_alone},
    {47, check_notes},
    {50, check_subscript},
    {55, check_empty_yaml},
};

static void
test_tricky_cases_of_more_than_a_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(others); i++)
		others[i].check();
}

static void
test_no_case_is_missing(void **state)
{
	bool seen[N_ROWS + 1] = {false};

	(void)state;
	for (size_t i = 0; i < LEN(expansions); i++)
		seen[expansions[i].row] = true;
	for (size_t i = 0; i < LEN(folds); i++)
		seen[folds[i].row] = true;
	for (size_t i = 0; i < LEN(refusals); i++)
		seen[refusals[i].row] = true;
	for (size_t i = 0; i < LEN(entries); i++)
		seen[entries[i].row] = true;
	for (size_t i = 0; i < LEN(others); i++)
		seen[others[i].row] = true;
	for (unsigned row = 1; row <= N_ROWS; row++)
		if (!seen[row])
			fail_msg("case %u is missing", row);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tricky_expressions_select),
	    cmocka_unit_test(test_tricky_lists_fold),
	    cmocka_unit_test(test_tricky_expressions_are_refused),
	    cmocka_unit_test(test_tricky_entries_of_inventories),
	    cmocka_unit_test(test_tricky_cases_of_more_than_a_line),
	    cmocka_unit_test(test_no_case_is_missing),
	};

	return cmocka_run_group_tests(
	    tests, inventory_make_dir, inventory_remove_dir);
}
