/*
 * push_make.c -- folders and links on a host, and the times of folders.
 *
 * Room: engine/copy.  May touch: base/.
 * A link takes its place as a file does: made under another name, renamed.
 */
#include "config.h"

#include "copy/push.h"

#include "base/mem.h"
#include "copy/copy.h"
#include "copy/sftp.h"
#include "copy/tree.h"

#include <stdlib.h>

struct making {
	struct push *push;
	size_t index;
	char *path, *temp; /* owned */
	struct bad bad;
};

static struct making *
begin(struct push *p, size_t index)
{
	struct making *m = mem_new(sizeof(*m));

	m->push = p;
	m->index = index;
	m->path = push_path(p, index);
	p->entries[index].state = PUSH_MAKING;
	p->n_working++;
	return m;
}

static void
end(struct making *m)
{
	struct push *p = m->push;
	size_t index = m->index;
	struct bad bad = m->bad;

	p->n_working--;
	free(m->path);
	free(m->temp);
	free(m);
	if (bad.outcome == MUSTER_PENDING)
		push_done(p, index);
	else
		push_failed(p, index, &bad);
}

/* ---- folders ---- */

static void
on_status(void *arg, const struct sftp_reply *reply)
{
	struct making *m = arg;

	if (reply->code != SFTP_OK)
		bad_set_status(&m->bad, reply);
	end(m);
}

/* Others may look into it once it is whole. */
void
push_folder_begin(struct push *p, size_t index)
{
	struct courier *c = &p->courier;
	struct making *m;

	if (p->entries[index].state == PUSH_PRESENT) {
		push_done(p, index);
		return;
	}
	m = begin(p, index);
	if (!c->copy->o.dry_run) {
		sftp_mkdir(c->sftp, m->path, 0700,
		    (struct sftp_then){on_status, m, NULL});
		return;
	}
	courier_say(c, "make %s/", m->path);
	end(m);
}

/* ---- links ---- */

static void
on_removed(void *arg, const struct sftp_reply *reply)
{
	(void)reply;
	end(arg);
}

static void
on_linked(void *arg, const struct sftp_reply *reply)
{
	struct making *m = arg;

	if (reply->code == SFTP_OK) {
		end(m);
		return;
	}
	bad_set_status(&m->bad, reply);
	sftp_ask(m->push->courier.sftp, SFTP_REMOVE, m->temp,
	    (struct sftp_then){on_removed, m, NULL});
}

static void
on_link(void *arg, const struct sftp_reply *reply)
{
	struct making *m = arg;

	if (reply->code != SFTP_OK) {
		bad_set_status(&m->bad, reply);
		end(m);
		return;
	}
	sftp_rename(m->push->courier.sftp, m->temp, m->path,
	    (struct sftp_then){on_linked, m, NULL});
}

void
push_link_begin(struct push *p, size_t index)
{
	struct making *m = begin(p, index);
	struct courier *c = &p->courier;

	if (c->copy->o.dry_run) {
		courier_say(c, "link %s -> %s", m->path,
		    p->tree->entries[index].target);
		end(m);
		return;
	}
	m->temp = copy_temp_name(m->path);
	sftp_symlink(c->sftp, p->tree->entries[index].target, m->temp,
	    (struct sftp_then){on_link, m, NULL});
}

/* ---- files that are there ---- */

void
push_same_begin(struct push *p, size_t index)
{
	const struct copy *copy = p->courier.copy;
	const struct muster_copy_options *o = &copy->o;
	const struct tree_entry *e = &p->tree->entries[index];
	struct sftp_attrs a = {
	    .flags = SFTP_MODE, .mode = copy_mode(copy, e->mode, false)};
	bool moded = o->preserve ||
		     (o->chmod_clear | o->chmod_set | o->chmod_set_x) != 0;
	struct making *m;

	p->courier.progress.files_same++;
	p->courier.progress.bytes_done += e->size;
	if (!o->dry_run &&
	    (o->set_owner || (moded && a.mode != p->entries[index].mode))) {
		m = begin(p, index);
		if (o->set_owner) {
			a.flags |= SFTP_OWNER;
			a.uid = p->uid;
			a.gid = p->gid;
		}
		if (!moded)
			a.flags &= ~SFTP_MODE;
		sftp_setstat(p->courier.sftp, m->path, &a,
		    (struct sftp_then){on_status, m, NULL});
		return;
	}
	push_done(p, index);
}

/* ---- times ---- */

static void
on_times(void *arg, const struct sftp_reply *reply)
{
	struct making *m = arg;
	struct push *p = m->push;

	p->n_timing--;
	if (reply->code != SFTP_OK) {
		bad_set_status(&m->bad, reply);
		courier_fail_file(&p->courier, m->path, &m->bad);
	}
	free(m->path);
	free(m);
	courier_go(&p->courier);
}

/* Folders that are new, and all of them when they are to be as here. */
static void
set_times(struct push *p, size_t index, bool is_new)
{
	const struct tree_entry *e = &p->tree->entries[index];
	const struct muster_copy_options *o = &p->courier.copy->o;
	struct sftp_attrs a = {.flags = SFTP_MODE};
	struct making *m;

	a.mode = copy_mode(p->courier.copy, e->mode, true);
	if (o->preserve) {
		a.flags |= SFTP_TIMES;
		a.atime = a.mtime = (uint32_t)e->mtime;
	}
	if (o->set_owner) {
		a.flags |= SFTP_OWNER;
		a.uid = p->uid;
		a.gid = p->gid;
	}
	if (!is_new && !o->preserve && !o->set_owner)
		return;
	m = mem_new(sizeof(*m));
	m->push = p;
	m->path = push_path(p, index);
	p->n_timing++;
	sftp_setstat(p->courier.sftp, m->path, &a,
	    (struct sftp_then){on_times, m, NULL});
}

void
push_times_go(struct push *p)
{
	struct courier *c = &p->courier;

	/* What is in a folder comes behind it, and so before it here. */
	while (p->timed < p->tree->n && sftp_has_turn(c->sftp)) {
		size_t index = p->tree->n - 1 - p->timed++;
		const struct push_entry *s = &p->entries[index];

		if (p->tree->entries[index].kind == TREE_FOLDER &&
		    s->state == PUSH_DONE && !c->copy->o.dry_run)
			set_times(p, index, !s->has_mode);
	}
	if (p->timed == p->tree->n && p->n_timing == 0)
		courier_finish(c);
}
