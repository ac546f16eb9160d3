/*
 * recording.h -- a run written down, and its command line with it.
 *
 * Room: src.  May touch: muster.h.
 * The command line is kept so that it can be read back whole: the verb, the
 * options as "--name" or "--name=value", "--", and the other words.
 */
#ifndef MUSTER_SRC_RECORDING_H
#define MUSTER_SRC_RECORDING_H

#include "muster.h"

struct args;
struct batch_hosts;

struct recording {
	char *folder; /* owned; NULL: the run is not written down */
	char **words; /* owned, and each of them */
	size_t n_words;
};

/* Fills in what the engine is to write down of a run, and where; it lends
 * from *r. That of --keep is many runs, each begun by itself. Returns the exit
 * code, having complained. */
int recording_open(struct recording *r, const struct args *args,
    struct muster_options *options);

/* Begins the record of one command of --keep on these hosts: `args` has its
 * words. Returns the exit code, having complained. */
int recording_begin(struct recording *r, const struct args *args,
    struct muster *m, const struct batch_hosts *hosts);

/* Frees it, and removes the oldest runs of the folder when it is over the
 * limits that muster(1) gives. Call it once the run is over. */
void recording_close(struct recording *r);

/* Says that the run is over, with this exit code, which it returns. Complains
 * when it could not be written down whole. */
int recording_end(struct muster *m, int exitcode);

#endif
