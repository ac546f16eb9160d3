/*
 * shell.c -- words that a shell reads back as they were.
 *
 * Room: engine/base.  May touch: buf.h, muster.h.
 * Within single quotes nothing is special but the quote itself, which has to
 * stand outside of them: '\''.
 */
#include "config.h"

#include "base/shell.h"

#include "muster.h"

#include <stdint.h>
#include <string.h>

#define PLAIN                                                                  \
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"       \
	"@%_+=:,./-"

static bool
is_plain(const char *word)
{
	return *word != '\0' && word[strspn(word, PLAIN)] == '\0';
}

static bool
add_quoted(struct buf *b, const char *word)
{
	bool fits = buf_addc(b, '\'');

	while (fits && *word != '\0') {
		size_t n = strcspn(word, "'");

		fits = buf_add(b, word, n);
		word += n;
		if (*word == '\'') {
			fits = fits && buf_adds(b, "'\\''");
			word++;
		}
	}
	return fits && buf_addc(b, '\'');
}

bool
shell_add_word(struct buf *b, const char *word)
{
	size_t len = b->len;

	if (is_plain(word))
		return buf_adds(b, word);
	if (add_quoted(b, word))
		return true;
	b->len = len;
	return false;
}

char *
muster_quote_words(const char *const *words, size_t n)
{
	struct buf b;

	buf_init(&b, SIZE_MAX / 2);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			(void)buf_addc(&b, ' ');
		(void)shell_add_word(&b, words[i]);
	}
	return buf_take_str(&b);
}
