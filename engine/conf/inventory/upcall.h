/*
 * upcall.h -- shell commands that know groups, of ClusterShell's.
 *
 * Room: engine/conf/inventory.  May touch: inventory.h.
 * A command runs with a deadline in the folder of its configuration. The
 * name of a group is put into its text, so one that a shell would read as
 * more than a word is refused.
 */
#ifndef MUSTER_CONF_INVENTORY_UPCALL_H
#define MUSTER_CONF_INVENTORY_UPCALL_H

struct inventory;
struct upcall;

/* The commands of one section of the configuration in `folder`. */
struct upcall *upcall_new(const char *folder);
void upcall_free(struct upcall *u);

/* Sets the command "map", "all" or "list"; other keys mean nothing here. */
void upcall_set(struct upcall *u, const char *key, const char *command);

/* Adds a source of that name with a copy of the commands. */
void upcall_add(
    struct inventory *inv, const struct upcall *u, const char *source);

/* Returns `text` with $NAME and ${NAME} replaced by `value`; heap. */
char *upcall_fill(const char *text, const char *name, const char *value);

#endif
