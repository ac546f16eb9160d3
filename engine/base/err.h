/*
 * err.h -- the one shape of an error: a code for 'if', a text for the eye.
 *
 * Room: engine/base.  May touch: muster.h (the codes).
 * Three kinds of failure and no fourth: the world failed (an error is
 * filled in), the caller broke a contract (assert), memory ran out (death).
 * Texts are lower case, without a full stop, the subject in single quotes,
 * what failed before why.
 */
#ifndef MUSTER_BASE_ERR_H
#define MUSTER_BASE_ERR_H

#include "muster.h"

/* Fills *err (which may be NULL) with code and a formatted text, which is
 * cut at MUSTER_ERROR_MAX. Returns -1, so that callers may write
 * 'return err_set(...)'. */
int err_set(struct muster_error *err, enum muster_err code, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/* As err_set, for a text refused at the byte offset `at`. */
int err_set_at(struct muster_error *err, enum muster_err code, size_t at,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* As err_set, for functions that return a pointer. Returns NULL. */
void *err_null(struct muster_error *err, enum muster_err code, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

/* As err_set, with ": " and the text of the errno value `errnum` behind. */
int err_sys(struct muster_error *err, enum muster_err code, int errnum,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Puts a formatted text and ": " before the text that *err already has, to
 * name where it happened. Returns -1. */
int err_prefix(struct muster_error *err, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
