/*
 * base64.c -- bytes as text and back, RFC 4648 s. 4.
 *
 * Room: engine/base.  May touch: buf.h.
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"

#include <stdint.h>

static const char alphabet[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Writes the characters for `n` (1 to 3) bytes at `in`; returns how many. */
static size_t
encode_group(char *out, const uint8_t *in, size_t n, bool padded)
{
	size_t n_chars = padded ? 4 : n + 1;
	uint32_t bits = 0;

	for (size_t i = 0; i < 3; i++)
		bits = bits << 8 | (i < n ? in[i] : 0);
	for (size_t i = 0; i < n_chars; i++)
		out[i] = i <= n ? alphabet[bits >> (18 - 6 * i) & 0x3f] : '=';
	return n_chars;
}

bool
base64_add(struct buf *out, const void *data, size_t len, bool padded)
{
	const uint8_t *in = data;
	size_t used = 0;
	char *to;

	if (len == 0)
		return true;
	if (len > SIZE_MAX / 4 - 2)
		return false;
	to = (char *)buf_reserve(
	    out, padded ? (len + 2) / 3 * 4 : (len * 4 + 2) / 3);
	if (to == NULL)
		return false;
	for (size_t i = 0; i < len; i += 3)
		used += encode_group(
		    to + used, in + i, len - i < 3 ? len - i : 3, padded);
	buf_commit(out, used);
	return true;
}

/* The six bits a character stands for, or -1. */
static int
decode_char(int c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* `len` without the padding, or SIZE_MAX when there is too much of it. */
static size_t
cut_padding(const char *text, size_t len)
{
	size_t n = len;

	while (n > 0 && text[n - 1] == '=')
		n--;
	if (n == len)
		return n;
	return len % 4 == 0 && len - n <= 2 ? n : SIZE_MAX;
}

bool
base64_decode(struct buf *out, const char *text, size_t len)
{
	size_t n = cut_padding(text, len), used = 0;
	uint32_t bits = 0;
	unsigned n_bits = 0;
	uint8_t *to;

	if (n == SIZE_MAX || n % 4 == 1)
		return false;
	if (n == 0)
		return true;
	to = buf_reserve(out, n / 4 * 3 + n % 4 * 6 / 8);
	if (to == NULL)
		return false;
	for (size_t i = 0; i < n; i++) {
		int six = decode_char((unsigned char)text[i]);

		if (six < 0)
			return false;
		bits = bits << 6 | (uint32_t)six;
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			to[used++] = (uint8_t)(bits >> n_bits);
			bits &= (1u << n_bits) - 1;
		}
	}
	if (bits != 0)
		return false;
	buf_commit(out, used);
	return true;
}
