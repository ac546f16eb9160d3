/*
 * push_purge.c -- removes what is in the folders of a host and was not sent.
 *
 * Room: engine/copy.  May touch: base/.
 * One request at a time, and no link is followed: a folder that is one is
 * removed as a link. What is excluded is left alone, and so are the folders
 * around it.
 */
#include "config.h"

#include "copy/push.h"

#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "copy/copy.h"
#include "copy/sftp.h"
#include "copy/tree.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define NOWHERE SIZE_MAX

/* Something that has to go; those in a folder lie above it. */
struct doomed {
	char *path, *inner; /* owned */
	bool is_folder, is_listed;
	bool keeps; /* something in it stays */
};

struct push_purge {
	struct push *push;
	size_t at;    /* the entries before it are done */
	size_t index; /* the folder being listed, or NOWHERE: a doomed one */
	char *path, *inner; /* owned; of the folder being listed */
	struct map *known;  /* owned; names that stay in it */
	struct sftp_handle handle;
	struct doomed *stack; /* owned */
	size_t n, cap;
	size_t lister; /* of the stack, when a doomed folder is listed */
	bool busy, over;
};

/* ---- paths within what was sent ---- */

static char *
inner_path(const struct push *p, size_t index)
{
	const struct tree_entry *e = &p->tree->entries[index];
	char *folder, *path;

	if (e->parent == TREE_ROOT)
		return mem_strdup("");
	folder = inner_path(p, e->parent);
	path = copy_join(folder, e->name);
	free(folder);
	return path;
}

static void
forget_listing(struct push_purge *g)
{
	free(g->path);
	free(g->inner);
	map_free(g->known, NULL);
	g->path = g->inner = NULL;
	g->known = NULL;
}

void
push_purge_free(struct push_purge *g)
{
	if (g == NULL)
		return;
	forget_listing(g);
	for (size_t i = 0; i < g->n; i++) {
		free(g->stack[i].path);
		free(g->stack[i].inner);
	}
	free(g->stack);
	free(g);
}

static void
fail(struct push_purge *g, const char *path, const struct sftp_reply *reply)
{
	struct bad bad = {0};

	bad_set_status(&bad, reply);
	courier_fail_file(&g->push->courier, path, &bad);
}

static void
go_on(struct push_purge *g)
{
	g->busy = false;
	courier_go(&g->push->courier);
}

/* ---- listing ---- */

static void
doom(struct push_purge *g, const struct sftp_entry *e)
{
	const struct muster_copy_options *o = &g->push->courier.copy->o;
	char *name = mem_strndup((const char *)e->name, e->len);
	struct doomed d = {.path = copy_join(g->path, name),
	    .inner = copy_join(g->inner, name),
	    .is_folder =
		(e->attrs.flags & SFTP_MODE) != 0 && S_ISDIR(e->attrs.mode)};

	free(name);
	if (g->n >= LIMIT_COPY_ENTRIES ||
	    tree_is_excluded(
		o->excludes, o->n_excludes, d.inner, d.is_folder)) {
		if (g->index == NOWHERE)
			g->stack[g->lister].keeps = true;
		free(d.path);
		free(d.inner);
		return;
	}
	mem_grow(&g->stack, &g->cap, g->n + 1, sizeof(*g->stack));
	g->stack[g->n++] = d;
}

/* A name that no folder can have is none of our business. */
static bool
is_name(const struct sftp_entry *e)
{
	return e->len > 0 && memchr(e->name, '/', e->len) == NULL &&
	       memchr(e->name, '\0', e->len) == NULL &&
	       !(e->len == 1 && e->name[0] == '.') &&
	       !(e->len == 2 && memcmp(e->name, "..", 2) == 0);
}

static void
on_closed(void *arg, const struct sftp_reply *reply)
{
	struct push_purge *g = arg;

	(void)reply;
	forget_listing(g);
	go_on(g);
}

static void
on_names(void *arg, const struct sftp_reply *reply)
{
	struct push_purge *g = arg;
	struct sftp *sftp = g->push->courier.sftp;
	struct rd names = reply->names;
	struct sftp_entry e;

	if (reply->type != SFTP_NAME) {
		if (reply->code != SFTP_EOF)
			fail(g, g->path, reply);
		sftp_ask_handle(sftp, SFTP_CLOSE, &g->handle,
		    (struct sftp_then){on_closed, g, NULL});
		return;
	}
	for (uint32_t i = 0; i < reply->n_names; i++) {
		if (sftp_read_entry(&names, &e) && is_name(&e) &&
		    map_get(g->known, e.name, e.len) == NULL)
			doom(g, &e);
	}
	sftp_ask_handle(sftp, SFTP_READDIR, &g->handle,
	    (struct sftp_then){on_names, g, NULL});
}

static void
on_folder(void *arg, const struct sftp_reply *reply)
{
	struct push_purge *g = arg;

	if (reply->type != SFTP_HANDLE) {
		fail(g, g->path, reply);
		forget_listing(g);
		go_on(g);
		return;
	}
	sftp_keep_handle(&g->handle, reply);
	sftp_ask_handle(g->push->courier.sftp, SFTP_READDIR, &g->handle,
	    (struct sftp_then){on_names, g, NULL});
}

static void
list(struct push_purge *g, size_t index, const char *path, const char *inner)
{
	const struct tree *t = g->push->tree;

	g->index = index;
	g->path = mem_strdup(path);
	g->inner = mem_strdup(inner);
	g->known = map_new();
	for (size_t i = index == NOWHERE ? t->n : index + 1; i < t->n; i++) {
		if (t->entries[i].parent == index)
			(void)map_puts(
			    g->known, t->entries[i].name, &t->entries[i]);
	}
	g->busy = true;
	sftp_ask(g->push->courier.sftp, SFTP_OPENDIR, path,
	    (struct sftp_then){on_folder, g, NULL});
}

/* ---- removing ---- */

static void
pop(struct push_purge *g)
{
	struct doomed *d = &g->stack[--g->n];
	bool keeps = d->keeps;

	free(d->path);
	free(d->inner);
	for (size_t i = g->n; keeps && i-- > 0;) {
		if (g->stack[i].is_listed) {
			g->stack[i].keeps = true;
			break;
		}
	}
}

static void
on_removed(void *arg, const struct sftp_reply *reply)
{
	struct push_purge *g = arg;

	if (reply->code != SFTP_OK)
		fail(g, g->stack[g->n - 1].path, reply);
	pop(g);
	go_on(g);
}

static void
remove_top(struct push_purge *g)
{
	struct doomed *d = &g->stack[g->n - 1];
	struct courier *c = &g->push->courier;

	if (d->is_folder && !d->is_listed) {
		d->is_listed = true;
		g->lister = g->n - 1;
		list(g, NOWHERE, d->path, d->inner);
	} else if (d->keeps) {
		pop(g);
	} else if (c->copy->o.dry_run) {
		courier_say(c, "remove %s%s", d->path, d->is_folder ? "/" : "");
		pop(g);
	} else {
		g->busy = true;
		sftp_ask(c->sftp, d->is_folder ? SFTP_RMDIR : SFTP_REMOVE,
		    d->path, (struct sftp_then){on_removed, g, NULL});
	}
}

static void
list_next(struct push_purge *g)
{
	const struct push *p = g->push;

	for (; g->at < p->tree->n; g->at++) {
		char *path, *inner;

		if (p->tree->entries[g->at].kind != TREE_FOLDER ||
		    !p->entries[g->at].has_mode)
			continue;
		path = push_path(p, g->at);
		inner = inner_path(p, g->at);
		list(g, g->at++, path, inner);
		free(path);
		free(inner);
		return;
	}
	g->over = true;
}

bool
push_purge_go(struct push *p)
{
	struct push_purge *g = p->purge;

	if (g == NULL) {
		p->purge = g = mem_new(sizeof(*g));
		g->push = p;
	}
	while (!g->busy && !g->over) {
		if (g->n > 0)
			remove_top(g);
		else
			list_next(g);
	}
	return g->over;
}
