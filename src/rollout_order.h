/*
 * rollout_order.h -- in which order hosts begin.
 *
 * Room: src.  May touch: muster.h.
 */
#ifndef MUSTER_SRC_ROLLOUT_ORDER_H
#define MUSTER_SRC_ROLLOUT_ORDER_H

#include "muster.h"

#include <stdbool.h>
#include <stdint.h>

struct args;

/* Fills in order[] with all hosts of `m`, as --order and --spread say.
 * Returns 0, or -1: MUSTER_ERR_USAGE, and for --spread those of
 * muster_inventory_add() and muster_inventory_groups(). */
int rollout_order_make(size_t *order, const struct args *args,
    const struct muster *m, struct muster_error *err);

/* Puts the hosts of `list` first, as they stand there. Returns how many they
 * are, or 0: those of muster_expand(), MUSTER_ERR_USAGE for one that is not
 * of `m`. */
size_t rollout_order_put_first(size_t *order, const struct args *args,
    const struct muster *m, const char *list, struct muster_error *err);

/* Whether `text` asks for chance; its seed, or that of the arguments, goes
 * into *seed. */
bool rollout_order_is_random(
    const struct args *args, const char *text, uint32_t *seed);

#endif
