/*
 * sshconf_number.h -- numbers, ports, times and sizes of ssh_config(5).
 *
 * Room: engine/conf (sshconf*.c only).  May touch: base.
 * Each returns false, leaving *out alone, for a text that is none.
 */
#ifndef MUSTER_CONF_SSHCONF_NUMBER_H
#define MUSTER_CONF_SSHCONF_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* 0 to INT_MAX. */
bool sshconf_int(const char *text, int64_t *out);

/* 1 to 65535, or the name of a TCP service. */
bool sshconf_port(const char *text, int64_t *out);

/* Seconds of sshd_config(5) TIME FORMATS ("90", "1h30m"), at most INT_MAX;
 * "none" is -1. Parts of a second are dropped. */
bool sshconf_time(const char *text, int64_t *out);

/* Bytes, with K, M, G, T behind or nothing. */
bool sshconf_size(const char *text, int64_t *out);

#endif
