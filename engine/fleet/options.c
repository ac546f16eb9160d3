/*
 * options.c -- the defaults of muster(1).
 *
 * Room: engine/fleet.  May touch: muster.h.
 */
#include "config.h"

#include "muster.h"

void
muster_options_init(struct muster_options *options)
{
	*options = (struct muster_options){
	    .fanout = 64,
	    .max_unauthenticated = 8,
	    .connects_per_100ms = 64,
	    .retries = 2,
	    .dns_timeout_ms = 5000,
	    .connect_timeout_ms = 10000,
	    .banner_timeout_ms = 10000,
	    .kex_timeout_ms = 15000,
	    .auth_timeout_ms = 20000,
	    .open_timeout_ms = 10000,
	    .linger_ms = 5000,
	    .grace_ms = 5000,
	    .stall_timeout_ms = 60000,
	    .keepalive_ms = 15000,
	    .keepalive_max = 3,
	};
}
