/*
 * ending.c -- what is said of a run when it is over.
 *
 * Room: src.  May touch: muster.h, args.h, changed_keys.h, exitcode.h,
 * options.h, report.h, rerun.h, text.h, writer.h.
 */
#include "config.h"

#include "src/ending.h"

#include "src/args.h"
#include "src/changed_keys.h"
#include "src/options.h"
#include "src/report.h"
#include "src/rerun.h"

#include <stdlib.h>

/* A report of the run's hosts, called as `name` has it. */
static struct report *
make_report(const struct writer_run *run,
    const char *(*name)(const struct muster *, size_t))
{
	struct report *report = report_new();

	for (size_t i = 0; i < muster_n_hosts(run->m); i++) {
		struct muster_result result = *muster_host_result(run->m, i);

		if (!writer_has(run, i))
			continue;
		if (run->lost != NULL && run->lost[i])
			result.flags |= REPORT_LOST;
		report_add(report, name(run->m, i), &result);
	}
	return report;
}

void
ending_add_results(struct exitcode_facts *facts, const struct writer_run *run)
{
	for (size_t i = 0; i < muster_n_hosts(run->m); i++) {
		if (!writer_has(run, i))
			continue;
		exitcode_add(facts, muster_host_result(run->m, i));
		facts->unknown |= run->lost != NULL && run->lost[i];
	}
}

struct writer_summary
ending_sum_up(const struct writer_run *run, const struct exitcode_facts *facts)
{
	struct report *report = make_report(run, muster_host_name);
	struct writer_summary summary = {
	    .tally = *report_tally(report),
	    .exitcode = exitcode_choose(facts, run->args->maxrc),
	};

	report_free(report);
	return summary;
}

static void
write_rerun(
    const struct args *args, const struct report *report, struct text *to)
{
	size_t n;
	const char **names = report_failed(report, &n);
	struct text line = {0};

	if (n > 0 && (args->verb & (VERB_RUN | VERB_COPY)) != 0 &&
	    rerun_write(args, names, n, &line) > 0)
		text_addf(to, "muster: rerun: %s\n", text_str(&line));
	text_clear(&line);
	free(names);
}

void
ending_report(const struct writer_run *run, bool success, struct text *to)
{
	struct report *report = make_report(run, muster_host_name);

	changed_keys_write(run, to);
	report_write(report, run->args->verbose > 0 || success, to);
	report_free(report);
	report = make_report(run, muster_host_list_name);
	write_rerun(run->args, report, to);
	report_free(report);
}
