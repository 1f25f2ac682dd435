/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs: every way they can end, and what they inherit. Each case runs a line of sh.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "loop/child.h"

struct fixture {
	struct loop *loop;
	struct timer deadline;
	struct watch ready;
	struct child child;
	struct child_result result;
	unsigned ends;
};

static void ended(struct child *c, const struct child_result *r, ktime now)
{
	struct fixture *f = container_of(c, struct fixture, child);

	(void)now;
	assert_false(child_is_running(c));
	f->result = *r;
	f->ends++;
	loop_stop(f->loop, 0);
}

static void too_late(struct timer *t, ktime now)
{
	(void)now;
	loop_stop(container_of(t, struct fixture, deadline)->loop, 99);
}

static int setup(void **state)
{
	struct fixture *f = xnew(struct fixture);

	f->loop = loop_new();
	f->deadline.fire = too_late;
	f->child.done = ended;
	*state = f;
	return f->loop ? 0 : -1;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	loop_free(f->loop);
	free(f);
	return 0;
}

static void run(struct fixture *f, int expected_code)
{
	timer_arm(loop_timers(f->loop), &f->deadline, ktime_add(clock_now(), SEC(30)));
	assert_int_equal(loop_run(f->loop), expected_code);
	timer_cancel(&f->deadline);
}

/** Run "sh -c @line" to its end. */
static void run_line(struct fixture *f, const char *line, struct child_spec spec)
{
	char *const argv[] = { "sh", "-c", (char *)line, NULL };
	char *const envp[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "SET=yes", NULL };
	unsigned before = f->ends;

	spec.path = spec.path ? spec.path : "/bin/sh";
	spec.argv = argv;
	spec.envp = envp;
	assert_int_equal(child_start(f->loop, &f->child, &spec, clock_now()), 0);
	assert_true(child_is_running(&f->child));
	run(f, 0);
	assert_int_equal(f->ends, before + 1);
}

static const struct child_spec plain = { .fd_in = -1 };

/* A macro, so that a failure names the line. */
#define expect(f, how, status)                            \
	do {                                              \
		assert_int_equal((f)->result.end, how);   \
		assert_int_equal((f)->result.code, status); \
	} while (0)

static void exit_status(void **state)
{
	struct fixture *f = *state;

	run_line(f, "exit 0", plain);
	expect(f, CHILD_EXITED, 0);
	run_line(f, "exit 255", plain);
	expect(f, CHILD_EXITED, 255);
	assert_true(f->result.took.ns > 0);
}

static void killed_by_signal(void **state)
{
	struct fixture *f = *state;

	run_line(f, "kill -USR1 $$", plain);
	expect(f, CHILD_SIGNALED, SIGUSR1);
	assert_false(f->result.exited);
}

static void cannot_be_executed(void **state)
{
	struct fixture *f = *state;
	struct child_spec spec = plain;

	spec.path = "/no/such/program";
	run_line(f, "", spec);
	expect(f, CHILD_EXEC_FAILED, ENOENT);
	spec.path = "/";
	run_line(f, "", spec);
	expect(f, CHILD_EXEC_FAILED, EACCES);
	spec = plain;
	spec.cwd = "/no/such/dir";
	run_line(f, "", spec);
	expect(f, CHILD_EXEC_FAILED, ENOENT);
	run_line(f, "exit 3", plain);
	expect(f, CHILD_EXITED, 3);
}

static void over_time(void **state)
{
	struct fixture *f = *state;
	struct child_spec spec = plain;

	spec.timeout = MSEC(20);
	run_line(f, "read x < /dev/zero", spec);
	expect(f, CHILD_TIMED_OUT, SIGTERM);
	assert_false(f->result.exited);
	assert_true(f->result.took.ns >= MSEC(20).ns);
}

/** The child has set its trap and says so. */
static void trap_is_set(struct watch *w, uint32_t events, ktime now)
{
	struct fixture *f = container_of(w, struct fixture, ready);

	(void)events;
	watch_remove(w);
	child_terminate(&f->child, now);
}

/** A program that does @action on SIGTERM is asked to end as soon as that is sure. */
static void run_trapped(struct fixture *f, const char *action)
{
	char dir[] = "/tmp/child-test.XXXXXX";
	char fifo[64], line[256];

	assert_non_null(mkdtemp(dir));
	(void)snprintf(fifo, sizeof(fifo), "%s/fifo", dir);
	(void)snprintf(line, sizeof(line),
		       "trap '%s' TERM; echo >%s; while :; do sleep 60 & wait; done", action, fifo);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	f->ready = (struct watch){ .fd = open(fifo, O_RDWR | O_CLOEXEC | O_NONBLOCK),
				   .events = EPOLLIN, .ready = trap_is_set };
	assert_int_equal(watch_add(f->loop, &f->ready), 0);
	run_line(f, line, plain);
	watch_remove(&f->ready);
	close_fd(&f->ready.fd);
	assert_int_equal(unlink(fifo), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void traps(void **state)
{
	struct fixture *f = *state;

	run_trapped(f, "exit 5");
	expect(f, CHILD_TIMED_OUT, 5);
	assert_true(f->result.exited);
	/* What ignores SIGTERM gets SIGKILL 2 s later. */
	run_trapped(f, "");
	expect(f, CHILD_TIMED_OUT, SIGKILL);
	assert_true(f->result.took.ns >= SEC(2).ns);
}

static void what_it_inherits(void **state)
{
	struct fixture *f = *state;
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction before;
	int leak = dup2(STDIN_FILENO, 50); /* not close-on-exec */

	assert_int_equal(leak, 50);
	assert_int_equal(sigaction(SIGPIPE, &ignore, &before), 0);
	run_line(f, "test \"$SET\" = yes", plain);
	expect(f, CHILD_EXITED, 0);
	/* Own group; nothing ignored or blocked; no other descriptor. */
	run_line(f, "test $(ps -o pgid= -p $$) -eq $$", plain);
	expect(f, CHILD_EXITED, 0);
	run_line(f, "exec grep -q 'SigIgn:.*0000000000000000' /proc/self/status", plain);
	expect(f, CHILD_EXITED, 0);
	run_line(f, "exec grep -q 'SigBlk:.*0000000000000000' /proc/self/status", plain);
	expect(f, CHILD_EXITED, 0);
	run_line(f, "test ! -e /proc/$$/fd/50", plain);
	expect(f, CHILD_EXITED, 0);
	run_line(f, "cd /proc/$$/fd && test $(readlink 0 1 2 | grep -cx /dev/null) = 3", plain);
	expect(f, CHILD_EXITED, 0);
	assert_int_equal(sigaction(SIGPIPE, &before, NULL), 0);
	(void)close(leak);
}

static void standard_input(void **state)
{
	struct fixture *f = *state;
	struct child_spec spec = plain;
	int ends[2];

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(write(ends[1], "word\n", 5), 5);
	spec.fd_in = ends[0];
	run_line(f, "read x && test $x = word", spec);
	expect(f, CHILD_EXITED, 0);
	(void)close(ends[0]);
	(void)close(ends[1]);
}

static void identity(void **state)
{
	static const gid_t groups[] = { 65534, 12 };
	struct fixture *f = *state;
	struct child_spec spec = plain;

	if (geteuid() != 0)
		SKIP_BECAUSE("needs root: another user");
	spec.set_identity = true;
	spec.uid = 65534;
	spec.gid = 65534;
	spec.groups = groups;
	spec.n_groups = 2;
	run_line(f, "test $(id -u) = 65534 -a $(id -g) = 65534 && id -G | grep -qw 12", spec);
	expect(f, CHILD_EXITED, 0);
	spec.groups = NULL;
	spec.n_groups = 0;
	run_line(f, "test \"$(id -G)\" = 65534", spec);
	expect(f, CHILD_EXITED, 0);
}

/* What is not root cannot become someone else, and must not run the program as itself. */
static void identity_refused(void **state)
{
	struct fixture *f = *state;
	struct child_spec spec = plain;
	pid_t pid;
	int status;

	if (geteuid() != 0)
		SKIP_BECAUSE("needs root: another user");
	pid = fork();
	if (pid == 0) {
		if (setresgid(65534, 65534, 65534) < 0 || setresuid(65534, 65534, 65534) < 0)
			_exit(2);
		spec.set_identity = true;
		spec.uid = 0;
		run_line(f, "exit 0", spec);
		_exit(f->result.end != CHILD_EXEC_FAILED || f->result.code != EPERM);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void limits_are_put_back(void **state)
{
	struct fixture *f = *state;
	struct rlimit before, now;
	char line[80];

	child_defaults_record();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	now = before;
	now.rlim_cur = 77;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
	(void)snprintf(line, sizeof(line), "test $(ulimit -n) = %llu",
		       (unsigned long long)before.rlim_cur);
	run_line(f, line, plain);
	expect(f, CHILD_EXITED, 0);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	if (setpriority(PRIO_PROCESS, 0, -1) < 0)
		return;
	run_line(f, "test $(nice) -ge 0", plain);
	expect(f, CHILD_EXITED, 0);
	assert_int_equal(setpriority(PRIO_PROCESS, 0, 0), 0);
}

static void abandoned(void **state)
{
	struct fixture *f = *state;
	char *const argv[] = { "sleep", "60", NULL };
	char *const envp[] = { NULL };
	struct child_spec spec = plain;
	siginfo_t info;
	pid_t pid;

	spec.path = "/bin/sleep";
	spec.argv = argv;
	spec.envp = envp;
	assert_int_equal(child_start(f->loop, &f->child, &spec, clock_now()), 0);
	assert_int_equal(child_start(f->loop, &f->child, &spec, clock_now()), -EBUSY);
	pid = f->child.pid;
	child_abandon(&f->child);
	child_abandon(&f->child);
	assert_false(child_is_running(&f->child));
	/* The loop reaps it: a second child's end proves that the loop went round. */
	while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0)
		run_line(f, "exit 0", plain);
	assert_int_equal(errno, ECHILD);
}

static void terminated_on_request(void **state)
{
	struct fixture *f = *state;
	char *const argv[] = { "sleep", "60", NULL };
	char *const envp[] = { NULL };
	struct child_spec spec = plain;

	spec.path = "/bin/sleep";
	spec.argv = argv;
	spec.envp = envp;
	assert_int_equal(child_start(f->loop, &f->child, &spec, clock_now()), 0);
	child_terminate(&f->child, clock_now());
	child_terminate(&f->child, clock_now());
	run(f, 0);
	expect(f, CHILD_TIMED_OUT, SIGTERM);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(exit_status),
	TEST(killed_by_signal),
	TEST(cannot_be_executed),
	TEST(over_time),
	TEST(traps),
	TEST(what_it_inherits),
	TEST(standard_input),
	TEST(identity),
	TEST(identity_refused),
	TEST(limits_are_put_back),
	TEST(abandoned),
	TEST(terminated_on_request),
};

UNIT_MAIN(tests)
