/*
 * profile.c -- what ssh_config(5) says of hosts, shared.
 *
 * Room: engine/fleet.  May touch: base/, conf/, ssh/.
 */
#include "config.h"

#include "fleet/profile.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/mem.h"
#include "conf/knownhosts.h"
#include "conf/sshconf.h"
#include "fleet/variables.h"
#include "ssh/keyring.h"
#include "ssh/library.h"
#include "ssh/prefs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define KEY_BYTES (256 * 1024)

struct profiles {
	const struct muster_options *options; /* borrowed */
	struct map *by_values;                /* owned; values -> profile */
	struct map *known;                    /* paths -> knownhosts */
	struct map *keyrings;                 /* paths -> keyring */
	struct map *prefs;                    /* lists -> prefs */
};

/* The keywords that make a profile; hosts that agree on them share one. */
static const enum sshconf_key keys[] = {SSHCONF_ADDRESSFAMILY,
    SSHCONF_BINDADDRESS, SSHCONF_BINDINTERFACE, SSHCONF_CONNECTTIMEOUT,
    SSHCONF_SERVERALIVEINTERVAL, SSHCONF_SERVERALIVECOUNTMAX,
    SSHCONF_FORWARDAGENT, SSHCONF_TCPKEEPALIVE, SSHCONF_CONNECTIONATTEMPTS,
    SSHCONF_PREFERREDAUTHENTICATIONS, SSHCONF_USERKNOWNHOSTSFILE,
    SSHCONF_GLOBALKNOWNHOSTSFILE, SSHCONF_STRICTHOSTKEYCHECKING,
    SSHCONF_HASHKNOWNHOSTS, SSHCONF_KEXALGORITHMS, SSHCONF_HOSTKEYALGORITHMS,
    SSHCONF_CIPHERS, SSHCONF_MACS, SSHCONF_IDENTITYFILE,
    SSHCONF_CERTIFICATEFILE, SSHCONF_IDENTITIESONLY, SSHCONF_IDENTITYAGENT,
    SSHCONF_PUBKEYAUTHENTICATION, SSHCONF_PASSWORDAUTHENTICATION,
    SSHCONF_KBDINTERACTIVEAUTHENTICATION, SSHCONF_NUMBEROFPASSWORDPROMPTS,
    SSHCONF_PUBKEYACCEPTEDALGORITHMS, SSHCONF_REVOKEDHOSTKEYS,
    SSHCONF_COMPRESSION, SSHCONF_REQUESTTTY, SSHCONF_SENDENV, SSHCONF_SETENV,
    SSHCONF_REMOTECOMMAND, SSHCONF_REKEYLIMIT};

static void
free_profile(void *arg)
{
	struct profile *p = arg;

	free(p->agent_path);
	free(p->trust_file);
	free(p->forward_path);
	variables_free(p->variables);
	free(p->bind_address);
	free(p->bind_interface);
	free(p);
}

static void
free_known(void *arg)
{
	knownhosts_free(arg);
}

static void
free_keyring(void *arg)
{
	keyring_free(arg);
}

static void
free_prefs(void *arg)
{
	prefs_free(arg);
}

void
profiles_free(struct profiles *p)
{
	if (p == NULL)
		return;
	map_free(p->by_values, free_profile);
	map_free(p->known, free_known);
	map_free(p->keyrings, free_keyring);
	map_free(p->prefs, free_prefs);
	free(p);
}

size_t
profiles_n(const struct profiles *p)
{
	return map_n(p->by_values);
}

/* ---- parts ---- */

static bool
is_default(const struct sshconf_host *h, enum sshconf_key key)
{
	return h->values[key].origin.file == NULL;
}

/* Adds the words of a keyword to a key of a map. */
static void
add_words(struct buf *b, const struct sshconf_host *h, enum sshconf_key key)
{
	const struct sshconf_value *v = &h->values[key];

	for (size_t i = 0; i < v->n; i++)
		(void)buf_addf(b, "%s\n", v->words[i]);
}

typedef int (*reader)(struct knownhosts *, const char *, struct muster_error *);

static int
read_each(struct knownhosts *k, reader read, const char *const *paths, size_t n,
    struct muster_error *err)
{
	for (size_t i = 0; i < n; i++)
		if (read(k, paths[i], err) != 0)
			return -1;
	return 0;
}

static int
read_known(struct knownhosts *k, const struct muster_options *o,
    const struct sshconf_host *h, struct muster_error *err)
{
	const struct sshconf_value *user =
	    &h->values[SSHCONF_USERKNOWNHOSTSFILE];
	const struct sshconf_value *global =
	    &h->values[SSHCONF_GLOBALKNOWNHOSTSFILE];
	const struct sshconf_value *revoked =
	    &h->values[SSHCONF_REVOKEDHOSTKEYS];
	bool named = o->n_known_hosts > 0;

	if (named && read_each(k, knownhosts_read, o->known_hosts,
			 o->n_known_hosts, err) != 0)
		return -1;
	if (!named &&
	    (read_each(k, knownhosts_read, user->words, user->n, err) != 0 ||
		read_each(k, knownhosts_read, global->words, global->n, err) !=
		    0))
		return -1;
	return read_each(
	    k, knownhosts_read_revoked, revoked->words, revoked->n, err);
}

/* The known_hosts files: those of the options, or those of ssh_config. */
static const struct knownhosts *
get_known(
    struct profiles *p, const struct sshconf_host *h, struct muster_error *err)
{
	const struct muster_options *o = p->options;
	struct knownhosts *k;
	struct buf key;

	buf_init(&key, KEY_BYTES);
	if (o->n_known_hosts == 0) {
		add_words(&key, h, SSHCONF_USERKNOWNHOSTSFILE);
		add_words(&key, h, SSHCONF_GLOBALKNOWNHOSTSFILE);
	}
	(void)buf_addc(&key, '+');
	add_words(&key, h, SSHCONF_REVOKEDHOSTKEYS);
	k = map_get(p->known, buf_data(&key), key.len);
	if (k == NULL) {
		k = knownhosts_new();
		if (read_known(k, o, h, err) == 0) {
			(void)map_put(p->known, buf_data(&key), key.len, k);
		} else {
			knownhosts_free(k);
			k = NULL;
		}
	}
	buf_clear(&key);
	return k;
}

/* Whether a method of logging in may be used: no keyword forbids it, and
 * PreferredAuthentications names it or nothing. */
static bool
may_use(const struct sshconf_host *h, enum sshconf_key key, const char *method)
{
	const char *list = sshconf_word(h, SSHCONF_PREFERREDAUTHENTICATIONS);
	size_t len = strlen(method);

	if (sshconf_number(h, key) == 0)
		return false;
	if (list == NULL)
		return true;
	for (; *list != '\0'; list += strcspn(list, ","), list += *list == ',')
		if (strcspn(list, ",") == len && memcmp(list, method, len) == 0)
			return true;
	return false;
}

static bool
may_use_keys(const struct sshconf_host *h)
{
	return may_use(h, SSHCONF_PUBKEYAUTHENTICATION, "publickey");
}

/* The key files: those of the options first, then ssh_config's. Its default
 * ones only when none was named, as in ssh(1). */
static const struct keyring *
get_keyring(struct profiles *p, const struct sshconf_host *h, bool has_agent,
    struct muster_error *err)
{
	const struct muster_options *o = p->options;
	const struct sshconf_value *v = &h->values[SSHCONF_IDENTITYFILE];
	bool fallback = is_default(h, SSHCONF_IDENTITYFILE);
	bool usable = may_use_keys(h);
	struct keyring *k;
	struct buf key;

	buf_init(&key, KEY_BYTES);
	(void)buf_addc(&key, has_agent ? 'a' : '-');
	(void)buf_addc(&key, fallback ? 'd' : '-');
	(void)buf_addc(&key, usable ? 'k' : '-');
	add_words(&key, h, SSHCONF_IDENTITYFILE);
	(void)buf_addc(&key, '+');
	add_words(&key, h, SSHCONF_CERTIFICATEFILE);
	k = map_get(p->keyrings, buf_data(&key), key.len);
	if (k == NULL) {
		const struct keyring_files files = {
		    .required = o->identities,
		    .n_required = usable ? o->n_identities : 0,
		    .wished = v->words,
		    .n_wished = !usable || (fallback && (o->n_identities > 0 ||
							    o->no_env_files))
				    ? 0
				    : v->n,
		    .wished_are_defaults = fallback,
		    .has_agent = has_agent,
		    .can_ask = o->ask,
		    .certificates = h->values[SSHCONF_CERTIFICATEFILE].words,
		    .n_certificates = h->values[SSHCONF_CERTIFICATEFILE].n,
		};

		k = keyring_load(&files, err);
		if (k != NULL)
			(void)map_put(p->keyrings, buf_data(&key), key.len, k);
	}
	buf_clear(&key);
	return k;
}

static const struct prefs *
get_prefs(
    struct profiles *p, const struct sshconf_host *h, struct muster_error *err)
{
	const char *const lists[PREFS_N_LISTS] = {
	    [PREFS_KEX] = sshconf_word(h, SSHCONF_KEXALGORITHMS),
	    [PREFS_HOSTKEYS] = sshconf_word(h, SSHCONF_HOSTKEYALGORITHMS),
	    [PREFS_CIPHERS] = sshconf_word(h, SSHCONF_CIPHERS),
	    [PREFS_MACS] = sshconf_word(h, SSHCONF_MACS),
	    [PREFS_KEYS] = sshconf_word(h, SSHCONF_PUBKEYACCEPTEDALGORITHMS),
	};
	struct prefs *prefs;
	struct buf key;

	buf_init(&key, KEY_BYTES);
	for (size_t i = 0; i < PREFS_N_LISTS; i++)
		(void)buf_addf(&key, "%s\n", lists[i] != NULL ? lists[i] : "");
	prefs = map_get(p->prefs, buf_data(&key), key.len);
	if (prefs == NULL) {
		prefs = prefs_new(lists, err);
		if (prefs != NULL)
			(void)map_put(p->prefs, buf_data(&key), key.len, prefs);
	}
	buf_clear(&key);
	return prefs;
}

/* ---- one profile ---- */

/* The agent: the option's, ssh_config's, or the environment's. NULL: none. */
static const char *
find_agent(const struct muster_options *o, const struct sshconf_host *h)
{
	const char *path = getenv("SSH_AUTH_SOCK");
	const char *word = sshconf_word(h, SSHCONF_IDENTITYAGENT);

	if (o->agent_path != NULL)
		path = o->agent_path;
	else if (!is_default(h, SSHCONF_IDENTITYAGENT))
		path = word != NULL && strcmp(word, "SSH_AUTH_SOCK") == 0
			   ? path
			   : word;
	return path == NULL || path[0] == '\0' ? NULL : path;
}

/* The agent to forward (ssh_config(5) ForwardAgent), if libssh2 can. */
static const char *
find_forward(const struct muster_options *o, const struct sshconf_host *h)
{
	const char *word = sshconf_word(h, SSHCONF_FORWARDAGENT);

	if (!library_forwards_agents())
		return NULL;
	if (word != NULL)
		return word;
	return o->forward_agent || sshconf_number(h, SSHCONF_FORWARDAGENT) != 0
		   ? find_agent(o, h)
		   : NULL;
}

/* Off is for single hosts, by their files: for a whole fleet, from the
 * command line, it means to take new keys and no changed ones. */
static struct session_trust
trust_of(const struct profiles *p, const struct sshconf_host *h)
{
	const struct sshconf_value *v =
	    &h->values[SSHCONF_STRICTHOSTKEYCHECKING];
	const struct sshconf_value *files =
	    &h->values[SSHCONF_USERKNOWNHOSTSFILE];
	struct session_trust t = {.policy = SESSION_STRICT};

	if (v->number == SSHCONF_STRICT_ACCEPT_NEW)
		t.policy = SESSION_ACCEPT_NEW;
	else if (v->number == SSHCONF_STRICT_ASK)
		t.policy = SESSION_ASK;
	else if (v->number == SSHCONF_STRICT_OFF)
		t.policy = v->origin.line == 0 ? SESSION_ACCEPT_NEW
					       : SESSION_ACCEPT_ANY;
	if (p->options->n_known_hosts > 0)
		t.file = p->options->known_hosts[0];
	else if (files->n > 0)
		t.file = files->words[0];
	t.hashed = sshconf_number(h, SSHCONF_HASHKNOWNHOSTS) != 0;
	return t;
}

static void
set_times(struct muster_options *o, const struct sshconf_host *h)
{
	int64_t connect = sshconf_number(h, SSHCONF_CONNECTTIMEOUT);
	int64_t alive = sshconf_number(h, SSHCONF_SERVERALIVEINTERVAL);
	int64_t max = sshconf_number(h, SSHCONF_SERVERALIVECOUNTMAX);

	if (o->connect_timeout_ms == 0)
		o->connect_timeout_ms = connect > 0 && connect < 1000000
					    ? (uint32_t)connect * 1000
					    : 10000;
	if (!is_default(h, SSHCONF_SERVERALIVEINTERVAL) && alive >= 0)
		o->keepalive_ms =
		    alive < 1000000 ? (uint32_t)alive * 1000 : 1000000000;
	if (!is_default(h, SSHCONF_SERVERALIVECOUNTMAX) && max >= 0)
		o->keepalive_max = max < 1000 ? (unsigned)max : 1000;
}

static int
fill(struct profiles *p, const struct sshconf_host *h, struct profile *to,
    struct muster_error *err)
{
	int64_t family = sshconf_number(h, SSHCONF_ADDRESSFAMILY);
	int64_t attempts = sshconf_number(h, SSHCONF_CONNECTIONATTEMPTS);
	int64_t prompts = sshconf_number(h, SSHCONF_NUMBEROFPASSWORDPROMPTS);

	to->options = *p->options;
	set_times(&to->options, h);
	if (may_use_keys(h))
		to->agent_path = mem_strdup(find_agent(p->options, h));
	to->forward_path = mem_strdup(find_forward(p->options, h));
	to->identities_only = sshconf_number(h, SSHCONF_IDENTITIESONLY) != 0;
	to->allow_password =
	    may_use(h, SSHCONF_PASSWORDAUTHENTICATION, "password");
	to->allow_interactive = may_use(
	    h, SSHCONF_KBDINTERACTIVEAUTHENTICATION, "keyboard-interactive");
	to->connection_attempts =
	    attempts > 1 && attempts < 1000 ? (unsigned)attempts : 1;
	to->password_prompts =
	    prompts > 0 && prompts < 100 ? (unsigned)prompts : 3;
	to->trust = trust_of(p, h);
	to->trust_file = mem_strdup(to->trust.file);
	to->trust.file = to->trust_file;
	to->trust.told = &to->told;
	to->family = family == 4 ? AF_INET : family == 6 ? AF_INET6 : AF_UNSPEC;
	to->tcp_keepalive = sshconf_number(h, SSHCONF_TCPKEEPALIVE) != 0;
	to->compress = sshconf_number(h, SSHCONF_COMPRESSION) != 0;
	to->pty = sshconf_number(h, SSHCONF_REQUESTTTY) == SSHCONF_TTY_FORCE;
	to->variables = variables_of(h);
	profile_trace_unheeded(h);
	to->bind_address = mem_strdup(sshconf_word(h, SSHCONF_BINDADDRESS));
	to->bind_interface = mem_strdup(sshconf_word(h, SSHCONF_BINDINTERFACE));
	to->known = get_known(p, h, err);
	if (to->known == NULL)
		return -1;
	to->prefs = get_prefs(p, h, err);
	if (to->prefs == NULL)
		return -1;
	to->keyring = get_keyring(p, h, to->agent_path != NULL, err);
	return to->keyring != NULL ? 0 : -1;
}

const struct profile *
profiles_get(struct profiles *p, const struct sshconf_host *values,
    struct muster_error *err)
{
	struct profile *profile;
	struct buf key;

	buf_init(&key, KEY_BYTES);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct sshconf_value *v = &values->values[keys[i]];

		(void)buf_addf(&key, "%lld %d ", (long long)v->number,
		    v->origin.file == NULL ? 0
		    : v->origin.line == 0  ? 1
					   : 2);
		add_words(&key, values, keys[i]);
	}
	profile = map_get(p->by_values, buf_data(&key), key.len);
	if (profile == NULL) {
		profile = mem_new(sizeof(*profile));
		profile->index = map_n(p->by_values);
		if (fill(p, values, profile, err) == 0) {
			(void)map_put(
			    p->by_values, buf_data(&key), key.len, profile);
		} else {
			free_profile(profile);
			profile = NULL;
		}
	}
	buf_clear(&key);
	return profile;
}

struct profiles *
profiles_new(const struct muster_options *options, struct muster_error *err)
{
	struct profiles *p = mem_new(sizeof(*p));

	(void)err;
	p->options = options;
	p->by_values = map_new();
	p->known = map_new();
	p->keyrings = map_new();
	p->prefs = map_new();
	return p;
}
