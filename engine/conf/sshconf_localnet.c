/*
 * sshconf_localnet.c -- is this machine in a network: Match localnetwork.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/sshconf_int.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct network {
	int family;
	unsigned bits;
	uint8_t address[16];
};

/* Reads "address[/bits]" of `len` bytes. */
static bool
parse_network(const char *text, size_t len, struct network *net)
{
	char *copy = mem_strndup(text, len), *slash = strchr(copy, '/');
	uint32_t most, bits;
	bool ok;

	if (slash != NULL)
		*slash++ = '\0';
	net->family = strchr(copy, ':') == NULL ? AF_INET : AF_INET6;
	most = bits = net->family == AF_INET ? 32 : 128;
	ok = inet_pton(net->family, copy, net->address) == 1 &&
	     (slash == NULL || str_u32(slash, 0, most, &bits));
	net->bits = bits;
	free(copy);
	return ok;
}

static bool
is_within(const struct network *net, const uint8_t *address)
{
	unsigned whole = net->bits / 8, rest = net->bits % 8;
	uint8_t mask = (uint8_t)(0xff00u >> rest);

	return memcmp(net->address, address, whole) == 0 &&
	       (rest == 0 ||
		   ((net->address[whole] ^ address[whole]) & mask) == 0);
}

static bool
interface_fits(const struct ifaddrs *i, const struct network *net)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	if (i->ifa_addr == NULL || (i->ifa_flags & IFF_UP) == 0 ||
	    i->ifa_addr->sa_family != net->family)
		return false;
	if (net->family == AF_INET) {
		memcpy(&in, i->ifa_addr, sizeof(in));
		return is_within(net, (const uint8_t *)&in.sin_addr);
	}
	memcpy(&in6, i->ifa_addr, sizeof(in6));
	return is_within(net, in6.sin6_addr.s6_addr);
}

bool
sshconf_localnet_check(const char *list, struct muster_error *err)
{
	for (const char *p = list;; p++) {
		size_t len = strcspn(p, ",");
		struct network net;

		if (!parse_network(p, len, &net)) {
			err_set(err, MUSTER_ERR_SYNTAX,
			    "'match': '%.*s' is not address/bits", (int)len, p);
			return false;
		}
		p += len;
		if (*p == '\0')
			return true;
	}
}

bool
sshconf_localnet_fits(const char *list)
{
	struct ifaddrs *all;
	bool fits = false;

	if (getifaddrs(&all) != 0)
		return false;
	for (const char *p = list; !fits; p++) {
		size_t len = strcspn(p, ",");
		struct network net;

		if (parse_network(p, len, &net))
			for (struct ifaddrs *i = all; i != NULL && !fits;
			     i = i->ifa_next)
				fits = interface_fits(i, &net);
		p += len;
		if (*p == '\0')
			break;
	}
	freeifaddrs(all);
	return fits;
}
