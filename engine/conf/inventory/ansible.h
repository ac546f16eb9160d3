/*
 * ansible.h -- what the readers of Ansible's formats have in common.
 *
 * Room: engine/conf/inventory.  May touch: conf/hostpat.h, muster.h.
 */
#ifndef MUSTER_CONF_INVENTORY_ANSIBLE_H
#define MUSTER_CONF_INVENTORY_ANSIBLE_H

#include "conf/hostpat.h"
#include "muster.h"

struct inventory;
struct jsonwalk;
struct yamltree_node;

/* Cuts a host entry "name[01:50].x[a:c:2]:port" into a pattern, and a port
 * (0: none). Ranges include their ends; an entry that has none stands for
 * itself. The text is borrowed. Errors: MUSTER_ERR_SYNTAX, err->at in it. */
int ansible_parse_entry(const char *entry, struct hostpat *pattern,
    uint16_t *port, struct muster_error *err);

/* Adds the hosts of an entry to the inventory and to its group "all", with
 * the port for a variable, and calls each() for them. Errors: as above, and
 * those of inventory_add_host(). */
int ansible_add_entry(struct inventory *inv, const char *entry,
    int (*each)(void *ctx, size_t host), void *ctx, struct muster_error *err);

/* Whether a group may be called so: expressions must be able to say it. */
bool ansible_may_name_group(const char *name);

/* The group of that name; "all" and "ungrouped" are there always. */
size_t ansible_group(
    struct inventory *inv, const char *name, const char *where);

/* Sets variables of a group, or of a host; "<<" brings those of another
 * map. */
void ansible_set_vars(struct inventory *inv, const struct yamltree_node *vars,
    bool of_group, size_t index);

/* Reads group_vars and host_vars beside the inventory at `path`, which was
 * read. Errors: MUSTER_ERR_FILE, with file:line:column. */
int ansible_read_vars(
    struct inventory *inv, const char *path, struct muster_error *err);

/* Reads what a program prints for --list. `where` is where its groups come
 * from. *has_meta becomes whether it spoke of variables of hosts. Errors:
 * MUSTER_ERR_FILE, of the text; those of inventory_add_host(). */
int ansible_take_json(struct inventory *inv, struct jsonwalk *w,
    const char *where, bool *has_meta);

/* Reads what a program prints for --host: variables. Errors: as above. */
int ansible_take_host(struct inventory *inv, struct jsonwalk *w, size_t host);

#endif
