/*
 * filter.h -- which hosts: expressions over what is known of them.
 *
 * Room: ui.  May touch: model.h.
 *
 *	expr  := and { "|" and }          and  := not { not }
 *	not   := [ "!" ] term             term := "(" expr ")" | field op value
 *	                                        | "@" state | word
 *	field := state exit host attempt time lines bytes out err last marked
 *	         new
 *	op    := = != ~ !~ < <= > >=      value := word | "quoted" | a,b,c
 *
 * A bare word is a glob of host names, a host expression (web-[1-40]), or a
 * part of a name. "~" is an extended regular expression, in either case when
 * it is all lower case. Sizes may end in k M G, times in ms s m h d.
 */
#ifndef MUSTER_UI_FILTER_H
#define MUSTER_UI_FILTER_H

#include "ui/model.h"

struct filter;

/* Reads an expression. NULL: MUSTER_ERR_SYNTAX or MUSTER_ERR_LIMIT, with
 * err->at at the byte that is wrong. */
struct filter *filter_new(const char *text, struct muster_error *err);
void filter_free(struct filter *f);

/* Whether a host passes; f may be NULL: all do. What hosts print is looked
 * for in the lines that the model has. */
bool filter_match(
    const struct filter *f, const struct model *model, size_t host);

#endif
