/*
 * simfleet.c -- a simulated fleet for one test, and the engine facing it.
 *
 * Room: tests.  May touch: fleetsim/fleetsim.h, engine.h, scratch.h.
 */
#include "config.h"

#include "simfleet.h"
#include "base/mem.h"
#include "crypto/key.h"
#include "scratch.h"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static void
make_key(struct simfleet *f)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	struct muster_error err = {0};
	const uint8_t *blob;
	struct key *mine;
	FILE *file;
	size_t len;
	int fd;

	f->identity = mem_printf("%s/id", f->folder);
	fd = open(f->identity, O_WRONLY | O_CREAT | O_EXCL, 0600);
	file = fdopen(fd, "w");
	assert_non_null(file);
	assert_int_equal(
	    PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL), 1);
	assert_int_equal(fclose(file), 0);
	EVP_PKEY_free(key);
	mine = key_read(f->identity, NULL, &err);
	assert_non_null(mine);
	blob = key_blob(mine, &len);
	if (fleetsim_authorise(f->sim, blob, len, &err) != 0)
		fail_msg("%s", err.text);
	key_free(mine);
}

static void
write_known_hosts(struct simfleet *f)
{
	FILE *file;

	f->known_hosts = mem_printf("%s/known_hosts", f->folder);
	file = fopen(f->known_hosts, "w");
	assert_non_null(file);
	for (size_t i = 0; i < fleetsim_n_hosts(f->sim); i++) {
		char *lines = fleetsim_known_hosts(f->sim, i);

		assert_true(fputs(lines, file) >= 0);
		free(lines);
	}
	assert_int_equal(fclose(file), 0);
}

/* The fleet has its own process: it is a peer, not a part of this one. */
static void
run(struct simfleet *f)
{
	int fds[2];

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	(void)fflush(NULL);
	f->pid = fork();
	assert_true(f->pid >= 0);
	if (f->pid == 0) {
		(void)close(fds[1]);
		_exit(fleetsim_run(f->sim, fds[0], NULL) == 0 ? 0 : 1);
	}
	(void)close(fds[0]);
	f->until = fds[1];
}

void
simfleet_start(struct simfleet *f, const char *table)
{
	struct muster_error err = {0};

	memset(f, 0, sizeof(*f));
	f->folder = scratch_new();
	f->sim = fleetsim_new(f->folder, &err);
	if (f->sim == NULL || fleetsim_add_hosts(f->sim, table, &err) != 0)
		fail_msg("%s", err.text);
	make_key(f);
	if (fleetsim_listen(f->sim, &err) != 0)
		fail_msg("%s", err.text);
	write_known_hosts(f);
	run(f);
}

void
simfleet_stop(struct simfleet *f)
{
	int status;

	(void)close(f->until);
	assert_int_equal(waitpid(f->pid, &status, 0), f->pid);
	assert_int_equal(status, 0);
	fleetsim_free(f->sim);
	free(f->identity);
	free(f->known_hosts);
	scratch_remove(f->folder);
}

void
simfleet_engine(struct simfleet *f, struct engine *e)
{
	memset(e, 0, sizeof(*e));
	muster_options_init(&e->options);
	e->identity = mem_strdup(f->identity);
	e->known_hosts = mem_strdup(f->known_hosts);
	e->options.identities = &e->identity;
	e->options.n_identities = 1;
	e->options.known_hosts = &e->known_hosts;
	e->options.n_known_hosts = 1;
	e->options.agent_path = "";
	e->options.ssh_config = "none";
	e->options.user = "tester";
}

size_t
simfleet_add(struct simfleet *f, struct engine *e, const char *name)
{
	size_t i = fleetsim_find(f->sim, name);
	struct muster_host host = {.name = name};

	if (i == SIZE_MAX)
		fail_msg("no host '%s'", name);
	host.address = fleetsim_address(f->sim, i);
	host.port = fleetsim_port(f->sim, i);
	assert_int_equal(muster_add_host(e->m, &host, NULL), 1);
	return muster_n_hosts(e->m) - 1;
}

const struct fleetsim_ledger *
simfleet_ledger(const struct simfleet *f, const char *name)
{
	size_t i = fleetsim_find(f->sim, name);

	if (i == SIZE_MAX)
		fail_msg("no host '%s'", name);
	return fleetsim_ledger(f->sim, i);
}
