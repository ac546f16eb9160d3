/*
 * input_csi.c -- control sequences that a terminal sends.
 *
 * Room: ui.  May touch: input.h.
 */
#include "config.h"

#include "ui/input_csi.h"

#include <string.h>

#define N_PARAMS 8
#define PARAM_MAX 1000000u

struct csi {
	unsigned char final;
	unsigned char lead;  /* one of <=>?, or 0 */
	unsigned char inter; /* an intermediate byte, or 0 */
	uint32_t params[N_PARAMS];
	size_t n_params;
};

/* Returns the bytes of the sequence, or -1 when it goes on. One that breaks
 * off ends before the byte that breaks it, with the final 0. */
static int
scan(const unsigned char *p, size_t len, struct csi *c)
{
	memset(c, 0, sizeof(*c));
	c->n_params = 1;
	for (size_t i = 2; i < len; i++) {
		unsigned char b = p[i];

		if (b >= '0' && b <= '9') {
			uint32_t *n = &c->params[c->n_params - 1];

			*n = *n * 10 + (b - '0');
			*n = *n > PARAM_MAX ? PARAM_MAX : *n;
		} else if (b == ';' || b == ':') {
			if (c->n_params < N_PARAMS)
				c->n_params++;
		} else if (b >= '<' && b <= '?') {
			c->lead = b;
		} else if (b >= 0x20 && b <= 0x2f) {
			c->inter = b;
		} else if (b >= 0x40 && b <= 0x7e) {
			c->final = b;
			return (int)i + 1;
		} else {
			return (int)i;
		}
	}
	return -1;
}

static const struct {
	unsigned char final;
	uint8_t key;
	uint8_t mods;
} finals[] = {
    {'A', INPUT_UP, 0},
    {'B', INPUT_DOWN, 0},
    {'C', INPUT_RIGHT, 0},
    {'D', INPUT_LEFT, 0},
    {'F', INPUT_END, 0},
    {'H', INPUT_HOME, 0},
    {'M', INPUT_ENTER, 0}, /* ESC O M, of a keypad */
    {'P', INPUT_F1, 0},
    {'Q', INPUT_F1 + 1, 0},
    {'R', INPUT_F1 + 2, 0},
    {'S', INPUT_F1 + 3, 0},
    {'Z', INPUT_TAB, INPUT_SHIFT},
};

/* ESC [ n ~ */
static uint32_t
numbered_key(uint32_t n)
{
	static const uint8_t keys[] = {
	    [1] = INPUT_HOME,
	    [2] = INPUT_INSERT,
	    [3] = INPUT_DELETE,
	    [4] = INPUT_END,
	    [5] = INPUT_PAGE_UP,
	    [6] = INPUT_PAGE_DOWN,
	    [7] = INPUT_HOME,
	    [8] = INPUT_END,
	    [11] = INPUT_F1,
	    [12] = INPUT_F1 + 1,
	    [13] = INPUT_F1 + 2,
	    [14] = INPUT_F1 + 3,
	    [15] = INPUT_F1 + 4,
	    [17] = INPUT_F1 + 5,
	    [18] = INPUT_F1 + 6,
	    [19] = INPUT_F1 + 7,
	    [20] = INPUT_F1 + 8,
	    [21] = INPUT_F1 + 9,
	    [23] = INPUT_F1 + 10,
	    [24] = INPUT_F1 + 11,
	};

	return n < sizeof(keys) ? keys[n] : 0;
}

/* Modifiers as xterm numbers them: 1 + shift, alt, control. */
static unsigned
mods_of(uint32_t param)
{
	return param > 1 && param <= 16 ? (param - 1) & 7u : 0;
}

static void
read_key(const struct csi *c, struct input_event *event)
{
	event->type = INPUT_KEY;
	event->mods = c->n_params > 1 ? mods_of(c->params[1]) : 0;
	if (c->final == '~') {
		event->code = numbered_key(c->params[0]);
		if (c->params[0] == 200)
			event->type = INPUT_PASTE;
		return;
	}
	for (size_t i = 0; i < sizeof(finals) / sizeof(finals[0]); i++) {
		if (finals[i].final != c->final)
			continue;
		event->code = finals[i].key;
		event->mods |= finals[i].mods;
	}
}

/* ESC [ < button ; x ; y M, or m when it goes up. */
static void
read_mouse(const struct csi *c, struct input_event *event)
{
	uint32_t b = c->params[0];

	event->type = INPUT_MOUSE;
	event->code = (b & 3) + 1;
	if ((b & 64) != 0)
		event->code = b & 65;
	if ((b & 32) != 0)
		event->code |= INPUT_DRAG;
	if (c->final == 'm')
		event->code |= INPUT_RELEASE;
	event->mods = ((b & 4) != 0 ? INPUT_SHIFT : 0) |
		      ((b & 8) != 0 ? INPUT_ALT : 0) |
		      ((b & 16) != 0 ? INPUT_CTRL : 0);
	event->x = c->params[1] > 0 ? c->params[1] - 1 : 0;
	event->y = c->params[2] > 0 ? c->params[2] - 1 : 0;
}

static void
reply(struct input_event *event, enum input_reply what, uint32_t x, uint32_t y)
{
	event->type = INPUT_REPLY;
	event->code = what;
	event->x = x;
	event->y = y;
}

int
csi_take(const unsigned char *p, size_t len, struct input_event *event)
{
	struct csi c;
	int n = scan(p, len, &c);

	event->type = INPUT_KEY;
	event->code = 0;
	if (n < 0 || c.final == 0)
		return n;
	if (c.lead == '<' && (c.final == 'M' || c.final == 'm'))
		read_mouse(&c, event);
	else if (c.lead == '?' && c.inter == '$' && c.final == 'y')
		reply(event, INPUT_MODE, c.params[0], c.params[1]);
	else if (c.lead == '?' && c.final == 'c')
		reply(event, INPUT_DEVICE, 0, 0);
	else if (c.lead == 0 && c.inter == 0 && c.final == 'n')
		reply(event, c.params[0] == 0 ? INPUT_OK : 0, 0, 0);
	else if (p[1] == '[' && c.lead == 0 && c.n_params == 1 &&
		 (c.final == 'I' || c.final == 'O')) {
		event->type = INPUT_FOCUS;
		event->code = c.final == 'I';
	} else if (c.lead == 0 && c.inter == 0)
		read_key(&c, event);
	return n;
}

/* ---- strings ---- */

/* A part of rgb:rrrr/gggg/bbbb, as 0 to 255. Returns the bytes, 0: bad. */
static size_t
read_part(const unsigned char *p, size_t len, uint32_t *value)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < len && i < 4; i++) {
		unsigned char b = p[i] | 0x20;

		if (b >= '0' && b <= '9')
			n = n * 16 + (b - '0');
		else if (b >= 'a' && b <= 'f')
			n = n * 16 + (b - 'a' + 10u);
		else
			break;
	}
	*value = i == 1 ? n * 17 : i == 3 ? n >> 4 : i == 4 ? n >> 8 : n;
	return i;
}

/* ESC ] 11 ; rgb : r / g / b */
static void
read_background(const unsigned char *p, size_t len, struct input_event *event)
{
	static const char lead[] = "\033]11;rgb:";
	size_t at = sizeof(lead) - 1;
	uint32_t rgb = 0;

	if (len < at || memcmp(p, lead, at) != 0)
		return;
	for (int i = 0; i < 3; i++) {
		uint32_t part;
		size_t n = read_part(p + at, len - at, &part);

		if (n == 0)
			return;
		rgb = rgb << 8 | part;
		at += n;
		if (i < 2 && (at == len || p[at++] != '/'))
			return;
	}
	reply(event, INPUT_BACKGROUND, rgb, 0);
}

int
csi_take_string(const unsigned char *p, size_t len, struct input_event *event)
{
	event->type = INPUT_KEY;
	event->code = 0;
	for (size_t i = 2; i < len; i++) {
		if (p[i] == '\a' || p[i] == 0x18) {
			read_background(p, i, event);
			return (int)i + 1;
		}
		if (p[i] != 0x1b)
			continue;
		if (i + 1 == len)
			return -1;
		if (p[i + 1] == '\\') {
			read_background(p, i, event);
			return (int)i + 2;
		}
		return (int)i; /* cut short by another sequence */
	}
	return -1;
}
