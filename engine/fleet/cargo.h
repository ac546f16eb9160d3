/*
 * cargo.h -- what an order to copy carries, and who shares it.
 *
 * Room: engine/fleet.  May touch: base/, copy/.
 * A load is what was listed here to be sent, with the files behind it: hosts
 * that get the same share it, whatever they call it. A cargo is a load with
 * its place on a host.
 */
#ifndef MUSTER_FLEET_CARGO_H
#define MUSTER_FLEET_CARGO_H

#include "muster.h"

struct cargo;
struct copy;
struct load;
struct throttle;

/* Lists what there is to send. NULL: as tree_walk(). */
struct load *load_new(const char *const *paths, size_t n,
    const struct muster_copy_options *o, struct muster_error *err);
void load_free(struct load *load);

/* What was left out of it, and why; NULL after the last. */
const char *load_note(const struct load *load, size_t i);

/* A push of the load (counted) to `dest` on a host. */
struct cargo *cargo_new_push(struct load *load, const char *dest,
    const struct muster_copy_options *o, struct throttle *throttle);

/* A push that replaces files keeps their owners: it may set them. */
void cargo_keep_owners(struct cargo *cargo);

/* Where a pull puts what it fetches. */
struct cargo_place {
	const char *dest;
	const char *suffix; /* behind each name; NULL: none */
	bool own_folder;    /* dest is made when it is not there */
	unsigned max_open;  /* local files at once */
};

struct cargo *cargo_new_pull(const char *const *sources, size_t n,
    const struct cargo_place *place, const struct muster_copy_options *o,
    struct throttle *throttle);
void cargo_free(struct cargo *cargo);

/* Lent while the cargo lives. */
const struct copy *cargo_copy(const struct cargo *cargo);

#endif
