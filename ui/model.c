/*
 * model.c -- a run as the screen knows it: fed with events, asked by views.
 *
 * Room: ui.  May touch: badge.h, shown.h, muster.h, src/heap.h.
 */
#include "config.h"

#include "ui/model.h"
#include "src/heap.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 256
#define TEXT_BYTES 1024
#define QUIET_AFTER_MS 30000
#define MESSAGES_MAX 200

static char *
dup_clean(const char *text)
{
	char clean[TEXT_BYTES];

	if (text == NULL)
		return NULL;
	(void)muster_clean_text(clean, sizeof(clean), text, strlen(text));
	return heap_strdup(clean);
}

static void
replace(char **at, const char *text)
{
	free(*at);
	*at = dup_clean(text);
}

static void
clear_host(struct model_host *h)
{
	free(h->name);
	free(h->reason);
	shown_clear(&h->shown);
}

struct model *
model_new(const struct muster *m, const struct model_run *run)
{
	struct model *model = heap_array(1, sizeof(*model));
	size_t n = m != NULL ? muster_n_hosts(m) : 0;

	model->verb = dup_clean(run->verb);
	model->arg = dup_clean(run->arg);
	model->target = dup_clean(run->target);
	model->login = dup_clean(run->login);
	model->quiet_after_ms = QUIET_AFTER_MS;
	for (size_t i = 0; i < n; i++)
		(void)model_add_host(model, muster_host_name(m, i));
	return model;
}

void
model_free(struct model *model)
{
	if (model == NULL)
		return;
	for (size_t i = 0; i < model->n_hosts; i++)
		clear_host(&model->hosts[i]);
	for (size_t i = 0; i < model->n_messages; i++)
		free(model->messages[i].text);
	alike_clear(&model->groups);
	free(model->messages);
	free(model->hosts);
	free(model->verb);
	free(model->arg);
	free(model->target);
	free(model->login);
	free(model->note);
	free(model);
}

size_t
model_add_host(struct model *model, const char *name)
{
	struct model_host *h;

	heap_grow(
	    &model->hosts, &model->cap_hosts, model->n_hosts + 1, sizeof(*h));
	h = &model->hosts[model->n_hosts];
	memset(h, 0, sizeof(*h));
	h->name = dup_clean(name);
	h->badge = BADGE_QUEUED;
	model->counts[BADGE_QUEUED]++;
	model->version++;
	return model->n_hosts++;
}

/* The one place where badges, and with them all counters, change. */
static void
set_badge(struct model *model, struct model_host *h, enum badge badge)
{
	if (h->badge == badge)
		return;
	model->counts[h->badge]--;
	model->counts[badge]++;
	model->n_finished -= badge_row(h->badge)->is_end;
	model->n_finished += badge_row(badge)->is_end;
	h->badge = badge;
	h->version++;
	model->version++;
}

void
model_start(struct model *model, size_t host, int64_t now_us)
{
	struct model_host *h = &model->hosts[host];
	char *name = h->name;
	enum badge badge = h->badge;
	bool is_marked = h->is_marked;
	uint32_t version = h->version;

	assert(host < model->n_hosts);
	h->name = NULL;
	clear_host(h);
	*h = (struct model_host){.name = name,
	    .badge = badge,
	    .is_marked = is_marked,
	    .wave = h->wave,
	    .is_asked = h->is_asked,
	    .asked = h->asked,
	    .version = version + 1};
	set_badge(model, h, model->is_paused ? BADGE_HELD : BADGE_QUEUED);
	if (model->begun_us == 0)
		model->begun_us = now_us;
	model->ended_us = 0;
	model->now_us = now_us;
}

/* ---- events ---- */

static void
take_state(
    struct model *model, struct model_host *h, const struct muster_event *e)
{
	if (h->outcome != MUSTER_PENDING)
		return;
	h->state = e->state;
	if (e->state == MUSTER_QUEUED)
		return;
	if (h->begun_us == 0)
		h->begun_us = e->at_us;
	if (e->state == MUSTER_RUNNING && h->started_us == 0)
		h->started_us = h->last_us = e->at_us;
	if (e->state != MUSTER_CLOSED)
		set_badge(model, h, badge_of_state(e->state));
}

static uint64_t
count_newlines(const char *data, size_t len)
{
	uint64_t n = 0;
	const char *end = data + len, *p;

	while (data < end &&
	       (p = memchr(data, '\n', (size_t)(end - data))) != NULL) {
		n++;
		data = p + 1;
	}
	return n;
}

static void
take_output(
    struct model *model, struct model_host *h, const struct muster_event *e)
{
	h->n_lines += count_newlines(e->data, e->len);
	h->n_bytes += e->len;
	if (e->stream == MUSTER_STDERR)
		h->n_err_bytes += e->len;
	h->last_us = e->at_us;
	h->version++;
	if (h->badge == BADGE_QUIET || h->badge == BADGE_INPUT)
		set_badge(model, h, BADGE_RUNNING);
}

static void
take_result(
    struct model *model, struct model_host *h, const struct muster_event *e)
{
	const struct muster_result *r = e->result;

	h->outcome = r->outcome;
	h->state = MUSTER_CLOSED;
	h->code = r->code;
	(void)snprintf(h->signal, sizeof(h->signal), "%s", r->signal);
	replace(&h->reason, r->text[0] != '\0' ? r->text : NULL);
	h->attempts = r->attempts;
	h->begun_us = r->begun_us;
	h->started_us = r->started_us;
	h->ended_us = r->ended_us;
	h->n_bytes = r->out_bytes + r->err_bytes;
	h->n_err_bytes = r->err_bytes;
	set_badge(model, h, badge_of_result(r));
	h->is_new = model_is_trouble(h);
	h->version++;
	if (model->n_finished == model->n_hosts)
		model->ended_us = r->ended_us;
}

static void
take_snapshot(struct model_host *h, const struct muster_event *e)
{
	if (!h->is_asked || h->asked.what == WANT_LINES) {
		shown_copy(&h->shown, e->snapshot);
		h->has = h->asked;
	}
	h->is_asked = false;
	if (e->snapshot->n_ever > 0)
		h->n_lines = e->snapshot->n_ever;
}

void
model_event(struct model *model, const struct muster_event *e)
{
	struct model_host *h =
	    e->host < model->n_hosts ? &model->hosts[e->host] : NULL;

	if (e->type == MUSTER_EVENT_NOTE)
		model_say(model, e->text);
	if (h == NULL)
		return;
	switch (e->type) {
	case MUSTER_EVENT_STATE:
		take_state(model, h, e);
		break;
	case MUSTER_EVENT_OUTPUT:
		take_output(model, h, e);
		break;
	case MUSTER_EVENT_RESULT:
		take_result(model, h, e);
		break;
	case MUSTER_EVENT_SNAPSHOT:
		take_snapshot(h, e);
		break;
	default:
		break;
	}
}

/* ---- time ---- */

static void
look_for_quiet(struct model *model)
{
	int64_t limit = (int64_t)model->quiet_after_ms * 1000;

	for (size_t i = 0; i < model->n_hosts; i++) {
		struct model_host *h = &model->hosts[i];

		if (h->badge == BADGE_RUNNING && limit > 0 &&
		    model->now_us - h->last_us >= limit)
			set_badge(model, h, BADGE_QUIET);
	}
}

void
model_waits(struct model *model, size_t host)
{
	struct model_host *h = &model->hosts[host];

	if (h->badge == BADGE_RUNNING || h->badge == BADGE_QUIET)
		set_badge(model, h, BADGE_INPUT);
}

/* e^-x for x >= 0, well enough: no libm for one average. */
static double
fade(double x)
{
	double d = 1 + x / 16;

	d = d * d;
	d = d * d;
	d = d * d;
	return 1 / (d * d);
}

static void
tick_rate(struct model *model)
{
	struct model_rate *r = &model->rate;
	double s = (double)(model->now_us - r->at_us) / 1e6;
	double n;

	if (r->at_us == 0 || model->n_finished < r->n_finished) {
		r->at_us = model->now_us;
		r->n_finished = model->n_finished;
		r->per_s = 0;
		return;
	}
	if (s < 0.5)
		return;
	n = (double)(model->n_finished - r->n_finished);
	/* A half in 10 s: ln 2 / 10. Before that, the mean so far. */
	if (model->now_us - model->begun_us < 10000000 && s > 0)
		r->per_s = (double)model->n_finished * 1e6 /
			   (double)(model->now_us - model->begun_us + 1);
	else
		r->per_s += (n / s - r->per_s) * (1 - fade(s * 0.0693));
	r->at_us = model->now_us;
	r->n_finished = model->n_finished;
}

void
model_tick(struct model *model, int64_t now_us)
{
	model->now_us = now_us;
	if (model->ended_us != 0)
		return;
	look_for_quiet(model);
	tick_rate(model);
}

/* ---- what is said and marked ---- */

void
model_pause(struct model *model, bool paused)
{
	enum badge from = paused ? BADGE_QUEUED : BADGE_HELD;
	enum badge to = paused ? BADGE_HELD : BADGE_QUEUED;

	model->is_paused = paused;
	for (size_t i = 0; i < model->n_hosts; i++)
		if (model->hosts[i].badge == from)
			set_badge(model, &model->hosts[i], to);
}

void
model_set_rollout(struct model *model, const struct model_rollout *rollout)
{
	size_t at = 0;

	model->rollout = *rollout;
	for (size_t i = 0; i < rollout->view->n_waves; i++)
		for (size_t n = rollout->view->waves[i].n_hosts; n > 0; n--)
			model->hosts[rollout->order[at++]].wave =
			    (uint32_t)i + 1;
}

void
model_note(struct model *model, const char *text)
{
	replace(&model->note, text);
}

void
model_say(struct model *model, const char *text)
{
	if (model->n_messages == MESSAGES_MAX) {
		free(model->messages[0].text);
		model->n_messages--;
		memmove(model->messages, model->messages + 1,
		    model->n_messages * sizeof(*model->messages));
	}
	heap_grow(&model->messages, &model->cap_messages, model->n_messages + 1,
	    sizeof(*model->messages));
	model->messages[model->n_messages++] = (struct model_message){
	    .at_us = model->now_us, .text = dup_clean(text)};
}

void
model_mark(struct model *model, size_t host, bool marked)
{
	struct model_host *h = &model->hosts[host];

	if (h->is_marked == marked)
		return;
	h->is_marked = marked;
	model->n_marked += marked ? 1 : (size_t)-1;
	model->version++;
}

void
model_seen(struct model *model, size_t host)
{
	if (!model->hosts[host].is_new)
		return;
	model->hosts[host].is_new = false;
	model->version++;
}
