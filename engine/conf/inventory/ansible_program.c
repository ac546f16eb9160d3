/*
 * ansible_program.c -- programs that print an inventory as JSON.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 * "PROGRAM --list" prints the groups. When that has no "_meta", "PROGRAM
 * --host NAME" is asked for the variables of every host.
 */
#include "config.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "conf/inventory/ansible.h"
#include "conf/inventory/formats.h"
#include "conf/inventory/inventory.h"
#include "conf/jsonwalk.h"
#include "conf/spawn.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What a program was asked, and printed. */
struct answer {
	char name[512]; /* the program and its option, for errors */
	struct buf text;
	struct jsonwalk walk;
};

/* Runs the program. The answer is the caller's to clear. */
static int
ask(const char *path, const char *option, const char *host, struct answer *a,
    struct muster_error *err)
{
	char *full = strchr(path, '/') == NULL ? mem_printf("./%s", path)
					       : mem_strdup(path);
	char *argv[] = {
	    full, (char *)(uintptr_t)option, (char *)(uintptr_t)host, NULL};
	int rc;

	buf_init(&a->text, LIMIT_UPCALL_BYTES);
	rc = spawn_read(argv, LIMIT_UPCALL_MS, &a->text, err);
	free(full);
	(void)snprintf(a->name, sizeof(a->name), "%s %s", path, option);
	a->walk = (struct jsonwalk){.text = (const char *)buf_data(&a->text),
	    .len = a->text.len,
	    .name = a->name,
	    .err = err};
	return rc;
}

static int
ask_host(struct inventory *inv, const char *path, size_t host,
    struct muster_error *err)
{
	struct answer a;
	int rc = ask(path, "--host", inv->hosts.items[host].host, &a, err);

	if (rc == 0)
		rc = ansible_take_host(inv, &a.walk, host);
	buf_clear(&a.text);
	return rc;
}

int
inventory_read_ansible_program(
    struct inventory *inv, const char *path, struct muster_error *err)
{
	size_t first = inv->hosts.n;
	bool has_meta = false;
	struct answer a;
	int rc = ask(path, "--list", NULL, &a, err);

	if (rc == 0)
		rc = ansible_take_json(inv, &a.walk, path, &has_meta);
	buf_clear(&a.text);
	for (size_t i = first; rc == 0 && !has_meta && i < inv->hosts.n; i++)
		rc = ask_host(inv, path, i, err);
	return rc == 0 ? ansible_read_vars(inv, path, err) : rc;
}
