/*
 * conffile.c -- a program's own configuration file as plain data.
 *
 * Room: engine/conf.  May touch: base, conf/textfile.h, conf/words.h.
 * Such a file decides what is run where, so it is read only when nobody else
 * can write it.
 */
#include "config.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/textfile.h"
#include "conf/words.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What a struct muster_conf owns. */
struct conffile {
	struct arena text;
	struct muster_conf_line *lines; /* owned */
	size_t n_lines, cap_lines;
	struct muster_conf_word *words; /* owned; of all lines */
	size_t n_words, cap_words;
};

static void
add_line(struct conffile *c, unsigned number, const struct words *w)
{
	mem_grow(&c->lines, &c->cap_lines, c->n_lines + 1, sizeof(*c->lines));
	c->lines[c->n_lines++] = (struct muster_conf_line){
	    .keyword = arena_strdup(&c->text, w->keyword),
	    .line = number,
	    .column = (unsigned)w->keyword_at + 1,
	    .n_words = w->n,
	};
	for (size_t i = 0; i < w->n; i++) {
		mem_grow(&c->words, &c->cap_words, c->n_words + 1,
		    sizeof(*c->words));
		c->words[c->n_words++] = (struct muster_conf_word){
		    .text = arena_strdup(&c->text, w->list[i]),
		    .column = (unsigned)w->at[i] + 1,
		};
	}
}

/* Where a line has something that is no comment, or `len`. */
static size_t
find_text(const char *line, size_t len)
{
	size_t at = 0;

	while (at < len && (str_is_space(line[at]) || line[at] == '\f'))
		at++;
	return line[at] == '#' ? len : at;
}

static int
take_line(struct conffile *c, const struct textfile *f, const char *line,
    size_t len, struct muster_error *err)
{
	struct muster_error mine = {.at = 0};
	size_t at = find_text(line, len);
	struct words w;
	int rc = words_parse(&w, line, len, &mine);

	if (rc != 0)
		rc = textfile_refuse(f, mine.at + 1, err, "%s", mine.text);
	else if (w.keyword == NULL && at < len)
		rc = textfile_refuse(f, at + 1, err, "there is no keyword");
	else if (w.keyword != NULL && w.n == 0)
		rc = textfile_refuse(f, w.keyword_at + 1, err,
		    "'%s': nothing follows the keyword", w.keyword);
	else if (w.keyword != NULL)
		add_line(c, f->line, &w);
	words_clear(&w);
	return rc;
}

static void
free_conffile(struct conffile *c)
{
	arena_clear(&c->text);
	free(c->lines);
	free(c->words);
	free(c);
}

/* Makes *out show what `c` has. */
static void
show(struct conffile *c, const char *path, struct muster_conf *out)
{
	const struct muster_conf_word *word = c->words;

	for (size_t i = 0; i < c->n_lines; i++) {
		c->lines[i].words = word;
		word += c->lines[i].n_words;
	}
	*out = (struct muster_conf){
	    .file = arena_strdup(&c->text, path),
	    .lines = c->lines,
	    .n_lines = c->n_lines,
	    .owned = c,
	};
}

int
muster_conf_read(
    const char *path, struct muster_conf *out, struct muster_error *err)
{
	struct conffile *c;
	struct textfile f;
	struct stat st;
	char *line;
	size_t len;
	int rc = 0;

	assert(path != NULL && out != NULL);
	*out = (struct muster_conf){.file = NULL};
	if (stat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (textfile_read_own(&f, path, LIMIT_CONF_FILE_BYTES, err) != 0)
		return -1;
	c = mem_new(sizeof(*c));
	arena_init(&c->text);
	while (rc == 0 && (line = textfile_next(&f, &len)) != NULL)
		rc = take_line(c, &f, line, len, err);
	textfile_clear(&f);
	if (rc != 0) {
		free_conffile(c);
		return -1;
	}
	show(c, path, out);
	return 1;
}

void
muster_conf_clear(struct muster_conf *conf)
{
	if (conf->owned != NULL)
		free_conffile(conf->owned);
	*conf = (struct muster_conf){.file = NULL};
}

size_t
muster_nearest(const char *name, const char *const *names, size_t n)
{
	/* A name with more than a third of it wrong is another name. */
	size_t best = strlen(name) / 3 + 1, found = MUSTER_NOWHERE;

	for (size_t i = 0; i < n; i++) {
		size_t distance = str_distance(name, names[i]);

		if (distance < best) {
			best = distance;
			found = i;
		}
	}
	return found;
}
