/*
 * oracle.h -- ssh_config(5) as ssh(1) understands it, for comparison.
 *
 * Room: tests.  May touch: base, conf/sshconf.h.
 */
#ifndef MUSTER_TESTS_SSHCONF_ORACLE_H
#define MUSTER_TESTS_SSHCONF_ORACLE_H

#include "base/buf.h"
#include "conf/sshconf.h"

/* ---- ssh.c: the program ---- */

/* Runs ssh with these arguments. Returns its exit status, and what it wrote.
 */
int oracle_run(char *const argv[], struct buf *out);

/* The values of a keyword in the answer of `ssh -G`, joined by newlines, as a
 * heap string; NULL if it says nothing. */
char *oracle_answer(const char *answer, const char *keyword);

/* ---- written.c: our values in ssh's words ---- */

/* How many keywords are compared; the key of each; our value as ssh writes
 * it. */
size_t oracle_n_keys(void);
enum sshconf_key oracle_key(size_t i);
void oracle_write(struct buf *b, const struct sshconf_host *h, size_t i);

/* Changes ssh's value in place where it differs for a reason. */
void oracle_adapt(size_t i, char *theirs);

/* ---- generate.c ---- */

/* A configuration, as a heap string, and the name of a host. */
char *oracle_generate(uint64_t *rng);
char *oracle_generate_host(uint64_t *rng);

#endif
