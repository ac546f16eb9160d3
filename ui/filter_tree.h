/*
 * filter_tree.h -- a filter as it was read: terms and what joins them.
 *
 * Room: ui.  May touch: filter.h, libc's regular expressions.
 */
#ifndef MUSTER_UI_FILTER_TREE_H
#define MUSTER_UI_FILTER_TREE_H

#include "ui/filter.h"

#include <regex.h>

#define FILTER_NODES_MAX 256

enum filter_field {
	FIELD_NAME, /* a bare word */
	FIELD_STATE,
	FIELD_EXIT,
	FIELD_HOST,
	FIELD_ATTEMPT,
	FIELD_TIME,
	FIELD_LINES,
	FIELD_BYTES,
	FIELD_GROUP,
	FIELD_WAVE,
	FIELD_OUT,
	FIELD_ERR,
	FIELD_LAST,
	FIELD_MARKED,
	FIELD_NEW,
	FIELD_N
};

enum filter_op {
	OP_IS, /* a flag, or a bare word */
	OP_EQ,
	OP_NE,
	OP_RE,
	OP_NOT_RE,
	OP_LT,
	OP_LE,
	OP_GT,
	OP_GE
};

enum filter_kind { FILTER_OR, FILTER_AND, FILTER_NOT, FILTER_TERM };

struct filter_node {
	enum filter_kind kind;
	size_t left, right; /* OR, AND; NOT: left */
	/* TERM */
	enum filter_field field;
	enum filter_op op;
	char **values; /* owned */
	size_t n_values;
	double *numbers; /* owned; of values, where they are some */
	uint32_t badges; /* STATE: a bit each */
	regex_t regex;   /* RE, NOT_RE */
	bool has_regex;
	struct muster_hosts hosts; /* NAME with brackets */
	bool has_hosts;
	const char **names; /* owned; those of hosts, sorted */
};

struct filter {
	struct filter_node *nodes; /* owned */
	size_t n, cap;
	size_t root;
};

/* Frees what a node owns. */
void filter_clear_node(struct filter_node *t);

/* Of two entries of names, for qsort(3). */
int filter_compare_names(const void *a, const void *b);

/* Badges that a word stands for ("failed", "trouble", "done"); 0: none. */
uint32_t filter_badges(const char *word);

/* Reads "3", "1.5k", "10s" as a number of a field (times in seconds). */
bool filter_number(enum filter_field field, const char *word, double *out);

#endif
