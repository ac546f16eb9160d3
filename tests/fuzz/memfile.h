/*
 * memfile.h -- an input as a file that is on no disk.
 *
 * Room: tests/fuzz.  May touch: libc.
 */
#ifndef MUSTER_TESTS_FUZZ_MEMFILE_H
#define MUSTER_TESTS_FUZZ_MEMFILE_H

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* Puts the input into this process's one such file. Returns its path, which
 * stays the same. */
static inline const char *
memfile_put(const uint8_t *data, size_t size)
{
	static char path[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("fuzz", MFD_CLOEXEC);
		assert(fd >= 0 && fchmod(fd, 0600) == 0);
		(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	if (ftruncate(fd, 0) != 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
		assert(!"the input cannot be put into memory");
	return path;
}

#endif
