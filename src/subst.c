/*
 * subst.c -- what stands for a host in a command: {host}, {user:q} ...
 *
 * Room: src.  May touch: muster.h, args.h, text.h.
 */
#include "config.h"

#include "src/subst.h"

#include "src/args.h"

#include <stdio.h>
#include <string.h>

#define NUMBER_MAX 24

/* The value of a name of `len` bytes; numbers are written into `number`.
 * Returns NULL when there is no such name. */
static const char *
find_value(const struct muster *m, size_t host, const char *name, size_t len,
    char *number)
{
	if (len == 4 && memcmp(name, "host", len) == 0)
		return muster_host_name(m, host);
	if (len == 4 && memcmp(name, "user", len) == 0)
		return muster_host_user(m, host);
	if (len == 4 && memcmp(name, "port", len) == 0)
		(void)snprintf(number, NUMBER_MAX, "%u",
		    (unsigned)muster_host_port(m, host));
	else if (len == 5 && memcmp(name, "index", len) == 0)
		(void)snprintf(number, NUMBER_MAX, "%zu", host);
	else
		return NULL;
	return number;
}

/* Adds the value of "name" or "name:q", `len` bytes. */
static int
add_value(const struct muster *m, size_t host, const char *name, size_t len,
    struct text *to)
{
	bool quote = len > 2 && memcmp(name + len - 2, ":q", 2) == 0;
	char number[NUMBER_MAX];
	const char *value =
	    find_value(m, host, name, quote ? len - 2 : len, number);
	char *quoted;

	if (value == NULL)
		return -1;
	if (!quote) {
		text_adds(to, value);
		return 0;
	}
	quoted = muster_quote_words(&value, 1);
	text_adds(to, quoted);
	muster_string_free(quoted);
	return 0;
}

int
subst_add(const struct muster *m, size_t host, const char *text,
    struct text *to, struct muster_error *err)
{
	while (*text != '\0') {
		size_t plain = strcspn(text, "{"), len;

		text_add(to, text, plain);
		text += plain;
		if (*text == '\0')
			break;
		text++;
		if (*text == '{') {
			text_add(to, text++, 1);
			continue;
		}
		len = strcspn(text, "}");
		if (text[len] == '\0' || add_value(m, host, text, len, to) < 0)
			return args_error(err,
			    "nothing is known as '{%.*s%s': write {host}, "
			    "{user}, {port} or {index}, with ':q' to quote, "
			    "or '{{' for a brace",
			    len > 40 ? 40 : (int)len, text,
			    text[len] == '\0' ? "" : "}");
		text += len + 1;
	}
	return 0;
}
