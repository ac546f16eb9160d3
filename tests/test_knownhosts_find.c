/*
 * test_knownhosts_find.c -- known_hosts files against ssh-keygen -F.
 *
 * Room: tests.  May touch: engine/base, engine/conf, tests/scratch.h.
 * Files of random lines (the same ones each time) and random questions; each
 * line has a key of its own, so that it can be told which lines were found.
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/mem.h"
#include "conf/knownhosts.h"
#include "tests/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FILES 40
#define LINES 30
#define N(array) (sizeof(array) / sizeof((array)[0]))

/* The questions, asked of each file. */
static const struct {
	const char *host;
	uint16_t port;
} hosts[] = {
    {"a", 22},
    {"b", 22},
    {"ab", 22},
    {"web1", 22},
    {"web1.example.com", 22},
    {"web2.example.com", 22},
    {"db", 22},
    {"10.0.0.1", 22},
    {"10.0.0.11", 22},
    {"::1", 22},
    {"fe80::1", 22},
    {"web1", 2222},
    {"web1.example.com", 2222},
    {"a", 22222},
    {"::1", 2222},
};

static const char *const names[] = {"a", "b", "A", "ab", "web1", "Web1",
    "web1.example.com", "WEB2.Example.com", "db", "10.0.0.1", "::1", "FE80::1",
    "[web1]:2222", "[web1.example.com]:2222", "[a]:22222", "[::1]:2222",
    "[a]:22", "*", "?", "??", "web?", "web*", "*.example.com", "w*.*.com",
    "10.0.0.*", "10.0.0.?", "*:*", "[*]:2222", "[web?]:*", "W*", "**", "*?",
    "!a", "!web1", "!web*", "!*.example.com", "![*]:2222", "!*", "", "!",
    "nobody"};

static const char *const hashed_names[] = {"a", "web1", "web1.example.com",
    "10.0.0.1", "[web1]:2222", "[a]:22222", "::1", "nobody"};

/* Numbers that look random and are the same each time. */
static unsigned
pick(uint64_t *seed, size_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((*seed >> 33) % below);
}

static struct buf
make_blob(unsigned file, unsigned line)
{
	uint8_t bytes[32] = {(uint8_t)file, (uint8_t)line, 7};
	struct buf b;

	buf_init(&b, 100);
	assert_true(buf_add_cstring(&b, "ssh-ed25519"));
	assert_true(buf_add_string(&b, bytes, sizeof(bytes)));
	return b;
}

static void
add_hashed_name(struct buf *out, uint64_t *seed)
{
	const char *name = hashed_names[pick(seed, N(hashed_names))];
	uint8_t salt[DIGEST_SHA1_BYTES], hash[DIGEST_SHA1_BYTES];
	struct digest_hmac h;

	for (size_t i = 0; i < sizeof(salt); i++)
		salt[i] = (uint8_t)pick(seed, 256);
	digest_hmac_init(&h, salt, sizeof(salt));
	digest_hmac(&h, name, strlen(name), hash);
	buf_adds(out, "|1|");
	base64_add(out, salt, sizeof(salt), true);
	buf_addc(out, '|');
	base64_add(out, hash, sizeof(hash), true);
}

static void
add_names(struct buf *out, uint64_t *seed)
{
	unsigned n = 1 + pick(seed, 3);

	if (pick(seed, 5) == 0) {
		add_hashed_name(out, seed);
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		const char *name = names[pick(seed, N(names))];

		/* A line cannot begin with a blank name. */
		if (i == 0 && name[0] == '\0')
			name = "a";
		buf_addf(out, "%s%s", i > 0 ? "," : "", name);
	}
}

/* No tab comes behind a marker: ssh-keygen takes that for a bad line when
 * there is a blank later on, and would not see a key revoked. */
static void
add_line(struct buf *out, uint64_t *seed, unsigned file, unsigned line)
{
	static const char *const starts[] = {"", "", "", "", " ", "\t", "#",
	    "@revoked ", "@revoked ", "@cert-authority ", "@unknown ",
	    "@revoked @revoked "};
	static const char *const blanks[] = {" ", " ", "\t", "  ", " \t "};
	static const char *const ends[] = {
	    "", "", " me@here", "\tcomment with blanks", " ", "\r", " x\r"};
	struct buf blob = make_blob(file, line);

	buf_adds(out, starts[pick(seed, N(starts))]);
	add_names(out, seed);
	buf_adds(out, blanks[pick(seed, N(blanks))]);
	switch (pick(seed, 12)) {
	case 0: /* the key is missing, or half of it is */
		buf_adds(out, pick(seed, 2) ? "" : "ssh-ed25519");
		break;
	case 1: /* the type is another's */
		buf_adds(out, "ssh-rsa ");
		base64_add(out, buf_data(&blob), blob.len, true);
		break;
	default:
		buf_addf(out, "ssh-ed25519%s", blanks[pick(seed, N(blanks))]);
		base64_add(out, buf_data(&blob), blob.len, true);
		buf_adds(out, ends[pick(seed, N(ends))]);
	}
	buf_clear(&blob);
}

static void
write_file(unsigned file)
{
	uint64_t seed = file + 1;
	struct buf out;

	buf_init(&out, 100000);
	for (unsigned line = 1; line <= LINES; line++) {
		if (pick(&seed, 10) > 0)
			add_line(&out, &seed, file, line);
		if (line < LINES || pick(&seed, 2) == 0)
			buf_addc(&out, '\n');
	}
	scratch_write("k", buf_data(&out), out.len);
	buf_clear(&out);
}

/* What ssh-keygen finds: "3 5:REVOKED 7:CA " and so on. */
static char *
ask_keygen(const char *host, uint16_t port)
{
	char *name = port == 22 ? mem_printf("%s", host)
				: mem_printf("[%s]:%u", host, port);
	char *lines = scratch_output(
	    "ssh-keygen -l -F '%s' -f k 2>/dev/null | awk '/^# Host/ "
	    "{ printf \"%%s%%s \", $6, ($7 == \"\" ? \"\" : \":\" $7) }'",
	    name);

	free(name);
	return lines;
}

/* The same from our side. An authority never matches, so that it is seen by
 * the question for it alone. */
static char *
ask_us(const struct knownhosts *k, unsigned file, size_t host)
{
	struct knownhosts_host *h =
	    knownhosts_find(k, hosts[host].host, hosts[host].port);
	struct buf out;

	buf_init(&out, 10000);
	for (unsigned line = 1; line <= LINES; line++) {
		struct buf blob = make_blob(file, line);
		struct knownhosts_hit hit;

		switch (knownhosts_check(h, buf_data(&blob), blob.len, &hit)) {
		case KNOWNHOSTS_MATCH:
			assert_int_equal(hit.line, line);
			buf_addf(&out, "%u ", line);
			break;
		case KNOWNHOSTS_REVOKED:
			assert_int_equal(hit.line, line);
			buf_addf(&out, "%u:REVOKED ", line);
			break;
		case KNOWNHOSTS_CHANGED:
		case KNOWNHOSTS_UNKNOWN:
			break;
		}
		buf_clear(&blob);
	}
	if (knownhosts_host_has_authority(h))
		buf_adds(&out, "CA");
	knownhosts_host_free(h);
	return buf_take_str(&out);
}

/* Takes "7:CA " out of ssh-keygen's answer and puts "CA" at its end. */
static char *
gather_authorities(const char *lines)
{
	bool has = false;
	struct buf out;

	buf_init(&out, 10000);
	for (const char *p = lines; *p != '\0';) {
		size_t len = strcspn(p, " ") + 1;

		if (len > 4 && memcmp(p + len - 4, ":CA", 3) == 0)
			has = true;
		else
			buf_add(&out, p, len);
		p += len;
	}
	if (has)
		buf_adds(&out, "CA");
	return buf_take_str(&out);
}

static void
test_the_lines_found_are_those_of_ssh_keygen(void **state)
{
	size_t n = 0, n_found = 0;

	(void)state;
	if (!scratch_has("ssh-keygen"))
		skip();
	for (unsigned file = 0; file < FILES; file++) {
		struct knownhosts *k = knownhosts_new();

		write_file(file);
		assert_int_equal(knownhosts_read(k, "k", NULL), 0);
		for (size_t i = 0; i < N(hosts); i++) {
			char *raw = ask_keygen(hosts[i].host, hosts[i].port);
			char *theirs = gather_authorities(raw);
			char *ours = ask_us(k, file, i);

			if (strcmp(ours, theirs) != 0)
				fail_msg("file %u, %s %u: '%s', ssh-keygen "
					 "'%s'",
				    file, hosts[i].host, hosts[i].port, ours,
				    theirs);
			n++;
			n_found += theirs[0] != '\0';
			free(raw);
			free(theirs);
			free(ours);
		}
		knownhosts_free(k);
	}
	printf("# %zu questions, %zu of them with lines found\n", n, n_found);
	assert_true(n >= 500 && n_found > n / 4 && n_found < n);
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
	    cmocka_unit_test(test_the_lines_found_are_those_of_ssh_keygen),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
