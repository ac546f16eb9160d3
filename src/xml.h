/*
 * xml.h -- text as XML may have it.
 *
 * Room: src.  May touch: muster.h, text.h.
 */
#ifndef MUSTER_SRC_XML_H
#define MUSTER_SRC_XML_H

#include "src/text.h"

#include <stddef.h>

/* Adds lines of a host as content, or as an attribute's value: control
 * characters and what is no UTF-8 are made visible, markup is escaped. */
void xml_add_text(struct text *to, const void *data, size_t len);

/* Adds ` name="value"`, of the value's first line. */
void xml_add_attribute(struct text *to, const char *name, const char *value);

#endif
