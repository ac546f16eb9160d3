/*
 * krl.c -- key revocation lists, as ssh-keygen(1) -k makes them.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/krl.h"
#include "base/base64.h"
#include "base/err.h"

#include <string.h>

#define MAGIC "SSHKRL\n" /* and its NUL */
#define KRL_VERSION 1
#define DATES_BYTES 24 /* its number, when it was made, flags */
#define TYPE_BYTES 80

enum section {
	CERTIFICATES = 1,
	KEYS = 2,
	SHA1_PRINTS = 3,
	SIGNATURE = 4,
	SHA256_PRINTS = 5,
	EXTENSION = 255,
};

bool
krl_is(const struct buf *file)
{
	return file->len >= 6 && memcmp(buf_data(file), MAGIC, 6) == 0;
}

static bool
read_header(struct rd *r)
{
	const uint8_t *bytes;
	uint32_t version;
	size_t len;

	return rd_bytes(r, &bytes, sizeof(MAGIC)) &&
	       memcmp(bytes, MAGIC, sizeof(MAGIC)) == 0 &&
	       rd_u32(r, &version) && version == KRL_VERSION &&
	       rd_bytes(r, &bytes, DATES_BYTES) && rd_string(r, &bytes, &len) &&
	       rd_string(r, &bytes, &len);
}

/* The blob of a key, which begins with its type. */
static bool
list_key(const uint8_t *blob, size_t len, struct buf *out)
{
	char type[TYPE_BYTES];
	struct rd r;

	rd_init(&r, blob, len);
	return rd_cstring(&r, type, sizeof(type)) && buf_adds(out, type) &&
	       buf_addc(out, ' ') && base64_add(out, blob, len, true) &&
	       buf_addc(out, '\n');
}

static bool
list_keys(struct rd *r, struct buf *out)
{
	const uint8_t *blob;
	size_t len;

	while (r->len > 0)
		if (!rd_string(r, &blob, &len) || !list_key(blob, len, out))
			return false;
	return true;
}

static int
fail(const char *path, const char *why, struct muster_error *err)
{
	return err_set(err, MUSTER_ERR_FILE,
	    "RevokedHostKeys '%s', a key revocation list, %s: list the keys "
	    "themselves, or use --transport openssh",
	    path, why);
}

int
krl_list(const struct buf *file, const char *path, struct buf *out,
    struct muster_error *err)
{
	struct rd r, section;
	const uint8_t *data;
	uint8_t type;
	size_t len;

	rd_init(&r, buf_data(file), file->len);
	if (!read_header(&r))
		return fail(path, "is of no known version", err);
	while (rd_u8(&r, &type) && rd_string(&r, &data, &len)) {
		rd_init(&section, data, len);
		switch ((enum section)type) {
		case KEYS:
			if (!list_keys(&section, out))
				return fail(path, "is broken", err);
			break;
		case CERTIFICATES:
		case SIGNATURE:
			break;
		case SHA1_PRINTS:
		case SHA256_PRINTS:
			return fail(path, "has fingerprints in it", err);
		case EXTENSION:
		default:
			return fail(path, "has parts that are not known", err);
		}
	}
	return r.len == 0 ? 0 : fail(path, "is broken", err);
}
