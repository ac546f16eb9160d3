/*
 * film.c -- what was on the screen, frame by frame, in a file.
 *
 * Room: ui.  May touch: cells.h, libc.
 */
#include "config.h"

#include "ui/film.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int
film_open(void **record, const char *file, struct muster_error *err)
{
	*record = NULL;
	if (file == NULL)
		return 0;
	*record = fopen(file, "we");
	if (*record != NULL)
		return 0;
	if (err != NULL) {
		err->code = MUSTER_ERR_FILE;
		err->at = MUSTER_NOWHERE;
		(void)snprintf(err->text, sizeof(err->text),
		    "cannot write '%.200s': %s", file, strerror(errno));
	}
	return -1;
}

void
film_close(void *record)
{
	if (record != NULL)
		(void)fclose(record);
}

void
film_frame(void *record, const struct cells *cells, uint64_t offset)
{
	char *text = cells_text(cells), *looks = cells_looks(cells);

	(void)fprintf(record, "frame %d %d %d %d %" PRIu64 "\n%s%s", cells->w,
	    cells->h, cells->cursor_x, cells->cursor_y, offset, text, looks);
	(void)fflush(record);
	free(text);
	free(looks);
}
