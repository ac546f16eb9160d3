/*
 * ask.h -- a question to the person in front of the program.
 *
 * Room: src.  May touch: askpass.h.
 * On /dev/tty, or by the program that $SSH_ASKPASS names, as ssh(1) chooses
 * between them with $SSH_ASKPASS_REQUIRE and $DISPLAY.
 */
#ifndef MUSTER_SRC_ASK_H
#define MUSTER_SRC_ASK_H

#include <stdbool.h>
#include <stdint.h>

#define ASK_BYTES 1024 /* of an answer, with the NUL */

struct ask {
	const char *question; /* shown as it is, with what follows it */
	bool echo;            /* what is typed may be seen */
	int wake_fd;          /* gives up when readable; -1: none. Then signals
			       * that end the program wait meanwhile */
	uint32_t timeout_ms;  /* gives up then; 0: never */
};

enum ask_end {
	ASK_GIVEN,     /* the answer, which may be empty */
	ASK_REFUSED,   /* ^D, or the program said no */
	ASK_CANCELLED, /* ^C */
	ASK_GAVE_UP,   /* wake_fd, or the time */
	ASK_NOBODY,    /* no terminal and no program */
};

/* Asks, and waits. What was typed is to be wiped with ask_wipe(). The
 * terminal is given back as it was in any case. */
enum ask_end ask_person(const struct ask *a, char answer[ASK_BYTES]);

/* Whether there is anybody to ask. */
bool ask_is_possible(void);

void ask_wipe(char answer[ASK_BYTES]);

/* Milliseconds left until `until_ms` of control_now_ms(), for poll(2). */
int ask_left_ms(int64_t until_ms);

#endif
