/*
 * keep_hosts.c -- the hosts that the commands of --keep are for.
 *
 * Room: src.  May touch: muster.h, args.h, complain.h, exitcode.h, heap.h,
 * hostset.h, names.h.
 */
#include "config.h"

#include "src/keep_hosts.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/heap.h"
#include "src/hostset.h"
#include "src/names.h"

#include <stdlib.h>
#include <string.h>

/* Takes up a host that `m` has got. */
static void
add_name(struct keep_hosts *k, const char *name, bool left_out)
{
	heap_grow(&k->names, &k->cap_names, k->n + 1, sizeof(*k->names));
	heap_grow(
	    &k->left_out, &k->cap_left_out, k->n + 1, sizeof(*k->left_out));
	k->names[k->n] = heap_strdup(name);
	k->left_out[k->n++] = left_out;
}

static void
list_items(struct keep_hosts *k)
{
	free(k->items);
	k->items = heap_array(k->n, sizeof(*k->items));
	k->n_items = 0;
	for (size_t i = 0; i < k->n; i++)
		if (!k->left_out[i])
			k->items[k->n_items++] = i;
}

void
keep_hosts_init(struct keep_hosts *k, struct muster *m, const struct args *args)
{
	*k = (struct keep_hosts){.m = m, .args = args};
	for (size_t i = 0; i < muster_n_hosts(m); i++)
		add_name(k, muster_host_list_name(m, i), false);
	list_items(k);
}

void
keep_hosts_clear(struct keep_hosts *k)
{
	for (size_t i = 0; i < k->n; i++)
		free(k->names[i]);
	free(k->names);
	free(k->left_out);
	free(k->items);
	*k = (struct keep_hosts){0};
}

/* What a list calls a host. */
static void
write_name(const struct muster_host *host, struct text *to)
{
	bool v6 = strchr(host->name, ':') != NULL && host->port != 0;

	if (host->user != NULL)
		text_addf(to, "%s@", host->user);
	text_addf(to, v6 ? "[%s]" : "%s", host->name);
	if (host->port != 0)
		text_addf(to, ":%u", (unsigned)host->port);
}

/* The index of a host; one that is not there yet is added when `may_add`.
 * SIZE_MAX for none, having complained. */
static size_t
find_host(struct keep_hosts *k, const struct muster_host *host, bool may_add)
{
	struct text name = {0};
	struct muster_error err;
	size_t i;
	int r = 0;

	write_name(host, &name);
	for (i = 0; i < k->n; i++)
		if (strcmp(k->names[i], text_str(&name)) == 0)
			break;
	if (i == k->n && may_add)
		r = muster_add_host(k->m, host, &err);
	if (r > 0)
		add_name(k, name.mem, true);
	else if (r < 0)
		complain("%s", err.text);
	else if (i == k->n)
		complain(may_add ? "'%s' is there under another name"
				 : "'%s' is none of the hosts",
		    name.mem);
	text_clear(&name);
	return i < k->n ? i : SIZE_MAX;
}

/* Finds them all; the caller frees. NULL, having complained. */
static size_t *
find_hosts(struct keep_hosts *k, const struct muster_hosts *hosts, bool may_add)
{
	size_t *found = heap_array(hosts->n, sizeof(*found));

	for (size_t i = 0; i < hosts->n; i++) {
		found[i] = find_host(k, &hosts->items[i], may_add);
		if (found[i] == SIZE_MAX) {
			free(found);
			return NULL;
		}
	}
	return found;
}

/* Who would be left out with these; the caller frees. NULL, having complained,
 * when that is everybody. */
static bool *
leave_out(const struct keep_hosts *k, char op, const size_t *found, size_t n)
{
	bool *left_out = heap_array(k->n, sizeof(*left_out));

	for (size_t i = 0; i < k->n; i++)
		left_out[i] = op == '=' || k->left_out[i];
	for (size_t i = 0; i < n; i++)
		left_out[found[i]] = op == '-';
	for (size_t i = 0; i < k->n; i++)
		if (!left_out[i])
			return left_out;
	complain("no host would be left: nothing is changed");
	free(left_out);
	return NULL;
}

/* The list as a command line's -w; groups are looked up wherever they may
 * be. */
static bool
read_list(const struct args *args, const char *list, struct muster_hosts *hosts)
{
	struct args wide = *args;
	struct muster_expand_options o;
	struct muster_error err;
	bool good = false;

	*hosts = (struct muster_hosts){.notes = ""};
	wide.hosts = (struct args_list){.items = &list, .n = 1};
	if (hostset_open(&wide, false, &o) != EXITCODE_OK)
		return false;
	if (muster_expand(list, &o, hosts, &err) == 0)
		good = true;
	else
		(void)hostset_refuse(list, &err);
	muster_inventory_free(o.inventory);
	return good;
}

bool
keep_hosts_change(struct keep_hosts *k, char op, const char *list)
{
	struct muster_hosts hosts;
	size_t *found = NULL;
	bool *left_out = NULL;

	if (read_list(k->args, list, &hosts))
		found = find_hosts(k, &hosts, op != '-');
	if (found != NULL)
		left_out = leave_out(k, op, found, hosts.n);
	if (left_out != NULL) {
		free(k->left_out);
		k->left_out = left_out;
		k->cap_left_out = k->n;
		list_items(k);
	}
	free(found);
	muster_hosts_clear(&hosts);
	return left_out != NULL;
}

struct batch_hosts
keep_hosts_get(const struct keep_hosts *k)
{
	return (struct batch_hosts){
	    .items = k->items, .n = k->n_items, .left_out = k->left_out};
}

void
keep_hosts_write(const struct keep_hosts *k, struct text *to)
{
	const char **names = heap_array(k->n_items, sizeof(*names));

	for (size_t i = 0; i < k->n_items; i++)
		names[i] = k->names[k->items[i]];
	names_fold(names, k->n_items, to);
	free(names);
}
