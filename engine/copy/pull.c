/*
 * pull.c -- files and folders from a host: the order of things.
 *
 * Room: engine/copy.  May touch: base/.
 */
#include "config.h"

#include "copy/pull.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "copy/beneath.h"
#include "copy/copy.h"
#include "copy/sftp.h"
#include "copy/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct pull_item *
pull_item_new(const char *path, const char *local, const char *inner)
{
	struct pull_item *item = mem_new(sizeof(*item));

	item->path = mem_strdup(path);
	item->local = mem_strdup(local);
	item->inner = mem_strdup(inner);
	return item;
}

void
pull_item_free(struct pull_item *item)
{
	free(item->path);
	free(item->local);
	free(item->inner);
	free(item);
}

static void
free_items(struct pull_items *items)
{
	struct pull_item *item;

	while ((item = TAILQ_FIRST(items)) != NULL) {
		TAILQ_REMOVE(items, item, entry);
		pull_item_free(item);
	}
}

void
pull_failed(struct pull *p, const char *path, const struct bad *why)
{
	p->courier.progress.files_done++;
	if (p->courier.progress.files < p->courier.progress.files_done)
		p->courier.progress.files = p->courier.progress.files_done;
	courier_fail_file(&p->courier, path, why);
	courier_go(&p->courier);
}

/* ---- what was found ---- */

static void
take_folder(struct pull *p, struct pull_item *item)
{
	struct courier *c = &p->courier;
	struct bad bad = {0};
	int rc = 0;

	if (item->depth > LIMIT_COPY_DEPTH) {
		courier_fail(c, MUSTER_LIMIT, "'%s': folders over %d deep",
		    item->path, LIMIT_COPY_DEPTH);
	} else if (c->copy->o.dry_run) {
		TAILQ_INSERT_TAIL(&p->folders, item, entry);
		return;
	} else if (*item->local != '\0') {
		rc = beneath_make_folder(p->root, item->local);
	}
	if (rc >= 0 && !c->over) {
		item->is_new = rc > 0;
		TAILQ_INSERT_TAIL(&p->folders, item, entry);
		return;
	}
	if (!c->over) {
		bad_set_errno(&bad, errno, "cannot make the folder here");
		pull_failed(p, item->path, &bad);
	}
	pull_item_free(item);
}

static void take_link(struct pull *p, struct pull_item *item);

void
pull_found(struct pull *p, struct pull_item *item)
{
	const struct copy *copy = p->courier.copy;
	struct bad bad = {0};

	if (*item->inner != '\0' &&
	    tree_is_excluded(copy->o.excludes, copy->o.n_excludes, item->inner,
		S_ISDIR(item->attrs.mode))) {
		pull_item_free(item);
		return;
	}
	if ((item->attrs.flags & SFTP_MODE) == 0) {
		bad_set(&bad, MUSTER_XF_REMOTE,
		    "the server does not say what it is");
		pull_failed(p, item->path, &bad);
		pull_item_free(item);
	} else if (S_ISDIR(item->attrs.mode)) {
		take_folder(p, item);
	} else if (S_ISREG(item->attrs.mode)) {
		p->courier.progress.files++;
		p->courier.progress.bytes += item->attrs.size;
		TAILQ_INSERT_TAIL(&p->wanted, item, entry);
		p->n_wanted++;
	} else if (S_ISLNK(item->attrs.mode)) {
		take_link(p, item);
	} else {
		bad_set(&bad, MUSTER_XF_REMOTE,
		    "it is neither a file nor a folder nor a link");
		pull_failed(p, item->path, &bad);
		pull_item_free(item);
	}
}

/* ---- links ---- */

struct question {
	struct pull *pull;
	struct pull_item *item; /* owned */
};

static void
drop_question(void *arg)
{
	struct question *q = arg;

	pull_item_free(q->item);
	free(q);
}

static struct sftp_then
ask(struct pull *p, struct pull_item *item,
    void (*answer)(void *, const struct sftp_reply *))
{
	struct question *q = mem_new(sizeof(*q));

	q->pull = p;
	q->item = item;
	p->n_asked++;
	return (struct sftp_then){answer, q, drop_question};
}

static struct pull *
answered(void *arg, struct pull_item **item)
{
	struct question *q = arg;
	struct pull *p = q->pull;

	*item = q->item;
	free(q);
	p->n_asked--;
	return p;
}

static void
fail_item(struct pull *p, struct pull_item *item, const struct bad *why)
{
	pull_failed(p, item->path, why);
	pull_item_free(item);
}

static void
on_target(void *arg, const struct sftp_reply *reply)
{
	struct pull_item *item;
	struct pull *p = answered(arg, &item);
	struct rd names = reply->names;
	struct bad bad = {0};
	struct sftp_entry e;
	char *target;

	if (reply->type != SFTP_NAME || reply->n_names != 1 ||
	    !sftp_read_entry(&names, &e) || e.len == 0 || e.len > 4095 ||
	    memchr(e.name, '\0', e.len) != NULL) {
		bad_set(&bad, MUSTER_XF_LINK, "the link cannot be read");
		fail_item(p, item, &bad);
		return;
	}
	target = mem_strndup((const char *)e.name, e.len);
	if (!p->courier.copy->o.dry_run &&
	    beneath_make_link(p->root, item->local, target) != 0)
		bad_set_errno(&bad, errno, "cannot make the link here");
	else if (p->courier.copy->o.dry_run)
		courier_say(&p->courier, "link %s -> %s", item->local, target);
	free(target);
	if (bad.outcome != MUSTER_PENDING) {
		fail_item(p, item, &bad);
		return;
	}
	p->courier.progress.files_done++;
	pull_item_free(item);
	courier_go(&p->courier);
}

/* ---- what was named, and what links point to ---- */

static void
on_looked(void *arg, const struct sftp_reply *reply)
{
	struct pull_item *item;
	struct pull *p = answered(arg, &item);
	struct bad bad = {0};

	if (reply->type != SFTP_ATTRS) {
		bad_set_status(&bad, reply);
		fail_item(p, item, &bad);
		return;
	}
	item->attrs = reply->attrs;
	if (S_ISLNK(item->attrs.mode)) {
		/* STAT said so: nothing good can come of it. */
		bad_set(&bad, MUSTER_XF_LINK, "a link that leads nowhere");
		fail_item(p, item, &bad);
		return;
	}
	pull_found(p, item);
	courier_go(&p->courier);
}

static void
take_link(struct pull *p, struct pull_item *item)
{
	struct sftp *sftp = p->courier.sftp;

	if (p->courier.copy->o.follow) {
		sftp_ask(sftp, SFTP_STAT, item->path, ask(p, item, on_looked));
		return;
	}
	p->courier.progress.files++;
	sftp_ask(sftp, SFTP_READLINK, item->path, ask(p, item, on_target));
}

/* ---- the destination ---- */

/* How something named is called here: "" is the destination itself. */
static char *
local_name(const struct pull *p, const char *path)
{
	const struct copy *copy = p->courier.copy;
	char *name;

	if (p->only != NULL)
		return mem_strdup(p->only);
	name = tree_last_part(path);
	if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
	    strcmp(name, "/") == 0)
		name[0] = '\0';
	if (copy->suffix != NULL) {
		char *longer = mem_printf("%s.%s", name, copy->suffix);

		free(name);
		name = longer;
	}
	return name;
}

void
pull_add_root(struct pull *p, const char *path)
{
	char *local = local_name(p, path);
	struct bad bad = {0};
	const char *why =
	    *local != '\0' ? beneath_refuses(local, strlen(local)) : NULL;
	struct pull_item *item;

	if (why != NULL) {
		bad_set(&bad, MUSTER_XF_NAME, "%s", why);
		pull_failed(p, path, &bad);
	} else if (p->only != NULL && p->n_roots > 0) {
		courier_fail(&p->courier, MUSTER_XF_LOCAL,
		    "'%s' is no folder for all of them", p->courier.copy->dest);
	} else {
		item = pull_item_new(path, local, "");
		p->n_roots++;
		TAILQ_INSERT_TAIL(&p->roots, item, entry);
	}
	free(local);
}

/* As cp(1): into a folder that is there, or as a new name beside others. */
static int
open_dest(struct pull *p)
{
	const struct copy *copy = p->courier.copy;
	const char *dest = *copy->dest != '\0' ? copy->dest : ".";
	char *parent, *slash;
	size_t len = strlen(dest);

	p->root = beneath_open_root(dest, copy->own_folder);
	if (p->root >= 0 || errno == EACCES || copy->own_folder ||
	    dest[len - 1] == '/' || copy->n_sources != 1)
		return p->root;
	p->only = tree_last_part(dest);
	parent = mem_strdup(dest);
	slash = strrchr(parent, '/');
	if (slash != NULL)
		slash[slash == parent] = '\0';
	p->root = beneath_open_root(slash != NULL ? parent : ".", false);
	free(parent);
	return p->root;
}

static void
begin(struct courier *c)
{
	struct pull *p = (struct pull *)c;

	TAILQ_INIT(&p->roots);
	TAILQ_INIT(&p->folders);
	TAILQ_INIT(&p->wanted);
	TAILQ_INIT(&p->made);
	TAILQ_INIT(&p->files);
	p->is_begun = true;
	if (open_dest(p) < 0) {
		if (c->copy->o.dry_run && errno == ENOENT)
			return;
		courier_fail(c,
		    errno == EACCES ? MUSTER_XF_PERM : MUSTER_XF_LOCAL,
		    "'%s': %s", c->copy->dest, strerror(errno));
	}
}

/* ---- what to begin next ---- */

static void
go_roots(struct pull *p)
{
	const struct copy *copy = p->courier.copy;
	struct pull_item *item;

	while (p->glob == NULL && p->next_source < copy->n_sources &&
	       !p->courier.over) {
		const char *source = copy->sources[p->next_source++];

		if (pull_is_pattern(source))
			pull_glob_begin(p, source);
		else
			pull_add_root(p, source);
	}
	while ((item = TAILQ_FIRST(&p->roots)) != NULL &&
	       sftp_has_turn(p->courier.sftp)) {
		TAILQ_REMOVE(&p->roots, item, entry);
		/* What is named is what it points to. */
		sftp_ask(p->courier.sftp, SFTP_STAT, item->path,
		    ask(p, item, on_looked));
	}
}

static void
go_files(struct pull *p)
{
	struct courier *c = &p->courier;
	struct pull_file *f, *next;
	struct pull_item *item;

	while ((item = TAILQ_FIRST(&p->wanted)) != NULL && !c->over &&
	       p->n_files < c->copy->max_open && sftp_has_turn(c->sftp)) {
		TAILQ_REMOVE(&p->wanted, item, entry);
		p->n_wanted--;
		pull_file_begin(p, item);
	}
	for (f = TAILQ_FIRST(&p->files); f != NULL && !c->over; f = next) {
		next = pull_file_next(f);
		pull_file_go(f);
	}
}

/* Folders that are new, and all of them when they are to be as there. */
static void
set_folders(struct pull *p)
{
	const struct copy *copy = p->courier.copy;
	struct pull_item *item;

	/* What is in a folder was made behind it, and so is before it here. */
	while ((item = TAILQ_LAST(&p->made, pull_items)) != NULL) {
		bool timed =
		    copy->o.preserve && (item->attrs.flags & SFTP_TIMES) != 0;
		int64_t mtime = item->attrs.mtime;
		struct bad bad = {0};

		TAILQ_REMOVE(&p->made, item, entry);
		if ((item->is_new || copy->o.preserve) &&
		    *item->local != '\0' &&
		    beneath_set_folder(p->root, item->local,
			copy_mode(copy, item->attrs.mode, true),
			timed ? &mtime : NULL) != 0) {
			bad_set_errno(&bad, errno, "cannot set its mode here");
			courier_fail_file(&p->courier, item->path, &bad);
		}
		pull_item_free(item);
	}
}

static void
go(struct courier *c)
{
	struct pull *p = (struct pull *)c;

	go_roots(p);
	if (!c->over && p->n_wanted < LIST_AHEAD)
		pull_list_go(p);
	if (!c->over)
		go_files(p);
	if (c->over || p->glob != NULL || p->list != NULL || p->n_files > 0 ||
	    p->n_asked > 0 || p->n_wanted > 0 ||
	    p->next_source < c->copy->n_sources || !TAILQ_EMPTY(&p->roots) ||
	    !TAILQ_EMPTY(&p->folders))
		return;
	set_folders(p);
	courier_finish(c);
}

/* What is half made here goes with it. */
static void
stop(struct courier *c)
{
	courier_fail(c, MUSTER_KILLED_LOCAL, "stopped on request");
}

static void
clear(struct courier *c)
{
	struct pull *p = (struct pull *)c;
	struct pull_file *f;

	if (!p->is_begun)
		return;
	while ((f = TAILQ_FIRST(&p->files)) != NULL)
		pull_file_free(f);
	free_items(&p->roots);
	free_items(&p->folders);
	free_items(&p->wanted);
	free_items(&p->made);
	pull_list_free(p->list);
	pull_glob_free(p->glob);
	free(p->only);
	if (p->root >= 0)
		(void)close(p->root);
}

const struct courier_ops pull_ops = {
    .size = sizeof(struct pull),
    .begin = begin,
    .go = go,
    .stop = stop,
    .clear = clear,
};
