/*
 * sshconf_key.h -- the keywords of ssh_config(5) that muster honours.
 *
 * Room: engine/conf.  May touch: nothing.
 * The comments tell the shape of a value: "word" has words[0], "words" any
 * number of them, the others a number.
 */
#ifndef MUSTER_CONF_SSHCONF_KEY_H
#define MUSTER_CONF_SSHCONF_KEY_H

enum sshconf_key {
	SSHCONF_HOSTNAME,       /* word: what to connect to; always there */
	SSHCONF_USER,           /* word; always there */
	SSHCONF_PORT,           /* 1 to 65535 */
	SSHCONF_ADDRESSFAMILY,  /* 0 any, 4, 6 */
	SSHCONF_BINDADDRESS,    /* word */
	SSHCONF_BINDINTERFACE,  /* word */
	SSHCONF_PROXYJUMP,      /* words: the hops in order */
	SSHCONF_PROXYCOMMAND,   /* word: for a shell; "-" stays */
	SSHCONF_CONNECTTIMEOUT, /* seconds; -1 none */
	SSHCONF_CONNECTIONATTEMPTS,
	SSHCONF_TCPKEEPALIVE,        /* 0, 1 */
	SSHCONF_SERVERALIVEINTERVAL, /* seconds; 0 off */
	SSHCONF_SERVERALIVECOUNTMAX,
	SSHCONF_COMPRESSION, /* 0, 1 */
	SSHCONF_REKEYLIMIT,  /* bytes; 0 the cipher's own */

	SSHCONF_HOSTKEYALIAS,                     /* word, in lower case */
	SSHCONF_USERKNOWNHOSTSFILE,               /* words: paths */
	SSHCONF_GLOBALKNOWNHOSTSFILE,             /* words: paths */
	SSHCONF_REVOKEDHOSTKEYS,                  /* words: paths */
	SSHCONF_STRICTHOSTKEYCHECKING,            /* enum sshconf_strict */
	SSHCONF_HASHKNOWNHOSTS,                   /* 0, 1 */
	SSHCONF_CHECKHOSTIP,                      /* 0, 1 */
	SSHCONF_NOHOSTAUTHENTICATIONFORLOCALHOST, /* 0, 1 */
	SSHCONF_KEXALGORITHMS,     /* word, unexpanded: sshconf_algorithms */
	SSHCONF_HOSTKEYALGORITHMS, /* the same */
	SSHCONF_CIPHERS,           /* the same */
	SSHCONF_MACS,              /* the same */
	SSHCONF_PUBKEYACCEPTEDALGORITHMS, /* the same */

	SSHCONF_IDENTITYFILE,             /* words: paths */
	SSHCONF_CERTIFICATEFILE,          /* words: paths */
	SSHCONF_IDENTITIESONLY,           /* 0, 1 */
	SSHCONF_IDENTITYAGENT,            /* word: the socket; none: no agent */
	SSHCONF_ADDKEYSTOAGENT,           /* word; ignored */
	SSHCONF_PREFERREDAUTHENTICATIONS, /* word */
	SSHCONF_PUBKEYAUTHENTICATION,     /* 0, 1; 2 unbound, 3 host-bound */
	SSHCONF_PASSWORDAUTHENTICATION,   /* 0, 1 */
	SSHCONF_KBDINTERACTIVEAUTHENTICATION, /* 0, 1 */
	SSHCONF_GSSAPIAUTHENTICATION,         /* 0, 1: not by libssh2 */
	SSHCONF_NUMBEROFPASSWORDPROMPTS,
	SSHCONF_BATCHMODE,       /* 0, 1 */
	SSHCONF_REQUIREDRSASIZE, /* bits */

	SSHCONF_FORWARDAGENT,  /* 0, 1; word: the socket, if one was named */
	SSHCONF_SENDENV,       /* words: patterns of names */
	SSHCONF_SETENV,        /* words: NAME=value */
	SSHCONF_REQUESTTTY,    /* enum sshconf_tty */
	SSHCONF_REMOTECOMMAND, /* word; ignored with a note */
	SSHCONF_LOCALCOMMAND,  /* word, unexpanded; ignored with a note */
	SSHCONF_LOGLEVEL,      /* word; ignored */

	SSHCONF_CANONICALIZEHOSTNAME,        /* 0, 1; 2 always */
	SSHCONF_CANONICALDOMAINS,            /* words */
	SSHCONF_CANONICALIZEMAXDOTS,         /* dots */
	SSHCONF_CANONICALIZEFALLBACKLOCAL,   /* 0, 1 */
	SSHCONF_CANONICALIZEPERMITTEDCNAMES, /* words: from:to */
	SSHCONF_IGNOREUNKNOWN,               /* word: patterns */
	SSHCONF_TAG,                         /* word */
	SSHCONF_N_KEYS
};

enum sshconf_strict {
	SSHCONF_STRICT_OFF = 0,
	SSHCONF_STRICT_YES = 1,
	SSHCONF_STRICT_ASK = 2,
	SSHCONF_STRICT_ACCEPT_NEW = 3,
};

enum sshconf_tty {
	SSHCONF_TTY_AUTO = 0,
	SSHCONF_TTY_NO = 1,
	SSHCONF_TTY_YES = 2,
	SSHCONF_TTY_FORCE = 3,
};

/* The keyword in lower case, as `ssh -G` writes it. */
const char *sshconf_key_name(enum sshconf_key key);

#endif
