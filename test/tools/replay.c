/*
 * The plain main of a fuzz harness: it replays the committed corpus in
 * `make check`, where no fuzzer is at hand.
 *
 * For a program named fuzz_X the corpus is vectors/fuzz/X, read from the
 * repository's root.  Every input runs as it is, cut short at many places, and
 * with single bits flipped; then come random inputs.  All of it follows from
 * one fixed seed, so a run repeats to the byte.  A harness reports a fault by
 * dying, which the runner counts; what is printed here are the counts.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LARGEST_INPUT = 1 << 20,
    CUTS = 64,
    FLIPS = 128,
    RANDOM_INPUTS = 2000,
    RANDOM_LEN = 512
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t rng_state = 0x746f6d6368616eULL;

/* xorshift64*: any generator does, as long as it is always the same. */
static uint64_t rng_next(void)
{
    rng_state ^= rng_state >> 12;
    rng_state ^= rng_state << 25;
    rng_state ^= rng_state >> 27;
    return rng_state * 0x2545f4914f6cdd1dULL;
}

static size_t rng_below(size_t n)
{
    return (size_t)(rng_next() % n);
}

/* Each run gets a copy of exactly its size, so that ASan sees an overrun. */
static void run_input(const uint8_t *data, size_t len)
{
    uint8_t *copy = malloc(len != 0 ? len : 1);

    if (copy == NULL) {
        abort();
    }
    if (len != 0) {
        memcpy(copy, data, len);
    }
    (void)LLVMFuzzerTestOneInput(copy, len);
    free(copy);
}

static void run_variants(uint8_t *data, size_t len)
{
    size_t step = len / CUTS + 1;

    run_input(data, len);
    for (size_t cut = 0; cut < len; cut += step) {
        run_input(data, cut);
    }
    for (int i = 0; i < FLIPS && len != 0; i++) {
        size_t at = rng_below(len);
        uint8_t bit = (uint8_t)(1U << rng_below(8));

        data[at] ^= bit;
        run_input(data, len);
        data[at] ^= bit;
    }
}

static size_t read_file(uint8_t *buf, const char *path)
{
    FILE *f = fopen(path, "rb");
    size_t len;

    if (f == NULL) {
        return 0;
    }
    len = fread(buf, 1, LARGEST_INPUT, f);
    (void)fclose(f);
    return len;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static unsigned replay_corpus(const char *folder, uint8_t *buf)
{
    struct dirent **entries = NULL;
    int n = scandir(folder, &entries, NULL, by_name);
    unsigned files = 0;

    for (int i = 0; i < n; i++) {
        char path[1024];

        if (entries[i]->d_name[0] != '.') {
            (void)snprintf(path, sizeof path, "%s/%s", folder,
                           entries[i]->d_name);
            run_variants(buf, read_file(buf, path));
            files++;
        }
        free(entries[i]);
    }
    free(entries);
    return files;
}

int main(int argc, char **argv)
{
    const char *name = strrchr(argv[0], '/');
    uint8_t *buf = malloc(LARGEST_INPUT);
    char folder[512];
    unsigned files;

    (void)argc;
    name = name != NULL ? name + 1 : argv[0];
    if (buf == NULL || strncmp(name, "fuzz_", 5) != 0) {
        (void)fprintf(stderr, "%s: a program fuzz_X was expected\n", name);
        return 2;
    }
    (void)snprintf(folder, sizeof folder, "vectors/fuzz/%s", name + 5);
    printf("1..2\n");
    files = replay_corpus(folder, buf);
    printf("ok 1 - %u corpus files, cut and flipped, end cleanly\n", files);
    for (unsigned i = 0; i < RANDOM_INPUTS; i++) {
        size_t len = rng_below(RANDOM_LEN);

        for (size_t k = 0; k < len; k++) {
            buf[k] = (uint8_t)rng_next();
        }
        run_input(buf, len);
    }
    printf("ok 2 - %d random inputs end cleanly\n", RANDOM_INPUTS);
    free(buf);
    return 0;
}
