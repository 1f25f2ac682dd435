/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The surroundings of the daemon: paths, log, core dumps, network namespace, pid file, background.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/daemon_state.h"
#include "net/netns.h"

#define STANDARD_CONFIG	  "/etc/keepalived/keepalived.conf"
#define CORE_PATTERN_FILE "/proc/sys/kernel/core_pattern"
#define START_PATIENCE_MS 5000
#define LEFTOVER_PATIENCE_MS 5000
#define LEFTOVER_STEP_MS  20
#define COMMAND_LINE_WRAP 100

void daemon_complain(const struct daemon *d, const char *fmt, ...)
{
	char text[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	log_error("%s", text);
	if (!d->options.dont_fork || !d->options.log_console)
		fprintf(stderr, "keepalived: %s\n", text);
}

/* Paths */

static char *absolute(const char *path)
{
	char cwd[PATH_MAX];
	struct strbuf full = { 0 };

	if (path[0] == '/' || !getcwd(cwd, sizeof(cwd)))
		return xstrdup(path);
	strbuf_addf(&full, "%s/%s", cwd, path);
	return full.data;
}

static char *config_path(const struct daemon *d)
{
	static const char built_in[] = SYSCONFDIR "/keepalived/keepalived.conf";

	if (d->options.config_file)
		return absolute(d->options.config_file);
	return xstrdup(access(built_in, F_OK) < 0 && access(STANDARD_CONFIG, F_OK) == 0 ?
			       STANDARD_CONFIG :
			       built_in);
}

static char *config_id(const struct daemon *d)
{
	struct utsname system;

	if (d->options.config_id)
		return xstrdup(d->options.config_id);
	if (uname(&system) < 0)
		return xstrdup("");
	system.nodename[strcspn(system.nodename, ".")] = '\0';
	return xstrdup(system.nodename);
}

static char *tmp_dir(void)
{
	const char *dir = getenv("TMPDIR");
	struct stat st;

	if (!dir || !*dir)
		return xstrdup("/tmp");
	if (dir[0] == '/' && stat(dir, &st) == 0 && S_ISDIR(st.st_mode))
		return xstrdup(dir);
	fprintf(stderr, "Environment TMPDIR=%s not a directory\n", dir);
	return xstrdup("/tmp");
}

void daemon_find_paths(struct daemon *d)
{
	d->config_path = config_path(d);
	d->config_id = config_id(d);
	d->tmp_dir = tmp_dir();
}

/* The system, for --version */

static void describe_distro(struct strbuf *out)
{
	static const char key[] = "PRETTY_NAME=";
	char line[256];
	FILE *f = fopen("/etc/os-release", "re");

	while (f && fgets(line, sizeof(line), f)) {
		char *value = line + sizeof(key) - 1;

		if (!str_starts(line, key))
			continue;
		value[strcspn(value, "\n")] = '\0';
		size_t len = strlen(value);

		if (len >= 2 && (value[0] == '"' || value[0] == '\'')) {
			value[len - 1] = '\0';
			value++;
		}
		strbuf_add(out, value);
		break;
	}
	if (f)
		fclose(f);
}

void daemon_describe_system(struct daemon *d)
{
	struct utsname system;

	if (uname(&system) == 0) {
		strbuf_addf(&d->running, "%s %s %s", system.sysname, system.release,
			    system.version);
		d->build.running = d->running.data;
	}
	describe_distro(&d->distro);
	d->build.distro = d->distro.data;
}

/* The log */

void daemon_open_log(struct daemon *d, const struct names *names)
{
	const struct options *o = &d->options;
	struct strbuf ident = { 0 }, file = { 0 };
	struct log_setup setup = {
		.facility = o->log_facility,
		.to_syslog = !o->no_syslog,
		.to_console = o->log_console && o->dont_fork,
		.flush_file = o->flush_log,
		.detail = o->log_detail,
	};

	name_ident(names, NULL, &ident);
	setup.ident = ident.data;
	if (o->log_file) {
		name_log_file(names, o->log_file, NULL, &file);
		setup.file = file.data;
	}
	int result = log_open(&setup);

	strbuf_fini(&d->ident);
	strbuf_fini(&d->log_file);
	d->ident = ident;
	d->log_file = file;
	if (result)
		daemon_complain(d, "cannot open log file %s: %s", setup.file,
				strerror(-result));
}

static void log_command_line(const struct daemon *d)
{
	struct strbuf line = { 0 };

	strbuf_add(&line, "Command line:");
	for (int i = 0; i < d->argc; i++) {
		if (line.len + strlen(d->argv[i]) + 3 > COMMAND_LINE_WRAP) {
			log_info("%s", line.data);
			strbuf_reset(&line);
			strbuf_add(&line, "             ");
		}
		strbuf_addf(&line, " '%s'", d->argv[i]);
	}
	log_info("%s", line.data);
	strbuf_fini(&line);
}

void daemon_log_start(const struct daemon *d)
{
	log_info("Starting Keepalived v%s (%s)", d->build.version, d->build.date);
	log_info("Running on %s (built for Linux %s)", d->build.running ? d->build.running : "?",
		 d->build.kernel_headers);
	log_command_line(d);
	log_info("Configuration file %s", d->config_path);
}

/* Core dumps */

static char *read_core_pattern(void)
{
	char text[256];
	int fd = open(CORE_PATTERN_FILE, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	close_fd(&fd);
	if (n <= 0)
		return NULL;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return xstrdup(text);
}

static bool write_core_pattern(const char *pattern)
{
	int fd = open(CORE_PATTERN_FILE, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(pattern);
	bool good = fd >= 0 && write(fd, pattern, len) == (ssize_t)len;

	close_fd(&fd);
	return good;
}

void daemon_allow_core_dumps(struct daemon *d)
{
	const struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };

	if (!d->options.core_dump)
		return;
	if (setrlimit(RLIMIT_CORE, &unlimited) < 0)
		log_warning("cannot lift the limit of core dumps: %s", strerror(errno));
	if (!d->options.core_pattern)
		return;
	char *old = read_core_pattern();

	if (write_core_pattern(d->options.core_pattern)) {
		d->old_core_pattern = old;
		return;
	}
	log_warning("cannot set %s: %s", CORE_PATTERN_FILE, strerror(errno));
	free(old);
}

void daemon_restore_core_pattern(struct daemon *d)
{
	if (d->old_core_pattern)
		(void)write_core_pattern(d->old_core_pattern);
	free(d->old_core_pattern);
	d->old_core_pattern = NULL;
}

/* Network namespace */

int daemon_enter_namespace(struct daemon *d)
{
	const char *name = d->super.names.net_namespace;
	struct strbuf outside = { 0 };
	struct netns ns;
	int result;

	if (!name || !*name)
		return 0;
	result = netns_open(&ns, name);
	if (!result)
		result = netns_enter(&ns);
	netns_close(&ns);
	if (result) {
		daemon_complain(d, "Unable to set network namespace %s - exiting: %s", name,
				strerror(-result));
		return DAEMON_EXIT_SUBSYSTEM;
	}
	strbuf_addf(&outside, "%s/keepalived/keepalived_%s", PIDDIR, name);
	mode_t mask = umask(0022);

	(void)mkdir(PIDDIR "/keepalived", 0755);
	result = netns_private_mount(outside.data, PIDDIR "/keepalived");
	(void)umask(mask);
	if (result)
		log_warning("no private view of %s/keepalived for namespace %s: %s", PIDDIR,
			    name, strerror(-result));
	strbuf_fini(&outside);
	return 0;
}

/* Pid file */

/* Engines outlive a supervisor that was killed until they have withdrawn their addresses: those
 * would be taken from us. One that does not get on with it must not keep us out. */
static int wait_for_leftovers(struct pidfile *p, const char *path)
{
	int result = -EBUSY;

	log_info("what a killed daemon has left is still at work: waiting for its end");
	for (unsigned i = 0; i < LEFTOVER_PATIENCE_MS / LEFTOVER_STEP_MS; i++) {
		if (result != -EBUSY || !pidfile_is_left(path))
			return result;
		(void)poll(NULL, 0, LEFTOVER_STEP_MS);
		result = pidfile_open(p, path);
	}
	if (result != -EBUSY || !pidfile_is_left(path))
		return result;
	log_warning("what a killed daemon has left does not end: starting beside it");
	(void)unlink(path);
	return pidfile_open(p, path);
}

int daemon_lock_pid_file(struct daemon *d)
{
	struct supervisor *s = &d->super;
	struct strbuf dir = { 0 }, standard = { 0 };
	const char *path = d->options.pid_file;
	int result;

	name_pid_dir(&s->names, &dir);
	if (s->names.pid_dir)
		d->made_pid_dir = mkdir(dir.data, 0755) == 0 && chmod(dir.data, 0755) == 0;
	name_pid_file(&s->names, NULL, &standard);
	path = path ? path : standard.data;
	result = pidfile_open(&s->pidfile, path);
	if (result == -EBUSY && pidfile_is_left(path))
		result = wait_for_leftovers(&s->pidfile, path);
	if (result == -EBUSY)
		daemon_complain(d, "Another process has pid file %s locked: "
				   "daemon is already running", path);
	else if (result)
		daemon_complain(d, "cannot use pid file %s: %s", path, strerror(-result));
	strbuf_fini(&dir);
	strbuf_fini(&standard);
	return result ? DAEMON_EXIT_SUBSYSTEM : 0;
}

void daemon_remove_pid_dir(struct daemon *d)
{
	struct strbuf dir = { 0 };

	if (!d->made_pid_dir)
		return;
	name_pid_dir(&d->super.names, &dir);
	(void)rmdir(dir.data);	/* only if it is empty */
	strbuf_fini(&dir);
}

/* Background */

/* Wait until the daemon says that it has started, or has ended. */
attr_noreturn static void wait_for_start(int fd, pid_t daemon)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint8_t code = 0;
	int status;

	if (poll(&p, 1, START_PATIENCE_MS) == 0 || read(fd, &code, 1) == 1)
		_exit(code);
	if (waitpid(daemon, &status, 0) == daemon && WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	_exit(DAEMON_EXIT_SUBSYSTEM);
}

static void leave_terminal(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)setsid();
	if (chdir("/") < 0)
		log_warning("cannot change to /: %s", strerror(errno));
	for (int fd = 0; null >= 0 && fd < 3; fd++)
		(void)dup2(null, fd);
	if (null > 2)
		close(null);
}

int daemon_to_background(struct daemon *d)
{
	int fds[2];
	pid_t pid;

	d->super.starter_fd = -1;
	if (d->options.dont_fork)
		return 0;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return DAEMON_EXIT_SUBSYSTEM;
	log_flush();
	pid = fork();
	if (pid < 0) {
		daemon_complain(d, "cannot fork: %s", strerror(errno));
		return DAEMON_EXIT_SUBSYSTEM;
	}
	if (pid > 0) {
		close(fds[1]);
		wait_for_start(fds[0], pid);
	}
	close(fds[0]);
	d->super.starter_fd = fds[1];
	leave_terminal();
	return 0;
}
