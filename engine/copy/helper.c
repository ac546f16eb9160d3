/*
 * helper.c -- a shell on the host that answers what SFTP cannot.
 *
 * Room: engine/copy.  May touch: base/.
 * A question is three lines: what, and two words for it. Its answer is one
 * line. What a login script prints before the first of them is passed over.
 */
#include "config.h"

#include "copy/helper.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#define READY "muster-helper-1"
#define LINE_MAX_BYTES 256

struct question {
	STAILQ_ENTRY(question) entry;
	struct helper_then then;
};

struct helper {
	void (*open)(void *arg);
	void *arg;
	bool asked, ready, lost;
	struct buf in, out;
	STAILQ_HEAD(, question) questions;
};

/* POSIX but for sha256sum and head -c, which Linux and the BSDs have. */
const char *
helper_command(void)
{
	return "exec sh -c 'echo " READY "; "
	       "while IFS= read -r q && IFS= read -r a && IFS= read -r b; do "
	       "case $q in "
	       "d) { test -f \"$b\" && head -c \"$a\" <\"$b\" | sha256sum; } "
	       "2>/dev/null || echo -;; "
	       "m) mv -f -- \"$a\" \"$b\" 2>/dev/null && echo ok || echo -;; "
	       "u) id -u \"$b\" 2>/dev/null || echo -;; "
	       "g) g=$({ getent group \"$b\" || grep \"^$b:\" /etc/group; } "
	       "2>/dev/null | head -n 1 | cut -d: -f3); echo \"${g:--}\";; "
	       "*) echo -;; esac; done'";
}

struct helper *
helper_new(void (*open)(void *arg), void *arg)
{
	struct helper *h = mem_new(sizeof(*h));

	h->open = open;
	h->arg = arg;
	buf_init(&h->in, 64 * 1024);
	buf_init(&h->out, SIZE_MAX / 2);
	STAILQ_INIT(&h->questions);
	return h;
}

static struct helper_then
take_first(struct helper *h)
{
	struct question *q = STAILQ_FIRST(&h->questions);
	struct helper_then then = q->then;

	STAILQ_REMOVE_HEAD(&h->questions, entry);
	free(q);
	return then;
}

void
helper_free(struct helper *h)
{
	if (h == NULL)
		return;
	while (!STAILQ_EMPTY(&h->questions))
		(void)take_first(h);
	buf_clear(&h->in);
	buf_clear(&h->out);
	free(h);
}

struct buf *
helper_out(struct helper *h)
{
	return &h->out;
}

void
helper_lose(struct helper *h)
{
	h->lost = true;
	buf_reset(&h->out);
	while (!STAILQ_EMPTY(&h->questions)) {
		struct helper_then then = take_first(h);

		then.answer(then.arg, NULL);
	}
}

static void
take_line(struct helper *h, const char *line)
{
	struct helper_then then;

	if (!h->ready) {
		h->ready = strcmp(line, READY) == 0;
		return;
	}
	if (STAILQ_EMPTY(&h->questions)) {
		helper_lose(h);
		return;
	}
	then = take_first(h);
	then.answer(then.arg, strcmp(line, "-") == 0 ? NULL : line);
}

void
helper_feed(struct helper *h, const void *data, size_t len)
{
	const uint8_t *newline;

	/* One that talks without end is none. */
	if (h->lost || !buf_add(&h->in, data, len)) {
		helper_lose(h);
		return;
	}
	while (!h->lost && h->in.len > 0 &&
	       (newline = memchr(buf_data(&h->in), '\n', h->in.len)) != NULL) {
		size_t n = (size_t)(newline - buf_data(&h->in));
		char line[LINE_MAX_BYTES];

		if (n >= sizeof(line)) {
			if (h->ready) {
				helper_lose(h);
				return;
			}
			n = 0;
		}
		memcpy(line, buf_data(&h->in), n);
		line[n] = '\0';
		buf_drain(&h->in, (size_t)(newline - buf_data(&h->in)) + 1);
		take_line(h, line);
	}
}

static bool
ask(struct helper *h, const char *what, const char *a, const char *b,
    struct helper_then then)
{
	struct question *q;

	if (h->lost || strchr(a, '\n') != NULL || strchr(b, '\n') != NULL)
		return false;
	q = mem_new(sizeof(*q));
	q->then = then;
	STAILQ_INSERT_TAIL(&h->questions, q, entry);
	(void)buf_addf(&h->out, "%s\n%s\n%s\n", what, a, b);
	if (!h->asked) {
		h->asked = true;
		h->open(h->arg);
	}
	return true;
}

bool
helper_ask_digest(
    struct helper *h, const char *path, uint64_t len, struct helper_then then)
{
	char *count = mem_printf("%llu", (unsigned long long)len);
	/* A name is no option, and not standard input. */
	char *name = mem_printf("%s%s", *path == '/' ? "" : "./", path);
	bool taken = ask(h, "d", count, name, then);

	free(count);
	free(name);
	return taken;
}

bool
helper_ask_rename(
    struct helper *h, const char *from, const char *to, struct helper_then then)
{
	return ask(h, "m", from, to, then);
}

bool
helper_ask_id(
    struct helper *h, bool group, const char *name, struct helper_then then)
{
	return ask(h, group ? "g" : "u", "", name, then);
}
