/*
 * handshake.c -- from a name to a key exchange: RESOLVE, BANNER, KEX.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 */
#include "config.h"

#include "base/str.h"
#include "ssh/forward.h"
#include "ssh/prefs.h"
#include "ssh/session_impl.h"

#include <limits.h>
#include <string.h>

/* libssh2 wants a descriptor, for nothing once its bytes are ours: one that
 * cannot be open is never touched. */
#define FD INT_MAX

/* ---- RESOLVE ---- */

static void
on_resolved(void *arg, const struct resolve_answer *answer)
{
	struct session *s = arg;

	s->resolve = NULL;
	if (answer->outcome != MUSTER_PENDING) {
		session_fail(s, answer->outcome, "cannot resolve '%s': %s",
		    s->target.address, answer->text);
		return;
	}
	memcpy(s->addresses, answer->addresses,
	    answer->n * sizeof(answer->addresses[0]));
	s->n_addresses = answer->n;
	session_poke(s);
}

enum next
step_resolve(struct session *s)
{
	const struct resolve_question question = {
	    s->target.address, s->target.port, s->target.family};

	if (s->target.proxy_command != NULL || s->target.is_behind) {
		trust_begin(s);
		return FORWARD;
	}
	if (s->n_addresses > 0)
		return FORWARD;
	if (s->resolve == NULL) {
		trust_begin(s);
		s->resolve = resolve_start(
		    s->env->names, s->env->loop, &question, on_resolved, s);
	}
	return AGAIN;
}

/* ---- BANNER ---- */

static ssize_t
on_recv(
    libssh2_socket_t fd, void *buffer, size_t len, int flags, void **abstract)
{
	struct session *s = *abstract;

	(void)fd;
	(void)flags;
	return tap_recv(&s->tap, buffer, len);
}

static ssize_t
on_send(libssh2_socket_t fd, const void *buffer, size_t len, int flags,
    void **abstract)
{
	struct session *s = *abstract;

	(void)fd;
	(void)flags;
	return tap_send(&s->tap, buffer, len);
}

/* RFC 4253 s. 11.1. */
static void
on_disconnect(LIBSSH2_SESSION *ssh, int reason, const char *text, int len,
    const char *language, int language_len, void **abstract)
{
	struct session *s = *abstract;

	(void)ssh;
	(void)reason;
	(void)language;
	(void)language_len;
	s->left = true;
	muster_clean_text(
	    s->goodbye, sizeof(s->goodbye), text, len > 0 ? (size_t)len : 0);
}

static void
set_callbacks(LIBSSH2_SESSION *ssh)
{
#ifdef HAVE_LIBSSH2_SESSION_CALLBACK_SET2
	(void)libssh2_session_callback_set2(
	    ssh, LIBSSH2_CALLBACK_RECV, (libssh2_cb_generic *)on_recv);
	(void)libssh2_session_callback_set2(
	    ssh, LIBSSH2_CALLBACK_SEND, (libssh2_cb_generic *)on_send);
	(void)libssh2_session_callback_set2(ssh, LIBSSH2_CALLBACK_DISCONNECT,
	    (libssh2_cb_generic *)on_disconnect);
#else
	union {
		ssize_t (*recv)(libssh2_socket_t, void *, size_t, int, void **);
		ssize_t (*send)(
		    libssh2_socket_t, const void *, size_t, int, void **);
		LIBSSH2_DISCONNECT_FUNC((*disconnect));
		void *data;
	} callback;

	callback.recv = on_recv;
	(void)libssh2_session_callback_set(
	    ssh, LIBSSH2_CALLBACK_RECV, callback.data);
	callback.send = on_send;
	(void)libssh2_session_callback_set(
	    ssh, LIBSSH2_CALLBACK_SEND, callback.data);
	callback.disconnect = on_disconnect;
	(void)libssh2_session_callback_set(
	    ssh, LIBSSH2_CALLBACK_DISCONNECT, callback.data);
#endif
}

static bool
start_ssh(struct session *s)
{
	s->ssh =
	    libssh2_session_init_ex(heap_alloc, heap_free, heap_realloc, s);
	if (s->ssh == NULL)
		return false;
	libssh2_session_set_blocking(s->ssh, 0);
#ifdef HAVE_LIBSSH2_SESSION_SET_READ_TIMEOUT
	/* Ours are shorter; this one would end a patient login. */
	libssh2_session_set_read_timeout(s->ssh, 24L * 3600);
#endif
	set_callbacks(s->ssh);
	forward_allow(s);
	return prefs_set(s->env->prefs, s->ssh, s->known, s->env->compress) ==
	       0;
}

/* The first bytes of a peer that speaks something else, for a message. */
static enum next
fail_not_ssh(struct session *s)
{
	char text[64];

	muster_clean_text(
	    text, sizeof(text), s->tap.before, strlen(s->tap.before));
	return session_fail(s, MUSTER_NOT_SSH,
	    "port %u does not speak SSH: '%s'", s->target.port, text);
}

enum next
step_banner(struct session *s)
{
	int rc;

	if (!trust_is_ready(s))
		return AGAIN;
	if (s->ssh == NULL && !start_ssh(s))
		return session_fail(
		    s, MUSTER_LOCAL_RES, "libssh2 cannot start a session");
	switch (s->tap.banner) {
	case TAP_BANNER_WAIT:
		break;
	case TAP_BANNER_OK:
		return FORWARD;
	case TAP_BANNER_SSH1:
		return session_fail(s, MUSTER_SSH1_ONLY,
		    "the server speaks SSH 1 only, which is not safe");
	case TAP_BANNER_NOT_SSH:
		return fail_not_ssh(s);
	}
	if (s->tap.eof)
		return session_fail_io(s, "waiting for the identification");
	/* Sends our identification, then waits for the server's. */
	rc = libssh2_session_handshake(s->ssh, FD);
	if (rc != 0 && rc != LIBSSH2_ERROR_EAGAIN)
		return session_fail_io(s, "sending the identification");
	return AGAIN;
}

/* ---- KEX ---- */

enum next
step_kex(struct session *s)
{
	int rc = libssh2_session_handshake(s->ssh, FD);

	if (rc == 0)
		return FORWARD;
	if (rc == LIBSSH2_ERROR_EAGAIN && !s->tap.eof)
		return AGAIN;
	return session_fail_io(s, "exchanging keys");
}
