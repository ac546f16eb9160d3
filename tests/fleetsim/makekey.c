/*
 * makekey.c -- a private key for who logs in, made on the spot.
 *
 * Room: tests/fleetsim.  May touch: base/, key.h, <openssl/...>.
 */
#include "config.h"

#include "fleetsim.h"
#include "key.h"

#include <openssl/pem.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Writes the key as PKCS #8 (RFC 5958, RFC 8410) to a new file. */
static int
write_key(
    const char *path, const struct host_key *key, struct muster_error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	int ok;

	if (file == NULL) {
		err_sys(err, MUSTER_ERR_SYSTEM, errno,
		    "cannot make the key file '%s'", path);
		if (fd >= 0)
			(void)close(fd);
		return -1;
	}
	ok = PEM_write_PKCS8PrivateKey(
	    file, key->pkey, NULL, NULL, 0, NULL, NULL);
	if (fclose(file) != 0 || ok != 1)
		return err_set(err, MUSTER_ERR_SYSTEM,
		    "cannot write the key file '%s'", path);
	return 0;
}

int
fleetsim_make_user_key(
    struct fleetsim *sim, const char *path, struct muster_error *err)
{
	struct host_key *key = sim_key_new(KEY_ED25519);
	int r;

	if (key == NULL)
		return err_set(
		    err, MUSTER_ERR_SYSTEM, "cannot make an ed25519 key");
	r = write_key(path, key, err);
	if (r == 0)
		r = fleetsim_authorise(sim, key->blob, key->len, err);
	sim_key_free(key);
	return r;
}
