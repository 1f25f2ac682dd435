/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Namespaces and kernel settings, in a process that has moved into namespaces of its own.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/netns.h"
#include "net/sock.h"
#include "net/sysctl.h"

static const char forwarding[] = "net/ipv4/conf/lo/forwarding";

static bool is_private; /* network and mounts are ours */

static int enter_namespaces(void **state)
{
	(void)state;
	is_private = unshare(CLONE_NEWNET | CLONE_NEWNS) == 0 &&
		     mount("", "/", NULL, MS_PRIVATE | MS_REC, NULL) == 0 &&
		     mount("tmpfs", "/run", "tmpfs", 0, NULL) == 0;
	return 0;
}

static ino_t current_namespace(void)
{
	struct stat st;

	assert_int_equal(stat("/proc/thread-self/ns/net", &st), 0);
	return st.st_ino;
}

static int note_namespace(void *arg)
{
	*(ino_t *)arg = current_namespace();
	return 17;
}

/** What "ip netns add" does, for the process's own /run. */
static void make_named(const char *path)
{
	struct netns old;
	int fd;

	assert_int_equal(netns_open(&old, NULL), 0);
	assert_true(mkdir("/run/netns", 0755) == 0 || errno == EEXIST);
	fd = open(path, O_CREAT | O_EXCL | O_RDONLY | O_CLOEXEC, 0);
	assert_true(fd >= 0);
	(void)close(fd);
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	assert_int_equal(mount("/proc/thread-self/ns/net", path, NULL, MS_BIND, NULL), 0);
	assert_int_equal(netns_enter(&old), 0);
	netns_close(&old);
}

static void names(void **state)
{
	static const char *const bad[] = { ".", "..", "a/b", "/run/netns/x" };
	struct netns ns;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(netns_open(&ns, bad[i]), -EINVAL);
		netns_close(&ns);
	}
	assert_int_equal(netns_open(&ns, "no-such-namespace"), -ENOENT);
	assert_int_equal(netns_open(&ns, ""), 0);
	assert_null(ns.name);
	netns_close(&ns);
	assert_int_equal(ns.fd, -1);
}

static void call_inside_and_come_back(void **state)
{
	struct sock_spec spec = { .family = AF_INET, .type = SOCK_DGRAM };
	struct sock_spec wrong = { .family = AF_INET, .type = SOCK_DGRAM, .device = "none0" };
	const char *step = NULL;
	struct netns ns;
	ino_t here, inside = 0;
	int fd;

	(void)state;
	if (!is_private)
		SKIP_BECAUSE("needs root for mounts and network namespaces");
	make_named("/run/netns/other");
	here = current_namespace();
	assert_int_equal(netns_open(&ns, "other"), 0);
	assert_string_equal(ns.name, "other");
	assert_int_equal(netns_call(&ns, note_namespace, &inside), 17);
	assert_true(inside != here);
	assert_true(current_namespace() == here);
	assert_int_equal(netns_call(NULL, note_namespace, &inside), 17);
	assert_true(inside == here);
	fd = netns_socket(&ns, &spec, NULL);
	assert_true(fd >= 0);
	(void)close(fd);
	assert_int_equal(netns_socket(&ns, &wrong, &step), -ENODEV);
	assert_string_equal(step, "SO_BINDTODEVICE");
	netns_close(&ns);
	assert_int_equal(umount("/run/netns/other"), 0);
}

static void private_mounts(void **state)
{
	struct stat from, to;

	(void)state;
	if (!is_private)
		SKIP_BECAUSE("needs root for mounts and network namespaces");
	assert_int_equal(mkdir("/run/outer", 0755), 0);
	assert_int_equal(netns_private_mount("/run/outer/NAME", "/run/shown"), 0);
	assert_int_equal(stat("/run/outer/NAME", &from), 0);
	assert_int_equal(stat("/run/shown", &to), 0);
	assert_true(from.st_ino == to.st_ino);
	assert_int_equal(netns_private_mount("/no/such/dir", "/run/shown"), -ENOENT);
}

static int64_t value_of(const char *path)
{
	int64_t value = -1;

	assert_int_equal(sysctl_read_int(path, &value), 0);
	return value;
}

static void settings(void **state)
{
	char text[16];

	(void)state;
	if (!is_private)
		SKIP_BECAUSE("needs root for mounts and network namespaces");
	assert_int_equal(sysctl_write_int(forwarding, 1), 0);
	assert_int_equal(sysctl_read(forwarding, text, sizeof(text)), 0);
	assert_string_equal(text, "1");
	assert_int_equal(sysctl_write(forwarding, "0"), 0);
	assert_int_equal(value_of(forwarding), 0);
	assert_int_equal(sysctl_read("net/ipv4/conf/none0/tag", text, sizeof(text)), -ENOENT);
	assert_int_equal(sysctl_read("../self/status", text, sizeof(text)), -EINVAL);
	assert_int_equal(sysctl_read("/etc/passwd", text, sizeof(text)), -EINVAL);
	assert_int_equal(sysctl_read("net/../../self/status", text, sizeof(text)), -EINVAL);
	assert_int_equal(sysctl_read_int("kernel/ostype", &(int64_t){ 0 }), -EPROTO);
}

static void changes_are_put_back(void **state)
{
	static const char ignore[] = "net/ipv4/conf/lo/arp_ignore";
	struct sysctl_changes changes = { 0 };
	int64_t before;

	(void)state;
	if (!is_private)
		SKIP_BECAUSE("needs root for mounts and network namespaces");
	before = value_of(ignore);
	assert_int_equal(sysctl_change(&changes, ignore, before), 0);
	assert_null(changes.first);
	assert_int_equal(sysctl_change(&changes, ignore, before + 1), 0);
	assert_int_equal(sysctl_change(&changes, ignore, before + 2), 0);
	assert_int_equal(sysctl_restore(&changes, ignore), 0);
	assert_int_equal(value_of(ignore), before);
	assert_int_equal(sysctl_restore(&changes, ignore), 0);

	/* Changed by someone else meanwhile: left alone. */
	assert_int_equal(sysctl_change(&changes, ignore, before + 1), 0);
	assert_int_equal(sysctl_change(&changes, forwarding, !value_of(forwarding)), 0);
	assert_int_equal(sysctl_write_int(ignore, before + 3), 0);
	assert_int_equal(sysctl_restore_all(&changes), 0);
	assert_int_equal(value_of(ignore), before + 3);
	assert_null(changes.first);
	assert_int_equal(sysctl_change(&changes, "net/ipv4/conf/none0/arp_ignore", 1), -ENOENT);
	sysctl_changes_fini(&changes);
}

static void changes_of_another_process_are_put_back(void **state)
{
	static const char ignore[] = "net/ipv4/conf/lo/arp_ignore";
	struct sysctl_changes changes = { 0 };

	(void)state;
	if (!is_private)
		SKIP_BECAUSE("needs root for mounts and network namespaces");
	assert_int_equal(sysctl_write_int(ignore, 1), 0);
	assert_int_equal(sysctl_adopt(&changes, ignore, 0, 2), 0);
	assert_int_equal(sysctl_adopt(&changes, "net/ipv4/conf/none0/arp_ignore", 0, 1), -ENOENT);
	assert_null(changes.first);
	assert_int_equal(sysctl_adopt(&changes, ignore, 2, 1), 1);
	assert_int_equal(sysctl_adopt(&changes, ignore, 3, 1), 0);
	assert_int_equal(sysctl_change(&changes, ignore, 1), 0);
	assert_int_equal(sysctl_restore_all(&changes), 0);
	assert_int_equal(value_of(ignore), 2);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(names),
	cmocka_unit_test(call_inside_and_come_back),
	cmocka_unit_test(private_mounts),
	cmocka_unit_test(settings),
	cmocka_unit_test(changes_are_put_back),
	cmocka_unit_test(changes_of_another_process_are_put_back),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, enter_namespaces, NULL) ? 1 : 0;
}
