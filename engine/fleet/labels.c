/*
 * labels.c -- what hosts are called: by their alias, short, or in full.
 *
 * Room: engine/fleet.  May touch: this room, base/, conf/hostname.h.
 * A label stands for one host alone. Two that would be the same tell nobody
 * which host is meant, so neither is used.
 */
#include "config.h"

#include "base/map.h"
#include "base/mem.h"
#include "conf/hostname.h"
#include "fleet/fleet.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdlib.h>
#include <string.h>

static bool
is_address(const char *name)
{
	struct in_addr v4;

	return hostname_is_ipv6(name, strlen(name)) ||
	       inet_pton(AF_INET, name, &v4) == 1;
}

static char *
make_short(const struct host *h)
{
	if (is_address(h->alias) || *h->alias == '.')
		return mem_strdup(h->alias);
	return mem_strndup(h->alias, strcspn(h->alias, "."));
}

/* The name that is looked up, when it is one and has a domain. */
static char *
make_fqdn(const struct host *h)
{
	if (is_address(h->address) || strchr(h->address, '.') == NULL)
		return mem_strdup(h->alias);
	return mem_strdup(h->address);
}

static char *
make_label(const struct host *h, enum muster_label label)
{
	switch (label) {
	case MUSTER_LABEL_SHORT:
		return make_short(h);
	case MUSTER_LABEL_FQDN:
		return make_fqdn(h);
	case MUSTER_LABEL_ALIAS:
		break;
	}
	return mem_strdup(h->alias);
}

/* Adds one to what a name stands for in `counts`. */
static void
count(struct map *counts, const char *name)
{
	uintptr_t n = (uintptr_t)map_gets(counts, name);

	(void)map_puts(counts, name, (void *)(n + 1));
}

static bool
is_alone(const struct map *counts, const char *name)
{
	return (uintptr_t)map_gets(counts, name) == 1;
}

/* Turns labels that are not alone into what `next` makes of their hosts, and
 * counts them. */
static void
fall_back(struct muster *m, char *(*next)(const struct host *))
{
	struct map *counts = map_new();

	for (size_t i = 0; i < m->n_hosts; i++)
		if (m->hosts[i]->first == NULL)
			count(counts, m->hosts[i]->name);
	for (size_t i = 0; i < m->n_hosts; i++) {
		struct host *h = m->hosts[i];

		if (h->first != NULL || is_alone(counts, h->name))
			continue;
		free(h->name);
		h->name = next(h);
	}
	map_free(counts, NULL);
}

static char *
make_alias(const struct host *h)
{
	return mem_strdup(h->alias);
}

/* No name has a '#' in it, so that no other host is called so. */
void
fleet_name_copy(struct host *h)
{
	free(h->name);
	free(h->listed);
	h->name = mem_printf("%s#%u", h->first->name, h->copy + 1);
	h->listed = mem_strdup(h->first->listed);
}

/* Gives every host but the copies a label of its own. */
static void
name_all(struct muster *m, enum muster_label label)
{
	for (size_t i = 0; i < m->n_hosts; i++) {
		free(m->hosts[i]->name);
		m->hosts[i]->name = make_label(m->hosts[i], label);
	}
	fall_back(m, make_alias);
	fall_back(m, fleet_target);
}

void
muster_label_hosts(struct muster *m, enum muster_label label)
{
	assert(m->magic == FLEET_MAGIC && m->n_workers == 0);
	name_all(m, MUSTER_LABEL_ALIAS);
	for (size_t i = 0; i < m->n_hosts; i++) {
		free(m->hosts[i]->listed);
		m->hosts[i]->listed = mem_strdup(m->hosts[i]->name);
	}
	name_all(m, label);
	for (size_t i = 0; i < m->n_hosts; i++)
		if (m->hosts[i]->first != NULL)
			fleet_name_copy(m->hosts[i]);
	map_free(m->by_name, NULL);
	m->by_name = map_new();
	for (size_t i = 0; i < m->n_hosts; i++)
		(void)map_puts(m->by_name, m->hosts[i]->name, m->hosts[i]);
}

const char *
muster_host_list_name(const struct muster *m, size_t host)
{
	assert(host < m->n_hosts);
	return m->hosts[host]->listed;
}
