/*
 * home.c -- the private directories that real shells run in.
 *
 * Room: tests/fleetsim.  May touch: base/, server.h.
 */
#include "config.h"

#include "home.h"
#include "base/mem.h"

#include <sys/stat.h>

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int
sim_homes_open(struct fleetsim *sim, const char *dir, struct muster_error *err)
{
	const char *tmp = getenv("TMPDIR");

	sim->own_homes = dir == NULL;
	if (dir != NULL) {
		sim->homes = realpath(dir, NULL);
		if (sim->homes == NULL)
			return err_sys(err, MUSTER_ERR_SYSTEM, errno,
			    "cannot use '%s' for homes", dir);
		return 0;
	}
	sim->homes = mem_printf(
	    "%s/fleetsim.XXXXXX", tmp != NULL && tmp[0] == '/' ? tmp : "/tmp");
	if (mkdtemp(sim->homes) == NULL)
		return err_sys(err, MUSTER_ERR_SYSTEM, errno,
		    "cannot make the directory '%s'", sim->homes);
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)ftw;
	/* A directory that its owner may not write to hides its files. */
	if (kind == FTW_DNR)
		(void)chmod(path, 0700);
	(void)remove(path);
	return 0;
}

static void
remove_tree(const char *path)
{
	(void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void
sim_homes_close(struct fleetsim *sim)
{
	if (sim->homes == NULL)
		return;
	for (size_t i = 0; i < sim->n_hosts && !sim->own_homes; i++) {
		char *home =
		    mem_printf("%s/%s", sim->homes, sim->hosts[i]->name);

		remove_tree(home);
		free(home);
	}
	if (sim->own_homes)
		remove_tree(sim->homes);
	free(sim->homes);
	sim->homes = NULL;
}

char *
sim_home(struct fleetsim *sim, const struct host *h)
{
	char *home = mem_printf("%s/%s", sim->homes, h->name);

	if (mkdir(home, 0700) != 0 && errno != EEXIST) {
		free(home);
		return NULL;
	}
	return home;
}
