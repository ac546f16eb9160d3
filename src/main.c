/*
 * main.c -- the program's entry.
 *
 * Room: src.  May touch: verbs.h.
 */
#include "config.h"

#include "src/verbs.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

/* A closed standard descriptor would be given to the first socket, and the
 * output of hosts written to it. One that cannot be used takes its place. */
static void
fill_standard_descriptors(void)
{
	while (1) {
		int fd = open("/dev/null", O_RDONLY);

		if (fd < 0)
			return;
		if (fd > STDERR_FILENO) {
			(void)close(fd);
			return;
		}
	}
}

int
main(int argc, char **argv)
{
	fill_standard_descriptors();
	(void)signal(SIGPIPE, SIG_IGN);
	return verbs_main(argc, argv);
}
