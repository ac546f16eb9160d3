/*
 * ticker.c -- the line on standard error that tells how far a run is.
 *
 * Room: src.  May touch: progress.h, text.h.
 * It is written only where there is room at once: nobody waits for it.
 */
#include "config.h"

#include "src/ticker.h"

#include "src/text.h"

#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ERASE "\r\033[K"
#define ERASE_BELOW "\r\033[J"

void
ticker_init(struct ticker *t, int fd, bool wanted, int64_t now_ms)
{
	*t = (struct ticker){
	    .over = isatty(fd) == 1,
	    .fd = fd,
	    .begun_ms = now_ms,
	};
	t->on = wanted || (t->over && isatty(STDOUT_FILENO) != 1);
	t->next_ms = now_ms + (t->over ? 0 : TICKER_LINE_MS);
}

int
ticker_timeout_ms(const struct ticker *t, int64_t now_ms)
{
	if (!t->on)
		return -1;
	return t->next_ms > now_ms ? (int)(t->next_ms - now_ms) : 0;
}

static bool
put(const struct ticker *t, const char *data, size_t len)
{
	struct pollfd room = {.fd = t->fd, .events = POLLOUT};

	return poll(&room, 1, 0) == 1 && (room.revents & POLLOUT) != 0 &&
	       write(t->fd, data, len) == (ssize_t)len;
}

/* The columns and rows of the terminal; 80 and 24 where it does not say. */
static struct winsize
get_size(const struct ticker *t)
{
	struct winsize size;

	if (ioctl(t->fd, TIOCGWINSZ, &size) != 0 || size.ws_col < 2)
		size = (struct winsize){.ws_col = 80, .ws_row = 24};
	return size;
}

/* Adds a line. One that reaches the margin would wrap, and not be drawn
 * over: bytes are columns, or more. */
static void
add_cut(struct text *to, const char *line, size_t len, size_t columns)
{
	if (len >= columns) {
		len = columns - 1;
		while (len > 0 && ((unsigned char)line[len] & 0xc0) == 0x80)
			len--;
	}
	text_add(to, line, len);
}

/* To where the first of the lines begins, with nothing behind it. */
static void
add_erasure(const struct ticker *t, struct text *to)
{
	if (t->shown && t->n_above > 0)
		text_addf(to, "\033[%uA" ERASE_BELOW, t->n_above);
	else
		text_adds(to, ERASE);
}

unsigned
ticker_room(const struct ticker *t, int64_t now_ms)
{
	unsigned rows;

	if (!t->on || !t->over || now_ms < t->next_ms)
		return 0;
	rows = get_size(t).ws_row / 2u;
	return rows < TICKER_ABOVE ? rows : TICKER_ABOVE;
}

static void
draw_over(struct ticker *t, const struct text *line, const struct text *above)
{
	size_t columns = get_size(t).ws_col, n;
	const char *at = above->len > 0 ? above->mem : "";
	struct text all = {0};
	unsigned n_above = 0;

	add_erasure(t, &all);
	for (; *at != '\0'; at += n + (at[n] == '\n'), n_above++) {
		n = strcspn(at, "\n");
		add_cut(&all, at, n, columns);
		text_adds(&all, "\r\n");
	}
	add_cut(&all, line->mem, line->len, columns);
	if (put(t, all.mem, all.len)) {
		t->shown = true;
		t->n_above = n_above;
	}
	text_clear(&all);
}

void
ticker_draw(struct ticker *t, const struct progress *progress,
    const struct text *above, int64_t now_ms)
{
	struct text line = {0};

	if (!t->on || now_ms < t->next_ms)
		return;
	t->next_ms = now_ms + (t->over ? TICKER_DRAW_MS : TICKER_LINE_MS);
	if (!t->over)
		text_adds(&line, "muster: ");
	progress_write_rate(progress, now_ms - t->begun_ms, &line);
	if (t->over) {
		draw_over(t, &line, above);
	} else {
		text_adds(&line, "\n");
		(void)put(t, line.mem, line.len);
	}
	text_clear(&line);
}

void
ticker_hide(struct ticker *t)
{
	struct text erasure = {0};

	if (!t->shown)
		return;
	add_erasure(t, &erasure);
	if (put(t, erasure.mem, erasure.len))
		t->shown = false;
	text_clear(&erasure);
}
