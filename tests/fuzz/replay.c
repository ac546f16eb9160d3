/*
 * replay.c -- runs a fuzz target without a fuzzer.
 *
 * Room: tests/fuzz.  May touch: base/mem.h.
 * Hands LLVMFuzzerTestOneInput() every file of tests/fuzz/corpus/NAME/, then
 * mutations of them, the same ones each time. Prints TAP. An input that ends
 * the process, or takes longer than ten seconds, is left in fuzz_NAME.crash;
 * 'fuzz_NAME FILE...' runs files only. FUZZ_RUNS and FUZZ_SEED in the
 * environment ask for more and for others.
 */
#include "config.h"

#include "base/mem.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define INPUT_BYTES (64 * 1024) /* the longest input, seed or mutation */
#define SECONDS_AN_INPUT 10
#define SECONDS_OF_MUTATIONS 3 /* unless FUZZ_RUNS says how many */
#define RUNS 20000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The sanitizers' runtime has this; a plain build has not. */
void __sanitizer_set_death_callback(void (*callback)(void))
    __attribute__((weak));

struct input {
	uint8_t *data; /* owned */
	size_t len;
};

struct corpus {
	struct input *inputs; /* owned, in the order of their names */
	size_t n;
};

/* What a crash handler must find without an argument. */
static struct {
	const uint8_t *data;
	size_t len;
	char path[256];
} current;

static void
die(const char *what)
{
	printf("Bail out! %s\n", what);
	exit(99);
}

/* Async-signal-safe: leaves the input that broke the target in a file. */
static void
save_input(void)
{
	int fd = open(current.path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	ssize_t n = 0;

	if (current.data != NULL)
		n = write(fd, current.data, current.len);
	n += write(STDOUT_FILENO, "\nBail out! input saved in ", 26);
	n += write(STDOUT_FILENO, current.path, strlen(current.path));
	n += write(STDOUT_FILENO, "\n", 1);
	if (n == 0 || close(fd) != 0)
		_exit(99);
}

static void
on_crash(int signal_number)
{
	save_input();
	signal(signal_number == SIGALRM ? SIGABRT : signal_number, SIG_DFL);
	raise(signal_number == SIGALRM ? SIGABRT : signal_number);
}

static void
catch_crashes(const char *name)
{
	static const int signals[] = {
	    SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM};

	snprintf(current.path, sizeof(current.path), "fuzz_%s.crash", name);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], on_crash);
	if (__sanitizer_set_death_callback != NULL)
		__sanitizer_set_death_callback(save_input);
}

/* Runs one input from memory that ends where the input ends, so that
 * reading past it is seen. */
static void
run_input(const uint8_t *data, size_t len)
{
	uint8_t *copy = mem_dup(data, len);

	current.data = copy;
	current.len = len;
	alarm(SECONDS_AN_INPUT);
	LLVMFuzzerTestOneInput(copy, len);
	alarm(0);
	current.data = NULL;
	free(copy);
}

static struct input
read_input(const char *path)
{
	struct input in = {mem_new(INPUT_BYTES), 0};
	FILE *f = fopen(path, "rb");

	if (f == NULL)
		die(path);
	in.len = fread(in.data, 1, INPUT_BYTES, f);
	if (ferror(f))
		die(path);
	fclose(f);
	return in;
}

static int
choose_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Runs the files of a directory, a TAP line each, and keeps them. */
static struct corpus
run_corpus(const char *dir)
{
	struct corpus c = {0};
	struct dirent **names;
	int n = scandir(dir, &names, choose_visible, alphasort);

	if (n <= 0)
		die("no corpus: put seeds into tests/fuzz/corpus");
	c.inputs = mem_array((size_t)n, sizeof(*c.inputs));
	for (; c.n < (size_t)n; c.n++) {
		char *path = mem_printf("%s/%s", dir, names[c.n]->d_name);

		c.inputs[c.n] = read_input(path);
		run_input(c.inputs[c.n].data, c.inputs[c.n].len);
		printf("ok %zu - seed %s\n", c.n + 1, names[c.n]->d_name);
		free(names[c.n]);
		free(path);
	}
	free(names);
	return c;
}

/* xorshift64*: the same numbers everywhere, for the same seed. */
static uint64_t
draw(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(2685821657736338717);
}

/* A number below n (> 0). */
static size_t
draw_below(uint64_t *state, size_t n)
{
	return (size_t)(draw(state) >> 16) % n;
}

static void
copy_range(struct input *in, const struct input *from, uint64_t *rng)
{
	size_t at = draw_below(rng, in->len + 1), start, len;

	if (from->len == 0)
		return;
	start = draw_below(rng, from->len);
	len = 1 + draw_below(rng, from->len - start);
	if (len > INPUT_BYTES - in->len)
		len = INPUT_BYTES - in->len;
	memmove(in->data + at + len, in->data + at, in->len - at);
	memcpy(in->data + at, from->data + start, len);
	in->len += len;
}

static void
remove_range(struct input *in, uint64_t *rng)
{
	size_t start = draw_below(rng, in->len);
	size_t len = 1 + draw_below(rng, in->len - start);

	memmove(
	    in->data + start, in->data + start + len, in->len - start - len);
	in->len -= len;
}

/* One change: a bit, a byte, an end cut off, a range taken away or a range
 * of a seed put in. */
static void
mutate(struct input *in, const struct corpus *c, uint64_t *rng)
{
	static const uint8_t edges[] = {0, 1, 0x7f, 0x80, 0xff, 0x1b, '\n',
	    '\r', ' ', '"', '%', '[', ']', '-', ',', '/', '\\', '0', '9'};
	size_t kind = in->len == 0 ? 5 : draw_below(rng, 7);
	size_t at = in->len == 0 ? 0 : draw_below(rng, in->len);

	switch (kind) {
	case 0:
		in->data[at] ^= (uint8_t)(1u << draw_below(rng, 8));
		break;
	case 1:
		in->data[at] = edges[draw_below(rng, sizeof(edges))];
		break;
	case 2:
		in->data[at] = (uint8_t)draw(rng);
		break;
	case 3:
		in->len = at;
		break;
	case 4:
		remove_range(in, rng);
		break;
	default:
		copy_range(in, &c->inputs[draw_below(rng, c->n)], rng);
	}
}

static size_t
number_from_env(const char *name, size_t otherwise)
{
	const char *text = getenv(name);
	size_t n = 0;

	if (text == NULL)
		return otherwise;
	for (; *text >= '0' && *text <= '9'; text++)
		n = n * 10 + (size_t)(*text - '0');
	if (*text != '\0')
		die("FUZZ_RUNS and FUZZ_SEED are numbers");
	return n;
}

static void
run_mutations(const struct corpus *c)
{
	bool timed = getenv("FUZZ_RUNS") == NULL;
	size_t runs = number_from_env("FUZZ_RUNS", RUNS), done = 0;
	size_t seed = number_from_env("FUZZ_SEED", 1);
	uint64_t rng = (uint64_t)seed * 2 + 1;
	time_t end = time(NULL) + SECONDS_OF_MUTATIONS;
	struct input in = {mem_new(INPUT_BYTES), 0};

	for (; done < runs && !(timed && time(NULL) > end); done++) {
		const struct input *from = &c->inputs[draw_below(&rng, c->n)];

		memcpy(in.data, from->data, from->len);
		in.len = from->len;
		for (size_t n = 1 + draw_below(&rng, 6); n > 0; n--)
			mutate(&in, c, &rng);
		run_input(in.data, in.len);
	}
	free(in.data);
	printf("ok %zu - %zu mutations of seed %zu\n", c->n + 1, done, seed);
}

static void
free_corpus(struct corpus *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->inputs[i].data);
	free(c->inputs);
}

/* "clean" of ".../fuzz_clean" or of libtool's ".../lt-fuzz_clean". */
static const char *
target_name(const char *program)
{
	const char *base = strrchr(program, '/');
	const char *name;

	base = base == NULL ? program : base + 1;
	name = strstr(base, "fuzz_");
	return name == NULL ? base : name + strlen("fuzz_");
}

int
main(int argc, char **argv)
{
	const char *top = getenv("top_srcdir");
	struct corpus corpus;
	char *dir;

	setvbuf(stdout, NULL, _IOLBF, 0);
	catch_crashes(target_name(argv[0]));
	for (int i = 1; i < argc; i++) {
		struct input in = read_input(argv[i]);

		run_input(in.data, in.len);
		printf("ok %d - %s\n", i, argv[i]);
		free(in.data);
	}
	if (argc > 1)
		return 0;
	dir = mem_printf("%s/tests/fuzz/corpus/%s", top == NULL ? "." : top,
	    target_name(argv[0]));
	corpus = run_corpus(dir);
	run_mutations(&corpus);
	printf("1..%zu\n", corpus.n + 1);
	free_corpus(&corpus);
	free(dir);
	return 0;
}
