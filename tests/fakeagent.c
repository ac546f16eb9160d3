/*
 * fakeagent.c -- an ssh-agent that misbehaves as told.
 *
 * Room: tests.  May touch: engine/base.
 */
#include "config.h"

#include "base/buf.h"
#include "base/mem.h"
#include "tests/fakeagent.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/evp.h>
#include <openssl/sha.h>

#define MESSAGE_MAX 100000

struct request {
	uint8_t bytes[MESSAGE_MAX]; /* the first is its type */
	uint32_t len;
};

static void
give_up(const char *what)
{
	perror(what);
	_exit(99);
}

static int
listen_at(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	unlink(path);
	memcpy(at.sun_path, path, strlen(path));
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0 ||
	    listen(fd, 4) != 0)
		give_up(path);
	return fd;
}

/* Reads a request. Returns its type, or 0 at the end. */
static int
read_request(int fd, uint8_t bytes[MESSAGE_MAX], uint32_t *size)
{
	struct rd r;
	uint32_t len;

	if (recv(fd, bytes, 4, MSG_WAITALL) != 4)
		return 0;
	rd_init(&r, bytes, 4);
	if (!rd_u32(&r, &len) || len == 0 || len > MESSAGE_MAX ||
	    recv(fd, bytes, len, MSG_WAITALL) != (ssize_t)len)
		return 0;
	*size = len;
	return bytes[0];
}

static void
add_keys(struct buf *body, unsigned n)
{
	struct buf blob;

	buf_init(&blob, 100);
	buf_add_cstring(&blob, "ssh-ed25519");
	buf_add_string(&blob, "01234567890123456789012345678901", 32);
	buf_add_u8(body, 12);
	buf_add_u32(body, n);
	for (unsigned i = 0; i < n; i++) {
		buf_add_string(body, buf_data(&blob), blob.len);
		buf_add_cstring(body, "fake");
	}
	buf_clear(&blob);
}

static void
add_signature(struct buf *body)
{
	struct buf inner;
	uint8_t bytes[64];

	memset(bytes, 7, sizeof(bytes));
	buf_init(&inner, 200);
	buf_add_cstring(&inner, "ssh-ed25519");
	buf_add_string(&inner, bytes, sizeof(bytes));
	buf_add_u8(body, 14);
	buf_add_string(body, buf_data(&inner), inner.len);
	buf_clear(&inner);
}

/* ---- a security key (FIDO), which signs what is asked for ---- */

#define TOKEN_TYPE "sk-ssh-ed25519@openssh.com"
#define TOKEN_FOR "ssh:"

/* The same one always. */
static EVP_PKEY *
token_key(void)
{
	static const uint8_t seed[32] = "a security key of tests, no more";
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(
	    EVP_PKEY_ED25519, NULL, seed, sizeof(seed));

	if (key == NULL)
		give_up("key");
	return key;
}

static void
add_token(struct buf *blob)
{
	EVP_PKEY *key = token_key();
	uint8_t bytes[32];
	size_t len = sizeof(bytes);

	if (EVP_PKEY_get_raw_public_key(key, bytes, &len) != 1)
		give_up("public key");
	buf_add_cstring(blob, TOKEN_TYPE);
	buf_add_string(blob, bytes, len);
	buf_add_cstring(blob, TOKEN_FOR);
	EVP_PKEY_free(key);
}

char *
fakeagent_token_line(void)
{
	char text[400];
	struct buf blob;

	buf_init(&blob, 200);
	add_token(&blob);
	(void)EVP_EncodeBlock((uint8_t *)text, buf_data(&blob), (int)blob.len);
	buf_clear(&blob);
	return mem_printf(TOKEN_TYPE " %s token", text);
}

static void
add_token_keys(struct buf *body)
{
	struct buf blob;

	buf_init(&blob, 200);
	add_token(&blob);
	buf_add_u8(body, 12);
	buf_add_u32(body, 1);
	buf_add_string(body, buf_data(&blob), blob.len);
	buf_add_cstring(body, "token");
	buf_clear(&blob);
}

/* What a token signs is two digests with flags and a counter between; these
 * two follow the signature. Flag 1: somebody was there. */
static void
add_token_signature(struct buf *body, const uint8_t *data, size_t len)
{
	EVP_PKEY *key = token_key();
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	uint8_t digest[SHA256_DIGEST_LENGTH], bytes[64];
	size_t n = sizeof(bytes);
	struct buf text, inner;

	buf_init(&text, 200);
	SHA256((const uint8_t *)TOKEN_FOR, strlen(TOKEN_FOR), digest);
	buf_add(&text, digest, sizeof(digest));
	buf_add_u8(&text, 1);
	buf_add_u32(&text, 42);
	SHA256(data, len, digest);
	buf_add(&text, digest, sizeof(digest));
	if (EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) != 1 ||
	    EVP_DigestSign(ctx, bytes, &n, buf_data(&text), text.len) != 1)
		give_up("signature");
	buf_init(&inner, 200);
	buf_add_cstring(&inner, TOKEN_TYPE);
	buf_add_string(&inner, bytes, n);
	buf_add_u8(&inner, 1);
	buf_add_u32(&inner, 42);
	buf_add_u8(body, 14);
	buf_add_string(body, buf_data(&inner), inner.len);
	buf_clear(&inner);
	buf_clear(&text);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
}

static void
answer_by_token(struct buf *body, const struct request *request)
{
	const uint8_t *blob, *data;
	size_t blob_len, len;
	struct rd r;

	rd_init(&r, request->bytes + 1, request->len - 1);
	if (request->bytes[0] == 11)
		add_token_keys(body);
	else if (rd_string(&r, &blob, &blob_len) && rd_string(&r, &data, &len))
		add_token_signature(body, data, len);
	else
		buf_add_u8(body, 5);
}

/* ---- */

static void
add_answer(
    struct buf *out, const struct request *asked, enum fakeagent_manner manner)
{
	int request = asked->bytes[0];
	struct buf body;

	buf_init(&body, MESSAGE_MAX * 2);
	if (manner == FAKEAGENT_REFUSE)
		buf_add_u8(&body, 5);
	else if (manner == FAKEAGENT_GARBAGE)
		buf_adds(&body, "\177nonsense");
	else if (manner == FAKEAGENT_LIES)
		buf_add(&body,
		    request == 11 ? "\14\0\0\0\1\0\1\0\0x"
				  : "\16\0\1\0\0x\0\0\0\0",
		    10);
	else if (manner == FAKEAGENT_TOKEN)
		answer_by_token(&body, asked);
	else if (request == 11)
		add_keys(&body, manner == FAKEAGENT_MANY ? 2000 : 1);
	else
		add_signature(&body);
	buf_add_string(out, buf_data(&body), body.len);
	buf_clear(&body);
}

static void
send_all(int fd, const uint8_t *data, size_t len, size_t step)
{
	while (len > 0) {
		size_t part = step < len ? step : len;
		ssize_t n = send(fd, data, part, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		data += n;
		len -= (size_t)n;
	}
}

/* Answers one request. Returns whether there may be another. */
static int
answer(int fd, const struct request *request, enum fakeagent_manner manner)
{
	struct buf out;
	int more = manner != FAKEAGENT_ONE_EACH && manner != FAKEAGENT_CUT;

	if (manner == FAKEAGENT_CLOSE)
		return 0;
	if (manner == FAKEAGENT_HANG ||
	    (manner == FAKEAGENT_HANG_LATER && request->bytes[0] != 11))
		return 1;
	buf_init(&out, MESSAGE_MAX * 2);
	if (manner == FAKEAGENT_HUGE)
		buf_add(&out, "\377\377\377\377\14", 5);
	else
		add_answer(&out, request, manner);
	if (manner == FAKEAGENT_TALKATIVE)
		add_answer(&out, request, manner);
	send_all(fd, buf_data(&out),
	    manner == FAKEAGENT_CUT ? out.len / 2 : out.len,
	    manner == FAKEAGENT_DRIP ? 1 : out.len);
	buf_clear(&out);
	return more;
}

static void
serve(int listener, enum fakeagent_manner manner)
{
	for (;;) {
		int fd = accept(listener, NULL, NULL), type;
		struct request request;

		if (fd < 0)
			give_up("accept");
		while ((type = read_request(fd, request.bytes, &request.len)) !=
			   0 &&
		       answer(fd, &request, manner))
			;
		close(fd);
	}
}

/* Fills the queue of a listener that nobody accepts from. */
static void
fill_queue(const char *path)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};

	memcpy(to.sun_path, path, strlen(path));
	for (;;) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

		if (fd < 0)
			give_up("socket");
		if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
			return;
	}
}

pid_t
fakeagent_start(const char *path, enum fakeagent_manner manner)
{
	int listener = listen_at(path), ready[2];
	char byte = 0;
	pid_t pid;

	if (pipe(ready) != 0 || (pid = fork()) < 0)
		give_up("fork");
	if (pid == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (manner == FAKEAGENT_DEAF)
			fill_queue(path);
		if (write(ready[1], &byte, 1) != 1)
			_exit(99);
		if (manner == FAKEAGENT_DEAF)
			pause();
		serve(listener, manner);
	}
	if (read(ready[0], &byte, 1) != 1)
		give_up("fakeagent");
	close(ready[0]);
	close(ready[1]);
	close(listener);
	return pid;
}

void
fakeagent_stop(pid_t pid)
{
	(void)kill(pid, SIGKILL);
	(void)waitpid(pid, NULL, 0);
}
