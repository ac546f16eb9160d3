/*
 * describe.h -- the words of a host's description.
 *
 * Room: tests/fleetsim.  May touch: base/, host.h.
 */
#ifndef FLEETSIM_DESCRIBE_H
#define FLEETSIM_DESCRIBE_H

#include "host.h"

/* Takes `key`=`value` into the host (fleetsim.h has the list). Returns 0,
 * or -1: MUSTER_ERR_SYNTAX saying what is wrong with which word. */
int sim_describe(struct host *h, const char *key, const struct bytes *value,
    struct muster_error *err);

/* Adds a public key to a list; false for a type that is not known. */
bool sim_user_key_add(struct user_key **list, const void *blob, size_t len);
bool sim_user_key_add_base64(
    struct user_key **list, const char *text, size_t len);
void sim_user_keys_free(struct user_key *list);

#endif
