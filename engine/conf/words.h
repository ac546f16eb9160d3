/*
 * words.h -- a line of a configuration file as a keyword and its words.
 *
 * Room: engine/conf.  May touch: base.
 * The syntax is that of ssh_config(5): "Keyword word word" or
 * "Keyword=word"; words are quoted with " or '; a backslash stands before a
 * quote, a backslash, or (outside quotes) a blank; '#' at the start of a word
 * begins a comment. Both ssh's files and muster's own are read with it.
 */
#ifndef MUSTER_CONF_WORDS_H
#define MUSTER_CONF_WORDS_H

#include <stddef.h>

struct muster_error;

struct words {
	char *keyword;     /* owned; lower case; NULL: a line without one */
	size_t keyword_at; /* offset in the line, as are all below */
	size_t rest_at;    /* what follows the keyword, blanks skipped */
	size_t end;        /* of the line without its trailing blanks */
	char **list;       /* owned; the words without their quotes */
	size_t *at;        /* owned; where each of them begins */
	size_t n;
	size_t cap;
	size_t at_cap;
};

/* Reads one line of `len` bytes without NUL; its end of line may be there.
 * A blank line or comment has no keyword. *w is initialised here and must be
 * cleared in either case.
 * Returns 0, or -1: MUSTER_ERR_SYNTAX with err->at when a quote is not closed
 * or no word follows the keyword; w->keyword is set then. */
int words_parse(
    struct words *w, const char *line, size_t len, struct muster_error *err);

/* Gives the words away: an array of w->n strings for words_free_list(). */
char **words_take_list(struct words *w);
void words_free_list(char **list, size_t n);

void words_clear(struct words *w);

#endif
