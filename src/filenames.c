/*
 * filenames.c -- a file name of its own for each host.
 *
 * Room: src.  May touch: heap.h, text.h.
 * The names are in a tree of tsearch(3).
 */
#include "config.h"

#include "src/filenames.h"

#include "src/heap.h"
#include "src/text.h"

#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct filenames {
	void *tree; /* of strings that are owned */
};

static int
compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

struct filenames *
filenames_new(void)
{
	return heap_array(1, sizeof(struct filenames));
}

void
filenames_free(struct filenames *f)
{
	if (f == NULL)
		return;
	while (f->tree != NULL) {
		char *name = *(char **)f->tree;

		(void)tdelete(name, &f->tree, compare);
		free(name);
	}
	free(f);
}

static bool
is_taken(struct filenames *f, const char *name)
{
	return tfind(name, &f->tree, compare) != NULL;
}

void
filenames_reserve(struct filenames *f, const char *name)
{
	if (!is_taken(f, name) &&
	    tsearch(heap_strdup(name), &f->tree, compare) == NULL)
		heap_die();
}

static void
add_safe(struct text *name, const char *label)
{
	for (const char *p = label; *p != '\0'; p++) {
		bool bad = (unsigned char)*p < ' ' || *p == 0x7f || *p == '/' ||
			   (*p == '.' && p == label);

		text_add(name, bad ? "_" : p, 1);
	}
	if (name->len == 0)
		text_adds(name, "_");
}

/* Reserves a name and its ".rc" when both are free. */
static bool
take_both(struct filenames *f, const char *name)
{
	struct text rc = {0};
	bool both;

	text_addf(&rc, "%s.rc", name);
	both = !is_taken(f, name) && !is_taken(f, text_str(&rc));
	if (both) {
		filenames_reserve(f, name);
		filenames_reserve(f, text_str(&rc));
	}
	text_clear(&rc);
	return both;
}

char *
filenames_add(struct filenames *f, const char *label)
{
	struct text name = {0};
	size_t len;

	add_safe(&name, label);
	len = name.len;
	for (unsigned i = 1; !take_both(f, text_str(&name)); i++) {
		name.len = len;
		text_addf(&name, ".%u", i);
	}
	return name.mem;
}
