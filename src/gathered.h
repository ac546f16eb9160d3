/*
 * gathered.h -- texts gathered, as -b, --diff and --similar print them.
 *
 * Room: src.  May touch: muster.h.
 * With -b: fifteen dashes, the folded hosts and how many they are when more
 * than one, fifteen dashes, the text.
 */
#ifndef MUSTER_SRC_GATHERED_H
#define MUSTER_SRC_GATHERED_H

#include "muster.h"

#include <stdbool.h>

struct args;
struct output;
struct text;

/* How they are printed. */
struct gathered_form {
	bool by_host;     /* in the order of hosts, not the largest first */
	bool diff;        /* how they differ from the first */
	uint32_t similar; /* together when so much is equal, in thousandths;
			   * 0: only what is equal */
	bool guards;      /* a text's lines that look like a header are not
			   * printed as they are, but behind a blank */
};

/* Texts, and who said them; all borrowed. */
struct gathered_texts {
	struct muster_gather *texts;
	const char *(*name)(const void *names, size_t host);
	const void *names; /* for name() */
	struct output *to;
};

struct gathered;

/* Groups what `texts` has, for gathered_pump(). With -b, `chosen` (NULL: all)
 * has a bool a host: groups whose first one is not are left out. */
struct gathered *gathered_new(const struct gathered_texts *texts,
    const struct gathered_form *form, const bool *chosen);
void gathered_free(struct gathered *g);

/* Writes a piece: 64 KiB at most with -b, else what belongs to one group.
 * Returns false when all is written. */
bool gathered_pump(struct gathered *g);

/* What --sort, --diff and --similar ask for. Returns 0, or -1:
 * MUSTER_ERR_USAGE. */
int gathered_read_form(const struct args *args, struct gathered_form *form,
    struct muster_error *err);

/* Adds "web[1-3] (3)" for these hosts. */
void gathered_add_names(const struct gathered_texts *t, const uint32_t *hosts,
    size_t n, struct text *to);

/* Writes the three lines above a text. */
void gathered_write_header(
    const struct gathered_texts *t, const uint32_t *hosts, size_t n);

#endif
