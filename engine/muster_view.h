/*
 * muster_view.h -- what hosts print, looked at while it comes: how much, lines
 * from anywhere, who prints the same, and where two outputs differ.
 *
 * Room: engine.  May touch: muster.h, which includes it; nobody else does.
 * For screens, which ask for what they show. All of it needs
 * options.keep_lines.
 */
#ifndef MUSTER_MUSTER_VIEW_H
#define MUSTER_MUSTER_VIEW_H

#ifdef __cplusplus
extern "C" {
#endif

/* ---- how much a host has printed ---- */

struct muster_meter {
	uint64_t n_lines; /* of the latest command, so far */
	uint64_t n_bytes;
	uint64_t n_err_bytes; /* of these, on stderr */
	int64_t last_us;      /* CLOCK_BOOTTIME; 0: nothing came yet */
	bool waits;           /* the last line looks like a question */
};

/* Reads the counters of a host as they are now; costs next to nothing. */
void muster_host_meter(
    const struct muster *m, size_t host, struct muster_meter *out);

/* ---- lines ---- */

/* What to look at. */
struct muster_look {
	uint64_t from;      /* the first line; UINT64_MAX: the last `n` */
	size_t n;           /* lines */
	const char *needle; /* NULL or "": none; without capitals it is found
			       in either case; copied */
	bool only_matches;  /* leave out lines without the needle */
	int seek; /* 1: begin at the first match from `from` on; -1: at the
		     last one before it */
};

/* Asks for lines of a host's latest command; they come as a SNAPSHOT event,
 * which says in `match` where the needle was found. Returns false, and none
 * comes, as muster_ask_snapshot(). */
bool muster_ask_look(
    struct muster *m, size_t host, const struct muster_look *look);

/* ---- who prints the same ---- */

struct muster_group {
	const uint32_t *hosts; /* ascending */
	size_t n_hosts;
	size_t n_lines; /* they have printed */
	bool is_ended;  /* and ended in the same way */
};

/* Hosts that have printed the same so far and ended the same, or not yet; the
 * largest group first. Hosts never started are in none. */
struct muster_groups {
	struct muster_group *items; /* owned */
	size_t n;
	uint32_t *hosts; /* owned; what the items point to */
};

/* Fills *out, to be cleared. `masked`: numbers and the host's own name make
 * no difference; asked for the first time, hosts come into these groups as
 * their workers get to it. */
void muster_group_hosts(
    struct muster *m, bool masked, struct muster_groups *out);
void muster_groups_clear(struct muster_groups *groups);

/* A way on from where outputs part. */
struct muster_branch {
	size_t n_hosts;
	size_t host;   /* one of them; its next line is the one */
	bool is_ended; /* these print nothing more */
};

/* Where the outputs part first: *n_lines is how many lines all share, the
 * result how many ways on there are, of which at most `max` are given, the
 * largest first. 0 while nobody has printed. */
size_t muster_branches(struct muster *m, bool masked, size_t *n_lines,
    struct muster_branch *out, size_t max);

#ifdef __cplusplus
}
#endif

#endif
