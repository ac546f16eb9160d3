/*
 * test_outcome.c -- the words and families of outcomes and states.
 *
 * Room: tests.  May touch: muster.h.
 */
#include "config.h"

#include "muster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PENDING MUSTER_FAMILY_PENDING
#define RAN MUSTER_FAMILY_RAN
#define UNKNOWN MUSTER_FAMILY_UNKNOWN
#define NOT_RUN MUSTER_FAMILY_NOT_RUN

/* Records have these words for good: a line here is never changed. */
static const struct {
	enum muster_outcome outcome;
	const char *word;
	enum muster_family family;
} outcomes[] = {
    {MUSTER_PENDING, "PENDING", PENDING},
    {MUSTER_EXIT, "EXIT", RAN},
    {MUSTER_SIGNAL, "SIGNAL", RAN},
    {MUSTER_DONE, "DONE", RAN},
    {MUSTER_XF_LOCAL, "XF_LOCAL", RAN},
    {MUSTER_XF_REMOTE, "XF_REMOTE", RAN},
    {MUSTER_XF_NOSPC_LOCAL, "XF_NOSPC_LOCAL", RAN},
    {MUSTER_XF_NOSPC_REMOTE, "XF_NOSPC_REMOTE", RAN},
    {MUSTER_XF_PERM, "XF_PERM", RAN},
    {MUSTER_XF_CHANGED, "XF_CHANGED", RAN},
    {MUSTER_XF_VERIFY, "XF_VERIFY", RAN},
    {MUSTER_XF_NAME, "XF_NAME", RAN},
    {MUSTER_XF_LINK, "XF_LINK", RAN},
    {MUSTER_XF_SIZE, "XF_SIZE", RAN},
    {MUSTER_LOST, "LOST", UNKNOWN},
    {MUSTER_NO_STATUS, "NO_STATUS", UNKNOWN},
    {MUSTER_CMD_TIMEOUT, "CMD_TIMEOUT", UNKNOWN},
    {MUSTER_STALLED, "STALLED", UNKNOWN},
    {MUSTER_PROTO, "PROTO", UNKNOWN},
    {MUSTER_LIMIT, "LIMIT", UNKNOWN},
    {MUSTER_KILLED_LOCAL, "KILLED_LOCAL", UNKNOWN},
    {MUSTER_DNS_NXDOMAIN, "DNS_NXDOMAIN", NOT_RUN},
    {MUSTER_DNS_TIMEOUT, "DNS_TIMEOUT", NOT_RUN},
    {MUSTER_DNS_FAIL, "DNS_FAIL", NOT_RUN},
    {MUSTER_CONN_REFUSED, "CONN_REFUSED", NOT_RUN},
    {MUSTER_CONN_TIMEOUT, "CONN_TIMEOUT", NOT_RUN},
    {MUSTER_CONN_UNREACH, "CONN_UNREACH", NOT_RUN},
    {MUSTER_CONN_RESET, "CONN_RESET", NOT_RUN},
    {MUSTER_NOT_SSH, "NOT_SSH", NOT_RUN},
    {MUSTER_SSH1_ONLY, "SSH1_ONLY", NOT_RUN},
    {MUSTER_BANNER_TIMEOUT, "BANNER_TIMEOUT", NOT_RUN},
    {MUSTER_THROTTLED, "THROTTLED", NOT_RUN},
    {MUSTER_KEX_TIMEOUT, "KEX_TIMEOUT", NOT_RUN},
    {MUSTER_KEX_NOMATCH, "KEX_NOMATCH", NOT_RUN},
    {MUSTER_HK_UNKNOWN, "HK_UNKNOWN", NOT_RUN},
    {MUSTER_HK_CHANGED, "HK_CHANGED", NOT_RUN},
    {MUSTER_HK_REVOKED, "HK_REVOKED", NOT_RUN},
    {MUSTER_HK_DB, "HK_DB", NOT_RUN},
    {MUSTER_AUTH_DENIED, "AUTH_DENIED", NOT_RUN},
    {MUSTER_AUTH_TIMEOUT, "AUTH_TIMEOUT", NOT_RUN},
    {MUSTER_AUTH_NO_METHOD, "AUTH_NO_METHOD", NOT_RUN},
    {MUSTER_AUTH_KEY, "AUTH_KEY", NOT_RUN},
    {MUSTER_AUTH_KEY_UNSUPPORTED, "AUTH_KEY_UNSUPPORTED", NOT_RUN},
    {MUSTER_AUTH_AGENT, "AUTH_AGENT", NOT_RUN},
    {MUSTER_AUTH_PWCHANGE, "AUTH_PWCHANGE", NOT_RUN},
    {MUSTER_JUMP_FAIL, "JUMP_FAIL", NOT_RUN},
    {MUSTER_CHAN_REFUSED, "CHAN_REFUSED", NOT_RUN},
    {MUSTER_EXEC_REFUSED, "EXEC_REFUSED", NOT_RUN},
    {MUSTER_SUBSYS_REFUSED, "SUBSYS_REFUSED", NOT_RUN},
    {MUSTER_SUDO_TTY, "SUDO_TTY", NOT_RUN},
    {MUSTER_SUDO_BADPASS, "SUDO_BADPASS", NOT_RUN},
    {MUSTER_SUDO_DENIED, "SUDO_DENIED", NOT_RUN},
    {MUSTER_SUDO_TIMEOUT, "SUDO_TIMEOUT", NOT_RUN},
    {MUSTER_LOCAL_RES, "LOCAL_RES", NOT_RUN},
    {MUSTER_CANCELLED, "CANCELLED", NOT_RUN},
    {MUSTER_SKIPPED_DUP, "SKIPPED_DUP", NOT_RUN},
    {MUSTER_EARLY_PROTO, "PROTO", NOT_RUN},
    {MUSTER_EARLY_LIMIT, "LIMIT", NOT_RUN},
};

#define N_OUTCOMES (sizeof(outcomes) / sizeof(outcomes[0]))

static void
test_every_outcome_keeps_its_word_and_family(void **state)
{
	(void)state;
	assert_int_equal(N_OUTCOMES, MUSTER_N_OUTCOMES);
	for (size_t i = 0; i < N_OUTCOMES; i++) {
		assert_int_equal(outcomes[i].outcome, i);
		assert_string_equal(
		    muster_outcome_word(outcomes[i].outcome), outcomes[i].word);
		assert_int_equal(muster_outcome_family(outcomes[i].outcome),
		    outcomes[i].family);
	}
}

/* A word and a family together name one outcome. */
static void
test_a_word_is_used_once_a_family(void **state)
{
	(void)state;
	for (int i = 0; i < MUSTER_N_OUTCOMES; i++)
		for (int j = 0; j < i; j++)
			assert_false(muster_outcome_family(i) ==
					 muster_outcome_family(j) &&
				     strcmp(muster_outcome_word(i),
					 muster_outcome_word(j)) == 0);
}

static void
test_an_outcome_that_nobody_knows_is_never_taken_for_safe(void **state)
{
	(void)state;
	assert_int_equal(muster_outcome_family(MUSTER_N_OUTCOMES), UNKNOWN);
	assert_string_equal(muster_outcome_word(MUSTER_N_OUTCOMES), "?");
	assert_string_equal(muster_state_word(MUSTER_N_STATES), "?");
}

static void
test_every_state_has_its_word(void **state)
{
	static const char *const words[MUSTER_N_STATES] = {"queued", "resolve",
	    "connect", "banner", "kex", "hostkey", "auth", "ready", "open",
	    "running", "closing", "closed"};

	(void)state;
	for (int i = 0; i < MUSTER_N_STATES; i++)
		assert_string_equal(muster_state_word(i), words[i]);
}

static void
test_only_an_exit_status_of_0_is_ok(void **state)
{
	struct muster_result r = {0};

	(void)state;
	for (int i = 0; i < MUSTER_N_OUTCOMES; i++) {
		r.outcome = i;
		assert_int_equal(muster_result_is_ok(&r),
		    i == MUSTER_EXIT || i == MUSTER_DONE);
	}
	r.outcome = MUSTER_EXIT;
	for (int bit = 0; bit < 32; bit++) {
		r.code = (uint32_t)1 << bit;
		assert_false(muster_result_is_ok(&r));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_outcome_keeps_its_word_and_family),
	    cmocka_unit_test(test_a_word_is_used_once_a_family),
	    cmocka_unit_test(
		test_an_outcome_that_nobody_knows_is_never_taken_for_safe),
	    cmocka_unit_test(test_every_state_has_its_word),
	    cmocka_unit_test(test_only_an_exit_status_of_0_is_ok),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
