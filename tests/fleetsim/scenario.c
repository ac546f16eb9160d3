/*
 * scenario.c -- which hostile behaviours there are, and asking them.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 */
#include "config.h"

#include "scenario.h"
#include "channel.h"
#include "hostile.h"
#include "server.h"
#include "sftp.h"

#include <string.h>

/* clang-format off */
static const struct scenario scenarios[] = {
	{ .name = "banner.silent", .greet = sim_banner_silent,
	  .about = "accepts and never says a word" },
	{ .name = "banner.only", .greet = sim_banner_only,
	  .about = "identifies itself and then says nothing" },
	{ .name = "banner.http", .greet = sim_banner_http,
	  .about = "answers like a web server and closes" },
	{ .name = "banner.ssh1", .greet = sim_banner_ssh1,
	  .about = "speaks SSH-1.5 only" },
	{ .name = "banner.long", .greet = sim_banner_long,
	  .about = "100 kB, or @N bytes, without a line end" },
	{ .name = "banner.garbage", .greet = sim_banner_garbage,
	  .about = "4 kB, or @N bytes, of random bytes" },
	{ .name = "banner.endless", .greet = sim_banner_endless,
	  .about = "lines before the identification, without end" },
	{ .name = "throttled", .greet = sim_throttled,
	  .about = "'Exceeded MaxStartups' and close; @N: only the first N" },
	{ .name = "reset", .greet = sim_reset,
	  .about = "resets the connection after @N bytes sent (0: at once)" },
	{ .name = "cut", .greet = sim_cut,
	  .about = "closes the connection after @N bytes sent" },
	{ .name = "stall", .greet = sim_stall,
	  .about = "sends nothing any more after @N bytes" },
	{ .name = "flip", .greet = sim_flip,
	  .about = "turns a bit of the @Nth byte sent" },
	{ .name = "slow", .greet = sim_slow,
	  .about = "sends one byte each second, or each @N ms" },
	{ .name = "packet.length", .greet = sim_packet_length,
	  .about = "a first packet that claims @N bytes" },
	{ .name = "kex.badsig", .greet = sim_kex_badsig,
	  .about = "the host key's signature is wrong" },
	{ .name = "kex.badpoint", .greet = sim_kex_badpoint,
	  .about = "the server's public point is all zero" },
	{ .name = "ignore.flood", .keyed = sim_flood_keyed,
	  .about = "SSH_MSG_IGNORE of @N bytes before login, without end" },
	{ .name = "ignore.flood.auth", .login = sim_flood_login,
	  .about = "SSH_MSG_IGNORE of @N bytes after login, without end" },
	{ .name = "debug.flood", .keyed = sim_debug_keyed,
	  .about = "SSH_MSG_DEBUG before login, without end" },
	{ .name = "authfail", .auth = sim_auth_fail,
	  .about = "refuses every authentication" },
	{ .name = "auth.hang", .auth = sim_auth_hang,
	  .about = "never answers an authentication request" },
	{ .name = "auth.anyone", .auth = sim_auth_anyone,
	  .about = "lets in whoever asks for anything" },
	{ .name = "auth.banners", .auth = sim_auth_banners,
	  .about = "@N banners with escape sequences before login" },
	{ .name = "auth.prompts", .auth = sim_auth_prompts,
	  .about = "@N (1000) keyboard-interactive prompts" },
	{ .name = "auth.pwchange", .auth = sim_auth_pwchange,
	  .about = "asks for a new password" },
	{ .name = "chan.refuse", .open = sim_chan_refuse,
	  .about = "refuses to open a channel" },
	{ .name = "exec.refuse", .exec = sim_exec_refuse,
	  .about = "refuses to run a command" },
	{ .name = "exec.silent", .exec = sim_exec_silent,
	  .about = "never answers the request to run a command" },
	{ .name = "rekey.hang", .exec = sim_rekey_hang,
	  .about = "starts a key exchange at the command; never ends it" },
	{ .name = "rekey.otherkey", .exec = sim_rekey_other,
	  .about = "has another host key when keys are renewed" },
	{ .name = "global.flood", .exec = sim_global_flood,
	  .about = "global requests that want replies, without end" },
	{ .name = "disconnect", .exec = sim_disconnect,
	  .about = "disconnects with a hostile text at the command" },
	{ .name = "blind", .exec = sim_blind,
	  .about = "reads nothing any more once the command is asked for" },
	{ .name = "open.agent", .exec = sim_open_agent,
	  .about = "opens an agent channel that nobody asked for" },
	{ .name = "open.x11", .exec = sim_open_x11,
	  .about = "the same for a window of X11" },
	{ .name = "open.tcpip", .exec = sim_open_tcpip,
	  .about = "the same for a connection to a port" },
	{ .name = "overwindow", .exec = sim_over_window,
	  .about = "sends more data than the window allows" },
	{ .name = "overpacket", .exec = sim_over_packet,
	  .about = "sends data longer than the client's largest packet" },
	{ .name = "adjust.overflow", .exec = sim_adjust_overflow,
	  .about = "adjusts the window beyond 2^32" },
	{ .name = "data.stray", .exec = sim_data_stray,
	  .about = "sends data for a channel that is not there" },
	{ .name = "data.type", .exec = sim_data_type,
	  .about = "sends extended data of type 2, or @N" },
	{ .name = "data.empty", .exec = sim_data_empty,
	  .about = "sends data of no bytes, without end" },
	{ .name = "noeof", .exec = sim_no_eof,
	  .about = "closes without EOF; exit status @N" },
	{ .name = "noexit", .exit = sim_no_exit,
	  .about = "closes without a result" },
	{ .name = "exit-twice", .exit = sim_exit_twice,
	  .about = "sends the exit status of exit=, then exit status @N" },
	{ .name = "exit-both", .exit = sim_exit_both,
	  .about = "sends exit status @N, then exit signal TERM" },
	{ .name = "exit-stray", .exit = sim_exit_stray,
	  .about = "sends exit status @N for a channel that is not there" },
	{ .name = "exitsignal", .exit = sim_exit_hostile,
	  .about = "an exit signal with escapes in a text of @N bytes" },
	{ .name = "eofnoclose", .finish = sim_eof_no_close,
	  .about = "sends EOF and result but never closes" },
	{ .name = "stdout-after-eof", .finish = sim_stdout_after_eof,
	  .about = "sends 'late\\n' on stdout after EOF" },
	{ .name = "stderr-after-eof", .finish = sim_stderr_after_eof,
	  .about = "sends 'late\\n' on stderr after EOF" },
	{ .name = "sftp.refuse", .subsystem = sim_sftp_refuse,
	  .about = "has no SFTP" },
	{ .name = "sftp.version", .sftp = sim_sftp_version,
	  .about = "SFTP: speaks version @N" },
	{ .name = "sftp.garbage", .sftp = sim_sftp_garbage,
	  .about = "SFTP: prints a greeting before the first packet" },
	{ .name = "sftp.length", .sftp = sim_sftp_length,
	  .about = "SFTP: says that answers are @N bytes long" },
	{ .name = "sftp.first.length", .sftp = sim_sftp_first_length,
	  .about = "SFTP: says that its first answer is @N bytes long" },
	{ .name = "sftp.id", .sftp = sim_sftp_id,
	  .about = "SFTP: adds @N to the ids of answers" },
	{ .name = "sftp.twice", .sftp = sim_sftp_twice,
	  .about = "SFTP: sends every answer twice" },
	{ .name = "sftp.silent", .sftp = sim_sftp_silent,
	  .about = "SFTP: sends nothing after @N answers" },
	{ .name = "sftp.cut", .sftp = sim_sftp_cut,
	  .about = "SFTP: ends after @N answers" },
	{ .name = "sftp.plain", .sftp = sim_sftp_plain,
	  .about = "SFTP: has no extensions" },
	{ .name = "sftp.kind", .sftp = sim_sftp_kind,
	  .about = "SFTP: sends data where attributes are asked for" },
	{ .name = "sftp.handle", .sftp = sim_sftp_handle,
	  .about = "SFTP: gives handles of @N bytes" },
	{ .name = "sftp.short", .sftp = sim_sftp_short,
	  .about = "SFTP: reads at most @N bytes" },
	{ .name = "sftp.empty", .sftp = sim_sftp_empty,
	  .about = "SFTP: reads no bytes" },
	{ .name = "sftp.long", .sftp = sim_sftp_long,
	  .about = "SFTP: reads @N bytes too many" },
	{ .name = "sftp.size", .sftp = sim_sftp_size,
	  .about = "SFTP: says that files are @N bytes long" },
	{ .name = "sftp.mode", .sftp = sim_sftp_mode,
	  .about = "SFTP: says that files have the mode @N, of 2106" },
	{ .name = "sftp.changes", .sftp = sim_sftp_changes,
	  .about = "SFTP: says another time of a file whenever asked" },
	{ .name = "sftp.spoils", .sftp = sim_sftp_spoils,
	  .about = "SFTP: stores another byte than was sent" },
	{ .name = "sftp.forgets", .sftp = sim_sftp_forgets,
	  .about = "SFTP: acknowledges writes and stores nothing" },
	{ .name = "sftp.names", .sftp = sim_sftp_names,
	  .about = "SFTP: lists names that no folder can have" },
	{ .name = "sftp.endless", .sftp = sim_sftp_endless,
	  .about = "SFTP: lists FIFOs without end" },
	{ .name = "sftp.deep", .sftp = sim_sftp_deep,
	  .about = "SFTP: has a folder in every folder" },
	{ .name = "sftp.count", .sftp = sim_sftp_count,
	  .about = "SFTP: says that @N names follow" },
	{ .name = "sftp.target", .sftp = sim_sftp_target,
	  .about = "SFTP: has a link whose target has a NUL" },
	{ .name = "sftp.words", .sftp = sim_sftp_words,
	  .about = "SFTP: explains errors with escapes and lines" },
};
/* clang-format on */

#define N_SCENARIOS (sizeof(scenarios) / sizeof(scenarios[0]))

const struct scenario *
sim_scenario(size_t i)
{
	return i < N_SCENARIOS ? &scenarios[i] : NULL;
}

const struct scenario *
sim_scenario_find(const char *name, size_t len)
{
	for (size_t i = 0; i < N_SCENARIOS; i++)
		if (strlen(scenarios[i].name) == len &&
		    memcmp(scenarios[i].name, name, len) == 0)
			return &scenarios[i];
	return NULL;
}

const char *
fleetsim_scenarios(size_t i, const char **about)
{
	if (i >= N_SCENARIOS)
		return NULL;
	if (about != NULL)
		*about = scenarios[i].about;
	return scenarios[i].name;
}

/* Asks `hook` of each of the host's scenarios until one takes over. */
#define ASK(h, hook, on)                                                       \
	for (size_t i = 0; i < (h)->n_scenarios; i++)                          \
		if ((h)->scenarios[i].what->hook != NULL &&                    \
		    (h)->scenarios[i].what->hook(on, (h)->scenarios[i].arg))   \
			return true;                                           \
	return false

#define TELL(h, hook, on)                                                      \
	for (size_t i = 0; i < (h)->n_scenarios; i++)                          \
		if ((h)->scenarios[i].what->hook != NULL)                      \
	(h)->scenarios[i].what->hook(on, (h)->scenarios[i].arg)

bool
sim_scenario_greet(struct session *s)
{
	ASK(s->host, greet, s);
}

void
sim_scenario_keyed(struct session *s)
{
	TELL(s->host, keyed, s);
}

bool
sim_scenario_auth(struct session *s, enum auth_method method)
{
	const struct host *h = s->host;

	for (size_t i = 0; i < h->n_scenarios; i++) {
		const struct scenario *what = h->scenarios[i].what;

		if (what->auth != NULL &&
		    what->auth(s, method, h->scenarios[i].arg))
			return true;
	}
	return false;
}

void
sim_scenario_login(struct session *s)
{
	TELL(s->host, login, s);
}

bool
sim_scenario_open(struct session *s)
{
	ASK(s->host, open, s);
}

enum scenario_exec
sim_scenario_exec(struct channel *c)
{
	const struct host *h = c->session->host;

	for (size_t i = 0; i < h->n_scenarios; i++) {
		const struct scenario *what = h->scenarios[i].what;
		enum scenario_exec answer = SCENARIO_GO;

		if (what->exec != NULL)
			answer = what->exec(c, h->scenarios[i].arg);
		if (answer != SCENARIO_GO)
			return answer;
	}
	return SCENARIO_GO;
}

bool
sim_scenario_exit(struct channel *c)
{
	ASK(c->session->host, exit, c);
}

bool
sim_scenario_finish(struct channel *c)
{
	ASK(c->session->host, finish, c);
}

bool
sim_scenario_subsystem(struct channel *c)
{
	ASK(c->session->host, subsystem, c);
}

void
sim_scenario_sftp(struct sftp_answer *a)
{
	const struct host *h = a->server->channel->session->host;

	for (size_t i = 0; i < h->n_scenarios; i++) {
		if (h->scenarios[i].what->sftp != NULL)
			h->scenarios[i].what->sftp(a, h->scenarios[i].arg);
	}
}
