/*
 * limits.h -- every ceiling in one place, each with its reason.
 *
 * Room: engine/base.  May touch: nothing.
 */
#ifndef MUSTER_BASE_LIMITS_H
#define MUSTER_BASE_LIMITS_H

/* Bytes libssh2 is handed in one call, so that one host delays nobody. */
#define LIMIT_RECV_BYTES_PER_CALL (16 * 1024)
/* Bytes a server may send before authentication is over. */
#define LIMIT_PREAUTH_BYTES (256 * 1024)
/* Bytes of text kept from before the banner: enough for sshd's reasons. */
#define LIMIT_PREBANNER_KEPT 512
/* The longest identification string, RFC 4253 s. 4.2. */
#define LIMIT_BANNER_BYTES 255
/* What a peer that does not read may leave in our send buffer. */
#define LIMIT_SEND_BYTES (1024 * 1024)
/* Above this much unsent no more channel data is written. */
#define LIMIT_SEND_HIGH_BYTES (256 * 1024)
/* What libssh2 may hold for one session: a hostile peer's only lever. */
#define LIMIT_SESSION_BYTES (4 * 1024 * 1024)
/* An agent's longest answer; OpenSSH's own limit. */
#define LIMIT_AGENT_BYTES (256 * 1024)
/* Keys an agent may list: nobody tries more. */
#define LIMIT_AGENT_KEYS 1000
/* Rounds of bcrypt for one passphrase, ten milliseconds each. */
#define LIMIT_BCRYPT_ROUNDS 10000
/* A private key file; the largest RSA key is far below. */
#define LIMIT_KEY_FILE_BYTES (1024 * 1024)
/* known_hosts, ssh_config, host lists: 1e6 lines fit. */
#define LIMIT_CONFIG_FILE_BYTES (256 * 1024 * 1024)
/* Hosts in one expression, unless the caller raises it. */
#define LIMIT_HOSTS 100000
/* A name while it is made: room to see that it is too long. */
#define LIMIT_NAME_BYTES 1023
/* Host lists that include one another: a loop ends here. */
#define LIMIT_INCLUDE_DEPTH 16
/* A host name: RFC 1035 s. 2.3.4 has 255. */
#define LIMIT_HOST_BYTES 255
/* Output waiting for a slow front end before channels are left unread. */
#define LIMIT_QUEUED_BYTES (8 * 1024 * 1024)
/* The same for one host. */
#define LIMIT_QUEUED_HOST_BYTES (1024 * 1024)
/* A message from a server that is shown to a person. */
#define LIMIT_REMOTE_TEXT 256

#endif
