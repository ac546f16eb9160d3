/*
 * test_algebra.c -- the operators of host expressions, as ClusterShell has
 * them.
 *
 * Room: tests.  May touch: muster.h, engine/base.
 * The oracle is ClusterShell's NodeSet, the library of nodeset, which is
 * asked about all expressions at once. They are of what both grammars have:
 * no '^' or '-' at the start of an operand, no blanks, no users and ports.
 */
#include "config.h"

#include "base/buf.h"
#include "base/mem.h"
#include "tests/inventory_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define ROUNDS 400
#define TEXT_BYTES (1 << 20)

static unsigned
draw(uint64_t *seed, unsigned below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % below;
}

/* ---- expressions ---- */

static void
add_range(struct buf *b, uint64_t *seed)
{
	unsigned low = draw(seed, 12), high = low + draw(seed, 9);

	switch (draw(seed, 4)) {
	case 0:
		(void)buf_addf(b, "[%u-%u/%u]", low, high, 1 + draw(seed, 3));
		return;
	case 1:
		(void)buf_addf(b, "[%02u-%02u,%02u]", low, high, high + 2);
		return;
	case 2:
		(void)buf_addf(b, "%u", low);
		return;
	default:
		(void)buf_addf(b, "[%u-%u]", low, high);
		return;
	}
}

static void
add_operand(struct buf *b, uint64_t *seed)
{
	static const char *const groups[] = {"@odd", "@even", "@rack", "@deep"};

	switch (draw(seed, 6)) {
	case 0:
		(void)buf_adds(b, groups[draw(seed, 4)]);
		return;
	case 1:
		(void)buf_adds(b, "r");
		add_range(b, seed);
		(void)buf_adds(b, "n");
		add_range(b, seed);
		return;
	case 2:
		(void)buf_adds(b, draw(seed, 2) == 0 ? "n*" : "n?");
		return;
	default:
		(void)buf_adds(b, "n");
		add_range(b, seed);
		return;
	}
}

static char *
make_expression(uint64_t *seed)
{
	struct buf b;

	buf_init(&b, TEXT_BYTES);
	add_operand(&b, seed);
	for (unsigned n = draw(seed, 5); n > 0; n--) {
		(void)buf_addc(&b, ",!&^"[draw(seed, 4)]);
		add_operand(&b, seed);
	}
	return buf_take_str(&b);
}

/* ---- answers ---- */

static void
write_groups(void)
{
	struct buf b;

	buf_init(&b, TEXT_BYTES);
	(void)buf_addf(&b, "[Main]\ndefault: mine\nautodir: %s/cs/groups.d\n",
	    inventory_dir());
	inventory_put("cs/groups.conf", buf_str(&b));
	buf_clear(&b);
	inventory_put("cs/groups.d/a.yaml",
	    "mine:\n"
	    "  odd: 'n[1-19/2]'\n"
	    "  even: ['n[2-20/2]', n0]\n"
	    "  rack: 'r[1-2]n[1-9]'\n"
	    "  deep: '@odd&n[1-9],n[01-03]!n3'\n"
	    "  all: '@odd,@even,@rack,n[01-12]'\n");
}

/* Opens what NodeSet says: a line of sorted names for each expression. NULL:
 * there is none. */
static FILE *
ask_nodeset(char *const *expressions, size_t n)
{
	static const char script[] =
	    "import sys\n"
	    "from ClusterShell.NodeSet import NodeSet, "
	    "set_std_group_resolver\n"
	    "from ClusterShell.NodeUtils import GroupResolverConfig\n"
	    "set_std_group_resolver(GroupResolverConfig([sys.argv[2]]))\n"
	    "for line in open(sys.argv[1]):\n"
	    "    print(' '.join(sorted(NodeSet(line.strip()))))\n";
	struct buf b;
	FILE *f;

	if (system("command -v nodeset >/dev/null && "
		   "$(sed -n '1s/^#! *//p' \"$(command -v nodeset)\") "
		   "-c 'import ClusterShell' 2>/dev/null") != 0)
		return NULL;
	inventory_put("ask.py", script);
	buf_init(&b, TEXT_BYTES);
	for (size_t i = 0; i < n; i++)
		(void)buf_addf(&b, "%s\n", expressions[i]);
	inventory_put("expressions", buf_str(&b));
	buf_clear(&b);
	buf_init(&b, TEXT_BYTES);
	(void)buf_addf(&b,
	    "$(sed -n '1s/^#! *//p' \"$(command -v nodeset)\") "
	    "'%s/ask.py' '%s/expressions' '%s/cs/groups.conf'",
	    inventory_dir(), inventory_dir(), inventory_dir());
	f = popen(buf_str(&b), "r");
	buf_clear(&b);
	assert_non_null(f);
	return f;
}

static void
test_operators_are_those_of_nodeset(void **state)
{
	char *expressions[ROUNDS], *line = NULL;
	struct muster_inventory *inv;
	size_t cap = 0, n_empty = 0;
	uint64_t seed = 11;
	FILE *f;

	(void)state;
	write_groups();
	for (size_t i = 0; i < ROUNDS; i++)
		expressions[i] = make_expression(&seed);
	f = ask_nodeset(expressions, ROUNDS);
	if (f == NULL)
		print_message("# skipped: ClusterShell is not installed\n");
	inv = inventory_must_open("%s/cs/groups.conf");
	for (size_t i = 0; i < ROUNDS; i++) {
		char *ours = inventory_answer(inv, expressions[i], false);

		if (f != NULL) {
			assert_true(getline(&line, &cap, f) > 0);
			line[strcspn(line, "\n")] = '\0';
			if (strcmp(line, ours) != 0)
				fail_msg("'%s': nodeset has '%s', we '%s'",
				    expressions[i], line, ours);
		}
		n_empty += *ours == '\0';
		free(ours);
		free(expressions[i]);
	}
	/* most of them have hosts, or nothing was compared */
	assert_in_range(n_empty, 1, ROUNDS / 4);
	if (f != NULL)
		assert_int_equal(pclose(f), 0);
	free(line);
	muster_inventory_free(inv);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_operators_are_those_of_nodeset),
	};

	return cmocka_run_group_tests(
	    tests, inventory_make_dir, inventory_remove_dir);
}
