/*
 * hostile.h -- the hooks of the scenario table, by the stage they spoil.
 *
 * Room: tests/fleetsim.  May touch: scenario.h.
 */
#ifndef FLEETSIM_HOSTILE_H
#define FLEETSIM_HOSTILE_H

#include "scenario.h"

/* greeting.c: the connection up to the first keys. */
bool sim_banner_silent(struct session *s, uint64_t arg);
bool sim_banner_only(struct session *s, uint64_t arg);
bool sim_banner_http(struct session *s, uint64_t arg);
bool sim_banner_ssh1(struct session *s, uint64_t arg);
bool sim_banner_long(struct session *s, uint64_t arg);
bool sim_banner_garbage(struct session *s, uint64_t arg);
bool sim_banner_endless(struct session *s, uint64_t arg);
bool sim_throttled(struct session *s, uint64_t arg);
bool sim_reset(struct session *s, uint64_t arg);
bool sim_cut(struct session *s, uint64_t arg);
bool sim_stall(struct session *s, uint64_t arg);
bool sim_flip(struct session *s, uint64_t arg);
bool sim_slow(struct session *s, uint64_t arg);
bool sim_packet_length(struct session *s, uint64_t arg);
bool sim_kex_badsig(struct session *s, uint64_t arg);
bool sim_kex_badpoint(struct session *s, uint64_t arg);

/* hostile.c: from the keys to the command. */
void sim_flood_keyed(struct session *s, uint64_t arg);
void sim_flood_login(struct session *s, uint64_t arg);
void sim_debug_keyed(struct session *s, uint64_t arg);
bool sim_auth_fail(struct session *s, enum auth_method m, uint64_t arg);
bool sim_auth_hang(struct session *s, enum auth_method m, uint64_t arg);
bool sim_auth_banners(struct session *s, enum auth_method m, uint64_t arg);
bool sim_auth_prompts(struct session *s, enum auth_method m, uint64_t arg);
bool sim_auth_anyone(struct session *s, enum auth_method m, uint64_t arg);
bool sim_auth_pwchange(struct session *s, enum auth_method m, uint64_t arg);
bool sim_chan_refuse(struct session *s, uint64_t arg);
bool sim_sftp_refuse(struct channel *c, uint64_t arg);
enum scenario_exec sim_exec_refuse(struct channel *c, uint64_t arg);
enum scenario_exec sim_exec_silent(struct channel *c, uint64_t arg);
enum scenario_exec sim_rekey_hang(struct channel *c, uint64_t arg);
enum scenario_exec sim_rekey_other(struct channel *c, uint64_t arg);
enum scenario_exec sim_global_flood(struct channel *c, uint64_t arg);
enum scenario_exec sim_disconnect(struct channel *c, uint64_t arg);
enum scenario_exec sim_blind(struct channel *c, uint64_t arg);
enum scenario_exec sim_open_agent(struct channel *c, uint64_t arg);
enum scenario_exec sim_open_x11(struct channel *c, uint64_t arg);
enum scenario_exec sim_open_tcpip(struct channel *c, uint64_t arg);

/* ending.c: a command's output and result. */
enum scenario_exec sim_over_window(struct channel *c, uint64_t arg);
enum scenario_exec sim_over_packet(struct channel *c, uint64_t arg);
enum scenario_exec sim_adjust_overflow(struct channel *c, uint64_t arg);
enum scenario_exec sim_data_stray(struct channel *c, uint64_t arg);
enum scenario_exec sim_data_type(struct channel *c, uint64_t arg);
enum scenario_exec sim_data_empty(struct channel *c, uint64_t arg);
enum scenario_exec sim_no_eof(struct channel *c, uint64_t arg);
bool sim_no_exit(struct channel *c, uint64_t arg);
bool sim_exit_twice(struct channel *c, uint64_t arg);
bool sim_exit_both(struct channel *c, uint64_t arg);
bool sim_exit_stray(struct channel *c, uint64_t arg);
bool sim_exit_hostile(struct channel *c, uint64_t arg);
bool sim_eof_no_close(struct channel *c, uint64_t arg);
bool sim_stdout_after_eof(struct channel *c, uint64_t arg);
bool sim_stderr_after_eof(struct channel *c, uint64_t arg);

/* lies.c: the answers of an SFTP server. */
void sim_sftp_version(struct sftp_answer *a, uint64_t arg);
void sim_sftp_garbage(struct sftp_answer *a, uint64_t arg);
void sim_sftp_length(struct sftp_answer *a, uint64_t arg);
void sim_sftp_first_length(struct sftp_answer *a, uint64_t arg);
void sim_sftp_id(struct sftp_answer *a, uint64_t arg);
void sim_sftp_twice(struct sftp_answer *a, uint64_t arg);
void sim_sftp_silent(struct sftp_answer *a, uint64_t arg);
void sim_sftp_cut(struct sftp_answer *a, uint64_t arg);
void sim_sftp_plain(struct sftp_answer *a, uint64_t arg);
void sim_sftp_kind(struct sftp_answer *a, uint64_t arg);
void sim_sftp_handle(struct sftp_answer *a, uint64_t arg);
void sim_sftp_short(struct sftp_answer *a, uint64_t arg);
void sim_sftp_empty(struct sftp_answer *a, uint64_t arg);
void sim_sftp_long(struct sftp_answer *a, uint64_t arg);
void sim_sftp_size(struct sftp_answer *a, uint64_t arg);
void sim_sftp_mode(struct sftp_answer *a, uint64_t arg);
void sim_sftp_changes(struct sftp_answer *a, uint64_t arg);
void sim_sftp_spoils(struct sftp_answer *a, uint64_t arg);
void sim_sftp_forgets(struct sftp_answer *a, uint64_t arg);
void sim_sftp_names(struct sftp_answer *a, uint64_t arg);
void sim_sftp_endless(struct sftp_answer *a, uint64_t arg);
void sim_sftp_deep(struct sftp_answer *a, uint64_t arg);
void sim_sftp_count(struct sftp_answer *a, uint64_t arg);
void sim_sftp_target(struct sftp_answer *a, uint64_t arg);
void sim_sftp_words(struct sftp_answer *a, uint64_t arg);

#endif
