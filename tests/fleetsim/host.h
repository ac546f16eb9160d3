/*
 * host.h -- one simulated host: what it is and how it behaves.
 *
 * Room: tests/fleetsim.  May touch: base/, key.h, fleetsim.h.
 */
#ifndef FLEETSIM_HOST_H
#define FLEETSIM_HOST_H

#include "fleetsim.h"
#include "key.h"
#include "session.h"

#include <netinet/in.h>

#define SIM_PATHS 4     /* ways in */
#define SIM_SCENARIOS 4 /* hostile behaviours at once */

struct scenario;

enum exec_mode { EXEC_SH, EXEC_CANNED, EXEC_CAT };
enum known { KNOWN_RIGHT, KNOWN_OTHER, KNOWN_NONE };

enum auth_method {
	AUTH_NONE,
	AUTH_PUBLICKEY,
	AUTH_PASSWORD,
	AUTH_INTERACTIVE,
	N_AUTH_METHODS
};

/* Methods that let a user in when passed in this order. */
struct auth_path {
	uint8_t methods[SIM_AUTH_STEPS];
	uint8_t n;
};

/* A user's public key, in normal form. */
struct user_key {
	uint8_t *blob; /* owned */
	size_t len;
	struct user_key *next; /* owned */
};

/* A string with its length: it may hold any byte. */
struct bytes {
	char *data; /* owned */
	size_t len;
};

struct host {
	char *name;
	size_t index;
	char addr[16];
	struct in_addr ip;
	uint16_t port; /* 0: the common one */
	bool down;
	char *user;     /* NULL: any */
	char *password; /* NULL: none is right */
	char *code;     /* asked for after it; NULL: not */
	struct auth_path paths[SIM_PATHS];
	size_t n_paths;
	struct user_key *user_keys;
	bool wants_key[N_KEY_TYPES]; /* hostkey= */
	struct host_key *keys[N_KEY_TYPES];
	struct host_key *other; /* shown in place of the true one */
	enum known known;
	char *key_algorithms;
	char *kex, *ciphers, *macs;
	char *version;
	char *motd;
	enum exec_mode exec;
	struct bytes out, err;
	uint64_t n_bytes;
	uint32_t n_lines, every_ms;
	uint32_t exit_code;
	bool has_exit; /* exit= was given */
	char *exit_signal;
	uint32_t delay_ms, linger_ms, auth_delay_ms, greet_delay_ms;
	uint64_t rekey_bytes;
	uint32_t max_tries, max_sessions;
	bool bad_signature, bad_point; /* set by scenarios */
	struct {
		const struct scenario *what;
		uint64_t arg;
	} scenarios[SIM_SCENARIOS];
	size_t n_scenarios;
	struct fleetsim_ledger *ledger; /* borrowed; NULL before listen */
};

struct host *sim_host_new(const char *name);
void sim_host_free(struct host *h);

/* Fills in what the description left open, and makes the keys. RSA keys take
 * long to make: all hosts share `rsa`, the true one and another, each made
 * when first wanted. False when OpenSSL fails. */
bool sim_host_finish(struct host *h, struct host_key *rsa[2]);

/* The methods' names, by enum auth_method. */
extern const char *const sim_auth_names[N_AUTH_METHODS];

#endif
