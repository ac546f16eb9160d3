/*
 * launch.c -- starting the command on all hosts, as the options say.
 *
 * Room: src.  May touch: muster.h, args.h, filenames.h, heap.h, text.h.
 */
#include "config.h"

#include "src/launch.h"

#include "src/args.h"
#include "src/filenames.h"
#include "src/heap.h"
#include "src/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

struct launch {
	struct muster *m;                /* borrowed */
	const struct args *args;         /* borrowed */
	const struct commands *commands; /* borrowed */
	struct muster_command command;
	struct muster_become become;
	char **files; /* owned; the input of each host; NULL: one for all */
};

/* What a terminal here is like, for the one there. */
static void
take_terminal(struct muster_command *c)
{
	struct winsize size;

	c->term = getenv("TERM");
	if (c->term != NULL && *c->term == '\0')
		c->term = NULL;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 &&
	    ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0)
		return;
	c->columns = size.ws_col;
	c->rows = size.ws_row;
}

/* Whether a host's file is one that can be read. */
static int
check_file(const char *host, const char *path, struct muster_error *err)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return args_error(err, "no input for host '%s': '%s': %s", host,
		    path, strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		(void)close(fd);
		return args_error(err,
		    "no input for host '%s': '%s' is not a regular file", host,
		    path);
	}
	(void)close(fd);
	return 0;
}

static int
find_files(struct launch *l, const char *folder, struct muster_error *err)
{
	struct filenames *names = filenames_new();
	int rc = 0;
	size_t n = muster_n_hosts(l->m);

	l->files = heap_array(n, sizeof(*l->files));
	for (size_t i = 0; i < n && rc == 0; i++) {
		const char *host = muster_host_name(l->m, i);
		char *name = filenames_add(names, host);
		struct text path = {0};

		text_addf(&path, "%s/%s", folder, name);
		free(name);
		l->files[i] = path.mem;
		rc = check_file(host, path.mem, err);
	}
	filenames_free(names);
	return rc;
}

/* doas takes a password from a terminal alone. */
static int
check_method(const struct args *args, struct muster_error *err)
{
	bool password =
	    args->ask_become_password || args->become_password_fd != ARGS_UNSET;

	if (args->become_method == NULL ||
	    strcmp(args->become_method, "doas") != 0 || !password || args->tty)
		return 0;
	return args_error(err,
	    "doas takes a password from a terminal alone: give the command "
	    "one with --tty");
}

static int
check_user(const struct args *args, struct muster_error *err)
{
	const char *user = args->sudo;

	if (user == NULL || (*user != '-' && strpbrk(user, " \t\n:/") == NULL))
		return 0;
	return args_error(
	    err, "option '--sudo' wants the name of a user, not '%s'", user);
}

/* A long script takes the place of standard input. */
static int
check_input(const struct args *args, const struct commands *commands,
    struct muster_error *err)
{
	if (commands->input == NULL || args->stdin_dir == NULL)
		return 0;
	return args_error(err,
	    "a script that long takes the place of standard input: "
	    "--stdin-dir cannot feed it");
}

struct launch *
launch_new(struct muster *m, const struct args *args,
    const struct commands *commands, bool more_input, struct muster_error *err)
{
	struct launch *l = heap_array(1, sizeof(*l));

	l->m = m;
	l->args = args;
	l->commands = commands;
	l->command = (struct muster_command){
	    .input = commands->input,
	    .input_len = commands->input != NULL ? strlen(commands->input) : 0,
	    .pty = args->tty,
	    .shell = args->shell,
	    .folder = args->chdir,
	    .more_input = more_input,
	};
	if (args->tty)
		take_terminal(&l->command);
	if (args->sudo != NULL || args->become_method != NULL) {
		l->become.method = args->become_method;
		l->become.user = args->sudo;
		l->command.become = &l->become;
	}
	if (check_method(args, err) == 0 && check_user(args, err) == 0 &&
	    check_input(args, commands, err) == 0 &&
	    (args->stdin_dir == NULL ||
		find_files(l, args->stdin_dir, err) == 0))
		return l;
	launch_free(l);
	return NULL;
}

void
launch_free(struct launch *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; l->files != NULL && i < muster_n_hosts(l->m); i++)
		free(l->files[i]);
	free(l->files);
	free(l);
}

int
launch_go(
    struct launch *l, const size_t *hosts, size_t n, struct muster_error *err)
{
	const struct commands *c = l->commands;
	struct muster_command one = l->command;

	one.command = c->items[0];
	if (l->files == NULL && c->n == 1)
		return muster_start(l->m, hosts, n, &one, err);
	if (hosts == NULL)
		n = muster_n_hosts(l->m);
	for (size_t i = 0; i < n; i++) {
		size_t host = hosts != NULL ? hosts[i] : i;

		one.command = c->items[c->n == 1 ? 0 : host];
		if (l->files != NULL)
			one.input_file = l->files[host];
		if (muster_start(l->m, &host, 1, &one, err) != 0)
			return -1;
	}
	return 0;
}

int
launch_more(struct launch *l, const size_t *hosts, size_t n,
    const struct launch_typed *typed_line, struct muster_error *err)
{
	const char *line = typed_line->line;
	struct launch typed;
	struct commands commands;
	int rc;

	l->command.more_input = typed_line->more_input;
	if (line == NULL)
		return launch_go(l, hosts, n, err);
	if (commands_make_typed(&commands, l->m, l->args, line, err) < 0)
		return -1;
	typed = *l;
	typed.commands = &commands;
	typed.files = NULL;
	typed.command.input = NULL;
	typed.command.input_len = 0;
	rc = launch_go(&typed, hosts, n, err);
	commands_clear(&commands);
	return rc;
}
