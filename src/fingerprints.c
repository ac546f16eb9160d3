/*
 * fingerprints.c -- a file of host key fingerprints.
 *
 * Room: src.  May touch: muster.h, heap.h.
 */
#include "config.h"

#include "src/fingerprints.h"

#include "src/args.h"
#include "src/heap.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r\n"
#define PRINT_LEN 50 /* of "SHA256:" and the digest */

struct entry {
	char *hosts; /* owned; separated by ','; NULL: any */
	char print[PRINT_LEN + 1];
};

struct fingerprints {
	struct entry *list; /* owned */
	size_t n, cap;
};

void
fingerprints_free(struct fingerprints *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++)
		free(f->list[i].hosts);
	free(f->list);
	free(f);
}

/* Returns false when there is no fingerprint in it. */
static bool
add_line(struct fingerprints *f, char *line)
{
	struct entry e = {0};
	char *rest = NULL, *first, *word;

	line[strcspn(line, "#")] = '\0';
	first = word = strtok_r(line, BLANKS, &rest);
	if (first == NULL)
		return true;
	while (word != NULL && strncmp(word, "SHA256:", 7) != 0)
		word = strtok_r(NULL, BLANKS, &rest);
	if (word == NULL || strlen(word) != PRINT_LEN)
		return false;
	memcpy(e.print, word, PRINT_LEN);
	if (first != word && first[strspn(first, "0123456789")] != '\0')
		e.hosts = heap_strdup(first);
	heap_grow(&f->list, &f->cap, f->n + 1, sizeof(*f->list));
	f->list[f->n++] = e;
	return true;
}

static int
read_lines(struct fingerprints *f, FILE *file, const char *path,
    struct muster_error *err)
{
	char *line = NULL;
	size_t size = 0, n = 0;
	int rc = 0;

	while (rc == 0 && getline(&line, &size, file) >= 0) {
		n++;
		if (add_line(f, line))
			continue;
		rc = args_error(err,
		    "%s:%zu: there is no fingerprint SHA256:... in it", path,
		    n);
		err->code = MUSTER_ERR_SYNTAX;
	}
	free(line);
	return rc;
}

struct fingerprints *
fingerprints_load(const char *path, struct muster_error *err)
{
	struct fingerprints *f;
	FILE *file = fopen(path, "re");
	int rc;

	if (file == NULL) {
		(void)args_error(
		    err, "cannot read '%s': %s", path, strerror(errno));
		err->code = MUSTER_ERR_FILE;
		return NULL;
	}
	f = heap_array(1, sizeof(*f));
	rc = read_lines(f, file, path, err);
	(void)fclose(file);
	if (rc == 0)
		return f;
	fingerprints_free(f);
	return NULL;
}

static bool
is_named(const char *hosts, const char *host)
{
	size_t len = strlen(host);

	for (; *hosts != '\0';
	     hosts += strcspn(hosts, ","), hosts += *hosts == ',')
		if (strcspn(hosts, ",") == len &&
		    strncmp(hosts, host, len) == 0)
			return true;
	return false;
}

bool
fingerprints_have(
    const struct fingerprints *f, const char *host, const char *fingerprint)
{
	for (size_t i = 0; i < f->n; i++)
		if (strcmp(f->list[i].print, fingerprint) == 0 &&
		    (f->list[i].hosts == NULL ||
			is_named(f->list[i].hosts, host)))
			return true;
	return false;
}
