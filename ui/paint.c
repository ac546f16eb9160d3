/*
 * paint.c -- cells to the bytes that make a terminal show them.
 *
 * Room: ui.  May touch: cells.h, theme.h, src/heap.h, libncursesw.
 */
#include "config.h"

#include "ui/paint.h"
#include "src/heap.h"

#include <assert.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wchar.h>
#include <curses.h>

#define N_PAIRS 1024 /* of colours, on the screen at once */
#define ROW_BYTES 10 /* to get to a row, about */

struct paint_pairs {
	int n;
	int n_max;
	struct {
		int fg, bg;
	} pair[N_PAIRS];
};

static int
refuse(struct muster_error *err, const char *what)
{
	if (err == NULL)
		return -1;
	err->code = MUSTER_ERR_SYSTEM;
	err->at = MUSTER_NOWHERE;
	(void)snprintf(err->text, sizeof(err->text), "cannot draw: %s", what);
	return -1;
}

/* A file in memory. */
static FILE *
open_memory(void)
{
#ifdef HAVE_MEMFD_CREATE
	int fd = memfd_create("muster", MFD_CLOEXEC);

	return fd < 0 ? NULL : fdopen(fd, "w+");
#else
	return tmpfile();
#endif
}

/* Characters are the user's for this thread alone; the engine's own threads
 * and the rest of the program stay in the C locale. */
static void
enter_locale(struct paint *p)
{
	locale_t all = newlocale(LC_CTYPE_MASK, "", NULL);

	if (all != NULL)
		p->locale_before = uselocale(all);
	p->locale = all;
	p->is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void
leave_locale(struct paint *p)
{
	if (p->locale == NULL)
		return;
	(void)uselocale(p->locale_before);
	freelocale(p->locale);
	p->locale = NULL;
}

static void
set_up(struct paint *p)
{
	(void)typeahead(-1); /* else a key that waits stops a frame half-way */
	(void)nonl();
	(void)leaveok(stdscr, FALSE);
	(void)idlok(stdscr, FALSE);
	/* Some terminals delete characters wrongly; it saves next to nothing.
	 */
	idcok(stdscr, FALSE);
	(void)keypad(stdscr, TRUE);
	if (has_colors() && start_color() == OK && use_default_colors() == OK) {
		p->theme.n_colours = (unsigned)(COLORS > 0 ? COLORS : 0);
		p->theme.is_direct = COLORS > 256;
		p->pairs->n_max = COLOR_PAIRS < N_PAIRS ? COLOR_PAIRS : N_PAIRS;
	}
}

int
paint_open(
    struct paint *p, const char *term, int w, int h, struct muster_error *err)
{
	memset(p, 0, sizeof(*p));
	enter_locale(p);
	p->pairs = heap_array(1, sizeof(*p->pairs));
	p->file = open_memory();
	p->null = fopen("/dev/null", "r");
	/* of the size only paint_resize() has the last word; without a guess
	 * from the environment there is no terminal "linux" at all */
	use_tioctl(FALSE);
	if (p->file == NULL || p->null == NULL) {
		(void)refuse(err, strerror(errno));
		paint_close(p);
		return -1;
	}
	p->screen = newterm(term, p->file, p->null);
	if (p->screen == NULL) {
		(void)refuse(err, "ncurses does not know the terminal");
		paint_close(p);
		return -1;
	}
	set_up(p);
	cells_init(&p->shown, w, h);
	paint_resize(p, w, h);
	return 0;
}

void
paint_close(struct paint *p)
{
	if (p->screen != NULL) {
		(void)endwin();
		delscreen(p->screen);
	}
	if (p->file != NULL)
		(void)fclose(p->file);
	if (p->null != NULL)
		(void)fclose(p->null);
	leave_locale(p);
	cells_clear(&p->shown);
	free(p->pairs);
	free(p->out);
	memset(p, 0, sizeof(*p));
}

void
paint_set_mono(struct paint *p)
{
	p->theme.n_colours = 0;
}

void
paint_resize(struct paint *p, int w, int h)
{
	/* not resizeterm(), which would queue a key */
	(void)resize_term(h, w);
	cells_reset(&p->shown, w, h);
	p->next_row = 0;
	p->shall_clear = true;
}

/* ---- a cell ---- */

/* The number of a pair of colours; 0, the default, when there are too many. */
static int
pair_of(struct paint_pairs *pairs, int fg, int bg)
{
	if (fg < 0 && bg < 0)
		return 0;
	for (int i = 1; i <= pairs->n; i++) {
		if (pairs->pair[i].fg == fg && pairs->pair[i].bg == bg)
			return i;
	}
	if (pairs->n + 1 >= pairs->n_max ||
	    init_extended_pair(pairs->n + 1, fg, bg) == ERR)
		return 0;
	pairs->n++;
	pairs->pair[pairs->n].fg = fg;
	pairs->pair[pairs->n].bg = bg;
	return pairs->n;
}

static attr_t
attributes(unsigned flags)
{
	return ((flags & MUSTER_STYLE_BOLD) != 0 ? WA_BOLD : 0) |
	       ((flags & MUSTER_STYLE_DIM) != 0 ? WA_DIM : 0) |
	       ((flags & MUSTER_STYLE_ITALIC) != 0 ? WA_ITALIC : 0) |
	       ((flags & MUSTER_STYLE_UNDERLINE) != 0 ? WA_UNDERLINE : 0) |
	       ((flags & MUSTER_STYLE_REVERSE) != 0 ? WA_REVERSE : 0);
}

/* What curses is to show for a cell. It must take as many columns here as in
 * the C library, or the terminal would part from what we think it shows. */
static void
to_wide(const struct paint *p, const struct cell *cell,
    wchar_t wide[CCHARW_MAX + 1])
{
	mbstate_t state = {0};
	const char *from = cell->text;
	size_t left = cell->len, n = 0;

	while (left > 0 && n < CCHARW_MAX) {
		size_t step = mbrtowc(&wide[n], from, left, &state);

		if (step == 0 || step > left)
			break;
		if (n > 0 && wcwidth(wide[n]) != 0)
			break;
		from += step;
		left -= step;
		n++;
	}
	wide[n] = L'\0';
	if (n == 0 || wcwidth(wide[0]) != cell->width ||
	    (p->is_ascii && wide[0] > 0x7e)) {
		wide[0] = p->is_utf8 && !p->is_ascii ? 0xfffd : L'?';
		wide[1] = L'\0';
	}
}

/* Returns how many characters for curses the cell makes. Without its marks
 * where `is_bare`. */
static int
to_curses(struct paint *p, const struct cell *cell, bool is_bare, cchar_t *out)
{
	struct ink ink = theme_ink(&p->theme, &cell->look);
	int pair = pair_of(p->pairs, ink.fg, ink.bg);
	attr_t attrs = attributes(ink.flags);
	wchar_t wide[CCHARW_MAX + 1] = L" ";

	if (cell->width == 0)
		return 0;
	if (cell->len > 0)
		to_wide(p, cell, wide);
	if (is_bare)
		wide[1] = L'\0';
	(void)setcchar(&out[0], wide, attrs, 0, &pair);
	if (cell->width == 1 || wcwidth(wide[0]) == 2)
		return 1;
	(void)setcchar(&out[1], L" ", attrs, 0, &pair);
	return 2;
}

/* ---- a frame ---- */

static bool
is_same(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* About how many bytes a row takes. */
static size_t
row_cost(const struct paint *p, const struct cells *cells, int y)
{
	size_t n = 0;

	for (int x = 0; x < cells->w; x++) {
		const struct cell *cell = cells_at(cells, x, y);

		if (!is_same(cell, cells_at(&p->shown, x, y)))
			n += cell->len > 0 ? cell->len : 1;
	}
	return n > 0 ? n + ROW_BYTES : 0;
}

static void
draw_row(struct paint *p, const struct cells *cells, int y)
{
	size_t bytes = (size_t)cells->w * sizeof(struct cell);
	cchar_t *row = heap_array((size_t)cells->w * 2 + 1, sizeof(*row));
	int n = 0;

	/* terminals differ in what a mark at the margin goes upon */
	for (int x = 0; x < cells->w; x++)
		n += to_curses(
		    p, cells_at(cells, x, y), x + 1 == cells->w, &row[n]);
	(void)mvadd_wchnstr(y, 0, row, n);
	memcpy(cells_at(&p->shown, 0, y), cells_at(cells, 0, y), bytes);
	free(row);
}

/* Draws a row if it is another one and there is room for it. Returns false
 * when there is none. */
static bool
try_row(
    struct paint *p, const struct cells *cells, int y, size_t *left, bool must)
{
	size_t cost = p->shall_clear ? 1 : row_cost(p, cells, y);

	if (cost == 0)
		return true;
	if (cost > *left && !must)
		return false;
	draw_row(p, cells, y);
	*left = cost < *left ? *left - cost : 0;
	return true;
}

/* Returns whether rows are left. */
static bool
draw_rows(struct paint *p, const struct cells *cells, size_t budget,
    const bool *is_first)
{
	size_t left = budget;
	int first = p->next_row;

	for (int y = 0; y < cells->h && is_first != NULL; y++) {
		if (is_first[y])
			(void)try_row(p, cells, y, &left, true);
	}
	for (int i = 0; i < cells->h; i++) {
		int y = (first + i) % cells->h;

		/* a row that alone is over the budget goes out, too */
		if (try_row(p, cells, y, &left, left == budget))
			continue;
		p->next_row = y;
		return true;
	}
	p->next_row = 0;
	return false;
}

/* What curses wrote. */
static const char *
collect(struct paint *p, size_t *len)
{
	int fd = fileno(p->file);
	off_t end;
	ssize_t n = 0;

	(void)fflush(p->file);
	end = lseek(fd, 0, SEEK_CUR);
	heap_grow(&p->out, &p->cap, (size_t)(end > 0 ? end : 1), 1);
	if (end > 0)
		n = pread(fd, p->out, (size_t)end, 0);
	(void)lseek(fd, 0, SEEK_SET);
	*len = n > 0 ? (size_t)n : 0;
	return p->out;
}

const char *
paint_frame(struct paint *p, const struct cells *cells, size_t budget,
    const bool *is_first, size_t *len, bool *more)
{
	int x = cells->cursor_x, y = cells->cursor_y;
	bool has_cursor = x >= 0 && x < cells->w && y >= 0 && y < cells->h;

	assert(cells->w == p->shown.w && cells->h == p->shown.h);
	if (p->shall_clear) {
		(void)clearok(curscr, TRUE);
		budget = SIZE_MAX;
	}
	*more = draw_rows(p, cells, budget, is_first);
	p->shall_clear = false;
	p->shown.cursor_x = cells->cursor_x;
	p->shown.cursor_y = cells->cursor_y;
	(void)curs_set(has_cursor ? 1 : 0);
	if (has_cursor)
		(void)move(y, x);
	(void)wnoutrefresh(stdscr);
	(void)doupdate();
	return collect(p, len);
}

const char *
paint_leave(struct paint *p, size_t *len)
{
	(void)endwin();
	p->shall_clear = true;
	return collect(p, len);
}
