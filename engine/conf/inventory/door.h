/*
 * door.h -- an inventory as other programs hold it.
 *
 * Room: engine/conf/inventory.  May touch: inventory.h.
 */
#ifndef MUSTER_CONF_INVENTORY_DOOR_H
#define MUSTER_CONF_INVENTORY_DOOR_H

#include "conf/inventory/inventory.h"

struct muster_inventory {
	struct inventory inv;
};

#endif
