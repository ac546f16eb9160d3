/*
 * sftp_files.c -- what an SFTP server does with files, and what it answers.
 *
 * Room: tests/fleetsim.  May touch: base/, sftp.h.
 */
#include "config.h"

#include "sftp.h"
#include "base/mem.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define READ_MAX (256 * 1024)

/* One request being answered. */
struct request {
	struct sim_sftp *s;
	struct rd *r;
	uint32_t id;
	struct buf *body; /* of the answer */
};

struct attrs {
	uint32_t flags, uid, gid, mode, atime, mtime;
	uint64_t size;
};

/* ---- answers ---- */

static void
begin(const struct request *q, uint8_t type)
{
	buf_reset(q->body);
	(void)buf_add_u8(q->body, type);
	(void)buf_add_u32(q->body, q->id);
}

static void
say(const struct request *q, uint32_t code)
{
	begin(q, FXP_STATUS);
	(void)buf_add_u32(q->body, code);
	(void)buf_add_cstring(q->body, code == FX_FAILURE ? "Failure" : "");
	(void)buf_add_cstring(q->body, "");
}

static void
say_errno(const struct request *q)
{
	say(q, errno == ENOENT || errno == ENOTDIR ? FX_NO_FILE
	       : errno == EACCES || errno == EPERM ? FX_DENIED
						   : FX_FAILURE);
}

static void
say_result(const struct request *q, int rc)
{
	if (rc == 0)
		say(q, FX_OK);
	else
		say_errno(q);
}

static void
add_attrs(struct buf *b, const struct stat *st)
{
	(void)buf_add_u32(b, 15);
	(void)buf_add_u64(b, (uint64_t)st->st_size);
	(void)buf_add_u32(b, st->st_uid);
	(void)buf_add_u32(b, st->st_gid);
	(void)buf_add_u32(b, st->st_mode);
	(void)buf_add_u32(b, (uint32_t)st->st_atim.tv_sec);
	(void)buf_add_u32(b, (uint32_t)st->st_mtim.tv_sec);
}

static void
say_attrs(const struct request *q, int rc, const struct stat *st)
{
	if (rc != 0) {
		say_errno(q);
		return;
	}
	begin(q, FXP_ATTRS);
	add_attrs(q->body, st);
}

/* ---- what is asked ---- */

static bool
read_path(const struct request *q, char path[PATH_BYTES])
{
	if (!rd_cstring(q->r, path, PATH_BYTES)) {
		say(q, FX_FAILURE);
		return false;
	}
	if (*path == '\0')
		(void)str_copy(path, PATH_BYTES, ".");
	return true;
}

static bool
read_attrs(struct rd *r, struct attrs *a)
{
	memset(a, 0, sizeof(*a));
	return rd_u32(r, &a->flags) &&
	       ((a->flags & 1) == 0 || rd_u64(r, &a->size)) &&
	       ((a->flags & 2) == 0 ||
		   (rd_u32(r, &a->uid) && rd_u32(r, &a->gid))) &&
	       ((a->flags & 4) == 0 || rd_u32(r, &a->mode)) &&
	       ((a->flags & 8) == 0 ||
		   (rd_u32(r, &a->atime) && rd_u32(r, &a->mtime)));
}

static struct sftp_thing *
read_handle(const struct request *q)
{
	const uint8_t *p;
	size_t len;

	if (rd_string(q->r, &p, &len) && len == 1 && p[0] < SIM_SFTP_THINGS &&
	    q->s->things[p[0]].used)
		return &q->s->things[p[0]];
	say(q, FX_FAILURE);
	return NULL;
}

static void
say_handle(const struct request *q, int fd, DIR *dir)
{
	for (uint8_t i = 0; i < SIM_SFTP_THINGS; i++) {
		struct sftp_thing *t = &q->s->things[i];

		if (t->used)
			continue;
		*t = (struct sftp_thing){.used = true, .fd = fd, .dir = dir};
		begin(q, FXP_HANDLE);
		(void)buf_add_string(q->body, &i, 1);
		return;
	}
	if (dir != NULL)
		(void)closedir(dir);
	if (fd >= 0)
		(void)close(fd);
	say(q, FX_FAILURE);
}

void
sim_sftp_close(struct sftp_thing *t)
{
	if (!t->used)
		return;
	if (t->dir != NULL)
		(void)closedir(t->dir);
	if (t->fd >= 0)
		(void)close(t->fd);
	t->used = false;
}

/* ---- files ---- */

static void
on_open(const struct request *q)
{
	char path[PATH_BYTES];
	int flags = O_CLOEXEC | O_NONBLOCK, fd;
	struct attrs a;
	uint32_t how;

	if (!read_path(q, path))
		return;
	if (!rd_u32(q->r, &how) || !read_attrs(q->r, &a)) {
		say(q, FX_FAILURE);
		return;
	}
	flags |= (how & 3) == 3 ? O_RDWR : (how & 2) != 0 ? O_WRONLY : O_RDONLY;
	flags |= (how & 8) != 0 ? O_CREAT : 0;
	flags |= (how & 16) != 0 ? O_TRUNC : 0;
	flags |= (how & 32) != 0 ? O_EXCL : 0;
	fd =
	    openat(q->s->home, path, flags, (a.flags & 4) != 0 ? a.mode : 0666);
	if (fd < 0)
		say_errno(q);
	else
		say_handle(q, fd, NULL);
}

static void
on_close(const struct request *q)
{
	struct sftp_thing *t = read_handle(q);

	if (t == NULL)
		return;
	sim_sftp_close(t);
	say(q, FX_OK);
}

static void
on_read(const struct request *q)
{
	struct sftp_thing *t = read_handle(q);
	uint64_t offset;
	uint8_t *piece;
	uint32_t len;
	ssize_t n;

	if (t == NULL || !rd_u64(q->r, &offset) || !rd_u32(q->r, &len))
		return;
	len = len < READ_MAX ? len : READ_MAX;
	piece = mem_new(len + 1);
	n = pread(t->fd, piece, len, (off_t)offset);
	if (n > 0) {
		begin(q, FXP_DATA);
		(void)buf_add_string(q->body, piece, (size_t)n);
	} else if (n == 0) {
		say(q, FX_EOF);
	} else {
		say_errno(q);
	}
	free(piece);
}

static void
on_write(const struct request *q)
{
	struct sftp_thing *t = read_handle(q);
	const uint8_t *data;
	uint64_t offset;
	size_t len;

	if (t == NULL || !rd_u64(q->r, &offset) ||
	    !rd_string(q->r, &data, &len))
		return;
	if (q->s->forgets) {
		say(q, FX_OK);
		return;
	}
	say_result(q,
	    pwrite(t->fd, data, len, (off_t)offset) == (ssize_t)len ? 0 : -1);
	if (q->s->spoils && len > 0)
		(void)!pwrite(t->fd, "\x07", 1, (off_t)(offset + len / 2));
}

static int
set_attrs(int home, int fd, const char *path, const struct attrs *a)
{
	const struct timespec times[2] = {
	    {.tv_sec = a->atime}, {.tv_sec = a->mtime}};
	int rc = 0;

	if (fd >= 0 && (a->flags & 1) != 0)
		rc |= ftruncate(fd, (off_t)a->size);
	if ((a->flags & 2) != 0)
		rc |= fd >= 0 ? fchown(fd, a->uid, a->gid)
			      : fchownat(home, path, a->uid, a->gid, 0);
	if ((a->flags & 4) != 0)
		rc |= fd >= 0 ? fchmod(fd, a->mode & 07777)
			      : fchmodat(home, path, a->mode & 07777, 0);
	if ((a->flags & 8) != 0)
		rc |= fd >= 0 ? futimens(fd, times)
			      : utimensat(home, path, times, 0);
	return rc;
}

static void
on_setstat(const struct request *q)
{
	char path[PATH_BYTES];
	struct attrs a;

	if (read_path(q, path) && read_attrs(q->r, &a))
		say_result(q, set_attrs(q->s->home, -1, path, &a));
}

static void
on_fsetstat(const struct request *q)
{
	struct sftp_thing *t = read_handle(q);
	struct attrs a;

	if (t != NULL && read_attrs(q->r, &a))
		say_result(q, set_attrs(q->s->home, t->fd, NULL, &a));
}

static void
on_fstat(const struct request *q)
{
	struct sftp_thing *t = read_handle(q);
	struct stat st;

	if (t != NULL)
		say_attrs(q, fstat(t->fd, &st), &st);
}

static void
on_lstat(const struct request *q)
{
	char path[PATH_BYTES];
	struct stat st;

	if (read_path(q, path))
		say_attrs(q,
		    fstatat(q->s->home, path, &st, AT_SYMLINK_NOFOLLOW), &st);
}

static void
on_stat(const struct request *q)
{
	char path[PATH_BYTES];
	struct stat st;

	if (read_path(q, path))
		say_attrs(q, fstatat(q->s->home, path, &st, 0), &st);
}

/* ---- folders, links, names ---- */

static void
on_opendir(const struct request *q)
{
	char path[PATH_BYTES];
	int fd;

	if (!read_path(q, path))
		return;
	fd = openat(q->s->home, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		say_errno(q);
	else
		say_handle(q, -1, fdopendir(fd));
}

static void
on_readdir(const struct request *q)
{
	struct sftp_thing *t = read_handle(q);
	struct dirent *d;
	struct buf names;
	uint32_t n = 0;

	if (t == NULL || t->dir == NULL)
		return;
	buf_init(&names, READ_MAX);
	while (n < 100 && (d = readdir(t->dir)) != NULL) {
		struct stat st;

		if (fstatat(dirfd(t->dir), d->d_name, &st,
			AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		(void)buf_add_cstring(&names, d->d_name);
		(void)buf_add_cstring(&names, "");
		add_attrs(&names, &st);
		n++;
	}
	if (n == 0) {
		say(q, FX_EOF);
	} else {
		begin(q, FXP_NAME);
		(void)buf_add_u32(q->body, n);
		(void)buf_add(q->body, buf_data(&names), names.len);
	}
	buf_clear(&names);
}

static void
on_remove(const struct request *q)
{
	char path[PATH_BYTES];

	if (read_path(q, path))
		say_result(q, unlinkat(q->s->home, path, 0));
}

static void
on_rmdir(const struct request *q)
{
	char path[PATH_BYTES];

	if (read_path(q, path))
		say_result(q, unlinkat(q->s->home, path, AT_REMOVEDIR));
}

static void
on_mkdir(const struct request *q)
{
	char path[PATH_BYTES];

	if (read_path(q, path))
		say_result(q, mkdirat(q->s->home, path, 0700));
}

/* As version 3 has it: a rename replaces nothing. */
static void
on_rename(const struct request *q)
{
	char from[PATH_BYTES], to[PATH_BYTES];
	struct stat st;

	if (!read_path(q, from) || !read_path(q, to))
		return;
	if (fstatat(q->s->home, to, &st, AT_SYMLINK_NOFOLLOW) == 0)
		say(q, FX_FAILURE);
	else
		say_result(q, renameat(q->s->home, from, q->s->home, to));
}

static void
on_readlink(const struct request *q)
{
	char path[PATH_BYTES], target[PATH_BYTES];
	ssize_t n;

	if (!read_path(q, path))
		return;
	n = readlinkat(q->s->home, path, target, sizeof(target));
	if (n < 0) {
		say_errno(q);
		return;
	}
	begin(q, FXP_NAME);
	(void)buf_add_u32(q->body, 1);
	(void)buf_add_string(q->body, target, (size_t)n);
	(void)buf_add_cstring(q->body, "");
	(void)buf_add_u32(q->body, 0);
}

static void
on_symlink(const struct request *q)
{
	char target[PATH_BYTES], path[PATH_BYTES];

	if (read_path(q, target) && read_path(q, path))
		say_result(q, symlinkat(target, q->s->home, path));
}

/* ---- extensions ---- */

static void
on_extended(const struct request *q)
{
	char name[64], from[PATH_BYTES], to[PATH_BYTES];
	struct sftp_thing *t;

	if (q->s->plain || !rd_cstring(q->r, name, sizeof(name))) {
		say(q, FX_UNSUPPORTED);
	} else if (strcmp(name, "posix-rename@openssh.com") == 0) {
		if (read_path(q, from) && read_path(q, to))
			say_result(
			    q, renameat(q->s->home, from, q->s->home, to));
	} else if (strcmp(name, "fsync@openssh.com") == 0) {
		t = read_handle(q);
		if (t != NULL)
			say_result(q, fsync(t->fd));
	} else {
		say(q, FX_UNSUPPORTED);
	}
}

static void
greet(struct sim_sftp *s, struct buf *body)
{
	(void)buf_add_u8(body, FXP_VERSION);
	(void)buf_add_u32(body, 3);
	if (s->plain)
		return;
	(void)buf_add_cstring(body, "posix-rename@openssh.com");
	(void)buf_add_cstring(body, "1");
	(void)buf_add_cstring(body, "fsync@openssh.com");
	(void)buf_add_cstring(body, "1");
}

void
sim_sftp_serve(struct sim_sftp *s, uint8_t type, struct rd *r, struct buf *body)
{
	static void (*const verbs[FXP_SYMLINK + 1])(const struct request *) = {
	    [FXP_OPEN] = on_open,
	    [FXP_CLOSE] = on_close,
	    [FXP_READ] = on_read,
	    [FXP_WRITE] = on_write,
	    [FXP_LSTAT] = on_lstat,
	    [FXP_FSTAT] = on_fstat,
	    [FXP_SETSTAT] = on_setstat,
	    [FXP_FSETSTAT] = on_fsetstat,
	    [FXP_OPENDIR] = on_opendir,
	    [FXP_READDIR] = on_readdir,
	    [FXP_REMOVE] = on_remove,
	    [FXP_MKDIR] = on_mkdir,
	    [FXP_RMDIR] = on_rmdir,
	    [FXP_STAT] = on_stat,
	    [FXP_RENAME] = on_rename,
	    [FXP_READLINK] = on_readlink,
	    [FXP_SYMLINK] = on_symlink,
	};
	struct request q = {.s = s, .r = r, .body = body};

	if (type == FXP_INIT) {
		greet(s, body);
		return;
	}
	(void)rd_u32(r, &q.id);
	if (type == FXP_EXTENDED)
		on_extended(&q);
	else if (type <= FXP_SYMLINK && verbs[type] != NULL)
		verbs[type](&q);
	else
		say(&q, FX_UNSUPPORTED);
	if (body->len == 0)
		say(&q, FX_FAILURE);
}
