/*
 * scratch.c -- a folder of a test's own, and programs run in it.
 *
 * Room: tests.  May touch: libc.
 */
#include "config.h"

#include "tests/scratch.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void
give_up(const char *what)
{
	perror(what);
	exit(99);
}

char *
scratch_new(void)
{
	const char *base = getenv("TMPDIR");
	char *path =
	    mem_printf("%s/muster-test.XXXXXX", base != NULL ? base : "/tmp");

	if (mkdtemp(path) == NULL || chdir(path) != 0)
		give_up(path);
	return path;
}

void
scratch_remove(char *path)
{
	if (chdir("/") != 0 || scratch_run("rm -rf '%s'", path) != 0)
		give_up(path);
	free(path);
}

int
scratch_run(const char *fmt, ...)
{
	char *command;
	va_list ap;
	int status;

	va_start(ap, fmt);
	if (vasprintf(&command, fmt, ap) < 0)
		mem_die();
	va_end(ap);
	fflush(stdout);
	status = system(command);
	free(command);
	return status != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

char *
scratch_output(const char *fmt, ...)
{
	char *command, *text = NULL;
	size_t cap = 0, len = 0;
	va_list ap;
	FILE *p;

	va_start(ap, fmt);
	if (vasprintf(&command, fmt, ap) < 0)
		mem_die();
	va_end(ap);
	fflush(stdout);
	p = popen(command, "r");
	if (p == NULL)
		give_up(command);
	for (int c; (c = getc(p)) != EOF;) {
		mem_grow(&text, &cap, len + 2, 1);
		text[len++] = (char)c;
	}
	mem_grow(&text, &cap, len + 1, 1);
	if (len > 0 && text[len - 1] == '\n')
		len--;
	text[len] = '\0';
	pclose(p);
	free(command);
	return text;
}

bool
scratch_has(const char *program)
{
	if (scratch_run("command -v %s >/dev/null 2>&1", program) == 0)
		return true;
	printf("# no %s here\n", program);
	return false;
}

void
scratch_write(const char *path, const void *data, size_t len)
{
	FILE *f = fopen(path, "wb");

	if (f == NULL || fwrite(data, 1, len, f) != len || fclose(f) != 0)
		give_up(path);
}

char *
scratch_read(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	char *data;

	if (f == NULL || fstat(fileno(f), &st) != 0)
		give_up(path);
	data = mem_new((size_t)st.st_size + 1);
	if (fread(data, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
		give_up(path);
	fclose(f);
	if (len != NULL)
		*len = (size_t)st.st_size;
	return data;
}
