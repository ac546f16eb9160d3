/*
 * test_cells.c -- drawing into a grid of cells.
 *
 * Room: tests.  May touch: ui/cells.h.
 */
#include "config.h"

#include "ui/cells.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WIDE "\xe4\xb8\xad" /* two columns */
#define E_ACUTE "e\xcc\x81" /* a letter and a mark */
#define PLAIN ((struct look){0})

static void
assert_rows(const struct cells *c, const char *expected)
{
	char *text = cells_text(c);

	assert_string_equal(text, expected);
	free(text);
}

/* Every row is exactly as wide as the grid. */
static void
assert_whole(const struct cells *c)
{
	for (int y = 0; y < c->h; y++)
		for (int x = 0, n; x < c->w; x += n) {
			n = cells_at(c, x, y)->width;
			assert_true(n == 1 || n == 2);
			assert_true(x + n <= c->w);
			if (n == 2)
				assert_int_equal(
				    cells_at(c, x + 1, y)->width, 0);
		}
}

static void
test_text_is_cut_at_its_room(void **state)
{
	struct cells c;

	(void)state;
	cells_init(&c, 6, 2);
	assert_int_equal(cells_puts(&c, 1, 0, 3, "abcdef", PLAIN), 3);
	assert_int_equal(cells_puts(&c, 4, 1, 99, "xyz", PLAIN), 2);
	assert_int_equal(cells_puts(&c, 0, 2, 9, "below", PLAIN), 0);
	assert_int_equal(cells_puts(&c, -1, 0, 9, "left", PLAIN), 0);
	assert_rows(&c, " abc  \n    xy\n");
	cells_clear(&c);
}

static void
test_wide_characters_are_never_halved(void **state)
{
	struct cells c;

	(void)state;
	cells_init(&c, 5, 1);
	assert_int_equal(cells_puts(&c, 0, 0, 3, WIDE WIDE, PLAIN), 2);
	assert_rows(&c, WIDE "   \n");
	assert_int_equal(cells_puts(&c, 2, 0, 9, WIDE, PLAIN), 2);
	assert_whole(&c);
	/* Written over at its right and at its left half. */
	cells_puts(&c, 1, 0, 1, "x", PLAIN);
	cells_puts(&c, 2, 0, 1, "y", PLAIN);
	assert_rows(&c, " xy  \n");
	assert_whole(&c);
	cells_clear(&c);
}

static void
test_marks_stay_on_their_letter(void **state)
{
	struct cells c;

	(void)state;
	cells_init(&c, 3, 1);
	assert_int_equal(cells_puts(&c, 0, 0, 3, E_ACUTE "b", PLAIN), 2);
	assert_int_equal(cells_at(&c, 0, 0)->len, 3);
	assert_rows(&c, E_ACUTE "b \n");
	assert_int_equal(cells_width(E_ACUTE WIDE, 6), 3);
	cells_clear(&c);
}

static void
test_lines_keep_their_styles_and_can_be_scrolled(void **state)
{
	const struct muster_span spans[] = {
	    {1, {.fg = MUSTER_COLOUR_INDEX | 1}}, {3, {0}}};
	const struct muster_line line = {.text = "abcd" WIDE "e",
	    .len = 8,
	    .columns = 7,
	    .spans = spans,
	    .n_spans = 2};
	struct cells c;

	(void)state;
	cells_init(&c, 8, 2);
	assert_int_equal(cells_line(&c, 0, 0, 8, &line, 0), 7);
	assert_int_equal(cells_at(&c, 0, 0)->look.fg, 0);
	assert_int_equal(cells_at(&c, 1, 0)->look.fg, MUSTER_COLOUR_INDEX | 1);
	assert_int_equal(cells_at(&c, 3, 0)->look.fg, 0);
	/* From the right half of the wide one on. */
	assert_int_equal(cells_line(&c, 0, 1, 8, &line, 5), 2);
	assert_rows(&c, "abcd" WIDE "e \n e      \n");
	assert_whole(&c);
	cells_clear(&c);
}

static void
test_looks_are_told(void **state)
{
	struct cells c;
	char *looks;

	(void)state;
	cells_init(&c, 5, 1);
	cells_puts(&c, 0, 0, 1, "x", (struct look){.class = CELL_BAD});
	cells_puts(&c, 1, 0, 1, "y", (struct look){.flags = MUSTER_STYLE_BOLD});
	cells_right(&c, 5, 0, 2, "zz", PLAIN);
	cells_paint(&c, 4, 0, 1,
	    (struct look){.class = CELL_OK, .flags = MUSTER_STYLE_REVERSE});
	looks = cells_looks(&c);
	assert_string_equal(looks, "b* pO\n");
	free(looks);
	cells_reset(&c, 2, 1);
	assert_rows(&c, "  \n");
	cells_clear(&c);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_text_is_cut_at_its_room),
	    cmocka_unit_test(test_wide_characters_are_never_halved),
	    cmocka_unit_test(test_marks_stay_on_their_letter),
	    cmocka_unit_test(test_lines_keep_their_styles_and_can_be_scrolled),
	    cmocka_unit_test(test_looks_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
