/*
 * exec_become.c -- the talk with sudo and its like on a command's channel.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * become.c knows what is said; here it is said. The command has not begun
 * before our word has left: until then exec.sent is false, so that every end
 * is one of a command that did not run.
 */
#include "config.h"

#include "base/secret.h"
#include "base/trace.h"
#include "ssh/become.h"
#include "ssh/client.h"
#include "ssh/loop.h"
#include "ssh/session_impl.h"

#include <string.h>

#define QUIET_MS 100

bool
exec_has_begun(const struct session *s)
{
	return s->exec.command.become == NULL ||
	       s->exec.command.become->phase == BECOME_GONE;
}

static void
show(void *arg, const void *data, size_t len)
{
	struct session *s = arg;
	bool pty = s->exec.command.pty;

	s->events->output(
	    s->arg, pty ? MUSTER_STDOUT : MUSTER_STDERR, data, len);
}

void
exec_show(
    struct session *s, enum muster_stream stream, const void *data, size_t len)
{
	struct become *b = s->exec.command.become;

	if (b == NULL ||
	    (stream == MUSTER_STDOUT) != (s->exec.command.pty != false)) {
		s->events->output(s->arg, stream, data, len);
		return;
	}
	become_take(b, data, len, show, s);
	s->exec.quiet = false;
	if (become_waits(b))
		timer_set(s->after, QUIET_MS);
}

/* ---- what we say ---- */

/* Sends `len` bytes of `text` whole. They are few: a window that is open takes
 * them at once. */
static enum next
say(struct session *s, const char *text, size_t len)
{
	ssize_t n = s->client != NULL ? client_say(s, text, len)
				      : libssh2_channel_write_ex(
					    s->exec.channel, 0, text, len);

	if (n == (ssize_t)len)
		return FORWARD;
	if (n == LIBSSH2_ERROR_EAGAIN && !s->tap.eof)
		return AGAIN;
	if (n >= 0)
		return session_fail(s, MUSTER_EARLY_PROTO,
		    "the server takes no whole password");
	return session_fail_io(s, "becoming another user");
}

static enum next
give_password(struct session *s)
{
	const struct secret *password = s->env->become_password;
	char *line = (char *)loop_scratch(s->env->loop);
	size_t len = secret_len(password);
	enum next next;

	if (s->unproven)
		return session_fail(s, MUSTER_SUDO_DENIED,
		    "the password is withheld: the server let us in without "
		    "asking who we are (auth=none)");
	if (!s->exec.gave_password) {
		switch (s->events->may_become(s->arg)) {
		case SESSION_WAIT:
			timer_stop(s->deadline);
			return AGAIN;
		case SESSION_NEVER:
			return session_fail(s, MUSTER_SUDO_BADPASS,
			    "the password was not tried: other hosts refused "
			    "it");
		case SESSION_GO:
			break;
		}
		s->exec.gave_password = true;
		s->exec.command.become->password = password;
		session_start_deadline(s);
	}
	memcpy(line, secret_data(password), len);
	line[len] = '\n';
	next = say(s, line, len + 1);
	secret_wipe(line, len + 1);
	if (next == FORWARD) {
		TRACE("become", "%s gave the password", s->target.name);
		s->exec.command.become->phase = BECOME_GIVEN;
	}
	return next;
}

static void
tell_brake(struct session *s, bool accepted)
{
	if (s->exec.gave_password)
		s->events->became(s->arg, accepted);
	s->exec.gave_password = false;
}

/* Lets the command begin. */
static enum next
let_go(struct session *s)
{
	enum next next;

	if (!s->exec.sent) {
		tell_brake(s, true);
		s->exec.sent = true;
		s->events->started(s->arg);
		if (s->over)
			return FAILED;
	}
	next = say(s, "\n", 1);
	if (next == FORWARD) {
		s->exec.command.become->phase = BECOME_GONE;
		session_start_deadline(s);
	}
	return next;
}

enum next
exec_talk(struct session *s)
{
	struct become *b = s->exec.command.become;

	if (exec_has_begun(s))
		return FORWARD;
	if (s->exec.quiet)
		become_quiet(b);
	s->exec.quiet = false;
	switch (b->phase) {
	case BECOME_PROMPTED:
		return give_password(s);
	case BECOME_REFUSED:
		tell_brake(s, false);
		return session_fail(
		    s, MUSTER_SUDO_BADPASS, "the password was refused");
	case BECOME_LET_IN:
		return let_go(s);
	case BECOME_ASKING:
	case BECOME_GIVEN:
	case BECOME_GONE:
		break;
	}
	return AGAIN;
}

/* ---- how it ends instead ---- */

void
exec_talk_ended(struct session *s, struct session_end *end)
{
	struct become *b = s->exec.command.become;

	become_end(b, show, s);
	end->outcome = become_explain(b, s->env->become_password != NULL,
	    s->exec.text, sizeof(s->exec.text));
	tell_brake(s, false);
	end->text = s->exec.text;
}

void
exec_talk_timeout(struct session *s)
{
	double seconds = (double)s->env->options->auth_timeout_ms / 1000.0;
	bool given = s->exec.command.become->phase == BECOME_GIVEN;

	session_fail(s, MUSTER_SUDO_TIMEOUT,
	    given ? "the password was given, and nothing came of it in %g s"
		  : "asked for no password of ours, and let nothing begin, "
		    "in %g s",
	    seconds);
}
