/*
 * test_sshd.c -- the fixture of real sshds, held to its word by real ssh.
 *
 * Room: tests.  May touch: fixture/sshd.h, engine/base.
 */
#include "config.h"

#include "base/mem.h"
#include "fixture/sshd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define N_SERVERS 3
#define SESSION_MS 60000 /* for a login on a busy machine */

static struct sshd_fleet *
new_fleet(size_t n, const char *const *config)
{
	struct muster_error err = {.code = MUSTER_ERR_NONE};
	struct sshd_fleet *f;

	if (sshd_path() == NULL) {
		print_message("# skipped: no sshd here\n");
		skip();
	}
	f = sshd_fleet_new(n, config, &err);
	if (f == NULL)
		fail_msg("%s", err.text);
	return f;
}

/* Starts ssh to server i; `key` NULL is the one of its ssh_config. */
static pid_t
start_ssh(struct sshd_fleet *f, size_t i, const char *key, const char *command)
{
	char *config = mem_strdup(sshd_fleet_file(f, "ssh_config"));
	char *log = mem_strdup(sshd_fleet_file(f, "ssh.log"));
	char *out = mem_strdup(sshd_fleet_file(f, "out"));
	pid_t pid = fork();

	if (pid == 0) {
		(void)!freopen("/dev/null", "r", stdin);
		(void)!freopen(out, "w", stdout);
		(void)execlp("ssh", "ssh", "-F", config, "-E", log, "-i",
		    sshd_fleet_file(f, key == NULL ? "user_ed25519" : key),
		    sshd_fleet_host(f, i), command, (char *)NULL);
		_exit(127);
	}
	free(config);
	free(log);
	free(out);
	return pid;
}

/* Returns the exit status, or 128 and the signal. */
static int
end_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void
assert_out(struct sshd_fleet *f, const char *expected)
{
	char text[600] = "";
	FILE *file = fopen(sshd_fleet_file(f, "out"), "r");

	assert_non_null(file);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	(void)fclose(file);
	assert_string_equal(text, expected);
}

static void
show_log(struct sshd_fleet *f)
{
	char line[300];
	FILE *file = fopen(sshd_fleet_file(f, "log"), "r");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		print_message("# %s", line);
	if (file != NULL)
		(void)fclose(file);
}

static void
test_ssh_logs_in_with_each_key_and_gets_the_exit_status(void **state)
{
	static const char *const keys[] = {
	    "user_ed25519", "user_ecdsa", "user_rsa"};
	struct sshd_fleet *f = new_fleet(N_SERVERS, NULL);

	(void)state;
	for (size_t i = 0; i < N_SERVERS; i++) {
		int rc = end_of(start_ssh(f, i, keys[i], "echo hello; exit 7"));

		if (rc != 7)
			show_log(f);
		assert_int_equal(rc, 7);
		assert_out(f, "hello\n");
		assert_int_equal(sshd_fleet_n_accepted(f, i), 1);
	}
	sshd_fleet_free(f);
}

static void
test_sessions_start_in_a_home_of_their_own(void **state)
{
	struct sshd_fleet *f = new_fleet(1, NULL);
	char *home = mem_printf("%s\n", sshd_fleet_file(f, "home"));

	(void)state;
	assert_int_equal(end_of(start_ssh(f, 0, NULL, "echo $HOME")), 0);
	assert_out(f, home);
	free(home);
	sshd_fleet_free(f);
}

static void
test_a_server_has_its_own_configuration(void **state)
{
	const char *config[2] = {NULL, "ForceCommand echo forced"};
	struct sshd_fleet *f = new_fleet(2, config);

	(void)state;
	assert_int_equal(end_of(start_ssh(f, 0, NULL, "echo asked")), 0);
	assert_out(f, "asked\n");
	assert_int_equal(end_of(start_ssh(f, 1, NULL, "echo asked")), 0);
	assert_out(f, "forced\n");
	sshd_fleet_free(f);
}

/* Waits until the session of start_session() runs: both open the fifo. */
static void
wait_for_session(struct sshd_fleet *f)
{
	int fd = open(
	    sshd_fleet_file(f, "home/fifo"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct pollfd p = {.fd = fd, .events = POLLIN};

	assert_true(fd >= 0);
	if (poll(&p, 1, SESSION_MS) != 1)
		show_log(f);
	assert_int_equal(p.revents & POLLIN, POLLIN);
	(void)close(fd);
}

static pid_t
start_session(struct sshd_fleet *f, size_t i)
{
	(void)unlink(sshd_fleet_file(f, "home/fifo"));
	assert_int_equal(mkfifo(sshd_fleet_file(f, "home/fifo"), 0600), 0);
	return start_ssh(f, i, NULL, "echo x >\"$HOME/fifo\"; exec sleep 1000");
}

static void
test_a_cut_ends_connections_and_a_new_one_is_served(void **state)
{
	struct sshd_fleet *f = new_fleet(2, NULL);
	pid_t ssh = start_session(f, 0);

	(void)state;
	wait_for_session(f);
	sshd_fleet_cut(f, 0);
	assert_int_equal(end_of(ssh), 255);
	assert_int_equal(end_of(start_ssh(f, 0, NULL, "exit 3")), 3);
	assert_int_equal(sshd_fleet_n_accepted(f, 0), 2);
	assert_int_equal(sshd_fleet_n_accepted(f, 1), 0);
	sshd_fleet_free(f);
}

static int
connect_to(const struct sshd_fleet *f, size_t i)
{
	struct sockaddr_in sin = {
	    .sin_family = AF_INET, .sin_port = htons(sshd_fleet_port(f))};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(
	    inet_pton(AF_INET, sshd_fleet_host(f, i), &sin.sin_addr), 1);
	if (connect(fd, (struct sockaddr *)&sin, sizeof(sin)) == 0)
		return fd;
	(void)close(fd);
	return -errno;
}

static void
test_a_closed_server_refuses(void **state)
{
	struct sshd_fleet *f = new_fleet(2, NULL);
	int fd;

	(void)state;
	sshd_fleet_close(f, 1);
	assert_int_equal(connect_to(f, 1), -ECONNREFUSED);
	fd = connect_to(f, 0);
	assert_true(fd >= 0);
	(void)close(fd);
	sshd_fleet_free(f);
}

static void
test_a_frozen_server_stays_connected_and_silent(void **state)
{
	struct sshd_fleet *f = new_fleet(1, NULL);
	pid_t ssh = start_session(f, 0);

	(void)state;
	wait_for_session(f);
	sshd_fleet_freeze(f, 0);
	assert_int_equal(waitpid(ssh, NULL, WNOHANG), 0);
	sshd_fleet_cut(f, 0);
	assert_int_equal(end_of(ssh), 255);
	sshd_fleet_free(f);
}

/* A child makes a fleet with a running session and dies on the spot. What it
 * leaves becomes ours, and is waited for. */
static void
test_nothing_is_left_when_the_test_crashes(void **state)
{
	int report[2], status;
	char dir[300] = "";
	pid_t pid;

	(void)state;
	sshd_fleet_free(new_fleet(1, NULL)); /* skips here if it must */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	assert_int_equal(pipe(report), 0);
	pid = fork();
	if (pid == 0) {
		struct sshd_fleet *f = sshd_fleet_new(1, NULL, NULL);

		if (f == NULL)
			_exit(1);
		(void)start_session(f, 0);
		wait_for_session(f);
		(void)!write(report[1], sshd_fleet_file(f, ""),
		    strlen(sshd_fleet_file(f, "")));
		(void)raise(SIGKILL);
	}
	(void)close(report[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
	assert_true(read(report[0], dir, sizeof(dir) - 1) > 0);
	while (waitpid(-1, NULL, 0) > 0)
		;
	assert_int_equal(access(dir, F_OK), -1);
	(void)close(report[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		test_ssh_logs_in_with_each_key_and_gets_the_exit_status),
	    cmocka_unit_test(test_sessions_start_in_a_home_of_their_own),
	    cmocka_unit_test(test_a_server_has_its_own_configuration),
	    cmocka_unit_test(
		test_a_cut_ends_connections_and_a_new_one_is_served),
	    cmocka_unit_test(test_a_closed_server_refuses),
	    cmocka_unit_test(test_a_frozen_server_stays_connected_and_silent),
	    cmocka_unit_test(test_nothing_is_left_when_the_test_crashes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
