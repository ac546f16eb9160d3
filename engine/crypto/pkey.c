/*
 * pkey.c -- OpenSSL's keys from numbers, and their public blobs.
 *
 * Room: engine/crypto.  May touch: base/, OpenSSL.
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "crypto/pkey.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <string.h>

#define ED25519_BYTES 32
#define COORDINATE_MAX 66 /* bytes of a P-521 coordinate */
#define RSA_BITS_MIN 1024 /* as OpenSSH */
#define RSA_BITS_MAX 16384

struct curve {
	const char *type;  /* of the key */
	const char *name;  /* in a blob, RFC 5656 s. 10.1 */
	const char *group; /* for OpenSSL */
	size_t bytes;      /* of a coordinate */
};

/* clang-format off */
static const struct curve curves[] = {
	{ "ecdsa-sha2-nistp256", "nistp256", "prime256v1", 32 },
	{ "ecdsa-sha2-nistp384", "nistp384", "secp384r1", 48 },
	{ "ecdsa-sha2-nistp521", "nistp521", "secp521r1", 66 },
};
/* clang-format on */

#define N_CURVES (sizeof(curves) / sizeof(curves[0]))

static const struct curve *
curve_of_type(const char *type)
{
	for (size_t i = 0; i < N_CURVES; i++)
		if (strcmp(curves[i].type, type) == 0)
			return &curves[i];
	return NULL;
}

static const struct curve *
curve_of_pkey(const EVP_PKEY *pkey)
{
	char group[32];

	if (EVP_PKEY_get_utf8_string_param(pkey, OSSL_PKEY_PARAM_GROUP_NAME,
		group, sizeof(group), NULL) != 1)
		return NULL;
	for (size_t i = 0; i < N_CURVES; i++)
		if (strcmp(curves[i].group, group) == 0)
			return &curves[i];
	return NULL;
}

const char *
pkey_type(const EVP_PKEY *pkey)
{
	const struct curve *curve;

	switch (EVP_PKEY_get_base_id(pkey)) {
	case EVP_PKEY_ED25519:
		return "ssh-ed25519";
	case EVP_PKEY_RSA:
		return "ssh-rsa";
	case EVP_PKEY_EC:
		curve = curve_of_pkey(pkey);
		return curve == NULL ? NULL : curve->type;
	default:
		return NULL;
	}
}

/* ---- to a blob ---- */

bool
pkey_add_number(struct buf *out, const BIGNUM *n)
{
	uint8_t bytes[1 + RSA_BITS_MAX / 8] = {0};
	size_t len = (size_t)BN_num_bytes(n), skip;

	if (len > RSA_BITS_MAX / 8)
		return false;
	BN_bn2bin(n, bytes + 1);
	/* A byte of zero keeps the number from being negative. */
	skip = len > 0 && bytes[1] & 0x80 ? 0 : 1;
	return buf_add_string(out, bytes + skip, len + 1 - skip);
}

/* Adds the number that OpenSSL calls `param`. */
static bool
add_param(const EVP_PKEY *pkey, const char *param, struct buf *out)
{
	BIGNUM *n = NULL;
	bool ok = EVP_PKEY_get_bn_param(pkey, param, &n) == 1 &&
		  pkey_add_number(out, n);

	BN_free(n);
	return ok;
}

static bool
add_ed25519(const EVP_PKEY *pkey, struct buf *out)
{
	uint8_t point[ED25519_BYTES];
	size_t len = sizeof(point);

	return EVP_PKEY_get_raw_public_key(pkey, point, &len) == 1 &&
	       buf_add_string(out, point, len);
}

/* Writes a coordinate with its leading zeros. */
static bool
get_coordinate(
    const EVP_PKEY *pkey, const char *param, uint8_t *out, size_t len)
{
	BIGNUM *n = NULL;
	bool ok = EVP_PKEY_get_bn_param(pkey, param, &n) == 1 &&
		  BN_bn2binpad(n, out, (int)len) == (int)len;

	BN_free(n);
	return ok;
}

static bool
add_ecdsa(const EVP_PKEY *pkey, struct buf *out)
{
	const struct curve *curve = curve_of_pkey(pkey);
	uint8_t point[1 + 2 * COORDINATE_MAX] = {4}; /* uncompressed */

	return curve != NULL &&
	       get_coordinate(
		   pkey, OSSL_PKEY_PARAM_EC_PUB_X, point + 1, curve->bytes) &&
	       get_coordinate(pkey, OSSL_PKEY_PARAM_EC_PUB_Y,
		   point + 1 + curve->bytes, curve->bytes) &&
	       buf_add_cstring(out, curve->name) &&
	       buf_add_string(out, point, 1 + 2 * curve->bytes);
}

static bool
add_rsa(const EVP_PKEY *pkey, struct buf *out)
{
	return add_param(pkey, OSSL_PKEY_PARAM_RSA_E, out) &&
	       add_param(pkey, OSSL_PKEY_PARAM_RSA_N, out);
}

int
pkey_add_blob(const EVP_PKEY *pkey, struct buf *out, struct muster_error *err)
{
	const char *type = pkey_type(pkey);
	int bits = EVP_PKEY_get_bits(pkey);
	bool ok;

	if (type == NULL)
		return err_set(
		    err, MUSTER_ERR_KEY, "a type of key that is not used");
	if (strcmp(type, "ssh-rsa") == 0 &&
	    (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX))
		return err_set(err, MUSTER_ERR_KEY,
		    "an RSA key of %d bits: %d to %d are used", bits,
		    RSA_BITS_MIN, RSA_BITS_MAX);
	ok = buf_add_cstring(out, type);
	if (strcmp(type, "ssh-ed25519") == 0)
		ok = ok && add_ed25519(pkey, out);
	else if (strcmp(type, "ssh-rsa") == 0)
		ok = ok && add_rsa(pkey, out);
	else
		ok = ok && add_ecdsa(pkey, out);
	if (!ok)
		return err_set(err, MUSTER_ERR_KEY, "a damaged private key");
	return 0;
}

/* ---- from numbers ---- */

/* Reads an mpint that is not negative. NULL: damaged. */
static BIGNUM *
read_number(struct rd *r)
{
	const uint8_t *bytes;
	size_t len;

	if (!rd_string(r, &bytes, &len) || len > 1 + RSA_BITS_MAX / 8 ||
	    (len > 0 && bytes[0] & 0x80))
		return NULL;
	return BN_bin2bn(bytes, (int)len, NULL);
}

/* Makes a key of what has been collected; frees `params`. */
static EVP_PKEY *
build(const char *family, OSSL_PARAM *params)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, family, NULL);
	EVP_PKEY *pkey = NULL;

	if (ctx == NULL || params == NULL || EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params) != 1)
		pkey = NULL;
	OSSL_PARAM_free(params);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static EVP_PKEY *
read_ed25519(struct rd *r)
{
	const uint8_t *public, *both;
	size_t public_len, len;

	if (!rd_string(r, &public, &public_len) || !rd_string(r, &both, &len))
		return NULL;
	/* The seed and the public key once more. */
	if (public_len != ED25519_BYTES || len != 2 * ED25519_BYTES ||
	    memcmp(both + ED25519_BYTES, public, ED25519_BYTES) != 0)
		return NULL;
	return EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_ED25519, NULL, both, ED25519_BYTES);
}

static EVP_PKEY *
read_ecdsa(const struct curve *curve, struct rd *r)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	BIGNUM *secret = NULL;
	const uint8_t *point;
	char name[16];
	size_t len;

	if (bld != NULL && rd_cstring(r, name, sizeof(name)) &&
	    strcmp(name, curve->name) == 0 && rd_string(r, &point, &len) &&
	    len == 1 + 2 * curve->bytes && (secret = read_number(r)) != NULL &&
	    OSSL_PARAM_BLD_push_utf8_string(
		bld, OSSL_PKEY_PARAM_GROUP_NAME, curve->group, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(
		bld, OSSL_PKEY_PARAM_PUB_KEY, point, len) == 1 &&
	    OSSL_PARAM_BLD_push_BN_pad(
		bld, OSSL_PKEY_PARAM_PRIV_KEY, secret, curve->bytes) == 1)
		params = OSSL_PARAM_BLD_to_param(bld);
	OSSL_PARAM_BLD_free(bld);
	BN_clear_free(secret);
	return params == NULL ? NULL : build("EC", params);
}

/* The numbers of an RSA key in the order of the file, then two that are
 * computed: d mod (p - 1) and d mod (q - 1). */
enum { N, E, D, IQMP, P, Q, DMP1, DMQ1, N_NUMBERS };

static const char *const rsa_params[N_NUMBERS] = {
    [N] = OSSL_PKEY_PARAM_RSA_N,
    [E] = OSSL_PKEY_PARAM_RSA_E,
    [D] = OSSL_PKEY_PARAM_RSA_D,
    [IQMP] = OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
    [P] = OSSL_PKEY_PARAM_RSA_FACTOR1,
    [Q] = OSSL_PKEY_PARAM_RSA_FACTOR2,
    [DMP1] = OSSL_PKEY_PARAM_RSA_EXPONENT1,
    [DMQ1] = OSSL_PKEY_PARAM_RSA_EXPONENT2,
};

/* Returns d mod (prime - 1), or NULL. */
static BIGNUM *
reduce(const BIGNUM *d, const BIGNUM *prime, BN_CTX *ctx)
{
	BIGNUM *less = BN_dup(prime), *exponent = BN_new();
	bool ok = less != NULL && exponent != NULL &&
		  BN_sub_word(less, 1) == 1 && !BN_is_zero(less) &&
		  BN_mod(exponent, d, less, ctx) == 1;

	BN_clear_free(less);
	if (ok)
		return exponent;
	BN_clear_free(exponent);
	return NULL;
}

static bool
read_rsa_numbers(struct rd *r, BIGNUM *number[N_NUMBERS])
{
	BN_CTX *ctx = BN_CTX_new();
	bool ok = ctx != NULL;

	for (size_t i = N; ok && i <= Q; i++) {
		number[i] = read_number(r);
		ok = number[i] != NULL && !BN_is_zero(number[i]);
	}
	if (ok) {
		number[DMP1] = reduce(number[D], number[P], ctx);
		number[DMQ1] = reduce(number[D], number[Q], ctx);
		ok = number[DMP1] != NULL && number[DMQ1] != NULL;
	}
	BN_CTX_free(ctx);
	return ok;
}

static EVP_PKEY *
read_rsa(struct rd *r)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	BIGNUM *number[N_NUMBERS] = {NULL};
	OSSL_PARAM *params = NULL;
	bool ok = bld != NULL && read_rsa_numbers(r, number);

	for (size_t i = 0; ok && i < N_NUMBERS; i++)
		ok = OSSL_PARAM_BLD_push_BN(bld, rsa_params[i], number[i]) == 1;
	if (ok)
		params = OSSL_PARAM_BLD_to_param(bld);
	for (size_t i = 0; i < N_NUMBERS; i++)
		BN_clear_free(number[i]);
	OSSL_PARAM_BLD_free(bld);
	return params == NULL ? NULL : build("RSA", params);
}

EVP_PKEY *
pkey_read(const char *type, struct rd *r, struct muster_error *err)
{
	const struct curve *curve = curve_of_type(type);
	EVP_PKEY *pkey;

	if (strcmp(type, "ssh-ed25519") == 0)
		pkey = read_ed25519(r);
	else if (strcmp(type, "ssh-rsa") == 0)
		pkey = read_rsa(r);
	else if (curve != NULL)
		pkey = read_ecdsa(curve, r);
	else if (strncmp(type, "sk-", 3) == 0)
		return err_null(err, MUSTER_ERR_KEY,
		    "a key of a security token: add it to ssh-agent");
	else
		return err_null(err, MUSTER_ERR_KEY,
		    "a type of key that is not used: '%s'", type);
	if (pkey == NULL)
		err_set(err, MUSTER_ERR_KEY, "a damaged private key");
	return pkey;
}
