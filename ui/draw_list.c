/*
 * draw_list.c -- a row a host, the worst first, below a strip of the map.
 *
 * Room: ui.  May touch: draw.h.
 */
#include "config.h"

#include "ui/draw.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const sort_words[SORT_N] = {
    [SORT_SEVERITY] = "worst first",
    [SORT_NAME] = "name",
    [SORT_TIME] = "longest first",
    [SORT_EXIT] = "exit",
    [SORT_LINES] = "most lines first",
    [SORT_HOST] = "as given",
};

static const char *const quick_words[QUICK_N] = {
    [QUICK_ALL] = "all",
    [QUICK_TROUBLE] = "trouble",
    [QUICK_RUNNING] = "running",
    [QUICK_ATTENTION] = "attention",
    [QUICK_NEW] = "new",
};

static void
draw_list_rule(const struct draw *d, int y)
{
	const struct view *v = d->v;
	const char *filter =
	    v->filter_text != NULL ? v->filter_text : quick_words[v->quick];
	const char *sort = sort_words[v->sort];
	char text[256], end[40] = "";

	if (d->c->w < 100)
		(void)snprintf(
		    text, sizeof(text), "%s %zu   %s", filter, v->n_list, sort);
	else
		(void)snprintf(text, sizeof(text),
		    "filter: %s   sort: %s   %zu shown", filter, sort,
		    v->n_list);
	if (d->m->n_marked > 0)
		(void)snprintf(end, sizeof(end), "marked %zu", d->m->n_marked);
	draw_rule(d, y, text, end[0] != '\0' ? end : NULL);
}

/* Where the columns of the list begin, for all its rows. */
struct columns {
	int name, name_w, state, state_w, exit, time, lines, att, last;
};

static struct columns
place_columns(const struct draw *d, size_t first, int rows)
{
	struct columns c = {.name = 4, .name_w = 8, .state_w = 9};
	int most = d->c->w < 100 ? d->c->w / 3 : 40;

	for (size_t i = first; i < d->v->n_list && (int)(i - first) < rows;
	     i++) {
		const char *name = d->m->hosts[d->v->list[i]].name;
		int n = cells_width(name, strlen(name));

		if (n > c.name_w)
			c.name_w = n;
	}
	if (c.name_w > most)
		c.name_w = most;
	if (d->c->w < 100) {
		c.state = c.name + c.name_w + 2;
		c.time = c.state + c.state_w + 1;
		c.last = c.time + 9;
		return c;
	}
	if (c.name_w < 19)
		c.name_w = 19;
	c.state_w = 11;
	c.state = c.name + c.name_w + 2;
	c.exit = c.state + c.state_w + 1;
	c.time = c.exit + 5;
	c.lines = c.time + 8;
	c.att = c.lines + 7;
	c.last = c.att + 6;
	return c;
}

static void
draw_wide_columns(const struct draw *d, const struct columns *c, int y,
    const struct model_host *h)
{
	char exit[DRAW_WORD], text[DRAW_TIME];

	draw_exit(exit, h);
	cells_right(
	    d->c, c->exit + 4, y, 6, exit[0] != '\0' ? exit : "-", DRAW_PLAIN);
	draw_time(text, model_age_us(d->m, h), false);
	cells_right(d->c, c->time + 7, y, 7, text, DRAW_PLAIN);
	(void)snprintf(text, sizeof(text), "%" PRIu64, h->n_lines);
	cells_right(d->c, c->lines + 6, y, 6, text, DRAW_PLAIN);
	(void)snprintf(text, sizeof(text), "%u", h->attempts);
	cells_right(
	    d->c, c->att + 4, y, 4, h->attempts > 0 ? text : "-", DRAW_PLAIN);
}

static void
draw_row(const struct draw *d, const struct columns *c, int y, size_t host)
{
	const struct model_host *h = &d->m->hosts[host];
	bool here = host == d->v->cursor;
	char word[DRAW_WORD], time[DRAW_TIME];

	cells_puts(d->c, 0, y, 1, here ? ">" : " ", DRAW_BOLD);
	cells_puts(d->c, 1, y, 1,
	    h->is_marked ? "*"
	    : h->is_new  ? "n"
			 : " ",
	    DRAW_BOLD);
	draw_badge(d, 2, y, h);
	cells_puts(d->c, c->name, y, c->name_w, h->name,
	    here ? DRAW_BOLD : DRAW_PLAIN);
	draw_word(word, d->m, h);
	if (d->c->w >= 100 && h->badge == BADGE_FAILED)
		(void)snprintf(word, sizeof(word), "failed");
	cells_puts(d->c, c->state, y, c->state_w, word,
	    DRAW_CLASS(badge_row(h->badge)->class == CELL_ATTN ? CELL_ATTN
							       : CELL_PLAIN));
	if (d->c->w >= 100) {
		draw_wide_columns(d, c, y, h);
	} else if (d->c->w >= 40) {
		draw_time(time, model_age_us(d->m, h), true);
		cells_right(d->c, c->time + 5, y, 5, time, DRAW_PLAIN);
	}
	draw_last(d, c->last, y, d->c->w - c->last, h);
}

static void
draw_head(const struct draw *d, const struct columns *c, int y)
{
	cells_puts(d->c, 2, y, 1, "S", DRAW_DIM);
	cells_puts(d->c, c->name, y, 4, "HOST", DRAW_DIM);
	cells_puts(d->c, c->state, y, 5, "STATE", DRAW_DIM);
	cells_right(d->c, c->exit + 4, y, 4, "EXIT", DRAW_DIM);
	cells_right(d->c, c->time + 7, y, 4, "TIME", DRAW_DIM);
	cells_right(d->c, c->lines + 6, y, 5, "LINES", DRAW_DIM);
	cells_right(d->c, c->att + 4, y, 3, "ATT", DRAW_DIM);
	cells_puts(d->c, c->last, y, 9, "LAST LINE", DRAW_DIM);
}

void
draw_list(const struct draw *d)
{
	struct rect b = d->at.body;
	size_t n = d->m->n_hosts;
	int strip = shape_strip_rows(n, b.w, b.h);
	int rows = shape_list_rows(n, b.w, b.h);
	int y = b.y + strip;
	struct columns c = place_columns(d, d->v->top, rows);

	if (strip > 0)
		draw_map_cells(d, 1, b.y, b.w - 2, strip,
		    shape_map_step(n, (size_t)strip * (size_t)(b.w - 2)));
	if (b.h > 1)
		draw_list_rule(d, y++);
	if (b.w >= 100)
		draw_head(d, &c, y++);
	for (int i = 0; i < rows && y + i < b.y + b.h; i++) {
		size_t at = d->v->top + (size_t)i;

		if (at < d->v->n_list)
			draw_row(d, &c, y + i, d->v->list[at]);
	}
}
