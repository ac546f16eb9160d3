/*
 * auth_password.c -- giving the password, once to a host.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * By keyboard-interactive (RFC 4256) where the server takes it, for that is
 * what PAM speaks, else by password (RFC 4252 s. 8). A question that is not
 * plainly for a password is not answered with it. The owner of the session
 * decides when it may be tried, so that a wrong one locks nobody out.
 */
#include "config.h"

#include "ssh/auth.h"
#include "base/secret.h"
#include "base/trace.h"
#include "ssh/loop.h"

#include <string.h>

static int
ask(struct session *s, bool interactive)
{
	const struct secret *password = s->auth->password;
	const char *user = s->target.user;

	if (interactive)
		return auth_interact(s);
	s->auth->answered = true;
	return libssh2_userauth_password_ex(s->ssh, user,
	    (unsigned)strlen(user), secret_data(password),
	    (unsigned)secret_len(password), NULL);
}

/* FORWARD: go on; AGAIN: not now; FAILED: never. Whoever waits for others or
 * for a person is not late. */
static enum next
may_begin(struct session *s, bool interactive)
{
	struct auth *a = s->auth;
	const char *why;

	if (!interactive &&
	    (!s->env->allow_password || !auth_accepts(s, "password")))
		return FAILED;
	secret_free(a->password);
	a->password = NULL;
	switch (s->events->may_give_password(s->arg, &a->password, &why)) {
	case SESSION_GO:
		session_start_deadline(s);
		return FORWARD;
	case SESSION_WAIT:
		timer_stop(s->deadline);
		return AGAIN;
	case SESSION_NEVER:
		break;
	}
	a->withheld = a->refused ? NULL : why;
	return FAILED;
}

/* The one answer that is neither yes nor no: a wish for another password (RFC
 * 4252 s. 8), for which libssh2 has not always a code of its own. */
static bool
wants_change(const struct session *s, int rc)
{
	const struct auth *a = s->auth;

	return rc == LIBSSH2_ERROR_PASSWORD_EXPIRED ||
	       (rc == LIBSSH2_ERROR_AUTHENTICATION_FAILED && !a->interactive &&
		   s->heap.n_failures == a->n_before && !s->tap.eof);
}

/* With a person to ask, a password may be one answer of several: which of
 * them was wrong nobody says. */
static void
note_outcome(struct session *s, bool taken)
{
	struct auth *a = s->auth;

	TRACE("auth", "%s %s the %s", s->target.name,
	    taken ? "took" : "refused", a->answered ? "password" : "answers");
	a->denied = a->talk != NULL && a->asked_more && !taken;
	a->refused = a->answered && !taken && !a->denied;
	if (a->answered)
		s->events->password_given(s->arg, taken       ? GIVEN_TAKEN
						  : a->denied ? GIVEN_IN_DOUBT
							      : GIVEN_REFUSED);
}

enum next
auth_conclude(struct session *s, int rc)
{
	struct auth *a = s->auth;
	bool was_step = s->heap.n_failures > a->n_before && s->heap.partial;
	bool taken = rc == 0 || was_step;
	bool expired = wants_change(s, rc);

	a->asking = false;
	note_outcome(s, taken || expired);
	if (expired)
		return session_fail(s, MUSTER_AUTH_PWCHANGE,
		    "the server wants the password of user '%s' changed",
		    s->target.user);
	if (taken)
		return FORWARD;
	/* Another one may do, while the server listens. */
	return (a->refused || a->denied) && !s->tap.eof &&
		       s->heap.n_failures > 0
		   ? FORWARD
		   : FAILED;
}

static enum next
give(struct session *s, bool interactive)
{
	struct auth *a = s->auth;
	int rc;

	if (!a->asking) {
		enum next next = may_begin(s, interactive);

		if (next != FORWARD)
			return next;
		a->interactive = interactive;
		a->asking = true;
		a->answered = false;
		a->n_before = s->heap.n_failures;
	}
	rc = ask(s, a->interactive);
	if (rc == LIBSSH2_ERROR_EAGAIN && !s->tap.eof)
		return AGAIN;
	return auth_conclude(s, rc);
}

enum next
auth_give_password(struct session *s)
{
	bool interactive = s->env->allow_interactive &&
			   auth_accepts(s, "keyboard-interactive");
	struct auth *a = s->auth;
	enum next next = FAILED;

	if (s->env->broker == NULL)
		return give(s, interactive);
	if (a->asking ? a->interactive : interactive)
		next = auth_talk(s);
	if (next == FAILED && !s->over && (!a->asking || !a->interactive))
		next = give(s, false);
	return next;
}
