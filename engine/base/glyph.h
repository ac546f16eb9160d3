/*
 * glyph.h -- code points: out of bytes, into bytes, and what they look like.
 *
 * Room: engine/base.  May touch: libutf8proc; the only place of it.
 * Width and kind do not depend on the locale or on libc.
 */
#ifndef MUSTER_BASE_GLYPH_H
#define MUSTER_BASE_GLYPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GLYPH_REPLACEMENT 0xfffdu

/* A UTF-8 decoder (RFC 3629) that may stop between any two bytes. */
struct glyph_utf8 {
	uint32_t cp;    /* what came so far */
	uint8_t n_left; /* bytes still to come; 0: between code points */
	uint8_t low;    /* the next byte must be at least this */
	uint8_t high;   /* and at most this */
};

enum glyph_step {
	GLYPH_MORE,  /* the byte was taken, more must come */
	GLYPH_DONE,  /* the byte was taken, *cp is complete */
	GLYPH_STRAY, /* the byte was taken and begins nothing */
	GLYPH_BAD,   /* the bytes before were wrong, this one was not taken */
};

/* Takes a byte. A GLYPH_STRAY or GLYPH_BAD stands for one U+FFFD: together
 * they are one for each maximal subpart (Unicode 15, s. 3.9). */
enum glyph_step glyph_decode(struct glyph_utf8 *d, uint8_t byte, uint32_t *cp);

/* Writes a code point as UTF-8. Returns its bytes: 1 to 4. */
size_t glyph_encode(uint32_t cp, char out[4]);

enum glyph_kind {
	GLYPH_PRINT,   /* takes one or two columns */
	GLYPH_MARK,    /* stands on the glyph before it */
	GLYPH_IGNORED, /* zero width: joiners, variation selectors ... */
	GLYPH_NAMED,   /* must be seen: bidi controls, tags, U+2028 ... */
	GLYPH_UNKNOWN, /* unassigned, private, no character */
};

/* What a code point from U+00A0 on (or printable ASCII) is. Sets *width to 1
 * or 2 for GLYPH_PRINT, to 0 otherwise; ambiguous width is 1. */
enum glyph_kind glyph_kind(uint32_t cp, unsigned *width);

#endif
