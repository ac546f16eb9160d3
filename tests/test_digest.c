/*
 * test_digest.c -- hashes, base64 and fingerprints against published values.
 *
 * Room: tests.  May touch: engine/base, engine/crypto.
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "crypto/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void
assert_hex(const uint8_t *bytes, size_t len, const char *expected)
{
	char text[2 * DIGEST_SHA512_BYTES + 1] = "";

	for (size_t i = 0; i < len; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	assert_string_equal(text, expected);
}

/* FIPS 180-2, appendices A to C. */
static void
test_hashes_are_the_published_ones(void **state)
{
	uint8_t sha1[DIGEST_SHA1_BYTES], sha256[DIGEST_SHA256_BYTES];
	uint8_t sha512[DIGEST_SHA512_BYTES];

	(void)state;
	digest_sha1("abc", 3, sha1);
	assert_hex(
	    sha1, sizeof(sha1), "a9993e364706816aba3e25717850c26c9cd0d89d");
	digest_sha256("abc", 3, sha256);
	assert_hex(sha256, sizeof(sha256),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	digest_sha512("abc", 3, sha512);
	assert_hex(sha512, sizeof(sha512),
	    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	    "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
	digest_sha256("", 0, sha256);
	assert_hex(sha256, sizeof(sha256),
	    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

/* RFC 2202 s. 3. */
static void
test_hmac_sha1_is_the_one_of_rfc_2202(void **state)
{
	static const struct {
		uint8_t key_byte;
		size_t key_len;
		const char *text;
		const char *expected;
	} rows[] = {
	    {0x0b, 20, "Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"},
	    {0xaa, 80, "Test Using Larger Than Block-Size Key - Hash Key First",
		"aa4ae5e15272d00e95705637ce8a3b55ed402112"},
	    {0xaa, 80,
		"Test Using Larger Than Block-Size Key and Larger Than One "
		"Block-Size Data",
		"e8e99d0f45237d786d6bbaa7965c7808bbff1a91"},
	};
	uint8_t key[80], out[DIGEST_SHA1_BYTES];
	struct digest_hmac h;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		memset(key, rows[i].key_byte, sizeof(key));
		digest_hmac_init(&h, key, rows[i].key_len);
		digest_hmac(&h, rows[i].text, strlen(rows[i].text), out);
		assert_hex(out, sizeof(out), rows[i].expected);
	}
	digest_hmac_init(&h, "Jefe", 4);
	digest_hmac(&h, "what do ya want for nothing?", 28, out);
	assert_hex(
	    out, sizeof(out), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

static void
test_a_sum_of_pieces_is_that_of_the_whole(void **state)
{
	uint8_t whole[DIGEST_SHA256_BYTES], pieces[DIGEST_SHA256_BYTES];
	char text[300];
	struct digest_sum s;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i * 7);
	for (size_t cut = 0; cut <= sizeof(text); cut++) {
		digest_sum_init(&s);
		digest_sum_add(&s, text, cut);
		digest_sum_value(&s, pieces);
		digest_sha256(text, cut, whole);
		assert_memory_equal(pieces, whole, sizeof(whole));
		digest_sum_add(&s, text + cut, sizeof(text) - cut);
		digest_sum_value(&s, pieces);
		digest_sha256(text, sizeof(text), whole);
		assert_memory_equal(pieces, whole, sizeof(whole));
	}
}

/* RFC 4648 s. 10, padded and not. */
static const struct {
	const char *bytes;
	const char *padded;
	const char *bare;
} vectors[] = {
    {"", "", ""},
    {"f", "Zg==", "Zg"},
    {"fo", "Zm8=", "Zm8"},
    {"foo", "Zm9v", "Zm9v"},
    {"foob", "Zm9vYg==", "Zm9vYg"},
    {"fooba", "Zm9vYmE=", "Zm9vYmE"},
    {"foobar", "Zm9vYmFy", "Zm9vYmFy"},
    {"\xff\xef\xbe>?", "/+++Pj8=", "/+++Pj8"},
};

static void
test_base64_is_the_one_of_rfc_4648(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const char *bytes = vectors[i].bytes;
		struct buf b;

		buf_init(&b, 100);
		assert_true(base64_add(&b, bytes, strlen(bytes), true));
		assert_string_equal(buf_str(&b), vectors[i].padded);
		buf_reset(&b);
		assert_true(base64_add(&b, bytes, strlen(bytes), false));
		assert_string_equal(buf_str(&b), vectors[i].bare);
		buf_reset(&b);
		assert_true(base64_decode(
		    &b, vectors[i].padded, strlen(vectors[i].padded)));
		assert_string_equal(buf_str(&b), bytes);
		buf_reset(&b);
		assert_true(base64_decode(
		    &b, vectors[i].bare, strlen(vectors[i].bare)));
		assert_string_equal(buf_str(&b), bytes);
		buf_clear(&b);
	}
}

static void
test_what_is_no_base64_adds_nothing(void **state)
{
	static const char *const rows[] = {"Z", "Zg=", "Zg===", "=",
	    "====", "Zm9v\n", "Zm 9", "Zm-v", "Zm_v", "Zh", "Zm9",
	    "Z=g=", "Zg==Zg==", "\xc3\xa9==", "Zm9vY"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf b;

		buf_init(&b, 100);
		if (base64_decode(&b, rows[i], strlen(rows[i])))
			fail_msg("'%s' was taken", rows[i]);
		assert_int_equal(b.len, 0);
		buf_clear(&b);
	}
}

static void
test_base64_of_any_length_comes_back(void **state)
{
	uint8_t bytes[300];
	struct buf text, back;

	(void)state;
	assert_int_equal(digest_random(bytes, sizeof(bytes), NULL), 0);
	for (size_t len = 0; len <= sizeof(bytes); len++) {
		buf_init(&text, 1000);
		buf_init(&back, 1000);
		assert_true(base64_add(&text, bytes, len, len % 2 == 0));
		assert_true(base64_decode(&back, buf_str(&text), text.len));
		assert_int_equal(back.len, len);
		if (len > 0)
			assert_memory_equal(buf_data(&back), bytes, len);
		buf_clear(&text);
		buf_clear(&back);
	}
}

static void
test_base64_over_the_ceiling_adds_nothing(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 7);
	assert_false(base64_add(&b, "foobar", 6, true));
	assert_int_equal(b.len, 0);
	buf_clear(&b);
	buf_init(&b, 7);
	assert_true(base64_add(&b, "fooba", 5, false));
	buf_clear(&b);
	buf_init(&b, 2);
	assert_false(base64_decode(&b, "Zm9v", 4));
	assert_int_equal(b.len, 0);
	assert_true(base64_decode(&b, "Zm8=", 4));
	buf_clear(&b);
}

static void
test_a_fingerprint_is_bare_base64_of_sha256(void **state)
{
	char text[DIGEST_FINGERPRINT_BYTES];

	(void)state;
	digest_fingerprint("abc", 3, text);
	assert_string_equal(
	    text, "SHA256:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0");
}

static void
test_random_bytes_differ(void **state)
{
	uint8_t a[32], b[32];

	(void)state;
	assert_int_equal(digest_random(a, sizeof(a), NULL), 0);
	assert_int_equal(digest_random(b, sizeof(b), NULL), 0);
	assert_true(memcmp(a, b, sizeof(a)) != 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_hashes_are_the_published_ones),
	    cmocka_unit_test(test_hmac_sha1_is_the_one_of_rfc_2202),
	    cmocka_unit_test(test_base64_is_the_one_of_rfc_4648),
	    cmocka_unit_test(test_what_is_no_base64_adds_nothing),
	    cmocka_unit_test(test_base64_of_any_length_comes_back),
	    cmocka_unit_test(test_base64_over_the_ceiling_adds_nothing),
	    cmocka_unit_test(test_a_sum_of_pieces_is_that_of_the_whole),
	    cmocka_unit_test(test_a_fingerprint_is_bare_base64_of_sha256),
	    cmocka_unit_test(test_random_bytes_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
