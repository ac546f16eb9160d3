/*
 * test_inventory.c -- inventories of all formats but Ansible's.
 *
 * Room: tests.  May touch: muster.h, engine/base.
 */
#include "config.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "tests/inventory_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- lists ---- */

static void
test_plain_lists_have_an_expression_a_line(void **state)
{
	(void)state;
	inventory_put(
	    "plain", "# ours\nweb[1-2] db1\n#include more\nroot@x:22\n");
	inventory_put("more", "m1\nweb1\n");
	inventory_expect("%s/plain", "@*", "web1 web2 db1 m1 root@x:22");
	inventory_expect("plain:%s/plain", "web*", "web1 web2");
	inventory_expect_refusal("%s/plain", "@web", "no group 'web'");
	inventory_put("bad", "a\nb[1-\n");
	inventory_expect_refusal(
	    "%s/bad", "@*", "/bad:2:2: '[' is never closed");
	inventory_expect_refusal("%s/none", "@*", "/none': No such file");
}

static void
test_pssh_lists_may_have_a_user(void **state)
{
	(void)state;
	inventory_put(
	    "pssh", "h1 root\n h2:2222  bob # x\nu@h3\n\n[::1]:22\nh1\n");
	inventory_expect(
	    "pssh:%s/pssh", "@*", "root@h1 bob@h2:2222 u@h3 [::1]:22 h1");
	inventory_put("pssh", "h1\nh2 a b\n");
	inventory_expect_refusal("pssh:%s/pssh", "@*", "/pssh:2:6: a line is");
	inventory_put("pssh", "h1 -x\n");
	inventory_expect_refusal("pssh:%s/pssh", "@*", "/pssh:1:4: not a user");
}

static void
test_a_folder_of_dsh_has_a_group_a_file(void **state)
{
	(void)state;
	inventory_put("group/web", "web1\nweb2\n");
	inventory_put("group/all", "@web\ndb1\n");
	inventory_put("group/web~", "old\n");
	inventory_expect("%s/group", "@web", "web1 web2");
	inventory_expect("%s/group", "@dsh:all", "web1 web2 db1");
	inventory_expect("%s/group", "web*", "web1 web2");
	inventory_expect_refusal("%s/group", "@wbe", "did you mean '@web'?");
	inventory_put("group/loop", "@loop\n");
	inventory_expect_refusal("%s/group", "@loop", "within itself");
}

static void
test_genders_have_a_group_an_attribute(void **state)
{
	(void)state;
	inventory_put("genders", "# comment\nn[1-3]  compute,rack=r1,mac=%n\n"
				 "n4 compute,rack=r2 # end\nlogin1\n");
	inventory_expect("%s/genders", "@compute", "n1 n2 n3 n4");
	inventory_expect("%s/genders", "@rack=r1,@rack=r2", "n1 n2 n3 n4");
	inventory_expect("%s/genders", "@rack!@rack=r2", "n1 n2 n3");
	inventory_expect("genders:%s/genders", "@genders:mac", "n1 n2 n3");
	inventory_expect("%s/genders", "@*", "n1 n2 n3 n4 login1");
	inventory_put("genders", "n1 a\nn[2 b\n");
	inventory_expect_refusal(
	    "%s/genders", "@a", "/genders:2:2: '[' is never");
}

static void
test_clusterssh_tags_may_hold_tags(void **state)
{
	(void)state;
	inventory_put(
	    "clusters", "live eu us\neu root@e1:22 e2\nus u[1-2]  # two\n");
	inventory_put("tags", "x1 eu spare\n");
	inventory_expect("%s/clusters", "@live", "root@e1:22 e2 u1 u2");
	inventory_expect("%s/clusters", "@us", "u1 u2");
	inventory_expect("%s/tags", "@spare", "x1");
	inventory_put("clusters", "a b\nb a\n");
	inventory_expect_refusal("%s/clusters", "@a", "within itself");
}

static void
test_ssh_config_names_hosts(void **state)
{
	char *path = inventory_path("ssh_config");

	(void)state;
	inventory_put("ssh_config",
	    "Host web1 web2\n User root\nHost *.x !y z\nHost *\n");
	assert_int_equal(chmod(path, 0600), 0);
	inventory_expect("ssh:%s/ssh_config", "@*", "web1 web2 z");
	inventory_expect("%s/ssh_config", "web*", "web1 web2");
	free(path);
}

/* ---- ClusterShell ---- */

static void
put_clustershell(void)
{
	inventory_put("cs/groups.conf",
	    "[Main]\ndefault: local\nconfdir: $CFGDIR/conf.d\n"
	    "autodir: $CFGDIR/groups.d\n\n"
	    "[up,up2]\n"
	    "map: sed -n 's/^$GROUP://p' $CFGDIR/list\n"
	    "all: sed 's/^.*://' list\n"
	    "list: sed 's/:.*//' list; test $SOURCE = up\n"
	    "[slow]\nmap: echo oops >&2; exit 3\n");
	inventory_put("cs/list", "one:a[1-2]\ntwo:a3,@one\nthree:@nosuch\n");
	inventory_put("cs/conf.d/more.conf", "[more]\nmap: echo m1\n");
	inventory_put("cs/groups.d/local.yaml",
	    "local:\n  web: 'w[1-3]'\n  db: [d1, 'd2']\n"
	    "  both: '@web,@db'\n  none:\n  far: '@rack:r1'\n"
	    "rack:\n  r1: w1,d1\n");
}

static void
test_clustershell_groups_are_read_and_asked_for(void **state)
{
	(void)state;
	put_clustershell();
	inventory_expect("%s/cs", "@web", "w1 w2 w3");
	inventory_expect("%s/cs/groups.conf", "@both!w2", "w1 w3 d1 d2");
	inventory_expect("%s/cs", "@rack:r1,@far", "w1 d1");
	inventory_expect("%s/cs", "@*", "w1 w2 w3 d1 d2");
	inventory_expect("%s/cs", "@up:two", "a3 a1 a2");
	inventory_expect("%s/cs", "@up2:one", "a1 a2");
	inventory_expect("%s/cs", "@more:x", "m1");
	inventory_expect("%s/cs/groups.d/local.yaml", "@db", "d1 d2");
	inventory_expect_refusal("%s/cs", "@r1", "no group 'r1'");
	inventory_expect_refusal("%s/cs", "@none", "no host is selected");
	inventory_expect_refusal("%s/cs", "@up:nope", "no group 'up:nope'");
	inventory_expect_refusal("%s/cs", "@up:tow", "did you mean '@up:two'?");
	inventory_expect_refusal(
	    "%s/cs", "@upp:two", "did you mean '@up:two'?");
	inventory_expect_refusal(
	    "%s/cs", "@rakc:r1", "did you mean '@rack:r1'?");
	inventory_expect_refusal("%s/cs", "@up:three", "no group 'nosuch'");
	inventory_expect_refusal("%s/cs", "@slow:x", "ended with code 3: oops");
	inventory_expect_refusal(
	    "%s/cs", "@up:x`id`", "cannot be the name of a group");
	inventory_expect_refusal(
	    "%s/cs", "@up:x$(id)", "cannot be the name of a group");
}

static void
test_broken_group_files_are_named(void **state)
{
	(void)state;
	inventory_put("b.yaml", "src:\n");
	inventory_expect_refusal("clustershell:%s/none", "@a", "No such file");
	inventory_put("empty/groups.conf", "[Main]\nautodir: d\n");
	inventory_put("empty/d/e.yaml", "");
	inventory_expect_refusal(
	    "%s/empty", "@a", "/e.yaml: the file is empty");
	inventory_put("empty/d/e.yaml", "src:\n");
	inventory_expect_refusal(
	    "%s/empty", "@a", "/e.yaml:1:5: 'src' is no source");
	inventory_put("empty/d/e.yaml", "src: {a: {b: c}}\n");
	inventory_expect_refusal(
	    "%s/empty", "@a", "/e.yaml:1:10: 'a' is neither");
	inventory_put("empty/d/e.yaml", "src: [\n");
	inventory_expect_refusal("%s/empty", "@a", "/e.yaml: 2:1: ");
	inventory_put("empty/groups.conf", "x: y\n");
	inventory_expect_refusal(
	    "%s/empty", "@a", "/groups.conf:1:1: no [section]");
	inventory_put("empty/groups.conf", "[a]\n  what\n");
	inventory_expect_refusal(
	    "%s/empty", "@a", "/groups.conf:2:3: not 'key: value'");
}

/* ---- the whole ---- */

static void
test_sources_add_up_and_duplicates_are_counted(void **state)
{
	struct muster_inventory *inv;
	struct muster_expand_options options = {0};
	struct muster_hosts hosts;
	struct muster_names names;
	struct muster_error err;
	char *more = inventory_path("genders");

	(void)state;
	inventory_put("hosts.ini", inventory_ini);
	inventory_put("genders", "web01,g1 blue\n");
	inventory_put("twice", "a\nb\na\na\n");
	options.inventory = inv = inventory_must_open("%s/hosts.ini");
	assert_int_equal(muster_inventory_add(inv, more, &err), 0);
	inventory_expect_of(inv, "@blue", false, "www@web01:1 g1");
	assert_int_equal(muster_inventory_groups(inv, NULL, &names, &err), 0);
	assert_int_equal(names.n, 6);
	assert_string_equal(names.items[0], "all");
	assert_string_equal(names.items[1], "blue");
	muster_names_clear(&names);
	muster_inventory_sources(inv, &names);
	assert_int_equal(names.n, 2);
	muster_names_clear(&names);
	muster_inventory_free(inv);
	options.inventory = inv = inventory_must_open("%s/twice");
	assert_int_equal(muster_expand("@*", &options, &hosts, &err), 0);
	assert_int_equal(hosts.n, 2);
	assert_int_equal(hosts.n_duplicates, 2);
	muster_hosts_clear(&hosts);
	muster_inventory_free(inv);
	free(more);
}

static void
test_the_environment_names_inventories(void **state)
{
	static const struct {
		const char *name, *file, *expr, *want;
	} cases[] = {
	    {"WCOLL", "plain", "m*", "m1"},
	    {"ANSIBLE_INVENTORY", "hosts.ini", "lone", "any@lone=10.0.0.9"},
	    {"PDSH_GENDERS_FILE", "genders", "@compute", "n1"},
	    {"DSHGROUP_PATH", "group", "@web", "web1 web2"},
	    {"CLUSTERSHELL_CFGDIR", "cs", "@up:one", "a1 a2"},
	};

	(void)state;
	inventory_put("hosts.ini", inventory_ini);
	inventory_put("plain", "m1\n");
	inventory_put("genders", "n1 compute\n");
	inventory_put("group/web", "web1\nweb2\n");
	put_clustershell();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct muster_inventory *inv = muster_inventory_new();
		char *path = inventory_path(cases[i].file);
		struct muster_error err;

		assert_int_equal(setenv(cases[i].name, path, 1), 0);
		if (muster_inventory_add(inv, NULL, &err) != 0)
			fail_msg("%s: %s", cases[i].name, err.text);
		inventory_expect_of(inv, cases[i].expr, false, cases[i].want);
		assert_int_equal(unsetenv(cases[i].name), 0);
		muster_inventory_free(inv);
		free(path);
	}
}

enum { SECOND_US = 1000000 };
#ifdef __SANITIZE_ADDRESS__
enum { SLOWER = 10, LARGER = 20 };
#else
enum { SLOWER = 1, LARGER = 1 };
#endif

/* Bytes of memory the process has had at most. */
static size_t
peak_bytes(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
	return (size_t)usage.ru_maxrss * 1024;
}

static void
test_a_hundred_thousand_lines_are_read_fast(void **state)
{
	static const struct {
		const char *name, *head, *before, *after, *tail;
	} cases[] = {
	    {"big", "", "", "", ""},
	    {"big.ini", "[web]\n", "", " ansible_user=root", ""},
	    {"genders", "", "", " compute,rack=7", ""},
	    {"big.yml", "all:\n  hosts:\n", "    ", ": {ansible_user: root}",
		""},
	    {"big.json", "{\"web\": [\"x\"], \"_meta\": {\"hostvars\": {\n",
		"\"", "\": {\"ansible_user\": \"root\", \"y\": 1},",
		"\"x\": {}}}}"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *source = mem_printf("%%s/%s", cases[i].name);
		char *path = inventory_path(cases[i].name);
		FILE *f = fopen(path, "w");
		int64_t begun;

		assert_non_null(f);
		assert_true(fputs(cases[i].head, f) >= 0);
		for (unsigned n = 0; n < 100000; n++)
			assert_true(
			    fprintf(f, "%srack%03u-node%05u.example.com%s\n",
				cases[i].before, n / 1000, n,
				cases[i].after) > 0);
		assert_true(fputs(cases[i].tail, f) >= 0);
		assert_int_equal(fclose(f), 0);
		begun = clock_now_us();
		muster_inventory_free(inventory_must_open(source));
		/* Five times what it may take, for slow machines. */
		assert_true(clock_now_us() - begun < 5 * SECOND_US * SLOWER);
		assert_true(peak_bytes() < LARGER * ((size_t)64 << 20));
		free(source);
		free(path);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_plain_lists_have_an_expression_a_line),
	    cmocka_unit_test(test_pssh_lists_may_have_a_user),
	    cmocka_unit_test(test_a_folder_of_dsh_has_a_group_a_file),
	    cmocka_unit_test(test_genders_have_a_group_an_attribute),
	    cmocka_unit_test(test_clusterssh_tags_may_hold_tags),
	    cmocka_unit_test(test_ssh_config_names_hosts),
	    cmocka_unit_test(test_clustershell_groups_are_read_and_asked_for),
	    cmocka_unit_test(test_broken_group_files_are_named),
	    cmocka_unit_test(test_sources_add_up_and_duplicates_are_counted),
	    cmocka_unit_test(test_the_environment_names_inventories),
	    cmocka_unit_test(test_a_hundred_thousand_lines_are_read_fast),
	};

	return cmocka_run_group_tests(
	    tests, inventory_make_dir, inventory_remove_dir);
}
