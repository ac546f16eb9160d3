/*
 * behind.h -- what tests of the ways to a host share.
 *
 * Room: tests.  May touch: engine.h, fixture/sshd.h.
 * Server 0 is the way station; what stands behind it are the others.
 */
#ifndef MUSTER_TESTS_BEHIND_H
#define MUSTER_TESTS_BEHIND_H

#include "engine.h"

struct sshd_fleet;

struct behind {
	struct sshd_fleet *f; /* NULL: there is no sshd here */
	struct engine e;
	char *config; /* owned; the path of the ssh_config */
};

extern struct behind behind;

/* Starts `n` servers, with lines of sshd_config(5) as sshd_fleet_new() takes
 * them. Returns what a setup of cmocka does. */
int behind_begin(size_t n, const char *const *config);
void behind_end(void);

/* The path of a file of the fixture's, as a heap string. */
char *behind_file(const char *name);

/* Runs a line of shell (a heap string, freed), which must succeed. */
void behind_shell(char *line);

/* A fleet that knows an ssh_config of these lines, behind them what all hosts
 * share. Skips the test when there is no sshd. */
void behind_open(const char *lines);

/* Adds the hosts of an expression, making the fleet if it is not made. */
void behind_add(const char *hosts);

/* The text of the host's result has that part. */
void behind_assert_text(size_t host, const char *part);

/* What each test ends with; as a teardown of cmocka. */
int behind_teardown(void **state);

#endif
