/*
 * onscreen.h -- whether a run is shown on a screen, and the screen for it.
 *
 * Room: src.  May touch: muster.h, args.h, ui/ui.h.
 */
#ifndef MUSTER_SRC_ONSCREEN_H
#define MUSTER_SRC_ONSCREEN_H

#include "muster.h"
#include "src/args.h"
#include "ui/ui.h"

/* Whether the run shall open the screen: --ui, or a terminal on both sides and
 * no form of output asked for. */
bool onscreen_is_wanted(const struct args *args);

/* Whether the run could be shown on one later. */
bool onscreen_is_possible(const struct args *args);

/* A screen that is not shown yet; *hooks has what signals and events need, and
 * the command; all else is filled in. All is borrowed. */
struct ui *onscreen_new(
    struct muster *m, const struct args *args, const struct ui_options *hooks);

#endif
