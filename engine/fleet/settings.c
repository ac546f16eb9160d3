/*
 * settings.c -- the ssh_config of a fleet, and of hosts with their own options.
 *
 * Room: engine/fleet.  May touch: this room, base/, conf/sshconf.h.
 * What an inventory says of a host comes before the files, as ssh -o does.
 * Hosts with the same options share one reading of the files.
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "conf/sshconf.h"
#include "fleet/fleet.h"

#include <stdlib.h>
#include <string.h>

#define OPTIONS_BYTES (64 * 1024)

/* A growing list of options; strings owned. */
struct list {
	char **items;
	size_t n, cap;
};

static void
add(struct list *l, char *option)
{
	mem_grow(&l->items, &l->cap, l->n + 1, sizeof(*l->items));
	l->items[l->n++] = option;
}

static void
clear(struct list *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->items[i]);
	free(l->items);
}

static struct sshconf *
open_named(const struct muster_options *o, const char *name,
    const char *const *options, size_t n, struct muster_error *err)
{
	const struct sshconf_setup setup = {
	    .file = o->ssh_config != NULL ? o->ssh_config
		    : o->no_env_files     ? "none"
					  : NULL,
	    .options = options,
	    .n_options = n,
	    .options_name = name,
	};

	return sshconf_open(&setup, err);
}

struct sshconf *
fleet_open_sshconf(const struct muster_options *o, const char *const *options,
    size_t n, struct muster_error *err)
{
	return open_named(o, NULL, options, n, err);
}

/* "IdentityFile=" and the path, as one word of ssh_config's. */
static char *
make_identity(const char *path)
{
	struct buf b;

	buf_init(&b, OPTIONS_BYTES);
	(void)buf_adds(&b, "IdentityFile=\"");
	for (; *path != '\0'; path++) {
		if (*path == '"' || *path == '\\')
			(void)buf_addc(&b, '\\');
		(void)buf_addc(&b, *path);
	}
	(void)buf_addc(&b, '"');
	return buf_take_str(&b);
}

static void
fill(struct list *l, const struct muster_options *o,
    const struct muster_host_settings *s)
{
	for (size_t i = 0; i < o->n_ssh_options; i++)
		add(l, mem_strdup(o->ssh_options[i]));
	for (size_t i = 0; i < s->n_ssh_options; i++)
		add(l, mem_strdup(s->ssh_options[i]));
	if (s->identity != NULL)
		add(l, make_identity(s->identity));
	if (s->jump != NULL)
		add(l, mem_printf("ProxyJump=%s", s->jump));
}

struct sshconf *
fleet_sshconf(struct muster *m, const struct muster_host_settings *settings,
    struct muster_error *err)
{
	struct list l = {0};
	struct sshconf *c;
	struct buf key;

	if (settings == NULL)
		return m->sshconf;
	fill(&l, &m->options, settings);
	buf_init(&key, OPTIONS_BYTES);
	for (size_t i = 0; i < l.n; i++)
		(void)buf_addf(&key, "%s\n", l.items[i]);
	c = map_get(m->sshconfs, buf_data(&key), key.len);
	if (c == NULL && l.n == 0)
		c = m->sshconf;
	if (c == NULL) {
		c = open_named(&m->options, "its options",
		    (const char *const *)l.items, l.n, err);
		if (c != NULL)
			(void)map_put(m->sshconfs, buf_data(&key), key.len, c);
	}
	buf_clear(&key);
	clear(&l);
	return c;
}
