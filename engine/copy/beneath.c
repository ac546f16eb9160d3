/*
 * beneath.c -- files below one local folder, and never anywhere else.
 *
 * Room: engine/copy.  May touch: base/.
 */
#include "config.h"

#include "copy/beneath.h"

#include "base/mem.h"
#include "copy/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_BYTES 255
#define FOLDER (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

const char *
beneath_refuses(const void *name, size_t len)
{
	const uint8_t *p = name;

	if (len == 0)
		return "an empty name";
	if (len > NAME_BYTES)
		return "a name that is too long";
	if ((len == 1 && p[0] == '.') ||
	    (len == 2 && p[0] == '.' && p[1] == '.'))
		return "a name that leads elsewhere";
	for (size_t i = 0; i < len; i++) {
		if (p[i] == '/')
			return "a name that leads elsewhere";
		if (p[i] < ' ' || p[i] == 0x7f)
			return "a name with a control character";
	}
	return NULL;
}

int
beneath_open_root(const char *path, bool make)
{
	int fd = open(path, FOLDER);
	char *parent, *slash;

	if (fd >= 0 || errno != ENOENT || !make)
		return fd;
	parent = mem_strdup(path);
	while ((slash = strrchr(parent, '/')) != NULL && slash[1] == '\0' &&
	       slash > parent)
		*slash = '\0';
	if (slash != NULL && slash > parent) {
		*slash = '\0';
		(void)mkdir(parent, 0777);
	}
	free(parent);
	if (mkdir(path, 0777) != 0 && errno != EEXIST)
		return -1;
	return open(path, FOLDER);
}

int
beneath_open(int root, const char *path)
{
	int fd = fcntl(root, F_DUPFD_CLOEXEC, 0);

	while (fd >= 0 && *path != '\0') {
		size_t len = strcspn(path, "/");
		char name[NAME_BYTES + 1];
		int next = -1;

		errno = EINVAL;
		if (beneath_refuses(path, len) == NULL) {
			memcpy(name, path, len);
			name[len] = '\0';
			next = openat(fd, name, FOLDER | O_NOFOLLOW);
		}
		if (next < 0) {
			struct stat st;
			int errnum = errno;

			/* Linux says ENOTDIR of a link, too. */
			if (errnum == ENOTDIR &&
			    fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
			    S_ISLNK(st.st_mode))
				errnum = ELOOP;
			(void)close(fd);
			errno = errnum;
			return -1;
		}
		(void)close(fd);
		fd = next;
		path += len + (path[len] == '/');
	}
	return fd;
}

int
beneath_open_parent(int root, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char *parent = slash == NULL
			   ? mem_strdup("")
			   : mem_strndup(path, (size_t)(slash - path));
	int fd = -1;

	*name = slash == NULL ? path : slash + 1;
	if (beneath_refuses(*name, strlen(*name)) != NULL)
		errno = EINVAL;
	else
		fd = beneath_open(root, parent);
	free(parent);
	return fd;
}

static int
close_with(int fd, int rc)
{
	int errnum = errno;

	(void)close(fd);
	errno = errnum;
	return rc;
}

int
beneath_make_folder(int root, const char *path)
{
	const char *name;
	struct stat st;
	int fd = beneath_open_parent(root, path, &name);
	int rc = 1;

	if (fd < 0)
		return -1;
	if (mkdirat(fd, name, 0700) != 0) {
		rc = errno == EEXIST ? 0 : -1;
		if (rc == 0 && fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
			rc = -1;
		if (rc == 0 && !S_ISDIR(st.st_mode)) {
			errno = S_ISLNK(st.st_mode) ? ELOOP : ENOTDIR;
			rc = -1;
		}
	}
	return close_with(fd, rc);
}

int
beneath_make_link(int root, const char *path, const char *target)
{
	const char *name;
	int fd = beneath_open_parent(root, path, &name);
	struct stat st;
	char *temp;
	int rc;

	if (fd < 0)
		return -1;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode)) {
		errno = EEXIST;
		return close_with(fd, -1);
	}
	temp = copy_temp_name(name);
	rc = symlinkat(target, fd, temp);
	if (rc == 0 && renameat(fd, temp, fd, name) != 0) {
		rc = -1;
		(void)unlinkat(fd, temp, 0);
	}
	free(temp);
	return close_with(fd, rc);
}

int
beneath_set_folder(
    int root, const char *path, mode_t mode, const int64_t *mtime)
{
	struct timespec times[2];
	int fd = beneath_open(root, path), rc;

	if (fd < 0)
		return -1;
	rc = fchmod(fd, mode);
	if (rc == 0 && mtime != NULL) {
		times[0] = times[1] =
		    (struct timespec){.tv_sec = (time_t)*mtime};
		rc = futimens(fd, times);
	}
	return close_with(fd, rc);
}

int
beneath_set_file(int root, const char *path, mode_t mode)
{
	const char *name;
	int parent = beneath_open_parent(root, path, &name), fd;

	if (parent < 0)
		return -1;
	fd = openat(
	    parent, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	(void)close(parent);
	return fd < 0 ? -1 : close_with(fd, fchmod(fd, mode));
}
