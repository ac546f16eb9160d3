/*
 * test_beneath.c -- nothing is written outside of a folder, whatever happens
 * to the names in it meanwhile.
 *
 * Room: tests.  May touch: engine/copy.
 */
#include "config.h"

#include "scratch.h"

#include "copy/beneath.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS 10000

static atomic_bool over;
static atomic_ulong n_swaps;

/* A folder becomes a link that leads out, and a folder again. */
static void *
swap(void *arg)
{
	(void)arg;
	while (!atomic_load(&over)) {
		if (renameat2(AT_FDCWD, "in/d", AT_FDCWD, "in/link",
			RENAME_EXCHANGE) == 0)
			atomic_fetch_add(&n_swaps, 1);
	}
	return NULL;
}

static void
write_there(int root, unsigned i)
{
	char path[64];
	const char *name;
	int parent, fd;

	(void)snprintf(path, sizeof(path), "d/f%u", i % 16);
	parent = beneath_open_parent(root, path, &name);
	if (parent >= 0) {
		fd =
		    openat(parent, name, O_WRONLY | O_CREAT | O_NOFOLLOW, 0600);
		if (fd >= 0)
			(void)close(fd);
		(void)close(parent);
	}
	(void)snprintf(path, sizeof(path), "d/s%u", i % 16);
	(void)beneath_make_folder(root, path);
	(void)beneath_set_folder(root, "d", 0700, NULL);
	(void)snprintf(path, sizeof(path), "d/l%u", i % 16);
	(void)beneath_make_link(root, path, "nowhere");
}

static void
test_a_folder_that_becomes_a_link_leads_nowhere(void **state)
{
	char *folder = scratch_new();
	struct stat st;
	pthread_t thread;
	int root;

	(void)state;
	assert_int_equal(mkdir("in", 0700), 0);
	assert_int_equal(mkdir("in/d", 0700), 0);
	assert_int_equal(mkdir("out", 0755), 0);
	assert_int_equal(symlink("../out", "in/link"), 0);
	root = beneath_open_root("in", false);
	assert_true(root >= 0);
	assert_int_equal(pthread_create(&thread, NULL, swap, NULL), 0);
	while (atomic_load(&n_swaps) == 0)
		;
	for (unsigned i = 0; i < ROUNDS; i++)
		write_there(root, i);
	atomic_store(&over, true);
	assert_int_equal(pthread_join(thread, NULL), 0);
	(void)close(root);
	assert_true(atomic_load(&n_swaps) > 100);
	/* It was met as a folder, too; and as a link it was not followed. */
	assert_int_equal(scratch_run("find in -type f | grep -q /f"), 0);
	assert_int_equal(scratch_run("! find out -mindepth 1 | grep ."), 0);
	assert_int_equal(stat("out", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0755);
	scratch_remove(folder);
}

static void
test_names_that_lead_elsewhere_are_refused(void **state)
{
	static const char *const bad[] = {
	    "", ".", "..", "a/b", "/", "/etc", "a\nb", "\033[2J", "\x7f"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_non_null(beneath_refuses(bad[i], strlen(bad[i])));
	assert_non_null(beneath_refuses("a\0b", 3));
	assert_null(beneath_refuses("...", 3));
	assert_null(beneath_refuses("\xc3\xa4 \xff", 4));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_folder_that_becomes_a_link_leads_nowhere),
	    cmocka_unit_test(test_names_that_lead_elsewhere_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
