/*
 * lineedit.c -- lines that a person types, or that a script writes.
 *
 * Room: src.  May touch: heap.h, history.h, text.h, libedit.
 * ^C is a key here, not a signal: it forgets the line.
 */
#include "config.h"

#include "src/lineedit.h"

#include "src/heap.h"
#include "src/history.h"
#include "src/text.h"

#include <errno.h>
#include <histedit.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
/* libedit forgets the name of the function that it is given below, of which it
 * makes a copy; nobody else does such a thing here. */
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(
    void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:wcsdup\n";
}
#endif

struct lineedit {
	const char *prompt;        /* borrowed */
	EditLine *edit;            /* owned; NULL: plain lines */
	History *history;          /* owned */
	struct history_file *file; /* owned; of all sessions; NULL: none */
	char *line;                /* owned */
	size_t cap;
	bool cancelled;
	struct text pushed; /* without an editor: what comes first */
	bool pushed_end;
};

static char *
get_prompt(EditLine *edit)
{
	struct lineedit *l;

	if (el_get(edit, EL_CLIENTDATA, &l) != 0)
		return NULL;
	return (char *)(uintptr_t)l->prompt;
}

static unsigned char
cancel(EditLine *edit, int key)
{
	struct lineedit *l;

	(void)key;
	if (el_get(edit, EL_CLIENTDATA, &l) == 0)
		l->cancelled = true;
	return CC_EOF;
}

static void
remember(void *arg, const char *line)
{
	struct lineedit *l = arg;
	HistEvent event;

	(void)history(l->history, &event, H_ENTER, line);
}

/* An editor on the terminal, or none where it cannot have one. */
static void
open_editor(struct lineedit *l)
{
	HistEvent event;

	l->edit = el_init("muster", stdin, stdout, stderr);
	if (l->edit == NULL)
		return;
	l->history = history_init();
	(void)history(l->history, &event, H_SETSIZE, HISTORY_LINES);
	(void)history(l->history, &event, H_SETUNIQUE, 1);
	l->file = history_open(remember, l);
	(void)el_set(l->edit, EL_CLIENTDATA, l);
	(void)el_set(l->edit, EL_PROMPT, get_prompt);
	(void)el_set(l->edit, EL_HIST, history, l->history);
	(void)el_set(l->edit, EL_EDITOR, "emacs");
	(void)el_set(l->edit, EL_SIGNAL, 1);
	(void)el_set(
	    l->edit, EL_ADDFN, "muster-cancel", "Forget the line", cancel);
	(void)el_set(l->edit, EL_SETTY, "-d", "-isig", NULL);
	(void)el_set(l->edit, EL_BIND, "^C", "muster-cancel", NULL);
	(void)el_set(l->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
}

struct lineedit *
lineedit_new(const char *prompt)
{
	struct lineedit *l = heap_array(1, sizeof(*l));

	l->prompt = prompt;
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		open_editor(l);
	return l;
}

void
lineedit_free(struct lineedit *l)
{
	if (l == NULL)
		return;
	if (l->history != NULL)
		history_end(l->history);
	history_free(l->file);
	if (l->edit != NULL)
		el_end(l->edit);
	text_clear(&l->pushed);
	free(l->line);
	free(l);
}

void
lineedit_push(struct lineedit *l, const char *typed, bool end)
{
	struct text keys = {0};

	if (l->edit == NULL) {
		text_adds(&l->pushed, typed);
		l->pushed_end |= end;
		return;
	}
	text_addf(&keys, end ? "%s\004" : "%s", typed);
	if (keys.len > 0)
		el_push(l->edit, text_str(&keys));
	text_clear(&keys);
}

/* Takes a line of what was pushed. */
static bool
take_pushed(struct lineedit *l)
{
	const char *all = text_str(&l->pushed);
	size_t len = strcspn(all, "\n");

	if (l->pushed.len == 0)
		return false;
	free(l->line);
	l->cap = 0;
	l->line = heap_array(len + 1, 1);
	memcpy(l->line, all, len);
	text_drain(&l->pushed, len + (all[len] == '\n'));
	return true;
}

static enum lineedit_end
read_plain(struct lineedit *l, const char **line)
{
	ssize_t n;

	if (take_pushed(l)) {
		*line = l->line;
		return LINEEDIT_LINE;
	}
	if (l->pushed_end)
		return LINEEDIT_EOF;
	errno = 0;
	n = getline(&l->line, &l->cap, stdin);
	if (n < 0)
		return ferror(stdin) ? LINEEDIT_FAILED : LINEEDIT_EOF;
	if (n > 0 && l->line[n - 1] == '\n')
		l->line[n - 1] = '\0';
	*line = l->line;
	return LINEEDIT_LINE;
}

enum lineedit_end
lineedit_read(struct lineedit *l, const char **line)
{
	const char *typed;
	int n = 0;

	if (l->edit == NULL)
		return read_plain(l, line);
	l->cancelled = false;
	errno = 0;
	typed = el_gets(l->edit, &n);
	/* A signal that ended nothing else is a ^C, too. */
	l->cancelled |= typed == NULL && errno == EINTR;
	if (l->cancelled || typed == NULL || n <= 0) {
		(void)printf("\n");
		(void)fflush(stdout);
		return l->cancelled ? LINEEDIT_CANCELLED : LINEEDIT_EOF;
	}
	free(l->line);
	l->line = heap_strdup(typed);
	l->line[strcspn(l->line, "\r\n")] = '\0';
	/* As shells do, what begins with a blank is not remembered. */
	if (l->line[strspn(l->line, " \t")] != '\0' && l->line[0] != ' ') {
		remember(l, l->line);
		history_add(l->file, l->line);
	}
	*line = l->line;
	return LINEEDIT_LINE;
}
