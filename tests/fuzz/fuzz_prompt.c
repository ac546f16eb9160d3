/*
 * fuzz_prompt.c -- no talk of a host gets a password, but the one prompt.
 *
 * Room: tests/fuzz.  May touch: engine/base, engine/ssh/become.h.
 * The first byte chooses how the command is run, the second how the rest is
 * cut and whether there are pauses in between; the rest is what the host says,
 * in which 0x01 stands for the prompt, 0x02 for the marker and 0x03 for the
 * password itself.
 */
#include "config.h"

#include "base/buf.h"
#include "base/secret.h"
#include "ssh/become.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define TALK_BYTES (1u << 20)
#define PAUSES 20 /* pieces of more bytes have pauses behind them */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char password[] = "open-sesame";

/* One way through a talk. */
struct way {
	struct become b;
	struct buf shown;
	unsigned n_prompted;
};

static void
show(void *arg, const void *data, size_t len)
{
	struct way *w = arg;

	assert(len > 0);
	assert(buf_add(&w->shown, data, len));
}

/* As exec_become.c does. */
static void
answer(struct way *w)
{
	if (w->b.phase != BECOME_PROMPTED)
		return;
	w->n_prompted++;
	w->b.phase = BECOME_GIVEN;
}

static void
take(struct way *w, const uint8_t *talk, size_t len, size_t step)
{
	for (size_t n; len > 0; talk += n, len -= n) {
		n = len < step ? len : step;
		become_take(&w->b, talk, n, show, w);
		if (step > PAUSES)
			become_quiet(&w->b);
		answer(w);
		if (w->b.phase == BECOME_REFUSED)
			return;
	}
	become_end(&w->b, show, w);
}

static void
write_talk(
    struct buf *talk, const struct become *b, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		bool ok = true;

		if (data[i] == 1)
			ok = buf_addf(talk, "[muster%%%s] ", b->secret[0]);
		else if (data[i] == 2)
			ok = buf_addf(talk, "muster:%s:go", b->secret[1]);
		else if (data[i] == 3)
			ok = buf_adds(talk, password);
		else
			ok = buf_add(talk, data + i, 1);
		assert(ok);
	}
}

static void
check(const struct way *w, const struct buf *talk, const uint8_t *data,
    size_t size)
{
	const char *number = w->b.secret[0];

	/* at most one password, and none unasked */
	assert(w->n_prompted <= 1);
	if (memchr(data, 1, size) == NULL)
		assert(w->n_prompted == 0);
	if (memchr(data, 2, size) == NULL)
		assert(w->b.phase != BECOME_LET_IN);
	assert(w->shown.len <= talk->len);
	if (w->b.phase < BECOME_LET_IN && w->shown.len > 0)
		assert(memmem(buf_data(&w->shown), w->shown.len, number, 32) ==
		       NULL);
	assert(strlen(w->b.last) <= w->b.n_last);
	assert(w->b.n_last < sizeof(w->b.last));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum become_method methods[] = {
	    BECOME_SUDO, BECOME_SU, BECOME_DOAS};
	struct become_order order = {.command = "true",
	    .user = "root",
	    .becomes = true,
	    .password = true};
	struct way whole, cut;
	struct buf talk;
	size_t step;

	if (size < 2 || size > 4096)
		return 0;
	order.method = methods[data[0] % 3];
	order.pty = (data[0] / 3) % 2 != 0;
	step = 1 + data[1] % 40;
	buf_init(&talk, TALK_BYTES);
	buf_init(&whole.shown, TALK_BYTES);
	buf_init(&cut.shown, TALK_BYTES);
	become_init(&whole.b, &order);
	whole.n_prompted = 0;
	cut.b = whole.b;
	cut.n_prompted = 0;
	write_talk(&talk, &whole.b, data + 2, size - 2);
	if (talk.len > 0) {
		take(&whole, buf_data(&talk), talk.len, 1);
		take(&cut, buf_data(&talk), talk.len, step);
	}
	check(&whole, &talk, data + 2, size - 2);
	check(&cut, &talk, data + 2, size - 2);
	buf_clear(&talk);
	buf_clear(&whole.shown);
	buf_clear(&cut.shown);
	return 0;
}
