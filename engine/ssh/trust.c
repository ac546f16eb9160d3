/*
 * trust.c -- is this the host's key? The HOSTKEY step.
 *
 * Room: engine/ssh.  May touch: this room, base/, conf/knownhosts.h.
 * Strict: a key that known_hosts does not have ends the connection before
 * anything about the user was sent. A person may be asked about it. To accept a
 * new one it is written down first, on a helper thread; when it cannot be, it
 * holds for this run.
 */
#include "config.h"

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/trace.h"
#include "conf/knownhosts.h"
#include "crypto/key.h"
#include "ssh/pool.h"
#include "ssh/session_impl.h"
#include "ssh/trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEY_NAME_BYTES (LIMIT_HOST_BYTES + 8)

/* Hashed lines that may be tried on the loop's own thread: about 0.1 ms. */
#define HASHED_INLINE 200

/* The question on its way to a helper thread and back. */
struct finding {
	struct session *session;  /* borrowed; not touched by the helper */
	struct knownhosts *known; /* counted: the fleet may end meanwhile */
	char *host;               /* owned */
	uint16_t port;
	struct knownhosts_host *found; /* owned until delivered */
};

static void
drop_finding(void *arg)
{
	struct finding *f = arg;

	knownhosts_host_free(f->found);
	knownhosts_free(f->known);
	free(f->host);
	free(f);
}

static void
find(void *arg)
{
	struct finding *f = arg;

	f->found = knownhosts_find(f->known, f->host, f->port);
}

static void
on_found(void *arg)
{
	struct finding *f = arg;
	struct session *s = f->session;

	s->finding = NULL;
	s->known = f->found;
	f->found = NULL;
	drop_finding(f);
	session_poke(s);
}

void
trust_begin(struct session *s)
{
	struct finding *f;

	if (knownhosts_n_hashed(s->env->known) <= HASHED_INLINE) {
		s->known = knownhosts_find(
		    s->env->known, s->target.key_name, s->target.key_port);
		return;
	}
	f = mem_new(sizeof(*f));
	f->session = s;
	f->known = knownhosts_ref(s->env->known);
	f->host = mem_strdup(s->target.key_name);
	f->port = s->target.key_port;
	s->finding = pool_submit(s->env->pool, s->env->loop, find, on_found, f);
}

bool
trust_is_ready(const struct session *s)
{
	return s->known != NULL;
}

/* ---- accepting a new key ---- */

/* A line on its way to known_hosts. */
struct accepting {
	struct session *session; /* borrowed; not touched by the helper */
	char *file, *host;       /* owned */
	struct knownhosts_new line;
	bool hashed;
	int rc;
	struct muster_error err;
};

static void
drop_accepting(void *arg)
{
	struct accepting *a = arg;

	free(a->file);
	free(a->host);
	free((void *)(uintptr_t)a->line.blob);
	free(a);
}

static void
write_line(void *arg)
{
	struct accepting *a = arg;

	a->rc = knownhosts_add(a->file, &a->line, 1, a->hashed, &a->err);
}

/* The key holds for this run; that is said once, not for each host. */
static void
warn_unwritten(struct session *s, const char *why)
{
	char text[MUSTER_ERROR_MAX + 64];

	TRACE("trust", "%s: %s", s->target.name, why);
	if (s->events->note == NULL ||
	    atomic_exchange(s->env->trust->told, true))
		return;
	(void)snprintf(text, sizeof(text),
	    "new host keys hold for this run only: %s", why);
	s->events->note(s->arg, text);
}

static void
on_written(void *arg)
{
	struct accepting *a = arg;
	struct session *s = a->session;

	s->accepting = NULL;
	s->accepted = true;
	if (a->rc != 0 && a->err.code == MUSTER_ERR_KEY)
		session_fail(s, MUSTER_HK_CHANGED, "%s", a->err.text);
	else if (a->rc != 0)
		warn_unwritten(s, a->err.text);
	drop_accepting(a);
	session_poke(s);
}

/* ---- asking a person ---- */

/* The name that the key was vouched for by. */
static void
get_vouched_name(const struct session *s, char name[KEY_NAME_BYTES])
{
	(void)snprintf(name, KEY_NAME_BYTES, "%s:%u", s->target.key_name,
	    s->target.key_port);
}

static void
on_answered(void *arg, enum verdict verdict, const struct secret *answer)
{
	struct session *s = arg;
	char print[DIGEST_FINGERPRINT_BYTES], name[KEY_NAME_BYTES];
	size_t len = 0;
	int kind;
	const char *blob = libssh2_session_hostkey(s->ssh, &len, &kind);

	(void)answer;
	if (verdict == VERDICT_GIVEN) {
		digest_fingerprint(blob, len, print);
		get_vouched_name(s, name);
		broker_vouch(s->env->broker, name, print);
	}
	if (verdict == VERDICT_REFUSED)
		session_fail(s, MUSTER_HK_UNKNOWN,
		    "the host key is not in known_hosts, and was not accepted");
	else if (verdict == VERDICT_EXPIRED)
		session_fail(s, MUSTER_HK_UNKNOWN,
		    "the host key is not in known_hosts, and nobody said "
		    "within %g s whether it is right",
		    (double)broker_timeout_ms(s->env->broker) / 1000.0);
	else
		session_poke(s);
}

/* Whether a person has said that it is right; asks if not. */
static bool
is_vouched(struct session *s, const void *blob, size_t len)
{
	char type[KEY_TYPE_BYTES] = "", print[DIGEST_FINGERPRINT_BYTES];
	char text[LIMIT_REMOTE_TEXT], name[KEY_NAME_BYTES];
	const struct topic topic = {
	    .kind = MUSTER_PROMPT_HOSTKEY,
	    .echo = true,
	    .attempt = 1,
	    .about = s->target.name,
	    .text = text,
	    .key_type = type,
	    .fingerprint = print,
	};

	if (broker_is_asking(&s->question))
		return false;
	(void)key_blob_type(blob, len, type);
	digest_fingerprint(blob, len, print);
	get_vouched_name(s, name);
	if (broker_has_vouched(s->env->broker, name, print))
		return true;
	(void)snprintf(text, sizeof(text),
	    "the host key of '%s' is not known: is it this one?",
	    s->target.name);
	s->question.answered = on_answered;
	broker_ask(s->env->broker, &s->question, &topic);
	return false;
}

static enum next
accept_new(struct session *s, const void *blob, size_t len)
{
	const struct session_trust *t = s->env->trust;
	struct accepting *a;

	if (t->policy == SESSION_ASK && !is_vouched(s, blob, len))
		return AGAIN;
	if (s->accepted || t->file == NULL)
		return FORWARD;
	if (s->accepting != NULL)
		return AGAIN;
	a = mem_new(sizeof(*a));
	a->session = s;
	a->file = mem_strdup(t->file);
	a->host = mem_strdup(s->target.key_name);
	a->hashed = t->hashed;
	a->line = (struct knownhosts_new){
	    a->host, s->target.key_port, mem_dup(blob, len), len};
	s->accepting =
	    pool_submit(s->env->pool, s->env->loop, write_line, on_written, a);
	return AGAIN;
}

void
trust_drop(struct session *s)
{
	if (s->finding != NULL)
		job_cancel(s->finding, drop_finding);
	s->finding = NULL;
	if (s->accepting != NULL)
		job_cancel(s->accepting, drop_accepting);
	s->accepting = NULL;
	knownhosts_host_free(s->known);
	s->known = NULL;
}

/* ---- the step ---- */

/* Says what the server has shown. */
static void
tell(struct session *s, enum knownhosts_match match,
    const struct knownhosts_hit *hit)
{
	static const enum muster_key_state states[] = {
	    [KNOWNHOSTS_UNKNOWN] = MUSTER_KEY_UNKNOWN,
	    [KNOWNHOSTS_MATCH] = MUSTER_KEY_KNOWN,
	    [KNOWNHOSTS_CHANGED] = MUSTER_KEY_CHANGED,
	    [KNOWNHOSTS_REVOKED] = MUSTER_KEY_REVOKED,
	};
	char type[KEY_TYPE_BYTES], print[DIGEST_FINGERPRINT_BYTES];
	struct session_key key = {.type = type, .fingerprint = print};
	char line[MUSTER_ERROR_MAX] = "";
	int kind;

	if (s->events->host_key == NULL)
		return;
	key.state = states[match];
	key.line = line;
	key.blob = libssh2_session_hostkey(s->ssh, &key.len, &kind);
	(void)key_blob_type(key.blob, key.len, type);
	digest_fingerprint(key.blob, key.len, print);
	if (match == KNOWNHOSTS_CHANGED || match == KNOWNHOSTS_REVOKED)
		(void)snprintf(line, sizeof(line), "%s:%zu has %s %s",
		    hit->file, hit->line, hit->type, hit->fingerprint);
	s->events->host_key(s->arg, &key);
}

static enum next
refuse(struct session *s, enum knownhosts_match match,
    const struct knownhosts_hit *hit, const char *type, const char *print)
{
	tell(s, match, hit);
	if (match == KNOWNHOSTS_REVOKED)
		return session_fail(s, MUSTER_HK_REVOKED,
		    "the host key %s %s is revoked in %s:%zu", type, print,
		    hit->file, hit->line);
	if (match == KNOWNHOSTS_CHANGED)
		return session_fail(s, MUSTER_HK_CHANGED,
		    "THE HOST KEY HAS CHANGED: %s %s, but %s:%zu has %s %s",
		    type, print, hit->file, hit->line, hit->type,
		    hit->fingerprint);
	return session_fail(s, MUSTER_HK_UNKNOWN,
	    "the host key %s %s is not in known_hosts%s", type, print,
	    knownhosts_host_has_authority(s->known)
		? ", but a @cert-authority is: --transport openssh knows "
		  "host certificates"
		: "");
}

/* That was all that was wanted. */
static enum next
show(struct session *s, enum knownhosts_match match,
    const struct knownhosts_hit *hit)
{
	tell(s, match, hit);
	return session_fail(
	    s, MUSTER_CANCELLED, "nothing but its key was wanted");
}

/* Without anybody to ask, no new key is taken. */
static enum session_policy
policy_of(const struct session *s)
{
	enum session_policy policy = s->env->trust->policy;

	return policy == SESSION_ASK && s->env->broker == NULL ? SESSION_STRICT
							       : policy;
}

enum next
step_hostkey(struct session *s)
{
	char type[KEY_TYPE_BYTES], print[DIGEST_FINGERPRINT_BYTES];
	struct knownhosts_hit hit;
	enum session_policy policy = policy_of(s);
	enum knownhosts_match match;
	enum next next;
	size_t len;
	int kind;
	const char *blob = libssh2_session_hostkey(s->ssh, &len, &kind);

	if (blob == NULL || !key_blob_type(blob, len, type))
		return session_fail(
		    s, MUSTER_EARLY_PROTO, "the server showed no host key");
	digest_fingerprint(blob, len, print);
	match = knownhosts_check(s->known, blob, len, &hit);
	if (s->target.only_key)
		return show(s, match, &hit);
	next = FORWARD;
	if (match == KNOWNHOSTS_UNKNOWN && policy != SESSION_STRICT)
		next = accept_new(s, blob, len);
	else if (match == KNOWNHOSTS_REVOKED ||
		 (match != KNOWNHOSTS_MATCH && policy != SESSION_ACCEPT_ANY))
		next = refuse(s, match, &hit, type, print);
	if (next != FORWARD)
		return next;
	trust_drop(s);
	(void)str_copy(s->hostkey, sizeof(s->hostkey), print);
	s->n_kexinits = s->heap.n_kexinits;
	return FORWARD;
}

bool
session_server(const struct session *s, char *text, size_t size)
{
	if (s->peer[0] == '\0' || s->hostkey[0] == '\0')
		return false;
	return snprintf(text, size, "%s port %u %s", s->peer,
		   (unsigned)s->target.port, s->hostkey) < (int)size;
}

/* libssh2 takes any key when keys are renewed (RFC 4253 s. 9). */
bool
trust_is_broken(struct session *s)
{
	char print[DIGEST_FINGERPRINT_BYTES] = "";
	const char *blob;
	size_t len;
	int kind;

	if (s->hostkey[0] == '\0' || s->n_kexinits == s->heap.n_kexinits)
		return false;
	s->n_kexinits = s->heap.n_kexinits;
	blob = libssh2_session_hostkey(s->ssh, &len, &kind);
	if (blob != NULL)
		digest_fingerprint(blob, len, print);
	if (strcmp(print, s->hostkey) == 0)
		return false;
	session_fail(s, s->exec.sent ? MUSTER_PROTO : MUSTER_HK_CHANGED,
	    "THE HOST KEY HAS CHANGED while connected: %s, it was %s", print,
	    s->hostkey);
	return true;
}
