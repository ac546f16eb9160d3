/*
 * fuzz_hostexpr.c -- host expressions: no crash, and folds lose nothing.
 *
 * Room: tests/fuzz.  May touch: muster.h.
 * The input is an expression. One that could read a file is left alone.
 */
#include "config.h"

#include "muster.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether a '^' may begin an operand. */
static bool
may_read_file(const char *expr)
{
	for (const char *p = expr; (p = strchr(p, '^')) != NULL; p++)
		if (p == expr || strchr(" \t\n\v\f\r,!&^-", p[-1]) != NULL)
			return true;
	return false;
}

/* Folds the labels and expands them again: the same number of hosts. */
static void
check_fold(const struct muster_hosts *hosts)
{
	const struct muster_expand_options o = {
	    .max_hosts = hosts->n + 1, .allow_empty = true};
	char **labels = calloc(hosts->n + 1, sizeof(*labels));
	struct muster_hosts back;
	char *folded;

	assert(labels != NULL);
	for (size_t i = 0; i < hosts->n; i++)
		labels[i] = muster_host_label(&hosts->items[i]);
	folded = muster_fold((const char *const *)labels, hosts->n, NULL, NULL);
	assert(folded != NULL);
	assert(muster_expand(folded, &o, &back, NULL) == 0);
	assert(back.n == hosts->n);
	muster_hosts_clear(&back);
	muster_string_free(folded);
	for (size_t i = 0; i < hosts->n; i++)
		muster_string_free(labels[i]);
	free(labels);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct muster_expand_options o = {
	    .max_hosts = 1000, .allow_empty = true};
	struct muster_hosts hosts;
	struct muster_error err;
	char *expr = malloc(size + 1);

	assert(expr != NULL);
	memcpy(expr, data, size);
	expr[size] = '\0';
	if (may_read_file(expr)) {
		free(expr);
		return 0;
	}
	if (muster_expand(expr, &o, &hosts, &err) == 0) {
		check_fold(&hosts);
	} else {
		assert(err.code != MUSTER_ERR_NONE && *err.text != '\0');
		assert(err.at == MUSTER_NOWHERE || err.at <= strlen(expr));
	}
	muster_hosts_clear(&hosts);
	free(expr);
	return 0;
}
