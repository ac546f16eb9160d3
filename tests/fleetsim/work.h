/*
 * work.h -- what runs on a channel, and how it is started.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#ifndef FLEETSIM_WORK_H
#define FLEETSIM_WORK_H

struct channel;
struct fleetsim;

/* Starts on the channel what its host is told to (exec=). */
void sim_work_start(struct channel *c);

/* A real /bin/sh: process.c. */
void sim_process_start(struct channel *c);

/* Output made up as the host's description says: canned.c. */
void sim_canned_start(struct channel *c);

/* stdin sent back: canned.c. */
void sim_cat_start(struct channel *c);

/* Kills and reaps every process that is left. */
void sim_processes_kill(struct fleetsim *sim);

#endif
