/*
 * changed_keys.c -- host keys that are not those that are known, told.
 *
 * Room: src.  May touch: muster.h, text.h, writer.h.
 */
#include "config.h"

#include "src/changed_keys.h"

#define SHOWN_MAX 5

static void
write_host(const struct muster *m, size_t host, struct text *to)
{
	const struct muster_host_key *key = muster_host_key(m, host);

	text_addf(to,
	    "muster: THE HOST KEY OF %s HAS CHANGED; nothing was sent to it\n"
	    "  it shows %s %s\n"
	    "  but %s\n",
	    muster_host_name(m, host), key->type, key->fingerprint, key->line);
}

void
changed_keys_write(const struct writer_run *run, struct text *to)
{
	size_t n = 0;

	for (size_t i = 0; i < muster_n_hosts(run->m); i++) {
		if (!writer_has(run, i) ||
		    muster_host_key(run->m, i)->state != MUSTER_KEY_CHANGED)
			continue;
		if (n++ < SHOWN_MAX)
			write_host(run->m, i, to);
	}
	if (n == 0)
		return;
	if (n > SHOWN_MAX)
		text_addf(to, "  and %zu hosts more: see 'muster keys'\n",
		    n - SHOWN_MAX);
	text_adds(to,
	    "  Somebody may stand between you and the host, or it was set up "
	    "anew.\n  If it was, take out that line and accept the new key "
	    "with 'muster keys'.\n");
}
