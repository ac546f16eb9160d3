/*
 * yamltree.h -- a YAML text as a tree.
 *
 * Room: engine/conf.  May touch: base/arena.h, muster.h.
 * Only the first document is read. An alias is the node it stands for; a
 * tree that would have too many nodes with all of them written out is
 * refused. Trees of 100,000 small maps are common, so nodes are kept small.
 */
#ifndef MUSTER_CONF_YAMLTREE_H
#define MUSTER_CONF_YAMLTREE_H

#include "base/arena.h"
#include "muster.h"

enum yamltree_kind { YAMLTREE_SCALAR, YAMLTREE_LIST, YAMLTREE_MAP };

struct yamltree_node {
	enum yamltree_kind kind;
	unsigned line; /* from 1 */
	unsigned column;
	bool is_null;     /* a plain scalar of nothing, "~" or "null" */
	const char *text; /* of a scalar */
	struct yamltree_item *items; /* owned */
	unsigned n;
	unsigned weight; /* nodes in it, itself too */
	struct yamltree_node *made_before;
};

struct yamltree_item {
	const char *key; /* of a map's entry; NULL in a list */
	struct yamltree_node *node;
};

struct yamltree {
	struct yamltree_node *root; /* NULL: there is no document */
	struct yamltree_node *made; /* owned: all nodes, the newest first */
	struct arena text;
};

/* Reads a text. Errors: MUSTER_ERR_SYNTAX with "line:column: " in front of
 * the text; the tree needs no clearing then. */
int yamltree_parse(
    struct yamltree *t, const char *text, size_t len, struct muster_error *err);

void yamltree_clear(struct yamltree *t);

/* The value under a key of a map; NULL: none, or no map. */
const struct yamltree_node *yamltree_get(
    const struct yamltree_node *node, const char *key);

#endif
