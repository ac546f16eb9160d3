/*
 * jsonwalk.h -- large JSON texts, read a member at a time.
 *
 * Room: engine/conf.  May touch: muster.h; jansson's values by name alone.
 * A tree of all that a text has is many times its size. This walks over the
 * members of objects, and only values that are wanted become trees.
 */
#ifndef MUSTER_CONF_JSONWALK_H
#define MUSTER_CONF_JSONWALK_H

#include "muster.h"

struct json_t;

struct jsonwalk {
	const char *text; /* borrowed */
	size_t len;
	size_t at;        /* where it stands; after an error, where that is */
	const char *name; /* of the text, for errors; borrowed */
	bool is_first;    /* no member of this object was read yet */
	bool is_bad;      /* an error was found */
	struct muster_error *err;
};

/* Whether an object begins where the walk stands, which is entered. */
bool jsonwalk_enter(struct jsonwalk *w);

/* Goes to the value of an object's next member. Returns its key, a heap
 * string, or NULL: behind the object, unless it is_bad. Errors:
 * MUSTER_ERR_FILE with "NAME: LINE:COLUMN: what", as in all of these. */
char *jsonwalk_next(struct jsonwalk *w);

/* Reads the value where the walk stands, and goes behind it. Returns it, to
 * be given back with json_decref(), or NULL. */
struct json_t *jsonwalk_value(struct jsonwalk *w);

/* Goes behind the value without a look at it, but for its brackets. */
int jsonwalk_skip(struct jsonwalk *w);

/* Refuses text behind the last value. */
int jsonwalk_end(struct jsonwalk *w);

/* An error of the text where the walk stands. Returns -1. */
int jsonwalk_refuse(struct jsonwalk *w, const char *what);

#endif
