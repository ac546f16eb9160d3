/*
 * lies.c -- what an SFTP server may answer that it should not.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 * An answer's body is its type (1 byte), its id (4), and the rest.
 */
#include "config.h"

#include "base/buf.h"
#include "hostile.h"
#include "sftp.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define HEAD 5 /* type and id */
#define NAMES_EACH 1000

static uint8_t *
bytes(struct sftp_answer *a)
{
	return a->body.mem + a->body.off;
}

static uint8_t
type_of(struct sftp_answer *a)
{
	return a->body.len > 0 ? bytes(a)[0] : 0;
}

static void
put_u32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static uint32_t
get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* The answer becomes another one, to the same request. */
static void
become(struct sftp_answer *a, uint8_t type)
{
	uint32_t id = get_u32(bytes(a) + 1);

	buf_reset(&a->body);
	(void)buf_add_u8(&a->body, type);
	(void)buf_add_u32(&a->body, id);
}

static void
add_name(struct buf *b, const void *name, size_t len, uint32_t mode)
{
	(void)buf_add_string(b, name, len);
	(void)buf_add_cstring(b, "");
	(void)buf_add_u32(b, 5);
	(void)buf_add_u64(b, 0);
	(void)buf_add_u32(b, mode);
}

/* ---- the conversation ---- */

void
sim_sftp_version(struct sftp_answer *a, uint64_t arg)
{
	if (a->asked == FXP_INIT)
		put_u32(bytes(a) + 1, (uint32_t)arg);
}

void
sim_sftp_garbage(struct sftp_answer *a, uint64_t arg)
{
	(void)arg;
	if (a->asked != FXP_INIT)
		return;
	buf_reset(&a->body);
	(void)buf_adds(&a->body, "Welcome, you have \033]0;mail\a\r\n");
	a->raw = true;
}

void
sim_sftp_length(struct sftp_answer *a, uint64_t arg)
{
	if (a->asked == FXP_INIT)
		return;
	a->has_length = true;
	a->length = (uint32_t)arg;
}

void
sim_sftp_first_length(struct sftp_answer *a, uint64_t arg)
{
	a->has_length = a->asked == FXP_INIT;
	a->length = (uint32_t)arg;
}

void
sim_sftp_id(struct sftp_answer *a, uint64_t arg)
{
	if (a->asked != FXP_INIT && a->server->n_answers > 3)
		put_u32(bytes(a) + 1, get_u32(bytes(a) + 1) + (uint32_t)arg);
}

void
sim_sftp_twice(struct sftp_answer *a, uint64_t arg)
{
	(void)arg;
	a->twice = a->asked != FXP_INIT;
}

void
sim_sftp_silent(struct sftp_answer *a, uint64_t arg)
{
	a->drop = a->server->n_answers >= arg;
}

void
sim_sftp_cut(struct sftp_answer *a, uint64_t arg)
{
	if (a->server->n_answers >= arg) {
		a->drop = true;
		a->server->is_cut = true;
	}
}

void
sim_sftp_plain(struct sftp_answer *a, uint64_t arg)
{
	(void)arg;
	if (a->asked != FXP_INIT)
		return;
	a->server->plain = true;
	buf_reset(&a->body);
	(void)buf_add_u8(&a->body, FXP_VERSION);
	(void)buf_add_u32(&a->body, 3);
}

/* ---- kinds and lengths ---- */

void
sim_sftp_kind(struct sftp_answer *a, uint64_t arg)
{
	(void)arg;
	if (type_of(a) != FXP_ATTRS)
		return;
	become(a, FXP_DATA);
	(void)buf_add_cstring(&a->body, "data");
}

void
sim_sftp_handle(struct sftp_answer *a, uint64_t arg)
{
	static const uint8_t handle[4096];

	if (type_of(a) != FXP_HANDLE)
		return;
	become(a, FXP_HANDLE);
	(void)buf_add_string(&a->body, handle, arg > 4096 ? 4096 : (size_t)arg);
}

/* Data of another length than was read: shorter (which is allowed), none, or
 * more. */
static void
resize_data(struct sftp_answer *a, size_t len)
{
	static uint8_t data[300 * 1024];
	size_t had;

	if (type_of(a) != FXP_DATA)
		return;
	had = get_u32(bytes(a) + HEAD);
	memset(data, 'x', sizeof(data));
	memcpy(data, bytes(a) + HEAD + 4, had);
	become(a, FXP_DATA);
	(void)buf_add_string(
	    &a->body, data, len > sizeof(data) ? sizeof(data) : len);
}

void
sim_sftp_short(struct sftp_answer *a, uint64_t arg)
{
	if (type_of(a) == FXP_DATA &&
	    get_u32(bytes(a) + HEAD) > (arg > 0 ? arg : 1))
		resize_data(a, arg > 0 ? (size_t)arg : 1);
}

void
sim_sftp_empty(struct sftp_answer *a, uint64_t arg)
{
	(void)arg;
	resize_data(a, 0);
}

void
sim_sftp_long(struct sftp_answer *a, uint64_t arg)
{
	if (type_of(a) == FXP_DATA)
		resize_data(a, get_u32(bytes(a) + HEAD) + (size_t)arg);
}

/* ---- what files are ---- */

void
sim_sftp_size(struct sftp_answer *a, uint64_t arg)
{
	if (type_of(a) != FXP_ATTRS)
		return;
	put_u32(bytes(a) + HEAD + 4, (uint32_t)(arg >> 32));
	put_u32(bytes(a) + HEAD + 8, (uint32_t)arg);
}

void
sim_sftp_mode(struct sftp_answer *a, uint64_t arg)
{
	if (type_of(a) != FXP_ATTRS || S_ISDIR(get_u32(bytes(a) + HEAD + 20)))
		return;
	put_u32(bytes(a) + HEAD + 12, 0);
	put_u32(bytes(a) + HEAD + 16, 0);
	put_u32(bytes(a) + HEAD + 20, S_IFREG | (uint32_t)arg);
	put_u32(bytes(a) + HEAD + 24, UINT32_MAX);
	put_u32(bytes(a) + HEAD + 28, UINT32_MAX);
}

/* A file that is another each time one looks. */
void
sim_sftp_changes(struct sftp_answer *a, uint64_t arg)
{
	(void)arg;
	if (a->asked == FXP_FSTAT && type_of(a) == FXP_ATTRS)
		put_u32(bytes(a) + HEAD + 28, ++a->server->n_listed);
}

void
sim_sftp_spoils(struct sftp_answer *a, uint64_t arg)
{
	(void)arg;
	a->server->spoils = true;
}

void
sim_sftp_forgets(struct sftp_answer *a, uint64_t arg)
{
	(void)arg;
	a->server->forgets = true;
}

/* ---- names ---- */

static const struct {
	const char *name;
	size_t len;
} evil[] = {
#define NAME(text)                                                             \
	{                                                                      \
		text, sizeof(text) - 1                                         \
	}
    NAME(""),
    NAME("."),
    NAME(".."),
    NAME("../out"),
    NAME("/etc/out"),
    NAME("a/b"),
    NAME("nul\0name"),
    NAME("new\nline"),
    NAME("\033[2Jescape"),
    NAME("twin"),
    NAME("twin"),
#undef NAME
};

static void
list_evil(struct buf *b)
{
	char lengthy[4096];

	memset(lengthy, 'l', sizeof(lengthy));
	(void)buf_add_u32(b, sizeof(evil) / sizeof(evil[0]) + 1);
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++)
		add_name(b, evil[i].name, evil[i].len, S_IFREG | 0644);
	add_name(b, lengthy, sizeof(lengthy), S_IFREG | 0644);
}

void
sim_sftp_names(struct sftp_answer *a, uint64_t arg)
{
	(void)arg;
	/* Once, before the end of the true list. */
	if (a->asked != FXP_READDIR || type_of(a) != FXP_STATUS ||
	    a->server->n_listed++ > 0)
		return;
	become(a, FXP_NAME);
	list_evil(&a->body);
}

void
sim_sftp_endless(struct sftp_answer *a, uint64_t arg)
{
	char name[32];

	(void)arg;
	if (a->asked != FXP_READDIR)
		return;
	become(a, FXP_NAME);
	(void)buf_add_u32(&a->body, NAMES_EACH);
	for (unsigned i = 0; i < NAMES_EACH; i++) {
		int n = snprintf(
		    name, sizeof(name), "%u.%u", a->server->n_listed, i);

		add_name(&a->body, name, (size_t)n, S_IFIFO | 0644);
	}
	a->server->n_listed++;
}

/* Folders in folders in folders. */
void
sim_sftp_deep(struct sftp_answer *a, uint64_t arg)
{
	static const uint8_t handle[] = "deep";

	(void)arg;
	if (a->asked == FXP_OPENDIR) {
		become(a, FXP_HANDLE);
		(void)buf_add_string(&a->body, handle, 4);
		a->server->n_listed = 0;
	} else if (a->asked == FXP_READDIR && a->server->n_listed++ == 0) {
		become(a, FXP_NAME);
		(void)buf_add_u32(&a->body, 1);
		add_name(&a->body, "d", 1, S_IFDIR | 0755);
	} else if (a->asked == FXP_READDIR) {
		become(a, FXP_STATUS);
		(void)buf_add_u32(&a->body, FX_EOF);
	} else if (a->asked == FXP_CLOSE) {
		become(a, FXP_STATUS);
		(void)buf_add_u32(&a->body, FX_OK);
	}
}

void
sim_sftp_count(struct sftp_answer *a, uint64_t arg)
{
	if (type_of(a) == FXP_NAME)
		put_u32(bytes(a) + HEAD, (uint32_t)arg);
}

void
sim_sftp_target(struct sftp_answer *a, uint64_t arg)
{
	(void)arg;
	if (a->asked != FXP_READLINK)
		return;
	become(a, FXP_NAME);
	(void)buf_add_u32(&a->body, 1);
	add_name(&a->body, "a\0b", 3, 0);
}

void
sim_sftp_words(struct sftp_answer *a, uint64_t arg)
{
	(void)arg;
	if (a->asked != FXP_OPEN)
		return;
	become(a, FXP_STATUS);
	(void)buf_add_u32(&a->body, FX_FAILURE);
	(void)buf_add_cstring(
	    &a->body, "disk \033[31mon fire\nmuster: all is well \xc2\x9b\xff");
	(void)buf_add_cstring(&a->body, "");
}
