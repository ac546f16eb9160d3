/*
 * sshconf_number.c -- reading numbers, ports, times and sizes.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/sshconf_number.h"

#include "base/str.h"

#include <arpa/inet.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

bool
sshconf_int(const char *text, int64_t *out)
{
	uint32_t v;

	if (!str_u32(text, 0, INT_MAX, &v))
		return false;
	*out = v;
	return true;
}

bool
sshconf_port(const char *text, int64_t *out)
{
	struct addrinfo hints = {
	    .ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list;
	struct sockaddr_in in;
	uint32_t v;

	if (str_u32(text, 1, 65535, &v)) {
		*out = v;
		return true;
	}
	/* Looks into services(5) only: an address is not asked for. A number
	 * that is too large would be taken modulo 65536. */
	hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST;
	if (text[strspn(text, "0123456789+- \t")] == '\0' ||
	    getaddrinfo(NULL, text, &hints, &list) != 0)
		return false;
	memcpy(&in, list->ai_addr, sizeof(in));
	freeaddrinfo(list);
	*out = ntohs(in.sin_port);
	return true;
}

/* Seconds in a unit; 0 for none such. */
static int64_t
unit_seconds(int unit)
{
	switch (unit) {
	case '\0':
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 60 * 60;
	case 'd':
		return 24 * 60 * 60;
	case 'w':
		return 7 * 24 * 60 * 60;
	default:
		return 0;
	}
}

/* Takes digits off *p. False when there are none, or too many. */
static bool
take_digits(const char **p, int64_t max, int64_t *out)
{
	int64_t v = 0;

	if (!str_is_digit(**p))
		return false;
	for (; str_is_digit(**p); (*p)++) {
		if (v > max / 10)
			return false;
		v = v * 10 + (**p - '0');
	}
	*out = v;
	return v <= max;
}

bool
sshconf_time(const char *text, int64_t *out)
{
	int64_t total = 0, part, unit, fraction;
	const char *p = text;

	if (strcmp(text, "none") == 0) {
		*out = -1;
		return true;
	}
	if (*text == '\0')
		return false;
	while (*p != '\0') {
		bool dotted;

		if (!take_digits(&p, INT_MAX, &part))
			return false;
		dotted = *p == '.';
		if (dotted && (p++, !take_digits(&p, INT_MAX, &fraction)))
			return false;
		unit = unit_seconds(str_lower(*p));
		if (unit == 0 || (dotted && unit != 1))
			return false;
		total += part * unit;
		if (total > INT_MAX)
			return false;
		p += *p != '\0';
	}
	*out = total;
	return true;
}

bool
sshconf_size(const char *text, int64_t *out)
{
	static const char units[] = "bkmgtpe";
	const char *p = text, *unit;
	int64_t v;

	if (!take_digits(&p, INT64_MAX / 10, &v))
		return false;
	if (*p != '\0') {
		unit = strchr(units, str_lower(*p));
		if (unit == NULL || p[1] != '\0')
			return false;
		for (; unit > units; unit--) {
			if (v > INT64_MAX / 1024)
				return false;
			v *= 1024;
		}
	}
	*out = v;
	return true;
}
