/*
 * main.c -- the program fleetsim: a host table in, a fleet on loopback out.
 *
 * Room: tests/fleetsim.  May touch: fleetsim.h, base/.
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "fleetsim.h"

#include <sys/resource.h>

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (64 * 1024 * 1024)

static const char usage[] =
    "usage: fleetsim [-k PUBKEY]... [-l LEDGER] [-H HOMES] [-K KNOWN_HOSTS]"
    " TABLE\n"
    "       fleetsim -s\n"
    "\n"
    "Serves the hosts of the table (see fleetsim.h) on loopback until its\n"
    "standard input ends. First it prints a line 'NAME ADDRESS PORT' for\n"
    "each host, then 'ready'.\n"
    "  -k  a public key file that every host accepts\n"
    "  -l  append the ledger to this file\n"
    "  -H  make the hosts' homes in this directory\n"
    "  -K  write the hosts' keys to this file\n"
    "  -s  list the scenarios\n";

static int
fail(const char *text)
{
	(void)fprintf(stderr, "fleetsim: %s\n", text);
	return -1;
}

static int
fail_file(const char *path)
{
	(void)fprintf(
	    stderr, "fleetsim: cannot use '%s': %s\n", path, strerror(errno));
	return -1;
}

static int
read_file(const char *path, struct buf *b)
{
	char block[8192];
	FILE *f = fopen(path, "re");
	size_t n;

	if (f == NULL)
		return fail_file(path);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		(void)buf_add(b, block, n);
	(void)fclose(f);
	return 0;
}

static int
authorise(struct fleetsim *sim, const char *path)
{
	struct muster_error err = {0};
	struct buf text;
	int rc;

	buf_init(&text, FILE_MAX);
	rc = read_file(path, &text);
	if (rc == 0) {
		rc = fleetsim_authorise_line(sim, buf_str(&text), &err);
		if (rc != 0)
			(void)fprintf(
			    stderr, "fleetsim: %s: %s\n", path, err.text);
	}
	buf_clear(&text);
	return rc;
}

static int
add_table(struct fleetsim *sim, const char *path)
{
	struct muster_error err = {0};
	struct buf text;
	int rc;

	buf_init(&text, FILE_MAX);
	rc = read_file(path, &text);
	if (rc == 0) {
		rc = fleetsim_add_hosts(sim, buf_str(&text), &err);
		if (rc != 0)
			(void)fprintf(
			    stderr, "fleetsim: %s: %s\n", path, err.text);
	}
	buf_clear(&text);
	return rc;
}

static int
write_known_hosts(const struct fleetsim *sim, const char *path)
{
	FILE *f = fopen(path, "we");

	if (f == NULL)
		return fail_file(path);
	for (size_t i = 0; i < fleetsim_n_hosts(sim); i++) {
		char *lines = fleetsim_known_hosts(sim, i);

		(void)fputs(lines, f);
		free(lines);
	}
	return fclose(f) == 0 ? 0 : fail_file(path);
}

static void
list_scenarios(void)
{
	const char *about, *name;

	for (size_t i = 0; (name = fleetsim_scenarios(i, &about)) != NULL; i++)
		(void)printf("%-18s %s\n", name, about);
}

static void
raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int
serve(struct fleetsim *sim, const char *known_hosts)
{
	struct muster_error err = {0};

	if (fleetsim_listen(sim, &err) != 0)
		return fail(err.text);
	if (known_hosts != NULL && write_known_hosts(sim, known_hosts) != 0)
		return -1;
	for (size_t i = 0; i < fleetsim_n_hosts(sim); i++)
		(void)printf("%s %s %u\n", fleetsim_name(sim, i),
		    fleetsim_address(sim, i), (unsigned)fleetsim_port(sim, i));
	(void)printf("ready\n");
	(void)fflush(stdout);
	if (fleetsim_run(sim, STDIN_FILENO, &err) != 0)
		return fail(err.text);
	return 0;
}

struct options {
	const char *keys[16];
	size_t n_keys;
	const char *ledger, *homes, *known_hosts;
	bool list;
};

static bool
read_options(struct options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "k:l:H:K:s")) != -1) {
		if (c == 'k' && o->n_keys < 16)
			o->keys[o->n_keys++] = optarg;
		else if (c == 'l')
			o->ledger = optarg;
		else if (c == 'H')
			o->homes = optarg;
		else if (c == 'K')
			o->known_hosts = optarg;
		else if (c == 's')
			o->list = true;
		else
			return false;
	}
	return o->list ? optind == argc : optind == argc - 1;
}

static int
run(const struct options *o, const char *table)
{
	struct muster_error err = {0};
	struct fleetsim *sim = fleetsim_new(o->homes, &err);
	int ledger = -1, rc = 0;

	if (sim == NULL)
		return fail(err.text);
	for (size_t i = 0; i < o->n_keys && rc == 0; i++)
		rc = authorise(sim, o->keys[i]);
	if (rc == 0 && o->ledger != NULL) {
		ledger = open(
		    o->ledger, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
		if (ledger < 0)
			rc = fail_file(o->ledger);
		fleetsim_log_to(sim, ledger);
	}
	if (rc == 0)
		rc = add_table(sim, table);
	if (rc == 0)
		rc = serve(sim, o->known_hosts);
	fleetsim_free(sim);
	if (ledger >= 0)
		(void)close(ledger);
	return rc;
}

int
main(int argc, char **argv)
{
	struct options o = {0};

	if (!read_options(&o, argc, argv)) {
		(void)fputs(usage, stderr);
		return 2;
	}
	if (o.list) {
		list_scenarios();
		return 0;
	}
	raise_descriptors();
	return run(&o, argv[optind]) == 0 ? 0 : 1;
}
