/*
 * view.h -- what is looked at, and how: the state of the screen, and the one
 * function that draws it.
 *
 * Room: ui.  May touch: model.h, zoom.h, compare.h, cells.h.
 * view_draw() is pure: the same model, view, and caps give the same cells.
 */
#ifndef MUSTER_UI_VIEW_H
#define MUSTER_UI_VIEW_H

#include "ui/compare.h"
#include "ui/model.h"
#include "ui/zoom.h"

enum view_kind {
	VIEW_AUTO, /* as many hosts and as much room say */
	VIEW_GRID, /* the keys 1 to 7 */
	VIEW_TILES,
	VIEW_LIST,
	VIEW_GROUPS,
	VIEW_MAP,
	VIEW_DIFF,
	VIEW_ROLLOUT,
	VIEW_ZOOM, /* one host */
	VIEW_HELP,
	VIEW_INFO,
	VIEW_MESSAGES,
	VIEW_N
};

enum view_sort { /* of lists, tiles and, when asked for, grids */
	SORT_SEVERITY,
	SORT_NAME,
	SORT_TIME,
	SORT_EXIT,
	SORT_LINES,
	SORT_HOST, /* as they were named */
	SORT_N
};

enum view_quick { /* the key f */
	QUICK_ALL,
	QUICK_TROUBLE,
	QUICK_RUNNING,
	QUICK_ATTENTION,
	QUICK_NEW,
	QUICK_N
};

/* What the terminal can do, as far as drawing goes. */
struct view_caps {
	bool ascii;
};

/* Two hosts whose outputs are compared. */
struct view_diff {
	size_t a, b;       /* MUSTER_NOWHERE: none is chosen */
	bool is_of_groups; /* each stands for its group */
	bool is_unified, is_unfolded;
	struct compare rows;
};

struct view_prompt {
	char kind;         /* ':', '/' or '>'; 0: none is open */
	const char *label; /* before the text; NULL: the kind */
	const char *text;  /* borrowed */
	size_t cursor;     /* bytes */
};

struct cells;    /* cells.h */
struct filter;   /* filter.h */
struct view_box; /* box.h: a dialog, or the palette */

struct view {
	enum view_kind kind;    /* as chosen */
	enum view_kind back[8]; /* where Esc leads, n_back of them */
	size_t n_back;
	enum view_sort sort;
	bool is_sort_reversed;
	enum view_quick quick;
	struct filter *filter; /* owned; NULL: none */
	char *filter_text;     /* owned; NULL: none */
	bool stays_put;        /* keys were pressed: do not sort again now */
	bool follows_trouble;  /* the key A */
	bool collapses_ok;     /* the key c */
	bool wraps;            /* long lines in panes go on below */
	unsigned grid_cols, grid_rows; /* as set; 0: by the table */
	size_t cursor;  /* a host, MUSTER_NOWHERE before the first update */
	size_t top;     /* first row, or first host of the page, in list[] */
	uint32_t *list; /* owned; hosts that are shown, in their order */
	size_t n_list, cap_list;
	uint32_t *map; /* owned; all hosts in the order of their names */
	size_t n_map;
	uint32_t list_version; /* of the model */
	int64_t list_us;
	bool is_list_stale; /* sort or filter changed */
	bool keeps_places;  /* a grid: severity does not move panes */
	size_t text_top;    /* first line of help, messages, a difference */
	enum view_sort map_sort; /* of the map: NAME, SEVERITY or HOST */
	enum view_sort map_made; /* as map[] is */
	size_t range; /* a host where a range begins; MUSTER_NOWHERE */
	struct view_zoom zoom;
	struct view_diff diff;
	size_t wave;         /* under the cursor of a rollout */
	bool is_wave_chosen; /* else it is the one at hand */
	struct view_prompt prompt;
	const char *message;        /* borrowed; the line above the footer */
	const struct view_box *box; /* borrowed; on top of all, or NULL */
	const char *const *help;    /* borrowed lines of VIEW_HELP */
	size_t n_help;
};

void view_init(struct view *v);
void view_clear(struct view *v);

/* The kind that is drawn: with VIEW_AUTO by number of hosts and size. */
enum view_kind view_effective(
    const struct view *v, const struct model *model, int w, int h);

/* Brings list[] up to date: at once when it is stale, otherwise when badges
 * changed, but not more than twice a second. The cursor stays on its host. */
void view_update(struct view *v, const struct model *model, int w, int h);

/* Draws everything into the grid, in its size. */
void view_draw(const struct view *v, const struct model *model,
    const struct view_caps *caps, struct cells *cells);

/* ---- lines that the next frame would show ---- */

struct view_wanted {
	size_t host;
	enum want what;
	uint64_t from; /* first line; UINT64_MAX: the last ones */
	size_t n;
	size_t margin;      /* lines around these that may be wanted soon */
	const char *needle; /* borrowed; NULL: none */
	uint32_t needle_no;
	bool only_matches;
};

/* The hosts on the screen and how much of each is seen, the cursor's first.
 * Returns how many, at most `max`. */
size_t view_wanted(const struct view *v, const struct model *model, int w,
    int h, struct view_wanted *out, size_t max);

/* Whether it is here already. */
bool view_has(const struct model *model, const struct view_wanted *wanted);

/* ---- moving ---- */

enum view_move {
	MOVE_UP,
	MOVE_DOWN,
	MOVE_LEFT,
	MOVE_RIGHT,
	MOVE_PAGE_UP,
	MOVE_PAGE_DOWN,
	MOVE_HALF_UP,
	MOVE_HALF_DOWN,
	MOVE_FIRST,
	MOVE_LAST,
	MOVE_NEXT, /* Tab */
	MOVE_PREVIOUS,
	MOVE_NEXT_TROUBLE, /* } */
	MOVE_PREVIOUS_TROUBLE,
};

/* Moves the cursor (lists, panes, map), or scrolls (zoom, help ...). */
void view_move(struct view *v, const struct model *model, enum view_move move,
    int w, int h);

/* Shows a view; Esc (view_back) leads to the one before. view_back returns
 * false when there is none. */
void view_go(struct view *v, enum view_kind kind);
bool view_back(struct view *v);

/* Where the cursor stands in list[]; n_list: it was filtered out. */
size_t view_row(const struct view *v);

/* Whether `n` bytes are those of a searched text; one without capitals is
 * found in either case. */
bool view_text_is(const char *text, const char *needle, size_t n);

/* Looks at one host. */
void view_zoom(struct view *v, const struct model *model, size_t host);

/* Compares two hosts. */
void view_compare(struct view *v, size_t a, size_t b, bool of_groups);

/* Filters by an expression; NULL or "": all. Returns 0, or -1 with err->at at
 * the column: MUSTER_ERR_SYNTAX, and the filter stays as it was. */
int view_filter(struct view *v, const char *text, struct muster_error *err);

#endif
