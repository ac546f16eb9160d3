/*
 * app_ask.c -- questions of the engine, put to the person in one dialog:
 * those that are equal once, with all hosts that ask.
 *
 * Room: ui.  May touch: app.h, steer.h, src/heap.h.
 * An answer goes to the questions that were shown with it, and is wiped. What
 * a server says is set off from what is ours by quotes.
 */
#include "config.h"

#include "ui/app.h"
#include "ui/steer.h"
#include "src/heap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLD_BYTES 96
#define MASK_MAX 40

/* Takes what is to be answered together now. */
static void
choose(struct ui *ui)
{
	struct asking *a = &ui->asking;
	size_t *at = heap_array(QUESTIONS_MAX, sizeof(*at));

	a->n = questions_group(&a->questions, at);
	if (a->is_single && a->n > 1)
		a->n = 1;
	free(a->ids);
	a->ids = heap_array(a->n + 1, sizeof(*a->ids));
	for (size_t i = 0; i < a->n; i++)
		a->ids[i] = a->questions.items[at[i]].id;
	free(at);
}

static void
fold_hosts(struct ui *ui, char out[FOLD_BYTES], size_t *n)
{
	struct asking *a = &ui->asking;
	size_t *hosts = heap_array(ui->model->n_hosts + 1, sizeof(*hosts));

	*n = 0;
	for (size_t i = 0; i < a->n; i++) {
		const struct muster_prompt *p =
		    questions_find(&a->questions, a->ids[i]);

		for (size_t j = 0;
		     p != NULL && j < p->n_hosts && *n < ui->model->n_hosts;
		     j++)
			hosts[(*n)++] = p->hosts[j];
	}
	steer_fold(ui, hosts, *n, out, FOLD_BYTES);
	free(hosts);
}

/* ---- what is shown ---- */

static void
show_keys(struct ui *ui)
{
	struct asking *a = &ui->asking;

	sheet_add(&a->sheet, "Nobody knows %s of these hosts yet:",
	    a->n == 1 ? "the host key" : "the host keys");
	for (size_t i = 0; i < a->n; i++) {
		const struct muster_prompt *p =
		    questions_find(&a->questions, a->ids[i]);
		char more[40] = "";

		if (p->n_hosts > 1)
			(void)snprintf(more, sizeof(more), " and %zu more",
			    p->n_hosts - 1);
		sheet_add(&a->sheet, "  %s%s  %s", p->about, more, p->key_type);
		sheet_add(&a->sheet, "    %s", p->fingerprint);
	}
	sheet_add(&a->sheet, "yes accepts %s, and writes down what was seen.",
	    a->n == 1 ? "it" : "all of these");
}

static void
show_secret(struct ui *ui, const struct muster_prompt *p)
{
	struct asking *a = &ui->asking;
	char folded[FOLD_BYTES];
	size_t n;

	if (p->attempt > 1 && p->kind == MUSTER_PROMPT_PASSPHRASE)
		sheet_add(&a->sheet, "That is not the passphrase.");
	else if (p->more[0] != '\0')
		sheet_add(&a->sheet, "%s", p->more);
	sheet_add(&a->sheet, "%s", p->text);
	fold_hosts(ui, folded, &n);
	if (n > 0)
		sheet_add(&a->sheet, "  for %zu host%s: %s", n,
		    n == 1 ? "" : "s", folded);
}

static void
show_question(struct ui *ui, const struct muster_prompt *p)
{
	struct asking *a = &ui->asking;
	char folded[FOLD_BYTES];
	size_t n;

	fold_hosts(ui, folded, &n);
	if (p->more[0] != '\0')
		sheet_add(&a->sheet, "'%s' says: %s", p->about, p->more);
	sheet_add(&a->sheet, "'%s'%s: '%s'", p->about,
	    a->n == 1 ? " asks" : " and others ask", p->text);
	if (p->attempt > 1)
		sheet_add(&a->sheet, "  the answer before was wrong");
	if (a->n > 1) {
		sheet_add(&a->sheet, "  %zu hosts: %s", n, folded);
		sheet_add(&a->sheet,
		    "The answer goes to all of them; Tab: to '%s' alone.",
		    p->about);
	}
}

static void
make_sheet(struct ui *ui)
{
	struct asking *a = &ui->asking;
	const struct muster_prompt *p;

	sheet_reset(&a->sheet);
	choose(ui);
	a->is_open = a->n > 0;
	if (!a->is_open)
		return;
	p = questions_find(&a->questions, a->ids[0]);
	if (p->kind == MUSTER_PROMPT_HOSTKEY)
		show_keys(ui);
	else if (p->kind == MUSTER_PROMPT_INTERACTIVE)
		show_question(ui, p);
	else
		show_secret(ui, p);
	if (a->questions.n > a->n)
		sheet_add(&a->sheet, "(%zu more question%s after this)",
		    a->questions.n - a->n,
		    a->questions.n - a->n == 1 ? "" : "s");
}

static const char *
title_of(const struct muster_prompt *p)
{
	switch (p->kind) {
	case MUSTER_PROMPT_HOSTKEY:
		return "new host keys";
	case MUSTER_PROMPT_PASSWORD:
		return "password";
	case MUSTER_PROMPT_PASSPHRASE:
		return "passphrase";
	default:
		return "a server asks";
	}
}

/* As many stars as there are characters, up to a limit. */
static void
mask(struct asking *a)
{
	size_t n = 0;

	for (size_t i = 0; i < a->line.len && n < MASK_MAX; i++)
		n += (a->line.text[i] & 0xc0) != 0x80;
	memset(a->masked, '*', n);
	a->masked[n] = '\0';
}

const struct view_box *
ask_box(struct ui *ui)
{
	struct asking *a = &ui->asking;
	const struct muster_prompt *p;
	bool echo;

	if (!a->is_open || a->n == 0)
		return NULL;
	p = questions_find(&a->questions, a->ids[0]);
	if (p == NULL)
		return NULL;
	echo = p->echo || p->kind == MUSTER_PROMPT_HOSTKEY;
	a->box = sheet_box(&a->sheet, title_of(p));
	a->box.is_heavy = true;
	a->box.w = 72;
	a->box.label = p->kind == MUSTER_PROMPT_HOSTKEY
			   ? "yes, no or a fingerprint: "
			   : "> ";
	mask(a);
	a->box.input = echo ? a->line.text : a->masked;
	a->box.cursor = echo ? a->line.cursor : strlen(a->masked);
	a->box.keys = "^D refuse  Esc later";
	return &a->box;
}

/* ---- opening and closing ---- */

static void
say_waiting(struct ui *ui)
{
	struct asking *a = &ui->asking;
	char note[64];

	if (a->questions.n == 0 || a->is_open) {
		if (a->has_note)
			model_note(ui->model, NULL);
		a->has_note = false;
		return;
	}
	(void)snprintf(note, sizeof(note), "%zu question%s  [a]nswer",
	    a->questions.n, a->questions.n == 1 ? "" : "s");
	model_note(ui->model, note);
	a->has_note = true;
}

/* Opens it when there is something to ask and nobody types elsewhere. */
void
ask_update(struct ui *ui)
{
	struct asking *a = &ui->asking;

	if (a->questions.n == 0)
		a->is_aside = false;
	if (a->is_open)
		make_sheet(ui);
	else if (a->questions.n > 0 && !a->is_aside && ui->line_kind == 0 &&
		 !ui->dialog.is_open)
		make_sheet(ui);
	say_waiting(ui);
}

void
ask_take(struct ui *ui, const struct muster_prompt *prompt)
{
	struct asking *a = &ui->asking;
	uint64_t first = a->is_open && a->n > 0 ? a->ids[0] : 0;

	questions_take(&a->questions, prompt);
	ask_update(ui);
	/* What was typed was for another question. */
	if (first != 0 && (a->n == 0 || a->ids[0] != first))
		edit_wipe(&a->line);
}

void
ask_again(struct ui *ui)
{
	ui->asking.is_aside = false;
	if (ui->asking.questions.n == 0)
		app_say(ui, "nobody asks anything");
	ask_update(ui);
}

void
ask_close(struct ui *ui)
{
	struct asking *a = &ui->asking;

	edit_wipe(&a->line);
	edit_clear(&a->line);
	free(a->ids);
	a->ids = NULL;
	a->n = 0;
	a->is_open = a->is_single = a->is_aside = false;
}

/* ---- answering ---- */

static void
answer(struct ui *ui, uint64_t id, const char *text, size_t *n)
{
	struct muster_error err;

	if (muster_answer(ui->m, id, text, &err) == 0)
		++*n;
	else if (err.code != MUSTER_ERR_USAGE)
		app_say(ui, "%s", err.text);
	questions_drop(&ui->asking.questions, id);
}

static void
end(struct ui *ui)
{
	struct asking *a = &ui->asking;

	edit_wipe(&a->line);
	input_wipe(&ui->screen.input);
	a->is_open = a->is_single = false;
	ask_update(ui);
}

static void
answer_all(struct ui *ui, const char *text)
{
	struct asking *a = &ui->asking;
	size_t n = 0;

	for (size_t i = 0; i < a->n; i++)
		answer(ui, a->ids[i], text, &n);
	app_say(ui, "%s: %zu question%s", text != NULL ? "answered" : "refused",
	    n, n == 1 ? "" : "s");
	end(ui);
}

/* "yes" and "no" are for all that is shown; a fingerprint for its own. */
static void
answer_keys(struct ui *ui)
{
	struct asking *a = &ui->asking;
	const char *text = a->line.text;
	size_t n = 0;

	if (strcmp(text, "yes") == 0 || strcmp(text, "no") == 0) {
		answer_all(ui, *text == 'y' ? text : NULL);
		return;
	}
	for (size_t i = 0; i < a->n; i++) {
		const struct muster_prompt *p =
		    questions_find(&a->questions, a->ids[i]);

		if (p == NULL || strcmp(p->fingerprint, text) != 0)
			continue;
		answer(ui, a->ids[i], text, &n);
	}
	if (n > 0) {
		end(ui);
		return;
	}
	app_say(ui, "type yes, no or a fingerprint that is shown");
	edit_set(&a->line, "");
}

static void
enter(struct ui *ui)
{
	struct asking *a = &ui->asking;
	const struct muster_prompt *p =
	    questions_find(&a->questions, a->ids[0]);

	if (p == NULL)
		return;
	if (p->kind == MUSTER_PROMPT_HOSTKEY)
		answer_keys(ui);
	else if (a->line.len > 0 || p->kind == MUSTER_PROMPT_INTERACTIVE)
		answer_all(ui, a->line.text);
}

static void
put_aside(struct ui *ui)
{
	struct asking *a = &ui->asking;

	edit_wipe(&a->line);
	a->is_open = a->is_single = false;
	a->is_aside = true;
	say_waiting(ui);
}

static bool
is_ctrl(const struct input_event *event, char c)
{
	return event->type == INPUT_CHAR && event->mods == INPUT_CTRL &&
	       event->code == (uint32_t)c;
}

void
ask_key(struct ui *ui, const struct input_event *event)
{
	struct asking *a = &ui->asking;

	if (is_ctrl(event, 'c')) {
		put_aside(ui);
		app_do(ui, ACTION_STOP);
		return;
	}
	if (is_ctrl(event, 'd')) {
		answer_all(ui, NULL);
		return;
	}
	if (event->type == INPUT_KEY && event->code == INPUT_TAB) {
		a->is_single = !a->is_single;
		make_sheet(ui);
		return;
	}
	/* A secret stays out of the history. */
	if (event->type == INPUT_KEY &&
	    (event->code == INPUT_UP || event->code == INPUT_DOWN))
		return;
	switch (edit_take(&a->line, event)) {
	case EDIT_DONE:
		enter(ui);
		break;
	case EDIT_LEFT:
		if (event->type != INPUT_KEY || event->code == INPUT_ESC)
			put_aside(ui);
		break;
	default:
		break;
	}
}
