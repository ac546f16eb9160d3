/*
 * mask.c -- a line without what differs from host to host anyway.
 *
 * Room: engine/fleet.  May touch: base/.
 */
#include "config.h"

#include "base/str.h"
#include "fleet/mask.h"

#include <string.h>

static bool
is_word(char c)
{
	return str_is_digit(c) || (str_lower(c) >= 'a' && str_lower(c) <= 'z');
}

static bool
is_hex(char c)
{
	return str_is_digit(c) || (str_lower(c) >= 'a' && str_lower(c) <= 'f');
}

static bool
is_same(const char *text, const char *name, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (str_lower(text[i]) != str_lower(name[i]))
			return false;
	return true;
}

/* How many bytes at the start of the text are the first `n` of the name, and
 * end there. */
static size_t
match_name(const char *text, size_t len, const char *name, size_t n)
{
	if (n == 0 || len < n || !is_same(text, name, n))
		return 0;
	return len > n && (is_word(text[n]) || text[n] == '-') ? 0 : n;
}

static size_t
match_host(const char *text, size_t len, const char *host)
{
	size_t n = match_name(text, len, host, strlen(host));
	size_t label = strcspn(host, ".");

	/* the first number of an address is no name */
	if (n > 0 || strspn(host, "0123456789") == label)
		return n;
	return match_name(text, len, host, label);
}

/* How many bytes at the start of the text, which begins a word, are a word
 * of hexadecimal digits, one of them decimal. */
static size_t
match_number(const char *text, size_t len)
{
	bool has_digit = false;
	size_t n = 0;

	if (len > 2 && text[0] == '0' && str_lower(text[1]) == 'x')
		n = 2;
	for (; n < len && is_hex(text[n]); n++)
		has_digit = has_digit || str_is_digit(text[n]);
	return has_digit && (n == len || !is_word(text[n])) ? n : 0;
}

static size_t
match_digits(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && str_is_digit(text[n]))
		n++;
	return n;
}

bool
mask_line(struct buf *out, const char *text, size_t len, const char *host)
{
	bool fits = true;

	buf_reset(out);
	for (size_t i = 0; i < len && fits;) {
		bool begins = i == 0 || !is_word(text[i - 1]);
		size_t n = 0;

		if (begins && host != NULL)
			n = match_host(text + i, len - i, host);
		if (n > 0) {
			fits = buf_adds(out, "{host}");
			i += n;
			continue;
		}
		if (begins)
			n = match_number(text + i, len - i);
		if (n == 0)
			n = match_digits(text + i, len - i);
		fits = buf_addc(out, n > 0 ? '#' : text[i]);
		i += n > 0 ? n : 1;
	}
	return fits;
}
