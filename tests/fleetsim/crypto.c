/*
 * crypto.c -- the algorithms fleetsim speaks, fetched once.
 *
 * Room: tests/fleetsim.  May touch: base/, <openssl/...>.
 */
#include "config.h"

#include "crypto.h"

#include <string.h>

/* clang-format off */
const struct cipher_alg sim_ciphers[SIM_N_CIPHERS] = {
	{ "aes128-ctr",             "AES-128-CTR", 16, 16, 0 },
	{ "aes256-ctr",             "AES-256-CTR", 32, 16, 0 },
	{ "aes128-gcm@openssh.com", "AES-128-GCM", 16, 12, 16 },
	{ "aes256-gcm@openssh.com", "AES-256-GCM", 32, 12, 16 },
};

const struct mac_alg sim_macs[SIM_N_MACS] = {
	{ "hmac-sha2-256-etm@openssh.com", "SHA256", 32, true },
	{ "hmac-sha2-512-etm@openssh.com", "SHA512", 64, true },
	{ "hmac-sha2-256",                 "SHA256", 32, false },
	{ "hmac-sha2-512",                 "SHA512", 64, false },
};
/* clang-format on */

bool
sim_crypto_init(struct crypto *c)
{
	bool ok = true;

	c->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	c->hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	for (size_t i = 0; i < SIM_N_CIPHERS; i++) {
		c->ciphers[i] =
		    EVP_CIPHER_fetch(NULL, sim_ciphers[i].evp, NULL);
		ok = ok && c->ciphers[i] != NULL;
	}
	return ok && c->sha256 != NULL && c->hmac != NULL;
}

void
sim_crypto_clear(struct crypto *c)
{
	for (size_t i = 0; i < SIM_N_CIPHERS; i++)
		EVP_CIPHER_free(c->ciphers[i]);
	EVP_MAC_free(c->hmac);
	EVP_MD_free(c->sha256);
}

static bool
is_name(const char *have, const char *name, size_t len)
{
	return strlen(have) == len && memcmp(have, name, len) == 0;
}

const struct cipher_alg *
sim_cipher_find(const char *name, size_t len)
{
	for (size_t i = 0; i < SIM_N_CIPHERS; i++)
		if (is_name(sim_ciphers[i].name, name, len))
			return &sim_ciphers[i];
	return NULL;
}

const struct mac_alg *
sim_mac_find(const char *name, size_t len)
{
	for (size_t i = 0; i < SIM_N_MACS; i++)
		if (is_name(sim_macs[i].name, name, len))
			return &sim_macs[i];
	return NULL;
}

bool
sim_add_mpint(struct buf *b, const void *data, size_t len)
{
	const uint8_t *p = data;
	bool sign;

	while (len > 0 && *p == 0) {
		p++;
		len--;
	}
	sign = len > 0 && (*p & 0x80) != 0;
	return buf_add_u32(b, (uint32_t)(len + sign)) &&
	       (!sign || buf_add_u8(b, 0)) && buf_add(b, p, len);
}

bool
sim_list_has(const char *list, size_t len, const char *name, size_t n)
{
	const char *end = list + len;

	while (list < end) {
		const char *comma = memchr(list, ',', (size_t)(end - list));
		size_t word = (size_t)((comma != NULL ? comma : end) - list);

		if (word == n && memcmp(list, name, n) == 0)
			return true;
		list += word + 1;
	}
	return false;
}

size_t
sim_choose(
    const char *client, size_t len, const char *server, const char **name)
{
	const char *end = client + len;

	while (client < end) {
		const char *comma = memchr(client, ',', (size_t)(end - client));
		size_t n = (size_t)((comma != NULL ? comma : end) - client);

		if (n > 0 && sim_list_has(server, strlen(server), client, n)) {
			*name = client;
			return n;
		}
		client += n + 1;
	}
	return 0;
}

void
sim_hex(char *dst, const uint8_t *data, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*dst++ = digits[data[i] >> 4];
		*dst++ = digits[data[i] & 15];
	}
	*dst = '\0';
}
