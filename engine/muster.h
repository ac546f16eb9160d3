/*
 * muster.h -- the door of libmuster: commands on fleets of SSH hosts.
 *
 * The only header that front ends and other programs include; it brings
 * the other muster_*.h, each about one thing. Requests go
 * in, plain-data events come out; only struct muster is opaque.
 *
 *	struct muster_options o;
 *	muster_options_init(&o);
 *	struct muster *m = muster_new(&o, &err);
 *	muster_add_hosts(m, "web[01-40]", &err);
 *	muster_start(m, NULL, 0, &(struct muster_command){ "uptime" }, &err);
 *	while (muster_next(m, MUSTER_FOREVER, &event) > 0)
 *		...;
 *	muster_free(m);
 *
 * Threads: one thread of the caller's uses a struct muster at a time. The
 * engine's own threads never call back; they queue events for muster_next().
 * Functions that can fail return 0, or -1 with *err (which may be NULL)
 * filled in, unless their comment says otherwise.
 */
#ifndef MUSTER_H
#define MUSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MUSTER_FOREVER UINT32_MAX /* a timeout in milliseconds: none */
#define MUSTER_NOWHERE SIZE_MAX   /* no position */

/* ---- errors ---- */

enum muster_err {
	MUSTER_ERR_NONE = 0,
	MUSTER_ERR_USAGE,  /* a request that makes no sense now */
	MUSTER_ERR_SYNTAX, /* a text that does not parse; `at` says where */
	MUSTER_ERR_EMPTY,  /* no host is left */
	MUSTER_ERR_UNKNOWN_NAME, /* a group, host or pattern nobody knows */
	MUSTER_ERR_LIMIT,        /* over a ceiling */
	MUSTER_ERR_FILE,         /* a file that cannot be used */
	MUSTER_ERR_KEY,          /* a private key that cannot be used */
	MUSTER_ERR_PASSPHRASE,   /* a private key that wants a passphrase */
	MUSTER_ERR_AGENT,        /* the ssh-agent failed */
	MUSTER_ERR_PROTOCOL,     /* a peer that breaks a protocol */
	MUSTER_ERR_TIMEOUT,
	MUSTER_ERR_SYSTEM, /* the operating system said no */
};

#define MUSTER_ERROR_MAX 320 /* bytes of text, with the NUL */

struct muster_error {
	enum muster_err code;
	size_t at; /* byte offset in the text refused, or MUSTER_NOWHERE */
	char text[MUSTER_ERROR_MAX]; /* one line, lower case, no full stop */
};

/* ---- how a host ended ---- */

/*
 * What became of a command on a host. Three families: it certainly did not
 * run (NOT_RUN), it ran and its end was received (RAN), or it may have run
 * (UNKNOWN, never repeated unasked). muster_outcome_word() has the stable
 * words used in records.
 */
enum muster_outcome {
	MUSTER_PENDING = 0,
	/* RAN */
	MUSTER_EXIT,   /* an exit-status was received: result.code */
	MUSTER_SIGNAL, /* an exit-signal was received: result.signal */
	/* RAN, of a copy (muster_copy.h); text has the first that failed */
	MUSTER_DONE,            /* all files are where they belong */
	MUSTER_XF_LOCAL,        /* a file here could not be read or written */
	MUSTER_XF_REMOTE,       /* the host could not do it */
	MUSTER_XF_NOSPC_LOCAL,  /* no space left here */
	MUSTER_XF_NOSPC_REMOTE, /* no space left there */
	MUSTER_XF_PERM,         /* not allowed */
	MUSTER_XF_CHANGED,      /* a file changed while it was copied */
	MUSTER_XF_VERIFY,       /* what arrived is not what was sent */
	MUSTER_XF_NAME,         /* a name that a file must not have here */
	MUSTER_XF_LINK,         /* a link where none may be */
	MUSTER_XF_SIZE,         /* a length that cannot be */
	/* UNKNOWN */
	MUSTER_LOST,         /* the connection went away */
	MUSTER_NO_STATUS,    /* the channel closed, no status came */
	MUSTER_CMD_TIMEOUT,  /* the command took longer than allowed */
	MUSTER_STALLED,      /* the peer stopped reading */
	MUSTER_PROTO,        /* the server broke the protocol */
	MUSTER_LIMIT,        /* the server went over a ceiling */
	MUSTER_KILLED_LOCAL, /* stopped on request */
	/* NOT_RUN */
	MUSTER_DNS_NXDOMAIN,
	MUSTER_DNS_TIMEOUT,
	MUSTER_DNS_FAIL,
	MUSTER_CONN_REFUSED,
	MUSTER_CONN_TIMEOUT,
	MUSTER_CONN_UNREACH,
	MUSTER_CONN_RESET,
	MUSTER_NOT_SSH,
	MUSTER_SSH1_ONLY,
	MUSTER_BANNER_TIMEOUT,
	MUSTER_THROTTLED, /* sshd's MaxStartups or PerSourcePenalties */
	MUSTER_KEX_TIMEOUT,
	MUSTER_KEX_NOMATCH,
	MUSTER_HK_UNKNOWN,
	MUSTER_HK_CHANGED,
	MUSTER_HK_REVOKED,
	MUSTER_HK_DB, /* a known_hosts file that may not be trusted */
	MUSTER_AUTH_DENIED,
	MUSTER_AUTH_TIMEOUT,
	MUSTER_AUTH_NO_METHOD, /* the server wants a method we have not */
	MUSTER_AUTH_KEY,
	MUSTER_AUTH_KEY_UNSUPPORTED,
	MUSTER_AUTH_AGENT,
	MUSTER_AUTH_PWCHANGE,
	MUSTER_JUMP_FAIL,
	MUSTER_CHAN_REFUSED,
	MUSTER_EXEC_REFUSED,
	MUSTER_SUBSYS_REFUSED,
	MUSTER_SUDO_TTY,     /* it wants a terminal */
	MUSTER_SUDO_BADPASS, /* it refused the password */
	MUSTER_SUDO_DENIED,  /* it did not let the command begin */
	MUSTER_SUDO_TIMEOUT, /* it did not do so in time */
	MUSTER_LOCAL_RES,    /* out of descriptors, ports or memory here */
	MUSTER_CANCELLED,    /* stopped on request before it started */
	MUSTER_SKIPPED_DUP,  /* the same server as another host (skip_twins) */
	MUSTER_EARLY_PROTO,  /* PROTO before the command was sent */
	MUSTER_EARLY_LIMIT,  /* LIMIT before the command was sent */
	MUSTER_N_OUTCOMES
};

enum muster_family {
	MUSTER_FAMILY_PENDING,
	MUSTER_FAMILY_RAN,
	MUSTER_FAMILY_UNKNOWN,
	MUSTER_FAMILY_NOT_RUN,
};

/* Which of the three families an outcome is of. */
enum muster_family muster_outcome_family(enum muster_outcome outcome);

/* The stable word, such as "EXIT" or "HK_CHANGED" (LIMIT and PROTO have one
 * word each, before and after the start). */
const char *muster_outcome_word(enum muster_outcome outcome);

/* The stages of a connection, in order. */
enum muster_state {
	MUSTER_QUEUED = 0, /* waits for its turn */
	MUSTER_RESOLVE,
	MUSTER_CONNECT,
	MUSTER_BANNER,
	MUSTER_KEX,
	MUSTER_HOSTKEY,
	MUSTER_AUTH,
	MUSTER_READY, /* logged in; nothing runs */
	MUSTER_OPEN,  /* a channel and the command are asked for */
	MUSTER_RUNNING,
	MUSTER_CLOSING,
	MUSTER_CLOSED,
	MUSTER_N_STATES
};

/* The stable word, such as "hostkey". */
const char *muster_state_word(enum muster_state state);

/* Flags of a result. */
#define MUSTER_OUTPUT_HELD 1u   /* a child of the command kept the output */
#define MUSTER_UNCLEAN_CLOSE 2u /* the channel was never closed properly */
#define MUSTER_CORE_DUMPED 4u   /* as an exit-signal says */
#define MUSTER_INCOMPLETE 8u    /* output may be missing at its end */
#define MUSTER_NO_PTY 16u       /* the server gave no terminal */
#define MUSTER_GONE 32u         /* stopped by us, and seen to have ended */
#define MUSTER_TRUNCATED 64u    /* more output than was let through */

struct muster_result {
	enum muster_outcome outcome;
	enum muster_state stage; /* the one it ended in */
	uint32_t code;           /* EXIT: all 32 bits of the exit-status */
	char signal[16];         /* SIGNAL: the name without SIG */
	unsigned flags;          /* MUSTER_OUTPUT_HELD ... */
	unsigned attempts;       /* connections tried */
	int64_t begun_us;        /* CLOCK_BOOTTIME, when its turn came */
	int64_t started_us;      /* when the command was sent; 0: never */
	int64_t ended_us;
	uint64_t out_bytes;          /* received on stdout */
	uint64_t err_bytes;          /* received on stderr */
	char text[MUSTER_ERROR_MAX]; /* one line for a person; "" for EXIT */
};

/* Whether it is known to have succeeded: exit-status 0 came, or all files are
 * where they belong. */
bool muster_result_is_ok(const struct muster_result *result);

/* ---- options ---- */

/* Times are milliseconds; 0 is none. Strings are copied by muster_new(). */
struct muster_options {
	unsigned n_workers;           /* threads; 0: the cores, 4 at most */
	unsigned fanout;              /* hosts at work at once */
	unsigned max_unauthenticated; /* connections an address, at once */
	unsigned connects_per_100ms;
	unsigned retries; /* of a connection cut before login */
	uint32_t dns_timeout_ms;
	uint32_t connect_timeout_ms; /* 0: ssh_config's, or 10 s */
	uint32_t banner_timeout_ms;
	uint32_t kex_timeout_ms;
	uint32_t auth_timeout_ms;
	uint32_t open_timeout_ms;    /* for a channel and its command */
	uint32_t command_timeout_ms; /* 0: as long as it takes */
	uint32_t idle_timeout_ms;    /* for output or input to move */
	uint32_t linger_ms; /* for the end of output after an exit-status */
	uint32_t grace_ms;  /* between TERM and KILL, and before giving up */
	uint32_t stall_timeout_ms;     /* for a peer that does not read */
	uint32_t keepalive_ms;         /* between keepalives */
	unsigned keepalive_max;        /* unanswered, until the peer is dead */
	const char *user;              /* NULL: the caller's login name */
	uint16_t port;                 /* 0: ssh_config's, or 22 */
	const char *const *identities; /* private key files; NULL: ssh's */
	size_t n_identities;
	const char *ssh_config;         /* NULL: ssh's files; \"none\": none */
	const char *const *ssh_options; /* ssh -o, \"Port=22\" */
	size_t n_ssh_options;
	const char *jump;       /* ssh -J; NULL: as ssh_config says */
	const char *agent_path; /* NULL: ssh_config's, or $SSH_AUTH_SOCK;
				   \"\": none */
	const char *password; /* for logins that want one, tried once a host and
				 never on many while it is refused; NULL: none.
				 The process is hardened against core dumps */
	const char *const *known_hosts; /* files; NULL: ssh's */
	size_t n_known_hosts;
	const char *become_password; /* for sudo and its like; as `password` */
	uint64_t output_limit_bytes; /* let through a host; the rest is counted
					and dropped. 0: all */
	uint64_t input_limit_bytes;  /* of muster_send(), kept for all hosts */
	const char *record; /* folder to write runs down in; NULL: none */
	const char *const *record_words; /* the command line, for the record */
	size_t n_record_words;
	const char *record_parent; /* the run that it goes on with, by its
				      name; NULL: none */
	bool record_sync;          /* the record survives a power cut too */
	bool ask; /* what a person must say is asked (muster_prompt.h); without,
		     it counts as refused */
	uint32_t prompt_timeout_ms; /* for the answer; never 0 */
	bool openssh;               /* let ssh(1) connect, not libssh2 */
	bool forward_agent;   /* to all hosts; needs libssh2 1.11, or openssh */
	bool keep_duplicates; /* a host that is added again is one more */
	bool skip_twins;      /* run on a server once, whatever names it has */
	bool keep_open;       /* keep sessions for the next muster_start() */
	bool keep_lines;      /* for muster_view.h */
	bool no_env_files;    /* use nothing below $HOME unless named here */
};

/* Fills in the defaults of muster(1). */
void muster_options_init(struct muster_options *options);

struct muster;

/* Makes a fleet without hosts; not from two threads at a time.
 * Returns NULL on error: MUSTER_ERR_SYNTAX or MUSTER_ERR_FILE for an
 * ssh_config(5) file, named with its line; MUSTER_ERR_SYSTEM. */
struct muster *muster_new(
    const struct muster_options *options, struct muster_error *err);

/* Drops all connections at once and frees everything, events too. */
void muster_free(struct muster *m);

/* ---- hosts: indexes from 0, in the order they were added ---- */

/* Adds the hosts of an expression (muster(1), HOST EXPRESSIONS), each
 * (user, host, port) once unless keep_duplicates. Errors: MUSTER_ERR_SYNTAX,
 * MUSTER_ERR_EMPTY, MUSTER_ERR_UNKNOWN_NAME, MUSTER_ERR_LIMIT,
 * MUSTER_ERR_FILE; nothing is added then. */
int muster_add_hosts(
    struct muster *m, const char *expr, struct muster_error *err);

/* What an inventory may say about a host besides. */
struct muster_host_settings {
	const char *identity;           /* a private key file; NULL: none */
	const char *jump;               /* as ssh's -J; NULL: none */
	const char *const *ssh_options; /* as ssh's -o: "Key=value" */
	size_t n_ssh_options;
	bool openssh;              /* let ssh(1) connect */
	bool become;               /* run commands as become_user */
	const char *become_user;   /* NULL: root */
	const char *become_method; /* NULL: sudo */
};

/* One host as plain data. */
struct muster_host {
	const char *name;    /* how people call it */
	const char *address; /* what is resolved; NULL: ssh_config's HostName */
	const char *user;    /* NULL: as the options say */
	uint16_t port;       /* 0: as the options say */
	const struct muster_host_settings *settings; /* NULL: none */
};

/* Adds one host without parsing its name; copies the strings. How to reach it
 * is as ssh_config(5) says, but for what is named here.
 * Returns 1; 0 when that host is there already (with keep_duplicates it is
 * added, and its label has "#2", "#3" and so on behind it); -1:
 * MUSTER_ERR_SYNTAX for a value of ssh_config that makes no sense,
 * MUSTER_ERR_KEY and MUSTER_ERR_FILE naming a key or known_hosts file that
 * cannot be used, MUSTER_ERR_USAGE for a become method that is not known. */
int muster_add_host(
    struct muster *m, const struct muster_host *host, struct muster_error *err);

/* How many hosts were added. */
size_t muster_n_hosts(const struct muster *m);

/* The label of a host: unique, lent until muster_free() or
 * muster_label_hosts(). */
const char *muster_host_name(const struct muster *m, size_t host);

/* Who a host is logged in to as, lent likewise, and the port of its sshd. */
const char *muster_host_user(const struct muster *m, size_t host);
uint16_t muster_host_port(const struct muster *m, size_t host);

/* What a host list calls it, so that no other host of this fleet is meant:
 * its alias, or "user@alias:port". Lent likewise. */
const char *muster_host_list_name(const struct muster *m, size_t host);

enum muster_label {
	MUSTER_LABEL_ALIAS, /* the name that the host was added by */
	MUSTER_LABEL_SHORT, /* that without its domain */
	MUSTER_LABEL_FQDN,  /* the name that is looked up, with its domain */
};

/* Calls all hosts so, before the first muster_start(). Where two would be
 * called the same, each of them is called by its alias, and where that is
 * another's label too, "user@alias:port". */
void muster_label_hosts(struct muster *m, enum muster_label label);

/* ---- requests; each returns at once ---- */

/* Whom a command runs as. A password is given once, to a prompt that carries
 * a secret of this run; without one none is asked for. */
struct muster_become {
	const char *method; /* "sudo", "su" or "doas"; NULL: sudo */
	const char *user;   /* NULL: root */
};

struct muster_command {
	const char *command;    /* as the remote shell shall read it; copied */
	bool pty;               /* ask for a terminal: stderr joins stdout */
	const char *term;       /* its TERM; NULL: dumb */
	unsigned columns, rows; /* its size; 0: 80 and 24 */
	const char *shell;      /* that runs it, with options: "bash -l"; NULL:
				   the login shell, or, as another user, sh */
	const char *folder;     /* that it runs in; NULL: the home */
	const struct muster_become *become; /* NULL: as the host's settings */
	const void *input; /* the first bytes for its stdin; copied */
	size_t input_len;
	const char *input_file; /* a regular file for its stdin, in place of
				   `input`, opened when its turn comes; NULL:
				   none */
	bool more_input; /* muster_send() adds to it; otherwise EOF comes */
};

/* Starts a command on `n` hosts, or on all when `hosts` is NULL. Every host
 * then gets exactly one MUSTER_EVENT_RESULT. Errors: MUSTER_ERR_USAGE when
 * one of the hosts is still at work, or for a become method that is not known
 * (nothing is started), MUSTER_ERR_EMPTY for no host. */
int muster_start(struct muster *m, const size_t *hosts, size_t n,
    const struct muster_command *command, struct muster_error *err);

enum muster_cancel {
	MUSTER_CANCEL_PENDING,  /* hosts whose command was not sent yet */
	MUSTER_CANCEL_TERM,     /* TERM, then KILL, then the channel closes */
	MUSTER_CANCEL_NOW,      /* the connection is dropped */
	MUSTER_CANCEL_DEADLINE, /* as TERM; the time for the run is over, says
				   the result: CMD_TIMEOUT if it had begun */
};

/* Stops hosts that are at work: all when `hosts` is NULL. Their results say
 * CANCELLED (never sent) or KILLED_LOCAL (may have run). Hosts that have
 * ended are left alone. */
void muster_cancel(
    struct muster *m, const size_t *hosts, size_t n, enum muster_cancel how);

/* Lets no more hosts begin while paused; what runs goes on. */
void muster_pause(struct muster *m, bool paused);

/* Changes options.fanout; hosts over a lower one go on to their end. */
void muster_set_fanout(struct muster *m, unsigned fanout);

/* ---- events ---- */

enum muster_event_type {
	MUSTER_EVENT_STATE,    /* a host entered `state` */
	MUSTER_EVENT_OUTPUT,   /* bytes of a stream, as the server sent them */
	MUSTER_EVENT_RESULT,   /* the end of a host's command: `result` */
	MUSTER_EVENT_NOTE,     /* something a person should know: `text` */
	MUSTER_EVENT_SNAPSHOT, /* what was asked for: `snapshot` */
	MUSTER_EVENT_INPUT,    /* see muster_input_ahead() */
	MUSTER_EVENT_PROMPT,   /* a question, new or changed: `prompt` */
	MUSTER_EVENT_TRANSFER, /* how far a copy is: `transfer` */
};

enum muster_stream { MUSTER_STDOUT = 0, MUSTER_STDERR = 1 };

struct muster_prompt;
struct muster_snapshot;
struct muster_transfer;

struct muster_event {
	enum muster_event_type type;
	size_t host;               /* MUSTER_NOWHERE: not about one host */
	int64_t at_us;             /* CLOCK_BOOTTIME */
	enum muster_state state;   /* STATE */
	enum muster_stream stream; /* OUTPUT */
	const void *data;          /* OUTPUT; lent until the next call */
	size_t len;                /* OUTPUT, > 0 */
	const struct muster_result *result;     /* RESULT; lent likewise */
	const char *text;                       /* NOTE; lent likewise */
	const struct muster_snapshot *snapshot; /* SNAPSHOT; lent likewise */
	const struct muster_prompt *prompt;     /* PROMPT; lent likewise */
	const struct muster_transfer *transfer; /* TRANSFER; lent likewise */
};

/* Takes the next event, waiting for one at most `timeout_ms`. Returns 1; 0
 * when the time passed; -1 when no host is at work and no event is left.
 * Output waits in a bounded queue: a caller that is slow makes the servers
 * wait, nothing is dropped. */
int muster_next(
    struct muster *m, uint32_t timeout_ms, struct muster_event *event);

/* A descriptor that poll(2) finds readable when muster_next(m, 0, ...) has
 * something to say. Owned by the engine. */
int muster_fd(const struct muster *m);

/* STATE events are off until asked for. */
void muster_want_states(struct muster *m, bool wanted);

/* ---- outcomes ---- */

/* The result of a host's latest command as far as events were taken;
 * outcome MUSTER_PENDING while it is at work. Lent until the next call. */
const struct muster_result *muster_host_result(
    const struct muster *m, size_t host);

struct muster_tally {
	size_t n_hosts;    /* that were started */
	size_t n_finished; /* that have a result */
	size_t n_ok;       /* EXIT 0 */
	size_t n_failed;   /* EXIT != 0 or SIGNAL */
	size_t n_unknown;  /* may have run */
	size_t n_not_run;
};

/* Waits until every started host has its result, at most `timeout_ms` in
 * all, and throws away the events met on the way. Fills *tally (may be
 * NULL); muster_host_result() then tells finished hosts from unfinished.
 * Returns 0, or -1: MUSTER_ERR_TIMEOUT when hosts are still at work. One
 * broken host never ends the wait for the others. */
int muster_join(struct muster *m, uint32_t timeout_ms,
    struct muster_tally *tally, struct muster_error *err);

/* ---- the library ---- */

/* "muster 0.1.0", and what it was built and runs with, a fact a line. Free
 * with muster_string_free(). */
char *muster_version(void);

/* Traces topics ("all", or words separated by commas) into a descriptor;
 * NULL: off. Call before muster_new(). */
void muster_trace(const char *topics, int fd);

#ifdef __cplusplus
}
#endif

#include "muster_compare.h"
#include "muster_conf.h"
#include "muster_copy.h"
#include "muster_failures.h"
#include "muster_hosts.h"
#include "muster_input.h"
#include "muster_keys.h"
#include "muster_peers.h"
#include "muster_prompt.h"
#include "muster_record.h"
#include "muster_rollout.h"
#include "muster_text.h"
#include "muster_view.h"

#endif
