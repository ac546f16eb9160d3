/*
 * given.c -- an option of a command line, as a word that says the same.
 *
 * Room: src.  May touch: args.h, options.h, rollout_plan.h, text.h.
 */
#include "config.h"

#include "src/given.h"

#include "src/args.h"
#include "src/options.h"
#include "src/rollout_plan.h"

void
given_write(
    const struct args *args, const struct args_option *option, struct text *to)
{
	text_addf(to, "--%s", option->row->name);
	if (option->value == NULL)
		return;
	text_adds(to, "=");
	if (option->row->offset == offsetof(struct args, rollout.order))
		rollout_plan_name_order(args, option->value, to);
	else
		text_adds(to, option->value);
}
