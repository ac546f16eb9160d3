/*
 * gate.h -- whether the next wave may begin: a question on the terminal.
 *
 * Room: src.  May touch: libc.
 * It is asked, and answered, while everything else goes on: nothing here
 * waits.
 */
#ifndef MUSTER_SRC_GATE_H
#define MUSTER_SRC_GATE_H

#include <stdbool.h>

struct gate {
	int fd; /* owned; the terminal; -1: none */
	bool is_asking;
	char line[64]; /* what was typed so far */
	unsigned len;
};

enum gate_answer { GATE_NONE, GATE_YES, GATE_NO };

/* Opens /dev/tty. Returns false when there is none. */
bool gate_open(struct gate *g);
void gate_close(struct gate *g);

/* Puts the question, "... [y/n] ". */
void gate_ask(struct gate *g, const char *question);

/* Takes it back. */
void gate_drop(struct gate *g);

/* The terminal, readable when an answer may have come; -1 while nothing is
 * asked, or another program has the terminal. */
int gate_fd(const struct gate *g);

/* Reads; a line that is neither is asked for again. The end of all input is
 * a no. */
enum gate_answer gate_take(struct gate *g);

#endif
