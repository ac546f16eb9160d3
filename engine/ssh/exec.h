/*
 * exec.h -- the inside of a command on a session, for the files of this room.
 *
 * Room: engine/ssh.  May touch: session.h, libssh2.
 * exec_open.c has the step of the state OPEN, exec.c RUNNING, exec_become.c
 * what comes before some commands, exec_kill.c the end of others.
 */
#ifndef MUSTER_SSH_EXEC_H
#define MUSTER_SSH_EXEC_H

#include "ssh/session.h"

#include <libssh2.h>

/* What a step answers: wait for the peer; go on; the session is over. */
enum next { AGAIN, FORWARD, FAILED };

/* Another channel, by which the command under way is ended (exec_kill.c). */
struct killer {
	LIBSSH2_CHANNEL *channel; /* owned */
	enum {
		KILLER_NONE,
		KILLER_OPENS,
		KILLER_ASKS,
		KILLER_READS,
		KILLER_DONE,
		KILLER_FAILED
	} stage;
	char answer[32];
	size_t n;
};

/* The command under way. */
struct exec {
	struct session_command command;
	LIBSSH2_CHANNEL *channel; /* owned; kept until the next command */
	unsigned n_refusals;      /* of a channel */
	bool sent;                /* the request left: it may run */
	size_t n_variables;       /* whose answers are there */
	bool all_sent;            /* all requests: the answers come */
	bool answered;            /* the one for a terminal was granted */
	bool agent_asked;         /* forwarding was asked for, and answered */
	bool no_pty;              /* asked for a terminal, got none */
	bool eof_sent;            /* the input is over */
	bool closed;              /* the server's CLOSE came */
	bool channel_eof;
	uint64_t n_read;          /* bytes of output delivered */
	enum muster_outcome kill; /* set: it is being ended by us */
	char why[96];             /* that is */
	unsigned n_kills;         /* steps of TERM, KILL, close taken */
	struct killer killer;
	bool gave_password;
	unsigned flags;              /* of the result, however it ends */
	char text[MUSTER_ERROR_MAX]; /* of the result */
	bool quiet;                  /* nothing came for a moment */
	int64_t moved_us;            /* when output or input last did */
	bool lingered; /* the wait for the end of output is over */
};

enum next step_open(struct session *s);
enum next step_running(struct session *s);

/* Gives back the channel of a command that has ended. */
void exec_clear(struct session *s);

/* What the deadline of OPEN or RUNNING means: see session.c. */
void exec_timeout(struct session *s);

/* The timer `after` fired: the next step of ending a command. */
void exec_after(struct session *s);

/* exec_become.c: the talk before a command. exec_talk() takes what it needs;
 * exec_has_begun() tells when it is over, exec_talk_ended() what it means
 * that the server ended it, exec_talk_timeout() that time did. */
enum next exec_talk(struct session *s);
bool exec_has_begun(const struct session *s);
void exec_show(
    struct session *s, enum muster_stream stream, const void *data, size_t len);
void exec_talk_ended(struct session *s, struct session_end *end);
void exec_talk_timeout(struct session *s);

/* exec_kill.c: exec_kill() begins to end the command under way;
 * killer_run() takes its steps and returns whether it read something,
 * killer_is_asking() tells that it waits for an answer, killer_is_looking()
 * that it is about to know what KILL has left; exec_describe_end() says how a
 * command ended that we ended. */
void exec_kill(struct session *s, enum muster_outcome outcome, const char *why);
bool killer_run(struct session *s);
bool killer_is_asking(const struct session *s);
bool killer_is_looking(const struct session *s);
void exec_describe_end(struct session *s, struct session_end *end, bool closed);
bool exec_has_ended(const struct session *s);

/* The timer `idle` fired. */
void exec_idle(struct session *s);

#endif
