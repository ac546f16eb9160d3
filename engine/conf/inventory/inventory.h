/*
 * inventory.h -- hosts, their groups and what is known about them.
 *
 * Room: engine/conf/inventory.  May touch: conf/hostlist.h, base.
 * Readers fill one inventory from files of many formats; expressions ask it
 * for groups. A group has hosts, other groups, or, where its source has it
 * so, a host expression that is evaluated when the group is asked for.
 */
#ifndef MUSTER_CONF_INVENTORY_H
#define MUSTER_CONF_INVENTORY_H

#include "conf/hostlist.h"
#include "muster.h"

/* What is known about a host, by Ansible's names for it. */
enum inventory_var {
	INVENTORY_ADDRESS,  /* ansible_host */
	INVENTORY_PORT,     /* ansible_port */
	INVENTORY_USER,     /* ansible_user */
	INVENTORY_IDENTITY, /* ansible_ssh_private_key_file */
	INVENTORY_SSH_ARGS, /* ansible_ssh_common_args */
	INVENTORY_BECOME,
	INVENTORY_BECOME_USER,
	INVENTORY_TRANSPORT, /* muster_transport */
	INVENTORY_BECOME_METHOD,
	INVENTORY_PRIORITY, /* ansible_group_priority, of groups only */
	INVENTORY_N_VARS
};

/* One that is none of them. */
struct inventory_extra {
	uint32_t next;     /* its number, 0: none */
	const char *value; /* in the arena */
	unsigned var;      /* as inventory_var_named() numbers it */
	bool own;          /* not inherited from a group */
};

struct inventory_host {
	const char *vars[INVENTORY_N_VARS]; /* NULL: not said */
	uint32_t extra;                     /* number of the first; 0: none */
	unsigned own; /* bits of vars that are not inherited from a group */
};

/* Indexes of hosts or groups, in order. */
struct inventory_indexes {
	size_t *items; /* owned */
	size_t n;
	size_t cap;
};

struct inventory_group {
	const char *source;
	const char *name;
	const char *where; /* "file:line" of its first mention */
	struct inventory_indexes hosts;
	struct inventory_indexes children;
	const char *expr; /* a host expression; NULL: none */
	const char *file; /* a host file; NULL: none */
	bool is_open;     /* found without its source */
	const char *vars[INVENTORY_N_VARS];
	uint32_t extra;
	unsigned depth; /* the longest way down to it */
	bool is_busy;   /* being walked */
	unsigned walk;  /* the last one that came by */
};

/* A place that is asked for one group at a time. */
struct inventory_source {
	const char *name;
	void *ctx; /* owned: freed with free_ctx */
	void (*free_ctx)(void *ctx);
	/* Each returns the answer, a heap string, or NULL: *err is filled in,
	 * or its code is MUSTER_ERR_NONE when there is no such thing. */
	char *(*map)(void *ctx, const char *group, struct muster_error *err);
	char *(*all)(void *ctx, struct muster_error *err);
	char *(*list)(void *ctx, struct muster_error *err);
};

struct inventory {
	struct hostlist hosts;
	struct inventory_host *about; /* owned; as long as hosts.items */
	size_t cap_about;
	struct inventory_group *groups; /* owned */
	size_t n_groups;
	size_t cap_groups;
	struct map *by_name; /* "source:name", ":name" if open: index + 1 */
	struct map *ignored; /* variables that mean nothing here: number */
	struct inventory_extra *extras; /* owned; number 1 comes first */
	size_t n_extras;
	size_t cap_extras;
	struct inventory_source *sources; /* owned */
	size_t n_sources;
	size_t cap_sources;
	const char *default_source; /* NULL: none */
	struct arena text;
	unsigned walk;  /* the number of the newest walk over groups */
	unsigned depth; /* of group expressions being evaluated */
	bool is_blamed; /* an error already names the group it is in */
};

void inventory_init(struct inventory *inv);
void inventory_clear(struct inventory *inv);

/* ---- filling: for readers ---- */

/* Adds a host, or finds it when it is there. Puts its index into *index.
 * Errors: MUSTER_ERR_SYNTAX for a name that is none, MUSTER_ERR_LIMIT. */
int inventory_add_host(struct inventory *inv, const struct hostref *ref,
    size_t *index, struct muster_error *err);

/* The group's index; it is made when new. `where` is "file:line". An open
 * group is found without its source too, the first of its name. */
size_t inventory_get_group(struct inventory *inv, const char *source,
    const char *name, const char *where);
size_t inventory_open_group(struct inventory *inv, const char *source,
    const char *name, const char *where);

/* The group's index, or MUSTER_NOWHERE. With a NULL source: that of the
 * default source, or else an open one. */
size_t inventory_find_group(
    const struct inventory *inv, const char *source, const char *name);

void inventory_join(struct inventory *inv, size_t group, size_t host);
void inventory_nest(struct inventory *inv, size_t parent, size_t child);

/* The variable of that name: one above INVENTORY_N_VARS when it means nothing
 * here, which is noted; INVENTORY_N_VARS when there are too many of those. */
enum inventory_var inventory_var_named(struct inventory *inv, const char *name);

void inventory_set_host(struct inventory *inv, size_t host,
    enum inventory_var var, const char *value);
void inventory_set_group(struct inventory *inv, size_t group,
    enum inventory_var var, const char *value);

/* Takes over the source. */
void inventory_add_source(
    struct inventory *inv, const struct inventory_source *source);

/* Passes variables down from groups to hosts, once all is read. Errors:
 * MUSTER_ERR_SYNTAX for a group that is within itself. */
int inventory_finish(struct inventory *inv, struct muster_error *err);

/* ---- asking ---- */

/* As in struct hostexpr_resolver, with the inventory for a ctx. */
int inventory_resolve_group(void *ctx, const char *source, const char *name,
    struct hostlist *out, struct muster_error *err);
int inventory_resolve_all(void *ctx, const char *source, struct hostlist *out,
    struct muster_error *err);
int inventory_suggest(
    void *ctx, const char *source, const char *name, char *out, size_t size);

/* Adds the hosts of a group, and of those in it, to `out`. */
int inventory_add_group(struct inventory *inv, size_t index,
    struct hostlist *out, struct muster_error *err);

/* Adds the hosts of an Ansible pattern to `out`, an empty list: "web:&prod",
 * "all,!db[0]", "~web[0-9]+". Errors: MUSTER_ERR_SYNTAX,
 * MUSTER_ERR_UNKNOWN_NAME for a part that matches nothing unless
 * `allow_empty`; err->at is an offset in the pattern. */
int inventory_select(struct inventory *inv, const char *pattern,
    bool allow_empty, struct hostlist *out, struct muster_error *err);

/* Calls each() with the index of every host of a group and of the groups in
 * it; a host that is in two of them comes twice. */
void inventory_walk(struct inventory *inv, size_t group,
    void (*each)(void *ctx, size_t host), void *ctx);

/* Of extra.c: sets a variable in a list; gives those of a group to a host. */
void inventory_set_extra(
    struct inventory *inv, uint32_t *list, unsigned var, const char *value);
void inventory_pass_extra(
    struct inventory *inv, uint32_t from, struct inventory_host *to);

/* What a host has for a variable that means nothing here; NULL: nothing. */
const char *inventory_value(
    const struct inventory *inv, const char *host, const char *name);

/* What is known about the host called `name`; NULL: it is not here. */
const struct inventory_host *inventory_about(
    const struct inventory *inv, const char *name);

#endif
