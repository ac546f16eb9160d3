/*
 * sshconf_file.c -- a text of ssh_config(5) as blocks of lines.
 *
 * Room: engine/conf.  May touch: base.
 * Each line is checked here, once. Only an unknown keyword has to wait: an
 * IgnoreUnknown that holds for some hosts may allow it.
 */
#include "config.h"

#include "conf/sshconf_int.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/words.h"

#include <stdlib.h>
#include <string.h>

/* A text on its way into a file. */
struct parser {
	struct sshconf *conf;
	struct sshconf_file *file;
	unsigned depth;  /* of the includes that led here */
	unsigned number; /* of the line; 0 for an option */
};

static struct sshconf_block *
add_block(struct sshconf_file *f, enum sshconf_kind kind)
{
	struct sshconf_block *b;

	mem_grow(&f->blocks, &f->cap, f->n + 1, sizeof(*f->blocks));
	b = &f->blocks[f->n++];
	memset(b, 0, sizeof(*b));
	b->kind = kind;
	return b;
}

static struct sshconf_line *
add_line(struct sshconf_block *b)
{
	mem_grow(&b->lines, &b->cap, b->n + 1, sizeof(*b->lines));
	return &b->lines[b->n++];
}

struct sshconf_file *
sshconf_file_new(const char *path, bool user)
{
	struct sshconf_file *f = mem_new(sizeof(*f));

	f->path = mem_strdup(path);
	f->user = user;
	add_block(f, SSHCONF_ALWAYS);
	return f;
}

void
sshconf_file_free(void *file)
{
	struct sshconf_file *f = file;

	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++) {
		struct sshconf_block *b = &f->blocks[i];

		for (size_t j = 0; j < b->n; j++)
			words_free_list(b->lines[j].words, b->lines[j].n);
		words_free_list(b->head.words, b->head.n);
		free(b->lines);
		free(b->tests);
	}
	free(f->blocks);
	free(f->path);
	free(f);
}

/* An Include without tokens is read at once, so that what is wrong with it
 * is known before any host is asked for. */
static int
read_includes(const struct parser *p, const struct sshconf_line *l,
    struct muster_error *err)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct sshconf_set *set;

		if (sshconf_include_is_late(l->words[i]))
			continue;
		set = sshconf_include(
		    p->conf, l->words[i], p->file->user, p->depth + 1, err);
		if (set == NULL)
			return sshconf_blame_once(l, err);
		for (size_t j = 0; j < set->n; j++)
			if (set->files[j]->deep >= p->file->deep)
				p->file->deep = set->files[j]->deep + 1;
	}
	return 0;
}

/* Keeps a checked line where it belongs. Returns it. */
static struct sshconf_line *
keep_line(struct sshconf_file *f, const struct sshconf_line *l)
{
	enum sshconf_type type =
	    l->row == NULL ? SSHCONF_T_UNUSED : l->row->type;
	struct sshconf_block *b = &f->blocks[f->n - 1];
	struct sshconf_line *kept;

	if (type == SSHCONF_T_HOST || type == SSHCONF_T_MATCH) {
		b = add_block(
		    f, type == SSHCONF_T_HOST ? SSHCONF_HOST : SSHCONF_MATCH);
		kept = &b->head;
	} else {
		kept = add_line(b);
		if (l->row == NULL || type == SSHCONF_T_INCLUDE)
			b->watched = true;
	}
	*kept = *l;
	return kept;
}

static int
refuse_structure(const struct sshconf_line *l, struct muster_error *err)
{
	return err_set(
	    err, MUSTER_ERR_SYNTAX, "'%s' cannot be an option", l->row->name);
}

/* Checks and keeps the words of a line. */
static int
take_words(const struct parser *p, struct sshconf_line *l, const char *rest,
    struct muster_error *err)
{
	enum sshconf_type type =
	    l->row == NULL ? SSHCONF_T_UNUSED : l->row->type;
	bool structure = type == SSHCONF_T_HOST || type == SSHCONF_T_MATCH ||
			 type == SSHCONF_T_INCLUDE;
	struct sshconf_line *kept;

	if ((l->row != NULL && sshconf_line_check(l, rest, err) != 0) ||
	    (structure && p->number == 0 && refuse_structure(l, err) != 0)) {
		words_free_list(l->words, l->n);
		return sshconf_blame(l, err);
	}
	if (l->row != NULL && type == SSHCONF_T_UNUSED) {
		words_free_list(l->words, l->n);
		return 0;
	}
	kept = keep_line(p->file, l);
	if (type == SSHCONF_T_MATCH &&
	    sshconf_match_parse(&p->file->blocks[p->file->n - 1], err) != 0)
		return sshconf_blame(kept, err);
	return type == SSHCONF_T_INCLUDE ? read_includes(p, kept, err) : 0;
}

/* Makes a line of what was split. An unknown keyword becomes its word. */
static void
make_line(const struct parser *p, struct sshconf_line *l, struct words *w)
{
	memset(l, 0, sizeof(*l));
	l->file = p->file;
	l->line = p->number;
	l->column = (unsigned)w->keyword_at + 1;
	l->row = sshconf_row_find(w->keyword);
	if (l->row != NULL) {
		l->n = w->n;
		l->words = words_take_list(w);
		return;
	}
	l->words = mem_array(1, sizeof(*l->words));
	l->words[l->n++] = mem_strdup(w->keyword);
}

static int
blame_syntax(const struct parser *p, struct muster_error *err)
{
	struct sshconf_line l = {.file = p->file, .line = p->number};

	if (err != NULL)
		l.column = (unsigned)err->at + 1;
	return sshconf_blame(&l, err);
}

static int
take_line(const struct parser *p, const char *text, size_t len,
    struct muster_error *err)
{
	const char *nul = memchr(text, '\0', len);
	struct sshconf_line l;
	struct words w;
	char *rest = NULL;
	int r = 0;

	if (nul != NULL) {
		err_set_at(err, MUSTER_ERR_SYNTAX, (size_t)(nul - text),
		    "there is a NUL byte");
		return blame_syntax(p, err);
	}
	if (words_parse(&w, text, len, err) != 0) {
		r = blame_syntax(p, err);
	} else if (w.keyword != NULL) {
		rest = mem_strndup(text + w.rest_at, w.end - w.rest_at);
		make_line(p, &l, &w);
		r = take_words(p, &l, rest, err);
	}
	free(rest);
	words_clear(&w);
	return r;
}

int
sshconf_file_parse(struct sshconf *c, struct sshconf_file *f, const char *text,
    size_t len, unsigned depth, struct muster_error *err)
{
	struct parser p = {.conf = c, .file = f, .depth = depth};
	const char *end = text + len, *next;

	for (; text < end; text = next) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));

		next = stop == NULL ? end : stop + 1;
		if (stop == NULL)
			stop = end;
		p.number++;
		if (take_line(&p, text, (size_t)(stop - text), err) != 0)
			return -1;
	}
	return 0;
}

int
sshconf_option_parse(
    struct sshconf *c, const char *text, struct muster_error *err)
{
	struct parser p = {.conf = c, .file = c->options};

	return take_line(&p, text, strlen(text), err);
}
