/*
 * tracing.c -- --trace: the engine's account of what it does.
 *
 * Room: src.  May touch: muster.h, args.h, complain.h, exitcode.h.
 */
#include "config.h"

#include "src/tracing.h"

#include "src/args.h"
#include "src/complain.h"
#include "src/exitcode.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

int
tracing_open(const struct args *args)
{
	int fd = STDERR_FILENO;

	if (args->trace == NULL)
		return EXITCODE_OK;
	if (args->trace_file != NULL) {
		fd = open(args->trace_file,
		    O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		if (fd < 0) {
			complain("cannot open trace file '%s': %s",
			    args->trace_file, strerror(errno));
			return EXITCODE_USAGE;
		}
	}
	muster_trace(args->trace, fd);
	return EXITCODE_OK;
}
