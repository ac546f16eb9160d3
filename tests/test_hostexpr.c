/*
 * test_hostexpr.c -- host expressions: what they select, what they refuse.
 *
 * Room: tests.  May touch: engine/conf, engine/base.
 */
#include "config.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/limits.h"
#include "conf/hostexpr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define NO_AT MUSTER_NOWHERE

/* ---- a small world: groups web, db, empty and rack[1-2]; its hosts ---- */

static const struct {
	const char *group;
	const char *hosts;
} world[] = {
    {"web", "web1,web2,web3"},
    {"db", "db1,db2"},
    {"rack1", "web1,db1"},
    {"rack2", "web2,db2"},
    {"other:web", "o1"},
    {"empty", ""},
    {"*", "web1,web2,web3,db1,db2"},
};

static int
add_world(const char *group, struct hostlist *out)
{
	static const struct hostexpr_options options = {.allow_empty = true};

	for (size_t i = 0; i < sizeof(world) / sizeof(world[0]); i++) {
		struct hostlist l;

		if (strcmp(world[i].group, group) != 0)
			continue;
		hostlist_init(&l, out->max, false);
		assert_int_equal(
		    hostexpr_expand(world[i].hosts, &options, &l, NULL), 0);
		(void)hostlist_append(out, &l);
		hostlist_clear(&l);
		return 1;
	}
	return 0;
}

static int
world_group(void *ctx, const char *source, const char *name,
    struct hostlist *out, struct muster_error *err)
{
	char full[64];

	(void)ctx, (void)err;
	(void)snprintf(full, sizeof(full), "%s%s%s",
	    source == NULL ? "" : source, source == NULL ? "" : ":", name);
	return add_world(full, out);
}

static int
world_all(void *ctx, const char *source, struct hostlist *out,
    struct muster_error *err)
{
	(void)ctx, (void)err;
	return source == NULL ? add_world("*", out) : 0;
}

static int
world_suggest(
    void *ctx, const char *source, const char *name, char *out, size_t size)
{
	(void)ctx, (void)source;
	(void)snprintf(out, size, "web");
	return strcmp(name, "wbe") == 0;
}

static const struct hostexpr_resolver resolver = {
    .group = world_group, .all = world_all, .suggest = world_suggest};
static const struct hostexpr_options with_world = {.resolver = &resolver};
static const struct hostexpr_options alone = {0};

/* ---- helpers ---- */

/* The list as "user@host:port" words. */
static char *
show(const struct hostlist *l)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < l->n; i++) {
		const struct hostref *r = &l->items[i];

		assert_true(buf_addf(&b, "%s%s%s%s", i > 0 ? " " : "",
		    r->user == NULL ? "" : r->user, r->user == NULL ? "" : "@",
		    r->host));
		if (r->port != 0)
			assert_true(buf_addf(&b, " :%u", r->port));
	}
	return buf_take_str(&b);
}

static void
expect(const char *expr, const struct hostexpr_options *o, bool dups,
    const char *want)
{
	struct hostlist l;
	struct muster_error err = {0};
	char *got;

	hostlist_init(&l, LIMIT_HOSTS, dups);
	if (hostexpr_expand(expr, o, &l, &err) != 0)
		fail_msg("'%s': %s (at %zu)", expr, err.text, err.at);
	got = show(&l);
	if (strcmp(got, want) != 0)
		fail_msg("'%s' is '%s', not '%s'", expr, got, want);
	free(got);
	hostlist_clear(&l);
}

static void
expect_refusal(const char *expr, const struct hostexpr_options *o,
    enum muster_err code, size_t at, const char *word)
{
	struct hostlist l;
	struct muster_error err = {0};

	hostlist_init(&l, LIMIT_HOSTS, false);
	if (hostexpr_expand(expr, o, &l, &err) == 0)
		fail_msg("'%s' was accepted", expr);
	if (err.code != code || err.at != at ||
	    strstr(err.text, word) == NULL || strchr(err.text, '\n') != NULL)
		fail_msg("'%s': code %d at %zd: %s", expr, err.code,
		    (ssize_t)err.at, err.text);
	hostlist_clear(&l);
}

/* ---- the tricky cases, by their number in the design ---- */

static void
test_tricky_expressions_select_what_they_say(void **state)
{
	static const struct {
		const char *expr, *want;
	} cases[] = {
	    /* 1, 2: the width is that of the low end and grows */
	    {"foo[01-03]", "foo01 foo02 foo03"},
	    {"foo[9-10]", "foo9 foo10"},
	    {"foo[09-10]", "foo09 foo10"},
	    {"foo[98-102]", "foo98 foo99 foo100 foo101 foo102"},
	    {"foo[098-102]", "foo098 foo099 foo100 foo101 foo102"},
	    /* 4: widths are never merged */
	    {"foo[1,01,001]", "foo1 foo01 foo001"},
	    /* 8: what a leading '-' in a range is meant for */
	    {"foo-[1-3]", "foo-1 foo-2 foo-3"},
	    /* 11: the rightmost goes fastest */
	    {"rack[1-2]node[01-02]x[7-8]",
		"rack1node01x7 rack1node01x8 rack1node02x7 rack1node02x8 "
		"rack2node01x7 rack2node01x8 rack2node02x7 rack2node02x8"},
	    /* 12 to 14 */
	    {"a[1-2][3-4]", "a13 a14 a23 a24"},
	    {"n[1-3]5", "n15 n25 n35"},
	    {"prod-00[01-03]", "prod-0001 prod-0002 prod-0003"},
	    /* 16, 17 */
	    {"foo[0-10/2]", "foo0 foo2 foo4 foo6 foo8 foo10"},
	    {"foo[00-10/3]", "foo00 foo03 foo06 foo09"},
	    {"n[1-5/1]", "n1 n2 n3 n4 n5"},
	    {"n[2,4,6]", "n2 n4 n6"},
	    /* 18, 19 */
	    {"foo[1-3].example.com",
		"foo1.example.com foo2.example.com foo3.example.com"},
	    {"foo[1-3]-ib", "foo1-ib foo2-ib foo3-ib"},
	    {"10.0.[0-1].[1-2]", "10.0.0.1 10.0.0.2 10.0.1.1 10.0.1.2"},
	    /* 20 to 23 */
	    {"a[1-2]b[1-2],a3b1", "a1b1 a1b2 a2b1 a2b2 a3b1"},
	    {"n1.dc1 n2.dc1 n1.dc2 n2.dc2", "n1.dc1 n2.dc1 n1.dc2 n2.dc2"},
	    {"0-10", "0-10"},
	    {"[1-3]", "1 2 3"},
	    /* 24, 26: each once, in the order given */
	    {"node[1-3],node[2-5]", "node1 node2 node3 node4 node5"},
	    {"node3,node1,node2", "node3 node1 node2"},
	    /* 28: long digits are text */
	    {"foo99999999999999999999", "foo99999999999999999999"},
	    /* 29 to 32 */
	    {"user@foo[1-2],bar", "user@foo1 user@foo2 bar"},
	    {"u@dom@host", "u@dom@host"},
	    {"foo[1-2]:2222", "foo1 :2222 foo2 :2222"},
	    {"user@foo[1-2]:2222", "user@foo1 :2222 user@foo2 :2222"},
	    {"ssh://user@foo[1-2]:22", "user@foo1 :22 user@foo2 :22"},
	    {"ssh://foo", "foo"},
	    /* 33 to 35 */
	    {"::1", "::1"},
	    {"fe80::1", "fe80::1"},
	    {"2001:db8::5", "2001:db8::5"},
	    {"::1:22", "::1:22"},
	    {"[2001:db8::1]:22", "2001:db8::1 :22"},
	    {"user@[::1]:2222", "user@::1 :2222"},
	    {"[fe80::1%eth0]", "fe80::1%eth0"},
	    {"fe80::1%eth0", "fe80::1%eth0"},
	    {"2001:db8::[1-3]", "2001:db8::1 2001:db8::2 2001:db8::3"},
	    {"::ffff:10.0.0.1", "::ffff:10.0.0.1"},
	    /* 37, 38 */
	    {"foo bar", "foo bar"},
	    {"foo, bar", "foo bar"},
	    {",foo", "foo"},
	    {"foo,", "foo"},
	    {"foo,,bar", "foo bar"},
	    {" foo\tbar\n", "foo bar"},
	    /* 39, 40: strictly left to right */
	    {"foo[1-5]!foo3", "foo1 foo2 foo4 foo5"},
	    {"foo[1-5]&foo[3-9]", "foo3 foo4 foo5"},
	    {"foo[1-3]^foo[2-4]", "foo1 foo4"},
	    {"n[1-3]&n[2-5],n9", "n2 n3 n9"},
	    {"n[1-5],n9&n[4-9]", "n4 n5 n9"},
	    {"n[1-5]!n2,n2", "n1 n3 n4 n5 n2"},
	    {"n[1-5] ! n2 & n[1-3]", "n1 n3"},
	    {"a[1-2] ^ a[2-3]", "a1 a3"},
	    /* 42: exclusions take effect at the end */
	    {"foo[1-3],-foo2", "foo1 foo3"},
	    {"-foo2,foo[1-3]", "foo1 foo3"},
	    {"foo[1-4],-foo[2-3]", "foo1 foo4"},
	    /* 43: filters likewise */
	    {"foo[1-12],/1$/", "foo1 foo11"},
	    {"/1$/ foo[1-12]", "foo1 foo11"},
	    {"foo[1-3],-/2/", "foo1 foo3"},
	    {"foo[1-3],/o[1,2]/", "foo1 foo2"},
	    /* 46 to 49 */
	    {"foo%s,foo%", "foo%s foo%"},
	    {"N1,n1", "N1 n1"},
	    {"\xc3\xa9[1-2]", "\xc3\xa9"
			      "1 \xc3\xa9"
			      "2"},
	    {"n[1-2]a[01-02]b", "n1a01b n1a02b n2a01b n2a02b"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect(cases[i].expr, &alone, false, cases[i].want);
}

static void
test_tricky_expressions_are_refused_where_they_go_wrong(void **state)
{
	static const struct {
		const char *expr;
		size_t at;
		const char *word;
	} cases[] = {
	    {"foo[1-03]", 4, "leading zeros"}, /* 3 */
	    {"foo[01-3]", 4, "leading zeros"},
	    {"foo[3-1]", 4, "low to high"}, /* 6 */
	    {"foo[]", 3, "nothing is in"},
	    {"foo[1,,3]", 6, "a number is missing"},
	    {"foo[1-3,]", 8, "a number is missing"},
	    {"foo[a-c]", 4, "only numbers"},
	    {"foo[1-]", 6, "a number is missing"}, /* 7 */
	    {"foo[-3]", 4, "only numbers"},        /* 8 */
	    {"foo[1-3", 3, "never closed"},        /* 9 */
	    {"foo1-3]", 6, "']' without '['"},     /* 10 */
	    {"foo[1-3]]", 8, "']' without '['"},
	    {"foo[1[2]]", 5, "only numbers"},
	    {"n[0-10/2]5", 9, "no digit may follow"}, /* 15 */
	    {"n[0-10/0]", 7, "a step is 1"},          /* 16 */
	    {"n[10-0/2]", 2, "low to high"}, {"n[1 - 3]", 3, "only numbers"},
	    {"n[1234567890123456789]", 2, "18 digits"}, /* 28 */
	    {"ssh:user@foo", 3, "ssh://"},              /* 32 */
	    {"::1/2323", 0, "[address]:port"},          /* 36 */
	    {"foo!", 3, "nothing stands behind"},       /* 38 */
	    {"!foo", 0, "nothing stands before"},
	    {"foo,!bar", 4, "nothing stands before"},
	    {"foo&&bar", 3, "nothing stands behind"},
	    {"foo ^", 4, "nothing stands behind"},
	    {"foo,^", 4, "a name is missing"}, {"a & -b", 4, "cannot follow"},
	    {"a,-", 2, "a name is missing"}, {"a,@", 2, "a name is missing"},
	    {"a,/b", 2, "is missing"}, {"a,/b/c", 5, "text behind"},
	    {"a,/(/", 3, "regular expression"},
	    {"foo;reboot", 3, "host name"}, /* 48 */
	    {"foo/bar", 3, "host:port"}, {"f$x", 1, "host name"},
	    {"foo\x1b[1m", 4, "never closed"}, {"foo\x1bm", 3, "host name"},
	    {"foo\xc2\x9bm", 3, "host name"},
	    {"web[0:2]", 3, "neither ranges"}, /* 50 */
	    {"[2001:zz::1]:22", 0, "neither ranges"}, {"foo:", 4, "a port is"},
	    {"foo:0", 4, "a port is"}, {"foo:65536", 4, "a port is"},
	    {"foo:ssh", 4, "a port is"}, {"u@:22", 2, "a host name is missing"},
	    {"a,b@-oProxyCommand=x", 4, "cannot begin with '-'"},
	    {"root@@web", 5, "a group"},
	    {"a,ssh:///b@c", 8, "cannot begin with"},
	    {"ssh://@b@c", 6, "cannot begin with"},
	    {"2001:d[8-10]b8::1", 0, "'2001:d10b8::1' is no IPv6"},
	    {"a;b@foo", 1, "user name"}, {"<10-1>", 0, "host name"}, /* 54 */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_refusal(cases[i].expr, &alone, MUSTER_ERR_SYNTAX,
		    cases[i].at, cases[i].word);
}

static void
test_what_selects_nothing_is_an_error(void **state)
{
	static const struct hostexpr_options lenient = {
	    .resolver = &resolver, .allow_empty = true};

	(void)state;
	expect_refusal("", &alone, MUSTER_ERR_EMPTY, NO_AT, "no host");
	expect_refusal(" , ", &alone, MUSTER_ERR_EMPTY, NO_AT, "no host");
	expect_refusal("-foo2", &alone, MUSTER_ERR_EMPTY, NO_AT, "take away");
	expect_refusal("/w/", &with_world, MUSTER_ERR_EMPTY, NO_AT, "away");
	expect_refusal("a!a", &alone, MUSTER_ERR_EMPTY, NO_AT, "no host");
	expect_refusal(
	    "@empty", &with_world, MUSTER_ERR_EMPTY, NO_AT, "no host");
	expect("", &lenient, false, "");
	expect("@nosuch,zzz*,a", &lenient, false, "a");
}

static void
test_groups_and_wildcards_ask_the_resolver(void **state)
{
	(void)state;
	expect("@web", &with_world, false, "web1 web2 web3");
	expect("@db,@web!@rack1", &with_world, false, "db2 web2 web3");
	expect("@rack[1-2]", &with_world, false, "web1 db1 web2 db2");
	expect("@other:web", &with_world, false, "o1");
	expect("@*", &with_world, false, "web1 web2 web3 db1 db2");
	expect("web*", &with_world, false, "web1 web2 web3");
	expect("?b[1-2]", &with_world, false, "db1 db2");
	expect("*[2-3]", &with_world, false, "web2 db2 web3");
	expect("root@d*:23", &with_world, false, "root@db1 :23 root@db2 :23");
	expect("@*,-@db", &with_world, false, "web1 web2 web3");
	expect("x[1-3],-*2", &with_world, false, "x1 x3");
}

static void
test_unknown_groups_and_wildcards_are_errors(void **state)
{
	static const struct {
		const char *expr;
		const struct hostexpr_options *options;
		size_t at;
		const char *word;
	} cases[] = {
	    {"a,@wbe", &with_world, 2, "did you mean '@web'"},
	    {"@nosuch", &with_world, 0, "no group 'nosuch'"},
	    {"@*!@typo", &with_world, 3, "no group 'typo'"},
	    {"@no:such", &with_world, 0, "no group 'no:such'"},
	    {"@no:*", &with_world, 0, "no group 'no:*'"},
	    {"zzz*", &with_world, 0, "no host matches 'zzz*'"},
	    {"wbe*", &with_world, 0, "did you mean 'web*'?"},
	    {"a1,-b*", &with_world, 4, "no host matches 'b*'"},
	    {"foo*", &alone, 0, "no host list to match"},
	    {"@web", &alone, 0, "no inventory"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_refusal(cases[i].expr, cases[i].options,
		    MUSTER_ERR_UNKNOWN_NAME, cases[i].at, cases[i].word);
}

static void
test_duplicates_can_be_kept(void **state)
{
	(void)state;
	expect("n[1-2],n2", &alone, true, "n1 n2 n2");
	expect("foo[1-3],foo2,-foo2", &alone, true, "foo1 foo3");
	expect("n1,u@n1,n1:22", &alone, false, "n1 u@n1 n1 :22");
}

static void
test_exclusion_stands_for_every_user_and_port(void **state)
{
	(void)state;
	expect("root@a[1-2]:22!a1", &alone, false, "root@a2 :22");
	expect("a1,root@a1!root@a1", &alone, false, "a1");
	expect("root@a1:22,root@a1:23&root@a1", &alone, false,
	    "root@a1 :22 root@a1 :23");
	expect("root@a1:22!a1:23", &alone, false, "root@a1 :22");
}

static void
test_x_excludes_and_finds_typos(void **state)
{
	static const struct {
		const char *hosts, *exclude, *want;
	} cases[] = {
	    {"foo[1-3]", "foo2", "foo1 foo3"},
	    {"foo[1-3]", "foo[2-9]", "foo1"},
	    {"foo[1-3]", "*2", "foo1 foo3"},
	    {"foo[1-12]", "/1/", "foo2 foo3 foo4 foo5 foo6 foo7 foo8 foo9"},
	    {"web[1-3]", "@rack1", "web2 web3"},
	    {"a[1-3]", "a*,-a2", "a2"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hostlist l;
		struct muster_error err;
		char *got;

		hostlist_init(&l, LIMIT_HOSTS, false);
		assert_int_equal(
		    hostexpr_expand(cases[i].hosts, &with_world, &l, &err), 0);
		if (hostexpr_exclude(cases[i].exclude, &with_world, &l, &err) !=
		    0)
			fail_msg("%s: %s", cases[i].exclude, err.text);
		got = show(&l);
		assert_string_equal(got, cases[i].want);
		free(got);
		assert_int_equal(
		    hostexpr_exclude("zz*", &with_world, &l, &err), -1);
		assert_int_equal(err.code, MUSTER_ERR_UNKNOWN_NAME);
		assert_int_equal(
		    hostexpr_exclude("*", &with_world, &l, &err), -1);
		assert_int_equal(err.code, MUSTER_ERR_EMPTY);
		hostlist_clear(&l);
	}
}

/* ---- size and speed ---- */

static void
test_size_is_known_before_memory_is_taken(void **state)
{
	(void)state;
	expect_refusal("a,foo[1-100001]", &alone, MUSTER_ERR_LIMIT, 2,
	    "100001 names, 100000 are allowed");
	expect_refusal("foo[1-4000000000]", &alone, MUSTER_ERR_LIMIT, 0,
	    "4000000000 names");
	expect_refusal("a[1-99999999]b[1-99999999]c[1-99999999]", &alone,
	    MUSTER_ERR_LIMIT, 0, "more than");
	expect_refusal("a[0-999999999999999999,0-999999999999999999,0-9]",
	    &alone, MUSTER_ERR_LIMIT, 0, "more than");
	expect_refusal(
	    "@a[1-100001]", &with_world, MUSTER_ERR_LIMIT, 1, "100001 names");
	expect_refusal("a[1-60000],b[1-60000]", &alone, MUSTER_ERR_LIMIT, 11,
	    "more than the 100000 hosts");
}

static void
test_a_hundred_thousand_names_are_fast(void **state)
{
	struct hostlist l;
	int64_t begun = clock_now_us();

	(void)state;
	hostlist_init(&l, LIMIT_HOSTS, false);
	assert_int_equal(
	    hostexpr_expand(
		"rack[001-100]n[0001-1000].example.com", &alone, &l, NULL),
	    0);
	assert_int_equal(l.n, 100000);
	assert_string_equal(l.items[99999].host, "rack100n1000.example.com");
	/* Ten times the time it is meant to take, for slow machines. */
	assert_true(clock_now_us() - begun < 1000000);
	hostlist_clear(&l);
}

static void
test_a_name_is_255_bytes_at_most(void **state)
{
	char name[400];

	(void)state;
	memset(name, 'a', sizeof(name));
	name[255] = '\0';
	expect(name, &alone, false, name);
	memset(name + 255, 'a', 100);
	name[256] = '\0';
	expect_refusal(name, &alone, MUSTER_ERR_SYNTAX, 0, "255 bytes");
}

/* ---- files ---- */

static char dir[] = "/tmp/muster-hostexpr-XXXXXX";

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL ? -1 : 0;
}

static int
remove_dir(void **state)
{
	char command[64];

	(void)state;
	(void)snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

static void
put_file(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
test_a_file_has_an_expression_a_line(void **state)
{
	char expr[160];

	(void)state;
	put_file("hosts", "\xef\xbb\xbf# our hosts\r\nweb[1-2]  # two\r\n\r\n"
			  "#include more\n  root@x:22\n@db!db1");
	put_file("more", "m1,m2\n");
	(void)snprintf(expr, sizeof(expr), "a ^%s/hosts!web2", dir);
	expect(expr, &with_world, false, "a web1 m1 m2 root@x :22 db2");
}

static void
test_a_bad_line_is_named_with_file_line_and_column(void **state)
{
	struct hostlist l;
	struct muster_error err;
	char expr[160], want[160];

	(void)state;
	put_file("bad", "a\nb, c[1-\n");
	put_file("loop", "#include loop\n");
	hostlist_init(&l, LIMIT_HOSTS, false);
	(void)snprintf(expr, sizeof(expr), "x,^%s/bad", dir);
	assert_int_equal(hostexpr_expand(expr, &alone, &l, &err), -1);
	(void)snprintf(want, sizeof(want), "%s/bad:2:5: '[' is", dir);
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	assert_int_equal(err.at, 2);
	assert_non_null(strstr(err.text, want));
	(void)snprintf(expr, sizeof(expr), "^%s/loop", dir);
	assert_int_equal(hostexpr_expand(expr, &alone, &l, &err), -1);
	assert_non_null(strstr(err.text, "included more than"));
	(void)snprintf(expr, sizeof(expr), "^%s/none", dir);
	assert_int_equal(hostexpr_expand(expr, &alone, &l, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	(void)snprintf(expr, sizeof(expr), "^%s", dir);
	assert_int_equal(hostexpr_expand(expr, &alone, &l, &err), -1);
	assert_non_null(strstr(err.text, "directory"));
	hostlist_clear(&l);
}

static void
test_a_dash_is_standard_input(void **state)
{
	int fds[2], saved = dup(STDIN_FILENO);

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "a1\na2", 5), 5);
	assert_int_equal(close(fds[1]), 0);
	assert_true(dup2(fds[0], STDIN_FILENO) >= 0);
	assert_int_equal(close(fds[0]), 0);
	expect("b ^-", &alone, false, "b a1 a2");
	if (saved >= 0)
		assert_true(dup2(saved, STDIN_FILENO) >= 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_tricky_expressions_select_what_they_say),
	    cmocka_unit_test(
		test_tricky_expressions_are_refused_where_they_go_wrong),
	    cmocka_unit_test(test_what_selects_nothing_is_an_error),
	    cmocka_unit_test(test_groups_and_wildcards_ask_the_resolver),
	    cmocka_unit_test(test_unknown_groups_and_wildcards_are_errors),
	    cmocka_unit_test(test_duplicates_can_be_kept),
	    cmocka_unit_test(test_exclusion_stands_for_every_user_and_port),
	    cmocka_unit_test(test_x_excludes_and_finds_typos),
	    cmocka_unit_test(test_size_is_known_before_memory_is_taken),
	    cmocka_unit_test(test_a_hundred_thousand_names_are_fast),
	    cmocka_unit_test(test_a_name_is_255_bytes_at_most),
	    cmocka_unit_test(test_a_file_has_an_expression_a_line),
	    cmocka_unit_test(
		test_a_bad_line_is_named_with_file_line_and_column),
	    cmocka_unit_test(test_a_dash_is_standard_input),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
