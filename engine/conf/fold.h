/*
 * fold.h -- many names as one short expression: "web[01-40],db[1-2].dc[1-2]".
 *
 * Room: engine/conf.  May touch: muster.h.
 */
#ifndef MUSTER_CONF_FOLD_H
#define MUSTER_CONF_FOLD_H

#include "muster.h"

/* Folds names, or labels such as "root@web1:22". Runs of up to 18 digits in
 * the host are the numbers; users and ports are text. The result depends on
 * the set of names only: sorted by the text around the numbers, then by the
 * numbers, shorter ones first. Expanding it gives the same set again.
 * Returns a heap string, or NULL: MUSTER_ERR_SYNTAX for an axis that does
 * not parse. */
char *fold_names(const char *const *names, size_t n,
    const struct muster_fold_options *options, struct muster_error *err);

#endif
