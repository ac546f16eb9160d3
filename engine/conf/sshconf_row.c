/*
 * sshconf_row.c -- the table of ssh_config(5) keywords.
 *
 * Room: engine/conf.  May touch: base.
 * Keywords as of OpenSSH 10, with the aliases and the keywords of Debian's
 * ssh(1). Sorted, to be searched by halves.
 */
#include "config.h"

#include "conf/sshconf_row.h"

#include "base/str.h"

#include <stdlib.h>
#include <string.h>

/* Of words that mean the same the last is the one that is shown. */
static const struct sshconf_state on_off[] = {
    {"true", 1}, {"false", 0}, {"yes", 1}, {"no", 0}, {NULL, 0}};
static const struct sshconf_state zlib[] = {{"yes", 1}, {"no", 0}, {NULL, 0}};
static const struct sshconf_state families[] = {
    {"inet", 4}, {"inet6", 6}, {"any", 0}, {NULL, 0}};
static const struct sshconf_state pubkey[] = {{"true", 1}, {"false", 0},
    {"yes", 1}, {"no", 0}, {"unbound", 2}, {"host-bound", 3}, {NULL, 0}};
static const struct sshconf_state canonicalize[] = {
    {"true", 1}, {"false", 0}, {"yes", 1}, {"no", 0}, {"always", 2}, {NULL, 0}};
static const struct sshconf_state strict[] = {{"true", SSHCONF_STRICT_YES},
    {"false", SSHCONF_STRICT_OFF}, {"off", SSHCONF_STRICT_OFF},
    {"yes", SSHCONF_STRICT_YES}, {"no", SSHCONF_STRICT_OFF},
    {"ask", SSHCONF_STRICT_ASK}, {"accept-new", SSHCONF_STRICT_ACCEPT_NEW},
    {NULL, 0}};
static const struct sshconf_state tty[] = {{"true", SSHCONF_TTY_YES},
    {"yes", SSHCONF_TTY_YES}, {"false", SSHCONF_TTY_NO}, {"no", SSHCONF_TTY_NO},
    {"force", SSHCONF_TTY_FORCE}, {"auto", SSHCONF_TTY_AUTO}, {NULL, 0}};

#define UNUSED(name)                                                           \
	{                                                                      \
		name, SSHCONF_T_UNUSED, SSHCONF_N_KEYS, NULL                   \
	}
#define STRUCTURE(name, type)                                                  \
	{                                                                      \
		name, SSHCONF_T_##type, SSHCONF_N_KEYS, NULL                   \
	}
#define STATE(name, key, states)                                               \
	{                                                                      \
		name, SSHCONF_T_STATE, SSHCONF_##key, states                   \
	}
#define ROW(name, key, type)                                                   \
	{                                                                      \
		name, SSHCONF_T_##type, SSHCONF_##key, NULL                    \
	}

/* clang-format off */
static const struct sshconf_row rows[] = {
	ROW("addkeystoagent", ADDKEYSTOAGENT, ADDKEYS),
	STATE("addressfamily", ADDRESSFAMILY, families),
	UNUSED("afstokenpassing"),
	STATE("batchmode", BATCHMODE, on_off),
	ROW("bindaddress", BINDADDRESS, WORD),
	ROW("bindinterface", BINDINTERFACE, WORD),
	ROW("canonicaldomains", CANONICALDOMAINS, DOMAINS),
	STATE("canonicalizefallbacklocal", CANONICALIZEFALLBACKLOCAL, on_off),
	STATE("canonicalizehostname", CANONICALIZEHOSTNAME, canonicalize),
	ROW("canonicalizemaxdots", CANONICALIZEMAXDOTS, INT),
	ROW("canonicalizepermittedcnames", CANONICALIZEPERMITTEDCNAMES, CNAMES),
	UNUSED("casignaturealgorithms"),
	ROW("certificatefile", CERTIFICATEFILE, FILE),
	STATE("challengeresponseauthentication", KBDINTERACTIVEAUTHENTICATION,
	    on_off),
	UNUSED("channeltimeout"),
	STATE("checkhostip", CHECKHOSTIP, on_off),
	UNUSED("cipher"),
	ROW("ciphers", CIPHERS, WORD),
	UNUSED("clearallforwardings"),
	STATE("compression", COMPRESSION, zlib),
	UNUSED("compressionlevel"),
	ROW("connectionattempts", CONNECTIONATTEMPTS, INT),
	ROW("connecttimeout", CONNECTTIMEOUT, TIME),
	UNUSED("controlmaster"),
	UNUSED("controlpath"),
	UNUSED("controlpersist"),
	STATE("dsaauthentication", PUBKEYAUTHENTICATION, pubkey),
	UNUSED("dynamicforward"),
	UNUSED("enableescapecommandline"),
	UNUSED("enablesshkeysign"),
	UNUSED("escapechar"),
	UNUSED("exitonforwardfailure"),
	UNUSED("fallbacktorsh"),
	UNUSED("fingerprinthash"),
	UNUSED("forkafterauthentication"),
	ROW("forwardagent", FORWARDAGENT, FORWARD),
	UNUSED("forwardx11"),
	UNUSED("forwardx11timeout"),
	UNUSED("forwardx11trusted"),
	UNUSED("gatewayports"),
	ROW("globalknownhostsfile", GLOBALKNOWNHOSTSFILE, WORDS),
	UNUSED("globalknownhostsfile2"),
	STATE("gssapiauthentication", GSSAPIAUTHENTICATION, on_off),
	UNUSED("gssapiclientidentity"),
	UNUSED("gssapidelegatecredentials"),
	UNUSED("gssapikexalgorithms"),
	UNUSED("gssapikeyexchange"),
	UNUSED("gssapirenewalforcesrekey"),
	UNUSED("gssapiserveridentity"),
	UNUSED("gssapitrustdns"),
	STATE("hashknownhosts", HASHKNOWNHOSTS, on_off),
	STRUCTURE("host", HOST),
	UNUSED("hostbasedacceptedalgorithms"),
	UNUSED("hostbasedauthentication"),
	UNUSED("hostbasedkeytypes"),
	ROW("hostkeyalgorithms", HOSTKEYALGORITHMS, WORD),
	ROW("hostkeyalias", HOSTKEYALIAS, WORD),
	ROW("hostname", HOSTNAME, WORD),
	STATE("identitiesonly", IDENTITIESONLY, on_off),
	ROW("identityagent", IDENTITYAGENT, AGENT),
	ROW("identityfile", IDENTITYFILE, FILE),
	ROW("identityfile2", IDENTITYFILE, FILE),
	ROW("ignoreunknown", IGNOREUNKNOWN, WORD),
	STRUCTURE("include", INCLUDE),
	UNUSED("ipqos"),
	STATE("kbdinteractiveauthentication", KBDINTERACTIVEAUTHENTICATION,
	    on_off),
	UNUSED("kbdinteractivedevices"),
	STATE("keepalive", TCPKEEPALIVE, on_off),
	UNUSED("kerberosauthentication"),
	UNUSED("kerberostgtpassing"),
	ROW("kexalgorithms", KEXALGORITHMS, WORD),
	UNUSED("knownhostscommand"),
	ROW("localcommand", LOCALCOMMAND, COMMAND),
	UNUSED("localforward"),
	ROW("loglevel", LOGLEVEL, WORD),
	UNUSED("logverbose"),
	ROW("macs", MACS, WORD),
	STRUCTURE("match", MATCH),
	STATE("nohostauthenticationforlocalhost",
	    NOHOSTAUTHENTICATIONFORLOCALHOST, on_off),
	ROW("numberofpasswordprompts", NUMBEROFPASSWORDPROMPTS, INT),
	UNUSED("obscurekeystroketiming"),
	STATE("passwordauthentication", PASSWORDAUTHENTICATION, on_off),
	UNUSED("permitlocalcommand"),
	UNUSED("permitremoteopen"),
	UNUSED("pkcs11provider"),
	ROW("port", PORT, PORT),
	ROW("preferredauthentications", PREFERREDAUTHENTICATIONS, WORD),
	UNUSED("protocol"),
	ROW("protocolkeepalives", SERVERALIVEINTERVAL, TIME),
	ROW("proxycommand", PROXYCOMMAND, COMMAND),
	ROW("proxyjump", PROXYJUMP, JUMP),
	UNUSED("proxyusefdpass"),
	ROW("pubkeyacceptedalgorithms", PUBKEYACCEPTEDALGORITHMS, WORD),
	ROW("pubkeyacceptedkeytypes", PUBKEYACCEPTEDALGORITHMS, WORD),
	STATE("pubkeyauthentication", PUBKEYAUTHENTICATION, pubkey),
	STRUCTURE("refuseconnection", REFUSE),
	ROW("rekeylimit", REKEYLIMIT, REKEY),
	ROW("remotecommand", REMOTECOMMAND, COMMAND),
	UNUSED("remoteforward"),
	STATE("requesttty", REQUESTTTY, tty),
	ROW("requiredrsasize", REQUIREDRSASIZE, INT),
	ROW("revokedhostkeys", REVOKEDHOSTKEYS, WORDS),
	UNUSED("rhostsauthentication"),
	UNUSED("rhostsrsaauthentication"),
	UNUSED("rsaauthentication"),
	UNUSED("securitykeyprovider"),
	ROW("sendenv", SENDENV, SENDENV),
	ROW("serveralivecountmax", SERVERALIVECOUNTMAX, INT),
	ROW("serveraliveinterval", SERVERALIVEINTERVAL, TIME),
	UNUSED("sessiontype"),
	ROW("setenv", SETENV, SETENV),
	ROW("setuptimeout", SERVERALIVEINTERVAL, TIME),
	STATE("skeyauthentication", KBDINTERACTIVEAUTHENTICATION, on_off),
	UNUSED("smartcarddevice"),
	UNUSED("stdinnull"),
	UNUSED("streamlocalbindmask"),
	UNUSED("streamlocalbindunlink"),
	STATE("stricthostkeychecking", STRICTHOSTKEYCHECKING, strict),
	UNUSED("syslogfacility"),
	ROW("tag", TAG, WORD),
	STATE("tcpkeepalive", TCPKEEPALIVE, on_off),
	STATE("tisauthentication", KBDINTERACTIVEAUTHENTICATION, on_off),
	UNUSED("tunnel"),
	UNUSED("tunneldevice"),
	UNUSED("updatehostkeys"),
	UNUSED("useblacklistedkeys"),
	UNUSED("useprivilegedport"),
	ROW("user", USER, WORD),
	ROW("userknownhostsfile", USERKNOWNHOSTSFILE, WORDS),
	UNUSED("userknownhostsfile2"),
	UNUSED("useroaming"),
	UNUSED("usersh"),
	UNUSED("verifyhostkeydns"),
	UNUSED("versionaddendum"),
	UNUSED("visualhostkey"),
	UNUSED("warnweakcrypto"),
	UNUSED("xauthlocation"),
};
/* clang-format on */

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

static int
compare_row(const void *keyword, const void *row)
{
	return strcmp(keyword, ((const struct sshconf_row *)row)->name);
}

const struct sshconf_row *
sshconf_row_find(const char *keyword)
{
	return bsearch(keyword, rows, N_ROWS, sizeof(rows[0]), compare_row);
}

const struct sshconf_row *
sshconf_row_of(enum sshconf_key key)
{
	for (size_t i = 0; i < N_ROWS; i++)
		if (rows[i].key == key && key != SSHCONF_N_KEYS)
			return &rows[i];
	return NULL;
}

const char *
sshconf_row_guess(const char *keyword)
{
	const char *best = NULL;
	size_t least = 3;

	for (size_t i = 0; i < N_ROWS; i++) {
		size_t d = str_distance(keyword, rows[i].name);

		if (d < least) {
			least = d;
			best = rows[i].name;
		}
	}
	return best;
}

/* Of aliases the name that `ssh -G` writes. */
static const char *
plain_name(const struct sshconf_row *row)
{
	switch (row->key) {
	case SSHCONF_KBDINTERACTIVEAUTHENTICATION:
		return "kbdinteractiveauthentication";
	case SSHCONF_PUBKEYAUTHENTICATION:
		return "pubkeyauthentication";
	case SSHCONF_SERVERALIVEINTERVAL:
		return "serveraliveinterval";
	case SSHCONF_TCPKEEPALIVE:
		return "tcpkeepalive";
	default:
		return row->name;
	}
}

const char *
sshconf_key_name(enum sshconf_key key)
{
	const struct sshconf_row *row = sshconf_row_of(key);

	return row == NULL ? NULL : plain_name(row);
}

int64_t
sshconf_default_number(enum sshconf_key key)
{
	switch ((int)key) {
	case SSHCONF_PORT:
		return 22;
	case SSHCONF_CONNECTTIMEOUT:
		return -1;
	case SSHCONF_STRICTHOSTKEYCHECKING:
		return SSHCONF_STRICT_ASK;
	case SSHCONF_NUMBEROFPASSWORDPROMPTS:
	case SSHCONF_SERVERALIVECOUNTMAX:
		return 3;
	case SSHCONF_REQUIREDRSASIZE:
		return 1024;
	case SSHCONF_CONNECTIONATTEMPTS:
	case SSHCONF_TCPKEEPALIVE:
	case SSHCONF_PUBKEYAUTHENTICATION:
	case SSHCONF_PASSWORDAUTHENTICATION:
	case SSHCONF_KBDINTERACTIVEAUTHENTICATION:
	case SSHCONF_CANONICALIZEMAXDOTS:
	case SSHCONF_CANONICALIZEFALLBACKLOCAL:
		return 1;
	default:
		return 0;
	}
}
