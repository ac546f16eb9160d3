/*
 * style.h -- SGR sequences: read the harmless ones, write our own.
 *
 * Room: engine/base.  May touch: muster.h, buf.h.
 * ECMA-48 s. 8.3.117, with the colours of ISO 8613-6 as xterm reads them.
 */
#ifndef MUSTER_BASE_STYLE_H
#define MUSTER_BASE_STYLE_H

#include "base/buf.h"
#include "muster.h"

bool style_is_plain(const struct muster_style *s);
bool style_is_same(const struct muster_style *a, const struct muster_style *b);

/* Applies the parameters of CSI ... m ("1;38;5;208", ':' as well). What
 * blinks, hides or changes the font is passed over. Returns false, changing
 * nothing, for more than 16 parameters, one over 65535, or anything else
 * than digits and separators. */
bool style_apply(struct muster_style *s, const char *params, size_t len);

/* The style as it may be shown: the colours are dropped when the text could
 * not be told from its background. */
struct muster_style style_visible(struct muster_style s);

/* Adds the SGR sequence that leads from one style to another; nothing when
 * they are the same. Never more than 16 parameters. */
void style_add_change(struct buf *b, const struct muster_style *from,
    const struct muster_style *to);

#endif
