/*
 * muster_prompt.h -- questions that a person answers for the engine.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 *
 * With options.ask a host key that nobody knows, a password, the passphrase
 * of a key file and what a server wants besides are asked of the front end:
 *
 *	MUSTER_EVENT_PROMPT  ->  event.prompt  ->  muster_answer(m, prompt->id,
 *	                                               text, &err)
 *
 * Equal questions are one: one for a key file, for the password of a login
 * name, for a host key however many hosts show it. What asks waits meanwhile,
 * for options.prompt_timeout_ms at most; other hosts go on. A server has a
 * patience of its own (LoginGraceTime of sshd_config(5)).
 */
#ifndef MUSTER_MUSTER_PROMPT_H
#define MUSTER_MUSTER_PROMPT_H

#ifdef __cplusplus
extern "C" {
#endif

enum muster_prompt_kind {
	MUSTER_PROMPT_HOSTKEY,     /* is this the host's key? */
	MUSTER_PROMPT_PASSWORD,    /* of a login name */
	MUSTER_PROMPT_PASSPHRASE,  /* of a key file */
	MUSTER_PROMPT_INTERACTIVE, /* a question of the server's own, such as
				      for a second factor */
};

#define MUSTER_ANSWER_MAX 1024 /* bytes of an answer, with the NUL */

/* A question. All texts are fit to be shown, one line each, never NULL. */
struct muster_prompt {
	uint64_t id; /* for muster_answer(); never used again */
	enum muster_prompt_kind kind;
	bool withdrawn;       /* nobody waits for the answer any more */
	bool echo;            /* what is typed may be seen */
	unsigned attempt;     /* from 1; above, the answers before were wrong */
	const char *about;    /* host, login name or file in question */
	const char *text;     /* the question; INTERACTIVE: in the words of the
				 server, which may not be trusted */
	const char *more;     /* INTERACTIVE: what it says before; else what a
				 person should know, or "" */
	const char *key_type; /* HOSTKEY: "ssh-ed25519" ...; else "" */
	const char *fingerprint; /* HOSTKEY: "SHA256:..."; else "" */
	size_t n_hosts;          /* that wait for the answer; 0: a bastion does,
				    or all hosts that use the file */
	const size_t *hosts;     /* n_hosts of them, ascending */
};

/* The stable word: "hostkey", "password", "passphrase", "interactive". */
const char *muster_prompt_word(enum muster_prompt_kind kind);

/* Answers a question: HOSTKEY with "yes", which also writes the key down, or
 * the fingerprint itself; the others with what was asked for, which is
 * copied to locked memory: wipe yours. NULL refuses, as does anything else
 * for a HOSTKEY. Returns 0, or -1: MUSTER_ERR_USAGE when nobody waits for
 * the answer any more, MUSTER_ERR_LIMIT when it is too long. */
int muster_answer(struct muster *m, uint64_t id, const char *answer,
    struct muster_error *err);

#ifdef __cplusplus
}
#endif

#endif
