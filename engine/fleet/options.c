/*
 * options.c -- the options of a fleet: defaults and copies.
 *
 * Room: engine/fleet.  May touch: base/.
 */
#include "config.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "fleet/fleet.h"
#include "ssh/library.h"

#include <stdlib.h>
#include <string.h>

void
muster_options_init(struct muster_options *options)
{
	*options = (struct muster_options){
	    .fanout = 64,
	    .max_unauthenticated = 8,
	    .connects_per_100ms = 64,
	    .retries = 2,
	    .dns_timeout_ms = 5000,
	    .banner_timeout_ms = 10000,
	    .kex_timeout_ms = 15000,
	    .auth_timeout_ms = 20000,
	    .open_timeout_ms = 10000,
	    .linger_ms = 5000,
	    .grace_ms = 5000,
	    .stall_timeout_ms = 60000,
	    .keepalive_ms = 15000,
	    .keepalive_max = 3,
	    .input_limit_bytes = (uint64_t)4 << 30,
	    .prompt_timeout_ms = 120000,
	};
}

static const char **
copy_list(const char *const *list, size_t n)
{
	const char **copy = mem_array(n, sizeof(*copy));

	for (size_t i = 0; i < n; i++)
		copy[i] = mem_strdup(list[i]);
	return copy;
}

/* A jump is the first of the options: the first one counts. */
static void
add_jump(struct muster_options *to, const char *jump)
{
	size_t n = to->n_ssh_options;
	const char **list = mem_array(n + 1, sizeof(*list));

	list[0] = mem_printf("ProxyJump=%s", jump);
	if (n > 0)
		memcpy(list + 1, to->ssh_options, n * sizeof(*list));
	free((void *)(uintptr_t)to->ssh_options);
	to->ssh_options = list;
	to->n_ssh_options = n + 1;
}

static void
free_list(const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free((void *)(uintptr_t)list[i]);
	free((void *)(uintptr_t)list);
}

int
fleet_copy_options(struct muster_options *to, const struct muster_options *from,
    struct muster_error *err)
{
	if (from->fanout == 0 || from->max_unauthenticated == 0 ||
	    from->connects_per_100ms == 0)
		return err_set(err, MUSTER_ERR_USAGE,
		    "a limit of 0 would let no host begin");
	if (from->forward_agent && !from->openssh && !library_forwards_agents())
		return err_set(err, MUSTER_ERR_USAGE,
		    "forwarding the agent needs libssh2 1.11 or newer, or "
		    "the transport 'openssh'");
	if (from->ask && from->prompt_timeout_ms == 0)
		return err_set(err, MUSTER_ERR_USAGE,
		    "a question needs a time for its answer");
	*to = *from;
	to->user = mem_strdup(from->user);
	to->agent_path = mem_strdup(from->agent_path);
	to->ssh_config = mem_strdup(from->ssh_config);
	to->identities = copy_list(from->identities, from->n_identities);
	to->known_hosts = copy_list(from->known_hosts, from->n_known_hosts);
	to->ssh_options = copy_list(from->ssh_options, from->n_ssh_options);
	to->record = mem_strdup(from->record);
	to->record_parent = mem_strdup(from->record_parent);
	to->record_words = copy_list(from->record_words, from->n_record_words);
	to->jump = NULL;
	if (from->jump != NULL)
		add_jump(to, from->jump);
	return 0;
}

void
fleet_clear_options(struct muster_options *options)
{
	free((void *)(uintptr_t)options->user);
	free((void *)(uintptr_t)options->agent_path);
	free((void *)(uintptr_t)options->ssh_config);
	free((void *)(uintptr_t)options->record);
	free((char *)options->record_parent);
	free_list(options->record_words, options->n_record_words);
	free_list(options->ssh_options, options->n_ssh_options);
	free_list(options->identities, options->n_identities);
	free_list(options->known_hosts, options->n_known_hosts);
}

static struct secret *
keep(struct secret *before, const char *password)
{
	secret_free(before);
	if (password == NULL)
		return NULL;
	secret_harden_process();
	return secret_new(password, strlen(password));
}

void
fleet_keep_passwords(struct muster *m, const struct muster_options *options)
{
	m->password = keep(m->password, options->password);
	m->become_password = keep(m->become_password, options->become_password);
	m->options.password = NULL;
	m->options.become_password = NULL;
	m->env.become_password = m->become_password;
}
