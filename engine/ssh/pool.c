/*
 * pool.c -- helper threads for what blocks or burns.
 *
 * Room: engine/ssh.  May touch: base/, loop.h.
 * The pool lives as long as somebody holds it: its owner, or a thread that
 * is still inside a job when the owner lets go.
 */
#include "config.h"

#include "ssh/pool.h"
#include "base/mem.h"
#include "ssh/loop.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/queue.h>

/* So many stand in for each of them that is stuck. */
#define STAND_INS 4

struct job {
	TAILQ_ENTRY(job) entry;
	struct pool *pool; /* borrowed */
	bool stuck;        /* counted as such */
	struct loop *loop; /* borrowed, until cancelled */
	void (*work)(void *);
	void (*done)(void *);
	void (*drop)(void *); /* set: nobody waits (any more) */
	void *arg;
};

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t some;
	TAILQ_HEAD(, job) waiting;
	size_t n_threads, n_idle, max_threads;
	/* Threads in work that nobody waits for: others stand in for them. */
	size_t n_stuck;
	bool closed;
};

struct pool *
pool_new(size_t max_threads)
{
	struct pool *p = mem_new(sizeof(*p));

	(void)pthread_mutex_init(&p->lock, NULL);
	(void)pthread_cond_init(&p->some, NULL);
	TAILQ_INIT(&p->waiting);
	p->max_threads = max_threads;
	return p;
}

static void
destroy(struct pool *p)
{
	(void)pthread_cond_destroy(&p->some);
	(void)pthread_mutex_destroy(&p->lock);
	free(p);
}

void
pool_free(struct pool *p)
{
	bool last;

	if (p == NULL)
		return;
	(void)pthread_mutex_lock(&p->lock);
	p->closed = true;
	last = p->n_threads == 0;
	(void)pthread_cond_broadcast(&p->some);
	(void)pthread_mutex_unlock(&p->lock);
	if (last)
		destroy(p);
}

/* On the loop: hands the argument back to whoever asked. */
static void
deliver(void *arg)
{
	struct job *j = arg;
	void (*end)(void *) = j->drop != NULL ? j->drop : j->done;
	void *their_arg = j->arg;

	free(j);
	end(their_arg);
}

/* After the work, under the lock: the loop may be gone if cancelled. */
static void
finish(struct pool *p, struct job *j)
{
	if (j->drop == NULL) {
		j->work = NULL;
		loop_post(j->loop, deliver, j);
		return;
	}
	if (j->stuck)
		p->n_stuck--;
	(void)pthread_mutex_unlock(&p->lock);
	deliver(j);
	(void)pthread_mutex_lock(&p->lock);
}

static struct job *
next_job(struct pool *p)
{
	struct job *j;

	while ((j = TAILQ_FIRST(&p->waiting)) == NULL && !p->closed) {
		p->n_idle++;
		(void)pthread_cond_wait(&p->some, &p->lock);
		p->n_idle--;
	}
	if (j != NULL) {
		TAILQ_REMOVE(&p->waiting, j, entry);
		j->entry.tqe_prev = NULL;
	}
	return j;
}

static void *
run_thread(void *arg)
{
	struct pool *p = arg;
	struct job *j;
	bool last;

	(void)pthread_mutex_lock(&p->lock);
	while ((j = next_job(p)) != NULL) {
		void (*work)(void *) = j->work;

		(void)pthread_mutex_unlock(&p->lock);
		work(j->arg);
		(void)pthread_mutex_lock(&p->lock);
		finish(p, j);
	}
	last = --p->n_threads == 0;
	(void)pthread_mutex_unlock(&p->lock);
	if (last)
		destroy(p);
	return NULL;
}

/* Under the lock. Without any thread the work would never be done. */
static void
add_thread(struct pool *p)
{
	pthread_attr_t attr;
	pthread_t thread;

	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attr, run_thread, p) == 0)
		p->n_threads++;
	else if (p->n_threads == 0)
		mem_die();
	(void)pthread_attr_destroy(&attr);
}

/* Under the lock: somebody shall look at the line. */
static void
call_thread(struct pool *p)
{
	size_t stand_ins = STAND_INS * p->max_threads;

	if (p->n_idle > 0)
		(void)pthread_cond_signal(&p->some);
	else if (p->n_threads <
		 p->max_threads +
		     (p->n_stuck < stand_ins ? p->n_stuck : stand_ins))
		add_thread(p);
}

static void
put_in_line(struct pool *p, struct job *j)
{
	j->pool = p;
	(void)pthread_mutex_lock(&p->lock);
	TAILQ_INSERT_TAIL(&p->waiting, j, entry);
	call_thread(p);
	(void)pthread_mutex_unlock(&p->lock);
}

struct job *
pool_submit(struct pool *p, struct loop *loop, void (*work)(void *arg),
    void (*done)(void *arg), void *arg)
{
	struct job *j = mem_new(sizeof(*j));

	*j = (struct job){.loop = loop, .work = work, .done = done, .arg = arg};
	put_in_line(p, j);
	return j;
}

void
pool_run(
    struct pool *p, void (*work)(void *arg), void (*drop)(void *arg), void *arg)
{
	struct job *j = mem_new(sizeof(*j));

	*j = (struct job){.work = work, .drop = drop, .arg = arg};
	put_in_line(p, j);
}

void
job_cancel(struct job *j, void (*drop)(void *arg))
{
	struct pool *p = j->pool;
	bool waiting;

	(void)pthread_mutex_lock(&p->lock);
	waiting = j->entry.tqe_prev != NULL;
	if (waiting)
		TAILQ_REMOVE(&p->waiting, j, entry);
	j->drop = drop;
	/* Not one that is done and on its way to the loop. */
	if (!waiting && j->work != NULL) {
		j->stuck = true;
		p->n_stuck++;
		if (!TAILQ_EMPTY(&p->waiting))
			call_thread(p);
	}
	(void)pthread_mutex_unlock(&p->lock);
	if (waiting)
		deliver(j);
}
