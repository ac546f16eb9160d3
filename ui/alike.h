/*
 * alike.h -- who prints the same: as the engine has found it, in the order
 * in which people look at it.
 *
 * Room: ui.  May touch: muster.h.
 */
#ifndef MUSTER_UI_ALIKE_H
#define MUSTER_UI_ALIKE_H

#include "muster.h"

struct model;

struct group {
	const uint32_t *hosts; /* ascending; of alike.hosts */
	size_t n_hosts;
	size_t n_lines; /* that each has printed */
	bool is_ended;  /* all in the same way; else they are the same so far */
	unsigned badge; /* enum badge, of its hosts; at work: of some of them */
	char *folded;   /* owned; names of the hosts, clean */
};

/* A way on from where outputs part. */
struct group_branch {
	size_t n_hosts;
	size_t host; /* one of them; MUSTER_NOWHERE: not known */
	bool is_ended;
	char *text; /* owned, clean: its next line; NULL: not known yet */
};

#define ALIKE_BRANCHES 6

struct alike {
	struct group *items; /* owned; those that ended well first */
	size_t n;
	uint32_t *hosts; /* owned */
	size_t n_grouped;
	bool is_masked;  /* numbers and names make no difference */
	size_t n_common; /* lines that all of them share */
	struct group_branch branches[ALIKE_BRANCHES];
	size_t n_branches;
	int64_t at_us; /* they were asked for; 0: never */
};

/* Takes groups in place of those before; the hosts of the model are told
 * theirs. */
void alike_set(struct alike *g, struct model *model,
    const struct muster_groups *from, bool masked);

/* The same for where outputs part; texts that are known stay. */
void alike_set_branches(struct alike *g, size_t n_common,
    const struct muster_branch *branches, size_t n);

/* The next line of a host at a branch, from a snapshot of one line. */
void alike_set_text(
    struct alike *g, size_t host, const struct muster_snapshot *snapshot);

void alike_clear(struct alike *g);

/* The group of a host, or g->n. */
size_t alike_find(
    const struct alike *g, const struct model *model, size_t host);

#endif
