/*
 * password.h -- passwords, from a person or a descriptor.
 *
 * Room: src.  May touch: args.h, ask.h, complain.h, exitcode.h.
 */
#ifndef MUSTER_SRC_PASSWORD_H
#define MUSTER_SRC_PASSWORD_H

#include "src/ask.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASSWORD_BYTES ASK_BYTES

/* Which password, and how it is to be had. */
struct password_want {
	bool ask;              /* a person */
	uint32_t fd;           /* ARGS_UNSET: from none */
	const char *question;  /* what is asked */
	const char *option;    /* that asks, for messages */
	const char *fd_option; /* that names the descriptor */
};

/* Fills `password`: asked for once, or the first line of the descriptor.
 * Returns EXITCODE_OK, with *given (`password`, or NULL when none is wanted),
 * or the exit code after it complained. Wipe with password_wipe(). */
int password_get(const struct password_want *w, char password[PASSWORD_BYTES],
    const char **given);

void password_wipe(char password[PASSWORD_BYTES]);

#endif
