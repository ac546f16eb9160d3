/*
 * test_keyring.c -- the user's key files, read once for the whole fleet.
 *
 * Room: tests.  May touch: engine/ssh/keyring.h, keymaker.h, scratch.h.
 */
#include "config.h"

#include "base/err.h"
#include "keymaker.h"
#include "scratch.h"
#include "ssh/keyring.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool no_keygen;

static struct keyring *
load(const char *const *paths, size_t n, const char *agent,
    struct muster_error *err)
{
	const struct keyring_files files = {
	    .required = paths, .n_required = n, .has_agent = agent[0] != '\0'};

	memset(err, 0, sizeof(*err));
	return keyring_load(&files, err);
}

static void
test_named_keys_are_read_in_their_order(void **state)
{
	static const char *const paths[] = {"ed", "ec", "rsa"};
	static const char *const types[] = {
	    "ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"};
	struct muster_error err;
	struct keyring *k;

	(void)state;
	if (no_keygen)
		skip();
	k = load(paths, 3, "", &err);
	assert_non_null(k);
	assert_int_equal(keyring_n(k), 3);
	for (size_t i = 0; i < 3; i++) {
		const struct keyring_entry *e = keyring_at(k, i);
		struct key_public public;

		assert_string_equal(e->path, paths[i]);
		assert_string_equal(e->public.type, types[i]);
		assert_true(e->chosen && e->key != NULL);
		/* The same as ssh-keygen says. */
		assert_int_equal(key_public_read(i == 0   ? "ed.pub"
						 : i == 1 ? "ec.pub"
							  : "rsa.pub",
				     &public, &err),
		    0);
		assert_int_equal(public.len, e->public.len);
		assert_memory_equal(public.blob, e->public.blob, public.len);
		key_public_clear(&public);
	}
	keyring_free(k);
}

static void
test_a_named_key_that_is_no_use_is_an_error(void **state)
{
	static const struct {
		const char *path, *agent;
		enum muster_err code;
	} cases[] = {
	    {"missing", "", MUSTER_ERR_FILE},
	    {".", "", MUSTER_ERR_FILE},
	    {"garbage", "", MUSTER_ERR_KEY},
	    {"ed.pub", "", MUSTER_ERR_KEY},
	    {"open", "", MUSTER_ERR_KEY},
	    {"locked", "", MUSTER_ERR_PASSPHRASE},
	};

	(void)state;
	if (no_keygen)
		skip();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *const paths[] = {"ed", cases[i].path};
		struct muster_error err;
		/* One behind a passphrase does no harm beside others. */
		size_t first = cases[i].code == MUSTER_ERR_PASSPHRASE;
		struct keyring *k =
		    load(paths + first, 2 - first, cases[i].agent, &err);

		if (k != NULL || err.code != cases[i].code)
			fail_msg("'%s': error %d: %s", cases[i].path,
			    (int)err.code, err.text);
		assert_non_null(strstr(err.text, cases[i].path));
		assert_null(strchr(err.text, '\n'));
	}
}

static void
test_a_locked_key_waits_for_an_agent(void **state)
{
	static const char *const paths[] = {"locked"};
	struct key_public public;
	struct muster_error err;
	struct keyring *k;

	(void)state;
	if (no_keygen)
		skip();
	k = load(paths, 1, "/an/agent", &err);
	assert_non_null(k);
	assert_int_equal(keyring_n(k), 1);
	assert_null(keyring_at(k, 0)->key);
	assert_int_equal(key_public_read("locked.pub", &public, &err), 0);
	assert_int_equal(keyring_at(k, 0)->public.len, public.len);
	assert_memory_equal(
	    keyring_at(k, 0)->public.blob, public.blob, public.len);
	key_public_clear(&public);
	keyring_free(k);
}

static void
test_the_usual_files_are_taken_where_they_are_of_use(void **state)
{
	static const char *const usual[] = {"garbage", "ed", "missing"};
	const struct keyring_files files = {
	    .wished = usual, .n_wished = 3, .wished_are_defaults = true};
	struct muster_error err;
	struct keyring *k;

	(void)state;
	if (no_keygen)
		skip();
	k = keyring_load(&files, &err);
	assert_non_null(k);
	assert_int_equal(keyring_n(k), 1);
	assert_string_equal(keyring_at(k, 0)->public.type, "ssh-ed25519");
	assert_false(keyring_at(k, 0)->chosen);
	keyring_free(k);
}

static int
setup(void **state)
{
	char *folder = scratch_new();

	*state = folder;
	no_keygen = !scratch_has("ssh-keygen");
	if (no_keygen)
		return 0;
	keymaker_make("ed", "-t ed25519", "");
	keymaker_make("ec", "-t ecdsa -b 256", "");
	keymaker_make("rsa", "-t rsa -b 2048", "");
	keymaker_make("locked", "-t ed25519 -a 2", "open sesame");
	scratch_write("garbage", "\0\1\2garbage\n", 11);
	return scratch_run(
		   "chmod 600 garbage && cp ed open && chmod 644 open") +
	       setenv("HOME", folder, 1);
}

static int
teardown(void **state)
{
	scratch_remove(*state);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_named_keys_are_read_in_their_order),
	    cmocka_unit_test(test_a_named_key_that_is_no_use_is_an_error),
	    cmocka_unit_test(test_a_locked_key_waits_for_an_agent),
	    cmocka_unit_test(
		test_the_usual_files_are_taken_where_they_are_of_use),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
