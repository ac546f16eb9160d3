/*
 * knownhosts_line.c -- one line of a known_hosts file.
 *
 * Room: engine/conf.  May touch: base/, crypto/digest.h.
 * [@marker] hosts type base64 [comment]; sshd(8) SSH_KNOWN_HOSTS FILE FORMAT.
 * Blanks and tabs are the same everywhere (for ssh-keygen not quite, behind
 * a marker).
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/knownhosts.h"
#include "conf/knownhosts_int.h"

#include <string.h>

#define HASH_TEXT_MAX 100 /* bytes that are decoded before they are counted */

/* What is left of a line. */
struct rest {
	const char *p;
	size_t len;
};

/* Takes the next word; its length is 0 at the end of the line. */
static const char *
next_word(struct rest *r, size_t *len)
{
	const char *word;
	size_t n = 0;

	while (r->len > 0 && (*r->p == ' ' || *r->p == '\t')) {
		r->p++;
		r->len--;
	}
	word = r->p;
	while (n < r->len && word[n] != ' ' && word[n] != '\t')
		n++;
	r->p += n;
	r->len -= n;
	*len = n;
	return word;
}

static bool
read_marker(struct knownhosts_line *l)
{
	if (str_is(l->hosts, l->hosts_len, "@revoked"))
		l->marker = KNOWNHOSTS_REVOKES;
	else if (str_is(l->hosts, l->hosts_len, "@cert-authority"))
		l->marker = KNOWNHOSTS_AUTHORITY;
	else
		return false;
	return true;
}

/* Whether the blob begins with the type that the line says. */
static bool
is_of_type(const struct buf *blob, const char *type, size_t len)
{
	const uint8_t *inner;
	size_t inner_len;
	struct rd r;

	rd_init(&r, buf_data(blob), blob->len);
	return len < KNOWNHOSTS_TYPE_BYTES &&
	       rd_string(&r, &inner, &inner_len) && r.len > 0 &&
	       inner_len == len && memcmp(inner, type, len) == 0;
}

const char *
knownhosts_line_read(
    struct knownhosts_line *l, const char *text, size_t len, struct buf *blob)
{
	struct rest r = {text, len};
	const char *base64;
	size_t base64_len;

	l->marker = KNOWNHOSTS_PLAIN;
	if (memchr(text, '\0', len) != NULL)
		return "a NUL byte";
	l->hosts = next_word(&r, &l->hosts_len);
	if (l->hosts_len == 0 || l->hosts[0] == '#')
		return "";
	if (l->hosts[0] == '@') {
		if (!read_marker(l))
			return "a marker that is not known";
		l->hosts = next_word(&r, &l->hosts_len);
		if (l->hosts_len > 0 && l->hosts[0] == '@')
			return "two markers";
	}
	l->type = next_word(&r, &l->type_len);
	if (l->type_len == 0 || l->type[0] == '#')
		return "no key behind the host";
	base64 = next_word(&r, &base64_len);
	if (base64_len == 0 || !base64_decode(blob, base64, base64_len))
		return "no base64 where the key should be";
	if (!is_of_type(blob, l->type, l->type_len))
		return "a key that is not of the type it says";
	return NULL;
}

/* Decodes text[0..len) that must be exactly as long as a hash. */
static bool
decode_hash(const char *text, size_t len, uint8_t out[DIGEST_SHA1_BYTES])
{
	struct buf b;
	bool ok;

	buf_init(&b, HASH_TEXT_MAX);
	ok = base64_decode(&b, text, len) && b.len == DIGEST_SHA1_BYTES;
	if (ok)
		memcpy(out, buf_data(&b), DIGEST_SHA1_BYTES);
	buf_clear(&b);
	return ok;
}

bool
knownhosts_line_unhash(const char *hosts, size_t len, struct digest_hmac *salt,
    uint8_t hash[DIGEST_SHA1_BYTES])
{
	uint8_t bytes[DIGEST_SHA1_BYTES];
	const char *bar;

	if (len < 3 || memcmp(hosts, "|1|", 3) != 0)
		return false;
	hosts += 3;
	len -= 3;
	bar = memchr(hosts, '|', len);
	if (bar == NULL || !decode_hash(hosts, (size_t)(bar - hosts), bytes) ||
	    !decode_hash(bar + 1, (size_t)(hosts + len - bar - 1), hash))
		return false;
	digest_hmac_init(salt, bytes, sizeof(bytes));
	return true;
}

char *
knownhosts_name(const char *host, uint16_t port)
{
	char *name;

	if (port == 0 || port == 22)
		name = mem_strdup(host);
	else
		name = mem_printf("[%s]:%u", host, (unsigned)port);
	for (char *p = name; *p != '\0'; p++)
		*p = (char)str_lower((unsigned char)*p);
	return name;
}
