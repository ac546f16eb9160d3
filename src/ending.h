/*
 * ending.h -- what is said of a run when it is over.
 *
 * Room: src.  May touch: muster.h, exitcode.h, text.h, writer.h.
 */
#ifndef MUSTER_SRC_ENDING_H
#define MUSTER_SRC_ENDING_H

#include "src/exitcode.h"
#include "src/text.h"
#include "src/writer.h"

#include <stdbool.h>

/* Counts the results of all hosts of `m` into *facts. */
void ending_add_results(struct exitcode_facts *facts, const struct muster *m);

/* What writers are told at the end. */
struct writer_summary ending_sum_up(const struct muster *m,
    const struct exitcode_facts *facts, const struct args *args);

/* Adds the report: who did not succeed, and how to run it again on them;
 * `success` counts those that did even where all of them are. */
void ending_report(const struct muster *m, const struct args *args,
    bool success, struct text *to);

#endif
