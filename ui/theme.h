/*
 * theme.h -- what looks are on a terminal: colours and attributes.
 *
 * Room: ui.  May touch: cells.h.
 * Four classes of colour only, chosen to stay apart for eyes that see fewer
 * colours than others; what they say is said in letters as well.
 */
#ifndef MUSTER_UI_THEME_H
#define MUSTER_UI_THEME_H

#include <stdbool.h>
#include <stdint.h>

struct look;

enum theme_palette { THEME_DEFAULT, THEME_CLASSIC };

struct theme {
	unsigned n_colours; /* 0: attributes alone */
	bool is_direct;     /* a colour's number is its 0xrrggbb */
	bool is_light;      /* the background is */
	enum theme_palette palette;
};

/* A colour is -1 for the terminal's own. */
struct ink {
	int fg, bg;
	unsigned flags; /* MUSTER_STYLE_BOLD ... */
};

struct ink theme_ink(const struct theme *theme, const struct look *look);

/* Whether a background 0xrrggbb is a light one. */
bool theme_is_light(uint32_t rgb);

#endif
