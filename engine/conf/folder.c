/*
 * folder.c -- what is in a folder, in the order of its names.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/folder.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

int
folder_each(const char *path,
    int (*each)(void *ctx, const char *path, const char *name), void *ctx,
    struct muster_error *err)
{
	struct dirent **entries;
	int n = scandir(path, &entries, NULL, alphasort), rc = 0;

	if (n < 0)
		return err_sys(err, MUSTER_ERR_FILE, errno,
		    "cannot read the folder '%s'", path);
	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name;
		char *entry = mem_printf("%s/%s", path, name);

		if (rc == 0 && *name != '.' && !str_ends(name, "~"))
			rc = each(ctx, entry, name);
		free(entry);
		free(entries[i]);
	}
	free(entries);
	return rc;
}

bool
folder_is(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}
