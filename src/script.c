/*
 * script.c -- a local script as a command that a remote shell runs.
 *
 * Room: src.  May touch: muster.h, text.h.
 * The command keeps standard input as descriptor 4 while a pipe that printf
 * writes the script to takes its place, and gives it back.
 */
#include "config.h"

#include "src/script.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(struct muster_error *err, const char *path, const char *fmt,
    ...) __attribute__((format(printf, 3, 4)));

static int
fail(struct muster_error *err, const char *path, const char *fmt, ...)
{
	va_list ap;
	int n;

	n = snprintf(err->text, sizeof(err->text), "script '%.200s': ", path);
	va_start(ap, fmt);
	(void)vsnprintf(err->text + n, sizeof(err->text) - (size_t)n, fmt, ap);
	va_end(ap);
	err->code = MUSTER_ERR_FILE;
	err->at = MUSTER_NOWHERE;
	return -1;
}

static int
read_all(
    int fd, const char *path, struct text *script, struct muster_error *err)
{
	char piece[4096];
	ssize_t n;

	while ((n = read(fd, piece, sizeof(piece))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(err, path, "%s", strerror(errno));
		text_add(script, piece, (size_t)n);
		if (script->len > SCRIPT_BYTES_MAX)
			return fail(err, path,
			    "it has more than %d bytes; push it, and run it "
			    "there",
			    SCRIPT_BYTES_MAX);
	}
	if (script->len == 0)
		return fail(err, path, "it is empty");
	if (memchr(script->mem, '\0', script->len) != NULL)
		return fail(err, path, "there is a NUL byte in it");
	return 0;
}

int
script_read(const char *path, struct text *script, struct muster_error *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	int r;

	if (fd < 0)
		return fail(err, path, "%s", strerror(errno));
	if (fstat(fd, &st) == 0 && !S_ISREG(st.st_mode))
		r = fail(err, path, "it is no regular file");
	else
		r = read_all(fd, path, script, err);
	(void)close(fd);
	if (r < 0)
		text_clear(script);
	return r;
}

static void
add_word(struct text *to, const char *word)
{
	char *quoted = muster_quote_words(&word, 1);

	text_addf(to, " %s", quoted);
	muster_string_free(quoted);
}

/* Adds the interpreter and its one argument, as execve(2) reads them. */
static void
add_interpreter(struct text *to, const char *script)
{
	struct text line = {0};
	char *name, *end, *rest;

	if (strncmp(script, "#!", 2) != 0) {
		text_adds(to, " /bin/sh");
		return;
	}
	text_add(&line, script + 2, strcspn(script + 2, "\n"));
	(void)text_str(&line);
	name = line.mem + strspn(line.mem, " \t");
	for (end = line.mem + line.len; end > name && strchr(" \t\r", end[-1]);)
		*--end = '\0';
	rest = name + strcspn(name, " \t");
	if (*rest != '\0') {
		*rest++ = '\0';
		rest += strspn(rest, " \t");
	}
	add_word(to, *name != '\0' ? name : "/bin/sh");
	if (*rest != '\0')
		add_word(to, rest);
	text_clear(&line);
}

bool
script_is_long(const char *script)
{
	char *quoted = muster_quote_words(&script, 1);
	size_t len = strlen(quoted);

	muster_string_free(quoted);
	return len > COMMAND_BYTES_MAX / 2;
}

void
script_add_command(const char *script, const char *settings, char *const *words,
    size_t n_words, struct text *to)
{
	bool is_long = script_is_long(script);

	if (is_long) {
		text_adds(to, "cat");
	} else {
		text_adds(to, "exec 4<&0; printf %s");
		add_word(to, script);
	}
	text_adds(to, " |");
	if (*settings != '\0')
		text_addf(to, " env %.*s", (int)strlen(settings) - 1, settings);
	add_interpreter(to, script);
	text_adds(to, " /dev/fd/3");
	for (size_t i = 0; i < n_words; i++)
		add_word(to, words[i]);
	text_adds(to, is_long ? " 3<&0 0</dev/null" : " 3<&0 0<&4 4<&-");
}
