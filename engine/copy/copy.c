/*
 * copy.c -- what is to be copied: its options, names and modes.
 *
 * Room: engine/copy.  May touch: base/, crypto/.
 */
#include "config.h"

#include "copy/copy.h"

#include "base/mem.h"
#include "base/str.h"
#include "crypto/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK ".muster-"
#define MARK_BYTES 12 /* hex digits behind it */
#define PART "000000000000"

static const char *const *
dup_list(const char *const *list, size_t n)
{
	const char **copy = n > 0 ? mem_array(n, sizeof(*copy)) : NULL;

	for (size_t i = 0; i < n; i++)
		copy[i] = mem_strdup(list[i]);
	return copy;
}

void
copy_options_dup(
    struct muster_copy_options *to, const struct muster_copy_options *from)
{
	*to = *from;
	to->excludes = dup_list(from->excludes, from->n_excludes);
	to->owner = mem_strdup(from->owner);
	to->group = mem_strdup(from->group);
}

static void
free_const(const void *p)
{
	free((void *)(uintptr_t)p);
}

void
copy_options_clear(struct muster_copy_options *o)
{
	for (size_t i = 0; i < o->n_excludes; i++)
		free_const(o->excludes[i]);
	free_const(o->excludes);
	free_const(o->owner);
	free_const(o->group);
	memset(o, 0, sizeof(*o));
}

uint32_t
copy_mode(const struct copy *c, uint32_t mode, bool is_folder)
{
	mode &= 0777;
	if (!c->o.preserve)
		mode &= ~c->umask;
	mode = (mode & ~c->o.chmod_clear) | c->o.chmod_set;
	if ((is_folder || (mode & 0111) != 0))
		mode |= c->o.chmod_set_x;
	return mode;
}

char *
copy_join(const char *folder, const char *name)
{
	if (*folder == '\0' || strcmp(folder, ".") == 0)
		return mem_strdup(*name != '\0' ? name : ".");
	if (*name == '\0' || strcmp(name, ".") == 0)
		return mem_strdup(folder);
	return mem_printf(
	    "%s%s%s", folder, str_ends(folder, "/") ? "" : "/", name);
}

/* Names may have 255 bytes: what the mark needs is cut off at the end. */
#define NAME_MAX_BYTES (255 - 1 - sizeof(MARK) - MARK_BYTES)

static char *
marked(const char *path, const char *hex)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;

	return mem_printf("%.*s.%.*s%s%s", (int)(name - path), path,
	    (int)NAME_MAX_BYTES, name, MARK, hex);
}

char *
copy_temp_name(const char *path)
{
	char hex[MARK_BYTES + 1];
	uint8_t bytes[MARK_BYTES / 2];

	if (digest_random(bytes, sizeof(bytes), NULL) != 0)
		mem_die();
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	return marked(path, hex);
}

char *
copy_part_name(const char *path)
{
	return marked(path, PART);
}

bool
copy_is_temp_name(const char *name, const char *last)
{
	size_t len = strlen(last);

	if (len > NAME_MAX_BYTES)
		len = NAME_MAX_BYTES;
	return name[0] == '.' && strncmp(name + 1, last, len) == 0 &&
	       strncmp(name + 1 + len, MARK, sizeof(MARK) - 1) == 0 &&
	       strspn(name + len + sizeof(MARK), "0123456789abcdef") ==
		   MARK_BYTES &&
	       name[len + sizeof(MARK) + MARK_BYTES] == '\0';
}
