/*
 * sshconf_include.c -- reading the files of ssh_config(5), each one once.
 *
 * Room: engine/conf.  May touch: base.
 * Files that include each other end at a depth of 16, as for ssh(1). A file
 * met again, less deep, is not read again; it remembers how deep it goes.
 */
#include "config.h"

#include "conf/sshconf_int.h"

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "conf/sshconf_token.h"
#include "conf/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
read_all(int fd, const char *path, struct buf *text, struct muster_error *err)
{
	for (;;) {
		uint8_t *room = buf_reserve(text, 16 * 1024);
		ssize_t n;

		if (room == NULL)
			return err_set(err, MUSTER_ERR_LIMIT,
			    "'%s' is over %d MiB", path,
			    LIMIT_SSHCONF_FILE_BYTES / (1024 * 1024));
		n = read(fd, room, 16 * 1024);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(
			    err, MUSTER_ERR_FILE, errno, "'%s'", path);
		if (n == 0)
			return 0;
		buf_commit(text, (size_t)n);
	}
}

/* Reads and parses the open file into *f. */
static int
take_file(struct sshconf *c, struct sshconf_file *f, int fd, unsigned depth,
    struct muster_error *err)
{
	struct buf text;
	int r;

	buf_init(&text, LIMIT_SSHCONF_FILE_BYTES + 16 * 1024);
	r = read_all(fd, f->path, &text, err);
	close(fd);
	c->n_bytes += text.len;
	if (r == 0 && c->n_bytes > LIMIT_SSHCONF_BYTES)
		r = err_set(err, MUSTER_ERR_LIMIT,
		    "'%s' and the files before it are over %d MiB", f->path,
		    LIMIT_SSHCONF_BYTES / (1024 * 1024));
	if (r == 0 && text.len > 0)
		r = sshconf_file_parse(
		    c, f, (const char *)buf_data(&text), text.len, depth, err);
	buf_clear(&text);
	return r;
}

/* A file by its path, from when it was read before. */
static struct sshconf_file *
find_file(struct sshconf *c, const char *key, unsigned depth,
    struct muster_error *err)
{
	struct sshconf_file *f = map_gets(c->files, key);

	if (f != NULL && depth + f->deep > LIMIT_SSHCONF_DEPTH)
		return err_null(err, MUSTER_ERR_LIMIT,
		    "'%s': files include each other more than %d deep", f->path,
		    LIMIT_SSHCONF_DEPTH);
	return f;
}

static struct sshconf_file *
read_file(struct sshconf *c, const char *key, bool checked, unsigned depth,
    bool *missing, struct muster_error *err)
{
	const char *path = key + 1;
	struct sshconf_file *f;
	int fd;

	if (depth > LIMIT_SSHCONF_DEPTH)
		return err_null(err, MUSTER_ERR_LIMIT,
		    "'%s': files include each other more than %d deep", path,
		    LIMIT_SSHCONF_DEPTH);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && missing != NULL &&
	    (errno == ENOENT || errno == ENOTDIR)) {
		*missing = true;
		return NULL;
	}
	if (fd < 0) {
		err_sys(err, MUSTER_ERR_FILE, errno, "'%s'", path);
		return NULL;
	}
	if (textfile_check(fd, path, checked, err) != 0) {
		close(fd);
		return NULL;
	}
	f = sshconf_file_new(path, key[0] == 'u');
	if (take_file(c, f, fd, depth, err) == 0) {
		map_puts(c->files, key, f);
		return f;
	}
	sshconf_file_free(f);
	return NULL;
}

struct sshconf_file *
sshconf_load(struct sshconf *c, const char *path, unsigned flags,
    unsigned depth, bool *missing, struct muster_error *err)
{
	char *key =
	    mem_printf("%c%s", flags & SSHCONF_FILE_USER ? 'u' : 's', path);
	bool checked = (flags & SSHCONF_FILE_CHECKED) != 0;
	struct sshconf_file *f;

	if (missing != NULL)
		*missing = false;
	f = map_gets(c->files, key) != NULL
		? find_file(c, key, depth, err)
		: read_file(c, key, checked, depth, missing, err);
	free(key);
	return f;
}

/* Where a pattern leads: relative ones begin at ~/.ssh or /etc/ssh. */
static char *
anchor(const struct sshconf *c, const char *pattern, bool user,
    struct muster_error *err)
{
	if (*pattern == '~' && !user)
		return err_null(err, MUSTER_ERR_SYNTAX,
		    "'include': '%.200s' has no home in a system's file",
		    pattern);
	if (*pattern == '~')
		return sshconf_tilde(c->local.ssh_home, pattern, err);
	if (*pattern == '/')
		return mem_strdup(pattern);
	return user ? mem_printf("%s/.ssh/%s", c->local.ssh_home, pattern)
		    : mem_printf("/etc/ssh/%s", pattern);
}

/* Loads what glob(3) found; what went away meanwhile is left out. */
static int
load_found(struct sshconf *c, struct sshconf_set *set, const glob_t *found,
    bool user, unsigned depth, struct muster_error *err)
{
	for (size_t i = 0; i < found->gl_pathc; i++) {
		bool missing;
		struct sshconf_file *f = sshconf_load(c, found->gl_pathv[i],
		    SSHCONF_FILE_CHECKED | (user ? SSHCONF_FILE_USER : 0),
		    depth, &missing, err);

		if (f == NULL && !missing)
			return -1;
		if (f == NULL)
			continue;
		mem_grow(
		    &set->files, &set->cap, set->n + 1, sizeof(*set->files));
		set->files[set->n++] = f;
	}
	return 0;
}

static struct sshconf_set *
make_set(struct sshconf *c, const char *pattern, bool user, unsigned depth,
    struct muster_error *err)
{
	struct sshconf_set *set = mem_new(sizeof(*set));
	char *path = anchor(c, pattern, user, err);
	glob_t found = {0};
	int r = -1, g;

	if (path != NULL) {
		g = glob(path, 0, NULL, &found);
		if (g == 0)
			r = load_found(c, set, &found, user, depth, err);
		else if (g == GLOB_NOMATCH)
			r = 0;
		else
			err_set(err, MUSTER_ERR_FILE,
			    "'include': '%.200s' cannot be searched", path);
		globfree(&found);
	}
	free(path);
	if (r == 0)
		return set;
	sshconf_set_free(set);
	return NULL;
}

/* A pattern met again may now be too deep. */
static int
check_depth(
    const struct sshconf_set *set, unsigned depth, struct muster_error *err)
{
	for (size_t i = 0; i < set->n; i++)
		if (depth + set->files[i]->deep > LIMIT_SSHCONF_DEPTH)
			return err_set(err, MUSTER_ERR_LIMIT,
			    "'%s': files include each other more than %d deep",
			    set->files[i]->path, LIMIT_SSHCONF_DEPTH);
	return 0;
}

const struct sshconf_set *
sshconf_include(struct sshconf *c, const char *pattern, bool user,
    unsigned depth, struct muster_error *err)
{
	char *key = mem_printf("%c%s", user ? 'u' : 's', pattern);
	struct sshconf_set *set = map_gets(c->sets, key);

	if (set == NULL) {
		set = make_set(c, pattern, user, depth, err);
		if (set != NULL)
			sshconf_set_free(map_puts(c->sets, key, set));
	} else if (check_depth(set, depth, err) != 0) {
		set = NULL;
	}
	free(key);
	return set;
}

void
sshconf_set_free(void *set)
{
	struct sshconf_set *s = set;

	if (s == NULL)
		return;
	free(s->files);
	free(s);
}

bool
sshconf_include_is_late(const char *pattern)
{
	return strchr(pattern, '%') != NULL || strstr(pattern, "${") != NULL;
}
