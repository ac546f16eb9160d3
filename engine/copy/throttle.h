/*
 * throttle.h -- no more than so many bytes a second.
 *
 * Room: engine/copy.  May touch: base/.
 * What was taken too much is waited for. Any thread may ask.
 */
#ifndef MUSTER_COPY_THROTTLE_H
#define MUSTER_COPY_THROTTLE_H

#include <stdint.h>

struct throttle;

/* `rate` is bytes a second, > 0. */
struct throttle *throttle_new(uint64_t rate);
struct throttle *throttle_ref(struct throttle *t); /* NULL: NULL */
void throttle_free(struct throttle *t);

/* How many milliseconds to wait before the next piece may leave; 0: now. */
uint32_t throttle_wait_ms(struct throttle *t);

/* A piece of so many bytes leaves. */
void throttle_take(struct throttle *t, uint64_t bytes);

#endif
