/*
 * key.c -- private keys that sign.
 *
 * Room: engine/crypto.  May touch: base/, crypto/, OpenSSL.
 * Nothing in a struct key changes after key_new() but the count of users,
 * and OpenSSL lets many threads sign with one EVP_PKEY.
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "crypto/digest.h"
#include "crypto/key.h"
#include "crypto/keyinside.h"
#include "crypto/pkey.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define BLOB_MAX 4096      /* bytes; RSA of 16384 bits is half of it */
#define SIGNATURE_MAX 2048 /* bytes; the same */

struct key {
	atomic_uint users;
	EVP_PKEY *pkey;   /* owned */
	const char *type; /* static */
	char *comment;    /* owned */
	uint8_t *blob;    /* owned */
	size_t len;
	char fingerprint[DIGEST_FINGERPRINT_BYTES];
};

struct algorithm {
	const char *name; /* in a signature */
	const char *type; /* of the keys that can do it */
	const char *hash; /* for OpenSSL; NULL: the algorithm's own */
};

/* clang-format off */
static const struct algorithm algorithms[] = {
	{ "ssh-ed25519", "ssh-ed25519", NULL },
	{ "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", "SHA256" },
	{ "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384", "SHA384" },
	{ "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521", "SHA512" },
	{ "rsa-sha2-512", "ssh-rsa", "SHA512" },
	{ "rsa-sha2-256", "ssh-rsa", "SHA256" },
	{ "ssh-rsa", "ssh-rsa", "SHA1" },
};
/* clang-format on */

/* The algorithm of that name, or of a certificate's, for keys of `type`. */
static const struct algorithm *
find_algorithm(const char *name, const char *type)
{
	static const char tail[] = "-cert-v01@openssh.com";

	for (size_t i = 0; i < sizeof(algorithms) / sizeof(*algorithms); i++) {
		const struct algorithm *a = &algorithms[i];
		size_t len = strlen(a->name);

		if (strcmp(a->type, type) == 0 &&
		    strncmp(a->name, name, len) == 0 &&
		    (name[len] == '\0' || strcmp(name + len, tail) == 0))
			return a;
	}
	return NULL;
}

/* ---- signing ---- */

/* OpenSSL's ECDSA signatures are DER, those of SSH two mpints. */
static bool
add_ecdsa(struct buf *out, const uint8_t *der, size_t len)
{
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &der, (long)len);
	struct buf both;
	bool ok;

	if (sig == NULL)
		return false;
	buf_init(&both, SIGNATURE_MAX);
	ok = pkey_add_number(&both, ECDSA_SIG_get0_r(sig)) &&
	     pkey_add_number(&both, ECDSA_SIG_get0_s(sig)) &&
	     buf_add(out, buf_data(&both), both.len);
	buf_clear(&both);
	ECDSA_SIG_free(sig);
	return ok;
}

/* Signs as OpenSSL does; *len is the room in `sig`, then the length. */
static bool
sign_raw(const struct key *k, const char *hash, const struct buf *data,
    uint8_t *sig, size_t *len)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok = ctx != NULL &&
		  EVP_DigestSignInit_ex(
		      ctx, NULL, hash, NULL, NULL, k->pkey, NULL) == 1 &&
		  EVP_DigestSign(ctx, sig, len, buf_data(data), data->len) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

int
key_sign(const struct key *k, const char *algorithm, const void *data,
    size_t len, struct buf *out, struct muster_error *err)
{
	const struct algorithm *a = find_algorithm(algorithm, k->type);
	const struct buf text = {.mem = (uint8_t *)(uintptr_t)data, .len = len};
	uint8_t sig[SIGNATURE_MAX];
	size_t sig_len = sizeof(sig);
	bool ok;

	if (a == NULL)
		return err_set(err, MUSTER_ERR_KEY,
		    "a key of type %s does not sign for '%s'", k->type,
		    algorithm);
	if (!sign_raw(k, a->hash, &text, sig, &sig_len)) {
		ERR_clear_error();
		return err_set(err, MUSTER_ERR_SYSTEM,
		    "signing with the key '%s' failed", k->fingerprint);
	}
	if (strncmp(k->type, "ecdsa-", 6) == 0)
		ok = add_ecdsa(out, sig, sig_len);
	else
		ok = buf_add(out, sig, sig_len);
	if (!ok)
		return err_set(
		    err, MUSTER_ERR_LIMIT, "no room for a signature");
	return 0;
}

int
key_sign_wire(const struct key *k, const char *algorithm, const void *data,
    size_t len, struct buf *out, struct muster_error *err)
{
	const struct algorithm *a = find_algorithm(algorithm, k->type);
	struct buf inner, whole;
	int rc;

	buf_init(&inner, SIGNATURE_MAX);
	buf_init(&whole, SIGNATURE_MAX + KEY_TYPE_BYTES);
	rc = key_sign(k, algorithm, data, len, &inner, err);
	if (rc == 0 &&
	    (!buf_add_cstring(&whole, a->name) ||
		!buf_add_string(&whole, buf_data(&inner), inner.len) ||
		!buf_add(out, buf_data(&whole), whole.len)))
		rc = err_set(err, MUSTER_ERR_LIMIT, "no room for a signature");
	buf_clear(&inner);
	buf_clear(&whole);
	return rc;
}

/* ---- life ---- */

/* Whether the private half belongs to the public one. */
static bool
fits_itself(const struct key *k)
{
	static const char probe[] = "a key that fits its lock";
	const struct buf text = {
	    .mem = (uint8_t *)(uintptr_t)probe, .len = sizeof(probe)};
	const char *hash =
	    strcmp(k->type, "ssh-ed25519") == 0 ? NULL : "SHA512";
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t sig[SIGNATURE_MAX];
	size_t len = sizeof(sig);
	bool ok = ctx != NULL && sign_raw(k, hash, &text, sig, &len) &&
		  EVP_DigestVerifyInit_ex(
		      ctx, NULL, hash, NULL, NULL, k->pkey, NULL) == 1 &&
		  EVP_DigestVerify(ctx, sig, len, text.mem, text.len) == 1;

	EVP_MD_CTX_free(ctx);
	return ok;
}

struct key *
key_new(EVP_PKEY *pkey, const char *comment, struct muster_error *err)
{
	struct key *k = mem_new(sizeof(*k));
	struct buf blob;
	int rc;

	atomic_init(&k->users, 1);
	k->pkey = pkey;
	k->comment = mem_strdup(comment);
	buf_init(&blob, BLOB_MAX);
	rc = pkey_add_blob(pkey, &blob, err);
	if (rc == 0) {
		k->type = pkey_type(pkey);
		k->len = blob.len;
		k->blob = mem_dup(buf_data(&blob), blob.len);
		digest_fingerprint(k->blob, k->len, k->fingerprint);
		if (!fits_itself(k))
			rc = err_set(err, MUSTER_ERR_KEY,
			    "a damaged private key: it does not fit its "
			    "public half");
	}
	buf_clear(&blob);
	ERR_clear_error();
	if (rc == 0)
		return k;
	key_free(k);
	return NULL;
}

struct key *
key_ref(struct key *k)
{
	unsigned before = atomic_fetch_add(&k->users, 1);

	assert(before > 0);
	return k;
}

void
key_free(struct key *k)
{
	if (k == NULL || atomic_fetch_sub(&k->users, 1) > 1)
		return;
	free(k->blob);
	free(k->comment);
	EVP_PKEY_free(k->pkey);
	free(k);
}

/* ---- questions ---- */

const char *
key_type(const struct key *k)
{
	return k->type;
}

const uint8_t *
key_blob(const struct key *k, size_t *len)
{
	*len = k->len;
	return k->blob;
}

const char *
key_comment(const struct key *k)
{
	return k->comment;
}

const char *
key_fingerprint(const struct key *k)
{
	return k->fingerprint;
}

bool
key_can(const struct key *k, const char *algorithm)
{
	return find_algorithm(algorithm, k->type) != NULL;
}
