/*
 * client_says.c -- what ssh(1) says when it fails, as an outcome.
 *
 * Room: engine/ssh.  May touch: muster.h.
 * The texts are those of OpenSSH 7 to 10. The first row that is found in a
 * line counts.
 */
#include "config.h"

#include "ssh/client.h"

#include <string.h>

static const struct {
	const char *part;
	enum muster_outcome outcome;
} rows[] = {
    {"Temporary failure in name resolution", MUSTER_DNS_FAIL},
    {"Could not resolve hostname", MUSTER_DNS_NXDOMAIN},
    {"during banner exchange", MUSTER_BANNER_TIMEOUT},
    {"Exceeded MaxStartups", MUSTER_THROTTLED},
    {"Not allowed at this time", MUSTER_THROTTLED},
    {"REMOTE HOST IDENTIFICATION HAS CHANGED", MUSTER_HK_CHANGED},
    {"REVOKED HOST KEY", MUSTER_HK_REVOKED},
    {"marked as revoked", MUSTER_HK_REVOKED},
    {"host key is known for", MUSTER_HK_UNKNOWN},
    {"Host key verification failed", MUSTER_HK_UNKNOWN},
    {"Unable to negotiate", MUSTER_KEX_NOMATCH},
    {"no matching", MUSTER_KEX_NOMATCH},
    {"Too many authentication failures", MUSTER_AUTH_DENIED},
    {"Permission denied", MUSTER_AUTH_DENIED},
    {"stdio forwarding failed", MUSTER_JUMP_FAIL},
    {"UNKNOWN port 65535", MUSTER_JUMP_FAIL},
    {"Session open refused by peer", MUSTER_CHAN_REFUSED},
    {"open failed", MUSTER_CHAN_REFUSED},
    {"exec request failed", MUSTER_EXEC_REFUSED},
    {"shell request failed", MUSTER_EXEC_REFUSED},
    {"Connection refused", MUSTER_CONN_REFUSED},
    {"timed out", MUSTER_CONN_TIMEOUT},
    {"No route to host", MUSTER_CONN_UNREACH},
    {"Network is unreachable", MUSTER_CONN_UNREACH},
    {"Connection reset", MUSTER_CONN_RESET},
    {"Connection closed", MUSTER_CONN_RESET},
    {"closed by remote host", MUSTER_CONN_RESET},
};

enum muster_outcome
client_outcome(const char *line)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strstr(line, rows[i].part) != NULL)
			return rows[i].outcome;
	return MUSTER_PENDING;
}
