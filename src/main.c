/*
 * main.c -- the program's entry.
 *
 * Room: src.  May touch: muster.h.
 */
#include "config.h"

#include "muster.h"

#include <stdio.h>

int
main(void)
{
	struct muster_options options;

	muster_options_init(&options);
	(void)printf("fanout %u\n", options.fanout);
	return 0;
}
