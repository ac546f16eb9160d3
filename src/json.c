/*
 * json.c -- JSON objects of one line (RFC 8259).
 *
 * Room: src.  May touch: heap.h, text.h, jansson.
 * A struct json is a json_t by another name, which only this file knows.
 */
#include "config.h"

#include "src/json.h"

#include "src/heap.h"
#include "src/text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DUMP (JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(12))

/* What can fail here is memory only: the values are valid. */
static json_t *
check(json_t *value)
{
	if (value == NULL)
		heap_die();
	return value;
}

static void
set(struct json *object, const char *key, json_t *value)
{
	if (json_object_set_new((json_t *)object, key, check(value)) != 0)
		heap_die();
}

struct json *
json_new(void)
{
	return (struct json *)check(json_object());
}

void
json_write(struct json *object, struct text *to)
{
	char *line = json_dumps((json_t *)object, DUMP);

	if (line == NULL)
		heap_die();
	text_adds(to, line);
	text_add(to, "\n", 1);
	free(line);
	json_decref((json_t *)object);
}

/* RFC 4648, with padding. */
static void
add_base64(struct text *to, const uint8_t *data, size_t len)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		size_t n = len - i < 3 ? len - i : 3;
		uint32_t bits = (uint32_t)data[i] << 16;
		char out[4] = {'=', '=', '=', '='};

		if (n > 1)
			bits |= (uint32_t)data[i + 1] << 8;
		if (n > 2)
			bits |= data[i + 2];
		for (size_t k = 0; k <= n; k++)
			out[k] = digits[(bits >> (18 - 6 * k)) & 63];
		text_add(to, out, sizeof(out));
	}
}

void
json_add_bytes(
    struct json *object, const char *key, const void *data, size_t len)
{
	json_t *value = json_stringn(data != NULL ? data : "", len);
	struct text base64 = {0};
	char name[64];

	if (value != NULL) {
		set(object, key, value);
		return;
	}
	(void)snprintf(name, sizeof(name), "%s_b64", key);
	add_base64(&base64, data, len);
	set(object, name, json_stringn(base64.mem, base64.len));
	text_clear(&base64);
}

void
json_add_text(struct json *object, const char *key, const char *text)
{
	set(object, key, text != NULL ? json_string(text) : json_null());
}

void
json_add_number(struct json *object, const char *key, uint64_t number)
{
	set(object, key, json_integer((json_int_t)number));
}

void
json_add_null(struct json *object, const char *key)
{
	set(object, key, json_null());
}

void
json_add_bool(struct json *object, const char *key, bool value)
{
	set(object, key, json_boolean(value));
}

void
json_add_seconds(struct json *object, const char *key, int64_t us)
{
	set(object, key, json_real((double)us / 1e6));
}

void
json_add_list(struct json *object, const char *key, size_t n,
    const char *(*name)(const void *names, size_t i), const void *names)
{
	json_t *list = check(json_array());

	for (size_t i = 0; i < n; i++) {
		json_t *item = check(json_string(name(names, i)));

		if (json_array_append_new(list, item) != 0)
			heap_die();
	}
	set(object, key, list);
}

bool
json_is_utf8(const char *text)
{
	json_t *value = json_string(text);

	json_decref(value);
	return value != NULL;
}
