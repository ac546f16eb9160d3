/*
 * filter_match.c -- which hosts pass a filter.
 *
 * Room: ui.  May touch: filter_tree.h.
 */
#include "config.h"

#include "ui/filter_tree.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

void
filter_clear_node(struct filter_node *t)
{
	for (size_t i = 0; i < t->n_values; i++)
		free(t->values[i]);
	free(t->values);
	free(t->numbers);
	if (t->has_regex)
		regfree(&t->regex);
	free(t->names);
	if (t->has_hosts)
		muster_hosts_clear(&t->hosts);
}

void
filter_free(struct filter *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++)
		filter_clear_node(&f->nodes[i]);
	free(f->nodes);
	free(f);
}

int
filter_compare_names(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

static char
fold(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

/* Whether `name` has `part` in it, in either case. */
static bool
has_part(const char *name, const char *part)
{
	for (; *name != '\0'; name++) {
		size_t i = 0;

		while (part[i] != '\0' && fold(name[i]) == fold(part[i]))
			i++;
		if (part[i] == '\0')
			return true;
	}
	return *part == '\0';
}

static bool
match_name(const struct filter_node *t, const char *name)
{
	if (t->has_hosts)
		return bsearch(&name, t->names, t->hosts.n, sizeof(*t->names),
			   filter_compare_names) != NULL;
	if (strpbrk(t->values[0], "*?[") != NULL)
		return fnmatch(t->values[0], name, 0) == 0;
	return has_part(name, t->values[0]);
}

static bool
match_regex(const struct filter_node *t, const char *text)
{
	return regexec(&t->regex, text, 0, NULL, 0) == 0;
}

static bool
match_lines(const struct filter_node *t, const struct model_host *h)
{
	const struct shown *s = &h->shown;
	const struct muster_shown_line *last;

	if (t->field == FIELD_LAST) {
		last = shown_last(s, false);
		return last != NULL && match_regex(t, last->line.text);
	}
	for (size_t i = 0; i < s->n_lines; i++) {
		const struct muster_shown_line *l = &s->lines[i];

		if (t->field == FIELD_ERR && l->stream != MUSTER_STDERR)
			continue;
		if (match_regex(t, l->line.text))
			return true;
	}
	return false;
}

static double
number_of(const struct filter_node *t, const struct model *model,
    const struct model_host *h)
{
	switch (t->field) {
	case FIELD_EXIT:
		return h->outcome == MUSTER_EXIT ? (double)h->code : -1;
	case FIELD_ATTEMPT:
		return (double)h->attempts;
	case FIELD_TIME:
		return (double)model_age_us(model, h) / 1e6;
	case FIELD_LINES:
		return (double)h->n_lines;
	case FIELD_GROUP:
		return h->group > 0 ? (double)h->group : -1;
	case FIELD_WAVE:
		return h->wave > 0 ? (double)h->wave : -1;
	default:
		return (double)h->n_bytes;
	}
}

static bool
is_one_of(const struct filter_node *t, double x)
{
	for (size_t i = 0; i < t->n_values; i++)
		if (!(t->numbers[i] < x) && !(t->numbers[i] > x))
			return true;
	return false;
}

static bool
match_number(const struct filter_node *t, double x)
{
	switch (t->op) {
	case OP_EQ:
		return is_one_of(t, x);
	case OP_NE:
		return !is_one_of(t, x);
	case OP_LT:
		return x >= 0 && x < t->numbers[0];
	case OP_LE:
		return x >= 0 && x <= t->numbers[0];
	case OP_GT:
		return x > t->numbers[0];
	default:
		return x >= t->numbers[0];
	}
}

static bool
match_host_field(const struct filter_node *t, const char *name)
{
	if (t->op == OP_RE || t->op == OP_NOT_RE)
		return match_regex(t, name) == (t->op == OP_RE);
	for (size_t i = 0; i < t->n_values; i++)
		if (fnmatch(t->values[i], name, 0) == 0)
			return t->op == OP_EQ;
	return t->op == OP_NE;
}

static bool
match_term(const struct filter_node *t, const struct model *model,
    const struct model_host *h)
{
	switch (t->field) {
	case FIELD_NAME:
		return match_name(t, h->name);
	case FIELD_STATE:
		return ((t->badges >> h->badge & 1) != 0) == (t->op != OP_NE);
	case FIELD_HOST:
		return match_host_field(t, h->name);
	case FIELD_OUT:
	case FIELD_ERR:
	case FIELD_LAST:
		return match_lines(t, h) == (t->op == OP_RE);
	case FIELD_MARKED:
		return h->is_marked;
	case FIELD_NEW:
		return h->is_new;
	default:
		return match_number(t, number_of(t, model, h));
	}
}

static bool
match_node(const struct filter *f, size_t node, const struct model *model,
    const struct model_host *h)
{
	const struct filter_node *n = &f->nodes[node];

	switch (n->kind) {
	case FILTER_OR:
		return match_node(f, n->left, model, h) ||
		       match_node(f, n->right, model, h);
	case FILTER_AND:
		return match_node(f, n->left, model, h) &&
		       match_node(f, n->right, model, h);
	case FILTER_NOT:
		return !match_node(f, n->left, model, h);
	default:
		return match_term(n, model, h);
	}
}

bool
filter_match(const struct filter *f, const struct model *model, size_t host)
{
	return f == NULL || match_node(f, f->root, model, &model->hosts[host]);
}
