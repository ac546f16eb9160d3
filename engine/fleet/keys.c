/*
 * keys.c -- the door: host keys, looked at and accepted.
 *
 * Room: engine/fleet.  May touch: this room, base/, conf/, ssh/.
 * The worker writes down what a host shows before its result, and the front
 * reads it after.
 */
#include "config.h"

#include "fleet/fleet.h"
#include "base/err.h"
#include "base/mem.h"
#include "conf/knownhosts.h"
#include "fleet/order.h"
#include "fleet/profile.h"
#include "ssh/trust.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct shown_key {
	struct muster_host_key key;      /* its texts are these: */
	char *type, *fingerprint, *line; /* owned */
	void *blob;                      /* owned */
	size_t len;
};

void
shown_key_free(struct shown_key *k)
{
	if (k == NULL)
		return;
	free(k->type);
	free(k->fingerprint);
	free(k->line);
	free(k->blob);
	free(k);
}

void
host_key_shown(void *arg, const struct session_key *key)
{
	struct shown_key *k = mem_new(sizeof(*k));
	struct host *h = arg;

	k->type = mem_strdup(key->type);
	k->fingerprint = mem_strdup(key->fingerprint);
	k->line = mem_strdup(key->line);
	k->blob = mem_dup(key->blob, key->len);
	k->len = key->len;
	k->key = (struct muster_host_key){
	    key->state, k->type, k->fingerprint, k->line};
	shown_key_free(h->shown);
	h->shown = k;
}

/* ---- the door ---- */

static int
check_hosts(
    struct muster *m, const size_t *hosts, size_t n, struct muster_error *err)
{
	for (size_t i = 0; i < n; i++) {
		struct host *h = fleet_pick(m, hosts, i);

		if (h->client != NULL)
			return err_set(err, MUSTER_ERR_USAGE,
			    "'%s' is connected to by ssh(1), which knows its "
			    "key itself",
			    h->name);
	}
	return 0;
}

int
muster_start_keys(
    struct muster *m, const size_t *hosts, size_t n, struct muster_error *err)
{
	struct order *orders[2] = {NULL, NULL};
	int rc;

	assert(m->magic == FLEET_MAGIC);
	if (hosts == NULL)
		n = m->n_hosts;
	if (check_hosts(m, hosts, n, err) != 0)
		return -1;
	orders[0] = order_new_keys();
	rc = fleet_start(m, hosts, n, orders, "keys", err);
	order_free(orders[0]);
	return rc;
}

const struct muster_host_key *
muster_host_key(const struct muster *m, size_t host)
{
	static const struct muster_host_key unseen = {
	    MUSTER_KEY_UNSEEN, "", "", ""};

	assert(m->magic == FLEET_MAGIC && host < m->n_hosts);
	return m->hosts[host]->shown == NULL ? &unseen
					     : &m->hosts[host]->shown->key;
}

static int
check_unknown(const struct muster *m, const size_t *hosts, size_t n,
    struct muster_error *err)
{
	for (size_t i = 0; i < n; i++) {
		const struct host *h = fleet_pick(m, hosts, i);

		if (h->started || h->shown == NULL ||
		    h->shown->key.state != MUSTER_KEY_UNKNOWN)
			return err_set(err, MUSTER_ERR_USAGE,
			    "'%s' has shown no key that could be accepted",
			    h->name);
		if (h->profile->trust.file == NULL)
			return err_set(err, MUSTER_ERR_USAGE,
			    "there is no known_hosts file for the key of '%s'",
			    h->name);
	}
	return 0;
}

/* Writes the keys of those that share the file of the first, which begin at
 * `lines`; what is written is marked. */
static int
write_file(const struct muster *m, const size_t *hosts, size_t n, size_t first,
    bool *done, struct muster_error *err)
{
	const struct session_trust *trust =
	    &fleet_pick(m, hosts, first)->profile->trust;
	struct knownhosts_new *lines = mem_array(n, sizeof(*lines));
	size_t n_lines = 0;
	int rc;

	for (size_t i = first; i < n; i++) {
		const struct host *h = fleet_pick(m, hosts, i);

		if (done[i] || strcmp(h->profile->trust.file, trust->file) != 0)
			continue;
		done[i] = true;
		lines[n_lines++] = (struct knownhosts_new){
		    h->key_name, h->key_port, h->shown->blob, h->shown->len};
	}
	rc = knownhosts_add(trust->file, lines, n_lines, trust->hashed, err);
	free(lines);
	return rc;
}

int
muster_accept_keys(
    struct muster *m, const size_t *hosts, size_t n, struct muster_error *err)
{
	bool *done;
	int rc = 0;

	assert(m->magic == FLEET_MAGIC);
	if (hosts == NULL)
		n = m->n_hosts;
	if (check_unknown(m, hosts, n, err) != 0)
		return -1;
	done = mem_array(n + 1, sizeof(*done));
	for (size_t i = 0; i < n && rc == 0; i++)
		if (!done[i])
			rc = write_file(m, hosts, n, i, done, err);
	free(done);
	return rc;
}
