/*
 * xml.c -- text as XML may have it.
 *
 * Room: src.  May touch: muster.h, text.h.
 */
#include "config.h"

#include "src/xml.h"

#include "muster.h"

#include <string.h>

/* U+FFFE and U+FFFF are characters of UTF-8 but not of XML. */
static size_t
count_forbidden(const char *p, size_t len)
{
	return len >= 3 && memcmp(p, "\xef\xbf", 2) == 0 &&
		       ((unsigned char)p[2] == 0xbe ||
			   (unsigned char)p[2] == 0xbf)
		   ? 3
		   : 0;
}

/* Adds bytes that are clean but for markup. */
static void
add_escaped(struct text *to, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		size_t skip = count_forbidden(p + i, len - i);

		if (skip > 0) {
			text_adds(to, "\xef\xbf\xbd");
			i += skip - 1;
		} else if (p[i] == '&') {
			text_adds(to, "&amp;");
		} else if (p[i] == '<') {
			text_adds(to, "&lt;");
		} else if (p[i] == '>') {
			text_adds(to, "&gt;");
		} else if (p[i] == '"') {
			text_adds(to, "&quot;");
		} else {
			text_add(to, p + i, 1);
		}
	}
}

void
xml_add_text(struct text *to, const void *data, size_t len)
{
	const char *p = data;
	struct muster_clean clean;
	struct muster_line line;

	muster_clean_init(&clean, 0);
	while (muster_clean_next(&clean, &p, &len, &line)) {
		add_escaped(to, line.text, line.len);
		if (!line.goes_on)
			text_add(to, "\n", 1);
	}
	while (muster_clean_last(&clean, &line))
		add_escaped(to, line.text, line.len);
	muster_clean_clear(&clean);
}

void
xml_add_attribute(struct text *to, const char *name, const char *value)
{
	text_addf(to, " %s=\"", name);
	xml_add_text(to, value, strcspn(value, "\n"));
	text_add(to, "\"", 1);
}
