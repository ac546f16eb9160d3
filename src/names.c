/*
 * names.c -- host names as people like to read them: web[01-40],db1.
 *
 * Room: src.  May touch: muster.h, text.h.
 */
#include "config.h"

#include "src/names.h"

#include "muster.h"

#include <assert.h>

void
names_fold(const char *const *names, size_t n, struct text *to)
{
	struct muster_error err;
	char *folded = muster_fold(names, n, NULL, &err);

	assert(folded != NULL); /* only an axis can be wrong */
	text_adds(to, folded);
	muster_string_free(folded);
}
