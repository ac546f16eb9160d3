/*
 * order.c -- a command or a copy, and what becomes of it on one host.
 *
 * Room: engine/fleet.  May touch: base/, ssh/become.h, cargo.h, feed.h,
 * input.h.
 */
#include "config.h"

#include "fleet/order.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "fleet/cargo.h"

#include <stdlib.h>

struct order *
order_new(const struct muster_command *command, struct feed *feed,
    struct muster_error *err)
{
	const struct muster_become *become = command->become;
	struct order *o = mem_new(sizeof(*o));

	if (become != NULL && !become_method_of(become->method, &o->method)) {
		free(o);
		return err_null(err, MUSTER_ERR_USAGE,
		    "no way to become another user is called '%s': sudo, su "
		    "or doas",
		    become->method);
	}
	atomic_init(&o->n_users, 1);
	o->command = mem_strdup(command->command);
	o->shell = mem_strdup(command->shell);
	o->folder = mem_strdup(command->folder);
	o->term = mem_strdup(command->term);
	o->columns = command->columns != 0 ? command->columns : 80;
	o->rows = command->rows != 0 ? command->rows : 24;
	o->pty = command->pty;
	o->becomes = become != NULL;
	o->user = mem_strdup(become != NULL ? become->user : NULL);
	o->input = mem_dup(command->input, command->input_len);
	o->input_len = command->input_len;
	o->input_file = mem_strdup(command->input_file);
	if (command->more_input) {
		o->feed = feed_ref(feed);
		o->place = feed_now(feed);
	}
	return o;
}

struct order *
order_new_copy(struct cargo *cargo, const struct muster_become *become)
{
	struct order *o = mem_new(sizeof(*o));

	atomic_init(&o->n_users, 1);
	o->cargo = cargo;
	if (become != NULL) {
		o->becomes = become_method_of(become->method, &o->method);
		o->user = mem_strdup(become->user);
	}
	return o;
}

struct order *
order_new_keys(void)
{
	struct order *o = mem_new(sizeof(*o));

	atomic_init(&o->n_users, 1);
	o->only_keys = true;
	return o;
}

struct order *
order_ref(struct order *o)
{
	atomic_fetch_add(&o->n_users, 1);
	return o;
}

void
order_free(struct order *o)
{
	if (o == NULL || atomic_fetch_sub(&o->n_users, 1) != 1)
		return;
	free(o->command);
	free(o->shell);
	free(o->folder);
	free(o->term);
	free(o->user);
	free(o->input);
	free(o->input_file);
	feed_free(o->feed);
	cargo_free(o->cargo);
	free(o);
}

static int
compose(struct run *r, const struct become_order *how, struct muster_error *err)
{
	struct buf text;

	/* su says its prompt to a terminal alone, and so does doas. */
	if (how->becomes && how->password && !how->pty &&
	    how->method == BECOME_DOAS)
		return err_set(err, MUSTER_ERR_USAGE,
		    "doas takes a password from a terminal only: see --tty");
	if (how->becomes)
		become_init(&r->become, how);
	buf_init(&text, LIMIT_COMMAND_BYTES);
	if (!become_compose(&r->become, how, &text)) {
		buf_clear(&text);
		return err_set(err, MUSTER_ERR_LIMIT,
		    "the command is too long: over %d bytes",
		    LIMIT_COMMAND_BYTES);
	}
	r->text = buf_take_str(&text);
	return 0;
}

struct run *
run_new(
    const struct order *o, const struct run_as *as, struct muster_error *err)
{
	struct run *r = mem_new(sizeof(*r));
	const struct become_order how = {
	    .command = o->command,
	    .shell = o->shell,
	    .folder = o->folder,
	    .user = as->user != NULL ? as->user : "root",
	    .method = as->method,
	    .becomes = as->becomes,
	    .pty = o->pty || as->pty,
	    .password = as->password,
	};

	r->input = (struct input){.data = o->input,
	    .len = o->input_len,
	    .feed = o->feed,
	    .place = o->place};
	if (((how.becomes || how.shell != NULL || how.folder != NULL) &&
		compose(r, &how, err) != 0) ||
	    input_begin(&r->input, o->input_file, err) != 0) {
		run_free(r);
		return NULL;
	}
	r->command = (struct session_command){
	    .command = r->text != NULL ? r->text : o->command,
	    .pty = how.pty,
	    .term = o->term != NULL ? o->term : "dumb",
	    .columns = o->columns,
	    .rows = o->rows,
	    .become = how.becomes ? &r->become : NULL,
	};
	return r;
}

void
run_free(struct run *r)
{
	if (r == NULL)
		return;
	input_end(&r->input);
	free(r->text);
	free(r);
}
