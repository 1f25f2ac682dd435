/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The log: forms of lines on the console and in files, levels, rotation, losses, limits.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"

struct fixture {
	char dir[32];
	char path[64];
	char text[65536];
};

static int setup(void **state)
{
	struct fixture *f = xnew(struct fixture);

	(void)snprintf(f->dir, sizeof(f->dir), "/tmp/log-test.XXXXXX");
	if (!mkdtemp(f->dir))
		return -1;
	(void)snprintf(f->path, sizeof(f->path), "%s/log", f->dir);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	log_close();
	(void)unlink(f->path);
	(void)rmdir(f->dir);
	free(f);
	return 0;
}

static const char *read_file(struct fixture *f, const char *path)
{
	attr_cleanup(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	assert_true(fd >= 0);
	n = read(fd, f->text, sizeof(f->text) - 1);
	assert_true(n >= 0);
	f->text[n] = '\0';
	return f->text;
}

static void assert_matches(const char *text, const char *pattern)
{
	regex_t re;

	assert_int_equal(regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB), 0);
	if (regexec(&re, text, 0, NULL, 0) != 0)
		fail_msg("'%s' does not match '%s'", text, pattern);
	regfree(&re);
}

static struct log_setup to_file(const struct fixture *f)
{
	return (struct log_setup){ .ident = "prog", .facility = LOG_DAEMON, .file = f->path };
}

static void lines_in_a_file(void **state)
{
	struct fixture *f = *state;
	struct log_setup s = to_file(f);

	assert_int_equal(log_open(&s), 0);
	log_notice("one %d", 1);
	log_error("two\nthree\001");
	assert_matches(read_file(f, f->path),
		       "^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}\\.[0-9]{9} [0-9]{4}: "
		       "one 1\n"
		       ".{34,40}: two\n"
		       ".{34,40}: three\\?\n$");
}

static void lines_on_the_console(void **state)
{
	struct fixture *f = *state;
	struct log_setup s = { .ident = "prog", .facility = LOG_DAEMON, .to_console = true };
	int console = dup(STDERR_FILENO);
	int file = open(f->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	assert_true(file >= 0 && dup2(file, STDERR_FILENO) >= 0);
	assert_int_equal(log_open(&s), 0);
	log_info("hello");
	assert_true(dup2(console, STDERR_FILENO) >= 0);
	assert_matches(read_file(f, f->path),
		       "^[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} [0-9]{4}: "
		       "prog\\[[0-9]+\\]: hello\n$");
	(void)close(console);
	(void)close(file);
}

/* A reader that has stopped reading must not stop us, and learns what it missed. */
static void full_console_loses_and_says_so(void **state)
{
	struct fixture *f = *state;
	struct log_setup s = { .ident = "prog", .facility = LOG_DAEMON, .to_console = true };
	int console = dup(STDERR_FILENO);
	int ends[2];
	ssize_t n;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
	assert_int_equal(log_open(&s), 0);
	for (unsigned i = 0; i < 5000; i++)
		log_info("some line that fills the pipe");
	assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
	while (read(ends[0], f->text, sizeof(f->text)) > 0)
		continue;
	log_info("after");
	assert_true(dup2(console, STDERR_FILENO) >= 0);
	while ((n = read(ends[0], f->text, sizeof(f->text) - 1)) > 0)
		f->text[n] = '\0';
	assert_matches(f->text, "[1-9][0-9]+ log messages were lost here\n.*: after\n$");
	for (int i = 0; i < 2; i++)
		(void)close(ends[i]);
	(void)close(console);
}

static void levels(void **state)
{
	struct fixture *f = *state;
	struct log_setup s = to_file(f);

	assert_int_equal(log_open(&s), 0);
	assert_true(log_wants(LOG_LEVEL_INFO));
	assert_false(log_wants(LOG_LEVEL_DETAIL));
	log_detail("no");
	log_debug("no");
	s.detail = 1;
	assert_int_equal(log_open(&s), 0);
	assert_false(log_wants(LOG_LEVEL_DEBUG));
	log_detail("detail");
	log_debug("no");
	s.detail = 2;
	assert_int_equal(log_open(&s), 0);
	log_debug("debug");
	log_flush();
	assert_matches(read_file(f, f->path), "^.*: detail\n.*: debug\n$");
}

static void details_wait_for_something_urgent(void **state)
{
	struct fixture *f = *state;
	struct log_setup s = to_file(f);

	s.detail = 1;
	assert_int_equal(log_open(&s), 0);
	log_detail("quiet");
	assert_string_equal(read_file(f, f->path), "");
	log_warning("loud");
	assert_matches(read_file(f, f->path), "quiet\n.*loud\n$");
	s.flush_file = true;
	assert_int_equal(log_open(&s), 0);
	log_detail("at once");
	assert_matches(read_file(f, f->path), "at once\n$");
}

static void rotation(void **state)
{
	struct fixture *f = *state;
	struct log_setup s = to_file(f);
	char moved[80];

	(void)snprintf(moved, sizeof(moved), "%s.1", f->path);
	assert_int_equal(log_open(&s), 0);
	log_info("old");
	assert_int_equal(rename(f->path, moved), 0);
	assert_int_equal(log_reopen(), 0);
	log_info("new");
	assert_matches(read_file(f, moved), ": old\n$");
	assert_matches(read_file(f, f->path), "^[^\n]*: new\n$");
	(void)unlink(moved);
}

static void never_through_a_link(void **state)
{
	struct fixture *f = *state;
	struct log_setup s = to_file(f);

	assert_int_equal(symlink("/dev/null", f->path), 0);
	assert_int_equal(log_open(&s), -ELOOP);
	log_info("goes nowhere");
}

/* What a fork inherits in the buffer is the parent's to write. */
static void fork_does_not_repeat(void **state)
{
	struct fixture *f = *state;
	struct log_setup s = to_file(f);
	pid_t pid;

	s.detail = 1;
	assert_int_equal(log_open(&s), 0);
	log_detail("once");
	pid = fork();
	if (pid == 0) {
		log_info("child");
		_exit(0);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	log_info("parent");
	assert_matches(read_file(f, f->path), "^[^\n]*child\n[^\n]*once\n[^\n]*parent\n$");
}

static void long_messages(void **state)
{
	struct fixture *f = *state;
	struct log_setup s = to_file(f);
	char *text = xcalloc(1, 20001);
	size_t n = 0;

	memset(text, 'x', 20000);
	assert_int_equal(log_open(&s), 0);
	log_info("%s", text);
	for (const char *c = read_file(f, f->path); *c; c++)
		n += *c == 'x';
	assert_int_equal(n, 20000);
	free(text);
}

static void errno_is_kept(void **state)
{
	struct fixture *f = *state;
	struct log_setup s = to_file(f);

	assert_int_equal(log_open(&s), 0);
	errno = ENOENT;
	log_error("x: %m");
	assert_int_equal(errno, ENOENT);
	assert_matches(read_file(f, f->path), "x: No such file");
}

static void repetitions(void **state)
{
	struct log_limit limit = { 0 };
	unsigned suppressed = 99;
	ktime now = { 1000 };

	(void)state;
	assert_true(log_limit_ok(&limit, now, SEC(10), &suppressed));
	assert_int_equal(suppressed, 0);
	assert_false(log_limit_ok(&limit, ktime_add(now, SEC(1)), SEC(10), &suppressed));
	assert_false(log_limit_ok(&limit, ktime_add(now, SEC(9)), SEC(10), &suppressed));
	assert_true(log_limit_ok(&limit, ktime_add(now, SEC(10)), SEC(10), &suppressed));
	assert_int_equal(suppressed, 2);
}

static int syslog_socket(void)
{
	const struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	(void)unlink(at.sun_path);
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

static const char *receive(struct fixture *f, int fd)
{
	ssize_t n = recv(fd, f->text, sizeof(f->text) - 1, 0);

	f->text[MAX_OF(n, 0)] = '\0';
	return f->text;
}

/* The last test: from here on /dev is empty but for a socket of our own. */
static void syslog_lines(void **state)
{
	struct fixture *f = *state;
	struct log_setup s = { .ident = "prog", .facility = LOG_LOCAL1, .to_syslog = true };
	int fd;

	if (unshare(CLONE_NEWNS) < 0 || mount("", "/", NULL, MS_PRIVATE | MS_REC, NULL) < 0 ||
	    mount("tmpfs", "/dev", "tmpfs", 0, NULL) < 0)
		SKIP_BECAUSE("needs root and a /dev of its own");
	assert_int_equal(log_open(&s), 0);
	log_info("nobody listens");
	fd = syslog_socket();
	log_error("one\ntwo");
	assert_matches(receive(f, fd), "^<139>.*: 1 log messages were lost here$");
	assert_matches(receive(f, fd), "^<139>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} "
				       "prog\\[[0-9]+\\]: one$");
	assert_matches(receive(f, fd), "]: two$");
	/* The daemon starts again. */
	(void)close(fd);
	fd = syslog_socket();
	log_info("again");
	assert_matches(receive(f, fd), "^<142>.*]: again$");
	/* Nobody reads: lines are lost, not waited for. */
	for (unsigned i = 0; i < 3000; i++)
		log_info("line %u", i);
	while (*receive(f, fd))
		continue;
	log_notice("after");
	assert_matches(receive(f, fd), "[0-9]{2,4} log messages were lost here$");
	assert_matches(receive(f, fd), "^<141>.*]: after$");
	(void)close(fd);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static const struct CMUnitTest tests[] = {
	TEST(lines_in_a_file),
	TEST(lines_on_the_console),
	TEST(full_console_loses_and_says_so),
	TEST(levels),
	TEST(details_wait_for_something_urgent),
	TEST(rotation),
	TEST(never_through_a_link),
	TEST(fork_does_not_repeat),
	TEST(long_messages),
	TEST(errno_is_kept),
	TEST(repetitions),
	TEST(syslog_lines),
};

UNIT_MAIN(tests)
