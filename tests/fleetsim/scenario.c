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
	{ .name = "slow", .greet = sim_slow,
	  .about = "sends one byte each second, or each @N ms" },
	{ .name = "packet.length", .greet = sim_packet_length,
	  .about = "a first packet that claims @N bytes" },
	{ .name = "kex.badsig", .greet = sim_kex_badsig,
	  .about = "the host key's signature is wrong" },
	{ .name = "ignore.flood", .keyed = sim_flood_keyed,
	  .about = "SSH_MSG_IGNORE of @N bytes before login, without end" },
	{ .name = "ignore.flood.auth", .login = sim_flood_login,
	  .about = "SSH_MSG_IGNORE of @N bytes after login, without end" },
	{ .name = "authfail", .auth = sim_auth_fail,
	  .about = "refuses every authentication" },
	{ .name = "auth.hang", .auth = sim_auth_hang,
	  .about = "never answers an authentication request" },
	{ .name = "chan.refuse", .open = sim_chan_refuse,
	  .about = "refuses to open a channel" },
	{ .name = "exec.refuse", .exec = sim_exec_refuse,
	  .about = "refuses to run a command" },
	{ .name = "exec.silent", .exec = sim_exec_silent,
	  .about = "never answers the request to run a command" },
	{ .name = "noexit", .exit = sim_no_exit,
	  .about = "closes without a result" },
	{ .name = "eofnoclose", .finish = sim_eof_no_close,
	  .about = "sends EOF and result but never closes" },
	{ .name = "stderr-after-eof", .finish = sim_stderr_after_eof,
	  .about = "sends 'late\\n' on stderr after EOF" },
	{ .name = "overwindow", .exec = sim_over_window,
	  .about = "sends more data than the window allows" },
	{ .name = "exit-twice", .exit = sim_exit_twice,
	  .about = "sends its exit status, then exit status @N" },
	{ .name = "rekey.hang", .exec = sim_rekey_hang,
	  .about = "starts a key exchange at the command; never ends it" },
	{ .name = "global.flood", .exec = sim_global_flood,
	  .about = "global requests that want replies, without end" },
	{ .name = "disconnect", .exec = sim_disconnect,
	  .about = "disconnects with a hostile text at the command" },
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
sim_scenario_auth(struct session *s)
{
	ASK(s->host, auth, s);
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
