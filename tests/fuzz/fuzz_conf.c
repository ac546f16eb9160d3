/*
 * fuzz_conf.c -- any text is a configuration file or an error with a place.
 *
 * Room: tests/fuzz.  May touch: muster.h.
 */
#include "config.h"

#include "muster.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
	char path[] = "/tmp/muster-fuzz-conf-XXXXXX";
	struct muster_error err = {.code = MUSTER_ERR_NONE};
	struct muster_conf conf;
	int fd = mkstemp(path);

	assert(fd >= 0);
	assert(write(fd, data, size) == (ssize_t)size);
	assert(close(fd) == 0);
	if (muster_conf_read(path, &conf, &err) == 1) {
		check(&conf);
	} else {
		assert(err.code == MUSTER_ERR_FILE);
		assert(strncmp(err.text, path, strlen(path)) == 0);
	}
	muster_conf_clear(&conf);
	assert(unlink(path) == 0);
	return 0;
}
