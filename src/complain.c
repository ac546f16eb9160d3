/*
 * complain.c -- one line on standard error about what went wrong.
 *
 * Room: src.  May touch: muster.h, exitcode.h, text.h.
 * Control characters of an argument are shown as '?': they may have come
 * from a file or a host.
 */
#include "config.h"

#include "src/complain.h"

#include "src/exitcode.h"
#include "src/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SHOWN 100 /* bytes of a host list in a message */

/* Writes one line at once, so that it stays whole among other writers. */
static void
write_line(struct text *line)
{
	for (size_t i = 0; i < line->len; i++) {
		if ((unsigned char)line->mem[i] < ' ' || line->mem[i] == 127)
			line->mem[i] = '?';
	}
	text_add(line, "\n", 1);
	(void)fwrite(line->mem, 1, line->len, stderr);
	(void)fflush(stderr);
	text_clear(line);
}

void
complain(const char *fmt, ...)
{
	struct text line = {0};
	char said[1024];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(said, sizeof(said), fmt, ap);
	va_end(ap);
	text_addf(&line, "muster: %s", said);
	write_line(&line);
}

/* Where what is shown of a long text begins, so that `at` is in it. */
static size_t
choose_beginning(const char *text, size_t len, size_t at)
{
	size_t from = 0;

	if (len > SHOWN && at > SHOWN / 2 && at <= len)
		from =
		    at - SHOWN / 2 < len - SHOWN ? at - SHOWN / 2 : len - SHOWN;
	while (from > 0 && ((unsigned char)text[from] & 0xc0) == 0x80)
		from--;
	return from;
}

/* One column a character of UTF-8, not one a byte. */
static size_t
count_columns(const char *text, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	return n;
}

void
complain_about(const char *text, const struct muster_error *err)
{
	struct text line = {0};
	char place[32] = "";
	size_t len = strlen(text);
	size_t from = choose_beginning(text, len, err->at);
	size_t n = len - from < SHOWN ? len - from : SHOWN;

	if (err->at != MUSTER_NOWHERE && err->at <= len)
		(void)snprintf(place, sizeof(place), ", column %zu",
		    count_columns(text, 0, err->at) + 1);
	complain("host list '%s%.*s%s'%s: %s", from > 0 ? "..." : "", (int)n,
	    text + from, from + n < len ? "..." : "", place, err->text);
	if (*place == '\0' || !isatty(STDERR_FILENO))
		return;
	text_addf(&line, "  %.*s", (int)n, text + from);
	write_line(&line);
	text_addf(&line, "  %*s^", (int)count_columns(text, from, err->at), "");
	write_line(&line);
}

int
complain_exitcode(const struct muster_error *err)
{
	switch (err->code) {
	case MUSTER_ERR_USAGE:
	case MUSTER_ERR_SYNTAX:
	case MUSTER_ERR_EMPTY:
	case MUSTER_ERR_UNKNOWN_NAME:
	case MUSTER_ERR_LIMIT:
	case MUSTER_ERR_FILE:
	case MUSTER_ERR_KEY:
	case MUSTER_ERR_PASSPHRASE:
		return EXITCODE_USAGE;
	case MUSTER_ERR_NONE:
	case MUSTER_ERR_AGENT:
	case MUSTER_ERR_PROTOCOL:
	case MUSTER_ERR_TIMEOUT:
	case MUSTER_ERR_SYSTEM:
		return EXITCODE_LOCAL;
	}
	return EXITCODE_LOCAL;
}
