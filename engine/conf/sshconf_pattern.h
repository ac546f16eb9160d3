/*
 * sshconf_pattern.h -- patterns of ssh_config(5) PATTERNS.
 *
 * Room: engine/conf.  May touch: base.
 */
#ifndef MUSTER_CONF_SSHCONF_PATTERN_H
#define MUSTER_CONF_SSHCONF_PATTERN_H

#include <stdbool.h>

/* Whether the whole of `text` fits a pattern with '*' and '?'. Takes time
 * proportional to the product of the lengths at worst. */
bool sshconf_pattern_fits(const char *text, const char *pattern);

/* Whether `text` fits a list of patterns with commas between, of which those
 * with a '!' forbid. With `lower` the patterns are taken in lower case. */
bool sshconf_patterns_fit(const char *text, const char *patterns, bool lower);

#endif
