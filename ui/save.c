/*
 * save.c -- what the screen knows of hosts, into a file.
 *
 * Room: ui.  May touch: app.h.
 */
#include "config.h"

#include "ui/save.h"
#include "ui/app.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int
refuse(struct muster_error *err, const char *file)
{
	err->code = MUSTER_ERR_FILE;
	err->at = MUSTER_NOWHERE;
	(void)snprintf(err->text, sizeof(err->text),
	    errno == EEXIST ? "'%.120s' is there already; :w! writes over it"
			    : "cannot write '%.120s': %s",
	    file, strerror(errno));
	return -1;
}

static FILE *
create(const char *file, bool may_replace, struct muster_error *err)
{
	FILE *f = fopen(file, may_replace ? "we" : "wxe");

	if (f == NULL)
		(void)refuse(err, file);
	return f;
}

/* Some writes fail only when the file is closed. */
static int
finish(FILE *f, const char *file, struct muster_error *err)
{
	bool failed = ferror(f) != 0;

	if (fclose(f) != 0 || failed)
		return refuse(err, file);
	return 0;
}

static bool
has_marks(const struct ui *ui)
{
	for (size_t i = 0; i < ui->model->n_hosts; i++) {
		if (ui->model->hosts[i].is_marked)
			return true;
	}
	return false;
}

/* The i-th of the hosts that are meant, or NULL at their end. */
static const struct model_host *
host_at(const struct ui *ui, size_t *i, bool marked)
{
	while (*i < ui->view.n_list) {
		const struct model_host *h =
		    &ui->model->hosts[ui->view.list[(*i)++]];

		if (!marked || h->is_marked)
			return h;
	}
	return NULL;
}

int
save_lines(struct ui *ui, const char *file, bool may_replace, size_t *n_lines,
    struct muster_error *err)
{
	FILE *f = create(file, may_replace, err);
	const struct model_host *h;
	bool marked = has_marks(ui);
	size_t i = 0;

	*n_lines = 0;
	if (f == NULL)
		return -1;
	while ((h = host_at(ui, &i, marked)) != NULL) {
		(void)fprintf(f, "==> %s <==\n", h->name);
		for (size_t j = 0; j < h->shown.n_lines; j++) {
			const struct muster_line *line =
			    &h->shown.lines[j].line;

			(void)fprintf(f, "%.*s\n", (int)line->len, line->text);
			++*n_lines;
		}
	}
	return finish(f, file, err);
}

int
save_hosts(
    struct ui *ui, const char *file, bool may_replace, struct muster_error *err)
{
	FILE *f = create(file, may_replace, err);
	const struct model_host *h;
	bool marked = has_marks(ui);
	size_t i = 0;

	if (f == NULL)
		return -1;
	while ((h = host_at(ui, &i, marked)) != NULL)
		(void)fprintf(f, "%s\n", h->name);
	return finish(f, file, err);
}
