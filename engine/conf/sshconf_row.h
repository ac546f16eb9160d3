/*
 * sshconf_row.h -- what a keyword of ssh_config(5) takes: the table.
 *
 * Room: engine/conf (sshconf*.c only).  May touch: sshconf_key.h.
 */
#ifndef MUSTER_CONF_SSHCONF_ROW_H
#define MUSTER_CONF_SSHCONF_ROW_H

#include <stdint.h>

#include "conf/sshconf_key.h"

enum sshconf_type {
	SSHCONF_T_UNUSED = 0, /* known to ssh, not used here: anything */
	SSHCONF_T_HOST,
	SSHCONF_T_MATCH,
	SSHCONF_T_INCLUDE,
	SSHCONF_T_REFUSE,  /* RefuseConnection: a reason not to connect */
	SSHCONF_T_STATE,   /* one word of a set, as a number */
	SSHCONF_T_INT,     /* 0 to INT_MAX */
	SSHCONF_T_PORT,    /* a number or a service */
	SSHCONF_T_TIME,    /* seconds; "none" is -1 */
	SSHCONF_T_REKEY,   /* bytes, and perhaps a time */
	SSHCONF_T_WORD,    /* one word */
	SSHCONF_T_WORDS,   /* all the words of the first line */
	SSHCONF_T_FILE,    /* one word; the lines add up */
	SSHCONF_T_SENDENV, /* words; the lines add up, '-' takes away */
	SSHCONF_T_SETENV,  /* NAME=value words of the first line */
	SSHCONF_T_COMMAND, /* the rest of the line */
	SSHCONF_T_JUMP,    /* the rest of the line */
	SSHCONF_T_AGENT,   /* one word: a socket */
	SSHCONF_T_FORWARD, /* yes, no, or a socket */
	SSHCONF_T_ADDKEYS, /* yes, no, ask, confirm, and perhaps a time */
	SSHCONF_T_DOMAINS,
	SSHCONF_T_CNAMES,
};

struct sshconf_state {
	const char *word;
	int number;
};

struct sshconf_row {
	const char *name; /* lower case */
	enum sshconf_type type;
	enum sshconf_key key;               /* unless UNUSED or structure */
	const struct sshconf_state *states; /* T_STATE; ends with NULL */
};

/* The row of a keyword in lower case, or NULL. */
const struct sshconf_row *sshconf_row_find(const char *keyword);

/* The first row of a key; its name may be an alias. */
const struct sshconf_row *sshconf_row_of(enum sshconf_key key);

/* The keyword nearest to a misspelt one, or NULL. */
const char *sshconf_row_guess(const char *keyword);

/* What a key is without any line, as `number`. */
int64_t sshconf_default_number(enum sshconf_key key);

#endif
