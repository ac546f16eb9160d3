/*
 * process.c -- commands in a real /bin/sh.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 * As sshd does it: the result is sent when the shell has ended, the end of
 * its output when every process that holds it has. A process whose channel
 * is gone gets SIGHUP; it is reaped whenever it ends.
 */
#include "config.h"

#include "process.h"
#include "base/mem.h"
#include "channel.h"
#include "home.h"
#include "work.h"

#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define ENV_MAX 64

/* RFC 4254 s. 6.10's names, and two more of OpenSSH's. */
/* clang-format off */
static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "ABRT", SIGABRT }, { "ALRM", SIGALRM }, { "FPE", SIGFPE },
	{ "HUP", SIGHUP },   { "ILL", SIGILL },   { "INT", SIGINT },
	{ "KILL", SIGKILL }, { "PIPE", SIGPIPE }, { "QUIT", SIGQUIT },
	{ "SEGV", SIGSEGV }, { "TERM", SIGTERM }, { "USR1", SIGUSR1 },
	{ "USR2", SIGUSR2 },
};
/* clang-format on */

static void
end_input(struct process *p)
{
	sim_watch_close(&p->sim->loop, &p->in);
}

/* Writes to the command's stdin what it takes. */
static void
write_input(struct process *p)
{
	struct watch *w = p->pty ? &p->out[0] : &p->in;
	struct channel *c = p->channel;

	while (c->in.len > 0 && w->fd >= 0) {
		ssize_t n = write(w->fd, buf_data(&c->in), c->in.len);

		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0 && errno != EINTR) {
			/* Nobody will ever read it. */
			end_input(p);
			n = (ssize_t)c->in.len;
		}
		if (n > 0)
			sim_channel_consume(c, (size_t)n);
	}
	if (p->pty)
		return;
	if (p->in.fd < 0)
		sim_channel_consume(c, c->in.len);
	else if (c->in.len == 0 && c->in_eof)
		end_input(p);
	(void)sim_watch_set(
	    &p->sim->loop, &p->in, c->in.len > 0 ? EPOLLOUT : 0);
}

static void
read_output(struct process *p, int stream)
{
	struct loop *loop = &p->sim->loop;
	struct watch *w = &p->out[stream];
	size_t room;

	while (w->fd >= 0 && (room = sim_channel_room(p->channel)) > 0) {
		ssize_t n = read(w->fd, loop->scratch, room);

		if (n > 0)
			sim_channel_data(
			    p->channel, stream, loop->scratch, (size_t)n);
		else if (n < 0 && errno == EAGAIN)
			return;
		else if (n == 0 || errno != EINTR)
			sim_watch_close(loop, w);
	}
}

static void
pump(struct channel *c)
{
	struct process *p = c->state;
	struct loop *loop = &p->sim->loop;
	uint32_t wanted;

	read_output(p, 0);
	read_output(p, 1);
	wanted = sim_channel_room(c) > 0 ? EPOLLIN : 0;
	for (int i = 0; i < 2; i++)
		(void)sim_watch_set(loop, &p->out[i],
		    wanted |
			(i == 0 && p->pty && c->in.len > 0 ? EPOLLOUT : 0));
	if (p->out[0].fd < 0 && p->out[1].fd < 0)
		sim_channel_output_end(c);
}

static void
input(struct channel *c)
{
	write_input(c->state);
	if (((struct process *)c->state)->pty)
		pump(c);
}

static void
on_in(struct watch *w, uint32_t events)
{
	struct process *p =
	    (struct process *)((char *)w - offsetof(struct process, in));

	if ((events & EPOLLERR) != 0)
		end_input(p);
	write_input(p);
}

static void
on_out(struct process *p, uint32_t events)
{
	if (p->pty && (events & EPOLLOUT) != 0)
		write_input(p);
	pump(p->channel);
}

static void
on_stdout(struct watch *w, uint32_t events)
{
	on_out((struct process *)((char *)w - offsetof(struct process, out)),
	    events);
}

static void
on_stderr(struct watch *w, uint32_t events)
{
	on_stdout(w - 1, events);
}

static void
on_later(struct later *l)
{
	free((char *)l - offsetof(struct process, later));
}

/* Events of this round may still name it: the memory goes after them. */
static void
process_free(struct process *p)
{
	struct loop *loop = &p->sim->loop;

	sim_watch_close(loop, &p->child);
	sim_watch_close(loop, &p->in);
	sim_watch_close(loop, &p->out[0]);
	sim_watch_close(loop, &p->out[1]);
	LIST_REMOVE(p, link);
	p->later.run = on_later;
	sim_later(loop, &p->later);
}

static void
report_end(struct channel *c, int status)
{
	if (WIFEXITED(status)) {
		sim_channel_exit(c, (uint32_t)WEXITSTATUS(status));
		return;
	}
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (signals[i].number == WTERMSIG(status)) {
			sim_channel_exit_signal(
			    c, signals[i].name, WCOREDUMP(status));
			return;
		}
	}
	sim_channel_exit_signal(c, "SIG@openssh.com", WCOREDUMP(status));
}

static void
on_child(struct watch *w, uint32_t events)
{
	struct process *p =
	    (struct process *)((char *)w - offsetof(struct process, child));
	struct channel *c = p->channel;
	int status;

	(void)events;
	if (waitpid(p->pid, &status, WNOHANG) != p->pid)
		return;
	p->pid = -1;
	sim_watch_close(&p->sim->loop, &p->child);
	if (c == NULL) {
		process_free(p);
		return;
	}
	pump(c);
	report_end(c, status);
}

static void
send_signal(struct channel *c, const char *name)
{
	struct process *p = c->state;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (strcmp(signals[i].name, name) == 0 && p->pid > 0)
			(void)kill(-p->pid, signals[i].number);
}

static void
resize(struct channel *c)
{
	const struct terminal *t = &c->terminal;
	struct process *p = c->state;
	struct winsize size = {.ws_row = t->rows,
	    .ws_col = t->cols,
	    .ws_xpixel = t->width,
	    .ws_ypixel = t->height};

	if (p->pty && p->out[0].fd >= 0)
		(void)ioctl(p->out[0].fd, TIOCSWINSZ, &size);
}

static void
abandon(struct channel *c)
{
	struct process *p = c->state;

	p->channel = NULL;
	sim_watch_close(&p->sim->loop, &p->in);
	sim_watch_close(&p->sim->loop, &p->out[0]);
	sim_watch_close(&p->sim->loop, &p->out[1]);
	if (p->pid > 0)
		(void)kill(-p->pid, SIGHUP);
	else
		process_free(p);
}

/* The command's environment: a small one, and what the client asked for. */
static void
make_env(const struct channel *c, const char *home, char *env[ENV_MAX])
{
	const struct host *h = c->session->host;
	const char *user = c->session->auth.user;
	const char *extra = (const char *)buf_data(&c->env);
	const char *end = extra + c->env.len;
	size_t n = 0;

	env[n++] = mem_printf("HOME=%s", home);
	env[n++] = mem_printf("USER=%s", user);
	env[n++] = mem_printf("LOGNAME=%s", user);
	env[n++] = mem_strdup("SHELL=/bin/sh");
	env[n++] = mem_printf("PATH=%s/bin:/usr/local/bin:/usr/bin:/bin", home);
	env[n++] = mem_printf("HOSTNAME=%s", h->name);
	env[n++] = mem_printf(
	    "SSH_CONNECTION=127.0.0.1 0 %s %u", h->addr, (unsigned)h->port);
	if (c->terminal.wanted)
		env[n++] = mem_printf("TERM=%s", c->terminal.term);
	for (; extra < end && n < ENV_MAX - 1; extra += strlen(extra) + 1)
		env[n++] = mem_strdup(extra);
	env[n] = NULL;
}

static int
open_terminal(struct process *p, struct channel *c)
{
	const struct buf *modes = &c->terminal.modes;
	struct termios t;
	int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return errno;
	p->pty = true;
	p->out[0].fd = fd;
	if (grantpt(fd) != 0 || unlockpt(fd) != 0)
		return errno;
	if (tcgetattr(fd, &t) == 0) {
		sim_terminal_modes(&t, buf_data(modes), modes->len);
		(void)tcsetattr(fd, TCSANOW, &t);
	}
	resize(c);
	return 0;
}

static int
spawn(struct process *p, struct channel *c)
{
	char *home = sim_home(p->sim, c->session->host);
	char *env[ENV_MAX];
	int rc = 0;

	if (home == NULL)
		return errno;
	make_env(c, home, env);
	if (c->terminal.wanted) {
		rc = open_terminal(p, c);
		if (rc == 0)
			rc = sim_spawn_pty(p, c->command, home, env);
	} else {
		rc = sim_spawn_pipes(p, c->command, home, env);
	}
	for (size_t i = 0; env[i] != NULL; i++)
		free(env[i]);
	free(home);
	return rc;
}

/* What sshd's client sees when no shell can be started. */
static void
report_failure(struct channel *c, int errnum)
{
	struct buf text;

	buf_init(&text, 256);
	(void)buf_addf(
	    &text, "fleetsim: cannot start /bin/sh: %s\n", strerror(errnum));
	if (sim_channel_room(c) >= text.len)
		sim_channel_data(c, 1, buf_data(&text), text.len);
	buf_clear(&text);
	sim_channel_output_end(c);
	sim_channel_exit(c, 255);
}

static int
watch_child(struct process *p)
{
	int rc;

	p->child.fd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	if (p->child.fd >= 0 &&
	    sim_watch_set(&p->sim->loop, &p->child, EPOLLIN))
		return 0;
	rc = errno;
	(void)kill(-p->pid, SIGKILL);
	(void)waitpid(p->pid, NULL, 0);
	p->pid = -1;
	return rc;
}

void
sim_process_start(struct channel *c)
{
	static const struct work work = {.pump = pump,
	    .input = input,
	    .signal = send_signal,
	    .resize = resize,
	    .abandon = abandon};
	struct process *p = mem_new(sizeof(*p));
	int rc;

	p->sim = c->session->sim;
	p->channel = c;
	p->child.fd = p->in.fd = p->out[0].fd = p->out[1].fd = -1;
	p->child.ready = on_child;
	p->in.ready = on_in;
	p->out[0].ready = on_stdout;
	p->out[1].ready = on_stderr;
	p->pid = -1;
	LIST_INSERT_HEAD(&p->sim->processes, p, link);
	c->work = &work;
	c->state = p;
	rc = spawn(p, c);
	if (rc == 0)
		rc = watch_child(p);
	if (rc != 0) {
		report_failure(c, rc);
		return;
	}
	input(c);
	pump(c);
}

void
sim_processes_kill(struct fleetsim *sim)
{
	struct process *p;

	while ((p = LIST_FIRST(&sim->processes)) != NULL) {
		if (p->pid > 0) {
			(void)kill(-p->pid, SIGKILL);
			(void)waitpid(p->pid, NULL, 0);
		}
		process_free(p);
	}
}
