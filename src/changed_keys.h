/*
 * changed_keys.h -- host keys that are not those that are known, told.
 *
 * Room: src.  May touch: muster.h, text.h, writer.h.
 */
#ifndef MUSTER_SRC_CHANGED_KEYS_H
#define MUSTER_SRC_CHANGED_KEYS_H

#include "src/text.h"
#include "src/writer.h"

/* Adds a paragraph for each host that was refused for a changed key: both
 * fingerprints, and what to do. Of many hosts the first few stand there. */
void changed_keys_write(const struct writer_run *run, struct text *to);

#endif
