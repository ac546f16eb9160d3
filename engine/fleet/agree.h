/*
 * agree.h -- who prints the same, over all workers.
 *
 * Room: engine/fleet.  May touch: base/, trie.h, muster.h.
 * Two tries behind one lock: of lines as they are, and of masked ones. Every
 * worker adds the lines of its hosts, the front asks.
 */
#ifndef MUSTER_FLEET_AGREE_H
#define MUSTER_FLEET_AGREE_H

#include "fleet/trie.h"
#include "muster.h"

struct agree;

struct agree *agree_new(void);
void agree_free(struct agree *a);

enum agree_how { AGREE_PLAIN, AGREE_MASKED };

/* ---- from workers ---- */

/* The host begins anew. */
void agree_begin(struct agree *a, enum agree_how how, size_t host);

/* A host printed a line. */
void agree_add(struct agree *a, enum agree_how how, size_t host,
    const char *text, size_t len);

/* A host has ended, in a way told by a number. */
void agree_end(struct agree *a, enum agree_how how, size_t host, uint32_t end);

/* ---- from the front ---- */

/* As muster_group_hosts(). */
void agree_group(
    struct agree *a, enum agree_how how, struct muster_groups *out);

/* As muster_branches(). */
size_t agree_branches(struct agree *a, enum agree_how how, size_t *n_lines,
    struct muster_branch *out, size_t max);

#endif
