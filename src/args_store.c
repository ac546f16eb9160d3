/*
 * args_store.c -- the value of an option, from text into its field.
 *
 * Room: src.  May touch: args_inner.h, heap.h, number.h.
 */
#include "config.h"

#include "src/args_inner.h"

#include "src/heap.h"
#include "src/number.h"

#include <stdio.h>
#include <string.h>

/* Whether a flag's text says yes; -1 when it says neither. */
static int
flag_of(const char *value)
{
	static const char *const words[][2] = {{"0", "1"}, {"no", "yes"},
	    {"false", "true"}, {"off", "on"}, {"never", "always"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		for (int j = 0; j < 2; j++) {
			if (strcmp(value, words[i][j]) == 0)
				return j;
		}
	}
	return -1;
}

static void
add_item(struct args_list *list, const char *item)
{
	heap_grow(&list->items, &list->cap, list->n + 1, sizeof(*list->items));
	list->items[list->n++] = item;
}

/* Stores the index of a word. Returns false for none of the choices. */
static bool
store_word(uint32_t *field, const char *const *choices, const char *value)
{
	for (uint32_t i = 0; choices[i] != NULL; i++) {
		if (strcmp(choices[i], value) != 0)
			continue;
		*field = i;
		return true;
	}
	return false;
}

/* How often: a number, or as flags have it. */
static bool
store_count(const char *value, uint32_t *field)
{
	int flag = flag_of(value);

	if (flag >= 0)
		*field = (uint32_t)flag;
	else if (value[0] >= '0' && value[0] <= '9' && value[1] == '\0')
		*field = (uint32_t)(value[0] - '0');
	else
		return false;
	return true;
}

const char *
args_store(struct args *args, const struct option_row *row, const char *value)
{
	void *field = (char *)args + row->offset;

	switch (row->type) {
	case OPTION_FLAG:
		*(bool *)field = true;
		break;
	case OPTION_COUNT:
		if (value == NULL)
			++*(uint32_t *)field;
		else if (!store_count(value, field))
			return "a number from 0 to 9";
		break;
	case OPTION_TEXT:
		*(const char **)field = value;
		break;
	case OPTION_LIST:
		add_item(field, value);
		break;
	case OPTION_NUMBER:
		if (!number_u32(value, row->min, row->max, field))
			return "a number";
		break;
	case OPTION_SIZE:
		if (!number_size(value, field))
			return "a size such as 500000, 64K, 10M or 2G";
		break;
	case OPTION_TIME:
		if (!number_time_ms(value, field))
			return "a time such as 10, 2.5s, 500ms or 3m";
		break;
	case OPTION_RATIO:
		if (!number_ratio(value, field))
			return "a number over 0 up to 1, such as 0.6";
		break;
	case OPTION_WORD:
		if (!store_word(field, row->choices, value))
			return "one of its words";
		break;
	}
	return NULL;
}

/* Names the words of which `value` is none. */
static int
refuse_word(struct muster_error *err, const struct option_row *row,
    const char *who, const char *value)
{
	char words[128] = "";

	for (size_t i = 0; row->choices[i] != NULL; i++) {
		size_t len = strlen(words);

		(void)snprintf(words + len, sizeof(words) - len, "%s'%s'",
		    i == 0                        ? ""
		    : row->choices[i + 1] == NULL ? " or "
						  : ", ",
		    row->choices[i]);
	}
	return args_error(err, "%s wants %s, not '%s'", who, words, value);
}

int
args_refuse(struct muster_error *err, const struct option_row *row,
    const char *who, const char *value, const char *wanted)
{
	if (row->type == OPTION_NUMBER)
		return args_error(err, "%s wants %s from %u to %u, not '%s'",
		    who, wanted, (unsigned)row->min, (unsigned)row->max, value);
	if (row->type == OPTION_WORD)
		return refuse_word(err, row, who, value);
	return args_error(err, "%s wants %s, not '%s'", who, wanted, value);
}

/* -bL: groups, each as soon as it is complete. */
static bool
go_together(const struct option_row *a, const struct option_row *b)
{
	return a->mode == b->mode ||
	       (a->mode == MODE_GATHER && b->mode == MODE_LINES) ||
	       (a->mode == MODE_LINES && b->mode == MODE_GATHER);
}

int
args_take_mode(struct args_parser *p, const struct option_row *row,
    const char *who, struct muster_error *err)
{
	if (row->mode == MODE_ANY)
		return 0;
	if (p->shown == NULL)
		p->shown = row;
	if (go_together(p->shown, row))
		return 0;
	return args_error(
	    err, "%s and '--%s' exclude each other", who, p->shown->name);
}

void
args_level_init(struct args_level *level, struct args_parser *parser,
    enum args_source source)
{
	*level = (struct args_level){
	    .parser = parser,
	    .origin = {.source = source},
	    .shown_before = parser->shown != NULL,
	    .selected_before = parser->selected,
	};
}

/* Whether a level above has said it, or it is none of this verb's. */
static bool
is_settled(const struct args_level *level, const struct option_row *row)
{
	const struct args_parser *p = level->parser;
	size_t i = (size_t)(row - p->rows);

	if (p->verb != VERB_CONFIG && (row->verbs & p->verb) == 0)
		return true;
	if (p->args->origins[i].source != ARGS_DEFAULT && !level->taken[i])
		return true;
	return (row->selects && level->selected_before) ||
	       (row->mode != MODE_ANY && level->shown_before);
}

void
args_level_leave(struct args_level *level, const struct option_row *row)
{
	struct args_parser *p = level->parser;
	size_t i = (size_t)(row - p->rows);

	if (is_settled(level, row))
		return;
	level->taken[i] = true;
	p->args->origins[i] = level->origin;
}

/* Checks a value that is not wanted. */
static const char *
try_store(const struct option_row *row, const char *value)
{
	struct args args = {0};
	const char *wanted = args_store(&args, row, value);

	args_clear(&args);
	return wanted;
}

int
args_level_take(struct args_level *level, const struct option_row *row,
    const char *who, const char *value, struct muster_error *err)
{
	const bool is_flag = row->type == OPTION_FLAG;
	struct args_parser *p = level->parser;
	const char *wanted;

	/* Variables live longer than what they were meant for. */
	if (level->origin.source == ARGS_ENVIRONMENT && is_settled(level, row))
		return 0;
	if (is_flag && flag_of(value) < 0)
		return args_refuse(err, row, who, value, "1 or 0");
	if (is_settled(level, row)) {
		wanted = try_store(row, value);
	} else {
		args_level_leave(level, row);
		if (is_flag && flag_of(value) == 0) {
			*(bool *)((char *)p->args + row->offset) = false;
			return 0;
		}
		if (args_take_mode(p, row, who, err) < 0)
			return -1;
		wanted = args_store(p->args, row, value);
		p->selected |= row->selects;
	}
	return wanted == NULL ? 0 : args_refuse(err, row, who, value, wanted);
}
