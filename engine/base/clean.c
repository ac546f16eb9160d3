/*
 * clean.c -- the one gate between the bytes of a host and a screen.
 *
 * Room: engine/base.  May touch: muster.h, glyph.h, line.h, style.h, visible.h.
 * A terminal's parser (ECMA-48, RFC 3629) that obeys almost nothing: SGR and
 * what moves within a line. The rest is dropped, counted or made visible.
 * A stream between two lines holds no memory; lines of plain ASCII are lent
 * from the caller's own bytes.
 *
 *	GROUND -ESC-> ESC -[-> CSI -final-> GROUND
 *	               |  -]PX^_k-> STRING -ST-> GROUND
 *	               +-SP../-> INTER       -LF, too long-> REPLAY -> GROUND
 */
#include "config.h"

#include "base/glyph.h"
#include "base/limits.h"
#include "base/line.h"
#include "base/mem.h"
#include "base/style.h"
#include "base/visible.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum state { GROUND, ESCAPE, INTER, CSI, STRING, STRING_ESCAPE, REPLAY };

enum step {
	TAKEN,    /* the byte is done with */
	AGAIN,    /* the byte was not taken: hand it in once more */
	COMPLETE, /* the byte ended the line */
	FULL,     /* not taken, and the line must be given first */
};

#define CAN 0x18
#define SUB 0x1a
#define ESC 0x1b
#define DEL 0x7f

struct clean_pending {
	struct line line;
	struct glyph_utf8 utf8;
	enum state state;
	bool is_one_line; /* for muster_clean_text(): nothing moves */
	bool is_given;    /* the caller has the line; empty it next time */
	bool is_overlong; /* the CSI sequence did not fit */
	uint8_t seq_len;
	char seq[LIMIT_SEQUENCE_BYTES]; /* of a CSI, without its final */
	struct buf string;              /* a string sequence with its ESC */
	size_t replayed;                /* bytes of it shown so far */
	struct muster_style style;      /* as the host set it */
};

/* ---- control characters ---- */

static enum step
taken_if(bool fits)
{
	return fits ? TAKEN : FULL;
}

/* A byte below 0x20, or DEL, where nothing may be obeyed. */
static enum step
show_control(struct clean_pending *p, uint8_t byte)
{
	if (byte == '\t')
		return taken_if(visible_put_ascii(&p->line, ' ', &p->style));
	return taken_if(visible_put_control(&p->line, byte, &p->style));
}

static enum step
obey_control(struct muster_clean *c, struct clean_pending *p, uint8_t byte)
{
	if (byte == '\a') {
		c->n_bells++;
		return TAKEN;
	}
	if (byte == ESC) {
		p->state = ESCAPE;
		return TAKEN;
	}
	if (p->is_one_line)
		return show_control(p, byte);
	switch (byte) {
	case '\n':
		return COMPLETE;
	case '\r':
		line_go(&p->line, 0);
		return TAKEN;
	case '\t':
		line_tab(&p->line);
		return TAKEN;
	case '\b':
		line_back(&p->line, 1);
		return TAKEN;
	default:
		return show_control(p, byte);
	}
}

/* ---- text ---- */

/* A whole code point. `is_literal`: control characters are shown only. */
static enum step
step_code_point(struct muster_clean *c, struct clean_pending *p, uint32_t cp,
    bool is_literal)
{
	if (cp >= 0x80)
		return taken_if(visible_put(&p->line, cp, &p->style, c->flags));
	if (cp >= 0x20 && cp != DEL)
		return taken_if(
		    visible_put_ascii(&p->line, (uint8_t)cp, &p->style));
	if (is_literal)
		return show_control(p, (uint8_t)cp);
	return obey_control(c, p, (uint8_t)cp);
}

static enum step
put_bad(const struct muster_clean *c, struct clean_pending *p)
{
	return taken_if(visible_put_bad(&p->line, &p->style, c->flags));
}

static enum step
step_text(struct muster_clean *c, struct clean_pending *p, uint8_t byte,
    bool is_literal)
{
	struct glyph_utf8 before = p->utf8;
	enum step step;
	uint32_t cp;

	switch (glyph_decode(&p->utf8, byte, &cp)) {
	case GLYPH_MORE:
		return TAKEN;
	case GLYPH_DONE:
		step = step_code_point(c, p, cp, is_literal);
		break;
	case GLYPH_STRAY:
		step = byte < 0xa0 ? step_code_point(c, p, byte, is_literal)
				   : put_bad(c, p);
		break;
	default:
		step = put_bad(c, p);
		step = step == TAKEN ? AGAIN : step;
		break;
	}
	if (step == FULL)
		p->utf8 = before;
	return step;
}

/* ---- sequences ---- */

static enum step
drop_sequence(struct muster_clean *c, struct clean_pending *p, enum step step)
{
	c->n_dropped++;
	p->state = GROUND;
	return step;
}

/* What ends an unfinished sequence: ESC begins the next, CAN and SUB vanish
 * with it, everything else is looked at again. */
static enum step
break_sequence(struct muster_clean *c, struct clean_pending *p, uint8_t byte)
{
	if (byte == ESC || byte == CAN || byte == SUB) {
		(void)drop_sequence(c, p, TAKEN);
		if (byte == ESC)
			p->state = ESCAPE;
		return TAKEN;
	}
	return drop_sequence(c, p, AGAIN);
}

/* The one number of a sequence. Returns false for anything else. */
static bool
read_number(const struct clean_pending *p, unsigned otherwise, unsigned *n)
{
	*n = p->seq_len == 0 ? otherwise : 0;
	if (p->seq_len > 5)
		return false;
	for (size_t i = 0; i < p->seq_len; i++) {
		if (p->seq[i] < '0' || p->seq[i] > '9')
			return false;
		*n = *n * 10 + (unsigned)(p->seq[i] - '0');
	}
	return true;
}

/* CSI sequences that stay within the line. Returns false for the others. */
static bool
edit_line(struct clean_pending *p, uint8_t final)
{
	unsigned n, count;

	if (p->is_one_line || !read_number(p, final == 'K' ? 0 : 1, &n))
		return false;
	count = n == 0 ? 1 : n;
	switch (final) {
	case 'K':
		line_erase(&p->line, n);
		return n <= 2;
	case 'G':
		line_go(&p->line, count - 1);
		return true;
	case 'C':
		line_forward(&p->line, count);
		return true;
	case 'D':
		line_back(&p->line, count);
		return true;
	case 'X':
		line_blank(&p->line, count);
		return true;
	case 'P':
		line_delete(&p->line, count);
		return true;
	case '@':
		line_insert(&p->line, count);
		return true;
	default:
		return false;
	}
}

static enum step
step_csi(struct muster_clean *c, struct clean_pending *p, uint8_t byte)
{
	bool done;

	if (byte >= 0x20 && byte < 0x40) {
		if (p->seq_len < sizeof(p->seq))
			p->seq[p->seq_len++] = (char)byte;
		else
			p->is_overlong = true;
		return TAKEN;
	}
	if (byte < 0x40 || byte >= DEL)
		return break_sequence(c, p, byte);
	if (p->is_overlong)
		return drop_sequence(c, p, TAKEN);
	done = byte == 'm' ? style_apply(&p->style, p->seq, p->seq_len)
			   : edit_line(p, byte);
	if (!done)
		return drop_sequence(c, p, TAKEN);
	p->state = GROUND;
	return TAKEN;
}

static enum step
step_escape(struct muster_clean *c, struct clean_pending *p, uint8_t byte)
{
	if (p->state == ESCAPE && byte == '[') {
		p->state = CSI;
		p->seq_len = 0;
		p->is_overlong = false;
		return TAKEN;
	}
	if (p->state == ESCAPE && byte != 0 && strchr("]PX^_k", byte) != NULL) {
		const char begin[2] = {ESC, (char)byte};

		p->state = STRING;
		buf_reset(&p->string);
		buf_add(&p->string, begin, 2);
		return TAKEN;
	}
	if (byte >= 0x20 && byte < 0x30) {
		p->state = INTER;
		return TAKEN;
	}
	if (byte >= 0x30 && byte < DEL)
		return drop_sequence(c, p, TAKEN);
	return break_sequence(c, p, byte);
}

static void
begin_replay(struct clean_pending *p)
{
	p->state = REPLAY;
	p->replayed = 0;
}

/* Swallows a string until its end. One that has none is shown, for nothing
 * may hide output. */
static enum step
step_string(struct muster_clean *c, struct clean_pending *p, uint8_t byte)
{
	bool is_osc = buf_data(&p->string)[1] == ']';
	bool is_end = byte == CAN || byte == SUB || (byte == '\a' && is_osc) ||
		      (byte == '\\' && p->state == STRING_ESCAPE);

	if (is_end) {
		buf_clear(&p->string);
		return drop_sequence(c, p, TAKEN);
	}
	if (byte == '\n' || !buf_addc(&p->string, byte)) {
		begin_replay(p);
		return AGAIN;
	}
	p->state = byte == ESC ? STRING_ESCAPE : STRING;
	return TAKEN;
}

/* Shows the next byte of a string that had no end; the byte handed in waits
 * meanwhile. */
static enum step
step_replay(struct muster_clean *c, struct clean_pending *p)
{
	enum step step;

	step = step_text(c, p, buf_data(&p->string)[p->replayed], true);
	if (step == TAKEN && ++p->replayed == p->string.len) {
		buf_clear(&p->string);
		(void)drop_sequence(c, p, AGAIN);
	}
	return step == FULL ? FULL : AGAIN;
}

static enum step
step_byte(struct muster_clean *c, struct clean_pending *p, uint8_t byte)
{
	switch (p->state) {
	case GROUND:
		return step_text(c, p, byte, false);
	case ESCAPE:
	case INTER:
		return step_escape(c, p, byte);
	case CSI:
		return step_csi(c, p, byte);
	case STRING:
	case STRING_ESCAPE:
		return step_string(c, p, byte);
	case REPLAY:
		return step_replay(c, p);
	}
	return TAKEN;
}

/* ---- the stream ---- */

/* How many of the first bytes are printable ASCII. Eight at a time: the
 * additions set the top bit of the first byte that is not. */
static size_t
count_ascii(const char *text, size_t len)
{
	const uint64_t ones = UINT64_MAX / 255;
	size_t n = 0;

	for (; len - n >= 8; n += 8) {
		uint64_t w;

		memcpy(&w, text + n, sizeof(w));
		if (((w - 0x20 * ones) | (w + ones) | w) & 0x80 * ones)
			break;
	}
	while (n < len && (uint8_t)text[n] >= 0x20 && (uint8_t)text[n] < DEL)
		n++;
	return n;
}

static void
take(const char **data, size_t *len, size_t n)
{
	*data += n;
	*len -= n;
}

/* Lends a whole line of plain ASCII from the bytes themselves. */
static bool
take_ascii_line(const char **data, size_t *len, struct muster_line *line)
{
	size_t max = *len < LIMIT_LINE_COLUMNS ? *len : LIMIT_LINE_COLUMNS;
	size_t n = count_ascii(*data, max), end = n;

	if (end < *len && (*data)[end] == '\r')
		end++;
	if (end == *len || (*data)[end] != '\n')
		return false;
	*line = (struct muster_line){.text = *data, .len = n, .columns = n};
	take(data, len, end + 1);
	return true;
}

static bool
is_idle(const struct clean_pending *p)
{
	return p->state == GROUND && p->utf8.n_left == 0 && !p->is_given &&
	       !p->is_one_line && style_is_plain(&p->style) &&
	       line_is_fresh(&p->line);
}

static struct clean_pending *
begin_pending(struct muster_clean *c)
{
	struct clean_pending *p = c->pending;

	if (p == NULL) {
		p = c->pending = mem_new(sizeof(*p));
		line_init(&p->line);
		buf_init(&p->string, LIMIT_STRING_BYTES + 2);
	}
	if (p->is_given) {
		line_reset(&p->line);
		p->is_given = false;
	}
	return p;
}

static bool
give_line(struct muster_clean *c, struct muster_line *line, enum step step)
{
	struct clean_pending *p = c->pending;

	line_show(&p->line, c->flags & MUSTER_CLEAN_SGR, line);
	line->goes_on = step == FULL;
	p->is_given = true;
	if (step != FULL)
		p->style = (struct muster_style){0, 0, 0};
	return true;
}

void
muster_clean_init(struct muster_clean *c, unsigned flags)
{
	*c = (struct muster_clean){.flags = flags};
}

void
muster_clean_clear(struct muster_clean *c)
{
	if (c->pending != NULL) {
		line_clear(&c->pending->line);
		buf_clear(&c->pending->string);
		free(c->pending);
	}
	c->pending = NULL;
}

/* Puts what comes in a run on the line at once. Returns the bytes taken. */
static size_t
step_run(struct clean_pending *p, const char *data, size_t len)
{
	struct muster_style style;
	size_t n;

	if (p->state != GROUND || p->utf8.n_left > 0)
		return 0;
	n = count_ascii(
	    data, len < LIMIT_LINE_COLUMNS ? len : LIMIT_LINE_COLUMNS);
	if (n == 0)
		return 0;
	style = style_visible(p->style);
	n = line_put_ascii(&p->line, data, n, &style);
	line_pay(&p->line, n);
	return n;
}

bool
muster_clean_next(struct muster_clean *c, const char **data, size_t *len,
    struct muster_line *line)
{
	struct clean_pending *p;

	if (c->pending == NULL && take_ascii_line(data, len, line))
		return true;
	p = begin_pending(c);
	if (is_idle(p) && take_ascii_line(data, len, line))
		return true;
	while (*len > 0) {
		enum step step;

		take(data, len, step_run(p, *data, *len));
		if (*len == 0)
			break;
		step = step_byte(c, p, (uint8_t) * *data);
		if (step == TAKEN || step == COMPLETE) {
			take(data, len, 1);
			line_pay(&p->line, 1);
		}
		if (step == COMPLETE || step == FULL)
			return give_line(c, line, step);
	}
	if (is_idle(p))
		muster_clean_clear(c);
	return false;
}

bool
muster_clean_peek(struct muster_clean *c, struct muster_line *line)
{
	struct clean_pending *p = c->pending;

	if (p == NULL || p->is_given || line_is_empty(&p->line))
		return false;
	line_show(&p->line, c->flags & MUSTER_CLEAN_SGR, line);
	return true;
}

bool
muster_clean_last(struct muster_clean *c, struct muster_line *line)
{
	struct clean_pending *p = c->pending;

	if (p == NULL)
		return false;
	p = begin_pending(c);
	if (p->state == STRING || p->state == STRING_ESCAPE)
		begin_replay(p);
	while (p->state == REPLAY)
		if (step_replay(c, p) == FULL)
			return give_line(c, line, FULL);
	if (p->state != GROUND)
		(void)drop_sequence(c, p, TAKEN);
	if (p->utf8.n_left > 0) {
		if (put_bad(c, p) == FULL)
			return give_line(c, line, FULL);
		p->utf8.n_left = 0;
	}
	if (!line_is_empty(&p->line))
		return give_line(c, line, COMPLETE);
	muster_clean_clear(c);
	return false;
}

/* Cuts a text to `max` bytes without splitting a code point. */
static size_t
cut_text(const char *text, size_t max)
{
	while (max > 0 && ((uint8_t)text[max] & 0xc0) == 0x80)
		max--;
	return max;
}

size_t
muster_clean_text(char *dst, size_t size, const void *data, size_t len)
{
	struct muster_line line = {.text = ""};
	struct muster_clean c;
	const char *text = data;
	bool is_cut;
	size_t n;

	assert(size > 3);
	while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
		len--;
	muster_clean_init(&c, 0);
	begin_pending(&c)->is_one_line = true;
	if (!muster_clean_next(&c, &text, &len, &line))
		(void)muster_clean_last(&c, &line);
	n = line.len;
	is_cut = line.goes_on || n >= size;
	if (is_cut && n > size - 4)
		n = cut_text(line.text, size - 4);
	memcpy(dst, line.text, n);
	memcpy(dst + n, is_cut ? "..." : "", is_cut ? 4 : 1);
	muster_clean_clear(&c);
	return n + (is_cut ? 3 : 0);
}
