/*
 * draw_parts.c -- pieces that several views are made of.
 *
 * Room: ui.  May touch: draw.h.
 */
#include "config.h"

#include "ui/draw.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *
draw_rule_sign(bool ascii, bool heavy)
{
	if (ascii)
		return heavy ? "=" : "-";
	return heavy ? "\xe2\x94\x81" : "\xe2\x94\x80";
}

const char *
draw_gutter_sign(bool ascii)
{
	return ascii ? "|" : "\xe2\x94\x82";
}

void
draw_rule(const struct draw *d, int y, const char *text, const char *end)
{
	const char *sign = draw_rule_sign(d->ascii, false);
	int w = d->c->w, n;

	cells_fill(d->c, 0, y, w, sign, DRAW_DIM);
	if (text != NULL && w > 8) {
		cells_puts(d->c, 2, y, 1, " ", DRAW_PLAIN);
		n = cells_puts(d->c, 3, y, w - 5, text, DRAW_BOLD);
		cells_puts(d->c, 3 + n, y, 1, " ", DRAW_PLAIN);
		if (end == NULL || 3 + n + (int)strlen(end) + 4 > w)
			return;
		n = cells_width(end, strlen(end));
		cells_puts(d->c, w - n - 1, y, 1, " ", DRAW_PLAIN);
		cells_puts(d->c, w - n, y, n, end, DRAW_BOLD);
	}
}

/* Cells of a bar: each part its share, one cell at least where some are bad,
 * what is over comes off the others. */
static void
share(const size_t parts[4], size_t total, int width, int out[4])
{
	int sum = 0;

	for (int i = 0; i < 3; i++) {
		out[i] = total == 0
			     ? 0
			     : (int)((parts[i] * (size_t)width * 2 + total) /
				     (2 * total));
		if (i == 1 && parts[i] > 0 && out[i] == 0)
			out[i] = 1;
		sum += out[i];
	}
	for (int i = 2; i >= 0 && sum > width; i -= 2)
		while (out[i] > 0 && sum > width) {
			out[i]--;
			sum--;
		}
	out[3] = width - sum;
}

int
draw_bar(const struct draw *d, int x, int y, const size_t parts[4],
    size_t total, int width)
{
	static const char *const signs[2][4] = {
	    {"\xe2\x96\x88", "\xe2\x96\x93", "\xe2\x96\x92", "\xe2\x96\x91"},
	    {"=", "X", ">", " "}};
	static const enum cell_class classes[4] = {
	    CELL_OK, CELL_PLAIN, CELL_RUN, CELL_PLAIN};
	int n[4];

	share(parts, total, width, n);
	x += cells_puts(d->c, x, y, 1, "[", DRAW_PLAIN);
	for (int i = 0; i < 4; i++) {
		cells_fill(d->c, x, y, n[i], signs[d->ascii][i],
		    (struct look){.class = classes[i],
			.flags = i == 1 ? MUSTER_STYLE_BOLD : 0});
		x += n[i];
	}
	return x + cells_puts(d->c, x, y, 1, "]", DRAW_PLAIN);
}

void
draw_time(char out[DRAW_TIME], int64_t us, bool coarse)
{
	int64_t s = us / 1000000;

	if (us < 0)
		(void)snprintf(out, DRAW_TIME, "-");
	else if (s >= 86400)
		(void)snprintf(out, DRAW_TIME, "%" PRId64 "d%02dh", s / 86400,
		    (int)(s / 3600 % 24));
	else if (s >= 3600)
		(void)snprintf(out, DRAW_TIME, "%dh%02dm", (int)(s / 3600),
		    (int)(s / 60 % 60));
	else if (s >= 100 && !coarse)
		(void)snprintf(
		    out, DRAW_TIME, "%dm%02ds", (int)(s / 60), (int)(s % 60));
	else if (s >= 100)
		(void)snprintf(out, DRAW_TIME, "%dm", (int)(s / 60));
	else if (coarse)
		(void)snprintf(out, DRAW_TIME, "%ds", (int)s);
	else
		(void)snprintf(
		    out, DRAW_TIME, "%d.%ds", (int)s, (int)(us / 100000 % 10));
}

void
draw_bytes(char out[DRAW_TIME], uint64_t n)
{
	static const char units[] = "KMGTPE";
	double x = (double)n;
	int i = -1;

	if (n < 1024) {
		(void)snprintf(out, DRAW_TIME, "%" PRIu64 " B", n);
		return;
	}
	while (x >= 1024 && i < 5) {
		x /= 1024;
		i++;
	}
	(void)snprintf(out, DRAW_TIME, "%.1f %ciB", x, units[i]);
}

void
draw_count(char out[DRAW_TIME], uint64_t n)
{
	char digits[DRAW_TIME];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, n);
	size_t to = 0;

	for (int i = 0; i < len && to + 2 < DRAW_TIME; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			out[to++] = ',';
		out[to++] = digits[i];
	}
	out[to] = '\0';
}

/* What kept a host from being reached, in fewer words than the reason. */
static const char *
unreachable_word(enum muster_outcome outcome)
{
	switch (outcome) {
	case MUSTER_DNS_NXDOMAIN:
	case MUSTER_DNS_FAIL:
		return "no name";
	case MUSTER_CONN_REFUSED:
		return "refused";
	case MUSTER_CONN_UNREACH:
		return "no route";
	case MUSTER_CONN_RESET:
		return "cut off";
	case MUSTER_NOT_SSH:
	case MUSTER_SSH1_ONLY:
		return "not ssh";
	case MUSTER_THROTTLED:
		return "throttled";
	case MUSTER_KEX_NOMATCH:
		return "no cipher";
	case MUSTER_JUMP_FAIL:
		return "no way";
	default:
		return "unreachable";
	}
}

void
draw_word(
    char out[DRAW_WORD], const struct model *m, const struct model_host *h)
{
	char age[DRAW_TIME];

	switch (h->badge) {
	case BADGE_FAILED:
		(void)snprintf(out, DRAW_WORD, "exit %" PRIu32, h->code);
		break;
	case BADGE_SIGNAL:
		(void)snprintf(out, DRAW_WORD, "SIG%s", h->signal);
		break;
	case BADGE_UNREACHABLE:
		(void)snprintf(
		    out, DRAW_WORD, "%s", unreachable_word(h->outcome));
		break;
	case BADGE_QUIET:
		draw_time(age, m->now_us - h->last_us, true);
		(void)snprintf(out, DRAW_WORD, "quiet %s", age);
		break;
	case BADGE_CONNECTING:
		(void)snprintf(
		    out, DRAW_WORD, "%s", muster_state_word(h->state));
		break;
	case BADGE_CANCELLED:
		(void)snprintf(out, DRAW_WORD, "%s",
		    h->outcome == MUSTER_KILLED_LOCAL ? "killed" : "cancelled");
		break;
	default:
		(void)snprintf(out, DRAW_WORD, "%s", badge_row(h->badge)->word);
		break;
	}
}

void
draw_exit(char out[DRAW_WORD], const struct model_host *h)
{
	if (h->outcome == MUSTER_EXIT)
		(void)snprintf(out, DRAW_WORD, "%" PRIu32, h->code);
	else if (h->outcome == MUSTER_SIGNAL)
		(void)snprintf(out, DRAW_WORD, "%s", h->signal);
	else
		(void)snprintf(out, DRAW_WORD, "%s",
		    badge_row(h->badge)->is_end ? "-" : "");
}

void
draw_last(
    const struct draw *d, int x, int y, int max, const struct model_host *h)
{
	bool is_bad = model_is_trouble(h);
	const struct muster_shown_line *l = shown_last(&h->shown, is_bad);

	if (h->outcome != MUSTER_EXIT && h->reason != NULL)
		cells_puts(d->c, x, y, max, h->reason, DRAW_PLAIN);
	else if (l != NULL)
		cells_line(d->c, x, y, max, &l->line, 0);
}

void
draw_badge(const struct draw *d, int x, int y, const struct model_host *h)
{
	cells_puts(d->c, x, y, 1, badge_sign(h->badge, d->ascii),
	    DRAW_CLASS(badge_row(h->badge)->class));
}
