/*
 * key.h -- private keys that sign, and public keys as the wire has them.
 *
 * Room: engine/crypto.  May touch: base/, OpenSSL.
 * A key file is read and decrypted once; the key is then shared. A struct
 * key never changes, so that any thread may use it; only its count of users
 * moves. Types: ssh-ed25519, ecdsa-sha2-nistp256/384/521, ssh-rsa.
 */
#ifndef MUSTER_CRYPTO_KEY_H
#define MUSTER_CRYPTO_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct muster_error;
struct secret;

#define KEY_TYPE_BYTES 64 /* of a key type or algorithm name, with the NUL */

/* ---- public keys and certificates ---- */

struct key_public {
	char type[KEY_TYPE_BYTES]; /* "ssh-ed25519-cert-v01@openssh.com" ... */
	uint8_t *blob;             /* owned; RFC 4253 s. 6.6 */
	size_t len;
	char *comment; /* owned; "" when there is none */
};

void key_public_clear(struct key_public *p);

/* Takes the type out of a blob. Returns false when it has none. */
bool key_blob_type(const void *blob, size_t len, char type[KEY_TYPE_BYTES]);

/* Writes the blob with the name of its type replaced by `type` into `out`
 * ("rsa-sha2-512" for an ssh-rsa blob makes libssh2 1.10 ask for that
 * signature). Returns false when the blob has no type. */
bool key_blob_retype(
    const void *blob, size_t len, const char *type, struct buf *out);

/* Whether a type is that of a certificate, and whether the blob of one
 * certifies the key of that blob. */
bool key_type_is_certificate(const char *type);
bool key_certifies(
    const struct key_public *certificate, const void *blob, size_t len);

/* Reads one line "type base64 comment", as in a .pub or -cert.pub file.
 * Returns 0, or -1: MUSTER_ERR_FILE (missing too), MUSTER_ERR_KEY. */
int key_public_read(
    const char *path, struct key_public *p, struct muster_error *err);

enum key_found {
	KEY_FOUND_PLAIN,     /* a private key that needs no passphrase */
	KEY_FOUND_ENCRYPTED, /* one that does */
	KEY_FOUND_PUBLIC,    /* no private key: an agent may have it */
};

/* Finds the public half of the identity `path` without a passphrase: in the
 * private key file itself, or beside it in path.pub. `path` may also be a
 * public key file, or be missing while path.pub is there. When a PEM file is
 * encrypted and has no .pub, p->blob is NULL (and 0 is returned).
 * Returns 0, or -1: MUSTER_ERR_FILE, MUSTER_ERR_KEY. */
int key_probe(const char *path, struct key_public *p, enum key_found *found,
    struct muster_error *err);

/* ---- private keys ---- */

struct key;

/* Reads a private key file: OpenSSH's own format, or PEM (PKCS #1, SEC 1,
 * PKCS #8). `passphrase` is borrowed and may be NULL; it is never asked for
 * here. With bcrypt this takes a tenth of a second or more: not on a loop.
 * Returns a key with one user, or NULL: MUSTER_ERR_FILE when it cannot be
 * opened or read; MUSTER_ERR_KEY when it is readable by others (ssh(1)'s
 * rule: ours and mode & 077), no private key, damaged, or of a type that
 * cannot sign here; MUSTER_ERR_PASSPHRASE when one is wanted or the one
 * given is wrong. */
struct key *key_read(const char *path, const struct secret *passphrase,
    struct muster_error *err);

/* The same for the bytes of such a file; `name` is for messages. */
struct key *key_parse(const void *data, size_t len, const char *name,
    const struct secret *passphrase, struct muster_error *err);

/* Adds a user. Returns `k`. */
struct key *key_ref(struct key *k);

/* Takes a user away; the last one frees the key. NULL is fine. */
void key_free(struct key *k);

/* All lent until key_free(). */
const char *key_type(const struct key *k);
const uint8_t *key_blob(const struct key *k, size_t *len);
const char *key_comment(const struct key *k);
const char *key_fingerprint(const struct key *k);

/* Whether the key can sign for `algorithm`: its type, with "rsa-sha2-256"
 * and "rsa-sha2-512" for ssh-rsa; the names of certificates count as the
 * algorithm they are of. */
bool key_can(const struct key *k, const char *algorithm);

/* Signs `data`. The bytes of the signature alone are added to `out`, in the
 * form libssh2's sign callback gives back: ed25519 64 bytes (RFC 8709), RSA
 * as RFC 8332, ECDSA mpint r and mpint s (RFC 5656 s. 3.1.2).
 * Returns 0, or -1: MUSTER_ERR_KEY when the key cannot do `algorithm`,
 * MUSTER_ERR_LIMIT when `out` is too small, MUSTER_ERR_SYSTEM. */
int key_sign(const struct key *k, const char *algorithm, const void *data,
    size_t len, struct buf *out, struct muster_error *err);

/* As key_sign, with the name of the algorithm before it: the signature as
 * RFC 4253 s. 6.6 and the agent's answers have it. */
int key_sign_wire(const struct key *k, const char *algorithm, const void *data,
    size_t len, struct buf *out, struct muster_error *err);

#endif
