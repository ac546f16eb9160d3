/*
 * losses.c -- of which hosts output may be lost here.
 *
 * Room: src.  May touch: heap.h.
 */
#include "config.h"

#include "src/losses.h"

#include "src/heap.h"

#include <stdlib.h>

void
losses_init(struct losses *l, size_t n_hosts)
{
	*l = (struct losses){
	    .lost = heap_array(n_hosts, sizeof(*l->lost)),
	    .waits = heap_array(n_hosts, sizeof(*l->waits)),
	    .hosts = heap_array(n_hosts, sizeof(*l->hosts)),
	};
}

void
losses_clear(struct losses *l)
{
	free(l->lost);
	free(l->waits);
	free(l->hosts);
	*l = (struct losses){0};
}

void
losses_add(struct losses *l, size_t host)
{
	if (l->failed)
		l->lost[host] = l->any = true;
	if (l->waits[host])
		return;
	l->waits[host] = true;
	l->hosts[l->n_hosts++] = host;
}

void
losses_settle(struct losses *l)
{
	for (size_t i = 0; i < l->n_hosts; i++)
		l->waits[l->hosts[i]] = false;
	l->n_hosts = 0;
}

void
losses_fail(struct losses *l)
{
	l->failed = true;
	for (size_t i = 0; i < l->n_hosts; i++)
		l->lost[l->hosts[i]] = l->any = true;
	losses_settle(l);
}
