/*
 * host.c -- one simulated host: what it is and how it behaves.
 *
 * Room: tests/fleetsim.  May touch: base/, key.h, fleetsim.h.
 */
#include "config.h"

#include "host.h"
#include "base/mem.h"
#include "describe.h"
#include "kex.h"

#include <stdlib.h>
#include <string.h>

const char *const sim_auth_names[N_AUTH_METHODS] = {
    [AUTH_NONE] = "none",
    [AUTH_PUBLICKEY] = "publickey",
    [AUTH_PASSWORD] = "password",
    [AUTH_INTERACTIVE] = "keyboard-interactive",
};

struct host *
sim_host_new(const char *name)
{
	struct host *h = mem_new(sizeof(*h));

	h->name = mem_strdup(name);
	h->max_tries = 6;
	h->max_sessions = 10;
	h->every_ms = 1000;
	return h;
}

void
sim_host_free(struct host *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < N_KEY_TYPES; i++)
		sim_key_free(h->keys[i]);
	sim_key_free(h->other);
	sim_user_keys_free(h->user_keys);
	free(h->name);
	free(h->user);
	free(h->password);
	free(h->code);
	free(h->key_algorithms);
	free(h->kex);
	free(h->ciphers);
	free(h->macs);
	free(h->version);
	free(h->motd);
	free(h->out.data);
	free(h->err.data);
	free(h->exit_signal);
	free(h);
}

static void
set_default(char **field, const char *value)
{
	if (*field == NULL)
		*field = mem_strdup(value);
}

static void
set_paths(struct host *h)
{
	enum auth_method last =
	    h->password != NULL ? AUTH_INTERACTIVE : AUTH_PUBLICKEY;

	if (h->n_paths > 0)
		return;
	for (enum auth_method i = AUTH_PUBLICKEY; i <= last; i++) {
		h->paths[h->n_paths].methods[0] = (uint8_t)i;
		h->paths[h->n_paths++].n = 1;
	}
}

static void
join_lists(struct host *h)
{
	struct buf b;

	buf_init(&b, 1024);
	for (size_t i = 0; i < SIM_N_CIPHERS; i++)
		(void)buf_addf(
		    &b, "%s%s", i > 0 ? "," : "", sim_ciphers[i].name);
	set_default(&h->ciphers, buf_str(&b));
	buf_reset(&b);
	for (size_t i = 0; i < SIM_N_MACS; i++)
		(void)buf_addf(&b, "%s%s", i > 0 ? "," : "", sim_macs[i].name);
	set_default(&h->macs, buf_str(&b));
	buf_reset(&b);
	for (size_t i = 0; i < N_KEY_TYPES; i++)
		if (h->keys[i] != NULL)
			(void)buf_addf(&b, "%s%s", b.len > 0 ? "," : "",
			    sim_key_algorithms((enum key_type)i));
	set_default(&h->key_algorithms, buf_str(&b));
	buf_clear(&b);
}

static struct host_key *
make_key(enum key_type type, struct host_key **rsa)
{
	if (type != KEY_RSA)
		return sim_key_new(type);
	if (*rsa == NULL)
		*rsa = sim_key_new(KEY_RSA);
	return *rsa == NULL ? NULL : sim_key_dup(*rsa);
}

static bool
make_keys(struct host *h, struct host_key *rsa[2])
{
	enum key_type first = N_KEY_TYPES;

	for (enum key_type i = KEY_ED25519; i < N_KEY_TYPES; i++)
		if (h->wants_key[i] && first == N_KEY_TYPES)
			first = i;
	if (first == N_KEY_TYPES) {
		first = KEY_ED25519;
		h->wants_key[first] = true;
	}
	for (enum key_type i = KEY_ED25519; i < N_KEY_TYPES; i++) {
		if (!h->wants_key[i])
			continue;
		h->keys[i] = make_key(i, &rsa[0]);
		if (h->keys[i] == NULL)
			return false;
	}
	if (h->known != KNOWN_OTHER)
		return true;
	h->other = make_key(first, &rsa[1]);
	return h->other != NULL;
}

bool
sim_host_finish(struct host *h, struct host_key *rsa[2])
{
	if (!make_keys(h, rsa))
		return false;
	set_paths(h);
	join_lists(h);
	set_default(&h->kex, SIM_KEX_LIST);
	set_default(&h->version, "SSH-2.0-fleetsim_1");
	return true;
}
