/*
 * identities.h -- the keys that a worker's sessions offer, in their order.
 *
 * Room: engine/ssh.  May touch: base/, keyring.h, agent.h, pool.h.
 * First the keys the user named, then the agent's others, then the default
 * files: as ssh(1), so that few attempts are spent (MaxAuthTries). The agent
 * is asked for its keys once per worker.
 */
#ifndef MUSTER_SSH_IDENTITIES_H
#define MUSTER_SSH_IDENTITIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct broker;
struct buf;
struct identities;
struct keyring;
struct loop;
struct muster_error;
struct opener;
struct pool;
struct signing;

struct identity {
	const char *type; /* "ssh-ed25519" ... */
	const uint8_t *blob;
	size_t len;
	const char *label;     /* the file, or the agent's comment */
	struct key *key;       /* NULL: the agent signs, or */
	struct opener *opener; /* the key is behind a passphrase: without it
				  len may be 0; owned by the identities */
	/* Of a certificate: the key that the agent signs with; else NULL. */
	const uint8_t *signer;
	size_t signer_len;
};

/* Where they come from; borrowed. */
struct identities_setup {
	const struct keyring *keyring;
	const char *agent_path; /* NULL or "": no agent */
	bool only_files;        /* the agent signs, but adds none of its own */
	struct broker *broker;  /* NULL: there is nobody to ask */
	unsigned most;          /* passphrases that may be tried of a file */
};

struct identities *identities_new(
    struct loop *loop, struct pool *pool, const struct identities_setup *setup);

/* No signing may be under way. */
void identities_free(struct identities *ids);

/* Whether the list is complete. If not, wake(arg) is called once it is,
 * unless identities_unwait(arg) comes first. */
bool identities_are_ready(
    struct identities *ids, void (*wake)(void *arg), void *arg);
void identities_unwait(struct identities *ids, const void *arg);

size_t identities_n(const struct identities *ids);

/* Lent until identities_free(). */
const struct identity *identities_at(const struct identities *ids, size_t i);

/* Why the agent's keys are missing; NULL when they are not. */
const char *identities_agent_error(const struct identities *ids);

/* Why a file that was named, or wants a passphrase, is not among them; NULL:
 * none is left out. */
const char *identities_locked_out(const struct identities *ids);

enum identity_lock {
	IDENTITY_OPEN,   /* it can sign */
	IDENTITY_LOCKED, /* once its passphrase was given: identities_open() */
	IDENTITY_SHUT,   /* it was not; see `why` */
};

enum identity_lock identities_look(
    struct identities *ids, size_t i, struct muster_error *why);

/* Has the passphrase of a locked one asked for; wake(arg) is called when it
 * is locked no more, unless identities_unwait(arg) comes first. */
void identities_open(
    struct identities *ids, size_t i, void (*wake)(void *arg), void *arg);

/* Signs `data` (copied) for `algorithm` on a helper thread or by the agent:
 * done(arg, signature, err) comes later from the loop, with the signature as
 * key_sign() makes it, or NULL and the error; both lent. The handle is gone
 * then. */
struct signing *identities_sign(struct identities *ids,
    const struct identity *identity, const char *algorithm, struct buf *data,
    void (*done)(
	void *arg, const struct buf *signature, const struct muster_error *err),
    void *arg);
void signing_cancel(struct signing *s);

#endif
