/*
 * ledger.c -- what happened, as counters and as lines.
 *
 * Room: tests/fleetsim.  May touch: base/, server.h.
 * Lines are gathered and written once a round of the loop: 10,000 sessions
 * make 60,000 of them.
 */
#include "config.h"

#include "ledger.h"
#include "base/clock.h"
#include "base/mem.h"

#include <sys/mman.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

bool
sim_ledger_open(struct fleetsim *sim)
{
	size_t size = sim->n_hosts * sizeof(struct fleetsim_ledger);
	void *mem;

	if (size == 0)
		return true;
	mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (mem == MAP_FAILED)
		return false;
	sim->ledgers = mem;
	for (size_t i = 0; i < sim->n_hosts; i++)
		sim->hosts[i]->ledger = &sim->ledgers[i];
	return true;
}

void
sim_ledger_close(struct fleetsim *sim)
{
	if (sim->ledgers != NULL)
		(void)munmap(sim->ledgers,
		    sim->n_hosts * sizeof(struct fleetsim_ledger));
	sim->ledgers = NULL;
}

void
sim_ledger_note(struct host *h, struct fleetsim *sim, const char *event,
    const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (sim->log_fd < 0)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	(void)buf_addf(&sim->log, "%lld %s %s %s\n",
	    (long long)(clock_now_us() - sim->start_us), h->name, event, text);
}

void
sim_ledger_flush(struct fleetsim *sim)
{
	while (sim->log_fd >= 0 && sim->log.len > 0) {
		ssize_t n =
		    write(sim->log_fd, buf_data(&sim->log), sim->log.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			sim->log_fd = -1;
			buf_clear(&sim->log);
			return;
		}
		buf_drain(&sim->log, (size_t)n);
	}
}

void
sim_ledger_quote(struct buf *b, const void *data, size_t len)
{
	const uint8_t *p = data;

	(void)buf_addc(b, '"');
	for (size_t i = 0; i < len; i++) {
		if (p[i] < ' ' || p[i] > '~')
			(void)buf_addf(b, "\\x%02x", p[i]);
		else if (p[i] == '"' || p[i] == '\\')
			(void)buf_addf(b, "\\%c", p[i]);
		else
			(void)buf_addc(b, p[i]);
	}
	(void)buf_addc(b, '"');
}
