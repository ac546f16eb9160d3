/*
 * test_copy.c -- pushes and pulls, by a real sftp-server and a pipe.
 *
 * Room: tests.  May touch: engine/copy.
 */
#include "config.h"

#include "copyworld.h"

#include "base/mem.h"
#include "copy/source.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* A tree with all that a tree may have. */
static void
make_tree(void)
{
	assert_true(
	    sh("mkdir -p tree/empty tree/deep/er tree/'odd name' && "
	       "echo one >tree/one && : >tree/nothing && "
	       "echo two >tree/deep/er/-two && "
	       "echo x >\"tree/odd name/it's \\\"quoted\\\" \\$HOME\" && "
	       "echo u >tree/$(printf '\\303\\244\\377') && "
	       "ln -s one tree/link && ln -s /nowhere tree/dangling && "
	       "head -c 300000 /dev/urandom >tree/big && "
	       "chmod 755 tree/one && chmod 640 tree/big && "
	       "touch -d '2001-02-03 04:05:06' tree/one tree/big && "
	       "touch -d '2002-03-04 05:06:07' tree/empty tree/deep"));
}

static bool
is_same_tree(const char *a, const char *b)
{
	return scratch_run("diff -r --no-dereference %s %s", a, b) == 0 &&
	       scratch_run("(cd %s && find . -printf '%%P %%y %%m %%l\\n' | "
			   "sort) >a.list; (cd %s && find . -printf '%%P %%y "
			   "%%m %%l\\n' | sort) >b.list; diff a.list b.list",
		   a, b) == 0;
}

static void
test_a_tree_goes_there_and_comes_back(void **state)
{
	struct copier *c = copier(state);

	make_tree();
	c->copy.o.preserve = true;
	assert_done(c, push(c, "tree", "there"));
	assert_true(is_same_tree("tree", "there"));
	assert_done(c, pull(c, "there", "back"));
	assert_true(is_same_tree("tree", "back"));
	assert_true(sh("test back/one -nt tree/one || "
		       "test ! back/one -ot tree/one"));
	assert_true(sh("[ $(stat -c %Y back/empty) = "
		       "$(stat -c %Y tree/empty) ]"));
	assert_no_temps();
}

static void
test_names_are_those_of_cp(void **state)
{
	struct copier *c = copier(state);
	const char *two[] = {"a", "b"};

	assert_true(sh("echo a >a; echo b >b; mkdir dir d; echo c >d/c"));
	assert_done(c, push(c, "a", "new"));
	assert_done(c, push(c, "a", "dir"));
	assert_done(c, push(c, "d", "dir/"));
	assert_done(c, copier_push(c, two, 2, "dir"));
	assert_true(sh("cmp a new && cmp a dir/a && cmp b dir/b && "
		       "cmp d/c dir/d/c"));
	assert_string_equal(copier_push(c, two, 2, "none"), "XF_REMOTE");
	assert_string_equal(push(c, "a", "none/"), "XF_REMOTE");
	assert_done(c, push(c, "d/.", "dir"));
	assert_true(sh("cmp d/c dir/c && test ! -e none"));
	assert_done(c, push(c, "[ab]", "dir"));
	assert_string_equal(push(c, "x*", "dir"), "refused");
}

static void
test_a_folder_is_no_file_and_nothing_is_sent(void **state)
{
	struct copier *c = copier(state);

	assert_true(sh("mkdir -p src/x dst/src/y; echo new >src/a; "
		       "echo y >src/y; echo old >dst/src/a"));
	assert_string_equal(push(c, "src", "dst"), "XF_REMOTE");
	assert_true(sh("grep -qx old dst/src/a && test ! -e dst/src/x"));
	assert_true(sh("rm -r dst; mkdir -p dst/src; echo f >dst/src/x"));
	assert_string_equal(push(c, "src", "dst"), "XF_REMOTE");
	assert_true(sh("test ! -e dst/src/a"));
	assert_true(sh("rm dst/src/x; mkdir out; ln -s ../../out dst/src/x"));
	assert_string_equal(push(c, "src", "dst"), "XF_LINK");
	assert_true(sh("test ! -e dst/src/a"));
}

static void
test_modes_are_those_of_the_source_without_the_umask(void **state)
{
	struct copier *c = copier(state);

	assert_true(sh("echo a >a; chmod 4777 a"));
	assert_done(c, push(c, "a", "b"));
	assert_true(sh("[ $(stat -c %a b) = 755 ]"));
	/* What was there keeps its own. */
	assert_true(sh("chmod 600 b; echo longer >a"));
	assert_done(c, push(c, "a", "b"));
	assert_true(sh("[ $(stat -c %a b) = 600 ] && cmp a b"));
	c->copy.o.chmod_clear = 07777;
	c->copy.o.chmod_set = 0444;
	assert_done(c, push(c, "a", "b"));
	assert_true(sh("[ $(stat -c %a b) = 444 ]"));
	c->copy.o = (struct muster_copy_options){.preserve = true};
	assert_done(c, pull(c, "a", "c"));
	assert_true(sh("[ $(stat -c %a c) = 777 ]"));
}

static void
test_what_is_equal_is_left_alone(void **state)
{
	struct copier *c = copier(state);
	uint64_t first;

	assert_true(sh("mkdir t; head -c 2000000 /dev/urandom >t/a; "
		       "touch -d '2001-01-01' t/a"));
	c->copy.o.preserve = true;
	assert_done(c, push(c, "t", "u"));
	first = c->n_sent;
	assert_done(c, push(c, "t/a", "u"));
	assert_int_equal(c->progress.files_same, 1);
	assert_true(c->n_sent < first / 100);
	assert_done(c, pull(c, "u/a", "t"));
	assert_int_equal(c->progress.files_same, 1);
	c->copy.o.preserve = false;
	c->copy.o.checksum = true;
	assert_true(sh("touch t/a"));
	assert_done(c, push(c, "t/a", "u"));
	assert_int_equal(c->progress.files_same, 1);
	assert_true(sh("touch u/a"));
	assert_done(c, pull(c, "u/a", "t"));
	assert_int_equal(c->progress.files_same, 1);
	assert_true(sh("printf x | dd of=u/a conv=notrunc 2>/dev/null"));
	assert_done(c, push(c, "t/a", "u"));
	assert_int_equal(c->progress.files_same, 0);
	assert_true(sh("cmp t/a u/a"));
}

/* ---- sources that change ---- */

static void
grow_once(void *arg)
{
	unsigned *rounds = arg;

	if (++*rounds == 8)
		(void)sh("echo more >>new");
}

static void
grow_always(void *arg)
{
	(void)arg;
	(void)sh("echo more >>new");
}

static void
test_a_file_that_changes_is_sent_again_or_not_at_all(void **state)
{
	struct copier *c = copier(state);
	unsigned rounds = 0;

	assert_true(sh("head -c 3000000 /dev/urandom >new; echo old >dst"));
	c->meanwhile = grow_once;
	c->arg = &rounds;
	assert_done(c, push(c, "new", "dst"));
	assert_true(sh("cmp new dst"));
	assert_true(rounds > 8);
	assert_true(sh("echo old >dst"));
	c->meanwhile = grow_always;
	assert_string_equal(push(c, "new", "dst"), "XF_CHANGED");
	assert_true(sh("grep -qx old dst"));
	assert_string_equal(pull(c, "new", "dst"), "XF_CHANGED");
	assert_true(sh("grep -qx old dst"));
	assert_no_temps();
}

/* ---- what arrived ---- */

/* Something in what is stored there changes before it is checked. */
static void
spoil(void *arg)
{
	(void)arg;
	(void)sh("for f in .dst.muster-*; do [ ! -s \"$f\" ] || "
		 "printf x | dd of=\"$f\" bs=1 seek=70000 conv=notrunc "
		 "2>/dev/null; done");
}

static void
test_what_is_stored_otherwise_is_found_out(void **state)
{
	struct copier *c = copier(state);

	assert_true(sh("head -c 200000 /dev/zero | tr '\\0' a >new; "
		       "echo old >dst"));
	c->meanwhile = spoil;
	assert_string_equal(push(c, "new", "dst"), "XF_VERIFY");
	assert_true(sh("grep -qx old dst"));
	c->no_helper = true;
	assert_string_equal(push(c, "new", "dst"), "XF_VERIFY");
	assert_true(sh("grep -qx old dst"));
	assert_no_temps();
	c->meanwhile = NULL;
	assert_done(c, push(c, "new", "dst"));
	assert_true(sh("cmp new dst"));
}

static void
test_holes_stay_holes(void **state)
{
	struct copier *c = copier(state);

	assert_true(sh("truncate -s 20M new; printf x | dd of=new bs=1 "
		       "seek=10000000 conv=notrunc 2>/dev/null"));
	assert_done(c, push(c, "new", "dst"));
	assert_true(c->n_sent < 1000000);
	assert_done(c, pull(c, "dst", "back"));
	assert_true(sh("cmp new dst && cmp new back && "
		       "[ $(du -k dst | cut -f1) -lt 1000 ] && "
		       "[ $(du -k back | cut -f1) -lt 1000 ]"));
}

/* ---- trees ---- */

static void
test_delete_removes_what_was_not_sent_and_nothing_else(void **state)
{
	static const char *const kept[] = {"*.keep"};
	struct copier *c = copier(state);

	assert_true(
	    sh("mkdir -p s/a d/s/a d/s/gone/deep d/s/full out; "
	       "echo 1 >s/a/x; echo 2 >d/s/a/y; echo 3 >d/s/gone/deep/z; "
	       "echo 4 >d/s/full/f.keep; echo 5 >d/s/full/f; echo o >out/o; "
	       "ln -s ../../out d/s/outlink; echo b >d/beside"));
	c->copy.o.excludes = kept;
	c->copy.o.n_excludes = 1;
	c->copy.o.remove = true;
	c->copy.o.dry_run = true;
	assert_done(c, push(c, "s", "d"));
	assert_non_null(strstr(c->said, "remove d/s/gone/deep/z\n"));
	assert_true(sh("test -e d/s/gone/deep/z && test ! -e d/s/a/x"));
	c->copy.o.dry_run = false;
	assert_done(c, push(c, "s", "d"));
	assert_true(sh("test ! -e d/s/gone && test ! -e d/s/a/y && "
		       "test ! -L d/s/outlink && test -e out/o && "
		       "test -e d/beside && test -e d/s/full/f.keep && "
		       "test ! -e d/s/full/f && cmp s/a/x d/s/a/x"));
}

static void
test_what_is_ignored_stays_away(void **state)
{
	static const char *const patterns[] = {"*.o", "build/", "a/only"};
	struct copier *c = copier(state);

	assert_true(sh("mkdir -p s/build s/a s/b; touch s/x.o s/x.c "
		       "s/build/y s/a/only s/b/only s/b/build"));
	c->copy.o.excludes = patterns;
	c->copy.o.n_excludes = 3;
	assert_done(c, push(c, "s", "d"));
	assert_true(sh("test ! -e d/x.o && test -e d/x.c && test ! -e d/build "
		       "&& test ! -e d/a/only && test -e d/b/only && "
		       "test -f d/b/build"));
	assert_done(c, pull(c, "s", "e"));
	assert_true(sh("diff -r d e"));
}

static void
test_links_are_kept_or_followed(void **state)
{
	struct copier *c = copier(state);

	assert_true(sh("mkdir -p s/d; echo a >s/a; ln -s a s/l; ln -s d s/m; "
		       "echo x >s/d/x; ln -s s/a named; mkdir p"));
	assert_done(c, push(c, "s", "kept"));
	assert_true(sh("[ $(readlink kept/l) = a ] && test -L kept/m"));
	c->copy.o.follow = true;
	assert_done(c, push(c, "s", "followed"));
	assert_done(c, pull(c, "s", "p"));
	assert_true(sh("for d in followed p/s; do test ! -L $d/l && "
		       "cmp $d/l s/a && cmp $d/m/x s/d/x || exit 1; done"));
	c->copy.o.follow = false;
	/* What is named is what it points to. */
	assert_done(c, push(c, "named", "n1"));
	assert_done(c, pull(c, "named", "n2"));
	assert_true(sh("test ! -L n1 && test ! -L n2 && cmp n1 n2"));
}

static void
test_patterns_are_looked_for_there(void **state)
{
	struct copier *c = copier(state);

	assert_true(sh("mkdir -p v/a1 v/a2 v/b got; echo 1 >v/a1/log; "
		       "echo 2 >v/a2/logs; echo 3 >v/b/log; "
		       "echo 4 >'v/[x]'; echo 5 >v/.hidden"));
	assert_done(c, pull(c, "v/a?/log*", "got"));
	assert_true(sh("cmp got/log v/a1/log && cmp got/logs v/a2/logs"));
	assert_done(c, pull(c, "v/[x]", "got"));
	assert_true(sh("cmp got/'[x]' v/'[x]'"));
	assert_string_equal(pull(c, "v/z*", "got"), "XF_REMOTE");
	assert_done(c, pull(c, "v/*", "got"));
	assert_true(sh("test ! -e got/.hidden && cmp got/b/log v/b/log"));
}

/* ---- what is here stays what it is ---- */

static void
test_a_pull_writes_through_no_link(void **state)
{
	struct copier *c = copier(state);

	assert_true(sh("mkdir -p s/d dst out; echo new >s/f; echo x >s/d/x; "
		       "echo safe >out/victim; ln -s ../../out/victim dst/f"));
	assert_true(sh("mkdir dst/s; ln -s ../../out dst/s/d; "
		       "ln -s ../../out/victim dst/s/f; mkfifo dst/p; "
		       "echo p >p"));
	assert_string_equal(pull(c, "s", "dst"), "XF_LINK");
	assert_true(sh("grep -qx safe out/victim && test ! -e out/x"));
	assert_string_equal(pull(c, "s/f", "dst"), "XF_LINK");
	assert_string_equal(pull(c, "p", "dst"), "XF_LOCAL");
	assert_true(sh("test -p dst/p && grep -qx safe out/victim"));
	assert_true(sh("rm dst/s/f; mkdir dst/s/f"));
	assert_string_equal(pull(c, "s/f", "dst/s"), "XF_LOCAL");
	assert_no_temps();
}

static void
test_what_may_not_be_read_or_written_is_named(void **state)
{
	struct copier *c = copier(state);

	assert_true(sh("mkdir s d; echo a >s/a; echo b >s/b"));
	if (getuid() == 0)
		return; /* who may do anything */
	assert_true(sh("chmod 500 d"));
	assert_string_equal(push(c, "s/a", "d"), "XF_PERM");
	assert_string_equal(pull(c, "s/a", "d"), "XF_PERM");
	assert_true(sh("chmod 700 d; chmod 0 s/a"));
	assert_string_equal(pull(c, "s", "d"), "XF_PERM");
	assert_true(sh("cmp s/b d/s/b"));
}

static void
test_many_small_files(void **state)
{
	struct copier *c = copier(state);

	assert_true(sh("mkdir s; i=0; while [ $i -lt 600 ]; do "
		       "echo $i >s/$i; i=$((i + 1)); done"));
	assert_done(c, push(c, "s", "d"));
	assert_int_equal(c->progress.files_done, 600);
	assert_done(c, pull(c, "d", "e"));
	assert_true(sh("diff -r s d && diff -r s e"));
}

static void
test_a_source_is_read_once(void **state)
{
	struct copier *c = copier(state);
	const char *path = "new";

	(void)path;
	assert_true(sh("head -c 5000000 /dev/urandom >new"));
	assert_done(c, push(c, "new", "dst"));
	assert_int_equal(sources_n_read(c->sources), 5000000);
}

static void
test_a_limit_is_kept(void **state)
{
	struct copier *c = copier(state);
	struct timespec a, b;

	assert_true(sh("head -c 600000 /dev/urandom >new"));
	c->copy.o.host_bytes_per_s = 1000000;
	(void)clock_gettime(CLOCK_MONOTONIC, &a);
	assert_done(c, push(c, "new", "dst"));
	(void)clock_gettime(CLOCK_MONOTONIC, &b);
	assert_true((double)(b.tv_sec - a.tv_sec) +
			(double)(b.tv_nsec - a.tv_nsec) / 1e9 >
		    0.3);
	assert_true(sh("cmp new dst"));
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, world_begin, world_end)
	const struct CMUnitTest tests[] = {
	    T(test_a_tree_goes_there_and_comes_back),
	    T(test_names_are_those_of_cp),
	    T(test_a_folder_is_no_file_and_nothing_is_sent),
	    T(test_modes_are_those_of_the_source_without_the_umask),
	    T(test_what_is_equal_is_left_alone),
	    T(test_a_file_that_changes_is_sent_again_or_not_at_all),
	    T(test_what_is_stored_otherwise_is_found_out),
	    T(test_holes_stay_holes),
	    T(test_delete_removes_what_was_not_sent_and_nothing_else),
	    T(test_what_is_ignored_stays_away),
	    T(test_links_are_kept_or_followed),
	    T(test_patterns_are_looked_for_there),
	    T(test_a_pull_writes_through_no_link),
	    T(test_what_may_not_be_read_or_written_is_named),
	    T(test_many_small_files),
	    T(test_a_source_is_read_once),
	    T(test_a_limit_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
