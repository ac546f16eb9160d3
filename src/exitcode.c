/*
 * exitcode.c -- what the program says to the shell at its end.
 *
 * Room: src.  May touch: muster.h.
 */
#include "config.h"

#include "src/exitcode.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>

/* The names of RFC 4254 s. 6.10, and those that OpenSSH adds. */
static const struct {
	const char *name;
	int number;
} signals[] = {
    {"ABRT", SIGABRT},
    {"ALRM", SIGALRM},
    {"FPE", SIGFPE},
    {"HUP", SIGHUP},
    {"ILL", SIGILL},
    {"INT", SIGINT},
    {"KILL", SIGKILL},
    {"PIPE", SIGPIPE},
    {"QUIT", SIGQUIT},
    {"SEGV", SIGSEGV},
    {"TERM", SIGTERM},
    {"USR1", SIGUSR1},
    {"USR2", SIGUSR2},
    {"BUS", SIGBUS},
    {"SYS", SIGSYS},
    {"TRAP", SIGTRAP},
    {"XCPU", SIGXCPU},
    {"XFSZ", SIGXFSZ},
};

static uint32_t
code_of_signal(const char *name)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		if (strcmp(name, signals[i].name) == 0)
			return (uint32_t)(EXITCODE_SIGNAL + signals[i].number);
	}
	return EXITCODE_SSH;
}

/* Whether a host that was not run failed before SSH had a say. */
static bool
is_connect_failure(enum muster_outcome outcome)
{
	switch (outcome) {
	case MUSTER_DNS_NXDOMAIN:
	case MUSTER_DNS_TIMEOUT:
	case MUSTER_DNS_FAIL:
	case MUSTER_CONN_REFUSED:
	case MUSTER_CONN_TIMEOUT:
	case MUSTER_CONN_UNREACH:
	case MUSTER_CONN_RESET:
	case MUSTER_JUMP_FAIL:
		return true;
	default:
		return false;
	}
}

uint32_t
exitcode_of_result(const struct muster_result *result)
{
	switch (result->outcome) {
	case MUSTER_EXIT:
		return result->code < 255 ? result->code : 255;
	case MUSTER_SIGNAL:
		return code_of_signal(result->signal);
	default:
		return is_connect_failure(result->outcome) ? EXITCODE_CONNECT
							   : EXITCODE_SSH;
	}
}

void
exitcode_add(struct exitcode_facts *facts, const struct muster_result *result)
{
	uint32_t code = exitcode_of_result(result);

	if (code > facts->max_code)
		facts->max_code = code;
	/* What is missing nobody has seen. */
	if ((result->flags & MUSTER_TRUNCATED) != 0)
		facts->unknown = true;
	if (result->outcome == MUSTER_CANCELLED)
		facts->cancelled = true;
	switch (muster_outcome_family(result->outcome)) {
	case MUSTER_FAMILY_RAN:
		if (!muster_result_is_ok(result))
			facts->failed = true;
		break;
	case MUSTER_FAMILY_NOT_RUN:
		facts->not_run = true;
		break;
	case MUSTER_FAMILY_UNKNOWN:
	case MUSTER_FAMILY_PENDING:
		facts->unknown = true;
		break;
	}
}

/* How bad an exit code is; what ended the program by a signal is worst. */
static int
rank(int code)
{
	/* from the worst to the best, as exitcode_choose() has them */
	static const int order[] = {EXITCODE_LOCAL, EXITCODE_USAGE,
	    EXITCODE_SIGNAL + SIGPIPE, EXITCODE_POLICY, EXITCODE_UNKNOWN,
	    EXITCODE_NOT_RUN, EXITCODE_FAILED, EXITCODE_OK};
	const int n = sizeof(order) / sizeof(order[0]);

	for (int i = 0; i < n; i++)
		if (order[i] == code)
			return n - i;
	return n + code;
}

int
exitcode_worse(int a, int b, bool maxrc)
{
	if (maxrc)
		return a > b ? a : b;
	return rank(a) > rank(b) ? a : b;
}

int
exitcode_choose(const struct exitcode_facts *facts, bool maxrc)
{
	if (facts->signal != 0 && facts->signal != SIGPIPE)
		return EXITCODE_SIGNAL + facts->signal;
	if (facts->local_error)
		return EXITCODE_LOCAL;
	if (facts->signal == SIGPIPE)
		return EXITCODE_SIGNAL + SIGPIPE;
	if (facts->policy || (facts->no_more && facts->cancelled))
		return EXITCODE_POLICY;
	if (maxrc)
		return (int)facts->max_code;
	if (facts->unknown)
		return EXITCODE_UNKNOWN;
	if (facts->not_run)
		return EXITCODE_NOT_RUN;
	return facts->failed ? EXITCODE_FAILED : EXITCODE_OK;
}
