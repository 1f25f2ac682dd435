/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzz entry over the files of corpus folders, without a fuzzer; reports in TAP. A crash is
 * the failure: the last line says which file was begun.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define INPUT_MAX (1024 * 1024)

static unsigned n_run;

static int run_file(const char *path, const char *name)
{
	FILE *in = fopen(path, "rb");
	uint8_t *whole = malloc(INPUT_MAX), *exact;
	size_t len = in && whole ? fread(whole, 1, INPUT_MAX, in) : 0;

	if (!in || !whole) {
		printf("not ok %u - %s cannot be read\n", ++n_run, name);
		free(whole);
		return 1;
	}
	fclose(in);
	/* Just as long as it is, so that the sanitizer sees the first byte too many. */
	exact = malloc(len ? len : 1);
	if (exact)
		memcpy(exact, whole, len);
	free(whole);
	printf("# %s\n", name);
	fflush(stdout);
	(void)LLVMFuzzerTestOneInput(exact, len);
	free(exact);
	printf("ok %u - %s\n", ++n_run, name);
	return 0;
}

static int run_folder(const char *folder)
{
	struct dirent **list;
	int n = scandir(folder, &list, NULL, alphasort);
	int failed = 0;

	for (int i = 0; i < n; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", folder, list[i]->d_name);
		if (list[i]->d_name[0] != '.')
			failed |= run_file(path, list[i]->d_name);
		free(list[i]);
	}
	if (n < 0) {
		printf("not ok %u - %s cannot be read\n", ++n_run, folder);
		return 1;
	}
	free(list);
	return failed;
}

int main(int argc, char **argv)
{
	int failed = 0;

	for (int i = 1; i < argc; i++)
		failed |= run_folder(argv[i]);
	printf("1..%u\n", n_run);
	return failed;
}
