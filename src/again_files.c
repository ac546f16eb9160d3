/*
 * again_files.c -- whether the files of a push are what they were.
 *
 * Room: src.  May touch: muster.h, again.h, args.h, complain.h, exitcode.h.
 * A file that was changed, made or renamed since the run began is not what was
 * sent then: its inode says when (st_ctime).
 */
#include "config.h"

#include "src/again.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"

#include <fts.h>
#include <string.h>
#include <sys/stat.h>

#define CHANGES_MAX 5 /* that are named */

static bool
is_newer(const FTSENT *file, int64_t wall_us)
{
	int64_t us = (int64_t)file->fts_statp->st_ctim.tv_sec * 1000000 +
		     file->fts_statp->st_ctim.tv_nsec / 1000;

	return us > wall_us;
}

/* Says of each file what is wrong. Returns how many there are. */
static size_t
look_at(FTS *tree, int64_t wall_us)
{
	size_t n = 0;
	FTSENT *file;

	while ((file = fts_read(tree)) != NULL) {
		const char *what = NULL;

		if (file->fts_info == FTS_NS || file->fts_info == FTS_DNR ||
		    file->fts_info == FTS_ERR)
			what = strerror(file->fts_errno);
		else if (file->fts_info != FTS_DP && is_newer(file, wall_us))
			what = "changed since";
		if (what != NULL && n++ < CHANGES_MAX)
			complain("'%s': %s", file->fts_path, what);
	}
	return n;
}

int
again_check_files(const struct again *a, const struct args *args)
{
	const struct muster_run_about *about = a->past.about;
	char *last = args->n_rest > 0 ? args->rest[args->n_rest - 1] : NULL;
	size_t n = 0;
	FTS *tree;

	if (args->n_rest < 2)
		return EXITCODE_OK;
	args->rest[args->n_rest - 1] = NULL; /* the sources alone */
	tree = fts_open(args->rest, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	if (tree != NULL) {
		n = look_at(tree, about->wall_us);
		(void)fts_close(tree);
	}
	args->rest[args->n_rest - 1] = last;
	if (n == 0)
		return EXITCODE_OK;
	complain("%zu file%s of run '%s' %s not what %s then", n,
	    n == 1 ? "" : "s", about->id, n == 1 ? "is" : "are",
	    n == 1 ? "it was" : "they were");
	return EXITCODE_USAGE;
}
