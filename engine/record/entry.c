/*
 * entry.c -- what the journal of a run says, a JSON object an entry.
 *
 * Room: engine/record.  May touch: base/, muster.h, jansson.
 * Text that is not UTF-8 stands in base64 under its key with "_b64" behind
 * it. Numbers of 64 bits are JSON integers, which jansson keeps whole.
 */
#include "config.h"

#include "record/entry.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/mem.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DUMP (JSON_COMPACT | JSON_ENSURE_ASCII)
#define TEXT_BYTES (64 * 1024 * 1024)

static const char *const type_words[ENTRY_N_TYPES] = {
    [ENTRY_OPEN] = "open",
    [ENTRY_HOST] = "host",
    [ENTRY_ORDER] = "order",
    [ENTRY_START] = "start",
    [ENTRY_END] = "end",
    [ENTRY_NOTE] = "note",
    [ENTRY_CLOSE] = "close",
};

/* ---- writing ---- */

static json_t *
check(json_t *value)
{
	if (value == NULL)
		mem_die();
	return value;
}

static void
set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, check(value)) != 0)
		mem_die();
}

static void
set_number(json_t *object, const char *key, int64_t number)
{
	set(object, key, json_integer((json_int_t)number));
}

static json_t *
make_text(const char *text, bool *is_base64)
{
	json_t *value = json_string(text);
	struct buf b;

	*is_base64 = value == NULL;
	if (value != NULL)
		return value;
	buf_init(&b, TEXT_BYTES);
	(void)base64_add(&b, text, strlen(text), true);
	value = json_string(buf_str(&b));
	buf_clear(&b);
	return value;
}

static void
set_text(json_t *object, const char *key, const char *text)
{
	char name[32];
	bool is_base64;
	json_t *value;

	if (text == NULL)
		return;
	value = make_text(text, &is_base64);
	(void)snprintf(
	    name, sizeof(name), "%s%s", key, is_base64 ? "_b64" : "");
	set(object, name, value);
}

/* A word that is not UTF-8 is a list of its base64. */
static void
set_words(json_t *object, const struct entry *e)
{
	json_t *list = check(json_array());

	for (size_t i = 0; i < e->n_words; i++) {
		bool is_base64;
		json_t *word = check(make_text(e->words[i], &is_base64));

		if (is_base64)
			word = check(json_pack("[o]", word));
		if (json_array_append_new(list, word) != 0)
			mem_die();
	}
	set(object, "words", list);
}

static void
write_open(json_t *object, const struct entry *e)
{
	set_number(object, "format", e->format);
	set_text(object, "id", e->id);
	set_text(object, "program", e->program);
	set_text(object, "parent", e->parent);
	set_number(object, "wall_us", e->wall_us);
	set_words(object, e);
}

static void
write_host(json_t *object, const struct entry *e)
{
	set_number(object, "host", e->host);
	set_text(object, "name", e->name);
	set_text(object, "user", e->user);
	set_text(object, "address", e->address);
	set_number(object, "port", e->port);
}

static void
write_result(json_t *object, const struct entry *e)
{
	const struct muster_result *r = &e->result;

	set_text(object, "outcome", muster_outcome_word(r->outcome));
	set_number(object, "what", r->outcome);
	set_number(object, "code", r->code);
	set_text(object, "signal", r->signal);
	set_number(object, "stage", r->stage);
	set_number(object, "flags", r->flags);
	set_number(object, "attempts", r->attempts);
	set_number(object, "begun_us", r->begun_us);
	set_number(object, "started_us", r->started_us);
	set_number(object, "ended_us", r->ended_us);
	set_number(object, "out_bytes", (int64_t)r->out_bytes);
	set_number(object, "err_bytes", (int64_t)r->err_bytes);
	set_text(object, "out_sha256", e->sums[0]);
	set_text(object, "err_sha256", e->sums[1]);
	set_text(object, "text", r->text);
}

static void
write_rest(json_t *object, const struct entry *e)
{
	switch (e->type) {
	case ENTRY_OPEN:
		write_open(object, e);
		break;
	case ENTRY_HOST:
		write_host(object, e);
		break;
	case ENTRY_ORDER:
		set_number(object, "order", e->order);
		set_number(object, "wall_us", e->wall_us);
		set_text(object, "command", e->command);
		break;
	case ENTRY_START:
		set_number(object, "order", e->order);
		set_number(object, "host", e->host);
		break;
	case ENTRY_END:
		set_number(object, "order", e->order);
		set_number(object, "host", e->host);
		write_result(object, e);
		break;
	case ENTRY_NOTE:
		if (e->host != UINT32_MAX)
			set_number(object, "host", e->host);
		set_text(object, "text", e->text);
		break;
	case ENTRY_CLOSE:
		set_number(object, "exitcode", e->exitcode);
		break;
	case ENTRY_N_TYPES:
		break;
	}
}

char *
entry_write(const struct entry *e)
{
	json_t *object = check(json_object());
	char *text;

	set_text(object, "type", type_words[e->type]);
	set_number(object, "us", e->us);
	write_rest(object, e);
	text = json_dumps(object, DUMP);
	json_decref(object);
	if (text == NULL)
		mem_die();
	return text;
}

/* ---- reading ---- */

/* What an entry that is read lends its strings from. */
struct owned {
	json_t *object;
	char *decoded[8]; /* that stood in base64 */
	size_t n_decoded;
	const char **words;
	char **decoded_words;
};

static bool
get_number(const json_t *object, const char *key, int64_t min, int64_t max,
    int64_t *out)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		return false;
	*out = json_integer_value(value);
	return *out >= min && *out <= max;
}

static bool
get_u32(const json_t *object, const char *key, uint32_t *out)
{
	int64_t n;

	if (!get_number(object, key, 0, UINT32_MAX, &n))
		return false;
	*out = (uint32_t)n;
	return true;
}

static char *
decode(const json_t *value)
{
	const char *text = json_string_value(value);
	char *plain = NULL;
	struct buf b;

	if (text == NULL)
		return NULL;
	buf_init(&b, TEXT_BYTES);
	if (base64_decode(&b, text, strlen(text)))
		plain = buf_take_str(&b);
	buf_clear(&b);
	return plain;
}

/* NULL for what is not there. */
static const char *
get_text(struct owned *o, const char *key)
{
	const json_t *value = json_object_get(o->object, key);
	char name[32];

	if (json_is_string(value))
		return json_string_value(value);
	(void)snprintf(name, sizeof(name), "%s_b64", key);
	if (o->n_decoded == sizeof(o->decoded) / sizeof(o->decoded[0]))
		return NULL;
	o->decoded[o->n_decoded] = decode(json_object_get(o->object, name));
	if (o->decoded[o->n_decoded] == NULL)
		return NULL;
	return o->decoded[o->n_decoded++];
}

static bool
read_words(struct entry *e, struct owned *o)
{
	const json_t *list = json_object_get(o->object, "words");
	size_t n = json_array_size(list);

	o->words = mem_array(n + 1, sizeof(*o->words));
	o->decoded_words = mem_array(n + 1, sizeof(*o->decoded_words));
	for (size_t i = 0; i < n; i++) {
		const json_t *word = json_array_get(list, i);

		o->words[i] = json_string_value(word);
		if (json_is_array(word))
			o->words[i] = o->decoded_words[i] =
			    decode(json_array_get(word, 0));
		if (o->words[i] == NULL) {
			/* a slot of its own, freed with the others */
			e->n_words = 0;
			return false;
		}
	}
	e->words = o->words;
	e->n_words = n;
	return true;
}

static bool
read_open(struct entry *e, struct owned *o)
{
	e->id = get_text(o, "id");
	e->program = get_text(o, "program");
	e->parent = get_text(o, "parent");
	return get_u32(o->object, "format", &e->format) &&
	       e->format == ENTRY_FORMAT && e->id != NULL &&
	       e->program != NULL &&
	       get_number(
		   o->object, "wall_us", INT64_MIN, INT64_MAX, &e->wall_us) &&
	       read_words(e, o);
}

static bool
read_host(struct entry *e, struct owned *o)
{
	int64_t port;

	e->name = get_text(o, "name");
	e->user = get_text(o, "user");
	e->address = get_text(o, "address");
	if (e->name == NULL || !get_u32(o->object, "host", &e->host) ||
	    !get_number(o->object, "port", 0, UINT16_MAX, &port))
		return false;
	e->port = (uint16_t)port;
	return true;
}

static bool
copy_text(struct owned *o, const char *key, char *dst, size_t size)
{
	const char *text = get_text(o, key);

	return text != NULL && (size_t)snprintf(dst, size, "%s", text) < size;
}

static bool
read_counts(const json_t *object, struct muster_result *r)
{
	int64_t stage, out, err;
	uint32_t flags, attempts;

	if (!get_u32(object, "code", &r->code) ||
	    !get_u32(object, "flags", &flags) ||
	    !get_u32(object, "attempts", &attempts) ||
	    !get_number(object, "stage", 0, MUSTER_N_STATES - 1, &stage) ||
	    !get_number(object, "out_bytes", 0, INT64_MAX, &out) ||
	    !get_number(object, "err_bytes", 0, INT64_MAX, &err))
		return false;
	r->flags = flags;
	r->attempts = attempts;
	r->stage = (enum muster_state)stage;
	r->out_bytes = (uint64_t)out;
	r->err_bytes = (uint64_t)err;
	return true;
}

static bool
read_result(struct entry *e, struct owned *o)
{
	struct muster_result *r = &e->result;
	const char *word = get_text(o, "outcome");
	int64_t what;

	if (word == NULL ||
	    !get_number(o->object, "what", 1, MUSTER_N_OUTCOMES - 1, &what))
		return false;
	r->outcome = (enum muster_outcome)what;
	return strcmp(muster_outcome_word(r->outcome), word) == 0 &&
	       read_counts(o->object, r) &&
	       get_number(
		   o->object, "begun_us", INT64_MIN, INT64_MAX, &r->begun_us) &&
	       get_number(o->object, "started_us", INT64_MIN, INT64_MAX,
		   &r->started_us) &&
	       get_number(
		   o->object, "ended_us", INT64_MIN, INT64_MAX, &r->ended_us) &&
	       copy_text(o, "signal", r->signal, sizeof(r->signal)) &&
	       copy_text(o, "text", r->text, sizeof(r->text)) &&
	       copy_text(o, "out_sha256", e->sums[0], sizeof(e->sums[0])) &&
	       copy_text(o, "err_sha256", e->sums[1], sizeof(e->sums[1]));
}

static bool
read_rest(struct entry *e, struct owned *o)
{
	bool names_order = get_u32(o->object, "order", &e->order);
	bool names_host = get_u32(o->object, "host", &e->host);

	switch (e->type) {
	case ENTRY_OPEN:
		return read_open(e, o);
	case ENTRY_HOST:
		return read_host(e, o);
	case ENTRY_ORDER:
		e->command = get_text(o, "command");
		return names_order && e->command != NULL &&
		       get_number(o->object, "wall_us", INT64_MIN, INT64_MAX,
			   &e->wall_us);
	case ENTRY_START:
		return names_order && names_host;
	case ENTRY_END:
		return names_order && names_host && read_result(e, o);
	case ENTRY_NOTE:
		if (!names_host)
			e->host = UINT32_MAX;
		e->text = get_text(o, "text");
		return e->text != NULL;
	case ENTRY_CLOSE:
		return get_u32(o->object, "exitcode", &e->exitcode);
	case ENTRY_N_TYPES:
		break;
	}
	return false;
}

bool
entry_read(struct entry *e, const char *text, size_t len)
{
	struct owned *o = mem_new(sizeof(*o));
	const char *word;

	memset(e, 0, sizeof(*e));
	e->owned = o;
	o->object = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
	word = json_string_value(json_object_get(o->object, "type"));
	e->type = ENTRY_N_TYPES;
	for (int i = 0; word != NULL && i < ENTRY_N_TYPES; i++)
		if (strcmp(word, type_words[i]) == 0)
			e->type = (enum entry_type)i;
	if (e->type != ENTRY_N_TYPES &&
	    get_number(o->object, "us", INT64_MIN, INT64_MAX, &e->us) &&
	    read_rest(e, o))
		return true;
	entry_clear(e);
	return false;
}

void
entry_clear(struct entry *e)
{
	struct owned *o = e->owned;

	if (o == NULL)
		return;
	for (size_t i = 0; i < o->n_decoded; i++)
		free(o->decoded[i]);
	if (o->decoded_words != NULL) {
		size_t n = json_array_size(json_object_get(o->object, "words"));

		for (size_t i = 0; i < n; i++)
			free(o->decoded_words[i]);
	}
	free(o->decoded_words);
	free(o->words);
	json_decref(o->object);
	free(o);
	memset(e, 0, sizeof(*e));
}
