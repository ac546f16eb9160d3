/*
 * recording.h -- what a fleet writes down of itself.
 *
 * Room: engine/fleet.  May touch: record/recorder.h, this room.
 * Everything here does nothing, and says that all is well, in a fleet that
 * writes no record.
 */
#ifndef MUSTER_FLEET_RECORDING_H
#define MUSTER_FLEET_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct host;
struct muster;
struct muster_error;
struct recorder;
struct worker;

/* ---- on the front end's thread ---- */

/* Begins the record that the options ask for.
 * Returns 0, or -1: MUSTER_ERR_FILE, MUSTER_ERR_SYSTEM. */
int recording_open(struct muster *m, struct muster_error *err);
void recording_close(struct muster *m);

/* Writes down a command, or a copy in words, and the hosts that are new; its
 * number goes into *no. Returns 0, or -1: MUSTER_ERR_FILE; it must not start
 * then. */
int recording_order(
    struct muster *m, const char *what, uint32_t *no, struct muster_error *err);

/* ---- on a worker's thread ---- */

void recording_open_lane(struct worker *w, struct recorder *r);
void recording_close_lane(struct worker *w);

/* The command of the host is about to be sent. Returns false when it must
 * not be: the record has failed. */
bool recording_start(struct host *h);

void recording_output(
    struct host *h, unsigned stream, const void *data, size_t len);

/* The host has its result. */
void recording_end(struct host *h);

/* The host is let go of without a result. */
void recording_drop(struct host *h);

/* A round of the loop is over. */
void recording_flush(struct worker *w);

#endif
