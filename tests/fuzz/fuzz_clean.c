/*
 * fuzz_clean.c -- nothing a host sends gets to the terminal but text.
 *
 * Room: tests/fuzz.  May touch: engine/muster.h, engine/base.
 * For any input: the output follows the grammar, cleaning it again changes
 * nothing, cutting the input anywhere changes nothing, its length is bounded
 * by that of the input, and the columns told are those of the text.
 */
#include "config.h"

#include "base/buf.h"
#include "base/glyph.h"
#include "base/limits.h"
#include "muster.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A byte of input becomes at most 12: a glyph between two changes of style;
 * and each line may have its free columns. */
#define BYTES_A_BYTE 12
#define BYTES_A_LINE (LIMIT_LINE_FREE_COLUMNS + 1)

/* The length of a SGR sequence of ours: ESC [ digits and ';' m. */
static size_t
skip_sgr(const char *text, size_t len)
{
	size_t n = 2;

	if (len < 4 || text[0] != '\033' || text[1] != '[')
		return 0;
	while (
	    n < len && (text[n] == ';' || (text[n] >= '0' && text[n] <= '9')))
		n++;
	return n < len && text[n] == 'm' ? n + 1 : 0;
}

/* Asserts the grammar (print | SGR)*; returns the columns. */
static size_t
check_text(const char *text, size_t len, bool sgr)
{
	struct glyph_utf8 decoder = {0};
	size_t columns = 0;

	for (size_t i = 0; i < len;) {
		size_t n = sgr ? skip_sgr(text + i, len - i) : 0;
		enum glyph_step step;
		unsigned width;
		uint32_t cp;

		i += n;
		if (n > 0)
			continue;
		step = glyph_decode(&decoder, (uint8_t)text[i++], &cp);
		assert(step == GLYPH_MORE || step == GLYPH_DONE);
		if (step == GLYPH_MORE)
			continue;
		assert(cp >= 0x20 && !(cp >= 0x7f && cp < 0xa0));
		switch (glyph_kind(cp, &width)) {
		case GLYPH_PRINT:
			columns += width;
			break;
		case GLYPH_MARK:
			break;
		default:
			abort();
		}
	}
	assert(decoder.n_left == 0);
	return columns;
}

static void
check_spans(const struct muster_line *line)
{
	size_t at = 0;

	for (size_t i = 0; i < line->n_spans; i++) {
		assert(i == 0 || line->spans[i].at > at);
		at = line->spans[i].at;
		assert(at < line->len);
		assert((line->text[at] & 0xc0) != 0x80);
	}
}

static void
add_line(struct buf *out, const struct muster_line *line, unsigned flags)
{
	size_t columns =
	    check_text(line->text, line->len, flags & MUSTER_CLEAN_SGR);

	assert(columns == line->columns);
	assert(line->columns <= LIMIT_LINE_COLUMNS);
	check_spans(line);
	buf_add(out, line->text, line->len);
	buf_addc(out, '\n');
}

/* Cleans in chunks of `chunk` bytes; looks at an unfinished line here and
 * there. */
static struct buf
clean(const void *data, size_t size, size_t chunk, unsigned flags)
{
	const char *p = data;
	struct muster_clean c;
	struct muster_line line;
	struct buf out;

	buf_init(&out, SIZE_MAX / 2);
	muster_clean_init(&c, flags);
	while (size > 0) {
		size_t len = size < chunk ? size : chunk;

		size -= len;
		while (muster_clean_next(&c, &p, &len, &line))
			add_line(&out, &line, flags);
		assert(len == 0);
		if (size % 97 == 0 && muster_clean_peek(&c, &line))
			check_text(
			    line.text, line.len, flags & MUSTER_CLEAN_SGR);
	}
	while (muster_clean_last(&c, &line))
		add_line(&out, &line, flags);
	assert(c.pending == NULL);
	return out;
}

static void
check_same(const struct buf *a, const struct buf *b)
{
	assert(a->len == b->len);
	assert(a->len == 0 || memcmp(buf_data(a), buf_data(b), a->len) == 0);
}

static size_t
count_lines(const struct buf *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += buf_data(b)[i] == '\n';
	return n;
}

static void
check_flags(const uint8_t *data, size_t size, unsigned flags)
{
	struct buf whole = clean(data, size, size + 1, flags);
	struct buf bytes = clean(data, size, 1, flags);
	struct buf chunks = clean(data, size, 1 + size % 13, flags);
	struct buf again = clean(buf_data(&whole), whole.len, 4096, flags);

	check_same(&whole, &bytes);
	check_same(&whole, &chunks);
	check_same(&whole, &again);
	assert(whole.len <=
	       BYTES_A_BYTE * size + BYTES_A_LINE * count_lines(&whole));
	buf_clear(&whole);
	buf_clear(&bytes);
	buf_clear(&chunks);
	buf_clear(&again);
}

static void
check_one_line(const uint8_t *data, size_t size)
{
	char text[LIMIT_REMOTE_TEXT + 1], again[LIMIT_REMOTE_TEXT + 1];
	size_t len = muster_clean_text(text, sizeof(text), data, size);

	assert(len == strlen(text) && len < sizeof(text));
	check_text(text, len, false);
	assert(muster_clean_text(again, sizeof(again), text, len) == len);
	assert(memcmp(text, again, len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	check_flags(data, size, 0);
	check_flags(data, size, MUSTER_CLEAN_SGR);
	check_flags(data, size, MUSTER_CLEAN_SGR | MUSTER_CLEAN_ASCII);
	check_one_line(data, size);
	return 0;
}
