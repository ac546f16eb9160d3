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

/* Answers one hidden question, once. Everything else gets an empty answer,
 * which the server refuses. */
static void
on_questions(const char *name, int name_len, const char *text, int text_len,
    int n, const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompts,
    LIBSSH2_USERAUTH_KBDINT_RESPONSE *answers, void **abstract)
{
	struct session *s = *abstract;
	struct auth *a = s->auth;
	const struct secret *password = a->password;

	(void)name;
	(void)name_len;
	(void)text;
	(void)text_len;
	if (n == 0)
		return;
	if (n != 1 || prompts[0].echo || a->answered) {
		a->asked_more = true;
		return;
	}
	a->answered = true;
	answers[0].text = heap_alloc(secret_len(password) + 1, abstract);
	memcpy(answers[0].text, secret_data(password), secret_len(password));
	answers[0].length = (unsigned)secret_len(password);
}

static int
ask(struct session *s, bool interactive)
{
	const struct secret *password = s->auth->password;
	const char *user = s->target.user;

	if (interactive)
		return libssh2_userauth_keyboard_interactive_ex(
		    s->ssh, user, (unsigned)strlen(user), on_questions);
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

/* What came of it. */
static enum next
conclude(struct session *s, int rc, bool was_step)
{
	struct auth *a = s->auth;

	a->asking = false;
	TRACE("auth", "%s %s the password", s->target.name,
	    rc == 0 || was_step ? "took" : "refused");
	if (a->answered) {
		a->refused = rc != 0 && !was_step;
		s->events->password_given(s->arg, !a->refused);
	}
	if (rc == LIBSSH2_ERROR_PASSWORD_EXPIRED)
		return session_fail(s, MUSTER_AUTH_PWCHANGE,
		    "the server wants the password of user '%s' changed",
		    s->target.user);
	if (rc == 0 || was_step)
		return FORWARD;
	/* Another one may do, while the server listens. */
	return a->refused && !s->tap.eof && s->heap.n_failures > 0 ? FORWARD
								   : FAILED;
}

enum next
auth_give_password(struct session *s)
{
	bool interactive = s->env->allow_interactive &&
			   auth_accepts(s, "keyboard-interactive");
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
	return conclude(
	    s, rc, s->heap.n_failures > a->n_before && s->heap.partial);
}
