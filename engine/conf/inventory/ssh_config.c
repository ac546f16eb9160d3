/*
 * ssh_config.c -- the hosts that a configuration of ssh names.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 */
#include "config.h"

#include "conf/hostname.h"
#include "conf/inventory/formats.h"
#include "conf/inventory/inventory.h"
#include "conf/sshconf.h"

#include <stdlib.h>

int
inventory_read_ssh_config(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	const struct sshconf_setup setup = {
	    .file = *path == '\0' ? NULL : path};
	struct sshconf *conf = sshconf_open(&setup, err);
	const char **names;
	size_t n, index;
	int rc = 0;

	if (conf == NULL)
		return -1;
	names = sshconf_list_names(conf, &n);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		const struct hostref ref = {.host = names[i]};

		/* A pattern for a user's own shorthand may be no host name. */
		if (hostname_is_valid(names[i]))
			rc = inventory_add_host(inv, &ref, &index, err);
	}
	free(names);
	sshconf_free(conf);
	return rc;
}
