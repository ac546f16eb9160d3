/*
 * budget.c -- how many hosts may fail before no more begin.
 *
 * Room: src.  May touch: muster.h, number.h.
 */
#include "config.h"

#include "src/budget.h"

#include "src/args.h"

#include "src/number.h"

bool
budget_init(struct budget *b, const char *text, size_t n_hosts)
{
	*b = (struct budget){.limited = text != NULL, .n_hosts = n_hosts};
	return text == NULL ||
	       number_share(text, n_hosts, false, &b->n_allowed);
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
