/*
 * ledger.h -- what happened, as counters and as lines.
 *
 * Room: tests/fleetsim.  May touch: base/, server.h.
 */
#ifndef FLEETSIM_LEDGER_H
#define FLEETSIM_LEDGER_H

#include "server.h"

/* Makes one ledger a host, in memory that a forked child shares. False when
 * there is none to be had. */
bool sim_ledger_open(struct fleetsim *sim);
void sim_ledger_close(struct fleetsim *sim);

/* Adds a line "us host event text" when lines are asked for. */
void sim_ledger_note(struct host *h, struct fleetsim *sim, const char *event,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Writes the lines that wait. */
void sim_ledger_flush(struct fleetsim *sim);

/* Adds `data` in double quotes, what is not plain ASCII as \xHH. */
void sim_ledger_quote(struct buf *b, const void *data, size_t len);

#endif
