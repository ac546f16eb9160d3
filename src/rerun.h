/*
 * rerun.h -- the command line that repeats a run on some of its hosts.
 *
 * Room: src.  May touch: text.h.
 */
#ifndef MUSTER_SRC_RERUN_H
#define MUSTER_SRC_RERUN_H

#include "src/text.h"

#include <stdbool.h>
#include <stddef.h>

struct args;
struct args_option;

/* Adds "muster run -f 5 -w 'web[03-04]' uptime", quoted for a shell, without
 * a newline. Options from the environment are not in it. Returns how many
 * bytes that are, 0 when the hosts are too many for a command line. */
size_t rerun_write(const struct args *args, const char *const *names, size_t n,
    struct text *to);

/* Says which options name these hosts: "hosts" those that a list may have,
 * "host" each other. */
void rerun_name_hosts(const char *const *names, size_t n,
    void (*take)(void *arg, const char *option, const char *value), void *arg);

/* Whether the option is one for a single command, on other hosts too. */
bool rerun_repeats(const struct args_option *option);

#endif
