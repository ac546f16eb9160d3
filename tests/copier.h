/*
 * copier.h -- a courier and a real sftp-server, with a pipe for a wire.
 *
 * Room: tests.  May touch: engine/copy.
 * Both run on this machine: what is "there" is a folder too. The wire can be
 * cut after any number of bytes, and what the server says can be tampered
 * with.
 */
#ifndef MUSTER_TESTS_COPIER_H
#define MUSTER_TESTS_COPIER_H

#include "copy/copy.h"
#include "copy/courier.h"
#include "copy/tree.h"

struct sources;

struct copier {
	struct copy copy;   /* dest, sources and options are the test's */
	bool no_helper;     /* as if no shell could be run there */
	uint64_t cut_after; /* bytes to the server, then it is killed; 0: no */
	/* Changes bytes of the server before they are fed; may be NULL. */
	void (*tamper)(void *arg, uint8_t *data, size_t len);
	/* Called before each round. */
	void (*meanwhile)(void *arg);
	void *arg;

	/* What became of it. */
	enum muster_outcome outcome; /* MUSTER_LOST when it was cut */
	char text[MUSTER_ERROR_MAX];
	char *notes;     /* owned; lines */
	char *said;      /* owned; of a dry run */
	uint64_t n_sent; /* bytes to the server */
	uint64_t n_got;  /* bytes of it */
	struct muster_transfer progress;
	struct sources *sources; /* owned */
	struct tree *tree;       /* owned */
};

/* The program to run: $MUSTER_SFTP_SERVER, or where systems have it. NULL
 * when there is none: a test then skips. */
const char *copier_server(void);

/* A copy with options of their defaults. */
void copier_init(struct copier *c);
void copier_clear(struct copier *c);

/* Pushes the paths to `dest`, or fetches them; the outcome's word is
 * returned. The server starts in the working folder. */
const char *copier_push(
    struct copier *c, const char *const *paths, size_t n, const char *dest);
const char *copier_pull(
    struct copier *c, const char *const *paths, size_t n, const char *dest);

#endif
