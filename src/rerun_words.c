/*
 * rerun_words.c -- the command line that repeats a run, from its record.
 *
 * Room: src.  May touch: muster.h, args.h, given.h, heap.h, options.h,
 * text.h.
 */
#include "config.h"

#include "src/rerun_words.h"

#include "src/args.h"
#include "src/given.h"
#include "src/heap.h"
#include "src/options.h"

#include <stdlib.h>
#include <string.h>

static void
add_word(struct rerun_words *w, const char *word)
{
	w->items[w->n++] = heap_strdup(word);
}

/* Where the options end: at the first "--". */
static size_t
find_end(const struct muster_run_about *about)
{
	size_t i = 0;

	while (i < about->n_words && strcmp(about->words[i], "--") != 0)
		i++;
	return i;
}

/* Options that the verb has too. */
static void
add_option(struct rerun_words *w, const struct args *args,
    const struct args_option *option, unsigned verb)
{
	struct text word = {0};

	if ((option->row->verbs & verb) == 0)
		return;
	given_write(args, option, &word);
	add_word(w, text_str(&word));
	text_clear(&word);
}

void
rerun_words_make(struct rerun_words *w, const struct muster_run_about *about,
    const struct args *args, unsigned verb)
{
	size_t end = find_end(about);
	bool is_new = args->n_rest > 1;

	w->n = 0;
	w->items = heap_array(
	    about->n_words + args->n_given + args->n_rest + 2, sizeof(char *));
	for (size_t i = 0; i < end; i++)
		add_word(w, about->words[i]);
	for (size_t i = 0; i < args->n_given; i++)
		add_option(w, args, &args->given[i], verb);
	add_word(w, "--");
	for (size_t i = 1; is_new && i < args->n_rest; i++)
		add_word(w, args->rest[i]);
	for (size_t i = end + 1; !is_new && i < about->n_words; i++)
		add_word(w, about->words[i]);
}

int
rerun_words_parse(struct rerun_words *w, unsigned verb, struct args *args,
    struct muster_error *err)
{
	/* Parsing moves words about. */
	free(w->argv);
	w->argv = heap_array(w->n + 1, sizeof(*w->argv));
	for (size_t i = 0; i < w->n; i++)
		w->argv[i] = w->items[i];
	return args_parse(args, verb, (int)w->n, w->argv, err);
}

void
rerun_words_clear(struct rerun_words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->items[i]);
	free(w->items);
	free(w->argv);
	*w = (struct rerun_words){0};
}
