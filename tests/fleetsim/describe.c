/*
 * describe.c -- the words of a host's description.
 *
 * Room: tests/fleetsim.  May touch: base/, host.h.
 * One table: a word, the kind of its value, the field it fills.
 */
#include "config.h"

#include "describe.h"
#include "base/mem.h"
#include "base/str.h"
#include "scenario.h"

#include <arpa/inet.h>

#include <stdlib.h>
#include <string.h>

#define KEY_MAX (16 * 1024)

static bool
is_word(const char *text, size_t len, const char *word)
{
	return str_is(text, len, word);
}

/* Calls `take` for each of the words between `sep`. */
static bool
each_word(struct host *h, const char *list, char sep,
    bool (*take)(struct host *h, const char *word, size_t len))
{
	for (;;) {
		const char *end = strchr(list, sep);
		size_t len = end != NULL ? (size_t)(end - list) : strlen(list);

		if (len == 0 || !take(h, list, len))
			return false;
		if (end == NULL)
			return true;
		list = end + 1;
	}
}

static bool
take_method(struct host *h, const char *word, size_t len)
{
	struct auth_path *path = &h->paths[h->n_paths - 1];

	for (uint8_t i = 0; i < N_AUTH_METHODS; i++) {
		if (!is_word(word, len, sim_auth_names[i]))
			continue;
		if (path->n == SIM_AUTH_STEPS)
			return false;
		path->methods[path->n++] = i;
		return true;
	}
	return false;
}

static bool
take_path(struct host *h, const char *word, size_t len)
{
	char *path;
	bool ok;

	if (h->n_paths == SIM_PATHS)
		return false;
	path = mem_strndup(word, len);
	h->n_paths++;
	ok = each_word(h, path, '+', take_method);
	free(path);
	return ok;
}

static bool
set_auth(struct host *h, const char *value)
{
	h->n_paths = 0;
	memset(h->paths, 0, sizeof(h->paths));
	return each_word(h, value, ',', take_path);
}

static bool
take_host_key(struct host *h, const char *word, size_t len)
{
	enum key_type type;

	if (!sim_key_type(word, len, &type))
		return false;
	h->wants_key[type] = true;
	return true;
}

static bool
set_host_key(struct host *h, const char *value)
{
	memset(h->wants_key, 0, sizeof(h->wants_key));
	return each_word(h, value, ',', take_host_key);
}

static bool
take_scenario(struct host *h, const char *word, size_t len)
{
	const char *at = memchr(word, '@', len);
	const struct scenario *what =
	    sim_scenario_find(word, at != NULL ? (size_t)(at - word) : len);
	uint64_t arg = 0;

	if (what == NULL || h->n_scenarios == SIM_SCENARIOS)
		return false;
	if (at != NULL) {
		char *number =
		    mem_strndup(at + 1, len - (size_t)(at + 1 - word));
		bool ok = str_u64(number, 0, UINT64_MAX, &arg);

		free(number);
		if (!ok)
			return false;
	}
	h->scenarios[h->n_scenarios].what = what;
	h->scenarios[h->n_scenarios++].arg = arg;
	return true;
}

static bool
set_scenario(struct host *h, const char *value)
{
	h->n_scenarios = 0;
	return each_word(h, value, ',', take_scenario);
}

static bool
set_addr(struct host *h, const char *value)
{
	return inet_pton(AF_INET, value, &h->ip) == 1 &&
	       ntohl(h->ip.s_addr) >> 24 == 127 &&
	       str_copy(h->addr, sizeof(h->addr), value);
}

static bool
set_port(struct host *h, const char *value)
{
	uint32_t port;

	if (!str_u32(value, 1, UINT16_MAX, &port))
		return false;
	h->port = (uint16_t)port;
	return true;
}

static bool
set_exec(struct host *h, const char *value)
{
	static const char *const words[] = {
	    [EXEC_SH] = "sh", [EXEC_CANNED] = "canned", [EXEC_CAT] = "cat"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(value, words[i]) == 0) {
			h->exec = (enum exec_mode)i;
			return true;
		}
	}
	return false;
}

static bool
set_known(struct host *h, const char *value)
{
	if (strcmp(value, "other") == 0)
		h->known = KNOWN_OTHER;
	else if (strcmp(value, "none") == 0)
		h->known = KNOWN_NONE;
	else if (strcmp(value, "right") == 0)
		h->known = KNOWN_RIGHT;
	else
		return false;
	return true;
}

static bool
set_exit(struct host *h, const char *value)
{
	h->has_exit = true;
	return str_u32(value, 0, UINT32_MAX, &h->exit_code);
}

bool
sim_user_key_add(struct user_key **list, const void *blob, size_t len)
{
	struct user_key *key;
	struct buf normal;

	buf_init(&normal, KEY_MAX);
	if (!sim_key_normal(blob, len, &normal)) {
		buf_clear(&normal);
		return false;
	}
	key = mem_new(sizeof(*key));
	key->blob = mem_dup(buf_data(&normal), normal.len);
	key->len = normal.len;
	key->next = *list;
	*list = key;
	buf_clear(&normal);
	return true;
}

void
sim_user_keys_free(struct user_key *list)
{
	while (list != NULL) {
		struct user_key *next = list->next;

		free(list->blob);
		free(list);
		list = next;
	}
}

bool
sim_user_key_add_base64(struct user_key **list, const char *text, size_t n)
{
	size_t pad = 0;
	uint8_t *blob;
	bool ok = false;
	int len;

	if (n == 0 || n > KEY_MAX)
		return false;
	while (pad < 2 && pad < n && text[n - 1 - pad] == '=')
		pad++;
	blob = mem_new(n);
	len = EVP_DecodeBlock(blob, (const unsigned char *)text, (int)n);
	if (len > (int)pad)
		ok = sim_user_key_add(list, blob, (size_t)len - pad);
	free(blob);
	return ok;
}

static bool
set_key(struct host *h, const char *value)
{
	return sim_user_key_add_base64(&h->user_keys, value, strlen(value));
}

enum kind { TEXT, BYTES, FLAG, U32, U64, TIME, CUSTOM };

struct word {
	const char *key;
	enum kind kind;
	size_t field; /* offset in struct host */
	bool (*set)(struct host *h, const char *value);
	const char *wants;
};

#define FIELD(name) offsetof(struct host, name), NULL

/* clang-format off */
static const struct word words[] = {
	{ "addr", CUSTOM, 0, set_addr, "an address of 127.0.0.0/8" },
	{ "auth", CUSTOM, 0, set_auth, "methods joined by ',' and '+'" },
	{ "authdelay", TIME, FIELD(auth_delay_ms), "a time" },
	{ "banner", TEXT, FIELD(version), "a text" },
	{ "bytes", U64, FIELD(n_bytes), "a number" },
	{ "ciphers", TEXT, FIELD(ciphers), "a list" },
	{ "delay", TIME, FIELD(delay_ms), "a time" },
	{ "down", FLAG, FIELD(down), "yes or no" },
	{ "every", TIME, FIELD(every_ms), "a time" },
	{ "exec", CUSTOM, 0, set_exec, "sh, canned or cat" },
	{ "exit", CUSTOM, 0, set_exit, "a number below 2^32" },
	{ "greetdelay", TIME, FIELD(greet_delay_ms), "a time" },
	{ "hostkey", CUSTOM, 0, set_host_key, "ed25519, ecdsa, rsa" },
	{ "kex", TEXT, FIELD(kex), "a list" },
	{ "key", CUSTOM, 0, set_key, "a public key in base64" },
	{ "known", CUSTOM, 0, set_known, "right, other or none" },
	{ "linger", TIME, FIELD(linger_ms), "a time" },
	{ "lines", U32, FIELD(n_lines), "a number" },
	{ "macs", TEXT, FIELD(macs), "a list" },
	{ "maxsessions", U32, FIELD(max_sessions), "a number" },
	{ "maxtries", U32, FIELD(max_tries), "a number" },
	{ "motd", TEXT, FIELD(motd), "a text" },
	{ "password", TEXT, FIELD(password), "a text" },
	{ "code", TEXT, FIELD(code), "a text" },
	{ "port", CUSTOM, 0, set_port, "a port number" },
	{ "rekey", U64, FIELD(rekey_bytes), "a number" },
	{ "scenario", CUSTOM, 0, set_scenario,
	  "at most four known names, each with @NUMBER or without" },
	{ "signal", TEXT, FIELD(exit_signal), "a name" },
	{ "stderr", BYTES, FIELD(err), "a text" },
	{ "stdout", BYTES, FIELD(out), "a text" },
	{ "user", TEXT, FIELD(user), "a name" },
};
/* clang-format on */

static void
set_bytes(struct bytes *field, const struct bytes *value)
{
	free(field->data);
	field->data = mem_dup(value->data, value->len);
	field->len = value->len;
}

static void
set_text(char **field, const char *text)
{
	free(*field);
	*field = mem_strdup(text);
}

static bool
set_field(struct host *h, const struct word *w, const struct bytes *value)
{
	void *field = (char *)h + w->field;
	const char *text = value->data;

	/* A NUL belongs in output only. */
	if (w->kind != BYTES && strlen(text) != value->len)
		return false;
	switch (w->kind) {
	case TEXT:
		set_text(field, text);
		return true;
	case BYTES:
		set_bytes(field, value);
		return true;
	case FLAG:
		*(bool *)field = strcmp(text, "yes") == 0;
		return *(bool *)field || strcmp(text, "no") == 0;
	case U32:
		return str_u32(text, 0, UINT32_MAX, field);
	case U64:
		return str_u64(text, 0, UINT64_MAX, field);
	case TIME:
		return str_duration_ms(text, field);
	case CUSTOM:
		return w->set(h, text);
	}
	return false;
}

int
sim_describe(struct host *h, const char *key, const struct bytes *value,
    struct muster_error *err)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].key, key) != 0)
			continue;
		if (set_field(h, &words[i], value))
			return 0;
		return err_set(err, MUSTER_ERR_SYNTAX,
		    "'%s=%.60s' of host '%s': not %s", key, value->data,
		    h->name, words[i].wants);
	}
	return err_set(err, MUSTER_ERR_SYNTAX, "unknown word '%.60s' of '%s'",
	    key, h->name);
}
