/*
 * cargo.c -- what an order to copy carries, and who shares it.
 *
 * Room: engine/fleet.  May touch: base/, copy/.
 */
#include "config.h"

#include "fleet/cargo.h"

#include "base/mem.h"
#include "copy/copy.h"
#include "copy/source.h"
#include "copy/throttle.h"
#include "copy/tree.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>

struct load {
	atomic_size_t n_users;
	struct sources *sources; /* owned */
	struct tree *tree;       /* owned */
};

struct cargo {
	struct copy copy;
	struct load *load; /* counted; NULL: a pull */
};

struct load *
load_new(const char *const *paths, size_t n,
    const struct muster_copy_options *o, struct muster_error *err)
{
	const struct tree_options options = {.follow = o->follow,
	    .excludes = o->excludes,
	    .n_excludes = o->n_excludes};
	struct load *load = mem_new(sizeof(*load));

	atomic_init(&load->n_users, 1);
	load->sources = sources_new();
	load->tree = tree_walk(paths, n, &options, load->sources, err);
	if (load->tree != NULL)
		return load;
	load_free(load);
	return NULL;
}

void
load_free(struct load *load)
{
	if (load == NULL || atomic_fetch_sub(&load->n_users, 1) != 1)
		return;
	tree_free(load->tree);
	sources_free(load->sources);
	free(load);
}

const char *
load_note(const struct load *load, size_t i)
{
	return i < load->tree->n_notes ? load->tree->notes[i] : NULL;
}

/* The umask can be read only by changing it; workers make files with modes of
 * their own, so that for this moment it does not matter. */
static uint32_t
read_umask(void)
{
	mode_t mask = umask(077);

	(void)umask(mask);
	return (uint32_t)mask;
}

static struct cargo *
new_cargo(const struct muster_copy_options *o, struct throttle *throttle)
{
	struct cargo *cargo = mem_new(sizeof(*cargo));

	copy_options_dup(&cargo->copy.o, o);
	cargo->copy.umask = read_umask();
	cargo->copy.throttle = throttle_ref(throttle);
	return cargo;
}

struct cargo *
cargo_new_push(struct load *load, const char *dest,
    const struct muster_copy_options *o, struct throttle *throttle)
{
	struct cargo *cargo = new_cargo(o, throttle);

	atomic_fetch_add(&load->n_users, 1);
	cargo->load = load;
	cargo->copy.tree = load->tree;
	cargo->copy.dest = mem_strdup(dest);
	return cargo;
}

void
cargo_keep_owners(struct cargo *cargo)
{
	cargo->copy.keeps_owner = true;
}

struct cargo *
cargo_new_pull(const char *const *sources, size_t n,
    const struct cargo_place *place, const struct muster_copy_options *o,
    struct throttle *throttle)
{
	struct cargo *cargo = new_cargo(o, throttle);
	struct copy *copy = &cargo->copy;

	copy->is_pull = true;
	copy->sources = mem_array(n, sizeof(*copy->sources));
	for (size_t i = 0; i < n; i++)
		copy->sources[i] = mem_strdup(sources[i]);
	copy->n_sources = n;
	copy->dest = mem_strdup(place->dest);
	copy->suffix = mem_strdup(place->suffix);
	copy->own_folder = place->own_folder;
	copy->max_open = place->max_open;
	return cargo;
}

void
cargo_free(struct cargo *cargo)
{
	struct copy *copy;

	if (cargo == NULL)
		return;
	copy = &cargo->copy;
	load_free(cargo->load);
	for (size_t i = 0; i < copy->n_sources; i++)
		free(copy->sources[i]);
	free(copy->sources);
	free(copy->dest);
	free(copy->suffix);
	throttle_free(copy->throttle);
	copy_options_clear(&copy->o);
	free(cargo);
}

const struct copy *
cargo_copy(const struct cargo *cargo)
{
	return &cargo->copy;
}
