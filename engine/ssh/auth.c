/*
 * auth.c -- the AUTH step: proving who we are.
 *
 * Room: engine/ssh.  May touch: this room, base/, crypto/key.h.
 * Each key is offered once, by RFC 4252 s. 7: libssh2 asks whether the key
 * would do, and only then calls back for the signature, which is made
 * elsewhere meanwhile (a helper thread, the agent). What servers answer to
 * a refused key is learnt from the heap: libssh2 does not tell.
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/trace.h"
#include "crypto/key.h"
#include "ssh/identities.h"
#include "ssh/prefs.h"
#include "ssh/session_impl.h"

#include <stdlib.h>
#include <string.h>

/* The longest thing to sign: session id, user, algorithm and blob. */
#define SIGNED_MAX (64 * 1024)

struct auth {
	struct session *session; /* borrowed */
	size_t next;             /* identity to offer */
	bool offering;           /* libssh2 is at work with it */
	unsigned n_offered;
	struct buf blob; /* as it is offered */
	struct buf signature;
	struct signing *signing; /* under way */
	enum { SIGN_IDLE, SIGN_WAIT, SIGN_DONE, SIGN_FAILED } sign;
	struct muster_error why; /* of SIGN_FAILED */
	bool skipped_rsa;        /* a key that this libssh2 cannot use here */
};

static struct auth *
auth_new(struct session *s)
{
	struct auth *a = mem_new(sizeof(*a));

	a->session = s;
	buf_init(&a->blob, SIGNED_MAX);
	buf_init(&a->signature, SIGNED_MAX);
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
	buf_clear(&a->blob);
	buf_clear(&a->signature);
	free(a);
}

/* ---- signing ---- */

static void
on_signed(
    void *arg, const struct buf *signature, const struct muster_error *err)
{
	struct auth *a = arg;

	a->signing = NULL;
	a->sign = SIGN_FAILED;
	if (signature == NULL)
		a->why = *err;
	else if (buf_add(&a->signature, buf_data(signature), signature->len))
		a->sign = SIGN_DONE;
	session_poke(a->session);
}

/* The name of the algorithm in what shall be signed (RFC 4252 s. 7). */
static bool
read_algorithm(const void *data, size_t len, char name[KEY_TYPE_BYTES])
{
	const uint8_t *skipped;
	struct rd r;
	uint8_t byte;
	size_t n;

	rd_init(&r, data, len);
	return rd_string(&r, &skipped, &n) && /* session identifier */
	       rd_u8(&r, &byte) &&            /* SSH_MSG_USERAUTH_REQUEST */
	       rd_string(&r, &skipped, &n) && /* user name */
	       rd_string(&r, &skipped, &n) && /* "ssh-connection" */
	       rd_string(&r, &skipped, &n) && /* "publickey" */
	       rd_u8(&r, &byte) && rd_cstring(&r, name, KEY_TYPE_BYTES);
}

static int
begin_signing(struct auth *a, const unsigned char *data, size_t len)
{
	struct identities *ids = a->session->env->identities;
	char algorithm[KEY_TYPE_BYTES];
	struct buf copy;

	buf_init(&copy, SIGNED_MAX);
	if (!read_algorithm(data, len, algorithm) || !buf_add(&copy, data, len))
		return -1;
	a->sign = SIGN_WAIT;
	a->signing = identities_sign(
	    ids, identities_at(ids, a->next), algorithm, &copy, on_signed, a);
	buf_clear(&copy);
	return LIBSSH2_ERROR_EAGAIN;
}

/* libssh2 wants a signature; on EAGAIN it asks again with the same data. */
static int
on_sign(LIBSSH2_SESSION *ssh, unsigned char **signature, size_t *signature_len,
    const unsigned char *data, size_t len, void **abstract)
{
	struct auth *a = *abstract;
	void *heap = &a->session->heap;

	(void)ssh;
	switch (a->sign) {
	case SIGN_IDLE:
		return begin_signing(a, data, len);
	case SIGN_WAIT:
		return LIBSSH2_ERROR_EAGAIN;
	case SIGN_FAILED:
		return -1;
	case SIGN_DONE:
		break;
	}
	*signature = heap_alloc(a->signature.len, &heap);
	memcpy(*signature, buf_data(&a->signature), a->signature.len);
	*signature_len = a->signature.len;
	return 0;
}

/* ---- which key next ---- */

/* OpenSSH from 7.2 takes an RSA key under the name of the signature. */
static bool
is_openssh_with_sha2(const char *software)
{
	const char *version = strstr(software, "OpenSSH_");
	unsigned major = 0, minor = 0;

	if (version == NULL)
		return false;
	for (version += 8; str_is_digit(*version); version++)
		major = major * 10 + (unsigned)(*version - '0');
	if (*version++ == '.')
		for (; str_is_digit(*version); version++)
			minor = minor * 10 + (unsigned)(*version - '0');
	return major > 7 || (major == 7 && minor >= 2);
}

/* Makes the blob as libssh2 shall offer it; false when it cannot. */
static bool
prepare(struct auth *a, const struct identity *id)
{
	buf_reset(&a->blob);
	buf_reset(&a->signature);
	a->sign = SIGN_IDLE;
	if (strcmp(id->type, "ssh-rsa") != 0 || prefs_has_rsa_sha2())
		return buf_add(&a->blob, id->blob, id->len);
	if (is_openssh_with_sha2(a->session->tap.software))
		return key_blob_retype(
		    id->blob, id->len, "rsa-sha2-512", &a->blob);
	a->skipped_rsa = true;
	return false;
}

static bool
accepts(const struct session *s, const char *method)
{
	return s->heap.n_failures == 0 ||
	       strstr(s->heap.methods, method) != NULL;
}

/* ---- the end of it ---- */

static enum next
fail_denied(struct session *s)
{
	const char *agent = identities_agent_error(s->env->identities);
	struct auth *a = s->auth;
	char methods[sizeof(s->heap.methods)];

	muster_clean_text(
	    methods, sizeof(methods), s->heap.methods, strlen(s->heap.methods));
	if (a->sign == SIGN_FAILED)
		return session_fail(s,
		    a->why.code == MUSTER_ERR_AGENT ? MUSTER_AUTH_AGENT
						    : MUSTER_AUTH_KEY,
		    "cannot sign for user '%s': %s", s->target.user,
		    a->why.text);
	if (a->n_offered == 0 && agent != NULL)
		return session_fail(s, MUSTER_AUTH_AGENT,
		    "no key to offer for user '%s': %s", s->target.user, agent);
	if (a->skipped_rsa)
		return session_fail(s, MUSTER_AUTH_KEY_UNSUPPORTED,
		    "RSA keys need libssh2 1.11 or newer for this server; "
		    "this is libssh2 %s",
		    libssh2_version(0));
	if (a->n_offered == 0)
		return session_fail(s, MUSTER_AUTH_NO_METHOD,
		    "no key to offer for user '%s' (server accepts: %s)",
		    s->target.user, methods);
	if (s->heap.partial || !accepts(s, "publickey"))
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

	if (s->heap.n_failures > 0)
		return session_fail(s, MUSTER_AUTH_DENIED,
		    "the server ended the login of user '%s' after %u keys: "
		    "too many (MaxAuthTries)?",
		    s->target.user, a->n_offered);
	return session_fail_io(s, "logging in");
}

/* No key at all: what would the server take? It may even want nothing. */
static enum next
ask_methods(struct session *s)
{
	const char *user = s->target.user;
	const char *list =
	    libssh2_userauth_list(s->ssh, user, (unsigned)strlen(user));

	if (list != NULL)
		return fail_denied(s);
	if (libssh2_userauth_authenticated(s->ssh))
		return FORWARD;
	if (libssh2_session_last_errno(s->ssh) == LIBSSH2_ERROR_EAGAIN &&
	    !s->tap.eof)
		return AGAIN;
	return fail_broken(s);
}

/* Offers one key. FORWARD: logged in; FAILED: refused, or worse. */
static enum next
offer(struct session *s, struct auth *a)
{
	void *abstract = a;
	int rc = libssh2_userauth_publickey(s->ssh, s->target.user,
	    buf_data(&a->blob), a->blob.len, on_sign, &abstract);

	if (rc == 0)
		return FORWARD;
	if (rc == LIBSSH2_ERROR_EAGAIN && !s->tap.eof)
		return AGAIN;
	return FAILED;
}

static enum next
offer_keys(struct session *s)
{
	struct identities *ids = s->env->identities;
	struct auth *a = s->auth;

	for (; a->next < identities_n(ids); a->next++, a->offering = false) {
		const struct identity *id = identities_at(ids, a->next);
		enum next next;

		if (!a->offering && !prepare(a, id))
			continue;
		if (!a->offering)
			a->n_offered++;
		a->offering = true;
		next = offer(s, a);
		if (next != FAILED) {
			if (next == FORWARD)
				TRACE("auth", "%s logged in with %s",
				    s->target.name, id->label);
			return next;
		}
		TRACE("auth", "%s refused %s", s->target.name, id->label);
		if (s->tap.eof || a->sign == SIGN_WAIT ||
		    (a->sign != SIGN_FAILED && s->heap.n_failures == 0))
			return fail_broken(s);
		if (a->sign == SIGN_FAILED || !accepts(s, "publickey"))
			return fail_denied(s);
	}
	return a->n_offered == 0 ? ask_methods(s) : fail_denied(s);
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
	next = offer_keys(s);
	if (next == FORWARD) {
		s->tap.early = false;
		auth_free(s->auth);
		s->auth = NULL;
	}
	return next;
}
