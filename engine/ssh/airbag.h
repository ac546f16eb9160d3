/*
 * airbag.h -- an assertion of libssh2 ends one session, not the program.
 *
 * Room: engine/ssh.  May touch: libc, libssh2.
 * A server can make libssh2 (1.10 to 1.11.1 at least) assert: an encrypted
 * packet whose length is no multiple of the cipher's block is enough. Then
 * the function that assert(3) calls is ours, and jumps out of libssh2.
 *
 *	airbag_arm(&bag);
 *	if (setjmp(bag.jump) == 0)
 *		... calls of libssh2 ...
 *	else
 *		... the session is broken: free it, use it for nothing else ...
 *	airbag_disarm(&bag);
 *
 * Assertions of anybody else end the program as ever.
 */
#ifndef MUSTER_SSH_AIRBAG_H
#define MUSTER_SSH_AIRBAG_H

#include <setjmp.h>

/* Lives on the stack of who arms it. */
struct airbag {
	jmp_buf jump;
	struct airbag *outer; /* the one armed before */
};

/* Arms for this thread, until the airbag is disarmed. They nest. */
void airbag_arm(struct airbag *bag);
void airbag_disarm(struct airbag *bag);

#endif
