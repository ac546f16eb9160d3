/*
 * keyarmour.c -- the lines of text round OpenSSH's private keys.
 *
 * Room: engine/crypto.  May touch: base/.
 * Base64 between a line that begins and one that ends it; blanks and the
 * ends of lines between them mean nothing.
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "crypto/keyinside.h"

#include <stdlib.h>
#include <string.h>

#define ARMOUR_BEGIN "-----BEGIN OPENSSH PRIVATE KEY-----"
#define ARMOUR_END "-----END OPENSSH PRIVATE KEY-----"

/* Starts of the two armour lines in `text`, in order, or false. */
static bool
find_armour(const char *text, size_t len, const char **from, size_t *n)
{
	const char *begin =
	    memmem(text, len, ARMOUR_BEGIN, strlen(ARMOUR_BEGIN));
	const char *end;

	if (begin == NULL || (begin > text && begin[-1] != '\n'))
		return false;
	*from = begin + strlen(ARMOUR_BEGIN);
	end = memmem(*from, (size_t)(text + len - *from), ARMOUR_END,
	    strlen(ARMOUR_END));
	*n = (size_t)((end != NULL ? end : text + len) - *from);
	return true;
}

bool
key_is_openssh(const char *text, size_t len)
{
	const char *from;
	size_t n;

	return find_armour(text, len, &from, &n);
}

bool
key_take_off_armour(const char *text, size_t len, struct buf *out)
{
	const char *from;
	size_t n, used = 0;
	char *solid;
	bool ok;

	if (!find_armour(text, len, &from, &n))
		return false;
	solid = mem_new(n + 1);
	for (size_t i = 0; i < n; i++)
		if (!str_is_space((unsigned char)from[i]))
			solid[used++] = from[i];
	ok = base64_decode(out, solid, used);
	secret_wipe(solid, n);
	free(solid);
	return ok;
}
