/*
 * trace.c -- what the engine did, for whoever debugs it.
 *
 * Room: engine/base.  May touch: clock.h.
 */
#include "config.h"

#include "base/trace.h"
#include "base/clock.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define N_KEPT 256
#define LINE_MAX_BYTES 240

static struct {
	char topics[200];
	int fd;
	bool on;
	atomic_uint n_lines;
	char lines[N_KEPT][LINE_MAX_BYTES];
} trace = {.fd = -1};

void
trace_open(const char *topics, int fd)
{
	trace.on = topics != NULL;
	trace.fd = fd;
	if (topics != NULL)
		(void)str_copy(trace.topics, sizeof(trace.topics), topics);
}

static bool
is_listed(const char *topic)
{
	size_t n = strlen(topic);

	for (const char *p = trace.topics; *p != '\0';) {
		size_t len = strcspn(p, ",");

		if ((len == n && memcmp(p, topic, n) == 0) ||
		    str_is(p, len, "all"))
			return true;
		p += len + (p[len] == ',');
	}
	return false;
}

bool
trace_is_on(const char *topic)
{
	return trace.on && is_listed(topic);
}

void
trace_write(const char *topic, const char *fmt, ...)
{
	unsigned i = atomic_fetch_add(&trace.n_lines, 1) % N_KEPT;
	char line[LINE_MAX_BYTES];
	int64_t now = clock_now_us();
	size_t n;
	va_list ap;

	n = (size_t)snprintf(line, sizeof(line), "%lld.%03lld %s ",
	    (long long)(now / 1000), (long long)(now % 1000), topic);
	va_start(ap, fmt);
	(void)vsnprintf(line + n, sizeof(line) - n - 1, fmt, ap);
	va_end(ap);
	n = strlen(line);
	line[n++] = '\n';
	memcpy(trace.lines[i], line, n);
	if (n < sizeof(line))
		trace.lines[i][n] = '\0';
	if (write(trace.fd, line, n) < 0)
		return;
}

void
trace_dump(int fd)
{
	unsigned n = atomic_load(&trace.n_lines);

	for (unsigned i = n > N_KEPT ? n - N_KEPT : 0; i < n; i++) {
		const char *line = trace.lines[i % N_KEPT];

		if (write(fd, line, strnlen(line, LINE_MAX_BYTES)) < 0)
			return;
	}
}
