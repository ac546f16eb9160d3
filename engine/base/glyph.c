/*
 * glyph.c -- code points: out of bytes, into bytes, and what they look like.
 *
 * Room: engine/base.  May touch: muster.h, libutf8proc; the only place of it.
 */
#include "config.h"

#include "base/glyph.h"
#include "muster.h"

#include <utf8proc.h>

/* Begins a sequence of `n_left` more bytes, of which the next lies between
 * `low` and `high`: that keeps out overlong forms and surrogates. */
static enum glyph_step
begin(struct glyph_utf8 *d, uint32_t cp, uint8_t n_left, uint8_t low,
    uint8_t high)
{
	d->cp = cp;
	d->n_left = n_left;
	d->low = low;
	d->high = high;
	return GLYPH_MORE;
}

static enum glyph_step
decode_lead(struct glyph_utf8 *d, uint8_t byte, uint32_t *cp)
{
	if (byte < 0x80) {
		*cp = byte;
		return GLYPH_DONE;
	}
	if (byte < 0xc2 || byte > 0xf4)
		return GLYPH_STRAY;
	if (byte < 0xe0)
		return begin(d, byte & 0x1f, 1, 0x80, 0xbf);
	if (byte < 0xf0)
		return begin(d, byte & 0x0f, 2, byte == 0xe0 ? 0xa0 : 0x80,
		    byte == 0xed ? 0x9f : 0xbf);
	return begin(d, byte & 0x07, 3, byte == 0xf0 ? 0x90 : 0x80,
	    byte == 0xf4 ? 0x8f : 0xbf);
}

enum glyph_step
glyph_decode(struct glyph_utf8 *d, uint8_t byte, uint32_t *cp)
{
	if (d->n_left == 0)
		return decode_lead(d, byte, cp);
	if (byte < d->low || byte > d->high) {
		d->n_left = 0;
		return GLYPH_BAD;
	}
	d->cp = d->cp << 6 | (byte & 0x3f);
	d->low = 0x80;
	d->high = 0xbf;
	if (--d->n_left > 0)
		return GLYPH_MORE;
	*cp = d->cp;
	return GLYPH_DONE;
}

size_t
glyph_encode(uint32_t cp, char out[4])
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

/* Format characters: those that only join or break are not missed, those
 * that turn text around or carry hidden text must be seen. */
static enum glyph_kind
format_kind(uint32_t cp)
{
	if (cp == 0xad || (cp >= 0x200b && cp <= 0x200d) ||
	    (cp >= 0x2060 && cp <= 0x2064) || cp == 0xfeff || cp == 0x180e)
		return GLYPH_IGNORED;
	return GLYPH_NAMED;
}

/* Letters of no width that are not marks stand on what is before them, as
 * the vowels and finals of Hangul do; fillers are blanks in disguise. */
static enum glyph_kind
letter_kind(uint32_t cp, unsigned *width)
{
	int columns = utf8proc_charwidth((utf8proc_int32_t)cp);

	if (cp == 0x115f || cp == 0x1160 || cp == 0x3164 || cp == 0xffa0)
		return GLYPH_NAMED;
	if (columns <= 0)
		return GLYPH_MARK;
	*width = columns > 1 ? 2 : 1;
	return GLYPH_PRINT;
}

enum glyph_kind
glyph_kind(uint32_t cp, unsigned *width)
{
	const utf8proc_property_t *p =
	    utf8proc_get_property((utf8proc_int32_t)cp);

	*width = 0;
	switch (p->category) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_CS:
		return GLYPH_UNKNOWN;
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return GLYPH_NAMED;
	case UTF8PROC_CATEGORY_CF:
		return format_kind(cp);
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
		return p->ignorable ? GLYPH_IGNORED : GLYPH_MARK;
	default:
		return letter_kind(cp, width);
	}
}

/* One code point of a text; 0 for bytes that are none. */
static size_t
decode_text(const char *text, size_t len, uint32_t *cp)
{
	struct glyph_utf8 d = {0};

	for (size_t i = 0; i < len && i < 4; i++) {
		enum glyph_step step = glyph_decode(&d, (uint8_t)text[i], cp);

		if (step == GLYPH_DONE)
			return i + 1;
		if (step != GLYPH_MORE)
			break;
	}
	return 0;
}

size_t
muster_glyph(const char *text, size_t len, unsigned *columns)
{
	uint32_t cp;
	unsigned none;
	size_t n = decode_text(text, len, &cp), more;

	*columns = 1;
	if (n == 0)
		return 1;
	if (cp >= 0xa0)
		(void)glyph_kind(cp, columns);
	while (n < len && (uint8_t)text[n] >= 0xc2 &&
	       (more = decode_text(text + n, len - n, &cp)) > 0 && cp >= 0xa0 &&
	       glyph_kind(cp, &none) == GLYPH_MARK)
		n += more;
	return n;
}
