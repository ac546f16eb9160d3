/*
 * behind.c -- what tests of the ways to a host share.
 *
 * Room: tests.  May touch: engine.h, fixture/sshd.h.
 */
#include "config.h"

#include "behind.h"
#include "base/mem.h"
#include "fixture/sshd.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct behind behind;

int
behind_begin(size_t n, const char *const *config)
{
	struct muster_error err = {.code = MUSTER_ERR_NONE};

	if (sshd_path() == NULL) {
		print_message("# skipped: no sshd here\n");
		return 0;
	}
	behind.f = sshd_fleet_new(n, config, &err);
	return behind.f == NULL ? -1 : 0;
}

void
behind_end(void)
{
	sshd_fleet_free(behind.f);
}

char *
behind_file(const char *name)
{
	return mem_strdup(sshd_fleet_file(behind.f, name));
}

void
behind_shell(char *line)
{
	if (system(line) != 0)
		fail_msg("%s", line);
	free(line);
}

void
behind_open(const char *lines)
{
	char *key, *known;
	FILE *file;

	if (behind.f == NULL)
		skip();
	engine_init(&behind.e, behind.f);
	behind.config = behind_file("test_config");
	key = behind_file("user_ed25519");
	known = behind_file("known_hosts");
	file = fopen(behind.config, "w");
	assert_non_null(file);
	(void)fprintf(file,
	    "%s\nHost *\n Port %u\n User %s\n IdentityFile %s\n"
	    " UserKnownHostsFile %s\n",
	    lines, sshd_fleet_port(behind.f), sshd_fleet_user(behind.f), key,
	    known);
	assert_int_equal(fclose(file), 0);
	free(key);
	free(known);
	behind.e.options.ssh_config = behind.config;
	behind.e.options.user = NULL;
	behind.e.options.port = 0;
	behind.e.options.n_known_hosts = 0;
	behind.e.options.n_identities = 0;
	behind.e.options.no_env_files = false;
}

void
behind_add(const char *hosts)
{
	struct muster_error err = {.code = MUSTER_ERR_NONE};

	if (behind.e.m == NULL)
		engine_open(&behind.e);
	if (muster_add_hosts(behind.e.m, hosts, &err) != 0)
		fail_msg("%s", err.text);
}

int
behind_teardown(void **state)
{
	(void)state;
	engine_clear(&behind.e);
	free(behind.config);
	behind.config = NULL;
	return 0;
}

void
behind_assert_text(size_t host, const char *part)
{
	const char *text = engine_result(&behind.e, host)->text;

	if (strstr(text, part) == NULL)
		fail_msg("'%s' is not in: %s", part, text);
}
