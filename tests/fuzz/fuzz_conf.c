/*
 * fuzz_conf.c -- any text is a configuration file or an error with a place.
 *
 * Room: tests/fuzz.  May touch: muster.h.
 */
#include "config.h"

#include "muster.h"
#include "tests/fuzz/memfile.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct muster_conf *conf)
{
	unsigned last = 0;

	for (size_t i = 0; i < conf->n_lines; i++) {
		const struct muster_conf_line *line = &conf->lines[i];

		assert(line->line > last && line->column > 0);
		assert(*line->keyword != '\0' && *line->keyword != '#');
		assert(line->n_words > 0);
		for (size_t j = 0; j < line->n_words; j++) {
			assert(line->words[j].column > line->column);
			assert(strchr(line->words[j].text, '\n') == NULL);
		}
		last = line->line;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = memfile_put(data, size);
	struct muster_error err = {.code = MUSTER_ERR_NONE};
	struct muster_conf conf;

	if (muster_conf_read(path, &conf, &err) == 1) {
		check(&conf);
	} else {
		assert(err.code == MUSTER_ERR_FILE);
		assert(strncmp(err.text, path, strlen(path)) == 0);
	}
	muster_conf_clear(&conf);
	return 0;
}
