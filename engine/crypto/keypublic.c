/*
 * keypublic.c -- public keys and certificates as blobs and as lines.
 *
 * Room: engine/crypto.  May touch: base/.
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "crypto/key.h"
#include "crypto/keyinside.h"

#include <stdlib.h>
#include <string.h>

void
key_public_clear(struct key_public *p)
{
	free(p->blob);
	free(p->comment);
	memset(p, 0, sizeof(*p));
}

bool
key_blob_type(const void *blob, size_t len, char type[KEY_TYPE_BYTES])
{
	struct rd r;

	rd_init(&r, blob, len);
	return rd_cstring(&r, type, KEY_TYPE_BYTES) && type[0] != '\0';
}

bool
key_blob_retype(const void *blob, size_t len, const char *type, struct buf *out)
{
	const uint8_t *old;
	size_t old_len, before = out->len;
	struct rd r;

	rd_init(&r, blob, len);
	if (!rd_string(&r, &old, &old_len) || out->max - before < r.len ||
	    out->max - before - r.len < 4 + strlen(type))
		return false;
	return buf_add_cstring(out, type) && buf_add(out, r.p, r.len);
}

bool
key_type_is_certificate(const char *type)
{
	static const char tail[] = "-cert-v01@openssh.com";
	size_t len = strlen(type);

	return len >= sizeof(tail) &&
	       strcmp(type + len - (sizeof(tail) - 1), tail) == 0;
}

/* A certificate is a nonce, the fields of the key, and what is said of it
 * (PROTOCOL.certkeys of OpenSSH). */
bool
key_certifies(
    const struct key_public *certificate, const void *blob, size_t len)
{
	struct rd c, k;
	const uint8_t *skipped;
	size_t n;

	rd_init(&c, certificate->blob, certificate->len);
	rd_init(&k, blob, len);
	return key_type_is_certificate(certificate->type) &&
	       rd_string(&c, &skipped, &n) && rd_string(&c, &skipped, &n) &&
	       rd_string(&k, &skipped, &n) && k.len > 0 && c.len >= k.len &&
	       memcmp(c.p, k.p, k.len) == 0;
}

/* Takes the next word off *text; returns its length. */
static size_t
next_word(const char **text, const char **word)
{
	const char *p = *text;
	size_t len = 0;

	while (*p == ' ' || *p == '\t')
		p++;
	while (p[len] != '\0' && !str_is_space((unsigned char)p[len]))
		len++;
	*word = p;
	*text = p + len;
	return len;
}

/* The rest of the line, without blanks at its ends. */
static char *
dup_comment(const char *text)
{
	size_t len;

	while (*text == ' ' || *text == '\t')
		text++;
	len = strcspn(text, "\r\n");
	while (len > 0 && str_is_space((unsigned char)text[len - 1]))
		len--;
	return mem_strndup(text, len);
}

int
key_public_parse(
    const char *text, struct key_public *p, struct muster_error *err)
{
	const char *type, *base64;
	size_t type_len = next_word(&text, &type);
	size_t len = next_word(&text, &base64);
	struct buf blob;
	int rc = 0;

	memset(p, 0, sizeof(*p));
	buf_init(&blob, LIMIT_KEY_FILE_BYTES);
	if (type_len == 0 || len == 0 || !base64_decode(&blob, base64, len) ||
	    !key_blob_type(buf_data(&blob), blob.len, p->type) ||
	    !str_is(type, type_len, p->type))
		rc = err_set(err, MUSTER_ERR_KEY, "no public key");
	else {
		p->blob = mem_dup(buf_data(&blob), blob.len);
		p->len = blob.len;
		p->comment = dup_comment(text);
	}
	buf_clear(&blob);
	return rc;
}

int
key_public_read(
    const char *path, struct key_public *p, struct muster_error *err)
{
	unsigned exposed;
	struct buf text;
	int rc;

	memset(p, 0, sizeof(*p));
	buf_init(&text, LIMIT_KEY_FILE_BYTES);
	rc = key_load(path, &text, &exposed, err);
	if (rc == 0 && (rc = key_public_parse(buf_str(&text), p, err)) != 0)
		err_prefix(err, "'%s'", path);
	buf_clear(&text);
	return rc;
}
