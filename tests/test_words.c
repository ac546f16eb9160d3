/*
 * test_words.c -- splitting configuration lines.
 *
 * Room: tests.  May touch: conf/words.h.
 */
#include "config.h"

#include "conf/words.h"

#include "muster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
test_a_line_becomes_a_keyword_and_its_words(void **unused)
{
	/* Words are shown with '|' between. */
	static const struct {
		const char *line;
		const char *keyword;
		const char *words;
	} cases[] = {
	    {"Port 22", "port", "22"},
	    {"  PORT\t22  \r\n", "port", "22"},
	    {"Port=22", "port", "22"},
	    {"Port = 22", "port", "22"},
	    {"Port= =22", "port", "=22"},
	    {"=Port 22", "port", "22"},
	    {"\"Port\" 22", "port", "22"},
	    {"Po\"rt\"22", "port", "22"},
	    {"Host a b  c", "host", "a|b|c"},
	    {"Host a #b c", "host", "a"},
	    {"Host a#b", "host", "a#b"},
	    {"Host \"#a\"", "host", "#a"},
	    {"Host 'a b' \"c d\"", "host", "a b|c d"},
	    {"Host a'b c'd", "host", "ab cd"},
	    {"Host \"\" ''", "host", "|"},
	    {"Host a\\ b", "host", "a b"},
	    {"Host \"a\\ b\"", "host", "a\\ b"},
	    {"Host a\\\"b\\'c\\\\d\\e", "host", "a\"b'c\\d\\e"},
	    {"Host \"it's\" 'a \"b\"'", "host", "it's|a \"b\""},
	    {"Host a\rb", "host", "a\rb"},
	    {"Host # all of it", "host", ""},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char joined[256] = "";
		struct words w;

		assert_int_equal(
		    words_parse(&w, cases[i].line, strlen(cases[i].line), NULL),
		    0);
		assert_string_equal(w.keyword, cases[i].keyword);
		for (size_t j = 0; j < w.n; j++)
			snprintf(joined + strlen(joined),
			    sizeof(joined) - strlen(joined), "%s%s",
			    j > 0 ? "|" : "", w.list[j]);
		assert_string_equal(joined, cases[i].words);
		words_clear(&w);
	}
}

static void
test_blank_lines_and_comments_have_no_keyword(void **unused)
{
	static const char *const lines[] = {"", "\n", " \t\r\n", "# Host a",
	    "  #Host", "==Host a", "\"Host a", "\"#\" a"};

	(void)unused;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct words w;

		assert_int_equal(
		    words_parse(&w, lines[i], strlen(lines[i]), NULL), 0);
		assert_null(w.keyword);
		words_clear(&w);
	}
}

static void
test_positions_are_offsets_in_the_line(void **unused)
{
	static const char line[] = "  Host  a \"b c\"  d ";
	struct words w;

	(void)unused;
	assert_int_equal(words_parse(&w, line, strlen(line), NULL), 0);
	assert_int_equal(w.keyword_at, 2);
	assert_int_equal(w.rest_at, 8);
	assert_int_equal(w.n, 3);
	assert_int_equal(w.at[0], 8);
	assert_int_equal(w.at[1], 10);
	assert_int_equal(w.at[2], 17);
	assert_int_equal(w.end, 18);
	words_clear(&w);
}

static void
test_an_open_quote_or_a_lone_keyword_is_refused(void **unused)
{
	static const struct {
		const char *line;
		size_t at;
	} cases[] = {{"Host \"a", 5}, {"Host a 'b c", 7}, {"Host a\"", 5},
	    {"Host", 4}, {"Host  \n", 4}, {"  Host =", 8}};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct muster_error err;
		struct words w;

		assert_int_equal(
		    words_parse(&w, cases[i].line, strlen(cases[i].line), &err),
		    -1);
		assert_int_equal(err.code, MUSTER_ERR_SYNTAX);
		assert_int_equal(err.at, cases[i].at);
		assert_non_null(strstr(err.text, "'host'"));
		words_clear(&w);
	}
}

static void
test_words_that_are_taken_outlive_the_line(void **unused)
{
	struct words w;
	char **list;
	size_t n;

	(void)unused;
	assert_int_equal(words_parse(&w, "Host a b", 8, NULL), 0);
	n = w.n;
	list = words_take_list(&w);
	words_clear(&w);
	assert_int_equal(n, 2);
	assert_string_equal(list[1], "b");
	words_free_list(list, n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_a_line_becomes_a_keyword_and_its_words),
	    cmocka_unit_test(test_blank_lines_and_comments_have_no_keyword),
	    cmocka_unit_test(test_positions_are_offsets_in_the_line),
	    cmocka_unit_test(test_an_open_quote_or_a_lone_keyword_is_refused),
	    cmocka_unit_test(test_words_that_are_taken_outlive_the_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
