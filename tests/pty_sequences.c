/*
 * pty_sequences.c -- the sequences that muster sends, and no others.
 *
 * Room: tests.  May touch: pty.h.
 * The list is what ncurses needs to draw and what ui/screen_modes.c has. A
 * host that could get any byte of its own into a sequence would show here.
 */
#include "config.h"

#include "pty.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* Private modes that may be set and reset. */
static const unsigned modes[] = {
    1, 7, 12, 25, 1000, 1002, 1003, 1004, 1006, 1007, 1034, 1049, 2004, 2026};

static void
refuse(const struct pty *p, size_t at, const char *why)
{
	char shown[256] = "";
	size_t n = 0;

	for (size_t i = at > 8 ? at - 8 : 0;
	     i < p->len && i < at + 40 && n + 5 < sizeof(shown); i++) {
		unsigned char b = (unsigned char)p->bytes[i];

		if (b >= 0x20 && b < 0x7f) {
			shown[n++] = (char)b;
			continue;
		}
		shown[n++] = '<';
		shown[n++] = "0123456789abcdef"[b >> 4];
		shown[n++] = "0123456789abcdef"[b & 15];
		shown[n++] = '>';
	}
	shown[n] = '\0';
	fail_msg("byte %zu: %s: %s", at, why, shown);
}

static bool
are_modes(const char *p, size_t len)
{
	while (len > 0) {
		unsigned n = 0;
		bool is_known = false;

		for (; len > 0 && *p >= '0' && *p <= '9'; p++, len--)
			n = n * 10 + (unsigned)(*p - '0');
		for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
			is_known |= modes[i] == n;
		if (!is_known || (len > 0 && *p != ';'))
			return false;
		if (len > 0) {
			p++;
			len--;
		}
	}
	return true;
}

static bool
is_numbers(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((p[i] < '0' || p[i] > '9') && p[i] != ';')
			return false;
	}
	return true;
}

static bool
is_exactly(const char *p, size_t len, const char *what)
{
	return strlen(what) == len && memcmp(p, what, len) == 0;
}

/* The middle of a CSI sequence and its final byte. */
static bool
is_known_csi(const char *p, size_t len, char final)
{
	if (strchr("ABCDGHJKLMPSTXZ@bdefm", final) != NULL)
		return is_numbers(p, len);
	switch (final) {
	case 'h':
	case 'l':
		if (len > 0 && *p == '?')
			return are_modes(p + 1, len - 1);
		/* GNU screen has a cursor mode 34 */
		return is_exactly(p, len, "4") || is_exactly(p, len, "34");
	case 'r':
		return is_numbers(p, len);
	case 't':
		return is_exactly(p, len, "22;2") ||
		       is_exactly(p, len, "23;2") ||
		       is_exactly(p, len, "22;0;0") ||
		       is_exactly(p, len, "23;0;0");
	case 'n':
		return is_exactly(p, len, "5");
	case 'c':
		return len == 0 || (len == 2 && *p == '?');
	case 'p':
		return is_exactly(p, len, "?2026$");
	default:
		return false;
	}
}

static size_t
take_csi(const struct pty *p, size_t at)
{
	size_t end = at + 2;

	while (end < p->len && (p->bytes[end] < 0x40 || p->bytes[end] > 0x7e))
		end++;
	if (end == p->len)
		return end;
	if (!is_known_csi(p->bytes + at + 2, end - at - 2, p->bytes[end]))
		refuse(p, at, "no sequence of muster's");
	return end + 1;
}

static size_t
take_osc(const struct pty *p, size_t at)
{
	static const char *const starts[] = {"2;", "11;?", "52;c;"};
	const char *text = p->bytes + at + 2;
	size_t end = at + 2;
	bool is_known = false;

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		is_known |= strncmp(text, starts[i], strlen(starts[i])) == 0;
	if (!is_known)
		refuse(p, at, "no string of muster's");
	for (; end < p->len && p->bytes[end] != '\a'; end++) {
		if (p->bytes[end] == '\033')
			return end + 2;
		if ((unsigned char)p->bytes[end] < 0x20)
			refuse(p, at, "a control character in a string");
	}
	return end + 1;
}

static size_t
take_escape(const struct pty *p, size_t at)
{
	if (at + 2 >= p->len)
		return p->len;
	switch (p->bytes[at + 1]) {
	case '[':
		return take_csi(p, at);
	case ']':
		return take_osc(p, at);
	case '(':
	case ')':
		return at + 3;
	case '7':
	case '8':
	case '=':
	case '>':
	case 'M':
		return at + 2;
	default:
		refuse(p, at, "no escape of muster's");
		return at + 1;
	}
}

void
pty_check_sequences(const struct pty *p)
{
	for (size_t at = 0; at < p->len;) {
		unsigned char b = (unsigned char)p->bytes[at];

		if (b == 0x1b) {
			at = take_escape(p, at);
			continue;
		}
		if ((b < 0x20 && strchr("\r\n\b\t\016\017", b) == NULL) ||
		    b == 0x7f)
			refuse(p, at, "a control character");
		/* U+0080 to U+009F are control characters, too */
		if (b == 0xc2 && at + 1 < p->len &&
		    (unsigned char)p->bytes[at + 1] < 0xa0)
			refuse(p, at, "a control character of eight bits");
		at++;
	}
}
