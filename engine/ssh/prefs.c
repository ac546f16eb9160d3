/*
 * prefs.c -- which algorithms are offered, and in which order.
 *
 * Room: engine/ssh.  May touch: base/, conf/, libssh2.
 * libssh2's own lists differ by version and have arcfour, SHA-1 and host
 * certificates in them, so every list is set. AES-CTR stands before AES-GCM:
 * libssh2 encrypts block by block, and GCM costs a third more.
 */
#include "config.h"

#include "ssh/prefs.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/knownhosts.h"
#include "conf/sshconf.h"
#include "conf/sshconf_pattern.h"

#include <libssh2.h>
#include <stdlib.h>
#include <string.h>

#define LIST_BYTES 1024

/* 1.11.0 has EtM but not the strict key exchange that EtM and ChaCha20 need
 * (CVE-2023-48795). */
#define MACS_ETM "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,"
#define MACS "hmac-sha2-256,hmac-sha2-512"

/* What keys and certificates of users may sign with; ssh-rsa is for servers
 * that know no better. */
#define USER_KEYS                                                              \
	"ssh-ed25519-cert-v01@openssh.com,"                                    \
	"ecdsa-sha2-nistp256-cert-v01@openssh.com,"                            \
	"ecdsa-sha2-nistp384-cert-v01@openssh.com,"                            \
	"ecdsa-sha2-nistp521-cert-v01@openssh.com,"                            \
	"sk-ssh-ed25519-cert-v01@openssh.com,"                                 \
	"sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,"                         \
	"rsa-sha2-512-cert-v01@openssh.com,"                                   \
	"rsa-sha2-256-cert-v01@openssh.com,"                                   \
	"ssh-rsa-cert-v01@openssh.com,"                                        \
	"ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,"                 \
	"ecdsa-sha2-nistp521,sk-ssh-ed25519@openssh.com,"                      \
	"sk-ecdsa-sha2-nistp256@openssh.com,"                                  \
	"rsa-sha2-512,rsa-sha2-256,ssh-rsa"

static const struct {
	int method;
	const char *list;
} ours[PREFS_N_LISTS] = {
    [PREFS_KEX] = {LIBSSH2_METHOD_KEX,
	"curve25519-sha256,curve25519-sha256@libssh.org,"
	"ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
	"diffie-hellman-group14-sha256,diffie-hellman-group16-sha512,"
	"diffie-hellman-group-exchange-sha256"},
    [PREFS_HOSTKEYS] = {LIBSSH2_METHOD_HOSTKEY,
	"ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,"
	"ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-256"},
    [PREFS_CIPHERS] = {LIBSSH2_METHOD_CRYPT_CS,
	"aes128-ctr,aes192-ctr,aes256-ctr,"
	"aes128-gcm@openssh.com,aes256-gcm@openssh.com,"
	"chacha20-poly1305@openssh.com"},
    [PREFS_MACS] = {LIBSSH2_METHOD_MAC_CS, MACS_ETM MACS},
    [PREFS_KEYS] = {0, USER_KEYS},
};

struct prefs {
	char *lists[PREFS_N_LISTS]; /* owned */
};

bool
prefs_has_rsa_sha2(void)
{
	return libssh2_version(0x010b00) != NULL;
}

static bool
has_strict_kex(void)
{
	return libssh2_version(0x010b01) != NULL;
}

/* All that this libssh2 has, with commas. Free. */
static char *
list_supported(LIBSSH2_SESSION *ssh, int method)
{
	const char **names = NULL;
	int n = libssh2_session_supported_algs(ssh, method, &names);
	struct buf list;

	buf_init(&list, 4 * LIST_BYTES);
	for (int i = 0; i < n; i++)
		(void)buf_addf(&list, "%s%s", i > 0 ? "," : "", names[i]);
	if (names != NULL)
		libssh2_free(ssh, names);
	return buf_take_str(&list);
}

struct prefs *
prefs_new(const char *const lists[PREFS_N_LISTS], struct muster_error *err)
{
	LIBSSH2_SESSION *ssh = libssh2_session_init();
	struct prefs *p = mem_new(sizeof(*p));

	if (ssh == NULL)
		mem_die();
	for (size_t i = 0; i < PREFS_N_LISTS; i++) {
		const char *list =
		    i == PREFS_MACS && !has_strict_kex() ? MACS : ours[i].list;
		char *supported = i == PREFS_KEYS
				      ? mem_strdup(USER_KEYS)
				      : list_supported(ssh, ours[i].method);

		p->lists[i] =
		    sshconf_algorithms(lists[i], list, supported, err);
		free(supported);
		if (p->lists[i] == NULL) {
			prefs_free(p);
			p = NULL;
			break;
		}
	}
	(void)libssh2_session_free(ssh);
	return p;
}

void
prefs_free(struct prefs *p)
{
	for (size_t i = 0; p != NULL && i < PREFS_N_LISTS; i++)
		free(p->lists[i]);
	free(p);
}

static bool
is_among(const char *name, size_t len, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(name, len, names[i]))
			return true;
	return false;
}

/* The type of the keys that an algorithm signs with. */
static bool
is_known(const char *algorithm, size_t len, const char *const *types, size_t n)
{
	if (len > 9 && memcmp(algorithm, "rsa-sha2-", 9) == 0)
		return is_among("ssh-rsa", 7, types, n);
	return is_among(algorithm, len, types, n);
}

/* The known ones first, both parts in their order. */
static void
order_hostkeys(
    const struct prefs *p, const struct knownhosts_host *known, struct buf *out)
{
	const char *types[8];
	size_t n = knownhosts_host_types(known, types, 8);

	for (int pass = 1; pass >= 0; pass--)
		for (const char *at = p->lists[PREFS_HOSTKEYS]; *at != '\0';) {
			size_t len = strcspn(at, ",");

			if (is_known(at, len, types, n) == (pass == 1)) {
				if (out->len > 0)
					(void)buf_addc(out, ',');
				(void)buf_add(out, at, len);
			}
			at += len + (at[len] == ',');
		}
}

/* ---- keys of users ---- */

#ifdef LIBSSH2_METHOD_SIGN_ALGO
static const char *const rsa[] = {"rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"};
#endif

static bool
takes(const struct prefs *p, const char *algorithm)
{
	return sshconf_patterns_fit(algorithm, p->lists[PREFS_KEYS], false);
}

const char *
prefs_rsa_algorithm(const struct prefs *p)
{
	return takes(p, "rsa-sha2-512")   ? "rsa-sha2-512"
	       : takes(p, "rsa-sha2-256") ? "rsa-sha2-256"
					  : NULL;
}

const char *
prefs_list(const struct prefs *p, enum prefs_list which)
{
	return p->lists[which];
}

bool
prefs_is_foreign(
    const struct prefs *p, enum prefs_list which, const char *theirs)
{
	while (*theirs != '\0') {
		size_t len = strcspn(theirs, ",");
		const char *name = p->lists[which];

		for (; *name != '\0'; name += *name == ',') {
			size_t n = strcspn(name, ",");

			if (n == len && memcmp(name, theirs, n) == 0)
				return false;
			name += n;
		}
		theirs += len + (theirs[len] == ',');
	}
	return true;
}

/* RSA keys sign with one of three algorithms; the type names the oldest. */
bool
prefs_take_key(const struct prefs *p, const char *type)
{
	if (strcmp(type, "ssh-rsa") == 0)
		return takes(p, type) || prefs_rsa_algorithm(p) != NULL;
	if (strcmp(type, "ssh-rsa-cert-v01@openssh.com") == 0)
		return takes(p, type) ||
		       takes(p, "rsa-sha2-512-cert-v01@openssh.com") ||
		       takes(p, "rsa-sha2-256-cert-v01@openssh.com");
	return takes(p, type);
}

/* Which of the three, where libssh2 can be told (from 1.11). */
static int
set_signing(const struct prefs *p, void *ssh)
{
#ifdef LIBSSH2_METHOD_SIGN_ALGO
	struct buf list;
	int rc = 0;

	buf_init(&list, LIST_BYTES);
	for (size_t i = 0; i < sizeof(rsa) / sizeof(rsa[0]); i++)
		if (takes(p, rsa[i]))
			(void)buf_addf(
			    &list, "%s%s", list.len > 0 ? "," : "", rsa[i]);
	if (list.len > 0)
		rc = libssh2_session_method_pref(
		    ssh, LIBSSH2_METHOD_SIGN_ALGO, buf_str(&list));
	buf_clear(&list);
	return rc;
#else
	(void)p;
	(void)ssh;
	return 0;
#endif
}

/* ---- */

int
prefs_set(const struct prefs *p, void *ssh, const struct knownhosts_host *known,
    bool compress)
{
	const char *compression = compress ? "zlib@openssh.com,none" : "none";
	struct buf list;
	int rc;

	/* Without the flag libssh2 has no other method than none. */
	(void)libssh2_session_flag(ssh, LIBSSH2_FLAG_COMPRESS, compress);
	buf_init(&list, LIST_BYTES);
	order_hostkeys(p, known, &list);
	const struct {
		int method;
		const char *list;
	} prefs[] = {
	    {LIBSSH2_METHOD_HOSTKEY, buf_str(&list)},
	    {LIBSSH2_METHOD_KEX, p->lists[PREFS_KEX]},
	    {LIBSSH2_METHOD_CRYPT_CS, p->lists[PREFS_CIPHERS]},
	    {LIBSSH2_METHOD_CRYPT_SC, p->lists[PREFS_CIPHERS]},
	    {LIBSSH2_METHOD_MAC_CS, p->lists[PREFS_MACS]},
	    {LIBSSH2_METHOD_MAC_SC, p->lists[PREFS_MACS]},
	    {LIBSSH2_METHOD_COMP_CS, compression},
	    {LIBSSH2_METHOD_COMP_SC, compression},
	};

	rc = set_signing(p, ssh);
	for (size_t i = 0; rc == 0 && i < sizeof(prefs) / sizeof(prefs[0]); i++)
		rc = libssh2_session_method_pref(
		    ssh, prefs[i].method, prefs[i].list);
	buf_clear(&list);
	return rc;
}
