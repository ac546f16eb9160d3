/*
 * err.c -- filling in errors.
 *
 * Room: engine/base.  May touch: libc.
 */
#include "config.h"

#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void set_text(struct muster_error *err, enum muster_err code,
    const char *fmt, va_list ap) __attribute__((format(printf, 3, 0)));

static void
set_text(
    struct muster_error *err, enum muster_err code, const char *fmt, va_list ap)
{
	err->code = code;
	err->at = MUSTER_NOWHERE;
	(void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
}

static void
append(struct muster_error *err, const char *text)
{
	size_t len = strlen(err->text);

	(void)snprintf(err->text + len, sizeof(err->text) - len, ": %s", text);
}

int
err_set(struct muster_error *err, enum muster_err code, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return -1;
	va_start(ap, fmt);
	set_text(err, code, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_set_at(struct muster_error *err, enum muster_err code, size_t at,
    const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return -1;
	va_start(ap, fmt);
	set_text(err, code, fmt, ap);
	va_end(ap);
	err->at = at;
	return -1;
}

void *
err_null(struct muster_error *err, enum muster_err code, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return NULL;
	va_start(ap, fmt);
	set_text(err, code, fmt, ap);
	va_end(ap);
	return NULL;
}

int
err_sys(struct muster_error *err, enum muster_err code, int errnum,
    const char *fmt, ...)
{
	char buf[128];
	va_list ap;

	if (err == NULL)
		return -1;
	va_start(ap, fmt);
	set_text(err, code, fmt, ap);
	va_end(ap);
	append(err, strerror_r(errnum, buf, sizeof(buf)));
	return -1;
}

int
err_prefix(struct muster_error *err, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list ap;

	if (err == NULL)
		return -1;
	memcpy(text, err->text, sizeof(text));
	va_start(ap, fmt);
	set_text(err, err->code, fmt, ap);
	va_end(ap);
	append(err, text);
	return -1;
}
