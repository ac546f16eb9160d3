/*
 * again_same.c -- what must not have changed when a run is repeated.
 *
 * Room: src.  May touch: muster.h, again.h, complain.h, exitcode.h, heap.h.
 */
#include "config.h"

#include "src/again.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/heap.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_DIFFERENCES 10

static bool
is_same_host(const struct muster *m, size_t i, const struct muster_host *was)
{
	return strcmp(muster_host_name(m, i), was->name) == 0 &&
	       strcmp(muster_host_user(m, i), was->user) == 0 &&
	       muster_host_port(m, i) == was->port;
}

/* The index in the run of a host of `m`, or MUSTER_NOWHERE. */
static size_t
find_host(const struct again *a, const struct muster *m, size_t i)
{
	size_t n = a->past.about->n_hosts, at = i;

	if (i >= n || !is_same_host(m, i, muster_run_host(a->past.run, i)))
		at = past_find(&a->past, muster_host_name(m, i));
	return at != MUSTER_NOWHERE &&
		       is_same_host(m, i, muster_run_host(a->past.run, at))
		   ? at
		   : MUSTER_NOWHERE;
}

/* Says which hosts are new (+) or gone (-). Returns how many. */
static size_t
compare_hosts(const struct again *a, const struct muster *m, size_t *places)
{
	size_t n = a->past.about->n_hosts, n_differences = 0;
	bool *is_there = heap_array(n, sizeof(*is_there));

	for (size_t i = 0; i < muster_n_hosts(m); i++) {
		places[i] = find_host(a, m, i);
		if (places[i] != MUSTER_NOWHERE)
			is_there[places[i]] = true;
		else if (n_differences++ < SHOWN_DIFFERENCES)
			complain("+ %s@%s:%u", muster_host_user(m, i),
			    muster_host_name(m, i),
			    (unsigned)muster_host_port(m, i));
	}
	for (size_t h = 0; h < n; h++) {
		const struct muster_host *was = muster_run_host(a->past.run, h);

		if (!is_there[h] && n_differences++ < SHOWN_DIFFERENCES)
			complain("- %s@%s:%u", was->user, was->name,
			    (unsigned)was->port);
	}
	free(is_there);
	return n_differences;
}

int
again_check_hosts(const struct again *a, const struct muster *m, size_t *places)
{
	size_t n = compare_hosts(a, m, places);

	if (n == 0 || a->want->accept_inventory)
		return EXITCODE_OK;
	complain("run '%s' was of other hosts: %zu differ%s; "
		 "--accept-inventory runs on those that are left",
	    a->past.about->id, n, n == 1 ? "s" : "");
	return EXITCODE_USAGE;
}

/* Whether two commands say the same but for the name that --env-wrap gives a
 * run, each its own. */
static bool
is_same_command(const char *a, const char *b, bool names_run)
{
	static const char name[] = " MUSTER_RUN=";
	const char *in_a = names_run ? strstr(a, name) : NULL;
	const char *in_b = names_run ? strstr(b, name) : NULL;

	if (in_a == NULL || in_b == NULL || in_a - a != in_b - b)
		return strcmp(a, b) == 0;
	in_a += sizeof(name) - 1;
	in_b += sizeof(name) - 1;
	return strncmp(a, b, (size_t)(in_a - a)) == 0 &&
	       strcmp(in_a + strcspn(in_a, " "), in_b + strcspn(in_b, " ")) ==
		   0;
}

/* The command of a host that was told one is the one that it would be told
 * now: no script or table has changed. */
int
again_check_command(
    const struct again *a, const struct commands *now, size_t i, size_t host)
{
	const char *was = past_command(&a->past, host);
	const char *is = now->items[now->n == 1 ? 0 : i];
	char clean[2][400];

	if (a->is_new || was == NULL || is_same_command(was, is, a->names_run))
		return EXITCODE_OK;
	(void)muster_clean_text(clean[0], sizeof(clean[0]), was, strlen(was));
	(void)muster_clean_text(clean[1], sizeof(clean[1]), is, strlen(is));
	complain("- %s", clean[0]);
	complain("+ %s", clean[1]);
	complain("the command of '%s' is not what it was in run '%s'",
	    muster_run_host(a->past.run, host)->name, a->past.about->id);
	return EXITCODE_USAGE;
}
