/*
 * runs.c -- the door: runs found, opened and removed.
 *
 * Room: engine/record.  May touch: base/, the room.
 */
#include "config.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "record/reading.h"
#include "record/rundir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_CHARS_MIN 4 /* of a part of a run's name */

char *
muster_runs_folder(struct muster_error *err)
{
	return rundir_home(err);
}

int
muster_runs_list(
    const char *folder, struct muster_names *out, struct muster_error *err)
{
	int home = rundir_open_home(folder, false, err);
	int rc;

	*out = (struct muster_names){0};
	if (home < 0)
		return -1;
	rc = rundir_list(home, out, err);
	(void)close(home);
	return rc;
}

/* ---- finding one ---- */

static bool
is_called(const char *id, const char *name)
{
	return str_starts(id, name) || str_ends(id, name);
}

/* Letters as names of runs have them. */
static char *
upper(const char *name)
{
	char *copy = mem_strdup(name);

	for (char *p = copy; *p != '\0'; p++)
		if (*p >= 'a' && *p <= 'z')
			*p = (char)(*p - 'a' + 'A');
	return copy;
}

static const char *
choose(
    const struct muster_names *ids, const char *name, struct muster_error *err)
{
	const char *found = NULL;
	char *wanted = upper(name);
	size_t n = 0;

	for (size_t i = 0; i < ids->n; i++)
		if (is_called(ids->items[i], wanted)) {
			found = ids->items[i];
			n++;
		}
	free(wanted);
	if (n == 1)
		return found;
	return err_null(err, MUSTER_ERR_UNKNOWN_NAME,
	    n == 0 ? "no run is called '%s'"
		   : "more than one run is called '%s': give more of its name",
	    name);
}

static const char *
find(const struct muster_names *ids, const char *name, struct muster_error *err)
{
	if (ids->n == 0)
		return err_null(
		    err, MUSTER_ERR_UNKNOWN_NAME, "there are no runs yet");
	if (strcmp(name, "last") == 0)
		return ids->items[ids->n - 1];
	if (strlen(name) < NAME_CHARS_MIN)
		return err_null(err, MUSTER_ERR_UNKNOWN_NAME,
		    "'%s' is too short for the name of a run: give %d "
		    "characters, or 'last'",
		    name, NAME_CHARS_MIN);
	return choose(ids, name, err);
}

static struct muster_run *
open_one(int home, const char *id, struct muster_error *err)
{
	int dir =
	    openat(home, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (dir < 0) {
		err_sys(err, MUSTER_ERR_FILE, errno,
		    "cannot open the folder of run '%s'", id);
		return NULL;
	}
	return reading_new(dir, id, err);
}

struct muster_run *
muster_run_open(const char *folder, const char *name, struct muster_error *err)
{
	int home = rundir_open_home(folder, false, err);
	struct muster_names ids = {0};
	struct muster_run *run = NULL;
	const char *id;

	if (home < 0)
		return NULL;
	if (rundir_list(home, &ids, err) == 0) {
		id = find(&ids, name, err);
		if (id != NULL)
			run = open_one(home, id, err);
	}
	muster_names_clear(&ids);
	(void)close(home);
	return run;
}

void
muster_run_free(struct muster_run *run)
{
	if (run != NULL)
		reading_free(run);
}

/* ---- removing old ones ---- */

static uint64_t
size_of(int home, const char *id)
{
	int dir =
	    openat(home, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct dirent **entries = NULL;
	uint64_t n_bytes = 0;
	int n;

	if (dir < 0)
		return 0;
	n = scandirat(dir, ".", &entries, NULL, NULL);
	for (int i = 0; i < n; i++) {
		struct stat st;

		if (fstatat(dir, entries[i]->d_name, &st,
			AT_SYMLINK_NOFOLLOW) == 0 &&
		    S_ISREG(st.st_mode))
			n_bytes += (uint64_t)st.st_size;
		free(entries[i]);
	}
	free(entries);
	(void)close(dir);
	return n_bytes;
}

static bool
has_unknown(const struct muster_run *run)
{
	for (size_t o = 0; o < run->about.n_orders; o++)
		for (size_t h = 0; h < run->orders[o].n_ends; h++)
			if (muster_outcome_family(
				run->orders[o].ends[h].result.outcome) ==
			    MUSTER_FAMILY_UNKNOWN)
				return true;
	return false;
}

/* Looked at only when it is in the way: this reads the whole run. */
static bool
may_go(int home, const char *id)
{
	char *keep = mem_printf("%s/keep", id);
	struct muster_run *run;
	bool may = false;

	if (faccessat(home, keep, F_OK, AT_SYMLINK_NOFOLLOW) != 0) {
		run = open_one(home, id, NULL);
		may =
		    run != NULL && !run->about.is_running && !has_unknown(run);
		muster_run_free(run);
	}
	free(keep);
	return may;
}

static bool
is_over(const struct muster_retention *limits, const char *id, size_t n_left,
    uint64_t n_bytes)
{
	int64_t age_ms = clock_wall_us() / 1000 - rundir_time_ms(id);

	return (limits->n_runs > 0 && n_left > limits->n_runs) ||
	       (limits->n_bytes > 0 && n_bytes > limits->n_bytes) ||
	       (limits->n_days > 0 &&
		   age_ms > (int64_t)limits->n_days * 86400000);
}

static size_t
retain(int home, const struct muster_names *ids,
    const struct muster_retention *limits)
{
	size_t n_left = ids->n, n_removed = 0;
	uint64_t n_bytes = 0;

	for (size_t i = 0; limits->n_bytes > 0 && i < ids->n; i++)
		n_bytes += size_of(home, ids->items[i]);
	for (size_t i = 0; i < ids->n; i++) {
		const char *id = ids->items[i];
		uint64_t size;

		if (!is_over(limits, id, n_left, n_bytes))
			break;
		size = limits->n_bytes > 0 ? size_of(home, id) : 0;
		if (!may_go(home, id) || rundir_remove(home, id, NULL) != 0)
			continue;
		n_left--;
		n_bytes -= size;
		n_removed++;
	}
	return n_removed;
}

size_t
muster_runs_retain(const char *folder, const struct muster_retention *limits)
{
	struct muster_error err;
	struct muster_names ids = {0};
	int home = rundir_open_home(folder, false, &err);
	size_t n = 0;

	if (home < 0)
		return 0;
	if (rundir_list(home, &ids, &err) == 0)
		n = retain(home, &ids, limits);
	muster_names_clear(&ids);
	(void)close(home);
	return n;
}
