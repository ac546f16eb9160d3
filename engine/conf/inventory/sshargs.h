/*
 * sshargs.h -- arguments for ssh(1) in a variable of an inventory.
 *
 * Room: engine/conf/inventory.  May touch: nothing.
 */
#ifndef MUSTER_CONF_INVENTORY_SSHARGS_H
#define MUSTER_CONF_INVENTORY_SSHARGS_H

/* Cuts the next option off *rest, a heap string that is written into, as a
 * shell would. Returns its letter, '?' for a word that is none, and '\0' at
 * the end. *word is the option as it was cut; *value what -o or -J is given,
 * NULL when it is missing or for other options. */
char sshargs_next(char **rest, const char **word, const char **value);

#endif
