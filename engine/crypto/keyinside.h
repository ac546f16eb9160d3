/*
 * keyinside.h -- what the files that make up keys share.
 *
 * Room: engine/crypto, and not used outside.  May touch: base/, OpenSSL.
 */
#ifndef MUSTER_CRYPTO_KEYINSIDE_H
#define MUSTER_CRYPTO_KEYINSIDE_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/types.h>

struct buf;
struct key;
struct key_public;
struct muster_error;
struct secret;

/* Makes a key of `pkey`, which is its own from then on, error or not. It
 * signs something and verifies that, so that a damaged key is found now.
 * Returns NULL on error: MUSTER_ERR_KEY. */
struct key *key_new(
    EVP_PKEY *pkey, const char *comment, struct muster_error *err);

/* Adds the bytes of a key file to `out`, which is empty and has its maximum
 * at LIMIT_KEY_FILE_BYTES; no copy is left elsewhere. *exposed is the mode
 * of a file that is ours and open to others, else 0.
 * Returns 0, or -1: MUSTER_ERR_FILE. */
int key_load(const char *path, struct buf *out, unsigned *exposed,
    struct muster_error *err);

/* Reads one line "type base64 comment", without options before it.
 * Returns 0, or -1: MUSTER_ERR_KEY. */
int key_public_parse(
    const char *text, struct key_public *p, struct muster_error *err);

/* Wipes the whole memory of a buffer, then clears it. */
void key_wipe(struct buf *b);

/* Whether a text is in OpenSSH's own format, openssh-key-v1. */
bool key_is_openssh(const char *text, size_t len);

/* Writes the bytes that such a text stands for into `out`, which is empty.
 * Returns false when there are none, or something between them. */
bool key_take_off_armour(const char *text, size_t len, struct buf *out);

/* Reads the private key of such a text. As key_parse(), without the name. */
struct key *key_parse_openssh(const char *text, size_t len,
    const struct secret *passphrase, struct muster_error *err);

/* Reads its public half; *encrypted tells whether the rest is.
 * Returns 0, or -1: MUSTER_ERR_KEY. */
int key_probe_openssh(const char *text, size_t len, struct key_public *p,
    bool *encrypted, struct muster_error *err);

#endif
