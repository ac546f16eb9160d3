/*
 * jump.c -- what ssh_config(5) says of way stations: ProxyJump.
 *
 * Room: engine/fleet.  May touch: this room, base/, conf/.
 * As ssh -J does, a bastion is looked up in the files alone, not in the
 * options of the command line: those are for the hosts. The first of a list
 * may have a way of its own there; the others come behind the one before.
 */
#include "config.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "conf/sshconf.h"
#include "fleet/brake.h"
#include "fleet/fleet.h"
#include "fleet/profile.h"

#include <stdlib.h>
#include <string.h>

/* The hops that lead to a login, and what is reached by way of that. */
struct route {
	const char *const *hops;
	size_t n;
	const char *login; /* user@address:port */
	const struct route *onward;
};

static struct bastion *find_last(
    struct muster *m, const struct route *route, struct muster_error *err);

static char *
login_of(const struct sshconf_host *values)
{
	return mem_printf("%s@%s:%lld", sshconf_word(values, SSHCONF_USER),
	    sshconf_word(values, SSHCONF_HOSTNAME),
	    (long long)sshconf_number(values, SSHCONF_PORT));
}

/* None may be reached by way of itself. */
static int
check_circle(
    const struct route *route, const char *login, struct muster_error *err)
{
	unsigned n = 0;

	for (; route != NULL; route = route->onward, n++)
		if (strcmp(route->login, login) == 0)
			return err_set(err, MUSTER_ERR_SYNTAX,
			    "ProxyJump goes in a circle: '%s' is its own way "
			    "station",
			    login);
	if (n > LIMIT_JUMPS)
		return err_set(err, MUSTER_ERR_LIMIT,
		    "ProxyJump leads over more than %d bastions", LIMIT_JUMPS);
	return 0;
}

static struct bastion *
make_bastion(const char *name, const struct sshconf_host *values)
{
	const char *alias = sshconf_word(values, SSHCONF_HOSTKEYALIAS);
	struct bastion *b = mem_new(sizeof(*b));

	b->name = mem_strdup(name);
	b->address = mem_strdup(sshconf_word(values, SSHCONF_HOSTNAME));
	b->user = mem_strdup(sshconf_word(values, SSHCONF_USER));
	b->port = (uint16_t)sshconf_number(values, SSHCONF_PORT);
	b->key_name = mem_strdup(alias != NULL ? alias : b->address);
	b->key_port = alias != NULL ? 22 : b->port;
	b->proxy_command =
	    mem_strdup(sshconf_word(values, SSHCONF_PROXYCOMMAND));
	TAILQ_INIT(&b->gangways);
	TAILQ_INIT(&b->line);
	return b;
}

/* Its password is its own, and not that of the hosts. */
static struct brake *
ask_password_of(const struct muster *m, const struct bastion *b)
{
	char *login = mem_printf("%s@%s", b->user, b->name);
	struct brake *brake = brake_new(login, NULL, m->env.broker);

	free(login);
	return brake;
}

/* One bastion for all who go the same way to the same login. */
static struct bastion *
share(struct muster *m, struct bastion *b)
{
	char *key = mem_printf("%s@%s:%u %s:%u %zu %zu %s", b->user, b->address,
	    b->port, b->key_name, b->key_port, b->profile->index,
	    b->via == NULL ? SIZE_MAX : b->via->index,
	    b->proxy_command == NULL ? "" : b->proxy_command);
	struct bastion *known = map_gets(m->by_bastion, key);

	if (known != NULL) {
		bastion_free(b);
	} else {
		b->index = m->n_bastions;
		if (m->env.broker != NULL)
			b->brake = ask_password_of(m, b);
		mem_grow(&m->bastions, &m->cap_bastions, m->n_bastions + 1,
		    sizeof(*m->bastions));
		m->bastions[m->n_bastions++] = b;
		(void)map_puts(m->by_bastion, key, b);
		known = b;
	}
	free(key);
	return known;
}

/* Finds the way to the bastion itself: the hops before it, or its own. */
static int
complete(struct muster *m, struct bastion *b, const struct sshconf_host *values,
    const struct route *route, struct muster_error *err)
{
	const struct sshconf_value *own = &values->values[SSHCONF_PROXYJUMP];
	bool first = route->n == 1;
	char *login = login_of(values);
	const struct route before = {.hops = first ? own->words : route->hops,
	    .n = first ? own->n : route->n - 1,
	    .login = login,
	    .onward = route};
	int rc = check_circle(route, login, err);

	if (rc == 0 && before.n > 0) {
		free(b->proxy_command);
		b->proxy_command = NULL;
		b->via = find_last(m, &before, err);
		rc = b->via != NULL ? 0 : -1;
	}
	free(login);
	if (rc != 0)
		return -1;
	b->profile = profiles_get(m->profiles, values, err);
	return b->profile != NULL ? 0 : -1;
}

static struct sshconf *
jump_config(struct muster *m, struct muster_error *err)
{
	if (m->jumpconf == NULL)
		m->jumpconf = fleet_open_sshconf(&m->options, NULL, 0, err);
	return m->jumpconf;
}

static struct bastion *
find_last(struct muster *m, const struct route *route, struct muster_error *err)
{
	struct sshconf *config = jump_config(m, err);
	struct sshconf_request request = {0};
	struct bastion *b = NULL;
	struct sshconf_host values;
	struct sshconf_hop hop;

	if (config == NULL ||
	    sshconf_hop_parse(&hop, route->hops[route->n - 1], err) != 0)
		return NULL;
	request.host = hop.host;
	request.user = hop.user;
	request.port = hop.port;
	if (sshconf_resolve(config, &request, &values, err) == 0) {
		b = make_bastion(hop.host, &values);
		if (complete(m, b, &values, route, err) == 0) {
			b = share(m, b);
		} else {
			bastion_free(b);
			b = NULL;
		}
		sshconf_host_clear(&values);
	}
	sshconf_hop_clear(&hop);
	return b;
}

int
fleet_jump(struct muster *m, const struct sshconf_host *values,
    struct bastion **bastion, struct muster_error *err)
{
	const struct sshconf_value *jump = &values->values[SSHCONF_PROXYJUMP];
	struct route route = {.hops = jump->words, .n = jump->n};
	char *login;

	*bastion = NULL;
	if (jump->n == 0)
		return 0;
	login = login_of(values);
	route.login = login;
	*bastion = find_last(m, &route, err);
	free(login);
	return *bastion != NULL ? 0 : -1;
}
