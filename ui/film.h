/*
 * film.h -- what was on the screen, frame by frame, in a file.
 *
 * Room: ui.  May touch: cells.h.
 * For reports of faults, for pictures and for tests. A frame is
 *
 *	frame WIDTH HEIGHT CURSOR_X CURSOR_Y OFFSET
 *
 * and HEIGHT lines of text, then HEIGHT lines of looks as cells_looks() has
 * them. OFFSET is how many bytes the terminal was sent up to its end.
 */
#ifndef MUSTER_UI_FILM_H
#define MUSTER_UI_FILM_H

#include "ui/cells.h"

/* Opens the file anew; *record is NULL for a file NULL. Returns 0, or -1:
 * MUSTER_ERR_FILE. */
int film_open(void **record, const char *file, struct muster_error *err);
void film_close(void *record);

void film_frame(void *record, const struct cells *cells, uint64_t offset);

#endif
