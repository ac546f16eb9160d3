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

/* What is to be traced: what was named, all, or of each host how it is logged
 * in to, or only how it is copied to in another way. NULL: nothing. */
static const char *
topics_of(const struct args *args)
{
	if (args->trace != NULL)
		return args->trace;
	if (args->debug)
		return "all";
	if (args->verbose > 1)
		return "auth,trust,config,detour";
	return args->verbose > 0 ? "detour" : NULL;
}

int
tracing_open(const struct args *args)
{
	const char *topics = topics_of(args);
	int fd = STDERR_FILENO;

	if (topics == NULL)
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
	muster_trace(topics, fd);
	return EXITCODE_OK;
}
