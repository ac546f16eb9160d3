/*
 * apply.c -- what an inventory knows about a host, as plain data.
 *
 * Room: engine/conf/inventory.  May touch: base, conf.
 * Values are checked here, when a host is about to be used: an inventory for
 * another program may have much that is of no matter to this run.
 */
#include "config.h"

#include "conf/inventory/apply.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "conf/hostname.h"
#include "conf/inventory/inventory.h"
#include "conf/inventory/sshargs.h"

#include <stdlib.h>
#include <string.h>

struct apply_settings {
	struct apply_settings *before;
	const struct inventory_host *from; /* only to compare vars */
	struct muster_host_settings plain;
	const char **options; /* owned */
	size_t cap;
};

void
apply_init(struct apply *a)
{
	*a = (struct apply){.settings = NULL};
	arena_init(&a->text);
}

void
apply_clear(struct apply *a)
{
	struct apply_settings *before;

	for (struct apply_settings *s = a->settings; s != NULL; s = before) {
		before = s->before;
		free(s->options);
		free(s);
	}
	arena_clear(&a->text);
	apply_init(a);
}

/* ---- values ---- */

static int
refuse(const struct hostref *ref, const char *var, const char *value,
    struct muster_error *err)
{
	if (strstr(value, "{{") != NULL)
		return err_set(err, MUSTER_ERR_FILE,
		    "host '%s': %s is a template, which only Ansible can "
		    "fill in: '%.80s'",
		    ref->host, var, value);
	return err_set(err, MUSTER_ERR_FILE, "host '%s': %s cannot be '%.80s'",
	    ref->host, var, value);
}

static int
apply_address(struct apply *a, const struct hostref *ref, const char *value,
    struct muster_host *out, struct muster_error *err)
{
	if (!hostname_is_valid(value))
		return refuse(ref, "ansible_host", value, err);
	out->address = arena_strdup(&a->text, value);
	return 0;
}

static int
apply_user(struct apply *a, const struct hostref *ref, const char *value,
    struct muster_host *out, struct muster_error *err)
{
	size_t len = strlen(value);

	if (len == 0 || *value == '-' || username_span(value, len) != len)
		return refuse(ref, "ansible_user", value, err);
	out->user = arena_strdup(&a->text, value);
	return 0;
}

static int
apply_port(const struct hostref *ref, const char *value,
    struct muster_host *out, struct muster_error *err)
{
	uint32_t port;

	if (!str_u32(value, 1, UINT16_MAX, &port))
		return refuse(ref, "ansible_port", value, err);
	out->port = (uint16_t)port;
	return 0;
}

/* ---- settings ---- */

static bool
read_bool(const char *value, bool *truth)
{
	static const char *const words[2][6] = {
	    {"false", "no", "off", "0", "n", "f"},
	    {"true", "yes", "on", "1", "y", "t"}};

	for (size_t i = 0; i < 12; i++) {
		*truth = i >= 6;
		if (str_case_is(value, words[i / 6][i % 6]))
			return true;
	}
	return false;
}

/* Takes one "Key=value" of ssh's -o. */
static void
add_option(struct apply *a, struct apply_settings *s, const char *option)
{
	static const char jump[] = "proxyjump";
	size_t n = sizeof(jump) - 1, i = 0;

	while (i < n && str_lower(option[i]) == jump[i])
		i++;
	if (i == n && (option[n] == '=' || str_is_space(option[n]))) {
		option += n + strspn(option + n, "= \t");
		s->plain.jump = arena_strdup(&a->text, option);
		return;
	}
	mem_grow(&s->options, &s->cap, s->plain.n_ssh_options + 1,
	    sizeof(*s->options));
	s->options[s->plain.n_ssh_options++] = arena_strdup(&a->text, option);
	s->plain.ssh_options = s->options;
}

/* Takes -o and -J of arguments for ssh; nothing else is muster's. */
static void
add_ssh_args(struct apply *a, struct apply_settings *s, const char *args)
{
	char *copy = mem_strdup(args), *rest = copy, letter;
	const char *word, *value;

	while ((letter = sshargs_next(&rest, &word, &value)) != '\0') {
		if (letter == 'o' && value != NULL)
			add_option(a, s, value);
		else if (letter == 'J' && value != NULL)
			s->plain.jump = arena_strdup(&a->text, value);
	}
	free(copy);
}

static bool
is_same(const struct inventory_host *x, const struct inventory_host *y)
{
	for (size_t v = INVENTORY_IDENTITY; v <= INVENTORY_BECOME_METHOD; v++)
		if (x->vars[v] != y->vars[v])
			return false;
	return true;
}

static bool
has_settings(const struct inventory_host *about)
{
	static const struct inventory_host none;

	return !is_same(about, &none);
}

/* Copies a value that must not be a template. */
static int
copy_plain(struct apply *a, const struct hostref *ref, const char *var,
    const char *value, const char **copy, struct muster_error *err)
{
	if (value != NULL && (*value == '\0' || strstr(value, "{{") != NULL))
		return refuse(ref, var, value, err);
	*copy = arena_strdup(&a->text, value);
	return 0;
}

/* How it becomes another user. */
static int
set_become(struct apply *a, const struct hostref *ref, struct apply_settings *s,
    struct muster_error *err)
{
	const char *const *vars = s->from->vars;
	const char *become = vars[INVENTORY_BECOME];
	const char *method = vars[INVENTORY_BECOME_METHOD], *dot;

	if (become == NULL)
		return 0;
	if (!read_bool(become, &s->plain.become))
		return refuse(ref, "ansible_become", become, err);
	if (!s->plain.become)
		return 0;
	/* "ansible.builtin.sudo" is sudo */
	dot = method == NULL ? NULL : strrchr(method, '.');
	if (copy_plain(a, ref, "ansible_become_method",
		dot == NULL ? method : dot + 1, &s->plain.become_method,
		err) != 0)
		return -1;
	return copy_plain(a, ref, "ansible_become_user",
	    vars[INVENTORY_BECOME_USER], &s->plain.become_user, err);
}

static int
set_transport(const struct hostref *ref, const char *transport, bool *openssh,
    struct muster_error *err)
{
	*openssh = transport != NULL && strcmp(transport, "openssh") == 0;
	if (transport == NULL || *openssh || strcmp(transport, "libssh2") == 0)
		return 0;
	return refuse(ref, "muster_transport", transport, err);
}

static int
fill_settings(struct apply *a, const struct hostref *ref,
    struct apply_settings *s, struct muster_error *err)
{
	const char *const *vars = s->from->vars;
	const char *args = NULL;

	if (set_become(a, ref, s, err) != 0 ||
	    set_transport(
		ref, vars[INVENTORY_TRANSPORT], &s->plain.openssh, err) != 0 ||
	    copy_plain(a, ref, "ansible_ssh_private_key_file",
		vars[INVENTORY_IDENTITY], &s->plain.identity, err) != 0)
		return -1;
	args = vars[INVENTORY_SSH_ARGS];
	if (args == NULL)
		return 0;
	if (strstr(args, "{{") != NULL)
		return refuse(ref, "ansible_ssh_common_args", args, err);
	add_ssh_args(a, s, args);
	return 0;
}

/* Hosts that follow each other share theirs where they are equal. */
static int
apply_settings(struct apply *a, const struct hostref *ref,
    const struct inventory_host *about, struct muster_host *out,
    struct muster_error *err)
{
	struct apply_settings *s = a->settings;

	if (s == NULL || !is_same(s->from, about)) {
		s = mem_new(sizeof(*s));
		s->before = a->settings;
		s->from = about;
		a->settings = s;
		if (fill_settings(a, ref, s, err) != 0)
			return -1;
	}
	out->settings = &s->plain;
	return 0;
}

int
apply_inventory(struct apply *a, const struct inventory *inv,
    const struct hostref *ref, struct muster_host *out,
    struct muster_error *err)
{
	const struct inventory_host *about =
	    inv == NULL ? NULL : inventory_about(inv, ref->host);
	const char *const *vars;

	*out = (struct muster_host){
	    .name = ref->host, .user = ref->user, .port = ref->port};
	if (about == NULL)
		return 0;
	vars = about->vars;
	if (vars[INVENTORY_ADDRESS] != NULL &&
	    apply_address(a, ref, vars[INVENTORY_ADDRESS], out, err) != 0)
		return -1;
	if (out->user == NULL && vars[INVENTORY_USER] != NULL &&
	    apply_user(a, ref, vars[INVENTORY_USER], out, err) != 0)
		return -1;
	if (out->port == 0 && vars[INVENTORY_PORT] != NULL &&
	    apply_port(ref, vars[INVENTORY_PORT], out, err) != 0)
		return -1;
	return has_settings(about) ? apply_settings(a, ref, about, out, err)
				   : 0;
}
