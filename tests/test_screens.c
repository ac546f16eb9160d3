/*
 * test_screens.c -- every view in every size, compared with what it was.
 *
 * Room: tests.  May touch: ui/view.h, scene.h.
 * tests/screen/NAME.txt are screens as people see them, text and looks;
 * tests/screen/digests has a line for each of the others. MUSTER_GOLDEN=DIR
 * writes them anew there (`make golden`): look at what git says then.
 */
#include "config.h"

#include "scene.h"
#include "ui/box.h"
#include "ui/cells.h"
#include "ui/view.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

static const struct size {
	int w, h;
} sizes[] = {{80, 24}, {120, 40}, {200, 60}, {40, 12}, {20, 5}};

static const size_t numbers[] = {1, 4, 12, 60, 500, 5000};

static const struct {
	enum view_kind kind;
	const char *name;
} kinds[] = {
    {VIEW_AUTO, "auto"},
    {VIEW_GRID, "grid"},
    {VIEW_TILES, "tiles"},
    {VIEW_LIST, "list"},
    {VIEW_MAP, "map"},
    {VIEW_GROUPS, "groups"},
    {VIEW_DIFF, "diff"},
    {VIEW_ROLLOUT, "rollout"},
    {VIEW_ZOOM, "zoom"},
    {VIEW_INFO, "info"},
};

/* ---- properties of every screen ---- */

static void
assert_rows_are_whole(const struct cells *c)
{
	for (int y = 0; y < c->h; y++)
		for (int x = 0, n; x < c->w; x += n) {
			n = cells_at(c, x, y)->width;
			assert_true(n == 1 || n == 2);
			assert_true(x + n <= c->w);
		}
}

static void
assert_ascii(const struct cells *c)
{
	for (int i = 0; i < c->w * c->h; i++)
		if (c->cell[i].len > 0)
			assert_true((unsigned char)c->cell[i].text[0] < 0x80 &&
				    c->cell[i].len == 1);
}

static bool
row_has(const struct cells *c, int y, const char *text)
{
	char *all = cells_text(c), *row = all;
	bool found;

	for (int i = 0; i < y; i++)
		row = strchr(row, '\n') + 1;
	*strchr(row, '\n') = '\0';
	found = strstr(row, text) != NULL;
	free(all);
	return found;
}

static void
assert_frame(const struct cells *c, const struct model *m, bool zoomed)
{
	struct model_sums s = model_sums(m);
	char text[40];

	if (c->h < 5 || c->w < 20)
		return;
	assert_true(row_has(c, 0, "muster"));
	if (c->h >= 12)
		assert_true(row_has(c, c->h - 1, "? help"));
	assert_int_equal(s.n_ok + s.n_failed + s.n_trouble + s.n_running +
			     s.n_waiting + s.n_left_out,
	    m->n_hosts);
	if (zoomed || c->w < 60)
		return;
	(void)snprintf(text, sizeof(text), "! %zu  ", s.n_trouble);
	assert_true(row_has(c, 1, text));
}

/* ---- golden ones ---- */

static uint64_t
digest(const char *a, const char *b)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (; *a != '\0'; a++)
		h = (h ^ (unsigned char)*a) * 0x100000001b3u;
	for (; *b != '\0'; b++)
		h = (h ^ (unsigned char)*b) * 0x100000001b3u;
	return h;
}

/* Rows without the blanks at their ends. */
static void
write_layer(FILE *f, const char *name, const char *layer)
{
	(void)fprintf(f, "---- %s\n", name);
	while (*layer != '\0') {
		size_t n = strcspn(layer, "\n"), end = n;

		while (end > 0 && layer[end - 1] == ' ')
			end--;
		(void)fprintf(f, "%.*s\n", (int)end, layer);
		layer += n + 1;
	}
}

static char *
read_all(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text;
	long n;

	if (f == NULL)
		return NULL;
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	n = ftell(f);
	rewind(f);
	text = calloc(1, (size_t)n + 1);
	assert_non_null(text);
	assert_int_equal(fread(text, 1, (size_t)n, f), n);
	(void)fclose(f);
	return text;
}

static void
golden_path(char *out, size_t size, const char *name)
{
	const char *dir = getenv("MUSTER_GOLDEN");
	const char *top = getenv("top_srcdir");

	if (dir != NULL)
		(void)snprintf(out, size, "%s/%s", dir, name);
	else
		(void)snprintf(out, size, "%s/tests/screen/%s",
		    top != NULL ? top : "..", name);
}

static char *
both_layers(const struct cells *c)
{
	char *text = cells_text(c), *looks = cells_looks(c), *out = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&out, &n);

	assert_non_null(f);
	write_layer(f, "text", text);
	write_layer(f, "looks", looks);
	(void)fclose(f);
	free(text);
	free(looks);
	return out;
}

/* A screen that is kept as it is. */
static void
assert_golden(const struct cells *c, const char *name)
{
	char path[512], file[128];
	char *now = both_layers(c), *then;
	FILE *f;

	(void)snprintf(file, sizeof(file), "%s.txt", name);
	golden_path(path, sizeof(path), file);
	if (getenv("MUSTER_GOLDEN") != NULL) {
		f = fopen(path, "w");
		assert_non_null(f);
		(void)fputs(now, f);
		(void)fclose(f);
		free(now);
		return;
	}
	then = read_all(path);
	if (then == NULL)
		fail_msg("no %s; see the head of test_screens.c", path);
	if (strcmp(now, then) != 0) {
		(void)fprintf(stderr, "%s is now:\n%s", name, now);
		fail_msg("%s looks different", name);
	}
	free(now);
	free(then);
}

static FILE *digests_to; /* while they are written */
static char *digests;    /* while they are compared */

static void
assert_digest(const struct cells *c, const char *name)
{
	char *text = cells_text(c), *looks = cells_looks(c), line[160];

	(void)snprintf(line, sizeof(line), "%s %016llx\n", name,
	    (unsigned long long)digest(text, looks));
	if (digests_to != NULL) {
		(void)fputs(line, digests_to);
	} else if (strstr(digests, line) == NULL) {
		(void)fprintf(stderr, "%s is now:\n%s", name, text);
		fail_msg("%s looks different", name);
	}
	free(text);
	free(looks);
}

/* ---- the tests ---- */

static void
draw(struct view *v, const struct model *m, struct size size, bool ascii,
    struct cells *c)
{
	const struct view_caps caps = {.ascii = ascii};

	cells_reset(c, size.w, size.h);
	view_update(v, m, size.w, size.h);
	view_draw(v, m, &caps, c);
	assert_rows_are_whole(c);
	if (ascii)
		assert_ascii(c);
	assert_frame(c, m, view_effective(v, m, size.w, size.h) == VIEW_ZOOM);
}

static void
sweep_sizes(const struct model *m, size_t n, size_t kind)
{
	struct cells c;
	char name[80];

	cells_init(&c, 0, 0);
	for (size_t i = 0; i < N(sizes) * 2; i++) {
		struct size size = sizes[i / 2];
		bool ascii = i % 2 == 1;
		struct view v;

		view_init(&v);
		v.kind = kinds[kind].kind;
		draw(&v, m, size, ascii, &c);
		(void)snprintf(name, sizeof(name), "%s-%zu-%dx%d%s",
		    kinds[kind].name, n, size.w, size.h, ascii ? "-ascii" : "");
		assert_digest(&c, name);
		view_clear(&v);
	}
	cells_clear(&c);
}

static void
test_every_view_in_every_size_is_as_it_was(void **state)
{
	char path[512];

	(void)state;
	golden_path(path, sizeof(path), "digests");
	if (getenv("MUSTER_GOLDEN") != NULL)
		digests_to = fopen(path, "w");
	else
		digests = read_all(path);
	assert_true(digests_to != NULL || digests != NULL);
	for (size_t i = 0; i < N(numbers); i++) {
		struct model *m = scene_upgrade(numbers[i]);

		for (size_t k = 0; k < N(kinds); k++)
			sweep_sizes(m, numbers[i], k);
		model_free(m);
	}
	if (digests_to != NULL)
		(void)fclose(digests_to);
	digests_to = NULL;
	free(digests);
}

static void
test_screens_to_look_at_are_as_they_were(void **state)
{
	static const struct {
		const char *name;
		enum view_kind kind;
		size_t n; /* 0: scene_status() */
		struct size size;
		bool ascii;
	} screens[] = {
	    {"zoom-1", VIEW_AUTO, 1, {80, 24}, false},
	    {"grid-4", VIEW_AUTO, 0, {80, 24}, false},
	    {"grid-12", VIEW_AUTO, 12, {120, 40}, false},
	    {"tiles-60", VIEW_TILES, 60, {120, 40}, false},
	    {"list-60", VIEW_AUTO, 60, {80, 24}, false},
	    {"list-500", VIEW_AUTO, 500, {120, 40}, false},
	    {"list-500-ascii", VIEW_AUTO, 500, {80, 24}, true},
	    {"list-60-small", VIEW_AUTO, 60, {40, 12}, false},
	    {"list-60-tiny", VIEW_AUTO, 60, {20, 5}, false},
	    {"map-5000", VIEW_MAP, 5000, {80, 24}, false},
	    {"map-500", VIEW_MAP, 500, {120, 40}, false},
	    {"info-60", VIEW_INFO, 60, {80, 24}, false},
	};
	struct cells c;

	(void)state;
	cells_init(&c, 0, 0);
	for (size_t i = 0; i < N(screens); i++) {
		struct model *m = screens[i].n > 0 ? scene_upgrade(screens[i].n)
						   : scene_status();
		struct view v;

		view_init(&v);
		v.kind = screens[i].kind;
		draw(&v, m, screens[i].size, screens[i].ascii, &c);
		assert_golden(&c, screens[i].name);
		view_clear(&v);
		model_free(m);
	}
	cells_clear(&c);
}

static void
test_groups_and_differences_are_as_they_were(void **state)
{
	static const struct {
		const char *name;
		struct size size;
		bool ascii;
		size_t
		    cursor; /* of groups; else MUSTER_NOWHERE: a difference */
	} screens[] = {
	    {"groups-5000", {120, 40}, false, 4902},
	    {"groups-5000-small", {80, 24}, true, 0},
	    {"groups-5000-tiny", {40, 12}, false, 4995},
	    {"diff-500", {120, 30}, false, MUSTER_NOWHERE},
	    {"diff-500-small", {80, 24}, true, MUSTER_NOWHERE},
	    {"diff-500-tiny", {30, 8}, false, MUSTER_NOWHERE},
	};
	struct cells c;

	(void)state;
	cells_init(&c, 0, 0);
	for (size_t i = 0; i < N(screens); i++) {
		bool diff = screens[i].cursor == MUSTER_NOWHERE;
		struct model *m = diff ? scene_versions() : scene_groups();
		struct view v;

		view_init(&v);
		v.kind = VIEW_GROUPS;
		v.cursor = screens[i].cursor;
		if (diff)
			view_compare(&v, 0, 111, true);
		draw(&v, m, screens[i].size, screens[i].ascii, &c);
		assert_golden(&c, screens[i].name);
		view_clear(&v);
		model_free(m);
	}
	cells_clear(&c);
}

/* With a box on top, which may hide the frame. */
static void
draw_over(
    struct view *v, const struct model *m, struct size size, struct cells *c)
{
	const struct view_caps caps = {.ascii = true};

	cells_reset(c, size.w, size.h);
	view_update(v, m, size.w, size.h);
	view_draw(v, m, &caps, c);
	assert_rows_are_whole(c);
	assert_ascii(c);
}

static void
test_a_rollout_is_shown_wave_by_wave(void **state)
{
	static const struct {
		const char *name;
		struct size size;
		bool ascii;
		enum muster_rollout_phase phase;
	} screens[] = {
	    {"rollout", {120, 40}, false, MUSTER_ROLLOUT_RUNNING},
	    {"rollout-ascii", {80, 24}, true, MUSTER_ROLLOUT_RUNNING},
	    {"rollout-small", {40, 12}, false, MUSTER_ROLLOUT_RUNNING},
	    {"rollout-stopping", {80, 24}, false, MUSTER_ROLLOUT_STOPPING},
	};
	struct muster_rollout_view *r = scene_rollout_view();
	struct model *m = scene_rollout();
	struct cells c;
	struct view v;

	(void)state;
	cells_init(&c, 0, 0);
	view_init(&v);
	v.kind = VIEW_ROLLOUT;
	for (size_t i = 0; i < N(screens); i++) {
		r->phase = screens[i].phase;
		r->is_paused = r->phase == MUSTER_ROLLOUT_RUNNING;
		r->reason = r->is_paused ? MUSTER_ROLLOUT_NOT_STOPPED
					 : MUSTER_ROLLOUT_BY_FAILURES;
		draw(&v, m, screens[i].size, screens[i].ascii, &c);
		assert_golden(&c, screens[i].name);
	}
	for (int phase = 0; phase <= MUSTER_ROLLOUT_OVER; phase++)
		for (int h = 0; h < 45; h++)
			for (int w = 0; w < 130; w += 7) {
				r->phase = (enum muster_rollout_phase)phase;
				draw(&v, m, (struct size){w, h}, h % 2, &c);
			}
	view_clear(&v);
	cells_clear(&c);
	model_free(m);
}

static void
test_a_dialog_lies_over_a_view(void **state)
{
	static const char *const lines[] = {"",
	    "Send TERM to the command on 64 running hosts of 500",
	    "  web-[310-373].fra", "Filter: state=running     Marked: none",
	    "5s later: KILL. Files already written stay as they are.", ""};
	const struct view_box box = {.title = "kill",
	    .lines = lines,
	    .n_lines = N(lines),
	    .chosen = MUSTER_NOWHERE,
	    .label = "  Type the number of hosts to go on:  ",
	    .input = "6",
	    .cursor = 1,
	    .keys = "Esc cancel",
	    .is_heavy = true};
	struct model *m = scene_upgrade(500);
	struct cells c;
	struct view v;

	(void)state;
	cells_init(&c, 0, 0);
	view_init(&v);
	v.box = &box;
	draw(&v, m, sizes[0], false, &c);
	assert_golden(&c, "dialog");
	assert_true(c.cursor_y > 0 && c.cursor_x > 0);
	/* However small, it does not leave the grid. */
	for (int h = 1; h < 20; h++)
		for (int w = 1; w < 90; w += 3)
			draw_over(&v, m, (struct size){w, h}, &c);
	view_clear(&v);
	cells_clear(&c);
	model_free(m);
}

static void
test_every_size_is_drawn_whole(void **state)
{
	struct model *m = scene_versions();
	struct cells c;
	struct view v;

	(void)state;
	cells_init(&c, 0, 0);
	view_init(&v);
	view_compare(&v, 0, 111, true);
	for (size_t k = 0; k < N(kinds); k++)
		for (int h = 0; h < 30; h += 1)
			for (int w = 0; w < 130; w += 3) {
				v.kind = kinds[k].kind;
				draw(&v, m, (struct size){w, h}, false, &c);
			}
	view_clear(&v);
	cells_clear(&c);
	model_free(m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_screens_to_look_at_are_as_they_were),
	    cmocka_unit_test(test_every_view_in_every_size_is_as_it_was),
	    cmocka_unit_test(test_groups_and_differences_are_as_they_were),
	    cmocka_unit_test(test_a_rollout_is_shown_wave_by_wave),
	    cmocka_unit_test(test_a_dialog_lies_over_a_view),
	    cmocka_unit_test(test_every_size_is_drawn_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
