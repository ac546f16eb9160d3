/*
 * process.h -- a command as a real process, apart from its channel.
 *
 * Room: tests/fleetsim.  May touch: base/.
 */
#ifndef FLEETSIM_PROCESS_H
#define FLEETSIM_PROCESS_H

#include "loop.h"

#include <sys/queue.h>
#include <sys/types.h>

struct channel;
struct fleetsim;
struct termios;

/* Lives until it is reaped, also when its channel is long gone. */
struct process {
	LIST_ENTRY(process) link;
	struct fleetsim *sim;    /* borrowed */
	struct channel *channel; /* borrowed; NULL: gone */
	struct later later;
	pid_t pid;           /* -1: reaped */
	bool pty;            /* out[0] is the terminal's master, in is -1 */
	struct watch child;  /* a pidfd */
	struct watch in;     /* write end of stdin */
	struct watch out[2]; /* read ends of stdout and stderr */
};

/* Starts /bin/sh (with -c `command` unless that is NULL) in the directory
 * `home` with the environment `envp`, in a session of its own. Fills in pid
 * and the descriptors. Returns 0 or an errno value. */
int sim_spawn_pipes(struct process *p, const char *command, const char *home,
    char *const envp[]);
int sim_spawn_pty(struct process *p, const char *command, const char *home,
    char *const envp[]);

/* Sets what an SSH client asked its terminal to be (RFC 4254 s. 8). */
void sim_terminal_modes(struct termios *t, const void *modes, size_t len);

#endif
