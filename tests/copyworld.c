/*
 * copyworld.c -- what tests of copies share: a folder, a copier, assertions.
 *
 * Room: tests.  May touch: copier.h, scratch.h.
 */
#include "config.h"

#include "copyworld.h"

#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

int
world_begin(void **state)
{
	struct world *w = mem_new(sizeof(*w));

	w->folder = scratch_new();
	copier_init(&w->c);
	*state = w;
	return 0;
}

int
world_end(void **state)
{
	struct world *w = *state;

	copier_clear(&w->c);
	scratch_remove(w->folder);
	free(w);
	return 0;
}

struct copier *
copier(void **state)
{
	struct world *w = *state;

	if (copier_server() == NULL)
		skip();
	return &w->c;
}

const char *
push(struct copier *c, const char *path, const char *dest)
{
	return copier_push(c, &path, 1, dest);
}

const char *
pull(struct copier *c, const char *path, const char *dest)
{
	return copier_pull(c, &path, 1, dest);
}

void
assert_done(const struct copier *c, const char *word)
{
	if (strcmp(word, "DONE") != 0)
		print_error("%s: %s\n", word, c->text);
	assert_string_equal(word, "DONE");
}

bool
sh(const char *command)
{
	return scratch_run("%s", command) == 0;
}

void
assert_no_temps(void)
{
	assert_true(sh("! find . -name '.*muster-*' | grep -q ."));
}
