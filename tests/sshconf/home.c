/*
 * home.c -- a home directory of its own for each test of ssh_config(5).
 *
 * Room: tests.  May touch: base, conf/sshconf.h.
 */
#include "config.h"

#include "sshconf/home.h"

#include "base/mem.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- files ---- */

char *
home_path(const struct home *f, const char *name)
{
	return mem_printf("%s/%s", f->home, name);
}

void
home_write_bytes(const char *path, const char *text, size_t len)
{
	int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	assert_int_equal(close(fd), 0);
}

void
home_config(const struct home *f, const char *text)
{
	home_write_bytes(f->config, text, strlen(text));
}

void
home_write(const struct home *f, const char *name, const char *text)
{
	char *path = home_path(f, name);

	home_write_bytes(path, text, strlen(text));
	free(path);
}

int
home_make(void **state)
{
	struct home *f = mem_new(sizeof(*f));
	char *dir;

	f->home = mem_strdup("/tmp/test_sshconf.XXXXXX");
	if (mkdtemp(f->home) == NULL)
		return -1;
	dir = home_path(f, ".ssh");
	if (mkdir(dir, 0700) != 0)
		return -1;
	free(dir);
	f->config = home_path(f, ".ssh/config");
	f->system = home_path(f, "system");
	*state = f;
	return 0;
}

int
home_remove(void **state)
{
	struct home *f = *state;
	char *command = mem_printf("rm -rf %s", f->home);
	int r = system(command);

	free(command);
	free(f->config);
	free(f->system);
	free(f->home);
	free(f);
	return r;
}

/* ---- asking ---- */

struct sshconf *
home_open(const struct home *f, struct muster_error *err)
{
	return sshconf_open(
	    &(struct sshconf_setup){.home = f->home, .system_file = f->system},
	    err);
}

void
home_expect_word(
    const struct sshconf_host *h, enum sshconf_key key, const char *word)
{
	if (word == NULL) {
		assert_int_equal(h->values[key].n, 0);
		return;
	}
	assert_int_equal(h->values[key].n, 1);
	assert_string_equal(h->values[key].words[0], word);
}

/* Asks one host of the configuration and expects one word of a key. */
void
home_expect(const struct home *f, const struct sshconf_request *q,
    enum sshconf_key key, const char *word)
{
	struct muster_error err = {0};
	struct sshconf *c = home_open(f, &err);
	struct sshconf_host h;

	assert_string_equal(err.text, "");
	assert_non_null(c);
	if (sshconf_resolve(c, q, &h, &err) != 0)
		fail_msg("%s", err.text);
	home_expect_word(&h, key, word);
	sshconf_host_clear(&h);
	sshconf_free(c);
}

/* Expects the configuration, or the host "a" in it, to be refused with an
 * error that has `text` in it. */
void
home_refuses(const struct home *f, enum muster_err code, const char *text)
{
	struct muster_error err = {0};
	struct sshconf *c = home_open(f, &err);
	struct sshconf_host h;

	if (c != NULL)
		assert_int_equal(
		    sshconf_resolve(
			c, &(struct sshconf_request){.host = "a"}, &h, &err),
		    -1);
	sshconf_free(c);
	if (strstr(err.text, text) == NULL)
		fail_msg("'%s' is not in '%s'", text, err.text);
	assert_int_equal(err.code, code);
}
