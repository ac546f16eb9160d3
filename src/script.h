/*
 * script.h -- a local script as a command that a remote shell runs.
 *
 * Room: src.  May touch: muster.h, text.h.
 * The script goes as a word of the command, byte by byte as it is, and its
 * interpreter reads it from /dev/fd/3: nothing is left behind on the host, and
 * standard input is the script's own. One that is too long for that takes the
 * place of standard input.
 */
#ifndef MUSTER_SRC_SCRIPT_H
#define MUSTER_SRC_SCRIPT_H

#include "muster.h"
#include "src/text.h"

#include <stdbool.h>
#include <stddef.h>

#define SCRIPT_BYTES_MAX (1024 * 1024)

/* Of a whole command; what is longer fits in no packet of libssh2's. */
#define COMMAND_BYTES_MAX 32768

/* Reads a script of SCRIPT_BYTES_MAX at most; without a first line that names
 * an interpreter it is for /bin/sh. Returns 0, or -1: MUSTER_ERR_FILE. */
int script_read(
    const char *path, struct text *script, struct muster_error *err);

/* Whether a script is too long for a command, and must be its input. */
bool script_is_long(const char *script);

/* Adds the command; that of a long script wants it as input. `settings` are
 * words "NAME=value" for env(1), quoted, with a blank behind each; "" for none.
 * `words` are the script's arguments. */
void script_add_command(const char *script, const char *settings,
    char *const *words, size_t n_words, struct text *to);

#endif
