/*
 * trace.h -- what the engine did, for whoever debugs it. Off by default.
 *
 * Room: engine/base.  May touch: clock.h.
 * One line a call: milliseconds, topic, text. The last 256 lines are kept
 * for a crash. Never on the screen, never with secrets in it.
 */
#ifndef MUSTER_BASE_TRACE_H
#define MUSTER_BASE_TRACE_H

#include <stdbool.h>

/* Traces the comma-separated `topics` ("all" for every one) into the file
 * descriptor `fd`; NULL turns it off. Not while threads are tracing. */
void trace_open(const char *topics, int fd);

/* Whether `topic` is being traced. */
bool trace_is_on(const char *topic);

void trace_write(const char *topic, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Writes the last lines kept to `fd`; safe in a signal handler. */
void trace_dump(int fd);

#define TRACE(topic, ...)                                                      \
	do {                                                                   \
		if (__builtin_expect(trace_is_on(topic), 0))                   \
			trace_write(topic, __VA_ARGS__);                       \
	} while (0)

#endif
