/*
 * pty_compare.c -- what a screen thought it showed, and what was to be seen.
 *
 * Room: tests.  May touch: pty.h, ui/film.h, ui/theme.h, libvterm.
 */
#include "config.h"

#include "pty.h"
#include "ui/cells.h"
#include "ui/theme.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>
#include <cmocka.h>

#define FEED_MAX 4096
#define ROW_MAX 16384

struct replay {
	const struct pty *p;
	VTerm *vt;
	VTermScreen *vts;
	size_t at; /* bytes fed */
	int w, h;
	struct theme theme;
	FILE *record;
	int n_frames;
	char text[ROW_MAX];
};

static void
feed(struct replay *r, size_t to)
{
	while (r->at < to) {
		size_t n = to - r->at;

		n = n < FEED_MAX ? n : FEED_MAX;
		(void)vterm_input_write(r->vt, r->p->bytes + r->at, n);
		r->at += n;
	}
}

/* The bytes of the character that a row's text goes on with. */
static size_t
step(const char *text)
{
	unsigned columns;

	return muster_glyph(text, strlen(text), &columns);
}

static uint32_t
first_char(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *)text;
	uint32_t c = p[0];

	if (c < 0x80 || len < 2)
		return c;
	c &= 0x7fu >> (c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2);
	for (size_t i = 1; i < len && (p[i] & 0xc0) == 0x80 &&
			   i < (p[0] >= 0xf0      ? 4u
				   : p[0] >= 0xe0 ? 3u
						  : 2u);
	     i++)
		c = c << 6 | (p[i] & 0x3f);
	return c;
}

static struct look
look_of(char letter)
{
	static const char classes[] = "porab", reversed[] = "PORAB";
	const char *at;
	struct look look = {0};

	if (letter != '\0' && (at = strchr(classes, letter)) != NULL)
		look.class = (uint8_t)(at - classes);
	else if (letter != '\0' && (at = strchr(reversed, letter)) != NULL) {
		look.class = (uint8_t)(at - reversed);
		look.flags = MUSTER_STYLE_REVERSE;
	}
	if (letter == '_')
		look.flags = MUSTER_STYLE_UNDERLINE;
	if (letter == '*')
		look.flags = MUSTER_STYLE_BOLD;
	return look;
}

static void
complain(
    const struct replay *r, int x, int y, const char *what, long want, long got)
{
	fail_msg("frame %d (%dx%d), row %d column %d: %s %lx, not %lx; row: %s",
	    r->n_frames, r->w, r->h, y, x, what, got, want, r->text);
}

/* Classes have a colour and a weight; what hosts styled is left out. */
static void
compare_look(const struct replay *r, int x, int y, char letter,
    const VTermScreenCell *cell)
{
	struct look look = look_of(letter);
	struct ink ink = theme_ink(&r->theme, &look);
	bool reverse = (ink.flags & MUSTER_STYLE_REVERSE) != 0;
	VTermColor fg = cell->fg;

	if (letter == 's' || letter == ' ')
		return;
	if ((cell->attrs.reverse != 0) != reverse)
		complain(r, x, y, "reverse", reverse, cell->attrs.reverse);
	if (ink.fg < 0 && !VTERM_COLOR_IS_DEFAULT_FG(&fg))
		complain(r, x, y, "colour", -1, fg.indexed.idx);
	if (ink.fg >= 0 && (!VTERM_COLOR_IS_INDEXED(&fg) ||
			       (fg.indexed.idx & 7) != (ink.fg & 7)))
		complain(r, x, y, "colour", ink.fg, fg.indexed.idx);
}

static void
compare_row(const struct replay *r, int y, const char *text, const char *looks)
{
	for (int x = 0; x < r->w;) {
		VTermScreenCell cell;
		size_t n = step(text);
		uint32_t want = first_char(text, n), got;

		(void)vterm_screen_get_cell(
		    r->vts, (VTermPos){.row = y, .col = x}, &cell);
		got = cell.chars[0] == 0 ? ' ' : cell.chars[0];
		if (want != got)
			complain(r, x, y, "character", want, got);
		compare_look(r, x, y, looks[x], &cell);
		text += n;
		x += cell.width > 1 ? cell.width : 1;
	}
}

static void
read_line(struct replay *r, char *out)
{
	assert_non_null(fgets(out, ROW_MAX, r->record));
	out[strcspn(out, "\n")] = '\0';
}

static void
compare_frame(struct replay *r)
{
	char *text = calloc((size_t)r->h, ROW_MAX);
	char *looks = calloc((size_t)r->h, ROW_MAX);

	assert_non_null(text);
	assert_non_null(looks);
	for (int y = 0; y < r->h; y++)
		read_line(r, text + (size_t)y * ROW_MAX);
	for (int y = 0; y < r->h; y++)
		read_line(r, looks + (size_t)y * ROW_MAX);
	for (int y = 0; y < r->h; y++) {
		(void)snprintf(
		    r->text, sizeof(r->text), "%s", text + (size_t)y * ROW_MAX);
		compare_row(r, y, text + (size_t)y * ROW_MAX,
		    looks + (size_t)y * ROW_MAX);
	}
	free(text);
	free(looks);
}

static void
open_replay(struct replay *r, int w, int h)
{
	r->w = w;
	r->h = h;
	r->vt = vterm_new(h, w);
	vterm_set_utf8(r->vt, 1);
	r->vts = vterm_obtain_screen(r->vt);
	vterm_screen_enable_altscreen(r->vts, 1);
	vterm_screen_reset(r->vts, 1);
}

int
pty_compare(const struct pty *p, const char *record, unsigned n_colours)
{
	struct replay r = {.p = p, .record = fopen(record, "r")};
	const char *first = memchr(p->bytes, '\033', p->len);
	int w, h, x, y;
	uint64_t offset, start;

	/* what was written before the screen opened has no sequences */
	start = first != NULL ? (uint64_t)(first - p->bytes) : 0;
	r.theme.n_colours = n_colours;
	assert_non_null(r.record);
	while (fgets(r.text, sizeof(r.text), r.record) != NULL) {
		assert_int_equal(sscanf(r.text, "frame %d %d %d %d %" SCNu64,
				     &w, &h, &x, &y, &offset),
		    5);
		if (r.vt == NULL)
			open_replay(&r, w, h);
		if (w != r.w || h != r.h)
			vterm_set_size(r.vt, h, w);
		r.w = w;
		r.h = h;
		offset += start;
		if (offset > p->len)
			break; /* it was not read any more */
		feed(&r, offset);
		compare_frame(&r);
		r.n_frames++;
	}
	(void)fclose(r.record);
	if (r.vt != NULL)
		vterm_free(r.vt);
	return r.n_frames;
}
