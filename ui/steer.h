/*
 * steer.h -- what starts and stops work: asked first, then done.
 *
 * Room: ui.  May touch: model.h, muster.h.
 */
#ifndef MUSTER_UI_STEER_H
#define MUSTER_UI_STEER_H

#include "ui/model.h"

struct ui;

enum target {
	TARGET_CURSOR,
	TARGET_MARKED,
	TARGET_FILTER, /* what is listed */
	TARGET_ALL,
	TARGET_DEFAULT, /* the marked ones, or all that is listed */
};

/* Asks, and what is answered is done by steer_answer(). A NULL command is
 * the one that ran last; `only` chooses among the target. */
void steer_ask_start(struct ui *ui, enum target target, const char *command,
    bool (*only)(const struct model_host *host), const char *which);
void steer_ask_kill(struct ui *ui, enum target target);
void steer_ask_abort(struct ui *ui);
void steer_ask_skip(struct ui *ui, enum target target);
void steer_ask_leave(struct ui *ui);
void steer_answer(struct ui *ui, int answer);

/* Whether a host reads what is sent; says so when not. steer_send does it. */
bool steer_can_send(struct ui *ui, size_t host);
void steer_send(struct ui *ui, size_t host, const char *text);
void steer_ask_send(struct ui *ui, enum target target, const char *text);
void steer_ask_eof(struct ui *ui, enum target target);

/* Whether nothing can be started, stopped or sent, as it is a replay; says
 * so. */
bool steer_is_replay(struct ui *ui);
void steer_pause(struct ui *ui, bool paused);
void steer_fanout(struct ui *ui, unsigned fanout);
void steer_speed(struct ui *ui, bool faster); /* of a replay */

/* Hosts that `R` runs again: those that failed, and those never reached. */
bool steer_is_failed(const struct model_host *host);

/* The names of hosts, folded, at most `size` bytes of them. */
void steer_fold(
    const struct ui *ui, const size_t *hosts, size_t n, char *out, size_t size);

#endif
