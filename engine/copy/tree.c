/*
 * tree.c -- what there is to send: local files and folders, listed.
 *
 * Room: engine/copy.  May touch: base/, source.h.
 * Folders are opened one below the other, never through a link that was not
 * meant: what is swapped for one meanwhile is an error.
 */
#include "config.h"

#include "copy/tree.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "copy/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct walk {
	struct tree *tree;
	const struct tree_options *options;
	struct sources *sources;
	unsigned depth;
	struct muster_error *err;
};

/* Something found: where, and how it is called. */
struct found {
	int at;            /* the folder's descriptor, or AT_FDCWD */
	const char *open;  /* its name for openat(2) */
	const char *name;  /* its last part */
	const char *local; /* whole, for messages and for opening it later */
	const char *inner; /* below what was named; "" for that itself */
	size_t parent;
};

void
tree_free(struct tree *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->n_notes; i++)
		free(t->notes[i]);
	free(t->notes);
	free(t->entries);
	if (t->arena != NULL)
		arena_clear(t->arena);
	free(t->arena);
	free(t);
}

static void
note(struct tree *t, char *text)
{
	mem_grow(&t->notes, &t->cap_notes, t->n_notes + 1, sizeof(*t->notes));
	t->notes[t->n_notes++] = text;
}

static bool
matches(const char *pattern, const char *path, bool is_folder)
{
	size_t len = strlen(pattern);
	const char *base = strrchr(path, '/');
	char *plain;
	bool yes;

	if (len > 1 && pattern[len - 1] == '/') {
		if (!is_folder)
			return false;
		len--;
	}
	plain = mem_strndup(pattern, len);
	if (strchr(plain, '/') != NULL)
		yes =
		    fnmatch(plain + (plain[0] == '/'), path, FNM_PATHNAME) == 0;
	else
		yes = fnmatch(plain, base != NULL ? base + 1 : path, 0) == 0;
	free(plain);
	return yes;
}

bool
tree_is_excluded(
    const char *const *patterns, size_t n, const char *path, bool is_folder)
{
	for (size_t i = 0; i < n; i++) {
		if (matches(patterns[i], path, is_folder))
			return true;
	}
	return false;
}

/* ---- entries ---- */

static struct tree_entry *
add_entry(struct walk *w, const struct found *f, const struct stat *st)
{
	struct tree *t = w->tree;
	struct tree_entry *e;

	if (t->n >= LIMIT_COPY_ENTRIES) {
		(void)err_set(w->err, MUSTER_ERR_LIMIT,
		    "over %d files to copy, at '%s'", LIMIT_COPY_ENTRIES,
		    f->local);
		return NULL;
	}
	mem_grow(&t->entries, &t->cap, t->n + 1, sizeof(*t->entries));
	e = &t->entries[t->n++];
	*e = (struct tree_entry){
	    .parent = f->parent,
	    .name = arena_strdup(t->arena, f->name),
	    .local = arena_strdup(t->arena, f->local),
	    .mode = (uint32_t)st->st_mode & 07777,
	    .mtime = st->st_mtim.tv_sec,
	};
	return e;
}

static int
add_file(struct walk *w, const struct found *f, const struct stat *st)
{
	struct tree_entry *e = add_entry(w, f, st);

	if (e == NULL)
		return -1;
	e->kind = TREE_FILE;
	e->size = (uint64_t)st->st_size;
	e->source = source_new(w->sources, e->local);
	w->tree->n_files++;
	w->tree->bytes += e->size;
	return 0;
}

static int
add_link(struct walk *w, const struct found *f, const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(f->at, f->open, target, sizeof(target) - 1);
	struct tree_entry *e;

	if (n < 0)
		return err_sys(w->err, MUSTER_ERR_FILE, errno,
		    "cannot read the link '%s'", f->local);
	target[n] = '\0';
	e = add_entry(w, f, st);
	if (e == NULL)
		return -1;
	e->kind = TREE_LINK;
	e->target = arena_strdup(w->tree->arena, target);
	w->tree->n_files++;
	return 0;
}

static int visit(struct walk *w, const struct found *f);

static int
visit_child(struct walk *w, const struct found *folder, int fd, size_t parent,
    const char *name)
{
	char *local = mem_printf("%s%s%s", folder->local,
	    str_ends(folder->local, "/") ? "" : "/", name);
	char *inner = mem_printf(
	    "%s%s%s", folder->inner, *folder->inner != '\0' ? "/" : "", name);
	const struct found child = {.at = fd,
	    .open = name,
	    .name = name,
	    .local = local,
	    .inner = inner,
	    .parent = parent};
	int rc = visit(w, &child);

	free(local);
	free(inner);
	return rc;
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, sorted; NULL with errno. */
static char **
list(int fd, size_t *n)
{
	DIR *dir = fdopendir(fd);
	char **names = NULL;
	size_t cap = 0;
	struct dirent *d;

	*n = 0;
	if (dir == NULL)
		return NULL;
	while ((errno = 0, d = readdir(dir)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		mem_grow(&names, &cap, *n + 1, sizeof(*names));
		names[(*n)++] = mem_strdup(d->d_name);
	}
	(void)closedir(dir);
	if (*n > 0)
		qsort(names, *n, sizeof(*names), compare);
	return names != NULL ? names : mem_new(1);
}

static int
visit_names(struct walk *w, const struct found *f, int fd, size_t index)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	size_t n = 0;
	char **names = copy < 0 ? NULL : list(copy, &n);
	int rc = 0;

	if (names == NULL)
		return err_sys(w->err, MUSTER_ERR_FILE, errno,
		    "cannot list '%s'", f->local);
	for (size_t i = 0; i < n; i++) {
		if (rc == 0)
			rc = visit_child(w, f, fd, index, names[i]);
		free(names[i]);
	}
	free(names);
	return rc;
}

static int
add_folder(
    struct walk *w, const struct found *f, const struct stat *st, bool follow)
{
	int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	size_t index = w->tree->n;
	struct tree_entry *e;
	int fd, rc;

	if (w->depth >= LIMIT_COPY_DEPTH)
		return err_set(w->err, MUSTER_ERR_LIMIT,
		    "folders over %d deep, at '%s'", LIMIT_COPY_DEPTH,
		    f->local);
	fd = openat(f->at, f->open, follow ? flags : flags | O_NOFOLLOW);
	if (fd < 0)
		return err_sys(w->err, MUSTER_ERR_FILE, errno,
		    "cannot read '%s'", f->local);
	e = add_entry(w, f, st);
	if (e == NULL) {
		(void)close(fd);
		return -1;
	}
	e->kind = TREE_FOLDER;
	w->depth++;
	rc = visit_names(w, f, fd, index);
	w->depth--;
	(void)close(fd);
	return rc;
}

static int
visit(struct walk *w, const struct found *f)
{
	bool follow = w->options->follow || f->parent == TREE_ROOT;
	struct stat st;

	if (fstatat(f->at, f->open, &st, follow ? 0 : AT_SYMLINK_NOFOLLOW) !=
		0 &&
	    (!follow ||
		fstatat(f->at, f->open, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
		f->parent == TREE_ROOT))
		return err_sys(w->err, MUSTER_ERR_FILE, errno,
		    "cannot read '%s'", f->local);
	if (*f->inner != '\0' &&
	    tree_is_excluded(w->options->excludes, w->options->n_excludes,
		f->inner, S_ISDIR(st.st_mode)))
		return 0;
	if (S_ISREG(st.st_mode))
		return add_file(w, f, &st);
	if (S_ISDIR(st.st_mode))
		return add_folder(w, f, &st, follow);
	if (S_ISLNK(st.st_mode))
		return add_link(w, f, &st);
	if (f->parent == TREE_ROOT)
		return err_set(w->err, MUSTER_ERR_FILE,
		    "'%s' is neither a file nor a folder", f->local);
	note(w->tree, mem_printf("'%s' is left out: it is neither a file nor "
				 "a folder nor a link",
			  f->local));
	return 0;
}

/* ---- what was named ---- */

char *
tree_last_part(const char *path)
{
	size_t len = strlen(path);
	const char *p;

	while (len > 1 && path[len - 1] == '/')
		len--;
	for (p = path + len; p > path && p[-1] != '/'; p--)
		;
	return mem_strndup(p, (size_t)(path + len - p));
}

static int
visit_root(struct walk *w, const char *path)
{
	char *name = tree_last_part(path);
	const struct found f = {.at = AT_FDCWD,
	    .open = path,
	    .name =
		strcmp(name, "..") == 0 || strcmp(name, "/") == 0 ? "." : name,
	    .local = path,
	    .inner = "",
	    .parent = TREE_ROOT};
	int rc = visit(w, &f);

	free(name);
	w->tree->n_roots++;
	return rc;
}

static int
visit_pattern(struct walk *w, const char *pattern)
{
	glob_t found = {0};
	int rc = glob(pattern, GLOB_ERR, NULL, &found);

	if (rc == GLOB_NOMATCH) {
		rc = err_set(
		    w->err, MUSTER_ERR_EMPTY, "nothing matches '%s'", pattern);
	} else if (rc != 0) {
		rc = err_sys(w->err, MUSTER_ERR_FILE, errno,
		    "cannot look for '%s'", pattern);
	} else {
		for (size_t i = 0; i < found.gl_pathc && rc == 0; i++)
			rc = visit_root(w, found.gl_pathv[i]);
	}
	globfree(&found);
	return rc;
}

static int
visit_named(struct walk *w, const char *path)
{
	struct stat st;

	if (*path == '\0')
		return err_set(
		    w->err, MUSTER_ERR_FILE, "the name of a file is empty");
	if (lstat(path, &st) != 0 && errno == ENOENT &&
	    strpbrk(path, "*?[") != NULL)
		return visit_pattern(w, path);
	return visit_root(w, path);
}

/* Two things that would get one name on the other side. */
static int
check_names(const struct tree *t, struct muster_error *err)
{
	struct map *names = map_new();
	int rc = 0;

	for (size_t i = 0; i < t->n && rc == 0; i++) {
		struct tree_entry *e = &t->entries[i], *twin;

		if (e->parent != TREE_ROOT || strcmp(e->name, ".") == 0)
			continue;
		twin = map_puts(names, e->name, e);
		if (twin != NULL)
			rc = err_set(err, MUSTER_ERR_USAGE,
			    "'%s' and '%s' have one name", twin->local,
			    e->local);
	}
	map_free(names, NULL);
	return rc;
}

struct tree *
tree_walk(const char *const *paths, size_t n, const struct tree_options *o,
    struct sources *sources, struct muster_error *err)
{
	struct tree *t = mem_new(sizeof(*t));
	struct walk w = {
	    .tree = t, .options = o, .sources = sources, .err = err};
	int rc = 0;

	t->arena = mem_new(sizeof(struct arena));
	arena_init(t->arena);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = visit_named(&w, paths[i]);
	if (rc == 0)
		rc = check_names(t, err);
	if (rc == 0)
		return t;
	tree_free(t);
	return NULL;
}
