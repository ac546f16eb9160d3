/*
 * style.c -- SGR sequences: read the harmless ones, write our own.
 *
 * Room: engine/base.  May touch: muster.h, buf.h.
 */
#include "config.h"

#include "base/style.h"

#include <assert.h>
#include <string.h>

#define MAX_PARAMS 16
#define MAX_VALUE 65535

/* The parameters of a sequence; one after a ':' belongs to the one before. */
struct params {
	unsigned value[MAX_PARAMS];
	bool is_sub[MAX_PARAMS];
	size_t n;
};

/* Flags that a code below 10 sets and one of 22 to 29 ends; 0: none. */
static const struct {
	uint8_t on, off;
	uint32_t flag;
} codes[] = {{1, 22, MUSTER_STYLE_BOLD}, {2, 22, MUSTER_STYLE_DIM},
    {3, 23, MUSTER_STYLE_ITALIC}, {4, 24, MUSTER_STYLE_UNDERLINE},
    {7, 27, MUSTER_STYLE_REVERSE}, {9, 29, MUSTER_STYLE_STRIKE}};

#define N_CODES (sizeof(codes) / sizeof(codes[0]))

bool
style_is_plain(const struct muster_style *s)
{
	return s->fg == 0 && s->bg == 0 && s->flags == 0;
}

bool
style_is_same(const struct muster_style *a, const struct muster_style *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->flags == b->flags;
}

static bool
read_params(struct params *p, const char *text, size_t len)
{
	memset(p, 0, sizeof(*p));
	p->n = 1;
	for (size_t i = 0; i < len; i++) {
		unsigned *value = &p->value[p->n - 1];

		if (text[i] >= '0' && text[i] <= '9') {
			*value = *value * 10 + (unsigned)(text[i] - '0');
			if (*value > MAX_VALUE)
				return false;
			continue;
		}
		if ((text[i] != ';' && text[i] != ':') || p->n == MAX_PARAMS)
			return false;
		p->is_sub[p->n++] = text[i] == ':';
	}
	return true;
}

/* How many parameters hang on the one at `i` by ':'. */
static size_t
count_subs(const struct params *p, size_t i)
{
	size_t n = 0;

	while (i + n + 1 < p->n && p->is_sub[i + n + 1])
		n++;
	return n;
}

/* Reads what follows a 38 or 48: "5;n" or "2;r;g;b", or the same with ':'
 * (and maybe an empty colour space before r). Leaves *colour alone when it
 * makes no sense. Returns how many parameters were used. */
static size_t
read_colour(const struct params *p, size_t i, uint32_t *colour)
{
	size_t subs = count_subs(p, i), left = p->n - i - 1;
	const unsigned *v = &p->value[i + 1];

	if (subs > 0)
		left = subs;
	if (left >= 2 && v[0] == 5) {
		if (v[1] <= 255)
			*colour = MUSTER_COLOUR_INDEX | v[1];
		return subs > 0 ? subs : 2;
	}
	if (left >= 4 && v[0] == 2) {
		const unsigned *rgb = subs >= 5 ? v + 2 : v + 1;

		if (rgb[0] <= 255 && rgb[1] <= 255 && rgb[2] <= 255)
			*colour = MUSTER_COLOUR_RGB | rgb[0] << 16 |
				  rgb[1] << 8 | rgb[2];
		return subs > 0 ? subs : 4;
	}
	return subs > 0 ? subs : left;
}

static void
apply_flag(struct muster_style *s, unsigned code)
{
	if (code == 21)
		code = 4; /* a double underline is an underline */
	for (size_t i = 0; i < N_CODES; i++) {
		if (code == codes[i].on)
			s->flags |= codes[i].flag;
		if (code == codes[i].off)
			s->flags &= ~codes[i].flag;
	}
}

static void
apply_code(struct muster_style *s, unsigned code)
{
	if (code == 0)
		*s = (struct muster_style){0, 0, 0};
	else if (code >= 30 && code <= 37)
		s->fg = MUSTER_COLOUR_INDEX | (code - 30);
	else if (code >= 40 && code <= 47)
		s->bg = MUSTER_COLOUR_INDEX | (code - 40);
	else if (code >= 90 && code <= 97)
		s->fg = MUSTER_COLOUR_INDEX | (code - 90 + 8);
	else if (code >= 100 && code <= 107)
		s->bg = MUSTER_COLOUR_INDEX | (code - 100 + 8);
	else if (code == 39)
		s->fg = 0;
	else if (code == 49)
		s->bg = 0;
	else
		apply_flag(s, code);
}

bool
style_apply(struct muster_style *s, const char *params, size_t len)
{
	struct params p;

	if (!read_params(&p, params, len))
		return false;
	for (size_t i = 0; i < p.n; i++) {
		unsigned code = p.value[i];

		if (code == 38 || code == 48) {
			i += read_colour(&p, i, code == 38 ? &s->fg : &s->bg);
			continue;
		}
		/* 4:0 is no underline, 4:3 a curly one */
		if (code == 4 && count_subs(&p, i) > 0 && p.value[i + 1] == 0)
			code = 24;
		apply_code(s, code);
		i += count_subs(&p, i);
	}
	return true;
}

/* Red, green and blue of a colour that is not the terminal's own: the first
 * 16 as xterm has them, then the 6x6x6 cube and the greys. */
static uint32_t
resolve_colour(uint32_t colour)
{
	static const uint32_t first[] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
	    0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000,
	    0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};
	static const uint32_t steps[] = {0, 95, 135, 175, 215, 255};
	uint32_t i = colour & 0xff;

	if (colour & MUSTER_COLOUR_RGB)
		return colour & 0xffffff;
	if (i < 16)
		return first[i];
	if (i >= 232)
		return (8 + (i - 232) * 10) * 0x010101;
	i -= 16;
	return steps[i / 36] << 16 | steps[i / 6 % 6] << 8 | steps[i % 6];
}

struct muster_style
style_visible(struct muster_style s)
{
	uint32_t a, b;

	if (s.fg == 0 || s.bg == 0)
		return s;
	a = resolve_colour(s.fg);
	b = resolve_colour(s.bg);
	for (int shift = 0; shift < 24; shift += 8) {
		int one = a >> shift & 0xff, other = b >> shift & 0xff;

		/* a step and a half of the greys is told apart */
		if (one - other >= 16 || other - one >= 16)
			return s;
	}
	s.fg = s.bg = 0;
	return s;
}

/* A sequence in the making: 16 parameters of at most 3 digits fit. */
struct sequence {
	char text[80];
	size_t len;
};

static void
put_code(struct sequence *q, unsigned code)
{
	char digits[3];
	size_t n = 0;

	do
		digits[n++] = (char)('0' + code % 10);
	while ((code /= 10) > 0 && n < sizeof(digits));
	assert(q->len + n < sizeof(q->text));
	while (n > 0)
		q->text[q->len++] = digits[--n];
	q->text[q->len++] = ';';
}

static void
put_colour(struct sequence *q, uint32_t colour, unsigned base)
{
	uint32_t i = colour & 0xff;

	if (colour == 0) {
		put_code(q, base + 9);
	} else if (colour & MUSTER_COLOUR_RGB) {
		put_code(q, base + 8);
		put_code(q, 2);
		put_code(q, colour >> 16 & 0xff);
		put_code(q, colour >> 8 & 0xff);
		put_code(q, i);
	} else if (i < 16) {
		put_code(q, i < 8 ? base + i : base + 60 + i - 8);
	} else {
		put_code(q, base + 8);
		put_code(q, 5);
		put_code(q, i);
	}
}

static void
put_flags(struct sequence *q, uint32_t from, uint32_t to)
{
	uint32_t weight = MUSTER_STYLE_BOLD | MUSTER_STYLE_DIM;

	/* 22 ends bold and dim alike: what stays is set anew */
	if (from & ~to & weight) {
		put_code(q, 22);
		from &= ~weight;
	}
	for (size_t i = 0; i < N_CODES; i++) {
		if (~from & to & codes[i].flag)
			put_code(q, codes[i].on);
		if (from & ~to & codes[i].flag)
			put_code(q, codes[i].off);
	}
}

void
style_add_change(struct buf *b, const struct muster_style *from,
    const struct muster_style *to)
{
	struct sequence q = {"\033[", 2};

	if (style_is_same(from, to))
		return;
	if (style_is_plain(to)) {
		put_code(&q, 0);
	} else {
		put_flags(&q, from->flags, to->flags);
		if (from->fg != to->fg)
			put_colour(&q, to->fg, 30);
		if (from->bg != to->bg)
			put_colour(&q, to->bg, 40);
	}
	/* the last ';' gives way to the end */
	q.text[q.len - 1] = 'm';
	buf_add(b, q.text, q.len);
}
