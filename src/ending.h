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

/* Counts the results of the run's hosts into *facts. */
void ending_add_results(
    struct exitcode_facts *facts, const struct writer_run *run);

/* What writers are told at the end. */
struct writer_summary ending_sum_up(
    const struct writer_run *run, const struct exitcode_facts *facts);

/* Adds the report: who did not succeed, and how to run it again on them;
 * `success` counts those that did even where all of them are. */
void ending_report(const struct writer_run *run, bool success, struct text *to);

#endif
