/*
 * test_ui_app.c -- the program on a terminal: shown, steered, left.
 *
 * Room: tests.  May touch: pty.h, scratch.h.
 * It is the real program with the fleet of 'muster demo'. What it recorded of
 * its frames is compared with what libvterm made of its bytes, and each
 * sequence among them is one of muster's own, whatever hosts print.
 */
#include "config.h"

#include "pty.h"
#include "scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static char muster[4096]; /* its path */

/* The screen of the demo, when all hosts have ended. */
static void
begin(struct pty *p, const char *term, int w, int h, const char *command)
{
	char demo[] = "demo", record[] = "--ui-record=record";
	char *words = command != NULL ? strdup(command) : NULL;
	char *argv[] = {muster, demo, record, words, NULL};

	pty_start(p, term, w, h, NULL, NULL, argv);
	assert_true(pty_wait(p, "100%"));
	free(words);
}

/* It has ended with this code, and the terminal is as it was. */
static void
check_end(struct pty *p, int code)
{
	struct termios after = {0};

	assert_true(pty_wait_end(p));
	assert_true(WIFEXITED(p->status));
	assert_int_equal(WEXITSTATUS(p->status), code);
	assert_false(p->is_alternate);
	assert_true(p->has_cursor);
	assert_int_equal(tcgetattr(p->slave, &after), 0);
	assert_memory_equal(&after, &p->before, sizeof(after));
}

static void
check_frames(const struct pty *p, unsigned n_colours, int at_least)
{
	assert_true(pty_compare(p, "record", n_colours) >= at_least);
	pty_check_sequences(p);
}

static void
the_run_is_shown_and_left(void **state)
{
	static const struct {
		const char *term;
		unsigned n_colours;
	} terms[] = {{"xterm-256color", 256}, {"vt100", 0}};
	struct pty p;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		begin(&p, terms[i].term, 80, 24, NULL);
		pty_type(&p, "3");
		assert_true(pty_wait(&p, "worst first"));
		pty_type(&p, "g");
		assert_true(pty_wait(&p, "old1"));
		pty_type(&p, "/db3\r");
		assert_true(pty_wait_gone(&p, "cache1"));
		pty_type(&p, "\\");
		assert_true(pty_wait(&p, "cache1"));
		pty_type(&p, "?");
		assert_true(pty_wait(&p, "move"));
		pty_type(&p, "\033");
		assert_true(pty_wait_gone(&p, "move"));
		pty_type(&p, "q");
		check_end(&p, 4);
		check_frames(&p, terms[i].n_colours, 5);
		assert_non_null(
		    memmem(p.bytes, p.len, "muster: 24 hosts: 18 ok", 23));
		pty_end(&p);
	}
}

static void
an_unknown_command_does_nothing(void **state)
{
	struct pty p;

	(void)state;
	begin(&p, "xterm-256color", 80, 24, NULL);
	pty_type(&p, ":frobnicate\r");
	assert_true(pty_wait(&p, "no such command"));
	assert_true(pty_wait(&p, "^"));
	pty_type(&p, "\033");
	assert_true(pty_wait_gone(&p, "no such command"));
	pty_type(&p, ":limit many\r");
	assert_true(pty_wait(&p, "a number of hosts"));
	pty_type(&p, "\033:q\r");
	check_end(&p, 4);
	pty_end(&p);
}

static void
work_is_begun_after_an_answer_only(void **state)
{
	struct pty p;

	(void)state;
	begin(&p, "xterm-256color", 80, 24, NULL);
	pty_type(&p, ":run @all echo second\r");
	assert_true(pty_wait(&p, "Type the number"));
	pty_type(&p, "23\r");
	assert_true(pty_wait(&p, "another number"));
	pty_type(&p, "\033");
	assert_true(pty_wait_gone(&p, "another number"));
	assert_true(pty_wait(&p, "100%"));
	pty_type(&p, "3:run @all echo second; exit 0\r");
	assert_true(pty_wait(&p, "Type the number"));
	pty_type(&p, "24\r");
	assert_true(pty_wait(&p, "started on 24"));
	assert_true(pty_wait(&p, "100%"));
	pty_type(&p, "R");
	assert_true(pty_wait(&p, "y: do it"));
	pty_type(&p, "n");
	assert_true(pty_wait(&p, "nothing was done"));
	pty_type(&p, "q");
	check_end(&p, 4);
	check_frames(&p, 256, 5);
	pty_end(&p);
}

static void
hosts_do_not_reach_the_terminal(void **state)
{
	struct pty p;

	(void)state;
	begin(&p, "xterm-256color", 120, 40,
	    "printf '\\033]0;pwned\\007\\033]52;c;AAAA\\007\\033[2Ja\\033[6n"
	    "\\033P$q\"p\\033\\\\b\\302\\233c\\342\\200\\256d\\r\\n"
	    "\\033[31mred\\033[5mblink\\033[?1049l\\n\\033]unterminated'");
	for (const char *key = "1235432101"; *key != '\0'; key++) {
		char one[] = {*key, '\0'};

		pty_type(&p, one);
		(void)pty_read(&p, 200);
	}
	pty_type(&p, "\r");
	assert_true(pty_wait(&p, "took"));
	assert_true(pty_wait(&p, "red"));
	pty_type(&p, "\033");
	assert_true(pty_wait(&p, "web03"));
	pty_type(&p, "q");
	check_end(&p, 4);
	check_frames(&p, 256, 5);
	assert_null(memmem(p.bytes, p.len, "\033]0;pwned", 9));
	pty_end(&p);
}

static void
any_size_will_do(void **state)
{
	static const struct {
		int w, h;
	} sizes[] = {{200, 60}, {20, 5}, {40, 12}, {1, 1}, {30, 3}, {3, 30},
	    {19, 10}, {80, 8}, {120, 40}};
	struct pty p;

	(void)state;
	begin(&p, "xterm-256color", 80, 24, NULL);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		pty_resize(&p, sizes[i].w, sizes[i].h);
		for (int j = 0; j < 10; j++)
			(void)pty_read(&p, 20);
	}
	assert_true(pty_wait(&p, "100%"));
	pty_type(&p, "q");
	check_end(&p, 4);
	pty_end(&p);
}

/* A signal ends it; the terminal is put right. */
static void
signals_put_the_terminal_right(void **state)
{
	static const struct {
		int signo, code;
	} ends[] = {{SIGTERM, 4}, {SIGSEGV, -1}, {SIGABRT, -1}};
	struct pty p;

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		struct termios after = {0};

		begin(&p, "xterm-256color", 80, 24, NULL);
		assert_int_equal(kill(p.pid, ends[i].signo), 0);
		assert_true(pty_wait_end(&p));
		if (ends[i].code < 0)
			assert_int_equal(WTERMSIG(p.status), ends[i].signo);
		else
			assert_true(WIFEXITED(p.status));
		assert_false(p.is_alternate);
		assert_true(p.has_cursor);
		assert_int_equal(tcgetattr(p.slave, &after), 0);
		assert_memory_equal(&after, &p.before, sizeof(after));
		pty_end(&p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_run_is_shown_and_left),
	    cmocka_unit_test(an_unknown_command_does_nothing),
	    cmocka_unit_test(work_is_begun_after_an_answer_only),
	    cmocka_unit_test(hosts_do_not_reach_the_terminal),
	    cmocka_unit_test(any_size_will_do),
	    cmocka_unit_test(signals_put_the_terminal_right),
	};
	const char *folder = getenv("top_builddir");
	char *scratch;
	int rc;

	if (realpath(folder != NULL ? folder : ".", muster) == NULL)
		return 99;
	(void)snprintf(muster + strlen(muster), sizeof(muster) - strlen(muster),
	    "/muster");
	(void)setenv("LC_ALL", "C.UTF-8", 1);
	(void)unsetenv("MUSTER_UI");
	(void)unsetenv("SSH_CONNECTION");
	(void)unsetenv("SSH_TTY");
	(void)unsetenv("NO_COLOR");
	scratch = scratch_new();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	scratch_remove(scratch);
	return rc;
}
