/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sandbox from the inside: a child process enters it as an engine does, tries what an
 * attacker would try, and is refused; what an engine needs still works.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <linux/landlock.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/engine.h"
#include "core/sandbox.h"

/* The leak checker of sanitized builds starts a helper at exit. */
#if defined(__SANITIZE_ADDRESS__)
#define FORK_IS 0
#else
#define FORK_IS EPERM
#endif

/* What a try ended with: 0 it worked, or errno. */
typedef int try(const char *dir);

static int outcome(long result)
{
	return result < 0 ? errno : 0;
}

static int try_exec(const char *dir attr_unused)
{
	char *const argv[] = { "true", NULL };

	return outcome(execv("/bin/true", argv));
}

static int try_fexec(const char *dir attr_unused)
{
	char *const argv[] = { "true", NULL };
	int fd = open("/bin/true", O_PATH | O_CLOEXEC);

	return outcome(syscall(SYS_execveat, fd, "", argv, NULL, AT_EMPTY_PATH));
}

static int try_write(const char *dir, const char *name)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return outcome(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int try_write_elsewhere(const char *dir)
{
	return try_write(dir, "elsewhere/file");
}

static int try_write_allowed(const char *dir)
{
	return try_write(dir, "allowed/file");
}

static int try_write_existing(const char *dir)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/elsewhere/there", dir);
	return outcome(open(path, O_RDWR | O_CLOEXEC));
}

static int try_mkdir(const char *dir)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/elsewhere/new", dir);
	return outcome(mkdir(path, 0700));
}

static int try_read(const char *dir)
{
	char path[PATH_MAX];

	(void)snprintf(path, sizeof(path), "%s/elsewhere/there", dir);
	return outcome(open(path, O_RDONLY | O_CLOEXEC));
}

static int try_chmod(const char *dir)
{
	return outcome(chmod(dir, 0777));
}

static int try_ptrace(const char *dir attr_unused)
{
	return outcome(ptrace(PTRACE_SEIZE, getppid(), NULL, NULL));
}

static int try_read_memory(const char *dir attr_unused)
{
	char byte;
	struct iovec here = { &byte, 1 }, there = { &byte, 1 };

	return outcome(syscall(SYS_process_vm_readv, getppid(), &here, 1, &there, 1, 0));
}

static int try_mount(const char *dir)
{
	return outcome(mount("none", dir, "tmpfs", 0, NULL));
}

static int try_module(const char *dir attr_unused)
{
	return outcome(syscall(SYS_init_module, "", 0, ""));
}

static int try_bpf(const char *dir attr_unused)
{
	return outcome(syscall(SYS_bpf, 0, NULL, 0));
}

static int try_namespace(const char *dir attr_unused)
{
	return outcome(unshare(CLONE_NEWUSER));
}

static int try_identity(const char *dir attr_unused)
{
	return outcome(setuid(65534));
}

static int try_clock(const char *dir attr_unused)
{
	struct timeval tv;

	(void)gettimeofday(&tv, NULL);
	return outcome(settimeofday(&tv, NULL));
}

static int try_fork(const char *dir attr_unused)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return outcome(pid);
}

static int try_raw_socket(const char *dir attr_unused)
{
	return outcome(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 112));
}

static int try_netlink(const char *dir attr_unused)
{
	return outcome(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 0));
}

/* -- running one try ----------------------------------------------------------------------- */

struct box {
	char dir[64];
	char allowed[80];
	char said[120];
};

static void make_dirs(struct box *b)
{
	char path[PATH_MAX];

	(void)snprintf(b->dir, sizeof(b->dir), "/tmp/sandbox-test-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
	(void)snprintf(b->allowed, sizeof(b->allowed), "%s/allowed", b->dir);
	assert_return_code(mkdir(b->allowed, 0700), errno);
	(void)snprintf(path, sizeof(path), "%s/elsewhere", b->dir);
	assert_return_code(mkdir(path, 0700), errno);
	(void)snprintf(path, sizeof(path), "%s/elsewhere/there", b->dir);
	assert_return_code(close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600)), errno);
}

static void remove_dirs(struct box *b)
{
	static const char *const parts[] = { "/elsewhere/there", "/elsewhere/file",
					     "/elsewhere/new", "/elsewhere", "/allowed/file",
					     "/allowed", "" };
	char path[PATH_MAX];

	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", b->dir, parts[i]);
		(void)remove(path);
	}
}

static void enter(struct box *b)
{
	const char *writable[] = { b->allowed, NULL };
	const struct sandbox box = {
		.keep_caps = ENGINE_CAP_NET_ADMIN | ENGINE_CAP_NET_RAW | ENGINE_CAP_READ_FILES,
		.writable = writable,
	};

	sandbox_enter(&box, b->said, sizeof(b->said));
}

/* In a child, as nobody can leave the box. */
static int run(struct box *b, try *what)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		enter(b);
		_exit(what(b->dir));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool kernel_has_landlock(void)
{
	return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) > 0;
}

static void refused(void **state attr_unused)
{
	static try *const tries[] = {
		try_exec, try_fexec, try_ptrace, try_read_memory, try_mount, try_module, try_bpf,
		try_namespace, try_identity, try_clock, try_chmod,
	};
	struct box b;

	make_dirs(&b);
	for (size_t i = 0; i < ARRAY_LEN(tries); i++)
		assert_int_equal(run(&b, tries[i]), EPERM);
	remove_dirs(&b);
}

static void files(void **state attr_unused)
{
	struct box b;

	if (!kernel_has_landlock())
		SKIP_BECAUSE("the kernel has no Landlock");
	make_dirs(&b);
	assert_int_equal(run(&b, try_write_elsewhere), EACCES);
	assert_int_equal(run(&b, try_write_existing), EACCES);
	assert_int_equal(run(&b, try_mkdir), EACCES);
	assert_int_equal(run(&b, try_write_allowed), 0);
	remove_dirs(&b);
}

static void processes(void **state attr_unused)
{
	struct box b;

	make_dirs(&b);
	assert_int_equal(run(&b, try_fork), FORK_IS);
	remove_dirs(&b);
}

static void allowed(void **state attr_unused)
{
	struct box b;

	if (geteuid() != 0)
		SKIP_BECAUSE("needs root for raw sockets");
	make_dirs(&b);
	assert_int_equal(run(&b, try_raw_socket), 0);
	assert_int_equal(run(&b, try_netlink), 0);
	assert_int_equal(run(&b, try_read), 0);
	remove_dirs(&b);
}

/* -- what the kernel says of it ------------------------------------------------------------ */

/* Read as hexadecimal: the decimal ones have one digit. */
static uint64_t status_field(const char *name)
{
	char line[256];
	uint64_t value = UINT64_MAX;
	FILE *f = fopen("/proc/self/status", "re");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, name, strlen(name)) == 0)
			(void)sscanf(line + strlen(name), "%" SCNx64, &value);
	}
	if (f != NULL)
		(void)fclose(f);
	return value;
}

static int look(const char *dir attr_unused)
{
	const uint64_t most = 1u << 12 /* NET_ADMIN */ | 1u << 13 /* NET_RAW */ |
			      1u << 2 /* DAC_READ_SEARCH */;

	if (status_field("Seccomp:") != 2)
		return 1;
	if (status_field("NoNewPrivs:") != 1)
		return 2;
	if (status_field("CapEff:") & ~most)
		return 3;
	if (status_field("CapPrm:") & ~most || status_field("CapInh:") != 0)
		return 4;
	return 0;
}

static void status(void **state attr_unused)
{
	struct box b;

	make_dirs(&b);
	assert_int_equal(run(&b, look), 0);
	remove_dirs(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(refused), cmocka_unit_test(files),  cmocka_unit_test(processes),
	cmocka_unit_test(allowed), cmocka_unit_test(status),
};

UNIT_MAIN(tests)
