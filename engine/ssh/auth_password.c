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

#include <string.h>

/* Answers one hidden question, once. Everything else gets an empty answer,
 * which the server refuses. */
static void
on_questions(const char *name, int name_len, const char *text, int text_len,
    int n, const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompts,
    LIBSSH2_USERAUTH_KBDINT_RESPONSE *answers, void **abstract)
{
	struct session *s = *abstract;
	const struct secret *password = s->env->password;
	struct auth *a = s->auth;

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
	const struct secret *password = s->env->password;
	const char *user = s->target.user;

	if (interactive)
		return libssh2_userauth_keyboard_interactive_ex(
		    s->ssh, user, (unsigned)strlen(user), on_questions);
	s->auth->answered = true;
	return libssh2_userauth_password_ex(s->ssh, user,
	    (unsigned)strlen(user), secret_data(password),
	    (unsigned)secret_len(password), NULL);
}

/* FORWARD: go on; AGAIN: not now; FAILED: never. */
static enum next
may_begin(struct session *s, bool interactive)
{
	if (s->env->password == NULL || s->auth->answered)
		return FAILED;
	if (!interactive &&
	    (!s->env->allow_password || !auth_accepts(s, "password")))
		return FAILED;
	switch (s->events->may_give_password(s->arg)) {
	case SESSION_GO:
		return FORWARD;
	case SESSION_WAIT:
		return AGAIN;
	case SESSION_NEVER:
		break;
	}
	return session_fail(s, MUSTER_AUTH_DENIED,
	    "the password was not tried: other hosts refused it");
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
	}
	rc = ask(s, a->interactive);
	if (rc == LIBSSH2_ERROR_EAGAIN && !s->tap.eof)
		return AGAIN;
	a->asking = false;
	TRACE("auth", "%s %s the password", s->target.name,
	    rc == 0 ? "took" : "refused");
	if (a->answered)
		s->events->password_given(s->arg, rc == 0);
	if (rc == LIBSSH2_ERROR_PASSWORD_EXPIRED)
		return session_fail(s, MUSTER_AUTH_PWCHANGE,
		    "the server wants the password of user '%s' changed",
		    s->target.user);
	return rc == 0 ? FORWARD : FAILED;
}
