/*
 * test_become.c -- the talk before a command as another user.
 *
 * Room: tests.  May touch: ssh/become.h, base/.
 */
#include "config.h"

#include "base/secret.h"
#include "ssh/become.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TEXT_BYTES 4096

static const struct become_order sudo = {.command = "true",
    .user = "root",
    .method = BECOME_SUDO,
    .becomes = true,
    .password = true};

static struct buf shown;

static void
show(void *arg, const void *data, size_t len)
{
	(void)arg;
	assert_true(buf_add(&shown, data, len));
}

static int
setup(void **state)
{
	(void)state;
	buf_init(&shown, 64 * 1024);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	buf_clear(&shown);
	return 0;
}

static void
take(struct become *b, const char *text)
{
	become_take(b, text, strlen(text), show, NULL);
}

static void
prompt_of(const struct become *b, char text[64])
{
	(void)snprintf(text, 64, "[muster%%%s] ", b->secret[0]);
}

static void
marker_of(const struct become *b, char text[64])
{
	(void)snprintf(text, 64, "muster:%s:go", b->secret[1]);
}

static void
test_every_split_of_a_talk_is_understood(void **state)
{
	char text[TEXT_BYTES], prompt[64], marker[64];
	struct become b;
	size_t ready, len;

	(void)state;
	become_init(&b, &sudo);
	prompt_of(&b, prompt);
	marker_of(&b, marker);
	(void)snprintf(text, sizeof(text), "[muster%%lecture]\n%s\r\n", prompt);
	ready = strlen(text);
	(void)snprintf(text + ready, sizeof(text) - ready, "%sout", marker);
	len = strlen(text);
	for (size_t cut = 1; cut < ready; cut++) {
		struct become c = b;

		buf_reset(&shown);
		become_take(&c, text, cut, show, NULL);
		become_take(&c, text + cut, ready - cut, show, NULL);
		assert_int_equal(c.phase, BECOME_PROMPTED);
		c.phase = BECOME_GIVEN;
		for (size_t i = ready; i < len; i++)
			become_take(&c, text + i, 1, show, NULL);
		assert_int_equal(c.phase, BECOME_LET_IN);
		assert_string_equal(buf_str(&shown), "[muster%lecture]\nout");
	}
}

static void
test_the_second_question_is_a_refusal(void **state)
{
	struct become b;
	char prompt[64];

	(void)state;
	become_init(&b, &sudo);
	prompt_of(&b, prompt);
	take(&b, prompt);
	b.phase = BECOME_GIVEN;
	take(&b, "\nSorry, try again.\n");
	take(&b, prompt);
	assert_int_equal(b.phase, BECOME_REFUSED);
	assert_string_equal(buf_str(&shown), "Sorry, try again.\n");
}

static void
test_the_reason_is_what_it_says_first(void **state)
{
	struct become b;
	char prompt[64];

	(void)state;
	become_init(&b, &sudo);
	prompt_of(&b, prompt);
	take(&b, "We trust you have received the usual lecture.\n");
	assert_string_equal(
	    b.last, "We trust you have received the usual lecture.");
	take(&b, prompt);
	b.phase = BECOME_GIVEN;
	take(&b, "\r\nSorry, you are not ");
	take(&b, "allowed to execute '/bin/sh -c printf x\nid\n");
	take(&b, "true' as bin on vm.\n");
	assert_string_equal(b.last,
	    "Sorry, you are not allowed to execute '/bin/sh -c printf x");
}

static void
test_nothing_is_known_once_it_has_begun(void **state)
{
	struct become b;
	char prompt[64], marker[64];

	(void)state;
	become_init(&b, &sudo);
	prompt_of(&b, prompt);
	marker_of(&b, marker);
	take(&b, marker);
	assert_int_equal(b.phase, BECOME_LET_IN);
	b.phase = BECOME_GONE;
	take(&b, prompt);
	take(&b, marker);
	assert_int_equal(b.phase, BECOME_GONE);
	assert_int_equal(shown.len, strlen(prompt) + strlen(marker));
}

static void
test_the_text_says_neither_number_as_it_is_printed(void **state)
{
	static const enum become_method methods[] = {
	    BECOME_SUDO, BECOME_SU, BECOME_DOAS};
	char prompt[64], marker[64];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct become_order o = sudo;
		struct become b;
		struct buf text;

		o.method = methods[i];
		become_init(&b, &o);
		prompt_of(&b, prompt);
		marker_of(&b, marker);
		buf_init(&text, TEXT_BYTES);
		assert_true(become_compose(&b, &o, &text));
		assert_null(strstr(buf_str(&text), prompt));
		assert_null(strstr(buf_str(&text), marker));
		buf_clear(&text);
	}
}

static void
test_su_is_given_what_it_asks_for(void **state)
{
	struct become_order o = sudo;
	struct become b;
	char prompt[64];

	(void)state;
	o.method = BECOME_SU;
	become_init(&b, &o);
	prompt_of(&b, prompt);
	take(&b, "Password: ");
	become_quiet(&b);
	assert_int_equal(b.phase, BECOME_ASKING); /* before our word */
	take(&b, prompt);
	assert_false(become_waits(&b));
	take(&b, "Pass");
	become_quiet(&b);
	assert_int_equal(b.phase, BECOME_ASKING);
	take(&b, "word: ");
	assert_true(become_waits(&b));
	become_quiet(&b);
	assert_int_equal(b.phase, BECOME_PROMPTED);
	assert_string_equal(buf_str(&shown), "Password: ");
}

static void
test_an_echo_is_not_shown(void **state)
{
	struct become_order o = sudo;
	struct become b;
	char prompt[64], marker[64];

	(void)state;
	o.pty = true;
	become_init(&b, &o);
	b.password = secret_new("open-sesame", 11);
	prompt_of(&b, prompt);
	marker_of(&b, marker);
	take(&b, prompt);
	b.phase = BECOME_GIVEN;
	take(&b, "open-se");
	take(&b, "same\r\n");
	take(&b, marker);
	b.phase = BECOME_GONE;
	take(&b, "\r");
	take(&b, "\nout\r\n");
	assert_string_equal(buf_str(&shown), "out\r\n");
	secret_free((struct secret *)(uintptr_t)b.password);
}

static void
test_much_text_that_is_no_question_goes_by(void **state)
{
	struct become_order o = sudo;
	struct become b;
	char prompt[64], text[3000];

	(void)state;
	o.method = BECOME_SU;
	become_init(&b, &o);
	prompt_of(&b, prompt);
	memset(text, 'x', sizeof(text));
	take(&b, prompt);
	become_take(&b, text, sizeof(text), show, NULL);
	become_end(&b, show, NULL);
	assert_int_equal(shown.len, sizeof(text));
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_every_split_of_a_talk_is_understood),
	    TEST(test_the_second_question_is_a_refusal),
	    TEST(test_the_reason_is_what_it_says_first),
	    TEST(test_nothing_is_known_once_it_has_begun),
	    TEST(test_the_text_says_neither_number_as_it_is_printed),
	    TEST(test_su_is_given_what_it_asks_for),
	    TEST(test_an_echo_is_not_shown),
	    TEST(test_much_text_that_is_no_question_goes_by),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
