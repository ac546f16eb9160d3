/*
 * copying.c -- the door: files asked for, to and from hosts.
 *
 * Room: engine/fleet.  May touch: this room, base/, copy/.
 * Each host gets an order of its own, with "{host}" written out; hosts that
 * are sent the same files share what was listed and read of them.
 */
#include "config.h"

#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "copy/throttle.h"
#include "fleet/cargo.h"
#include "fleet/fleet.h"
#include "fleet/order.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define PLACE "{host}"
#define OPEN_MAX_FILES 16

/* A copy on its way to become orders. */
struct plan {
	struct muster *m;
	const struct muster_copy *copy;
	const size_t *hosts;
	size_t n;
	struct throttle *throttle; /* counted */
	struct map *loads;         /* owned; by their sources */
	struct map *dests;         /* owned; of a pull */
	struct order **orders;     /* owned; one a host */
};

static bool
has_place(const char *text)
{
	return strstr(text, PLACE) != NULL;
}

/* A host's label as a part of a path: nothing in it leads elsewhere. */
static char *
label_of(const struct muster *m, size_t host)
{
	char *name = mem_strdup(muster_host_name(m, host));

	for (char *p = name; *p != '\0'; p++) {
		if (*p == '/' || (unsigned char)*p < ' ')
			*p = '_';
	}
	if (name[0] == '.')
		name[0] = '_';
	return name;
}

/* The text with the label in each place for it. The caller frees it. */
static char *
fill_in(const char *text, const char *label)
{
	char *done = mem_strdup("");
	const char *p;

	while ((p = strstr(text, PLACE)) != NULL) {
		char *more =
		    mem_printf("%s%.*s%s", done, (int)(p - text), text, label);

		free(done);
		done = more;
		text = p + strlen(PLACE);
	}
	{
		char *all = mem_printf("%s%s", done, text);

		free(done);
		return all;
	}
}

static size_t
host_at(const struct plan *p, size_t i)
{
	return p->hosts == NULL ? i : p->hosts[i];
}

/* Where it goes for the i-th host. */
static const char *
dest_of(const struct plan *p, size_t i, bool *is_own)
{
	const char *own = p->copy->dests != NULL ? p->copy->dests[i] : NULL;

	*is_own = own != NULL || has_place(p->copy->dest);
	return own != NULL ? own : p->copy->dest;
}

static char **
fill_sources(const struct plan *p, const char *label)
{
	char **sources = mem_array(p->copy->n_sources, sizeof(*sources));

	for (size_t i = 0; i < p->copy->n_sources; i++)
		sources[i] = fill_in(p->copy->sources[i], label);
	return sources;
}

static void
free_sources(const struct plan *p, char **sources)
{
	for (size_t i = 0; i < p->copy->n_sources; i++)
		free(sources[i]);
	free(sources);
}

/* ---- push ---- */

static void
say_notes(struct muster *m, const struct load *load)
{
	struct parcels notes = STAILQ_HEAD_INITIALIZER(notes);
	const char *text;

	for (size_t i = 0; (text = load_note(load, i)) != NULL; i++) {
		struct parcel *parcel = parcel_new(MUSTER_EVENT_NOTE, text);

		parcel->event.host = MUSTER_NOWHERE;
		STAILQ_INSERT_TAIL(&notes, parcel, entry);
	}
	if (!STAILQ_EMPTY(&notes))
		queue_put(m->env.queue, &notes);
}

static struct load *
get_load(struct plan *p, const char *label, struct muster_error *err)
{
	char **sources = fill_sources(p, label);
	struct load *load = NULL;
	char *key = mem_strdup("");

	for (size_t i = 0; i < p->copy->n_sources; i++) {
		char *longer = mem_printf("%s%s\n", key, sources[i]);

		free(key);
		key = longer;
	}
	load = map_gets(p->loads, key);
	if (load == NULL) {
		load = load_new((const char *const *)sources,
		    p->copy->n_sources, &p->copy->options, err);
		if (load != NULL) {
			(void)map_puts(p->loads, key, load);
			say_notes(p->m, load);
		}
	}
	free(key);
	free_sources(p, sources);
	return load;
}

static bool
is_root(const char *user)
{
	return user == NULL || strcmp(user, "root") == 0;
}

static int
plan_push(struct plan *p, size_t i, struct muster_error *err)
{
	char *label = label_of(p->m, host_at(p, i)), *dest;
	struct load *load = get_load(p, label, err);
	struct cargo *cargo;
	bool is_own;

	if (load != NULL) {
		dest = fill_in(dest_of(p, i, &is_own), label);
		cargo =
		    cargo_new_push(load, dest, &p->copy->options, p->throttle);
		/* Root may give files away, others may not. */
		if (p->copy->become != NULL && is_root(p->copy->become->user))
			cargo_keep_owners(cargo);
		p->orders[i] = order_new_copy(cargo, p->copy->become);
		free(dest);
	}
	free(label);
	return load != NULL ? 0 : -1;
}

/* ---- pull ---- */

static unsigned
max_open(const struct muster *m)
{
	struct rlimit files;
	rlim_t each;

	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return 1;
	/* Two descriptors a file, and one is the host's. */
	each = files.rlim_cur / m->options.fanout / 3;
	return each < 1                ? 1
	       : each > OPEN_MAX_FILES ? OPEN_MAX_FILES
				       : (unsigned)each;
}

/* No two hosts write into one another's files. */
static int
claim(struct plan *p, size_t host, const char *dest, const char *suffix,
    struct muster_error *err)
{
	struct host *h = p->m->hosts[host], *other;
	char *key = mem_printf("%s\n%s", dest, suffix != NULL ? suffix : "");

	other = map_puts(p->dests, key, h);
	free(key);
	if (other == NULL)
		return 0;
	return err_set(err, MUSTER_ERR_USAGE,
	    "files of '%s' and '%s' would both be '%s'", other->name, h->name,
	    dest);
}

static int
plan_pull(struct plan *p, size_t i, struct muster_error *err)
{
	char *label = label_of(p->m, host_at(p, i));
	char **sources = fill_sources(p, label), *dest;
	struct cargo_place place = {.max_open = max_open(p->m)};
	bool is_own;
	int rc;

	dest = fill_in(dest_of(p, i, &is_own), label);
	if (!is_own && p->copy->host_suffix)
		place.suffix = label;
	place.own_folder = !is_own;
	if (!is_own && !p->copy->host_suffix) {
		char *own = mem_printf("%s%s%s", dest,
		    *dest == '\0' || dest[strlen(dest) - 1] == '/' ? "" : "/",
		    label);

		free(dest);
		dest = own;
	}
	place.dest = dest;
	rc = claim(p, host_at(p, i), dest, place.suffix, err);
	if (rc == 0)
		p->orders[i] =
		    order_new_copy(cargo_new_pull((const char *const *)sources,
				       p->copy->n_sources, &place,
				       &p->copy->options, p->throttle),
			p->copy->become);
	free(dest);
	free(label);
	free_sources(p, sources);
	return rc;
}

/* ---- both ---- */

/* "push 'a file' dest" */
static char *
describe(const struct plan *p, const char *verb)
{
	char *sources =
	    muster_quote_words(p->copy->sources, p->copy->n_sources);
	const char *dest = p->copy->dest != NULL ? p->copy->dest : "{host}";
	char *quoted = muster_quote_words(&dest, 1);
	char *what = mem_printf("%s %s %s", verb, sources, quoted);

	muster_string_free(sources);
	muster_string_free(quoted);
	return what;
}

static void
free_load(void *load)
{
	load_free(load);
}

static int
check(const struct muster_copy *copy, struct muster_error *err)
{
	const struct muster_copy_options *o = &copy->options;
	enum become_method method;

	if (copy->become != NULL &&
	    !become_method_of(copy->become->method, &method))
		return err_set(err, MUSTER_ERR_USAGE,
		    "no way to become another user is called '%s': sudo, su "
		    "or doas",
		    copy->become->method);
	if (copy->n_sources == 0)
		return err_set(err, MUSTER_ERR_USAGE, "no file to copy");
	if (copy->dest == NULL && copy->dests == NULL)
		return err_set(
		    err, MUSTER_ERR_USAGE, "no place to copy files to");
	if (o->remove && (o->excludes == NULL && o->n_excludes > 0))
		return err_set(err, MUSTER_ERR_USAGE, "excludes are missing");
	for (size_t i = 0; i < copy->n_sources; i++) {
		if (copy->sources[i] == NULL || *copy->sources[i] == '\0')
			return err_set(err, MUSTER_ERR_USAGE,
			    "the name of a file is empty");
	}
	return 0;
}

/* The channels of ssh(1) carry commands alone. */
static int
check_way(const struct plan *p, size_t i, struct muster_error *err)
{
	const struct host *h = fleet_pick(p->m, p->hosts, i);

	if (h->client == NULL)
		return 0;
	return err_set(err, MUSTER_ERR_USAGE,
	    "'%s' is reached by the ssh program, which copies no files",
	    h->name);
}

static int
carry_out(struct plan *p, const char *verb,
    int (*one)(struct plan *, size_t, struct muster_error *),
    struct muster_error *err)
{
	uint64_t rate = p->copy->options.bytes_per_s;
	int rc = check(p->copy, err);
	if (p->hosts == NULL)
		p->n = p->m->n_hosts;
	p->throttle = rate > 0 ? throttle_new(rate) : NULL;
	p->loads = map_new();
	p->dests = map_new();
	p->orders = mem_array(p->n + 1, sizeof(struct order *));
	for (size_t i = 0; i < p->n && rc == 0; i++)
		rc = check_way(p, i, err) != 0 ? -1 : one(p, i, err);
	if (rc == 0) {
		char *what = describe(p, verb);

		rc = fleet_start(p->m, p->hosts, p->n, p->orders, what, err);
		free(what);
	}
	for (size_t i = 0; i < p->n; i++)
		order_free(p->orders[i]);
	free(p->orders);
	map_free(p->loads, free_load);
	map_free(p->dests, NULL);
	throttle_free(p->throttle);
	return rc;
}

int
muster_push(struct muster *m, const size_t *hosts, size_t n,
    const struct muster_copy *copy, struct muster_error *err)
{
	struct plan p = {.m = m, .copy = copy, .hosts = hosts, .n = n};

	assert(m->magic == FLEET_MAGIC);
	return carry_out(&p, "push", plan_push, err);
}

int
muster_pull(struct muster *m, const size_t *hosts, size_t n,
    const struct muster_copy *copy, struct muster_error *err)
{
	struct plan p = {.m = m, .copy = copy, .hosts = hosts, .n = n};

	assert(m->magic == FLEET_MAGIC);
	return carry_out(&p, "pull", plan_pull, err);
}
