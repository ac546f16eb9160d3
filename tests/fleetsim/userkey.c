/*
 * userkey.c -- a user's public key, and whether a signature is its own.
 *
 * Room: tests/fleetsim.  May touch: base/, crypto.h, <openssl/...>.
 */
#include "config.h"

#include "key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/param_build.h>

#include <string.h>

static bool
is_rsa(const uint8_t *name, size_t len)
{
	return (len == 7 && memcmp(name, "ssh-rsa", 7) == 0) ||
	       (len == 12 && memcmp(name, "rsa-sha2-", 9) == 0);
}

static bool
is_word(const uint8_t *data, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(data, word, len) == 0;
}

bool
sim_key_normal(const uint8_t *blob, size_t len, struct buf *out)
{
	const uint8_t *name;
	size_t n;
	struct rd r;

	rd_init(&r, blob, len);
	if (!rd_string(&r, &name, &n))
		return false;
	if (is_rsa(name, n))
		return buf_add_cstring(out, "ssh-rsa") &&
		       buf_add(out, r.p, r.len);
	return (is_word(name, n, "ssh-ed25519") ||
		   is_word(name, n, "ecdsa-sha2-nistp256")) &&
	       buf_add(out, blob, len);
}

static EVP_PKEY *
make_public(const char *type, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
	EVP_PKEY *pkey = NULL;

	if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
		pkey = NULL;
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static EVP_PKEY *
read_rsa(struct rd *r)
{
	const uint8_t *e, *n;
	size_t e_len, n_len;
	OSSL_PARAM_BLD *bld;
	OSSL_PARAM *params = NULL;
	BIGNUM *bn_e, *bn_n;
	EVP_PKEY *pkey = NULL;

	if (!rd_string(r, &e, &e_len) || !rd_string(r, &n, &n_len) ||
	    e_len > 1024 || n_len > 4096)
		return NULL;
	bn_e = BN_bin2bn(e, (int)e_len, NULL);
	bn_n = BN_bin2bn(n, (int)n_len, NULL);
	bld = OSSL_PARAM_BLD_new();
	if (bld != NULL && bn_e != NULL && bn_n != NULL &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, bn_n) == 1 &&
	    OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, bn_e) == 1)
		params = OSSL_PARAM_BLD_to_param(bld);
	if (params != NULL)
		pkey = make_public("RSA", params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_free(bn_e);
	BN_free(bn_n);
	return pkey;
}

static EVP_PKEY *
read_ecdsa(struct rd *r)
{
	char group[] = "P-256";
	const uint8_t *curve, *point;
	size_t curve_len, len;
	OSSL_PARAM params[3];

	if (!rd_string(r, &curve, &curve_len) || !rd_string(r, &point, &len) ||
	    !is_word(curve, curve_len, "nistp256"))
		return NULL;
	params[0] = OSSL_PARAM_construct_utf8_string(
	    OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
	params[1] = OSSL_PARAM_construct_octet_string(
	    OSSL_PKEY_PARAM_PUB_KEY, (void *)(uintptr_t)point, len);
	params[2] = OSSL_PARAM_construct_end();
	return make_public("EC", params);
}

static EVP_PKEY *
read_key(struct rd *r, enum key_type *type)
{
	const uint8_t *name, *raw;
	size_t len;

	if (!rd_string(r, &name, &len))
		return NULL;
	if (is_rsa(name, len)) {
		*type = KEY_RSA;
		return read_rsa(r);
	}
	if (is_word(name, len, "ecdsa-sha2-nistp256")) {
		*type = KEY_ECDSA;
		return read_ecdsa(r);
	}
	*type = KEY_ED25519;
	if (!is_word(name, len, "ssh-ed25519") || !rd_string(r, &raw, &len))
		return NULL;
	return EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, raw, len);
}

/* r and s to DER. Returns its length, 0 for what is no signature. */
static size_t
read_ecdsa_sig(const uint8_t *raw, size_t len, uint8_t *der, size_t size)
{
	const uint8_t *r_bytes, *s_bytes;
	size_t r_len, s_len;
	ECDSA_SIG *sig = ECDSA_SIG_new();
	unsigned char *p = der;
	struct rd r;
	int n = 0;

	rd_init(&r, raw, len);
	if (sig != NULL && rd_string(&r, &r_bytes, &r_len) &&
	    rd_string(&r, &s_bytes, &s_len) && r_len <= 33 && s_len <= 33 &&
	    ECDSA_SIG_set0(sig, BN_bin2bn(r_bytes, (int)r_len, NULL),
		BN_bin2bn(s_bytes, (int)s_len, NULL)) == 1 &&
	    i2d_ECDSA_SIG(sig, NULL) <= (int)size)
		n = i2d_ECDSA_SIG(sig, &p);
	ECDSA_SIG_free(sig);
	return n > 0 ? (size_t)n : 0;
}

/* The digest for the algorithm; *ok says whether it fits the key at all. */
static const char *
sig_digest(enum key_type type, const char *algorithm, bool *ok)
{
	*ok = true;
	if (type == KEY_RSA && strcmp(algorithm, "rsa-sha2-512") == 0)
		return "SHA512";
	if (type == KEY_RSA && strcmp(algorithm, "rsa-sha2-256") == 0)
		return "SHA256";
	*ok = type != KEY_RSA && strcmp(algorithm, sim_key_name(type)) == 0;
	return type == KEY_ECDSA ? "SHA256" : NULL;
}

bool
sim_key_verify(struct rd blob, const char *algorithm, struct rd sig,
    const uint8_t *data, size_t len)
{
	const uint8_t *name, *raw;
	size_t name_len, raw_len;
	enum key_type type;
	uint8_t der[128];
	const char *md;
	EVP_MD_CTX *ctx;
	EVP_PKEY *pkey;
	bool ok;

	if (!rd_string(&sig, &name, &name_len) ||
	    !rd_string(&sig, &raw, &raw_len) ||
	    !is_word(name, name_len, algorithm))
		return false;
	pkey = read_key(&blob, &type);
	if (pkey == NULL)
		return false;
	md = sig_digest(type, algorithm, &ok);
	if (type == KEY_ECDSA) {
		raw_len = read_ecdsa_sig(raw, raw_len, der, sizeof(der));
		raw = der;
	}
	ctx = EVP_MD_CTX_new();
	ok = ok && ctx != NULL &&
	     EVP_DigestVerifyInit_ex(ctx, NULL, md, NULL, NULL, pkey, NULL) ==
		 1 &&
	     EVP_DigestVerify(ctx, raw, raw_len, data, len) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return ok;
}
