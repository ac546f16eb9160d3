/*
 * progress.c -- how far a run is, in one line.
 *
 * Room: src.  May touch: muster.h, control.h, names.h, heap.h, report.h,
 * text.h.
 */
#include "config.h"

#include "src/progress.h"

#include "src/control.h"
#include "src/names.h"
#include "src/heap.h"

#include <stdbool.h>
#include <stdlib.h>

enum place { WAITING, AT_WORK, DONE, LEFT_OUT };

struct progress {
	const struct muster *m; /* borrowed */
	size_t n_hosts;
	size_t n[LEFT_OUT + 1]; /* how many at each place */
	size_t n_bad;
	unsigned char *places; /* owned; an enum place a host */
	struct times {
		int64_t begun_us, heard_us; /* of its command; 0: not yet */
	} * times;                          /* owned; one a host */
	struct muster_peers peers;
	/* Of copies; NULL until one tells. */
	struct muster_transfer *transfers; /* owned; one a host */
};

struct progress *
progress_new(const struct muster *m, size_t n_hosts)
{
	struct progress *p = heap_array(1, sizeof(*p));

	p->m = m;
	p->n_hosts = n_hosts;
	p->n[WAITING] = n_hosts;
	p->places = heap_array(n_hosts, 1);
	p->times = heap_array(n_hosts, sizeof(*p->times));
	return p;
}

void
progress_free(struct progress *p)
{
	if (p == NULL)
		return;
	free(p->places);
	free(p->times);
	free(p->transfers);
	free(p);
}

static void
move(struct progress *p, size_t host, enum place place)
{
	p->n[p->places[host]]--;
	p->n[place]++;
	p->places[host] = (unsigned char)place;
}

void
progress_leave_out(struct progress *p, size_t host)
{
	move(p, host, LEFT_OUT);
}

/* Those that have a part in the run. */
static size_t
count_hosts(const struct progress *p)
{
	return p->n_hosts - p->n[LEFT_OUT];
}

void
progress_state(struct progress *p, size_t host, enum muster_state state)
{
	if (host < p->n_hosts && p->places[host] < DONE)
		move(p, host, state == MUSTER_QUEUED ? WAITING : AT_WORK);
}

void
progress_heard(struct progress *p, size_t host, int64_t at_us)
{
	if (host >= p->n_hosts)
		return;
	if (p->times[host].begun_us == 0)
		p->times[host].begun_us = at_us;
	p->times[host].heard_us = at_us;
}

void
progress_result(
    struct progress *p, size_t host, const struct muster_result *result)
{
	if (host >= p->n_hosts)
		return;
	move(p, host, DONE);
	if (muster_outcome_family(result->outcome) == MUSTER_FAMILY_RAN &&
	    result->started_us != 0)
		muster_peers_add(
		    &p->peers, result->ended_us - result->started_us);
	if (!muster_result_is_ok(result))
		p->n_bad++;
}

void
progress_transfer(
    struct progress *p, size_t host, const struct muster_transfer *transfer)
{
	if (host >= p->n_hosts)
		return;
	if (p->transfers == NULL)
		p->transfers = heap_array(p->n_hosts, sizeof(*p->transfers));
	p->transfers[host] = *transfer;
}

/* "12.3 MiB" */
static void
write_bytes(struct text *to, double bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
	size_t unit = 0;

	while (bytes >= 1000.0 && unit < 4) {
		bytes /= 1024.0;
		unit++;
	}
	text_addf(to, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

/* ", 12.1 of 28.0 MiB, 4.1 MiB/s, ETA 0:03" */
static void
write_transfers(const struct progress *p, struct text *to)
{
	double done = 0, all = 0, rate = 0;

	if (p->transfers == NULL)
		return;
	for (size_t i = 0; i < p->n_hosts; i++) {
		done += (double)p->transfers[i].bytes_done;
		all += (double)p->transfers[i].bytes;
		if (p->places[i] != DONE)
			rate += (double)p->transfers[i].bytes_per_s;
	}
	text_adds(to, ", ");
	write_bytes(to, done);
	text_adds(to, " of ");
	write_bytes(to, all);
	if (rate > 0) {
		double left = all > done ? (all - done) / rate : 0;
		unsigned long s = left < 1e8 ? (unsigned long)left : 99999999;

		text_adds(to, ", ");
		write_bytes(to, rate);
		text_addf(to, "/s, ETA %lu:%02lu", s / 60, s % 60);
	}
}

/* Finds those that are stuck into names[]. Returns how many. */
static size_t
find_stuck(const struct progress *p, const char **names)
{
	int64_t now_us = control_event_us();
	size_t n = 0;

	for (size_t i = 0; i < p->n_hosts; i++) {
		const struct times *t = &p->times[i];

		if (p->places[i] == AT_WORK && t->begun_us != 0 &&
		    muster_peers_is_stuck(
			&p->peers, now_us - t->begun_us, now_us - t->heard_us))
			names[n++] = muster_host_name(p->m, i);
	}
	return n;
}

void
progress_write(const struct progress *p, struct text *to)
{
	const char **names = heap_array(p->n[AT_WORK], sizeof(*names));
	size_t n = 0;

	text_addf(to, "%zu of %zu done", p->n[DONE], count_hosts(p));
	if (p->n_bad > 0)
		text_addf(to, ", %zu not ok", p->n_bad);
	if (p->n[WAITING] > 0)
		text_addf(to, ", %zu waiting", p->n[WAITING]);
	for (size_t i = 0; i < p->n_hosts; i++) {
		if (p->places[i] == AT_WORK)
			names[n++] = muster_host_name(p->m, i);
	}
	write_transfers(p, to);
	text_addf(to, ", %zu at work", n);
	if (n > 0) {
		text_adds(to, ": ");
		names_fold(names, n, to);
	}
	n = find_stuck(p, names);
	if (n > 0) {
		text_addf(to, ", %zu stuck: ", n);
		names_fold(names, n, to);
	}
	free(names);
}

void
progress_write_rate(
    const struct progress *p, int64_t elapsed_ms, struct text *to)
{
	const char **names = heap_array(p->n[AT_WORK], sizeof(*names));
	size_t done = p->n[DONE], n_stuck = find_stuck(p, names);
	double rate =
	    elapsed_ms > 0 ? (double)done * 1000.0 / (double)elapsed_ms : 0.0;

	text_addf(to, "%zu/%zu done, %zu running, %zu failed", done,
	    count_hosts(p), p->n[AT_WORK], p->n_bad);
	free(names);
	if (n_stuck > 0)
		text_addf(to, ", %zu stuck", n_stuck);
	if (p->transfers != NULL) {
		write_transfers(p, to);
	} else if (done > 0 && rate > 0.0) {
		double left = (double)(count_hosts(p) - done) / rate;
		unsigned long s = left < 1e8 ? (unsigned long)left : 99999999;

		text_addf(to, ", %.1f/s, ETA %lu:%02lu", rate, s / 60, s % 60);
	}
}
