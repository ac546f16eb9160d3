/*
 * pty.h -- a program on a terminal of its own, and what the terminal shows.
 *
 * Room: tests.  May touch: libvterm.
 * The terminal is libvterm behind a pty; it is fed at most 4 KiB a call. All
 * waiting has a deadline, and what is waited for is looked at after every
 * read.
 */
#ifndef MUSTER_TESTS_PTY_H
#define MUSTER_TESTS_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

struct VTerm;
struct VTermScreen;

struct pty {
	int fd; /* our end */
	int slave;
	pid_t pid;
	int w, h;
	struct VTerm *vt;
	struct VTermScreen *vts;
	char *bytes; /* owned: all that was written to the terminal */
	size_t len, cap;
	bool answers;   /* what libvterm answers goes back */
	bool is_paused; /* nothing is read */
	bool is_alternate, has_cursor;
	bool at_end; /* the program closed it */
	int status;  /* of the program, when reaped */
	bool is_reaped;
	struct termios before;
};

/* Opens a terminal and runs `child` (or argv when child is NULL) on it, as
 * the leader of a session of its own, with TERM set to `term`. */
void pty_start(struct pty *p, const char *term, int w, int h,
    void (*child)(void *arg), void *arg, char *const argv[]);

/* Kills what still runs, and frees all. */
void pty_end(struct pty *p);

/* Types. */
void pty_type(struct pty *p, const char *keys);

/* Another size, with SIGWINCH for the program. */
void pty_resize(struct pty *p, int w, int h);

/* Reads what is there, for at most `ms`; returns after the first bytes. */
bool pty_read(struct pty *p, int ms);

/* Reads until the screen has the text, or has it no more; false after ten
 * seconds without. */
bool pty_wait(struct pty *p, const char *text);
bool pty_wait_gone(struct pty *p, const char *text);

/* Reads until the program has ended; false after ten seconds. */
bool pty_wait_end(struct pty *p);

/* A row of the screen as text, without blanks at its end; lent. */
const char *pty_row(struct pty *p, int y);

/* The screen as text, a line a row; to be freed. */
char *pty_text(struct pty *p);

/* Compares each frame of a record (ui/film.h) with what the terminal showed
 * after its bytes. Returns how many frames were compared; fails the test, or
 * with `quiet` returns -1, where a cell is another one. */
int pty_compare(const struct pty *p, const char *record, unsigned n_colours);

/* Fails the test for a sequence in the bytes that muster does not send. */
void pty_check_sequences(const struct pty *p);

#endif
