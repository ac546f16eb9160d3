/*
 * words.c -- splitting a configuration line as ssh_config(5) wants it.
 *
 * Room: engine/conf.  May touch: base.
 * The keyword follows other rules than the words: it ends at '=' too, and
 * one '=' between it and the first word is skipped.
 */
#include "config.h"

#include "conf/words.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static bool
is_blank(int c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t
skip_blanks(const char *line, size_t at, size_t end)
{
	while (at < end && is_blank(line[at]))
		at++;
	return at;
}

/* Where the line ends without trailing blanks and form feeds. The first
 * byte always stays: a lone form feed is an (unknown) keyword to ssh. */
static size_t
trim_end(const char *line, size_t len)
{
	while (len > 1 && (is_blank(line[len - 1]) || line[len - 1] == '\f'))
		len--;
	return len;
}

/* Takes the token at *at, which a blank, a '=' or a closing quote ends, and
 * moves *at to what follows. Returns NULL when a quote is not closed. */
static char *
take_token(const char *line, size_t *at, size_t end)
{
	size_t start = *at, i = start, quote;
	char *token;

	while (
	    i < end && !is_blank(line[i]) && line[i] != '=' && line[i] != '"')
		i++;
	if (i < end && line[i] == '"') {
		quote = i++;
		while (i < end && line[i] != '"')
			i++;
		if (i == end)
			return NULL;
		*at = skip_blanks(line, i + 1, end);
		return mem_printf("%.*s%.*s", (int)(quote - start),
		    line + start, (int)(i - quote - 1), line + quote + 1);
	}
	token = mem_strndup(line + start, i - start);
	*at = skip_blanks(line, i < end ? i + 1 : i, end);
	/* One '=' in all, with blanks around it. */
	if (i < end && line[i] != '=' && *at < end && line[*at] == '=')
		*at = skip_blanks(line, *at + 1, end);
	return token;
}

/* Finds the keyword. Leaves it NULL on blank lines, on comments, and where
 * ssh(1) finds none: behind two '=' or within a quote that is not closed. */
static void
find_keyword(struct words *w, const char *line)
{
	size_t at = 0;
	char *token = take_token(line, &at, w->end);

	if (token != NULL && *token == '\0') {
		free(token);
		w->keyword_at = at;
		token = take_token(line, &at, w->end);
	}
	if (token == NULL || *token == '\0' || *token == '#') {
		free(token);
		return;
	}
	for (char *p = token; *p != '\0'; p++)
		*p = (char)str_lower(*p);
	w->keyword = token;
	w->rest_at = skip_blanks(line, at, w->end);
}

static bool
is_escape(const char *line, size_t i, size_t end, int quote)
{
	return line[i] == '\\' && i + 1 < end &&
	       (line[i + 1] == '\'' || line[i + 1] == '"' ||
		   line[i + 1] == '\\' || (quote == 0 && line[i + 1] == ' '));
}

/* Copies the word at `i` without its quotes and escapes. Returns where it
 * ends, or SIZE_MAX when a quote is not closed. */
static size_t
copy_word(char *dst, const char *line, size_t i, size_t end)
{
	int quote = 0;

	for (; i < end; i++) {
		int c = line[i];

		if (is_escape(line, i, end, quote))
			*dst++ = line[++i];
		else if (quote == 0 && (c == ' ' || c == '\t'))
			break;
		else if (quote == 0 && (c == '"' || c == '\''))
			quote = c;
		else if (quote != 0 && c == quote)
			quote = 0;
		else
			*dst++ = (char)c;
	}
	*dst = '\0';
	return quote == 0 ? i : SIZE_MAX;
}

static int
add_word(
    struct words *w, const char *line, size_t *at, struct muster_error *err)
{
	char *word = mem_new(w->end - *at + 1);
	size_t next = copy_word(word, line, *at, w->end);

	if (next == SIZE_MAX) {
		free(word);
		return err_set_at(err, MUSTER_ERR_SYNTAX, *at,
		    "'%s': a quote is not closed", w->keyword);
	}
	mem_grow(&w->list, &w->cap, w->n + 1, sizeof(*w->list));
	mem_grow(&w->at, &w->at_cap, w->n + 1, sizeof(*w->at));
	w->list[w->n] = mem_strdup(word);
	w->at[w->n++] = *at;
	free(word);
	*at = next;
	return 0;
}

int
words_parse(
    struct words *w, const char *line, size_t len, struct muster_error *err)
{
	size_t at;

	memset(w, 0, sizeof(*w));
	w->end = trim_end(line, len);
	find_keyword(w, line);
	if (w->keyword == NULL)
		return 0;
	if (w->rest_at == w->end)
		return err_set_at(err, MUSTER_ERR_SYNTAX, w->end,
		    "'%s': nothing follows the keyword", w->keyword);
	for (at = w->rest_at; at < w->end;) {
		if (line[at] == ' ' || line[at] == '\t')
			at++;
		else if (line[at] == '#')
			break;
		else if (add_word(w, line, &at, err) != 0)
			return -1;
	}
	return 0;
}

char **
words_take_list(struct words *w)
{
	char **list = w->list;

	w->list = NULL;
	w->n = w->cap = 0;
	return list;
}

void
words_free_list(char **list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i]);
	free(list);
}

void
words_clear(struct words *w)
{
	words_free_list(w->list, w->n);
	free(w->at);
	free(w->keyword);
	memset(w, 0, sizeof(*w));
}
