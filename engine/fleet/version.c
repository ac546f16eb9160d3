/*
 * version.c -- what this library is, runs with, and writes down of itself.
 *
 * Room: engine/fleet.  May touch: base/, ssh/library.h.
 */
#include "config.h"

#include "base/buf.h"
#include "base/trace.h"
#include "muster.h"
#include "ssh/library.h"

char *
muster_version(void)
{
	struct buf text;

	buf_init(&text, 4096);
	(void)buf_adds(&text, PACKAGE_STRING "\n");
	library_describe(&text);
	return buf_take_str(&text);
}

void
muster_trace(const char *topics, int fd)
{
	trace_open(topics, fd);
}
