/*
 * keyfile.c -- identities on disk: which file has what.
 *
 * Room: engine/crypto.  May touch: base/, crypto/, OpenSSL.
 * Private keys in OpenSSH's own format are read in keyopenssh.c; all else
 * that is PEM is OpenSSL's. The passphrase is always handed over: OpenSSL
 * would ask for it on the terminal.
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/secret.h"
#include "base/str.h"
#include "crypto/key.h"
#include "crypto/keyinside.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- reading a file ---- */

void
key_wipe(struct buf *b)
{
	if (b->mem != NULL)
		secret_wipe(b->mem, b->cap);
	buf_clear(b);
}

static int
check_file(int fd, struct stat *st, struct muster_error *err)
{
	if (fstat(fd, st) != 0)
		return err_sys(err, MUSTER_ERR_FILE, errno, "cannot be read");
	if (!S_ISREG(st->st_mode))
		return err_set(err, MUSTER_ERR_FILE, "no regular file");
	if (st->st_size > LIMIT_KEY_FILE_BYTES - 1)
		return err_set(
		    err, MUSTER_ERR_FILE, "too large for a key file");
	return 0;
}

/* Reads `size` bytes, or fewer when there are no more; with a byte to spare
 * behind them, so that no copy of a secret is left by a buffer growing. */
static int
read_all(int fd, size_t size, struct buf *out, struct muster_error *err)
{
	uint8_t *to = buf_reserve(out, size + 1);
	size_t used = 0;

	while (used < size) {
		ssize_t n = read(fd, to + used, size - used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(
			    err, MUSTER_ERR_FILE, errno, "cannot be read");
		if (n == 0)
			break;
		used += (size_t)n;
	}
	buf_commit(out, used);
	return 0;
}

int
key_load(const char *path, struct buf *out, unsigned *exposed,
    struct muster_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st;
	int rc;

	if (fd < 0)
		return err_sys(
		    err, MUSTER_ERR_FILE, errno, "cannot open '%s'", path);
	rc = check_file(fd, &st, err);
	if (rc == 0)
		rc = read_all(fd, (size_t)st.st_size, out, err);
	close(fd);
	if (rc != 0)
		return err_prefix(err, "'%s'", path);
	*exposed = 0;
	if (st.st_uid == getuid() && (st.st_mode & 077) != 0)
		*exposed = (unsigned)st.st_mode & 07777;
	return 0;
}

/* Refuses a private key that others may use, by the mode of its file. */
static int
check_exposed(const char *path, unsigned exposed, struct muster_error *err)
{
	if (exposed == 0)
		return 0;
	return err_set(err, MUSTER_ERR_KEY,
	    "'%s': others may use it (mode %04o): make it yours alone with "
	    "chmod 600",
	    path, exposed);
}

/* ---- PEM ---- */

struct ask {
	const struct secret *passphrase; /* borrowed, may be NULL */
	bool asked;
};

static int
on_passphrase(char *to, int size, int for_writing, void *arg)
{
	struct ask *ask = arg;
	size_t len;

	(void)for_writing;
	ask->asked = true;
	if (ask->passphrase == NULL)
		return -1;
	len = secret_len(ask->passphrase);
	if (len > (size_t)size)
		return -1;
	memcpy(to, secret_data(ask->passphrase), len);
	return (int)len;
}

static struct key *
parse_pem(const char *text, size_t len, const struct secret *passphrase,
    struct muster_error *err)
{
	struct ask ask = {passphrase, false};
	BIO *bio = BIO_new_mem_buf(text, (int)len);
	EVP_PKEY *pkey = NULL;

	if (bio != NULL)
		pkey = PEM_read_bio_PrivateKey(bio, NULL, on_passphrase, &ask);
	BIO_free(bio);
	ERR_clear_error();
	if (pkey != NULL)
		return key_new(pkey, "", err);
	if (ask.asked && passphrase == NULL)
		return err_null(
		    err, MUSTER_ERR_PASSPHRASE, "it wants a passphrase");
	if (ask.asked)
		return err_null(
		    err, MUSTER_ERR_PASSPHRASE, "a wrong passphrase");
	return err_null(err, MUSTER_ERR_KEY, "a damaged private key");
}

static bool
holds(const char *text, size_t len, const char *what)
{
	return memmem(text, len, what, strlen(what)) != NULL;
}

/* Says what a file is that is no private key. */
static struct key *
refuse(const char *text, size_t len, struct muster_error *err)
{
	struct key_public p;
	char *copy = mem_strndup(text, len);
	const char *what = "no private key";

	if (key_public_parse(copy, &p, NULL) == 0) {
		what = "a public key: name the private one, without .pub";
		key_public_clear(&p);
	} else if (str_starts(copy, "PuTTY-User-Key-File-"))
		what = "a key of PuTTY: convert it with puttygen -O "
		       "private-openssh";
	else if (holds(text, len, "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY"))
		what = "a key of ssh.com: convert it with its ssh-keygen";
	secret_wipe(copy, len);
	free(copy);
	return err_null(err, MUSTER_ERR_KEY, "%s", what);
}

/* ---- private keys ---- */

static struct key *
parse_any(const char *text, size_t len, const struct secret *passphrase,
    struct muster_error *err)
{
	if (key_is_openssh(text, len))
		return key_parse_openssh(text, len, passphrase, err);
	if (holds(text, len, "PRIVATE KEY-----") && len <= INT_MAX)
		return parse_pem(text, len, passphrase, err);
	return refuse(text, len, err);
}

struct key *
key_parse(const void *data, size_t len, const char *name,
    const struct secret *passphrase, struct muster_error *err)
{
	struct key *k = parse_any(data, len, passphrase, err);

	if (k == NULL)
		err_prefix(err, "'%s'", name);
	return k;
}

struct key *
key_read(
    const char *path, const struct secret *passphrase, struct muster_error *err)
{
	struct key *k = NULL;
	unsigned exposed;
	struct buf text;

	buf_init(&text, LIMIT_KEY_FILE_BYTES);
	if (key_load(path, &text, &exposed, err) == 0 &&
	    check_exposed(path, exposed, err) == 0)
		k = key_parse(buf_data(&text), text.len, path, passphrase, err);
	key_wipe(&text);
	return k;
}

/* ---- the public half ---- */

/* Takes the public half of a key that needs no passphrase. */
static int
probe_plain(const char *text, size_t len, struct key_public *p,
    struct muster_error *err)
{
	struct key *k = parse_any(text, len, NULL, err);
	const uint8_t *blob;

	if (k == NULL)
		return -1;
	blob = key_blob(k, &p->len);
	p->blob = mem_dup(blob, p->len);
	p->comment = mem_strdup(key_comment(k));
	(void)str_copy(p->type, sizeof(p->type), key_type(k));
	key_free(k);
	return 0;
}

/* Looks for the public half in the text of a file. p->blob stays NULL when
 * it is not to be seen. */
static int
probe_text(const char *text, size_t len, struct key_public *p,
    enum key_found *found, struct muster_error *err)
{
	bool encrypted = false;

	if (key_public_parse(text, p, NULL) == 0) {
		*found = KEY_FOUND_PUBLIC;
		return 0;
	}
	if (key_is_openssh(text, len)) {
		if (key_probe_openssh(text, len, p, &encrypted, err) != 0)
			return -1;
		*found = encrypted ? KEY_FOUND_ENCRYPTED : KEY_FOUND_PLAIN;
		if (encrypted)
			return 0;
		key_public_clear(p);
	} else if (holds(text, len, "PRIVATE KEY-----") &&
		   holds(text, len, "ENCRYPTED")) {
		*found = KEY_FOUND_ENCRYPTED;
		return 0;
	}
	*found = KEY_FOUND_PLAIN;
	return probe_plain(text, len, p, err);
}

/* Looks beside the private key: for the public half, or its comment. */
static int
probe_beside(const char *path, struct key_public *p, struct muster_error *err)
{
	char *name = mem_printf("%s.pub", path);
	struct key_public beside;
	int rc = key_public_read(name, &beside, err);

	free(name);
	if (rc != 0)
		return -1;
	if (p->blob == NULL || (p->len == beside.len &&
				   memcmp(p->blob, beside.blob, p->len) == 0)) {
		key_public_clear(p);
		*p = beside;
	} else
		key_public_clear(&beside);
	return 0;
}

int
key_probe(const char *path, struct key_public *p, enum key_found *found,
    struct muster_error *err)
{
	unsigned exposed;
	struct buf text;
	int rc;

	memset(p, 0, sizeof(*p));
	buf_init(&text, LIMIT_KEY_FILE_BYTES);
	if (access(path, F_OK) != 0 && errno == ENOENT &&
	    probe_beside(path, p, NULL) == 0) {
		*found = KEY_FOUND_PUBLIC;
		return 0;
	}
	rc = key_load(path, &text, &exposed, err);
	if (rc == 0 &&
	    (rc = probe_text(buf_str(&text), text.len, p, found, err)) != 0)
		err_prefix(err, "'%s'", path);
	key_wipe(&text);
	if (rc == 0 && *found != KEY_FOUND_PUBLIC)
		rc = check_exposed(path, exposed, err);
	if (rc == 0 && *found == KEY_FOUND_ENCRYPTED)
		(void)probe_beside(path, p, NULL);
	if (rc != 0)
		key_public_clear(p);
	return rc;
}
