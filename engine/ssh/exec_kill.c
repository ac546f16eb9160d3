/*
 * exec_kill.c -- ending a command that does not end.
 *
 * Room: engine/ssh.  May touch: this room, base/.
 *
 * Servers seldom pass on signals (OpenSSH none to root's commands, and
 * libssh2 1.10 sends none), so another channel of the same connection runs
 * a script that does: its parent, the server's process for this connection, is
 * the command's too. It signals all processes of the sessions that children
 * of that parent lead, but for its own. A server that is one process for many
 * connections would have others' commands there: unless the parent is an sshd
 * or dropbear of its own, only what has this connection in its environment
 * counts. What became another user is signalled as that user where no
 * password is needed for it. Where the script cannot run, the signal request of
 * RFC 4254 s. 6.9 is left, if this libssh2 has it.
 */
#include "config.h"

#include "base/str.h"
#include "base/trace.h"
#include "ssh/become.h"
#include "ssh/client.h"
#include "ssh/loop.h"
#include "ssh/session_impl.h"

#include <stdio.h>
#include <string.h>

/* Within '...' for the login shell: one line, without a quote in it. For
 * KILL it waits until nothing is left. Says "gone", "left" or "none". */
#define SCRIPT                                                                 \
	"exec /bin/sh -c '"                                                    \
	"s=%s; me=$$; up=$PPID; all=; "                                        \
	"c=$(cat /proc/$up/comm 2>/dev/null || ps -o comm= -p $up); "          \
	"case $c in *sshd*|*dropbear*) own=1;; *) own=;; esac; "               \
	"mine() { [ -n \"$own\" ] || "                                         \
	"tr \"\\000\" \"\\n\" 2>/dev/null </proc/$1/environ | "                \
	"grep -qxF \"SSH_CONNECTION=$SSH_CONNECTION\"; }; "                    \
	"list() { if [ -r /proc/$$/stat ]; then "                              \
	"for d in /proc/[0-9]*; do { read -r l <$d/stat; } 2>/dev/null || "    \
	"continue; set -- ${l##*) }; "                                         \
	"[ \"$1\" = Z ] || echo ${d#/proc/} $2 $4; done; "                     \
	"else ps -A -o pid= -o ppid= -o pgid=; fi; }; "                        \
	"procs=$(list); "                                                      \
	"heads=$(echo \"$procs\" | while read -r p u g; do "                   \
	"[ \"$u\" = $up ] && [ $p != $me ] && mine $p && echo $p; done); "     \
	"for h in $heads; do all=\"$all $(echo \"$procs\" | "                  \
	"while read -r p u g; do [ \"$g\" = $h ] && echo $p; done)\"; done; "  \
	"[ -n \"$heads\" ] || { echo none; exit; }; "                          \
	"kill -$s $all 2>/dev/null; "                                          \
	"k=\"%s\"; [ -z \"$k\" ] || $k -$s $all 2>/dev/null; "                 \
	"[ $s = KILL ] || { echo sent; exit; }; "                              \
	"alive() { if [ -r /proc/$$/stat ]; then "                             \
	"{ read -r l </proc/$1/stat; } 2>/dev/null && "                        \
	"case \"${l##*) }\" in Z*) return 1;; esac; "                          \
	"else kill -0 $1 2>/dev/null; fi; }; "                                 \
	"n=0; while [ $n -lt 20 ]; do left=; "                                 \
	"for p in $all; do alive $p && left=1; done; "                         \
	"[ -n \"$left\" ] || { echo gone; exit; }; "                           \
	"n=$((n+1)); sleep 0.1; done; echo left'"

bool
exec_has_ended(const struct session *s)
{
	return s->heap.has_status || s->heap.has_signal;
}

/* ---- the other channel ---- */

static void
begin_killer(struct session *s)
{
	struct killer *k = &s->exec.killer;

	if (k->channel != NULL)
		(void)libssh2_channel_free(k->channel);
	*k = (struct killer){.stage = KILLER_OPENS};
	/* What the heap knows is of the command's channel, and stays so. */
	s->heap.pinned = true;
}

static bool
is_waiting(struct session *s)
{
	return libssh2_session_last_errno(s->ssh) == LIBSSH2_ERROR_EAGAIN &&
	       !s->tap.eof;
}

static void
open_killer(struct session *s)
{
	struct killer *k = &s->exec.killer;

	k->channel = libssh2_channel_open_ex(s->ssh, "session", 7,
	    LIBSSH2_CHANNEL_PACKET_DEFAULT, LIBSSH2_CHANNEL_PACKET_DEFAULT,
	    NULL, 0);
	if (k->channel != NULL)
		k->stage = KILLER_ASKS;
	else if (!is_waiting(s))
		k->stage = KILLER_FAILED;
}

/* How it is done as the user that the command became. */
static const char *
kill_as(const struct session *s)
{
	const struct become *b = s->exec.command.become;

	return b != NULL && b->password == NULL ? b->kill : "";
}

static void
ask_killer(struct session *s)
{
	struct killer *k = &s->exec.killer;
	char script[sizeof(SCRIPT) + 8 + BECOME_KILL_BYTES];
	int rc;

	(void)snprintf(script, sizeof(script), SCRIPT,
	    s->exec.n_kills > 1 ? "KILL" : "TERM", kill_as(s));
	rc = libssh2_channel_process_startup(
	    k->channel, "exec", 4, script, (unsigned)strlen(script));
	if (rc == 0)
		k->stage = KILLER_READS;
	else if (rc != LIBSSH2_ERROR_EAGAIN || s->tap.eof)
		k->stage = KILLER_FAILED;
}

/* Returns whether anything came. */
static bool
read_killer(struct session *s)
{
	struct killer *k = &s->exec.killer;
	char *scratch = (char *)loop_scratch(s->env->loop);
	ssize_t out, err;

	out = libssh2_channel_read_ex(k->channel, 0, scratch, 1024);
	for (ssize_t i = 0; i < out && k->n < sizeof(k->answer) - 1; i++)
		if (scratch[i] > ' ')
			k->answer[k->n++] = scratch[i];
	err = libssh2_channel_read_ex(k->channel, 1, scratch, 1024);
	if (out > 0 || err > 0)
		return true;
	if (libssh2_channel_eof(k->channel) || s->tap.eof) {
		k->stage = KILLER_DONE;
		TRACE("exec", "%s ending it: %s", s->target.name, k->answer);
	}
	return false;
}

static void
signal_instead(struct session *s)
{
	const char *name = s->exec.n_kills > 1 ? "KILL" : "TERM";

	TRACE("exec", "%s signal %s", s->target.name, name);
#ifdef HAVE_LIBSSH2_CHANNEL_SIGNAL_EX
	(void)libssh2_channel_signal_ex(s->exec.channel, name, strlen(name));
#else
	(void)name; /* closing the channel is all that this libssh2 can do */
#endif
}

bool
killer_is_asking(const struct session *s)
{
	return s->exec.killer.stage == KILLER_OPENS ||
	       s->exec.killer.stage == KILLER_ASKS;
}

bool
killer_run(struct session *s)
{
	struct killer *k = &s->exec.killer;

	if (alive_is_asking(s))
		return false;
	if (k->stage == KILLER_OPENS)
		open_killer(s);
	if (k->stage == KILLER_ASKS)
		ask_killer(s);
	if (k->stage == KILLER_READS)
		return read_killer(s);
	if (k->stage == KILLER_FAILED) {
		k->stage = KILLER_DONE;
		(void)str_copy(k->answer, sizeof(k->answer), "none");
		signal_instead(s);
	}
	return false;
}

bool
killer_is_looking(const struct session *s)
{
	const struct killer *k = &s->exec.killer;

	return s->exec.n_kills > 1 && k->stage != KILLER_DONE && !s->tap.eof;
}

/* ---- the steps of an end ---- */

void
exec_describe_end(struct session *s, struct session_end *end, bool closed)
{
	struct exec *e = &s->exec;
	bool left = str_is(e->killer.answer, e->killer.n, "left");
	bool gone = (closed || exec_has_ended(s) ||
			str_is(e->killer.answer, e->killer.n, "gone")) &&
		    !left;

	end->outcome = e->kill;
	if (gone)
		end->flags |= MUSTER_GONE;
	(void)snprintf(e->text, sizeof(e->text), "%s; %s", e->why,
	    !gone            ? "it may still run"
	    : e->n_kills > 1 ? "it was killed"
			     : "it ended");
	end->text = e->text;
}

static void
give_up(struct session *s)
{
	struct session_end end = {0};

	exec_describe_end(s, &end, false);
	s->exec.flags |= end.flags;
	session_fail(s, end.outcome, "%s", s->exec.text);
}

void
exec_after(struct session *s)
{
	uint32_t grace = s->env->options->grace_ms;

	if (s->state == MUSTER_OPEN) {
		session_poke(s); /* a channel was refused */
		return;
	}
	if (s->exec.kill == MUSTER_PENDING && !exec_has_begun(s)) {
		s->exec.quiet = true;
		session_poke(s);
		return;
	}
	if (s->exec.kill == MUSTER_PENDING) {
		s->exec.lingered = true;
		session_poke(s);
		return;
	}
	if (s->exec.n_kills == 2) {
		give_up(s);
		return;
	}
	if (s->exec.n_kills++ == 1)
		grace = grace < 4000 ? grace : 4000;
	begin_killer(s);
	timer_set(s->after, grace > 0 ? grace : 1);
	session_poke(s);
}

void
exec_kill(struct session *s, enum muster_outcome outcome, const char *why)
{
	if (s->over || s->exec.kill != MUSTER_PENDING)
		return;
	if (s->target.client != NULL) {
		client_stop(s, outcome);
		return;
	}
	(void)str_copy(s->exec.why, sizeof(s->exec.why), why);
	if (s->state == MUSTER_RUNNING && s->exec.sent && exec_has_ended(s)) {
		/* Nothing is left to end: no more output is waited for. */
		s->exec.lingered = true;
		session_poke(s);
	} else if (s->state == MUSTER_RUNNING && s->exec.sent) {
		s->exec.kill = outcome;
		exec_after(s);
	} else if (s->exec.sent && s->state == MUSTER_OPEN) {
		session_fail(s, outcome, "%s; the command may still run", why);
	} else {
		session_fail(
		    s, MUSTER_CANCELLED, "%s before the command was sent", why);
	}
}

static void
on_kill(void *arg)
{
	struct session *s = arg;

	exec_kill(s, s->asked_kill, s->asked_why);
}

void
session_kill(struct session *s, enum muster_outcome outcome, const char *why)
{
	s->asked_kill = outcome;
	s->asked_why = why;
	loop_later(s->env->loop, on_kill, s);
}

void
exec_timeout(struct session *s)
{
	double open_s = (double)s->env->options->open_timeout_ms / 1000.0;
	uint32_t ms = s->env->options->command_timeout_ms;
	char why[96];

	if (s->state == MUSTER_RUNNING && !exec_has_begun(s)) {
		exec_talk_timeout(s);
	} else if (s->state == MUSTER_RUNNING) {
		(void)snprintf(why, sizeof(why),
		    "the command took longer than %g s", (double)ms / 1000.0);
		exec_kill(s, MUSTER_CMD_TIMEOUT, why);
	} else if (s->exec.sent) {
		session_fail(s, MUSTER_NO_STATUS,
		    "no answer to the command within %g s", open_s);
	} else {
		session_fail(s, MUSTER_CHAN_REFUSED,
		    "no answer to a channel within %g s", open_s);
	}
}
