/*
 * options.c -- the one table of options.
 *
 * Room: src.  May touch: args.h.
 * The rows stand in the order of --help.
 */
#include "config.h"

#include "src/options.h"

#include "src/args.h"

#define AT(field) offsetof(struct args, field)
#define RUNS (VERB_RUN | VERB_DEMO)

/* clang-format off */
static const struct option_row rows[] = {
	{ "hosts", 'w', "LIST", OPTION_LIST, AT(hosts), VERB_RUN,
	  WORDS_HOSTS, .selects = true, .env = "MUSTER_HOSTS",
	  .help = "run on these hosts: web[01-40],root@db1,^FILE" },
	{ "exclude", 'x', "LIST", OPTION_LIST, AT(excluded), VERB_RUN,
	  WORDS_HOSTS, .env = "MUSTER_EXCLUDE",
	  .help = "but not on these, of -w and --hostfile" },
	{ "hostfile", 0, "FILE", OPTION_LIST, AT(hostfiles), VERB_RUN,
	  WORDS_FILES, .selects = true, .env = "MUSTER_HOSTFILE",
	  .peer = "WCOLL", .help = "run on the hosts that FILE lists" },
	{ "host", 'H', "NAME", OPTION_LIST, AT(literals), VERB_RUN,
	  WORDS_HOSTS, .selects = true,
	  .help = "run on this host; the name is taken as it is" },
	{ "user", 'l', "USER", OPTION_TEXT, AT(user), VERB_RUN,
	  WORDS_USERS, .env = "MUSTER_USER",
	  .help = "log in as USER where the list names no one" },
	{ "port", 'p', "N", OPTION_NUMBER, AT(port), VERB_RUN,
	  .min = 1, .max = 65535, .env = "MUSTER_PORT",
	  .help = "connect to this port where the list has none" },
	{ "identity", 'i', "FILE", OPTION_LIST, AT(identities), VERB_RUN,
	  WORDS_FILES, .env = "MUSTER_IDENTITY",
	  .help = "log in with this private key" },
	{ "known-hosts", 0, "FILE", OPTION_LIST, AT(known_hosts), VERB_RUN,
	  WORDS_FILES, .env = "MUSTER_KNOWN_HOSTS",
	  .help = "know host keys from this file, not from ssh's" },
	{ "ssh-config", 'F', "FILE", OPTION_TEXT, AT(ssh_config), VERB_RUN,
	  WORDS_FILES, .env = "MUSTER_SSH_CONFIG",
	  .help = "read this ssh_config alone; 'none': no such file" },
	{ "ssh-option", 'o', "OPTION", OPTION_LIST, AT(ssh_options), VERB_RUN,
	  .env = "MUSTER_SSH_OPTION",
	  .help = "as in ssh_config, before its files: Port=2222" },
	{ "fanout", 'f', "N", OPTION_NUMBER, AT(fanout), RUNS,
	  .min = 1, .max = 100000, .env = "MUSTER_FANOUT", .peer = "FANOUT",
	  .help = "work on at most N hosts at once (64)" },
	{ "connect-timeout", 't', "TIME", OPTION_TIME,
	  AT(connect_timeout_ms), RUNS, .env = "MUSTER_CONNECT_TIMEOUT",
	  .help = "give up connecting after TIME (ssh's, or 10s)" },
	{ "auth-timeout", 0, "TIME", OPTION_TIME, AT(auth_timeout_ms), RUNS,
	  .env = "MUSTER_AUTH_TIMEOUT",
	  .help = "give up logging in after TIME (20s; 0: never)" },
	{ "command-timeout", 'u', "TIME", OPTION_TIME,
	  AT(command_timeout_ms), RUNS, .env = "MUSTER_COMMAND_TIMEOUT",
	  .help = "stop a command that runs longer than TIME" },
	{ "retries", 0, "N", OPTION_NUMBER, AT(retries), RUNS,
	  .max = 100, .env = "MUSTER_RETRIES",
	  .help = "connect again N times when refused or cut off (2)" },
	{ "workers", 0, "N", OPTION_NUMBER, AT(workers), RUNS,
	  .min = 1, .max = 256, .env = "MUSTER_WORKERS",
	  .help = "use N threads (one a core, at most 4)" },
	{ "tty", 0, NULL, OPTION_FLAG, AT(tty), RUNS, .env = "MUSTER_TTY",
	  .help = "give the command a terminal; stderr joins stdout" },
	{ "no-stdin", 'n', NULL, OPTION_FLAG, AT(no_stdin), RUNS,
	  .env = "MUSTER_NO_STDIN",
	  .help = "do not read standard input, not even keys" },
	{ "no-label", 'N', NULL, OPTION_FLAG, AT(no_label), RUNS,
	  .env = "MUSTER_NO_LABEL",
	  .help = "print lines without 'host: ' before them" },
	{ "raw", 0, NULL, OPTION_FLAG, AT(raw), RUNS, .env = "MUSTER_RAW",
	  .help = "send control characters of hosts to the terminal" },
	{ "quiet", 'q', NULL, OPTION_FLAG, AT(quiet), RUNS,
	  .env = "MUSTER_QUIET",
	  .help = "print no output of hosts, only the report" },
	{ "verbose", 'v', NULL, OPTION_FLAG, AT(verbose), RUNS,
	  .env = "MUSTER_VERBOSE",
	  .help = "report success, and each cause of failure, too" },
	{ "maxrc", 'S', NULL, OPTION_FLAG, AT(maxrc), RUNS,
	  .env = "MUSTER_MAXRC",
	  .help = "exit with the highest code of the commands" },
	{ "trace", 0, "TOPICS", OPTION_TEXT, AT(trace), RUNS,
	  .env = "MUSTER_TRACE",
	  .help = "trace the engine: 'all', or topics with commas" },
	{ "trace-file", 0, "FILE", OPTION_TEXT, AT(trace_file), RUNS,
	  WORDS_FILES, .env = "MUSTER_TRACE_FILE",
	  .help = "append the trace to FILE, not to standard error" },
	{ "help", 'h', NULL, OPTION_FLAG, AT(help), VERB_ANY,
	  .help = "print this help" },
	{ "version", 'V', NULL, OPTION_FLAG, AT(version), VERB_ANY,
	  .help = "print the version and what muster was built with" },
};
/* clang-format on */

const struct option_row *
options_all(size_t *n)
{
	*n = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
