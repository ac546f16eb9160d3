/*
 * inventory_fixture.h -- inventories in a folder of their own, and questions.
 *
 * Room: tests.  May touch: muster.h.
 * What is not as expected fails the test that runs.
 */
#ifndef MUSTER_TESTS_INVENTORY_FIXTURE_H
#define MUSTER_TESTS_INVENTORY_FIXTURE_H

#include "muster.h"

/* An inventory of Ansible's with groups, variables and ranges. */
extern const char inventory_ini[];

/* Setup and teardown of a test program: the folder, which is $HOME too. */
int inventory_make_dir(void **state);
int inventory_remove_dir(void **state);
const char *inventory_dir(void);

/* The path of a file in the folder; heap. */
char *inventory_path(const char *name);

/* Writes a file, or a program; folders in its name are made. */
void inventory_put(const char *name, const char *text);
void inventory_put_program(const char *name, const char *text);

/* Opens a source, in which "%s" is the folder. */
struct muster_inventory *inventory_must_open(const char *source);

/* Expands an expression, or a pattern; the hosts must be `want`, words of
 * "user@name:port=address". */
void inventory_expect_of(struct muster_inventory *inv, const char *expr,
    bool is_pattern, const char *want);

/* The names of an expression's or pattern's hosts as an oracle prints them:
 * sorted, with blanks between; heap. */
char *inventory_answer(
    struct muster_inventory *inv, const char *expr, bool is_pattern);

/* The same for a source that is opened for it. */
void inventory_expect(const char *source, const char *expr, const char *want);

/* Opening or expanding must fail with one line that has `word` in it. */
void inventory_expect_refusal(
    const char *source, const char *expr, const char *word);

#endif
