/*
 * auth_key.c -- offering keys, and signing with them.
 *
 * Room: engine/ssh.  May touch: this room, base/, crypto/key.h.
 * Each key is offered once, by RFC 4252 s. 7: libssh2 asks whether the key
 * would do, and only then calls back for the signature, which is made
 * elsewhere meanwhile (a helper thread, the agent).
 */
#include "config.h"

#include "ssh/auth.h"
#include "base/str.h"
#include "base/trace.h"
#include "crypto/key.h"
#include "ssh/identities.h"
#include "ssh/loop.h"
#include "ssh/prefs.h"

#include <string.h>

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

/* OPEN: go on; LOCKED: the passphrase is being asked for. Whoever waits for
 * a person is not late. */
static enum identity_lock
unlock(struct auth *a)
{
	struct session *s = a->session;
	struct identities *ids = s->env->identities;
	struct muster_error why;
	enum identity_lock lock = identities_look(ids, a->next, &why);

	if (lock == IDENTITY_LOCKED) {
		timer_stop(s->deadline);
		identities_open(ids, a->next, session_poke_arg, s);
	} else if (a->unlocking) {
		session_start_deadline(s);
	}
	a->unlocking = lock == IDENTITY_LOCKED;
	if (lock == IDENTITY_SHUT) {
		a->sign_failed = true;
		a->why = why;
	}
	return lock;
}

static int
begin_signing(struct auth *a, const unsigned char *data, size_t len)
{
	struct identities *ids = a->session->env->identities;
	char algorithm[KEY_TYPE_BYTES];
	struct buf copy;

	buf_init(&copy, AUTH_SIGNED_MAX);
	if (!read_algorithm(data, len, algorithm) || !buf_add(&copy, data, len))
		return -1;
	a->sign = SIGN_WAIT;
	a->signing = identities_sign(
	    ids, identities_at(ids, a->next), algorithm, &copy, on_signed, a);
	buf_clear(&copy);
	return LIBSSH2_ERROR_EAGAIN;
}

static int
unlock_and_sign(struct auth *a, const unsigned char *data, size_t len)
{
	switch (unlock(a)) {
	case IDENTITY_OPEN:
		return begin_signing(a, data, len);
	case IDENTITY_LOCKED:
		return LIBSSH2_ERROR_EAGAIN;
	case IDENTITY_SHUT:
		break;
	}
	a->sign = SIGN_FAILED;
	return -1;
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
		return unlock_and_sign(a, data, len);
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

/* libssh2 1.10 names the algorithm of a signature rightly for ECDSA alone. */
static bool
can_certify(const char *type)
{
	return prefs_has_rsa_sha2() || str_starts(type, "ecdsa-sha2-");
}

/* The signatures of security keys have more parts than 1.10 has room for. */
static bool
is_token(const char *type)
{
	return str_starts(type, "sk-");
}

/* Makes the blob as libssh2 shall offer it; false when it cannot. */
static bool
prepare(struct auth *a, const struct identity *id)
{
	const struct session *s = a->session;
	const char *rsa = prefs_rsa_algorithm(s->env->prefs);

	buf_reset(&a->blob);
	buf_reset(&a->signature);
	a->sign = SIGN_IDLE;
	if (!prefs_take_key(s->env->prefs, id->type)) {
		TRACE("auth", "%s is offered no %s: PubkeyAcceptedAlgorithms",
		    s->target.name, id->label);
		a->skipped_key = true;
		return false;
	}
	if (key_type_is_certificate(id->type) && !can_certify(id->type)) {
		a->skipped_certificate = true;
		return false;
	}
	if (is_token(id->type) && !prefs_has_rsa_sha2()) {
		a->skipped_token = true;
		return false;
	}
	if (strcmp(id->type, "ssh-rsa") != 0 || prefs_has_rsa_sha2())
		return buf_add(&a->blob, id->blob, id->len);
	if (rsa != NULL && is_openssh_with_sha2(s->tap.software))
		return key_blob_retype(id->blob, id->len, rsa, &a->blob);
	a->skipped_rsa = true;
	return false;
}

/* Offers one key. FORWARD: logged in; FAILED: refused, or worse. */
static enum next
offer(struct session *s, struct auth *a)
{
	void *abstract = a;
	int rc = libssh2_userauth_publickey(s->ssh, s->target.user,
	    buf_data(&a->blob), a->blob.len, on_sign, &abstract);

	if (rc == 0 && a->sign != SIGN_DONE)
		auth_note_unproven(s);
	if (rc == 0)
		return FORWARD;
	if (rc == LIBSSH2_ERROR_EAGAIN && !s->tap.eof)
		return AGAIN;
	return FAILED;
}

/* A key was not taken. A signature that could not be made is no fault of
 * the others: they have their turn. */
static void
note_refusal(struct session *s, const struct identity *id)
{
	struct auth *a = s->auth;

	TRACE("auth", "%s refused %s", s->target.name, id->label);
	if (a->sign == SIGN_FAILED)
		a->sign_failed = true;
	else if (s->heap.n_failures == 0)
		a->broken = true;
	a->offering = false;
	/* Where keys are not the first step, it may yet be one's turn. */
	if (auth_accepts(s, "publickey") || s->heap.partial ||
	    a->sign == SIGN_FAILED)
		a->next++;
	else
		a->n_offered--;
}

/* Whether a key can be offered at all. AGAIN: when its passphrase is there,
 * as nothing is known of it before. */
static enum next
get_ready(struct session *s, struct auth *a, const struct identity *id)
{
	struct muster_error why;

	if (id->len == 0) {
		enum identity_lock lock = unlock(a);

		if (lock != IDENTITY_OPEN)
			return lock == IDENTITY_LOCKED ? AGAIN : FAILED;
	} else if (identities_look(s->env->identities, a->next, &why) ==
		   IDENTITY_SHUT) {
		a->sign_failed = true;
		a->why = why;
		return FAILED;
	}
	if (!prepare(a, id))
		return FAILED;
	TRACE(
	    "auth", "%s is offered %s %s", s->target.name, id->type, id->label);
	a->n_offered++;
	a->offering = true;
	return FORWARD;
}

enum next
auth_offer_keys(struct session *s)
{
	struct identities *ids = s->env->identities;
	struct auth *a = s->auth;

	while (a->next < identities_n(ids) && auth_accepts(s, "publickey")) {
		const struct identity *id = identities_at(ids, a->next);
		enum next next = FORWARD;

		if (!a->offering)
			next = get_ready(s, a, id);
		if (next == AGAIN)
			return s->tap.eof ? FAILED : AGAIN;
		if (next == FAILED) {
			a->next++;
			continue;
		}
		next = offer(s, a);
		if (next == FORWARD)
			TRACE("auth", "%s logged in with %s", s->target.name,
			    id->label);
		if (next != FAILED)
			return next;
		note_refusal(s, id);
		if (s->tap.eof || a->broken)
			return FAILED;
	}
	return FAILED;
}
