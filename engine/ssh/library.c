/*
 * library.c -- libssh2 as a whole: started and stopped, and what it can do.
 *
 * Room: engine/ssh.  May touch: base/, libssh2, libevent.
 */
#include "config.h"

#include "ssh/library.h"
#include "base/buf.h"
#include "base/err.h"
#include "ssh/prefs.h"

#include <event2/event.h>
#include <libssh2.h>

int
library_start(struct muster_error *err)
{
	if (libssh2_version(LIBSSH2_VERSION_NUM) == NULL)
		return err_set(err, MUSTER_ERR_SYSTEM,
		    "built with libssh2 %s, but %s is installed",
		    LIBSSH2_VERSION, libssh2_version(0));
	if (libssh2_init(0) != 0)
		return err_set(
		    err, MUSTER_ERR_SYSTEM, "libssh2 does not start");
	return 0;
}

void
library_stop(void)
{
	libssh2_exit();
}

bool
library_forwards_agents(void)
{
#ifdef LIBSSH2_CALLBACK_AUTHAGENT
	return libssh2_version(0x010b00) != NULL;
#else
	return false;
#endif
}

static const char *
yes_no(bool yes)
{
	return yes ? "yes" : "no";
}

void
library_describe(struct buf *out)
{
	bool signal = false;

#ifdef HAVE_LIBSSH2_CHANNEL_SIGNAL_EX
	signal = true;
#endif
	(void)buf_addf(out, "libssh2 %s (built with %s)\n", libssh2_version(0),
	    LIBSSH2_VERSION);
	(void)buf_addf(out, "libevent %s\n", event_get_version());
	(void)buf_addf(
	    out, "rsa-sha2 host keys: %s\n", yes_no(prefs_has_rsa_sha2()));
	(void)buf_addf(
	    out, "agent forwarding: %s\n", yes_no(library_forwards_agents()));
	(void)buf_addf(out, "signals to remote commands: %s\n", yes_no(signal));
}
