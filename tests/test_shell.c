/*
 * test_shell.c -- quoted words, read back by /bin/sh.
 *
 * Room: tests.  May touch: engine/base, muster.h.
 */
#include "config.h"

#include "base/mem.h"
#include "base/shell.h"
#include "muster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
test_words_are_quoted_where_they_must(void **state)
{
	static const struct {
		const char *word, *quoted;
	} cases[] = {
	    {"", "''"},
	    {"plain", "plain"},
	    {"user@host:22", "user@host:22"},
	    {"--opt=a,b", "--opt=a,b"},
	    {"web[1-3]", "'web[1-3]'"},
	    {"two words", "'two words'"},
	    {"it's", "'it'\\''s'"},
	    {"'", "''\\'''"},
	    {"$(id)`id`\\", "'$(id)`id`\\'"},
	    {"~", "'~'"},
	    {"a\nb", "'a\nb'"},
	    {"!", "'!'"},
	    {"\xc3\xa9", "'\xc3\xa9'"},
	};
	struct buf b;

	(void)state;
	buf_init(&b, 100);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		buf_reset(&b);
		assert_true(shell_add_word(&b, cases[i].word));
		assert_string_equal(buf_str(&b), cases[i].quoted);
	}
	buf_clear(&b);
}

static void
test_what_does_not_fit_is_left_out(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 8);
	assert_true(shell_add_word(&b, "abc"));
	assert_false(shell_add_word(&b, "it's"));
	assert_string_equal(buf_str(&b), "abc");
	buf_clear(&b);
}

#define N_WORDS 400

/* Random words: any byte but NUL, with many that mean something to a shell. */
static char *
make_word(uint32_t *seed)
{
	static const char special[] = "'\"\\$`!*?[]{}()<>|&;#~ \t\n=%^-";
	char word[24] = "";
	size_t len;

	*seed = *seed * 1103515245 + 12345;
	len = *seed >> 16 & 15;
	for (size_t i = 0; i < len; i++) {
		uint32_t r;

		*seed = *seed * 1103515245 + 12345;
		r = *seed >> 8;
		word[i] = (r & 1) != 0 ? special[(r >> 1) % strlen(special)]
				       : (char)(1 + (r >> 1) % 255);
	}
	return mem_strdup(word);
}

static void
test_the_shell_reads_random_words_back(void **state)
{
	const char *words[N_WORDS];
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 5; round++) {
		char command[N_WORDS * 100], got[32];
		char *quoted;
		FILE *shell;

		for (size_t i = 0; i < N_WORDS; i++)
			words[i] = make_word(&seed);
		quoted = muster_quote_words(words, N_WORDS);
		(void)snprintf(
		    command, sizeof(command), "printf '%%s\\0' %s", quoted);
		shell = popen(command, "r");
		assert_non_null(shell);
		for (size_t i = 0; i < N_WORDS; i++) {
			size_t len = strlen(words[i]) + 1;

			assert_int_equal(fread(got, 1, len, shell), len);
			assert_memory_equal(got, words[i], len);
			free((char *)(uintptr_t)words[i]);
		}
		assert_int_equal(fgetc(shell), EOF);
		assert_int_equal(pclose(shell), 0);
		muster_string_free(quoted);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_words_are_quoted_where_they_must),
	    cmocka_unit_test(test_what_does_not_fit_is_left_out),
	    cmocka_unit_test(test_the_shell_reads_random_words_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
