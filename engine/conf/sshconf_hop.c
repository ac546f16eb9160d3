/*
 * sshconf_hop.c -- one way station of a ProxyJump.
 *
 * Room: engine/conf.  May touch: base.
 */
#include "config.h"

#include "conf/sshconf.h"

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/sshconf_number.h"

#include <stdlib.h>
#include <string.h>

static int
hex_value(int c)
{
	c = str_lower(c);
	if (str_is_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Undoes the %XX of an ssh:// user in place. */
static bool
decode(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++) {
		int high, low;

		if (*text != '%') {
			*to++ = *text == '+' ? ' ' : *text;
			continue;
		}
		high = hex_value(text[1]);
		low = high < 0 ? -1 : hex_value(text[2]);
		if (low < 0 || high * 16 + low == 0)
			return false;
		*to++ = (char)(high * 16 + low);
		text += 2;
	}
	*to = '\0';
	return true;
}

/* Takes "user@" off *text; of a URI without what follows a ';'. */
static bool
take_user(struct sshconf_hop *hop, const char **text, bool uri)
{
	const char *at = uri ? strchr(*text, '@') : strrchr(*text, '@');
	size_t len;

	if (at == NULL)
		return true;
	len = (size_t)(at - *text);
	if (uri)
		len = strcspn(*text, ";@");
	if (len == 0)
		return false;
	hop->user = mem_strndup(*text, len);
	*text = at + 1;
	return !uri || decode(hop->user);
}

/* Takes the host off *text, which then is at the ':', the '/' or the end. */
static bool
take_host(struct sshconf_hop *hop, const char **text)
{
	const char *end = *text + strcspn(*text, ":/");

	if (**text == '[') {
		end = strchr(*text, ']');
		if (end == NULL || strchr(":/", end[1]) == NULL)
			return false;
		hop->host = mem_strndup(*text + 1, (size_t)(end - *text) - 1);
		end++;
	} else {
		hop->host = mem_strndup(*text, (size_t)(end - *text));
	}
	*text = end;
	return *hop->host != '\0';
}

static bool
parse(struct sshconf_hop *hop, const char *text)
{
	bool uri = str_starts(text, "ssh://");
	int64_t port;
	size_t len;
	char *digits;
	bool ok;

	if (uri)
		text += strlen("ssh://");
	if (!take_user(hop, &text, uri) || !take_host(hop, &text))
		return false;
	if (*text == '\0' || text[1] == '\0')
		return true;
	if (uri && *text == '/')
		return false;
	text++;
	len = uri ? strcspn(text, "/") : strlen(text);
	if (text[len] == '/' && text[len + 1] != '\0')
		return false;
	digits = mem_strndup(text, len);
	ok = sshconf_port(digits, &port);
	free(digits);
	if (ok)
		hop->port = (uint16_t)port;
	return ok;
}

int
sshconf_hop_parse(
    struct sshconf_hop *hop, const char *text, struct muster_error *err)
{
	memset(hop, 0, sizeof(*hop));
	if (strpbrk(text, " \t") == NULL && parse(hop, text))
		return 0;
	sshconf_hop_clear(hop);
	return err_set(
	    err, MUSTER_ERR_SYNTAX, "'%.100s' is not [user@]host[:port]", text);
}

void
sshconf_hop_clear(struct sshconf_hop *hop)
{
	free(hop->user);
	free(hop->host);
	memset(hop, 0, sizeof(*hop));
}
