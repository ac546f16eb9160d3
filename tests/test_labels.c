/*
 * test_labels.c -- what hosts are called, and adding all of them or none.
 *
 * Room: tests.  May touch: muster.h, scratch.h.
 * No host is contacted.
 */
#include "config.h"

#include "muster.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct muster *
open_fleet(const char *const *ssh_options, size_t n)
{
	struct muster_options options;
	struct muster_error err;
	struct muster *m;

	muster_options_init(&options);
	options.no_env_files = true;
	options.user = "me";
	options.ssh_options = ssh_options;
	options.n_ssh_options = n;
	m = muster_new(&options, &err);
	assert_non_null(m);
	return m;
}

static void
add(struct muster *m, const char *expr)
{
	struct muster_error err;

	if (muster_add_hosts(m, expr, &err) != 0)
		fail_msg("'%s': %s", expr, err.text);
}

/* The labels must be these, in order. */
static void
expect(struct muster *m, enum muster_label label, const char *const *want)
{
	muster_label_hosts(m, label);
	for (size_t i = 0; i < muster_n_hosts(m); i++)
		assert_string_equal(muster_host_name(m, i), want[i]);
	assert_null(want[muster_n_hosts(m)]);
}

static void
test_a_short_label_has_no_domain(void **state)
{
	struct muster *m = open_fleet(NULL, 0);

	(void)state;
	add(m, "web1.example.org,db,10.0.0.1,2001:db8::1,web2.example.org");
	expect(m, MUSTER_LABEL_SHORT,
	    (const char *[]){
		"web1", "db", "10.0.0.1", "2001:db8::1", "web2", NULL});
	assert_string_equal(muster_host_list_name(m, 0), "web1.example.org");
	/* And back. */
	expect(m, MUSTER_LABEL_ALIAS,
	    (const char *[]){"web1.example.org", "db", "10.0.0.1",
		"2001:db8::1", "web2.example.org", NULL});
	muster_free(m);
}

static void
test_labels_that_would_be_equal_fall_back(void **state)
{
	struct muster *m = open_fleet(NULL, 0);

	(void)state;
	add(m, "web1.a,web1.b,web2.a,web2,you@web3.a,web3.a:2222");
	expect(m, MUSTER_LABEL_SHORT,
	    (const char *[]){"web1.a", "web1.b", "web2.a", "web2",
		"you@web3.a:22", "me@web3.a:2222", NULL});
	muster_free(m);
}

static void
test_a_host_named_again_has_a_number(void **state)
{
	struct muster_options options;
	struct muster *m;

	(void)state;
	muster_options_init(&options);
	options.no_env_files = true;
	options.ssh_config = "none";
	options.user = "me";
	options.keep_duplicates = true;
	m = muster_new(&options, NULL);
	assert_non_null(m);
	add(m, "a.x,b,a.x,you@a.x,me@a.x:22");
	expect(m, MUSTER_LABEL_ALIAS,
	    (const char *[]){"me@a.x:22", "b", "me@a.x:22#2", "you@a.x:22",
		"me@a.x:22#3", NULL});
	assert_string_equal(muster_host_list_name(m, 4), "me@a.x:22");
	muster_free(m);
}

static void
test_a_full_label_is_the_name_that_is_looked_up(void **state)
{
	static const char *const option[] = {"HostName=%h.example.org"};
	static const char *const address[] = {"HostName=192.0.2.7"};
	struct muster *m = open_fleet(option, 1);

	(void)state;
	add(m, "web[1-2]");
	expect(m, MUSTER_LABEL_FQDN,
	    (const char *[]){"web1.example.org", "web2.example.org", NULL});
	expect(m, MUSTER_LABEL_SHORT, (const char *[]){"web1", "web2", NULL});
	muster_free(m);
	m = open_fleet(address, 1);
	add(m, "web[1-2]");
	expect(m, MUSTER_LABEL_FQDN, (const char *[]){"web1", "web2", NULL});
	muster_free(m);
}

static void
test_a_list_with_a_bad_host_adds_none(void **state)
{
	static const char config[] = "Host a3\nProxyCommand -\n";
	char *folder = scratch_new();
	struct muster_options options;
	struct muster_error err;
	struct muster *m;

	(void)state;
	scratch_write("config", config, sizeof(config) - 1);
	muster_options_init(&options);
	options.no_env_files = true;
	options.ssh_config = "config";
	m = muster_new(&options, &err);
	assert_non_null(m);
	add(m, "b1,a2");
	assert_int_equal(muster_add_hosts(m, "a[1-4]", &err), -1);
	assert_non_null(strstr(err.text, "a3"));
	assert_int_equal(muster_n_hosts(m), 2);
	/* What was taken out again can be added. */
	add(m, "a[1-2]");
	assert_int_equal(muster_n_hosts(m), 3);
	assert_string_equal(muster_host_name(m, 2), "a1");
	muster_free(m);
	scratch_remove(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_short_label_has_no_domain),
	    cmocka_unit_test(test_labels_that_would_be_equal_fall_back),
	    cmocka_unit_test(test_a_host_named_again_has_a_number),
	    cmocka_unit_test(test_a_full_label_is_the_name_that_is_looked_up),
	    cmocka_unit_test(test_a_list_with_a_bad_host_adds_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
