/*
 * test_keysign.c -- what private keys sign, verified by others.
 *
 * Room: tests.  May touch: engine/base, engine/crypto, tests/keymaker.h.
 * The other side is the oracle: ssh-keygen and openssl make the keys and
 * verify what they sign.
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/key.h"
#include "tests/keymaker.h"
#include "tests/scratch.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* The blob and fingerprint of `k` are those ssh-keygen shows of `path`. */
static void
assert_public_half(const struct key *k, const char *path)
{
	char *line = scratch_output("cut -d' ' -f1,2 %s.pub", path);
	char *finger = scratch_output("ssh-keygen -lf %s.pub", path);
	struct buf text;
	size_t len;

	buf_init(&text, 10000);
	assert_true(buf_addf(&text, "%s ", key_type(k)));
	const uint8_t *blob = key_blob(k, &len);
	assert_true(base64_add(&text, blob, len, true));
	assert_string_equal(buf_str(&text), line);
	assert_non_null(strstr(finger, key_fingerprint(k)));
	buf_clear(&text);
	free(line);
	free(finger);
}

/* Adds what a signature of PROTOCOL.sshsig says before the hash of the
 * message, which is shared by what is signed and what is shown. */
static void
add_sshsig_names(struct buf *b)
{
	assert_true(buf_add_cstring(b, "test"));
	assert_true(buf_add_cstring(b, ""));
	assert_true(buf_add_cstring(b, "sha512"));
}

/* Signs "message" with `k`, and asks ssh-keygen whether it is right. */
static void
assert_signs(const struct key *k, const char *algorithm)
{
	struct buf text, sig, file;
	uint8_t hash[DIGEST_SHA512_BYTES];
	struct muster_error err = {0};
	const uint8_t *blob;
	size_t len;

	buf_init(&text, 10000);
	buf_init(&sig, 10000);
	buf_init(&file, 20000);
	digest_sha512("message\n", 8, hash);
	assert_true(buf_adds(&text, "SSHSIG"));
	add_sshsig_names(&text);
	assert_true(buf_add_string(&text, hash, sizeof(hash)));
	if (key_sign_wire(
		k, algorithm, buf_data(&text), text.len, &sig, &err) != 0)
		fail_msg("%s", err.text);

	buf_reset(&text);
	blob = key_blob(k, &len);
	assert_true(buf_adds(&text, "SSHSIG"));
	assert_true(buf_add_u32(&text, 1));
	assert_true(buf_add_string(&text, blob, len));
	add_sshsig_names(&text);
	assert_true(buf_add_string(&text, buf_data(&sig), sig.len));
	assert_true(buf_adds(&file, "-----BEGIN SSH SIGNATURE-----\n"));
	assert_true(base64_add(&file, buf_data(&text), text.len, true));
	assert_true(buf_adds(&file, "\n-----END SSH SIGNATURE-----\n"));
	scratch_write("sig", buf_data(&file), file.len);
	if (scratch_run("echo message | ssh-keygen -q -Y check-novalidate "
			"-n test -s sig >verdict 2>&1") != 0)
		fail_msg("%s: %s", algorithm, scratch_read("verdict", NULL));
	buf_clear(&text);
	buf_clear(&sig);
	buf_clear(&file);
}

static void
test_keys_of_every_type_and_format_are_read_and_sign(void **state)
{
	static const struct {
		const char *options;
		const char *phrase;
	} formats[] = {
	    {"", ""},
	    {"-a 2 -Z aes256-ctr", PASSPHRASE},
	    {"-m PEM", ""},
	    {"-m PEM", PASSPHRASE},
	    {"-m PKCS8", ""},
	    {"-m PKCS8", PASSPHRASE},
	};

	NEED_KEYGEN();
	for (size_t i = 0; i < KEYMAKER_N_TYPES; i++) {
		for (size_t j = 0; j < N(formats); j++) {
			char options[100];

			snprintf(options, sizeof(options), "%s %s",
			    keymaker_types[i].options, formats[j].options);
			keymaker_make("id", options, formats[j].phrase);
			struct key *k = keymaker_read("id", formats[j].phrase);
			assert_string_equal(
			    key_type(k), keymaker_types[i].name);
			assert_public_half(k, "id");
			assert_signs(k, keymaker_types[i].algorithm);
			key_free(k);
		}
	}
}

static void
test_every_cipher_of_ssh_keygen_is_opened(void **state)
{
	static const char *const ciphers[] = {"aes256-ctr", "aes192-ctr",
	    "aes128-ctr", "aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc",
	    "aes256-gcm@openssh.com", "aes128-gcm@openssh.com",
	    "chacha20-poly1305@openssh.com"};
	struct muster_error err;
	char options[100];

	NEED_KEYGEN();
	for (size_t i = 0; i < N(ciphers); i++) {
		snprintf(options, sizeof(options), "-t ed25519 -a 3 -Z %s",
		    ciphers[i]);
		keymaker_make("id", options, PASSPHRASE);
		struct key *k = keymaker_read("id", PASSPHRASE);
		assert_string_equal(key_comment(k), "a comment");
		assert_public_half(k, "id");
		key_free(k);

		struct secret *wrong = keymaker_passphrase("a horse's stapl");
		assert_null(key_read("id", wrong, &err));
		assert_int_equal(err.code, MUSTER_ERR_PASSPHRASE);
		assert_string_equal(err.text, "'id': a wrong passphrase");
		secret_free(wrong);
	}
}

static void
test_keys_of_openssl_are_read(void **state)
{
	static const char *const commands[] = {
	    "openssl genpkey -quiet -algorithm ed25519 -out id",
	    "openssl genpkey -algorithm ed25519 -aes256 -pass "
	    "pass:\"" PASSPHRASE "\" -out id",
	    "openssl ecparam -name prime256v1 -genkey -out id",
	    "openssl ecparam -name secp384r1 -genkey -conv_form compressed "
	    "-out id",
	    "openssl genrsa -traditional -out id 2048",
	};

	NEED_KEYGEN();
	if (!scratch_has("openssl"))
		skip();
	for (size_t i = 0; i < N(commands); i++) {
		unlink("id");
		if (scratch_run("%s >/dev/null 2>&1", commands[i]) != 0)
			scratch_run("%s", commands[i]);
		assert_int_equal(scratch_run("chmod 600 id"), 0);
		struct key *k = keymaker_read(
		    "id", strstr(commands[i], "pass:") ? PASSPHRASE : "");
		assert_signs(k, strcmp(key_type(k), "ssh-rsa") == 0
				    ? "rsa-sha2-256"
				    : key_type(k));
		key_free(k);
	}
}

static void
test_a_signature_has_the_inner_form_of_its_algorithm(void **state)
{
	struct muster_error err;
	struct buf sig;
	struct rd r;
	const uint8_t *part;
	size_t len;

	NEED_KEYGEN();
	for (size_t i = 0; i < KEYMAKER_N_TYPES; i++) {
		keymaker_make("id", keymaker_types[i].options, "");
		struct key *k = keymaker_read("id", "");
		buf_init(&sig, 1000);
		assert_int_equal(key_sign(k, keymaker_types[i].algorithm, "x",
				     1, &sig, &err),
		    0);
		rd_init(&r, buf_data(&sig), sig.len);
		if (strncmp(keymaker_types[i].name, "ecdsa", 5) == 0) {
			assert_true(rd_string(&r, &part, &len));
			assert_true(rd_string(&r, &part, &len));
			assert_int_equal(r.len, 0);
		} else
			assert_int_equal(sig.len,
			    keymaker_types[i].name[4] == 'r' ? 256 : 64);
		buf_clear(&sig);
		buf_init(&sig, 20);
		assert_int_equal(key_sign(k, keymaker_types[i].algorithm, "x",
				     1, &sig, &err),
		    -1);
		assert_int_equal(err.code, MUSTER_ERR_LIMIT);
		assert_int_equal(sig.len, 0);
		buf_clear(&sig);
		key_free(k);
	}
}

/* ssh-keygen -Y refuses SHA-1, so that openssl has to be asked. */
static void
test_rsa_signs_with_sha1_for_old_servers(void **state)
{
	struct muster_error err;
	struct buf sig;

	NEED_KEYGEN();
	if (!scratch_has("openssl"))
		skip();
	keymaker_make("id", "-t rsa -b 2048", "");
	struct key *k = keymaker_read("id", "");
	buf_init(&sig, 1000);
	assert_int_equal(key_sign(k, "ssh-rsa", "message", 7, &sig, &err), 0);
	scratch_write("sig", buf_data(&sig), sig.len);
	scratch_write("message", "message", 7);
	assert_int_equal(
	    scratch_run("ssh-keygen -e -m PKCS8 -f id.pub >pem && openssl "
			"dgst -sha1 -verify pem -signature sig message "
			">/dev/null 2>&1"),
	    0);
	buf_clear(&sig);
	key_free(k);
}

static void
test_a_key_signs_for_its_own_algorithms_only(void **state)
{
	static const struct {
		size_t type;
		const char *algorithm;
		bool can;
	} rows[] = {
	    {0, "ssh-ed25519", true},
	    {0, "ssh-ed25519-cert-v01@openssh.com", true},
	    {0, "ssh-ed25519-cert", false},
	    {0, "sk-ssh-ed25519@openssh.com", false},
	    {0, "rsa-sha2-512", false},
	    {0, "", false},
	    {1, "ecdsa-sha2-nistp256", true},
	    {1, "ecdsa-sha2-nistp384", false},
	    {1, "ecdsa-sha2-nistp256-cert-v01@openssh.com", true},
	    {4, "ssh-rsa", true},
	    {4, "rsa-sha2-256", true},
	    {4, "rsa-sha2-512-cert-v01@openssh.com", true},
	    {4, "ssh-ed25519", false},
	};
	struct muster_error err;
	struct buf sig;

	NEED_KEYGEN();
	for (size_t i = 0; i < N(rows); i++) {
		keymaker_make("id", keymaker_types[rows[i].type].options, "");
		struct key *k = keymaker_read("id", "");
		buf_init(&sig, 1000);
		assert_int_equal(key_can(k, rows[i].algorithm), rows[i].can);
		assert_int_equal(
		    key_sign(k, rows[i].algorithm, "x", 1, &sig, &err),
		    rows[i].can ? 0 : -1);
		if (!rows[i].can)
			assert_int_equal(err.code, MUSTER_ERR_KEY);
		buf_clear(&sig);
		key_free(k);
	}
}

#define THREADS 4
#define SIGNATURES 200

struct signer {
	struct key *key;
	struct buf expected;
};

static void *
sign_often(void *arg)
{
	struct signer *s = arg;
	size_t wrong = 0;

	for (size_t i = 0; i < SIGNATURES; i++) {
		struct key *k = key_ref(s->key);
		struct buf sig;

		buf_init(&sig, 1000);
		if (key_sign(k, "ssh-ed25519", "x", 1, &sig, NULL) != 0 ||
		    sig.len != s->expected.len ||
		    memcmp(buf_data(&sig), buf_data(&s->expected), sig.len) !=
			0)
			wrong++;
		buf_clear(&sig);
		key_free(k);
	}
	return wrong == 0 ? NULL : arg;
}

static void
test_many_threads_sign_with_one_key(void **state)
{
	pthread_t threads[THREADS];
	struct signer s;
	void *failed;

	NEED_KEYGEN();
	keymaker_make("id", "-t ed25519", "");
	s.key = keymaker_read("id", "");
	buf_init(&s.expected, 1000);
	assert_int_equal(
	    key_sign(s.key, "ssh-ed25519", "x", 1, &s.expected, NULL), 0);
	for (size_t i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, sign_often, &s), 0);
	for (size_t i = 0; i < THREADS; i++) {
		pthread_join(threads[i], &failed);
		assert_null(failed);
	}
	buf_clear(&s.expected);
	key_free(s.key);
	key_free(NULL);
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
	    cmocka_unit_test(
		test_keys_of_every_type_and_format_are_read_and_sign),
	    cmocka_unit_test(test_every_cipher_of_ssh_keygen_is_opened),
	    cmocka_unit_test(test_keys_of_openssl_are_read),
	    cmocka_unit_test(
		test_a_signature_has_the_inner_form_of_its_algorithm),
	    cmocka_unit_test(test_rsa_signs_with_sha1_for_old_servers),
	    cmocka_unit_test(test_a_key_signs_for_its_own_algorithms_only),
	    cmocka_unit_test(test_many_threads_sign_with_one_key),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
