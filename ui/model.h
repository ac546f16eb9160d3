/*
 * model.h -- a run as the screen knows it: fed with events, asked by views.
 *
 * Room: ui.  May touch: badge.h, alike.h, shown.h, muster.h.
 * Counters are exact: one event, one step. What hosts print is not kept here
 * but for the lines that a view has asked to see.
 */
#ifndef MUSTER_UI_MODEL_H
#define MUSTER_UI_MODEL_H

#include "ui/badge.h"
#include "ui/alike.h"
#include "ui/shown.h"

/* What a host's lines are asked for. */
enum want {
	WANT_LINES,   /* to be shown */
	WANT_BRANCH,  /* the one after all that hosts have in common */
	WANT_MATCHES, /* where they are */
	WANT_COPY,    /* for the clipboard */
};

/* A question for lines, under way or answered. */
struct model_asked {
	enum want what;
	uint64_t from;      /* UINT64_MAX: the last ones */
	size_t n;           /* lines */
	uint32_t needle_no; /* of the text that they must have; 0: none */
	uint32_t version;   /* of the host, then */
};

struct model_host {
	char *name; /* owned; clean */
	enum badge badge;
	enum muster_state state;
	enum muster_outcome outcome; /* PENDING until the end */
	uint32_t code;               /* EXIT */
	char signal[16];             /* SIGNAL */
	char *reason;                /* owned, clean; NULL: none */
	unsigned attempts;
	int64_t begun_us;   /* its turn came; 0: not yet */
	int64_t started_us; /* the command was sent; 0: not yet */
	int64_t ended_us;   /* 0: not yet */
	int64_t last_us;    /* of output, or of the start */
	uint64_t n_lines;   /* printed so far */
	uint64_t n_bytes;
	uint64_t n_err_bytes; /* of these, on stderr */
	uint32_t version;     /* grows when there is more to see */
	uint32_t group;       /* of equal output, from 1; 0: none known */
	uint32_t wave;        /* of a rollout, from 1; 0: none */
	struct shown shown;
	struct model_asked has;   /* what `shown` is the answer to */
	struct model_asked asked; /* the question under way */
	int64_t asked_us;
	bool is_marked;
	bool is_new;   /* ended badly since it was last looked at */
	bool is_asked; /* a snapshot is on its way */
};

/* How fast hosts finish: an average that forgets half in ten seconds. */
struct model_rate {
	double per_s;
	int64_t at_us;
	size_t n_finished;
};

struct model_message {
	int64_t at_us;
	char *text; /* owned; clean */
};

/* A rollout, as far as it does not change; the view does. */
struct model_rollout {
	const struct muster_rollout_view *view; /* borrowed; NULL: none */
	const size_t *order; /* borrowed: the hosts, wave after wave */
	bool has_canary, has_max_fail;
	enum muster_rollout_gate gate;
	int64_t gate_us; /* of a gate that waits */
};

struct model {
	struct model_host *hosts; /* owned */
	size_t n_hosts, cap_hosts;
	size_t n_marked;
	size_t counts[BADGE_N]; /* of hosts; their sum is n_hosts */
	size_t n_finished;
	char *verb;   /* owned: "run" */
	char *arg;    /* owned: the command */
	char *target; /* owned: "web-prod" */
	char *login;  /* owned; NULL: nothing unusual */
	char *note;   /* owned; at the end of row 1; NULL: none */
	bool is_paused;
	int64_t begun_us;
	int64_t ended_us; /* 0: hosts are at work */
	int64_t now_us;   /* as of the last model_tick() */
	uint32_t quiet_after_ms;
	struct model_rate rate;
	struct model_message *messages; /* owned; the newest last */
	size_t n_messages, cap_messages;
	struct alike groups; /* as far as anybody has asked */
	struct model_rollout rollout;
	uint32_t version; /* grows when a badge or a mark changes */
};

/* What runs; strings are copied and made clean, login may be NULL. */
struct model_run {
	const char *verb, *arg, *target, *login;
};

/* A model of the hosts of `m`, none of which has begun; m may be NULL for
 * none yet. */
struct model *model_new(const struct muster *m, const struct model_run *run);
void model_free(struct model *model);

/* Adds a host at the end (tests; model_new() adds those of a fleet). */
size_t model_add_host(struct model *model, const char *name);

/* A command was started now on a host (again). */
void model_start(struct model *model, size_t host, int64_t now_us);

/* Takes an event of any kind. */
void model_event(struct model *model, const struct muster_event *event);

/* Time goes on: clocks, the rate, who is quiet and who waits for input. Call
 * about once a second, and before a frame. */
void model_tick(struct model *model, int64_t now_us);

/* The last line of a host at work looks like a question, and nothing came for
 * a while. */
void model_waits(struct model *model, size_t host);

/* Hosts not started hold while the run is paused. */
void model_pause(struct model *model, bool paused);

/* The hosts begin wave by wave. */
void model_set_rollout(
    struct model *model, const struct model_rollout *rollout);

/* Another note in row 1; NULL: none. */
void model_note(struct model *model, const char *text);

/* Adds a line to :messages. */
void model_say(struct model *model, const char *text);

/* Marks a host or takes the mark away; model_seen: it is no longer new. */
void model_mark(struct model *model, size_t host, bool marked);
void model_seen(struct model *model, size_t host);

/* ---- what counts together, as in row 1 ---- */

struct model_sums {
	size_t n_ok, n_failed, n_trouble, n_running, n_waiting;
	size_t n_left_out; /* cancelled and skipped */
};

struct model_sums model_sums(const struct model *model);

/* 0 to 100; 100 only when all are finished. */
unsigned model_percent(const struct model *model);

/* Whether a host ended in a way that wants a look. */
bool model_is_trouble(const struct model_host *host);

/* How long the host has been or was at work, in microseconds; -1: never. */
int64_t model_age_us(const struct model *model, const struct model_host *host);

/* Seconds to the end, or -1 when it cannot be said yet. */
int64_t model_eta_s(const struct model *model);

#endif
