/*
 * str.c -- small questions about text, with no locale in them.
 *
 * Room: engine/base.  May touch: libc.
 */
#include "config.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

bool
str_copy(char *dst, size_t size, const char *src)
{
	size_t len = strnlen(src, size);
	bool fits = len < size;

	if (!fits)
		len = size - 1;
	memcpy(dst, src, len);
	dst[len] = '\0';
	return fits;
}

bool
str_u64(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		unsigned digit = (unsigned)(*text - '0');

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	if (v < min || v > max)
		return false;
	*out = v;
	return true;
}

bool
str_u32(const char *text, uint32_t min, uint32_t max, uint32_t *out)
{
	uint64_t v;

	if (!str_u64(text, min, max, &v))
		return false;
	*out = (uint32_t)v;
	return true;
}

/* Milliseconds in the unit that ends a duration; 0 for none such. */
static uint64_t
unit_ms(const char *unit)
{
	static const struct {
		const char *name;
		uint64_t ms;
	} units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000},
	    {"h", 3600000}, {"d", 86400000}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(unit, units[i].name) == 0)
			return units[i].ms;
	return 0;
}

bool
str_duration_ms(const char *text, uint32_t *out)
{
	uint64_t whole = 0, part = 0, scale = 1, ms;
	const char *p = text;

	for (; str_is_digit(*p) && p - text < 10; p++)
		whole = whole * 10 + (uint64_t)(*p - '0');
	if (p == text)
		return false;
	if (*p == '.' && str_is_digit(p[1])) {
		for (p++; str_is_digit(*p) && scale < 1000; p++, scale *= 10)
			part = part * 10 + (uint64_t)(*p - '0');
	}
	ms = unit_ms(p);
	if (ms == 0 || whole > UINT32_MAX)
		return false;
	ms = whole * ms + part * ms / scale;
	if (ms > UINT32_MAX)
		return false;
	*out = (uint32_t)ms;
	return true;
}

bool
str_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

bool
str_is_space(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

int
str_lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

bool
str_is(const char *text, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(text, word, len) == 0;
}

bool
str_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool
str_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), n = strlen(suffix);

	return n <= len && memcmp(text + len - n, suffix, n) == 0;
}

bool
str_case_is(const char *a, const char *b)
{
	while (*a != '\0' && str_lower(*a) == str_lower(*b))
		a++, b++;
	return *a == *b;
}

static size_t
span_digits(const char *s)
{
	size_t n = 0;

	while (str_is_digit(s[n]))
		n++;
	return n;
}

/* Two runs of digits as numbers of any length; then the narrower first. */
static int
compare_numbers(const char *a, size_t na, const char *b, size_t nb)
{
	size_t za = 0, zb = 0;
	int c;

	while (za < na && a[za] == '0')
		za++;
	while (zb < nb && b[zb] == '0')
		zb++;
	if (na - za != nb - zb)
		return na - za < nb - zb ? -1 : 1;
	c = memcmp(a + za, b + zb, na - za);
	if (c != 0)
		return c;
	return na == nb ? 0 : na < nb ? -1 : 1;
}

int
str_natural_cmp(const char *a, const char *b)
{
	for (;;) {
		if (str_is_digit(*a) && str_is_digit(*b)) {
			size_t na = span_digits(a), nb = span_digits(b);
			int c = compare_numbers(a, na, b, nb);

			if (c != 0)
				return c;
			a += na;
			b += nb;
			continue;
		}
		if (*a != *b)
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		if (*a == '\0')
			return 0;
		a++, b++;
	}
}

static size_t
min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

size_t
str_distance(const char *a, const char *b)
{
	size_t rows[3][256], na = strnlen(a, 256), nb = strnlen(b, 256);
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	if (na > 255 || nb > 255)
		return SIZE_MAX;
	for (size_t j = 0; j <= nb; j++)
		above[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t cost = a[i - 1] != b[j - 1];

			row[j] = min3(
			    above[j] + 1, row[j - 1] + 1, above[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && before[j - 2] + 1 < row[j])
				row[j] = before[j - 2] + 1;
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[nb];
}
