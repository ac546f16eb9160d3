/*
 * test_view.c -- which view, which hosts in which order, and moving about.
 *
 * Room: tests.  May touch: ui/view.h, ui/draw.h, scene.h.
 */
#include "config.h"

#include "scene.h"
#include "ui/draw.h"
#include "ui/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define S INT64_C(1000000)

static struct view v;
static struct model *m;

static int
setup(void **state)
{
	(void)state;
	view_init(&v);
	m = scene_upgrade(60);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	view_clear(&v);
	model_free(m);
	return 0;
}

static void
test_the_view_is_chosen_by_number_and_size(void **state)
{
	static const struct {
		size_t n;
		int w, h;
		enum view_kind kind;
		unsigned cols, rows;
	} rows[] = {
	    {1, 80, 24, VIEW_ZOOM, 0, 0},
	    {4, 80, 24, VIEW_GRID, 2, 2},
	    {4, 200, 60, VIEW_GRID, 2, 2},
	    {6, 80, 24, VIEW_GRID, 2, 3},
	    {7, 80, 24, VIEW_TILES, 2, 4},
	    {12, 80, 24, VIEW_TILES, 2, 6},
	    {12, 120, 40, VIEW_GRID, 3, 4},
	    {12, 200, 60, VIEW_GRID, 4, 3},
	    {18, 120, 40, VIEW_GRID, 3, 6},
	    {19, 120, 40, VIEW_TILES, 3, 7},
	    {20, 80, 24, VIEW_TILES, 2, 10},
	    {21, 80, 24, VIEW_LIST, 0, 0},
	    {45, 200, 60, VIEW_GRID, 5, 9},
	    {60, 80, 24, VIEW_LIST, 0, 0},
	    {60, 120, 40, VIEW_LIST, 0, 0},
	    {60, 200, 60, VIEW_TILES, 5, 12},
	    {140, 200, 60, VIEW_TILES, 5, 28},
	    {500, 200, 60, VIEW_LIST, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct model *some = scene_upgrade(rows[i].n);
		struct rect b = draw_layout(rows[i].w, rows[i].h).body;
		enum view_kind kind =
		    view_effective(&v, some, rows[i].w, rows[i].h);
		struct shape s = kind == VIEW_GRID
				     ? shape_grid(rows[i].n, b.w, b.h, 0, 0)
				     : shape_tiles(rows[i].n, b.w, b.h);

		model_free(some);
		if (kind != rows[i].kind)
			fail_msg("%zu on %dx%d: %d", rows[i].n, rows[i].w,
			    rows[i].h, (int)kind);
		if (rows[i].cols > 0 &&
		    (s.cols != rows[i].cols || s.rows != rows[i].rows))
			fail_msg("%zu on %dx%d: %ux%u", rows[i].n, rows[i].w,
			    rows[i].h, s.cols, s.rows);
	}
}

static void
test_a_map_cell_is_as_many_hosts_as_it_must(void **state)
{
	static const struct {
		int w, h;
		size_t cells, k5000, k10000;
	} rows[] = {{80, 24, 1326, 4, 8}, {120, 40, 118 * 33, 2, 3},
	    {200, 60, 198 * 53, 1, 1}};
	int cols, lines;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct rect b = draw_layout(rows[i].w, rows[i].h).body;
		size_t n;

		shape_map(b.w, b.h, &cols, &lines);
		n = (size_t)cols * (size_t)lines;
		assert_int_equal(n, rows[i].cells);
		assert_int_equal(shape_map_step(5000, n), rows[i].k5000);
		assert_int_equal(shape_map_step(10000, n), rows[i].k10000);
	}
}

static void
test_the_worst_come_first_and_the_cursor_stays_on_its_host(void **state)
{
	size_t host;
	const struct muster_result lost = {
	    .outcome = MUSTER_HK_CHANGED, .begun_us = 10 * S};

	(void)state;
	view_update(&v, m, 80, 24);
	for (size_t i = 1; i < v.n_list; i++)
		assert_true(
		    badge_row(m->hosts[v.list[i - 1]].badge)->severity <=
		    badge_row(m->hosts[v.list[i]].badge)->severity);
	view_move(&v, m, MOVE_DOWN, 80, 24);
	view_move(&v, m, MOVE_DOWN, 80, 24);
	host = v.cursor;
	assert_int_equal(view_row(&v), 2);
	model_event(
	    m, &(struct muster_event){
		   .type = MUSTER_EVENT_RESULT, .host = 1, .result = &lost});
	/* Not twice in half a second, and not while keys are pressed. */
	v.stays_put = true;
	model_tick(m, 64 * S);
	view_update(&v, m, 80, 24);
	assert_int_equal(view_row(&v), 2);
	v.stays_put = false;
	view_update(&v, m, 80, 24);
	assert_int_equal(v.list[0], 1);
	assert_int_equal(v.cursor, host);
	assert_int_equal(view_row(&v), 3);
}

static void
test_names_are_sorted_as_people_count(void **state)
{
	struct model *few = model_new(NULL,
	    &(struct model_run){.verb = "run", .arg = "x", .target = "y"});

	(void)state;
	(void)model_add_host(few, "web-10");
	(void)model_add_host(few, "web-9");
	(void)model_add_host(few, "web-010b");
	(void)model_add_host(few, "db");
	v.sort = SORT_NAME;
	v.kind = VIEW_LIST;
	view_update(&v, few, 80, 24);
	assert_int_equal(v.list[0], 3);
	assert_int_equal(v.list[1], 1);
	assert_int_equal(v.list[2], 0);
	assert_int_equal(v.list[3], 2);
	model_free(few);
}

static void
test_a_filter_narrows_and_a_bad_one_changes_nothing(void **state)
{
	struct muster_error err;

	(void)state;
	assert_int_equal(view_filter(&v, "state=failed", &err), 0);
	view_update(&v, m, 80, 24);
	assert_int_equal(v.n_list, m->counts[BADGE_FAILED]);
	assert_int_equal(view_filter(&v, "state=", &err), -1);
	assert_int_equal(err.at, 6);
	assert_string_equal(v.filter_text, "state=failed");
	assert_int_equal(view_filter(&v, " ", &err), 0);
	v.quick = QUICK_NEW;
	v.is_list_stale = true;
	view_update(&v, m, 80, 24);
	assert_int_equal(v.n_list, 3);
}

static void
test_trouble_is_a_key_away(void **state)
{
	size_t first;

	(void)state;
	view_update(&v, m, 80, 24);
	view_move(&v, m, MOVE_LAST, 80, 24);
	assert_int_equal(view_row(&v), 59);
	assert_true(v.top > 0);
	view_move(&v, m, MOVE_NEXT_TROUBLE, 80, 24);
	assert_int_equal(view_row(&v), 0);
	assert_int_equal(v.top, 0);
	first = v.cursor;
	view_zoom(&v, m, first);
	view_move(&v, m, MOVE_NEXT_TROUBLE, 80, 24);
	assert_int_not_equal(v.zoom.host, first);
	assert_true(model_is_trouble(&m->hosts[v.zoom.host]));
	view_move(&v, m, MOVE_PREVIOUS_TROUBLE, 80, 24);
	assert_int_equal(v.zoom.host, first);
	assert_true(view_back(&v));
	assert_int_equal(view_effective(&v, m, 80, 24), VIEW_LIST);
	assert_false(view_back(&v));
}

static void
test_tiles_are_walked_down_and_across(void **state)
{
	(void)state;
	v.kind = VIEW_TILES;
	view_update(&v, m, 120, 40);
	view_move(&v, m, MOVE_DOWN, 120, 40);
	assert_int_equal(view_row(&v), 1);
	view_move(&v, m, MOVE_RIGHT, 120, 40);
	assert_int_equal(view_row(&v), 19);
	view_move(&v, m, MOVE_PAGE_DOWN, 120, 40);
	assert_int_equal(v.top, 54);
	v.kind = VIEW_GRID;
	view_update(&v, m, 120, 40);
	view_move(&v, m, MOVE_FIRST, 120, 40);
	view_move(&v, m, MOVE_DOWN, 120, 40);
	assert_int_equal(view_row(&v), 3);
	/* Panes keep their places whatever happens. */
	assert_int_equal(v.list[0], 0);
	assert_int_equal(v.list[59], 59);
}

static void
test_scrolling_stops_following_and_the_end_begins_it_again(void **state)
{
	(void)state;
	m->hosts[0].shown.n_ever = 100;
	view_update(&v, m, 80, 24);
	view_zoom(&v, m, 0);
	assert_true(v.zoom.is_following);
	view_move(&v, m, MOVE_UP, 80, 24);
	assert_false(v.zoom.is_following);
	assert_true(v.zoom.top == 100 - 19 - 1);
	view_move(&v, m, MOVE_FIRST, 80, 24);
	assert_true(v.zoom.top == 0);
	view_move(&v, m, MOVE_RIGHT, 80, 24);
	assert_int_equal(v.zoom.skip, 8);
	view_move(&v, m, MOVE_LAST, 80, 24);
	assert_true(v.zoom.is_following);
	m->hosts[0].shown.n_ever = 0;
}

static void
test_only_what_is_seen_is_wanted(void **state)
{
	struct view_wanted wanted[64];
	size_t n;

	(void)state;
	view_update(&v, m, 80, 24);
	n = view_wanted(&v, m, 80, 24, wanted, 64);
	assert_int_equal(n, 18);
	assert_int_equal(wanted[0].host, v.cursor);
	assert_int_equal(view_wanted(&v, m, 80, 24, wanted, 3), 3);
	assert_int_equal(view_wanted(&v, m, 10, 3, wanted, 64), 0);
	view_zoom(&v, m, 7);
	assert_int_equal(view_wanted(&v, m, 80, 24, wanted, 64), 1);
	assert_int_equal(wanted[0].host, 7);
	assert_true(wanted[0].from == UINT64_MAX);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(test_the_view_is_chosen_by_number_and_size),
	    TEST(test_a_map_cell_is_as_many_hosts_as_it_must),
	    TEST(test_the_worst_come_first_and_the_cursor_stays_on_its_host),
	    TEST(test_names_are_sorted_as_people_count),
	    TEST(test_a_filter_narrows_and_a_bad_one_changes_nothing),
	    TEST(test_trouble_is_a_key_away),
	    TEST(test_tiles_are_walked_down_and_across),
	    TEST(test_scrolling_stops_following_and_the_end_begins_it_again),
	    TEST(test_only_what_is_seen_is_wanted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
