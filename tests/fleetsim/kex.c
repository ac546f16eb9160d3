/*
 * kex.c -- the key exchange: what is offered, chosen and taken into use.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 *
 *	KEXINIT <-> KEXINIT, ECDH_INIT ->, <- ECDH_REPLY, NEWKEYS <-> NEWKEYS
 */
#include "config.h"

#include "kex.h"
#include "base/mem.h"
#include "ecdh.h"
#include "host.h"
#include "scenario.h"
#include "server.h"
#include "session.h"

#include <openssl/rand.h>

#include <stdlib.h>
#include <string.h>

#define COOKIE 16
#define LISTS 10
#define KEXINIT_MAX (32 * 1024)

/* The order of the lists in SSH_MSG_KEXINIT. */
enum { KEX, HOSTKEY, CIPHER_IN, CIPHER_OUT, MAC_IN, MAC_OUT, COMP_IN };

struct kex {
	struct buf ours, theirs; /* the two KEXINIT payloads */
	const char *method;
	char algorithm[32];         /* of the host key's signature */
	const struct host_key *key; /* borrowed from the host */
	const struct cipher_alg *cipher_in, *cipher_out;
	const struct mac_alg *mac_in, *mac_out;
	struct packet_keys keys_in; /* until the client's NEWKEYS */
	bool skip_guess;            /* the next packet is a wrong guess */
	bool replied;               /* our NEWKEYS is sent */
};

void
sim_kex_free(struct session *s)
{
	if (s->kex == NULL)
		return;
	buf_clear(&s->kex->ours);
	buf_clear(&s->kex->theirs);
	free(s->kex);
	s->kex = NULL;
}

static struct kex *
kex_new(void)
{
	struct kex *k = mem_new(sizeof(*k));

	buf_init(&k->ours, KEXINIT_MAX);
	buf_init(&k->theirs, KEXINIT_MAX);
	return k;
}

void
sim_kex_start(struct session *s)
{
	const struct host *h = s->host;
	uint8_t cookie[COOKIE];
	struct kex *k;
	struct buf *m;
	char *kex;

	if (s->kex != NULL)
		return;
	k = kex_new();
	kex = mem_printf(
	    "%s%s", h->kex, s->has_id ? "" : ",kex-strict-s-v00@openssh.com");
	m = &k->ours;
	buf_add_u8(m, SSH_KEXINIT);
	(void)RAND_bytes(cookie, sizeof(cookie));
	buf_add(m, cookie, sizeof(cookie));
	buf_add_cstring(m, kex);
	buf_add_cstring(m, h->key_algorithms);
	buf_add_cstring(m, h->ciphers);
	buf_add_cstring(m, h->ciphers);
	buf_add_cstring(m, h->macs);
	buf_add_cstring(m, h->macs);
	buf_add_cstring(m, "none");
	buf_add_cstring(m, "none");
	buf_add_cstring(m, "");
	buf_add_cstring(m, "");
	buf_add_u8(m, 0);
	buf_add_u32(m, 0);
	free(kex);
	s->kex = k;
	sim_session_send(s, m);
}

struct list {
	const uint8_t *data;
	size_t len;
};

/* Picks the cipher and, unless it is an AEAD, the MAC of one direction. */
static bool
choose_crypto(const struct host *h, const struct list *cipher,
    const struct list *mac, const struct cipher_alg **cipher_out,
    const struct mac_alg **mac_out)
{
	const char *name;
	size_t n;

	n = sim_choose(
	    (const char *)cipher->data, cipher->len, h->ciphers, &name);
	*cipher_out = n > 0 ? sim_cipher_find(name, n) : NULL;
	if (*cipher_out == NULL)
		return false;
	if ((*cipher_out)->tag_len > 0)
		return true;
	n = sim_choose((const char *)mac->data, mac->len, h->macs, &name);
	*mac_out = n > 0 ? sim_mac_find(name, n) : NULL;
	return *mac_out != NULL;
}

static bool
choose_key(struct session *s, const struct list *list)
{
	struct kex *k = s->kex;
	const char *name;
	size_t n;

	n = sim_choose((const char *)list->data, list->len,
	    s->host->key_algorithms, &name);
	if (n == 0 || n >= sizeof(k->algorithm))
		return false;
	memcpy(k->algorithm, name, n);
	k->algorithm[n] = '\0';
	for (size_t i = 0; i < N_KEY_TYPES; i++)
		if (s->host->keys[i] != NULL &&
		    sim_list_has(sim_key_algorithms((enum key_type)i),
			strlen(sim_key_algorithms((enum key_type)i)), name, n))
			k->key = s->host->keys[i];
	if (s->other_key && s->host->other != NULL)
		k->key = s->host->other;
	return k->key != NULL;
}

static bool
choose_method(struct session *s, const struct list *list)
{
	const char *name;
	size_t n;

	n = sim_choose(
	    (const char *)list->data, list->len, s->host->kex, &name);
	if (n == 0)
		return false;
	s->kex->method = sim_ecdh_group(name, n);
	return s->kex->method != NULL;
}

static bool
list_has(const struct list *list, const char *name)
{
	return sim_list_has(
	    (const char *)list->data, list->len, name, strlen(name));
}

/* Whether the client's first guess was right (RFC 4253 s. 7): its favourite
 * method and key algorithm are ours too. */
static bool
is_guess_right(const struct host *h, const struct list *lists)
{
	size_t kex = strcspn(h->kex, ",");
	size_t key = strcspn(h->key_algorithms, ",");

	return lists[KEX].len >= kex && lists[HOSTKEY].len >= key &&
	       memcmp(lists[KEX].data, h->kex, kex) == 0 &&
	       memcmp(lists[HOSTKEY].data, h->key_algorithms, key) == 0;
}

static bool
read_kexinit(struct session *s, struct rd *r)
{
	const struct host *h = s->host;
	struct kex *k = s->kex;
	struct list lists[LISTS];
	const uint8_t *cookie;
	uint8_t follows;

	if (!rd_bytes(r, &cookie, COOKIE))
		return false;
	for (size_t i = 0; i < LISTS; i++)
		if (!rd_string(r, &lists[i].data, &lists[i].len))
			return false;
	if (!rd_u8(r, &follows))
		return false;
	if (!s->has_id) {
		s->strict =
		    list_has(&lists[KEX], "kex-strict-c-v00@openssh.com");
		s->ext_info = list_has(&lists[KEX], "ext-info-c");
	}
	if (!choose_method(s, &lists[KEX]) || !choose_key(s, &lists[HOSTKEY]))
		return false;
	k->skip_guess = follows != 0 && !is_guess_right(h, lists);
	return choose_crypto(h, &lists[CIPHER_IN], &lists[MAC_IN],
		   &k->cipher_in, &k->mac_in) &&
	       choose_crypto(h, &lists[CIPHER_OUT], &lists[MAC_OUT],
		   &k->cipher_out, &k->mac_out) &&
	       list_has(&lists[COMP_IN], "none");
}

static void
on_kexinit(struct session *s, const uint8_t *payload, size_t len)
{
	struct rd r;

	sim_kex_start(s);
	if (s->kex->theirs.len > 0 || !buf_add(&s->kex->theirs, payload, len)) {
		sim_session_disconnect(
		    s, SSH_PROTOCOL_ERROR, "a second KEXINIT");
		return;
	}
	rd_init(&r, payload + 1, len - 1);
	if (!read_kexinit(s, &r))
		sim_session_disconnect(
		    s, SSH_KEY_EXCHANGE_FAILED, "no matching algorithms");
	else if (s->strict && !s->has_id && s->rx.seq != 1)
		sim_session_disconnect(
		    s, SSH_PROTOCOL_ERROR, "KEXINIT was not the first packet");
}

/* The exchange hash, RFC 5656 s. 4. */
static bool
hash_exchange(struct session *s, const struct ecdh *e, const uint8_t *init,
    size_t len, uint8_t hash[SIM_HASH_BYTES])
{
	struct kex *k = s->kex;
	struct buf b;
	bool ok;

	buf_init(&b, 4 * KEXINIT_MAX);
	buf_add_cstring(&b, s->client_version);
	buf_add_cstring(&b, s->host->version);
	buf_add_string(&b, buf_data(&k->theirs), k->theirs.len);
	buf_add_string(&b, buf_data(&k->ours), k->ours.len);
	buf_add_string(&b, k->key->blob, k->key->len);
	buf_add_string(&b, init, len);
	buf_add_string(&b, e->public, e->public_len);
	sim_add_mpint(&b, e->secret, e->secret_len);
	ok = EVP_Digest(buf_data(&b), b.len, hash, NULL, s->sim->crypto.sha256,
		 NULL) == 1;
	buf_clear(&b);
	return ok;
}

/* One key of RFC 4253 s. 7.2, made as long as asked for. */
static bool
derive(struct session *s, const struct buf *seed, char letter, uint8_t *key,
    size_t len)
{
	uint8_t out[2 * SIM_HASH_BYTES];
	struct buf b;
	bool ok;

	buf_init(&b, 4096);
	buf_add(&b, buf_data(seed), seed->len);
	buf_addc(&b, letter);
	buf_add(&b, s->id, sizeof(s->id));
	ok = EVP_Digest(buf_data(&b), b.len, out, NULL, s->sim->crypto.sha256,
		 NULL) == 1;
	buf_reset(&b);
	buf_add(&b, buf_data(seed), seed->len);
	buf_add(&b, out, SIM_HASH_BYTES);
	ok = ok && EVP_Digest(buf_data(&b), b.len, out + SIM_HASH_BYTES, NULL,
		       s->sim->crypto.sha256, NULL) == 1;
	memcpy(key, out, len);
	buf_clear(&b);
	return ok;
}

static bool
derive_side(struct session *s, const struct buf *seed, const char *letters,
    struct packet_keys *keys)
{
	return derive(s, seed, letters[0], keys->iv, sizeof(keys->iv)) &&
	       derive(s, seed, letters[1], keys->key, sizeof(keys->key)) &&
	       derive(s, seed, letters[2], keys->mac, sizeof(keys->mac));
}

/* Sends NEWKEYS and takes our direction's keys into use. */
static bool
switch_keys(struct session *s, const struct ecdh *e, const uint8_t *hash)
{
	struct kex *k = s->kex;
	struct packet_keys keys;
	struct buf seed;
	bool ok;

	if (!s->has_id)
		memcpy(s->id, hash, sizeof(s->id));
	s->has_id = true;
	buf_init(&seed, 1024);
	sim_add_mpint(&seed, e->secret, e->secret_len);
	buf_add(&seed, hash, SIM_HASH_BYTES);
	ok = derive_side(s, &seed, "ACE", &k->keys_in) &&
	     derive_side(s, &seed, "BDF", &keys);
	buf_clear(&seed);
	sim_session_send(s, sim_message(s, SSH_NEWKEYS));
	k->replied = true;
	ok = ok && sim_packet_rekey(&s->tx, &s->sim->crypto, k->cipher_out,
		       k->mac_out, &keys, true);
	if (s->strict)
		s->tx.seq = 0;
	return ok;
}

static bool
send_reply(struct session *s, const struct ecdh *e, const uint8_t *hash)
{
	struct kex *k = s->kex;
	struct buf *m = sim_message(s, SSH_KEX_ECDH_REPLY);
	struct buf sig;
	bool ok;

	buf_init(&sig, 2048);
	ok = sim_key_sign(k->key, k->algorithm, hash, SIM_HASH_BYTES, &sig);
	if (s->host->bad_signature && sig.len > 0)
		sig.mem[sig.off + sig.len - 1] ^= 1;
	buf_add_string(m, k->key->blob, k->key->len);
	buf_add_string(m, e->public, e->public_len);
	buf_add_string(m, buf_data(&sig), sig.len);
	buf_clear(&sig);
	if (ok)
		sim_session_send(s, m);
	return ok;
}

/* A point that is none, where the scenario wants that. */
static bool
spoil_public(const struct session *s, struct ecdh *e)
{
	if (s->host->bad_point)
		memset(e->public, 0, e->public_len);
	return true;
}

static void
on_ecdh_init(struct session *s, const uint8_t *payload, size_t len)
{
	uint8_t hash[SIM_HASH_BYTES];
	const uint8_t *init;
	struct ecdh e;
	size_t init_len;
	struct rd r;

	rd_init(&r, payload + 1, len - 1);
	if (s->kex == NULL || s->kex->theirs.len == 0 || s->kex->replied ||
	    !rd_string(&r, &init, &init_len)) {
		sim_session_disconnect(s, SSH_PROTOCOL_ERROR, "bad ECDH_INIT");
		return;
	}
	if (s->kex->skip_guess) {
		s->kex->skip_guess = false;
		return;
	}
	if (!sim_ecdh_agree(&e, s->kex->method, init, init_len) ||
	    !spoil_public(s, &e) ||
	    !hash_exchange(s, &e, init, init_len, hash) ||
	    !send_reply(s, &e, hash) || !switch_keys(s, &e, hash))
		sim_session_disconnect(
		    s, SSH_KEY_EXCHANGE_FAILED, "key exchange failed");
}

/* Tells the client which signatures are fine (RFC 8308 s. 3.1), once. */
static void
send_ext_info(struct session *s)
{
	struct buf *m;

	if (!s->ext_info || s->ext_sent)
		return;
	s->ext_sent = true;
	m = sim_message(s, SSH_EXT_INFO);
	buf_add_u32(m, 1);
	buf_add_cstring(m, "server-sig-algs");
	buf_add_cstring(m, "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,"
			   "rsa-sha2-256");
	sim_session_send(s, m);
}

static void
on_newkeys(struct session *s)
{
	struct kex *k = s->kex;

	if (k == NULL || !k->replied ||
	    !sim_packet_rekey(&s->rx, &s->sim->crypto, k->cipher_in, k->mac_in,
		&k->keys_in, false)) {
		sim_session_disconnect(s, SSH_PROTOCOL_ERROR, "bad NEWKEYS");
		return;
	}
	if (s->strict)
		s->rx.seq = 0;
	sim_kex_free(s);
	send_ext_info(s);
	sim_session_release(s);
	if (!s->keyed)
		sim_scenario_keyed(s);
	else
		s->host->ledger->rekeys++;
	s->keyed = true;
}

void
sim_kex_message(struct session *s, const uint8_t *payload, size_t len)
{
	switch (payload[0]) {
	case SSH_KEXINIT:
		on_kexinit(s, payload, len);
		break;
	case SSH_KEX_ECDH_INIT:
		on_ecdh_init(s, payload, len);
		break;
	case SSH_NEWKEYS:
		on_newkeys(s);
		break;
	default:
		sim_session_disconnect(
		    s, SSH_PROTOCOL_ERROR, "unexpected message");
		break;
	}
}
