/*
 * filter.c -- which hosts: expressions over what is known of them, read.
 *
 * Room: ui.  May touch: filter_tree.h, src/heap.h.
 */
#include "config.h"

#include "src/heap.h"
#include "ui/filter_tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 1024
#define REGEX_MAX 200
#define DEPTH_MAX 32
#define STARS_MAX 6

#define NONE SIZE_MAX

struct reader {
	struct filter *f;
	const char *text;
	size_t at;
	unsigned depth;
	struct muster_error *err;
};

static size_t
refuse(struct reader *r, size_t at, const char *why, const char *what)
{
	if (r->err != NULL && r->err->code == MUSTER_ERR_NONE) {
		r->err->code = MUSTER_ERR_SYNTAX;
		r->err->at = at;
		(void)snprintf(r->err->text, sizeof(r->err->text), "%s%s%s",
		    why, what != NULL ? " " : "", what != NULL ? what : "");
	}
	return NONE;
}

/* Globs with many stars take time without end. */
static int
check_glob(struct reader *r, size_t at, const char *glob)
{
	size_t n = 0;

	for (; *glob != '\0'; glob++)
		n += *glob == '*';
	if (n <= STARS_MAX)
		return 0;
	(void)refuse(r, at, "too many *", NULL);
	return -1;
}

static size_t
add_node(struct reader *r, enum filter_kind kind)
{
	struct filter *f = r->f;

	if (f->n >= FILTER_NODES_MAX)
		return refuse(r, r->at, "too many terms", NULL);
	heap_grow(&f->nodes, &f->cap, f->n + 1, sizeof(*f->nodes));
	memset(&f->nodes[f->n], 0, sizeof(f->nodes[0]));
	f->nodes[f->n].kind = kind;
	return f->n++;
}

static size_t
join(struct reader *r, enum filter_kind kind, size_t left, size_t right)
{
	size_t node;

	if (left == NONE || (kind != FILTER_NOT && right == NONE))
		return NONE;
	node = add_node(r, kind);
	if (node != NONE) {
		r->f->nodes[node].left = left;
		r->f->nodes[node].right = right;
	}
	return node;
}

static void
skip_blanks(struct reader *r)
{
	while (r->text[r->at] == ' ')
		r->at++;
}

/* ---- words ---- */

/* Bytes of the bare word here: up to a blank, a parenthesis, '|', ',' in a
 * list, or an operator. A bracket hides all of them. */
static size_t
word_len(const char *text, bool in_list)
{
	size_t n = 0;
	bool hidden = false;

	for (; text[n] != '\0' && text[n] != ' '; n++) {
		if (text[n] == '[')
			hidden = true;
		if (text[n] == ']')
			hidden = false;
		if (hidden)
			continue;
		if (strchr("()|", text[n]) != NULL)
			break;
		if (in_list ? text[n] == ',' : strchr("=~<>", text[n]) != NULL)
			break;
		if (!in_list && text[n] == '!' &&
		    (text[n + 1] == '=' || text[n + 1] == '~'))
			break;
	}
	return n;
}

static char *
dup_bytes(const char *text, size_t n)
{
	char *copy = heap_array(n + 1, 1);

	memcpy(copy, text, n);
	return copy;
}

/* A word, or what stands in quotes of either kind; NULL when it is empty. */
static char *
read_value(struct reader *r, bool in_list)
{
	char quote = r->text[r->at];
	const char *end;
	size_t n;
	char *value;

	if (quote == '"' || quote == '\'') {
		end = strchr(r->text + r->at + 1, quote);
		if (end == NULL) {
			(void)refuse(r, r->at, "the quote has no end", NULL);
			return NULL;
		}
		n = (size_t)(end - r->text) - r->at - 1;
		value = dup_bytes(r->text + r->at + 1, n);
		r->at += n + 2;
		return value;
	}
	n = word_len(r->text + r->at, in_list);
	if (n == 0) {
		(void)refuse(r, r->at, "here should be a value", NULL);
		return NULL;
	}
	value = dup_bytes(r->text + r->at, n);
	r->at += n;
	return value;
}

/* ---- terms ---- */

static const char *const field_words[FIELD_N] = {
    [FIELD_STATE] = "state",
    [FIELD_EXIT] = "exit",
    [FIELD_HOST] = "host",
    [FIELD_ATTEMPT] = "attempt",
    [FIELD_TIME] = "time",
    [FIELD_LINES] = "lines",
    [FIELD_BYTES] = "bytes",
    [FIELD_GROUP] = "grp",
    [FIELD_WAVE] = "wave",
    [FIELD_OUT] = "out",
    [FIELD_ERR] = "err",
    [FIELD_LAST] = "last",
    [FIELD_MARKED] = "marked",
    [FIELD_NEW] = "new",
};

static enum filter_field
find_field(const char *text, size_t n)
{
	for (int i = FIELD_NAME + 1; i < FIELD_N; i++)
		if (strlen(field_words[i]) == n &&
		    memcmp(field_words[i], text, n) == 0)
			return (enum filter_field)i;
	return FIELD_NAME;
}

static enum filter_op
read_op(struct reader *r)
{
	static const struct {
		const char *sign;
		enum filter_op op;
	} ops[] = {{"!=", OP_NE}, {"!~", OP_NOT_RE}, {"<=", OP_LE},
	    {">=", OP_GE}, {"=", OP_EQ}, {"~", OP_RE}, {"<", OP_LT},
	    {">", OP_GT}};

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
		size_t n = strlen(ops[i].sign);

		if (strncmp(r->text + r->at, ops[i].sign, n) == 0) {
			r->at += n;
			return ops[i].op;
		}
	}
	return OP_IS;
}

static bool
is_number_field(enum filter_field field)
{
	return field == FIELD_EXIT || field == FIELD_ATTEMPT ||
	       field == FIELD_TIME || field == FIELD_LINES ||
	       field == FIELD_BYTES || field == FIELD_GROUP ||
	       field == FIELD_WAVE;
}

static int
add_regex(struct reader *r, struct filter_node *t, size_t at)
{
	const char *p = t->values[0];
	int flags = REG_EXTENDED | REG_NOSUB;
	bool has_capital = false;
	const char *brace = strchr(p, '{');

	for (size_t i = 0; p[i] != '\0'; i++)
		has_capital = has_capital || (p[i] >= 'A' && p[i] <= 'Z');
	/* Counted repetitions in one another take memory without end. */
	if (strlen(p) > REGEX_MAX ||
	    (brace != NULL && strchr(brace + 1, '{') != NULL)) {
		(void)refuse(r, at, "the pattern is too complex", NULL);
		return -1;
	}
	if (regcomp(&t->regex, p, has_capital ? flags : flags | REG_ICASE) !=
	    0) {
		(void)refuse(r, at, "this is no regular expression", NULL);
		return -1;
	}
	t->has_regex = true;
	return 0;
}

/* What a value of the field may be. */
static int
check_value(struct reader *r, struct filter_node *t, size_t at)
{
	const char *value = t->values[t->n_values - 1];
	uint32_t badges;

	if (t->op == OP_RE || t->op == OP_NOT_RE)
		return add_regex(r, t, at);
	if (t->field == FIELD_STATE) {
		badges = filter_badges(value);
		t->badges |= badges;
		if (badges == 0)
			(void)refuse(r, at, "there is no such state:", value);
		return badges == 0 ? -1 : 0;
	}
	if (!is_number_field(t->field))
		return check_glob(r, at, value);
	t->numbers[t->n_values - 1] = -1;
	/* A host without an exit code has the exit "-". */
	if (t->field == FIELD_EXIT && strcmp(value, "-") == 0 && t->op <= OP_NE)
		return 0;
	if (!filter_number(t->field, value, &t->numbers[t->n_values - 1])) {
		(void)refuse(r, at,
		    t->field == FIELD_TIME ? "this is no time (10s, 5m):"
					   : "this is no number:",
		    value);
		return -1;
	}
	return 0;
}

#define VALUES_MAX 64

static int
read_values(struct reader *r, struct filter_node *t)
{
	bool list = t->op == OP_EQ || t->op == OP_NE;

	t->values = heap_array(VALUES_MAX, sizeof(*t->values));
	t->numbers = heap_array(VALUES_MAX, sizeof(*t->numbers));
	for (;;) {
		size_t at = r->at;
		char *value = NULL;

		if (t->n_values == VALUES_MAX)
			(void)refuse(r, at, "too many values", NULL);
		else
			value = read_value(r, list);
		if (value == NULL)
			return -1;
		t->values[t->n_values++] = value;
		if (check_value(r, t, at) < 0)
			return -1;
		if (!list || r->text[r->at] != ',')
			return 0;
		r->at++;
	}
}

/* Whether the field can be asked this. */
static bool
fits(const struct filter_node *t)
{
	switch (t->field) {
	case FIELD_STATE:
		return t->op == OP_EQ || t->op == OP_NE;
	case FIELD_HOST:
		return t->op <= OP_NOT_RE && t->op != OP_IS;
	case FIELD_OUT:
	case FIELD_ERR:
	case FIELD_LAST:
		return t->op == OP_RE || t->op == OP_NOT_RE;
	case FIELD_MARKED:
	case FIELD_NEW:
	case FIELD_NAME:
		return t->op == OP_IS;
	default:
		return t->op != OP_IS && t->op != OP_RE && t->op != OP_NOT_RE;
	}
}

static size_t
read_field(struct reader *r, enum filter_field field)
{
	struct filter_node t = {.kind = FILTER_TERM, .field = field};
	size_t at = r->at, node = NONE;

	t.op = read_op(r);
	if (!fits(&t))
		return refuse(r, at,
		    t.op == OP_IS ? "an operator is missing behind"
				  : "this operator does not fit",
		    field_words[field]);
	if (t.op == OP_IS || read_values(r, &t) == 0)
		node = add_node(r, FILTER_TERM);
	if (node != NONE) {
		r->f->nodes[node] = t;
		return node;
	}
	filter_clear_node(&t);
	return NONE;
}

/* A bare word: part of a name, a glob, or an expression with brackets. */
static size_t
read_name(struct reader *r, size_t n)
{
	const struct muster_expand_options names = {
	    .names_only = true, .allow_empty = true, .max_hosts = 100000};
	size_t at = r->at, node = add_node(r, FILTER_TERM);
	struct filter_node *t;
	struct muster_error err = {0};

	if (node == NONE)
		return NONE;
	t = &r->f->nodes[node];
	t->values = heap_array(1, sizeof(*t->values));
	t->values[0] = dup_bytes(r->text + at, n);
	t->n_values = 1;
	r->at += n;
	if (check_glob(r, at, t->values[0]) < 0)
		return NONE;
	if (strpbrk(t->values[0], "[") == NULL ||
	    strpbrk(t->values[0], "*?@/^&") != NULL)
		return node;
	if (muster_expand(t->values[0], &names, &t->hosts, &err) < 0)
		return refuse(r, err.at == MUSTER_NOWHERE ? at : at + err.at,
		    err.text, NULL);
	t->has_hosts = true;
	t->names = heap_array(t->hosts.n, sizeof(*t->names));
	for (size_t i = 0; i < t->hosts.n; i++)
		t->names[i] = t->hosts.items[i].name;
	qsort(t->names, t->hosts.n, sizeof(*t->names), filter_compare_names);
	return node;
}

static size_t
read_at(struct reader *r)
{
	size_t n = word_len(r->text + r->at + 1, true);
	char *word = dup_bytes(r->text + r->at + 1, n);
	struct filter_node t = {.kind = FILTER_TERM, .op = OP_EQ};
	size_t node;

	t.field = strcmp(word, "marked") == 0 ? FIELD_MARKED
		  : strcmp(word, "new") == 0  ? FIELD_NEW
					      : FIELD_STATE;
	t.badges = filter_badges(word);
	if (t.field == FIELD_STATE && t.badges == 0) {
		(void)refuse(r, r->at, "nothing is called", word);
		free(word);
		return NONE;
	}
	free(word);
	r->at += n + 1;
	node = add_node(r, FILTER_TERM);
	if (node != NONE)
		r->f->nodes[node] = t;
	return node;
}

static size_t read_or(struct reader *r);

static size_t
read_term(struct reader *r)
{
	size_t begin, n, node;
	enum filter_field field;

	skip_blanks(r);
	begin = r->at;
	if (r->text[begin] == '(') {
		r->at++;
		node = read_or(r);
		skip_blanks(r);
		if (node != NONE && r->text[r->at] != ')')
			return refuse(
			    r, begin, "the parenthesis has no end", NULL);
		r->at++;
		return node;
	}
	if (r->text[begin] == '@')
		return read_at(r);
	n = word_len(r->text + begin, false);
	if (n == 0)
		return refuse(r, begin, "here should be a term", NULL);
	field = find_field(r->text + begin, n);
	if (field != FIELD_NAME) {
		r->at += n;
		return read_field(r, field);
	}
	if (strchr("=~<>!", r->text[begin + n]) != NULL &&
	    r->text[begin + n] != '\0')
		return refuse(r, begin, "there is no such field", NULL);
	return read_name(r, n);
}

static size_t
read_not(struct reader *r)
{
	size_t node;

	skip_blanks(r);
	if (++r->depth > DEPTH_MAX) {
		node = refuse(r, r->at, "nested too deep", NULL);
	} else if (r->text[r->at] == '!') {
		r->at++;
		node = join(r, FILTER_NOT, read_not(r), 0);
	} else {
		node = read_term(r);
	}
	r->depth--;
	return node;
}

static size_t
read_and(struct reader *r)
{
	size_t node = read_not(r);

	for (;;) {
		skip_blanks(r);
		if (node == NONE || r->text[r->at] == '\0' ||
		    r->text[r->at] == '|' || r->text[r->at] == ')')
			return node;
		node = join(r, FILTER_AND, node, read_not(r));
	}
}

static size_t
read_or(struct reader *r)
{
	size_t node = read_and(r);

	while (node != NONE && r->text[r->at] == '|') {
		r->at++;
		node = join(r, FILTER_OR, node, read_and(r));
	}
	return node;
}

struct filter *
filter_new(const char *text, struct muster_error *err)
{
	struct muster_error local;
	struct reader r = {.text = text, .err = err != NULL ? err : &local};

	memset(r.err, 0, sizeof(*r.err));
	r.err->at = MUSTER_NOWHERE;
	if (strlen(text) > TEXT_MAX) {
		(void)refuse(&r, TEXT_MAX, "the filter is too long", NULL);
		return NULL;
	}
	r.f = heap_array(1, sizeof(*r.f));
	r.f->root = read_or(&r);
	if (r.f->root != NONE && text[r.at] != '\0')
		r.f->root =
		    refuse(&r, r.at, "nothing opened this parenthesis", NULL);
	if (r.f->root != NONE)
		return r.f;
	filter_free(r.f);
	return NULL;
}
