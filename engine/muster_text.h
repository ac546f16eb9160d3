/*
 * muster_text.h -- what hosts print: made safe to show, gathered, copied out.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 * Remote bytes are hostile: they reach a terminal through here or not at all.
 */
#ifndef MUSTER_MUSTER_TEXT_H
#define MUSTER_MUSTER_TEXT_H

#ifdef __cplusplus
extern "C" {
#endif

/* ---- text from hosts, made safe to show ---- */

/* A colour: 0 is the terminal's own, otherwise an index into the palette of
 * 256 or a value 0xrrggbb, with the flag that says which. */
#define MUSTER_COLOUR_INDEX 0x1000000u
#define MUSTER_COLOUR_RGB 0x2000000u

#define MUSTER_STYLE_BOLD 1u
#define MUSTER_STYLE_DIM 2u
#define MUSTER_STYLE_ITALIC 4u
#define MUSTER_STYLE_UNDERLINE 8u
#define MUSTER_STYLE_REVERSE 16u
#define MUSTER_STYLE_STRIKE 32u

struct muster_style {
	uint32_t fg, bg; /* colours */
	uint32_t flags;  /* MUSTER_STYLE_BOLD ... */
};

/* From byte `at` of a text on (to the next span) it has this style. */
struct muster_span {
	size_t at;
	struct muster_style style;
};

/* A line as it may be shown: valid UTF-8 without a control character, or
 * with SGR sequences of our own making as the only ones. All of it is lent
 * until the next call on the muster_clean it came from. */
struct muster_line {
	const char *text; /* `len` bytes, no NUL behind them */
	size_t len;
	size_t columns;                  /* of a terminal */
	const struct muster_span *spans; /* ascending; none: all plain */
	size_t n_spans;                  /* 0 with MUSTER_CLEAN_SGR */
	bool goes_on; /* was cut at its widest; the next one continues it */
};

#define MUSTER_CLEAN_SGR 1u   /* styles as SGR sequences within the text */
#define MUSTER_CLEAN_ASCII 2u /* other characters as <U+00E9> */

/* Cleans one stream of one host. Control sequences that could touch anything
 * but the line they stand in are dropped; what is not a character is shown
 * as ^X, <9b>, <U+202E> or U+FFFD. The result does not depend on how the
 * stream is cut into chunks. */
struct muster_clean {
	unsigned flags;
	uint64_t n_dropped;            /* sequences dropped */
	uint64_t n_bells;              /* BEL characters dropped */
	struct clean_pending *pending; /* owned; NULL between lines */
};

/* Begins a stream; `flags` are MUSTER_CLEAN_SGR ... */
void muster_clean_init(struct muster_clean *c, unsigned flags);

/* Frees what is pending, and begins anew. */
void muster_clean_clear(struct muster_clean *c);

/* Takes bytes from *data until a line is complete and gives it, without its
 * end. Returns false when all `*len` bytes are taken and no line came:
 *
 *	while (muster_clean_next(&c, &data, &len, &line))
 *		show(&line);
 */
bool muster_clean_next(struct muster_clean *c, const char **data, size_t *len,
    struct muster_line *line);

/* The line that waits for its end, as it stands. Returns false for none. */
bool muster_clean_peek(struct muster_clean *c, struct muster_line *line);

/* At the end of the stream: what still waits, a line a call. Returns false
 * when there is no more. */
bool muster_clean_last(struct muster_clean *c, struct muster_line *line);

/* One short text from a host (a name, a reason) as one line without styles,
 * NUL-terminated; ends in "..." when it was cut. Returns its length. */
size_t muster_clean_text(char *dst, size_t size, const void *data, size_t len);

/* The first character of clean text (len > 0) with the marks upon it: returns
 * its bytes and sets *columns to 1 or 2; 0 for what takes no room alone.
 * What is not clean counts as characters of one byte. */
size_t muster_glyph(const char *text, size_t len, unsigned *columns);

/* ---- words for a shell ---- */

/* The words with blanks between them, quoted so that a POSIX shell reads them
 * back as they are. Free with muster_string_free(). */
char *muster_quote_words(const char *const *words, size_t n);

/* ---- outputs gathered: those that are equal, once ---- */

struct muster_gather;

/* Keeps each distinct text once: 64 MiB in memory, and 16 GiB in a file
 * without a name in $TMPDIR, else /var/tmp; hosts count from 0. */
struct muster_gather *muster_gather_new(size_t n_hosts);

/* Frees all of it; NULL is fine. */
void muster_gather_free(struct muster_gather *g);

/* Adds hosts at the end: there are `n_hosts` now. */
void muster_gather_grow(struct muster_gather *g, size_t n_hosts);

/* A host printed bytes. */
void muster_gather_add(
    struct muster_gather *g, size_t host, const void *data, size_t len);

/* Hosts with different numbers `how` are never in one group. */
void muster_gather_end(struct muster_gather *g, size_t host, uint32_t how);

/* Puts hosts that printed anything into groups of equal texts, the largest
 * first, or in the order of their first hosts. Returns how many. */
size_t muster_gather_group(struct muster_gather *g, bool by_host);

/* The hosts of a group, ascending; lent until the next grouping. */
const uint32_t *muster_gather_hosts(
    const struct muster_gather *g, size_t group, size_t *n);

/* Gives bytes of a host's text from `at` on, as many as lie together; lent
 * until more is added. Returns false at the end of what is kept. */
bool muster_gather_read(const struct muster_gather *g, size_t host, uint64_t at,
    const void **data, size_t *len);

/* Whether what `host` printed so far is how the text of `other` begins: it may
 * yet print the same. */
bool muster_gather_may_become(
    const struct muster_gather *g, size_t host, size_t other);

/* Whether all that the host printed is kept; grouping knows in any case. */
bool muster_gather_is_whole(const struct muster_gather *g, size_t host);

/* ---- snapshots: what hosts have printed, to be shown ---- */

/* A line of a host that may be shown as it is. */
struct muster_shown_line {
	uint64_t no;    /* from 0; UINT64_MAX: it waits for its end */
	uint32_t at_ms; /* it came, since the host's turn */
	enum muster_stream stream;
	struct muster_line line;
};

struct muster_snapshot {
	uint64_t n_ever; /* lines that the command has printed so far */
	size_t n_lines;  /* here, in the order they came */
	const struct muster_shown_line *lines;
	uint64_t match; /* the line found; UINT64_MAX: none, or not sought */
	uint64_t hole;  /* the first line not kept any more, */
	uint64_t n_dropped; /* and how many these are; 0: all are kept */
};

/* Asks for the last `n` lines of a host's latest command; they come as a
 * SNAPSHOT event. Of a host that prints much its first lines and its last are
 * kept. Returns false, and none comes, without options.keep_lines and for a
 * host that was never started. */
bool muster_ask_snapshot(struct muster *m, size_t host, size_t n);

#ifdef __cplusplus
}
#endif

#endif
