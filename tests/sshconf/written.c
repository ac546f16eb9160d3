/*
 * written.c -- our values, written as `ssh -G` writes them.
 *
 * Room: tests.  May touch: base, conf/sshconf.h.
 */
#include "config.h"

#include "sshconf/oracle.h"

#include "base/mem.h"
#include "base/str.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void
join(struct buf *b, const char *const *words, size_t n, const char *between)
{
	for (size_t i = 0; i < n; i++)
		buf_addf(b, "%s%s", i > 0 ? between : "", words[i]);
}

static const char *
state_word(enum sshconf_key key, int64_t number)
{
	static const char *const families[] = {
	    "any", "", "", "", "inet", "", "inet6"};
	static const char *const strict[] = {
	    "false", "true", "ask", "accept-new"};
	static const char *const tty[] = {"auto", "false", "true", "force"};
	static const char *const pubkey[] = {
	    "false", "true", "unbound", "host-bound"};
	static const char *const canon[] = {"false", "true", "always"};

	switch ((int)key) {
	case SSHCONF_ADDRESSFAMILY:
		return families[number];
	case SSHCONF_STRICTHOSTKEYCHECKING:
		return strict[number];
	case SSHCONF_REQUESTTTY:
		return tty[number];
	case SSHCONF_PUBKEYAUTHENTICATION:
		return pubkey[number];
	case SSHCONF_CANONICALIZEHOSTNAME:
		return canon[number];
	default:
		return number != 0 ? "yes" : "no";
	}
}

static void
write_jump(struct buf *b, const struct sshconf_value *v)
{
	struct sshconf_hop hop;
	bool numeric;

	if (v->n == 0)
		return;
	assert_int_equal(sshconf_hop_parse(&hop, v->raw[v->n - 1], NULL), 0);
	join(b, v->raw, v->n - 1, ",");
	numeric = strchr(hop.host, ':') != NULL ||
		  hop.host[strspn(hop.host, "0123456789.")] == '\0';
	buf_addf(b, "%s%s%s%s%s%s", v->n > 1 ? "," : "",
	    hop.user == NULL ? "" : hop.user, hop.user == NULL ? "" : "@",
	    numeric ? "[" : "", hop.host, numeric ? "]" : "");
	if (hop.port != 0)
		buf_addf(b, ":%u", hop.port);
	sshconf_hop_clear(&hop);
}

static void
write_cnames(struct buf *b, const struct sshconf_value *v)
{
	if (v->n == 0)
		buf_adds(b, "none");
	for (size_t i = 0; i < v->n; i++)
		buf_addf(b, "%s%s", i > 0 ? " " : "",
		    strcmp(v->words[i], "*") == 0 ? "*:*" : v->words[i]);
}

/* How a keyword is compared. */
enum form {
	STATE,     /* a word for the number */
	NUMBER,    /* the number */
	WORD,      /* the word, if there is one */
	RAW,       /* the word as it was written */
	RAW_LINES, /* the words as they were written, a line each */
	LINES,
	ONE_LINE,
	JUMP,
	CNAMES,
	TIMEOUT,
	REKEY,
	AGENT,
	FORWARD,
};

/* clang-format off */
static const struct {
	enum sshconf_key key;
	enum form form;
} compared[] = {
	{SSHCONF_HOSTNAME, WORD},
	{SSHCONF_USER, WORD},
	{SSHCONF_PORT, NUMBER},
	{SSHCONF_ADDRESSFAMILY, STATE},
	{SSHCONF_BINDADDRESS, WORD},
	{SSHCONF_BINDINTERFACE, WORD},
	{SSHCONF_PROXYJUMP, JUMP},
	{SSHCONF_PROXYCOMMAND, RAW},
	{SSHCONF_CONNECTTIMEOUT, TIMEOUT},
	{SSHCONF_CONNECTIONATTEMPTS, NUMBER},
	{SSHCONF_TCPKEEPALIVE, STATE},
	{SSHCONF_SERVERALIVEINTERVAL, NUMBER},
	{SSHCONF_SERVERALIVECOUNTMAX, NUMBER},
	{SSHCONF_COMPRESSION, STATE},
	{SSHCONF_REKEYLIMIT, REKEY},
	{SSHCONF_HOSTKEYALIAS, WORD},
	{SSHCONF_USERKNOWNHOSTSFILE, ONE_LINE},
	{SSHCONF_GLOBALKNOWNHOSTSFILE, ONE_LINE},
	{SSHCONF_REVOKEDHOSTKEYS, RAW},
	{SSHCONF_STRICTHOSTKEYCHECKING, STATE},
	{SSHCONF_HASHKNOWNHOSTS, STATE},
	{SSHCONF_CHECKHOSTIP, STATE},
	{SSHCONF_NOHOSTAUTHENTICATIONFORLOCALHOST, STATE},
	{SSHCONF_IDENTITYFILE, RAW_LINES},
	{SSHCONF_CERTIFICATEFILE, RAW_LINES},
	{SSHCONF_IDENTITIESONLY, STATE},
	{SSHCONF_IDENTITYAGENT, AGENT},
	{SSHCONF_PREFERREDAUTHENTICATIONS, WORD},
	{SSHCONF_PUBKEYAUTHENTICATION, STATE},
	{SSHCONF_PASSWORDAUTHENTICATION, STATE},
	{SSHCONF_KBDINTERACTIVEAUTHENTICATION, STATE},
	{SSHCONF_GSSAPIAUTHENTICATION, STATE},
	{SSHCONF_NUMBEROFPASSWORDPROMPTS, NUMBER},
	{SSHCONF_BATCHMODE, STATE},
	{SSHCONF_REQUIREDRSASIZE, NUMBER},
	{SSHCONF_FORWARDAGENT, FORWARD},
	{SSHCONF_SENDENV, LINES},
	{SSHCONF_SETENV, RAW_LINES},
	{SSHCONF_REQUESTTTY, STATE},
	{SSHCONF_REMOTECOMMAND, WORD},
	{SSHCONF_LOCALCOMMAND, WORD},
	{SSHCONF_LOGLEVEL, WORD},
	{SSHCONF_CANONICALIZEHOSTNAME, STATE},
	{SSHCONF_CANONICALDOMAINS, ONE_LINE},
	{SSHCONF_CANONICALIZEMAXDOTS, NUMBER},
	{SSHCONF_CANONICALIZEFALLBACKLOCAL, STATE},
	{SSHCONF_CANONICALIZEPERMITTEDCNAMES, CNAMES},
	{SSHCONF_IGNOREUNKNOWN, WORD},
};
/* clang-format on */

size_t
oracle_n_keys(void)
{
	return sizeof(compared) / sizeof(compared[0]);
}

enum sshconf_key
oracle_key(size_t i)
{
	return compared[i].key;
}

void
oracle_write(struct buf *b, const struct sshconf_host *h, size_t i)
{
	const struct sshconf_value *v = &h->values[compared[i].key];

	switch (compared[i].form) {
	case STATE:
		buf_adds(b, state_word(compared[i].key, v->number));
		break;
	case NUMBER:
		buf_addf(b, "%lld", (long long)v->number);
		break;
	case TIMEOUT:
		if (v->number < 0)
			buf_adds(b, "none");
		else
			buf_addf(b, "%lld", (long long)v->number);
		break;
	case REKEY:
		buf_addf(b, "%lld 0", (long long)v->number);
		break;
	case RAW:
		if (v->n > 0)
			join(b, v->raw, v->n_raw, " ");
		break;
	case WORD:
	case ONE_LINE:
		join(b, v->words, v->n, " ");
		break;
	case RAW_LINES:
		join(b, v->raw, v->n_raw, "\n");
		break;
	case LINES:
		join(b, v->words, v->n, "\n");
		break;
	case JUMP:
		write_jump(b, v);
		break;
	case CNAMES:
		write_cnames(b, v);
		break;
	case FORWARD:
		buf_adds(b, v->n > 0 ? v->words[0]
				     : state_word(compared[i].key, v->number));
		break;
	case AGENT:
		/* What we make of names, ssh(1) makes later. */
		if (v->n_raw > 0 &&
		    (strchr("nS", v->raw[0][0]) != NULL ||
			(v->raw[0][0] == '$' && v->raw[0][1] != '{')))
			buf_adds(b, v->raw[0]);
		else if (v->n_raw > 0)
			join(b, v->words, v->n, " ");
		break;
	}
}

/* ---- what differs for a reason ---- */

static void
drop_line(char *lines, const char *line)
{
	size_t len = strlen(line);
	char *p = strstr(lines, line);

	if (p != NULL && (p[len] == '\n' || p[len] == '\0'))
		memmove(p, p + len + (p[len] == '\n'),
		    strlen(p + len + (p[len] == '\n')) + 1);
	len = strlen(lines);
	if (len > 0 && lines[len - 1] == '\n')
		lines[len - 1] = '\0';
}

/* Of equal lines the first stays: in its second pass over the files ssh 9.2
 * adds each SendEnv again. */
static void
drop_repeats(char *lines)
{
	char *end = lines;

	for (char *p = lines, *next; p != NULL && *p != '\0'; p = next) {
		size_t len = strcspn(p, "\n");
		bool repeated = false;

		next = p[len] == '\n' ? p + len + 1 : NULL;
		p[len] = '\0';
		for (char *q = lines; q < end; q += strlen(q) + 1)
			repeated |= strcmp(q, p) == 0;
		if (repeated)
			continue;
		memmove(end, p, len + 1);
		end += len + 1;
	}
	for (char *q = lines; q < end - 1; q++)
		if (*q == '\0')
			*q = '\n';
}

/* Of two words that mean the same ssh takes one; we write the other. */
static void
rename_state(size_t i, char *theirs)
{
	const char *word = NULL;

	if (compared[i].form != STATE ||
	    strcmp(state_word(compared[i].key, 1), "yes") != 0)
		return;
	if (strcmp(theirs, "true") == 0)
		word = "yes";
	if (strcmp(theirs, "false") == 0)
		word = "no";
	if (word != NULL)
		str_copy(theirs, strlen(theirs) + 1, word);
}

void
oracle_adapt(size_t i, char *theirs)
{
	enum sshconf_key key = compared[i].key;

	/* Keys that newer versions do not look for. */
	if (key == SSHCONF_IDENTITYFILE &&
	    strstr(theirs, "~/.ssh/id_ed25519_sk\n~/.ssh/id_xmss") != NULL) {
		drop_line(theirs, "~/.ssh/id_xmss");
		drop_line(theirs, "~/.ssh/id_dsa");
	}
	/* The interval is not ours to know. */
	if (key == SSHCONF_REKEYLIMIT && strchr(theirs, ' ') != NULL)
		strchr(theirs, ' ')[1] = '0', strchr(theirs, ' ')[2] = '\0';
	if ((key == SSHCONF_CANONICALDOMAINS ||
		key == SSHCONF_GLOBALKNOWNHOSTSFILE ||
		key == SSHCONF_USERKNOWNHOSTSFILE) &&
	    strcmp(theirs, "none") == 0)
		*theirs = '\0';
	rename_state(i, theirs);
	if (key == SSHCONF_SENDENV)
		drop_repeats(theirs);
	if (key == SSHCONF_LOGLEVEL && strcmp(theirs, "INFO") == 0)
		*theirs = '\0';
}
