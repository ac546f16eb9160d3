/*
 * terminal.c -- the encoded terminal modes of RFC 4254 s. 8.
 *
 * Room: tests/fleetsim.  May touch: base/.
 */
#include "config.h"

#include "base/buf.h"
#include "process.h"

#include <termios.h>
#include <unistd.h>

enum kind { CHARACTER, INPUT, LOCAL, OUTPUT, CONTROL };

/* clang-format off */
static const struct mode {
	uint8_t opcode;
	enum kind kind;
	tcflag_t what; /* a bit, or an index into c_cc */
} modes[] = {
	{ 1, CHARACTER, VINTR },   { 2, CHARACTER, VQUIT },
	{ 3, CHARACTER, VERASE },  { 4, CHARACTER, VKILL },
	{ 5, CHARACTER, VEOF },    { 6, CHARACTER, VEOL },
	{ 8, CHARACTER, VSTART },  { 9, CHARACTER, VSTOP },
	{ 10, CHARACTER, VSUSP },
	{ 30, INPUT, IGNPAR },     { 31, INPUT, PARMRK },
	{ 32, INPUT, INPCK },      { 33, INPUT, ISTRIP },
	{ 34, INPUT, INLCR },      { 35, INPUT, IGNCR },
	{ 36, INPUT, ICRNL },      { 38, INPUT, IXON },
	{ 39, INPUT, IXANY },      { 40, INPUT, IXOFF },
	{ 41, INPUT, IMAXBEL },    { 42, INPUT, IUTF8 },
	{ 50, LOCAL, ISIG },       { 51, LOCAL, ICANON },
	{ 53, LOCAL, ECHO },       { 54, LOCAL, ECHOE },
	{ 55, LOCAL, ECHOK },      { 56, LOCAL, ECHONL },
	{ 57, LOCAL, NOFLSH },     { 58, LOCAL, TOSTOP },
	{ 59, LOCAL, IEXTEN },     { 60, LOCAL, ECHOCTL },
	{ 61, LOCAL, ECHOKE },
	{ 70, OUTPUT, OPOST },     { 72, OUTPUT, ONLCR },
	{ 73, OUTPUT, OCRNL },     { 74, OUTPUT, ONOCR },
	{ 75, OUTPUT, ONLRET },
	{ 92, CONTROL, PARENB },   { 93, CONTROL, PARODD },
};
/* clang-format on */

static void
set_flag(tcflag_t *flags, tcflag_t bit, bool on)
{
	if (on)
		*flags |= bit;
	else
		*flags &= ~bit;
}

static void
set_mode(struct termios *t, const struct mode *mode, uint32_t value)
{
	switch (mode->kind) {
	case CHARACTER:
		/* 255 says: none. */
		t->c_cc[mode->what] =
		    value == 255 ? (cc_t)_POSIX_VDISABLE : (cc_t)value;
		break;
	case INPUT:
		set_flag(&t->c_iflag, mode->what, value != 0);
		break;
	case LOCAL:
		set_flag(&t->c_lflag, mode->what, value != 0);
		break;
	case OUTPUT:
		set_flag(&t->c_oflag, mode->what, value != 0);
		break;
	case CONTROL:
		set_flag(&t->c_cflag, mode->what, value != 0);
		break;
	}
}

void
sim_terminal_modes(struct termios *t, const void *encoded, size_t len)
{
	struct rd r;
	uint8_t opcode;
	uint32_t value;

	rd_init(&r, encoded, len);
	/* Opcodes from 160 on have another form: the list ends there. */
	while (rd_u8(&r, &opcode) && opcode != 0 && opcode < 160 &&
	       rd_u32(&r, &value)) {
		for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
			if (modes[i].opcode == opcode)
				set_mode(t, &modes[i], value);
	}
}
