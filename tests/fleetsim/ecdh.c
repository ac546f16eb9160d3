/*
 * ecdh.c -- our half of an elliptic curve Diffie-Hellman exchange.
 *
 * Room: tests/fleetsim.  May touch: <openssl/...>.
 * RFC 5656 s. 4 (nistp256), RFC 8731 (curve25519).
 */
#include "config.h"

#include "ecdh.h"

#include <openssl/evp.h>

#include <string.h>

const char *
sim_ecdh_group(const char *method, size_t len)
{
	static const struct {
		const char *method;
		const char *group;
	} groups[] = {
	    {"curve25519-sha256", "X25519"},
	    {"curve25519-sha256@libssh.org", "X25519"},
	    {"ecdh-sha2-nistp256", "P-256"},
	};

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		if (strlen(groups[i].method) == len &&
		    memcmp(groups[i].method, method, len) == 0)
			return groups[i].group;
	return NULL;
}

static EVP_PKEY *
read_peer(EVP_PKEY *own, const char *group, const uint8_t *peer, size_t len)
{
	EVP_PKEY *pkey;

	if (strcmp(group, "X25519") == 0)
		return EVP_PKEY_new_raw_public_key_ex(
		    NULL, "X25519", NULL, peer, len);
	pkey = EVP_PKEY_new();
	if (pkey == NULL || EVP_PKEY_copy_parameters(pkey, own) != 1 ||
	    EVP_PKEY_set1_encoded_public_key(pkey, peer, len) != 1) {
		EVP_PKEY_free(pkey);
		return NULL;
	}
	return pkey;
}

static bool
derive_secret(struct ecdh *e, EVP_PKEY *own, EVP_PKEY *peer)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
	bool ok;

	e->secret_len = sizeof(e->secret);
	ok = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
	     EVP_PKEY_derive_set_peer(ctx, peer) == 1 &&
	     EVP_PKEY_derive(ctx, e->secret, &e->secret_len) == 1;
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

bool
sim_ecdh_agree(
    struct ecdh *e, const char *group, const uint8_t *peer, size_t len)
{
	bool x25519 = strcmp(group, "X25519") == 0;
	EVP_PKEY *own, *other = NULL;
	unsigned char *public = NULL;
	bool ok;

	own = x25519 ? EVP_PKEY_Q_keygen(NULL, NULL, "X25519")
		     : EVP_PKEY_Q_keygen(NULL, NULL, "EC", group);
	if (own != NULL)
		other = read_peer(own, group, peer, len);
	e->public_len =
	    own == NULL ? 0 : EVP_PKEY_get1_encoded_public_key(own, &public);
	ok = other != NULL && e->public_len > 0 &&
	     e->public_len <= sizeof(e->public) && derive_secret(e, own, other);
	if (ok)
		memcpy(e->public, public, e->public_len);
	OPENSSL_free(public);
	EVP_PKEY_free(other);
	EVP_PKEY_free(own);
	return ok;
}
