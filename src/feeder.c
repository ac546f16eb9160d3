/*
 * feeder.c -- our standard input, for the commands of all hosts.
 *
 * Room: src.  May touch: muster.h, args.h.
 */
#include "config.h"

#include "src/feeder.h"

#include "src/args.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define CHUNK (64 * 1024)

void
feeder_init(
    struct feeder *f, struct muster *m, const struct args *args, bool wanted)
{
	*f = (struct feeder){.m = m};
	f->on = wanted && !args->no_stdin && args->stdin_dir == NULL &&
		fcntl(STDIN_FILENO, F_GETFD) >= 0 && !isatty(STDIN_FILENO);
	f->open = f->on;
}

int
feeder_fd(const struct feeder *f)
{
	return f->open && !f->full ? STDIN_FILENO : -1;
}

int
feeder_take(struct feeder *f, struct muster_error *err)
{
	char data[CHUNK];
	ssize_t n = read(STDIN_FILENO, data, sizeof(data));
	struct muster_input input = {.data = data};

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (n < 0) {
		f->open = false;
		return args_error(
		    err, "cannot read standard input: %s", strerror(errno));
	}
	input.len = (size_t)n;
	input.end = n == 0;
	f->open = n > 0;
	if (muster_send(f->m, NULL, 0, &input, err) != 0) {
		f->open = false;
		return -1;
	}
	f->full = muster_input_ahead(f->m) > MUSTER_INPUT_AHEAD;
	return 0;
}

void
feeder_go_on(struct feeder *f)
{
	f->full = muster_input_ahead(f->m) > MUSTER_INPUT_AHEAD;
}
