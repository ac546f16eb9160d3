/*
 * identities.c -- the keys that a worker's sessions offer, in their order.
 *
 * Room: engine/ssh.  May touch: base/, keyring.h, agent.h, pool.h.
 */
#include "config.h"

#include "ssh/identities.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "ssh/agent.h"
#include "ssh/keyring.h"
#include "ssh/loop.h"
#include "ssh/opener.h"
#include "ssh/pool.h"
#include "ssh/waiters.h"

#include <stdlib.h>
#include <string.h>

/* Keys offered beyond this many only spend attempts. */
#define MAX_IDENTITIES 64

struct identities {
	struct loop *loop;             /* borrowed */
	struct pool *pool;             /* borrowed */
	const struct keyring *keyring; /* borrowed */
	struct agent *agent;           /* owned; NULL: none */
	struct identity list[MAX_IDENTITIES];
	size_t n;
	bool ready;
	bool only_files;
	bool failed; /* the agent did; `why` */
	struct muster_error why;
	struct opener_setup opening; /* its broker NULL: nobody to ask */
	char *locked_out; /* owned; why a file is not in the list, or NULL */
	struct waiters waiters;
};

struct signing {
	struct identities *ids;        /* borrowed */
	struct key *key;               /* owned; NULL: the agent's */
	struct agent_request *request; /* of the agent */
	struct job *job;
	char *algorithm; /* owned */
	struct buf data, signature;
	struct muster_error err;
	bool ok, cancelled;
	void (*done)(void *, const struct buf *, const struct muster_error *);
	void *arg;
};

/* ---- the list ---- */

static bool
is_listed(const struct identities *ids, const uint8_t *blob, size_t len)
{
	for (size_t i = 0; i < ids->n; i++)
		if (len > 0 && ids->list[i].len == len &&
		    memcmp(ids->list[i].blob, blob, len) == 0)
			return true;
	return false;
}

static void
add(struct identities *ids, const struct identity *id)
{
	if (ids->n < MAX_IDENTITIES && !is_listed(ids, id->blob, id->len))
		ids->list[ids->n++] = *id;
}

/* What the agent answered; lent. */
struct held {
	const struct agent_key *keys;
	size_t n;
};

static bool
agent_has(const struct held *held, const struct key_public *public)
{
	for (size_t i = 0; i < held->n; i++)
		if (held->keys[i].len == public->len &&
		    memcmp(held->keys[i].blob, public->blob, public->len) == 0)
			return true;
	return false;
}

/* The agent has it, or a person may be asked for the passphrase. */
static void
add_locked(struct identities *ids, const struct held *held,
    const struct keyring_entry *e, struct identity *id)
{
	bool is_held =
	    agent_has(held, e->signer.blob != NULL ? &e->signer : &e->public);

	if (!is_held && e->safe != NULL && !is_listed(ids, id->blob, id->len))
		id->opener = opener_new(&ids->opening, e->safe);
	if (is_held || id->opener != NULL)
		add(ids, id);
	else if (e->safe == NULL && ids->locked_out == NULL)
		ids->locked_out = mem_printf(
		    "'%s' wants a passphrase, and the agent has not got it",
		    e->path);
}

static void
add_files(struct identities *ids, const struct held *held, bool chosen)
{
	for (size_t i = 0; i < keyring_n(ids->keyring); i++) {
		const struct keyring_entry *e = keyring_at(ids->keyring, i);
		struct identity id = {.type = e->public.type,
		    .blob = e->public.blob,
		    .len = e->public.len,
		    .label = e->path,
		    .key = e->key,
		    .signer = e->signer.blob,
		    .signer_len = e->signer.len};

		if (e->chosen != chosen)
			continue;
		if (e->key != NULL)
			add(ids, &id);
		else
			add_locked(ids, held, e, &id);
	}
}

static void
complete(struct identities *ids, const struct held *held)
{
	add_files(ids, held, true);
	for (size_t i = 0; !ids->only_files && i < held->n; i++) {
		const struct agent_key *k = &held->keys[i];

		add(ids, &(struct identity){.type = k->type,
			     .blob = k->blob,
			     .len = k->len,
			     .label = k->comment});
	}
	add_files(ids, held, false);
	ids->ready = true;
	waiters_wake(&ids->waiters);
}

static void
on_list(void *arg, const struct agent_key *keys, size_t n,
    const struct muster_error *err)
{
	const struct held held = {keys, keys == NULL ? 0 : n};
	struct identities *ids = arg;

	if (keys == NULL) {
		ids->failed = true;
		ids->why = *err;
	}
	complete(ids, &held);
}

struct identities *
identities_new(
    struct loop *loop, struct pool *pool, const struct identities_setup *setup)
{
	struct identities *ids = mem_new(sizeof(*ids));

	ids->loop = loop;
	ids->pool = pool;
	ids->keyring = setup->keyring;
	ids->only_files = setup->only_files;
	ids->opening =
	    (struct opener_setup){loop, pool, setup->broker, setup->most};
	ids->locked_out = mem_strdup(keyring_locked_out(setup->keyring));
	waiters_init(&ids->waiters);
	if (setup->agent_path == NULL || setup->agent_path[0] == '\0') {
		complete(ids, &(struct held){0});
		return ids;
	}
	ids->agent = agent_new(loop, setup->agent_path, AGENT_TIMEOUT_MS);
	(void)agent_list(ids->agent, on_list, ids);
	return ids;
}

void
identities_free(struct identities *ids)
{
	if (ids == NULL)
		return;
	waiters_clear(&ids->waiters);
	for (size_t i = 0; i < ids->n; i++)
		opener_free(ids->list[i].opener);
	agent_free(ids->agent);
	free(ids->locked_out);
	free(ids);
}

bool
identities_are_ready(struct identities *ids, void (*wake)(void *arg), void *arg)
{
	if (!ids->ready)
		waiters_add(&ids->waiters, wake, arg);
	return ids->ready;
}

void
identities_unwait(struct identities *ids, const void *arg)
{
	waiters_leave(&ids->waiters, arg);
	for (size_t i = 0; i < ids->n; i++)
		if (ids->list[i].opener != NULL)
			opener_leave(ids->list[i].opener, arg);
}

size_t
identities_n(const struct identities *ids)
{
	return ids->n;
}

const struct identity *
identities_at(const struct identities *ids, size_t i)
{
	return &ids->list[i];
}

const char *
identities_agent_error(const struct identities *ids)
{
	return ids->failed ? ids->why.text : NULL;
}

const char *
identities_locked_out(const struct identities *ids)
{
	return ids->locked_out;
}

/* ---- passphrases ---- */

/* What only the private half told. */
static void
learn(struct identity *id, const struct key *key)
{
	id->blob = key_blob(key, &id->len);
	id->type = key_type(key);
}

enum identity_lock
identities_look(struct identities *ids, size_t i, struct muster_error *why)
{
	struct identity *id = &ids->list[i];
	const struct key *key;
	bool is_shut;

	if (id->opener == NULL)
		return IDENTITY_OPEN;
	key = opener_key(id->opener, &is_shut, why);
	if (key != NULL && id->len == 0)
		learn(id, key);
	if (key != NULL)
		return IDENTITY_OPEN;
	return is_shut ? IDENTITY_SHUT : IDENTITY_LOCKED;
}

void
identities_open(
    struct identities *ids, size_t i, void (*wake)(void *arg), void *arg)
{
	opener_wait(ids->list[i].opener, wake, arg);
}

/* ---- signing ---- */

static void
signing_free(void *arg)
{
	struct signing *s = arg;

	key_free(s->key);
	free(s->algorithm);
	buf_clear(&s->data);
	buf_clear(&s->signature);
	free(s);
}

static void
sign(void *arg)
{
	struct signing *s = arg;

	s->ok = key_sign(s->key, s->algorithm, buf_data(&s->data), s->data.len,
		    &s->signature, &s->err) == 0;
}

static void
deliver(void *arg)
{
	struct signing *s = arg;

	if (!s->cancelled)
		s->done(s->arg, s->ok ? &s->signature : NULL, &s->err);
	signing_free(s);
}

static void
on_agent_signed(void *arg, const struct agent_signature *signature,
    const struct muster_error *err)
{
	struct signing *s = arg;
	bool ok = signature != NULL &&
		  buf_add(&s->signature, signature->bytes, signature->len);

	s->request = NULL;
	if (signature != NULL && !ok)
		err_set(&s->err, MUSTER_ERR_AGENT,
		    "the agent's signature is too long");
	s->done(s->arg, ok ? &s->signature : NULL, err != NULL ? err : &s->err);
	signing_free(s);
}

/* RSA costs milliseconds, the others less than a thread costs. */
static void
sign_here(struct signing *s)
{
	if (strcmp(key_type(s->key), "ssh-rsa") == 0) {
		s->job =
		    pool_submit(s->ids->pool, s->ids->loop, sign, deliver, s);
		return;
	}
	sign(s);
	loop_later(s->ids->loop, deliver, s);
}

static uint32_t
agent_flags(const char *algorithm)
{
	if (strncmp(algorithm, "rsa-sha2-512", 12) == 0)
		return AGENT_RSA_SHA2_512;
	if (strncmp(algorithm, "rsa-sha2-256", 12) == 0)
		return AGENT_RSA_SHA2_256;
	return 0;
}

/* NULL: the agent's. */
static struct key *
dup_key(const struct identity *id)
{
	struct muster_error unused;
	struct key *key = id->key;
	bool is_shut;

	if (key == NULL && id->opener != NULL)
		key = opener_key(id->opener, &is_shut, &unused);
	return key != NULL ? key_ref(key) : NULL;
}

struct signing *
identities_sign(struct identities *ids, const struct identity *identity,
    const char *algorithm, struct buf *data,
    void (*done)(
	void *arg, const struct buf *signature, const struct muster_error *err),
    void *arg)
{
	struct signing *s = mem_new(sizeof(*s));

	s->ids = ids;
	s->done = done;
	s->arg = arg;
	s->algorithm = mem_strdup(algorithm);
	buf_init(&s->data, data->max);
	buf_init(&s->signature, data->max);
	(void)buf_add(&s->data, buf_data(data), data->len);
	s->key = dup_key(identity);
	if (s->key != NULL) {
		sign_here(s);
	} else {
		bool certified = identity->signer != NULL;
		const struct agent_wish wish = {
		    certified ? identity->signer : identity->blob,
		    certified ? identity->signer_len : identity->len,
		    buf_data(data), data->len, agent_flags(algorithm)};

		s->request = agent_sign(ids->agent, &wish, on_agent_signed, s);
	}
	return s;
}

void
signing_cancel(struct signing *s)
{
	if (s->request != NULL) {
		agent_cancel(s->request);
		signing_free(s);
	} else if (s->job != NULL) {
		job_cancel(s->job, signing_free);
	} else {
		s->cancelled = true;
	}
}
