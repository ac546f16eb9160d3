/*
 * key.c -- host keys: made, put in a blob, and signing.
 *
 * Room: tests/fleetsim.  May touch: base/, crypto.h, <openssl/...>.
 * Formats: RFC 4253 s. 6.6 (RSA), RFC 5656 s. 3 (ECDSA), RFC 8709 (Ed25519),
 * RFC 8332 (RSA with SHA-2).
 */
#include "config.h"

#include "key.h"
#include "base/mem.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>

#include <stdlib.h>
#include <string.h>

#define BLOB_MAX 2048

/* clang-format off */
static const struct {
	const char *word;
	const char *name;
	const char *algorithms;
} types[N_KEY_TYPES] = {
	[KEY_ED25519] = { "ed25519", "ssh-ed25519", "ssh-ed25519" },
	[KEY_ECDSA]   = { "ecdsa", "ecdsa-sha2-nistp256",
	                  "ecdsa-sha2-nistp256" },
	[KEY_RSA]     = { "rsa", "ssh-rsa", "rsa-sha2-512,rsa-sha2-256" },
};
/* clang-format on */

bool
sim_key_type(const char *word, size_t len, enum key_type *type)
{
	for (size_t i = 0; i < N_KEY_TYPES; i++) {
		if (strlen(types[i].word) == len &&
		    memcmp(types[i].word, word, len) == 0) {
			*type = (enum key_type)i;
			return true;
		}
	}
	return false;
}

const char *
sim_key_name(enum key_type type)
{
	return types[type].name;
}

const char *
sim_key_algorithms(enum key_type type)
{
	return types[type].algorithms;
}

static bool
add_bignum(struct buf *b, const BIGNUM *n)
{
	uint8_t bytes[1024];
	int len = BN_num_bytes(n);

	return len <= (int)sizeof(bytes) && BN_bn2bin(n, bytes) == len &&
	       sim_add_mpint(b, bytes, (size_t)len);
}

static bool
add_param(struct buf *b, const EVP_PKEY *pkey, const char *param)
{
	BIGNUM *n = NULL;
	bool ok;

	ok = EVP_PKEY_get_bn_param(pkey, param, &n) == 1 && add_bignum(b, n);
	BN_free(n);
	return ok;
}

static bool
add_blob(struct buf *b, enum key_type type, EVP_PKEY *pkey)
{
	uint8_t raw[256];
	size_t len = sizeof(raw);

	buf_add_cstring(b, types[type].name);
	switch (type) {
	case KEY_ED25519:
		return EVP_PKEY_get_raw_public_key(pkey, raw, &len) == 1 &&
		       buf_add_string(b, raw, len);
	case KEY_ECDSA:
		return EVP_PKEY_get_octet_string_param(pkey,
			   OSSL_PKEY_PARAM_PUB_KEY, raw, sizeof(raw), &len) &&
		       buf_add_cstring(b, "nistp256") &&
		       buf_add_string(b, raw, len);
	case KEY_RSA:
		return add_param(b, pkey, OSSL_PKEY_PARAM_RSA_E) &&
		       add_param(b, pkey, OSSL_PKEY_PARAM_RSA_N);
	case N_KEY_TYPES:
		break;
	}
	return false;
}

static EVP_PKEY *
make_pair(enum key_type type)
{
	switch (type) {
	case KEY_ED25519:
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	case KEY_ECDSA:
		return EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
	case KEY_RSA:
		return EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048);
	case N_KEY_TYPES:
		break;
	}
	return NULL;
}

struct host_key *
sim_key_new(enum key_type type)
{
	struct host_key *key = mem_new(sizeof(*key));
	struct buf b;

	buf_init(&b, BLOB_MAX);
	key->type = type;
	key->pkey = make_pair(type);
	if (key->pkey == NULL || !add_blob(&b, type, key->pkey)) {
		buf_clear(&b);
		sim_key_free(key);
		return NULL;
	}
	key->len = b.len;
	key->blob = mem_dup(buf_data(&b), b.len);
	buf_clear(&b);
	return key;
}

void
sim_key_free(struct host_key *key)
{
	if (key == NULL)
		return;
	EVP_PKEY_free(key->pkey);
	free(key->blob);
	free(key);
}

struct host_key *
sim_key_dup(const struct host_key *key)
{
	struct host_key *dup = mem_dup(key, sizeof(*key));

	(void)EVP_PKEY_up_ref(key->pkey);
	dup->blob = mem_dup(key->blob, key->len);
	return dup;
}

/* r and s out of OpenSSL's DER, as RFC 5656 s. 3.1.2 wants them. */
static bool
add_ecdsa(struct buf *out, const uint8_t *der, size_t len)
{
	const unsigned char *p = der;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &p, (long)len);
	struct buf b;
	bool ok;

	buf_init(&b, BLOB_MAX);
	ok = sig != NULL && add_bignum(&b, ECDSA_SIG_get0_r(sig)) &&
	     add_bignum(&b, ECDSA_SIG_get0_s(sig)) &&
	     buf_add_string(out, buf_data(&b), b.len);
	buf_clear(&b);
	ECDSA_SIG_free(sig);
	return ok;
}

bool
sim_key_sign(const struct host_key *key, const char *algorithm,
    const uint8_t *data, size_t len, struct buf *out)
{
	const char *md = "SHA256";
	uint8_t raw[1024];
	size_t n = sizeof(raw);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool ok;

	if (key->type == KEY_ED25519)
		md = NULL;
	else if (strcmp(algorithm, "rsa-sha2-512") == 0)
		md = "SHA512";
	ok = ctx != NULL &&
	     EVP_DigestSignInit_ex(
		 ctx, NULL, md, NULL, NULL, key->pkey, NULL) == 1 &&
	     EVP_DigestSign(ctx, raw, &n, data, len) == 1 &&
	     buf_add_cstring(out, algorithm);
	EVP_MD_CTX_free(ctx);
	if (!ok)
		return false;
	return key->type == KEY_ECDSA ? add_ecdsa(out, raw, n)
				      : buf_add_string(out, raw, n);
}
