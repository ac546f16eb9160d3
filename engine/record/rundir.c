/*
 * rundir.c -- the folders of runs: their names, and what may be trusted.
 *
 * Room: engine/record.  May touch: base/, crypto/digest.h.
 */
#include "config.h"

#include "record/rundir.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "crypto/digest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#define TIME_CHARS 10

bool
rundir_is_id(const char *name)
{
	return strlen(name) == RUNDIR_ID_CHARS &&
	       strspn(name, digits) == RUNDIR_ID_CHARS && name[0] <= '7';
}

int
rundir_new_id(
    int64_t wall_us, char id[RUNDIR_ID_CHARS + 1], struct muster_error *err)
{
	uint64_t ms = (uint64_t)(wall_us / 1000);
	uint8_t chance[RUNDIR_ID_CHARS - TIME_CHARS];

	if (digest_random(chance, sizeof(chance), err) != 0)
		return -1;
	for (size_t i = TIME_CHARS; i-- > 0; ms >>= 5)
		id[i] = digits[ms & 31];
	for (size_t i = 0; i < sizeof(chance); i++)
		id[TIME_CHARS + i] = digits[chance[i] & 31];
	id[RUNDIR_ID_CHARS] = '\0';
	return 0;
}

int64_t
rundir_time_ms(const char *id)
{
	int64_t ms = 0;

	for (size_t i = 0; i < TIME_CHARS; i++) {
		const char *at = strchr(digits, id[i]);

		ms = ms << 5 | (at != NULL ? at - digits : 0);
	}
	return ms;
}

char *
rundir_home(struct muster_error *err)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (state != NULL && state[0] == '/')
		return mem_printf("%s/muster/runs", state);
	if (home != NULL && home[0] == '/')
		return mem_printf("%s/.local/state/muster/runs", home);
	return err_null(err, MUSTER_ERR_FILE,
	    "no place to keep runs: neither XDG_STATE_HOME nor HOME is set "
	    "to an absolute path");
}

/* Makes a folder and those above it that are missing. */
static int
make_folders(const char *path, struct muster_error *err)
{
	char *copy = mem_strdup(path);
	int rc = 0;

	for (char *p = copy + 1; rc == 0; p++) {
		char c = *p;

		if (c != '/' && c != '\0')
			continue;
		*p = '\0';
		if (mkdir(copy, 0700) != 0 && errno != EEXIST)
			rc = err_sys(err, MUSTER_ERR_FILE, errno,
			    "cannot make the folder '%s'", copy);
		*p = c;
		if (c == '\0')
			break;
	}
	free(copy);
	return rc;
}

static int
check_folder(int fd, const char *path, struct muster_error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_sys(
		    err, MUSTER_ERR_FILE, errno, "cannot look at '%s'", path);
	if (st.st_uid != geteuid())
		return err_set(err, MUSTER_ERR_FILE,
		    "'%s' belongs to someone else (uid %u)", path,
		    (unsigned)st.st_uid);
	if ((st.st_mode & 022) != 0)
		return err_set(err, MUSTER_ERR_FILE,
		    "'%s' may be written by others (mode %03o): chmod go-w it",
		    path, (unsigned)(st.st_mode & 0777));
	return 0;
}

int
rundir_open_home(const char *home, bool make, struct muster_error *err)
{
	int fd;

	if (make && make_folders(home, err) != 0)
		return -1;
	fd = open(home, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT && !make
			   ? err_set(err, MUSTER_ERR_FILE,
				 "there are no runs yet: no folder '%s'", home)
			   : err_sys(err, MUSTER_ERR_FILE, errno,
				 "cannot open the folder '%s'", home);
	if (check_folder(fd, home, err) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

int
rundir_make(int home, char id[RUNDIR_ID_CHARS + 1], struct muster_error *err)
{
	int fd;

	if (rundir_new_id(clock_wall_us(), id, err) != 0)
		return -1;
	if (mkdirat(home, id, 0700) != 0)
		return err_sys(err, MUSTER_ERR_FILE, errno,
		    "cannot make a folder for the run");
	fd = openat(home, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return err_sys(err, MUSTER_ERR_FILE, errno,
		    "cannot open the folder of run '%s'", id);
	return fd;
}

/* ---- all of them ---- */

static DIR *
open_list(int fd, const char *name)
{
	int copy =
	    openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *dir = copy >= 0 ? fdopendir(copy) : NULL;

	if (dir == NULL && copy >= 0)
		(void)close(copy);
	return dir;
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
rundir_list(int home, struct muster_names *ids, struct muster_error *err)
{
	DIR *dir = open_list(home, ".");
	struct dirent *entry;
	size_t cap = 0;

	*ids = (struct muster_names){0};
	if (dir == NULL)
		return err_sys(err, MUSTER_ERR_FILE, errno,
		    "cannot list the folder of runs");
	while ((entry = readdir(dir)) != NULL) {
		if (!rundir_is_id(entry->d_name))
			continue;
		mem_grow(&ids->items, &cap, ids->n + 1, sizeof(*ids->items));
		ids->items[ids->n++] = mem_strdup(entry->d_name);
	}
	(void)closedir(dir);
	if (ids->n > 1)
		qsort(ids->items, ids->n, sizeof(*ids->items), compare_names);
	return 0;
}

int
rundir_remove(int home, const char *id, struct muster_error *err)
{
	DIR *dir = open_list(home, id);
	struct dirent *entry;

	if (dir == NULL)
		return err_sys(err, MUSTER_ERR_FILE, errno,
		    "cannot open the folder of run '%s'", id);
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			(void)unlinkat(dirfd(dir), entry->d_name, 0);
	(void)closedir(dir);
	if (unlinkat(home, id, AT_REMOVEDIR) == 0)
		return 0;
	return err_sys(
	    err, MUSTER_ERR_FILE, errno, "cannot remove run '%s'", id);
}
