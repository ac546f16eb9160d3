/*
 * askpass.h -- asking by the program that $SSH_ASKPASS names.
 *
 * Room: src.  May touch: ask.h.
 */
#ifndef MUSTER_SRC_ASKPASS_H
#define MUSTER_SRC_ASKPASS_H

#include "src/ask.h"

/* Whether it is to ask, as ssh(1) decides: $SSH_ASKPASS_REQUIRE says
 * 'prefer' or 'force', or there is `no_terminal` but a $DISPLAY. */
bool askpass_is_chosen(bool no_terminal);

/* Runs it with the question, and takes the first line that it prints. */
enum ask_end askpass_ask(const struct ask *a, char answer[ASK_BYTES]);

#endif
