/*
 * home.h -- a home directory of its own for each test of ssh_config(5).
 *
 * Room: tests.  May touch: base, conf/sshconf.h.
 */
#ifndef MUSTER_TESTS_SSHCONF_HOME_H
#define MUSTER_TESTS_SSHCONF_HOME_H

#include "conf/sshconf.h"
#include "muster.h"

struct home {
	char *home;   /* owned; has .ssh/ */
	char *config; /* owned; home/.ssh/config */
	char *system; /* owned; home/system */
};

/* Setup and teardown of cmocka: *state is the struct home. */
int home_make(void **state);
int home_remove(void **state);

/* The path of a file there, as a heap string. */
char *home_path(const struct home *f, const char *name);

/* Writes a file: at a path, of that name, or .ssh/config. */
void home_write_bytes(const char *path, const char *text, size_t len);
void home_write(const struct home *f, const char *name, const char *text);
void home_config(const struct home *f, const char *text);

/* Opens the configuration there. */
struct sshconf *home_open(const struct home *f, struct muster_error *err);

/* Expects a key to have this one word, or none for NULL. */
void home_expect_word(
    const struct sshconf_host *h, enum sshconf_key key, const char *word);

/* The same of what is found for one host. */
void home_expect(const struct home *f, const struct sshconf_request *q,
    enum sshconf_key key, const char *word);

/* Expects the configuration, or the host "a" in it, to be refused with an
 * error that has `text` in it. */
void home_refuses(const struct home *f, enum muster_err code, const char *text);

#endif
