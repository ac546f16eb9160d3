/*
 * table.c -- a host table's text: lines, quotes, numbered names.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#include "config.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "describe.h"
#include "server.h"

#include <arpa/inet.h>

#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES (64 * 1024)
#define NAME_MAX_BYTES 200

struct cursor {
	const char *p;
	const char *end; /* of the line */
};

static void
skip_space(struct cursor *at)
{
	while (at->p < at->end && str_is_space(*at->p))
		at->p++;
}

static int
hex_digit(int c)
{
	if (str_is_digit(c))
		return c - '0';
	c = str_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What stands behind a backslash, as a byte; -1 when it means nothing. */
static int
read_escape(struct cursor *at)
{
	static const char from[] = "nrt0e\\\"", to[] = "\n\r\t\0\033\\\"";
	const char *found;
	int c, high, low;

	if (at->p == at->end)
		return -1;
	c = *at->p++;
	if (c == 'x' && at->end - at->p >= 2) {
		high = hex_digit(at->p[0]);
		low = hex_digit(at->p[1]);
		at->p += 2;
		return high < 0 || low < 0 ? -1 : high * 16 + low;
	}
	found = memchr(from, c, sizeof(from) - 1);
	return found != NULL ? (unsigned char)to[found - from] : -1;
}

/* Reads up to the next blank; double quotes keep blanks and know escapes. */
static bool
read_value(struct cursor *at, struct buf *value)
{
	bool quoted = false;

	for (; at->p < at->end && (quoted || !str_is_space(*at->p));) {
		int c = (unsigned char)*at->p++;

		if (c == '"') {
			quoted = !quoted;
			continue;
		}
		if (c == '\\' && quoted) {
			c = read_escape(at);
			if (c < 0)
				return false;
		}
		if (!buf_addc(value, c))
			return false;
	}
	return !quoted;
}

static int
read_pair(struct cursor *at, struct host *h, struct muster_error *err)
{
	const char *start = at->p;
	struct bytes value;
	struct buf b;
	char *key;
	int rc;

	while (at->p < at->end && *at->p != '=' && !str_is_space(*at->p))
		at->p++;
	key = mem_strndup(start, (size_t)(at->p - start));
	if (at->p == at->end || *at->p != '=') {
		rc = err_set(err, MUSTER_ERR_SYNTAX,
		    "'%.60s' of '%s' is not key=value", key, h->name);
		free(key);
		return rc;
	}
	at->p++;
	buf_init(&b, LINE_MAX_BYTES);
	if (read_value(at, &b)) {
		value.len = b.len;
		value.data = (char *)(uintptr_t)buf_str(&b);
		rc = sim_describe(h, key, &value, err);
	} else {
		rc = err_set(err, MUSTER_ERR_SYNTAX,
		    "'%s=' of '%s': bad quotes or escape", key, h->name);
	}
	buf_clear(&b);
	free(key);
	return rc;
}

static bool
is_name(const char *name)
{
	if (*name == '\0' || *name == '.' || strlen(name) > NAME_MAX_BYTES)
		return false;
	for (; *name != '\0'; name++)
		if (!str_is_digit(*name) && strchr("-._", *name) == NULL &&
		    (str_lower(*name) < 'a' || str_lower(*name) > 'z'))
			return false;
	return true;
}

/* The next address of 127.1.0.0/16 and up, by the number of the host. */
static void
choose_address(struct fleetsim *sim, struct host *h)
{
	size_t n = sim->n_hosts;
	uint32_t ip =
	    0x7f010000u + (uint32_t)(n / 250) * 256u + (uint32_t)(n % 250) + 1;

	h->ip.s_addr = htonl(ip);
	(void)inet_ntop(AF_INET, &h->ip, h->addr, sizeof(h->addr));
}

static int
add_host(struct fleetsim *sim, const char *name, struct cursor at,
    struct muster_error *err)
{
	struct host *h;
	int rc = 0;

	if (!is_name(name))
		return err_set(err, MUSTER_ERR_SYNTAX,
		    "'%.60s' cannot be the name of a host", name);
	if (map_gets(sim->names, name) != NULL)
		return err_set(
		    err, MUSTER_ERR_SYNTAX, "host '%s' is there twice", name);
	h = sim_host_new(name);
	for (skip_space(&at); rc == 0 && at.p < at.end; skip_space(&at))
		rc = read_pair(&at, h, err);
	if (rc == 0 && !sim_host_finish(h, sim->rsa))
		rc = err_set(err, MUSTER_ERR_SYSTEM,
		    "cannot make a host key for '%s'", name);
	if (rc != 0) {
		sim_host_free(h);
		return -1;
	}
	if (h->addr[0] == '\0')
		choose_address(sim, h);
	mem_grow(&sim->hosts, &sim->cap_hosts, sim->n_hosts + 1,
	    sizeof(struct host *));
	h->index = sim->n_hosts;
	sim->hosts[sim->n_hosts++] = h;
	(void)map_puts(sim->names, name, h);
	return 0;
}

/* Adds the hosts of prefix[from-to]suffix, numbers as wide as `from`. */
static int
add_range(struct fleetsim *sim, const char *name, struct cursor at,
    struct muster_error *err)
{
	const char *open = strchr(name, '['), *close = strchr(name, ']');
	char *text = NULL, *dash = NULL;
	uint32_t from, to;
	int rc = 0;

	if (close != NULL && close > open) {
		text = mem_strndup(open + 1, (size_t)(close - open - 1));
		dash = strchr(text, '-');
	}
	if (dash != NULL)
		*dash++ = '\0';
	if (dash == NULL || !str_u32(text, 0, LIMIT_HOSTS, &from) ||
	    !str_u32(dash, from, LIMIT_HOSTS, &to)) {
		free(text);
		return err_set(err, MUSTER_ERR_SYNTAX,
		    "'%.60s': a range is [FROM-TO]", name);
	}
	for (uint32_t i = from; i <= to && rc == 0; i++) {
		char *one = mem_printf("%.*s%0*u%s", (int)(open - name), name,
		    (int)strlen(text), i, close + 1);

		rc = add_host(sim, one, at, err);
		free(one);
	}
	free(text);
	return rc;
}

static int
read_line(struct fleetsim *sim, struct cursor at, struct muster_error *err)
{
	const char *start;
	char *name;
	int rc;

	skip_space(&at);
	if (at.p == at.end || *at.p == '#')
		return 0;
	start = at.p;
	while (at.p < at.end && !str_is_space(*at.p))
		at.p++;
	name = mem_strndup(start, (size_t)(at.p - start));
	rc = strchr(name, '[') != NULL ? add_range(sim, name, at, err)
				       : add_host(sim, name, at, err);
	free(name);
	return rc;
}

int
fleetsim_add_hosts(
    struct fleetsim *sim, const char *text, struct muster_error *err)
{
	const char *line = text;

	if (sim->ledgers != NULL)
		return err_set(err, MUSTER_ERR_USAGE,
		    "no host can be added once the fleet listens");
	for (size_t n = 1; *line != '\0'; n++) {
		struct cursor at = {line, line + strcspn(line, "\n")};

		if (read_line(sim, at, err) != 0) {
			(void)err_prefix(err, "line %zu", n);
			if (err != NULL)
				err->at = (size_t)(line - text);
			return -1;
		}
		line = *at.end == '\n' ? at.end + 1 : at.end;
	}
	return 0;
}
