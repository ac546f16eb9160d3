/*
 * pull_list.c -- what is in the folders of a host, one folder after another.
 *
 * Room: engine/copy.  May touch: base/, beneath.h.
 * Names are taken only if they can be names here, each once; the others are
 * told of one by one, and the rest of the folder goes on.
 */
#include "config.h"

#include "copy/pull.h"

#include "base/hash.h"
#include "base/limits.h"
#include "base/mem.h"
#include "copy/beneath.h"
#include "copy/copy.h"
#include "copy/sftp.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Digests of the names of a folder: a second one of a kind is found out. */
struct seen {
	uint64_t *slots; /* owned; 0: free */
	size_t n, cap;
};

struct pull_list {
	struct pull *pull;
	struct pull_item *item; /* owned; the folder */
	struct sftp_handle handle;
	struct hash_key key;
	struct seen seen;
	bool is_open, busy;
};

static void
put(struct seen *s, uint64_t digest)
{
	size_t at = (size_t)digest & (s->cap - 1);

	while (s->slots[at] != 0)
		at = (at + 1) & (s->cap - 1);
	s->slots[at] = digest;
	s->n++;
}

static void
grow(struct seen *s)
{
	struct seen old = *s;

	s->cap = old.cap == 0 ? 64 : 2 * old.cap;
	s->slots = mem_array(s->cap, sizeof(*s->slots));
	s->n = 0;
	for (size_t i = 0; i < old.cap; i++) {
		if (old.slots[i] != 0)
			put(s, old.slots[i]);
	}
	free(old.slots);
}

/* Returns false when it was there. */
static bool
add(struct seen *s, uint64_t digest)
{
	size_t at;

	digest += digest == 0;
	if (2 * s->n >= s->cap)
		grow(s);
	for (at = (size_t)digest & (s->cap - 1); s->slots[at] != 0;
	     at = (at + 1) & (s->cap - 1)) {
		if (s->slots[at] == digest)
			return false;
	}
	put(s, digest);
	return true;
}

void
pull_list_free(struct pull_list *l)
{
	if (l == NULL)
		return;
	if (l->item != NULL)
		pull_item_free(l->item);
	free(l->seen.slots);
	free(l);
}

/* The folder is done with, and waits for its times. */
static void
end(struct pull_list *l)
{
	struct pull *p = l->pull;

	TAILQ_INSERT_TAIL(&p->made, l->item, entry);
	l->item = NULL;
	p->list = NULL;
	pull_list_free(l);
	courier_go(&p->courier);
}

static void
on_closed(void *arg, const struct sftp_reply *reply)
{
	(void)reply;
	end(arg);
}

static void
refuse(struct pull_list *l, const struct sftp_entry *e, const char *why)
{
	char *name = mem_printf("%s/%.*s", l->item->path,
	    (int)(e->len < 200 ? e->len : 200), (const char *)e->name);
	struct bad bad = {0};

	bad_set(&bad, MUSTER_XF_NAME, "%s", why);
	pull_failed(l->pull, name, &bad);
	free(name);
}

static void
take(struct pull_list *l, const struct sftp_entry *e)
{
	const char *why = beneath_refuses(e->name, e->len);
	char *name, *path, *local, *inner;
	struct pull_item *item;

	if ((e->len == 1 && e->name[0] == '.') ||
	    (e->len == 2 && memcmp(e->name, "..", 2) == 0))
		return;
	if (why == NULL && !add(&l->seen, hash_bytes(&l->key, e->name, e->len)))
		why = "a name that is there twice";
	if (why != NULL) {
		refuse(l, e, why);
		return;
	}
	name = mem_strndup((const char *)e->name, e->len);
	path = copy_join(l->item->path, name);
	local = copy_join(l->item->local, name);
	inner = copy_join(l->item->inner, name);
	item = pull_item_new(path, local, inner);
	item->attrs = e->attrs;
	item->depth = l->item->depth + 1;
	free(name);
	free(path);
	free(local);
	free(inner);
	pull_found(l->pull, item);
}

static void
on_names(void *arg, const struct sftp_reply *reply)
{
	struct pull_list *l = arg;
	struct pull *p = l->pull;
	struct rd names = reply->names;
	struct bad bad = {0};
	struct sftp_entry e;

	l->busy = false;
	if (reply->type != SFTP_NAME) {
		if (reply->code != SFTP_EOF) {
			bad_set_status(&bad, reply);
			pull_failed(p, l->item->path, &bad);
		}
		l->busy = true;
		sftp_ask_handle(p->courier.sftp, SFTP_CLOSE, &l->handle,
		    (struct sftp_then){on_closed, l, NULL});
		return;
	}
	p->n_found += reply->n_names;
	if (p->n_found > LIMIT_COPY_ENTRIES) {
		courier_fail(&p->courier, MUSTER_LIMIT,
		    "the host lists over %d files", LIMIT_COPY_ENTRIES);
		return;
	}
	for (uint32_t i = 0; i < reply->n_names && !p->courier.over; i++) {
		if (sftp_read_entry(&names, &e))
			take(l, &e);
	}
}

static void
on_open(void *arg, const struct sftp_reply *reply)
{
	struct pull_list *l = arg;
	struct bad bad = {0};

	l->busy = false;
	if (reply->type != SFTP_HANDLE) {
		bad_set_status(&bad, reply);
		pull_failed(l->pull, l->item->path, &bad);
		end(l);
		return;
	}
	sftp_keep_handle(&l->handle, reply);
	l->is_open = true;
}

static void
begin(struct pull *p, struct pull_item *item)
{
	struct pull_list *l = mem_new(sizeof(*l));

	l->pull = p;
	l->item = item;
	l->key = hash_new_key();
	l->busy = true;
	p->list = l;
	sftp_ask(p->courier.sftp, SFTP_OPENDIR, item->path,
	    (struct sftp_then){on_open, l, NULL});
}

void
pull_list_go(struct pull *p)
{
	struct pull_item *item = TAILQ_FIRST(&p->folders);

	if (p->list == NULL && item != NULL) {
		TAILQ_REMOVE(&p->folders, item, entry);
		begin(p, item);
	} else if (p->list != NULL && p->list->is_open && !p->list->busy) {
		p->list->busy = true;
		sftp_ask_handle(p->courier.sftp, SFTP_READDIR, &p->list->handle,
		    (struct sftp_then){on_names, p->list, NULL});
	}
}
