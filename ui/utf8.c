/*
 * utf8.c -- characters that were typed, as bytes.
 *
 * Room: ui.  May touch: libc.
 */
#include "config.h"

#include "ui/utf8.h"

size_t
utf8_put(char to[4], uint32_t c)
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (n == 1) {
		to[0] = (char)c;
		return 1;
	}
	for (size_t i = n - 1; i > 0; i--) {
		to[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	to[0] = (char)((0xf00u >> n & 0xff) | c);
	return n;
}

size_t
utf8_take(const char *p, size_t len, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	uint32_t lead = len > 0 ? (unsigned char)p[0] : 0;
	size_t n = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

	if (len < n || (n > 1 && (lead < 0xc2 || lead > 0xf4)))
		return 0;
	*c = n == 1 ? lead : lead & 0x7fu >> n;
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | ((uint32_t)p[i] & 0x3f);
	}
	if (*c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000))
		return 0;
	return n;
}

bool
utf8_is_valid(const char *p, size_t len)
{
	uint32_t c;
	size_t n;

	for (; len > 0; p += n, len -= n) {
		n = utf8_take(p, len, &c);
		if (n == 0)
			return false;
	}
	return true;
}
