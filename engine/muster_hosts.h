/*
 * muster_hosts.h -- which hosts: expressions, their folds, inventories.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 * Nothing here needs a struct muster or opens a connection, and nothing is
 * shared between two calls but what is passed to both.
 */
#ifndef MUSTER_MUSTER_HOSTS_H
#define MUSTER_MUSTER_HOSTS_H

#ifdef __cplusplus
extern "C" {
#endif

/* ---- inventories: hosts and groups that files and programs know ---- */

struct muster_inventory;

/* An inventory without hosts. */
struct muster_inventory *muster_inventory_new(void);

/* Frees it; lists expanded with it stay good. NULL is fine. */
void muster_inventory_free(struct muster_inventory *inventory);

/* Adds what is at `source`: a file, folder or program, of a format that is
 * found out or that a prefix names (plain: pssh: dsh: clusterssh:
 * clustershell: genders: ansible: ssh:). NULL: what the environment and the
 * usual places have, as muster(1) lists them. Errors: MUSTER_ERR_FILE with
 * file:line:column, MUSTER_ERR_LIMIT, MUSTER_ERR_TIMEOUT and
 * MUSTER_ERR_SYSTEM for a program; the inventory is of no use then. */
int muster_inventory_add(struct muster_inventory *inventory, const char *source,
    struct muster_error *err);

/* A list of names. */
struct muster_names {
	char **items; /* owned */
	size_t n;
};

/* Frees the names and makes the list empty. */
void muster_names_clear(struct muster_names *names);

/* Lists the groups that "@group" finds, or with a `source` (not NULL) those
 * that "@source:group" finds, in order, into *out. Errors: those of a
 * source's command. */
int muster_inventory_groups(struct muster_inventory *inventory,
    const char *source, struct muster_names *out, struct muster_error *err);

/* Lists the sources of groups, the default first, into *out. */
void muster_inventory_sources(
    const struct muster_inventory *inventory, struct muster_names *out);

/* What the inventory says of a host, by its name there, or of its groups, for
 * a variable that means nothing to muster; NULL: nothing. Lent until the
 * inventory is freed. */
const char *muster_inventory_value(const struct muster_inventory *inventory,
    const char *host, const char *variable);

/* Lists the variables that were read and mean nothing to muster. */
void muster_inventory_ignored(
    const struct muster_inventory *inventory, struct muster_names *out);

/* ---- which hosts: expressions and their folded form ---- */

/* A list of hosts as plain data. */
struct muster_hosts {
	const struct muster_host *items; /* in the order given */
	size_t n;
	size_t n_duplicates; /* hosts named again, which are held once */
	const char *notes;   /* what looks like a mistake, a line each; "" */
	void *owned;         /* the engine's; all of it lives there */
};

/* All zero, or NULL in the calls, is the default. */
struct muster_expand_options {
	struct muster_inventory *inventory; /* borrowed; NULL: none */
	bool is_pattern;  /* the expression is an Ansible pattern */
	bool names_only;  /* no address, user and so on of the inventory */
	size_t max_hosts; /* 0: 100,000 */
	bool keep_duplicates;
	bool allow_empty; /* unknown groups and no host at all are fine */
};

/* Expands a host expression (muster(1), HOST EXPRESSIONS) into *out, which
 * muster_hosts_clear() frees; on error it is empty. User and port are set
 * where the expression says so. err->at is the byte of `expr` at fault.
 * Errors: MUSTER_ERR_SYNTAX, MUSTER_ERR_EMPTY, MUSTER_ERR_UNKNOWN_NAME for a
 * group or wildcard without a match, MUSTER_ERR_LIMIT before any memory is
 * taken, MUSTER_ERR_FILE with file:line:column for host files. */
int muster_expand(const char *expr, const struct muster_expand_options *options,
    struct muster_hosts *out, struct muster_error *err);

/* Removes the hosts of `expr`; where it names no user or port, those of any.
 * Wildcards and /filters/ choose from *hosts. Errors: as muster_expand(),
 * MUSTER_ERR_EMPTY when none is left; *hosts is unchanged then. */
int muster_hosts_exclude(struct muster_hosts *hosts, const char *expr,
    const struct muster_expand_options *options, struct muster_error *err);

/* Changes *hosts by the hosts of `expr`: ',' adds them, '!' removes, '&' keeps
 * what is in both, '^' what is in one only; no host may be left then. Errors:
 * as muster_expand(); *hosts is unchanged. */
int muster_hosts_combine(struct muster_hosts *hosts, char op, const char *expr,
    const struct muster_expand_options *options, struct muster_error *err);

/* Adds hosts by their names alone, in which nothing is special. Errors:
 * MUSTER_ERR_SYNTAX for what cannot be a name, MUSTER_ERR_LIMIT, and
 * MUSTER_ERR_FILE for a variable of the inventory that cannot be used; *hosts
 * is unchanged then. */
int muster_hosts_add(struct muster_hosts *hosts, const char *const *names,
    size_t n, const struct muster_expand_options *options,
    struct muster_error *err);

/* Frees what *hosts owns and makes it empty. */
void muster_hosts_clear(struct muster_hosts *hosts);

/* "user@name:port" as far as they are set, [brackets] around IPv6 with a
 * port. Freed with muster_string_free(). */
char *muster_host_label(const struct muster_host *host);

struct muster_fold_options {
	unsigned autostep; /* "n[0-8/2]" from that many on; 0: never */
	const char *axis;  /* dimensions to fold: "1", "1-2,-1"; NULL: all */
	const char *separator; /* NULL: "," */
};

/* Folds names or labels: "web[01-40],db[1-2].dc[1-2]", sorted; expanding it
 * gives the same set. `options` may be NULL. Returns a string to be freed
 * with muster_string_free(), or NULL: MUSTER_ERR_SYNTAX for a bad axis. */
char *muster_fold(const char *const *names, size_t n,
    const struct muster_fold_options *options, struct muster_error *err);

/* Frees a string that the engine gave away; NULL is fine. */
void muster_string_free(char *text);

#ifdef __cplusplus
}
#endif

#endif
