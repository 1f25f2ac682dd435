/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Commands and the files behind them: what is found, who may run it, who could change it.
 *
 * Needs root, to give files away. Works in a directory of its own below /tmp.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "core/script_file.h"
#include "tests/unit/unit.h"

#define OTHER 65534	/* an id that is not root's */

static const struct script_ids root = { 0 };
static const struct script_ids other = { .uid = OTHER, .gid = OTHER };

struct fixture {
	char dir[64];
	struct arena *arena;
	struct script_file file;
};

static const char *in(struct fixture *f, const char *name)
{
	return arena_printf(f->arena, "%s/%s", f->dir, name);
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static const char *script(struct fixture *f, const char *name, mode_t mode)
{
	const char *path = in(f, name);

	write_file(path, "#!/bin/sh\nexit 0\n", mode);
	return path;
}

static const struct script_file *look(struct fixture *f, const char *path,
				      const struct script_ids *ids)
{
	script_file_look(path, ids, f->arena, &f->file);
	return &f->file;
}

static int setup(void **state)
{
	struct fixture *f = xnew(struct fixture);

	if (geteuid() != 0) {
		free(f);
		return 0;
	}
	snprintf(f->dir, sizeof(f->dir), "/tmp/ka-script-%d-XXXXXX", getpid());
	if (!mkdtemp(f->dir) || chmod(f->dir, 0755))
		return -1;
	f->arena = arena_new();
	*state = f;
	return 0;
}

static int remove_tree(struct fixture *f)
{
	static const char *const names[] = { "d/s", "d", "s", "l", "m", "data", "dir", "foreign" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		(void)remove(in(f, names[i]));
	return rmdir(f->dir);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	int err;

	if (!f)
		return 0;
	err = remove_tree(f);
	arena_free(f->arena);
	free(f);
	return err;
}

#define FIXTURE(name)                 \
	struct fixture *name = *state; \
	if (!name)                    \
	SKIP_BECAUSE("needs root: files of other users")

static void plain_script_is_fine(void **state)
{
	FIXTURE(f);
	const struct script_file *file = look(f, script(f, "s", 0755), &root);

	assert_null(file->problem);
	assert_null(file->insecure);
	assert_false(file->by_shell);
	assert_string_equal(file->resolved, in(f, "s"));
	assert_null(file->found);
}

static void slashes_and_dots_are_cleaned(void **state)
{
	FIXTURE(f);
	const struct script_file *file;

	script(f, "s", 0755);
	file = look(f, in(f, "/./../") /* DIR//./../ */, &root);
	assert_non_null(file->problem);
	file = look(f, in(f, "/.//s"), &root);
	assert_null(file->problem);
	assert_string_equal(file->path, in(f, "s"));
}

static void others_can_write(void **state)
{
	FIXTURE(f);
	const char *path = script(f, "s", 0777);

	assert_string_equal(look(f, path, &root)->insecure, "is writable by everybody");
	assert_string_equal(f->file.insecure_at, path);
	assert_null(f->file.problem);
	script(f, "s", 0775);
	assert_null(look(f, path, &root)->insecure);
	assert_int_equal(chown(path, 0, OTHER), 0);
	assert_int_equal(chmod(path, 0775), 0);
	assert_non_null(look(f, path, &root)->insecure);
	assert_int_equal(chown(path, OTHER, 0), 0);
	assert_int_equal(chmod(path, 0755), 0);
	assert_string_equal(look(f, path, &root)->insecure, "does not belong to root");
}

static void ordinary_user_is_not_checked(void **state)
{
	FIXTURE(f);
	const char *path = script(f, "s", 0777);

	assert_null(look(f, path, &other)->insecure);
	assert_null(f->file.problem);
	/* unless the file turns into root */
	assert_int_equal(chmod(path, 04777), 0);
	assert_non_null(look(f, path, &other)->insecure);
}

static void directories_count(void **state)
{
	FIXTURE(f);
	const char *dir = in(f, "d"), *path = in(f, "d/s");

	assert_int_equal(mkdir(dir, 0755), 0);
	write_file(path, "#!/bin/sh\n", 0755);
	assert_null(look(f, path, &root)->insecure);
	assert_int_equal(chmod(dir, 0777), 0);
	assert_string_equal(look(f, path, &root)->insecure_at, dir);
	assert_int_equal(chmod(dir, 01777), 0);
	assert_null(look(f, path, &root)->insecure);
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(chown(dir, OTHER, 0), 0);
	assert_string_equal(look(f, path, &root)->insecure_at, dir);
}

static void links_are_followed(void **state)
{
	FIXTURE(f);
	const char *link = in(f, "l");

	assert_int_equal(mkdir(in(f, "d"), 0755), 0);
	write_file(in(f, "d/s"), "#!/bin/sh\n", 0755);
	assert_int_equal(symlink("d", link), 0);
	assert_null(look(f, in(f, "l/s"), &root)->problem);
	assert_null(f->file.insecure);
	assert_string_equal(f->file.resolved, in(f, "d/s"));
	assert_string_equal(f->file.path, in(f, "l/s"));
	assert_int_equal(lchown(link, OTHER, OTHER), 0);
	assert_string_equal(look(f, in(f, "l/s"), &root)->insecure_at, link);
	/* the target is looked at as well */
	assert_int_equal(lchown(link, 0, 0), 0);
	assert_int_equal(chmod(in(f, "d"), 0777), 0);
	assert_string_equal(look(f, in(f, "l/s"), &root)->insecure_at, in(f, "d"));
	/* out of it and back */
	assert_null(look(f, arena_printf(f->arena, "%s/l/../l/s", f->dir), &root)->problem);
	assert_string_equal(f->file.resolved, in(f, "d/s"));
}

static void link_loop_ends(void **state)
{
	FIXTURE(f);

	assert_int_equal(symlink("m", in(f, "l")), 0);
	assert_int_equal(symlink("l", in(f, "m")), 0);
	assert_string_equal(look(f, in(f, "l"), &root)->rule, "script-access");
}

static void missing_directory_not_executable(void **state)
{
	FIXTURE(f);
	const char *path;

	assert_string_equal(look(f, in(f, "no/such"), &root)->rule, "script-missing");
	assert_string_equal(look(f, f->dir, &root)->rule, "script-kind");
	path = script(f, "s", 0644);
	assert_string_equal(look(f, path, &root)->rule, "script-executable");
	assert_string_equal(look(f, arena_printf(f->arena, "%s/x", path), &root)->rule,
			    "script-access");
}

static void rights_of_the_user(void **state)
{
	FIXTURE(f);
	const struct script_ids member = { .uid = 1, .gid = 1, .groups = (gid_t[]){ 7 },
					   .n_groups = 1 };
	const char *path = script(f, "s", 0754);

	assert_non_null(look(f, path, &other)->problem);
	assert_null(look(f, path, &root)->problem);
	assert_int_equal(chown(path, 0, 7), 0);
	assert_null(look(f, path, &member)->problem);
	assert_int_equal(chmod(f->dir, 0700), 0);
	assert_string_equal(look(f, path, &member)->rule, "script-access");
	assert_int_equal(chmod(f->dir, 0755), 0);
}

static void interpreter_is_looked_for(void **state)
{
	FIXTURE(f);
	const char *path = in(f, "s");

	write_file(path, "#! /no/such/shell -x\n", 0755);
	assert_string_equal(look(f, path, &root)->rule, "script-interpreter");
	assert_non_null(strstr(f->file.problem, "/no/such/shell"));
	write_file(path, "#!/bin/sh\r\nexit 0\r\n", 0755);
	assert_string_equal(look(f, path, &root)->rule, "script-interpreter");
	assert_non_null(f->file.hint);
	write_file(path, "#!\n", 0755);
	assert_string_equal(look(f, path, &root)->rule, "script-interpreter");
	write_file(path, "", 0755);
	assert_null(look(f, path, &root)->problem);
}

static void path_is_searched(void **state)
{
	FIXTURE(f);

	script(f, "s", 0755);
	assert_int_equal(setenv("PATH", arena_printf(f->arena, "/nowhere::%s", f->dir), 1), 0);
	assert_string_equal(look(f, "s", &root)->found, in(f, "s"));
	assert_null(f->file.problem);
	assert_string_equal(look(f, "t", &root)->rule, "script-missing");
	assert_int_equal(chmod(in(f, "s"), 0644), 0);
	assert_string_equal(look(f, "s", &root)->rule, "script-missing");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(plain_script_is_fine),
	TEST(slashes_and_dots_are_cleaned),
	TEST(others_can_write),
	TEST(ordinary_user_is_not_checked),
	TEST(directories_count),
	TEST(links_are_followed),
	TEST(link_loop_ends),
	TEST(missing_directory_not_executable),
	TEST(rights_of_the_user),
	TEST(interpreter_is_looked_for),
	TEST(path_is_searched),
};

UNIT_MAIN(tests)
