/*
 * unheeded.c -- what ssh_config(5) says and muster does otherwise, traced.
 *
 * Room: engine/fleet.  May touch: base/, conf/sshconf.h, profile.h, ssh/.
 */
#include "config.h"

#include "base/trace.h"
#include "conf/sshconf.h"
#include "fleet/profile.h"
#include "ssh/library.h"

void
profile_trace_unheeded(const struct sshconf_host *h)
{
	static const struct {
		enum sshconf_key key;
		const char *why;
	} notes[] = {
	    {SSHCONF_REMOTECOMMAND,
		"RemoteCommand is not heeded: muster has commands of its own"},
	    {SSHCONF_REKEYLIMIT,
		"RekeyLimit is not heeded: new keys come when the server asks"},
	};

	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
		const struct sshconf_value *v = &h->values[notes[i].key];

		if (v->origin.file != NULL)
			TRACE("config", "%s:%u: %s", v->origin.file,
			    v->origin.line, notes[i].why);
	}
	if (!library_forwards_agents() &&
	    sshconf_number(h, SSHCONF_FORWARDAGENT) != 0)
		TRACE("config", "ForwardAgent needs libssh2 1.11, or "
				"--transport openssh");
}
