/*
 * pull_glob.c -- what matches a pattern on a host.
 *
 * Room: engine/copy.  May touch: base/, beneath.h.
 * A pattern is looked for part by part: a part that is no pattern is taken as
 * it is, any other is matched with fnmatch(3) against what is in the folder.
 * One request at a time.
 */
#include "config.h"

#include "copy/pull.h"

#include "base/limits.h"
#include "base/mem.h"
#include "copy/beneath.h"
#include "copy/copy.h"
#include "copy/sftp.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

/* A folder, and what is looked for in it. */
struct branch {
	TAILQ_ENTRY(branch) entry;
	char *path; /* owned; "" here */
	char *rest; /* owned */
};

struct pull_glob {
	struct pull *pull;
	char *pattern; /* owned; whole */
	TAILQ_HEAD(, branch) branches;
	struct branch *at; /* owned; being looked at */
	char *part;        /* owned; its pattern */
	const char *rest;  /* behind the part, within at->rest */
	struct sftp_handle handle;
	char **matches; /* owned */
	size_t n_matches, cap_matches;
	size_t n_seen;
};

static void step(struct pull_glob *g);

bool
pull_is_pattern(const char *path)
{
	return strpbrk(path, "*?[") != NULL;
}

static void
free_branch(struct branch *b)
{
	if (b == NULL)
		return;
	free(b->path);
	free(b->rest);
	free(b);
}

void
pull_glob_free(struct pull_glob *g)
{
	struct branch *b;

	if (g == NULL)
		return;
	while ((b = TAILQ_FIRST(&g->branches)) != NULL) {
		TAILQ_REMOVE(&g->branches, b, entry);
		free_branch(b);
	}
	free_branch(g->at);
	for (size_t i = 0; i < g->n_matches; i++)
		free(g->matches[i]);
	free(g->matches);
	free(g->part);
	free(g->pattern);
	free(g);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
finish(struct pull_glob *g)
{
	struct pull *p = g->pull;
	struct bad bad = {0};

	p->glob = NULL;
	if (g->n_matches == 0) {
		bad_set(&bad, MUSTER_XF_REMOTE, "nothing matches");
		pull_failed(p, g->pattern, &bad);
	} else {
		qsort(g->matches, g->n_matches, sizeof(*g->matches), compare);
	}
	for (size_t i = 0; i < g->n_matches && !p->courier.over; i++)
		pull_add_root(p, g->matches[i]);
	pull_glob_free(g);
	courier_go(&p->courier);
}

static void
add_match(struct pull_glob *g, char *path)
{
	mem_grow(&g->matches, &g->cap_matches, g->n_matches + 1,
	    sizeof(*g->matches));
	g->matches[g->n_matches++] = path;
}

static void
add_branch(struct pull_glob *g, char *path, const char *rest)
{
	struct branch *b = mem_new(sizeof(*b));

	b->path = path;
	b->rest = mem_strdup(rest);
	TAILQ_INSERT_TAIL(&g->branches, b, entry);
}

/* Whether something literal is there only the server knows. */
static void
on_exists(void *arg, const struct sftp_reply *reply)
{
	struct pull_glob *g = arg;

	if (reply->type == SFTP_ATTRS)
		add_match(g, mem_strdup(g->at->path));
	free_branch(g->at);
	g->at = NULL;
	step(g);
}

static void
on_closed(void *arg, const struct sftp_reply *reply)
{
	struct pull_glob *g = arg;

	(void)reply;
	free_branch(g->at);
	g->at = NULL;
	step(g);
}

static void
take(struct pull_glob *g, const struct sftp_entry *e)
{
	char *name, *path;

	if (beneath_refuses(e->name, e->len) != NULL)
		return;
	name = mem_strndup((const char *)e->name, e->len);
	if (fnmatch(g->part, name, FNM_PERIOD) == 0) {
		path = copy_join(g->at->path, name);
		if (*g->rest == '\0')
			add_match(g, path);
		else
			add_branch(g, path, g->rest);
	}
	free(name);
}

static void
on_names(void *arg, const struct sftp_reply *reply)
{
	struct pull_glob *g = arg;
	struct sftp *sftp = g->pull->courier.sftp;
	struct rd names = reply->names;
	struct sftp_entry e;

	g->n_seen += reply->type == SFTP_NAME ? reply->n_names : 0;
	if (g->n_seen > LIMIT_COPY_ENTRIES) {
		courier_fail(&g->pull->courier, MUSTER_LIMIT,
		    "the host lists over %d files", LIMIT_COPY_ENTRIES);
		return;
	}
	if (reply->type != SFTP_NAME) {
		sftp_ask_handle(sftp, SFTP_CLOSE, &g->handle,
		    (struct sftp_then){on_closed, g, NULL});
		return;
	}
	for (uint32_t i = 0; i < reply->n_names; i++) {
		if (sftp_read_entry(&names, &e))
			take(g, &e);
	}
	sftp_ask_handle(sftp, SFTP_READDIR, &g->handle,
	    (struct sftp_then){on_names, g, NULL});
}

static void
on_open(void *arg, const struct sftp_reply *reply)
{
	struct pull_glob *g = arg;

	if (reply->type != SFTP_HANDLE) {
		on_closed(g, reply);
		return;
	}
	sftp_keep_handle(&g->handle, reply);
	sftp_ask_handle(g->pull->courier.sftp, SFTP_READDIR, &g->handle,
	    (struct sftp_then){on_names, g, NULL});
}

/* Takes the parts that are no patterns off the front of what is left. */
static void
walk_literals(struct branch *b)
{
	for (;;) {
		size_t slashes = strspn(b->rest, "/");
		size_t len = strcspn(b->rest + slashes, "/");
		char *part = mem_strndup(b->rest, slashes + len);
		char *path, *rest;

		if (*part == '\0' || pull_is_pattern(part)) {
			free(part);
			return;
		}
		path = mem_printf("%s%s", b->path, part);
		rest = mem_strdup(b->rest + slashes + len);
		free(part);
		free(b->path);
		free(b->rest);
		b->path = path;
		b->rest = rest;
	}
}

static void
step(struct pull_glob *g)
{
	struct branch *b = TAILQ_FIRST(&g->branches);
	struct sftp *sftp = g->pull->courier.sftp;
	size_t slashes, len;

	if (b == NULL) {
		finish(g);
		return;
	}
	TAILQ_REMOVE(&g->branches, b, entry);
	g->at = b;
	walk_literals(b);
	slashes = strspn(b->rest, "/");
	len = strcspn(b->rest + slashes, "/");
	if (len == 0) {
		sftp_ask(sftp, SFTP_LSTAT, b->path,
		    (struct sftp_then){on_exists, g, NULL});
		return;
	}
	free(g->part);
	g->part = mem_strndup(b->rest + slashes, len);
	g->rest = b->rest + slashes + len;
	if (*b->path == '\0' && slashes > 0) {
		free(b->path);
		b->path = mem_strdup("/");
	}
	sftp_ask(sftp, SFTP_OPENDIR, *b->path != '\0' ? b->path : ".",
	    (struct sftp_then){on_open, g, NULL});
}

/* A name may look like a pattern and be there. */
static void
on_literal(void *arg, const struct sftp_reply *reply)
{
	struct pull_glob *g = arg;

	if (reply->type == SFTP_ATTRS)
		add_match(g, mem_strdup(g->pattern));
	else
		add_branch(g, mem_strdup(""), g->pattern);
	step(g);
}

void
pull_glob_begin(struct pull *p, const char *pattern)
{
	struct pull_glob *g = mem_new(sizeof(*g));

	g->pull = p;
	g->pattern = mem_strdup(pattern);
	TAILQ_INIT(&g->branches);
	p->glob = g;
	sftp_ask(p->courier.sftp, SFTP_LSTAT, pattern,
	    (struct sftp_then){on_literal, g, NULL});
}
