/*
 * become.h -- a command as another user: its text, and the talk before it.
 *
 * Room: engine/ssh.  May touch: base/.
 * Knows no connection: text goes in, what may be shown comes out.
 *
 *	ASKING -> (prompt) -> GIVEN -> (marker) -> LET_IN -> GONE
 *
 * The prompt and the marker carry numbers drawn for this command, and stand
 * in its text in another form than they are printed in, so that neither a
 * list of processes nor a shell that traces what it does says them. The
 * command begins when we have answered the marker, and not before: without
 * that answer it certainly did not run.
 */
#ifndef MUSTER_SSH_BECOME_H
#define MUSTER_SSH_BECOME_H

#include "base/buf.h"
#include "muster.h"

struct secret;

enum become_method { BECOME_SUDO, BECOME_SU, BECOME_DOAS };

/* The method of that name (NULL: sudo). Returns false for none. */
bool become_method_of(const char *name, enum become_method *method);

/* How a command is to be run. All borrowed. */
struct become_order {
	const char *command;
	const char *shell;  /* NULL: what is there */
	const char *folder; /* NULL: the home */
	const char *user;   /* to become */
	enum become_method method;
	bool becomes;  /* whether any of that */
	bool pty;      /* it has a terminal */
	bool password; /* there is one to give */
};

enum become_phase {
	BECOME_ASKING,
	BECOME_PROMPTED, /* it waits for the password */
	BECOME_GIVEN,    /* the password was sent */
	BECOME_REFUSED,  /* it has asked again */
	BECOME_LET_IN,   /* the command waits for our word */
	BECOME_GONE,     /* it has had it */
};

#define BECOME_KILL_BYTES 96

struct become {
	enum become_method method;
	enum become_phase phase;
	bool pty;
	char secret[2][33]; /* hexadecimal: of the prompt, of the marker */
	char held[1280];    /* what may be the beginning of something */
	size_t n_held;
	bool called;     /* su, doas: their prompt comes next */
	bool after;      /* line ends behind a prompt are not shown */
	unsigned n_echo; /* bytes of the echo of our word met, of "\r\n" */
	char last[160];  /* of the latest line, for messages */
	size_t n_last;
	bool last_over;                /* another line begins */
	bool answered;                 /* it is of after the password */
	const struct secret *password; /* borrowed; never let through */
	char kill[BECOME_KILL_BYTES];  /* kill(1) as that user, without a
					* password; "": there is no such way */
};

typedef void (*become_show)(void *arg, const void *data, size_t len);

/* Begins; draws the numbers. */
void become_init(struct become *b, const struct become_order *o);

/* Writes the text for the server. Returns false over the ceiling of `out`. */
bool become_compose(
    const struct become *b, const struct become_order *o, struct buf *out);

/* Takes what came on the stream of prompts; show(arg) gets what is no part of
 * the talk. `phase` tells what to do. */
void become_take(struct become *b, const void *data, size_t len,
    become_show show, void *arg);

/* Nothing has come for a moment: su and doas, whose prompt we do not make,
 * wait for the password if what they said last looks like a question. */
void become_quiet(struct become *b);

/* Whether become_quiet() is to be called after a moment. */
bool become_waits(const struct become *b);

/* Why the command was not let begin, as far as what was said tells: one of
 * the MUSTER_SUDO_ outcomes, and a line that is clean. */
enum muster_outcome become_explain(
    const struct become *b, bool has_password, char *text, size_t size);

/* Nothing more comes: shows what is held. */
void become_end(struct become *b, become_show show, void *arg);

#endif
