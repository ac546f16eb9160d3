/*
 * subst.c -- what stands for a host in a command: {host}, {user:q} ...
 *
 * Room: src.  May touch: muster.h, args.h, heap.h, text.h.
 */
#include "config.h"

#include "src/subst.h"

#include "src/args.h"

#include "src/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 24

/* What the inventory calls a host: its name in lists without user and port. */
static const char *
find_variable(const struct subst *s, size_t host, const char *name, size_t len)
{
	struct text variable = {0};
	char *listed = heap_strdup(muster_host_list_name(s->m, host));
	char *at = strrchr(listed, '@'), *colon;
	const char *value;

	at = at != NULL ? at + 1 : listed;
	colon = strchr(at, ':');
	if (colon != NULL && strchr(colon + 1, ':') == NULL)
		*colon = '\0';
	text_add(&variable, name, len);
	value = muster_inventory_value(s->inventory, at, text_str(&variable));
	free(listed);
	text_clear(&variable);
	return value;
}

/* The value of a name of `len` bytes; numbers are written into `number`.
 * Returns NULL when there is no such name. */
static const char *
find_value(const struct subst *s, size_t host, const char *name, size_t len,
    char *number)
{
	const struct muster *m = s->m;

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
		return s->inventory == NULL ? NULL
					    : find_variable(s, host, name, len);
	return number;
}

/* Adds the value of "name" or "name:q", `len` bytes. */
static int
add_value(const struct subst *s, size_t host, const char *name, size_t len,
    struct text *to)
{
	bool quote = len > 2 && memcmp(name + len - 2, ":q", 2) == 0;
	char number[NUMBER_MAX];
	const char *value =
	    find_value(s, host, name, quote ? len - 2 : len, number);
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
subst_add(const struct subst *s, size_t host, const char *text, struct text *to,
    struct muster_error *err)
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
		if (text[len] == '\0' || add_value(s, host, text, len, to) < 0)
			return args_error(err,
			    "nothing is known of '%s' as '{%.*s%s': write "
			    "{host}, {user}, {port}, {index} or a variable of "
			    "its inventory, with ':q' to quote, or '{{' for a "
			    "brace",
			    muster_host_name(s->m, host),
			    len > 40 ? 40 : (int)len, text,
			    text[len] == '\0' ? "" : "}");
		text += len + 1;
	}
	return 0;
}
