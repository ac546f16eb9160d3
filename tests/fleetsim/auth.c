/*
 * auth.c -- who may come in.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 * A host has some paths, each a row of methods to be passed in order. The
 * methods that can continue are the next ones of those paths that begin
 * with what was passed so far.
 */
#include "config.h"

#include "auth.h"
#include "ledger.h"
#include "scenario.h"
#include "server.h"

#include <string.h>

/* One authentication request being looked at. */
struct request {
	struct rd rest; /* the method's own fields */
	const uint8_t *payload;
	enum auth_method method;
};

enum verdict { REFUSED, PASSED, ANSWERED };

static bool
is_word(const uint8_t *data, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(data, word, len) == 0;
}

/* Whether `path` begins with what was passed, and what then follows. */
static bool
path_next(const struct auth *a, const struct auth_path *path, uint8_t *next)
{
	if (a->n_done >= path->n ||
	    memcmp(a->done, path->methods, a->n_done) != 0)
		return false;
	*next = path->methods[a->n_done];
	return true;
}

static bool
may_continue(const struct session *s, enum auth_method method)
{
	uint8_t next;

	for (size_t i = 0; i < s->host->n_paths; i++)
		if (path_next(&s->auth, &s->host->paths[i], &next) &&
		    next == (uint8_t)method)
			return true;
	return false;
}

static bool
is_path_whole(const struct session *s)
{
	const struct auth *a = &s->auth;

	for (size_t i = 0; i < s->host->n_paths; i++) {
		const struct auth_path *path = &s->host->paths[i];

		if (path->n == a->n_done &&
		    memcmp(path->methods, a->done, path->n) == 0)
			return true;
	}
	return false;
}

static void
send_failure(struct session *s, bool partial)
{
	struct buf *m = sim_message(s, SSH_USERAUTH_FAILURE);
	struct buf list;

	buf_init(&list, 256);
	for (enum auth_method i = AUTH_PUBLICKEY; i < N_AUTH_METHODS; i++) {
		if (!may_continue(s, i))
			continue;
		if (list.len > 0)
			(void)buf_addc(&list, ',');
		(void)buf_adds(&list, sim_auth_names[i]);
	}
	buf_add_string(m, buf_data(&list), list.len);
	buf_add_u8(m, partial);
	buf_clear(&list);
	sim_session_send(s, m);
}

static void
refuse(struct session *s, enum auth_method method)
{
	/* The first "none" is a question, not an attempt (RFC 4252 5.2). */
	if (method != AUTH_NONE)
		s->auth.tries++;
	if (s->auth.tries >= s->host->max_tries)
		sim_session_disconnect(
		    s, SSH_PROTOCOL_ERROR, "Too many authentication failures");
	else
		send_failure(s, false);
}

void
sim_auth_let_in(struct session *s)
{
	s->authenticated = true;
	s->host->ledger->logins++;
	sim_ledger_note(s->host, s->sim, "login", "user=%s", s->auth.user);
	sim_session_send(s, sim_message(s, SSH_USERAUTH_SUCCESS));
	sim_scenario_login(s);
}

static void
pass(struct session *s, enum auth_method method)
{
	struct auth *a = &s->auth;

	a->done[a->n_done++] = (uint8_t)method;
	if (!is_path_whole(s)) {
		send_failure(s, true);
		return;
	}
	sim_auth_let_in(s);
}

static void
finish(struct session *s, enum auth_method method, enum verdict verdict)
{
	if (verdict != ANSWERED)
		sim_ledger_note(s->host, s->sim, "auth", "method=%s %s",
		    sim_auth_names[method],
		    verdict == PASSED ? "ok" : "refused");
	if (verdict == PASSED)
		pass(s, method);
	else if (verdict == REFUSED)
		refuse(s, method);
}

static bool
is_user(const struct session *s)
{
	return s->host->user == NULL ||
	       strcmp(s->host->user, s->auth.user) == 0;
}

static bool
has_key(const struct user_key *list, const struct buf *blob)
{
	for (; list != NULL; list = list->next)
		if (list->len == blob->len &&
		    memcmp(list->blob, buf_data(blob), blob->len) == 0)
			return true;
	return false;
}

static bool
is_authorised(const struct session *s, const uint8_t *blob, size_t len)
{
	struct buf normal;
	bool ok;

	buf_init(&normal, 16 * 1024);
	ok = sim_key_normal(blob, len, &normal) &&
	     (has_key(s->host->user_keys, &normal) ||
		 has_key(s->sim->user_keys, &normal));
	buf_clear(&normal);
	return ok;
}

/* The signature is over the session id and the request up to it. */
static bool
is_signed(struct session *s, const struct request *q, const char *algorithm,
    struct rd blob)
{
	struct rd rest = q->rest;
	const uint8_t *sig;
	struct buf data;
	struct rd r;
	size_t len;
	bool ok;

	if (!rd_string(&rest, &sig, &len))
		return false;
	buf_init(&data, SIM_PACKET_MAX);
	buf_add_string(&data, s->id, sizeof(s->id));
	buf_add(&data, q->payload, (size_t)(sig - 4 - q->payload));
	rd_init(&r, sig, len);
	ok = sim_key_verify(blob, algorithm, r, buf_data(&data), data.len);
	buf_clear(&data);
	return ok;
}

static enum verdict
try_publickey(struct session *s, struct request *q)
{
	const uint8_t *blob;
	char algorithm[64];
	struct rd key;
	uint8_t has_sig;
	struct buf *m;
	size_t len;

	if (!rd_u8(&q->rest, &has_sig) ||
	    !rd_cstring(&q->rest, algorithm, sizeof(algorithm)) ||
	    !rd_string(&q->rest, &blob, &len))
		return REFUSED;
	if (has_sig)
		s->host->ledger->auth_publickey++;
	else
		s->host->ledger->auth_probe++;
	if (!is_user(s) || !is_authorised(s, blob, len))
		return REFUSED;
	if (has_sig) {
		rd_init(&key, blob, len);
		return is_signed(s, q, algorithm, key) ? PASSED : REFUSED;
	}
	m = sim_message(s, SSH_USERAUTH_PK_OK);
	buf_add_cstring(m, algorithm);
	buf_add_string(m, blob, len);
	sim_session_send(s, m);
	return ANSWERED;
}

static bool
is_password(const struct session *s, const uint8_t *text, size_t len)
{
	return is_user(s) && s->host->password != NULL &&
	       is_word(text, len, s->host->password);
}

static enum verdict
try_password(struct session *s, struct request *q)
{
	const uint8_t *text;
	uint8_t change;
	size_t len;

	s->host->ledger->auth_password++;
	if (!rd_u8(&q->rest, &change) || change != 0 ||
	    !rd_string(&q->rest, &text, &len))
		return REFUSED;
	return is_password(s, text, len) ? PASSED : REFUSED;
}

/* Asks one question, RFC 4256 s. 3.2. */
static void
ask(struct session *s, const char *question, bool echo)
{
	struct buf *m = sim_message(s, SSH_USERAUTH_INFO_REQUEST);

	buf_add_cstring(m, "");
	buf_add_cstring(m, "");
	buf_add_cstring(m, "");
	buf_add_u32(m, 1);
	buf_add_cstring(m, question);
	buf_add_u8(m, echo);
	sim_session_send(s, m);
}

static void
ask_code(struct session *s)
{
	s->auth.asked = ASKED_CODE;
	ask(s, "Verification code: ", true);
}

static enum verdict
begin_questions(struct session *s)
{
	s->host->ledger->auth_interactive++;
	if (s->host->password == NULL && s->host->code != NULL) {
		ask_code(s);
		return ANSWERED;
	}
	s->auth.asked = ASKED_PASSWORD;
	ask(s, "Password: ", false);
	return ANSWERED;
}

static bool
is_code(const struct session *s, const uint8_t *text, size_t len)
{
	return s->host->code != NULL && is_word(text, len, s->host->code);
}

static void
on_answer(struct session *s, struct rd *r)
{
	int asked = s->auth.asked;
	const uint8_t *text;
	uint32_t n;
	size_t len;
	bool ok;

	if (asked == ASKED_NOTHING) {
		sim_session_disconnect(
		    s, SSH_PROTOCOL_ERROR, "unexpected message");
		return;
	}
	s->auth.asked = ASKED_NOTHING;
	ok = rd_u32(r, &n) && n == 1 && rd_string(r, &text, &len) &&
	     (asked == ASKED_CODE ? is_code(s, text, len)
				  : is_password(s, text, len));
	if (ok && asked == ASKED_PASSWORD && s->host->code != NULL)
		ask_code(s);
	else
		finish(s, AUTH_INTERACTIVE, ok ? PASSED : REFUSED);
}

static enum verdict
try_method(struct session *s, struct request *q)
{
	if (q->method == AUTH_NONE)
		s->host->ledger->auth_none++;
	if (!may_continue(s, q->method))
		return REFUSED;
	switch (q->method) {
	case AUTH_NONE:
		return is_user(s) ? PASSED : REFUSED;
	case AUTH_PUBLICKEY:
		return try_publickey(s, q);
	case AUTH_PASSWORD:
		return try_password(s, q);
	case AUTH_INTERACTIVE:
		return begin_questions(s);
	case N_AUTH_METHODS:
		break;
	}
	return REFUSED;
}

static bool
read_method(struct rd *r, enum auth_method *method)
{
	const uint8_t *name;
	size_t len;

	if (!rd_string(r, &name, &len))
		return false;
	for (enum auth_method i = AUTH_NONE; i < N_AUTH_METHODS; i++) {
		if (is_word(name, len, sim_auth_names[i])) {
			*method = i;
			return true;
		}
	}
	*method = N_AUTH_METHODS;
	return true;
}

static void
send_motd(struct session *s)
{
	struct buf *m;

	if (s->host->motd == NULL || s->auth.user[0] != '\0')
		return;
	m = sim_message(s, SSH_USERAUTH_BANNER);
	buf_add_cstring(m, s->host->motd);
	buf_add_cstring(m, "");
	sim_session_send(s, m);
}

static void
on_request(struct session *s, const uint8_t *payload, size_t len)
{
	struct request q = {.payload = payload};
	char service[32], user[sizeof(s->auth.user)];

	rd_init(&q.rest, payload + 1, len - 1);
	if (!rd_cstring(&q.rest, user, sizeof(user)) ||
	    !rd_cstring(&q.rest, service, sizeof(service)) ||
	    !read_method(&q.rest, &q.method) ||
	    strcmp(service, "ssh-connection") != 0) {
		sim_session_disconnect(
		    s, SSH_PROTOCOL_ERROR, "bad authentication request");
		return;
	}
	if (s->authenticated)
		return;
	send_motd(s);
	if (strcmp(user, s->auth.user) != 0)
		s->auth.n_done = 0;
	memcpy(s->auth.user, user, sizeof(user));
	s->auth.asked = false;
	if (sim_scenario_auth(s, q.method))
		return;
	if (q.method == N_AUTH_METHODS)
		send_failure(s, false);
	else
		finish(s, q.method, try_method(s, &q));
}

void
sim_auth_message(struct session *s, const uint8_t *payload, size_t len)
{
	struct rd r;

	rd_init(&r, payload + 1, len - 1);
	switch (payload[0]) {
	case SSH_USERAUTH_REQUEST:
		on_request(s, payload, len);
		break;
	case SSH_USERAUTH_INFO_RESPONSE:
		on_answer(s, &r);
		break;
	default:
		sim_session_disconnect(
		    s, SSH_PROTOCOL_ERROR, "unexpected message");
		break;
	}
	if (s->host->auth_delay_ms > 0 && !s->dead && !s->authenticated)
		sim_session_pause(s, s->host->auth_delay_ms);
}
