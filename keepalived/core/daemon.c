/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The program from the command line to its exit status: which kind of run this is, and the order
 * of a daemon's start.
 *
 * A daemon reads its configuration before it takes anything, so a start that cannot work fails
 * while whoever started it is still listening.
 */
#include "core/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/daemon_state.h"
#include "core/resources.h"
#include "loop/child.h"

#define DEFAULT_UMASK 0177

/* Wait for the loop instead of acting at once; everything else that ends a process by default but
 * is no fault of ours is ignored. */
static void quiet_signals(void)
{
	static const int faults[] = { SIGILL, SIGFPE, SIGSEGV, SIGBUS, SIGABRT, SIGKILL,
				      SIGSTOP, SIGCHLD, SIGXCPU };
	sigset_t all;

	sigfillset(&all);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		sigdelset(&all, faults[i]);
	for (int signo = 1; signo <= SIGRTMAX; signo++) {
		struct sigaction ignore = { .sa_handler = SIG_IGN };

		if (sigismember(&all, signo) == 1 && signo != SIGTERM && signo != SIGINT &&
		    signo != SIGHUP && signo != SIGUSR1 && signo != SIGUSR2 &&
		    signo < SIGRTMIN)
			(void)sigaction(signo, &ignore, NULL);
	}
	(void)sigprocmask(SIG_BLOCK, &all, NULL);
}

static void set_process_name(const struct config *config)
{
	if (config->global->process_name && strcmp(config->global->process_name, "keepalived"))
		(void)prctl(PR_SET_NAME, config->global->process_name, 0, 0, 0);
}

static bool is_readable(struct daemon *d)
{
	int fd;

	if (strpbrk(d->config_path, "*?[{~"))
		return true;	/* a pattern */
	fd = open(d->config_path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		daemon_complain(d, "Unable to open configuration file %s: %s", d->config_path,
				strerror(errno));
		return false;
	}
	close(fd);
	return true;
}

static void override_namespace(const struct daemon *d, const struct config *config)
{
	const char *configured = config->process->net_namespace;

	if (d->options.net_namespace && configured &&
	    strcmp(configured, d->options.net_namespace))
		log_info("Overriding config net_namespace '%s' with command line namespace '%s'",
			 configured, d->options.net_namespace);
}

static void remove_old_reload_file(const struct daemon *d, const struct config *config)
{
	struct strbuf path = { 0 };

	if (!config->global->reload_file)
		return;
	if (*config->global->reload_file)
		strbuf_add(&path, config->global->reload_file);
	else
		name_reload_file(&d->super.names, &path);
	(void)unlink(path.data);
	strbuf_fini(&path);
}

/* From a configuration to a process that may run the supervisor. 0 or an exit status. */
static int take_place(struct daemon *d, struct config *config)
{
	struct supervisor *s = &d->super;
	int status;

	s->names = names_of(d->options.net_namespace, config, d->tmp_dir);
	daemon_open_log(d, &s->names);
	override_namespace(d, config);
	if (d->options.umask < 0)
		(void)umask((mode_t)config->global->umask);
	status = daemon_enter_namespace(d);
	if (!status)
		status = daemon_lock_pid_file(d);
	if (!status)
		status = daemon_to_background(d);
	if (status)
		return status;
	remove_old_reload_file(d, config);
	int result = pidfile_write(&s->pidfile, getpid());

	if (result)
		log_warning("cannot write pid file %s: %s", s->pidfile.path, strerror(-result));
	return 0;
}

static int run(struct daemon *d, struct config *config)
{
	struct supervisor *s = &d->super;

	child_defaults_record();
	resources_allow_files();
	daemon_allow_core_dumps(d);
	set_process_name(config);
	if (config->global->max_auto_priority == 0)
		log_info("NOTICE: setting config option max_auto_priority should result in "
			 "better keepalived performance");
	s->current = generation_new(s, config);
	generation_log_findings(config);
	save_config(s, config);
	if (d->options.dump_conf)
		dump_to_log(s);
	config_settle(config);
	memory_settle();
	int code = supervisor_run(s);

	daemon_restore_core_pattern(d);
	log_info("Stopped Keepalived v%s (%s)", d->build.version, d->build.date);
	return code;
}

static int run_daemon(struct daemon *d)
{
	const struct names plain = { .tmp_dir = d->tmp_dir };
	struct supervisor *s = &d->super;
	struct config *config;

	memory_policy();
	quiet_signals();
	daemon_open_log(d, &plain);
	daemon_log_start(d);
	if (!is_readable(d))
		return DAEMON_EXIT_NO_CONFIG;
	const struct config_options options = supervisor_config_options(s, 1);

	config = config_read(d->config_path, &options);
	s->last_generation = 1;
	int status = take_place(d, config);

	if (status) {
		config_free(config);
		pidfile_close(&s->pidfile);
	} else {
		status = run(d, config);
	}
	daemon_remove_pid_dir(d);
	return status;
}

static int genhash(const struct daemon *d)
{
	int at = d->options.genhash_at - 1;

	if (d->program->genhash)
		return d->program->genhash(d->argc - at, (char **)(uintptr_t)(d->argv + at));
	fputs("keepalived: genhash is not part of this build\n", stderr);
	return DAEMON_EXIT_USAGE;
}

static int dispatch(struct daemon *d, enum options_verdict verdict)
{
	switch (verdict) {
	case OPTIONS_EXIT:
		return d->options.exit_code;
	case OPTIONS_GENHASH:
		return genhash(d);
	case OPTIONS_TEST:
		return daemon_config_test(d);
	case OPTIONS_PRINT:
		return daemon_config_print(d);
	case OPTIONS_DIFF:
		return daemon_config_diff(d);
	case OPTIONS_RUN:
		return run_daemon(d);
	}
	return DAEMON_EXIT_USAGE;
}

static void fini(struct daemon *d)
{
	log_close();
	free(d->config_path);
	free(d->config_id);
	free(d->tmp_dir);
	strbuf_fini(&d->ident);
	strbuf_fini(&d->log_file);
	strbuf_fini(&d->running);
	strbuf_fini(&d->distro);
}

int daemon_main(const struct program *program, int argc, char *argv[])
{
	struct daemon *d = xnew(struct daemon);
	struct options_text text = { 0 };

	d->program = program;
	d->build = program->build;
	d->argc = argc;
	d->argv = argv;
	daemon_describe_system(d);
	enum options_verdict verdict =
		options_parse(argc, argv, &d->build, &d->options, &text);

	fputs(strbuf_text(&text.out), stdout);
	fputs(strbuf_text(&text.err), stderr);
	(void)fflush(stdout);
	strbuf_fini(&text.out);
	strbuf_fini(&text.err);
	(void)umask(d->options.umask >= 0 ? (mode_t)d->options.umask : DEFAULT_UMASK);
	daemon_find_paths(d);
	d->super.options = &d->options;
	d->super.build = &d->build;
	d->super.engines = program->engines;
	d->super.n_engines = program->n_engines;
	d->super.config_path = d->config_path;
	d->super.config_id = d->config_id;
	d->super.tmp_dir = d->tmp_dir;
	d->super.pidfile.fd = d->super.starter_fd = -1;
	int status = dispatch(d, verdict);

	fini(d);
	free(d);
	return status;
}
