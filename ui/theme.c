/*
 * theme.c -- what looks are on a terminal: colours and attributes.
 *
 * Room: ui.  May touch: cells.h.
 */
#include "config.h"

#include "ui/theme.h"
#include "ui/cells.h"

#define BOLD MUSTER_STYLE_BOLD
#define REVERSE MUSTER_STYLE_REVERSE
#define UNDERLINE MUSTER_STYLE_UNDERLINE

#define CUBE 16 /* where the cube of 6 x 6 x 6 colours begins */
#define GREYS 232

/* By class, as enum cell_class goes. */
static const struct ink dark[] = {{-1, -1, 0}, {30, -1, 0}, {75, -1, 0},
    {226, -1, BOLD}, {202, -1, BOLD | REVERSE}};
static const struct ink light[] = {{-1, -1, 0}, {29, -1, 0}, {25, -1, 0},
    {130, -1, REVERSE}, {124, -1, BOLD | REVERSE}};
static const struct ink few[] = {{-1, -1, 0}, {6, -1, 0}, {4, -1, BOLD},
    {3, -1, BOLD}, {1, -1, BOLD | REVERSE}};
static const struct ink classic[] = {
    {-1, -1, 0}, {2, -1, 0}, {4, -1, BOLD}, {3, -1, BOLD}, {1, -1, BOLD}};
static const struct ink mono[] = {{-1, -1, 0}, {-1, -1, 0}, {-1, -1, BOLD},
    {-1, -1, BOLD | UNDERLINE}, {-1, -1, REVERSE}};

static const uint8_t steps[] = {0, 95, 135, 175, 215, 255};

static const uint32_t first16[] = {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00,
    0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5, 0x7f7f7f, 0xff0000, 0x00ff00,
    0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff};

static uint32_t
rgb_of(unsigned index)
{
	unsigned n = index - CUBE;

	if (index < CUBE)
		return first16[index];
	if (index < GREYS)
		return (uint32_t)steps[n / 36] << 16 |
		       (uint32_t)steps[n / 6 % 6] << 8 | steps[n % 6];
	return (index - GREYS) * 0x0a0a0au + 0x080808u;
}

static unsigned
distance(uint32_t a, uint32_t b)
{
	int red = (int)(a >> 16 & 255) - (int)(b >> 16 & 255);
	int green = (int)(a >> 8 & 255) - (int)(b >> 8 & 255);
	int blue = (int)(a & 255) - (int)(b & 255);

	return (unsigned)(2 * red * red + 4 * green * green + 3 * blue * blue);
}

/* The nearest of the colours `from` to `to`. */
static unsigned
nearest(uint32_t rgb, unsigned from, unsigned to)
{
	unsigned best = from;

	for (unsigned i = from + 1; i < to; i++) {
		if (distance(rgb, rgb_of(i)) < distance(rgb, rgb_of(best)))
			best = i;
	}
	return best;
}

/* A MUSTER_COLOUR_* as a number of this terminal's. */
static int
number(const struct theme *t, uint32_t colour)
{
	uint32_t rgb = colour & 0xffffff;

	if (colour == 0 || t->n_colours < 8)
		return -1;
	if ((colour & MUSTER_COLOUR_RGB) == 0) {
		if (rgb < 8 || (rgb < t->n_colours && !t->is_direct))
			return (int)rgb;
		rgb = rgb_of(rgb & 255);
	}
	/* a terminal of direct colours keeps its palette in the lowest */
	if (t->is_direct)
		return (int)(rgb < 8 ? 8 : rgb);
	return t->n_colours >= 256 ? (int)nearest(rgb, CUBE, 256)
				   : (int)nearest(rgb, 0, 8);
}

struct ink
theme_ink(const struct theme *theme, const struct look *look)
{
	bool is_classic = theme->palette == THEME_CLASSIC;
	const struct ink *inks = theme->n_colours < 8     ? mono
				 : is_classic             ? classic
				 : theme->n_colours < 256 ? few
				 : theme->is_light        ? light
							  : dark;
	struct ink ink = inks[look->class < CELL_N_CLASSES ? look->class : 0];

	ink.flags |= look->flags;
	if (look->fg != 0)
		ink.fg = number(theme, look->fg);
	else if (theme->is_direct && ink.fg >= 8)
		ink.fg = (int)rgb_of((unsigned)ink.fg);
	if (look->bg != 0)
		ink.bg = number(theme, look->bg);
	return ink;
}

bool
theme_is_light(uint32_t rgb)
{
	return distance(rgb, 0x000000) > distance(rgb, 0xffffff);
}
