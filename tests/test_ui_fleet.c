/*
 * test_ui_fleet.c -- the program on a terminal, with a fleet behind it: equal
 * outputs, differences, searching, lines for commands, questions.
 *
 * Room: tests.  May touch: pty.h, scratch.h, simfleet.h.
 * Every frame is compared with what libvterm made of its bytes.
 */
#include "config.h"

#include "pty.h"
#include "scratch.h"
#include "simfleet.h"

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
static struct simfleet fleet;

static void
write_config(void)
{
	FILE *f = fopen("config", "w");

	assert_non_null(f);
	for (size_t i = 0; i < fleetsim_n_hosts(fleet.sim); i++)
		(void)fprintf(f, "Host %s\nHostName %s\nPort %u\n",
		    fleetsim_name(fleet.sim, i), fleetsim_address(fleet.sim, i),
		    fleetsim_port(fleet.sim, i));
	(void)fclose(f);
}

/* The screen of a command on these hosts, one wave after the other when
 * `waves` (--serial) is not NULL. */
static void
begin_waves(
    struct pty *p, const char *waves, const char *hosts, const char *command)
{
	const char *argv[] = {muster, "run", "-F", "config", "-l", "tester",
	    "-i", fleet.identity, "--known-hosts", "known", "--ask",
	    "--ui-record=record", "-w", hosts, waves != NULL ? waves : command,
	    waves != NULL ? "--gate=ask" : NULL, command, NULL};

	assert_int_equal(scratch_run("cp '%s' known", fleet.known_hosts), 0);
	pty_start(p, "xterm-256color", 100, 30, NULL, NULL,
	    (char *const *)(uintptr_t)argv);
}

static void
begin(struct pty *p, const char *hosts, const char *command)
{
	begin_waves(p, NULL, hosts, command);
}

static void
end(struct pty *p, int code)
{
	pty_type(p, "q");
	assert_true(pty_wait_end(p));
	assert_true(WIFEXITED(p->status));
	assert_int_equal(WEXITSTATUS(p->status), code);
	assert_true(pty_compare(p, "record", 256) >= 3);
	pty_check_sequences(p);
	pty_end(p);
}

static void
equal_outputs_are_grouped_and_compared(void **state)
{
	struct pty p;

	(void)state;
	begin(&p, "h[1-5]",
	    "echo first; case $PWD in *h4) echo other;; *) echo same;; esac; "
	    "echo last $$; case $PWD in *h5) exit 3;; esac");
	assert_true(pty_wait(&p, "100%"));
	pty_type(&p, "4");
	assert_true(pty_wait(&p, "5 groups"));
	pty_type(&p, "M");
	assert_true(pty_wait(&p, "3 groups"));
	assert_true(pty_wait(&p, "h[1-3]"));
	assert_true(pty_wait(&p, "60.0%"));
	/* The second group differs in one line. */
	pty_type(&p, "gjd");
	assert_true(pty_wait(&p, "A: group 1 (3 hosts, h1)"));
	assert_true(pty_wait(&p, "+1 -1"));
	assert_true(pty_wait(&p, "+   2  other"));
	pty_type(&p, "x");
	assert_true(pty_wait(&p, "-   2  other"));
	pty_type(&p, "x]");
	assert_true(pty_wait(&p, "they printed the same"));
	pty_type(&p, "\033");
	assert_true(pty_wait(&p, "3 groups"));
	/* The hosts of a group; two of them, marked. */
	pty_type(&p, "g\r");
	assert_true(pty_wait(&p, "3 shown"));
	/* The worst is the first. */
	pty_type(&p, "\\3");
	assert_true(pty_wait(&p, "5 shown"));
	pty_type(&p, "g D");
	assert_true(pty_wait(&p, "mark two hosts to compare them, not 1"));
	pty_type(&p, "G D");
	assert_true(pty_wait(&p, "A: h4   B: h5"));
	assert_true(pty_wait(&p, "+1 -1"));
	pty_type(&p, "\033");
	assert_true(pty_wait(&p, "5 shown"));
	end(&p, 5);
}

static void
lines_are_searched_on_all_hosts(void **state)
{
	struct pty p;

	(void)state;
	begin(&p, "h[1-3]",
	    "seq 1000 1200; case $PWD in *h3) echo needle in h3;; esac");
	assert_true(pty_wait(&p, "100%"));
	pty_type(&p, "g\r");
	assert_true(pty_wait(&p, "  201  1200"));
	pty_type(&p, "g");
	assert_true(pty_wait(&p, "    1  1000"));
	pty_type(&p, "/109\r");
	assert_true(pty_wait(&p, "11 matches, 1 of 11"));
	assert_true(pty_wait(&p, "   91  1090"));
	pty_type(&p, "nn");
	assert_true(pty_wait(&p, "11 matches, 3 of 11"));
	pty_type(&p, "N");
	assert_true(pty_wait(&p, "11 matches, 2 of 11"));
	pty_type(&p, "&");
	assert_true(pty_wait_gone(&p, "  1080"));
	assert_true(pty_wait(&p, "   99  1098"));
	/* With a capital it is meant so; without one it is in another host. */
	pty_type(&p, "&/NEEDLE\r");
	assert_true(pty_wait(&p, "'NEEDLE' is not in"));
	pty_type(&p, "/needle\r");
	assert_true(pty_wait(&p, "'needle' is not in"));
	pty_type(&p, "n");
	assert_true(pty_wait(&p, "  202  needle in h3"));
	assert_true(pty_wait(&p, "1 match, 1 of 1"));
	pty_type(&p, "\033");
	assert_true(pty_wait(&p, "h2"));
	end(&p, 0);
}

static void
lines_are_sent_to_one_host_and_to_many(void **state)
{
	struct pty p;

	(void)state;
	begin(&p, "h[1-3]", "printf 'name? '; read n; echo it is $n; cat");
	/* Nothing comes for two seconds, and the last line asks. */
	assert_true(pty_wait(&p, "name?"));
	pty_type(&p, "3");
	assert_true(pty_wait(&p, "needs"));
	pty_type(&p, "g\ri");
	assert_true(pty_wait(&p, "to h"));
	pty_type(&p, "zzanna\r");
	assert_true(pty_wait(&p, "it is zzanna"));
	pty_type(&p, "\033");
	assert_true(pty_wait(&p, "worst first"));
	pty_type(&p, ":send @all bob\r");
	assert_true(pty_wait(&p, "on 3 of 3 hosts"));
	pty_type(&p, "y");
	assert_true(pty_wait(&p, "it is bob"));
	pty_type(&p, ":eof @all\r");
	assert_true(pty_wait(&p, "read no more"));
	pty_type(&p, "y");
	assert_true(pty_wait(&p, "100%"));
	end(&p, 0);
}

/* Who goes back to lines leaves no command waiting for ever. */
static void
what_commands_read_ends_with_the_screen(void **state)
{
	struct pty p;

	(void)state;
	begin(&p, "h[1-3]", "cat; echo over");
	assert_true(pty_wait(&p, "h2"));
	pty_type(&p, "q");
	assert_true(pty_wait(&p, "still at work"));
	pty_type(&p, "b");
	assert_true(pty_wait_end(&p));
	assert_int_equal(WEXITSTATUS(p.status), 0);
	assert_non_null(memmem(p.bytes, p.len, "over", 4));
	pty_end(&p);
}

static void
new_host_keys_are_accepted_together(void **state)
{
	struct pty p;

	(void)state;
	begin(&p, "new[1-3]", "echo here");
	assert_true(pty_wait(&p, "new host keys"));
	assert_true(pty_wait(&p, "SHA256:"));
	assert_true(pty_wait(&p, "new3"));
	pty_type(&p, "maybe\r");
	assert_true(pty_wait(&p, "type yes, no or a fingerprint"));
	pty_type(&p, "\033");
	assert_true(pty_wait(&p, "[a]nswer"));
	pty_type(&p, "a");
	assert_true(pty_wait(&p, "new host keys"));
	pty_type(&p, "yes\r");
	assert_true(pty_wait(&p, "100%"));
	end(&p, 0);
	assert_int_equal(scratch_run("test $(grep -c . known) -gt "
				     "$(grep -c . '%s')",
			     fleet.known_hosts),
	    0);
}

static void
a_password_is_asked_once_and_not_shown(void **state)
{
	struct pty p;

	(void)state;
	begin(&p, "pw[1-3]", "echo in");
	assert_true(pty_wait(&p, "password for 'tester'"));
	pty_type(&p, "\rwrong");
	assert_true(pty_wait(&p, "> *****"));
	pty_type(&p, "\r");
	assert_true(pty_wait(&p, "refused"));
	pty_type(&p, "\033[200~right\033[201~\r");
	assert_true(pty_wait(&p, "100%"));
	assert_null(memmem(p.bytes, p.len, "wrong", 5));
	assert_null(memmem(p.bytes, p.len, "right", 5));
	end(&p, 0);
}

static void
equal_questions_are_one(void **state)
{
	struct pty p;

	(void)state;
	begin(&p, "otp[1-2]", "echo in");
	assert_true(pty_wait(&p, "Verification code"));
	assert_true(pty_wait(&p, "2 hosts: otp[1-2]"));
	pty_type(&p, "\t");
	assert_true(pty_wait(&p, "1 more question after this"));
	pty_type(&p, "\t42\r");
	assert_true(pty_wait(&p, "100%"));
	end(&p, 0);
}

static void
who_refuses_ends_those_that_ask(void **state)
{
	struct pty p;

	(void)state;
	begin(&p, "pw1", "echo in");
	assert_true(pty_wait(&p, "password for 'tester'"));
	pty_type(&p, "\004");
	assert_true(pty_wait(&p, "took"));
	end(&p, 4);
}

static void
a_rollout_is_steered(void **state)
{
	struct pty p;

	(void)state;
	begin_waves(&p, "--serial=1,2", "h[1-5]",
	    "echo hello; case $PWD in *h2) exit 3;; esac");
	assert_true(pty_wait(&p, "wave 1 is through: 1 ok, 0 failed"));
	assert_true(pty_wait(&p, "ETA gate"));
	assert_true(pty_wait(&p, "next wave: 2, 2 hosts"));
	pty_type(&p, ":budget 1\r");
	assert_true(pty_wait(&p, "0 of 1 used"));
	pty_type(&p, "P");
	assert_true(pty_wait(&p, "wave 2 is through: 1 ok, 1 failed"));
	assert_true(pty_wait(&p, "1 of 1 used"));
	/* The hosts of a wave; what waits can be skipped. */
	pty_type(&p, "\r");
	assert_true(pty_wait(&p, "filter: wave=2"));
	assert_true(pty_wait(&p, "2 shown"));
	pty_type(&p, "\033");
	assert_true(pty_wait(&p, "failure budget"));
	pty_type(&p, "p");
	assert_true(pty_wait(&p, "PAUSED. 0 in flight finish, 2 not touched."));
	pty_type(&p, "p");
	assert_true(pty_wait_gone(&p, "PAUSED."));
	pty_type(&p, "X");
	assert_true(pty_wait(&p, "No host begins any more. 3 of 5"));
	pty_type(&p, "\033");
	assert_true(pty_wait(&p, "nothing was done"));
	pty_type(&p, "Xy");
	assert_true(pty_wait(&p, "STOPPED by hand"));
	assert_true(pty_wait(&p, "skipped"));
	pty_type(&p, "P");
	assert_true(pty_wait(&p, "no wave waits to begin"));
	pty_type(&p, ":messages\r");
	assert_true(pty_wait(&p, "paused by"));
	assert_true(pty_wait(&p, "1 may fail from now on, as said by"));
	assert_true(pty_wait(&p, "stopped by"));
	pty_type(&p, "\033");
	assert_true(pty_wait(&p, "failure budget"));
	end(&p, 6);
}

static void
a_rollout_is_left_and_asks_on_the_terminal(void **state)
{
	struct pty p;

	(void)state;
	begin_waves(&p, "--serial=1,2", "h[1-3]", "echo hello");
	assert_true(pty_wait(&p, "wave 1 is through: 1 ok, 0 failed"));
	pty_type(&p, "qb");
	assert_true(pty_wait(&p, "Begin wave 2, 2 hosts? [y/n]"));
	pty_type(&p, "y\n");
	assert_true(pty_wait_end(&p));
	assert_true(WIFEXITED(p.status));
	assert_int_equal(WEXITSTATUS(p.status), 0);
	pty_end(&p);
}

static void
a_run_is_replayed(void **state)
{
	const char *argv[] = {muster, "replay", "--speed=4", "last", NULL};
	char state_home[4096];
	struct pty p;

	(void)state;
	assert_non_null(realpath(".", state_home));
	(void)setenv("XDG_STATE_HOME", state_home, 1);
	(void)unsetenv("MUSTER_NO_RECORD");
	begin(&p, "h[1-3]",
	    "echo first; case $PWD in *h3) echo other; exit 3;; esac; sleep 1");
	assert_true(pty_wait(&p, "100%"));
	end(&p, 5);
	pty_start(&p, "xterm-256color", 100, 30, NULL, NULL,
	    (char *const *)(uintptr_t)argv);
	assert_true(pty_wait(&p, "replay: "));
	pty_type(&p, "p");
	assert_true(pty_wait(&p, "replay, 4 times as fast, paused"));
	pty_type(&p, "-");
	assert_true(pty_wait(&p, "replay, 2 times as fast, paused"));
	pty_type(&p, "p");
	assert_true(pty_wait(&p, "100%"));
	/* Lines, and who prints the same. */
	assert_true(pty_wait(&p, "other"));
	pty_type(&p, "4");
	assert_true(pty_wait(&p, "2 groups of identical output"));
	assert_true(pty_wait(&p, "h[1-2]"));
	pty_type(&p, "R");
	assert_true(pty_wait(&p, "this is a replay: nothing is at work"));
	pty_type(&p, ":run true\r");
	assert_true(pty_wait(&p, "this is a replay: nothing is at work"));
	pty_type(&p, "q");
	assert_true(pty_wait_end(&p));
	assert_int_equal(WEXITSTATUS(p.status), 0);
	pty_end(&p);
	(void)setenv("MUSTER_NO_RECORD", "1", 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(equal_outputs_are_grouped_and_compared),
	    cmocka_unit_test(lines_are_searched_on_all_hosts),
	    cmocka_unit_test(lines_are_sent_to_one_host_and_to_many),
	    cmocka_unit_test(what_commands_read_ends_with_the_screen),
	    cmocka_unit_test(new_host_keys_are_accepted_together),
	    cmocka_unit_test(a_password_is_asked_once_and_not_shown),
	    cmocka_unit_test(equal_questions_are_one),
	    cmocka_unit_test(who_refuses_ends_those_that_ask),
	    cmocka_unit_test(a_rollout_is_steered),
	    cmocka_unit_test(a_rollout_is_left_and_asks_on_the_terminal),
	    cmocka_unit_test(a_run_is_replayed),
	};
	static const char *const unset[] = {"MUSTER_UI", "SSH_CONNECTION",
	    "SSH_TTY", "NO_COLOR", "SSH_ASKPASS", "DISPLAY", "SSH_AUTH_SOCK"};
	const char *folder = getenv("top_builddir");
	int rc;

	if (realpath(folder != NULL ? folder : ".", muster) == NULL)
		return 99;
	(void)snprintf(muster + strlen(muster), sizeof(muster) - strlen(muster),
	    "/muster");
	(void)setenv("LC_ALL", "C.UTF-8", 1);
	(void)setenv("MUSTER_NO_RECORD", "1", 1);
	for (size_t i = 0; i < sizeof(unset) / sizeof(unset[0]); i++)
		(void)unsetenv(unset[i]);
	simfleet_start(&fleet, "h[1-5]\nnew[1-3] known=none\n"
			       "pw[1-3] auth=password password=right\n"
			       "otp[1-2] auth=keyboard-interactive code=42\n");
	write_config();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	simfleet_stop(&fleet);
	return rc;
}
