/*
 * input.h -- bytes of a terminal taken apart: keys, pastes, mouse, answers.
 *
 * Room: ui.  May touch: libc.
 * Knows no terminal: its keys' sequences are handed in (terminfo.h). The
 * result does not depend on how the bytes are cut into chunks, but for a
 * lone ESC, which is a key when nothing follows it for a while.
 */
#ifndef MUSTER_UI_INPUT_H
#define MUSTER_UI_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum input_type {
	INPUT_CHAR,  /* `code` is a character */
	INPUT_KEY,   /* `code` is an enum input_key */
	INPUT_PASTE, /* `data` */
	INPUT_MOUSE, /* `code` is the button, with `x` and `y` */
	INPUT_FOCUS, /* `code`: 1 in, 0 out */
	INPUT_REPLY, /* `code` is an enum input_reply */
};

enum input_key {
	INPUT_ENTER = 1,
	INPUT_TAB,
	INPUT_ESC,
	INPUT_BACKSPACE,
	INPUT_UP,
	INPUT_DOWN,
	INPUT_LEFT,
	INPUT_RIGHT,
	INPUT_HOME,
	INPUT_END,
	INPUT_INSERT,
	INPUT_DELETE,
	INPUT_PAGE_UP,
	INPUT_PAGE_DOWN,
	INPUT_F1, /* and so on to F12 */
	INPUT_F12 = INPUT_F1 + 11,
};

enum input_reply {
	INPUT_OK = 1,     /* ESC [ 0 n: the frame has been shown */
	INPUT_MODE,       /* DECRPM: `x` is the mode, `y` its state */
	INPUT_BACKGROUND, /* OSC 11: `x` is 0xrrggbb */
	INPUT_DEVICE,     /* DA1: the end of the answers to a probe */
};

#define INPUT_SHIFT 1u
#define INPUT_ALT 2u
#define INPUT_CTRL 4u

/* Buttons of INPUT_MOUSE: 1 to 3, and */
#define INPUT_WHEEL_UP 64u
#define INPUT_WHEEL_DOWN 65u
#define INPUT_RELEASE 128u /* is added when a button goes up */
#define INPUT_DRAG 256u    /* is added while the mouse moves */

struct input_event {
	enum input_type type;
	uint32_t code;
	unsigned mods; /* INPUT_SHIFT ... */
	uint32_t x, y;
	const char *data; /* lent until the next call */
	size_t len;
	bool is_cut; /* the paste was longer */
};

#define INPUT_PASTE_MAX (1024u * 1024)
#define INPUT_SEQUENCE_MAX 4096u

/* What a key of this terminal sends. */
struct input_sequence {
	char bytes[16];
	uint8_t len;
	uint8_t key; /* enum input_key */
	uint8_t mods;
};

struct input {
	struct input_sequence *sequences; /* owned */
	size_t n_sequences, cap_sequences;
	char *in; /* owned: bytes not yet understood */
	size_t len, at, cap;
	char *paste; /* owned */
	size_t paste_len, paste_cap;
	bool is_pasting, is_cut;
	bool is_swallowing; /* an endless string of the terminal's */
	bool is_final;      /* no more will come of what has begun */
	int64_t since_us;   /* when the last bytes came */
	bool awaits_reply;  /* be patient with what begins with ESC */
	unsigned esc_ms;
};

void input_init(struct input *in, unsigned esc_ms);
void input_clear(struct input *in);

/* Leaves nothing in memory of what was taken: it was a secret. */
void input_wipe(struct input *in);

/* Tells what a key sends; what is too long or empty is left out. */
void input_add_sequence(
    struct input *in, const char *bytes, enum input_key key, unsigned mods);

/* Takes bytes that came from the terminal. */
void input_feed(struct input *in, const void *data, size_t len, int64_t now_us);

/* Gives the next event. Returns false when there is none. */
bool input_next(struct input *in, struct input_event *event);

/* Milliseconds until input_expire() has something to do; -1: never. */
int input_timeout_ms(const struct input *in, int64_t now_us);

/* What has begun and not ended for too long is what it is: a key ESC, or
 * nothing. input_next() then gives what came of it. */
void input_expire(struct input *in, int64_t now_us);

#endif
