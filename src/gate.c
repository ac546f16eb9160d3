/*
 * gate.c -- whether the next wave may begin: a question on the terminal.
 *
 * Room: src.  May touch: libc.
 */
#include "config.h"

#include "src/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <termios.h>
#include <unistd.h>

static void
say(const struct gate *g, const char *text)
{
	(void)!write(g->fd, text, strlen(text));
}

bool
gate_open(struct gate *g)
{
	*g = (struct gate){
	    .fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)};
	return g->fd >= 0;
}

void
gate_close(struct gate *g)
{
	if (g->fd >= 0)
		(void)close(g->fd);
	g->fd = -1;
}

/* What was typed before there was a question is no answer. */
void
gate_ask(struct gate *g, const char *question)
{
	(void)tcflush(g->fd, TCIFLUSH);
	g->is_asking = true;
	g->len = 0;
	say(g, question);
}

void
gate_drop(struct gate *g)
{
	if (g->is_asking)
		say(g, "\n");
	g->is_asking = false;
}

int
gate_fd(const struct gate *g)
{
	return g->is_asking && tcgetpgrp(g->fd) == getpgrp() ? g->fd : -1;
}

static enum gate_answer
judge(struct gate *g)
{
	g->line[g->len] = '\0';
	g->len = 0;
	if (strcasecmp(g->line, "y") == 0 || strcasecmp(g->line, "yes") == 0)
		return GATE_YES;
	if (strcasecmp(g->line, "n") == 0 || strcasecmp(g->line, "no") == 0)
		return GATE_NO;
	say(g, "muster: y begins it, n stops the rollout: ");
	return GATE_NONE;
}

enum gate_answer
gate_take(struct gate *g)
{
	enum gate_answer answer = GATE_NONE;
	char typed[64];
	ssize_t n = read(g->fd, typed, sizeof(typed));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return GATE_NONE;
	if (n <= 0)
		answer = GATE_NO;
	for (ssize_t i = 0; i < n && answer == GATE_NONE; i++) {
		if (typed[i] == '\n')
			answer = judge(g);
		else if (g->len < sizeof(g->line) - 1)
			g->line[g->len++] = typed[i];
	}
	if (answer != GATE_NONE)
		g->is_asking = false;
	return answer;
}
