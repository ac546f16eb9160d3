/*
 * secret.c -- passwords and private keys in memory.
 *
 * Room: engine/base.  May touch: mem.h.
 */
#include "config.h"

#include "base/secret.h"
#include "base/mem.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

struct secret {
	atomic_uint n_users;
	char *page;  /* owned: mmap */
	size_t size; /* of the mapping */
	size_t len;
};

struct secret *
secret_new(const void *data, size_t len)
{
	struct secret *s = mem_new(sizeof(*s));
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	atomic_init(&s->n_users, 1);
	s->len = len;
	s->size = (len / page + 1) * page;
	s->page = mmap(NULL, s->size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->page == MAP_FAILED)
		mem_die();
	(void)mlock(s->page, s->size);
#ifdef MADV_DONTDUMP
	(void)madvise(s->page, s->size, MADV_DONTDUMP);
#endif
#ifdef MADV_WIPEONFORK
	(void)madvise(s->page, s->size, MADV_WIPEONFORK);
#endif
	if (len > 0)
		memcpy(s->page, data, len);
	return s;
}

struct secret *
secret_ref(const struct secret *s)
{
	struct secret *shared = (struct secret *)(uintptr_t)s;

	if (s != NULL)
		atomic_fetch_add(&shared->n_users, 1);
	return shared;
}

void
secret_free(struct secret *s)
{
	if (s == NULL || atomic_fetch_sub(&s->n_users, 1) != 1)
		return;
	secret_wipe(s->page, s->size);
	(void)munmap(s->page, s->size);
	free(s);
}

const char *
secret_data(const struct secret *s)
{
	return s->page;
}

bool
secret_is_equal(const struct secret *a, const struct secret *b)
{
	return a->len == b->len && memcmp(a->page, b->page, a->len) == 0;
}

size_t
secret_len(const struct secret *s)
{
	return s->len;
}

void
secret_harden_process(void)
{
	const struct rlimit none = {0, 0};

	(void)setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

void
secret_wipe(void *data, size_t len)
{
	explicit_bzero(data, len);
}
