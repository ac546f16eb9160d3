/*
 * test_fleet.c -- many hosts at once, simulated and real.
 *
 * Room: tests.  May touch: muster.h, simfleet.h, fixture/sshd.h.
 * What matters at this size: nobody waits for the dead, nothing but worker
 * threads is made, silence costs nothing, and few descriptors are enough.
 */
#include "config.h"

#include "base/clock.h"
#include "base/mem.h"
#include "fixture/sshd.h"
#include "simfleet.h"

#include <dirent.h>
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define N_SIMULATED 500
#define N_REAL 100
#define N_DEAD 20
#define N_SILENT 200
#define BIG (10 * 1024 * 1024)

static struct simfleet fleet;
static struct sshd_fleet *real;
static struct engine engine;

static size_t
add_numbered(const char *prefix, size_t i)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "%s%03zu", prefix, i);
	return simfleet_add(&fleet, &engine, name);
}

/* ThreadSanitizer brings a thread of its own, which wakes up as it likes. */
#ifdef __SANITIZE_THREAD__
#define MAY_COUNT_THREADS false
#else
#define MAY_COUNT_THREADS true
#endif

/* ---- what this process is made of ---- */

static size_t
count_entries(const char *path)
{
	DIR *dir = opendir(path);
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	(void)closedir(dir);
	return n - 2; /* "." and ".." */
}

static size_t
count_threads(void)
{
	return count_entries("/proc/self/task");
}

static bool
is_child(const char *pid)
{
	char path[300], line[512];
	const char *p;
	FILE *f;
	bool child = false;

	(void)snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	f = fopen(path, "r");
	if (f == NULL)
		return false;
	if (fgets(line, sizeof(line), f) != NULL &&
	    (p = strrchr(line, ')')) != NULL)
		child = strtol(p + 4, NULL, 10) == getpid();
	(void)fclose(f);
	return child;
}

static size_t
count_children(void)
{
	DIR *dir = opendir("/proc");
	struct dirent *d;
	size_t n = 0;

	assert_non_null(dir);
	while ((d = readdir(dir)) != NULL)
		if (d->d_name[0] >= '1' && d->d_name[0] <= '9')
			n += is_child(d->d_name);
	(void)closedir(dir);
	return n;
}

/* ---- six hundred hosts, twenty of them dead ---- */

/* Options that reach both fleets. */
static void
open_both(const char *identities[2], const char *known_hosts[2])
{
	simfleet_engine(&fleet, &engine);
	identities[0] = engine.identity;
	known_hosts[0] = engine.known_hosts;
	engine.options.identities = identities;
	engine.options.known_hosts = known_hosts;
	engine.options.n_identities = engine.options.n_known_hosts = 1;
	if (real != NULL) {
		identities[1] =
		    mem_strdup(sshd_fleet_file(real, "user_ed25519"));
		known_hosts[1] =
		    mem_strdup(sshd_fleet_file(real, "known_hosts"));
		engine.options.n_identities = 2;
		engine.options.n_known_hosts = 2;
		engine.options.user = sshd_fleet_user(real);
	}
	engine.options.fanout = 100;
	engine.options.n_workers = 2;
	engine.options.banner_timeout_ms = 60000;
	engine_open(&engine);
}

/* The dead are in the middle. Returns how many there are in all. */
static size_t
add_both(void)
{
	for (size_t i = 0; i < N_SIMULATED; i++) {
		(void)add_numbered("sim", i);
		if (i >= 240 && i < 240 + N_DEAD)
			(void)add_numbered("dead", i - 240);
	}
	for (size_t i = 0; real != NULL && i < N_REAL; i++) {
		const struct muster_host h = {.name = sshd_fleet_host(real, i),
		    .port = sshd_fleet_port(real)};

		assert_int_equal(muster_add_host(engine.m, &h, NULL), 1);
	}
	return muster_n_hosts(engine.m);
}

static bool
is_dead(size_t host)
{
	return strncmp(muster_host_name(engine.m, host), "dead", 4) == 0;
}

static void
test_six_hundred_do_not_wait_for_the_dead(void **state)
{
	const struct muster_command c = {.command = "printf 'a\\0b'; exit 3"};
	const char *identities[2], *known_hosts[2];
	size_t n_before = count_children(), n_threads = count_threads(), n;

	(void)state;
	open_both(identities, known_hosts);
	n = add_both();
	engine_start(&engine, &c);
	engine_gather(&engine, n - N_DEAD);
	/* The dead still are being waited for; nobody else is. */
	if (MAY_COUNT_THREADS)
		assert_int_equal(count_threads(), n_threads + 2);
	assert_int_equal(count_children(), n_before);
	for (size_t i = 0; i < n; i++) {
		if (is_dead(i)) {
			engine_assert_end(&engine, i, "PENDING");
			continue;
		}
		engine_assert_end(&engine, i, "EXIT 3");
		engine_assert_out(&engine, i, "a\0b", 3);
	}
	muster_cancel(engine.m, NULL, 0, MUSTER_CANCEL_TERM);
	engine_gather(&engine, n);
	for (size_t i = 0; i < n; i++)
		if (is_dead(i))
			engine_assert_end(&engine, i, "CANCELLED");
	if (real != NULL) {
		free((void *)(uintptr_t)identities[1]);
		free((void *)(uintptr_t)known_hosts[1]);
	}
}

/* ---- silence ---- */

/* Times a thread of this process went to sleep or was put aside. */
static long
count_switches(void)
{
	struct rusage r;

	assert_int_equal(getrusage(RUSAGE_SELF, &r), 0);
	return r.ru_nvcsw + r.ru_nivcsw;
}

static void
test_silent_hosts_cost_no_wake_ups(void **state)
{
	const struct muster_command c = {.command = "command"};
	struct muster_event event;
	size_t n_running = 0;
	long before;

	(void)state;
	simfleet_engine(&fleet, &engine);
	engine.options.fanout = N_SILENT;
	engine_open(&engine);
	for (size_t i = 0; i < N_SILENT; i++)
		(void)add_numbered("silent", i);
	muster_want_states(engine.m, true);
	engine_start(&engine, &c);
	while (n_running < N_SILENT) {
		assert_int_equal(muster_next(engine.m, 30000, &event), 1);
		n_running += event.type == MUSTER_EVENT_STATE &&
			     event.state == MUSTER_RUNNING;
	}
	/* What is still on its way comes now. */
	assert_int_equal(muster_next(engine.m, 200, &event), 0);
	before = count_switches();
	assert_int_equal(muster_next(engine.m, 1500, &event), 0);
	if (MAY_COUNT_THREADS)
		assert_true(count_switches() - before <= 5);
	muster_cancel(engine.m, NULL, 0, MUSTER_CANCEL_NOW);
	engine_gather(&engine, N_SILENT);
	for (size_t i = 0; i < N_SILENT; i++)
		engine_assert_end(&engine, i, "KILLED_LOCAL");
}

/* ---- few descriptors ---- */

/* In a process of its own, whose limit cannot be raised again. */
static int
run_with_descriptors(rlim_t n_fds)
{
	const struct rlimit limit = {n_fds, n_fds};
	struct muster_tally tally;
	struct muster_error err;
	const struct muster_command c = {.command = "exit 3"};

	simfleet_engine(&fleet, &engine);
	engine.options.fanout = 1000;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
		return 2;
	engine_open(&engine);
	for (size_t i = 0; i < 150; i++)
		(void)add_numbered("sim", i);
	if (muster_start(engine.m, NULL, 0, &c, &err) != 0 ||
	    muster_join(engine.m, 20000, &tally, &err) != 0)
		return 3;
	return tally.n_failed == 150 ? 0 : 4;
}

static void
test_few_descriptors_are_enough_for_many_hosts(void **state)
{
	static const rlim_t limits[] = {48, 100, 150};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		int status;
		pid_t pid;

		(void)fflush(NULL);
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			_exit(run_with_descriptors(limits[i]));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
	}
	/* This process has nothing to be freed. */
	simfleet_engine(&fleet, &engine);
}

/* ---- much data ---- */

static void
assert_digest(const void *data, size_t len, const uint8_t expected[32])
{
	uint8_t digest[32];

	assert_int_equal(
	    EVP_Digest(data, len, digest, NULL, EVP_sha256(), NULL), 1);
	assert_memory_equal(digest, expected, sizeof(digest));
}

static void
test_ten_megabytes_go_both_ways_unchanged(void **state)
{
	static const char *const names[] = {"echo", "echo-rekey"};
	uint8_t *input = mem_new(BIG);
	const struct muster_command c = {
	    .command = "cat", .input = input, .input_len = BIG};

	(void)state;
	fleetsim_pattern(7, input, BIG);
	input[BIG / 2] = 0;
	simfleet_engine(&fleet, &engine);
	engine_open(&engine);
	for (size_t i = 0; i < 2; i++)
		(void)simfleet_add(&fleet, &engine, names[i]);
	engine_start(&engine, &c);
	engine_gather(&engine, 2);
	for (size_t i = 0; i < 2; i++) {
		engine_assert_end(&engine, i, "EXIT 0");
		engine_assert_out(&engine, i, input, BIG);
		assert_int_equal(engine_result(&engine, i)->flags, 0);
		assert_int_equal(
		    simfleet_ledger(&fleet, names[i])->stdin_bytes, BIG);
		assert_digest(input, BIG,
		    simfleet_ledger(&fleet, names[i])->stdout_sha256);
	}
	assert_true(simfleet_ledger(&fleet, "echo-rekey")->rekeys > 5);
	free(input);
}

static int
setup(void **state)
{
	struct muster_error err = {0};
	struct buf table;

	(void)state;
	buf_init(&table, 10000);
	buf_addf(&table,
	    "sim[000-%d] exec=canned stdout=\"a\\0b\" exit=3\n"
	    "dead[000-%d] scenario=banner.silent\n"
	    "silent[000-%d] exec=canned linger=1h\n"
	    "echo exec=cat\n"
	    "echo-rekey exec=cat rekey=1000000\n",
	    N_SIMULATED - 1, N_DEAD - 1, N_SILENT - 1);
	simfleet_start(&fleet, buf_str(&table));
	buf_clear(&table);
	if (sshd_path() == NULL) {
		print_message("# no sshd here: simulated hosts only\n");
		return 0;
	}
	real = sshd_fleet_new(N_REAL, NULL, &err);
	if (real == NULL)
		print_message("%s\n", err.text);
	return real == NULL ? -1 : 0;
}

static int
teardown_one(void **state)
{
	(void)state;
	engine_clear(&engine);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	sshd_fleet_free(real);
	simfleet_stop(&fleet);
	return 0;
}

#define TEST(fn) cmocka_unit_test_teardown(fn, teardown_one)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_few_descriptors_are_enough_for_many_hosts),
	    TEST(test_six_hundred_do_not_wait_for_the_dead),
	    TEST(test_silent_hosts_cost_no_wake_ups),
	    TEST(test_ten_megabytes_go_both_ways_unchanged),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
