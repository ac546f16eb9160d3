/*
 * onscreen.c -- whether a run is shown on a screen, and the screen for it.
 *
 * Room: src.  May touch: muster.h, args.h, ui/ui.h.
 */
#include "config.h"

#include "src/onscreen.h"

#include <stdlib.h>
#include <unistd.h>

static bool
is_set(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && *value != '\0';
}

/* Something else than lines as they come was asked for. */
static bool
has_form(const struct args *args)
{
	return args->gather || args->gather_all || args->diff ||
	       args->similar != 0 || args->no_label || args->lines ||
	       args->json || args->table || args->tsv || args->quiet ||
	       args->progress || args->raw || args->keep;
}

bool
onscreen_is_possible(const struct args *args)
{
	return !has_form(args) && ui_check(NULL) == 0;
}

bool
onscreen_is_wanted(const struct args *args)
{
	return args->ui && !args->no_ui && !is_set("ACCESSIBLE") &&
	       onscreen_is_possible(args);
}

struct ui *
onscreen_new(
    struct muster *m, const struct args *args, const struct ui_options *hooks)
{
	struct ui_options options = *hooks;

	options.verb = hooks->is_replay ? "replay" : "run";
	options.arg = hooks->command;
	options.target = args->hosts.n > 0 ? args->hosts.items[0] : "hosts";
	options.login = args->user;
	options.fanout = args->fanout;
	options.fps = args->fps;
	options.is_mono = is_set("NO_COLOR");
	options.is_ascii = args->ascii;
	options.record = args->ui_record;
	return ui_new(m, &options);
}
