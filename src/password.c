/*
 * password.c -- passwords, from a person or a descriptor.
 *
 * Room: src.  May touch: muster.h, args.h, ask.h, complain.h, exitcode.h.
 */
#include "config.h"

#include "src/password.h"

#include "src/args.h"
#include "src/ask.h"
#include "src/complain.h"
#include "src/exitcode.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

/* Which password, and how it is to be had. */
struct password_want {
	bool ask;              /* a person */
	uint32_t fd;           /* ARGS_UNSET: from none */
	const char *question;  /* what is asked */
	const char *option;    /* that asks, for messages */
	const char *fd_option; /* that names the descriptor */
};

/* Reads up to the end of the line. Returns its length, without the end; -1
 * for an error, or a line too long. */
static ssize_t
read_line(int fd, char line[ASK_BYTES])
{
	size_t n = 0;

	for (;;) {
		ssize_t got = read(fd, line + n, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0 || line[n] == '\n' || line[n] == '\r')
			break;
		if (++n == ASK_BYTES)
			return -1;
	}
	line[n] = '\0';
	return (ssize_t)n;
}

static int
from_descriptor(const struct password_want *w, char password[ASK_BYTES])
{
	uint32_t fd = w->fd;
	ssize_t n = read_line((int)fd, password);

	if (n > 0)
		return EXITCODE_OK;
	complain(n == 0 ? "%s: descriptor %u has no password"
			: "%s: cannot read a password of up to 1023 bytes from "
			  "descriptor %u",
	    w->fd_option, (unsigned)fd);
	return EXITCODE_USAGE;
}

static int
from_person(const struct password_want *w, char password[ASK_BYTES])
{
	const struct ask a = {w->question, false, -1, 0};

	switch (ask_person(&a, password)) {
	case ASK_GIVEN:
		if (password[0] != '\0')
			return EXITCODE_OK;
		break;
	case ASK_NOBODY:
		complain("%s: there is no terminal to ask for a password; use "
			 "%s",
		    w->option, w->fd_option);
		return EXITCODE_USAGE;
	case ASK_CANCELLED:
		complain("%s: no password was given", w->option);
		return EXITCODE_SIGNAL + SIGINT;
	case ASK_REFUSED:
	case ASK_GAVE_UP:
		break;
	}
	complain("%s: no password was given", w->option);
	return EXITCODE_USAGE;
}

static int
get_one(
    const struct password_want *w, char password[ASK_BYTES], const char **given)
{
	int rc = EXITCODE_OK;

	*given = NULL;
	password[0] = '\0';
	if (w->fd != ARGS_UNSET)
		rc = from_descriptor(w, password);
	else if (w->ask)
		rc = from_person(w, password);
	else
		return EXITCODE_OK;
	if (rc == EXITCODE_OK)
		*given = password;
	else
		ask_wipe(password);
	return rc;
}

int
passwords_check(const struct args *args)
{
	if (!args->ask || ask_is_possible())
		return EXITCODE_OK;
	complain("--ask: there is no terminal to ask on");
	return EXITCODE_USAGE;
}

int
passwords_get(const struct args *args, struct passwords *p,
    struct muster_options *options)
{
	const struct password_want login = {args->ask_password,
	    args->password_fd, "muster: login password: ", "-A",
	    "--password-fd"};
	const struct password_want become = {args->ask_become_password,
	    args->become_password_fd, "muster: sudo password: ", "-K",
	    "--become-password-fd"};
	int rc = get_one(&login, p->login, &options->password);

	p->become[0] = '\0';
	if (rc == EXITCODE_OK)
		rc = get_one(&become, p->become, &options->become_password);
	return rc;
}

void
passwords_wipe(struct passwords *p)
{
	ask_wipe(p->login);
	ask_wipe(p->become);
}
