/*
 * verb_reset_tty.c -- muster reset-tty: a terminal put right.
 *
 * Room: src.  May touch: args.h, complain.h, exitcode.h, ui/ui.h.
 */
#include "config.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"
#include "src/verbs.h"
#include "ui/ui.h"

#include <stdio.h>
#include <termios.h>
#include <unistd.h>

/* As stty(1) 'sane' does, as far as a screen could have changed it. */
static void
set_modes(int fd)
{
	struct termios t;

	if (tcgetattr(fd, &t) < 0)
		return;
	t.c_iflag |= BRKINT | ICRNL | IXON;
	t.c_oflag |= OPOST | ONLCR;
	t.c_lflag |= ECHO | ECHOE | ECHOK | ICANON | ISIG | IEXTEN;
	(void)tcsetattr(fd, TCSANOW, &t);
}

int
verb_reset_tty(const struct args *args)
{
	(void)args;
	if (isatty(STDOUT_FILENO) != 1) {
		complain("standard output is no terminal");
		return EXITCODE_USAGE;
	}
	set_modes(STDOUT_FILENO);
	(void)fputs(ui_reset_string(), stdout);
	(void)fflush(stdout);
	return EXITCODE_OK;
}
