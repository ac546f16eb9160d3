/*
 * fleet_child.c -- the process behind fleet.h.
 *
 * Room: src.  May touch: fleet_child.h, text.h, tests/fleetsim/fleetsim.h.
 * In a process group of its own: ^C on the terminal is its parent's to
 * answer.
 */
#include "config.h"

#include "src/fleet_child.h"

#include "src/text.h"
#include "tests/fleetsim/fleetsim.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct child {
	char folder[256];
	struct fleetsim *sim; /* owned */
};

/* Signals of the terminal are the parent's; input and output too. */
static void
leave_terminal(void)
{
	static const int signals[] = {SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGTTIN,
	    SIGTTOU, SIGPIPE, SIGTERM};
	int null = open("/dev/null", O_RDWR);

	(void)setpgid(0, 0);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		(void)signal(signals[i], SIG_IGN);
	if (null < 0)
		return;
	(void)dup2(null, STDIN_FILENO);
	(void)dup2(null, STDOUT_FILENO);
	if (null > STDERR_FILENO)
		(void)close(null);
}

static void
path_in(const struct child *c, const char *name, char *path, size_t size)
{
	(void)snprintf(path, size, "%s/%s", c->folder, name);
}

static int
fail(struct muster_error *err, const char *what)
{
	err->code = MUSTER_ERR_SYSTEM;
	(void)snprintf(
	    err->text, sizeof(err->text), "%s: %s", what, strerror(errno));
	return -1;
}

static int
make_folder(struct child *c, struct muster_error *err)
{
	const char *tmp = getenv("TMPDIR");

	if (tmp == NULL || *tmp != '/' || strlen(tmp) > 200)
		tmp = "/tmp";
	(void)snprintf(
	    c->folder, sizeof(c->folder), "%s/muster-demo.XXXXXX", tmp);
	if (mkdtemp(c->folder) != NULL)
		return 0;
	(void)fail(err, "cannot make a folder");
	c->folder[0] = '\0';
	return -1;
}

/* Writes the known_hosts lines of a host, which have its address, with its
 * name beside that. */
static void
write_lines_of(const struct child *c, size_t host, FILE *file)
{
	char *lines = fleetsim_known_hosts(c->sim, host);
	char *next = lines, *line;

	while ((line = strsep(&next, "\n")) != NULL) {
		if (*line != '\0')
			(void)fprintf(file, "[%s]:%u,%s\n",
			    fleetsim_name(c->sim, host),
			    (unsigned)fleetsim_port(c->sim, host), line);
	}
	free(lines);
}

static int
write_known_hosts(struct child *c, struct muster_error *err)
{
	char path[300];
	FILE *file;

	path_in(c, FLEET_KNOWN_HOSTS, path, sizeof(path));
	file = fopen(path, "w");
	if (file == NULL)
		return fail(err, "cannot write known_hosts");
	for (size_t i = 0; i < fleetsim_n_hosts(c->sim); i++)
		write_lines_of(c, i, file);
	return fclose(file) == 0 ? 0 : fail(err, "cannot write known_hosts");
}

static int
make_fleet(struct child *c, const char *text, struct muster_error *err)
{
	char path[300];

	if (make_folder(c, err) < 0)
		return -1;
	c->sim = fleetsim_new(c->folder, err);
	if (c->sim == NULL || fleetsim_add_hosts(c->sim, text, err) < 0)
		return -1;
	path_in(c, FLEET_IDENTITY, path, sizeof(path));
	if (fleetsim_make_user_key(c->sim, path, err) < 0 ||
	    fleetsim_listen(c->sim, err) < 0)
		return -1;
	return write_known_hosts(c, err);
}

static void
say_all(const struct child *c, int fd)
{
	struct text t = {0};
	size_t done = 0;
	ssize_t n;

	text_addf(&t, "%s\n", c->folder);
	for (size_t i = 0; i < fleetsim_n_hosts(c->sim); i++)
		text_addf(&t, "%s %s %u\n", fleetsim_name(c->sim, i),
		    fleetsim_address(c->sim, i),
		    (unsigned)fleetsim_port(c->sim, i));
	text_add(&t, "\n", 1);
	while (done < t.len) {
		n = write(fd, t.mem + done, t.len - done);
		if (n <= 0)
			break; /* the parent died: fleetsim_run() will see */
		done += (size_t)n;
	}
	text_clear(&t);
}

static void
remove_all(struct child *c)
{
	static const char *const files[] = {FLEET_IDENTITY, FLEET_KNOWN_HOSTS};
	char path[300];

	fleetsim_free(c->sim);
	if (c->folder[0] == '\0')
		return;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		path_in(c, files[i], path, sizeof(path));
		(void)unlink(path);
	}
	(void)rmdir(c->folder);
}

_Noreturn void
fleet_child_main(const char *text, int say, int until)
{
	struct child c = {.folder = ""};
	struct muster_error err = {0};
	int rc = 0;

	leave_terminal();
	if (make_fleet(&c, text, &err) < 0) {
		(void)dprintf(say, "%s\n\n", err.text);
		rc = 1;
	} else {
		say_all(&c, say);
		rc = fleetsim_run(c.sim, until, &err) == 0 ? 0 : 1;
	}
	remove_all(&c);
	_exit(rc);
}
