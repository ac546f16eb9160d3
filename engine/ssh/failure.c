/*
 * failure.c -- what it means that a connection broke.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * One cause looks different in each state, and what a person should do about
 * it too: this is the table of that.
 */
#include "config.h"

#include "base/buf.h"
#include "base/str.h"
#include "ssh/prefs.h"
#include "ssh/session_impl.h"

#include <string.h>

/* What sshd(8) says instead of an identification when it is too busy
 * (MaxStartups) or angry (PerSourcePenalties). */
static bool
is_throttled(const char *before)
{
	return strstr(before, "Exceeded MaxStartups") != NULL ||
	       strstr(before, "Not allowed at this time") != NULL;
}

static enum next
fail_banner(struct session *s, const char *doing)
{
	char text[96];

	muster_clean_text(
	    text, sizeof(text), s->tap.before, strlen(s->tap.before));
	if (is_throttled(s->tap.before))
		return session_fail(s, MUSTER_THROTTLED,
		    "the server has too many logins waiting: '%s'", text);
	if (s->tap.before[0] != '\0')
		return session_fail(s, MUSTER_NOT_SSH,
		    "port %u does not speak SSH: '%s'", s->target.port, text);
	return session_fail(s, MUSTER_CONN_RESET,
	    "the server closed the connection while %s%s%s", doing,
	    s->tap.errnum != 0 ? ": " : "",
	    s->tap.errnum != 0 ? strerror(s->tap.errnum) : "");
}

/* Lets libssh2 free the server's SSH_MSG_KEXINIT, which the heap reads, if
 * it has not done so already. */
static void
learn_kexinit(struct session *s)
{
	s->tap.dead = true;
	while (libssh2_session_free(s->ssh) == LIBSSH2_ERROR_EAGAIN)
		;
	s->ssh = NULL;
}

/* Both sides of the list that has nothing in common, where it is known whole.
 */
static enum next
fail_nomatch(struct session *s)
{
	const struct heap *h = &s->heap;
	const struct {
		const char *what, *theirs;
		enum prefs_list ours;
	} lists[] = {{"kex", h->kex, PREFS_KEX},
	    {"host keys", h->hostkeys, PREFS_HOSTKEYS},
	    {"ciphers", h->ciphers, PREFS_CIPHERS}};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (strchr(lists[i].theirs, '+') == NULL &&
		    prefs_is_foreign(
			s->env->prefs, lists[i].ours, lists[i].theirs))
			return session_fail(s, MUSTER_KEX_NOMATCH,
			    "no algorithm in common: the server offers %s %s; "
			    "we offer %s",
			    lists[i].what, lists[i].theirs,
			    prefs_list(s->env->prefs, lists[i].ours));
	return session_fail(s, MUSTER_KEX_NOMATCH,
	    "no algorithm in common: the server offers kex %s; host keys %s; "
	    "ciphers %s",
	    h->kex, h->hostkeys, h->ciphers);
}

static enum next
fail_kex(struct session *s, int code, const char *message)
{
	bool rsa_only;

	learn_kexinit(s);
	if (code != LIBSSH2_ERROR_KEX_FAILURE || s->heap.n_kexinits < 2)
		return session_fail(s, MUSTER_EARLY_PROTO,
		    "the key exchange failed: %s", message);
	rsa_only = strstr(s->heap.hostkeys, "ssh-ed25519") == NULL &&
		   strstr(s->heap.hostkeys, "ecdsa") == NULL;
	if (rsa_only && !prefs_has_rsa_sha2())
		return session_fail(s, MUSTER_KEX_NOMATCH,
		    "RSA host keys need libssh2 1.11 or newer, this is %s "
		    "(the server offers %s)",
		    libssh2_version(0), s->heap.hostkeys);
	return fail_nomatch(s);
}

/* Why there is no connection any more: what the server said, what the system
 * said, or what libssh2 says. */
static const char *
cause(const struct session *s, const char *message)
{
	if (s->left)
		return s->goodbye;
	if (s->tap.errnum != 0)
		return strerror(s->tap.errnum);
	return s->tap.eof ? "closed by the server" : message;
}

/* Whether the command at hand may run. */
static bool
has_begun(const struct session *s)
{
	return s->exec.sent && s->state != MUSTER_READY;
}

static enum next
fail_running(struct session *s, const char *doing, const char *message)
{
	const char *why = cause(s, message);

	if (!s->tap.eof && !s->left)
		return session_fail(s,
		    has_begun(s) ? MUSTER_PROTO : MUSTER_EARLY_PROTO,
		    "the server broke the protocol while %s: %s", doing,
		    message);
	if (!has_begun(s))
		return session_fail(s, MUSTER_CONN_RESET,
		    "the connection broke while %s: %s", doing, why);
	return session_fail(
	    s, MUSTER_LOST, "the connection was lost while %s: %s", doing, why);
}

/* Whether a program or a bastion that was the way is why. What a server says
 * before its identification tells more. */
static bool
is_way_gone(const struct session *s, int code)
{
	return s->way_end != NULL && s->tap.eof && !s->left &&
	       code != LIBSSH2_ERROR_KEX_FAILURE &&
	       (s->state != MUSTER_BANNER || s->tap.before[0] == '\0');
}

static enum next
fail_way(struct session *s, const char *doing)
{
	if (s->state == MUSTER_CONNECT)
		return session_fail(s, MUSTER_JUMP_FAIL, "%s", s->way_end);
	return session_fail(s, has_begun(s) ? MUSTER_LOST : MUSTER_JUMP_FAIL,
	    "%s, while %s", s->way_end, doing);
}

enum next
session_fail_io(struct session *s, const char *doing)
{
	char message[128] = "";
	char *text = NULL;
	int code = 0;

	if (s->ssh != NULL) {
		code = libssh2_session_last_error(s->ssh, &text, NULL, 0);
		if (text != NULL)
			muster_clean_text(
			    message, sizeof(message), text, strlen(text));
	}
	if (is_way_gone(s, code))
		return fail_way(s, doing);
	switch (s->state) {
	case MUSTER_BANNER:
		return fail_banner(s, doing);
	case MUSTER_KEX:
		if (s->left)
			break;
		if (s->tap.eof && code != LIBSSH2_ERROR_KEX_FAILURE)
			return fail_banner(s, doing);
		return fail_kex(s, code, message);
	case MUSTER_AUTH:
	case MUSTER_OPEN:
	case MUSTER_RUNNING:
	case MUSTER_READY:
		return fail_running(s, doing, message);
	case MUSTER_QUEUED:
	case MUSTER_RESOLVE:
	case MUSTER_CONNECT:
	case MUSTER_HOSTKEY:
	case MUSTER_CLOSING:
	case MUSTER_CLOSED:
	case MUSTER_N_STATES:
		break;
	}
	return session_fail(s, MUSTER_CONN_RESET,
	    "the connection broke while %s: %s", doing, cause(s, message));
}
