/*
 * muster_rollout.h -- a change that goes through a fleet wave by wave.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 * First how hosts are made to wait, then the judge of when they may go on: a
 * state machine that is told what happened, and when, and answers what is to
 * be done. It reads no clock, does nothing itself, and takes memory when it
 * is made only.
 *
 *	muster_hold(m, true);
 *	muster_start(m, NULL, 0, &command, &err);
 *	r = muster_rollout_new(&plan);
 *	muster_rollout_step(r, &(struct muster_rollout_event){
 *	    .type = MUSTER_ROLLOUT_BEGIN, .now_us = now}, &todo);
 *	muster_release(m, todo.hosts, todo.n_hosts);
 *	... for each RESULT, and at todo.wake_us, another step ...
 */
#ifndef MUSTER_MUSTER_ROLLOUT_H
#define MUSTER_MUSTER_ROLLOUT_H

#ifdef __cplusplus
extern "C" {
#endif

/* ---- hosts that wait ---- */

/* Lets hosts that are started from now on wait, as if the fan-out were full,
 * until muster_release(). Those started before are not touched. */
void muster_hold(struct muster *m, bool held);

/* Puts hosts that wait so in line for the fan-out. Others, those that were
 * stopped meanwhile too, are left alone. */
void muster_release(struct muster *m, const size_t *hosts, size_t n);

/* ---- the plan ---- */

enum muster_rollout_gate {
	MUSTER_ROLLOUT_AUTO, /* the next wave begins by itself */
	MUSTER_ROLLOUT_WAIT, /* likewise, gate_us after the one before */
	MUSTER_ROLLOUT_ASK,  /* a person is asked */
};

/* Times are microseconds. */
struct muster_rollout_plan {
	const size_t *order; /* the hosts, those that begin first at the
				beginning; copied */
	size_t n_hosts;      /* of them; no host stands there twice */
	const size_t *waves; /* how many hosts each wave has; copied. They add
				up to n_hosts, and none is 0 */
	size_t n_waves;
	bool has_canary; /* the first wave is one: none of it may be bad */
	size_t parallel; /* hosts in flight at once, > 0 */
	size_t max_fail; /* bad hosts that change nothing */
	size_t max_unavailable; /* bad hosts and those in flight together; 0:
				   any number */
	size_t n_bad;           /* bad hosts of an earlier part: they count */
	enum muster_rollout_gate gate;
	int64_t gate_us;           /* WAIT */
	bool has_check;            /* a check decides whether a wave is well */
	int64_t soak_us;           /* how long it must be well */
	int64_t check_deadline_us; /* for that to begin; > 0 */
	int64_t check_every_us;    /* from one check to the next; > 0 */
	int64_t progress_us; /* from one good host to the next; 0: forever */
};

/* ---- what happens ---- */

enum muster_rollout_event_type {
	MUSTER_ROLLOUT_BEGIN,
	MUSTER_ROLLOUT_TIME, /* todo.wake_us has come */
	MUSTER_ROLLOUT_GOOD, /* `host`, in flight, has ended well */
	MUSTER_ROLLOUT_BAD,  /* or not, or nobody knows */
	MUSTER_ROLLOUT_LEFT, /* or was withdrawn, or left out before it began:
				it did not run and counts for nothing */
	MUSTER_ROLLOUT_CHECKED, /* the check ended; `ok` */
	MUSTER_ROLLOUT_PAUSE,   /* nothing begins until RESUME or PROMOTE */
	MUSTER_ROLLOUT_RESUME,
	MUSTER_ROLLOUT_PROMOTE,  /* the next wave, without more waiting */
	MUSTER_ROLLOUT_STOP,     /* nothing begins any more */
	MUSTER_ROLLOUT_ABORT,    /* and what is in flight is stopped */
	MUSTER_ROLLOUT_MAX_FAIL, /* plan.max_fail is `number` from now on */
	MUSTER_ROLLOUT_PARALLEL, /* plan.parallel likewise */
};

struct muster_rollout_event {
	enum muster_rollout_event_type type;
	int64_t now_us; /* never before that of the step before */
	size_t host;    /* GOOD, BAD, LEFT */
	size_t number;  /* MAX_FAIL, PARALLEL */
	bool ok;        /* CHECKED */
};

/* ---- what is to be done ---- */

struct muster_rollout_todo {
	const size_t *hosts; /* begin these; lent until the next step */
	size_t n_hosts;
	bool check;      /* run the check, and say CHECKED when it ended */
	bool end_check;  /* kill the check that runs; it says nothing more */
	bool ask;        /* ask a person: PROMOTE or STOP */
	bool withdraw;   /* take back those begun that were sent nothing yet */
	bool cancel;     /* stop those in flight */
	int64_t wake_us; /* step again then, with TIME; 0: no need to */
};

/* ---- how it stands ---- */

enum muster_rollout_phase {
	MUSTER_ROLLOUT_READY,    /* before BEGIN */
	MUSTER_ROLLOUT_RUNNING,  /* hosts of the wave begin, or are at work */
	MUSTER_ROLLOUT_SOAKING,  /* the wave is through; is it well? */
	MUSTER_ROLLOUT_GATE,     /* it is; may the next one begin? */
	MUSTER_ROLLOUT_STOPPING, /* nothing begins; some are in flight yet */
	MUSTER_ROLLOUT_OVER,
};

enum muster_rollout_reason {
	MUSTER_ROLLOUT_NOT_STOPPED,
	MUSTER_ROLLOUT_BY_CANARY,      /* one of it is bad */
	MUSTER_ROLLOUT_BY_FAILURES,    /* more than max_fail are bad */
	MUSTER_ROLLOUT_BY_UNAVAILABLE, /* as many as max_unavailable */
	MUSTER_ROLLOUT_BY_CHECK,       /* the check was not well in time */
	MUSTER_ROLLOUT_BY_STALL,       /* no host was good for too long */
	MUSTER_ROLLOUT_BY_PERSON,      /* STOP or ABORT */
};

struct muster_rollout_wave {
	size_t first; /* place in the order */
	size_t n_hosts;
	size_t n_in_flight, n_good, n_bad, n_left; /* of those */
	int64_t begun_us, ended_us;                /* 0: not yet */
};

struct muster_rollout_view {
	enum muster_rollout_phase phase;
	enum muster_rollout_reason reason;
	bool is_paused;
	size_t wave; /* at hand, or the last one */
	size_t n_waves;
	const struct muster_rollout_wave *waves;
	size_t n_hosts, n_in_flight, n_good, n_left;
	size_t n_bad; /* those of an earlier part too */
	size_t max_fail, max_unavailable, parallel;
};

struct muster_rollout;

/* Makes it, before its BEGIN. */
struct muster_rollout *muster_rollout_new(
    const struct muster_rollout_plan *plan);

/* Frees it; NULL is fine. */
void muster_rollout_free(struct muster_rollout *r);

/* Takes what happened, and fills in what is to be done. What makes no sense,
 * such as the end of a host that is not in flight, changes nothing. */
void muster_rollout_step(struct muster_rollout *r,
    const struct muster_rollout_event *event, struct muster_rollout_todo *todo);

/* How it stands; lent until muster_rollout_free(), and kept up to date. */
const struct muster_rollout_view *muster_rollout_view(
    const struct muster_rollout *r);

#ifdef __cplusplus
}
#endif

#endif
