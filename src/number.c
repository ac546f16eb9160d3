/*
 * number.c -- numbers and times as people write them in options.
 *
 * Room: src.  May touch: libc.
 */
#include "config.h"

#include "src/number.h"

#include <string.h>

#define SHARE_DIGITS 16
#define SHARE_MAX 1000000              /* hosts */
#define SIZE_LIMIT ((uint64_t)1 << 60) /* bytes; sums of two still fit */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool
number_u32(const char *text, uint32_t min, uint32_t max, uint32_t *out)
{
	uint64_t n = 0;

	if (*text == '\0')
		return false;
	for (const char *p = text; *p != '\0'; p++) {
		if (!is_digit(*p))
			return false;
		n = n * 10 + (uint64_t)(*p - '0');
		if (n > max)
			return false;
	}
	if (n < min)
		return false;
	*out = (uint32_t)n;
	return true;
}

bool
number_share(const char *text, size_t all, bool round_up, size_t *out)
{
	size_t len = strlen(text);
	char digits[SHARE_DIGITS];
	uint32_t n;

	if (len == 0 || len >= sizeof(digits))
		return false;
	memcpy(digits, text, len + 1);
	if (digits[len - 1] != '%') {
		if (!number_u32(digits, 0, SHARE_MAX, &n))
			return false;
		*out = n;
		return true;
	}
	digits[len - 1] = '\0';
	if (!number_u32(digits, 0, 100, &n))
		return false;
	*out = (all * n + (round_up ? 99 : 0)) / 100;
	return true;
}

/* The milliseconds of a unit; 0 when there is no such unit. */
static uint32_t
unit_ms(const char *unit)
{
	static const struct {
		const char *name;
		uint32_t ms;
	} units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60 * 1000},
	    {"h", 3600 * 1000}, {"d", 24 * 3600 * 1000}};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(unit, units[i].name) == 0)
			return units[i].ms;
	}
	return 0;
}

bool
number_time_ms(const char *text, uint32_t *out)
{
	const char *p = text;
	uint64_t whole = 0, thousandths = 0, scale = 100, unit, ms;

	for (; is_digit(*p) && whole <= UINT32_MAX; p++)
		whole = whole * 10 + (uint64_t)(*p - '0');
	if (p == text)
		return false;
	if (*p == '.') {
		if (!is_digit(p[1]))
			return false;
		for (p++; is_digit(*p); p++, scale /= 10)
			thousandths += (uint64_t)(*p - '0') * scale;
	}
	unit = unit_ms(p);
	ms = whole * unit + thousandths * unit / 1000;
	if (unit == 0 || whole > UINT32_MAX || ms >= UINT32_MAX)
		return false;
	*out = (uint32_t)ms;
	return true;
}

bool
number_ratio(const char *text, uint32_t *out)
{
	size_t len = strlen(text);
	uint32_t ratio;

	if (len == 0 || !is_digit(text[len - 1]) ||
	    !number_time_ms(text, &ratio) || ratio < 1 || ratio > 1000)
		return false;
	*out = ratio;
	return true;
}

bool
number_size(const char *text, uint64_t *out)
{
	static const char units[] = "KMGT";
	const char *p = text;
	uint64_t n = 0;
	int shift = 0;

	for (; is_digit(*p) && n <= SIZE_LIMIT; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	if (p == text || n == 0)
		return false;
	if (*p != '\0') {
		const char *unit = strchr(units, *p);

		if (unit == NULL || p[1] != '\0')
			return false;
		shift = 10 * (int)(unit - units + 1);
	}
	if (n > SIZE_LIMIT >> shift)
		return false;
	*out = n << shift;
	return true;
}
