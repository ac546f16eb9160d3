/*
 * test_stream.c -- lines of hosts, and how they get to a descriptor.
 *
 * Room: tests.  May touch: src/output.h, src/stream.h.
 */
#include "config.h"

#include "src/output.h"
#include "src/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define N_HOSTS 3

struct scene {
	struct output out;
	struct output err;
	struct stream *stream;
};

static void
open_scene(struct scene *s, size_t line_max)
{
	output_init(&s->out, -1, false);
	output_init(&s->err, -1, false);
	s->stream = stream_new(N_HOSTS, line_max, &s->out, &s->err);
}

static void
close_scene(struct scene *s)
{
	stream_free(s->stream);
	output_clear(&s->out);
	output_clear(&s->err);
}

static void
add(struct scene *s, size_t host, const char *label, const char *text)
{
	stream_add(s->stream, host, MUSTER_STDOUT, label, text, strlen(text));
}

static void
assert_lines(struct output *o, const void *lines, size_t len)
{
	assert_int_equal(output_waiting(o), len);
	if (len > 0)
		assert_memory_equal(o->lines.mem, lines, len);
}

static void
assert_text(struct output *o, const char *lines)
{
	assert_lines(o, lines, strlen(lines));
}

static void
test_lines_of_hosts_never_mix(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, STREAM_LINE_MAX);
	add(&s, 0, "a: ", "one\ntw");
	add(&s, 1, "b: ", "un\nde");
	add(&s, 0, "a: ", "o\n\nth");
	assert_text(&s.out, "a: one\nb: un\na: two\na: \n");
	stream_end(s.stream, 1, "b: ");
	stream_end(s.stream, 0, "a: ");
	stream_end(s.stream, 2, "c: ");
	assert_text(&s.out, "a: one\nb: un\na: two\na: \nb: de\na: th\n");
	assert_text(&s.err, "");
	close_scene(&s);
}

static void
test_the_streams_of_a_host_are_apart(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, STREAM_LINE_MAX);
	add(&s, 0, "a: ", "to out");
	stream_add(s.stream, 0, MUSTER_STDERR, "a: ", "to err", 6);
	stream_end(s.stream, 0, "a: ");
	assert_text(&s.out, "a: to out\n");
	assert_text(&s.err, "a: to err\n");
	close_scene(&s);
}

static void
test_bytes_pass_unchanged_and_without_label(void **state)
{
	static const char in[] = "nul\0 cr\r\n\xff\xfe\x1b[31m\rx\xc3\n";
	static const char out[] = "nul\0 cr\r\n\xff\xfe\x1b[31m\rx\xc3\n";
	struct scene s;

	(void)state;
	open_scene(&s, STREAM_LINE_MAX);
	stream_add(s.stream, 0, MUSTER_STDOUT, NULL, in, sizeof(in) - 1);
	assert_lines(&s.out, out, sizeof(out) - 1);
	close_scene(&s);
}

static void
test_one_byte_at_a_time_makes_the_same_lines(void **state)
{
	static const char text[] = "first\r\nsecond\n\nlast";
	struct scene s;

	(void)state;
	open_scene(&s, STREAM_LINE_MAX);
	for (const char *p = text; *p != '\0'; p++)
		stream_add(s.stream, 0, MUSTER_STDOUT, "h: ", p, 1);
	stream_end(s.stream, 0, "h: ");
	assert_text(&s.out, "h: first\r\nh: second\nh: \nh: last\n");
	close_scene(&s);
}

static void
test_a_long_line_goes_out_in_pieces(void **state)
{
	static const struct {
		const char *in[3];
		const char *out;
	} samples[] = {
	    {{"1234\n"}, "h: 1234\n"},
	    {{"12345\n"}, "h: 1234\nh: 5\n"},
	    {{"12345678\n"}, "h: 1234\nh: 5678\n"},
	    {{"1234", "\n"}, "h: 1234\n"},
	    {{"123", "456", "\n"}, "h: 1234\nh: 56\n"},
	    {{"123456789"}, "h: 1234\nh: 5678\nh: 9\n"},
	    {{"12", "3\nabcdefgh\ni\n"}, "h: 123\nh: abcd\nh: efgh\nh: i\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		struct scene s;

		open_scene(&s, 4);
		for (size_t j = 0; j < 3 && samples[i].in[j] != NULL; j++)
			add(&s, 2, "h: ", samples[i].in[j]);
		stream_end(s.stream, 2, "h: ");
		assert_text(&s.out, samples[i].out);
		close_scene(&s);
	}
}

static void
test_a_terminal_gets_clean_text_only(void **state)
{
	struct scene s;

	(void)state;
	(void)setenv("LC_ALL", "C.UTF-8", 1);
	(void)setenv("NO_COLOR", "1", 1);
	open_scene(&s, STREAM_LINE_MAX);
	s.out.clean = true;
	add(&s, 0, "a\033[2J: ", "one\033]0;title\007\033[");
	add(&s, 0, "a\033[2J: ", "31mred\033[m\nnul\x01 \xc3\xa4");
	stream_end(s.stream, 0, "b: ");
	output_text(&s.out, "x\033[2Jy\n", 7);
	assert_null(memchr(s.out.lines.mem, '\033', s.out.lines.len));
	assert_null(memchr(s.out.lines.mem, '\007', s.out.lines.len));
	assert_null(memchr(s.out.lines.mem, '\001', s.out.lines.len));
	output_line(&s.out, NULL, "", 1);
	assert_non_null(strstr(s.out.lines.mem, ": onered\n"));
	assert_non_null(strstr(s.out.lines.mem, "b: nul^A \xc3\xa4\n"));
	assert_non_null(strstr(s.out.lines.mem, "\nxy\n"));
	close_scene(&s);
}

/* Reads all that is in the pipe. */
static size_t
drain(int fd, char *data, size_t size)
{
	size_t len = 0;
	ssize_t n;

	while (len < size && (n = read(fd, data + len, size - len)) > 0)
		len += (size_t)n;
	return len;
}

static void
make_pipe(int fds[2])
{
	assert_int_equal(pipe(fds), 0);
	(void)fcntl(fds[0], F_SETFL, O_NONBLOCK);
}

static void
test_a_slow_reader_gets_every_byte_in_order(void **state)
{
	static char got[1 << 19];
	struct output o;
	size_t len = 0, want = 0;
	int fds[2], n_late = 0;

	(void)state;
	make_pipe(fds);
	output_init(&o, fds[1], false);
	for (int i = 0; i < 20000; i++)
		output_line(&o, "host: ", "0123456789", 10);
	want = output_waiting(&o);
	while (output_flush(&o, -1, 0) == OUTPUT_LATE) {
		n_late++;
		len += drain(fds[0], got + len, 5000);
	}
	len += drain(fds[0], got + len, sizeof(got) - len);
	assert_true(n_late > 1);
	assert_int_equal(len, want);
	for (size_t i = 0; i < len; i += 17)
		assert_memory_equal(got + i, "host: 0123456789\n", 17);
	output_clear(&o);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
test_a_full_pipe_holds_whole_lines_only(void **state)
{
	static char got[1 << 20];
	char line[1000];
	struct output o;
	size_t len;
	int fds[2];

	(void)state;
	memset(line, 'x', sizeof(line));
	make_pipe(fds);
	output_init(&o, fds[1], false);
	for (int i = 0; i < 1000; i++)
		output_line(&o, NULL, line, sizeof(line));
	assert_int_equal(output_flush(&o, -1, 0), OUTPUT_LATE);
	len = drain(fds[0], got, sizeof(got));
	assert_true(len > 0 && len < 1000 * 1001);
	assert_int_equal(len % 1001, 0);
	output_clear(&o);
	(void)close(fds[0]);
	(void)close(fds[1]);
}

static void
test_waiting_ends_when_someone_wakes(void **state)
{
	struct output o;
	int fds[2], wake[2];

	(void)state;
	make_pipe(fds);
	make_pipe(wake);
	output_init(&o, fds[1], false);
	for (int i = 0; i < 20000; i++)
		output_line(&o, NULL, "0123456789", 10);
	assert_int_equal(write(wake[1], "x", 1), 1);
	assert_int_equal(output_flush(&o, wake[0], -1), OUTPUT_WOKEN);
	output_clear(&o);
	for (int i = 0; i < 2; i++) {
		(void)close(fds[i]);
		(void)close(wake[i]);
	}
}

static void
test_a_reader_that_left_is_told_once(void **state)
{
	struct output o;
	int fds[2];

	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	make_pipe(fds);
	(void)close(fds[0]);
	output_init(&o, fds[1], false);
	output_line(&o, "h: ", "x", 1);
	assert_int_equal(output_flush(&o, -1, -1), OUTPUT_DONE);
	assert_int_equal(o.error, EPIPE);
	output_line(&o, "h: ", "x", 1);
	assert_int_equal(output_waiting(&o), 0);
	(void)close(fds[1]);
}

static void
test_a_full_disk_is_noticed(void **state)
{
	struct output o;
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	if (fd < 0)
		skip();
	output_init(&o, fd, false);
	output_line(&o, "h: ", "x", 1);
	assert_int_equal(output_flush(&o, -1, -1), OUTPUT_DONE);
	assert_int_equal(o.error, ENOSPC);
	(void)close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines_of_hosts_never_mix),
	    cmocka_unit_test(test_the_streams_of_a_host_are_apart),
	    cmocka_unit_test(test_bytes_pass_unchanged_and_without_label),
	    cmocka_unit_test(test_one_byte_at_a_time_makes_the_same_lines),
	    cmocka_unit_test(test_a_long_line_goes_out_in_pieces),
	    cmocka_unit_test(test_a_terminal_gets_clean_text_only),
	    cmocka_unit_test(test_a_slow_reader_gets_every_byte_in_order),
	    cmocka_unit_test(test_a_full_pipe_holds_whole_lines_only),
	    cmocka_unit_test(test_waiting_ends_when_someone_wakes),
	    cmocka_unit_test(test_a_reader_that_left_is_told_once),
	    cmocka_unit_test(test_a_full_disk_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
