/*
 * knownhosts_write.c -- adding hosts to a known_hosts file.
 *
 * Room: engine/conf.  May touch: base/, conf/, crypto/digest.h.
 * Two locks are held meanwhile: on FILE.muster.lock, which stays when others
 * replace the file, and on the file itself. ssh(1) takes neither, but
 * appends as is done here: whole lines, each by one write(2) at the end.
 * A line that was cut short is taken back.
 */
#include "config.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "conf/knownhosts.h"
#include "conf/knownhosts_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define LOCK_WAIT_US 5000000
#define LOCK_RETRY_NS 1000000 /* others hold it for a few milliseconds */

/* Locks of the open file, not of the process, where there are such. */
#ifdef F_OFD_SETLK
#define SET_LOCK F_OFD_SETLK
#else
#define SET_LOCK F_SETLK
#endif

/* A file that is being added to. */
struct writer {
	const char *path;     /* borrowed */
	int lock_fd;          /* of the side file; -1: none */
	int fd;               /* of the file; -1: none */
	bool is_new;          /* the file was not there */
	bool is_cut;          /* its last line has no end */
	struct knownhosts *k; /* owned; what it has */
};

/* ---- opening and locking ---- */

/* Makes the folder that `path` is in, if only that is missing. */
static void
make_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder;

	if (slash == NULL || slash == path)
		return;
	folder = mem_strndup(path, (size_t)(slash - path));
	/* Failing shows when the file is opened. */
	(void)mkdir(folder, 0700);
	free(folder);
}

static int
lock(int fd, const char *path, int64_t until_us, struct muster_error *err)
{
	const struct timespec pause = {0, LOCK_RETRY_NS};
	struct flock all;

	memset(&all, 0, sizeof(all));
	all.l_type = F_WRLCK;
	all.l_whence = SEEK_SET;
	while (fcntl(fd, SET_LOCK, &all) != 0) {
		if (errno != EAGAIN && errno != EACCES && errno != EINTR)
			return err_sys(err, MUSTER_ERR_FILE, errno,
			    "cannot lock '%s'", path);
		if (clock_now_us() >= until_us)
			return err_set(err, MUSTER_ERR_TIMEOUT,
			    "cannot lock '%s': others have held it for %d "
			    "seconds",
			    path, LOCK_WAIT_US / 1000000);
		(void)nanosleep(&pause, NULL);
	}
	return 0;
}

static int
open_side_file(struct writer *w, struct muster_error *err)
{
	char *name = mem_printf("%s.muster.lock", w->path);
	int rc = 0;

	w->lock_fd =
	    open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (w->lock_fd < 0)
		rc = err_sys(
		    err, MUSTER_ERR_FILE, errno, "cannot open '%s'", name);
	free(name);
	return rc;
}

static int
open_file(struct writer *w, struct muster_error *err)
{
	const int flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

	w->fd = open(w->path, flags);
	if (w->fd < 0 && errno == ENOENT) {
		w->fd = open(w->path, flags | O_CREAT, 0600);
		w->is_new = true;
	}
	if (w->fd < 0)
		return err_sys(
		    err, MUSTER_ERR_FILE, errno, "cannot open '%s'", w->path);
	return 0;
}

/* Reads what the file has by now. */
static int
read_file(struct writer *w, size_t size, struct muster_error *err)
{
	struct buf text;
	int rc;

	buf_init(&text, LIMIT_CONFIG_FILE_BYTES);
	rc = knownhosts_file_load(w->fd, w->path, size, &text, err);
	if (rc == 0 && text.len > 0) {
		knownhosts_parse(w->k, w->path, buf_data(&text), text.len);
		w->is_cut = buf_data(&text)[text.len - 1] != '\n';
	}
	buf_clear(&text);
	return rc;
}

/* ---- writing ---- */

/* Waits until what was written is on the disk. */
static int
sync_file(const struct writer *w, struct muster_error *err)
{
	char *folder, *slash;
	int fd;

	if (fsync(w->fd) != 0)
		return err_sys(
		    err, MUSTER_ERR_FILE, errno, "cannot write '%s'", w->path);
	if (!w->is_new)
		return 0;
	/* A new name has to reach the disk, too. */
	folder = mem_strdup(w->path);
	slash = strrchr(folder, '/');
	if (slash != NULL)
		slash[slash == folder] = '\0';
	fd = open(
	    slash != NULL ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
	return 0;
}

/* Appends a line, all or nothing of it. */
static int
append(struct writer *w, const struct buf *line, struct muster_error *err)
{
	ssize_t n;
	struct stat st;
	int errnum;

	do
		n = write(w->fd, buf_data(line), line->len);
	while (n < 0 && errno == EINTR);
	if (n == (ssize_t)line->len) {
		w->is_cut = false;
		return 0;
	}
	errnum = n < 0 ? errno : ENOSPC;
	/* Nobody but ssh(1) may have added something behind it meanwhile;
	 * then the cut line stays, as one that makes no sense. */
	if (n > 0 && fstat(w->fd, &st) == 0 &&
	    lseek(w->fd, 0, SEEK_CUR) == st.st_size)
		(void)!ftruncate(w->fd, st.st_size - n);
	return err_sys(
	    err, MUSTER_ERR_FILE, errnum, "cannot write '%s'", w->path);
}

static bool
add_hashed_name(struct buf *line, const char *name, struct muster_error *err)
{
	uint8_t salt[DIGEST_SHA1_BYTES], hash[DIGEST_SHA1_BYTES];
	struct digest_hmac h;

	if (digest_random(salt, sizeof(salt), err) != 0)
		return false;
	digest_hmac_init(&h, salt, sizeof(salt));
	digest_hmac(&h, name, strlen(name), hash);
	return buf_adds(line, "|1|") &&
	       base64_add(line, salt, sizeof(salt), true) &&
	       buf_addc(line, '|') &&
	       base64_add(line, hash, sizeof(hash), true);
}

/* Makes the line for a host whose key is of `type`. */
static int
make_line(struct buf *line, const struct knownhosts_new *host, const char *type,
    bool hashed, struct muster_error *err)
{
	char *name = knownhosts_name(host->host, host->port);
	bool ok =
	    hashed ? add_hashed_name(line, name, err) : buf_adds(line, name);

	free(name);
	if (!ok || !buf_addf(line, " %s ", type) ||
	    !base64_add(line, host->blob, host->len, true) ||
	    !buf_addc(line, '\n'))
		return err_set(err, MUSTER_ERR_LIMIT,
		    "no line can be made for '%s'", host->host);
	return 0;
}

/* Whether the file, as it is now, leaves the line for a host to be written:
 * 1; 0 when it is there; -1: MUSTER_ERR_KEY. */
static int
is_wanted(const struct writer *w, const struct knownhosts_new *host,
    const char *type, struct muster_error *err)
{
	struct knownhosts_host *h =
	    knownhosts_find(w->k, host->host, host->port);
	struct knownhosts_hit hit;
	int rc = 1;

	switch (knownhosts_check(h, host->blob, host->len, &hit)) {
	case KNOWNHOSTS_UNKNOWN:
		break;
	case KNOWNHOSTS_MATCH:
		rc = 0;
		break;
	case KNOWNHOSTS_CHANGED:
		/* Keys of other types may stand beside it. */
		if (strcmp(hit.type, type) == 0)
			rc = err_set(err, MUSTER_ERR_KEY,
			    "'%s' has another key for '%s' in line %zu",
			    w->path, host->host, hit.line);
		break;
	case KNOWNHOSTS_REVOKED:
		rc = err_set(err, MUSTER_ERR_KEY,
		    "'%s' has the key of '%s' revoked in line %zu", w->path,
		    host->host, hit.line);
		break;
	}
	knownhosts_host_free(h);
	return rc;
}

/* The type in a key blob, which must be one that can stand in a line. */
static int
get_type(const struct knownhosts_new *host, char type[KNOWNHOSTS_TYPE_BYTES],
    struct muster_error *err)
{
	struct rd r;

	rd_init(&r, host->blob, host->len);
	if (rd_cstring(&r, type, KNOWNHOSTS_TYPE_BYTES) && type[0] != '\0' &&
	    r.len > 0 && strpbrk(type, " \t\r\n#") == NULL)
		return 0;
	return err_set(err, MUSTER_ERR_KEY,
	    "the key of '%s' is none that can be written down", host->host);
}

/* A plain name must not be read as more than one, or as something else. */
static int
check_name(
    const struct knownhosts_new *host, bool hashed, struct muster_error *err)
{
	const char *name = host->host;
	bool ok = name[0] != '\0' && strpbrk(name, " \t\r\n") == NULL;

	if (!hashed)
		ok = ok && strpbrk(name, ",*?!") == NULL &&
		     strchr("#@|", name[0]) == NULL;
	if (ok)
		return 0;
	return err_set(err, MUSTER_ERR_USAGE,
	    "'%s' is no name that can be written to known_hosts", name);
}

/* Makes the lines that are missing. On success each is a string in `lines`,
 * as a wire form has them. */
static int
make_lines(struct writer *w, const struct knownhosts_new *hosts, size_t n,
    bool hashed, struct buf *lines, struct muster_error *err)
{
	char type[KNOWNHOSTS_TYPE_BYTES];
	struct buf line;
	int rc = 0;

	buf_init(&line, LIMIT_CONFIG_FILE_BYTES);
	for (size_t i = 0; rc >= 0 && i < n; i++) {
		buf_reset(&line);
		if (check_name(&hosts[i], hashed, err) != 0 ||
		    get_type(&hosts[i], type, err) != 0)
			rc = -1;
		else
			rc = is_wanted(w, &hosts[i], type, err);
		if (rc <= 0)
			continue;
		rc = make_line(&line, &hosts[i], type, hashed, err);
		if (rc == 0 &&
		    !buf_add_string(lines, buf_data(&line), line.len))
			rc = err_set(
			    err, MUSTER_ERR_LIMIT, "too many hosts to add");
		/* So that the same host is not added twice. */
		if (rc == 0)
			knownhosts_parse(
			    w->k, w->path, buf_data(&line), line.len);
	}
	buf_clear(&line);
	return rc < 0 ? -1 : 0;
}

static int
append_lines(
    struct writer *w, const struct buf *lines, struct muster_error *err)
{
	const uint8_t *text;
	struct buf line;
	struct rd r;
	size_t len;
	int rc = 0;

	rd_init(&r, buf_data(lines), lines->len);
	buf_init(&line, LIMIT_CONFIG_FILE_BYTES);
	while (rc == 0 && r.len > 0 && rd_string(&r, &text, &len)) {
		buf_reset(&line);
		if (w->is_cut)
			(void)buf_addc(&line, '\n');
		(void)buf_add(&line, text, len);
		rc = append(w, &line, err);
	}
	buf_clear(&line);
	return rc;
}

/* ---- all of it ---- */

static int
add_locked(struct writer *w, const struct knownhosts_new *hosts, size_t n,
    bool hashed, struct muster_error *err)
{
	struct buf lines;
	size_t size;
	int rc = knownhosts_file_check(w->fd, w->path, &size, err);

	if (rc != 0 || size == SIZE_MAX)
		return rc;
	buf_init(&lines, LIMIT_CONFIG_FILE_BYTES);
	rc = read_file(w, size, err);
	if (rc == 0)
		rc = make_lines(w, hosts, n, hashed, &lines, err);
	if (rc == 0 && lines.len > 0) {
		rc = append_lines(w, &lines, err);
		if (rc == 0)
			rc = sync_file(w, err);
	}
	buf_clear(&lines);
	return rc;
}

int
knownhosts_add(const char *path, const struct knownhosts_new *hosts, size_t n,
    bool hashed, struct muster_error *err)
{
	int64_t until_us = clock_now_us() + LOCK_WAIT_US;
	struct writer w = {.path = path, .lock_fd = -1, .fd = -1};
	int rc = 0;

	if (strcmp(path, "/dev/null") == 0)
		return 0;
	w.k = knownhosts_new();
	make_folder(path);
	if (open_side_file(&w, err) != 0 ||
	    lock(w.lock_fd, path, until_us, err) != 0 ||
	    open_file(&w, err) != 0 || lock(w.fd, path, until_us, err) != 0)
		rc = -1;
	else
		rc = add_locked(&w, hosts, n, hashed, err);
	knownhosts_free(w.k);
	if (w.fd >= 0)
		close(w.fd);
	if (w.lock_fd >= 0)
		close(w.lock_fd);
	return rc;
}
