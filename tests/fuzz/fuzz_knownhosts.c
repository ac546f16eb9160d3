/*
 * fuzz_knownhosts.c -- no known_hosts file confuses the reader.
 *
 * Room: tests/fuzz.  May touch: engine/base, engine/conf.
 * The first line of the input is the host that is asked for, the rest is the
 * file. Whatever it has: a line before it that names the host is found, a
 * line that revokes the key wins, and the ends of lines make no difference.
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "conf/knownhosts.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t blob[] = "\0\0\0\13ssh-ed25519\0\0\0\4key";

/* What a file says of the host and the key above. */
static enum knownhosts_match
ask(const char *host, const struct buf *file)
{
	struct knownhosts *k = knownhosts_new();
	struct knownhosts_host *h;
	struct knownhosts_hit hit = {.line = 0};
	enum knownhosts_match match;
	const char *types[4];

	knownhosts_parse(k, "file", buf_data(file), file->len);
	for (size_t i = 0; i < knownhosts_n_notes(k); i++)
		assert((knownhosts_note(k, i) != NULL) == (i < 100));
	h = knownhosts_find(k, host, 22);
	match = knownhosts_check(h, blob, sizeof(blob), &hit);
	assert((hit.line > 0) == (match != KNOWNHOSTS_UNKNOWN));
	assert(hit.line == 0 || strcmp(hit.file, "file") == 0);
	if (knownhosts_host_types(h, types, 4) > 0)
		assert(match != KNOWNHOSTS_UNKNOWN);
	knownhosts_host_free(h);
	knownhosts_free(k);
	return match;
}

/* Puts "names key" before the file. */
static void
add_line(struct buf *out, const char *names)
{
	buf_addf(out, "%s ssh-ed25519 ", names);
	base64_add(out, blob, sizeof(blob), true);
	buf_addc(out, '\n');
}

static enum knownhosts_match
ask_behind(const char *names, const char *host, const uint8_t *text, size_t len)
{
	enum knownhosts_match match;
	struct buf file;

	buf_init(&file, len + 1000);
	add_line(&file, names);
	buf_add(&file, text, len);
	match = ask(host, &file);
	buf_clear(&file);
	return match;
}

/* The file with CR LF where it has LF. */
static enum knownhosts_match
ask_with_cr(const char *host, const uint8_t *text, size_t len)
{
	enum knownhosts_match match;
	struct buf file;

	buf_init(&file, 2 * len + 1);
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r'))
			buf_addc(&file, '\r');
		buf_addc(&file, text[i]);
	}
	match = ask(host, &file);
	buf_clear(&file);
	return match;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	char host[100] = "h";
	struct buf file;
	enum knownhosts_match match;
	size_t len;

	if (end == NULL)
		return 0;
	len = (size_t)(end - data);
	if (len > 0 && len < sizeof(host)) {
		memcpy(host, data, len);
		host[len] = '\0';
	}
	end++;
	size -= (size_t)(end - data);
	/* A byte order mark is one at the start of a file only. */
	if (size >= 3 && memcmp(end, "\xef\xbb\xbf", 3) == 0)
		return 0;
	buf_init(&file, size);
	buf_add(&file, end, size);
	match = ask(host, &file);
	assert(ask_with_cr(host, end, size) == match);
	assert(ask_behind("@revoked *", host, end, size) == KNOWNHOSTS_REVOKED);
	assert(ask_behind("*", host, end, size) ==
	       (match == KNOWNHOSTS_REVOKED ? match : KNOWNHOSTS_MATCH));
	buf_clear(&file);
	return 0;
}
