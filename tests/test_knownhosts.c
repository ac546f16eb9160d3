/*
 * test_knownhosts.c -- what known_hosts files say about a host and its key.
 *
 * Room: tests.  May touch: engine/base, engine/conf, tests/scratch.h.
 * Tables of lines, questions and answers; test_knownhosts_find.c asks
 * ssh-keygen too.
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "conf/knownhosts.h"
#include "tests/scratch.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* A key whose bytes are all `fill`. */
static void
make_blob(struct buf *b, const char *type, int fill)
{
	uint8_t bytes[32];

	memset(bytes, fill, sizeof(bytes));
	buf_init(b, 1000);
	assert_true(buf_add_cstring(b, type));
	assert_true(buf_add_string(b, bytes, sizeof(bytes)));
}

/* Writes text with each %A to %Z replaced by "ssh-ed25519 base64" of the key
 * of that letter, %a to %z by an "ssh-rsa" one. */
static char *
with_keys(const char *text)
{
	struct buf out, blob;

	buf_init(&out, 100000);
	for (const char *p = text; *p != '\0'; p++) {
		if (*p != '%') {
			assert_true(buf_addc(&out, *p));
			continue;
		}
		p++;
		const char *type = *p >= 'a' ? "ssh-rsa" : "ssh-ed25519";
		make_blob(&blob, type, *p);
		assert_true(buf_addf(&out, "%s ", type));
		assert_true(base64_add(&out, buf_data(&blob), blob.len, true));
		buf_clear(&blob);
	}
	return buf_take_str(&out);
}

static struct knownhosts *
read_text(const char *text)
{
	struct knownhosts *k = knownhosts_new();
	char *whole = with_keys(text);

	knownhosts_parse(k, "file", whole, strlen(whole));
	free(whole);
	return k;
}

static enum knownhosts_match
check(const struct knownhosts *k, const char *host, uint16_t port, int letter,
    struct knownhosts_hit *hit)
{
	struct knownhosts_host *h = knownhosts_find(k, host, port);
	enum knownhosts_match match;
	struct buf blob;

	make_blob(&blob, letter >= 'a' ? "ssh-rsa" : "ssh-ed25519", letter);
	match = knownhosts_check(h, buf_data(&blob), blob.len, hit);
	buf_clear(&blob);
	knownhosts_host_free(h);
	return match;
}

#define MATCH KNOWNHOSTS_MATCH
#define UNKNOWN KNOWNHOSTS_UNKNOWN
#define CHANGED KNOWNHOSTS_CHANGED
#define REVOKED KNOWNHOSTS_REVOKED

static const struct {
	const char *text;
	const char *host;
	uint16_t port;
	int key;
	enum knownhosts_match match;
	size_t line; /* of the hit; 0: none */
} answers[] = {
    /* plain names */
    {"web1 %A\n", "web1", 22, 'A', MATCH, 1},
    {"web1 %A\n", "web1", 0, 'A', MATCH, 1},
    {"web1 %A\n", "web1", 22, 'B', CHANGED, 1},
    {"web1 %A\n", "web2", 22, 'A', UNKNOWN, 0},
    {"web1 %A\n", "web", 22, 'A', UNKNOWN, 0},
    {"a %A\n", "a", 22, 'A', MATCH, 1},
    {"10.0.0.1 %A", "10.0.0.1", 22, 'A', MATCH, 1},
    {"::1 %A", "::1", 22, 'A', MATCH, 1},
    {"web1,10.0.0.1,w %A", "10.0.0.1", 22, 'A', MATCH, 1},
    {"web1,10.0.0.1,w %A", "w", 22, 'B', CHANGED, 1},
    {",,w,, %A", "w", 22, 'A', MATCH, 1},
    {"w,w %A", "w", 22, 'A', MATCH, 1},
    /* case */
    {"Web1.Example.COM %A", "web1.example.com", 22, 'A', MATCH, 1},
    {"web1 %A", "WEB1", 22, 'A', MATCH, 1},
    {"W*1 %A", "web1", 22, 'A', MATCH, 1},
    /* the shape of lines */
    {"web1 %A\r\n", "web1", 22, 'A', MATCH, 1},
    {"web1 %A\r\nweb2 %B\r\n", "web2", 22, 'B', MATCH, 2},
    {"web1 %A me@here\r\n", "web1", 22, 'A', MATCH, 1},
    {" \tweb1\t %A\n", "web1", 22, 'A', MATCH, 1},
    {"\n# web1 %A\n  # web1 %A\n\t\nweb1 %B", "web1", 22, 'B', MATCH, 5},
    {"#web1 %A", "web1", 22, 'A', UNKNOWN, 0},
    {"", "web1", 22, 'A', UNKNOWN, 0},
    {"\xef\xbb\xbfweb1 %A", "web1", 22, 'A', MATCH, 1},
    /* ports */
    {"[web1]:2222 %A", "web1", 2222, 'A', MATCH, 1},
    {"[web1]:2222 %A", "web1", 22, 'A', UNKNOWN, 0},
    {"[web1]:2222 %A", "web1", 2223, 'A', UNKNOWN, 0},
    {"web1 %A", "web1", 2222, 'A', UNKNOWN, 0},
    {"[web1]:22 %A", "web1", 22, 'A', UNKNOWN, 0},
    {"[::1]:2222 %A", "::1", 2222, 'A', MATCH, 1},
    {"[web*]:2222 %A", "web7", 2222, 'A', MATCH, 1},
    {"* %A", "web1", 2222, 'A', MATCH, 1},
    {"web? %A", "web1", 2222, 'A', UNKNOWN, 0},
    /* patterns */
    {"web* %A", "web1", 22, 'A', MATCH, 1},
    {"web* %A", "web1", 22, 'B', CHANGED, 1},
    {"web? %A", "web10", 22, 'A', UNKNOWN, 0},
    {"*.a.b %A", "x.y.a.b", 22, 'A', MATCH, 1},
    {"*.a.b %A", "a.b", 22, 'A', UNKNOWN, 0},
    {"db1,web* %A", "db1", 22, 'A', MATCH, 1},
    {"*a*b*c %A", "xaxbxbc", 22, 'A', MATCH, 1},
    {"web*,!web9 %A", "web9", 22, 'A', UNKNOWN, 0},
    {"!web9,web* %A", "web9", 22, 'A', UNKNOWN, 0},
    {"!web9,web* %A", "web8", 22, 'A', MATCH, 1},
    {"!web9 %A", "web8", 22, 'A', UNKNOWN, 0},
    {"web9,!web? %A", "web9", 22, 'A', UNKNOWN, 0},
    /* a refusal in one line says nothing about the others */
    {"web*,!web9 %A\nweb9 %B", "web9", 22, 'B', MATCH, 2},
    /* more than one line */
    {"w %A\nw %B", "w", 22, 'B', MATCH, 2},
    {"w %A\nw %B", "w", 22, 'C', CHANGED, 1},
    {"w %A\nw %A", "w", 22, 'A', MATCH, 1},
    {"w* %B\nw %A", "w", 22, 'A', MATCH, 2},
    {"w* %A\nw %B", "w", 22, 'C', CHANGED, 1},
    /* types */
    {"w %a", "w", 22, 'A', CHANGED, 1},
    {"w %a\nw %B", "w", 22, 'A', CHANGED, 2},
    {"w %a\nw %A", "w", 22, 'A', MATCH, 2},
    /* revoked */
    {"@revoked w %A", "w", 22, 'A', REVOKED, 1},
    {"@revoked * %A\nw %A", "w", 22, 'A', REVOKED, 1},
    {"w %A\n@revoked * %A", "w", 22, 'A', REVOKED, 2},
    {"w %A\n@revoked v %A", "w", 22, 'A', MATCH, 1},
    {"@revoked w %A", "w", 22, 'B', UNKNOWN, 0},
    {"@revoked w %A\nw %B", "w", 22, 'B', MATCH, 2},
    {"@revoked w %A\nw %B", "w", 22, 'C', CHANGED, 2},
    {"@revoked\t[w]:99 %A", "w", 99, 'A', REVOKED, 1},
    /* authorities */
    {"@cert-authority * %A", "w", 22, 'A', UNKNOWN, 0},
    {"@cert-authority * %A\nw %B", "w", 22, 'A', CHANGED, 2},
    {"@cert-authority * %A\nw %A", "w", 22, 'A', MATCH, 2},
    /* what makes no sense is no reason to stop */
    {"w\nv %A", "v", 22, 'A', MATCH, 2},
    {"w ssh-rsa\nw %A", "w", 22, 'A', MATCH, 2},
    {"w ssh-rsa !!!\nw %A", "w", 22, 'A', MATCH, 2},
    {"@huh w %A\nw %A", "w", 22, 'A', MATCH, 2},
    {"@huh w %A\n", "w", 22, 'A', UNKNOWN, 0},
    {"@revoked @cert-authority w %A", "w", 22, 'A', UNKNOWN, 0},
    {"|1|x|y %A\nw %A", "w", 22, 'A', MATCH, 2},
    {"w ssh-rsa AAAAC3NzaC1lZDI1NTE5\nw %A", "w", 22, 'A', MATCH, 2},
    {"w 1024 35 1234567\nw %A", "w", 22, 'A', MATCH, 2},
};

static void
test_lines_answer_as_ssh_reads_them(void **state)
{
	struct knownhosts_hit hit;

	(void)state;
	for (size_t i = 0; i < N(answers); i++) {
		struct knownhosts *k = read_text(answers[i].text);
		enum knownhosts_match match;

		hit.line = 0;
		match = check(
		    k, answers[i].host, answers[i].port, answers[i].key, &hit);
		if (match != answers[i].match || hit.line != answers[i].line)
			fail_msg("'%s' for %s %u: %u at line %zu",
			    answers[i].text, answers[i].host, answers[i].port,
			    match, hit.line);
		assert_int_equal(check(k, answers[i].host, answers[i].port,
				     answers[i].key, NULL),
		    match);
		knownhosts_free(k);
	}
}

/* HMAC-SHA1 of "web1.example.com" under the bytes 0 to 19. */
static void
test_a_hashed_name_is_found(void **state)
{
	struct knownhosts *k = read_text("|1|AAECAwQFBgcICQoLDA0ODxAREhM=|"
					 "hrtfZrKxbKOpN4lnqwTFNWZAgaI= %A\n");
	struct knownhosts_hit hit;

	(void)state;
	assert_int_equal(knownhosts_n_hashed(k), 1);
	assert_int_equal(check(k, "Web1.example.com", 22, 'A', &hit), MATCH);
	assert_int_equal(hit.line, 1);
	assert_int_equal(check(k, "web1.example.com", 22, 'B', &hit), CHANGED);
	assert_int_equal(check(k, "web2.example.com", 22, 'A', &hit), UNKNOWN);
	assert_int_equal(
	    check(k, "web1.example.com", 2222, 'A', &hit), UNKNOWN);
	knownhosts_free(k);
}

static void
test_a_hit_tells_file_line_type_and_fingerprint(void **state)
{
	struct knownhosts *k = read_text("\nweb1 %a\n");
	char finger[DIGEST_FINGERPRINT_BYTES];
	struct knownhosts_hit hit;
	struct buf blob;

	(void)state;
	assert_int_equal(check(k, "web1", 22, 'B', &hit), CHANGED);
	assert_string_equal(hit.file, "file");
	assert_int_equal(hit.line, 2);
	assert_string_equal(hit.type, "ssh-rsa");
	make_blob(&blob, "ssh-rsa", 'a');
	digest_fingerprint(buf_data(&blob), blob.len, finger);
	assert_string_equal(hit.fingerprint, finger);
	buf_clear(&blob);
	knownhosts_free(k);
}

static void
test_the_known_types_are_listed_once_in_order(void **state)
{
	struct knownhosts *k = read_text("w %a\n* %A\nw %b\n@revoked w %Z\n"
					 "@cert-authority x %C\n");
	struct knownhosts_host *h = knownhosts_find(k, "w", 22);
	const char *types[4];

	(void)state;
	assert_int_equal(knownhosts_host_types(h, types, 4), 2);
	assert_string_equal(types[0], "ssh-rsa");
	assert_string_equal(types[1], "ssh-ed25519");
	assert_int_equal(knownhosts_host_types(h, types, 1), 1);
	assert_false(knownhosts_host_has_authority(h));
	knownhosts_host_free(h);
	h = knownhosts_find(k, "x", 22);
	assert_true(knownhosts_host_has_authority(h));
	assert_int_equal(knownhosts_host_types(h, types, 4), 1);
	knownhosts_host_free(h);
	knownhosts_free(k);
}

static void
test_skipped_lines_are_noted_with_file_and_line(void **state)
{
	static const char *const expected[] = {
	    "file:1: no key behind the host; the line is skipped",
	    "file:2: no base64 where the key should be; the line is skipped",
	    "file:4: no base64 where the key should be; the line is skipped",
	    "file:5: a key that is not of the type it says; the line is "
	    "skipped",
	    "file:6: a marker that is not known; the line is skipped",
	    "file:7: two markers; the line is skipped",
	    "file:8: a bad hash where the host should be; the line is skipped",
	    "file:9: no key behind the host; the line is skipped",
	};
	struct knownhosts *k = read_text("w\nw ssh-rsa\n# fine\nw ssh-rsa !\n"
					 "w ssh-rsa AAAAA2Zvbw==\n@x w %A\n"
					 "@revoked @revoked w %A\n|1|a|b %A\n"
					 "w # no key\nw %A");

	(void)state;
	assert_int_equal(knownhosts_n_notes(k), N(expected));
	for (size_t i = 0; i < N(expected); i++)
		assert_string_equal(knownhosts_note(k, i), expected[i]);
	assert_int_equal(check(k, "w", 22, 'A', NULL), MATCH);
	knownhosts_free(k);
}

static void
test_of_many_notes_the_first_are_kept(void **state)
{
	struct knownhosts *k = knownhosts_new();

	(void)state;
	for (size_t i = 0; i < 150; i++)
		knownhosts_parse(k, "f", "bad\n", 4);
	knownhosts_parse(k, "f", "a\0b ssh-rsa", 11);
	assert_int_equal(knownhosts_n_notes(k), 151);
	assert_non_null(knownhosts_note(k, 99));
	assert_null(knownhosts_note(k, 100));
	knownhosts_free(k);
}

static void
test_several_files_count_as_one(void **state)
{
	struct knownhosts *k = knownhosts_new();
	struct knownhosts_hit hit;
	char *text = with_keys("w %A\n");

	(void)state;
	scratch_write("one", text, strlen(text));
	free(text);
	text = with_keys("\nw %B\n");
	scratch_write("two", text, strlen(text));
	free(text);
	assert_int_equal(knownhosts_read(k, "one", NULL), 0);
	assert_int_equal(knownhosts_read(k, "two", NULL), 0);
	assert_int_equal(knownhosts_read(k, "none", NULL), 0);
	assert_int_equal(knownhosts_read(k, "one/none", NULL), 0);
	assert_int_equal(knownhosts_read(k, "/dev/null", NULL), 0);
	assert_int_equal(check(k, "w", 22, 'B', &hit), MATCH);
	assert_string_equal(hit.file, "two");
	assert_int_equal(hit.line, 2);
	assert_int_equal(check(k, "w", 22, 'C', &hit), CHANGED);
	assert_string_equal(hit.file, "one");
	assert_int_equal(knownhosts_n_notes(k), 0);
	knownhosts_free(k);
}

static void
test_files_that_may_not_be_trusted_are_refused(void **state)
{
	static const struct {
		const char *make;
		const char *text; /* NULL: it is fine */
	} rows[] = {
	    {"echo >k; chmod 644 k", NULL},
	    {"chmod 664 k", NULL},
	    {"chmod 646 k", "'k' is not trusted: everybody may write to it"},
	    {"chmod 600 k; ln -s k l; mv l k2; ln -sf k2 m; mv k x; ln -s x k",
		NULL},
	    {"rm k; mkdir k", "'k' is not trusted: it is no regular file"},
	    {"rmdir k; mkfifo k", "'k' is not trusted: it is no regular file"},
	    {"rm k; ln -s /dev/zero k",
		"'k' is not trusted: it is no regular file"},
	    {"rm k; truncate -s 300M k", "'k' is too large"},
	};
	struct muster_error err;

	(void)state;
	for (size_t i = 0; i < N(rows); i++) {
		struct knownhosts *k = knownhosts_new();
		int rc;

		assert_int_equal(scratch_run("%s", rows[i].make), 0);
		rc = knownhosts_read(k, "k", &err);
		assert_int_equal(rc, rows[i].text == NULL ? 0 : -1);
		if (rc != 0)
			assert_string_equal(err.text, rows[i].text);
		knownhosts_free(k);
	}
	unlink("k");
	if (getuid() == 0) {
		struct knownhosts *k = knownhosts_new();

		scratch_write("k", "", 0);
		assert_int_equal(chown("k", 12345, (gid_t)-1), 0);
		assert_int_equal(knownhosts_read(k, "k", &err), -1);
		assert_string_equal(
		    err.text, "'k' is not trusted: it belongs to user 12345");
		knownhosts_free(k);
	}
}

static double
cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
test_ten_thousand_hosts_in_ten_thousand_lines_take_no_second(void **state)
{
	double from = cpu_seconds();
	struct knownhosts *k;
	struct buf text;
	char *line = with_keys("%A"), name[32];

	(void)state;
	buf_init(&text, 10000000);
	for (unsigned i = 0; i < 10000; i++)
		assert_true(
		    buf_addf(&text, "web%05u.example.com,10.0.%u.%u %s\n", i,
			i / 256, i % 256, line));
	k = knownhosts_new();
	knownhosts_parse(k, "big", buf_data(&text), text.len);
	for (unsigned i = 0; i < 10000; i++) {
		snprintf(name, sizeof(name), "web%05u.example.com", i);
		assert_int_equal(check(k, name, 22, 'A', NULL), MATCH);
	}
	assert_true(cpu_seconds() - from < 1.0);
	knownhosts_free(k);
	buf_clear(&text);
	free(line);
}

/* Adds `n` lines with hashed names, "h0" and so on. */
static void
add_hashed(struct buf *text, unsigned n)
{
	char *key = with_keys("%A"), name[32];
	uint8_t salt[DIGEST_SHA1_BYTES] = {0}, hash[DIGEST_SHA1_BYTES];
	struct digest_hmac h;

	for (unsigned i = 0; i < n; i++) {
		memcpy(salt, &i, sizeof(i));
		digest_hmac_init(&h, salt, sizeof(salt));
		snprintf(name, sizeof(name), "h%u", i);
		digest_hmac(&h, name, strlen(name), hash);
		assert_true(buf_adds(text, "|1|"));
		assert_true(base64_add(text, salt, sizeof(salt), true));
		assert_true(buf_addc(text, '|'));
		assert_true(base64_add(text, hash, sizeof(hash), true));
		assert_true(buf_addf(text, " %s\n", key));
	}
	free(key);
}

/* A look-up costs two turns of SHA-1 a line, so that ten thousand hosts in
 * ten thousand lines stay within a minute wherever SHA-1 of a short text
 * takes no more than 0.2 microseconds. */
static void
test_a_hashed_line_costs_two_turns_of_sha1(void **state)
{
	enum { LINES = 2000, HOSTS = 20 };
	uint8_t hash[DIGEST_SHA1_BYTES];
	double from, sha1, lookups;
	struct knownhosts *k = knownhosts_new();
	struct buf text;
	char name[32];

	(void)state;
	buf_init(&text, 10000000);
	add_hashed(&text, LINES);
	knownhosts_parse(k, "big", buf_data(&text), text.len);
	assert_int_equal(knownhosts_n_hashed(k), LINES);
	from = cpu_seconds();
	for (unsigned i = 0; i < LINES * HOSTS; i++)
		digest_sha1("h12345", 6, hash);
	sha1 = cpu_seconds() - from;
	from = cpu_seconds();
	for (unsigned i = 0; i < HOSTS; i++) {
		snprintf(name, sizeof(name), "h%u", i * (LINES / HOSTS));
		assert_int_equal(check(k, name, 22, 'A', NULL), MATCH);
	}
	lookups = cpu_seconds() - from;
	if (lookups > 4 * sha1)
		fail_msg("%f s for look-ups, %f for SHA-1", lookups, sha1);
	knownhosts_free(k);
	buf_clear(&text);
}

static void *
look_up_often(void *arg)
{
	struct knownhosts *k = arg;
	size_t wrong = 0;

	for (size_t i = 0; i < 2000; i++) {
		wrong += check(k, "w", 22, 'A', NULL) != MATCH;
		wrong += check(k, "x", 22, 'A', NULL) != CHANGED;
		wrong += check(k, "h3", 22, 'A', NULL) != MATCH;
	}
	return wrong == 0 ? NULL : arg;
}

/* Looks a key up with the n-th allocation failing. Returns what came of it,
 * or -1 for the end that every program comes to without memory. */
static int
check_without_memory(const char *text, size_t n)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		(void)close(STDERR_FILENO);
		mem_fail_after(n);
		_exit(100 + (int)check(read_text(text), "web1", 22, 'A', NULL));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status) < 100 ? -1 : WEXITSTATUS(status) - 100;
}

static void
test_without_memory_no_key_is_right(void **state)
{
	static const char *const changed =
	    "|1|AAECAwQFBgcICQoLDA0ODxAREhM=|hrtfZrKxbKOpN4lnqwTFNWZAgaI= %B\n"
	    "web* %b\nother %A\n@revoked else %A\n";
	int match = -1;
	size_t n = 1;

	(void)state;
	for (; match == -1 && n < 1000; n++)
		match = check_without_memory(changed, n);
	assert_int_equal(match, CHANGED);
	assert_true(n > 10); /* it did fail before */
}

static void
test_threads_look_up_at_the_same_time(void **state)
{
	struct knownhosts *k = read_text("w %A\nx* %B\n");
	pthread_t threads[4];
	struct buf text;
	void *failed;

	(void)state;
	buf_init(&text, 10000);
	add_hashed(&text, 10);
	knownhosts_parse(k, "more", buf_data(&text), text.len);
	for (size_t i = 0; i < N(threads); i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, look_up_often, k), 0);
	for (size_t i = 0; i < N(threads); i++) {
		pthread_join(threads[i], &failed);
		assert_null(failed);
	}
	buf_clear(&text);
	knownhosts_free(k);
}

static int
set_up(void **state)
{
	*state = scratch_new();
	return 0;
}

static int
tear_down(void **state)
{
	scratch_remove(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_lines_answer_as_ssh_reads_them),
	    cmocka_unit_test(test_a_hashed_name_is_found),
	    cmocka_unit_test(test_a_hit_tells_file_line_type_and_fingerprint),
	    cmocka_unit_test(test_the_known_types_are_listed_once_in_order),
	    cmocka_unit_test(test_skipped_lines_are_noted_with_file_and_line),
	    cmocka_unit_test(test_of_many_notes_the_first_are_kept),
	    cmocka_unit_test(test_several_files_count_as_one),
	    cmocka_unit_test(test_files_that_may_not_be_trusted_are_refused),
	    cmocka_unit_test(
		test_ten_thousand_hosts_in_ten_thousand_lines_take_no_second),
	    cmocka_unit_test(test_a_hashed_line_costs_two_turns_of_sha1),
	    cmocka_unit_test(test_without_memory_no_key_is_right),
	    cmocka_unit_test(test_threads_look_up_at_the_same_time),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
