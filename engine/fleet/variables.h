/*
 * variables.h -- the environment that ssh_config(5) gives commands.
 *
 * Room: engine/fleet.  May touch: base/, conf/sshconf*.h.
 */
#ifndef MUSTER_FLEET_VARIABLES_H
#define MUSTER_FLEET_VARIABLES_H

struct sshconf_host;

/* The variables of this process that SendEnv names, then those of SetEnv, as
 * ssh(1) sends them: "NAME=value", NULL at the end. Free with
 * variables_free(). */
char **variables_of(const struct sshconf_host *h);
void variables_free(char **variables); /* NULL is fine */

#endif
