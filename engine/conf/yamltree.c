/*
 * yamltree.c -- a YAML text as a tree.
 *
 * Room: engine/conf.  May touch: base; the only place of <yaml.h>.
 */
#include "config.h"

#include "conf/yamltree.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct reader {
	struct yamltree *tree;
	yaml_parser_t parser;
	struct map *anchors; /* to nodes */
	unsigned depth;
	struct muster_error *err;
};

static int
refuse(struct reader *r, const yaml_mark_t *mark, const char *what)
{
	return err_set(r->err, MUSTER_ERR_SYNTAX, "%zu:%zu: %s", mark->line + 1,
	    mark->column + 1, what);
}

static int
next_event(struct reader *r, yaml_event_t *event)
{
	if (yaml_parser_parse(&r->parser, event))
		return 0;
	return refuse(r,
	    r->parser.error == YAML_READER_ERROR ? &r->parser.mark
						 : &r->parser.problem_mark,
	    r->parser.problem == NULL ? "not YAML" : r->parser.problem);
}

static struct yamltree_node *
new_node(struct reader *r, const yaml_event_t *event, enum yamltree_kind kind)
{
	struct yamltree_node *node = mem_new(sizeof(*node));

	node->kind = kind;
	node->line = (unsigned)event->start_mark.line + 1;
	node->column = (unsigned)event->start_mark.column + 1;
	node->weight = 1;
	node->made_before = r->tree->made;
	r->tree->made = node;
	return node;
}

static void
set_anchor(
    struct reader *r, const yaml_char_t *name, struct yamltree_node *node)
{
	if (name != NULL && node != NULL)
		(void)map_puts(r->anchors, (const char *)name, node);
}

static struct yamltree_node *read_node(struct reader *r, yaml_event_t *event);

static struct yamltree_node *
read_scalar(struct reader *r, const yaml_event_t *event)
{
	struct yamltree_node *node = new_node(r, event, YAMLTREE_SCALAR);
	const char *text = (const char *)event->data.scalar.value;

	node->text =
	    arena_strndup(&r->tree->text, text, event->data.scalar.length);
	node->is_null = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
			(*text == '\0' || strcmp(text, "~") == 0 ||
			    strcmp(text, "null") == 0);
	set_anchor(r, event->data.scalar.anchor, node);
	return node;
}

static struct yamltree_node *
read_alias(struct reader *r, const yaml_event_t *event)
{
	struct yamltree_node *node =
	    map_gets(r->anchors, (const char *)event->data.alias.anchor);

	if (node == NULL)
		(void)refuse(r, &event->start_mark, "no such anchor");
	return node;
}

/* Makes room for one item more: arrays double, from one item on. */
static void
grow_items(struct yamltree_node *node)
{
	size_t cap = node->n, want = cap + 1;

	if ((node->n & (node->n - 1)) != 0)
		return;
	if (node->n > 1)
		want = cap * 2;
	node->items = reallocarray(node->items, want, sizeof(*node->items));
	if (node->items == NULL)
		mem_die();
}

static int
add_item(struct reader *r, struct yamltree_node *parent, const char *key,
    struct yamltree_node *node, const yaml_mark_t *mark)
{
	parent->weight += node->weight;
	if (parent->weight > LIMIT_YAML_NODES)
		return refuse(r, mark, "too many nodes");
	grow_items(parent);
	parent->items[parent->n++] = (struct yamltree_item){key, node};
	return 0;
}

/* Reads one entry of a list or map, whose first event is here. */
static int
read_item(struct reader *r, struct yamltree_node *parent, yaml_event_t *event)
{
	yaml_mark_t mark = event->start_mark;
	struct yamltree_node *value;
	const char *key;

	if (parent->kind == YAMLTREE_LIST) {
		value = read_node(r, event);
		return value == NULL ? -1
				     : add_item(r, parent, NULL, value, &mark);
	}
	if (event->type != YAML_SCALAR_EVENT)
		return refuse(r, &mark, "a key must be plain text");
	key = arena_strndup(&r->tree->text,
	    (const char *)event->data.scalar.value, event->data.scalar.length);
	yaml_event_delete(event);
	if (next_event(r, event) != 0)
		return -1;
	value = read_node(r, event);
	return value == NULL ? -1 : add_item(r, parent, key, value, &mark);
}

/* Reads entries up to the end of a list or map. */
static struct yamltree_node *
read_items(struct reader *r, struct yamltree_node *node, yaml_event_type_t end)
{
	for (;;) {
		yaml_event_t event;
		int rc;

		if (next_event(r, &event) != 0)
			return NULL;
		if (event.type == end) {
			yaml_event_delete(&event);
			return node;
		}
		rc = read_item(r, node, &event);
		yaml_event_delete(&event);
		if (rc != 0)
			return NULL;
	}
}

/* Reads the node that begins with `event`, which stays the caller's. */
static struct yamltree_node *
read_node(struct reader *r, yaml_event_t *event)
{
	struct yamltree_node *node = NULL;

	if (event->type == YAML_SCALAR_EVENT)
		return read_scalar(r, event);
	if (event->type == YAML_ALIAS_EVENT)
		return read_alias(r, event);
	if (r->depth == LIMIT_YAML_DEPTH) {
		(void)refuse(r, &event->start_mark, "nested too deep");
		return NULL;
	}
	r->depth++;
	/* An anchor is known once its node is complete: none is in itself. */
	if (event->type == YAML_SEQUENCE_START_EVENT) {
		node = new_node(r, event, YAMLTREE_LIST);
		node = read_items(r, node, YAML_SEQUENCE_END_EVENT);
		set_anchor(r, event->data.sequence_start.anchor, node);
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		node = new_node(r, event, YAMLTREE_MAP);
		node = read_items(r, node, YAML_MAPPING_END_EVENT);
		set_anchor(r, event->data.mapping_start.anchor, node);
	}
	r->depth--;
	return node;
}

/* Reads the first document, if there is one. */
static int
read_document(struct reader *r)
{
	for (;;) {
		yaml_event_t event;
		yaml_event_type_t type;
		int rc = 0;

		if (next_event(r, &event) != 0)
			return -1;
		type = event.type;
		if (type != YAML_STREAM_START_EVENT &&
		    type != YAML_DOCUMENT_START_EVENT &&
		    type != YAML_STREAM_END_EVENT) {
			r->tree->root = read_node(r, &event);
			rc = r->tree->root == NULL ? -1 : 1;
		}
		yaml_event_delete(&event);
		if (rc != 0)
			return rc == 1 ? 0 : -1;
		if (type == YAML_STREAM_END_EVENT)
			return 0;
	}
}

int
yamltree_parse(
    struct yamltree *t, const char *text, size_t len, struct muster_error *err)
{
	struct reader r = {.tree = t, .err = err};
	int rc;

	*t = (struct yamltree){.root = NULL};
	arena_init(&t->text);
	if (!yaml_parser_initialize(&r.parser))
		mem_die();
	r.anchors = map_new();
	yaml_parser_set_input_string(
	    &r.parser, (const unsigned char *)text, len);
	rc = read_document(&r);
	map_free(r.anchors, NULL);
	yaml_parser_delete(&r.parser);
	if (rc != 0)
		yamltree_clear(t);
	return rc;
}

void
yamltree_clear(struct yamltree *t)
{
	struct yamltree_node *before;

	for (struct yamltree_node *n = t->made; n != NULL; n = before) {
		before = n->made_before;
		free(n->items);
		free(n);
	}
	arena_clear(&t->text);
	*t = (struct yamltree){.root = NULL};
}

const struct yamltree_node *
yamltree_get(const struct yamltree_node *node, const char *key)
{
	for (size_t i = 0; node->kind == YAMLTREE_MAP && i < node->n; i++)
		if (strcmp(node->items[i].key, key) == 0)
			return node->items[i].node;
	return NULL;
}
