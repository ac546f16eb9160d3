/*
 * test_clean_oracle.c -- a line as we edit it and as libvterm does.
 *
 * Room: tests.  May touch: engine/muster.h, engine/base, libvterm.
 * Random lines of text, CR, BS, TAB, CSI K G C D X P @ and SGR go through
 * both; each glyph and its style must be the same. Wide glyphs are left out:
 * libvterm keeps halves of those that are overwritten.
 */
#include "config.h"

#include "base/buf.h"
#include "base/glyph.h"
#include "muster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <vterm.h>

#include <cmocka.h>

#define COLUMNS 400 /* no line gets as long */
#define RUNS 20000

/* What stands in a column, blanks without style. */
struct glyph {
	uint32_t cp;
	uint32_t mark;
	unsigned flags;
};

static uint32_t
draw(uint32_t *seed, uint32_t n)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 16 & 0x7fff) % n;
}

static void
add_random(struct buf *b, uint32_t *seed)
{
	static const char *const styles[] = {
	    "0", "1", "3", "4", "7", "9", "22", "23", "24", "27", "29", "1;4"};

	switch (draw(seed, 10)) {
	case 0:
		buf_addc(b, "\r\b\t"[draw(seed, 3)]);
		break;
	case 1:
	case 2:
		buf_addf(
		    b, "\033[%u%c", draw(seed, 12), "GCDXP@"[draw(seed, 6)]);
		break;
	case 3:
		buf_addf(b, "\033[%uK", draw(seed, 3));
		break;
	case 4:
	case 5:
		buf_addf(b, "\033[%sm", styles[draw(seed, 12)]);
		break;
	case 6:
		buf_adds(b, draw(seed, 2) ? "\u00e9" : "e\u0301");
		break;
	default:
		for (uint32_t n = 1 + draw(seed, 6); n > 0; n--)
			buf_addc(b, (int)('a' + draw(seed, 26)));
	}
}

static void
read_ours(const struct buf *in, struct glyph *out)
{
	const char *p = (const char *)buf_data(in);
	struct glyph_utf8 decoder = {0};
	struct muster_line line;
	struct muster_clean c;
	size_t len = in->len, span = 0, col = 0;
	unsigned flags = 0, width;
	uint32_t cp;

	muster_clean_init(&c, 0);
	assert_false(muster_clean_next(&c, &p, &len, &line));
	if (!muster_clean_last(&c, &line))
		line.len = 0;
	for (size_t i = 0; i < line.len; i++) {
		if (span < line.n_spans && line.spans[span].at == i)
			flags = line.spans[span++].style.flags;
		if (glyph_decode(&decoder, (uint8_t)line.text[i], &cp) !=
		    GLYPH_DONE)
			continue;
		if (glyph_kind(cp, &width) == GLYPH_MARK)
			out[col - 1].mark = cp;
		else
			out[col++] = (struct glyph){cp, 0, flags};
	}
	muster_clean_clear(&c);
}

static unsigned
read_flags(const VTermScreenCell *cell)
{
	return (cell->attrs.bold ? MUSTER_STYLE_BOLD : 0) |
	       (cell->attrs.italic ? MUSTER_STYLE_ITALIC : 0) |
	       (cell->attrs.underline ? MUSTER_STYLE_UNDERLINE : 0) |
	       (cell->attrs.reverse ? MUSTER_STYLE_REVERSE : 0) |
	       (cell->attrs.strike ? MUSTER_STYLE_STRIKE : 0);
}

static void
read_theirs(const struct buf *in, struct glyph *out)
{
	VTerm *vt = vterm_new(2, COLUMNS);
	VTermScreen *screen;

	assert_non_null(vt);
	vterm_set_utf8(vt, 1);
	screen = vterm_obtain_screen(vt);
	vterm_screen_reset(screen, 1);
	(void)vterm_input_write(vt, (const char *)buf_data(in), in->len);
	for (int i = 0; i < COLUMNS; i++) {
		VTermPos pos = {.row = 0, .col = i};
		VTermScreenCell cell;

		(void)vterm_screen_get_cell(screen, pos, &cell);
		out[i] = (struct glyph){
		    cell.chars[0], cell.chars[1], read_flags(&cell)};
	}
	vterm_free(vt);
}

static void
drop_blanks(struct glyph *glyphs)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (glyphs[i].cp == 0 || glyphs[i].cp == ' ')
			glyphs[i] = (struct glyph){0};
}

static void
print_input(const struct buf *in)
{
	fputs("# ", stdout);
	for (size_t i = 0; i < in->len; i++) {
		uint8_t c = buf_data(in)[i];

		printf(c < 0x20 ? "\\x%02x" : "%c", c);
	}
	putchar('\n');
}

static void
test_lines_are_edited_as_libvterm_does(void **state)
{
	uint32_t seed = 1;
	struct buf in;

	(void)state;
	buf_init(&in, 1000);
	for (int i = 0; i < RUNS; i++) {
		struct glyph ours[COLUMNS] = {{0}}, theirs[COLUMNS] = {{0}};
		uint32_t n = 1 + draw(&seed, 16);

		buf_reset(&in);
		while (n-- > 0)
			add_random(&in, &seed);
		read_ours(&in, ours);
		read_theirs(&in, theirs);
		drop_blanks(ours);
		drop_blanks(theirs);
		if (memcmp(ours, theirs, sizeof(ours)) != 0)
			print_input(&in);
		assert_memory_equal(ours, theirs, sizeof(ours));
	}
	buf_clear(&in);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines_are_edited_as_libvterm_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
