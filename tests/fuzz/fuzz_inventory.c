/*
 * fuzz_inventory.c -- readers of inventories never crash, and name the file.
 *
 * Room: tests/fuzz.  May touch: engine/conf, muster.h.
 * The first byte chooses the format, the rest is the file; the last format
 * is a pattern that chooses from a small inventory. ClusterShell's commands
 * are run when a group is asked for, which is not done.
 */
#include "config.h"

#include "conf/inventory/formats.h"
#include "conf/inventory/inventory.h"
#include "tests/fuzz/memfile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef int reader(struct inventory *, const char *, struct muster_error *);

static const struct {
	reader *read;
	bool includes; /* errors may be another file's */
} formats[] = {
    {inventory_read_pssh, false},
    {inventory_read_clusterssh, false},
    {inventory_read_genders, false},
    {inventory_read_clustershell_yaml, false},
    {inventory_read_ansible_ini, false},
    {inventory_read_ansible_yaml, false},
    {inventory_read_plain, true},
    {inventory_read_clustershell, true},
    {inventory_read_ansible_json, false},
    {NULL, false},
};

/* Whether four digits follow each other: a range of a few bytes may stand
 * for a million hosts, which takes its time and shows nothing. */
static bool
has_long_number(const uint8_t *data, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < size; i++) {
		n = data[i] >= '0' && data[i] <= '9' ? n + 1 : 0;
		if (n == 4)
			return true;
	}
	return false;
}

static void
read_file(struct inventory *inv, reader *read, bool includes,
    const uint8_t *data, size_t size)
{
	struct muster_error err = {.code = MUSTER_ERR_NONE};
	const char *path = memfile_put(data, size);

	if (read(inv, path, &err) != 0)
		assert(includes ? err.text[0] != '\0'
				: strstr(err.text, path) != NULL);
	else if (inventory_finish(inv, &err) != 0)
		assert(err.code == MUSTER_ERR_SYNTAX);
}

/* Regular expressions with counts are the libc's own matter: it takes any
 * memory and time for some. */
static void
choose(struct inventory *inv, const uint8_t *data, size_t size)
{
	static const char ini[] = "[web]\nw[01:12]\n[db]\nd[a:c]\n10.0.0.1\n"
				  "[all:children]\nweb\ndb\n";
	struct muster_error err = {.code = MUSTER_ERR_NONE};
	struct hostlist out;
	char pattern[256];

	if (size >= sizeof(pattern) || memchr(data, '{', size) != NULL)
		return;
	memcpy(pattern, data, size);
	pattern[size] = '\0';
	read_file(inv, inventory_read_ansible_ini, false, (const uint8_t *)ini,
	    sizeof(ini) - 1);
	hostlist_init(&out, 1000, false);
	if (inventory_select(inv, pattern, false, &out, &err) != 0)
		assert(err.text[0] != '\0' && err.code != MUSTER_ERR_NONE);
	else
		assert(out.n <= inv->hosts.n);
	hostlist_clear(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n_formats = sizeof(formats) / sizeof(formats[0]), format;
	struct inventory inv;

	if (size == 0 || has_long_number(data, size))
		return 0;
	format = (uint8_t)(*data - 'a') % n_formats;
	inventory_init(&inv);
	if (formats[format].read == NULL)
		choose(&inv, data + 1, size - 1);
	else
		read_file(&inv, formats[format].read, formats[format].includes,
		    data + 1, size - 1);
	inventory_clear(&inv);
	return 0;
}
