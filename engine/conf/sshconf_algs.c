/*
 * sshconf_algs.c -- lists of algorithms, changed by '+', '-' and '^'.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/sshconf.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "conf/sshconf_pattern.h"

#include <stdlib.h>
#include <string.h>

/* Takes the next name off a list with commas, as a heap string; NULL at the
 * end. Empty names are passed over. */
static char *
take_name(const char **list)
{
	size_t len;

	*list += strspn(*list, ",");
	len = strcspn(*list, ",");
	if (len == 0)
		return NULL;
	*list += len;
	return mem_strndup(*list - len, len);
}

static bool
has_name(const char *list, const char *name)
{
	bool found = false;
	char *other;

	while (!found && (other = take_name(&list)) != NULL) {
		found = strcmp(other, name) == 0;
		free(other);
	}
	return found;
}

/* Adds the names of `from` that fit (or, `negated`, do not fit) the patterns
 * and are not in `out` already. */
static void
add_fitting(
    struct buf *out, const char *from, const char *patterns, bool negated)
{
	char *name;

	while ((name = take_name(&from)) != NULL) {
		if (sshconf_patterns_fit(name, patterns, false) != negated &&
		    !has_name(buf_str(out), name))
			(void)buf_addf(
			    out, "%s%s", out->len > 0 ? "," : "", name);
		free(name);
	}
}

/* Adds the names of `supported` for each pattern of a list, in the list's
 * order. */
static void
add_each(struct buf *out, const char *list, const char *supported)
{
	char *pattern;

	while ((pattern = take_name(&list)) != NULL) {
		add_fitting(out, supported, pattern, false);
		free(pattern);
	}
}

char *
sshconf_algorithms(const char *text, const char *defaults,
    const char *supported, struct muster_error *err)
{
	struct buf out;
	char *result;

	buf_init(&out, LIMIT_SSHCONF_VALUE_BYTES);
	if (text == NULL) {
		add_each(&out, defaults, supported);
	} else if (*text == '+') {
		add_each(&out, defaults, supported);
		add_each(&out, text + 1, supported);
	} else if (*text == '-') {
		add_fitting(&out, defaults, text + 1, true);
	} else if (*text == '^') {
		add_each(&out, text + 1, supported);
		add_each(&out, defaults, supported);
	} else {
		add_each(&out, text, supported);
	}
	if (out.len == 0) {
		buf_clear(&out);
		return err_null(err, MUSTER_ERR_SYNTAX,
		    "'%.100s' leaves no algorithm that can be used",
		    text == NULL ? defaults : text);
	}
	result = buf_take_str(&out);
	buf_clear(&out);
	return result;
}
