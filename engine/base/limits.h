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
/* Bytes a second after the login that are no output: rekeying, questions,
 * packets to be ignored. */
#define LIMIT_NOISE_BYTES_PER_S (1024 * 1024)
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
/* muster's own configuration: some keywords, a line each. */
#define LIMIT_CONF_FILE_BYTES (1024 * 1024)

/* One file of ssh_config(5), and all of them together: every line is kept. */
#define LIMIT_SSHCONF_FILE_BYTES (16 * 1024 * 1024)
#define LIMIT_SSHCONF_BYTES (64 * 1024 * 1024)
/* Files that include each other; ssh(1)'s own limit. */
#define LIMIT_SSHCONF_DEPTH 16
/* Files looked into for one host: a tree of includes may be wide too. */
#define LIMIT_SSHCONF_FILES 100000
/* A value of ssh_config(5) with its tokens expanded. */
#define LIMIT_SSHCONF_VALUE_BYTES (256 * 1024)
/* Bastions in a row: configurations that name one another may never end. */
#define LIMIT_JUMPS 64
/* Logins at one bastion, where hosts behind it are slow to answer. */
#define LIMIT_BASTION_LOGINS 8
/* Hosts in one expression, unless the caller raises it. */
#define LIMIT_HOSTS 100000
/* A name while it is made: room to see that it is too long. */
#define LIMIT_NAME_BYTES 1023
/* Host lists that include one another: a loop ends here. */
#define LIMIT_INCLUDE_DEPTH 16
/* Hosts in all inventories together. */
#define LIMIT_INVENTORY_HOSTS 1000000
/* Groups within groups: a loop ends here. */
#define LIMIT_GROUP_DEPTH 32
/* "source:name" of a group. */
#define LIMIT_GROUP_KEY 1024
/* Names of variables remembered that mean nothing to muster. */
#define LIMIT_IGNORED_NAMES 1000
/* What a program that lists hosts may print. */
#define LIMIT_UPCALL_BYTES (64 * 1024 * 1024)
/* How long it may take. */
#define LIMIT_UPCALL_MS 30000
/* Nodes of a YAML text with its aliases written out, and its depth. */
#define LIMIT_YAML_NODES 4000000
#define LIMIT_YAML_DEPTH 64
/* A host name: RFC 1035 s. 2.3.4 has 255. */
#define LIMIT_HOST_BYTES 255
/* Memory of output waiting for a slow front end before channels are left
 * unread. */
#define LIMIT_QUEUED_BYTES (8 * 1024 * 1024)
/* The same for one host. */
#define LIMIT_QUEUED_HOST_BYTES (1024 * 1024)
/* A command with all that is put around it; Linux takes 128 KiB as one
 * word. */
#define LIMIT_COMMAND_BYTES (1024 * 1024)
/* What was sent to commands and lies in memory; more is in a file. */
#define LIMIT_FEED_MEMORY_BYTES (1024 * 1024)
/* A message from a server that is shown to a person. */
#define LIMIT_REMOTE_TEXT 256
/* Columns of one line as it is shown: wider than any terminal. */
#define LIMIT_LINE_COLUMNS 4096
/* Columns that cursor moves alone may give a line, beside those that its own
 * bytes pay for (8 each): wide enough for columns made by CSI G. */
#define LIMIT_LINE_FREE_COLUMNS 64
/* Combining marks kept on a character; real languages need three. */
#define LIMIT_GLYPH_MARKS 3
/* Bytes a string sequence (OSC, DCS ...) may swallow before it is text. */
#define LIMIT_STRING_BYTES 4096
/* Bytes of one control sequence; the longest SGR in use has about 40. */
#define LIMIT_SEQUENCE_BYTES 64
/* Lines kept in memory to look at, of one host and of all; more is on disk. */
#define LIMIT_STORE_HOST_BYTES (64 * 1024)
#define LIMIT_STORE_BYTES (256 * 1024 * 1024)
/* Text of one kept line: four bytes for each of its columns. */
#define LIMIT_STORE_LINE_BYTES (16 * 1024)
/* Nodes of the tree of equal outputs: 14 MiB, a line of a group each. */
#define LIMIT_TRIE_NODES 262144
/* Bytes of gathered output kept in memory, each distinct text once, and of
 * what is more in a file. */
#define LIMIT_GATHER_BYTES (64 * 1024 * 1024)
#define LIMIT_GATHER_SPILL_BYTES (16ull * 1024 * 1024 * 1024)
/* One packet of an SFTP server: OpenSSH's own limit, and a little. */
#define LIMIT_SFTP_PACKET_BYTES (256 * 1024 + 1024)
/* Requests to one SFTP server that wait for an answer. */
#define LIMIT_SFTP_REQUESTS 1024
/* Files that many hosts get are kept in memory up to here. */
#define LIMIT_SOURCE_CACHE_BYTES (64 * 1024 * 1024)
/* Files and folders of one copy, and folders within folders. */
#define LIMIT_COPY_ENTRIES 1000000
#define LIMIT_COPY_DEPTH 64
/* Edits that a diff looks for; the work grows with their square. */
#define LIMIT_DIFF_EDITS 1000
/* Lines of a text that is compared: a digest of 8 bytes each. */
#define LIMIT_DIFF_LINES 4000000

/* Questions of a server at once and bytes of each, and how often it may ask
 * in one go: a person reads them. */
#define LIMIT_QUESTIONS 8
#define LIMIT_QUESTION_BYTES 1024
#define LIMIT_QUESTION_ROUNDS 8

#endif
