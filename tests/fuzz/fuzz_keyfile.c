/*
 * fuzz_keyfile.c -- no key file confuses the reader.
 *
 * Room: tests/fuzz.  May touch: engine/base, engine/crypto.
 * An input that begins with '-' is a file. Others are the bytes of one in
 * OpenSSH's format, and get their armour here, so that mutations reach what
 * is inside. A key that is read is one that works.
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "crypto/key.h"
#include "muster.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_blob(const uint8_t *data, size_t size)
{
	char type[KEY_TYPE_BYTES];
	struct buf there, back;

	if (!key_blob_type(data, size, type))
		return;
	buf_init(&there, size + 100);
	buf_init(&back, size);
	assert(key_blob_retype(data, size, "rsa-sha2-512", &there));
	assert(key_blob_retype(buf_data(&there), there.len, type, &back));
	assert(back.len == size && memcmp(buf_data(&back), data, size) == 0);
	buf_clear(&there);
	buf_clear(&back);
}

static void
check_key(const struct key *k)
{
	char type[KEY_TYPE_BYTES];
	struct buf sig;
	const uint8_t *blob;
	size_t len;

	blob = key_blob(k, &len);
	assert(key_blob_type(blob, len, type));
	assert(strcmp(type, key_type(k)) == 0);
	assert(key_can(k, type));
	buf_init(&sig, 4096);
	assert(key_sign(k, type, "x", 1, &sig, NULL) == 0);
	buf_clear(&sig);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct muster_error err = {0};
	struct buf text;
	struct key *k;

	check_blob(data, size);
	buf_init(&text, 2 * size + 200);
	if (size > 0 && data[0] == '-')
		buf_add(&text, data, size);
	else {
		buf_adds(&text, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
		base64_add(&text, data, size, true);
		buf_adds(&text, "\n-----END OPENSSH PRIVATE KEY-----\n");
	}
	/* Without a passphrase: with one, a file may ask for a minute. */
	k = key_parse(buf_data(&text), text.len, "file", NULL, &err);
	if (k != NULL)
		check_key(k);
	else
		assert(err.code == MUSTER_ERR_KEY ||
		       err.code == MUSTER_ERR_PASSPHRASE);
	key_free(k);
	buf_clear(&text);
	return 0;
}
