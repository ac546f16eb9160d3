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
#include "ssh/safe.h"

#include <stdlib.h>
#include <string.h>

struct keyring {
	struct keyring_entry *list; /* owned */
	size_t n, cap;
	struct muster_error locked_out; /* the first; code 0: none */
};

/* Without a passphrase: the public half, for an agent to match and servers to
 * be asked about, and a safe for the private one if it can be opened. */
static int
keep_locked(struct keyring_entry *e, const char *path,
    const struct keyring_files *files, struct muster_error *err)
{
	struct muster_error unused;
	enum key_found found;
	bool has_public = key_probe(path, &e->public, &found, &unused) == 0 &&
			  e->public.blob != NULL;

	if (files->can_ask)
		e->safe = safe_new(path);
	else if (!files->has_agent)
		return err_set(err, MUSTER_ERR_PASSPHRASE,
		    "'%s' wants a passphrase: add it to ssh-agent, or --ask",
		    path);
	else if (!has_public)
		return err_set(err, MUSTER_ERR_PASSPHRASE,
		    "'%s' wants a passphrase and has no .pub file beside it: "
		    "add one for ssh-agent, or --ask",
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

static void
set_public(struct keyring_entry *e)
{
	size_t len;
	const uint8_t *blob = key_blob(e->key, &len);

	e->public.blob = mem_dup(blob, len);
	e->public.len = len;
	e->public.comment = mem_strdup(key_comment(e->key));
	(void)key_blob_type(blob, len, e->public.type);
}

/* Reads what there is of a file. */
static int
read_entry(struct keyring_entry *e, const char *path,
    const struct keyring_files *files, struct muster_error *err)
{
	struct muster_error why = {0};

	e->key = key_read(path, NULL, &why);
	if (e->key != NULL) {
		set_public(e);
		return 0;
	}
	if (why.code == MUSTER_ERR_PASSPHRASE)
		return keep_locked(e, path, files, err);
	if (files->has_agent && is_public(e, path))
		return 0;
	*err = why;
	return -1;
}

static int
add(struct keyring *k, const char *path, bool chosen,
    const struct keyring_files *files, struct muster_error *err)
{
	struct keyring_entry e = {.chosen = chosen};

	if (read_entry(&e, path, files, err) != 0) {
		key_public_clear(&e.public);
		TRACE("auth", "%s", err->text);
		if ((chosen || err->code == MUSTER_ERR_PASSPHRASE) &&
		    k->locked_out.code == 0)
			k->locked_out = *err;
		return -1;
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
	if (of->public.blob == NULL ||
	    !key_certifies(&e.public, of->public.blob, of->public.len) ||
	    is_listed(to, &e.public)) {
		key_public_clear(&e.public);
		return;
	}
	e.key = of->key == NULL ? NULL : key_ref(of->key);
	e.safe = of->safe == NULL ? NULL : safe_ref(of->safe);
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
	all.locked_out = k->locked_out;
	free(k->list);
	*k = all;
}

/* Those named for this run are to be of use, but for those behind a
 * passphrase when another one is. */
static int
add_required(struct keyring *k, const struct keyring_files *files,
    struct muster_error *err)
{
	struct muster_error why = {0};

	for (size_t i = 0; i < files->n_required; i++)
		if (add(k, files->required[i], true, files, &why) != 0 &&
		    why.code != MUSTER_ERR_PASSPHRASE) {
			*err = why;
			return -1;
		}
	if (k->n > 0 || files->n_required == 0)
		return 0;
	*err = k->locked_out;
	return -1;
}

struct keyring *
keyring_load(const struct keyring_files *files, struct muster_error *err)
{
	struct keyring *k = mem_new(sizeof(*k));
	struct muster_error why = {0};

	if (add_required(k, files, err) != 0) {
		keyring_free(k);
		return NULL;
	}
	for (size_t i = 0; i < files->n_wished; i++)
		(void)add(k, files->wished[i], !files->wished_are_defaults,
		    files, &why);
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
		safe_free(k->list[i].safe);
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

const char *
keyring_locked_out(const struct keyring *k)
{
	return k->locked_out.code != 0 ? k->locked_out.text : NULL;
}
