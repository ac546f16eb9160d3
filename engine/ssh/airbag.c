/*
 * airbag.c -- an assertion of libssh2 ends one session, not the program.
 *
 * Room: engine/ssh.  May touch: libc, libssh2.
 * __assert_fail() is part of the ABI of glibc and musl. The linker takes the
 * first one it meets, which is the program's or libmuster's before libc's.
 */
#include "config.h"

#include "ssh/airbag.h"
#include "base/trace.h"

#include <assert.h>
#include <dlfcn.h>
#include <libssh2.h>
#include <stdbool.h>
#include <stdlib.h>

static _Thread_local struct airbag *armed;

void
airbag_arm(struct airbag *bag)
{
	bag->outer = armed;
	armed = bag;
}

void
airbag_disarm(struct airbag *bag)
{
	armed = bag->outer;
}

#ifdef __linux__

#ifdef __GLIBC__
#define LINE unsigned
#else
#define LINE int
#endif

/* Whether code at that address is libssh2's. */
static bool
is_of_libssh2(const void *address)
{
	Dl_info here, there;

	return dladdr(address, &here) != 0 &&
	       dladdr(dlsym(RTLD_DEFAULT, "libssh2_session_init_ex"), &there) !=
		   0 &&
	       here.dli_fbase == there.dli_fbase;
}

_Noreturn void
__assert_fail(
    const char *assertion, const char *file, LINE line, const char *function)
{
	union {
		void *data;
		void (*call)(const char *, const char *, LINE, const char *);
	} libc;

	if (armed != NULL && is_of_libssh2(__builtin_return_address(0))) {
		TRACE("session", "libssh2 asserts %s in %s:%u", assertion, file,
		    (unsigned)line);
		longjmp(armed->jump, 1);
	}
	libc.data = dlsym(RTLD_NEXT, "__assert_fail");
	if (libc.data != NULL)
		libc.call(assertion, file, line, function);
	abort();
}

#endif
