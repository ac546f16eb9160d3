/*
 * session.h -- one SSH connection and the command that runs on it.
 *
 * Room: engine/ssh.  May touch: base/, conf/, muster.h.
 * A session belongs to one loop and lives through the states of muster.h,
 * each with its deadline. Callbacks come from the loop, never from inside a
 * call of this header. Nothing here knows of other hosts.
 */
#ifndef MUSTER_SSH_SESSION_H
#define MUSTER_SSH_SESSION_H

#include "muster.h"

struct address;
struct become;
struct broker;
struct knownhosts;
struct identities;
struct loop;
struct pool;
struct prefs;
struct secret;
struct session;
struct session_key;
struct session_trust;

/* Where to, and as whom. All borrowed for the life of the session. */
struct session_target {
	size_t index;        /* of the host; MUSTER_NOWHERE: a bastion */
	const char *name;    /* for messages */
	const char *address; /* what is looked up */
	const char *user;
	uint16_t port;
	const char *key_name; /* for known_hosts; HostKeyAlias */
	uint16_t key_port;    /* 22 for an alias */
	int family;           /* AF_UNSPEC, AF_INET, AF_INET6 */
	/* A program that is the way there: no name is looked up then, and
	 * nothing dialled. NULL: none. */
	const char *proxy_command;
	/* ssh(1) makes the connection: argv up to its options, NULL at the
	 * end, and the name of the host. NULL: libssh2 does. */
	const char *const *client;
	const char *client_name;
	/* Another session is the way there: see session_proceed_through(). */
	bool is_behind;
	bool only_key; /* ends, CANCELLED, when host_key() was said */
};

/* What the sessions of one loop share. Borrowed for their lives. */
struct session_env {
	struct loop *loop;
	struct pool *pool;
	struct pool *names; /* for looking them up */
	const struct muster_options *options;
	const struct knownhosts *known;
	const struct prefs *prefs;
	struct identities *identities;
	const struct session_trust *trust;
	struct broker *broker;                /* NULL: there is nobody to ask */
	const struct secret *become_password; /* NULL: none */
	bool allow_password;                  /* PasswordAuthentication */
	bool allow_interactive;               /* KbdInteractiveAuthentication */
	unsigned password_prompts;            /* NumberOfPasswordPrompts */
	bool tcp_keepalive;                   /* TCPKeepAlive */
	bool compress;                        /* Compression */
	const char *const *variables; /* NAME=value, NULL at the end: SendEnv
					 and SetEnv */
	const char *forward_path;     /* the agent to forward; NULL: none */
	const char *bind_address;     /* NULL: any */
	const char *bind_interface;   /* NULL: any */
};

/* A command. Borrowed until it has finished or the session has ended. */
struct session_command {
	const char *command;
	bool pty;
	const char *term; /* of the terminal */
	unsigned columns, rows;
	struct become *become; /* the talk before it begins; NULL: none */
};

/* The end of a command, or of a session that did not get that far. */
struct session_end {
	enum muster_outcome outcome;
	uint32_t code;      /* EXIT */
	const char *signal; /* SIGNAL */
	unsigned flags;     /* MUSTER_OUTPUT_HELD ... */
	const char *text;   /* one line, clean; "" when there is no more */
};

#define SESSION_INPUT_END (-1)
#define SESSION_INPUT_BROKEN (-2)

enum session_leave { SESSION_GO, SESSION_WAIT, SESSION_NEVER };

/* What came of a password. In doubt: it was one of several answers that the
 * server refused together. */
enum session_given { GIVEN_TAKEN, GIVEN_REFUSED, GIVEN_IN_DOUBT };

struct session_events {
	/* The key that is refused, or for target.only_key any. May be NULL. */
	void (*host_key)(void *arg, const struct session_key *key);
	/* The session entered a state. */
	void (*state)(void *arg, enum muster_state state);
	/* Whether it may connect to that address (NULL: somebody else does)
	 * now; if not it waits for session_proceed(). */
	bool (*may_connect)(void *arg, const struct address *to);
	/* Whether it may give a password now, and which (*password is counted
	 * then). SESSION_WAIT: it asks again after session_proceed();
	 * SESSION_NEVER: *why says why, NULL for that there is none. */
	enum session_leave (*may_give_password)(
	    void *arg, struct secret **password, const char **why);
	/* Once for each time it was given. */
	void (*password_given)(void *arg, enum session_given given);
	/* The same for the password that sudo and its like want. */
	enum session_leave (*may_become)(void *arg);
	void (*became)(void *arg, bool accepted);
	/* Something a person should know; lent. May be NULL. */
	void (*note)(void *arg, const char *text);
	/* The server has answered what came after the login, once: it counts
	 * the login no longer among those under way (MaxStartups). NULL:
	 * of no interest. */
	void (*served)(void *arg);
	/* READY for session_exec(): logged in, or the command finished. */
	void (*ready)(void *arg);
	/* The channel that session_proceed_through() asked this one for is
	 * open, or refused: it may be asked for the next. NULL: never. */
	void (*opened)(void *arg);
	/* What makes the command run leaves now. */
	void (*started)(void *arg);
	/* Copies what comes next on the command's stdin, without being done
	 * with it: called again it gives the same bytes, or these and more.
	 * Returns how many, 0 when there are none yet (session_proceed() is
	 * to follow), SESSION_INPUT_END, or SESSION_INPUT_BROKEN. */
	long (*input)(void *arg, void *dst, size_t size);
	/* The first `n` of them were sent. */
	void (*input_taken)(void *arg, size_t n);
	/* Bytes of the command's output, lent until the callback returns. */
	void (*output)(
	    void *arg, enum muster_stream stream, const void *data, size_t len);
	/* The command ended; `ready` or `ended` follows. */
	void (*finished)(void *arg, const struct session_end *end);
	/* The connection is over. Said once, and nothing after it. When a
	 * command was under way this is its end. */
	void (*ended)(void *arg, const struct session_end *end);
};

/* Makes a session that does nothing yet. */
struct session *session_new(const struct session_env *env,
    const struct session_target *target, const struct session_events *events,
    void *arg);

/* Drops the connection if there is one and frees everything; allowed in
 * callbacks. No callback follows. */
void session_free(struct session *s);

/* Begins with looking up the name. */
void session_start(struct session *s);

/* May do now what it was told to wait for. */
void session_proceed(struct session *s);

/* Connects by a channel of `outer`, which is READY and not being asked for
 * another. When that one ends, so does this one, with MUSTER_JUMP_FAIL or,
 * the command having been sent, MUSTER_LOST. */
void session_proceed_through(struct session *s, struct session *outer);

/* There is no way, because of `text`: `ended` comes with MUSTER_JUMP_FAIL. */
void session_give_up(struct session *s, const char *text);

/* Runs a command on a session that is ready. */
void session_exec(struct session *s, const struct session_command *command);

/* Ends the command under way: TERM, after options.grace_ms KILL, and after
 * that again the connection is dropped. The outcome is `outcome`, with `why`
 * (static) in its text, or MUSTER_CANCELLED when the command was not sent
 * yet. */
void session_kill(
    struct session *s, enum muster_outcome outcome, const char *why);

/* Says goodbye and ends; `ended` comes with MUSTER_CANCELLED. */
void session_close(struct session *s);

/* While held no output is read: the server's windows close. */
void session_hold(struct session *s, bool held);

enum muster_state session_state(const struct session *s);

/* Which server that is, once it was let in: "ADDRESS port PORT KEY". Returns
 * false when its address is not known here, as behind a bastion. */
bool session_server(const struct session *s, char *text, size_t size);

#endif
