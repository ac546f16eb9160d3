/*
 * questions.c -- what the engine wants to know of a person, and not yet does.
 *
 * Room: ui.  May touch: questions.h, src/heap.h.
 */
#include "config.h"

#include "ui/questions.h"
#include "src/heap.h"

#include <stdlib.h>
#include <string.h>

static void
clear(struct muster_prompt *p)
{
	free((void *)(uintptr_t)p->about);
	free((void *)(uintptr_t)p->text);
	free((void *)(uintptr_t)p->more);
	free((void *)(uintptr_t)p->key_type);
	free((void *)(uintptr_t)p->fingerprint);
	free((void *)(uintptr_t)p->hosts);
	memset(p, 0, sizeof(*p));
}

static struct muster_prompt
copy(const struct muster_prompt *p)
{
	struct muster_prompt to = *p;
	size_t *hosts = heap_array(p->n_hosts + 1, sizeof(*hosts));

	to.about = heap_strdup(p->about);
	to.text = heap_strdup(p->text);
	to.more = heap_strdup(p->more);
	to.key_type = heap_strdup(p->key_type);
	to.fingerprint = heap_strdup(p->fingerprint);
	if (p->n_hosts > 0)
		memcpy(hosts, p->hosts, p->n_hosts * sizeof(*hosts));
	to.hosts = hosts;
	return to;
}

static size_t
index_of(const struct questions *q, uint64_t id)
{
	size_t i = 0;

	while (i < q->n && q->items[i].id != id)
		i++;
	return i;
}

void
questions_drop(struct questions *q, uint64_t id)
{
	size_t i = index_of(q, id);

	if (i == q->n)
		return;
	clear(&q->items[i]);
	q->n--;
	memmove(&q->items[i], &q->items[i + 1], (q->n - i) * sizeof(*q->items));
}

void
questions_take(struct questions *q, const struct muster_prompt *prompt)
{
	size_t i = index_of(q, prompt->id);

	if (prompt->withdrawn) {
		questions_drop(q, prompt->id);
		return;
	}
	if (i < q->n) {
		clear(&q->items[i]);
	} else {
		heap_grow(&q->items, &q->cap, q->n + 1, sizeof(*q->items));
		q->n++;
	}
	q->items[i] = copy(prompt);
}

void
questions_clear(struct questions *q)
{
	for (size_t i = 0; i < q->n; i++)
		clear(&q->items[i]);
	free(q->items);
	clear(&q->lent);
	memset(q, 0, sizeof(*q));
}

/* Whether one answer can be for both. */
static bool
go_together(const struct muster_prompt *a, const struct muster_prompt *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case MUSTER_PROMPT_HOSTKEY:
		return true;
	case MUSTER_PROMPT_INTERACTIVE:
		return a->echo == b->echo && a->attempt == b->attempt &&
		       strcmp(a->text, b->text) == 0 &&
		       strcmp(a->more, b->more) == 0;
	default:
		return false;
	}
}

size_t
questions_group(const struct questions *q, size_t out[QUESTIONS_MAX])
{
	size_t n = 0, max = QUESTIONS_MAX;

	if (q->n == 0)
		return 0;
	if (q->items[0].kind == MUSTER_PROMPT_HOSTKEY)
		max = QUESTIONS_KEYS;
	for (size_t i = 0; i < q->n && n < max; i++)
		if (i == 0 || go_together(&q->items[0], &q->items[i]))
			out[n++] = i;
	return n;
}

const struct muster_prompt *
questions_find(const struct questions *q, uint64_t id)
{
	size_t i = index_of(q, id);

	return i < q->n ? &q->items[i] : NULL;
}

const struct muster_prompt *
questions_pop(struct questions *q)
{
	clear(&q->lent);
	if (q->n == 0)
		return NULL;
	q->lent = q->items[0];
	q->n--;
	memmove(q->items, q->items + 1, q->n * sizeof(*q->items));
	return &q->lent;
}
