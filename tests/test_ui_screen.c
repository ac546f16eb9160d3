/*
 * test_ui_screen.c -- what the screen sends makes a terminal show its cells.
 *
 * Room: tests.  May touch: ui/screen.h, pty.h, scratch.h.
 * Random cells go through the real screen to a pty, of five kinds of
 * terminals; after each frame every cell is compared with libvterm's.
 */
#include "config.h"

#include "pty.h"
#include "scratch.h"
#include "ui/screen.h"

#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#define N_FRAMES 60

struct job {
	const char *record;
	bool asks, is_mono;
};

static void
draw_random(struct cells *c, unsigned *seed, bool ascii)
{
	static const char *const texts[] = {"plain text", "a", "[####]",
	    "é✓ ─│┃ ∙", "x́y̌", "漢字", "∅⊘▸", "12:34"};
	static const char *const simple[] = {"plain text", "a", "[####]",
	    "----||", "12:34", "~", "\\^_`", "+-x"};

	cells_reset(c, c->w, c->h);
	for (int i = 0; i < 40; i++) {
		struct look look = {.class = (uint8_t)((unsigned)rand_r(seed) %
						       CELL_N_CLASSES)};
		size_t n = (size_t)rand_r(seed) % 8;

		if (rand_r(seed) % 3 == 0)
			look.flags = MUSTER_STYLE_REVERSE;
		(void)cells_puts(c, rand_r(seed) % c->w, rand_r(seed) % c->h,
		    30, ascii ? simple[n] : texts[n], look);
	}
	c->cursor_x = rand_r(seed) % c->w;
	c->cursor_y = rand_r(seed) % 3 == 0 ? -1 : rand_r(seed) % c->h;
}

static void
show_frames(void *arg)
{
	const struct job *job = arg;
	struct screen_options options = {.fps = 60,
	    .record = job->record,
	    .is_mono = job->is_mono,
	    .asks = job->asks ? SCREEN_ASK_ON : SCREEN_ASK_OFF,
	    .has_title = true};
	struct muster_error err;
	struct input_event event;
	struct screen s;
	struct cells cells;
	unsigned seed = 11;

	if (screen_open(&s, &options, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		_exit(3);
	}
	cells_init(&cells, s.w, s.h);
	for (int i = 0; i < N_FRAMES;) {
		struct pollfd fd = {.fd = s.tty.fd};
		int64_t now = tty_now_us();

		if (screen_resize(&s, now))
			cells_reset(&cells, s.w, s.h);
		screen_mark(&s, true);
		if (screen_is_due(&s, now)) {
			draw_random(&cells, &seed, s.options.is_ascii);
			screen_show(&s, &cells, NULL, now);
			i++;
		}
		fd.events = screen_poll_events(&s);
		(void)poll(&fd, 1, 1);
		(void)screen_work(&s, tty_now_us());
		while (screen_event(&s, &event))
			;
	}
	cells_clear(&cells);
	screen_close(&s);
	_exit(0);
}

static const struct {
	const char *term;
	unsigned n_colours;
} terms[] = {
    {"xterm-256color", 256},
    {"tmux-256color", 256},
    {"screen", 8},
    {"linux", 8},
    {"vt100", 0},
};

/* Frames on a terminal; afterwards it is as it was. */
static void
go(const char *term, unsigned n_colours, struct job *job, int w, int h)
{
	struct pty p;
	struct termios after = {0};

	pty_start(&p, term, w, h, show_frames, job, NULL);
	assert_true(pty_wait_end(&p));
	if (WIFEXITED(p.status) && WEXITSTATUS(p.status) == 3) {
		print_message("# no %s here: %.*s\n", term, (int)p.len,
		    p.len > 0 ? p.bytes : "");
		pty_end(&p);
		return;
	}
	assert_int_equal(p.status, 0);
	assert_true(pty_compare(&p, job->record, n_colours) >= N_FRAMES / 2);
	pty_check_sequences(&p);
	assert_false(p.is_alternate);
	assert_true(p.has_cursor);
	assert_int_equal(tcgetattr(p.slave, &after), 0);
	assert_memory_equal(&after, &p.before, sizeof(after));
	pty_end(&p);
}

static void
terminals_show_the_cells(void **state)
{
	struct job job = {.record = "record"};
	char *folder = scratch_new();

	(void)state;
	for (size_t i = 0; i < sizeof(terms) / sizeof(terms[0]); i++)
		go(terms[i].term, terms[i].n_colours, &job, 80, 24);
	go("xterm-256color", 256, &job, 21, 5);
	go("xterm-256color", 256, &job, 200, 60);
	scratch_remove(folder);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(terminals_show_the_cells),
	};

	(void)setenv("LC_ALL", "C.UTF-8", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
