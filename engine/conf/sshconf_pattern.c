/*
 * sshconf_pattern.c -- matching names with '*' and '?'.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/sshconf_pattern.h"

#include "base/str.h"

#include <stddef.h>
#include <string.h>

/* Matches the pattern of `len` bytes. After a mismatch only the last '*' has
 * to be tried with one more byte: an earlier one could do no better. */
static bool
fits(const char *text, const char *pattern, size_t len, bool lower)
{
	const char *end = pattern + len, *star = NULL, *from = NULL;

	while (*text != '\0') {
		int c = pattern < end ? *pattern : '\0';

		if (pattern < end && c == '*') {
			star = ++pattern;
			from = text;
		} else if (pattern < end &&
			   (c == '?' || *text == (lower ? str_lower(c) : c))) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star;
			text = ++from;
		} else {
			return false;
		}
	}
	while (pattern < end && *pattern == '*')
		pattern++;
	return pattern == end;
}

bool
sshconf_pattern_fits(const char *text, const char *pattern)
{
	return fits(text, pattern, strlen(pattern), false);
}

bool
sshconf_patterns_fit(const char *text, const char *patterns, bool lower)
{
	bool found = false;

	while (*patterns != '\0') {
		bool negated = *patterns == '!';
		size_t len;

		patterns += negated;
		len = strcspn(patterns, ",");
		if (fits(text, patterns, len, lower)) {
			if (negated)
				return false;
			found = true;
		}
		patterns += len + (patterns[len] == ',');
	}
	return found;
}
