/*
 * filter_words.c -- words and numbers of filters, and what they stand for.
 *
 * Room: ui.  May touch: filter_tree.h, badge.h.
 */
#include "config.h"

#include "ui/filter_tree.h"

#include <string.h>

#define BIT(b) (UINT32_C(1) << (b))
#define BAD                                                                    \
	(BIT(BADGE_HOSTKEY) | BIT(BADGE_FAILED) | BIT(BADGE_SIGNAL) |          \
	    BIT(BADGE_LOST) | BIT(BADGE_TIMEOUT) | BIT(BADGE_AUTH) |           \
	    BIT(BADGE_UNREACHABLE))
#define WAITING (BIT(BADGE_QUEUED) | BIT(BADGE_HELD) | BIT(BADGE_RETRY))
#define ENDED (BAD | BIT(BADGE_OK) | BIT(BADGE_CANCELLED) | BIT(BADGE_SKIPPED))
#define ALL (BIT(BADGE_N) - 1)

static const struct {
	const char *word;
	uint32_t badges;
} words[] = {
    {"hostkey", BIT(BADGE_HOSTKEY)},
    {"failed", BIT(BADGE_FAILED) | BIT(BADGE_SIGNAL)},
    {"signal", BIT(BADGE_SIGNAL)},
    {"lost", BIT(BADGE_LOST)},
    {"timeout", BIT(BADGE_TIMEOUT)},
    {"auth", BIT(BADGE_AUTH)},
    {"unreachable", BIT(BADGE_UNREACHABLE)},
    {"input", BIT(BADGE_INPUT)},
    {"quiet", BIT(BADGE_QUIET)},
    {"retry", BIT(BADGE_RETRY)},
    {"running", BIT(BADGE_RUNNING) | BIT(BADGE_QUIET) | BIT(BADGE_INPUT) |
		    BIT(BADGE_SENDING) | BIT(BADGE_RECEIVING)},
    {"sending", BIT(BADGE_SENDING)},
    {"receiving", BIT(BADGE_RECEIVING)},
    {"connecting", BIT(BADGE_CONNECTING)},
    {"held", BIT(BADGE_HELD)},
    {"queued", BIT(BADGE_QUEUED)},
    {"cancelled", BIT(BADGE_CANCELLED)},
    {"skipped", BIT(BADGE_SKIPPED)},
    {"ok", BIT(BADGE_OK)},
    {"all", ALL},
    {"trouble", BAD},
    {"attention", BIT(BADGE_INPUT) | BIT(BADGE_QUIET) | BIT(BADGE_RETRY)},
    {"waiting", WAITING},
    {"ended", ENDED},
    {"working", ALL & ~(ENDED | WAITING)},
};

uint32_t
filter_badges(const char *word)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i].word) == 0)
			return words[i].badges;
	return 0;
}

static const struct {
	const char *unit;
	double times;
} times[] = {{"", 1}, {"ms", 0.001}, {"s", 1}, {"m", 60}, {"h", 3600},
    {"d", 86400}},
  sizes[] = {
      {"", 1}, {"k", 1024}, {"M", 1024 * 1024}, {"G", 1024.0 * 1024 * 1024}};

static const char *
read_digits(const char *word, double *out)
{
	double scale = 1;

	*out = 0;
	for (; *word >= '0' && *word <= '9'; word++)
		*out = *out * 10 + (*word - '0');
	if (*word != '.')
		return word;
	for (word++; *word >= '0' && *word <= '9'; word++)
		*out += (*word - '0') * (scale /= 10);
	return word;
}

bool
filter_number(enum filter_field field, const char *word, double *out)
{
	const char *unit;

	if (*word < '0' || *word > '9')
		return false;
	unit = read_digits(word, out);
	if (field == FIELD_TIME) {
		for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
			if (strcmp(unit, times[i].unit) == 0) {
				*out *= times[i].times;
				return true;
			}
		return false;
	}
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (strcmp(unit, sizes[i].unit) == 0) {
			*out *= sizes[i].times;
			return true;
		}
	return false;
}
