/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files: includes and their checks, loops, odd files; and the snapshot.
 *
 * Everything happens in a directory of this process.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/map.h"
#include "config_toy.h"
#include "unit.h"

enum { PATH_BYTES = 256 };

/** The directory, and what is in it. */
struct folder {
	char path[PATH_BYTES / 2];
	char files[32][PATH_BYTES];
	unsigned n;
};

static int enter(void **state)
{
	struct folder *folder = xnew(struct folder);

	(void)snprintf(folder->path, sizeof(folder->path), "/tmp/config_source_%ld",
		       (long)getpid());
	*state = folder;
	return mkdir(folder->path, 0700);
}

static int leave(void **state)
{
	struct folder *folder = *state;

	while (folder->n--)
		(void)remove(folder->files[folder->n]);
	(void)rmdir(folder->path);
	free(folder);
	return 0;
}

static const char *name(struct folder *folder, const char *file)
{
	char path[PATH_BYTES];

	(void)snprintf(path, sizeof(path), "%s/%s", folder->path, file);
	return memcpy(folder->files[folder->n++], path, sizeof(path));
}

static const char *put(struct folder *folder, const char *file, const char *text)
{
	const char *path = name(folder, file);
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
	return path;
}

/** The tree of a file and what it includes, with findings; the folder's name is left out. */
static char *read_tree(struct folder *folder, const char *path, struct source_options *options)
{
	struct diags *diags = diags_new();
	struct source_map *map = source_map_new();
	struct strbuf out = { 0 };
	char *tree, *p, *found;

	(void)source_read(map, path, options, diags);
	tree = toy_tree_of(map, diags);
	for (p = tree; (found = strstr(p, folder->path)); p += *p == '/') {
		strbuf_add_bytes(&out, p, (size_t)(found - p));
		p = found + strlen(folder->path);
	}
	strbuf_add(&out, p);
	strbuf_addf(&out, "%s", diags_count_class(diags, DIAG_CLASS_CANNOT_RUN) ? " FATAL" : "");
	free(tree);
	diags_free(diags);
	source_map_free(map);
	return out.data;
}

static void check(struct folder *folder, const char *path, const char *expected)
{
	struct source_options options = { .config_id = "node1" };
	char *tree = read_tree(folder, path, &options);

	assert_string_equal(tree, expected);
	free(tree);
}

static void test_include(void **state)
{
	struct folder *f = *state;
	const char *main;

	put(f, "a.inc", "a 1 }\nb {\n");
	put(f, "b.inc", "c 2");
	put(f, "d e.inc", "d 3\n");
	main = put(f, "main.conf", "x {\ninclude a.inc\ny\n}\ninclude b.inc a*.none\n"
				   "z { include \"d e.inc\" }\n");
	check(f, main, "x { a 1 }; b { y }; c 2; z { d 3 }");
}

static void test_patterns(void **state)
{
	struct folder *f = *state;
	const char *main;

	put(f, "p1.inc", "p1\n");
	put(f, "p2.inc", "p2\n");
	put(f, "q.inc", "q\n");
	main = put(f, "main.conf", "$N=q\ninclude p?.inc\ninclude {q,p2,p1}.inc\n"
				   "include ${N}.inc\n@node1 include q.inc\n@other include q.inc\n"
				   "~SEQ(I,2,1) include p$I.inc\n~SEQ(I,1,2) include p${I}.inc\n");
	check(f, main,
	      "p1; p2; q; p2; p1; q; q; p1; p2\n! 7:21 file 'p$I.inc' does not exist\n"
	      "! 7:22 '$I' is not replaced here: write ${I}");
}

static void test_relative(void **state)
{
	struct folder *f = *state;
	const char *main;
	char path[PATH_BYTES];

	assert_int_equal(mkdir(name(f, "sub"), 0700), 0);
	put(f, "sub/one.inc", "include two.inc\npwd ${_PWD}\n");
	put(f, "sub/two.inc", "two\n");
	main = put(f, "main.conf", "include sub/one.inc\npwd ${_PWD}\n");
	check(f, main, "two; pwd sub; pwd ");
	/* The process's own directory does not matter. */
	(void)snprintf(path, sizeof(path), "%s/sub", f->path);
	check(f, main, "two; pwd sub; pwd ");
}

static void test_missing(void **state)
{
	static const struct {
		const char *text;
		const char *tree;
	} cases[] = {
		{ "include none.inc", "\n! 1:9 file 'none.inc' does not exist" },
		{ "include none*.inc", "" },
		{ "include none/*.inc", "\n! 1:9 no file matches 'none/*.inc'" },
		{ "includer none.inc", "\n! 1:10 file 'none.inc' does not exist" },
		{ "includem none.inc", "\n! 1:10 file 'none.inc' does not exist FATAL" },
		{ "includem none*.inc", "" },
		{ "includew none*.inc", "\n! 1:10 no file matches 'none*.inc' FATAL" },
		{ "includeb {here,none}.inc",
		  "\n! 1:10 no file matches 'none.inc' FATAL" },
		{ "include {here,none}.inc", "here\n! 1:9 no file matches 'none.inc'" },
		{ "includea none.inc", "\n! 1:10 file 'none.inc' does not exist FATAL" },
		{ "include_check\ninclude none.inc",
		  "include_check\n! 2:9 file 'none.inc' does not exist FATAL" },
		{ "g { include_check match }\ninclude none*.inc\ninclude none.inc",
		  "g { include_check match }\n! 3:9 file 'none.inc' does not exist FATAL" },
		{ "include_check match -match\ninclude none.inc",
		  "include_check match -match\n! 2:9 file 'none.inc' does not exist" },
		{ "includex none.inc", "includex none.inc" },
		{ "include", "include" },
	};
	struct folder *f = *state;

	put(f, "here.inc", "here\n");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *main = put(f, "main.conf", cases[i].text);

		check(f, main, cases[i].tree);
		f->n--;
	}
	f->n++;
}

/** include_check ends with its file; -e is all of them. */
static void test_check_scope(void **state)
{
	struct folder *f = *state;
	struct source_options options = { .all_includes = true };
	const char *main;
	char *tree;

	put(f, "a.inc", "include_check\n");
	main = put(f, "main.conf", "include a.inc\ninclude none.inc\n");
	check(f, main, "include_check\n! 2:9 file 'none.inc' does not exist");
	tree = read_tree(f, main, &options);
	assert_string_equal(tree, "include_check\n! 2:9 file 'none.inc' does not exist FATAL");
	free(tree);
}

static void test_loops(void **state)
{
	struct folder *f = *state;
	const char *main = name(f, "main.conf"), *other = name(f, "other.inc");

	f->n -= 2;
	main = put(f, "main.conf", "a\ninclude other.inc\nb\n");
	other = put(f, "other.inc", "c\ninclude main.conf\ninclude other.inc\n");
	check(f, main, "a; c; b\n! 2:9 include loop: main.conf -> other.inc -> main.conf\n"
		       "! 3:9 include loop: other.inc -> other.inc");
	check(f, other, "c; a; b\n! 3:9 include loop: other.inc -> other.inc\n"
			"! 2:9 include loop: other.inc -> main.conf -> other.inc");
}

/** Each file is small, their product is not. */
static void test_bomb(void **state)
{
	struct folder *f = *state;
	const char *main = NULL;
	char *tree;
	struct source_options options = { 0 };

	for (unsigned i = 0; i < 12; i++) {
		char file[16], text[256];

		(void)snprintf(file, sizeof(file), "l%u.inc", i);
		(void)snprintf(text, sizeof(text), "include l%u.inc l%u.inc l%u.inc l%u.inc\n",
			       i ? i - 1 : 99, i ? i - 1 : 99, i ? i - 1 : 99, i ? i - 1 : 99);
		main = put(f, file, i ? text : "x\n");
	}
	tree = read_tree(f, main, &options);
	assert_non_null(strstr(tree, "this line expands to too much text"));
	free(tree);
}

static void test_odd_files(void **state)
{
	struct folder *f = *state;
	const char *main, *script;

	assert_int_equal(mkdir(name(f, "dir.inc"), 0700), 0);
	assert_int_equal(mkfifo(name(f, "pipe.inc"), 0600), 0);
	script = put(f, "script.inc", "s\n");
	assert_int_equal(chmod(script, 0700), 0);
	main = put(f, "main.conf", "include dir.inc\ninclude pipe.inc\ninclude script.inc\na\n");
	check(f, main, "a\n! 1:9 'dir.inc' is a directory: it is not read\n"
		       "! 2:9 'pipe.inc' is not a regular file: it is not read\n"
		       "! 3:9 'script.inc' is an executable file: it is not read");
}

static void test_main_file(void **state)
{
	struct folder *f = *state;
	struct source_options options = { 0 };
	struct diags *diags = diags_new();
	struct source_map *map = source_map_new();
	const char *one = put(f, "one.conf", "\xef\xbb\xbf" "a\r\nb");
	char pattern[PATH_BYTES];
	size_t n;

	assert_false(source_read(map, f->path, &options, diags));
	assert_int_equal(diags_count_class(diags, DIAG_CLASS_CANNOT_RUN), 1);
	assert_true(source_read(map, one, &options, diags));
	assert_string_equal(source_files(map, &n)[0], one);
	assert_int_equal(n, 1);
	source_map_free(map);
	diags_free(diags);
	check(f, one, "a; b");
	check(f, "/nonexistent/file",
	      "\n! 0:0 '/nonexistent/file' cannot be opened: No such file or directory FATAL");
	put(f, "two.conf", "c\n");
	(void)snprintf(pattern, sizeof(pattern), "%s/*.conf", f->path);
	check(f, pattern, "a; b; c\n! 0:0 '*.conf' matches 2 files: all are read");
	assert_int_equal(chmod(one, 0755), 0);
	check(f, one, "a; b\n! 1:1 'one.conf' is executable: a configuration file should not be");
}

static void test_snapshot(void **state)
{
	struct folder *f = *state;
	struct source_options options = { .config_id = "node1" };
	struct diags *diags = diags_new();
	struct source_map *map = source_map_new(), *copy = source_map_new();
	char *tree, *tree_of_copy;
	const char *main;
	size_t n;
	int fd;

	put(f, "a.inc", "virtual_ipaddress {\n ~SEQ(N,1,3) 10.0.0.${N}\n}\nfoo\n");
	main = put(f, "main.conf",
		   "$B=x \\\n priority y\nvrrp_instance A {\ninclude a.inc\n$B\n}\n");
	assert_true(source_read(map, main, &options, diags));
	fd = source_snapshot_write(map);
	assert_true(fd >= 0);
	/* Nobody can change it any more. */
	assert_int_equal(write(fd, "x", 1), -1);
	assert_int_equal(ftruncate(fd, 0), -1);
	assert_true(source_snapshot_read(copy, fd));
	close(fd);
	tree = toy_tree_of(map, diags);
	source_map_free(map);
	tree_of_copy = toy_tree_of(copy, diags);
	assert_string_equal(tree, tree_of_copy);
	assert_non_null(strstr(tree, "10.0.0.3"));
	assert_string_equal(source_files(copy, &n)[0], main);
	assert_int_equal(n, 2);
	free(tree);
	free(tree_of_copy);
	source_map_free(copy);
	diags_free(diags);
}

/** Whatever is in the file: refused, or read without harm. */
static void test_bad_snapshots(void **state)
{
	struct source_options options = { 0 };
	struct diags *diags = diags_new();
	struct source_map *map = source_map_new();
	uint8_t bytes[4096];
	ssize_t len;
	int fd;

	(void)state;
	(void)source_read_text(map, "x", "$A=1\na { b ${A}\n}\n", 18, &options, diags);
	fd = source_snapshot_write(map);
	len = pread(fd, bytes, sizeof(bytes), 0);
	assert_true(len > 0 && len < (ssize_t)sizeof(bytes));
	close(fd);
	for (ssize_t i = -1; i < len * 2; i++) {
		struct source_map *copy = source_map_new();
		uint8_t changed[4096];
		int bad = memfd_create("x", MFD_ALLOW_SEALING);

		memcpy(changed, bytes, (size_t)len);
		if (i >= 0)
			changed[i / 2] ^= i % 2 ? 0xff : 0x01;
		assert_int_equal(write(bad, changed, (size_t)len), len);
		if (i < 0)
			assert_false(source_snapshot_read(copy, bad));
		(void)fcntl(bad, F_ADD_SEALS,
			    F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL);
		if (i >= 0 && source_snapshot_read(copy, bad))
			free(toy_tree_of(copy, diags));
		source_map_free(copy);
		close(bad);
	}
	source_map_free(map);
	diags_free(diags);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test_setup_teardown(test_include, enter, leave),
	cmocka_unit_test_setup_teardown(test_patterns, enter, leave),
	cmocka_unit_test_setup_teardown(test_relative, enter, leave),
	cmocka_unit_test_setup_teardown(test_missing, enter, leave),
	cmocka_unit_test_setup_teardown(test_check_scope, enter, leave),
	cmocka_unit_test_setup_teardown(test_loops, enter, leave),
	cmocka_unit_test_setup_teardown(test_bomb, enter, leave),
	cmocka_unit_test_setup_teardown(test_odd_files, enter, leave),
	cmocka_unit_test_setup_teardown(test_main_file, enter, leave),
	cmocka_unit_test_setup_teardown(test_snapshot, enter, leave),
	cmocka_unit_test(test_bad_snapshots),
};

UNIT_MAIN(tests)
