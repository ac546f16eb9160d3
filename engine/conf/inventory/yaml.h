/*
 * yaml.h -- what the two kinds of YAML inventories are made of.
 *
 * Room: engine/conf/inventory.  May touch: conf/textfile.h, conf/yamltree.h.
 * Each adds a document that is not empty to the inventory. The file is for
 * messages. Errors: MUSTER_ERR_FILE with file:line:column, MUSTER_ERR_LIMIT.
 */
#ifndef MUSTER_CONF_INVENTORY_YAML_H
#define MUSTER_CONF_INVENTORY_YAML_H

#include "conf/textfile.h"
#include "conf/yamltree.h"

struct inventory;

/* Reads the text of a file, whose name goes before errors. The tree needs no
 * clearing after one. */
int inventory_parse_yaml(
    struct yamltree *tree, const struct textfile *f, struct muster_error *err);

/* Groups of Ansible's. */
int inventory_take_ansible(struct inventory *inv, struct textfile *f,
    const struct yamltree_node *root, struct muster_error *err);

/* Sources of ClusterShell's. The first one becomes the default source when
 * there is none. */
int inventory_take_clustershell(struct inventory *inv, struct textfile *f,
    const struct yamltree_node *root, struct muster_error *err);

#endif
