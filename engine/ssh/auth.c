/*
 * auth.c -- the AUTH step: proving who we are.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 *
 *	keys -> (what would the server take?) -> the password -> keys ...
 *
 * What servers answer to a refusal, and whether it was a step on the way
 * (RFC 4252 s. 5.1, partial success), is learnt from the heap: libssh2 does
 * not tell.
 */
#include "config.h"

#include "ssh/auth.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/trace.h"
#include "ssh/identities.h"
#include "ssh/prefs.h"

#include <stdlib.h>
#include <string.h>

static struct auth *
auth_new(struct session *s)
{
	struct auth *a = mem_new(sizeof(*a));

	a->session = s;
	buf_init(&a->blob, AUTH_SIGNED_MAX);
	buf_init(&a->signature, AUTH_SIGNED_MAX);
	return a;
}

void
auth_free(struct auth *a)
{
	if (a == NULL)
		return;
	identities_unwait(a->session->env->identities, a->session);
	if (a->signing != NULL)
		signing_cancel(a->signing);
	auth_talk_free(a->talk);
	secret_free(a->password);
	buf_clear(&a->blob);
	buf_clear(&a->signature);
	free(a);
}

bool
auth_accepts(const struct session *s, const char *method)
{
	return s->heap.n_failures == 0 ||
	       strstr(s->heap.methods, method) != NULL;
}

/* ---- the end of it ---- */

/* Keys that this libssh2 cannot use. */
static enum next
fail_unsupported(struct session *s)
{
	const char *what =
	    s->auth->skipped_rsa ? "RSA keys need libssh2 1.11 or newer for "
				   "this server"
	    : s->auth->skipped_certificate
		? "certificates of keys other than ECDSA need libssh2 1.11 or "
		  "newer"
		: "security keys (sk-...) need libssh2 1.11 or newer";

	return session_fail(s, MUSTER_AUTH_KEY_UNSUPPORTED,
	    "%s; this is libssh2 %s", what, libssh2_version(0));
}

static enum next
fail_denied(struct session *s)
{
	const char *agent = identities_agent_error(s->env->identities);
	const char *locked_out = identities_locked_out(s->env->identities);
	struct auth *a = s->auth;
	char methods[sizeof(s->heap.methods)];

	muster_clean_text(
	    methods, sizeof(methods), s->heap.methods, strlen(s->heap.methods));
	if (a->sign_failed)
		return session_fail(s,
		    a->why.code == MUSTER_ERR_AGENT ? MUSTER_AUTH_AGENT
						    : MUSTER_AUTH_KEY,
		    "cannot sign for user '%s': %s", s->target.user,
		    a->why.text);
	if (a->withheld != NULL)
		return session_fail(s, MUSTER_AUTH_DENIED,
		    "the password of user '%s' was not tried: %s",
		    s->target.user, a->withheld);
	if (a->refused)
		return session_fail(s, MUSTER_AUTH_DENIED,
		    a->asked_more ? "the server asks user '%s' for more than "
				    "a password (--ask)"
				  : "permission denied for user '%s': the "
				    "password was refused",
		    s->target.user);
	if (a->denied)
		return session_fail(s, MUSTER_AUTH_DENIED,
		    "permission denied for user '%s': the answers to the "
		    "server's questions were refused",
		    s->target.user);
	if (a->n_offered == 0 && agent != NULL)
		return session_fail(s, MUSTER_AUTH_AGENT,
		    "no key to offer for user '%s': %s", s->target.user, agent);
	if (a->skipped_rsa || a->skipped_certificate || a->skipped_token)
		return fail_unsupported(s);
	if (locked_out != NULL && auth_accepts(s, "publickey"))
		return session_fail(s, MUSTER_AUTH_KEY,
		    "permission denied for user '%s': %s", s->target.user,
		    locked_out);
	if (a->n_offered == 0 && a->skipped_key)
		return session_fail(s, MUSTER_AUTH_NO_METHOD,
		    "no key to offer for user '%s': PubkeyAcceptedAlgorithms "
		    "leaves out those there are",
		    s->target.user);
	if (a->n_offered == 0)
		return session_fail(s, MUSTER_AUTH_NO_METHOD,
		    "no key to offer for user '%s' (server accepts: %s)",
		    s->target.user, methods);
	if (s->heap.partial || !auth_accepts(s, "publickey"))
		return session_fail(s, MUSTER_AUTH_NO_METHOD,
		    "the server wants %s of user '%s'", methods,
		    s->target.user);
	return session_fail(s, MUSTER_AUTH_DENIED,
	    "permission denied for user '%s': %u key%s tried, server accepts "
	    "%s",
	    s->target.user, a->n_offered, a->n_offered == 1 ? "" : "s",
	    methods);
}

static enum next
fail_broken(struct session *s)
{
	struct auth *a = s->auth;

	if (a->unlocking)
		return session_fail(s, MUSTER_AUTH_TIMEOUT,
		    "the server did not wait until the passphrase of a key "
		    "was typed");
	if (s->heap.n_failures > 0)
		return session_fail(s, MUSTER_AUTH_DENIED,
		    "the server ended the login of user '%s' after %u keys: "
		    "too many (MaxAuthTries)?",
		    s->target.user, a->n_offered);
	return session_fail_io(s, "logging in");
}

void
auth_note_unproven(struct session *s)
{
	static const char text[] =
	    "the server let us in without asking who we are (auth=none)";

	s->unproven = true;
	TRACE("auth", "%s: %s", s->target.name, text);
	if (s->events->note != NULL)
		s->events->note(s->arg, text);
}

/* Nothing was refused yet: what would the server take? It may even want
 * nothing. */
static enum next
ask_methods(struct session *s)
{
	const char *user = s->target.user;
	const char *list =
	    libssh2_userauth_list(s->ssh, user, (unsigned)strlen(user));

	s->auth->asked_none = true;
	if (list != NULL) {
		/* libssh2 keeps this one answer: the heap does not see it. */
		(void)str_copy(s->heap.methods, sizeof(s->heap.methods), list);
		s->heap.n_failures++;
		return FAILED;
	}
	if (libssh2_userauth_authenticated(s->ssh)) {
		auth_note_unproven(s);
		return FORWARD;
	}
	if (libssh2_session_last_errno(s->ssh) == LIBSSH2_ERROR_EAGAIN &&
	    !s->tap.eof)
		return AGAIN;
	return FAILED;
}

/* Whether a server that took nothing may yet be one that wants nothing: keys
 * come first, for it would cost every other login a question. */
static bool
may_want_nothing(const struct session *s)
{
	const struct auth *a = s->auth;

	return !s->over && !a->asked_none && !s->heap.partial && !s->tap.eof &&
	       !s->left && !a->broken;
}

/* One after the other, what the server takes by then. */
static enum next
take_step(struct session *s)
{
	struct auth *a = s->auth;
	enum next next = FAILED;

	if (a->at_last)
		return ask_methods(s);
	if (!a->asking)
		next = auth_offer_keys(s);
	if (next == FAILED && s->heap.n_failures == 0 && !s->tap.eof &&
	    !a->broken)
		next = ask_methods(s);
	if (next == FAILED && s->heap.n_failures > 0 && !s->tap.eof &&
	    !a->broken)
		next = auth_give_password(s);
	if (next == FAILED && may_want_nothing(s)) {
		a->at_last = true;
		next = ask_methods(s);
	}
	return next;
}

static enum next
log_in(struct session *s)
{
	struct auth *a = s->auth;
	enum next next;

	do
		next = take_step(s);
	while (next == FORWARD && !libssh2_userauth_authenticated(s->ssh) &&
	       ++a->n_steps < AUTH_STEPS_MAX);
	if (s->over)
		return next; /* what failed has freed `a` */
	if (a->n_steps >= AUTH_STEPS_MAX)
		return session_fail(s, MUSTER_EARLY_LIMIT,
		    "the server wants more than %d steps of a login",
		    AUTH_STEPS_MAX);
	if (next != FAILED)
		return next;
	if ((s->tap.eof || s->left || a->broken) && !a->at_last)
		return fail_broken(s);
	return fail_denied(s);
}

enum next
step_auth(struct session *s)
{
	enum next next;

	if (s->auth == NULL) {
		s->auth = auth_new(s);
		s->heap.n_failures = 0;
	}
	if (!identities_are_ready(s->env->identities, session_poke_arg, s))
		return s->tap.eof ? fail_broken(s) : AGAIN;
	next = log_in(s);
	if (next == FORWARD) {
		s->tap.early = false;
		auth_free(s->auth);
		s->auth = NULL;
	}
	return next;
}
