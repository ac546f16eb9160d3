/*
 * similar.c -- texts that are nearly equal, as one.
 *
 * Room: src.  May touch: muster.h, gathered.h, heap.h, lines.h, output.h,
 * text.h.
 * Every text of a block is compared with that of its largest group, the
 * reference. What others have in place of its lines, or between them, is told
 * behind the lines it stands for.
 */
#include "config.h"

#include "src/similar.h"

#include "src/heap.h"
#include "src/lines.h"
#include "src/output.h"

#include <stdlib.h>
#include <string.h>

#define BLOCKS_MAX 64 /* references that a text is compared with */

/* A group of the block. */
struct member {
	size_t group;
	struct muster_diff diff; /* from the reference to it */
	struct text added;       /* the lines that only it has */
	size_t run;              /* of the diff, as far as it is told */
	size_t told;             /* bytes of `added` */
};

struct similar {
	struct gathered_texts of;
	uint32_t thousandths;
	bool *used; /* owned; groups that were told */
	size_t n_groups;
	size_t n_blocks;
	struct lines reference;
	struct member *members; /* owned; the first is the reference */
	size_t n_members, cap_members;
};

struct similar *
similar_new(
    const struct gathered_texts *texts, size_t n_groups, uint32_t thousandths)
{
	struct similar *s = heap_array(1, sizeof(*s));

	s->of = *texts;
	s->thousandths = thousandths;
	s->used = heap_array(n_groups, sizeof(*s->used));
	s->n_groups = n_groups;
	return s;
}

static void
clear_block(struct similar *s)
{
	for (size_t i = 0; i < s->n_members; i++) {
		muster_diff_clear(&s->members[i].diff);
		text_clear(&s->members[i].added);
	}
	s->n_members = 0;
	lines_clear(&s->reference);
}

void
similar_free(struct similar *s)
{
	if (s == NULL)
		return;
	clear_block(s);
	free(s->members);
	free(s->used);
	free(s);
}

/* ---- who belongs together ---- */

static bool
is_similar(const struct similar *s, const struct muster_diff *d, size_t n_a,
    size_t n_b)
{
	uint64_t same = n_a - d->n_removed;

	return 2000 * same >= (uint64_t)s->thousandths * (n_a + n_b);
}

static void
add_member(struct similar *s, size_t group, struct muster_diff diff,
    const struct lines *text)
{
	struct member *m;

	heap_grow(&s->members, &s->cap_members, s->n_members + 1,
	    sizeof(*s->members));
	m = &s->members[s->n_members++];
	*m = (struct member){.group = group, .diff = diff};
	for (size_t i = 0; i < diff.n; i++) {
		const struct muster_diff_run *run = &diff.runs[i];
		size_t from = text->starts[run->b];

		if (run->kind == MUSTER_DIFF_ADDED)
			text_add(&m->added, text->text.mem + from,
			    text->starts[run->b + run->n] - from);
	}
	s->used[group] = true;
}

/* Adds the group when it is similar to the reference, or is it. */
static void
try_member(struct similar *s, size_t group)
{
	size_t n;
	const uint32_t *hosts = muster_gather_hosts(s->of.texts, group, &n);
	const struct text *a = &s->reference.text;
	struct lines text;
	struct muster_diff d;

	lines_load(&text, s->of.texts, hosts[0]);
	d = muster_diff_texts(a->mem, a->len, text.text.mem, text.text.len);
	if (is_similar(s, &d, s->reference.n, text.n))
		add_member(s, group, d, &text);
	else
		muster_diff_clear(&d);
	lines_clear(&text);
}

static void
gather_block(struct similar *s, size_t first)
{
	size_t n;
	const uint32_t *hosts = muster_gather_hosts(s->of.texts, first, &n);
	size_t end = s->n_blocks < BLOCKS_MAX ? s->n_groups : first + 1;

	lines_load(&s->reference, s->of.texts, hosts[0]);
	for (size_t i = first; i < end; i++)
		if (!s->used[i])
			try_member(s, i);
	s->n_blocks++;
}

/* ---- telling a block ---- */

static int
compare_hosts(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* The hosts of the chosen members, ascending. The caller frees. */
static uint32_t *
collect_hosts(const struct similar *s, const bool *chosen, size_t *n)
{
	uint32_t *all = NULL;
	size_t cap = 0;

	*n = 0;
	for (size_t i = 0; i < s->n_members; i++) {
		size_t more;
		const uint32_t *hosts = muster_gather_hosts(
		    s->of.texts, s->members[i].group, &more);

		if (chosen != NULL && !chosen[i])
			continue;
		heap_grow(&all, &cap, *n + more, sizeof(*all));
		memcpy(all + *n, hosts, more * sizeof(*all));
		*n += more;
	}
	qsort(all, *n, sizeof(*all), compare_hosts);
	return all;
}

/* Adds lines, each with a label: who the chosen members are, or blanks. */
static void
write_lines(
    const struct similar *s, const bool *chosen, const char *lines, size_t len)
{
	struct text label = {0}, out = {0};
	const char *end = lines + len;

	if (chosen != NULL) {
		size_t n;
		uint32_t *hosts = collect_hosts(s, chosen, &n);

		gathered_add_names(&s->of, hosts, n, &label);
		text_adds(&label, ": ");
		free(hosts);
	} else {
		text_adds(&label, "  ");
	}
	while (lines < end) {
		const char *newline =
		    memchr(lines, '\n', (size_t)(end - lines));
		const char *next = newline != NULL ? newline + 1 : end;

		text_add(&out, label.mem, label.len);
		text_add(&out, lines, (size_t)(next - lines));
		if (newline == NULL)
			text_adds(&out, "\n");
		lines = next;
	}
	output_text(s->of.to, out.mem, out.len);
	text_clear(&label);
	text_clear(&out);
}

/* The run of a member that has, or lacks, line `i` of the reference; NULL at
 * its end. Runs that only add are skipped. */
static const struct muster_diff_run *
run_at(const struct member *m, size_t i)
{
	for (size_t k = m->run; k < m->diff.n; k++) {
		const struct muster_diff_run *run = &m->diff.runs[k];

		if (run->kind != MUSTER_DIFF_ADDED && i < run->a + run->n)
			return run;
	}
	return NULL;
}

static void
write_reference_line(const struct similar *s, size_t i, bool *chosen)
{
	bool all = true;
	size_t len;
	const char *line = lines_get(&s->reference, i, &len);

	for (size_t k = 0; k < s->n_members; k++) {
		const struct muster_diff_run *run = run_at(&s->members[k], i);

		chosen[k] = run != NULL && run->kind == MUSTER_DIFF_SAME;
		all = all && chosen[k];
	}
	write_lines(s, all ? NULL : chosen, line, len);
}

/* The bytes a member adds before line `at` of the reference, as far as the
 * lines before are told; NULL for none. */
static const char *
added_at(const struct member *m, size_t at, size_t *len)
{
	const struct muster_diff_run *run = &m->diff.runs[m->run];
	const char *from, *p;

	if (m->run == m->diff.n || run->kind != MUSTER_DIFF_ADDED ||
	    run->a != at)
		return NULL;
	p = from = m->added.mem + m->told;
	for (size_t i = 0; i < run->n; i++) {
		const char *end = m->added.mem + m->added.len;
		const char *newline = memchr(p, '\n', (size_t)(end - p));

		p = newline != NULL ? newline + 1 : end;
	}
	*len = (size_t)(p - from);
	return from;
}

/* Leaves the runs of a member behind that end before line `at`. */
static void
pass_runs(struct member *m, size_t at)
{
	while (m->run < m->diff.n) {
		const struct muster_diff_run *run = &m->diff.runs[m->run];

		if (run->kind == MUSTER_DIFF_ADDED || run->a + run->n > at)
			break;
		m->run++;
	}
}

/* Writes what members have before line `at`; equal additions as one. */
static void
write_additions(struct similar *s, size_t at, bool *chosen)
{
	for (size_t i = 0; i < s->n_members; i++)
		pass_runs(&s->members[i], at);
	for (size_t i = 0; i < s->n_members; i++) {
		size_t len, other_len;
		const char *text = added_at(&s->members[i], at, &len);

		if (text == NULL)
			continue;
		for (size_t k = 0; k < s->n_members; k++) {
			struct member *m = &s->members[k];
			const char *other = added_at(m, at, &other_len);

			chosen[k] = other != NULL && other_len == len &&
				    memcmp(other, text, len) == 0;
			if (!chosen[k])
				continue;
			m->told += len;
			m->run++;
		}
		write_lines(s, chosen, text, len);
	}
}

static void
write_block(struct similar *s)
{
	bool *chosen = heap_array(s->n_members, sizeof(*chosen));
	size_t n;
	uint32_t *hosts = collect_hosts(s, NULL, &n);

	gathered_write_header(&s->of, hosts, n);
	free(hosts);
	for (size_t i = 0; i <= s->reference.n; i++) {
		write_additions(s, i, chosen);
		if (i < s->reference.n)
			write_reference_line(s, i, chosen);
	}
	free(chosen);
}

bool
similar_pump(struct similar *s)
{
	for (size_t i = 0; i < s->n_groups; i++) {
		if (s->used[i])
			continue;
		gather_block(s, i);
		write_block(s);
		clear_block(s);
		return true;
	}
	return false;
}
