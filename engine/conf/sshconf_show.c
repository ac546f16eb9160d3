/*
 * sshconf_show.c -- a value for people to read.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/sshconf.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "conf/sshconf_row.h"

#include <inttypes.h>
#include <string.h>

static char *
show_state(const struct sshconf_state *states, int64_t number)
{
	const char *word = "none";

	for (; states->word != NULL; states++)
		if (states->number == number)
			word = states->word;
	return mem_strdup(word);
}

/* Words with blanks in them stand in quotes, unless one is all there is. */
static char *
show_words(const struct sshconf_value *v)
{
	struct buf out;
	char *text;

	if (v->n == 0)
		return mem_strdup("none");
	if (v->n == 1)
		return mem_strdup(v->words[0]);
	buf_init(&out, LIMIT_SSHCONF_FILE_BYTES);
	for (size_t i = 0; i < v->n; i++) {
		const char *quote =
		    strpbrk(v->words[i], " \t") == NULL ? "" : "\"";

		(void)buf_addf(&out, "%s%s%s%s", i > 0 ? " " : "", quote,
		    v->words[i], quote);
	}
	text = buf_take_str(&out);
	buf_clear(&out);
	return text;
}

char *
sshconf_show(const struct sshconf_host *h, enum sshconf_key key)
{
	const struct sshconf_value *v = &h->values[key];
	const struct sshconf_row *row = sshconf_row_of(key);

	switch ((int)row->type) {
	case SSHCONF_T_STATE:
		return show_state(row->states, v->number);
	case SSHCONF_T_INT:
	case SSHCONF_T_PORT:
	case SSHCONF_T_TIME:
	case SSHCONF_T_REKEY:
		return v->number < 0 ? mem_strdup("none")
				     : mem_printf("%" PRId64, v->number);
	case SSHCONF_T_FORWARD:
		if (v->n == 0)
			return mem_strdup(v->number != 0 ? "yes" : "no");
		return show_words(v);
	default:
		return show_words(v);
	}
}
