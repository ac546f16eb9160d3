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
#include <sys/ioctl.h>
#include <unistd.h>

#define ERASE "\r\033[K"

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

/* A line that reaches the margin would wrap, and not be drawn over. */
static void
cut(const struct ticker *t, struct text *line)
{
	struct winsize size;

	if (ioctl(t->fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 &&
	    line->len >= size.ws_col)
		line->len = size.ws_col - 1u;
}

void
ticker_draw(struct ticker *t, const struct progress *progress, int64_t now_ms)
{
	struct text line = {0}, all = {0};

	if (!t->on || now_ms < t->next_ms)
		return;
	t->next_ms = now_ms + (t->over ? TICKER_DRAW_MS : TICKER_LINE_MS);
	progress_write_rate(progress, now_ms - t->begun_ms, &line);
	if (t->over) {
		cut(t, &line);
		text_adds(&all, ERASE);
		text_add(&all, line.mem, line.len);
		t->shown = put(t, all.mem, all.len);
	} else {
		text_addf(&all, "muster: %s\n", text_str(&line));
		(void)put(t, all.mem, all.len);
	}
	text_clear(&line);
	text_clear(&all);
}

void
ticker_hide(struct ticker *t)
{
	if (t->shown && put(t, ERASE, sizeof(ERASE) - 1))
		t->shown = false;
}
