/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Landlock: an engine reads files but writes none, but below a few directories, and executes
 * nothing.
 *
 * What is open stays usable. Kernels before 5.13 and those without Landlock answer -EOPNOTSUPP.
 */
#include "core/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WRITE_ACCESS                                                                       \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_FILE |                  \
	 LANDLOCK_ACCESS_FS_MAKE_REG)
#define HANDLED_ACCESS                                                                     \
	(WRITE_ACCESS | LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_REMOVE_DIR |       \
	 LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR |                      \
	 LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |                     \
	 LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM)

static void allow_below(int ruleset, const char *dir)
{
	struct landlock_path_beneath_attr rule = { .allowed_access = WRITE_ACCESS };

	rule.parent_fd = open(dir, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return;
	(void)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	close(rule.parent_fd);
}

int sandbox_files(const char *const *writable)
{
	const struct landlock_ruleset_attr attr = { .handled_access_fs = HANDLED_ACCESS };
	int ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0);

	if (ruleset < 0)
		return -EOPNOTSUPP;
	for (; writable && *writable; writable++)
		allow_below(ruleset, *writable);
	int result = syscall(SYS_landlock_restrict_self, ruleset, 0) < 0 ? -errno : 0;

	close(ruleset);
	return result;
}
