/*
 * gathered.c -- equal texts under one header, as clush prints them.
 *
 * Room: src.  May touch: muster.h, args.h, heap.h, names.h, output.h,
 * stream.h, text.h.
 */
#include "config.h"

#include "src/gathered.h"

#include "src/args.h"
#include "src/heap.h"
#include "src/names.h"
#include "src/output.h"
#include "src/stream.h"
#include "src/text.h"

#include <stdlib.h>
#include <string.h>

#define PIECE_BYTES 65536
#define RULE "---------------"

struct gathered {
	struct muster_gather *texts; /* borrowed */
	const char *(*name)(const void *names, size_t host);
	const void *names; /* borrowed */
	struct output *to; /* borrowed */
	struct stream *body;
	size_t n_groups;
	size_t group;
	uint64_t at; /* in its text; 0: its header comes next */
};

struct gathered *
gathered_new(struct muster_gather *texts, bool by_host,
    const char *(*name)(const void *names, size_t host), const void *names,
    struct output *to)
{
	struct gathered *g = heap_array(1, sizeof(*g));

	g->texts = texts;
	g->name = name;
	g->names = names;
	g->to = to;
	g->body = stream_new(1, STREAM_LINE_MAX, to, to);
	g->n_groups = muster_gather_group(texts, by_host);
	return g;
}

void
gathered_free(struct gathered *g)
{
	if (g == NULL)
		return;
	stream_free(g->body);
	free(g);
}

static void
write_header(const struct gathered *g, const uint32_t *hosts, size_t n)
{
	const char **names = heap_array(n, sizeof(*names));
	struct text line = {0};

	for (size_t i = 0; i < n; i++)
		names[i] = g->name(g->names, hosts[i]);
	text_adds(&line, RULE "\n");
	names_fold(names, n, &line);
	if (n > 1)
		text_addf(&line, " (%zu)", n);
	text_adds(&line, "\n" RULE "\n");
	output_text(g->to, line.mem, line.len);
	text_clear(&line);
	free(names);
}

bool
gathered_pump(struct gathered *g)
{
	const uint32_t *hosts;
	const void *data;
	size_t n, len;

	if (g->group == g->n_groups)
		return false;
	hosts = muster_gather_hosts(g->texts, g->group, &n);
	if (g->at == 0)
		write_header(g, hosts, n);
	if (muster_gather_read(g->texts, hosts[0], g->at, &data, &len)) {
		len = len < PIECE_BYTES ? len : PIECE_BYTES;
		stream_add(g->body, 0, MUSTER_STDOUT, NULL, data, len);
		g->at += len;
		return true;
	}
	stream_end(g->body, 0, NULL);
	g->group++;
	g->at = 0;
	return true;
}

int
gathered_read_order(const char *sort, bool *by_host, struct muster_error *err)
{
	*by_host = sort != NULL && strcmp(sort, "host") == 0;
	if (sort == NULL || *by_host || strcmp(sort, "size") == 0)
		return 0;
	return args_error(
	    err, "option '--sort' wants 'size' or 'host', not '%s'", sort);
}
