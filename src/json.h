/*
 * json.h -- JSON objects of one line (RFC 8259).
 *
 * Room: src.  May touch: libc.
 * Whatever is not ASCII is escaped, so that a line is one line for every
 * reader, those that see U+2028 as its end too. Keys keep their order and
 * are literals of the program.
 */
#ifndef MUSTER_SRC_JSON_H
#define MUSTER_SRC_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json; /* an object that is being made */
struct text;

struct json *json_new(void);

/* Adds the object as a line to `to`, and frees it. */
void json_write(struct json *object, struct text *to);

/* Adds bytes: as KEY when they are UTF-8, else as KEY_b64 in base64. */
void json_add_bytes(
    struct json *object, const char *key, const void *data, size_t len);

/* Adds a string of UTF-8; NULL is null. */
void json_add_text(struct json *object, const char *key, const char *text);

void json_add_number(struct json *object, const char *key, uint64_t number);
void json_add_null(struct json *object, const char *key);
void json_add_bool(struct json *object, const char *key, bool value);

/* Adds microseconds as seconds. */
void json_add_seconds(struct json *object, const char *key, int64_t us);

/* Adds a list of strings, of UTF-8. `name` lends the one of index i. */
void json_add_list(struct json *object, const char *key, size_t n,
    const char *(*name)(const void *names, size_t i), const void *names);

bool json_is_utf8(const char *text);

#endif
