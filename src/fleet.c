/*
 * fleet.c -- a fleet of one's own for 'muster demo', in a child process.
 *
 * Room: src.  May touch: muster.h, fleet_child.h, heap.h, text.h.
 *
 *	parent                              child (fleet_child.c)
 *	  | <- "folder\n" "name addr port\n"... - |  told once
 *	  | - end of file ----------------------> |  the end
 *	  | <- end of file ---------------------- |  all is gone
 */
#include "config.h"

#include "src/fleet.h"

#include "src/fleet_child.h"
#include "src/heap.h"
#include "src/number.h"
#include "src/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define STOP_MS 5000 /* for the child to clean up */

struct fleet {
	pid_t pid;
	int said; /* what the child says */
	int hold; /* closed to end it */
	char *identity;
	char *known_hosts;
	struct fleet_host *hosts;
	size_t n_hosts;
	size_t cap_hosts;
};

static void *
fail(struct muster_error *err, const char *what, const char *why)
{
	err->code = MUSTER_ERR_SYSTEM;
	err->at = MUSTER_NOWHERE;
	(void)snprintf(err->text, sizeof(err->text), "%s: %s", what, why);
	return NULL;
}

static int
open_pipe(int fds[2])
{
	if (pipe(fds) < 0)
		return -1;
	(void)fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	(void)fcntl(fds[1], F_SETFD, FD_CLOEXEC);
	return 0;
}

/* Forks; the child never returns. */
static int
start_child(struct fleet *f, const char *text)
{
	int said[2], hold[2];

	if (open_pipe(said) < 0)
		return -1;
	if (open_pipe(hold) < 0) {
		(void)close(said[0]);
		(void)close(said[1]);
		return -1;
	}
	f->pid = fork();
	if (f->pid == 0) {
		(void)close(said[0]);
		(void)close(hold[1]);
		fleet_child_main(text, said[1], hold[0]);
	}
	(void)close(said[1]);
	(void)close(hold[0]);
	f->said = said[0];
	f->hold = hold[1];
	return f->pid < 0 ? -1 : 0;
}

/* Reads what the child says up to the empty line that ends it. */
static void
listen_to_child(int fd, struct text *t)
{
	char data[4096];
	ssize_t n;

	while (strstr(text_str(t), "\n\n") == NULL) {
		n = read(fd, data, sizeof(data));
		if (n == 0 || (n < 0 && errno != EINTR))
			return;
		if (n > 0)
			text_add(t, data, (size_t)n);
	}
}

static bool
add_host(struct fleet *f, char *line)
{
	const char *name = strsep(&line, " ");
	const char *address = strsep(&line, " ");
	const char *digits = line;
	uint32_t port;

	if (digits == NULL || !number_u32(digits, 1, 65535, &port))
		return false;
	heap_grow(&f->hosts, &f->cap_hosts, f->n_hosts + 1, sizeof(*f->hosts));
	f->hosts[f->n_hosts++] = (struct fleet_host){
	    heap_strdup(name), heap_strdup(address), (uint16_t)port};
	return true;
}

/* Takes the child's words apart: the folder, then a host a line. */
static bool
understand(struct fleet *f, char *words)
{
	const char *folder = strsep(&words, "\n");
	struct text path = {0};

	if (*folder != '/')
		return false;
	text_addf(&path, "%s/%s", folder, FLEET_IDENTITY);
	f->identity = heap_strdup(text_str(&path));
	path.len = 0;
	text_addf(&path, "%s/%s", folder, FLEET_KNOWN_HOSTS);
	f->known_hosts = heap_strdup(text_str(&path));
	text_clear(&path);
	while (words != NULL && *words != '\n') {
		if (!add_host(f, strsep(&words, "\n")))
			return false;
	}
	return f->n_hosts > 0;
}

struct fleet *
fleet_start(const char *text, struct muster_error *err)
{
	struct fleet *f = heap_array(1, sizeof(*f));
	struct text words = {0};

	f->said = f->hold = -1;
	f->pid = -1;
	if (start_child(f, text) < 0) {
		(void)fail(err, "cannot start the fleet", strerror(errno));
		fleet_stop(f);
		return NULL;
	}
	listen_to_child(f->said, &words);
	if (!understand(f, words.mem)) {
		(void)fail(err, "cannot start the fleet",
		    words.len > 0 ? words.mem : "it died");
		fleet_stop(f);
		f = NULL;
	}
	text_clear(&words);
	return f;
}

/* Waits for the child to have cleaned up; one that does not is killed. */
static void
wait_for_end(struct fleet *f)
{
	struct pollfd fd = {.fd = f->said, .events = POLLIN};
	char data[256];

	while (poll(&fd, 1, STOP_MS) > 0) {
		if (read(f->said, data, sizeof(data)) <= 0) {
			(void)waitpid(f->pid, NULL, 0);
			return;
		}
	}
	(void)kill(f->pid, SIGKILL);
	(void)waitpid(f->pid, NULL, 0);
}

void
fleet_stop(struct fleet *f)
{
	if (f == NULL)
		return;
	if (f->hold >= 0)
		(void)close(f->hold);
	if (f->pid > 0)
		wait_for_end(f);
	if (f->said >= 0)
		(void)close(f->said);
	for (size_t i = 0; i < f->n_hosts; i++) {
		free(f->hosts[i].name);
		free(f->hosts[i].address);
	}
	free(f->hosts);
	free(f->identity);
	free(f->known_hosts);
	free(f);
}

const struct fleet_host *
fleet_hosts(const struct fleet *f, size_t *n)
{
	*n = f->n_hosts;
	return f->hosts;
}

const char *
fleet_identity(const struct fleet *f)
{
	return f->identity;
}

const char *
fleet_known_hosts(const struct fleet *f)
{
	return f->known_hosts;
}
