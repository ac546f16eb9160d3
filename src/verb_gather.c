/*
 * verb_gather.c -- muster gather: 'host: line' in, equal outputs once.
 *
 * Room: src.  May touch: muster.h, args.h, complain.h, exitcode.h,
 * gathered.h, heap.h, output.h, verbs.h.
 * A label ends at the first colon with a blank or nothing behind it, so that
 * addresses and ports are part of it; where there is none, at the first
 * colon. One blank behind it is not of the text.
 */
#include "config.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/gathered.h"
#include "src/heap.h"
#include "src/output.h"
#include "src/verbs.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BUFFER_BYTES 65536
#define LABEL_MAX 4096
#define FLUSH_BYTES 65536

struct host {
	char *name; /* owned */
	size_t index;
};

struct input {
	char buffer[BUFFER_BYTES];
	size_t len;
	size_t line;               /* its number, from 1 */
	bool in_line;              /* its label was read */
	size_t n_lost;             /* lines without a label, */
	size_t lost;               /* and the first of them */
	void *tree;                /* of hosts, by name */
	const struct host **hosts; /* owned, and each of them; by index */
	size_t n_hosts, cap_hosts;
	const struct host *host; /* of this line; NULL: it has none */
	struct muster_gather *texts;
};

static int
compare(const void *a, const void *b)
{
	const struct host *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static const struct host *
add_host(struct input *in, const struct host *like)
{
	struct host *host = heap_array(1, sizeof(*host));
	size_t cap = in->cap_hosts;

	host->name = heap_strdup(like->name);
	host->index = in->n_hosts;
	heap_grow(
	    &in->hosts, &in->cap_hosts, in->n_hosts + 1, sizeof(*in->hosts));
	in->hosts[in->n_hosts++] = host;
	if (in->cap_hosts > cap)
		muster_gather_grow(in->texts, in->cap_hosts);
	if (tsearch(host, &in->tree, compare) == NULL)
		heap_die();
	return host;
}

static const struct host *
find_host(struct input *in, const char *label, size_t len)
{
	char name[LABEL_MAX + 1];
	const struct host like = {.name = name};
	const struct host **found;

	memcpy(name, label, len);
	name[len] = '\0';
	found = tfind(&like, &in->tree, compare);
	return found != NULL ? *found : add_host(in, &like);
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Finds the colon that ends the label in `len` bytes of a line. */
static const char *
find_colon(const char *line, size_t len)
{
	const char *end = line + len;
	const char *first = memchr(line, ':', len);
	const char *p = first;

	while (p != NULL && p + 1 < end && !is_blank(p[1]))
		p = memchr(p + 1, ':', (size_t)(end - p - 1));
	return p != NULL ? p : first;
}

/* Reads the label at the beginning of `len` bytes, up to their newline or
 * not. Returns how many bytes are not of the text; a line without a label has
 * in->host NULL after. */
static size_t
read_label(struct input *in, const char *line, size_t len)
{
	size_t room = len < LABEL_MAX ? len : LABEL_MAX;
	const char *colon = find_colon(line, room);
	const char *from = line, *to = colon;
	size_t used;

	in->host = NULL;
	while (colon != NULL && from < to && is_blank(*from))
		from++;
	while (colon != NULL && to > from && is_blank(to[-1]))
		to--;
	if (colon == NULL || from == to ||
	    memchr(from, '\0', (size_t)(to - from)) != NULL)
		return 0;
	in->host = find_host(in, from, (size_t)(to - from));
	used = (size_t)(colon - line) + 1;
	return used + (used < len && line[used] == ' ');
}

static void
note_lost(struct input *in)
{
	if (in->n_lost++ == 0)
		in->lost = in->line;
}

/* Takes a line, or of a long one the next piece. */
static void
take_piece(struct input *in, const char *p, size_t len, bool has_end)
{
	size_t used = 0;

	if (!in->in_line) {
		in->line++;
		used = read_label(in, p, len - has_end);
		if (in->host == NULL)
			note_lost(in);
	}
	if (in->host != NULL)
		muster_gather_add(
		    in->texts, in->host->index, p + used, len - used);
	in->in_line = !has_end;
}

/* Takes the lines of the buffer, and of the last one what can be. */
static void
take_buffer(struct input *in, bool at_end)
{
	const char *p = in->buffer;
	const char *end = p + in->len;
	const char *newline;

	while ((newline = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		take_piece(in, p, (size_t)(newline - p) + 1, true);
		p = newline + 1;
	}
	if (p < end &&
	    (at_end || in->in_line || (size_t)(end - p) > LABEL_MAX)) {
		take_piece(in, p, (size_t)(end - p), false);
		p = end;
	}
	in->len = (size_t)(end - p);
	memmove(in->buffer, p, in->len);
}

/* A last line without a newline is the same as one with it. */
static void
end_line(struct input *in)
{
	if (in->in_line && in->host != NULL)
		muster_gather_add(in->texts, in->host->index, "\n", 1);
	in->in_line = false;
}

static int
read_all(struct input *in)
{
	ssize_t n;

	do {
		n = read(STDIN_FILENO, in->buffer + in->len,
		    sizeof(in->buffer) - in->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			complain(
			    "cannot read standard input: %s", strerror(errno));
			return EXITCODE_LOCAL;
		}
		in->len += (size_t)n;
		take_buffer(in, n == 0);
	} while (n != 0);
	end_line(in);
	return EXITCODE_OK;
}

static const char *
name_host(const void *input, size_t host)
{
	const struct input *in = input;

	return in->hosts[host]->name;
}

static int
write_groups(const struct input *in, const struct args *args,
    const struct gathered_form *form)
{
	struct output out;
	const struct gathered_texts texts = {in->texts, name_host, in, &out};
	struct gathered *g;
	int rc = EXITCODE_OK;

	output_init(&out, STDOUT_FILENO, args->raw);
	g = gathered_new(&texts, form, NULL);
	while (gathered_pump(g)) {
		if (output_waiting(&out) >= FLUSH_BYTES)
			(void)output_flush(&out, -1, -1);
	}
	(void)output_flush(&out, -1, -1);
	if (out.error != 0) {
		complain("cannot write output: %s", strerror(out.error));
		rc = EXITCODE_LOCAL;
	}
	gathered_free(g);
	output_clear(&out);
	return rc;
}

/* Says what of the input is not in the output. */
static int
check_losses(const struct input *in)
{
	size_t n_cut = 0;

	for (size_t i = 0; i < in->n_hosts; i++)
		n_cut += !muster_gather_is_whole(in->texts, i);
	if (n_cut > 0)
		complain("the output of %zu of %zu hosts is cut: together it "
			 "is more than can be gathered",
		    n_cut, in->n_hosts);
	if (in->n_lost > 0)
		complain("%zu line%s left out: there is no 'host:' before "
			 "line %zu",
		    in->n_lost, in->n_lost == 1 ? " was" : "s were", in->lost);
	return n_cut > 0 || in->n_lost > 0 ? EXITCODE_LOCAL : EXITCODE_OK;
}

static void
free_input(struct input *in)
{
	while (in->tree != NULL) {
		struct host *host = *(struct host **)in->tree;

		(void)tdelete(host, &in->tree, compare);
		free(host->name);
		free(host);
	}
	free(in->hosts);
	muster_gather_free(in->texts);
	free(in);
}

int
verb_gather(const struct args *args)
{
	struct muster_error err;
	struct input *in;
	struct gathered_form form;
	int rc, losses;

	if (args->n_rest > 0) {
		complain(
		    "gather reads standard input, not '%s'", args->rest[0]);
		return EXITCODE_USAGE;
	}
	if (gathered_read_form(args, &form, &err) < 0) {
		complain("%s", err.text);
		return EXITCODE_USAGE;
	}
	in = heap_array(1, sizeof(*in));
	in->texts = muster_gather_new(0);
	rc = read_all(in);
	if (rc == EXITCODE_OK)
		rc = write_groups(in, args, &form);
	losses = check_losses(in);
	free_input(in);
	return rc != EXITCODE_OK ? rc : losses;
}
