/*
 * password.h -- the login password, from a terminal or a descriptor.
 *
 * Room: src.  May touch: args.h, complain.h, exitcode.h.
 */
#ifndef MUSTER_SRC_PASSWORD_H
#define MUSTER_SRC_PASSWORD_H

#include <stddef.h>

struct args;

#define PASSWORD_BYTES 1024 /* with the NUL */

/* Fills `password` as -A or --password-fd ask for: typed once on /dev/tty,
 * without echo, or the first line of the descriptor. Returns EXITCODE_OK, with
 * *given (`password`, or NULL when none was asked for), or the exit code
 * after it complained. Wipe with password_wipe(). */
int password_get(
    const struct args *args, char password[PASSWORD_BYTES], const char **given);

void password_wipe(char password[PASSWORD_BYTES]);

#endif
