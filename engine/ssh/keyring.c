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

static int
add(struct keyring *k, const char *path, bool chosen, bool has_agent,
    struct muster_error *err)
{
	struct keyring_entry e = {.chosen = chosen};
	struct muster_error why;
	size_t len;

	e.key = key_read(path, NULL, &why);
	if (e.key == NULL && why.code != MUSTER_ERR_PASSPHRASE) {
		if (err != NULL)
			*err = why;
		return -1;
	}
	if (e.key == NULL && keep_public(&e, path, has_agent, err) != 0)
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
