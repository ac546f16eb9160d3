/*
 * inventory_fixture.c -- inventories in a folder of their own, and questions.
 *
 * Room: tests.  May touch: muster.h, engine/base.
 */
#include "config.h"

#include "base/buf.h"
#include "base/mem.h"
#include "tests/inventory_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

const char inventory_ini[] =
    "# ours\n"
    "lone ansible_host=10.0.0.9\n"
    "[web]\n"
    "web[01:03] ansible_user=www\n"
    "web04:2022 ansible_port=2023 color='a b'\n"
    "[db]\n"
    "db-[a:c].example.com:2200 # three\n"
    "[2001:db8::1]:2201\n"
    "odd[1:9:4] ansible_ssh_user=\"o\"\n"
    "[prod:children]\nweb\ndb\n"
    "[prod:vars]\nansible_user = deploy\nansible_port=1\n"
    "[db:vars]\nansible_user='postgres'\n"
    "ansible_ssh_common_args='-o ProxyJump=bastion -o \"Foo bar\" -J j2'\n"
    "ansible_become=yes\n"
    "[all:vars]\nansible_ssh_private_key_file=/k\nansible_user=any\n";

/* ---- a folder for the files ---- */

static char dir[] = "/tmp/muster-inventory-XXXXXX";

const char *
inventory_dir(void)
{
	return dir;
}

int
inventory_make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) == NULL || setenv("HOME", dir, 1) != 0 ? -1 : 0;
}

int
inventory_remove_dir(void **state)
{
	char *command = mem_printf("rm -rf '%s'", dir);
	int rc = system(command);

	(void)state;
	free(command);
	return rc;
}

char *
inventory_path(const char *name)
{
	return mem_printf("%s/%s", dir, name);
}

/* Writes a file; folders in its name are made. */
void
inventory_put(const char *name, const char *text)
{
	char *path = inventory_path(name), *slash = strrchr(path, '/');
	char *command;
	FILE *f;

	*slash = '\0';
	command = mem_printf("mkdir -p '%s'", path);
	assert_int_equal(system(command), 0);
	free(command);
	*slash = '/';
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
	free(path);
}

void
inventory_put_program(const char *name, const char *text)
{
	char *path = inventory_path(name);

	inventory_put(name, text);
	assert_int_equal(chmod(path, 0755), 0);
	free(path);
}

/* ---- asking ---- */

/* An inventory of a source, in which %s is the folder. */
static struct muster_inventory *
inventory_open_source(const char *source, struct muster_error *err)
{
	struct muster_inventory *inv = muster_inventory_new();
	const char *mark = strstr(source, "%s");
	char *full = mark == NULL ? mem_strdup(source)
				  : mem_printf("%.*s%s%s", (int)(mark - source),
					source, dir, mark + 2);

	if (muster_inventory_add(inv, full, err) != 0) {
		muster_inventory_free(inv);
		inv = NULL;
	}
	free(full);
	return inv;
}

struct muster_inventory *
inventory_must_open(const char *source)
{
	struct muster_error err;
	struct muster_inventory *inv = inventory_open_source(source, &err);

	if (inv == NULL)
		fail_msg("%s: %s", source, err.text);
	return inv;
}

/* The hosts as words "user@name:port=address". */
static char *
show(const struct muster_hosts *hosts)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	for (size_t i = 0; i < hosts->n; i++) {
		char *label = muster_host_label(&hosts->items[i]);

		(void)buf_addf(&b, "%s%s", i > 0 ? " " : "", label);
		if (hosts->items[i].address != NULL)
			(void)buf_addf(&b, "=%s", hosts->items[i].address);
		muster_string_free(label);
	}
	return buf_take_str(&b);
}

void
inventory_expect_of(struct muster_inventory *inv, const char *expr,
    bool is_pattern, const char *want)
{
	const struct muster_expand_options options = {
	    .inventory = inv, .is_pattern = is_pattern};
	struct muster_hosts hosts;
	struct muster_error err;
	char *got;

	if (muster_expand(expr, &options, &hosts, &err) != 0)
		fail_msg("'%s': %s", expr, err.text);
	got = show(&hosts);
	if (strcmp(got, want) != 0)
		fail_msg("'%s' is '%s', not '%s'", expr, got, want);
	free(got);
	muster_hosts_clear(&hosts);
}

void
inventory_expect(const char *source, const char *expr, const char *want)
{
	struct muster_inventory *inv = inventory_must_open(source);

	inventory_expect_of(inv, expr, false, want);
	muster_inventory_free(inv);
}

void
inventory_expect_refusal(const char *source, const char *expr, const char *word)
{
	struct muster_error err = {0};
	struct muster_inventory *inv = inventory_open_source(source, &err);
	const struct muster_expand_options options = {.inventory = inv};
	struct muster_hosts hosts;

	if (inv != NULL && muster_expand(expr, &options, &hosts, &err) == 0)
		fail_msg("%s: '%s' was accepted", source, expr);
	if (strstr(err.text, word) == NULL || strchr(err.text, '\n') != NULL)
		fail_msg("%s: %s", source, err.text);
	muster_inventory_free(inv);
}

static int
compare_strings(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char *
inventory_answer(
    struct muster_inventory *inv, const char *expr, bool is_pattern)
{
	const struct muster_expand_options options = {
	    .inventory = inv, .is_pattern = is_pattern, .allow_empty = true};
	struct muster_hosts hosts;
	struct muster_error err;
	const char **names;
	struct buf b;

	if (muster_expand(expr, &options, &hosts, &err) != 0)
		fail_msg("'%s': %s", expr, err.text);
	names = mem_array(hosts.n, sizeof(*names));
	for (size_t i = 0; i < hosts.n; i++)
		names[i] = hosts.items[i].name;
	qsort(names, hosts.n, sizeof(*names), compare_strings);
	buf_init(&b, 1 << 16);
	for (size_t i = 0; i < hosts.n; i++)
		(void)buf_addf(&b, "%s%s", i > 0 ? " " : "", names[i]);
	free(names);
	muster_hosts_clear(&hosts);
	return buf_take_str(&b);
}
