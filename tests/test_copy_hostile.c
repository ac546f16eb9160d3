/*
 * test_copy_hostile.c -- pulls from and pushes to SFTP servers that lie.
 *
 * Room: tests.  May touch: muster.h, simfleet.h.
 * Each host of a simulated fleet has one bad habit. All are asked at once,
 * and each must end with its own outcome; nothing may be written outside of
 * its own folder, and nothing half done may stay under a name.
 */
#include "config.h"

#include "base/buf.h"
#include "scratch.h"
#include "simfleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define STALL_MS 1500
#define TABLE_BYTES 65536

/* All that no pull has anything to do with. */
#define LIST_OTHERS                                                            \
	"find . -mindepth 1 -path ./got -prune -o ! -name before "             \
	"! -name after -printf '%p %s %T@\\n' | sort"

struct habit {
	const char *name;  /* of the host */
	const char *words; /* that describe it to fleetsim */
	const char *end;
	const char *says;  /* in the message or the notes; NULL: nothing */
	const char *holds; /* a shell command, in the folder of all; or NULL */
};

/* Of a folder with files, a folder and a link. */
static const struct habit pulled[] = {
    {"good", "", "DONE", NULL,
	"diff -r --no-dereference good/src got/good/src"},
    {"plain", "sftp.plain", "DONE", NULL, "diff -r plain/src got/plain/src"},
    {"short", "sftp.short@999", "DONE", NULL,
	"diff -r short/src got/short/src"},
    {"none", "sftp.count@0", "DONE", NULL, "test -d got/none/src"},
    {"norefuse", "sftp.refuse,exec.refuse", "SUBSYS_REFUSED", "no SFTP", NULL},
    {"v2", "sftp.version@2", "SUBSYS_REFUSED", "version 2", NULL},
    {"v6", "sftp.version@6", "SUBSYS_REFUSED", "version 6", NULL},
    {"greets", "sftp.garbage", "SUBSYS_REFUSED", "does not speak SFTP", NULL},
    {"vast0", "sftp.first.length@4294967295", "SUBSYS_REFUSED",
	"does not speak SFTP", NULL},
    {"vast", "sftp.length@4294967295", "PROTO", "impossible length", NULL},
    {"tiny", "sftp.length@0", "PROTO", "impossible length", NULL},
    {"ids", "sftp.id@1", "PROTO", "nobody asked", NULL},
    {"idsfar", "sftp.id@65536", "PROTO", "nobody asked", NULL},
    {"twice", "sftp.twice", "PROTO", "nobody asked", NULL},
    {"mute", "sftp.silent@0", "STALLED", "no answer", NULL},
    {"falls", "sftp.silent@9", "STALLED", "no answer", NULL},
    {"leaves", "sftp.cut@9", "LOST", "ended", NULL},
    {"kinds", "sftp.kind", "PROTO", "wrong kind", NULL},
    {"handle0", "sftp.handle@0", "PROTO", "makes no sense", NULL},
    {"handle257", "sftp.handle@257", "PROTO", "makes no sense", NULL},
    {"empty", "sftp.empty", "PROTO", "0 bytes where", NULL},
    {"longer", "sftp.long@1", "PROTO", "were asked for", NULL},
    {"counts", "sftp.count@4294967295", "PROTO", "makes no sense", NULL},
    {"size63", "sftp.size@9223372036854775808", "XF_SIZE", "impossible length",
	NULL},
    {"size64", "sftp.size@18446744073709551615", "XF_SIZE", "impossible length",
	NULL},
    {"size40", "sftp.size@1099511627776", "XF_CHANGED", "shorter", NULL},
    {"changes", "sftp.changes", "XF_CHANGED", "it changed", NULL},
    {"target", "sftp.target", "XF_LINK", "cannot be read", NULL},
    {"words", "sftp.words", "XF_REMOTE", "disk on fire^Jmuster", NULL},
    {"deep", "sftp.deep", "LIMIT", "deep", NULL},
    {"names", "sftp.names", "XF_NAME", "leads elsewhere",
	"cmp names/src/big got/names/src/big && test -e got/names/src/sub/two "
	"&& [ $(find got/names | wc -l) = 7 ]"},
};

/* A file, over one that is there. */
static const struct habit pushed[] = {
    {"good", "", "DONE", NULL, "cmp new good/dst"},
    {"short", "sftp.short@999", "DONE", NULL, "cmp new short/dst"},
    {"plain", "sftp.plain", "DONE", NULL, "cmp new plain/dst"},
    {"bare", "sftp.plain,exec.refuse", "XF_REMOTE", "by renaming", NULL},
    {"spoils", "sftp.spoils", "XF_VERIFY", "not what was sent", NULL},
    {"forgets", "sftp.forgets", "XF_SIZE", "0 bytes arrived", NULL},
    {"size63", "sftp.size@9223372036854775808", "XF_SIZE", "arrived", NULL},
    {"longer", "sftp.long@1,exec.refuse", "PROTO", "were asked for", NULL},
    {"empty", "sftp.empty,exec.refuse", "PROTO", "0 bytes where", NULL},
    {"ids", "sftp.id@1", "PROTO", "nobody asked", NULL},
    {"twice", "sftp.twice", "PROTO", "nobody asked", NULL},
    {"kinds", "sftp.kind", "PROTO", "wrong kind", NULL},
    {"handle0", "sftp.handle@0", "PROTO", "makes no sense", NULL},
    {"falls", "sftp.silent@6", "STALLED", "no answer", NULL},
    {"leaves", "sftp.cut@6", "LOST", "ended", NULL},
    {"words", "sftp.words", "XF_REMOTE", "disk on fire^Jmuster", NULL},
};

/* ---- a fleet of them ---- */

struct world {
	struct simfleet fleet;
	struct engine engine;
};

static void
sh(const char *command, const char *name)
{
	if (scratch_run("%s", command) != 0)
		fail_msg("%s: does not hold: %s", name, command);
}

static void
start(struct world *w, const struct habit *habits, size_t n)
{
	struct buf table;

	buf_init(&table, TABLE_BYTES);
	for (size_t i = 0; i < n; i++)
		assert_true(buf_addf(&table, "%s %s%s\n", habits[i].name,
		    *habits[i].words != '\0' ? "scenario=" : "",
		    habits[i].words));
	simfleet_start(&w->fleet, buf_str(&table));
	buf_clear(&table);
	simfleet_engine(&w->fleet, &w->engine);
	w->engine.options.fanout = 64;
	w->engine.options.stall_timeout_ms = STALL_MS;
	w->engine.options.open_timeout_ms = STALL_MS;
	w->engine.options.retries = 0;
	engine_open(&w->engine);
	for (size_t i = 0; i < n; i++)
		(void)simfleet_add(&w->fleet, &w->engine, habits[i].name);
}

static void
finish(struct world *w)
{
	engine_clear(&w->engine);
	simfleet_stop(&w->fleet);
}

static void
assert_clean(const char *name, const char *text)
{
	for (const char *p = text; *p != '\0'; p++) {
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			fail_msg("%s: '%s' is not clean", name, text);
	}
}

static void
assert_habit(struct engine *e, size_t i, const struct habit *h)
{
	const struct muster_result *r = engine_result(e, i);
	char own[64];
	const char *note;

	engine_assert_end(e, i, h->end);
	assert_clean(h->name, r->text);
	(void)snprintf(own, sizeof(own), "%s: ", h->name);
	note = strstr(buf_str(&e->notes), own);
	if (h->says != NULL && strstr(r->text, h->says) == NULL &&
	    (note == NULL || strstr(note, h->says) == NULL))
		fail_msg("%s says '%s'", h->name, r->text);
	if (h->holds != NULL)
		sh(h->holds, h->name);
}

static void
make_homes(const struct habit *habits, size_t n, const char *command)
{
	for (size_t i = 0; i < n; i++) {
		if (scratch_run("mkdir -p %s && cd %s && %s", habits[i].name,
			habits[i].name, command) != 0)
			fail_msg("cannot make the home of %s", habits[i].name);
	}
}

/* ---- tests ---- */

static void
test_what_a_server_says_is_checked_before_it_is_done(void **state)
{
	const size_t n = sizeof(pulled) / sizeof(pulled[0]);
	const char *source = "src";
	const struct muster_copy copy = {
	    .sources = &source, .n_sources = 1, .dest = "got"};
	struct world w = {0};

	(void)state;
	start(&w, pulled, n);
	make_homes(pulled, n,
	    "mkdir -p src/sub && echo one >src/one && echo two >src/sub/two "
	    "&& ln -s one src/link && head -c 200000 /dev/urandom >src/big");
	sh("mkdir got && echo safe >out && echo safe >got/out && " LIST_OTHERS
	   " >before",
	    "all");
	engine_copy(&w.engine, muster_pull, &copy);
	for (size_t i = 0; i < n; i++)
		assert_habit(&w.engine, i, &pulled[i]);
	sh(LIST_OTHERS " >after; diff before after", "all");
	sh("grep -qx safe out && grep -qx safe got/out", "all");
	sh("! find . -name '.*muster-*' | grep .", "all");
	finish(&w);
}

static void
test_what_a_server_stores_is_checked_before_it_has_its_name(void **state)
{
	const size_t n = sizeof(pushed) / sizeof(pushed[0]);
	const char *source = "new";
	const struct muster_copy copy = {
	    .sources = &source, .n_sources = 1, .dest = "dst"};
	struct world w = {0};

	(void)state;
	start(&w, pushed, n);
	make_homes(pushed, n, "echo old >dst");
	sh("head -c 200000 /dev/urandom >new", "all");
	engine_copy(&w.engine, muster_push, &copy);
	for (size_t i = 0; i < n; i++) {
		assert_habit(&w.engine, i, &pushed[i]);
		if (strcmp(pushed[i].end, "DONE") != 0 &&
		    scratch_run("grep -qx old %s/dst", pushed[i].name) != 0)
			fail_msg("%s has lost the old file", pushed[i].name);
	}
	finish(&w);
}

/* Bits that make others its owner stay away, and times beyond 2038 do not. */
static void
test_modes_and_times_of_a_stranger(void **state)
{
	static const struct habit habits[] = {
	    {"odd", "sftp.mode@4095", "DONE", NULL, NULL}};
	const char *source = "f";
	struct muster_copy copy = {
	    .sources = &source, .n_sources = 1, .dest = "got/{host}"};
	struct world w = {0};

	(void)state;
	start(&w, habits, 1);
	make_homes(habits, 1, "echo x >f");
	sh("mkdir got", "odd");
	engine_copy(&w.engine, muster_pull, &copy);
	engine_assert_end(&w.engine, 0, "DONE");
	sh("[ $(stat -c %a got/odd) = $(printf '%o' "
	   "$((0777 & ~0$(umask)))) ]",
	    "odd");
	copy.options.preserve = true;
	engine_copy(&w.engine, muster_pull, &copy);
	engine_assert_end(&w.engine, 0, "DONE");
	sh("[ $(stat -c %a.%Y.%u got/odd) = 777.4294967295.$(id -u) ]", "odd");
	finish(&w);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
static long
most_memory_kb(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	long kb = 0;

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "VmHWM:", 6) == 0)
			kb = strtol(line + 6, NULL, 10);
	}
	if (f != NULL)
		(void)fclose(f);
	return kb;
}
#else
static long
most_memory_kb(void)
{
	return 0;
}
#endif

static void
test_a_folder_without_end_is_left(void **state)
{
	static const struct habit habits[] = {
	    {"endless", "sftp.endless", "LIMIT", "over 1000000", NULL}};
	const char *source = "src";
	const struct muster_copy copy = {
	    .sources = &source, .n_sources = 1, .dest = "got"};
	struct world w = {0};
	long before;

	(void)state;
	start(&w, habits, 1);
	make_homes(habits, 1, "mkdir src");
	sh("mkdir got", "endless");
	before = most_memory_kb();
	engine_copy(&w.engine, muster_pull, &copy);
	assert_habit(&w.engine, 0, &habits[0]);
	assert_true(most_memory_kb() - before < 64 * 1024);
	finish(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_what_a_server_says_is_checked_before_it_is_done),
	    cmocka_unit_test(
		test_what_a_server_stores_is_checked_before_it_has_its_name),
	    cmocka_unit_test(test_modes_and_times_of_a_stranger),
	    cmocka_unit_test(test_a_folder_without_end_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
