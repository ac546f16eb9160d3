/*
 * waves.h -- what a person decides of a rollout.
 *
 * Room: ui.  May touch: keymap.h, muster.h.
 */
#ifndef MUSTER_UI_WAVES_H
#define MUSTER_UI_WAVES_H

#include "muster.h"
#include "ui/keymap.h"

struct ui;

/* Whether there is a rollout; without one nothing below does anything, or must
 * be called, but waves_promote(). */
bool waves_are_here(const struct ui *ui);

/* Begins the next wave, or goes on after a pause. */
void waves_promote(struct ui *ui, enum action action);

/* Decides; as in struct ui_rollout. */
void waves_decide(
    struct ui *ui, enum muster_rollout_event_type what, size_t number);

/* Asks whether it shall be stopped. */
void waves_ask_stop(struct ui *ui);

/* The hosts of the wave under the cursor, as a list. */
void waves_open(struct ui *ui);

#endif
