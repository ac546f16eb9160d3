/*
 * copyworld.h -- what tests of copies share: a folder, a copier, assertions.
 *
 * Room: tests.  May touch: copier.h, scratch.h.
 */
#ifndef MUSTER_TESTS_COPYWORLD_H
#define MUSTER_TESTS_COPYWORLD_H

#include "copier.h"
#include "scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct world {
	char *folder; /* also the working folder meanwhile */
	struct copier c;
};

/* Setup and teardown of a test. */
int world_begin(void **state);
int world_end(void **state);

/* The test's copier; skips the test where there is no sftp-server. */
struct copier *copier(void **state);

/* One path; the outcome's word. */
const char *push(struct copier *c, const char *path, const char *dest);
const char *pull(struct copier *c, const char *path, const char *dest);

/* Says why when it did not go well. */
void assert_done(const struct copier *c, const char *word);

/* Runs it in the test's folder; whether it ended with 0. */
bool sh(const char *command);

/* What ends before its time leaves nothing under a strange name. */
void assert_no_temps(void);

#endif
