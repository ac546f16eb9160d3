/*
 * badge.c -- the states of a host as people tell them apart, one sign each.
 *
 * Room: ui.  May touch: cells.h, muster.h.
 */
#include "config.h"

#include "ui/badge.h"
#include "ui/cells.h"

#include <assert.h>

/* The signs in UTF-8, one column each. */
#define S_CROSS "\xe2\x9c\x97"     /* U+2717 */
#define S_RETRY "\xe2\x9f\xb3"     /* U+27F3 */
#define S_RUN "\xe2\x96\xb8"       /* U+25B8 */
#define S_UP "\xe2\x87\xa1"        /* U+21E1 */
#define S_DOWN "\xe2\x87\xa3"      /* U+21E3 */
#define S_DOTTED "\xe2\x97\x8c"    /* U+25CC */
#define S_HELD "\xe2\x96\xaf"      /* U+25AF */
#define S_RING "\xe2\x97\xa6"      /* U+25E6 */
#define S_CANCELLED "\xe2\x8a\x98" /* U+2298 */
#define S_SKIPPED "\xe2\x88\x85"   /* U+2205 */
#define S_CHECK "\xe2\x9c\x93"     /* U+2713 */
#define S_DOT "\xe2\x88\x99"       /* U+2219 */

static const struct badge_row rows[BADGE_N] = {
    [BADGE_HOSTKEY] = {"K", "K", "K", "K", "host key", CELL_BAD, 0, true},
    [BADGE_FAILED] = {S_CROSS, "X", S_CROSS, "X", "failed", CELL_BAD, 1, true},
    [BADGE_SIGNAL] = {"S", "S", "S", "S", "signal", CELL_BAD, 1, true},
    [BADGE_LOST] = {"L", "L", "L", "L", "lost", CELL_BAD, 2, true},
    [BADGE_TIMEOUT] = {"T", "T", "T", "T", "timeout", CELL_BAD, 3, true},
    [BADGE_AUTH] = {"A", "A", "A", "A", "auth", CELL_BAD, 4, true},
    [BADGE_UNREACHABLE] = {"U", "U", "U", "U", "unreachable", CELL_BAD, 5,
	true},
    [BADGE_INPUT] = {"?", "?", "?", "?", "needs input", CELL_ATTN, 6, false},
    [BADGE_QUIET] = {"z", "z", "z", "z", "quiet", CELL_ATTN, 7, false},
    [BADGE_RETRY] = {S_RETRY, "r", S_RETRY, "r", "retry wait", CELL_ATTN, 8,
	false},
    [BADGE_RUNNING] = {S_RUN, ">", S_RUN, ">", "running", CELL_RUN, 9, false},
    [BADGE_SENDING] = {S_UP, "^", S_UP, "^", "sending", CELL_RUN, 9, false},
    [BADGE_RECEIVING] = {S_DOWN, "v", S_DOWN, "v", "receiving", CELL_RUN, 9,
	false},
    [BADGE_CONNECTING] = {S_DOTTED, "~", S_DOTTED, "~", "connecting", CELL_RUN,
	10, false},
    [BADGE_HELD] = {S_HELD, "=", S_HELD, "=", "held", CELL_PLAIN, 11, false},
    [BADGE_QUEUED] = {S_RING, "-", " ", " ", "queued", CELL_PLAIN, 12, false},
    [BADGE_CANCELLED] = {S_CANCELLED, "/", S_CANCELLED, "/", "cancelled",
	CELL_PLAIN, 13, true},
    [BADGE_SKIPPED] = {S_SKIPPED, "s", S_SKIPPED, "s", "skipped", CELL_PLAIN,
	14, true},
    [BADGE_OK] = {S_CHECK, "+", S_DOT, ".", "ok", CELL_OK, 15, true},
};

const struct badge_row *
badge_row(enum badge badge)
{
	assert((unsigned)badge < BADGE_N);
	return &rows[badge];
}

const char *
badge_sign(enum badge badge, bool ascii)
{
	return ascii ? badge_row(badge)->ascii : badge_row(badge)->sign;
}

const char *
badge_map_sign(enum badge badge, bool ascii)
{
	return ascii ? badge_row(badge)->map_ascii : badge_row(badge)->map_sign;
}

enum badge
badge_of_state(enum muster_state state)
{
	switch (state) {
	case MUSTER_QUEUED:
		return BADGE_QUEUED;
	case MUSTER_RUNNING:
	case MUSTER_CLOSING:
		return BADGE_RUNNING;
	default:
		return BADGE_CONNECTING;
	}
}

/* What ended before the command was sent, and nobody said so above. */
static enum badge
badge_of_not_run(enum muster_outcome outcome)
{
	switch (outcome) {
	case MUSTER_DNS_TIMEOUT:
	case MUSTER_CONN_TIMEOUT:
	case MUSTER_BANNER_TIMEOUT:
	case MUSTER_KEX_TIMEOUT:
	case MUSTER_AUTH_TIMEOUT:
		return BADGE_TIMEOUT;
	case MUSTER_HK_UNKNOWN:
	case MUSTER_HK_CHANGED:
	case MUSTER_HK_REVOKED:
	case MUSTER_HK_DB:
		return BADGE_HOSTKEY;
	case MUSTER_AUTH_DENIED:
	case MUSTER_AUTH_NO_METHOD:
	case MUSTER_AUTH_KEY:
	case MUSTER_AUTH_KEY_UNSUPPORTED:
	case MUSTER_AUTH_AGENT:
	case MUSTER_AUTH_PWCHANGE:
		return BADGE_AUTH;
	default:
		return BADGE_UNREACHABLE;
	}
}

enum badge
badge_of_result(const struct muster_result *r)
{
	if (muster_result_is_ok(r))
		return BADGE_OK;
	switch (r->outcome) {
	case MUSTER_EXIT:
		return BADGE_FAILED;
	case MUSTER_SIGNAL:
		return BADGE_SIGNAL;
	case MUSTER_CMD_TIMEOUT:
	case MUSTER_STALLED:
		return BADGE_TIMEOUT;
	case MUSTER_CANCELLED:
	case MUSTER_SKIPPED_DUP:
	case MUSTER_KILLED_LOCAL:
		return BADGE_CANCELLED;
	default:
		break;
	}
	if (muster_outcome_family(r->outcome) == MUSTER_FAMILY_UNKNOWN)
		return BADGE_LOST;
	return badge_of_not_run(r->outcome);
}
