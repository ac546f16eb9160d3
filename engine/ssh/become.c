/*
 * become.c -- a command as another user: its text, and the talk before it.
 *
 * Room: engine/ssh.  May touch: base/.
 */
#include "config.h"

#include "ssh/become.h"
#include "base/shell.h"
#include "base/secret.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#define TOKEN_BYTES 64

static const char *const names[] = {
    [BECOME_SUDO] = "sudo", [BECOME_SU] = "su", [BECOME_DOAS] = "doas"};

bool
become_method_of(const char *name, enum become_method *method)
{
	*method = BECOME_SUDO;
	if (name == NULL)
		return true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		*method = (enum become_method)i;
		if (strcmp(name, names[i]) == 0)
			return true;
	}
	return false;
}

static void
draw(char hex[33])
{
	uint8_t bytes[16];

	while (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		;
	for (size_t i = 0; i < sizeof(bytes); i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
}

/* Stands in a text that is quoted already: no name but a plain one. */
static void
name_killer(struct become *b, const char *user)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";

	if (b->method == BECOME_SU || *user == '-' ||
	    user[strspn(user, plain)] != '\0' ||
	    snprintf(b->kill, sizeof(b->kill), "%s -n -u %s kill",
		names[b->method], user) >= (int)sizeof(b->kill))
		b->kill[0] = '\0';
}

void
become_init(struct become *b, const struct become_order *o)
{
	*b = (struct become){.method = o->method, .pty = o->pty};
	name_killer(b, o->user);
	draw(b->secret[0]);
	draw(b->secret[1]);
}

/* ---- the text ---- */

/* A folder that no shell takes for an option. */
static bool
add_folder(struct buf *out, const char *folder)
{
	struct buf path;
	bool ok;

	if (folder == NULL)
		return true;
	buf_init(&path, out->max);
	ok = (*folder != '-' || buf_adds(&path, "./")) &&
	     buf_adds(&path, folder) && buf_adds(out, "cd ") &&
	     shell_add_word(out, buf_str(&path)) &&
	     buf_adds(out, " || exit 1\n");
	buf_clear(&path);
	return ok;
}

static bool
add_command(struct buf *out, const struct become_order *o)
{
	struct buf inner;
	bool ok;

	if (o->shell == NULL)
		return add_folder(out, o->folder) && buf_adds(out, o->command);
	buf_init(&inner, out->max);
	ok = add_folder(&inner, o->folder) && buf_adds(&inner, o->command) &&
	     buf_addf(out, "exec %s -c ", o->shell) &&
	     shell_add_word(out, buf_str(&inner));
	buf_clear(&inner);
	return ok;
}

/* The marker in two parts, the wait for our word, and then the command. */
static bool
add_starter(
    struct buf *out, const struct become *b, const struct become_order *o)
{
	return buf_addf(out,
		   "printf '%%s%%s' 'muster:%.16s' '%s:go' >&2 && "
		   "read -r muster_go || exit 125\nunset muster_go\n",
		   b->secret[1], b->secret[1] + 16) &&
	       add_command(out, o);
}

static bool
add_sudo(struct buf *out, const struct become *b, const struct become_order *o,
    const char *starter)
{
	bool ok = buf_adds(out, "exec sudo ");

	ok = ok && (o->password ? buf_addf(out, "-S -p '[muster%%%%%s] '",
				      b->secret[0])
				: buf_adds(out, "-n"));
	return ok && buf_adds(out, " -u ") && shell_add_word(out, o->user) &&
	       buf_adds(out, " -- /bin/sh -c ") && shell_add_word(out, starter);
}

/* su and doas make prompts of their own: ours says that theirs is next. */
static bool
add_caller(struct buf *out, const struct become *b,
    const struct become_order *o, const char *starter)
{
	struct buf inner, call;
	bool ok;

	buf_init(&inner, out->max);
	buf_init(&call, out->max);
	ok = buf_adds(&inner, "exec /bin/sh -c ") &&
	     shell_add_word(&inner, starter);
	if (o->password)
		ok = ok &&
		     buf_addf(&call, "printf '%%s%%s' '[muster%%' '%s] ' >&2; ",
			 b->secret[0]);
	ok = ok && buf_addf(&call, "exec %s ", names[o->method]);
	if (o->method == BECOME_SU)
		ok = ok && shell_add_word(&call, o->user) &&
		     buf_adds(&call, " -c ") &&
		     shell_add_word(&call, buf_str(&inner));
	else
		ok = ok && buf_adds(&call, o->password ? "-u " : "-n -u ") &&
		     shell_add_word(&call, o->user) &&
		     buf_adds(&call, " -- /bin/sh -c ") &&
		     shell_add_word(&call, starter);
	ok = ok && buf_adds(out, "exec /bin/sh -c ") &&
	     shell_add_word(out, buf_str(&call));
	buf_clear(&inner);
	buf_clear(&call);
	return ok;
}

bool
become_compose(
    const struct become *b, const struct become_order *o, struct buf *out)
{
	struct buf starter;
	bool ok;

	if (!o->becomes)
		return add_command(out, o);
	buf_init(&starter, out->max);
	ok = add_starter(&starter, b, o);
	if (o->method == BECOME_SUDO)
		ok = ok && add_sudo(out, b, o, buf_str(&starter));
	else
		ok = ok && add_caller(out, b, o, buf_str(&starter));
	buf_clear(&starter);
	return ok;
}

/* ---- the talk ---- */

/* For messages: the latest line that was shown and is not empty; once the
 * password was given the first, for sudo goes on with a command of many. */
static void
remember(struct become *b, const char *data, size_t len)
{
	if (b->phase == BECOME_GIVEN && !b->answered) {
		b->answered = true;
		b->last_over = true;
		b->n_last = 0;
		b->last[0] = '\0';
	}
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n' || data[i] == '\r') {
			b->last_over = true;
			continue;
		}
		if (b->last_over && b->answered && b->n_last > 0)
			return;
		if (b->last_over)
			b->n_last = 0;
		b->last_over = false;
		if (b->n_last < sizeof(b->last) - 1)
			b->last[b->n_last++] = data[i];
		b->last[b->n_last] = '\0';
	}
}

static void
let_out(struct become *b, size_t n, become_show show, void *arg)
{
	size_t skip = 0;

	while (b->after && skip < n &&
	       (b->held[skip] == '\n' || b->held[skip] == '\r'))
		skip++;
	if (skip < n) {
		b->after = false;
		remember(b, b->held + skip, n - skip);
		show(arg, b->held + skip, n - skip);
	}
	b->n_held -= n;
	memmove(b->held, b->held + n, b->n_held);
}

/* Where `token` begins in what is held, whole or, at its end, in part.
 * Returns n_held for nowhere; *whole tells which. */
static size_t
find(const struct become *b, const char *token, size_t len, bool *whole)
{
	for (size_t at = 0; at < b->n_held; at++) {
		size_t left = b->n_held - at;
		size_t n = left < len ? left : len;

		if (memcmp(b->held + at, token, n) != 0)
			continue;
		*whole = n == len;
		return at;
	}
	*whole = false;
	return b->n_held;
}

static void
prompted(struct become *b)
{
	b->after = true;
	if (b->method != BECOME_SUDO && b->phase == BECOME_ASKING)
		b->called = true;
	else
		b->phase = b->phase == BECOME_ASKING ? BECOME_PROMPTED
						     : BECOME_REFUSED;
}

static void
let_in(struct become *b)
{
	b->phase = BECOME_LET_IN;
}

/* Was typed where it is echoed. */
static void
swallow(struct become *b)
{
	b->after = true;
}

/* Takes the first of the tokens that is there off what is held, and shows
 * what stands before it. Returns whether one was whole. */
static bool
cut(struct become *b, become_show show, void *arg)
{
	char texts[2][TOKEN_BYTES];
	struct {
		const char *text;
		size_t len;
		void (*met)(struct become *b);
	} tokens[3] = {{texts[0], 0, prompted}, {texts[1], 0, let_in}};
	size_t n = 2, first = b->n_held, which = 0;
	bool is_whole = false;

	tokens[0].len = (size_t)snprintf(
	    texts[0], TOKEN_BYTES, "[muster%%%s] ", b->secret[0]);
	tokens[1].len = (size_t)snprintf(
	    texts[1], TOKEN_BYTES, "muster:%s:go", b->secret[1]);
	if (b->password != NULL && b->pty && b->phase == BECOME_GIVEN) {
		tokens[n].text = secret_data(b->password);
		tokens[n].len = secret_len(b->password);
		tokens[n++].met = swallow;
	}
	for (size_t i = 0; i < n; i++) {
		bool whole;
		size_t at = find(b, tokens[i].text, tokens[i].len, &whole);

		if (at >= first)
			continue;
		first = at;
		which = i;
		is_whole = whole;
	}
	if (is_whole || !b->called)
		let_out(b, first, show, arg);
	if (!is_whole)
		return false;
	b->n_held -= tokens[which].len;
	memmove(b->held, b->held + tokens[which].len, b->n_held);
	tokens[which].met(b);
	return true;
}

/* What goes on like that is no question of su or doas; but what follows the
 * last line may be the beginning of a token. */
static void
let_out_talk(struct become *b, become_show show, void *arg)
{
	bool is_full = b->n_held == sizeof(b->held);
	const char *newline = memrchr(b->held, '\n', b->n_held);
	size_t n = newline != NULL ? (size_t)(newline - b->held) + 1 : 0;

	if (is_full && n == 0)
		n = b->n_held - TOKEN_BYTES;
	if (!b->called || n == 0)
		return;
	b->called = !is_full && b->phase == BECOME_ASKING;
	let_out(b, n, show, arg);
}

/* The terminal echoes our word, before the command can say anything. */
static size_t
skip_echo(struct become *b, const char *data, size_t len)
{
	size_t n = 0;

	while (b->pty && b->n_echo < 2 && n < len) {
		if (data[n] != "\r\n"[b->n_echo]) {
			b->n_echo = 2;
			break;
		}
		b->n_echo++;
		n++;
	}
	return n;
}

void
become_take(
    struct become *b, const void *data, size_t len, become_show show, void *arg)
{
	const char *text = data;

	while (len > 0 && b->phase < BECOME_LET_IN) {
		size_t room = sizeof(b->held) - b->n_held;
		size_t n = len < room ? len : room;

		memcpy(b->held + b->n_held, text, n);
		b->n_held += n;
		text += n;
		len -= n;
		while (b->phase < BECOME_LET_IN && cut(b, show, arg))
			;
		let_out_talk(b, show, arg);
	}
	if (b->phase < BECOME_LET_IN)
		return;
	if (b->n_held > 0) {
		size_t n = b->n_held - skip_echo(b, b->held, b->n_held);

		if (n > 0)
			show(arg, b->held + b->n_held - n, n);
		b->n_held = 0;
	}
	if (len > 0) {
		size_t n = skip_echo(b, text, len);

		if (n < len)
			show(arg, text + n, len - n);
	}
}

bool
become_waits(const struct become *b)
{
	const char *end = b->held + b->n_held;

	if (!b->called || b->phase != BECOME_ASKING)
		return false;
	while (end > b->held && end[-1] == ' ')
		end--;
	return end > b->held && end[-1] == ':';
}

void
become_quiet(struct become *b)
{
	if (!become_waits(b))
		return;
	b->phase = BECOME_PROMPTED;
	b->called = false;
	b->n_held = 0;
	b->after = true;
}

void
become_end(struct become *b, become_show show, void *arg)
{
	if (b->phase < BECOME_LET_IN && b->n_held > 0)
		let_out(b, b->n_held, show, arg);
}

/* ---- how it ends instead ---- */

static bool
has(const char *text, const char *word)
{
	return strstr(text, word) != NULL;
}

static enum muster_outcome
judge(const struct become *b, const char *last)
{
	if (b->phase == BECOME_GIVEN && !has(last, "sudoers") &&
	    !has(last, "not allowed") && !has(last, "not permitted"))
		return MUSTER_SUDO_BADPASS;
	if (b->phase == BECOME_ASKING &&
	    (has(last, "tty") || has(last, "terminal is required") ||
		has(last, "from a terminal")) &&
	    !has(last, "password is required"))
		return MUSTER_SUDO_TTY;
	return MUSTER_SUDO_DENIED;
}

enum muster_outcome
become_explain(
    const struct become *b, bool has_password, char *text, size_t size)
{
	static const char *const hints[] = {"", " (see -K)", " (see --tty)"};
	char last[sizeof(b->last)];
	enum muster_outcome outcome;
	int hint = 0;

	(void)muster_clean_text(last, sizeof(last), b->last, strlen(b->last));
	outcome = judge(b, last);
	if (outcome == MUSTER_SUDO_TTY)
		hint = 2;
	else if (!has_password)
		hint = has(last, "password") || has(last, "uthentication");
	(void)snprintf(text, size, "the command was not let begin: %s%s",
	    last[0] != '\0' ? last : "no reason was given", hints[hint]);
	return outcome;
}
