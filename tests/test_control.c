/*
 * test_control.c -- what signals mean, and that they arrive.
 *
 * Room: tests.  May touch: src/control.h.
 */
#include "config.h"

#include "src/control.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include <cmocka.h>

struct step {
	int signo;
	int64_t at_ms;
	enum control_action action;
	int ended_by; /* control.signal after it */
};

#define MAX_STEPS 4

static void
test_signals_mean_what_the_manual_says(void **state)
{
	static const struct {
		bool interactive;
		struct step steps[MAX_STEPS];
	} samples[] = {
	    /* ^C, ^C in time, ^C */
	    {true, {{SIGINT, 1, CONTROL_WARN, 0},
		       {SIGINT, 2001, CONTROL_ABORT, SIGINT},
		       {SIGINT, 2002, CONTROL_HARD, SIGINT}}},
	    /* too late for a second: a first again */
	    {true,
		{{SIGINT, 1, CONTROL_WARN, 0}, {SIGINT, 2002, CONTROL_WARN, 0},
		    {SIGINT, 2100, CONTROL_ABORT, SIGINT}}},
	    /* ^C ^Z, then ^Z, then ^C */
	    {true, {{SIGINT, 1, CONTROL_WARN, 0},
		       {SIGTSTP, 900, CONTROL_NO_MORE, 0},
		       {SIGTSTP, 1000, CONTROL_SUSPEND, 0},
		       {SIGINT, 1100, CONTROL_WARN, 0}}},
	    {true, {{SIGTSTP, 1, CONTROL_SUSPEND, 0}}},
	    {true, {{SIGINT, 1, CONTROL_WARN, 0},
		       {SIGTSTP, 2100, CONTROL_SUSPEND, 0}}},
	    /* without a terminal the first aborts */
	    {false, {{SIGINT, 1, CONTROL_ABORT, SIGINT},
			{SIGINT, 2, CONTROL_HARD, SIGINT}}},
	    {true, {{SIGTERM, 1, CONTROL_ABORT, SIGTERM},
		       {SIGINT, 2, CONTROL_HARD, SIGTERM}}},
	    {false, {{SIGHUP, 1, CONTROL_ABORT, SIGHUP},
			{SIGTERM, 2, CONTROL_HARD, SIGHUP}}},
	    {true, {{SIGUSR1, 1, CONTROL_STATUS, 0},
		       {SIGCONT, 2, CONTROL_NONE, 0}}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct control c = {.interactive = samples[i].interactive};

		for (size_t j = 0; j < MAX_STEPS; j++) {
			const struct step *s = &samples[i].steps[j];

			if (s->signo == 0)
				break;
			assert_int_equal(
			    control_decide(&c, s->signo, s->at_ms), s->action);
			assert_int_equal(c.signal, s->ended_by);
		}
	}
}

static void
test_signals_arrive_in_order(void **state)
{
	struct control c;

	(void)state;
	assert_int_equal(control_open(&c, true), 0);
	assert_int_equal(control_take(&c), 0);
	(void)raise(SIGUSR1);
	(void)raise(SIGINT);
	(void)raise(SIGTERM);
	assert_int_equal(control_take(&c), SIGUSR1);
	assert_int_equal(control_take(&c), SIGINT);
	assert_int_equal(control_take(&c), SIGTERM);
	assert_int_equal(control_take(&c), 0);
	control_close(&c);
}

static void
test_an_ignored_signal_stays_ignored(void **state)
{
	struct control c;
	struct sigaction now;

	(void)state;
	(void)signal(SIGHUP, SIG_IGN);
	assert_int_equal(control_open(&c, true), 0);
	(void)raise(SIGHUP);
	assert_int_equal(control_take(&c), 0);
	control_close(&c);
	assert_int_equal(sigaction(SIGHUP, NULL, &now), 0);
	assert_true(now.sa_handler == SIG_IGN);
	(void)signal(SIGHUP, SIG_DFL);
}

static void
test_closing_gives_the_signals_back(void **state)
{
	struct control c;
	struct sigaction now;

	(void)state;
	assert_int_equal(control_open(&c, true), 0);
	control_close(&c);
	control_close(&c);
	assert_int_equal(sigaction(SIGINT, NULL, &now), 0);
	assert_true(now.sa_handler == SIG_DFL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_signals_mean_what_the_manual_says),
	    cmocka_unit_test(test_signals_arrive_in_order),
	    cmocka_unit_test(test_an_ignored_signal_stays_ignored),
	    cmocka_unit_test(test_closing_gives_the_signals_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
