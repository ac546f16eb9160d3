/*
 * input_csi.h -- control sequences that a terminal sends.
 *
 * Room: ui.  May touch: input.h.
 * Both functions return the bytes taken, with an INPUT_KEY of code 0 in
 * *event for what means nothing, or -1 when the sequence goes on.
 */
#ifndef MUSTER_UI_INPUT_CSI_H
#define MUSTER_UI_INPUT_CSI_H

#include "ui/input.h"

/* ESC [ ... and ESC O ...; the start of a paste is an INPUT_PASTE. */
int csi_take(const unsigned char *p, size_t len, struct input_event *event);

/* ESC ] ... and the like, to the BEL or ST at their end. */
int csi_take_string(
    const unsigned char *p, size_t len, struct input_event *event);

#endif
