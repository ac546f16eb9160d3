/*
 * safe.c -- a key file behind a passphrase, opened once for the whole fleet.
 *
 * Room: engine/ssh.  May touch: base/, crypto/key.h.
 */
#include "config.h"

#include "ssh/safe.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/trace.h"
#include "crypto/key.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct safe {
	atomic_uint n_users;
	char *path;           /* owned */
	pthread_mutex_t work; /* held while a passphrase is tried */
	pthread_mutex_t lock; /* for what follows; never held for long */
	enum safe_state state;
	struct secret *given; /* counted; SAFE_GIVEN: to be tried */
	unsigned n_wrong;
	struct key *key;         /* owned; SAFE_OPEN */
	struct muster_error why; /* SAFE_SHUT */
};

struct safe *
safe_new(const char *path)
{
	struct safe *s = mem_new(sizeof(*s));

	atomic_init(&s->n_users, 1);
	s->path = mem_strdup(path);
	(void)pthread_mutex_init(&s->work, NULL);
	(void)pthread_mutex_init(&s->lock, NULL);
	return s;
}

struct safe *
safe_ref(struct safe *s)
{
	atomic_fetch_add(&s->n_users, 1);
	return s;
}

void
safe_free(struct safe *s)
{
	if (s == NULL || atomic_fetch_sub(&s->n_users, 1) != 1)
		return;
	secret_free(s->given);
	key_free(s->key);
	(void)pthread_mutex_destroy(&s->work);
	(void)pthread_mutex_destroy(&s->lock);
	free(s->path);
	free(s);
}

const char *
safe_path(const struct safe *s)
{
	return s->path;
}

enum safe_state
safe_look(struct safe *s, unsigned most,
    void (*ask)(void *arg, unsigned attempt), void *arg)
{
	enum safe_state state;

	(void)pthread_mutex_lock(&s->lock);
	state = s->state;
	if (state == SAFE_LOCKED && s->n_wrong >= most)
		state = SAFE_SHUT;
	if (state == SAFE_LOCKED && ask != NULL)
		ask(arg, s->n_wrong + 1);
	(void)pthread_mutex_unlock(&s->lock);
	return state;
}

void
safe_explain(struct safe *s, unsigned most, struct muster_error *why)
{
	(void)pthread_mutex_lock(&s->lock);
	if (s->state == SAFE_SHUT)
		*why = s->why;
	else
		err_set(why, MUSTER_ERR_PASSPHRASE,
		    "the passphrase of '%s' was wrong %u time%s", s->path, most,
		    most == 1 ? "" : "s");
	(void)pthread_mutex_unlock(&s->lock);
}

void
safe_give(struct safe *s, unsigned attempt, const struct secret *pass)
{
	(void)pthread_mutex_lock(&s->lock);
	if (s->state == SAFE_LOCKED && s->n_wrong + 1 == attempt) {
		s->given = secret_ref(pass);
		s->state = SAFE_GIVEN;
	}
	(void)pthread_mutex_unlock(&s->lock);
}

void
safe_shut(struct safe *s, const char *why)
{
	(void)pthread_mutex_lock(&s->lock);
	if (s->state == SAFE_LOCKED) {
		s->state = SAFE_SHUT;
		err_set(&s->why, MUSTER_ERR_PASSPHRASE,
		    "the passphrase of '%s' %s", s->path, why);
	}
	(void)pthread_mutex_unlock(&s->lock);
}

/* What came of it. */
static void
note(struct safe *s, struct key *key, const struct muster_error *err)
{
	(void)pthread_mutex_lock(&s->lock);
	secret_free(s->given);
	s->given = NULL;
	s->key = key;
	if (key != NULL) {
		s->state = SAFE_OPEN;
	} else if (err->code == MUSTER_ERR_PASSPHRASE) {
		s->n_wrong++;
		s->state = SAFE_LOCKED;
	} else {
		s->why = *err;
		s->state = SAFE_SHUT;
	}
	(void)pthread_mutex_unlock(&s->lock);
	TRACE("auth", "%s %s", s->path,
	    key != NULL ? "opened" : "not opened by that passphrase");
}

void
safe_settle(struct safe *s)
{
	struct muster_error err = {0};
	struct secret *given;
	struct key *key;

	(void)pthread_mutex_lock(&s->work);
	(void)pthread_mutex_lock(&s->lock);
	given = secret_ref(s->given);
	(void)pthread_mutex_unlock(&s->lock);
	if (given != NULL) {
		key = key_read(s->path, given, &err);
		secret_free(given);
		note(s, key, &err);
	}
	(void)pthread_mutex_unlock(&s->work);
}

struct key *
safe_key(struct safe *s)
{
	struct key *key;

	(void)pthread_mutex_lock(&s->lock);
	key = s->key;
	(void)pthread_mutex_unlock(&s->lock);
	return key;
}
