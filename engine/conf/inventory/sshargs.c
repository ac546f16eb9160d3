/*
 * sshargs.c -- arguments for ssh(1) in a variable of an inventory.
 *
 * Room: engine/conf/inventory.  May touch: base.
 */
#include "config.h"

#include "conf/inventory/sshargs.h"
#include "base/str.h"

#include <string.h>

/* Cuts the next word off *rest as a shell would; NULL at the end. */
static char *
next_word(char **rest)
{
	char *in = *rest + strspn(*rest, " \t"), *word = in, *out = in;
	char quote = '\0';

	if (*in == '\0')
		return NULL;
	for (; *in != '\0' && (quote != '\0' || !str_is_space(*in)); in++) {
		if (quote == '\0' && (*in == '"' || *in == '\''))
			quote = *in;
		else if (quote != '\0' && *in == quote)
			quote = '\0';
		else
			*out++ = *in;
	}
	*rest = *in == '\0' ? in : in + 1;
	*out = '\0';
	return word;
}

char
sshargs_next(char **rest, const char **word, const char **value)
{
	char letter;

	*word = next_word(rest);
	*value = NULL;
	if (*word == NULL)
		return '\0';
	letter = **word == '-' ? (*word)[1] : '\0';
	if (letter == 'o' || letter == 'J')
		*value = (*word)[2] != '\0' ? *word + 2 : next_word(rest);
	return letter == '\0' ? '?' : letter;
}
