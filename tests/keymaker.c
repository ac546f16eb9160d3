/*
 * keymaker.c -- keys of every type, made by ssh-keygen for a test.
 *
 * Room: tests.  May touch: engine/crypto, tests/scratch.h.
 */
#include "config.h"

#include "base/secret.h"
#include "crypto/key.h"
#include "muster.h"
#include "tests/keymaker.h"
#include "tests/scratch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

const struct keymaker_type keymaker_types[] = {
    {"ssh-ed25519", "-t ed25519", "ssh-ed25519"},
    {"ecdsa-sha2-nistp256", "-t ecdsa -b 256", "ecdsa-sha2-nistp256"},
    {"ecdsa-sha2-nistp384", "-t ecdsa -b 384", "ecdsa-sha2-nistp384"},
    {"ecdsa-sha2-nistp521", "-t ecdsa -b 521", "ecdsa-sha2-nistp521"},
    {"ssh-rsa", "-t rsa -b 2048", "rsa-sha2-512"},
};

struct secret *
keymaker_passphrase(const char *text)
{
	return secret_new(text, strlen(text));
}

void
keymaker_make(const char *path, const char *options, const char *phrase)
{
	unlink(path);
	if (scratch_run("ssh-keygen -q %s -N \"%s\" -C 'a comment' -f %s "
			"</dev/null >/dev/null",
		options, phrase, path) != 0)
		fail_msg("ssh-keygen %s failed", options);
}

struct key *
keymaker_read(const char *path, const char *phrase)
{
	struct secret *s =
	    phrase[0] != '\0' ? keymaker_passphrase(phrase) : NULL;
	struct muster_error err = {0};
	struct key *k = key_read(path, s, &err);

	secret_free(s);
	if (k == NULL)
		fail_msg("%s", err.text);
	return k;
}
