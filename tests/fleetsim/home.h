/*
 * home.h -- the private directories that real shells run in.
 *
 * Room: tests/fleetsim.  May touch: base/, server.h.
 */
#ifndef FLEETSIM_HOME_H
#define FLEETSIM_HOME_H

#include "server.h"

/* Sets the directory that homes are made in; NULL: a new one, removed by
 * sim_homes_close(). */
int sim_homes_open(
    struct fleetsim *sim, const char *dir, struct muster_error *err);

/* Removes the homes with all that is in them. */
void sim_homes_close(struct fleetsim *sim);

/* The host's home, made when it is not there yet. The caller frees; NULL
 * with errno set when it cannot be made. */
char *sim_home(struct fleetsim *sim, const struct host *h);

#endif
