/*
 * budget.c -- how many hosts may fail before no more begin.
 *
 * Room: src.  May touch: muster.h, number.h.
 */
#include "config.h"

#include "src/budget.h"

#include "src/number.h"

#include <stdint.h>
#include <string.h>

#define MAX_HOSTS 1000000
#define DIGITS 16

bool
budget_init(struct budget *b, const char *text, size_t n_hosts)
{
	size_t len = text != NULL ? strlen(text) : 0;
	char digits[DIGITS];
	uint32_t n;

	*b = (struct budget){.limited = text != NULL, .n_hosts = n_hosts};
	if (text == NULL)
		return true;
	if (len == 0 || len >= sizeof(digits))
		return false;
	memcpy(digits, text, len + 1);
	if (digits[len - 1] != '%') {
		if (!number_u32(digits, 0, MAX_HOSTS, &n))
			return false;
		b->n_allowed = n;
		return true;
	}
	digits[len - 1] = '\0';
	if (!number_u32(digits, 0, 100, &n))
		return false;
	b->n_allowed = n_hosts * n / 100;
	return true;
}

bool
budget_add(struct budget *b, const struct muster_result *result)
{
	if (muster_result_is_ok(result))
		return false;
	b->n_failed++;
	return b->limited && b->n_failed == b->n_allowed + 1;
}
