/*
 * fuzz_sshconf.c -- any text is a configuration or an error with a place.
 *
 * Room: tests/fuzz.  May touch: base, conf/sshconf*.h.
 * No file is read and nothing is run: hosts are asked for only when there is
 * no Include and no exec. The answers hold what sshconf.h promises.
 */
#include "config.h"

#include "conf/sshconf.h"

#include "base/limits.h"
#include "base/str.h"
#include "conf/sshconf_int.h"
#include "muster.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whether asking would run commands or read files. */
static bool
reaches_out(const struct sshconf_file *f)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct sshconf_block *b = &f->blocks[i];

		for (size_t j = 0; j < b->n_tests; j++)
			if (b->tests[j].what == SSHCONF_M_EXEC)
				return true;
		for (size_t j = 0; j < b->n; j++)
			if (b->lines[j].row != NULL &&
			    b->lines[j].row->type == SSHCONF_T_INCLUDE)
				return true;
	}
	return false;
}

static bool
look_up(void *arg, const char *name, int family, char *cname, size_t size)
{
	(void)arg;
	(void)family;
	str_copy(cname, size, "cname.example");
	return strlen(name) % 2 == 0;
}

static void
check_host(const struct sshconf_host *h)
{
	assert(sshconf_word(h, SSHCONF_HOSTNAME) != NULL);
	assert(sshconf_word(h, SSHCONF_USER) != NULL);
	assert(sshconf_number(h, SSHCONF_PORT) >= 1);
	assert(sshconf_number(h, SSHCONF_PORT) <= 65535);
	assert(sshconf_number(h, SSHCONF_CONNECTIONATTEMPTS) > 0);
	for (size_t i = 0; i < SSHCONF_N_KEYS; i++)
		for (size_t j = 0; j < h->values[i].n; j++)
			assert(h->values[i].words[j] != NULL);
	for (size_t i = 0; i < h->values[SSHCONF_PROXYJUMP].n; i++) {
		struct sshconf_hop hop;

		if (sshconf_hop_parse(
			&hop, h->values[SSHCONF_PROXYJUMP].raw[i], NULL) != 0)
			abort();
		sshconf_hop_clear(&hop);
	}
}

static void
ask(struct sshconf *c, const char *host)
{
	struct sshconf_request q = {.host = host, .command = "uptime"};
	struct muster_error err = {0};
	struct sshconf_host h;

	if (sshconf_resolve(c, &q, &h, &err) == 0) {
		check_host(&h);
		sshconf_host_clear(&h);
	} else {
		assert(err.code != MUSTER_ERR_NONE);
		assert(err.text[0] != '\0');
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sshconf_setup setup = {.file = "none", .dns = {look_up, NULL}};
	struct muster_error err = {0};
	struct sshconf_file *f;
	struct sshconf *c;

	c = sshconf_open(&setup, &err);
	assert(c != NULL);
	f = sshconf_file_new("fuzz", true);
	/* At this depth nothing is included. */
	if (sshconf_file_parse(c, f, (const char *)data, size,
		LIMIT_SSHCONF_DEPTH, &err) == 0) {
		c->tops[0] = f;
		if (!reaches_out(f)) {
			ask(c, "a");
			ask(c, "web.example.com");
			ask(c, "127.1");
		}
	} else {
		assert(str_starts(err.text, "fuzz:"));
	}
	sshconf_free(c);
	sshconf_file_free(f);
	return 0;
}
