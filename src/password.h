/*
 * password.h -- passwords, from a terminal or a descriptor.
 *
 * Room: src.  May touch: args.h, complain.h, exitcode.h.
 */
#ifndef MUSTER_SRC_PASSWORD_H
#define MUSTER_SRC_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PASSWORD_BYTES 1024 /* with the NUL */

/* Which password, and how it is to be had. */
struct password_want {
	bool ask;              /* on /dev/tty */
	uint32_t fd;           /* ARGS_UNSET: from none */
	const char *question;  /* what is asked */
	const char *option;    /* that asks, for messages */
	const char *fd_option; /* that names the descriptor */
};

/* Fills `password`: typed once on /dev/tty, without echo, or the first line of
 * the descriptor. Returns EXITCODE_OK, with *given (`password`, or NULL when
 * none is wanted), or the exit code after it complained. Wipe with
 * password_wipe(). */
int password_get(const struct password_want *w, char password[PASSWORD_BYTES],
    const char **given);

void password_wipe(char password[PASSWORD_BYTES]);

#endif
