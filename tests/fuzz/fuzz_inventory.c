/*
 * fuzz_inventory.c -- readers of inventories never crash, and name the file.
 *
 * Room: tests/fuzz.  May touch: engine/conf, muster.h.
 * The first byte chooses the format, the rest is the file. Formats that
 * include other files, or run commands, are left out.
 */
#include "config.h"

#include "conf/inventory/formats.h"
#include "conf/inventory/inventory.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef int reader(struct inventory *, const char *, struct muster_error *);

static reader *const readers[] = {
    inventory_read_pssh,
    inventory_read_clusterssh,
    inventory_read_genders,
    inventory_read_clustershell_yaml,
    inventory_read_ansible_ini,
    inventory_read_ansible_yaml,
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

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[] = "/tmp/muster-fuzz-inventory-XXXXXX";
	struct muster_error err = {.code = MUSTER_ERR_NONE};
	struct inventory inv;
	int fd;

	if (size == 0 || has_long_number(data, size))
		return 0;
	fd = mkstemp(path);
	assert(fd >= 0);
	assert(write(fd, data + 1, size - 1) == (ssize_t)(size - 1));
	assert(close(fd) == 0);
	inventory_init(&inv);
	if (readers[*data % (sizeof(readers) / sizeof(readers[0]))](
		&inv, path, &err) != 0)
		assert(strstr(err.text, path) != NULL);
	else if (inventory_finish(&inv, &err) != 0)
		assert(err.code == MUSTER_ERR_SYNTAX);
	inventory_clear(&inv);
	assert(unlink(path) == 0);
	return 0;
}
