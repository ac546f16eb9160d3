/*
 * scene.h -- made-up runs for tests of screens: the same ones every time.
 *
 * Room: tests.  May touch: ui/model.h.
 */
#ifndef MUSTER_TESTS_SCENE_H
#define MUSTER_TESTS_SCENE_H

#include "ui/model.h"

/* A run of `n` hosts of three sites, 52 s old, with every badge that an
 * engine can bring about when there are hosts enough. */
struct model *scene_upgrade(size_t n);

/* Four hosts that have nearly ended, one of them badly. */
struct model *scene_status(void);

/* 5,000 hosts of five sites that have ended, in six groups of equal output;
 * five of them are known to print something. */
struct model *scene_groups(void);

/* 500 hosts with a file that is not the same everywhere: hosts 0 and 111 have
 * two versions of it. */
struct model *scene_versions(void);

/* 40 hosts in a canary of 2 and waves of 8 and 30, the last of which is under
 * way: 3 hosts are bad, 8 in flight, some paused. The view is what belongs to
 * it, for as long as the model lives. */
struct model *scene_rollout(void);
struct muster_rollout_view *scene_rollout_view(void);

/* A host that has printed these lines, from number `first` on, `n_ever` in
 * all. "!" in front: on stderr. */
void scene_lines(struct model *model, size_t host, uint64_t first,
    uint64_t n_ever, const char *const *lines, size_t n);

#endif
