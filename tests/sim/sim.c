/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulator's command line; reports in TAP.
 *
 *	sim SCENARIO.scn...		run scenarios
 *	sim --random N [--seed S]	run N random schedules, seeds S, S+1, ...
 *	sim --one SEED			run one of them and show what happens
 *	sim --trace SCENARIO.scn	the same for a scenario
 */
#include "world.h"

#include <getopt.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"

#define CHUNKS 10

static uint64_t number(const char *text)
{
	uint64_t n;

	if (num_parse_u64(text, 10, 0, UINT64_MAX, &n) != NUM_OK) {
		fprintf(stderr, "sim: %s is not a number\n", text);
		exit(2);
	}
	return n;
}

static int run_one(uint64_t seed)
{
	char why[256];
	uint64_t n_packets = 0;
	bool ok = sim_random_schedule(seed, true, why, sizeof(why), &n_packets);

	printf("1..1\n%sok 1 - schedule %" PRIu64 " %s\n", ok ? "" : "not ", seed, why);
	return !ok;
}

static bool run_chunk(uint64_t first, uint64_t n, uint64_t *n_packets)
{
	unsigned n_failed = 0;
	char why[256];

	for (uint64_t seed = first; seed < first + n; seed++) {
		if (sim_random_schedule(seed, false, why, sizeof(why), n_packets))
			continue;
		if (n_failed++ < 5)
			printf("# sim --one %" PRIu64 ": %s\n", seed, why);
	}
	if (n_failed)
		printf("# %u of %" PRIu64 " schedules failed\n", n_failed, n);
	return n_failed == 0;
}

static int run_random(uint64_t n, uint64_t seed)
{
	uint64_t n_packets = 0;
	int failed = 0;

	printf("1..%d\n", CHUNKS);
	for (uint64_t i = 0; i < CHUNKS; i++) {
		uint64_t first = seed + n * i / CHUNKS;
		uint64_t count = n * (i + 1) / CHUNKS - n * i / CHUNKS;
		bool ok = run_chunk(first, count, &n_packets);

		printf("%sok %" PRIu64 " - random schedules, seeds %" PRIu64 " to %" PRIu64 "\n",
		       ok ? "" : "not ", i + 1, first, first + count - 1);
		fflush(stdout);
		failed |= !ok;
	}
	printf("# %" PRIu64 " packets were delivered\n", n_packets);
	return failed;
}

static int run_scenarios(char **paths, int n, bool trace)
{
	int failed = 0;

	printf("1..%d\n", n);
	for (int i = 0; i < n; i++) {
		char why[512];
		bool ok = sim_scenario(paths[i], trace, why, sizeof(why));

		if (!ok)
			printf("# %s\n", why);
		printf("%sok %d - %s\n", ok ? "" : "not ", i + 1, basename(paths[i]));
		failed |= !ok;
	}
	return failed;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "random", required_argument, NULL, 'r' },
		{ "seed", required_argument, NULL, 's' },
		{ "one", required_argument, NULL, 'o' },
		{ "trace", no_argument, NULL, 't' },
		{ 0 },
	};
	uint64_t n = 0, seed = 1;
	bool trace = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (opt) {
		case 'r':
			n = number(optarg);
			break;
		case 's':
			seed = number(optarg);
			break;
		case 'o':
			return run_one(number(optarg));
		case 't':
			trace = true;
			break;
		default:
			return 2;
		}
	}
	if (n)
		return run_random(n, seed);
	return run_scenarios(argv + optind, argc - optind, trace);
}
