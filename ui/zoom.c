/*
 * zoom.c -- one host looked at: what of its lines is seen, and searched.
 *
 * Room: ui.  May touch: zoom.h, model.h, src/heap.h.
 */
#include "config.h"

#include "ui/zoom.h"
#include "src/heap.h"
#include "ui/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
zoom_clear(struct view_zoom *z)
{
	free(z->matches);
	z->matches = NULL;
	z->n_matches = 0;
}

static void
forget_matches(struct view_zoom *z)
{
	zoom_clear(z);
	z->matches_no = 0;
	z->match = UINT64_MAX;
	z->jump = 0;
}

void
zoom_set_host(struct view_zoom *z, size_t host)
{
	z->host = host;
	z->is_following = true;
	z->top = z->skip = 0;
	z->hops = 0;
	z->copy_from = z->copy_to = UINT64_MAX;
	forget_matches(z);
}

void
zoom_set_search(struct view_zoom *z, const char *text)
{
	if (strncmp(z->search, text, sizeof(z->search) - 1) == 0)
		return;
	(void)snprintf(z->search, sizeof(z->search), "%.*s",
	    (int)sizeof(z->search) - 1, text);
	z->search_no++;
	z->only_matches = z->only_matches && text[0] != '\0';
	forget_matches(z);
}

bool
zoom_wants_matches(const struct view_zoom *z, const struct model *m)
{
	return z->search[0] != '\0' &&
	       (z->matches_no != z->search_no ||
		   z->matches_version != m->hosts[z->host].version);
}

/* ---- where a line is among all there are ---- */

static bool
is_dropped(const struct shown *s, uint64_t no)
{
	return no >= s->hole && no - s->hole < s->n_dropped;
}

/* The first match at or behind a line; n_matches: none. */
static size_t
match_from(const struct view_zoom *z, uint64_t no)
{
	size_t i = 0;

	while (i < z->n_matches && z->matches[i] < no)
		i++;
	return i;
}

/* The top line with which the last one is seen. */
static uint64_t
last_top(const struct view_zoom *z, const struct model *m, int rows)
{
	uint64_t n = m->hosts[z->host].shown.n_ever;

	if (!z->only_matches)
		return n > (uint64_t)rows ? n - (uint64_t)rows : 0;
	if (z->n_matches <= (size_t)rows)
		return z->n_matches > 0 ? z->matches[0] : 0;
	return z->matches[z->n_matches - (size_t)rows];
}

static uint64_t
add(uint64_t no, long delta)
{
	if (delta < 0)
		return no > (uint64_t)-delta ? no - (uint64_t)-delta : 0;
	return no + (uint64_t)delta;
}

static uint64_t
move_by_matches(const struct view_zoom *z, uint64_t top, long delta)
{
	size_t at = match_from(z, top);
	uint64_t to = add(at, delta);

	if (z->n_matches == 0)
		return 0;
	return z->matches[to < z->n_matches ? to : z->n_matches - 1];
}

void
zoom_scroll(struct view_zoom *z, const struct model *m, long delta, int rows)
{
	const struct shown *s = &m->hosts[z->host].shown;
	uint64_t most = last_top(z, m, rows);
	uint64_t top = z->is_following ? most : z->top;

	if (z->only_matches)
		top = move_by_matches(z, top, delta);
	else
		top = add(top, delta);
	if (is_dropped(s, top) && delta > 0)
		top = s->hole + s->n_dropped;
	else if (is_dropped(s, top) && delta < 0)
		top = s->hole > 0 ? s->hole - 1 : 0;
	if (z->is_following && top < most)
		z->seen = s->n_ever;
	z->is_following = top >= most;
	z->top = top < most ? top : most;
}

/* ---- searching ---- */

size_t
zoom_match_at(const struct view_zoom *z)
{
	size_t i = match_from(z, z->match);

	return i < z->n_matches && z->matches[i] == z->match ? i + 1 : 0;
}

/* A match is shown a third from the top. */
static void
show_match(struct view_zoom *z, const struct model *m, uint64_t match, int rows)
{
	uint64_t most = last_top(z, m, rows);
	uint64_t top = add(match, z->only_matches ? 0 : -(long)rows / 3);

	z->match = match;
	if (z->is_following)
		z->seen = m->hosts[z->host].shown.n_ever;
	z->is_following = false;
	z->top = top < most ? top : most;
}

enum zoom_found
zoom_jump(struct view_zoom *z, const struct model *m, int step, int rows)
{
	uint64_t from = z->match;
	size_t at;

	z->jump = 0;
	if (z->n_matches == 0)
		return ZOOM_NONE;
	if (from == UINT64_MAX) {
		from = z->is_following ? last_top(z, m, rows) : z->top;
		at = match_from(z, from);
		at += step < 0 ? (size_t)-1 : 0;
	} else {
		at = match_from(z, from);
		if (step < 0)
			at--;
		else if (at < z->n_matches && z->matches[at] == from)
			at++;
	}
	if (at < z->n_matches) {
		show_match(z, m, z->matches[at], rows);
		return ZOOM_FOUND;
	}
	if (z->hops > 0)
		return ZOOM_NONE;
	show_match(z, m, z->matches[step > 0 ? 0 : z->n_matches - 1], rows);
	return ZOOM_WRAPPED;
}

enum zoom_found
zoom_take_matches(struct view_zoom *z, const struct model *m,
    const struct muster_snapshot *snapshot, int rows)
{
	const struct model_host *h = &m->hosts[z->host];

	if (h->asked.needle_no != z->search_no)
		return ZOOM_NOTHING;
	zoom_clear(z);
	z->matches = heap_array(snapshot->n_lines + 1, sizeof(*z->matches));
	for (size_t i = 0; i < snapshot->n_lines; i++)
		if (snapshot->lines[i].no != UINT64_MAX)
			z->matches[z->n_matches++] = snapshot->lines[i].no;
	z->matches_no = z->search_no;
	z->matches_version = h->asked.version;
	if (z->jump == 0)
		return ZOOM_NOTHING;
	return zoom_jump(z, m, z->jump, rows);
}

bool
zoom_is_chosen(const struct view_zoom *z, uint64_t no)
{
	uint64_t a = z->copy_from, b = z->copy_to;

	if (a == UINT64_MAX || no == UINT64_MAX)
		return false;
	return a <= b ? no >= a && no <= b : no >= b && no <= a;
}
