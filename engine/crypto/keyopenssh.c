/*
 * keyopenssh.c -- OpenSSH's own format of private key files.
 *
 * Room: engine/crypto.  May touch: base/, crypto/, OpenSSL.
 * PROTOCOL.key of OpenSSH, in the armour of keyarmour.c:
 *
 *	"openssh-key-v1\0"  string cipher  string kdf
 *	string kdf options: string salt, uint32 rounds
 *	uint32 1            string public blob
 *	string sealed:      uint32 check, the same again, string type, numbers,
 *	                    string comment, padding 1 2 3 ...
 *	tag of the cipher, if it has one
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/secret.h"
#include "crypto/bcrypt.h"
#include "crypto/key.h"
#include "crypto/keycipher.h"
#include "crypto/keyinside.h"
#include "crypto/pkey.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <stdlib.h>
#include <string.h>

static const char magic[] = "openssh-key-v1"; /* with its NUL */

/* A file with its armour off; all is borrowed from it. */
struct sealed {
	const struct keycipher *cipher; /* static */
	const uint8_t *salt;
	size_t salt_len;
	uint32_t rounds;
	const uint8_t *blob;
	size_t blob_len;
	const uint8_t *text; /* what is sealed; the tag is behind it */
	size_t len;
};

/* Reads the options of the kdf, which are none without a cipher. */
static bool
read_kdf(struct rd *r, struct sealed *s)
{
	const uint8_t *options;
	struct rd inner;
	char kdf[32];
	size_t len;

	if (!rd_cstring(r, kdf, sizeof(kdf)) || !rd_string(r, &options, &len))
		return false;
	if (s->cipher->key_len == 0)
		return strcmp(kdf, "none") == 0 && len == 0;
	rd_init(&inner, options, len);
	return strcmp(kdf, "bcrypt") == 0 &&
	       rd_string(&inner, &s->salt, &s->salt_len) &&
	       rd_u32(&inner, &s->rounds) && inner.len == 0;
}

static bool
read_bodies(struct rd *r, struct sealed *s)
{
	const uint8_t *tag;
	uint32_t n_keys;

	return rd_u32(r, &n_keys) && n_keys == 1 &&
	       rd_string(r, &s->blob, &s->blob_len) &&
	       rd_string(r, &s->text, &s->len) && s->len > 0 &&
	       s->len % s->cipher->block == 0 &&
	       rd_bytes(r, &tag, s->cipher->tag) && r->len == 0;
}

/* Takes a file apart, all but what is sealed. */
static int
read_sealed(const struct buf *file, struct sealed *s, struct muster_error *err)
{
	const uint8_t *start;
	char cipher[64];
	struct rd r;

	memset(s, 0, sizeof(*s));
	rd_init(&r, buf_data(file), file->len);
	if (!rd_bytes(&r, &start, sizeof(magic)) ||
	    memcmp(start, magic, sizeof(magic)) != 0 ||
	    !rd_cstring(&r, cipher, sizeof(cipher)))
		return err_set(err, MUSTER_ERR_KEY, "a damaged private key");
	s->cipher = keycipher_find(cipher);
	if (s->cipher == NULL)
		return err_set(err, MUSTER_ERR_KEY,
		    "encrypted with a cipher that is not known");
	if (!read_kdf(&r, s) || !read_bodies(&r, s))
		return err_set(err, MUSTER_ERR_KEY, "a damaged private key");
	if (s->rounds > LIMIT_BCRYPT_ROUNDS)
		return err_set(err, MUSTER_ERR_KEY,
		    "its passphrase takes %u rounds of bcrypt, over %d",
		    s->rounds, LIMIT_BCRYPT_ROUNDS);
	return 0;
}

/* Decrypts the sealed text, and its tag, in `text`. */
static int
open_sealed(const struct sealed *s, const struct secret *passphrase,
    uint8_t *text, struct muster_error *err)
{
	uint8_t keys[KEYCIPHER_SECRET_MAX];
	size_t len = s->cipher->key_len + s->cipher->iv_len;
	struct bcrypt in = {
	    .salt = s->salt, .salt_len = s->salt_len, .rounds = s->rounds};
	bool ok;

	if (len == 0)
		return 0;
	if (passphrase == NULL)
		return err_set(
		    err, MUSTER_ERR_PASSPHRASE, "it wants a passphrase");
	in.pass = secret_data(passphrase);
	in.pass_len = secret_len(passphrase);
	ok = bcrypt_derive(&in, keys, len) &&
	     keycipher_open(s->cipher, keys, text, s->len);
	secret_wipe(keys, sizeof(keys));
	ERR_clear_error();
	if (!ok)
		return err_set(
		    err, MUSTER_ERR_PASSPHRASE, "a wrong passphrase");
	return 0;
}

static bool
is_padding(const struct rd *r)
{
	for (size_t i = 0; i < r->len; i++)
		if (r->p[i] != (uint8_t)(i + 1))
			return false;
	return true;
}

static struct key *
refuse_damaged(struct muster_error *err)
{
	return err_null(err, MUSTER_ERR_KEY, "a damaged private key");
}

/* Makes the key whose numbers come next, with the comment behind them. */
static struct key *
read_key(struct rd *r, struct muster_error *err)
{
	char type[KEY_TYPE_BYTES], *text;
	const uint8_t *comment;
	EVP_PKEY *pkey;
	struct key *k;
	size_t len;

	if (!rd_cstring(r, type, sizeof(type)))
		return refuse_damaged(err);
	pkey = pkey_read(type, r, err);
	if (pkey == NULL)
		return NULL;
	if (!rd_string(r, &comment, &len) || !is_padding(r)) {
		EVP_PKEY_free(pkey);
		return refuse_damaged(err);
	}
	text = mem_strndup((const char *)comment, len);
	k = key_new(pkey, text, err);
	free(text);
	return k;
}

/* Reads what was sealed, now in the clear. */
static struct key *
read_open(const struct sealed *s, const uint8_t *text, struct muster_error *err)
{
	uint32_t check, again;
	const uint8_t *blob;
	struct key *k;
	struct rd r;
	size_t len;

	rd_init(&r, text, s->len);
	if (!rd_u32(&r, &check) || !rd_u32(&r, &again))
		return refuse_damaged(err);
	if (check != again && s->cipher->key_len > 0)
		return err_null(
		    err, MUSTER_ERR_PASSPHRASE, "a wrong passphrase");
	if (check != again)
		return refuse_damaged(err);
	k = read_key(&r, err);
	if (k == NULL)
		return NULL;
	blob = key_blob(k, &len);
	if (len == s->blob_len && memcmp(blob, s->blob, len) == 0)
		return k;
	key_free(k);
	return err_null(err, MUSTER_ERR_KEY,
	    "a damaged private key: it does not fit its public half");
}

struct key *
key_parse_openssh(const char *text, size_t len, const struct secret *passphrase,
    struct muster_error *err)
{
	struct sealed s;
	struct buf file;
	uint8_t *open = NULL;
	struct key *k = NULL;
	size_t size = 0;

	buf_init(&file, LIMIT_KEY_FILE_BYTES);
	if (!key_take_off_armour(text, len, &file))
		err_set(err, MUSTER_ERR_KEY, "a damaged private key");
	else if (read_sealed(&file, &s, err) == 0) {
		size = s.len + s.cipher->tag;
		open = mem_dup(s.text, size);
		if (open_sealed(&s, passphrase, open, err) == 0)
			k = read_open(&s, open, err);
		secret_wipe(open, size);
		free(open);
	}
	key_wipe(&file);
	ERR_clear_error();
	return k;
}

int
key_probe_openssh(const char *text, size_t len, struct key_public *p,
    bool *encrypted, struct muster_error *err)
{
	struct sealed s;
	struct buf file;
	int rc = -1;

	memset(p, 0, sizeof(*p));
	buf_init(&file, LIMIT_KEY_FILE_BYTES);
	if (!key_take_off_armour(text, len, &file))
		err_set(err, MUSTER_ERR_KEY, "a damaged private key");
	else if (read_sealed(&file, &s, err) == 0) {
		if (key_blob_type(s.blob, s.blob_len, p->type)) {
			*encrypted = s.cipher->key_len > 0;
			p->blob = mem_dup(s.blob, s.blob_len);
			p->len = s.blob_len;
			p->comment = mem_strdup("");
			rc = 0;
		} else
			err_set(err, MUSTER_ERR_KEY, "a damaged private key");
	}
	key_wipe(&file);
	return rc;
}
