/*
 * knownhosts_file.c -- known_hosts files: may they be trusted, and what is in
 * them.
 *
 * Room: engine/conf.  May touch: base/.
 */
#include "config.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/trace.h"
#include "conf/knownhosts.h"
#include "conf/knownhosts_int.h"
#include "conf/krl.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Whether it is the device that is always empty: the usual way to say that
 * no file is wanted. */
static bool
is_dev_null(const struct stat *st)
{
	struct stat null;

	return S_ISCHR(st->st_mode) && stat("/dev/null", &null) == 0 &&
	       S_ISCHR(null.st_mode) && null.st_rdev == st->st_rdev;
}

int
knownhosts_file_check(
    int fd, const char *path, size_t *size, struct muster_error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_sys(
		    err, MUSTER_ERR_FILE, errno, "cannot read '%s'", path);
	*size = SIZE_MAX;
	if (is_dev_null(&st))
		return 0;
	if (!S_ISREG(st.st_mode))
		return err_set(err, MUSTER_ERR_FILE,
		    "'%s' is not trusted: it is no regular file", path);
	if (st.st_uid != 0 && st.st_uid != getuid() && st.st_uid != geteuid())
		return err_set(err, MUSTER_ERR_FILE,
		    "'%s' is not trusted: it belongs to user %u", path,
		    (unsigned)st.st_uid);
	if ((st.st_mode & S_IWOTH) != 0)
		return err_set(err, MUSTER_ERR_FILE,
		    "'%s' is not trusted: everybody may write to it", path);
	if (st.st_size > LIMIT_CONFIG_FILE_BYTES)
		return err_set(
		    err, MUSTER_ERR_LIMIT, "'%s' is too large", path);
	*size = (size_t)st.st_size;
	return 0;
}

int
knownhosts_file_load(int fd, const char *path, size_t size, struct buf *out,
    struct muster_error *err)
{
	uint8_t *to = size > 0 ? buf_reserve(out, size) : NULL;
	size_t used = 0;

	while (used < size) {
		ssize_t n = pread(fd, to + used, size - used, (off_t)used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(err, MUSTER_ERR_FILE, errno,
			    "cannot read '%s'", path);
		if (n == 0)
			break;
		used += (size_t)n;
	}
	if (used > 0)
		buf_commit(out, used);
	return 0;
}

/* Reads the whole of an open file that may be trusted. */
static int
load(int fd, const char *path, struct buf *text, struct muster_error *err)
{
	size_t size;

	if (knownhosts_file_check(fd, path, &size, err) != 0)
		return -1;
	return size == SIZE_MAX
		   ? 0
		   : knownhosts_file_load(fd, path, size, text, err);
}

/* Of the lines that make no sense, those behind the first `from`. */
static void
trace_notes(const struct knownhosts *k, size_t from)
{
	const char *note;

	for (size_t i = from; i < knownhosts_n_notes(k); i++)
		if ((note = knownhosts_note(k, i)) != NULL)
			TRACE("config", "%s", note);
}

int
knownhosts_read(
    struct knownhosts *k, const char *path, struct muster_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	size_t n_notes = knownhosts_n_notes(k);
	struct buf text;
	int rc;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0)
		return err_sys(
		    err, MUSTER_ERR_FILE, errno, "cannot open '%s'", path);
	buf_init(&text, LIMIT_CONFIG_FILE_BYTES);
	rc = load(fd, path, &text, err);
	if (rc == 0 && text.len > 0)
		knownhosts_parse(k, path, buf_data(&text), text.len);
	trace_notes(k, n_notes);
	buf_clear(&text);
	close(fd);
	return rc;
}

/* ---- revoked keys ---- */

/* Each line that says something as known_hosts has it, on the same line. */
static void
mark_revoked(const struct buf *list, struct buf *out)
{
	const char *at = (const char *)buf_data(list);
	const char *end = at + list->len;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((stop != NULL ? stop : end) - at);
		size_t blanks = 0;

		while (blanks < len && strchr(" \t\r", at[blanks]) != NULL)
			blanks++;
		if (blanks < len && at[blanks] != '#')
			(void)buf_addf(out, "@revoked * ");
		(void)buf_add(out, at, len);
		(void)buf_addc(out, '\n');
		at += len + (stop != NULL);
	}
}

static int
parse_revoked(struct knownhosts *k, const char *path, const struct buf *list,
    struct muster_error *err)
{
	size_t n_notes = knownhosts_n_notes(k);
	const char *note;
	struct buf text;

	buf_init(&text, 3 * (size_t)LIMIT_CONFIG_FILE_BYTES);
	mark_revoked(list, &text);
	if (text.len > 0)
		knownhosts_parse(k, path, buf_data(&text), text.len);
	buf_clear(&text);
	if (knownhosts_n_notes(k) == n_notes)
		return 0;
	note = knownhosts_note(k, n_notes);
	return err_set(err, MUSTER_ERR_FILE, "RevokedHostKeys %s",
	    note != NULL ? note : path);
}

int
knownhosts_read_revoked(
    struct knownhosts *k, const char *path, struct muster_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct buf list, keys;
	int rc;

	if (fd < 0)
		return err_sys(err, MUSTER_ERR_FILE, errno,
		    "cannot open RevokedHostKeys '%s'", path);
	buf_init(&list, LIMIT_CONFIG_FILE_BYTES);
	buf_init(&keys, 2 * (size_t)LIMIT_CONFIG_FILE_BYTES);
	rc = load(fd, path, &list, err);
	if (rc == 0 && krl_is(&list)) {
		rc = krl_list(&list, path, &keys, err);
		if (rc == 0)
			rc = parse_revoked(k, path, &keys, err);
	} else if (rc == 0) {
		rc = parse_revoked(k, path, &list, err);
	}
	buf_clear(&list);
	buf_clear(&keys);
	close(fd);
	return rc;
}
