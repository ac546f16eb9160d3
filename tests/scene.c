/*
 * scene.c -- made-up runs for tests of screens: the same ones every time.
 *
 * Room: tests.  May touch: ui/model.h.
 */
#include "config.h"

#include "scene.h"

#include <stdio.h>
#include <string.h>

#define S INT64_C(1000000)
#define N(a) (sizeof(a) / sizeof((a)[0]))
#define LINES_MAX 32

static const char *const upgrade[] = {
    "Reading package lists...",
    "Building dependency tree...",
    "The following packages will be upgraded:",
    "  libssl3 nginx nginx-common openssl",
    "4 upgraded, 0 newly installed, 0 to remove",
    "Get:1 http://apt.fleet.test bookworm-security nginx",
    "Get:2 http://apt.fleet.test bookworm-security libssl3",
    "Fetched 3,412 kB in 1s (3,240 kB/s)",
    "Preparing to unpack .../nginx_1.22.1-9+deb12u2",
    "Unpacking nginx (1.22.1-9+deb12u2) ...",
    "Setting up libssl3:amd64 (3.0.17-1~deb12u2) ...",
    "Setting up nginx (1.22.1-9+deb12u2) ...",
    "Processing triggers for libc-bin (2.36-9) ...",
    "systemctl reload nginx",
    "nginx: configuration file test is successful",
};

static const char *const broken[] = {
    "Setting up nginx (1.22.1-9+deb12u2) ...",
    "!nginx: [emerg] bind() to 0.0.0.0:80 failed",
    "!dpkg: error processing package nginx (--configure):",
    "!E: Sub-process /usr/bin/dpkg returned an error code (1)",
};

static void
send(struct model *m, size_t host, struct muster_event e)
{
	e.host = host;
	model_event(m, &e);
}

void
scene_lines(struct model *model, size_t host, uint64_t first, uint64_t n_ever,
    const char *const *lines, size_t n)
{
	struct muster_shown_line shown[LINES_MAX];
	const struct muster_snapshot s = {
	    .n_ever = n_ever, .n_lines = n, .lines = shown};

	for (size_t i = 0; i < n; i++) {
		bool err = lines[i][0] == '!';
		const char *text = lines[i] + err;

		shown[i] = (struct muster_shown_line){.no = first + i,
		    .at_ms = (uint32_t)(1500 * i),
		    .stream = err ? MUSTER_STDERR : MUSTER_STDOUT,
		    .line = {.text = text,
			.len = strlen(text),
			.columns = strlen(text)}};
	}
	send(model, host,
	    (struct muster_event){
		.type = MUSTER_EVENT_SNAPSHOT, .snapshot = &s});
}

static void
enter(struct model *m, size_t host, enum muster_state state, int64_t at_us)
{
	send(m, host,
	    (struct muster_event){
		.type = MUSTER_EVENT_STATE, .state = state, .at_us = at_us});
}

static void
print(struct model *m, size_t host, size_t bytes, int64_t at_us)
{
	static const char text[4096];

	send(m, host,
	    (struct muster_event){.type = MUSTER_EVENT_OUTPUT,
		.data = text,
		.len = bytes,
		.at_us = at_us});
}

static void
end(struct model *m, size_t host, enum muster_outcome outcome, uint32_t code,
    int64_t took_us, const char *text)
{
	struct muster_result r = {.outcome = outcome,
	    .code = code,
	    .begun_us = 10 * S,
	    .started_us = 10 * S,
	    .ended_us = 10 * S + took_us,
	    .attempts = 1,
	    .out_bytes = 900};

	(void)snprintf(r.text, sizeof(r.text), "%s", text);
	if (outcome == MUSTER_SIGNAL)
		(void)snprintf(r.signal, sizeof(r.signal), "KILL");
	send(m, host,
	    (struct muster_event){.type = MUSTER_EVENT_RESULT, .result = &r});
}

static const struct trouble {
	enum muster_outcome outcome;
	uint32_t code;
	const char *text;
} troubles[] = {
    {MUSTER_EXIT, 100, ""},
    {MUSTER_EXIT, 1, ""},
    {MUSTER_CONN_UNREACH, 0, "connect 10.5.2.53:22: No route to host"},
    {MUSTER_HK_CHANGED, 0, "host key differs from known_hosts line 118"},
    {MUSTER_AUTH_DENIED, 0, "no key of ours is taken"},
    {MUSTER_CMD_TIMEOUT, 0, "no end after 30 s"},
    {MUSTER_LOST, 0, "connection reset while the command ran"},
    {MUSTER_SIGNAL, 0, "killed by SIGKILL"},
    {MUSTER_CANCELLED, 0, "stopped on request before it began"},
};

/* What becomes of host i: some of everything, mostly well. */
static void
play(struct model *m, size_t i)
{
	size_t turn = (i * 7 + 3) % 20;
	int64_t took = (int64_t)(i % 23 + 8) * S + (int64_t)(i % 10) * 100000;
	const struct trouble *t = &troubles[i / 20 % N(troubles)];

	if (turn >= 17)
		return; /* it waits */
	if (turn == 16) {
		enter(m, i, i % 3 == 0 ? MUSTER_AUTH : MUSTER_CONNECT, 50 * S);
		return;
	}
	enter(m, i, MUSTER_RUNNING, 10 * S + (int64_t)(i % 30) * S);
	print(m, i, 900, turn == 15 ? 15 * S : 55 * S);
	if (turn == 4) {
		scene_lines(m, i, 400, 404, broken, N(broken));
		end(m, i, t->outcome, t->code, took, t->text);
	} else if (turn >= 12) {
		scene_lines(m, i, 0, 5 + i % 9, upgrade, 5 + i % 9);
	} else {
		scene_lines(m, i, 0, N(upgrade), upgrade, N(upgrade));
		end(m, i, MUSTER_EXIT, 0, took, "");
	}
}

struct model *
scene_upgrade(size_t n)
{
	static const char *const sites[] = {"fra", "ams", "lon"};
	const struct model_run run = {
	    .verb = "run", .arg = "apt-get -y upgrade nginx", .target = "web"};
	struct model *m = model_new(NULL, &run);
	char name[32];

	for (size_t i = 0; i < n; i++) {
		(void)snprintf(name, sizeof(name), "web-%03zu.%s", i + 1,
		    sites[i % N(sites)]);
		(void)model_add_host(m, name);
		model_start(m, i, 10 * S);
	}
	model_tick(m, 10 * S);
	for (size_t i = 0; i < n; i++)
		play(m, i);
	if (n > 5)
		model_mark(m, 5, true);
	model_tick(m, 62 * S);
	return m;
}

struct model *
scene_status(void)
{
	static const char *const names[] = {
	    "db-1.fra", "db-2.fra", "db-1.ams", "db-2.ams"};
	static const char *const ok[] = {"* app.service - billing app",
	    "   Active: active (running)", "   Main PID: 812 (app)",
	    "   Memory: 412.0M", "   CPU: 3h 12min"};
	static const char *const bad[] = {"o app.service - billing app",
	    "   Active: failed (exit-code)",
	    "   Process: 7712 ExecStart=/opt/app/bin/start",
	    "   status=203/EXEC", "!app.service: Failed with result"};
	static const char *const part[] = {
	    "* app.service - billing app", "   Active: reloading"};
	const struct model_run run = {
	    .verb = "run", .arg = "systemctl status app", .target = "db"};
	struct model *m = model_new(NULL, &run);

	for (size_t i = 0; i < 4; i++) {
		(void)model_add_host(m, names[i]);
		model_start(m, i, 10 * S);
		enter(m, i, MUSTER_RUNNING, 10 * S);
	}
	model_tick(m, 10 * S);
	scene_lines(m, 0, 0, 5, ok, 5);
	end(m, 0, MUSTER_EXIT, 0, 1200000, "");
	scene_lines(m, 1, 0, 5, bad, 5);
	end(m, 1, MUSTER_EXIT, 3, 1300000, "");
	scene_lines(m, 2, 0, 5, ok, 5);
	end(m, 2, MUSTER_EXIT, 0, 1100000, "");
	scene_lines(m, 3, 0, 2, part, 2);
	model_tick(m, 17 * S);
	return m;
}

/* ---- a rollout ---- */

static struct muster_rollout_wave waves[] = {
    {0, 2, 0, 2, 0, 0, 10 * S, 14 * S},
    {2, 8, 0, 7, 1, 0, 15 * S, 27 * S},
    {10, 30, 8, 9, 2, 1, 30 * S, 0},
};

static struct muster_rollout_view rollout = {
    .phase = MUSTER_ROLLOUT_RUNNING,
    .wave = 2,
    .n_waves = N(waves),
    .waves = waves,
    .n_hosts = 40,
    .n_in_flight = 8,
    .n_good = 18,
    .n_left = 1,
    .n_bad = 3,
    .max_fail = 5,
    .parallel = 8,
};

/* A host that was at work from `from` seconds on for `took`. */
static void
work(struct model *m, size_t host, int64_t from, int64_t took, bool ok)
{
	struct muster_result r = {.outcome = MUSTER_EXIT,
	    .code = ok ? 0 : 100,
	    .begun_us = from * S,
	    .started_us = from * S,
	    .ended_us = (from + took) * S,
	    .attempts = 1};

	enter(m, host, MUSTER_RUNNING, from * S);
	scene_lines(m, host, 0, N(upgrade), upgrade, 4 + host % 8);
	if (took > 0)
		send(m, host,
		    (struct muster_event){
			.type = MUSTER_EVENT_RESULT, .result = &r});
}

struct muster_rollout_view *
scene_rollout_view(void)
{
	return &rollout;
}

struct model *
scene_rollout(void)
{
	static size_t order[40];
	const struct model_rollout about = {.view = &rollout,
	    .order = order,
	    .has_canary = true,
	    .has_max_fail = true,
	    .gate = MUSTER_ROLLOUT_ASK};
	const struct model_run run = {
	    .verb = "run", .arg = "apt-get -y upgrade", .target = "web"};
	struct model *m = model_new(NULL, &run);
	char name[32];

	for (size_t i = 0; i < 40; i++) {
		(void)snprintf(name, sizeof(name), "web-%zu.fra", i + 1);
		order[i] = model_add_host(m, name);
		model_start(m, i, 10 * S);
	}
	model_set_rollout(m, &about);
	for (size_t i = 0; i < 10; i++)
		work(m, i, i < 2 ? 10 : 15, 2 + (int64_t)i, i != 7);
	for (size_t i = 10; i < 29; i++)
		work(m, i, 30 + (int64_t)i / 4,
		    i < 21 ? 3 + (int64_t)(i % 5) : 0, i != 12 && i != 19);
	send(m, 39,
	    (struct muster_event){.type = MUSTER_EVENT_RESULT,
		.result =
		    &(struct muster_result){.outcome = MUSTER_CANCELLED}});
	model_tick(m, 45 * S);
	return m;
}

/* ---- groups ---- */

static const struct {
	const char *line[2];
	uint32_t first, n; /* hosts */
	enum muster_outcome outcome;
	uint32_t code;
	const char *text;
} kernels[] = {
    {{"6.1.0-37-amd64"}, 0, 4611, MUSTER_EXIT, 0, ""},
    {{"5.10.0-35-amd64"}, 4611, 291, MUSTER_EXIT, 0, ""},
    {{"bash: line 1: uname: command not found"}, 4902, 32, MUSTER_EXIT, 127,
	""},
    {{"-bash: fork: retry: Resource temporarily unavailable",
	 "-bash: fork: Cannot allocate memory"},
	4934, 6, MUSTER_EXIT, 255, ""},
    {{NULL}, 4940, 51, MUSTER_CONN_UNREACH, 0, "connect: No route to host"},
    {{NULL}, 4991, 9, MUSTER_CMD_TIMEOUT, 0, "no end after 30 s"},
};

static void
play_group(struct model *m, size_t i, struct muster_group *g, uint32_t *hosts)
{
	size_t n_lines = 0;

	while (n_lines < 2 && kernels[i].line[n_lines] != NULL)
		n_lines++;
	for (uint32_t j = 0; j < kernels[i].n; j++) {
		uint32_t host = kernels[i].first + j;

		hosts[host] = host;
		if (j == 0 && n_lines > 0)
			scene_lines(
			    m, host, 0, n_lines, kernels[i].line, n_lines);
		end(m, host, kernels[i].outcome, kernels[i].code, S,
		    kernels[i].text);
	}
	*g = (struct muster_group){.hosts = hosts + kernels[i].first,
	    .n_hosts = kernels[i].n,
	    .n_lines = n_lines,
	    .is_ended = true};
}

struct model *
scene_groups(void)
{
	static const char *const sites[] = {"fra", "ams", "lon", "nyc", "sjc"};
	const struct model_run run = {
	    .verb = "run", .arg = "uname -r", .target = "all-prod"};
	struct model *m = model_new(NULL, &run);
	struct muster_group items[N(kernels)];
	struct muster_branch branches[N(kernels)];
	static uint32_t hosts[5000];
	char name[32];

	for (size_t i = 0; i < N(hosts); i++) {
		(void)snprintf(name, sizeof(name), "%s-%zu", sites[i / 1000],
		    i % 1000 + 1);
		(void)model_add_host(m, name);
		model_start(m, i, 10 * S);
	}
	for (size_t i = 0; i < N(kernels); i++) {
		play_group(m, i, &items[i], hosts);
		branches[i] = (struct muster_branch){.n_hosts = kernels[i].n,
		    .host = kernels[i].first,
		    .is_ended = kernels[i].line[0] == NULL};
	}
	alike_set(&m->groups, m,
	    &(struct muster_groups){.items = items, .n = N(kernels)}, false);
	alike_set_branches(&m->groups, 0, branches, N(kernels));
	for (size_t i = 0; i < N(kernels); i++) {
		struct muster_shown_line line = {0};

		if (kernels[i].line[0] == NULL)
			continue;
		line.line.text = kernels[i].line[0];
		line.line.len = strlen(line.line.text);
		alike_set_text(&m->groups, kernels[i].first,
		    &(struct muster_snapshot){.n_lines = 1, .lines = &line});
	}
	model_tick(m, 54 * S);
	return m;
}

struct model *
scene_versions(void)
{
	static const char *const head[] = {"user www-data;",
	    "worker_processes auto;", "pid /run/nginx.pid;", "",
	    "worker_processes auto;", "events {"};
	static const char *const tail[] = {"}", "http {", "    sendfile on;",
	    "    tcp_nopush on;", "    types_hash_max_size 2048;",
	    "    include /etc/nginx/mime.types;",
	    "    ssl_protocols TLSv1.2 TLSv1.3;",
	    "    access_log /var/log/nginx/access.log;", "    gzip on;",
	    "    server {"};
	const char *a[LINES_MAX], *b[LINES_MAX];
	static uint32_t hosts[500];
	struct muster_group items[2];
	struct model *m = scene_upgrade(500);
	size_t n = 0, k = 0;

	memcpy(a, head, sizeof(head));
	memcpy(b, head, sizeof(head));
	n = k = N(head);
	a[n++] = "    worker_connections 768;";
	b[k++] = "    worker_connections 4096;";
	b[k++] = "    multi_accept on;";
	memcpy(a + n, tail, sizeof(tail));
	memcpy(b + k, tail, sizeof(tail));
	n += N(tail);
	k += N(tail);
	a[n++] = "        listen 80;";
	b[k++] = "        listen 8080;";
	a[n++] = b[k++] = "        server_name _;";
	b[k++] = "        return 302 https://$host$request_uri;";
	a[n++] = b[k++] = "    }";
	scene_lines(m, 0, 0, n, a, n);
	scene_lines(m, 111, 0, k, b, k);
	for (uint32_t i = 0, x = 0, y = 483; i < N(hosts); i++)
		hosts[i >= 111 && i < 128 ? y++ : x++] = i;
	items[0] = (struct muster_group){hosts, 483, n, true};
	items[1] = (struct muster_group){hosts + 483, 17, k, true};
	alike_set(&m->groups, m,
	    &(struct muster_groups){.items = items, .n = 2}, false);
	return m;
}
