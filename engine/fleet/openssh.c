/*
 * openssh.c -- how ssh(1) is called for a host that it shall connect to.
 *
 * Room: engine/fleet.  May touch: this room, base/, conf/sshconf.h.
 * It reads the same files and is given the same options. What comes first
 * counts: before them stands what muster relies on, as that nothing is asked
 * and that host keys are as strict as elsewhere.
 */
#include "config.h"

#include "base/mem.h"
#include "conf/sshconf.h"
#include "fleet/fleet.h"
#include "fleet/host.h"
#include "fleet/profile.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* A growing list of words; owned, NULL at its end. */
struct words {
	char **items;
	size_t n, cap;
};

static void
add(struct words *w, const char *flag, char *value)
{
	mem_grow(&w->items, &w->cap, w->n + 3, sizeof(*w->items));
	if (flag != NULL)
		w->items[w->n++] = mem_strdup(flag);
	w->items[w->n++] = value;
	w->items[w->n] = NULL;
}

static void
add_option(struct words *w, const char *option)
{
	add(w, "-o", mem_strdup(option));
}

static const char *
policy(const struct profile *p)
{
	switch (p->trust.policy) {
	case SESSION_ACCEPT_NEW:
		return "accept-new";
	case SESSION_ACCEPT_ANY:
		return "no";
	default:
		return "yes";
	}
}

static void
add_fixed(struct words *w, const struct profile *p)
{
	static const char *const fixed[] = {"BatchMode=yes", "LogLevel=DEBUG1",
	    "ControlPath=none", "ClearAllForwardings=yes", "ForwardX11=no",
	    "RemoteCommand=none", "PermitLocalCommand=no", "Tunnel=no",
	    "EscapeChar=none"};
	const struct muster_options *o = &p->options;

	for (size_t i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		add_option(w, fixed[i]);
	add(w, "-o", mem_printf("StrictHostKeyChecking=%s", policy(p)));
	add(w, "-o",
	    mem_printf(
		"ConnectTimeout=%u", (o->connect_timeout_ms + 999) / 1000));
	add(w, "-o",
	    mem_printf(
		"ServerAliveInterval=%u", (o->keepalive_ms + 999) / 1000));
	add(w, "-o", mem_printf("ServerAliveCountMax=%u", o->keepalive_max));
}

/* ssh takes a list of files in one word, apart by blanks. */
static void
add_known_hosts(struct words *w, const struct muster_options *o)
{
	char *list = mem_strdup("UserKnownHostsFile=");

	if (o->n_known_hosts == 0) {
		free(list);
		return;
	}
	for (size_t i = 0; i < o->n_known_hosts; i++) {
		char *longer = mem_printf(
		    "%s%s\"%s\"", list, i > 0 ? " " : "", o->known_hosts[i]);

		free(list);
		list = longer;
	}
	add(w, "-o", list);
	add_option(w, "GlobalKnownHostsFile=none");
}

static void
add_files(struct words *w, const struct muster_options *o)
{
	if (o->ssh_config != NULL)
		add(w, "-F", mem_strdup(o->ssh_config));
	else if (o->no_env_files)
		add(w, "-F", mem_strdup("none"));
	for (size_t i = 0; i < o->n_identities; i++)
		add(w, "-i", mem_strdup(o->identities[i]));
	if (o->agent_path != NULL)
		add(w, "-o",
		    mem_printf("IdentityAgent=%s",
			o->agent_path[0] != '\0' ? o->agent_path : "none"));
	add_known_hosts(w, o);
}

static void
add_settings(struct words *w, const struct muster_host_settings *s)
{
	for (size_t i = 0; s != NULL && i < s->n_ssh_options; i++)
		add_option(w, s->ssh_options[i]);
	if (s != NULL && s->identity != NULL)
		add(w, "-i", mem_strdup(s->identity));
	if (s != NULL && s->jump != NULL)
		add(w, "-J", mem_strdup(s->jump));
}

void
fleet_call_openssh(
    const struct muster *m, struct host *h, const struct muster_host *as)
{
	const struct muster_options *o = &m->options;
	struct words w = {0};

	add(&w, NULL, mem_strdup("ssh"));
	add_fixed(&w, h->profile);
	add_files(&w, o);
	for (size_t i = 0; i < o->n_ssh_options; i++)
		add_option(&w, o->ssh_options[i]);
	add_settings(&w, as->settings);
	if (as->address != NULL)
		add(&w, "-o", mem_printf("HostName=%s", as->address));
	if (o->forward_agent)
		add(&w, NULL, mem_strdup("-A"));
	add(&w, "-l", mem_strdup(h->user));
	add(&w, "-p", mem_printf("%u", h->port));
	h->client = w.items;
	h->client_name = mem_strdup(as->name);
}

void
fleet_forget_openssh(struct host *h)
{
	for (size_t i = 0; h->client != NULL && h->client[i] != NULL; i++)
		free(h->client[i]);
	free(h->client);
	free(h->client_name);
}
