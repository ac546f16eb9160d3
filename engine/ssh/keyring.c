/*
 * keyring.c -- the user's key files, read once for the whole fleet.
 *
 * Room: engine/ssh.  May touch: base/, crypto/key.h.
 */
#include "config.h"

#include "ssh/keyring.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/trace.h"

#include <stdlib.h>
#include <string.h>

struct keyring {
	struct keyring_entry *list; /* owned */
	size_t n, cap;
};

/* Without a passphrase: only the public half, for an agent to match. */
static int
keep_public(struct keyring_entry *e, const char *path, bool has_agent,
    struct muster_error *err)
{
	struct muster_error unused;
	enum key_found found;

	if (!has_agent)
		return err_set(err, MUSTER_ERR_PASSPHRASE,
		    "'%s' wants a passphrase: add it to ssh-agent", path);
	if (key_probe(path, &e->public, &found, &unused) != 0 ||
	    e->public.blob == NULL)
		return err_set(err, MUSTER_ERR_PASSPHRASE,
		    "'%s' wants a passphrase and has no .pub file beside it",
		    path);
	return 0;
}

/* Whether it is the public half alone, of a key that the agent may hold. */
static bool
is_public(struct keyring_entry *e, const char *path)
{
	struct muster_error unused;
	enum key_found found;

	if (key_probe(path, &e->public, &found, &unused) != 0)
		return false;
	if (found == KEY_FOUND_PUBLIC && e->public.blob != NULL)
		return true;
	key_public_clear(&e->public);
	return false;
}

static int
add(struct keyring *k, const char *path, bool chosen, bool has_agent,
    struct muster_error *err)
{
	struct keyring_entry e = {.chosen = chosen};
	struct muster_error why;
	size_t len;

	e.key = key_read(path, NULL, &why);
	if (e.key == NULL && why.code != MUSTER_ERR_PASSPHRASE &&
	    !(has_agent && is_public(&e, path))) {
		if (err != NULL)
			*err = why;
		return -1;
	}
	if (e.key == NULL && e.public.blob == NULL &&
	    keep_public(&e, path, has_agent, err) != 0)
		return -1;
	if (e.key != NULL) {
		const uint8_t *blob = key_blob(e.key, &len);

		e.public.blob = mem_dup(blob, len);
		e.public.len = len;
		e.public.comment = mem_strdup(key_comment(e.key));
		(void)key_blob_type(blob, len, e.public.type);
	}
	e.path = mem_strdup(path);
	mem_grow(&k->list, &k->cap, k->n + 1, sizeof(*k->list));
	k->list[k->n++] = e;
	return 0;
}

/* ---- certificates ---- */

static void
copy_public(struct key_public *to, const struct key_public *from)
{
	*to = *from;
	to->blob = mem_dup(from->blob, from->len);
	to->comment = mem_strdup(from->comment);
}

static bool
is_listed(const struct keyring *k, const struct key_public *c)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->list[i].public.len == c->len &&
		    memcmp(k->list[i].public.blob, c->blob, c->len) == 0)
			return true;
	return false;
}

/* Adds the certificate of a file to `to` if it is one of that key. */
static void
add_certificate(struct keyring *to, const char *path, bool chosen,
    const struct keyring_entry *of)
{
	struct keyring_entry e = {.chosen = chosen};
	struct muster_error why;

	if (key_public_read(path, &e.public, &why) != 0) {
		if (chosen)
			TRACE("auth", "%s", why.text);
		return;
	}
	if (!key_certifies(&e.public, of->public.blob, of->public.len) ||
	    is_listed(to, &e.public)) {
		key_public_clear(&e.public);
		return;
	}
	e.key = of->key == NULL ? NULL : key_ref(of->key);
	e.path = mem_strdup(path);
	copy_public(&e.signer, &of->public);
	mem_grow(&to->list, &to->cap, to->n + 1, sizeof(*to->list));
	to->list[to->n++] = e;
}

/* Puts the certificates of the keys before them. */
static void
add_certificates(struct keyring *k, const struct keyring_files *files)
{
	struct keyring all = {0};

	for (size_t i = 0; i < k->n; i++) {
		char *beside = mem_printf("%s-cert.pub", k->list[i].path);

		for (size_t c = 0; c < files->n_certificates; c++)
			add_certificate(
			    &all, files->certificates[c], true, &k->list[i]);
		add_certificate(&all, beside, k->list[i].chosen, &k->list[i]);
		free(beside);
	}
	mem_grow(&all.list, &all.cap, all.n + k->n + 1, sizeof(*all.list));
	for (size_t i = 0; i < k->n; i++)
		all.list[all.n++] = k->list[i];
	free(k->list);
	*k = all;
}

struct keyring *
keyring_load(const struct keyring_files *files, struct muster_error *err)
{
	struct keyring *k = mem_new(sizeof(*k));
	struct muster_error why;

	for (size_t i = 0; i < files->n_required; i++)
		if (add(k, files->required[i], true, files->has_agent, err) !=
		    0) {
			keyring_free(k);
			return NULL;
		}
	for (size_t i = 0; i < files->n_wished; i++)
		if (add(k, files->wished[i], !files->wished_are_defaults,
			files->has_agent, &why) != 0)
			TRACE("auth", "%s", why.text);
	add_certificates(k, files);
	return k;
}

void
keyring_free(struct keyring *k)
{
	if (k == NULL)
		return;
	for (size_t i = 0; i < k->n; i++) {
		free(k->list[i].path);
		key_public_clear(&k->list[i].public);
		key_public_clear(&k->list[i].signer);
		key_free(k->list[i].key);
	}
	free(k->list);
	free(k);
}

size_t
keyring_n(const struct keyring *k)
{
	return k->n;
}

const struct keyring_entry *
keyring_at(const struct keyring *k, size_t i)
{
	return &k->list[i];
}
