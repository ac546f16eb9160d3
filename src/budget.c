/*
 * budget.c -- how many hosts may fail before no more begin.
 *
 * Room: src.  May touch: muster.h, number.h.
 */
#include "config.h"

#include "src/budget.h"

#include "src/args.h"

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

int
budget_open(struct budget *b, const struct args *args, size_t n_hosts,
    struct muster_error *err)
{
	const char *max_fail =
	    args->fail_fast && args->max_fail == NULL ? "0" : args->max_fail;

	if (args->fail_fast && args->max_fail != NULL)
		return args_error(
		    err, "'--fail-fast' and '--max-fail' exclude each other");
	if (budget_init(b, max_fail, n_hosts))
		return 0;
	return args_error(err,
	    "option '--max-fail' wants a number of hosts, or of "
	    "percent with '%%' behind it, not '%s'",
	    max_fail);
}

bool
budget_add(struct budget *b, const struct muster_result *result)
{
	if (!muster_result_is_failure(result))
		return false;
	b->n_failed++;
	return b->limited && b->n_failed == b->n_allowed + 1;
}
