/*
 * password.h -- passwords, from a person or a descriptor.
 *
 * Room: src.  May touch: args.h, ask.h, complain.h, exitcode.h.
 */
#ifndef MUSTER_SRC_PASSWORD_H
#define MUSTER_SRC_PASSWORD_H

#include "src/ask.h"

struct args;
struct muster_options;

/* Those that a run has from the start. */
struct passwords {
	char login[ASK_BYTES];
	char become[ASK_BYTES];
};

/* Whether questions can be put, where --ask wants them to be. Returns
 * EXITCODE_OK, or EXITCODE_USAGE after it complained. */
int passwords_check(const struct args *args);

/* Fills in the passwords that the command line wants, each asked for once or
 * the first line of a descriptor, and lends them to the options. Returns
 * EXITCODE_OK, or the exit code after it complained. */
int passwords_get(const struct args *args, struct passwords *p,
    struct muster_options *options);

void passwords_wipe(struct passwords *p);

#endif
