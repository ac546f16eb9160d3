/*
 * hostexpr_scan.c -- cuts a host expression into operators and operands.
 *
 * Room: engine/conf.  May touch: base.
 * '^', '-', '/' and '@' are special at the start of an operand only; within
 * brackets nothing is an operator. A '^' is the operator where it touches
 * the operand before ("a^b") or stands alone ("a ^ b"), and a file where it
 * begins a word ("a ^b").
 */
#include "config.h"

#include "conf/hostexpr_scan.h"
#include "base/err.h"
#include "base/str.h"

#include <string.h>

void
hostexpr_scan_init(struct hostexpr_scan *s, const char *expr, size_t len)
{
	*s = (struct hostexpr_scan){.expr = expr, .len = len};
}

static bool
is_at(const struct hostexpr_scan *s, size_t i, char c)
{
	return i < s->len && s->expr[i] == c;
}

static bool
is_blank(const struct hostexpr_scan *s, size_t i)
{
	return i >= s->len || str_is_space(s->expr[i]);
}

static size_t
skip_blanks(const struct hostexpr_scan *s, size_t i)
{
	while (i < s->len && is_blank(s, i))
		i++;
	return i;
}

/* Reads what stands before a term into s->op; the first one has ','. */
static int
scan_operator(struct hostexpr_scan *s, bool is_first, struct muster_error *err)
{
	size_t glued = s->i, at;
	bool comma = false;
	char op;

	s->op = ',';
	for (s->i = skip_blanks(s, s->i); is_at(s, s->i, ',');
	     s->i = skip_blanks(s, s->i + 1))
		comma = true;
	at = s->i;
	op = at < s->len ? s->expr[at] : ',';
	if (op == '^' && (comma || is_first))
		return 0;
	if (op == '^' && at > glued && !is_blank(s, at + 1))
		return 0;
	if (op != '!' && op != '&' && op != '^')
		return 0;
	if (comma || is_first)
		return err_set_at(err, MUSTER_ERR_SYNTAX, at,
		    "nothing stands before '%c'", op);
	s->i = skip_blanks(s, at + 1);
	if (s->i >= s->len || strchr(",!&", s->expr[s->i]) != NULL)
		return err_set_at(err, MUSTER_ERR_SYNTAX, at,
		    "nothing stands behind '%c'", op);
	s->op = op;
	return 0;
}

/* The end of a word that starts at `i`: an operator outside brackets. */
static int
scan_word(struct hostexpr_scan *s, size_t i, struct muster_error *err)
{
	s->start = i;
	for (; i < s->len; i++) {
		const char *close;

		if (is_blank(s, i) || strchr(",!&^", s->expr[i]) != NULL)
			break;
		if (s->expr[i] != '[')
			continue;
		close = memchr(s->expr + i, ']', s->len - i);
		if (close == NULL)
			return err_set_at(
			    err, MUSTER_ERR_SYNTAX, i, "'[' is never closed");
		i = (size_t)(close - s->expr);
	}
	s->end = s->i = i;
	return 0;
}

/* The regular expression whose '/' is at `i`. */
static int
scan_regex(struct hostexpr_scan *s, size_t i, struct muster_error *err)
{
	s->start = s->end = i + 1;
	while (s->end < s->len && s->expr[s->end] != '/')
		s->end += is_at(s, s->end, '\\') && s->end + 1 < s->len ? 2 : 1;
	if (s->end >= s->len)
		return err_set_at(err, MUSTER_ERR_SYNTAX, i,
		    "the '/' that ends this filter is missing");
	s->i = s->end + 1;
	if (s->i < s->len && !is_blank(s, s->i) &&
	    strchr(",!&^", s->expr[s->i]) == NULL)
		return err_set_at(err, MUSTER_ERR_SYNTAX, s->i,
		    "text behind the filter; put a comma between");
	return 0;
}

static int
scan_operand(struct hostexpr_scan *s, struct muster_error *err)
{
	size_t start = s->i, i = s->i;

	s->is_exclusion = is_at(s, i, '-');
	if (s->is_exclusion)
		i++;
	s->kind = is_at(s, i, '@')   ? HOSTEXPR_GROUP
		  : is_at(s, i, '^') ? HOSTEXPR_FILE
		  : is_at(s, i, '/') ? HOSTEXPR_REGEX
				     : HOSTEXPR_HOST;
	if (s->op != ',' && (s->is_exclusion || s->kind == HOSTEXPR_REGEX))
		return err_set_at(err, MUSTER_ERR_SYNTAX, start,
		    "'-' and '/' cannot follow '%c'", s->op);
	if (s->kind == HOSTEXPR_REGEX)
		return scan_regex(s, i, err);
	if (s->kind != HOSTEXPR_HOST)
		i++;
	if (scan_word(s, i, err) != 0)
		return -1;
	if (s->start == s->end)
		return err_set_at(err, MUSTER_ERR_SYNTAX, start,
		    "a name is missing behind '%c'", s->expr[i - 1]);
	return 0;
}

int
hostexpr_scan_next(struct hostexpr_scan *s, struct muster_error *err)
{
	if (scan_operator(s, s->end == 0, err) != 0)
		return -1;
	if (s->i >= s->len)
		return 0;
	return scan_operand(s, err) == 0 ? 1 : -1;
}
