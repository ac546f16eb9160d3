/*
 * scenario.h -- hostile behaviours, each a small named entry in a table.
 *
 * Room: tests/fleetsim.  May touch: base/, the units of fleetsim.
 * A host may have several. A hook that returns true has taken over: what a
 * well-behaved server does at that point is then left out.
 */
#ifndef FLEETSIM_SCENARIO_H
#define FLEETSIM_SCENARIO_H

#include "host.h"

struct channel;
struct sftp_answer;

enum scenario_exec {
	SCENARIO_GO,      /* as if nothing were */
	SCENARIO_GRANTED, /* success was sent; the command goes on */
	SCENARIO_REFUSE,
	SCENARIO_SILENT, /* no answer, or a whole one was sent; no command */
};

/* `arg` is the number behind the '@', 0 without one. A hook may be NULL. */
struct scenario {
	const char *name;
	const char *about;
	/* The connection is accepted; nothing is sent yet. */
	bool (*greet)(struct session *s, uint64_t arg);
	/* The first keys are in use. */
	void (*keyed)(struct session *s, uint64_t arg);
	/* An authentication request was read. */
	bool (*auth)(struct session *s, enum auth_method m, uint64_t arg);
	/* The user was let in. */
	void (*login)(struct session *s, uint64_t arg);
	/* A session channel is asked for; true refuses it. */
	bool (*open)(struct session *s, uint64_t arg);
	/* A command is asked for. */
	enum scenario_exec (*exec)(struct channel *c, uint64_t arg);
	/* The command's result is known and would be sent. */
	bool (*exit)(struct channel *c, uint64_t arg);
	/* Result and EOF are out; the channel would be closed. */
	bool (*finish)(struct channel *c, uint64_t arg);
	/* SFTP is asked for; true refuses it. */
	bool (*subsystem)(struct channel *c, uint64_t arg);
	/* An answer of the SFTP server is about to leave: it may be changed. */
	void (*sftp)(struct sftp_answer *a, uint64_t arg);
};

/* The i-th scenario, NULL at the end; the one called `name`, or NULL. */
const struct scenario *sim_scenario(size_t i);
const struct scenario *sim_scenario_find(const char *name, size_t len);

/* Asks the host's scenarios in turn. */
bool sim_scenario_greet(struct session *s);
void sim_scenario_keyed(struct session *s);
bool sim_scenario_auth(struct session *s, enum auth_method method);
void sim_scenario_login(struct session *s);
bool sim_scenario_open(struct session *s);
enum scenario_exec sim_scenario_exec(struct channel *c);
bool sim_scenario_exit(struct channel *c);
bool sim_scenario_finish(struct channel *c);
bool sim_scenario_subsystem(struct channel *c);
void sim_scenario_sftp(struct sftp_answer *a);

#endif
