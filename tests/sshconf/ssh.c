/*
 * ssh.c -- asking ssh(1).
 *
 * Room: tests.  May touch: base.
 * SSHCONF_STDERR in the environment shows what it complains about.
 */
#include "config.h"

#include "sshconf/oracle.h"

#include "base/mem.h"
#include "base/str.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void
read_fd(int fd, struct buf *out)
{
	uint8_t chunk[4096];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		assert_true(buf_add(out, chunk, (size_t)n));
}

int
oracle_run(char *const argv[], struct buf *out)
{
	int fds[2], status;
	pid_t pid;

	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);

		dup2(null, 0);
		dup2(fds[1], 1);
		dup2(getenv("SSHCONF_STDERR") != NULL ? 2 : null, 2);
		close(fds[0]);
		execvp("ssh", argv);
		_exit(127);
	}
	close(fds[1]);
	read_fd(fds[0], out);
	close(fds[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

char *
oracle_answer(const char *answer, const char *keyword)
{
	size_t len = strlen(keyword);
	struct buf found;
	bool any = false;

	buf_init(&found, 1 << 20);
	for (const char *p = answer; *p != '\0';) {
		size_t line = strcspn(p, "\n");
		char *name = mem_strndup(p, line < len ? line : len);

		if (str_case_is(name, keyword) &&
		    (p[len] == ' ' || line == len)) {
			size_t skip = line == len ? len : len + 1;

			buf_addf(&found, "%s%.*s", any ? "\n" : "",
			    (int)(line - skip), p + skip);
			any = true;
		}
		free(name);
		p += line + (p[line] == '\n');
	}
	if (!any) {
		buf_clear(&found);
		return NULL;
	}
	return buf_take_str(&found);
}
