/*
 * proxy.h -- a program as the way to a host: ssh_config(5) ProxyCommand.
 *
 * Room: engine/ssh.  May touch: base/, loop.h, pool.h.
 * It runs in a session of its own, so that neither the terminal's ^C nor a
 * question on the terminal comes to it. What it says on its standard error
 * is kept for the message of its end.
 */
#ifndef MUSTER_SSH_PROXY_H
#define MUSTER_SSH_PROXY_H

struct loop;
struct muster_error;
struct pool;
struct proxy;

/* Starts `sh -c "exec COMMAND"` with its standard input and output on the
 * other end of *fd, a non-blocking socket, the caller's. NULL:
 * MUSTER_ERR_SYSTEM. */
struct proxy *proxy_start(struct loop *loop, struct pool *pool,
    const char *command, int *fd, struct muster_error *err);

/* The same for a program that is looked up in PATH. */
struct proxy *proxy_spawn(struct loop *loop, struct pool *pool,
    char *const argv[], int *fd, struct muster_error *err);

/* Where its standard error comes; lent, non-blocking. */
int proxy_errors(const struct proxy *p);

/* The program has closed its end: once it has exited, which it is made to
 * within seconds, done(arg, how) is called from the loop. `how` is lent,
 * clean: "exited with 1: 'no route to host'". At most once. */
void proxy_await(
    struct proxy *p, void (*done)(void *arg, const char *how), void *arg);

/* The same, with what waitpid(2) says, -1 for unknown; its standard error is
 * left to be read. */
void proxy_await_exit(
    struct proxy *p, void (*exited)(void *arg, int status), void *arg);

/* Ends the program if it still runs (HUP, a second later KILL) and frees
 * everything, on a helper thread; `done` is not called any more. NULL is
 * fine. */
void proxy_free(struct proxy *p);

#endif
