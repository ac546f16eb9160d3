/*
 * labels.c -- what stands before each line of a host.
 *
 * Room: src.  May touch: muster.h, args.h, heap.h, text.h.
 */
#include "config.h"

#include "src/labels.h"

#include "src/args.h"
#include "src/heap.h"
#include "src/text.h"

#include <stdlib.h>
#include <string.h>

struct labels {
	char **items; /* owned, and each of them */
	size_t n;
};

static int
add_letter(const struct muster *m, size_t host, char letter, struct text *to,
    struct muster_error *err)
{
	switch (letter) {
	case 'h':
		text_adds(to, muster_host_name(m, host));
		return 0;
	case 'u':
		text_adds(to, muster_host_user(m, host));
		return 0;
	case 'p':
		text_addf(to, "%u", (unsigned)muster_host_port(m, host));
		return 0;
	case 'n':
		text_addf(to, "%zu", host);
		return 0;
	case '%':
		text_add(to, "%", 1);
		return 0;
	default:
		return args_error(err,
		    "option '--prefix' knows %%h, %%u, %%p, %%n and %%%%, not "
		    "'%%%c'",
		    letter);
	}
}

/* The label of a host; the caller frees. NULL with *err. */
static char *
make(const struct muster *m, size_t host, const char *format,
    struct muster_error *err)
{
	struct text label = {0};
	int r = 0;

	while (r == 0 && *format != '\0') {
		size_t plain = strcspn(format, "%");

		text_add(&label, format, plain);
		format += plain;
		if (*format == '\0')
			break;
		r = add_letter(m, host, format[1], &label, err);
		format += format[1] != '\0' ? 2 : 1;
	}
	(void)text_str(&label);
	if (r == 0)
		return label.mem;
	text_clear(&label);
	return NULL;
}

struct labels *
labels_new(const struct muster *m, const char *format, struct muster_error *err)
{
	struct labels *l = heap_array(1, sizeof(*l));

	l->n = muster_n_hosts(m);
	l->items = heap_array(l->n, sizeof(*l->items));
	for (size_t i = 0; i < l->n; i++) {
		l->items[i] = make(m, i, format != NULL ? format : "%h: ", err);
		if (l->items[i] != NULL)
			continue;
		labels_free(l);
		return NULL;
	}
	return l;
}

void
labels_free(struct labels *l)
{
	if (l == NULL)
		return;
	for (size_t i = 0; i < l->n; i++)
		free(l->items[i]);
	free(l->items);
	free(l);
}

const char *
labels_get(const struct labels *l, size_t host)
{
	return l->items[host];
}
