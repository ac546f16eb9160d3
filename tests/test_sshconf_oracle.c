/*
 * test_sshconf_oracle.c -- ssh_config(5) gives what `ssh -G` gives.
 *
 * Room: tests.  May touch: base, conf/sshconf.h.
 * Every configuration is given to ssh(1) and to us: both refuse it, or both
 * give the same value for each keyword that muster honours. There are those
 * of tests/sshconf/corpus, whose "#@" lines say what to ask for ("#@file
 * NAME" begins another file), and generated ones. @DIR@ is their folder.
 * SSHCONF_SEED and SSHCONF_RUNS in the environment ask for others.
 */
#include "config.h"

#include "base/mem.h"
#include "base/str.h"
#include "sshconf/oracle.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "muster.h"

#define MAX_ARGS 16

static struct {
	char dir[64];
	char config[96];
	size_t n_asked;
	size_t n_refused;
	size_t n_values;
} state;

static int
have_no_ssh(void)
{
	struct buf out;
	char *const argv[] = {(char *)(uintptr_t) "ssh",
	    (char *)(uintptr_t) "-G", (char *)(uintptr_t) "-F",
	    (char *)(uintptr_t) "none", (char *)(uintptr_t) "x", NULL};
	int r;

	buf_init(&out, 1 << 20);
	r = oracle_run(argv, &out);
	buf_clear(&out);
	return r != 0;
}

/* ---- one question ---- */

static void
complain(
    char *const argv[], const char *what, const char *ours, const char *theirs)
{
	struct buf text;
	FILE *f = fopen(state.config, "r");
	char line[4096];

	buf_init(&text, 1 << 20);
	for (size_t i = 0; argv[i] != NULL; i++)
		buf_addf(&text, " '%s'", argv[i]);
	print_message("#%s\n# %s\n#   ours:   %s\n#   theirs: %s\n",
	    buf_str(&text), what, ours, theirs);
	buf_clear(&text);
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		print_message("# | %s", line);
	if (f != NULL)
		fclose(f);
}

/* Since OpenSSH 9.7 the last hop of a ProxyJump is part of %C. */
static bool
is_newer_hash(const struct sshconf_host *h, enum sshconf_key key)
{
	return key == SSHCONF_USERKNOWNHOSTSFILE &&
	       h->values[SSHCONF_PROXYJUMP].n > 0 &&
	       strstr(h->values[key].raw[0], "%C") != NULL;
}

/* Compares all values. Returns how many differ. */
static size_t
compare(char *const argv[], const struct sshconf_host *h, const char *answer)
{
	size_t n = 0;

	for (size_t i = 0; i < oracle_n_keys(); i++) {
		const char *name = sshconf_key_name(oracle_key(i));
		char *theirs = oracle_answer(answer, name);
		struct buf ours;

		if (theirs == NULL)
			theirs = mem_strdup("");
		oracle_adapt(i, theirs);
		buf_init(&ours, 1 << 20);
		oracle_write(&ours, h, i);
		if (is_newer_hash(h, oracle_key(i)))
			buf_reset(&ours), buf_adds(&ours, theirs);
		if (strcmp(buf_str(&ours), theirs) != 0) {
			complain(argv, name, buf_str(&ours), theirs);
			n++;
		}
		state.n_values++;
		buf_clear(&ours);
		free(theirs);
	}
	return n;
}

/* Asks both for what the words say: "[-o OPTION]... [user@]host". Returns
 * how many values differ. */
static size_t
ask(char *const words[], size_t n)
{
	char *argv[MAX_ARGS + 5] = {(char *)(uintptr_t) "ssh",
	    (char *)(uintptr_t) "-G", (char *)(uintptr_t) "-F", state.config};
	const char *options[MAX_ARGS];
	struct sshconf_setup setup = {.file = state.config, .options = options};
	struct sshconf_request q = {0};
	struct sshconf_host h;
	struct muster_error err = {0};
	char *target = mem_strdup(words[n - 1]), *at = strrchr(target, '@');
	struct sshconf *c;
	struct buf answer;
	size_t bad = 0;
	int r = -1, status;

	for (size_t i = 0; i < n; i++)
		argv[4 + i] = words[i];
	for (size_t i = 0; i + 1 < n; i += 2) {
		assert_string_equal(words[i], "-o");
		options[setup.n_options++] = words[i + 1];
	}
	if (at != NULL) {
		*at = '\0';
		q.user = target;
	}
	q.host = at == NULL ? target : at + 1;
	buf_init(&answer, 1 << 20);
	status = oracle_run(argv, &answer);
	c = sshconf_open(&setup, &err);
	if (c != NULL)
		r = sshconf_resolve(c, &q, &h, &err);
	state.n_asked++;
	state.n_refused += status != 0;
	if ((status == 0) != (r == 0)) {
		complain(argv, "one of both refuses it",
		    r == 0 ? "fine" : err.text, status == 0 ? "fine" : "no");
		bad = 1;
	} else if (r == 0) {
		bad = compare(argv, &h, buf_str(&answer));
	}
	if (r == 0)
		sshconf_host_clear(&h);
	sshconf_free(c);
	buf_clear(&answer);
	free(target);
	return bad;
}

/* ---- the corpus ---- */

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fchmod(fileno(f), 0600), 0);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* Replaces @DIR@ and gives a heap string. */
static char *
place(const char *text)
{
	struct buf out;

	buf_init(&out, 1 << 24);
	while (*text != '\0') {
		if (str_starts(text, "@DIR@")) {
			buf_adds(&out, state.dir);
			text += 5;
		} else {
			buf_addc(&out, *text++);
		}
	}
	return buf_take_str(&out);
}

static char *
read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	struct buf text;
	int c;

	assert_non_null(f);
	buf_init(&text, 1 << 24);
	while ((c = fgetc(f)) != EOF)
		buf_addc(&text, c);
	fclose(f);
	return buf_take_str(&text);
}

/* Splits "a b 'c d'" at its blanks. */
static size_t
split(char *line, char **words)
{
	size_t n = 0;

	while (n < MAX_ARGS) {
		char end = ' ';

		line += strspn(line, " ");
		if (*line == '\0')
			break;
		if (*line == '\'')
			end = *line++;
		words[n++] = line;
		line += strcspn(line, (char[]){end, '\0'});
		if (*line != '\0')
			*line++ = '\0';
	}
	return n;
}

/* Writes the files of a corpus text and asks its questions. */
static size_t
run_text(const char *raw)
{
	char *text = place(raw), *questions[64], *path = NULL;
	size_t n = 0, bad = 0;
	struct buf out;

	buf_init(&out, 1 << 24);
	path = mem_strdup(state.config);
	for (char *p = text, *next; p != NULL && *p != '\0'; p = next) {
		next = strchr(p, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (str_starts(p, "#@file ")) {
			write_file(path, buf_str(&out));
			buf_reset(&out);
			free(path);
			path = mem_printf("%s/%s", state.dir, p + 7);
		} else if (str_starts(p, "#@ ") && n < 64) {
			questions[n++] = p + 3;
		} else {
			buf_addf(&out, "%s%s", p, next != NULL ? "\n" : "");
		}
	}
	write_file(path, buf_str(&out));
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		char *words[MAX_ARGS];
		size_t n_words = split(questions[i], words);

		bad += ask(words, n_words);
	}
	buf_clear(&out);
	free(path);
	free(text);
	return bad;
}

static void
clean_dir(void)
{
	DIR *d = opendir(state.dir);
	struct dirent *entry;

	while (d != NULL && (entry = readdir(d)) != NULL) {
		char *path = mem_printf("%s/%s", state.dir, entry->d_name);

		if (entry->d_name[0] != '.')
			unlink(path);
		free(path);
	}
	if (d != NULL)
		closedir(d);
}

static int
choose_conf(const struct dirent *entry)
{
	return str_ends(entry->d_name, ".conf");
}

static void
test_the_corpus_means_what_ssh_says(void **unused)
{
	const char *top = getenv("top_srcdir");
	char *dir =
	    mem_printf("%s/tests/sshconf/corpus", top == NULL ? "." : top);
	struct dirent **names;
	int n = scandir(dir, &names, choose_conf, alphasort);
	size_t bad = 0;

	(void)unused;
	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		char *path = mem_printf("%s/%s", dir, names[i]->d_name);
		char *text = read_file(path);
		size_t wrong = run_text(text);

		if (wrong > 0)
			print_message("# %s: %zu wrong\n", path, wrong);
		bad += wrong;
		clean_dir();
		free(text);
		free(path);
		free(names[i]);
	}
	free(names);
	free(dir);
	print_message("# %d files, %zu questions, %zu refused, %zu values\n", n,
	    state.n_asked, state.n_refused, state.n_values);
	assert_int_equal(bad, 0);
}

/* ---- the tests ---- */

static size_t
number_from_env(const char *name, uint32_t otherwise)
{
	const char *text = getenv(name);

	if (text != NULL && !str_u32(text, 0, UINT32_MAX, &otherwise))
		fail_msg("%s is no number", name);
	return otherwise;
}

static void
test_generated_files_mean_what_ssh_says(void **unused)
{
	size_t runs = number_from_env("SSHCONF_RUNS", 120), bad = 0;
	uint64_t rng = number_from_env("SSHCONF_SEED", 1) * 2 + 1;

	(void)unused;
	state.n_asked = state.n_refused = state.n_values = 0;
	for (size_t i = 0; i < runs; i++) {
		char *text = oracle_generate(&rng);

		write_file(state.config, text);
		for (size_t j = 0; j < 2; j++) {
			char *host = oracle_generate_host(&rng);

			bad += ask(&host, 1);
			free(host);
		}
		free(text);
	}
	print_message("# %zu questions, %zu refused, %zu values\n",
	    state.n_asked, state.n_refused, state.n_values);
	assert_int_equal(bad, 0);
	assert_true(state.n_refused < state.n_asked / 2);
}

/* ---- lists of algorithms ---- */

static char *
query(const char *what)
{
	char *const argv[] = {(char *)(uintptr_t) "ssh",
	    (char *)(uintptr_t) "-Q", (char *)(uintptr_t)what, NULL};
	struct buf out;
	char *text;

	buf_init(&out, 1 << 20);
	assert_int_equal(oracle_run(argv, &out), 0);
	text = buf_take_str(&out);
	for (char *p = text; *p != '\0'; p++)
		if (*p == '\n')
			*p = p[1] == '\0' ? '\0' : ',';
	return text;
}

static char *
ask_algorithms(const char *option, const char *keyword)
{
	char *const argv[] = {(char *)(uintptr_t) "ssh",
	    (char *)(uintptr_t) "-G", (char *)(uintptr_t) "-F",
	    (char *)(uintptr_t) "none", (char *)(uintptr_t) "-o",
	    (char *)(uintptr_t)option, (char *)(uintptr_t) "x", NULL};
	struct buf out;
	char *answer = NULL;

	buf_init(&out, 1 << 20);
	if (oracle_run(argv, &out) == 0)
		answer = oracle_answer(buf_str(&out), keyword);
	buf_clear(&out);
	return answer;
}

static void
test_algorithm_lists_become_what_ssh_makes_of_them(void **unused)
{
	static const struct {
		const char *keyword;
		const char *query;
		const char *text;
	} cases[] = {
	    {"kexalgorithms", "kex", "+diffie-hellman-group1-sha1"},
	    {"kexalgorithms", "kex", "-diffie-*"},
	    {"kexalgorithms", "kex", "-*sha512*,curve*"},
	    {"kexalgorithms", "kex", "^ecdh-sha2-nistp521"},
	    {"kexalgorithms", "kex", "curve25519-sha256,ecdh-sha2-nistp256"},
	    {"ciphers", "cipher", "+aes256-cbc,3des-cbc,aes128-ctr"},
	    {"ciphers", "cipher", "-chacha*,*gcm*"},
	    {"ciphers", "cipher", "^aes256-gcm@openssh.com,aes128-ctr"},
	    {"macs", "mac", "-*-etm@*"},
	    {"macs", "mac", "+hmac-md5"},
	    {"macs", "mac", "^hmac-sha2-512"},
	    {"hostkeyalgorithms", "HostKeyAlgorithms", "+ssh-rsa"},
	    {"hostkeyalgorithms", "HostKeyAlgorithms", "-*cert*"},
	    {"hostkeyalgorithms", "HostKeyAlgorithms", "^rsa-*"},
	    {"hostkeyalgorithms", "HostKeyAlgorithms", "ssh-*"},
	    {"pubkeyacceptedalgorithms", "HostKeyAlgorithms", "+ssh-*"},
	    {"pubkeyacceptedalgorithms", "HostKeyAlgorithms", "-rsa*,ecdsa*"},
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *option =
		    mem_printf("%s=%s", cases[i].keyword, cases[i].text);
		char *defaults = ask_algorithms("port=1", cases[i].keyword);
		char *theirs = ask_algorithms(option, cases[i].keyword);
		char *supported = query(cases[i].query);
		char *ours = sshconf_algorithms(
		    cases[i].text, defaults, supported, NULL);

		assert_non_null(ours);
		assert_non_null(theirs);
		assert_string_equal(ours, theirs);
		free(ours);
		free(supported);
		free(theirs);
		free(defaults);
		free(option);
	}
}

static int
set_up(void **unused)
{
	(void)unused;
	if (have_no_ssh()) {
		print_message("1..0 # SKIP no ssh(1) with -G here\n");
		exit(77);
	}
	str_copy(state.dir, sizeof(state.dir), "/tmp/test_sshconf.XXXXXX");
	if (mkdtemp(state.dir) == NULL)
		return -1;
	snprintf(state.config, sizeof(state.config), "%s/config", state.dir);
	unsetenv("SHELL");
	return 0;
}

static int
tear_down(void **unused)
{
	(void)unused;
	clean_dir();
	return rmdir(state.dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_the_corpus_means_what_ssh_says),
	    cmocka_unit_test(test_generated_files_mean_what_ssh_says),
	    cmocka_unit_test(
		test_algorithm_lists_become_what_ssh_makes_of_them),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
