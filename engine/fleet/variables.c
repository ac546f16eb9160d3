/*
 * variables.c -- the environment that ssh_config(5) gives commands.
 *
 * Room: engine/fleet.  May touch: base/, conf/sshconf*.h.
 */
#include "config.h"

#include "fleet/variables.h"
#include "base/mem.h"
#include "conf/sshconf.h"
#include "conf/sshconf_pattern.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct list {
	char **at;
	size_t n, cap;
};

/* Takes the text over; NULL ends the list. */
static void
add(struct list *l, char *text)
{
	mem_grow(&l->at, &l->cap, l->n + 1, sizeof(*l->at));
	l->at[l->n++] = text;
}

static bool
is_sent(const char *variable, const struct sshconf_value *patterns)
{
	char *name = mem_strndup(variable, strcspn(variable, "="));
	bool sent = false;

	for (size_t i = 0; !sent && i < patterns->n; i++)
		sent = sshconf_pattern_fits(name, patterns->words[i]);
	free(name);
	return sent;
}

char **
variables_of(const struct sshconf_host *h)
{
	const struct sshconf_value *send = &h->values[SSHCONF_SENDENV];
	const struct sshconf_value *set = &h->values[SSHCONF_SETENV];
	struct list l = {0};

	for (char **v = environ; send->n > 0 && v != NULL && *v != NULL; v++)
		if (strchr(*v, '=') != NULL && is_sent(*v, send))
			add(&l, mem_strdup(*v));
	for (size_t i = 0; i < set->n; i++)
		if (strchr(set->words[i], '=') != NULL)
			add(&l, mem_strdup(set->words[i]));
	add(&l, NULL);
	return l.at;
}

void
variables_free(char **variables)
{
	for (char **v = variables; v != NULL && *v != NULL; v++)
		free(*v);
	free(variables);
}
