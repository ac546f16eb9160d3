/*
 * fleetsim.c -- the questions that the owner of a fleet asks.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#include "config.h"

#include "fleetsim.h"
#include "base/mem.h"
#include "describe.h"
#include "server.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int
refuse_key(struct muster_error *err)
{
	return err_set(err, MUSTER_ERR_KEY,
	    "not a public key of type ed25519, ecdsa nistp256 or rsa");
}

int
fleetsim_authorise(struct fleetsim *sim, const void *blob, size_t len,
    struct muster_error *err)
{
	if (sim_user_key_add(&sim->user_keys, blob, len))
		return 0;
	return refuse_key(err);
}

int
fleetsim_authorise_line(
    struct fleetsim *sim, const char *line, struct muster_error *err)
{
	const char *base64 = line + strcspn(line, " ");

	base64 += strspn(base64, " ");
	if (sim_user_key_add_base64(
		&sim->user_keys, base64, strcspn(base64, " \r\n")))
		return 0;
	return refuse_key(err);
}

void
fleetsim_log_to(struct fleetsim *sim, int fd)
{
	sim->log_fd = fd;
}

size_t
fleetsim_n_hosts(const struct fleetsim *sim)
{
	return sim->n_hosts;
}

size_t
fleetsim_find(const struct fleetsim *sim, const char *name)
{
	const struct host *h = map_gets(sim->names, name);

	return h != NULL ? h->index : SIZE_MAX;
}

static const struct host *
host_at(const struct fleetsim *sim, size_t host)
{
	assert(host < sim->n_hosts);
	return sim->hosts[host];
}

const char *
fleetsim_name(const struct fleetsim *sim, size_t host)
{
	return host_at(sim, host)->name;
}

const char *
fleetsim_address(const struct fleetsim *sim, size_t host)
{
	return host_at(sim, host)->addr;
}

uint16_t
fleetsim_port(const struct fleetsim *sim, size_t host)
{
	return host_at(sim, host)->port;
}

static void
add_known_host(struct buf *b, const struct host *h, const struct host_key *key)
{
	uint8_t *base64 = mem_new(key->len / 3 * 4 + 8);

	(void)EVP_EncodeBlock(base64, key->blob, (int)key->len);
	(void)buf_addf(b, "[%s]:%u %s %s\n", h->addr, (unsigned)h->port,
	    sim_key_name(key->type), (const char *)base64);
	free(base64);
}

char *
fleetsim_known_hosts(const struct fleetsim *sim, size_t host)
{
	const struct host *h = host_at(sim, host);
	struct buf b;

	buf_init(&b, 16 * 1024);
	if (h->known == KNOWN_OTHER)
		add_known_host(&b, h, h->other);
	for (size_t i = 0; i < N_KEY_TYPES && h->known == KNOWN_RIGHT; i++)
		if (h->keys[i] != NULL)
			add_known_host(&b, h, h->keys[i]);
	return buf_take_str(&b);
}

const struct fleetsim_ledger *
fleetsim_ledger(const struct fleetsim *sim, size_t host)
{
	return host_at(sim, host)->ledger;
}
