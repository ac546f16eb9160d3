/*
 * outcome.c -- the words and families of outcomes and states.
 *
 * Room: engine/fleet.  May touch: muster.h.
 */
#include "config.h"

#include "muster.h"

#include <stddef.h>

/* The words are part of records that outlive this version: never change. */
static const struct {
	const char *word;
	enum muster_family family;
} outcomes[] = {
    [MUSTER_PENDING] = {"PENDING", MUSTER_FAMILY_PENDING},
    [MUSTER_EXIT] = {"EXIT", MUSTER_FAMILY_RAN},
    [MUSTER_SIGNAL] = {"SIGNAL", MUSTER_FAMILY_RAN},
    [MUSTER_LOST] = {"LOST", MUSTER_FAMILY_UNKNOWN},
    [MUSTER_NO_STATUS] = {"NO_STATUS", MUSTER_FAMILY_UNKNOWN},
    [MUSTER_CMD_TIMEOUT] = {"CMD_TIMEOUT", MUSTER_FAMILY_UNKNOWN},
    [MUSTER_STALLED] = {"STALLED", MUSTER_FAMILY_UNKNOWN},
    [MUSTER_PROTO] = {"PROTO", MUSTER_FAMILY_UNKNOWN},
    [MUSTER_LIMIT] = {"LIMIT", MUSTER_FAMILY_UNKNOWN},
    [MUSTER_KILLED_LOCAL] = {"KILLED_LOCAL", MUSTER_FAMILY_UNKNOWN},
    [MUSTER_DNS_NXDOMAIN] = {"DNS_NXDOMAIN", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_DNS_TIMEOUT] = {"DNS_TIMEOUT", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_DNS_FAIL] = {"DNS_FAIL", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_CONN_REFUSED] = {"CONN_REFUSED", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_CONN_TIMEOUT] = {"CONN_TIMEOUT", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_CONN_UNREACH] = {"CONN_UNREACH", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_CONN_RESET] = {"CONN_RESET", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_NOT_SSH] = {"NOT_SSH", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_SSH1_ONLY] = {"SSH1_ONLY", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_BANNER_TIMEOUT] = {"BANNER_TIMEOUT", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_THROTTLED] = {"THROTTLED", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_KEX_TIMEOUT] = {"KEX_TIMEOUT", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_KEX_NOMATCH] = {"KEX_NOMATCH", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_HK_UNKNOWN] = {"HK_UNKNOWN", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_HK_CHANGED] = {"HK_CHANGED", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_HK_REVOKED] = {"HK_REVOKED", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_HK_DB] = {"HK_DB", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_AUTH_DENIED] = {"AUTH_DENIED", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_AUTH_TIMEOUT] = {"AUTH_TIMEOUT", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_AUTH_NO_METHOD] = {"AUTH_NO_METHOD", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_AUTH_KEY] = {"AUTH_KEY", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_AUTH_KEY_UNSUPPORTED] = {"AUTH_KEY_UNSUPPORTED",
	MUSTER_FAMILY_NOT_RUN},
    [MUSTER_AUTH_AGENT] = {"AUTH_AGENT", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_AUTH_PWCHANGE] = {"AUTH_PWCHANGE", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_JUMP_FAIL] = {"JUMP_FAIL", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_CHAN_REFUSED] = {"CHAN_REFUSED", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_EXEC_REFUSED] = {"EXEC_REFUSED", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_SUBSYS_REFUSED] = {"SUBSYS_REFUSED", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_SUDO_TTY] = {"SUDO_TTY", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_SUDO_BADPASS] = {"SUDO_BADPASS", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_SUDO_DENIED] = {"SUDO_DENIED", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_SUDO_TIMEOUT] = {"SUDO_TIMEOUT", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_LOCAL_RES] = {"LOCAL_RES", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_CANCELLED] = {"CANCELLED", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_EARLY_PROTO] = {"PROTO", MUSTER_FAMILY_NOT_RUN},
    [MUSTER_EARLY_LIMIT] = {"LIMIT", MUSTER_FAMILY_NOT_RUN},
};

_Static_assert(sizeof(outcomes) / sizeof(outcomes[0]) == MUSTER_N_OUTCOMES,
    "each outcome has its word");

static const char *const states[] = {
    [MUSTER_QUEUED] = "queued",
    [MUSTER_RESOLVE] = "resolve",
    [MUSTER_CONNECT] = "connect",
    [MUSTER_BANNER] = "banner",
    [MUSTER_KEX] = "kex",
    [MUSTER_HOSTKEY] = "hostkey",
    [MUSTER_AUTH] = "auth",
    [MUSTER_READY] = "ready",
    [MUSTER_OPEN] = "open",
    [MUSTER_RUNNING] = "running",
    [MUSTER_CLOSING] = "closing",
    [MUSTER_CLOSED] = "closed",
};

_Static_assert(sizeof(states) / sizeof(states[0]) == MUSTER_N_STATES,
    "each state has its word");

enum muster_family
muster_outcome_family(enum muster_outcome outcome)
{
	return outcome < MUSTER_N_OUTCOMES ? outcomes[outcome].family
					   : MUSTER_FAMILY_UNKNOWN;
}

const char *
muster_outcome_word(enum muster_outcome outcome)
{
	return outcome < MUSTER_N_OUTCOMES ? outcomes[outcome].word : "?";
}

const char *
muster_state_word(enum muster_state state)
{
	return state < MUSTER_N_STATES ? states[state] : "?";
}

bool
muster_result_is_ok(const struct muster_result *result)
{
	return result->outcome == MUSTER_EXIT && result->code == 0;
}
