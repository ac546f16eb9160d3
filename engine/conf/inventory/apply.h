/*
 * apply.h -- what an inventory knows about a host, as plain data.
 *
 * Room: engine/conf/inventory.  May touch: base/arena.h, muster.h.
 */
#ifndef MUSTER_CONF_INVENTORY_APPLY_H
#define MUSTER_CONF_INVENTORY_APPLY_H

#include "base/arena.h"
#include "muster.h"

struct inventory;
struct hostref;

/* Where the texts live; hosts that are told the same share one setting. */
struct apply {
	struct arena text;
	struct apply_settings *settings; /* owned, the newest first */
};

void apply_init(struct apply *a);
void apply_clear(struct apply *a);

/* Makes *out of an item of a list: address, user, port and settings are
 * those of the inventory (NULL: none) where the item does not say. Strings
 * of the item are borrowed, the rest lives until apply_clear(). Errors:
 * MUSTER_ERR_FILE for a variable whose value cannot be used. */
int apply_inventory(struct apply *a, const struct inventory *inv,
    const struct hostref *ref, struct muster_host *out,
    struct muster_error *err);

#endif
