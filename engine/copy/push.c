/*
 * push.c -- files and folders to a host: the order of things.
 *
 * Room: engine/copy.  May touch: base/.
 */
#include "config.h"

#include "copy/push.h"

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "copy/copy.h"
#include "copy/sftp.h"
#include "copy/tree.h"

#include <stdlib.h>
#include <string.h>

char *
push_path(const struct push *p, size_t index)
{
	const struct tree_entry *e = &p->tree->entries[index];
	const char *dest = p->courier.copy->dest;
	char *folder, *path;

	if (e->parent == TREE_ROOT)
		return p->into ? copy_join(dest, e->name) : mem_strdup(dest);
	folder = push_path(p, e->parent);
	path = copy_join(folder, e->name);
	free(folder);
	return path;
}

void
push_done(struct push *p, size_t index)
{
	p->entries[index].state = PUSH_DONE;
	if (p->tree->entries[index].kind != TREE_FOLDER)
		p->courier.progress.files_done++;
	courier_go(&p->courier);
}

void
push_failed(struct push *p, size_t index, const struct bad *why)
{
	char *path = push_path(p, index);

	p->entries[index].state = PUSH_FAILED;
	if (p->tree->entries[index].kind != TREE_FOLDER)
		p->courier.progress.files_done++;
	courier_fail_file(&p->courier, path, why);
	free(path);
	courier_go(&p->courier);
}

/* ---- what to begin next ---- */

static void
begin_entry(struct push *p, size_t index)
{
	switch (p->tree->entries[index].kind) {
	case TREE_FILE:
		push_file_begin(p, index);
		break;
	case TREE_FOLDER:
		push_folder_begin(p, index);
		break;
	case TREE_LINK:
		push_link_begin(p, index);
		break;
	}
}

/* Returns false when it must wait, for its folder or for its turn. */
static bool
try_entry(struct push *p, size_t index)
{
	const struct tree_entry *e = &p->tree->entries[index];
	static const struct bad no_folder = {
	    .outcome = MUSTER_XF_REMOTE, .why = "its folder is not there"};

	if (e->parent != TREE_ROOT) {
		uint8_t folder = p->entries[e->parent].state;

		if (folder == PUSH_MAKING)
			return false;
		if (folder == PUSH_FAILED) {
			push_failed(p, index, &no_folder);
			return true;
		}
	}
	if (p->n_files + p->n_working >= PUSH_FILES)
		return false;
	if (p->entries[index].state == PUSH_SAME) {
		push_same_begin(p, index);
		return true;
	}
	begin_entry(p, index);
	return true;
}

static void
go_work(struct push *p)
{
	struct courier *c = &p->courier;
	struct push_file *f, *next;

	while (!c->over && p->worked < p->tree->n &&
	       courier_out(c)->len < COURIER_OUT_BYTES &&
	       sftp_has_turn(c->sftp) && try_entry(p, p->worked))
		p->worked++;
	for (f = TAILQ_FIRST(&p->files); f != NULL && !c->over; f = next) {
		next = push_file_next(f);
		push_file_go(f);
	}
	if (p->worked < p->tree->n || p->n_files > 0 || p->n_working > 0)
		return;
	if (c->stopping) {
		courier_finish(c);
		return;
	}
	p->phase = PUSH_REMOVE;
	c->again = true;
}

static void
go_remove(struct push *p)
{
	const struct courier *c = &p->courier;

	/* Who could not bring the new does not take away the old. */
	if (c->copy->o.remove && c->progress.files_failed == 0 &&
	    !push_purge_go(p))
		return;
	p->phase = PUSH_TIMES;
	p->courier.again = true;
}

static void
go(struct courier *c)
{
	struct push *p = (struct push *)c;

	switch (p->phase) {
	case PUSH_DEST:
		break;
	case PUSH_SURVEY:
		push_survey_go(p);
		break;
	case PUSH_WORK:
		go_work(p);
		break;
	case PUSH_REMOVE:
		go_remove(p);
		break;
	case PUSH_TIMES:
		push_times_go(p);
		break;
	}
}

static void
begin(struct courier *c)
{
	struct push *p = (struct push *)c;

	p->tree = c->copy->tree;
	p->entries = mem_array(p->tree->n + 1, sizeof(*p->entries));
	TAILQ_INIT(&p->files);
	c->progress.files = p->tree->n_files;
	c->progress.bytes = p->tree->bytes;
	push_survey_begin(p);
}

static void
stop(struct courier *c)
{
	struct push *p = (struct push *)c;
	struct push_file *f, *next;

	if (p->phase != PUSH_WORK) {
		courier_fail(c, MUSTER_KILLED_LOCAL, "stopped on request");
		return;
	}
	p->worked = p->tree->n;
	for (f = TAILQ_FIRST(&p->files); f != NULL; f = next) {
		next = push_file_next(f);
		push_file_stop(f);
	}
	courier_go(c);
}

static void
clear(struct courier *c)
{
	struct push *p = (struct push *)c;
	struct push_file *f;

	if (p->tree == NULL)
		return;
	while ((f = TAILQ_FIRST(&p->files)) != NULL)
		push_file_free(f);
	push_purge_free(p->purge);
	free(p->entries);
}

const struct courier_ops push_ops = {
    .size = sizeof(struct push),
    .begin = begin,
    .go = go,
    .stop = stop,
    .clear = clear,
};
