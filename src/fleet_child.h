/*
 * fleet_child.h -- the process behind fleet.h.
 *
 * Room: src.  May touch: libc.
 */
#ifndef MUSTER_SRC_FLEET_CHILD_H
#define MUSTER_SRC_FLEET_CHILD_H

/* Names of files in the fleet's folder. */
#define FLEET_IDENTITY "user_key"
#define FLEET_KNOWN_HOSTS "known_hosts"

/* Makes the fleet, says its folder and hosts to `say` (or, not starting with
 * '/', what went wrong), each on a line, then an empty line; serves until
 * `until` is at its end, cleans up and exits. */
_Noreturn void fleet_child_main(const char *text, int say, int until);

#endif
