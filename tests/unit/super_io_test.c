/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the supervisor does with the kernel: messages, pid files, FIFOs, shared status pages,
 * forked copies, the sandbox.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/engine.h"
#include "core/fifo.h"
#include "core/forked.h"
#include "core/ipc.h"
#include "core/pidfile.h"
#include "core/sandbox.h"
#include "core/status.h"

/** A temporary directory per test. */
static char dir[64];

static int make_dir(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/ka-super-%d-XXXXXX", getpid());
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

/* Messages */

struct end {
	struct ipc ipc;
	struct loop *loop;
	unsigned n_ready, n_status, n_slowed;
	uint64_t last;
	int fd;
	const char *gone;
};

static void took_ready(struct ipc *ipc, const void *msg, int fd, ktime now)
{
	struct end *e = container_of(ipc, struct end, ipc);

	(void)now;
	assert_int_equal(fd, -1);
	e->n_ready++;
	e->last = ((const struct ipc_ready *)msg)->generation;
	loop_stop(e->loop, 0);
}

static void took_status(struct ipc *ipc, const void *msg, int fd, ktime now)
{
	struct end *e = container_of(ipc, struct end, ipc);

	(void)msg;
	(void)now;
	e->n_status++;
	e->fd = fd;
	loop_stop(e->loop, 0);
}

static void is_gone(struct ipc *ipc, const char *why, ktime now)
{
	struct end *e = container_of(ipc, struct end, ipc);

	(void)now;
	e->gone = why;
	loop_stop(e->loop, 0);
}

static const struct ipc_row rows[IPC_TYPES] = {
	[IPC_READY] = { sizeof(struct ipc_ready), false, 1, took_ready },
	[IPC_STATUS] = { sizeof(struct ipc_generation), true, 1, took_status },
};

static void open_ends(struct end *a, struct end *b)
{
	struct loop *loop = loop_new();
	int fds[2];

	assert_int_equal(ipc_pair(fds), 0);
	*a = (struct end){ .loop = loop, .fd = -1, .ipc = { .table = rows, .gone = is_gone } };
	*b = *a;
	assert_int_equal(ipc_start(loop, &a->ipc, fds[0]), 0);
	assert_int_equal(ipc_start(loop, &b->ipc, fds[1]), 0);
}

static void close_ends(struct end *a, struct end *b)
{
	ipc_stop(&a->ipc);
	ipc_stop(&b->ipc);
	loop_free(a->loop);
}

static void test_message(void **state)
{
	struct ipc_ready msg = { .generation = 7 };
	struct ipc_generation g = { .generation = 8 };
	struct end a, b;

	(void)state;
	open_ends(&a, &b);
	assert_int_equal(ipc_send(&a.ipc, IPC_READY, &msg, sizeof(msg), -1), 0);
	loop_run(a.loop);
	assert_int_equal(b.last, 7);
	assert_int_equal(ipc_send(&a.ipc, IPC_STATUS, &g, sizeof(g), STDOUT_FILENO), 0);
	loop_run(a.loop);
	assert_true(b.fd > 2);
	assert_int_equal(fcntl(b.fd, F_GETFD), FD_CLOEXEC);
	close(b.fd);
	close_ends(&a, &b);
}

/* More than the socket holds: nothing blocks, nothing is lost, the order stays. */
static void test_slow_peer(void **state)
{
	struct end a, b;
	uint64_t sent = 5000;

	(void)state;
	open_ends(&a, &b);
	for (uint64_t i = 1; i <= sent; i++) {
		struct ipc_ready msg = { .generation = i };

		assert_int_equal(ipc_send(&a.ipc, IPC_READY, &msg, sizeof(msg), -1), 0);
	}
	assert_true(a.ipc.n_queued > 0);
	while (b.n_ready < sent) {
		uint64_t before = b.n_ready;

		loop_run(a.loop);
		assert_true(b.n_ready > before);
	}
	assert_int_equal(b.last, sent);
	assert_int_equal(a.ipc.n_queued, 0);
	close_ends(&a, &b);
}

static void expect_end(const void *bytes, size_t len, int fd)
{
	struct end a, b;
	union {
		struct cmsghdr head;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { (void *)(uintptr_t)bytes, len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	open_ends(&a, &b);
	if (fd >= 0) {
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		control.head.cmsg_level = SOL_SOCKET;
		control.head.cmsg_type = SCM_RIGHTS;
		control.head.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.head), &fd, sizeof(int));
	}
	assert_int_equal(sendmsg(a.ipc.watch.fd, &msg, 0), len);
	loop_run(a.loop);
	assert_non_null(b.gone);
	assert_int_equal(b.n_ready + b.n_status, 0);
	close_ends(&a, &b);
}

static void test_broken_peers(void **state)
{
	uint32_t message[2 + 4] = { IPC_READY, sizeof(struct ipc_ready) };
	uint8_t large[4096] = { IPC_READY };

	(void)state;
	expect_end("x", 1, -1);
	expect_end(message, sizeof(message) - 1, -1);
	expect_end(message, sizeof(message), STDOUT_FILENO);
	expect_end(large, sizeof(large), -1);
	message[1] = 8;
	expect_end(message, 16, -1);
	message[0] = IPC_STATUS;
	expect_end(message, 16, -1);
	message[0] = IPC_EVENT;
	expect_end(message, 16, -1);
	message[0] = 0xffffffff;
	expect_end(message, 16, -1);
}

static void test_peer_ends(void **state)
{
	struct end a, b;
	struct ipc_ready msg = { .generation = 1 };

	(void)state;
	open_ends(&a, &b);
	assert_int_equal(ipc_send(&a.ipc, IPC_READY, &msg, sizeof(msg), -1), 0);
	ipc_stop(&a.ipc);
	ipc_stop(&a.ipc);
	assert_int_equal(ipc_send(&a.ipc, IPC_READY, &msg, sizeof(msg), -1), -ENOTCONN);
	ipc_drain(&b.ipc, clock_now());
	assert_int_equal(b.n_ready, 1);
	assert_string_equal(b.gone, "connection closed");
	close_ends(&a, &b);
}

static void was_slowed(struct ipc *ipc, ktime now)
{
	struct end *e = container_of(ipc, struct end, ipc);

	(void)now;
	e->n_slowed++;
}

/* What is more than the pace allows waits in the socket; nothing is lost, the order stays. */
static void test_flood(void **state)
{
	struct end a, b;
	ktime before = clock_now();

	(void)state;
	open_ends(&a, &b);
	b.ipc.pace = (struct ipc_pace){ .burst = 10, .per_second = 100 };
	b.ipc.slowed = was_slowed;
	for (uint64_t i = 1; i <= 30; i++) {
		struct ipc_ready msg = { .generation = i };

		assert_int_equal(ipc_send(&a.ipc, IPC_READY, &msg, sizeof(msg), -1), 0);
	}
	while (b.n_ready < 30) {
		loop_run(a.loop);
		assert_int_equal(b.last, b.n_ready);
	}
	/* 10 at once, 20 for 10 ms each; the last of them is on credit. */
	assert_true(ktime_diff(clock_now(), before).ns >= MSEC(180).ns);
	assert_true(b.n_slowed >= 2);
	assert_null(b.gone);
	close_ends(&a, &b);
}

/* Nobody is made to wait for what a dead peer had to say. */
static void test_flood_of_the_dead(void **state)
{
	struct end a, b;

	(void)state;
	open_ends(&a, &b);
	b.ipc.pace = (struct ipc_pace){ .burst = 1, .per_second = 1 };
	for (uint64_t i = 1; i <= 20; i++) {
		struct ipc_ready msg = { .generation = i };

		assert_int_equal(ipc_send(&a.ipc, IPC_READY, &msg, sizeof(msg), -1), 0);
	}
	while (b.n_ready < 2)
		loop_run(a.loop);
	ipc_stop(&a.ipc);
	while (!b.gone)
		loop_run(a.loop);
	assert_int_equal(b.n_ready, 20);
	close_ends(&a, &b);
}

/* Pid files */

static void expect_content(const char *path, const char *text)
{
	char buf[64] = "";
	int fd = open(path, O_RDONLY);

	assert_true(fd >= 0);
	assert_true(read(fd, buf, sizeof(buf) - 1) >= 0);
	close(fd);
	assert_string_equal(buf, text);
}

static void test_pid_file(void **state)
{
	struct pidfile p = { .fd = -1 }, other = { .fd = -1 };
	char path[128];
	struct stat st;

	(void)state;
	snprintf(path, sizeof(path), "%s/pid", dir);
	umask(0177);
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0 && write(fd, "12345678\n", 9) == 9);
	close(fd);
	assert_int_equal(pidfile_open(&p, path), 0);
	assert_int_equal(pidfile_open(&other, path), -EBUSY);
	assert_int_equal(pidfile_write(&p, 42), 0);
	expect_content(path, "42\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	/* Somebody removed it. */
	unlink(path);
	assert_int_equal(pidfile_write(&p, 43), 0);
	expect_content(path, "43\n");
	/* Somebody replaced it: theirs is not removed. */
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT, 0600);
	close(fd);
	pidfile_close(&p);
	pidfile_close(&p);
	assert_int_equal(stat(path, &st), 0);
	unlink(path);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_int_equal(pidfile_open(&p, path), -ELOOP);
	unlink(path);
	assert_int_equal(pidfile_open(&p, "/nonexistent/pid"), -ENOENT);
}

/* FIFOs */

static void test_fifo_keeps_lines_until_the_reader_comes(void **state)
{
	const struct fifo_owner nobody = { 0 };
	struct fifo f = { .fd = -1 };
	struct loop *loop = loop_new();
	char line[101];
	size_t n = 0, got = 0;

	(void)state;
	memset(line, 'x', sizeof(line));
	line[99] = '\n';
	line[100] = '\0';
	assert_int_equal(fifo_open(loop, &f, path_of("fifo"), &nobody), 0);
	while (n < 2000)
		n += fifo_write(&f, line);
	assert_true(f.n_waiting > 0);
	assert_false(fifo_is_drained(&f));
	int reader = open(path_of("fifo"), O_RDONLY | O_NONBLOCK);

	while (got < n * 100) {
		char buf[65536];
		ssize_t len = read(reader, buf, sizeof(buf));

		if (len > 0)
			got += (size_t)len;
		assert_true(f.watch.loop || got + 65536 >= n * 100);
		if (f.watch.loop)
			f.watch.ready(&f.watch, 0, clock_now());
	}
	assert_true(fifo_is_drained(&f));
	assert_null(f.watch.loop);
	/* Nobody reads: in the end lines are dropped, never waited for. */
	while (fifo_write(&f, line))
		;
	assert_int_equal(f.n_lost, 1);
	close(reader);
	fifo_close(&f);
	fifo_close(&f);
	assert_int_equal(access(path_of("fifo"), F_OK), -1);
	loop_free(loop);
}

static void test_fifo_of_others(void **state)
{
	const struct fifo_owner nobody = { 0 };
	const struct fifo_owner named = { .uid = 65534, .gid = 65534, .given = true };
	struct fifo f = { .fd = -1 };
	struct loop *loop = loop_new();
	struct stat st;

	(void)state;
	assert_int_equal(mkfifo(path_of("theirs"), 0600), 0);
	assert_int_equal(chown(path_of("theirs"), 65534, 65534), 0);
	assert_int_equal(fifo_open(loop, &f, path_of("theirs"), &nobody), -EPERM);
	assert_int_equal(fifo_open(loop, &f, path_of("theirs"), &named), 0);
	fifo_close(&f);
	assert_int_equal(unlink(path_of("theirs")), 0);
	assert_int_equal(symlink("/dev/null", path_of("link")), 0);
	assert_int_equal(fifo_open(loop, &f, path_of("link"), &nobody), -EPERM);
	assert_int_equal(unlink(path_of("link")), 0);
	assert_int_equal(fifo_open(loop, &f, path_of("new"), &named), 0);
	assert_int_equal(stat(path_of("new"), &st), 0);
	assert_int_equal(st.st_uid, 65534);
	fifo_close(&f);
	loop_free(loop);
}

/* Status pages */

static void test_shared_page(void **state)
{
	const struct status_layout layout = { .n_kinds = 1, .kinds = { { 8, 3 } } };
	struct status_page *page = status_page_new(&layout, 5);
	uint64_t *slot = status_begin(page, 0, 2), seen = 0;

	(void)state;
	*slot = 11;
	status_end(page, slot);
	struct status_page *other = status_page_map(dup(page->fd));

	assert_non_null(other);
	assert_int_equal(other->generation, 5);
	assert_true(status_read(other, 0, 2, &seen, sizeof(seen)));
	assert_int_equal(seen, 11);
	slot = status_begin(page, 0, 2);
	*slot = 12;
	status_end(page, slot);
	assert_true(status_read(other, 0, 2, &seen, sizeof(seen)));
	assert_int_equal(seen, 12);
	assert_int_equal(ftruncate(page->fd, 0), -1);
	status_page_free(other);
	status_page_free(page);
	status_page_free(NULL);
}

static void test_pages_that_are_none(void **state)
{
	int fd = memfd_create("x", MFD_ALLOW_SEALING);

	(void)state;
	assert_int_equal(ftruncate(fd, 4096), 0);
	assert_null(status_page_map(dup(fd)));	/* not sealed */
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL), 0);
	assert_null(status_page_map(fd));	/* not a page */
	assert_null(status_page_map(open("/etc/passwd", O_RDONLY)));
}

/* Forked copies */

static int ended_with;

struct copy {
	struct forked forked;
	struct loop *loop;
};

static void copy_ended(struct forked *f, int status, ktime now)
{
	(void)now;
	assert_int_equal(f->pid, 0);
	ended_with = status;
	loop_stop(container_of(f, struct copy, forked)->loop, 0);
}

static void test_forked(void **state)
{
	struct copy c = { .forked = { .done = copy_ended }, .loop = loop_new() };

	(void)state;
	if (forked_start(c.loop, &c.forked) == 0)
		_exit(3);
	loop_run(c.loop);
	assert_int_equal(WEXITSTATUS(ended_with), 3);
	if (forked_start(c.loop, &c.forked) == 0)
		for (;;)
			pause();
	forked_kill(&c.forked, SIGKILL);
	loop_run(c.loop);
	assert_true(WIFSIGNALED(ended_with));
	if (forked_start(c.loop, &c.forked) == 0)
		for (;;)
			pause();
	forked_abandon(&c.forked);
	forked_abandon(&c.forked);
	assert_int_equal(c.forked.pid, 0);
	loop_free(c.loop);
}

/* Sandbox: what a locked-in process cannot do. Each check is a bit of the exit status. */

static int misdeeds(void)
{
	char *const argv[] = { (char *)"/bin/true", NULL };
	int bad = 0;
	int fd;

	if (execve("/bin/true", argv, argv + 1) == 0 || errno == ENOENT)
		bad |= 1;
	fd = open(path_of("new"), O_WRONLY | O_CREAT, 0600);
	if (fd >= 0)
		bad |= 2;
	if (unlink(path_of("old")) == 0)
		bad |= 4;
	fd = open("/etc/passwd", O_RDONLY);
	if (fd < 0)
		bad |= 8;
	if (socket(AF_INET, SOCK_RAW, 112) >= 0)
		bad |= 16;
	if (chmod(path_of("old"), 0777) == 0)
		bad |= 32;
	return bad;
}

static void test_sandbox(void **state)
{
	int fd = open(path_of("old"), O_WRONLY | O_CREAT, 0600);
	int status = 0;

	(void)state;
	close(fd);
	pid_t pid = fork();

	if (pid == 0) {
		struct sandbox box = { .keep_caps = ENGINE_CAP_NET_ADMIN };
		char text[80];

		sandbox_enter(&box, text, sizeof(text));
		_exit(misdeeds());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(unlink(path_of("old")), 0);
}

#define IN_DIR(test) cmocka_unit_test_setup_teardown(test, make_dir, remove_dir)

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_message),
	cmocka_unit_test(test_slow_peer),
	cmocka_unit_test(test_broken_peers),
	cmocka_unit_test(test_peer_ends),
		cmocka_unit_test(test_flood),
		cmocka_unit_test(test_flood_of_the_dead),
	IN_DIR(test_pid_file),
	IN_DIR(test_fifo_keeps_lines_until_the_reader_comes),
	IN_DIR(test_fifo_of_others),
	cmocka_unit_test(test_shared_page),
	cmocka_unit_test(test_pages_that_are_none),
	cmocka_unit_test(test_forked),
	IN_DIR(test_sandbox),
};

UNIT_MAIN(tests)
