/*
 * visible.c -- what a host sent, put on a line so that it can be seen.
 *
 * Room: engine/base.  May touch: muster.h, glyph.h, line.h, style.h.
 */
#include "config.h"

#include "base/glyph.h"
#include "base/limits.h"
#include "base/style.h"
#include "base/visible.h"

static bool
put_glyph(struct line *l, uint32_t cp, unsigned width,
    const struct muster_style *style)
{
	struct muster_style visible = style_visible(*style);

	return line_put(l, cp, width, &visible);
}

/* Puts a mark, whole or not at all. */
static bool
put_mark(struct line *l, const char *text, size_t len,
    const struct muster_style *style)
{
	struct muster_style visible = style_visible(*style);

	if (l->col + len > LIMIT_LINE_COLUMNS)
		return false;
	visible.flags ^= MUSTER_STYLE_REVERSE;
	return line_put_ascii(l, text, len, &visible) == len;
}

/* "<9b>", "<U+202E>", "<U+E0041>". */
static bool
put_number(struct line *l, uint32_t cp, const struct muster_style *style)
{
	static const char lower[] = "0123456789abcdef";
	static const char upper[] = "0123456789ABCDEF";
	bool is_byte = cp < 0xa0;
	int digits = is_byte ? 2 : cp > 0xfffff ? 6 : cp > 0xffff ? 5 : 4;
	char mark[16] = "<U+";
	size_t len = is_byte ? 1 : 3;

	while (digits-- > 0)
		mark[len++] =
		    (is_byte ? lower : upper)[cp >> (4 * digits) & 0xf];
	mark[len++] = '>';
	return put_mark(l, mark, len, style);
}

bool
visible_put_bad(
    struct line *l, const struct muster_style *style, unsigned flags)
{
	bool is_ascii_only = (flags & MUSTER_CLEAN_ASCII) != 0;

	return put_glyph(l, is_ascii_only ? '?' : GLYPH_REPLACEMENT, 1, style);
}

bool
visible_put(struct line *l, uint32_t cp, const struct muster_style *style,
    unsigned flags)
{
	bool is_ascii_only = (flags & MUSTER_CLEAN_ASCII) != 0;
	unsigned width;

	if (cp < 0xa0)
		return put_number(l, cp, style);
	switch (glyph_kind(cp, &width)) {
	case GLYPH_PRINT:
		return is_ascii_only ? put_number(l, cp, style)
				     : put_glyph(l, cp, width, style);
	case GLYPH_MARK:
		if (is_ascii_only)
			return put_number(l, cp, style);
		line_mark(l, cp);
		return true;
	case GLYPH_IGNORED:
		return true;
	case GLYPH_NAMED:
		return put_number(l, cp, style);
	case GLYPH_UNKNOWN:
		break;
	}
	return visible_put_bad(l, style, flags);
}

bool
visible_put_ascii(struct line *l, uint8_t c, const struct muster_style *style)
{
	return put_glyph(l, c, 1, style);
}

bool
visible_put_control(
    struct line *l, uint8_t byte, const struct muster_style *style)
{
	const char mark[2] = {'^', (char)(byte ^ 0x40)};

	return put_mark(l, mark, 2, style);
}
