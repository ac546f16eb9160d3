/*
 * faults.h -- what may go wrong with a server, and what must come of it.
 *
 * Room: tests.  May touch: muster.h.
 */
#ifndef MUSTER_TESTS_FAULTS_H
#define MUSTER_TESTS_FAULTS_H

#include "muster.h"

/* Deadlines that tests can wait for. */
#define BANNER_MS 700
#define KEX_MS 1200
#define AUTH_MS 900
#define OPEN_MS 1500
#define LINGER_MS 300
#define COMMAND_MS 3000

struct fault {
	const char *name;  /* of the host, unique */
	const char *words; /* that describe it to fleetsim */
	const char *end;
	enum muster_family family;
	unsigned from_ms, to_ms; /* when it ends; 0: within two seconds */
	const char *says;        /* a part of the message; NULL: none */
	const char *out;         /* what it sent; NULL: nothing */
	const char *err;
	unsigned flags;
	bool ran;     /* the ledger has seen the command */
	bool may_run; /* as it happens: UNKNOWN is right then, too */
	bool starves; /* on a slow machine the answer to the command is late */
};

struct fault_group {
	const struct fault *faults;
	size_t n;
};

#define FAULTS_N_GROUPS 6

/* By where it goes wrong: greetings, key exchanges, logins, floods, commands;
 * and what is merely odd beside what is harm. */
extern const struct fault_group faults_groups[FAULTS_N_GROUPS];

#endif
