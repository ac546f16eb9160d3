/*
 * engine.c -- what tests of the whole engine share: run, collect, compare.
 *
 * Room: tests.  May touch: muster.h, fixture/sshd.h.
 */
#include "config.h"

#include "engine.h"
#include "base/clock.h"
#include "base/mem.h"
#include "fixture/sshd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define OUTPUT_MAX (256u * 1024 * 1024)
#define PATIENCE_US (120 * 1000000LL)

void
engine_init(struct engine *e, struct sshd_fleet *f)
{
	memset(e, 0, sizeof(*e));
	muster_options_init(&e->options);
	e->identity = mem_strdup(sshd_fleet_file(f, "user_ed25519"));
	e->known_hosts = mem_strdup(sshd_fleet_file(f, "known_hosts"));
	e->options.identities = &e->identity;
	e->options.n_identities = 1;
	e->options.known_hosts = &e->known_hosts;
	e->options.n_known_hosts = 1;
	e->options.agent_path = "";
	e->options.user = sshd_fleet_user(f);
	e->options.port = sshd_fleet_port(f);
	e->options.no_env_files = true;
}

void
engine_open(struct engine *e)
{
	struct muster_error err = {0};

	e->m = muster_new(&e->options, &err);
	if (e->m == NULL)
		fail_msg("%s", err.text);
}

void
engine_clear(struct engine *e)
{
	size_t n = e->m == NULL ? 0 : muster_n_hosts(e->m);

	for (size_t i = 0; e->outputs != NULL && i < n; i++) {
		buf_clear(&e->outputs[i].out);
		buf_clear(&e->outputs[i].err);
	}
	free(e->outputs);
	buf_clear(&e->notes);
	muster_free(e->m);
	free((void *)(uintptr_t)e->identity);
	free((void *)(uintptr_t)e->known_hosts);
	memset(e, 0, sizeof(*e));
}

void
engine_add(struct engine *e, struct sshd_fleet *f, size_t i)
{
	const struct muster_host host = {.name = sshd_fleet_host(f, i)};

	assert_int_equal(muster_add_host(e->m, &host, NULL), 1);
}

/* For LeakSanitizer: when a key exchange is cut, libssh2 leaves objects
 * of OpenSSL behind. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:CRYPTO_zalloc\n";
}

static void
reset_outputs(struct engine *e)
{
	size_t n = muster_n_hosts(e->m);

	if (e->outputs == NULL)
		e->outputs = mem_array(n, sizeof(*e->outputs));
	for (size_t i = 0; i < n; i++) {
		buf_clear(&e->outputs[i].out);
		buf_clear(&e->outputs[i].err);
		buf_init(&e->outputs[i].out, OUTPUT_MAX);
		buf_init(&e->outputs[i].err, OUTPUT_MAX);
	}
	e->n_results = 0;
	buf_clear(&e->notes);
	buf_init(&e->notes, OUTPUT_MAX);
}

void
engine_start(struct engine *e, const struct muster_command *command)
{
	struct muster_error err = {0};

	reset_outputs(e);
	if (muster_start(e->m, NULL, 0, command, &err) != 0)
		fail_msg("%s", err.text);
}

/* Takes one event; returns false when none came in time. */
static bool
take(struct engine *e, int64_t until)
{
	struct muster_event event;
	int64_t left = (until - clock_now_us()) / 1000;

	if (left <= 0 || muster_next(e->m, (uint32_t)left, &event) != 1)
		return false;
	if (event.type == MUSTER_EVENT_RESULT)
		e->n_results++;
	if (event.type == MUSTER_EVENT_NOTE)
		assert_true(buf_addf(&e->notes, "%s: %s\n",
		    event.host == MUSTER_NOWHERE
			? "muster"
			: muster_host_name(e->m, event.host),
		    event.text));
	if (event.type == MUSTER_EVENT_OUTPUT) {
		struct output *o = &e->outputs[event.host];

		assert_true(
		    buf_add(event.stream == MUSTER_STDOUT ? &o->out : &o->err,
			event.data, event.len));
	}
	return true;
}

void
engine_gather(struct engine *e, size_t n)
{
	int64_t until = clock_now_us() + PATIENCE_US;

	while (e->n_results < n)
		if (!take(e, until))
			fail_msg("%zu of %zu results came", e->n_results, n);
}

void
engine_await(struct engine *e, size_t host, const char *text)
{
	int64_t until = clock_now_us() + PATIENCE_US;

	while (strstr(buf_str(&e->outputs[host].out), text) == NULL)
		if (!take(e, until))
			fail_msg("'%s' did not come: %s %s", text,
			    muster_outcome_word(
				engine_result(e, host)->outcome),
			    engine_result(e, host)->text);
}

void
engine_run(struct engine *e, const char *command)
{
	const struct muster_command c = {.command = command};

	engine_start(e, &c);
	engine_gather(e, muster_n_hosts(e->m));
}

void
engine_copy(struct engine *e,
    int (*start)(struct muster *m, const size_t *hosts, size_t n,
	const struct muster_copy *copy, struct muster_error *err),
    const struct muster_copy *copy)
{
	struct muster_error err = {0};

	reset_outputs(e);
	if (start(e->m, NULL, 0, copy, &err) != 0)
		fail_msg("%s", err.text);
	engine_gather(e, muster_n_hosts(e->m));
}

const struct muster_result *
engine_result(const struct engine *e, size_t host)
{
	return muster_host_result(e->m, host);
}

void
engine_assert_end(const struct engine *e, size_t host, const char *expected)
{
	const struct muster_result *r = engine_result(e, host);
	const char *word = muster_outcome_word(r->outcome);
	char text[64];

	if (r->outcome == MUSTER_EXIT)
		(void)snprintf(text, sizeof(text), "%s %u", word, r->code);
	else if (r->outcome == MUSTER_SIGNAL)
		(void)snprintf(text, sizeof(text), "%s %s", word, r->signal);
	else
		(void)snprintf(text, sizeof(text), "%s", word);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: %s instead of %s: %s",
		    muster_host_name(e->m, host), text, expected, r->text);
}

static void
assert_bytes(struct buf *b, const void *data, size_t len)
{
	assert_int_equal(b->len, len);
	if (len > 0)
		assert_memory_equal(buf_data(b), data, len);
}

void
engine_assert_out(
    const struct engine *e, size_t host, const void *data, size_t len)
{
	assert_bytes(&e->outputs[host].out, data, len);
}

void
engine_assert_err(
    const struct engine *e, size_t host, const void *data, size_t len)
{
	assert_bytes(&e->outputs[host].err, data, len);
}
