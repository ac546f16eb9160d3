/*
 * test_knownhosts_add.c -- writing to known_hosts beside others who do.
 *
 * Room: tests.  May touch: engine/base, engine/conf, tests/scratch.h.
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/err.h"
#include "conf/knownhosts.h"
#include "tests/scratch.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* A key blob, 51 bytes, that differs by `fill`. */
struct blob {
	uint8_t bytes[51];
};

static struct blob
make_blob(int fill)
{
	struct blob b;

	memset(&b, fill, sizeof(b));
	memcpy(b.bytes, "\0\0\0\13ssh-ed25519\0\0\0\40", 19);
	return b;
}

static int
add(const char *host, uint16_t port, int fill, bool hashed,
    struct muster_error *err)
{
	struct blob b = make_blob(fill);
	struct knownhosts_new new = {host, port, b.bytes, sizeof(b.bytes)};

	return knownhosts_add("k", &new, 1, hashed, err);
}

static enum knownhosts_match
ask(const char *host, uint16_t port, int fill)
{
	struct knownhosts *k = knownhosts_new();
	struct blob b = make_blob(fill);
	struct knownhosts_host *h;
	enum knownhosts_match match;

	assert_int_equal(knownhosts_read(k, "k", NULL), 0);
	assert_int_equal(knownhosts_n_notes(k), 0);
	h = knownhosts_find(k, host, port);
	match = knownhosts_check(h, b.bytes, sizeof(b.bytes), NULL);
	knownhosts_host_free(h);
	knownhosts_free(k);
	return match;
}

static void
assert_text(const char *path, const char *expected)
{
	char *text = scratch_read(path, NULL);

	assert_string_equal(text, expected);
	free(text);
}

#define KEY_1                                                                  \
	"ssh-ed25519 "                                                         \
	"AAAAC3NzaC1lZDI1NTE5AAAAIAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB"

static void
test_a_line_is_written_as_ssh_would(void **state)
{
	struct muster_error err = {0};
	struct stat st;

	(void)state;
	unlink("k");
	if (add("Web1", 22, 1, false, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(add("web2", 2222, 1, false, &err), 0);
	assert_int_equal(add("::1", 22, 1, false, &err), 0);
	assert_text(
	    "k", "web1 " KEY_1 "\n[web2]:2222 " KEY_1 "\n::1 " KEY_1 "\n");
	assert_int_equal(stat("k", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(ask("web2", 2222, 1), KNOWNHOSTS_MATCH);
}

static void
test_a_missing_folder_is_made(void **state)
{
	struct blob b = make_blob(1);
	struct knownhosts_new new = {"w", 22, b.bytes, sizeof(b.bytes)};
	struct muster_error err;
	struct stat st;

	(void)state;
	assert_int_equal(knownhosts_add("dot/k", &new, 1, false, &err), 0);
	assert_int_equal(stat("dot", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_text("dot/k", "w " KEY_1 "\n");
	assert_int_equal(
	    knownhosts_add("no/folder/k", &new, 1, false, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	assert_int_equal(knownhosts_add("/dev/null", &new, 1, false, &err), 0);
}

static void
test_a_hashed_line_tells_no_name(void **state)
{
	struct muster_error err;
	char *text;

	(void)state;
	unlink("k");
	assert_int_equal(add("web1", 22, 1, true, &err), 0);
	assert_int_equal(add("web1", 2222, 1, true, &err), 0);
	text = scratch_read("k", NULL);
	assert_null(strstr(text, "web1"));
	assert_int_equal(strncmp(text, "|1|", 3), 0);
	free(text);
	assert_int_equal(ask("web1", 22, 1), KNOWNHOSTS_MATCH);
	assert_int_equal(ask("web1", 2222, 1), KNOWNHOSTS_MATCH);
	assert_int_equal(ask("web2", 22, 1), KNOWNHOSTS_UNKNOWN);
	if (scratch_has("ssh-keygen"))
		assert_int_equal(
		    scratch_run("ssh-keygen -F '[web1]:2222' -f k >/dev/null"),
		    0);
}

static void
test_other_lines_stay_as_they_are(void **state)
{
	static const char before[] = "# mine\r\n\r\nbad\n\t w \x01 no end";
	struct muster_error err;

	(void)state;
	scratch_write("k", before, sizeof(before) - 1);
	assert_int_equal(chmod("k", 0640), 0);
	assert_int_equal(add("web1", 22, 1, false, &err), 0);
	assert_text(
	    "k", "# mine\r\n\r\nbad\n\t w \x01 no end\nweb1 " KEY_1 "\n");
	struct stat st;
	assert_int_equal(stat("k", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void
test_what_is_known_is_not_written_again(void **state)
{
	struct blob b = make_blob(1);
	struct knownhosts_new twice[2] = {{"w", 22, b.bytes, sizeof(b.bytes)},
	    {"W", 22, b.bytes, sizeof(b.bytes)}};
	struct muster_error err;

	(void)state;
	unlink("k");
	assert_int_equal(knownhosts_add("k", twice, 2, false, &err), 0);
	assert_int_equal(knownhosts_add("k", twice, 2, true, &err), 0);
	assert_text("k", "w " KEY_1 "\n");
	assert_int_equal(knownhosts_add("k", twice, 0, true, &err), 0);
	assert_text("k", "w " KEY_1 "\n");
}

static void
test_another_key_or_a_revoked_one_is_not_written(void **state)
{
	static const char other_type[] = "\0\0\0\7ssh-rsa\0\0\0\1x";
	struct knownhosts_new rsa = {
	    "w", 22, other_type, sizeof(other_type) - 1};
	struct muster_error err;

	(void)state;
	scratch_write("k", "w " KEY_1 "\n@revoked x* " KEY_1 "\n",
	    strlen("w " KEY_1 "\n@revoked x* " KEY_1 "\n"));
	assert_int_equal(add("w", 22, 2, false, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_KEY);
	assert_string_equal(err.text, "'k' has another key for 'w' in line 1");
	assert_int_equal(add("x1", 22, 1, false, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_KEY);
	assert_string_equal(
	    err.text, "'k' has the key of 'x1' revoked in line 2");
	assert_text("k", "w " KEY_1 "\n@revoked x* " KEY_1 "\n");
	assert_int_equal(knownhosts_add("k", &rsa, 1, false, &err), 0);
	assert_text("k", "w " KEY_1 "\n@revoked x* " KEY_1
			 "\nw ssh-rsa AAAAB3NzaC1yc2EAAAABeA==\n");
}

static void
test_names_that_would_be_read_otherwise_are_refused(void **state)
{
	static const char *const names[] = {"", "a b", "a\nb", "a,b", "*",
	    "web?", "!a", "#a", "@revoked", "|1|a|b", "a\tb"};
	static const char bad_type[] = "\0\0\0\3a b\0\0\0\1x";
	struct knownhosts_new bad = {"w", 22, bad_type, sizeof(bad_type) - 1};
	struct muster_error err;

	(void)state;
	scratch_write("k", "", 0);
	for (size_t i = 0; i < N(names); i++) {
		assert_int_equal(add(names[i], 22, 1, false, &err), -1);
		assert_int_equal(err.code, MUSTER_ERR_USAGE);
	}
	assert_int_equal(knownhosts_add("k", &bad, 1, false, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_KEY);
	assert_text("k", "");
}

static void
test_files_that_may_not_be_trusted_are_not_written(void **state)
{
	struct muster_error err;

	(void)state;
	scratch_write("k", "", 0);
	assert_int_equal(chmod("k", 0666), 0);
	assert_int_equal(add("w", 22, 1, false, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	assert_text("k", "");
	unlink("k");
	assert_int_equal(mkdir("k", 0700), 0);
	assert_int_equal(add("w", 22, 1, false, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	rmdir("k");
	assert_int_equal(mkfifo("k", 0600), 0);
	assert_int_equal(add("w", 22, 1, false, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	unlink("k");
}

/* A limit on the size of files stands in for a disk that is full. */
static void
test_a_full_disk_leaves_the_file_as_it_was(void **state)
{
	struct muster_error err;
	struct rlimit old, small;
	char before[1001];

	(void)state;
	memset(before, '#', sizeof(before) - 2);
	before[999] = '\n';
	before[1000] = '\0';
	scratch_write("k", before, 1000);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	/* The line is longer than what is left. */
	small.rlim_cur = 1040;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int rc = add("w", 22, 1, false, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(rc, -1);
	assert_int_equal(err.code, MUSTER_ERR_FILE);
	assert_text("k", before);
	assert_int_equal(add("w", 22, 1, false, &err), 0);
	assert_int_equal(ask("w", 22, 1), KNOWNHOSTS_MATCH);
}

#define WRITERS 20

/* How many lines each writer adds: few under valgrind, where a line takes a
 * hundred times longer. */
static int
n_adds(void)
{
	const char *preload = getenv("LD_PRELOAD");

	return preload != NULL && strstr(preload, "vgpreload") != NULL ? 5
								       : 100;
}

/* Adds as one of many. A process that is out of luck for five seconds tries
 * again: what counts is that nothing is lost. */
static void
add_many(int writer)
{
	char host[32];

	for (int i = 0; i < n_adds(); i++) {
		struct muster_error err = {0};
		int rc;

		snprintf(host, sizeof(host), "host-%d-%d", writer, i);
		do
			rc = add(host, 22, writer, i % 2 == 1, &err);
		while (rc != 0 && err.code == MUSTER_ERR_TIMEOUT);
		if (rc != 0) {
			fprintf(stderr, "%s\n", err.text);
			_exit(1);
		}
	}
	_exit(0);
}

static void
test_twenty_writers_lose_no_line(void **state)
{
	struct knownhosts *k = knownhosts_new();
	pid_t pids[WRITERS];
	char *lines, host[32], expected[32];
	int status;

	(void)state;
	unlink("k");
	for (int i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		assert_true(pids[i] >= 0);
		if (pids[i] == 0)
			add_many(i);
	}
	for (int i = 0; i < WRITERS; i++) {
		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
	lines = scratch_output("wc -l <k | tr -d ' '");
	snprintf(expected, sizeof(expected), "%d", WRITERS * n_adds());
	assert_string_equal(lines, expected);
	free(lines);
	assert_int_equal(knownhosts_read(k, "k", NULL), 0);
	assert_int_equal(knownhosts_n_notes(k), 0);
	for (int i = 0; i < WRITERS; i++) {
		for (int j = 0; j < n_adds(); j++) {
			struct blob b = make_blob(i);
			struct knownhosts_host *h;

			snprintf(host, sizeof(host), "host-%d-%d", i, j);
			h = knownhosts_find(k, host, 22);
			assert_int_equal(
			    knownhosts_check(h, b.bytes, sizeof(b.bytes), NULL),
			    KNOWNHOSTS_MATCH);
			knownhosts_host_free(h);
		}
	}
	knownhosts_free(k);
}

/* Holds the lock on the side file until `go` is closed, in a child. */
static pid_t
hold_lock(int ready, int go)
{
	struct flock all;
	pid_t pid = fork();
	char byte = 0;

	if (pid != 0)
		return pid;
	memset(&all, 0, sizeof(all));
	all.l_type = F_WRLCK;
	int fd = open("k.muster.lock", O_RDWR | O_CREAT, 0600);
	if (fcntl(fd, F_SETLKW, &all) != 0 || write(ready, &byte, 1) != 1)
		_exit(1);
	_exit(read(go, &byte, 1) == 1 ? 0 : 1);
}

static void
test_a_lock_is_waited_for_and_then_given_up(void **state)
{
	int ready[2], go[2], status;
	struct muster_error err;
	char byte = 0;
	pid_t pid;

	(void)state;
	scratch_write("k", "", 0);
	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
	pid = hold_lock(ready[1], go[0]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(add("w", 22, 1, false, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_TIMEOUT);
	assert_string_equal(
	    err.text, "cannot lock 'k': others have held it for 5 seconds");
	assert_text("k", "");
	assert_int_equal(write(go[1], &byte, 1), 1);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(add("w", 22, 1, false, &err), 0);
	for (size_t i = 0; i < 2; i++) {
		close(ready[i]);
		close(go[i]);
	}
}

static int
set_up(void **state)
{
	*state = scratch_new();
	return 0;
}

static int
tear_down(void **state)
{
	scratch_remove(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_line_is_written_as_ssh_would),
	    cmocka_unit_test(test_a_missing_folder_is_made),
	    cmocka_unit_test(test_a_hashed_line_tells_no_name),
	    cmocka_unit_test(test_other_lines_stay_as_they_are),
	    cmocka_unit_test(test_what_is_known_is_not_written_again),
	    cmocka_unit_test(test_another_key_or_a_revoked_one_is_not_written),
	    cmocka_unit_test(
		test_names_that_would_be_read_otherwise_are_refused),
	    cmocka_unit_test(
		test_files_that_may_not_be_trusted_are_not_written),
	    cmocka_unit_test(test_a_full_disk_leaves_the_file_as_it_was),
	    cmocka_unit_test(test_twenty_writers_lose_no_line),
	    cmocka_unit_test(test_a_lock_is_waited_for_and_then_given_up),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
