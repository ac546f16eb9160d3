/*
 * jsonwalk.c -- large JSON texts, read a member at a time.
 *
 * Room: engine/conf.  May touch: base; <jansson.h>, which reads all that is
 * not the commas and colons between members.
 */
#include "config.h"

#include "conf/jsonwalk.h"
#include "base/err.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

int
jsonwalk_refuse(struct jsonwalk *w, const char *what)
{
	size_t line = 1, column = 1;

	w->is_bad = true;
	for (size_t i = 0; i < w->at && i < w->len; i++) {
		column++;
		if (w->text[i] == '\n') {
			line++;
			column = 1;
		}
	}
	return err_set(w->err, MUSTER_ERR_FILE, "%s: %zu:%zu: %s", w->name,
	    line, column, what);
}

/* The next byte that is no blank; 0 at the end. */
static char
look(struct jsonwalk *w)
{
	while (w->at < w->len && memchr(" \t\r\n", w->text[w->at], 4) != NULL)
		w->at++;
	return w->at < w->len ? w->text[w->at] : '\0';
}

static json_t *
load(struct jsonwalk *w)
{
	json_error_t where;
	json_t *json = json_loadb(w->text + w->at, w->len - w->at,
	    JSON_DISABLE_EOF_CHECK | JSON_DECODE_ANY | JSON_REJECT_DUPLICATES,
	    &where);

	w->at += (size_t)where.position;
	/* It has read what it refuses. */
	w->at -= json == NULL && where.position > 0;
	if (json == NULL)
		(void)jsonwalk_refuse(w, where.text);
	return json;
}

bool
jsonwalk_enter(struct jsonwalk *w)
{
	if (look(w) != '{')
		return false;
	w->at++;
	w->is_first = true;
	return true;
}

/* Reads the key where the walk stands, and the colon. */
static char *
read_key(struct jsonwalk *w)
{
	json_t *json;
	char *key;

	if (look(w) != '"') {
		(void)jsonwalk_refuse(w, "a key in quotes was expected");
		return NULL;
	}
	json = load(w);
	if (json == NULL)
		return NULL;
	key = mem_strdup(json_string_value(json));
	json_decref(json);
	if (look(w) == ':') {
		w->at++;
		return key;
	}
	(void)jsonwalk_refuse(w, "':' expected");
	free(key);
	return NULL;
}

char *
jsonwalk_next(struct jsonwalk *w)
{
	char c = look(w);

	if (c == '}') {
		w->at++;
		return NULL;
	}
	if (!w->is_first && c != ',') {
		(void)jsonwalk_refuse(w, "'}' or ',' expected");
		return NULL;
	}
	if (!w->is_first)
		w->at++;
	w->is_first = false;
	return read_key(w);
}

json_t *
jsonwalk_value(struct jsonwalk *w)
{
	(void)look(w);
	return load(w);
}

/* Behind the string whose quote is at `at`; len when it has no end. */
static size_t
skip_string(const struct jsonwalk *w, size_t at)
{
	for (at++; at < w->len && w->text[at] != '"'; at++)
		at += w->text[at] == '\\';
	return at < w->len ? at + 1 : w->len;
}

int
jsonwalk_skip(struct jsonwalk *w)
{
	size_t depth = 0, at = w->at;

	for (char c; at < w->len; at++) {
		c = w->text[at];
		if (c == '"') {
			at = skip_string(w, at) - 1;
		} else if (c == '{' || c == '[') {
			depth++;
		} else if (depth == 0 && memchr(",}]", c, 3) != NULL) {
			w->at = at;
			return 0;
		} else if (c == '}' || c == ']') {
			depth--;
		}
	}
	w->at = w->len;
	return jsonwalk_refuse(w, "the text ends too early");
}

int
jsonwalk_end(struct jsonwalk *w)
{
	return look(w) == '\0' && w->at == w->len
		   ? 0
		   : jsonwalk_refuse(w, "end of file expected");
}
