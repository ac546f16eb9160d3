/*
 * model_sums.c -- what row 1 of the screen says of a run, in numbers.
 *
 * Room: ui.  May touch: model.h, src/heap.h.
 */
#include "config.h"

#include "ui/model.h"
#include "ui/cells.h"
#include "src/heap.h"

#include <stdlib.h>

struct model_sums
model_sums(const struct model *model)
{
	const size_t *n = model->counts;

	return (struct model_sums){
	    .n_ok = n[BADGE_OK],
	    .n_failed = n[BADGE_FAILED] + n[BADGE_SIGNAL],
	    .n_trouble = n[BADGE_TIMEOUT] + n[BADGE_LOST] +
			 n[BADGE_UNREACHABLE] + n[BADGE_AUTH] +
			 n[BADGE_HOSTKEY],
	    .n_running = n[BADGE_RUNNING] + n[BADGE_CONNECTING] +
			 n[BADGE_QUIET] + n[BADGE_INPUT] + n[BADGE_SENDING] +
			 n[BADGE_RECEIVING],
	    .n_waiting = n[BADGE_QUEUED] + n[BADGE_HELD] + n[BADGE_RETRY],
	    .n_left_out = n[BADGE_CANCELLED] + n[BADGE_SKIPPED],
	};
}

unsigned
model_percent(const struct model *model)
{
	if (model->n_hosts == 0 || model->n_finished == model->n_hosts)
		return 100;
	return (unsigned)(100 * model->n_finished / model->n_hosts);
}

bool
model_is_trouble(const struct model_host *host)
{
	return badge_row(host->badge)->class == CELL_BAD;
}

int64_t
model_age_us(const struct model *model, const struct model_host *h)
{
	if (h->begun_us == 0)
		return -1;
	return (h->ended_us != 0 ? h->ended_us : model->now_us) - h->begun_us;
}

static int
compare_times(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The median of how long hosts took that finished, in seconds; what has run
 * longer than that has, for all we know, nothing left. */
static double
median_s(const struct model *model)
{
	int64_t *times = heap_array(model->n_hosts, sizeof(*times));
	size_t n = 0;
	double s = 0;

	for (size_t i = 0; i < model->n_hosts; i++)
		if (model->hosts[i].started_us != 0 &&
		    model->hosts[i].ended_us != 0)
			times[n++] = model_age_us(model, &model->hosts[i]);
	if (n > 0) {
		qsort(times, n, sizeof(*times), compare_times);
		s = (double)times[n / 2] / 1e6;
	}
	free(times);
	return s;
}

static double
median_left_s(const struct model *model)
{
	double all = median_s(model);
	int64_t *left = heap_array(model->n_hosts, sizeof(*left));
	size_t n = 0;
	double s = 0;

	for (size_t i = 0; i < model->n_hosts; i++) {
		int64_t age = model_age_us(model, &model->hosts[i]);

		if (age < 0 || model->hosts[i].ended_us != 0)
			continue;
		left[n] = (int64_t)(all * 1e6) - age;
		if (left[n] < 0)
			left[n] = 0;
		n++;
	}
	if (n > 0) {
		qsort(left, n, sizeof(*left), compare_times);
		s = (double)left[n / 2] / 1e6;
	}
	free(left);
	return s;
}

int64_t
model_eta_s(const struct model *model)
{
	struct model_sums sums = model_sums(model);
	double s;

	if (model->n_finished == model->n_hosts || model->is_paused ||
	    model->rate.per_s <= 0 ||
	    (model->n_finished < 5 && model->n_finished * 20 < model->n_hosts))
		return -1;
	s = (double)sums.n_waiting / model->rate.per_s + median_left_s(model);
	if (s > 360000)
		return -1;
	if (s < 120)
		return s < 5 ? (int64_t)(s + 0.5) : (int64_t)(s / 5 + 0.5) * 5;
	return (int64_t)(s / 60 + 0.5) * 60;
}
