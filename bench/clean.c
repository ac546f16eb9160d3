/*
 * clean.c -- how fast muster_clean_next() is, a kind of text a line.
 *
 * Room: bench.  May touch: engine/muster.h, engine/base.
 * The goals: 100 MB/s of log text, 20 MB/s whatever a host sends. Text comes
 * in chunks of 32 KiB, as it does off a channel.
 */
#include "config.h"

#include "base/buf.h"
#include "muster.h"

#include <stdio.h>
#include <time.h>

#define SAMPLE_BYTES (4u * 1024 * 1024)
#define CHUNK_BYTES (32u * 1024)
#define ROUNDS 8

static const struct {
	const char *name;
	const char *text; /* repeated until there is enough */
} samples[] = {
    {"log", "Nov 22 20:41:07 web-017 nginx[812]: 10.3.1.17 - - \"GET "
	    "/index.html HTTP/1.1\" 200 612 \"-\" \"curl/7.88.1\"\n"
	    "Setting up libssl3:amd64 (3.0.17-1~deb12u2) ...\n"
	    "\tat com.example.Main.run(Main.java:42)\r\n"},
    {"utf-8", "Größe geändert: für 世界 – ✓ fertig, weiter …\n"},
    {"colours", "\033[32m INFO\033[0m \033[2mapp::web\033[0m listening "
		"on \033[1;36m0.0.0.0:80\033[0m since 20:41:07\n"},
    {"progress", " 41% [########            ]  3.1 MB/s\r"
		 " 42% [########            ]  3.1 MB/s\r"
		 " 43% [#########           ]  3.1 MB/s\r\n"},
    {"no newline", "0123456789abcdef"},
    {"binary", "\001\200\377\033\002\303\r\b\177\234\005\033[x\342\202"},
    {"escapes", "\033["},
    {"styles", "\033[1ma\033[22mb\033[38;2;1;2;3mc\033[48;5;9md"},
    {"marks", "\xcc\x81\xcc\x82\xcc\x83"},
    {"moves", "\033[40Ca\r\033[2@\033[3Xb\033[2P\033[1K"},
    {"strings", "\033]0;unterminated title that goes on\n"},
};

static void
fill(struct buf *b, const char *text)
{
	buf_reset(b);
	while (b->len < SAMPLE_BYTES)
		buf_adds(b, text);
}

/* Returns how many bytes of lines came out. */
static size_t
clean(const struct buf *b, unsigned flags)
{
	struct muster_line line;
	struct muster_clean c;
	size_t out = 0;

	muster_clean_init(&c, flags);
	for (size_t at = 0; at < b->len; at += CHUNK_BYTES) {
		const char *p = (const char *)buf_data(b) + at;
		size_t len = b->len - at;

		len = len < CHUNK_BYTES ? len : CHUNK_BYTES;
		while (muster_clean_next(&c, &p, &len, &line))
			out += line.len + 1;
	}
	while (muster_clean_last(&c, &line))
		out += line.len + 1;
	return out;
}

/* Processor time of this process: others on the machine do not count. */
static int64_t
cpu_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static double
measure(const struct buf *b, unsigned flags, size_t *out)
{
	int64_t best = INT64_MAX;

	for (int i = 0; i < ROUNDS; i++) {
		int64_t begun = cpu_now_ns(), took;

		*out = clean(b, flags);
		took = cpu_now_ns() - begun;
		best = took < best ? took : best;
	}
	return (double)b->len * 1000 / (double)(best > 0 ? best : 1);
}

int
main(void)
{
	struct buf b;

	buf_init(&b, 2 * SAMPLE_BYTES);
	printf("%-12s %10s %10s %10s\n", "text", "plain MB/s", "SGR MB/s",
	    "out/in");
	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++) {
		double plain, sgr;
		size_t out;

		fill(&b, samples[i].text);
		plain = measure(&b, 0, &out);
		sgr = measure(&b, MUSTER_CLEAN_SGR, &out);
		printf("%-12s %10.0f %10.0f %10.1f\n", samples[i].name, plain,
		    sgr, (double)out / (double)b.len);
	}
	buf_clear(&b);
	return 0;
}
