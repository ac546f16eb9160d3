/*
 * copy_args.c -- what the options of push and pull mean.
 *
 * Room: src.  May touch: muster.h, args.h, heap.h, number.h.
 */
#include "config.h"

#include "src/copy_args.h"

#include "src/args.h"
#include "src/heap.h"
#include "src/number.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- --chmod ---- */

/* Which bits "u", "g", "o", "a" or none stand for. */
static uint32_t
read_who(const char **p)
{
	uint32_t who = 0;

	for (; **p != '\0' && strchr("ugoa", **p) != NULL; ++*p) {
		switch (**p) {
		case 'u':
			who |= 0700;
			break;
		case 'g':
			who |= 0070;
			break;
		case 'o':
			who |= 0007;
			break;
		default:
			who |= 0777;
			break;
		}
	}
	return who != 0 ? who : 0777;
}

/* One clause of chmod(1): "u+rw", "go=", "a+X". */
static bool
read_clause(const char **p, struct muster_copy_options *o)
{
	uint32_t who = read_who(p), bits = 0, execute = 0;
	char op = **p;

	if (op == '\0' || strchr("+-=", op) == NULL)
		return false;
	for (++*p; **p != '\0' && strchr("rwxX", **p) != NULL; ++*p) {
		if (**p == 'X')
			execute |= 0111 & who;
		else
			bits |= (**p == 'r'      ? 0444u
				    : **p == 'w' ? 0222u
						 : 0111u) &
				who;
	}
	if (op == '-') {
		bits |= execute;
		o->chmod_clear |= bits;
		o->chmod_set &= ~bits;
		o->chmod_set_x &= ~bits;
		return true;
	}
	if (op == '=') {
		o->chmod_clear |= who;
		o->chmod_set &= ~who;
		o->chmod_set_x &= ~who;
	}
	o->chmod_set |= bits;
	o->chmod_set_x |= execute;
	return true;
}

static bool
read_octal(const char *text, uint32_t *mode)
{
	size_t len = strlen(text);

	*mode = 0;
	if (len < 3 || len > 4 || strspn(text, "01234567") != len)
		return false;
	for (; *text != '\0'; text++)
		*mode = *mode * 8 + (uint32_t)(*text - '0');
	return true;
}

static bool
read_chmod(const char *text, struct muster_copy_options *o)
{
	uint32_t mode;

	if (read_octal(text, &mode)) {
		o->chmod_clear = 07777;
		o->chmod_set = mode;
		return true;
	}
	while (read_clause(&text, o)) {
		if (*text == '\0')
			return true;
		if (*text++ != ',')
			return false;
	}
	return false;
}

/* ---- --owner, --bwlimit, --verify ---- */

/* A number, or a name that no shell takes for anything else. */
static bool
read_id(const char *text, uint32_t *id, const char **name)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz0123456789._-";

	*name = NULL;
	if (number_u32(text, 0, UINT32_MAX - 1, id))
		return true;
	*name = text;
	return *text != '\0' && *text != '-' &&
	       strspn(text, "0123456789") != strlen(text) &&
	       strspn(text, letters) == strlen(text);
}

/* "USER:GROUP", taken apart in `room`. */
static bool
read_owner(const char *text, char *room, struct muster_copy_options *o)
{
	char *colon;

	if (strlen(text) >= COPY_ARGS_OWNER_BYTES)
		return false;
	memcpy(room, text, strlen(text) + 1);
	colon = strchr(room, ':');
	if (colon == NULL)
		return false;
	*colon = '\0';
	o->set_owner = true;
	return read_id(room, &o->uid, &o->owner) &&
	       read_id(colon + 1, &o->gid, &o->group);
}

/* "500K", "10M", "1G", or bytes. */
static bool
read_rate(const char *text, uint64_t *rate)
{
	static const char units[] = "KMG";
	size_t len = strlen(text);
	const char *unit = len > 1 ? strchr(units, text[len - 1]) : NULL;
	char digits[16];
	uint32_t n;

	if (len == 0 || len >= sizeof(digits))
		return false;
	memcpy(digits, text, len + 1);
	if (unit != NULL)
		digits[len - 1] = '\0';
	if (!number_u32(digits, 1, UINT32_MAX, &n))
		return false;
	*rate = n;
	for (; unit != NULL && unit >= units; unit--)
		*rate *= 1024;
	return true;
}

static bool
read_verify(const char *text, enum muster_verify *verify)
{
	static const char *const words[] = {
	    [MUSTER_VERIFY_SHA256] = "sha256",
	    [MUSTER_VERIFY_SIZE] = "size",
	    [MUSTER_VERIFY_NONE] = "none",
	};

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(text, words[i]) == 0) {
			*verify = (enum muster_verify)i;
			return true;
		}
	}
	return false;
}

int
copy_args_options(const struct args *args, struct muster_copy_options *o,
    char owner[COPY_ARGS_OWNER_BYTES], struct muster_error *err)
{
	*o = (struct muster_copy_options){
	    .preserve = args->preserve,
	    .follow = args->follow,
	    .checksum = args->checksum,
	    .remove = args->remove,
	    .dry_run = args->dry_run,
	    .excludes = args->ignored.items,
	    .n_excludes = args->ignored.n,
	};
	if (args->chmod != NULL && !read_chmod(args->chmod, o))
		return args_error(err,
		    "--chmod wants a mode such as 0644 or u=rwX,go=rX, not "
		    "'%s'",
		    args->chmod);
	if (args->owner != NULL && !read_owner(args->owner, owner, o))
		return args_error(err,
		    "--owner wants USER:GROUP, names or numbers, not '%s'",
		    args->owner);
	if (args->verify != NULL && !read_verify(args->verify, &o->verify))
		return args_error(err,
		    "--verify wants 'sha256', 'size' or 'none', not '%s'",
		    args->verify);
	if (args->bwlimit != NULL && !read_rate(args->bwlimit, &o->bytes_per_s))
		return args_error(err,
		    "--bwlimit wants bytes a second such as 500K or 10M, not "
		    "'%s'",
		    args->bwlimit);
	if (args->host_bwlimit != NULL &&
	    !read_rate(args->host_bwlimit, &o->host_bytes_per_s))
		return args_error(err,
		    "--host-bwlimit wants bytes a second such as 500K or 10M, "
		    "not '%s'",
		    args->host_bwlimit);
	return 0;
}

/* ---- --dest-file ---- */

static size_t
find_host(const struct muster *m, const char *name)
{
	for (size_t i = 0; i < muster_n_hosts(m); i++) {
		if (strcmp(muster_host_name(m, i), name) == 0)
			return i;
	}
	return MUSTER_NOWHERE;
}

/* Takes a line apart in place. Returns 0; hosts that are not in this run may
 * be there. */
static int
read_line(const struct muster *m, char *line, char **dests)
{
	char *name = line + strspn(line, " \t");
	char *dest = name + strcspn(name, " \t\n");
	size_t host;

	if (*name == '#' || *name == '\n' || *name == '\0')
		return 0;
	if (*dest != '\0')
		*dest++ = '\0';
	dest += strspn(dest, " \t");
	dest[strcspn(dest, "\n")] = '\0';
	if (*dest == '\0')
		return -1;
	host = find_host(m, name);
	if (host == MUSTER_NOWHERE)
		return 0;
	free(dests[host]);
	dests[host] = heap_strdup(dest);
	return 0;
}

char **
copy_args_dests(
    const struct muster *m, const char *file, struct muster_error *err)
{
	FILE *f = fopen(file, "re");
	char **dests = NULL, *line = NULL;
	size_t cap = 0, n = 0;
	int rc = 0;

	if (f == NULL) {
		(void)args_error(
		    err, "cannot read '%s': %s", file, strerror(errno));
		return NULL;
	}
	dests = heap_array(muster_n_hosts(m) + 1, sizeof(*dests));
	while (rc == 0 && getline(&line, &cap, f) > 0) {
		n++;
		rc = read_line(m, line, dests);
	}
	if (rc == 0 && ferror(f)) {
		rc = args_error(
		    err, "cannot read '%s': %s", file, strerror(errno));
	} else if (rc != 0) {
		(void)args_error(err,
		    "%s:%zu: a line is a host, blanks and a place for it", file,
		    n);
	}
	free(line);
	(void)fclose(f);
	if (rc == 0)
		return dests;
	copy_args_free(m, dests);
	return NULL;
}

void
copy_args_free(const struct muster *m, char **dests)
{
	for (size_t i = 0; dests != NULL && i < muster_n_hosts(m); i++)
		free(dests[i]);
	free(dests);
}
