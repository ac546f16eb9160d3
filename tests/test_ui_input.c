/*
 * test_ui_input.c -- bytes of a terminal, as keys.
 *
 * Room: tests.  May touch: ui/input.h, ui/keymap.h.
 */
#include "config.h"

#include "ui/input.h"
#include "ui/keymap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define ALL SIZE_MAX

static void
begin(struct input *in)
{
	input_init(in, 25);
	input_add_sequence(in, "\033OA", INPUT_UP, 0);
	input_add_sequence(in, "\033[[A", INPUT_F1, 0);
	input_add_sequence(in, "\033[1;2D", INPUT_LEFT, INPUT_SHIFT);
}

/* What an event is, as text. */
static void
describe(const struct input_event *e, char *out, size_t size)
{
	char name[KEYMAP_NAME];

	if (keymap_name(e, name))
		(void)snprintf(out, size, "%s ", name);
	else if (e->type == INPUT_PASTE)
		(void)snprintf(out, size, "paste(%.*s%s) ", (int)e->len,
		    e->data, e->is_cut ? "..." : "");
	else if (e->type == INPUT_MOUSE)
		(void)snprintf(
		    out, size, "mouse(%u %u,%u) ", e->code, e->x, e->y);
	else if (e->type == INPUT_FOCUS)
		(void)snprintf(out, size, "focus(%u) ", e->code);
	else
		(void)snprintf(
		    out, size, "reply(%u %x %u) ", e->code, e->x, e->y);
}

/* All events of bytes that come in chunks of `step`, as text. */
static void
decode(const char *bytes, size_t len, size_t step, char *out, size_t size)
{
	struct input in;
	struct input_event e;
	char one[256];

	begin(&in);
	*out = '\0';
	for (size_t at = 0; at < len; at += step) {
		step = step < len - at ? step : len - at;
		input_feed(&in, bytes + at, step, 1000);
		while (input_next(&in, &e)) {
			describe(&e, one, sizeof(one));
			(void)snprintf(
			    out + strlen(out), size - strlen(out), "%s", one);
		}
	}
	input_expire(&in, 1000000);
	while (input_next(&in, &e)) {
		describe(&e, one, sizeof(one));
		(void)snprintf(
		    out + strlen(out), size - strlen(out), "%s", one);
	}
	input_clear(&in);
}

static const struct {
	const char *bytes, *events;
} cases[] = {
    {"jG ", "j G Space "},
    {"\r\n\t\x7f\b", "Enter Enter Tab BkSp BkSp "},
    {"\x01\x1a\x1c", "Ctrl-a Ctrl-z Ctrl-\\ "},
    {"\xc3\xa9\xe2\x9c\x93\xf0\x9f\x98\x80", "é ✓ 😀 "},
    {"\xc3j\xff", "\xef\xbf\xbd j \xef\xbf\xbd "},
    {"\xed\xa0\x80x", "\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd x "},
    {"\033OA\033[A\033[B", "Up Up Down "},
    {"\033[1;5C\033[1;3A\033[1;2D", "Ctrl-Right Alt-Up Shift-Left "},
    {"\033[5~\033[6~\033[3;5~", "PgUp PgDn Ctrl-Del "},
    {"\033[[A\033OP\033[11~\033[24~", "F1 F1 F1 F12 "},
    {"\033[Z", "Shift-Tab "},
    {"\033x\0331", "Alt-x Alt-1 "},
    {"\033\033[A", "Esc Up "},
    {"\033", "Esc "},
    {"\033[", "Alt-[ "},
    {"j\033[12", "j "},
    {"\033[99;99;99zk", "k "},
    {"\033[0n", "reply(1 0 0) "},
    {"\033[?2026;2$y\033[?64;1c", "reply(2 7ea 2) reply(4 0 0) "},
    {"\033]11;rgb:1e1e/2020/ffff\033\\q", "reply(3 1e20ff 0) q "},
    {"\033]11;rgb:f/0/8\aq", "reply(3 ff0088 0) q "},
    {"\033]11;nonsense\aq", "q "},
    {"\033]52;c;AAAA\033\\\033P1$r0m\033\\q", "q "},
    {"\033[I\033[O", "focus(1) focus(0) "},
    {"\033[<0;3;4M\033[<65;1;1M\033[<0;3;4m",
	"mouse(1 2,3) mouse(65 0,0) mouse(129 2,3) "},
    {"\033[200~one\ntwo\033[31m\033[201~j", "paste(one\ntwo\033[31m) j "},
    {"\033[200~\033[201~", "paste() "},
};

static void
bytes_are_keys(void **state)
{
	char got[512];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		decode(cases[i].bytes, strlen(cases[i].bytes), ALL, got,
		    sizeof(got));
		assert_string_equal(got, cases[i].events);
	}
}

static void
chunks_do_not_matter(void **state)
{
	char got[512];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (size_t step = 1; step < 5; step++) {
			decode(cases[i].bytes, strlen(cases[i].bytes), step,
			    got, sizeof(got));
			assert_string_equal(got, cases[i].events);
		}
	}
}

static void
a_lone_escape_is_a_key_after_a_while(void **state)
{
	struct input in;
	struct input_event e;

	(void)state;
	begin(&in);
	input_feed(&in, "\033", 1, 1000);
	assert_false(input_next(&in, &e));
	assert_int_equal(input_timeout_ms(&in, 1000), 25);
	input_expire(&in, 20000);
	assert_false(input_next(&in, &e));
	input_expire(&in, 26001);
	assert_true(input_next(&in, &e));
	assert_int_equal(e.code, INPUT_ESC);
	assert_int_equal(input_timeout_ms(&in, 30000), -1);
	/* while an answer is due, what begins like one is waited for */
	in.awaits_reply = true;
	input_feed(&in, "\033", 1, 1000);
	assert_true(input_timeout_ms(&in, 1000) > 100);
	input_feed(&in, "[0n", 3, 90000);
	assert_true(input_next(&in, &e));
	assert_int_equal(e.type, INPUT_REPLY);
	input_clear(&in);
}

static void
what_never_ends_is_swallowed(void **state)
{
	struct input in;
	struct input_event e;
	char many[2000];

	(void)state;
	begin(&in);
	memset(many, 'x', sizeof(many));
	input_feed(&in, "\033]0;", 4, 0);
	for (int i = 0; i < 10; i++) {
		input_feed(&in, many, sizeof(many), 0);
		assert_false(input_next(&in, &e));
		assert_true(in.len - in.at <= INPUT_SEQUENCE_MAX);
	}
	input_feed(&in, "\033\\j", 3, 0);
	assert_true(input_next(&in, &e));
	assert_int_equal(e.code, 'j');
	input_clear(&in);
}

static void
a_paste_has_a_limit(void **state)
{
	struct input in;
	struct input_event e;
	char many[65536];

	(void)state;
	begin(&in);
	memset(many, 'x', sizeof(many));
	input_feed(&in, "\033[200~", 6, 0);
	for (int i = 0; i < 20; i++) {
		input_feed(&in, many, sizeof(many), 0);
		assert_false(input_next(&in, &e));
	}
	input_feed(&in, "\033[201~", 6, 0);
	assert_true(input_next(&in, &e));
	assert_int_equal(e.type, INPUT_PASTE);
	assert_int_equal(e.len, INPUT_PASTE_MAX);
	assert_true(e.is_cut);
	input_clear(&in);
}

/* A byte: an escape, any but NUL, or one that sequences are made of. */
static char
noise(void)
{
	static const char some[] = "\033[]O?<;:0129~MmRcn$yABP\\\a\x18\x9b"
				   "\xc3\xa9jq200~201~rgb:/";

	if (rand() % 3 == 0)
		return '\033';
	if (rand() % 9 == 0)
		return (char)(rand() % 255 + 1);
	return some[(size_t)rand() % (sizeof(some) - 1)];
}

/* Any bytes, in any chunks: the same events, and an end to them. */
static void
noise_is_harmless(void **state)
{
	char bytes[200], whole[8192], parts[8192];

	(void)state;
	srand(7);
	for (int round = 0; round < 3000; round++) {
		size_t len = (size_t)rand() % sizeof(bytes);

		for (size_t i = 0; i < len; i++)
			bytes[i] = noise();
		decode(bytes, len, ALL, whole, sizeof(whole));
		decode(
		    bytes, len, (size_t)rand() % 7 + 1, parts, sizeof(parts));
		assert_string_equal(whole, parts);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bytes_are_keys),
	    cmocka_unit_test(chunks_do_not_matter),
	    cmocka_unit_test(a_lone_escape_is_a_key_after_a_while),
	    cmocka_unit_test(what_never_ends_is_swallowed),
	    cmocka_unit_test(a_paste_has_a_limit),
	    cmocka_unit_test(noise_is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
