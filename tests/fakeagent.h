/*
 * fakeagent.h -- an ssh-agent that misbehaves as told.
 *
 * Room: tests.  May touch: engine/base.
 */
#ifndef MUSTER_TESTS_FAKEAGENT_H
#define MUSTER_TESTS_FAKEAGENT_H

#include <sys/types.h>

/* What it does with requests; it has one key, "fake", and signs whatever it
 * is asked to with 64 bytes of 7. */
enum fakeagent_manner {
	FAKEAGENT_GOOD,
	FAKEAGENT_DRIP,       /* answers byte by byte */
	FAKEAGENT_HANG,       /* never answers */
	FAKEAGENT_DEAF,       /* does not even accept connections */
	FAKEAGENT_HUGE,       /* says that 4 GB will come */
	FAKEAGENT_CLOSE,      /* closes when asked */
	FAKEAGENT_CUT,        /* closes in the middle of an answer */
	FAKEAGENT_ONE_EACH,   /* closes after each answer */
	FAKEAGENT_REFUSE,     /* says no */
	FAKEAGENT_GARBAGE,    /* answers with a type nobody knows */
	FAKEAGENT_LIES,       /* answers with strings longer than the message */
	FAKEAGENT_TALKATIVE,  /* answers twice */
	FAKEAGENT_MANY,       /* has 2000 keys */
	FAKEAGENT_HANG_LATER, /* lists its keys, does not sign */
	FAKEAGENT_TOKEN,      /* has a security key that signs rightly */
};

/* Starts one in a child, listening at `path`. */
pid_t fakeagent_start(const char *path, enum fakeagent_manner manner);
void fakeagent_stop(pid_t pid);

/* The line of authorized_keys for the key of FAKEAGENT_TOKEN, as a heap
 * string. */
char *fakeagent_token_line(void);

#endif
