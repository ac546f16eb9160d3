/*
 * test_clean.c -- the gate between hosts and the screen, rule by rule.
 *
 * Room: tests.  May touch: engine/muster.h, engine/base.
 * tests/fuzz/fuzz_clean.c holds what must be true of any input.
 */
#include "config.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "muster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define E "\033"
#define REV(text) E "[7m" text E "[0m"

struct sample {
	const char *in;
	const char *out; /* lines, each ended by '\n' */
};

static char *
clean_chunks(const char *in, size_t size, size_t chunk, unsigned flags)
{
	struct muster_clean c;
	struct muster_line line;
	struct buf out;

	buf_init(&out, 1 << 26);
	muster_clean_init(&c, flags);
	while (size > 0) {
		size_t len = size < chunk ? size : chunk;

		size -= len;
		while (muster_clean_next(&c, &in, &len, &line)) {
			assert_true(buf_add(&out, line.text, line.len));
			assert_true(buf_addc(&out, '\n'));
		}
	}
	while (muster_clean_last(&c, &line)) {
		assert_true(buf_add(&out, line.text, line.len));
		assert_true(buf_addc(&out, '\n'));
	}
	muster_clean_clear(&c);
	return buf_take_str(&out);
}

/* Whole, and cut in two at each place. */
static void
check_sample(const struct sample *s, unsigned flags)
{
	size_t len = strlen(s->in);
	char *out = clean_chunks(s->in, len, len + 1, flags);

	assert_string_equal(out, s->out);
	free(out);
	for (size_t chunk = 1; chunk < len; chunk++) {
		out = clean_chunks(s->in, len, chunk, flags);
		assert_string_equal(out, s->out);
		free(out);
	}
	out = clean_chunks(s->out, strlen(s->out), SIZE_MAX, flags);
	assert_string_equal(out, s->out);
	free(out);
}

#define CHECK_ALL(samples, flags)                                              \
	for (size_t i = 0; i < sizeof(samples) / sizeof((samples)[0]); i++)    \
	check_sample(&(samples)[i], flags)

static void
test_lines_end_with_lf_or_crlf(void **state)
{
	static const struct sample samples[] = {
	    {"a\nb\n", "a\nb\n"},
	    {"a\r\nb\r\n", "a\nb\n"},
	    {"a\r\r\nb", "a\nb\n"},
	    {"\n\r\n\n", "\n\n\n"},
	    {"no end", "no end\n"},
	    {"", ""},
	    {"\r", ""},
	};

	(void)state;
	CHECK_ALL(samples, 0);
	CHECK_ALL(samples, MUSTER_CLEAN_SGR);
}

static void
test_a_carriage_return_overwrites_the_line(void **state)
{
	static const struct sample samples[] = {
	    {" 10%\r 50%\r100%\n", "100%\n"},
	    {"web-1: forged\rok\n", "okb-1: forged\n"},
	    {"longer text\rnew" E "[K\n", "new\n"},
	    {"old" E "[2K\rnew\n", "new\n"},
	    {"abc\b\bX\n", "aXc\n"},
	    {"\b\b\ba\n", "a\n"},
	    {"a\tb\t\tc\n", "a       b               c\n"},
	    {"1234567\t8\n", "1234567 8\n"},
	    {"12345678\t9\n", "12345678        9\n"},
	    {"abcd\r\tx\n", "abcd    x\n"},
	};

	(void)state;
	CHECK_ALL(samples, 0);
}

static void
test_cursor_moves_stay_on_the_line(void **state)
{
	static const struct sample samples[] = {
	    {"abcdef" E "[3GX\n", "abXdef\n"},
	    {"abcdef" E "[GX\n", "Xbcdef\n"},
	    {"abcdef" E "[3DX\n", "abcXef\n"},
	    {"abcdef" E "[99DX\n", "Xbcdef\n"},
	    {"ab" E "[3CX\n", "ab   X\n"},
	    {"ab" E "[3C\n", "ab\n"},
	    {"abcdef\r" E "[2X\n", "  cdef\n"},
	    {"abcdef\r" E "[2P\n", "cdef\n"},
	    {"abcdef\r" E "[99P\n", "\n"},
	    {"abcdef\r" E "[2@XY\n", "XYabcdef\n"},
	    {"abcdef\r" E "[3C" E "[K\n", "abc\n"},
	    {"abcdef\r" E "[2C" E "[1K\n", "   def\n"},
	    {"abcdef" E "[2Kx\n", "      x\n"},
	    {"abcdef" E "[3Kx\n", "abcdefx\n"},
	    {"ab" E "[2;3GX\n", "abX\n"},
	    {"ab" E "[?2GX\n", "abX\n"},
	    {"x" E "[60Gy\n", "x                                        "
			      "                  y\n"},
	};

	(void)state;
	CHECK_ALL(samples, 0);
}

static void
test_a_wide_glyph_is_never_half_there(void **state)
{
	static const struct sample samples[] = {
	    {"世界\rx\n", "x 界\n"},
	    {"世界\r" E "[Cx\n", " x界\n"},
	    {"a世\r界\n", "界 \n"},
	    {"世界\r" E "[P\n", " 界\n"},
	    {"世界\r" E "[C" E "[K\n", " \n"},
	    {"e\u0301\rx\n", "x\n"},
	    {"ae\u0301\r" E "[2Cx\n", "ae\u0301x\n"},
	};

	(void)state;
	CHECK_ALL(samples, 0);
}

static void
test_control_characters_are_shown(void **state)
{
	static const struct sample plain[] = {
	    {"a\001b\n", "a^Ab\n"},
	    {"\005\013\014\016\017\177\n", "^E^K^L^N^O^?\n"},
	    {"a\ab\n", "ab\n"},
	    {"\x9b"
	     "31mx\n",
		"<9b>31mx\n"},
	    {"\xc2\x9b"
	     "31mx\n",
		"<9b>31mx\n"},
	    {"\xc2\x85\x80\n", "<85><80>\n"},
	    {"a\030b\032c\n", "a^Xb^Zc\n"},
	};
	static const struct sample styled[] = {
	    {"a\001b\n", "a" REV("^A") "b\n"},
	    {"\x9b\n", REV("<9b>") "\n"},
	    {E "[7m\001x\n", "^A" E "[7mx" E "[0m\n"},
	};

	(void)state;
	CHECK_ALL(plain, 0);
	CHECK_ALL(styled, MUSTER_CLEAN_SGR);
}

static void
test_a_nul_is_shown(void **state)
{
	char *out = clean_chunks("a\0b\n", 4, 9, 0);

	(void)state;
	assert_string_equal(out, "a^@b\n");
	free(out);
}

static void
test_harmless_styles_pass(void **state)
{
	static const struct sample samples[] = {
	    {E "[1;31mred" E "[0m.\n", E "[1;31mred" E "[0m.\n"},
	    {E "[31mred\nplain\n", E "[31mred" E "[0m\nplain\n"},
	    {E "[38;5;208mx" E "[39my\n", E "[38;5;208mx" E "[0my\n"},
	    {E "[38:5:208mx\n", E "[38;5;208mx" E "[0m\n"},
	    {E "[48;2;1;2;3mx\n", E "[48;2;1;2;3mx" E "[0m\n"},
	    {E "[38:2::1:2:3mx\n", E "[38;2;1;2;3mx" E "[0m\n"},
	    {E "[38:2:1:2:3mx\n", E "[38;2;1;2;3mx" E "[0m\n"},
	    {E "[4:3mx" E "[4:0my\n", E "[4mx" E "[0my\n"},
	    {E "[21mx" E "[24my\n", E "[4mx" E "[0my\n"},
	    {E "[1;2mx" E "[22;1my\n", E "[1;2mx" E "[22;1my" E "[0m\n"},
	    {E "[93;101mx\n", E "[93;101mx" E "[0m\n"},
	    {E "[3;9mx" E "[23;29my\n", E "[3;9mx" E "[0my\n"},
	    {E "[mx\n", "x\n"},
	};

	(void)state;
	CHECK_ALL(samples, MUSTER_CLEAN_SGR);
}

static void
test_hiding_styles_do_not(void **state)
{
	static const struct sample samples[] = {
	    {E "[8mconceal" E "[5;6mblink" E "[11mfont\n",
		"concealblinkfont\n"},
	    {E "[31;41mx\n", "x\n"},
	    {E "[38;5;16;48;2;0;0;3mx\n", "x\n"},
	    {E "[31;41mx" E "[42my\n", "x" E "[31;42my" E "[0m\n"},
	    {E "[38;2;300;1;1mx\n", "x\n"},
	    {E "[38;5;256mx\n", "x\n"},
	    {E "[38;5mx\n", "x\n"},
	    {E "[>4;2mx" E "[?4mx" E "[1$mx\n", "xxx\n"},
	    {E "[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1mx\n", "x\n"},
	    {E "[65536mx" E "[99999999999999999999mx\n", "xx\n"},
	};

	(void)state;
	CHECK_ALL(samples, MUSTER_CLEAN_SGR);
}

static void
test_styles_go_when_not_asked_for(void **state)
{
	static const struct sample samples[] = {
	    {E "[1;31mred" E "[0m.\n", "red.\n"},
	};

	(void)state;
	CHECK_ALL(samples, 0);
}

static void
test_other_sequences_are_dropped(void **state)
{
	static const struct sample samples[] = {
	    {"a" E "[2J" E "[H" E "[10;10Hb\n", "ab\n"},
	    {"a" E "[?1049h" E "[?2004h" E "[?1000h" E "[6n" E "[cb\n", "ab\n"},
	    {"a" E "c" E "(0" E "7" E "8" E "#8" E "=b\n", "ab\n"},
	    {"a" E "]0;title\ab\n", "ab\n"},
	    {"a" E "]52;c;aGk=" E "\\b\n", "ab\n"},
	    {E "]8;;http://x" E "\\link" E "]8;;" E "\\\n", "link\n"},
	    {"a" E "P$qm" E "\\" E "_x" E "\\" E "^y" E "\\" E "Xz" E "\\b\n",
		"ab\n"},
	    {"a" E "ktitle" E "\\b\n", "ab\n"},
	    {"a" E "]0;x\030b" E "Pq\032c\n", "abc\n"},
	    {"a" E "[21tb\n", "ab\n"},
	    {"a" E E E "[1Ab\n", "ab\n"},
	    {"a" E "[12\030b" E "[3\032c\n", "abc\n"},
	};

	(void)state;
	CHECK_ALL(samples, 0);
	CHECK_ALL(samples, MUSTER_CLEAN_SGR);
}

static void
test_nothing_unfinished_hides_text(void **state)
{
	static const struct sample samples[] = {
	    {"a" E "]0;x\nb\n", "a^[]0;x\nb\n"},
	    {"a" E "Pq1\nb\n", "a^[Pq1\nb\n"},
	    {"a" E "]hidden", "a^[]hidden\n"},
	    {"a" E "Pbell\ab\n", "a^[Pbell^Gb\n"},
	    {"a" E "_x\r\001" E "[2Jy\nb\n", "a^[_x^M^A^[[2Jy\nb\n"},
	    {"a" E "[12\nb\n", "a\nb\n"},
	    {"a" E "\nb\n", "a\nb\n"},
	    {"a" E "[1", "a\n"},
	    {"a" E "[1\xe2\x82\xac\n", "a€\n"},
	    {"a" E "]\xe2\x82\n", "a^[]\xef\xbf\xbd\n"},
	};

	(void)state;
	CHECK_ALL(samples, 0);
}

static void
test_a_string_swallows_4096_bytes_at_most(void **state)
{
	size_t len = LIMIT_STRING_BYTES + 100;
	char *in = mem_new(len + 3);
	char *out;

	(void)state;
	memset(in, 'x', len);
	memcpy(in, "\033]", 2);
	out = clean_chunks(in, len, SIZE_MAX, 0);
	/* "^[" for ESC, and the line goes on after its widest */
	assert_int_equal(strlen(out), len + 1 + 2);
	assert_true(strncmp(out, "^[]xxx", 6) == 0);
	assert_int_equal(out[LIMIT_LINE_COLUMNS], '\n');
	free(out);
	free(in);
}

static void
test_only_real_characters_come_out(void **state)
{
	static const struct sample samples[] = {
	    {"caf\u00e9 世界 \U0001f600\n", "caf\u00e9 世界 \U0001f600\n"},
	    {"\xff\xfe\n", "\ufffd\ufffd\n"},
	    {"\xc0\xaf\n", "\ufffd\ufffd\n"},
	    {"\xed\xa0\xa0\n", "\ufffd\ufffd\ufffd\n"},
	    {"\xf0\x90\x28\n", "\ufffd(\n"},
	    {"\xe2\x82", "\ufffd\n"},
	    {"\xe2\x82\n", "\ufffd\n"},
	    {"\xe2" E "[1mx\n", "\ufffdx\n"},
	    {"a\u202eb\u2066\u200e\u061c\n",
		"a<U+202E>b<U+2066><U+200E><U+061C>\n"},
	    {"a\u200b\u200d\ufeff\ufe0f\u00adb\n", "ab\n"},
	    {"\U000e0041\u2028\u2029\u3164\n",
		"<U+E0041><U+2028><U+2029><U+3164>\n"},
	    {"\ue000\U000f0000\u0378\uffff\n", "\ufffd\ufffd\ufffd\ufffd\n"},
	    {"e\u0301\u0302\u0303\u0304x\n", "e\u0301\u0302\u0303x\n"},
	    {"\u0301x\n", "x\n"},
	};

	(void)state;
	CHECK_ALL(samples, 0);
}

static void
test_ascii_names_what_it_has_not(void **state)
{
	static const struct sample samples[] = {
	    {"caf\u00e9\n", "caf<U+00E9>\n"},
	    {"e\u0301 \U0001f600\n", "e<U+0301> <U+1F600>\n"},
	    {"\xff\n", "?\n"},
	};

	(void)state;
	CHECK_ALL(samples, MUSTER_CLEAN_ASCII);
}

static void
test_a_long_line_goes_on_in_the_next(void **state)
{
	size_t len = 3 * LIMIT_LINE_COLUMNS + 5;
	char *in = mem_new(len);
	const char *at = in;
	struct muster_line line;
	struct muster_clean c;

	(void)state;
	memset(in, 'x', len);
	muster_clean_init(&c, 0);
	for (int i = 0; i < 3; i++) {
		assert_true(muster_clean_next(&c, &at, &len, &line));
		assert_int_equal(line.len, LIMIT_LINE_COLUMNS);
		assert_true(line.goes_on);
	}
	assert_false(muster_clean_next(&c, &at, &len, &line));
	assert_true(muster_clean_last(&c, &line));
	assert_int_equal(line.columns, 5);
	assert_false(line.goes_on);
	assert_false(muster_clean_last(&c, &line));
	free(in);
}

static void
test_moves_do_not_buy_blanks(void **state)
{
	char *out = clean_chunks(E "[4000Cx\n", 9, SIZE_MAX, 0);

	(void)state;
	assert_true(strlen(out) < 64 + 8 * 9);
	free(out);
}

static void
test_spans_tell_the_styles(void **state)
{
	const char *in = "a" E "[1mb" E "[31mc" E "[0md\n";
	size_t len = strlen(in);
	struct muster_line line;
	struct muster_clean c;

	(void)state;
	muster_clean_init(&c, 0);
	assert_true(muster_clean_next(&c, &in, &len, &line));
	assert_int_equal(line.len, 4);
	assert_memory_equal(line.text, "abcd", 4);
	assert_int_equal(line.n_spans, 3);
	assert_int_equal(line.spans[0].at, 1);
	assert_int_equal(line.spans[0].style.flags, MUSTER_STYLE_BOLD);
	assert_int_equal(line.spans[1].at, 2);
	assert_int_equal(line.spans[1].style.fg, MUSTER_COLOUR_INDEX | 1);
	assert_int_equal(line.spans[2].at, 3);
	assert_int_equal(line.spans[2].style.fg, 0);
	muster_clean_clear(&c);
}

static void
test_an_unfinished_line_can_be_seen(void **state)
{
	const char *in = "x\n 42%\r 43%";
	size_t len = strlen(in);
	struct muster_line line;
	struct muster_clean c;

	(void)state;
	muster_clean_init(&c, 0);
	assert_false(muster_clean_peek(&c, &line));
	assert_true(muster_clean_next(&c, &in, &len, &line));
	assert_false(muster_clean_peek(&c, &line));
	assert_false(muster_clean_next(&c, &in, &len, &line));
	assert_true(muster_clean_peek(&c, &line));
	assert_int_equal(line.len, 4);
	assert_memory_equal(line.text, " 43%", 4);
	in = "\r\n";
	len = 2;
	assert_true(muster_clean_next(&c, &in, &len, &line));
	assert_memory_equal(line.text, " 43%", 4);
	assert_false(muster_clean_next(&c, &in, &len, &line));
	assert_null(c.pending);
}

static void
test_what_was_dropped_is_counted(void **state)
{
	const char *in = E "[2J" E "]0;x\a" E "c\a\a" E "[1mx\n";
	size_t len = strlen(in);
	struct muster_line line;
	struct muster_clean c;

	(void)state;
	muster_clean_init(&c, 0);
	assert_true(muster_clean_next(&c, &in, &len, &line));
	assert_int_equal(c.n_dropped, 3);
	assert_int_equal(c.n_bells, 2);
	muster_clean_clear(&c);
}

static void
test_a_short_text_is_one_line(void **state)
{
	static const struct sample samples[] = {
	    {"Too many authentication failures\r\n",
		"Too many authentication failures"},
	    {"a\nweb-2: ok", "a^Jweb-2: ok"},
	    {"a\rb\tc\bd", "a^Mb c^Hd"},
	    {"a" E "[31mb" E "[2K" E "]0;x\ac", "abc"},
	    {E "]0;never ended", "^[]0;never ended"},
	    {"\u202eevil", "<U+202E>evil"},
	    {"", ""},
	    {"exactly fifteen", "exactly fifteen"},
	};
	char text[64], small[16];
	char *long_text = mem_new(100001);

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		size_t len = muster_clean_text(
		    text, sizeof(text), samples[i].in, strlen(samples[i].in));

		assert_string_equal(text, samples[i].out);
		assert_int_equal(len, strlen(text));
	}
	muster_clean_text(small, sizeof(small), "exactly fifteen", 15);
	assert_string_equal(small, "exactly fifteen");
	muster_clean_text(small, sizeof(small), "sixteen letters!", 16);
	assert_string_equal(small, "sixteen lett...");
	muster_clean_text(small, sizeof(small), "12345678901ééééé", 21);
	assert_string_equal(small, "12345678901...");
	memset(long_text, 'x', 100000);
	assert_int_equal(
	    muster_clean_text(text, sizeof(text), long_text, 100000), 63);
	free(long_text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines_end_with_lf_or_crlf),
	    cmocka_unit_test(test_a_carriage_return_overwrites_the_line),
	    cmocka_unit_test(test_cursor_moves_stay_on_the_line),
	    cmocka_unit_test(test_a_wide_glyph_is_never_half_there),
	    cmocka_unit_test(test_control_characters_are_shown),
	    cmocka_unit_test(test_a_nul_is_shown),
	    cmocka_unit_test(test_harmless_styles_pass),
	    cmocka_unit_test(test_hiding_styles_do_not),
	    cmocka_unit_test(test_styles_go_when_not_asked_for),
	    cmocka_unit_test(test_other_sequences_are_dropped),
	    cmocka_unit_test(test_nothing_unfinished_hides_text),
	    cmocka_unit_test(test_a_string_swallows_4096_bytes_at_most),
	    cmocka_unit_test(test_only_real_characters_come_out),
	    cmocka_unit_test(test_ascii_names_what_it_has_not),
	    cmocka_unit_test(test_a_long_line_goes_on_in_the_next),
	    cmocka_unit_test(test_moves_do_not_buy_blanks),
	    cmocka_unit_test(test_spans_tell_the_styles),
	    cmocka_unit_test(test_an_unfinished_line_can_be_seen),
	    cmocka_unit_test(test_what_was_dropped_is_counted),
	    cmocka_unit_test(test_a_short_text_is_one_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
