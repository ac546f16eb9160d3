/*
 * test_key.c -- key files that are read, and those that are refused.
 *
 * Room: tests.  May touch: engine/base, engine/crypto, tests/scratch.h.
 * ssh-keygen makes the keys.
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/key.h"
#include "tests/keymaker.h"
#include "tests/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define N(array) (sizeof(array) / sizeof((array)[0]))
#define PASSPHRASE "a horse's staple"

static bool no_keygen;

#define NEED_KEYGEN()                                                          \
	do {                                                                   \
		(void)state;                                                   \
		if (no_keygen)                                                 \
			skip();                                                \
	} while (0)

static void
test_a_passphrase_is_wanted_and_never_asked_for(void **state)
{
	static const char *const formats[] = {
	    "-t ed25519 -a 1", "-t rsa -m PEM", "-t ecdsa -m PKCS8"};
	struct secret *empty = keymaker_passphrase(""),
		      *wrong = keymaker_passphrase("wrong");
	struct muster_error err;

	NEED_KEYGEN();
	for (size_t i = 0; i < N(formats); i++) {
		keymaker_make("id", formats[i], PASSPHRASE);
		assert_null(key_read("id", NULL, &err));
		assert_int_equal(err.code, MUSTER_ERR_PASSPHRASE);
		assert_string_equal(err.text, "'id': it wants a passphrase");
		assert_null(key_read("id", wrong, &err));
		assert_int_equal(err.code, MUSTER_ERR_PASSPHRASE);
		assert_string_equal(err.text, "'id': a wrong passphrase");
		assert_null(key_read("id", empty, &err));
		assert_int_equal(err.code, MUSTER_ERR_PASSPHRASE);
	}
	secret_free(empty);
	secret_free(wrong);
}

static void
test_files_that_are_no_private_key_are_named(void **state)
{
	static const struct {
		const char *make;
		enum muster_err code;
		const char *text;
	} rows[] = {
	    {"rm -f id", MUSTER_ERR_FILE,
		"cannot open 'id': No such file or directory"},
	    {"rm -f id; mkdir id", MUSTER_ERR_FILE, "'id': no regular file"},
	    {"rmdir id; mkfifo -m 600 id", MUSTER_ERR_FILE,
		"'id': no regular file"},
	    {"rm id; : >id; chmod 600 id", MUSTER_ERR_KEY,
		"'id': no private key"},
	    {"chmod 640 id", MUSTER_ERR_KEY,
		"'id': others may use it (mode 0640): make it yours alone "
		"with chmod 600"},
	    {"chmod 600 id; dd if=/dev/zero of=id bs=1M count=2 2>/dev/null",
		MUSTER_ERR_FILE, "'id': too large for a key file"},
	    {"cp other.pub id", MUSTER_ERR_KEY,
		"'id': a public key: name the private one, without .pub"},
	    {"echo PuTTY-User-Key-File-3: ssh-ed25519 >id", MUSTER_ERR_KEY,
		"'id': a key of PuTTY: convert it with puttygen -O "
		"private-openssh"},
	    {"echo '---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----' >id",
		MUSTER_ERR_KEY,
		"'id': a key of ssh.com: convert it with its ssh-keygen"},
	    {"head -3 other >id", MUSTER_ERR_KEY,
		"'id': a damaged private key"},
	    {"(echo '-----BEGIN RSA PRIVATE KEY-----'; echo Zm9v; "
	     "echo '-----END RSA PRIVATE KEY-----') >id",
		MUSTER_ERR_KEY, "'id': a damaged private key"},
	};
	struct muster_error err;

	NEED_KEYGEN();
	unlink("id");
	keymaker_make("other", "-t ed25519", "");
	for (size_t i = 0; i < N(rows); i++) {
		assert_int_equal(scratch_run("%s", rows[i].make), 0);
		assert_null(key_read("id", NULL, &err));
		assert_string_equal(err.text, rows[i].text);
		assert_int_equal(err.code, rows[i].code);
	}
}

static void
test_keys_of_unused_types_and_sizes_are_refused(void **state)
{
	static const struct {
		const char *make;
		const char *text;
	} rows[] = {
	    {"openssl genpkey -algorithm x25519 -out id",
		"'id': a type of key that is not used"},
	    {"openssl ecparam -name secp256k1 -genkey -out id",
		"'id': a type of key that is not used"},
	    {"openssl genrsa -out id 768",
		"'id': an RSA key of 768 bits: 1024 to 16384 are used"},
	};
	struct muster_error err;

	NEED_KEYGEN();
	if (!scratch_has("openssl"))
		skip();
	for (size_t i = 0; i < N(rows); i++) {
		assert_int_equal(
		    scratch_run("rm -f id; %s >/dev/null 2>&1", rows[i].make),
		    0);
		assert_null(key_read("id", NULL, &err));
		assert_string_equal(err.text, rows[i].text);
		assert_int_equal(err.code, MUSTER_ERR_KEY);
	}
}

/* Puts the armour of openssh-key-v1 round bytes and reads them. */
static struct key *
read_armoured(const void *data, size_t len)
{
	struct buf text;
	struct key *k;

	buf_init(&text, 100000);
	assert_true(buf_adds(&text, "-----BEGIN OPENSSH PRIVATE KEY-----\r\n"));
	assert_true(base64_add(&text, data, len, true));
	assert_true(buf_adds(&text, "\r\n-----END OPENSSH PRIVATE KEY-----"));
	k = key_parse(buf_data(&text), text.len, "id", NULL, NULL);
	buf_clear(&text);
	return k;
}

/* Each bit of a key counts, but for those of its comment. */
static void
test_a_key_with_any_bit_changed_is_refused(void **state)
{
	NEED_KEYGEN();
	for (size_t i = 0; i < 2; i++) {
		char *base64;
		struct buf b;
		uint8_t *bytes;

		keymaker_make("id", keymaker_types[i].options, "");
		base64 = scratch_output("grep -v -- ----- id | tr -d '\\n'");
		buf_init(&b, 10000);
		assert_true(base64_decode(&b, base64, strlen(base64)));
		bytes = b.mem + b.off;
		uint8_t *comment = memmem(bytes, b.len, "a comment", 9);
		assert_non_null(comment);
		struct key *k = read_armoured(bytes, b.len);
		assert_non_null(k);
		key_free(k);
		for (size_t at = 0; at < b.len; at++) {
			bool harmless =
			    bytes + at >= comment && bytes + at < comment + 9;

			bytes[at] ^= (uint8_t)(1u << at % 8);
			k = read_armoured(bytes, b.len);
			bytes[at] ^= (uint8_t)(1u << at % 8);
			if ((k != NULL) != harmless)
				fail_msg(
				    "%s, byte %zu", keymaker_types[i].name, at);
			key_free(k);
		}
		for (size_t len = 0; len < b.len; len++)
			assert_null(read_armoured(bytes, len));
		buf_clear(&b);
		free(base64);
	}
}

static void
test_the_public_half_is_found_without_a_passphrase(void **state)
{
	static const struct {
		const char *options;
		const char *phrase;
		const char *after; /* done to the files then */
		enum key_found found;
		bool seen;
		const char *comment;
	} rows[] = {
	    {"-t ed25519", "", "rm id.pub", KEY_FOUND_PLAIN, true, "a comment"},
	    {"-t ed25519 -a 1", PASSPHRASE, "true", KEY_FOUND_ENCRYPTED, true,
		"a comment"},
	    {"-t ed25519 -a 1", PASSPHRASE, "rm id.pub", KEY_FOUND_ENCRYPTED,
		true, ""},
	    {"-t ed25519 -a 1", PASSPHRASE, "cp other.pub id.pub",
		KEY_FOUND_ENCRYPTED, true, ""},
	    {"-t rsa -m PEM", "", "rm id.pub", KEY_FOUND_PLAIN, true, ""},
	    {"-t rsa -m PEM", PASSPHRASE, "true", KEY_FOUND_ENCRYPTED, true,
		"a comment"},
	    {"-t rsa -m PEM", PASSPHRASE, "rm id.pub", KEY_FOUND_ENCRYPTED,
		false, ""},
	    {"-t ecdsa -m PKCS8", PASSPHRASE, "true", KEY_FOUND_ENCRYPTED, true,
		"a comment"},
	    {"-t ed25519", "", "rm id", KEY_FOUND_PUBLIC, true, "a comment"},
	    {"-t ed25519", "", "mv id.pub id; chmod 644 id", KEY_FOUND_PUBLIC,
		true, "a comment"},
	};
	struct muster_error err = {0};
	enum key_found found;
	struct key_public p;

	NEED_KEYGEN();
	keymaker_make("other", "-t ed25519", "");
	for (size_t i = 0; i < N(rows); i++) {
		unlink("id.pub");
		keymaker_make("id", rows[i].options, rows[i].phrase);
		char *line = scratch_output("cut -d' ' -f2 id.pub");
		assert_int_equal(scratch_run("%s", rows[i].after), 0);
		if (key_probe("id", &p, &found, &err) != 0)
			fail_msg("row %zu: %s", i, err.text);
		assert_int_equal(found, rows[i].found);
		assert_int_equal(p.blob != NULL, rows[i].seen);
		if (rows[i].seen) {
			struct buf b;

			buf_init(&b, 10000);
			assert_true(base64_add(&b, p.blob, p.len, true));
			assert_string_equal(buf_str(&b), line);
			assert_string_equal(p.comment, rows[i].comment);
			buf_clear(&b);
		}
		key_public_clear(&p);
		free(line);
	}
	keymaker_make("id", "-t ed25519", "");
	assert_int_equal(scratch_run("chmod 644 id"), 0);
	assert_int_equal(key_probe("id", &p, &found, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_KEY);
	assert_int_equal(scratch_run("rm id id.pub"), 0);
	assert_int_equal(key_probe("id", &p, &found, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_FILE);
}

static void
test_a_certificate_beside_a_key_is_read(void **state)
{
	struct muster_error err = {0};
	struct key_public p;
	char *finger;

	NEED_KEYGEN();
	keymaker_make("ca", "-t ed25519", "");
	keymaker_make("id", "-t ecdsa", "");
	assert_int_equal(
	    scratch_run("ssh-keygen -q -s ca -I me -n root id.pub 2>&1"), 0);
	assert_int_equal(key_public_read("id-cert.pub", &p, &err), 0);
	assert_string_equal(p.type, "ecdsa-sha2-nistp256-cert-v01@openssh.com");
	assert_string_equal(p.comment, "a comment");
	finger = scratch_output("grep -c %s id-cert.pub", p.type);
	assert_string_equal(finger, "1");
	free(finger);
	struct key *k = keymaker_read("id", "");
	assert_true(key_can(k, p.type));
	key_free(k);
	key_public_clear(&p);
	assert_int_equal(key_public_read("id", &p, &err), -1);
	assert_int_equal(err.code, MUSTER_ERR_KEY);
	assert_string_equal(err.text, "'id': no public key");
}

static void
test_an_rsa_blob_takes_another_name(void **state)
{
	char type[KEY_TYPE_BYTES];
	struct key_public p;
	struct buf b, small;

	NEED_KEYGEN();
	keymaker_make("id", "-t rsa -b 2048", "");
	assert_int_equal(key_public_read("id.pub", &p, NULL), 0);
	buf_init(&b, 10000);
	assert_true(key_blob_retype(p.blob, p.len, "rsa-sha2-512", &b));
	assert_true(key_blob_type(buf_data(&b), b.len, type));
	assert_string_equal(type, "rsa-sha2-512");
	/* "rsa-sha2-512" is five bytes longer than "ssh-rsa". */
	assert_int_equal(b.len, p.len + 5);
	assert_memory_equal(buf_data(&b) + 16, p.blob + 11, p.len - 11);
	buf_init(&small, p.len + 4);
	assert_false(key_blob_retype(p.blob, p.len, "rsa-sha2-512", &small));
	assert_int_equal(small.len, 0);
	assert_false(key_blob_type("\0\0\0\0", 4, type));
	assert_false(key_blob_type("\0\0\0\5abc", 7, type));
	assert_false(key_blob_retype("\0\0", 2, "x", &b));
	buf_clear(&small);
	buf_clear(&b);
	key_public_clear(&p);
}

static void
test_a_file_that_would_take_hours_is_refused(void **state)
{
	struct secret *s = keymaker_passphrase(PASSPHRASE);
	struct muster_error err;
	struct buf b, text;
	char *base64;
	uint8_t *rounds;

	NEED_KEYGEN();
	keymaker_make("id", "-t ed25519 -a 7", PASSPHRASE);
	base64 = scratch_output("grep -v -- ----- id | tr -d '\\n'");
	buf_init(&b, 10000);
	buf_init(&text, 10000);
	assert_true(base64_decode(&b, base64, strlen(base64)));
	/* The rounds, and then the number of keys. */
	rounds = memmem(b.mem + b.off, b.len, "\0\0\0\7\0\0\0\1", 8);
	assert_non_null(rounds);
	rounds[0] = 0xff;
	assert_true(buf_adds(&text, "-----BEGIN OPENSSH PRIVATE KEY-----\n"));
	assert_true(base64_add(&text, buf_data(&b), b.len, true));
	assert_null(key_parse(buf_data(&text), text.len, "id", s, &err));
	assert_int_equal(err.code, MUSTER_ERR_KEY);
	assert_non_null(strstr(err.text, "rounds of bcrypt"));
	buf_clear(&b);
	buf_clear(&text);
	free(base64);
	secret_free(s);
}

static int
set_up(void **state)
{
	*state = scratch_new();
	no_keygen = !scratch_has("ssh-keygen");
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
	    cmocka_unit_test(test_a_passphrase_is_wanted_and_never_asked_for),
	    cmocka_unit_test(test_files_that_are_no_private_key_are_named),
	    cmocka_unit_test(test_keys_of_unused_types_and_sizes_are_refused),
	    cmocka_unit_test(test_a_key_with_any_bit_changed_is_refused),
	    cmocka_unit_test(
		test_the_public_half_is_found_without_a_passphrase),
	    cmocka_unit_test(test_a_certificate_beside_a_key_is_read),
	    cmocka_unit_test(test_an_rsa_blob_takes_another_name),
	    cmocka_unit_test(test_a_file_that_would_take_hours_is_refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
