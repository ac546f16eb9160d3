/*
 * hostname.c -- what may be a host name or a user name, and wildcards.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/hostname.h"
#include "base/limits.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <string.h>

/* Controls: C0, DEL, and C1 as UTF-8 writes it. */
static bool
is_control(const unsigned char *p, size_t left)
{
	if (*p < 0x20 || *p == 0x7f)
		return true;
	return *p == 0xc2 && left > 1 && p[1] >= 0x80 && p[1] < 0xa0;
}

/* The offset of the first control, blank or byte of `bad`. */
static size_t
span_without(const char *text, size_t len, const char *bad)
{
	size_t i;

	for (i = 0; i < len; i++) {
		const unsigned char *p = (const unsigned char *)text + i;

		if (is_control(p, len - i) || *p == ' ' ||
		    strchr(bad, *p) != NULL)
			break;
	}
	return i;
}

size_t
hostname_span(const char *text, size_t len)
{
	return span_without(text, len, "/\\\"'`$&;<>|(){}[]*?!,#~^");
}

size_t
username_span(const char *text, size_t len)
{
	return span_without(text, len, "\"'`&;<>|(){}[]*?!,#~^:");
}

bool
hostname_is_valid(const char *name)
{
	size_t len = strnlen(name, LIMIT_HOST_BYTES + 1);

	if (len == 0 || len > LIMIT_HOST_BYTES || *name == '-')
		return false;
	if (hostname_span(name, len) != len)
		return false;
	return strchr(name, ':') == NULL || hostname_is_ipv6(name, len);
}

bool
hostname_is_ipv6(const char *text, size_t len)
{
	char plain[INET6_ADDRSTRLEN];
	unsigned char addr[16];
	const char *zone = memchr(text, '%', len);
	size_t n = zone == NULL ? len : (size_t)(zone - text);

	if (zone != NULL &&
	    (n + 1 == len || hostname_span(zone, len - n) != len - n))
		return false;
	if (n >= sizeof(plain) || memchr(text, ':', n) == NULL)
		return false;
	memcpy(plain, text, n);
	plain[n] = '\0';
	return inet_pton(AF_INET6, plain, addr) == 1;
}

bool
hostname_is_number(const char *name)
{
	size_t n = 0;

	while (str_is_digit(name[n]))
		n++;
	return n > 0 && name[n] == '\0';
}

bool
hostname_is_wild(const char *text, size_t len)
{
	return memchr(text, '*', len) != NULL || memchr(text, '?', len) != NULL;
}

bool
hostname_fits(const char *pattern, const char *name)
{
	const char *star = NULL, *from = NULL;

	while (*name != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			from = name;
		} else if (*pattern == '?' || *pattern == *name) {
			pattern++;
			name++;
		} else if (star != NULL) {
			/* Let the last star take one byte more. */
			pattern = star;
			name = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}
