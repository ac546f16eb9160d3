/*
 * auth_talk.c -- the questions of a server (keyboard-interactive, RFC 4256).
 *
 * Room: engine/ssh.  May touch: this room, base/.
 * What is plainly for the password gets that, once; everything else is put to
 * a person, for this host alone, if there is one. libssh2 calls back for the
 * answers and wants them at once: its call is made aside, and stops there.
 */
#include "config.h"

#include "ssh/auth.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/secret.h"
#include "ssh/airbag.h"
#include "ssh/aside.h"
#include "ssh/loop.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BROKEN (-10000) /* in place of an answer of libssh2's: it asserted */

struct line {
	char *text; /* owned; as the server sent it */
	bool echo;
	struct secret *answer; /* counted; NULL: none yet */
};

struct talk {
	struct session *session; /* borrowed */
	struct aside *aside;     /* owned */
	int rc;                  /* what the call that ended gave */
	unsigned n_rounds;
	bool over_limit;
	struct line lines[LIMIT_QUESTIONS];
	size_t n, next; /* lines; the one that is being answered */
	char *more;     /* owned; what the server says before them */
};

static void
clear_lines(struct talk *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->lines[i].text);
		secret_free(t->lines[i].answer);
	}
	free(t->more);
	t->more = NULL;
	t->n = t->next = 0;
}

/* ---- aside ---- */

static bool
take_lines(struct talk *t, int n, const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompts)
{
	clear_lines(t);
	if (++t->n_rounds > LIMIT_QUESTION_ROUNDS || n > LIMIT_QUESTIONS)
		return false;
	for (int i = 0; i < n; i++) {
		if (prompts[i].length > LIMIT_QUESTION_BYTES)
			return false;
		t->lines[t->n++] = (struct line){
		    .text = mem_strndup(
			(const char *)prompts[i].text, prompts[i].length),
		    .echo = prompts[i].echo != 0};
	}
	return true;
}

static void
put(const struct secret *secret, LIBSSH2_USERAUTH_KBDINT_RESPONSE *answer,
    void **abstract)
{
	size_t len = secret_len(secret);

	answer->text = heap_alloc(len + 1, abstract);
	memcpy(answer->text, secret_data(secret), len);
	answer->length = (unsigned)len;
}

/* Where there is no answer it stays empty, and the server refuses it. */
static void
fill(struct talk *t, LIBSSH2_USERAUTH_KBDINT_RESPONSE *answers, void **abstract)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->lines[i].answer != NULL)
			put(t->lines[i].answer, &answers[i], abstract);
	clear_lines(t);
}

/* With nobody to ask: one hidden question is for the password, once. */
static void
answer_alone(struct auth *a, int n,
    const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompts,
    LIBSSH2_USERAUTH_KBDINT_RESPONSE *answers, void **abstract)
{
	if (n != 1 || prompts[0].echo || a->answered) {
		a->asked_more = a->asked_more || n > 0;
		return;
	}
	a->answered = true;
	put(a->password, &answers[0], abstract);
}

static void
on_questions(const char *name, int name_len, const char *text, int text_len,
    int n, const LIBSSH2_USERAUTH_KBDINT_PROMPT *prompts,
    LIBSSH2_USERAUTH_KBDINT_RESPONSE *answers, void **abstract)
{
	struct session *s = *abstract;
	struct talk *t = s->auth->talk;

	if (t == NULL) {
		answer_alone(s->auth, n, prompts, answers, abstract);
		return;
	}
	if (!take_lines(t, n, prompts)) {
		t->over_limit = true;
		s->tap.dead = true;
		return;
	}
	if (n == 0)
		return;
	t->more = mem_printf("%.*s%s%.*s", name_len < 200 ? name_len : 200,
	    name, name_len > 0 && text_len > 0 ? ": " : "",
	    text_len < 500 ? text_len : 500, text);
	aside_stop(t->aside);
	fill(t, answers, abstract);
}

int
auth_interact(struct session *s)
{
	const char *user = s->target.user;

	return libssh2_userauth_keyboard_interactive_ex(
	    s->ssh, user, (unsigned)strlen(user), on_questions);
}

static void
call(void *arg)
{
	struct talk *t = arg;
	struct session *s = t->session;
	struct airbag bag;

	airbag_arm(&bag);
	if (setjmp(bag.jump) == 0)
		t->rc = auth_interact(s);
	else
		t->rc = BROKEN;
	airbag_disarm(&bag);
}

/* ---- answering ---- */

static bool
contains(const char *text, const char *word)
{
	for (; *text != '\0'; text++)
		if (strncasecmp(text, word, strlen(word)) == 0)
			return true;
	return false;
}

/* Whether a question is for the password that many hosts share, and neither
 * for a new one nor for one that is good once. */
static bool
is_for_password(const struct line *l)
{
	static const char *const others[] = {"new password", "again", "retype",
	    "one-time", "one time", "otp", "token", "factor"};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (contains(l->text, others[i]))
			return false;
	return !l->echo && contains(l->text, "password");
}

static void
on_answered(void *arg, enum verdict verdict, const struct secret *answer)
{
	struct session *s = arg;
	struct talk *t = s->auth->talk;

	if (verdict == VERDICT_GIVEN)
		t->lines[t->next++].answer = secret_ref(answer);
	else
		session_fail(s, MUSTER_AUTH_DENIED,
		    "the server's question to user '%s' was not answered%s",
		    s->target.user,
		    verdict == VERDICT_EXPIRED ? " in time" : "");
	session_poke(s);
}

static enum next
ask_person(struct session *s, const struct talk *t)
{
	const struct line *l = &t->lines[t->next];
	const struct topic topic = {
	    .kind = MUSTER_PROMPT_INTERACTIVE,
	    .echo = l->echo,
	    .attempt = 1,
	    .about = s->target.name,
	    .text = l->text,
	    .more = t->next == 0 ? t->more : NULL,
	};

	s->auth->asked_more = true;
	if (broker_is_asking(&s->question))
		return AGAIN;
	s->question.answered = on_answered;
	broker_ask(s->env->broker, &s->question, &topic);
	return AGAIN;
}

static enum next
give_password(struct session *s, struct talk *t)
{
	struct auth *a = s->auth;
	const char *why = NULL;

	secret_free(a->password);
	a->password = NULL;
	switch (s->events->may_give_password(s->arg, &a->password, &why)) {
	case SESSION_GO:
		t->lines[t->next++].answer = secret_ref(a->password);
		a->answered = true;
		return FORWARD;
	case SESSION_WAIT:
		return AGAIN;
	case SESSION_NEVER:
		break;
	}
	if (why != NULL && !a->refused)
		return session_fail(s, MUSTER_AUTH_DENIED,
		    "the password of user '%s' was not tried: %s",
		    s->target.user, why);
	return session_fail(s, MUSTER_AUTH_DENIED,
	    "permission denied for user '%s': the password was refused",
	    s->target.user);
}

/* Gets an answer to each line, one after the other. */
static enum next
answer(struct session *s, struct talk *t)
{
	enum next next = FORWARD;

	/* What failed has freed `t`. */
	while (next == FORWARD && t->next < t->n) {
		const struct line *l = &t->lines[t->next];

		next = is_for_password(l) && !s->auth->answered
			   ? give_password(s, t)
			   : ask_person(s, t);
	}
	return next;
}

/* ---- on the loop ---- */

static struct talk *
talk_new(struct session *s, struct muster_error *err)
{
	struct talk *t = mem_new(sizeof(*t));

	t->session = s;
	t->aside = aside_new(call, t, err);
	if (t->aside != NULL)
		return t;
	free(t);
	return NULL;
}

/* A call in its middle comes to its end on a dead wire. */
void
auth_talk_free(struct talk *t)
{
	if (t == NULL)
		return;
	while (aside_is_stopped(t->aside)) {
		t->session->tap.dead = true;
		(void)aside_run(t->aside);
	}
	aside_free(t->aside);
	clear_lines(t);
	free(t);
}

/* Whoever waits for others or for a person is not late. */
static enum next
await_answers(struct session *s, struct talk *t)
{
	enum next next;

	if (s->tap.eof)
		return session_fail(s, MUSTER_AUTH_TIMEOUT,
		    "the server did not wait for the answers to its questions");
	next = answer(s, t);
	if (next == AGAIN)
		timer_stop(s->deadline);
	else if (next == FORWARD)
		session_start_deadline(s);
	return next;
}

static enum next
fail_limit(struct session *s)
{
	return session_fail(s, MUSTER_EARLY_LIMIT,
	    "the server asks too much: over %d questions at once, %d times, "
	    "or of %d bytes",
	    LIMIT_QUESTIONS, LIMIT_QUESTION_ROUNDS, LIMIT_QUESTION_BYTES);
}

/* libssh2 gave up on it: it takes a hundred of them at most, for one. */
static enum next
fail_odd(struct session *s)
{
	char *text = NULL;
	int len = 0;

	(void)libssh2_session_last_error(s->ssh, &text, &len, 0);
	return session_fail(s, MUSTER_EARLY_PROTO,
	    "the server's questions are too odd for libssh2: %.*s", len,
	    text != NULL ? text : "");
}

/* Makes libssh2's call, as often as it stops for questions. */
static enum next
converse(struct session *s, struct talk *t, int *rc)
{
	bool ended = false;

	while (!ended) {
		if (aside_is_stopped(t->aside)) {
			enum next next = await_answers(s, t);

			if (next != FORWARD)
				return next;
		}
		ended = aside_run(t->aside);
	}
	*rc = t->rc;
	if (t->over_limit || (*rc != 0 && libssh2_session_last_errno(s->ssh) ==
					      LIBSSH2_ERROR_OUT_OF_BOUNDARY))
		return fail_limit(s);
	if (*rc == BROKEN)
		return session_fail(s, MUSTER_EARLY_PROTO,
		    "the server sent a packet that breaks libssh2");
	if (*rc == LIBSSH2_ERROR_EAGAIN && !s->tap.eof)
		return AGAIN;
	if (*rc != 0 && !s->tap.eof && s->heap.n_failures == s->auth->n_before)
		return fail_odd(s);
	return FORWARD;
}

static enum next
begin(struct session *s)
{
	struct auth *a = s->auth;
	struct muster_error err;

	if (a->n_talks >= s->env->password_prompts)
		return FAILED;
	if (a->talk == NULL)
		a->talk = talk_new(s, &err);
	if (a->talk == NULL)
		return session_fail(s, MUSTER_LOCAL_RES, "%s", err.text);
	a->n_talks++;
	a->talk->n_rounds = 0;
	a->asking = a->interactive = true;
	a->answered = a->asked_more = false;
	a->n_before = s->heap.n_failures;
	return FORWARD;
}

enum next
auth_talk(struct session *s)
{
	struct auth *a = s->auth;
	enum next next = FORWARD;
	int rc;

	if (!a->asking)
		next = begin(s);
	if (next == FORWARD)
		next = converse(s, a->talk, &rc);
	return next == FORWARD ? auth_conclude(s, rc) : next;
}
