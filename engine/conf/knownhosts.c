/*
 * knownhosts.c -- which keys a host may show: known_hosts files.
 *
 * Room: engine/conf.  May touch: base/, conf/, crypto/digest.h.
 * Every line is an entry. Entries with literal names alone are found through
 * a map from name to entries; those with wildcards or '!' are tried one by
 * one, and so are hashed ones, with their salts hashed in advance: some
 * 0.2 microseconds each.
 */
#include "config.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/hostname.h"
#include "conf/knownhosts.h"
#include "conf/knownhosts_int.h"
#include "conf/textfile.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define NOTES_KEPT 100

struct entry {
	const char *file; /* borrowed from the arena, as all below */
	const char *type;
	const uint8_t *blob;
	size_t len;
	size_t line;
	enum knownhosts_marker marker;
};

/* An entry that is known by a pattern list: its patterns in lower case, each
 * with its NUL, and an empty one at the end. */
struct wild {
	const char *patterns; /* borrowed from the arena */
	size_t entry;
};

struct hashed {
	struct digest_hmac salt;
	uint8_t hash[DIGEST_SHA1_BYTES];
	size_t entry;
};

/* Entries by their indexes, ascending. */
struct set {
	size_t *at; /* owned */
	size_t n;
	size_t cap;
};

struct knownhosts {
	atomic_size_t n_users;
	struct arena texts;
	struct entry *entries; /* owned, in the order of reading */
	size_t n_entries;
	size_t cap_entries;
	struct map *names; /* owned: name -> struct set, owned */
	struct map *types; /* owned: type -> itself, in the arena */
	struct wild *wild; /* owned */
	size_t n_wild;
	size_t cap_wild;
	struct hashed *hashed; /* owned */
	size_t n_hashed;
	size_t cap_hashed;
	const char *notes[NOTES_KEPT]; /* borrowed from the arena */
	size_t n_notes;
};

struct knownhosts_host {
	const struct knownhosts *k; /* borrowed */
	struct set found;
};

/* ---- life ---- */

struct knownhosts *
knownhosts_new(void)
{
	struct knownhosts *k = mem_new(sizeof(*k));

	atomic_init(&k->n_users, 1);
	arena_init(&k->texts);
	k->names = map_new();
	k->types = map_new();
	return k;
}

static void
free_set(void *arg)
{
	struct set *s = arg;

	free(s->at);
	free(s);
}

struct knownhosts *
knownhosts_ref(const struct knownhosts *k)
{
	struct knownhosts *shared = (struct knownhosts *)(uintptr_t)k;

	atomic_fetch_add(&shared->n_users, 1);
	return shared;
}

void
knownhosts_free(struct knownhosts *k)
{
	if (k == NULL || atomic_fetch_sub(&k->n_users, 1) != 1)
		return;
	map_free(k->names, free_set);
	map_free(k->types, NULL);
	free(k->entries);
	free(k->wild);
	free(k->hashed);
	arena_clear(&k->texts);
	free(k);
}

/* ---- adding lines ---- */

/* Adds an index that is not less than those that are there. */
static void
add_last(struct set *s, size_t entry)
{
	if (s->n > 0 && s->at[s->n - 1] == entry)
		return;
	mem_grow(&s->at, &s->cap, s->n + 1, sizeof(*s->at));
	s->at[s->n++] = entry;
}

static void
add_name(struct knownhosts *k, const char *name, size_t len, size_t entry)
{
	struct set *s = map_get(k->names, name, len);

	if (s == NULL) {
		s = mem_new(sizeof(*s));
		map_put(k->names, name, len, s);
	}
	add_last(s, entry);
}

/* Files an entry under the names of a list without hashes. */
static void
add_names(struct knownhosts *k, const char *hosts, size_t len, size_t entry)
{
	bool wild =
	    hostname_is_wild(hosts, len) || memchr(hosts, '!', len) != NULL;
	char *list = mem_new(len + 2);
	size_t used = 0;

	for (size_t i = 0; i <= len; i++) {
		if (i < len && hosts[i] != ',')
			list[used++] = (char)str_lower((unsigned char)hosts[i]);
		else if (used > 0 && list[used - 1] != '\0')
			list[used++] = '\0';
	}
	list[used] = '\0';
	if (wild) {
		mem_grow(
		    &k->wild, &k->cap_wild, k->n_wild + 1, sizeof(*k->wild));
		k->wild[k->n_wild++] = (struct wild){
		    arena_strndup(&k->texts, list, used + 1), entry};
	} else
		for (const char *p = list; *p != '\0'; p += strlen(p) + 1)
			add_name(k, p, strlen(p), entry);
	free(list);
}

/* Files an entry under its names. Returns NULL, or why that is not done. */
static const char *
file_entry(struct knownhosts *k, const struct knownhosts_line *l, size_t entry)
{
	struct hashed h = {.entry = entry};

	if (l->hosts[0] != '|') {
		add_names(k, l->hosts, l->hosts_len, entry);
		return NULL;
	}
	if (!knownhosts_line_unhash(l->hosts, l->hosts_len, &h.salt, h.hash))
		return "a bad hash where the host should be";
	mem_grow(
	    &k->hashed, &k->cap_hashed, k->n_hashed + 1, sizeof(*k->hashed));
	k->hashed[k->n_hashed++] = h;
	return NULL;
}

/* The one copy of a type's name. */
static const char *
keep_type(struct knownhosts *k, const char *type, size_t len)
{
	const char *kept = map_get(k->types, type, len);

	if (kept == NULL) {
		kept = arena_strndup(&k->texts, type, len);
		map_put(k->types, type, len, (void *)(uintptr_t)kept);
	}
	return kept;
}

static const char *
add_line(struct knownhosts *k, const char *file, size_t line, const char *text,
    size_t len)
{
	struct knownhosts_line l;
	const char *problem;
	struct buf blob;

	buf_init(&blob, LIMIT_CONFIG_FILE_BYTES);
	problem = knownhosts_line_read(&l, text, len, &blob);
	if (problem == NULL)
		problem = file_entry(k, &l, k->n_entries);
	if (problem == NULL) {
		mem_grow(&k->entries, &k->cap_entries, k->n_entries + 1,
		    sizeof(*k->entries));
		k->entries[k->n_entries++] = (struct entry){
		    .file = file,
		    .type = keep_type(k, l.type, l.type_len),
		    .blob = (const uint8_t *)arena_strndup(
			&k->texts, (const char *)buf_data(&blob), blob.len),
		    .len = blob.len,
		    .line = line,
		    .marker = l.marker,
		};
	}
	buf_clear(&blob);
	return problem;
}

static void
add_note(
    struct knownhosts *k, const char *file, size_t line, const char *problem)
{
	char *note;

	if (k->n_notes++ >= NOTES_KEPT)
		return;
	note =
	    mem_printf("%s:%zu: %s; the line is skipped", file, line, problem);
	k->notes[k->n_notes - 1] = arena_strdup(&k->texts, note);
	free(note);
}

void
knownhosts_parse(
    struct knownhosts *k, const char *name, const void *text, size_t len)
{
	const char *file = arena_strdup(&k->texts, name);
	struct textfile f;
	const char *line, *problem;
	size_t line_len;

	textfile_init(&f, name, text, len);
	while ((line = textfile_next(&f, &line_len)) != NULL) {
		problem = add_line(k, file, f.line, line, line_len);
		if (problem != NULL && *problem != '\0')
			add_note(k, file, f.line, problem);
	}
	textfile_clear(&f);
}

size_t
knownhosts_n_notes(const struct knownhosts *k)
{
	return k->n_notes;
}

const char *
knownhosts_note(const struct knownhosts *k, size_t i)
{
	assert(i < k->n_notes);
	return i < NOTES_KEPT ? k->notes[i] : NULL;
}

size_t
knownhosts_n_hashed(const struct knownhosts *k)
{
	return k->n_hashed;
}

/* ---- looking up ---- */

/* Whether a name fits a list of patterns, and none that begins with '!'. */
static bool
fits_patterns(const char *patterns, const char *name)
{
	bool fits = false;

	for (const char *p = patterns; *p != '\0'; p += strlen(p) + 1) {
		if (*p == '!' && hostname_fits(p + 1, name))
			return false;
		if (*p != '!' && hostname_fits(p, name))
			fits = true;
	}
	return fits;
}

static int
compare_indexes(const void *a, const void *b)
{
	const size_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

struct knownhosts_host *
knownhosts_find(const struct knownhosts *k, const char *host, uint16_t port)
{
	struct knownhosts_host *h = mem_new(sizeof(*h));
	char *name = knownhosts_name(host, port);
	size_t len = strlen(name);
	const struct set *literal = map_get(k->names, name, len);
	uint8_t hash[DIGEST_SHA1_BYTES];

	h->k = k;
	for (size_t i = 0; literal != NULL && i < literal->n; i++)
		add_last(&h->found, literal->at[i]);
	for (size_t i = 0; i < k->n_wild; i++)
		if (fits_patterns(k->wild[i].patterns, name))
			add_last(&h->found, k->wild[i].entry);
	for (size_t i = 0; i < k->n_hashed; i++) {
		digest_hmac(&k->hashed[i].salt, name, len, hash);
		if (memcmp(hash, k->hashed[i].hash, sizeof(hash)) == 0)
			add_last(&h->found, k->hashed[i].entry);
	}
	if (h->found.n > 1)
		qsort(h->found.at, h->found.n, sizeof(*h->found.at),
		    compare_indexes);
	free(name);
	return h;
}

void
knownhosts_host_free(struct knownhosts_host *h)
{
	if (h == NULL)
		return;
	free(h->found.at);
	free(h);
}

static void
fill_hit(struct knownhosts_hit *hit, const struct entry *e)
{
	if (hit == NULL || e == NULL)
		return;
	hit->file = e->file;
	hit->line = e->line;
	(void)str_copy(hit->type, sizeof(hit->type), e->type);
	digest_fingerprint(e->blob, e->len, hit->fingerprint);
}

/* Whether the blob's own type is that of the entry. */
static bool
has_type(const struct entry *e, const void *blob, size_t len)
{
	size_t n = 4 + strlen(e->type);

	return len >= n && e->len >= n && memcmp(e->blob, blob, n) == 0;
}

enum knownhosts_match
knownhosts_check(const struct knownhosts_host *h, const void *blob, size_t len,
    struct knownhosts_hit *hit)
{
	const struct entry *same = NULL, *other = NULL;

	for (size_t i = 0; i < h->found.n; i++) {
		const struct entry *e = &h->k->entries[h->found.at[i]];
		bool equal = e->len == len && memcmp(e->blob, blob, len) == 0;

		if (e->marker == KNOWNHOSTS_REVOKES && equal) {
			fill_hit(hit, e);
			return KNOWNHOSTS_REVOKED;
		}
		if (e->marker != KNOWNHOSTS_PLAIN)
			continue;
		if (equal && same == NULL)
			same = e;
		else if (other == NULL || (!has_type(other, blob, len) &&
					      has_type(e, blob, len)))
			other = e;
	}
	if (same != NULL) {
		fill_hit(hit, same);
		return KNOWNHOSTS_MATCH;
	}
	fill_hit(hit, other);
	return other != NULL ? KNOWNHOSTS_CHANGED : KNOWNHOSTS_UNKNOWN;
}

size_t
knownhosts_host_types(
    const struct knownhosts_host *h, const char **types, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < h->found.n; i++) {
		const struct entry *e = &h->k->entries[h->found.at[i]];
		bool is_new = e->marker == KNOWNHOSTS_PLAIN;

		for (size_t j = 0; j < n; j++)
			is_new = is_new && types[j] != e->type;
		if (is_new && n < max)
			types[n++] = e->type;
	}
	return n;
}

bool
knownhosts_host_has_authority(const struct knownhosts_host *h)
{
	for (size_t i = 0; i < h->found.n; i++)
		if (h->k->entries[h->found.at[i]].marker ==
		    KNOWNHOSTS_AUTHORITY)
			return true;
	return false;
}
