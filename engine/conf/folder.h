/*
 * folder.h -- what is in a folder, in the order of its names.
 *
 * Room: engine/conf.  May touch: muster.h.
 */
#ifndef MUSTER_CONF_FOLDER_H
#define MUSTER_CONF_FOLDER_H

#include "muster.h"

/* Calls each() with the path and the name of every entry that is not hidden
 * and no editor's backup ("~"), until it returns other than 0, which becomes
 * the result. Errors: MUSTER_ERR_FILE (-1) when it cannot be read. */
int folder_each(const char *path,
    int (*each)(void *ctx, const char *path, const char *name), void *ctx,
    struct muster_error *err);

/* Whether there is a folder at the path. */
bool folder_is(const char *path);

#endif
