/*
 * hostnear.c -- the wildcard that was meant.
 *
 * Room: engine/conf.  May touch: base, conf.
 * What a wildcard says before its first '*' or '?' is compared with how the
 * hosts begin; when it says nothing there, what it says behind the last one
 * with how they end.
 */
#include "config.h"

#include "conf/hostnear.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/hostname.h"

#include <stdio.h>
#include <string.h>

/* The part of a wildcard that is compared, and the best so far. */
struct near {
	const char *rest; /* the other part */
	char said[LIMIT_HOST_BYTES + 1];
	size_t n; /* its length */
	bool is_head;
	size_t distance;
	char *out;
	size_t size;
};

/* Compares with the first or last `n` bytes of a host. */
static void
compare(struct near *near, const char *host, size_t n)
{
	size_t len = strlen(host), distance;
	char part[LIMIT_HOST_BYTES + 1], made[2 * LIMIT_HOST_BYTES + 1];

	if (n == 0 || n > len || n > LIMIT_HOST_BYTES)
		return;
	(void)snprintf(part, sizeof(part), "%.*s", (int)n,
	    near->is_head ? host : host + len - n);
	distance = str_distance(near->said, part);
	if (distance >= near->distance)
		return;
	(void)snprintf(made, sizeof(made), "%s%s",
	    near->is_head ? part : near->rest,
	    near->is_head ? near->rest : part);
	if (hostname_fits(made, host) && str_copy(near->out, near->size, made))
		near->distance = distance;
}

bool
hostnear_wildcard(const char *wildcard, size_t len,
    const struct hostlist *hosts, char *out, size_t size)
{
	struct near near = {.out = out, .size = size};
	char text[LIMIT_HOST_BYTES + 1];
	size_t head, tail;

	if (len > LIMIT_HOST_BYTES || memchr(wildcard, '[', len) != NULL)
		return false;
	(void)snprintf(text, sizeof(text), "%.*s", (int)len, wildcard);
	head = strcspn(text, "*?");
	for (tail = len; tail > head && strchr("*?", text[tail - 1]) == NULL;)
		tail--;
	near.is_head = head > 0;
	near.n = near.is_head ? head : len - tail;
	/* With more than a third of it wrong it is another one. */
	near.distance = near.n / 3 + 1;
	if (near.distance < 2)
		return false;
	(void)snprintf(near.said, sizeof(near.said), "%.*s", (int)near.n,
	    near.is_head ? text : text + tail);
	text[near.is_head ? len : tail] = '\0';
	near.rest = near.is_head ? text + head : text;
	for (size_t i = 0; i < hosts->n; i++) {
		compare(&near, hosts->items[i].host, near.n);
		compare(&near, hosts->items[i].host, near.n + 1);
		compare(&near, hosts->items[i].host, near.n - 1);
	}
	return near.distance < near.n / 3 + 1;
}
