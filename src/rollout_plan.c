/*
 * rollout_plan.c -- which hosts are in which wave, and what stops them.
 *
 * Room: src.  May touch: muster.h, args.h, heap.h, names.h, number.h,
 * rollout_order.h, text.h.
 * Shares of hosts, "N%", are of all of them: those of a wave are rounded up,
 * those that limit failures down.
 */
#include "config.h"

#include "src/rollout_plan.h"

#include "src/args.h"
#include "src/heap.h"
#include "src/names.h"
#include "src/number.h"
#include "src/rollout_order.h"

#include <stdlib.h>
#include <string.h>

#define CHECK_EVERY_US 1000000
#define DEFAULT_SERIES "100%"
#define US_PER_MS INT64_C(1000)
#define SHARE_CHARS 32

bool
rollout_plan_is_wanted(const struct args *args)
{
	const struct rollout_args *r = &args->rollout;

	return r->canary != NULL || r->serial != NULL || r->ramp ||
	       r->max_unavailable != NULL || r->gate != NULL ||
	       r->wave_check != NULL || r->soak_ms > 0 ||
	       r->progress_deadline_ms > 0 || r->order != NULL ||
	       r->spread != NULL;
}

/* ---- waves ---- */

static void
add_wave(struct rollout_plan *p, size_t n)
{
	size_t left = p->rules.n_hosts;
	size_t *waves = (size_t *)p->rules.waves;

	for (size_t w = 0; w < p->rules.n_waves; w++)
		left -= waves[w];
	if (left > 0)
		waves[p->rules.n_waves++] = n < left ? n : left;
}

static bool
is_full(const struct rollout_plan *p)
{
	size_t n = 0;

	for (size_t w = 0; w < p->rules.n_waves; w++)
		n += p->rules.waves[w];
	return n == p->rules.n_hosts;
}

/* One share of a series; *len is how long its text is. */
static bool
read_share(const char *text, size_t n_hosts, size_t *len, size_t *n)
{
	char share[SHARE_CHARS];

	*len = strcspn(text, ",");
	if (*len >= sizeof(share))
		return false;
	memcpy(share, text, *len);
	share[*len] = '\0';
	return number_share(share, n_hosts, true, n) && *n > 0;
}

/* "1,5,25%": the last one is for all waves that follow. */
static int
add_series(struct rollout_plan *p, const char *series, struct muster_error *err)
{
	const char *at = series;
	size_t len, n;

	for (;;) {
		if (!read_share(at, p->n_all, &len, &n))
			return args_error(err,
			    "option '--serial' wants numbers of hosts or "
			    "percents, with commas, not '%s'",
			    series);
		if (!is_full(p))
			add_wave(p, n);
		if (at[len] == '\0')
			break;
		at += len + 1;
	}
	while (!is_full(p))
		add_wave(p, n);
	return 0;
}

static void
add_ramp(struct rollout_plan *p, size_t fanout)
{
	for (size_t n = 1; !is_full(p); n = 2 * n < fanout ? 2 * n : fanout)
		add_wave(p, n);
}

/* So many hosts, or those of a list. */
static int
add_canary(struct rollout_plan *p, const struct args *args,
    const struct muster *m, struct muster_error *err)
{
	const char *text = args->rollout.canary;
	size_t n;

	if (strspn(text, "0123456789%") < strlen(text)) {
		n = rollout_order_put_first(
		    (size_t *)p->rules.order, args, m, text, err);
		if (n == 0)
			return -1;
	} else if (!number_share(text, p->n_all, true, &n) || n == 0) {
		return args_error(err,
		    "option '--canary' wants a number of hosts, percents or a "
		    "host list, not '%s'",
		    text);
	}
	p->rules.has_canary = true;
	add_wave(p, n);
	return 0;
}

static int
add_waves(struct rollout_plan *p, const struct args *args,
    const struct muster *m, struct muster_error *err)
{
	const struct rollout_args *r = &args->rollout;

	if (r->ramp && r->serial != NULL)
		return args_error(
		    err, "'--serial' and '--ramp' exclude each other");
	if (r->canary != NULL && add_canary(p, args, m, err) != 0)
		return -1;
	if (r->ramp)
		add_ramp(p, args->fanout);
	return add_series(
	    p, r->serial != NULL ? r->serial : DEFAULT_SERIES, err);
}

/* ---- limits ---- */

/* With waves a hundredth of the hosts may fail, with one any number. */
static int
set_max_fail(
    struct rollout_plan *p, const struct args *args, struct muster_error *err)
{
	const char *text = args->max_fail != NULL ? args->max_fail
			   : args->fail_fast      ? "0"
			   : p->rules.n_waves > 1 ? "1%"
						  : NULL;

	p->has_max_fail = text != NULL;
	p->rules.max_fail = SIZE_MAX;
	if (text == NULL ||
	    number_share(text, p->n_all, false, &p->rules.max_fail))
		return 0;
	return args_error(err,
	    "option '--max-fail' wants a number of hosts, or of percent with "
	    "'%%' behind it, not '%s'",
	    text);
}

static int
set_gate(struct rollout_plan *p, const char *gate, struct muster_error *err)
{
	uint32_t ms;

	if (gate == NULL || strcmp(gate, "auto") == 0) {
		p->rules.gate = MUSTER_ROLLOUT_AUTO;
	} else if (strcmp(gate, "ask") == 0) {
		p->rules.gate = MUSTER_ROLLOUT_ASK;
	} else if (number_time_ms(gate, &ms)) {
		p->rules.gate = MUSTER_ROLLOUT_WAIT;
		p->rules.gate_us = ms * US_PER_MS;
	} else {
		return args_error(err,
		    "option '--gate' wants 'ask', 'auto' or a time, not '%s'",
		    gate);
	}
	return 0;
}

static int
set_limits(
    struct rollout_plan *p, const struct args *args, struct muster_error *err)
{
	const struct rollout_args *r = &args->rollout;

	p->rules.parallel = args->fanout;
	p->rules.has_check = r->wave_check != NULL;
	p->rules.soak_us = r->soak_ms * US_PER_MS;
	p->rules.check_deadline_us = r->check_deadline_ms * US_PER_MS;
	p->rules.check_every_us = CHECK_EVERY_US;
	p->rules.progress_us = r->progress_deadline_ms * US_PER_MS;
	if (r->max_unavailable != NULL &&
	    !number_share(
		r->max_unavailable, p->n_all, false, &p->rules.max_unavailable))
		return args_error(err,
		    "option '--max-unavailable' wants a number of hosts, or "
		    "percents, not '%s'",
		    r->max_unavailable);
	if (r->max_unavailable != NULL && p->rules.max_unavailable == 0)
		p->rules.max_unavailable = 1;
	if (set_gate(p, r->gate, err) != 0)
		return -1;
	return set_max_fail(p, args, err);
}

int
rollout_plan_make(struct rollout_plan *p, const struct args *args,
    const struct muster *m, struct muster_error *err)
{
	size_t n = muster_n_hosts(m);
	size_t *order = heap_array(n, sizeof(*order));

	*p = (struct rollout_plan){.n_all = n,
	    .rules = {.order = order,
		.n_hosts = n,
		.waves = heap_array(n, sizeof(size_t))}};
	if (rollout_order_make(order, args, m, err) == 0 &&
	    add_waves(p, args, m, err) == 0 && set_limits(p, args, err) == 0)
		return 0;
	rollout_plan_clear(p);
	return -1;
}

void
rollout_plan_clear(struct rollout_plan *p)
{
	free((size_t *)p->rules.order);
	free((size_t *)p->rules.waves);
	*p = (struct rollout_plan){0};
}

void
rollout_plan_copy(struct rollout_plan *to, const struct rollout_plan *p)
{
	size_t n = p->rules.n_hosts;
	size_t *order = heap_array(n, sizeof(*order));
	size_t *waves = heap_array(n, sizeof(*waves));

	memcpy(order, p->rules.order, n * sizeof(*order));
	memcpy(waves, p->rules.waves, p->rules.n_waves * sizeof(*waves));
	*to = *p;
	to->rules.order = order;
	to->rules.waves = waves;
}

/* ---- a part of it ---- */

void
rollout_plan_keep(struct rollout_plan *p, const bool *kept, size_t n_bad)
{
	size_t *order = (size_t *)p->rules.order;
	size_t *waves = (size_t *)p->rules.waves;
	size_t *now = heap_array(p->rules.n_hosts, sizeof(*now));
	size_t n = 0, n_waves = 0, at = 0;

	for (size_t host = 0; host < p->rules.n_hosts; host++)
		if (kept[host])
			now[host] = n++;
	n = 0;
	for (size_t w = 0; w < p->rules.n_waves; w++) {
		size_t end = at + waves[w], first = n;

		for (; at < end; at++)
			if (kept[order[at]])
				order[n++] = now[order[at]];
		if (w == 0)
			p->rules.has_canary &= n > first;
		if (n > first)
			waves[n_waves++] = n - first;
	}
	p->rules.n_hosts = n;
	p->rules.n_waves = n_waves;
	p->rules.n_bad = n_bad;
	free(now);
}

/* ---- in words ---- */

static void
add_hosts(struct text *to, size_t n)
{
	text_addf(to, "%zu host%s", n, n == 1 ? "" : "s");
}

static void
add_limits(const struct rollout_plan *p, struct text *to)
{
	const struct muster_rollout_plan *r = &p->rules;

	text_addf(to, "at most %zu at once",
	    r->parallel < r->n_hosts ? r->parallel : r->n_hosts);
	if (p->has_max_fail)
		text_addf(
		    to, ", stopped by more than %zu that fail", r->max_fail);
	if (r->n_bad > 0)
		text_addf(to, ", of which there were %zu", r->n_bad);
	if (r->max_unavailable > 0)
		text_addf(
		    to, ", at most %zu failed or at work", r->max_unavailable);
}

void
rollout_plan_sum_up(const struct rollout_plan *p, struct text *to)
{
	add_hosts(to, p->rules.n_hosts);
	text_addf(to, " in %zu wave%s: ", p->rules.n_waves,
	    p->rules.n_waves == 1 ? "" : "s");
	for (size_t w = 0; w < p->rules.n_waves; w++)
		text_addf(to, "%s%zu%s", w > 0 ? ", " : "", p->rules.waves[w],
		    w == 0 && p->rules.has_canary ? " (canary)" : "");
	text_adds(to, "; ");
	add_limits(p, to);
}

void
rollout_plan_write(
    const struct rollout_plan *p, const struct muster *m, struct text *to)
{
	const char **names = heap_array(p->rules.n_hosts, sizeof(*names));
	size_t at = 0;

	add_hosts(to, p->rules.n_hosts);
	text_adds(to, ", ");
	add_limits(p, to);
	text_adds(to, "\n");
	for (size_t w = 0; w < p->rules.n_waves; w++) {
		size_t n = p->rules.waves[w];

		for (size_t i = 0; i < n; i++)
			names[i] = muster_host_name(m, p->rules.order[at + i]);
		at += n;
		text_addf(to, "wave %zu%s: ", w + 1,
		    w == 0 && p->rules.has_canary ? " (canary)" : "");
		add_hosts(to, n);
		text_adds(to, ": ");
		names_fold(names, n, to);
		text_adds(to, "\n");
	}
	free(names);
}

void
rollout_plan_name_order(
    const struct args *args, const char *text, struct text *to)
{
	uint32_t seed;

	if (rollout_order_is_random(args, text, &seed))
		text_addf(to, "random:%u", (unsigned)seed);
	else
		text_adds(to, text);
}
