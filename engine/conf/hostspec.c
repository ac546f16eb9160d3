/*
 * hostspec.c -- [ssh://][user@]host[:port], with ranges in the host.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/hostspec.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/hostname.h"

#include <string.h>

/* A spec being cut. */
struct cutter {
	struct hostspec *out;
	const char *text; /* all of it */
	size_t at;        /* of text[0] in what the person wrote */
	struct muster_error *err;
};

static int
refuse(const struct cutter *c, const char *where, const char *what)
{
	return err_set_at(c->err, MUSTER_ERR_SYNTAX,
	    c->at + (size_t)(where - c->text), "%s", what);
}

/* The last `c` of text[0..len), or NULL. */
static const char *
find_last(const char *text, size_t len, char c)
{
	while (len-- > 0)
		if (text[len] == c)
			return text + len;
	return NULL;
}

static int
cut_user(struct cutter *c, const char **p, size_t *len)
{
	const char *sign = find_last(*p, *len, '@');
	size_t n, good;

	if (sign == NULL)
		return 0;
	n = (size_t)(sign - *p);
	if (n == 0)
		return refuse(c, *p, "no user stands before '@'");
	if (**p == '-' || **p == '/' || **p == '@')
		return refuse(
		    c, *p, "a user name cannot begin with '-', '/' or '@'");
	good = username_span(*p, n);
	if (good < n)
		return refuse(c, *p + good,
		    (*p)[good] == ':'
			? "a user name cannot have ':'; the long form is "
			  "ssh://user@host:port"
			: "this cannot be in a user name");
	if (sign[-1] == '@')
		return refuse(c, sign, "a group cannot be given a user");
	c->out->user = *p;
	c->out->user_len = n;
	*len -= n + 1;
	*p = sign + 1;
	return 0;
}

/* Reads the port behind a ':' at `colon`. */
static int
cut_port(struct cutter *c, const char *colon, const char *end)
{
	char digits[8] = "";
	size_t n = (size_t)(end - colon) - 1;
	uint32_t port;

	if (n < sizeof(digits))
		memcpy(digits, colon + 1, n);
	if (!str_u32(digits, 1, UINT16_MAX, &port))
		return refuse(
		    c, colon + 1, "a port is a number from 1 to 65535");
	c->out->port = (uint16_t)port;
	c->out->port_text = colon + 1;
	c->out->port_len = n;
	return 0;
}

/* Whether "[address]" or "[address]:port" begins here; *close is its ']'. */
static bool
is_bracketed_ipv6(const char *p, size_t len, const char **close)
{
	if (len == 0 || *p != '[')
		return false;
	*close = memchr(p, ']', len);
	return *close != NULL &&
	       hostname_is_ipv6(p + 1, (size_t)(*close - p) - 1);
}

/* Looks at one name and wants no more. */
static int
check_first(void *ctx, const char *name, size_t len)
{
	bool *is_ipv6 = ctx;

	*is_ipv6 = hostname_is_ipv6(name, len);
	return 1;
}

/* Whether text of two colons or more is an IPv6 literal with its ranges. */
static bool
is_ipv6_pattern(const char *p, size_t len)
{
	const char *colon = memchr(p, ':', len);
	struct hostpat pattern;
	bool is_ipv6 = false;

	if (colon == NULL || find_last(p, len, ':') == colon)
		return false;
	if (hostpat_parse(&pattern, p, len, 0, NULL) != 0)
		return false;
	(void)hostpat_each(&pattern, check_first, &is_ipv6);
	hostpat_clear(&pattern);
	return is_ipv6;
}

/* The '[' of the brackets that the first ':' of text[0..len) is in. */
static const char *
find_bracketed_colon(const char *text, size_t len)
{
	const char *colon = memchr(text, ':', len), *open;

	open = find_last(text, (size_t)(colon - text), '[');
	if (open == NULL || memchr(open, ']', (size_t)(colon - open)) != NULL)
		return NULL;
	return open;
}

/* Cuts off the port, and the brackets around an IPv6 literal. */
static int
cut_host(struct cutter *c, const char *p, size_t len)
{
	const char *end = p + len, *close, *colon;

	c->out->host = p;
	c->out->host_len = len;
	if (is_bracketed_ipv6(p, len, &close)) {
		c->out->host = p + 1;
		c->out->host_len = (size_t)(close - p) - 1;
		if (close + 1 == end)
			return 0;
		if (close[1] != ':')
			return refuse(c, close + 1,
			    "only ':port' may follow '[address]'");
		return cut_port(c, close + 1, end);
	}
	colon = find_last(p, len, ':');
	if (colon == NULL || is_ipv6_pattern(p, len))
		return 0;
	if (find_bracketed_colon(p, len) != NULL)
		return refuse(c, find_bracketed_colon(p, len),
		    "neither ranges nor an IPv6 address stand in these "
		    "brackets");
	if (memchr(p, ':', (size_t)(colon - p)) != NULL)
		return refuse(c, memchr(p, ':', len),
		    "an IPv6 address with a port is written "
		    "[address]:port");
	c->out->host_len = (size_t)(colon - p);
	return cut_port(c, colon, end);
}

/* Refuses what cannot be in a host name. */
static int
check_literals(struct cutter *c)
{
	struct hostspec *s = c->out;

	for (size_t i = 0; i < s->pattern.n_parts; i++) {
		const struct hostpat_part *part = &s->pattern.parts[i];
		const char *p = part->text, *end = p + part->len;

		for (; p < end; p++) {
			p += hostname_span(p, (size_t)(end - p));
			if (p == end)
				break;
			if (*p == '/')
				return refuse(c, p,
				    "'/' cannot be in a host name; a port is "
				    "written host:port");
			if (*p != '*' && *p != '?')
				return refuse(
				    c, p, "this cannot be in a host name");
			s->is_wild = true;
		}
	}
	return 0;
}

static int
check_host(struct cutter *c)
{
	struct hostspec *s = c->out;
	size_t at = c->at + (size_t)(s->host - c->text);

	if (s->host_len == 0)
		return refuse(c, s->host, "a host name is missing here");
	if (*s->host == '-')
		return refuse(c, s->host, "a host name cannot begin with '-'");
	if (s->host_len == 1 && *s->host == '.')
		return refuse(c, s->host, "'.' is no host name");
	if (hostpat_parse(&s->pattern, s->host, s->host_len, at, c->err) != 0)
		return -1;
	if (check_literals(c) == 0)
		return 0;
	hostpat_clear(&s->pattern);
	return -1;
}

int
hostspec_parse(struct hostspec *s, const char *text, size_t len, size_t at,
    struct muster_error *err)
{
	static const char scheme[] = "ssh://";
	size_t n = sizeof(scheme) - 1;
	struct cutter c = {.out = s, .text = text, .at = at, .err = err};
	const char *p = text;

	*s = (struct hostspec){0};
	if (len >= n && memcmp(p, scheme, n) == 0) {
		p += n;
		len -= n;
	}
	if (cut_user(&c, &p, &len) != 0 || cut_host(&c, p, len) != 0)
		return -1;
	return check_host(&c);
}

void
hostspec_clear(struct hostspec *s)
{
	hostpat_clear(&s->pattern);
	*s = (struct hostspec){0};
}
