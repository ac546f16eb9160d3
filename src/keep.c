/*
 * keep.c -- many commands on the same open sessions: muster run --keep.
 *
 * Room: src.  May touch: muster.h, args.h, batch.h, commands.h, complain.h,
 * exitcode.h, keep_hosts.h, lineedit.h, recording.h, text.h.
 *
 *	COMMAND               run it on the hosts
 *	=HOSTS +HOSTS -HOSTS  these only, these too, not these
 *	=                     which hosts
 *	!COMMAND              run it here
 *	?                     all this
 *	quit, ^D              end
 */
#include "config.h"

#include "src/keep.h"

#include "src/batch.h"
#include "src/commands.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/keep_hosts.h"
#include "src/lineedit.h"
#include "src/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct keep {
	struct muster *m;        /* borrowed */
	const struct args *args; /* borrowed */
	struct lineedit *edit;   /* owned */
	struct keep_hosts hosts;
	bool person; /* types the lines */
	bool over;
	int rc; /* the worst so far */
};

static void
take_end(struct keep *k, int rc)
{
	k->rc = exitcode_worse(k->rc, rc, k->args->maxrc);
}

/* What is refused before it runs anywhere ends a script. */
static void
refuse(struct keep *k, int rc)
{
	k->over = !k->person;
	take_end(k, rc);
}

/* What was typed meanwhile is for the prompt. As a terminal does, ^C forgets
 * it. */
static void
take_typed(struct keep *k, struct batch_typed *typed, int signo)
{
	if (signo == 0)
		lineedit_push(k->edit, text_str(&typed->lines), typed->end);
	text_clear(&typed->lines);
	/* A person stopped that command, a script's user all of them. */
	if (signo != 0 && (!k->person || signo != SIGINT))
		k->over = true;
}

static void
run_recorded(struct keep *k, const struct args *args, struct batch_hosts *hosts)
{
	struct batch_typed typed = {0};
	struct commands commands;
	struct muster_error err;
	int signo = 0;

	hosts->signal = &signo;
	hosts->typed = k->person ? &typed : NULL;
	if (commands_make(&commands, k->m, args, &err) < 0) {
		complain("%s", err.text);
		muster_record_close(k->m, complain_exitcode(&err));
		refuse(k, complain_exitcode(&err));
		return;
	}
	take_end(k, batch_run(k->m, args, &commands, hosts));
	commands_clear(&commands);
	take_typed(k, &typed, signo);
}

static void
run_there(struct keep *k, char **words, size_t n)
{
	struct args args = *k->args;
	struct batch_hosts hosts = keep_hosts_get(&k->hosts);
	struct recording recording;
	int rc;

	args.rest = words;
	args.n_rest = n;
	rc = recording_begin(&recording, &args, k->m, &hosts);
	if (rc == EXITCODE_OK)
		run_recorded(k, &args, &hosts);
	else
		refuse(k, rc);
	recording_close(&recording);
}

/* Begins a shell for the command. The standard input of a script is ours. */
static int
spawn_shell(const struct keep *k, const char *command, pid_t *pid)
{
	char *const words[] = {(char *)(uintptr_t) "sh",
	    (char *)(uintptr_t) "-c", (char *)(uintptr_t)command, NULL};
	posix_spawn_file_actions_t actions;
	int r = posix_spawn_file_actions_init(&actions);

	if (r != 0)
		return r;
	if (!k->person)
		r = posix_spawn_file_actions_addopen(
		    &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (r == 0)
		r = posix_spawn(pid, "/bin/sh", &actions, NULL, words, environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	return r;
}

/* ^C is for the command that a person runs here, not for us. */
static void
run_here(struct keep *k, const char *command)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct sigaction before;
	int status = 0, r;
	pid_t pid;

	r = spawn_shell(k, command, &pid);
	if (r != 0) {
		complain("cannot run '%s': %s", command, strerror(r));
		take_end(k, EXITCODE_LOCAL);
		return;
	}
	if (k->person)
		(void)sigaction(SIGINT, &ignore, &before);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (k->person)
		(void)sigaction(SIGINT, &before, NULL);
	if (WIFSIGNALED(status))
		complain("here: killed by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		complain("here: exit code %d", WEXITSTATUS(status));
	if (status != 0)
		take_end(k, EXITCODE_FAILED);
}

static void
show_hosts(const struct keep *k)
{
	struct text line = {0};

	text_addf(&line, "%zu host%s: ", k->hosts.n_items,
	    k->hosts.n_items == 1 ? "" : "s");
	keep_hosts_write(&k->hosts, &line);
	complain("%s", text_str(&line));
	text_clear(&line);
}

static void
change_hosts(struct keep *k, char op, const char *list)
{
	list += strspn(list, " \t");
	if (*list == '\0' && op != '=')
		complain("'%c' wants hosts, as -w does", op);
	else if (*list == '\0' || keep_hosts_change(&k->hosts, op, list)) {
		if (k->person || *list == '\0')
			show_hosts(k);
		return;
	}
	/* The next command of a script would hit the wrong hosts. */
	take_end(k, EXITCODE_USAGE);
	k->over = !k->person;
}

static void
show_help(void)
{
	static const char *const lines[] = {
	    "COMMAND: run it on the hosts",
	    "=HOSTS +HOSTS -HOSTS: only these, these too, not these",
	    "=: show which hosts",
	    "!COMMAND: run it here",
	    "quit or ^D: end",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		complain("%s", lines[i]);
}

static void
take_line(struct keep *k, const char *line)
{
	char *words[1];

	line += strspn(line, " \t");
	words[0] = (char *)(uintptr_t)line;
	switch (*line) {
	case '\0':
	case '#':
		break;
	case '=':
	case '+':
	case '-':
		change_hosts(k, *line, line + 1);
		break;
	case '!':
		run_here(k, line + 1);
		break;
	case '?':
		show_help();
		break;
	default:
		if (strcmp(line, "quit") == 0)
			k->over = true;
		else
			run_there(k, words, 1);
	}
}

static void
read_lines(struct keep *k)
{
	const char *line;

	while (!k->over) {
		switch (lineedit_read(k->edit, &line)) {
		case LINEEDIT_LINE:
			take_line(k, line);
			break;
		case LINEEDIT_CANCELLED:
			complain("quit or ^D ends");
			break;
		case LINEEDIT_EOF:
			k->over = true;
			break;
		case LINEEDIT_FAILED:
			complain(
			    "cannot read standard input: %s", strerror(errno));
			take_end(k, EXITCODE_LOCAL);
			k->over = true;
			break;
		}
	}
}

/* What is for one command, or for the screen, is not for many. */
static int
check(const struct args *args)
{
	const struct {
		bool given;
		const char *name;
	} others[] = {
	    {args->script != NULL, "--script"},
	    {args->commands != NULL, "--commands"},
	    {args->stdin_dir != NULL, "--stdin-dir"},
	    {args->outdir != NULL, "--outdir"},
	    {args->errdir != NULL, "--errdir"},
	    {args->junit != NULL, "--junit"},
	    {args->json, "--json"},
	    {args->table, "--table"},
	    {args->tsv, "--tsv"},
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (!others[i].given)
			continue;
		complain("--keep runs many commands: it cannot be with %s",
		    others[i].name);
		return EXITCODE_USAGE;
	}
	return EXITCODE_OK;
}

static void
on_interrupt(int signo)
{
	(void)signo;
}

/* ^C a moment before the next prompt, or after a command, ends nothing. */
static void
outlive_interrupts(void)
{
	struct sigaction action = {.sa_handler = on_interrupt}, old;

	if (sigaction(SIGINT, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		(void)sigaction(SIGINT, &action, NULL);
}

int
keep_run(struct muster *m, const struct args *args, const void *arg)
{
	struct keep k = {.m = m, .args = args};
	int rc = check(args);

	(void)arg;
	if (rc != EXITCODE_OK)
		return rc;
	k.person = isatty(STDIN_FILENO) == 1;
	keep_hosts_init(&k.hosts, m, args);
	if (k.person)
		outlive_interrupts();
	k.edit = lineedit_new("muster> ");
	if (args->n_rest > 0)
		run_there(&k, args->rest, args->n_rest);
	if (!k.over)
		read_lines(&k);
	lineedit_free(k.edit);
	keep_hosts_clear(&k.hosts);
	return k.rc;
}
