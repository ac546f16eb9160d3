/*
 * push_survey.c -- what is on the host in the place of each thing sent.
 *
 * Room: engine/copy.  May touch: base/.
 */
#include "config.h"

#include "copy/push.h"

#include "base/mem.h"
#include "base/str.h"
#include "copy/copy.h"
#include "copy/helper.h"
#include "copy/sftp.h"
#include "copy/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define ASK_AT_ONCE 256

/* A question about an entry. */
struct look {
	struct push *push;
	size_t index;
};

static void
refuse(
    struct push *p, size_t index, enum muster_outcome outcome, const char *what)
{
	char *path;

	if (p->conflict.outcome != MUSTER_PENDING)
		return;
	path = push_path(p, index);
	bad_set(&p->conflict, outcome, "%s", what);
	(void)muster_clean_text(
	    p->conflict_path, sizeof(p->conflict_path), path, strlen(path));
	free(path);
}

/* ---- what is there ---- */

static bool
is_same_file(const struct push *p, const struct tree_entry *e,
    const struct sftp_attrs *a)
{
	const unsigned need = SFTP_SIZE | SFTP_TIMES;

	return !p->courier.copy->o.checksum && (a->flags & need) == need &&
	       a->size == e->size && a->mtime == (uint32_t)e->mtime &&
	       e->mtime >= 0 && e->mtime <= UINT32_MAX;
}

static void
judge_file(struct push *p, size_t index, const struct sftp_attrs *a)
{
	struct push_entry *s = &p->entries[index];

	s->state = PUSH_PRESENT;
	if (S_ISDIR(a->mode)) {
		refuse(p, index, MUSTER_XF_REMOTE,
		    "a folder is in the place of a file; nothing was sent");
	} else if (S_ISREG(a->mode)) {
		s->has_mode = true;
		s->mode = (uint16_t)(a->mode & 0777);
		s->has_owner = (a->flags & SFTP_OWNER) != 0;
		s->uid = a->uid;
		s->gid = a->gid;
		s->same_size = (a->flags & SFTP_SIZE) != 0 &&
			       a->size == p->tree->entries[index].size;
		if (is_same_file(p, &p->tree->entries[index], a))
			s->state = PUSH_SAME;
	} else if (!S_ISLNK(a->mode)) {
		refuse(p, index, MUSTER_XF_REMOTE,
		    "what is there is no file; nothing was sent");
	}
}

static void
judge_folder(struct push *p, size_t index, const struct sftp_attrs *a)
{
	p->entries[index].state = PUSH_PRESENT;
	p->entries[index].has_mode = true;
	if (S_ISDIR(a->mode))
		return;
	if (S_ISLNK(a->mode))
		refuse(p, index, MUSTER_XF_LINK,
		    "a link is in the place of a folder; nothing was sent");
	else
		refuse(p, index, MUSTER_XF_REMOTE,
		    "a file is in the place of a folder; nothing was sent");
}

static void
judge_link(struct push *p, size_t index, const struct sftp_attrs *a)
{
	p->entries[index].state = PUSH_PRESENT;
	if (S_ISDIR(a->mode))
		refuse(p, index, MUSTER_XF_REMOTE,
		    "a folder is in the place of a link; nothing was sent");
}

static void
judge(struct push *p, size_t index, const struct sftp_attrs *a)
{
	if ((a->flags & SFTP_MODE) == 0) {
		refuse(p, index, MUSTER_XF_REMOTE,
		    "the server does not say what is there");
		return;
	}
	switch (p->tree->entries[index].kind) {
	case TREE_FILE:
		judge_file(p, index, a);
		break;
	case TREE_FOLDER:
		judge_folder(p, index, a);
		break;
	case TREE_LINK:
		judge_link(p, index, a);
		break;
	}
}

static void
on_look(void *arg, const struct sftp_reply *reply)
{
	struct look *look = arg;
	struct push *p = look->push;
	size_t index = look->index;
	struct bad why = {0};

	free(look);
	p->n_surveying--;
	if (reply->type == SFTP_ATTRS) {
		judge(p, index, &reply->attrs);
	} else if (reply->code == SFTP_NO_SUCH_FILE) {
		p->entries[index].state = PUSH_ABSENT;
	} else {
		bad_set_status(&why, reply);
		refuse(p, index, why.outcome, why.why);
	}
}

static void
look(struct push *p, size_t index)
{
	const struct tree_entry *e = &p->tree->entries[index];
	struct push_entry *s = &p->entries[index];
	struct look *look;
	char *path;

	if (e->parent != TREE_ROOT &&
	    p->entries[e->parent].state == PUSH_ABSENT) {
		s->state = PUSH_ABSENT;
		return;
	}
	look = mem_new(sizeof(*look));
	look->push = p;
	look->index = index;
	path = push_path(p, index);
	s->state = PUSH_ASKED;
	p->n_surveying++;
	/* The destination itself may be a link to a folder. */
	sftp_ask(p->courier.sftp,
	    e->kind == TREE_FOLDER && e->parent == TREE_ROOT &&
		    (!p->into || strcmp(e->name, ".") == 0)
		? SFTP_STAT
		: SFTP_LSTAT,
	    path, (struct sftp_then){on_look, look, free});
	free(path);
}

void
push_survey_go(struct push *p)
{
	struct courier *c = &p->courier;

	while (p->surveyed < p->tree->n && p->n_surveying < ASK_AT_ONCE &&
	       sftp_has_turn(c->sftp) && p->conflict.outcome == MUSTER_PENDING)
		look(p, p->surveyed++);
	if (p->n_surveying > 0)
		return;
	if (p->conflict.outcome != MUSTER_PENDING) {
		courier_fail(c, p->conflict.outcome, "'%s': %s",
		    p->conflict_path, p->conflict.why);
	} else if (p->surveyed == p->tree->n) {
		p->phase = PUSH_WORK;
		c->again = true;
	}
}

/* ---- where it goes ---- */

static bool
ends_in_slash(const char *path)
{
	return str_ends(path, "/") || str_ends(path, "/.") ||
	       str_ends(path, "/..") || strcmp(path, ".") == 0 ||
	       strcmp(path, "..") == 0;
}

/* As cp(1): into a folder that is there; more than one thing only so. */
static void
on_dest(void *arg, const struct sftp_reply *reply)
{
	struct push *p = arg;
	struct courier *c = &p->courier;
	const char *dest = c->copy->dest;
	bool is_there = reply->type == SFTP_ATTRS;
	struct bad why = {0};

	if (!is_there && reply->code != SFTP_NO_SUCH_FILE) {
		bad_set_status(&why, reply);
		courier_fail(c, why.outcome, "'%s': %s", dest, why.why);
		return;
	}
	p->into = is_there && (reply->attrs.flags & SFTP_MODE) != 0 &&
		  S_ISDIR(reply->attrs.mode);
	if (!p->into && (p->tree->n_roots != 1 || p->tree->n == 0)) {
		courier_fail(c, MUSTER_XF_REMOTE,
		    "'%s' is no folder for all of them; nothing was sent",
		    dest);
		return;
	}
	if (!p->into && ends_in_slash(dest) &&
	    (is_there || p->tree->entries[0].kind != TREE_FOLDER)) {
		courier_fail(c, MUSTER_XF_REMOTE,
		    "'%s' is no folder; nothing was sent", dest);
		return;
	}
	p->phase = PUSH_SURVEY;
	c->again = true;
}

static void
ask_dest(struct push *p)
{
	const char *dest = p->courier.copy->dest;

	sftp_ask(p->courier.sftp, SFTP_STAT, *dest != '\0' ? dest : ".",
	    (struct sftp_then){on_dest, p, NULL});
}

/* ---- whose it shall be ---- */

static void
take_id(struct push *p, const char *name, const char *line, uint32_t *id)
{
	struct courier *c = &p->courier;

	if (line == NULL || !str_u32(line, 0, UINT32_MAX - 1, id))
		courier_fail(c, MUSTER_XF_REMOTE,
		    "nobody is called '%s' there, or no shell could tell; "
		    "nothing was sent",
		    name);
}

static void
on_gid(void *arg, const char *line)
{
	struct push *p = arg;

	if (p->courier.over)
		return;
	take_id(p, p->courier.copy->o.group, line, &p->gid);
	if (!p->courier.over)
		ask_dest(p);
}

static void
ask_gid(struct push *p)
{
	struct courier *c = &p->courier;

	if (c->copy->o.group == NULL)
		ask_dest(p);
	else if (!helper_ask_id(c->helper, true, c->copy->o.group,
		     (struct helper_then){on_gid, p}))
		on_gid(p, NULL);
}

static void
on_uid(void *arg, const char *line)
{
	struct push *p = arg;

	if (p->courier.over)
		return;
	take_id(p, p->courier.copy->o.owner, line, &p->uid);
	if (!p->courier.over)
		ask_gid(p);
}

void
push_survey_begin(struct push *p)
{
	struct courier *c = &p->courier;

	p->uid = c->copy->o.uid;
	p->gid = c->copy->o.gid;
	if (c->copy->o.owner == NULL)
		ask_gid(p);
	else if (!helper_ask_id(c->helper, false, c->copy->o.owner,
		     (struct helper_then){on_uid, p}))
		on_uid(p, NULL);
}
