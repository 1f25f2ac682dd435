/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: one table gives parsing, help and manual.
 *
 * keepalived(8). Options are parsed to the end even after a mistake, so that every one is named.
 * -v, -h, --signum and -T act at the moment they are met. Optional arguments must be attached
 * (-tFILE, --config-test=FILE): a separate word is not theirs.
 *
 * Opens and prints nothing: the caller does, with what is left in the two buffers.
 */
#include "core/options.h"

#include <getopt.h>
#include <signal.h>
#include <string.h>
#include <syslog.h>

#include "base/num.h"

enum argument { ARG_NONE, ARG_NEEDED, ARG_ATTACHED };

/** State of one parse. */
struct parse {
	struct options *o;
	const struct build_info *build;
	struct strbuf *out, *err;
	const char *program;
	char *const *argv;
	const char *attached;	/* last option that takes an attached argument and had none */
	bool first;		/* no option was met before this one */
	bool bad;
	bool exit_now;
};

struct option_row {
	char letter;		/* 0: none */
	const char *word;
	enum argument argument;
	const char *argument_name;
	const char *help;
	size_t flag;		/* offset + 1 of a bool to set; 0: none */
	size_t text;		/* offset + 1 of a const char * to set; 0: none */
	void (*call)(struct parse *, const char *argument);	/* after the above; may be NULL */
};

#define FLAG(m) .flag = offsetof(struct options, m) + 1
#define TEXT(m) .text = offsetof(struct options, m) + 1

static void on_vrrp(struct parse *p, const char *arg attr_unused)
{
	p->o->no_check = true;
}

static void on_check(struct parse *p, const char *arg attr_unused)
{
	p->o->no_vrrp = true;
}

/* Sets all of them; a later -P, -C or -B takes some away again. */
static void on_all(struct parse *p, const char *arg attr_unused)
{
	p->o->no_vrrp = p->o->no_check = p->o->no_bfd = false;
}

static void on_detail(struct parse *p, const char *arg attr_unused)
{
	p->o->log_detail++;
}

static const struct {
	const char *word;
	int facility;
} facilities[] = {
	{ "0", LOG_LOCAL0 }, { "1", LOG_LOCAL1 }, { "2", LOG_LOCAL2 }, { "3", LOG_LOCAL3 },
	{ "4", LOG_LOCAL4 }, { "5", LOG_LOCAL5 }, { "6", LOG_LOCAL6 }, { "7", LOG_LOCAL7 },
	{ "local0", LOG_LOCAL0 }, { "local1", LOG_LOCAL1 }, { "local2", LOG_LOCAL2 },
	{ "local3", LOG_LOCAL3 }, { "local4", LOG_LOCAL4 }, { "local5", LOG_LOCAL5 },
	{ "local6", LOG_LOCAL6 }, { "local7", LOG_LOCAL7 }, { "user", LOG_USER },
	{ "daemon", LOG_DAEMON },
};

static void on_facility(struct parse *p, const char *arg)
{
	for (size_t i = 0; i < ARRAY_LEN(facilities); i++) {
		if (!str_eq(facilities[i].word, arg))
			continue;
		p->o->log_facility = facilities[i].facility;
		return;
	}
	strbuf_addf(p->err, "Invalid log facility '%s': use 0-7, local0-local7, user or daemon\n",
		    arg);
	p->o->facility_bad = true;
}

static void on_umask(struct parse *p, const char *arg)
{
	uint64_t n;

	if (num_parse_u64(arg, 0, 0, 0777, &n) == NUM_OK)
		p->o->umask = (int)n;
	else
		strbuf_addf(p->err, "Invalid --umask option '%s': use a number from 0 to 0777\n",
			    arg);
}

static void on_log_file(struct parse *p, const char *arg)
{
	p->o->log_file = arg ? arg : "keepalived.log";
}

static void on_core_pattern(struct parse *p, const char *arg)
{
	p->o->core_dump = true;
	p->o->core_pattern = arg ? arg : "core";
}

static void on_test(struct parse *p, const char *arg)
{
	p->o->test_file = arg;
	p->o->dont_respawn = p->o->dont_fork = p->o->no_syslog = true;
}

static void on_test_format(struct parse *p, const char *arg)
{
	static const struct {
		const char *word;
		enum diag_format format;
	} formats[] = {
		{ "text", DIAG_TEXT }, { "json", DIAG_JSON }, { "sarif", DIAG_SARIF },
		{ "github", DIAG_GITHUB },
	};

	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		if (!str_eq(formats[i].word, arg))
			continue;
		p->o->test_format = formats[i].format;
		return;
	}
	strbuf_addf(p->err, "Invalid format '%s': use text, json, sarif or github\n", arg);
	p->bad = true;
}

static void on_test_notes(struct parse *p, const char *arg)
{
	static const struct {
		const char *word;
		enum diag_notes notes;
	} words[] = { { "yes", DIAG_NOTES_FULL },
		      { "brief", DIAG_NOTES_BRIEF },
		      { "no", DIAG_NOTES_NONE } };

	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (!str_eq(words[i].word, arg ? arg : "yes"))
			continue;
		p->o->test_notes = words[i].notes;
		return;
	}
	strbuf_addf(p->err,
		    "Invalid argument '%s' of --config-test-notes: use yes, brief or no\n", arg);
	p->bad = true;
}

static void on_print(struct parse *p, const char *arg)
{
	if (arg && !str_eq(arg, "secrets")) {
		strbuf_addf(p->err, "Invalid argument '%s' of --config-print: use secrets\n", arg);
		p->bad = true;
	}
	p->o->print_secrets = arg != NULL;
}

static void on_not_built(struct parse *p, const char *arg attr_unused)
{
	strbuf_addf(p->err, "Option %s has no effect in this build\n", p->argv[optind - 1]);
}

/* Letters of --debug that keepalived(8) lists, and those of processes. */
static void on_debug(struct parse *p, const char *arg)
{
	for (const char *c = arg ? arg : ""; *c; c++)
		if (!strchr("DEFNPXMTSRBUOACHZGJVKI", *c) && !strchr("pbcv", *c))
			strbuf_addf(p->err, "Unknown debug option '%c'\n", *c);
	on_not_built(p, arg);
}

static void on_signum(struct parse *p, const char *arg)
{
	const struct {
		const char *word;
		int number;
		bool built;
	} functions[] = {
		{ "STOP", SIGTERM, true },
		{ "RELOAD", SIGHUP, true },
		{ "DATA", SIGUSR1, true },
		{ "STATS", SIGUSR2, true },
		{ "STATS_CLEAR", SIGRTMAX - 1, true },
		{ "JSON", SIGRTMIN + 2, p->build->json },
		{ "TDATA", SIGRTMAX, true },
		{ "TDUMP", SIGRTMAX, true },
	};

	p->exit_now = true;
	for (size_t i = 0; i < ARRAY_LEN(functions); i++) {
		if (!functions[i].built || !str_eq(functions[i].word, arg))
			continue;
		strbuf_addf(p->out, "%d\n", functions[i].number);
		p->o->exit_code = 0;
		return;
	}
	strbuf_addf(p->err, "Unknown sigfunc %s\n", arg);
	p->o->exit_code = 1;
}

static void on_genhash(struct parse *p, const char *arg attr_unused)
{
	if (!p->first)
		strbuf_add(p->err, "Warning -- `-T` not used as first option, "
				   "previous options ignored\n");
	p->o->genhash_at = optind;
	p->exit_now = true;
}

static void add_version(const struct build_info *b, struct strbuf *out)
{
	strbuf_addf(out, "Keepalived v%s (%s)\n\n", b->version, b->date);
	strbuf_add(out, "Copyright(C) the keepalived developers. Free software under the GNU "
			"General Public\nLicense, version 2 or later; there is no warranty.\n\n");
	strbuf_addf(out, "Built with kernel headers for Linux %s\n", b->kernel_headers);
	if (b->running)
		strbuf_addf(out, "Running on %s\n", b->running);
	if (b->distro)
		strbuf_addf(out, "Distro: %s\n", b->distro);
	strbuf_addf(out, "\nconfigure options: %s", b->configure_options);
	if (b->json && !strstr(b->configure_options, "--enable-json"))
		strbuf_add(out, " --enable-json"); /* interface: exporters look for the word */
	strbuf_add(out, "\n\nConfig options: ");
	for (const char *const *word = b->features; *word; word++)
		strbuf_addf(out, " %s", *word);
	strbuf_addf(out, "\n\nSystem options:  %s\n", b->system_options);
}

static void on_version(struct parse *p, const char *arg attr_unused)
{
	add_version(p->build, p->err);
	p->exit_now = true;
}

static void on_help(struct parse *p, const char *arg attr_unused)
{
	options_usage(p->build, p->program, p->err);
	p->exit_now = true;
}

static const struct option_row rows[] = {
	{ 'f', "use-file", ARG_NEEDED, "FILE", "read this configuration file", TEXT(config_file) },
	{ 'P', "vrrp", ARG_NONE, NULL, "do not run the health checkers", .call = on_vrrp },
	{ 'C', "check", ARG_NONE, NULL, "do not run VRRP", .call = on_check },
	{ 'B', "no_bfd", ARG_NONE, NULL, "do not run BFD", FLAG(no_bfd) },
	{ 0, "all", ARG_NONE, NULL, "run every part, even one without configuration", FLAG(all),
	  .call = on_all },
	{ 'l', "log-console", ARG_NONE, NULL, "also write messages to standard error (with -n)",
	  FLAG(log_console) },
	{ 'D', "log-detail", ARG_NONE, NULL, "more messages; twice: still more",
	  .call = on_detail },
	{ 'S', "log-facility", ARG_NEEDED, "0-7|local0-7|user|daemon",
	  "syslog facility (daemon)", .call = on_facility },
	{ 'g', "log-file", ARG_ATTACHED, "FILE",
	  "also write messages to FILE (keepalived.log in the temporary directory)",
	  .call = on_log_file },
	{ 0, "flush-log-file", ARG_NONE, NULL, "flush the log file after each line",
	  FLAG(flush_log) },
	{ 'G', "no-syslog", ARG_NONE, NULL, "no messages to syslog", FLAG(no_syslog) },
	{ 'u', "umask", ARG_NEEDED, "NUMBER", "file creation mask (0177)", .call = on_umask },
	{ 'X', "release-vips", ARG_NONE, NULL, "drop virtual addresses on a transition by signal",
	  FLAG(release_vips) },
	{ 'V', "dont-release-vrrp", ARG_NONE, NULL,
	  "leave virtual addresses and routes in place at stop", FLAG(dont_release_vrrp) },
	{ 'I', "dont-release-ipvs", ARG_NONE, NULL, "leave the IPVS table in place at stop",
	  FLAG(dont_release_ipvs) },
	{ 'R', "dont-respawn", ARG_NONE, NULL, "stop when a child process dies",
	  FLAG(dont_respawn) },
	{ 'n', "dont-fork", ARG_NONE, NULL, "stay in the foreground", FLAG(dont_fork) },
	{ 'd', "dump-conf", ARG_NONE, NULL, "write the configuration to the log at start",
	  FLAG(dump_conf) },
	{ 'p', "pid", ARG_NEEDED, "FILE", "pid file of the parent process", TEXT(pid_file) },
	{ 'r', "vrrp_pid", ARG_NEEDED, "FILE", "pid file of the VRRP process",
	  TEXT(vrrp_pid_file) },
	{ 'T', "genhash", ARG_NONE, NULL, "be genhash; the rest of the line is its own",
	  .call = on_genhash },
	{ 'c', "checkers_pid", ARG_NEEDED, "FILE", "pid file of the checker process",
	  TEXT(checkers_pid_file) },
	{ 'a', "address-monitoring", ARG_NONE, NULL, "log every address added or removed",
	  FLAG(address_monitoring) },
	{ 'b', "bfd_pid", ARG_NEEDED, "FILE", "pid file of the BFD process", TEXT(bfd_pid_file) },
	{ 's', "namespace", ARG_NEEDED, "NAME", "run in this network namespace",
	  TEXT(net_namespace) },
	{ 'e', "all-config", ARG_NONE, NULL, "a missing or unreadable file is an error",
	  FLAG(all_config) },
	{ 'i', "config-id", ARG_NEEDED, "ID", "identity for @ID lines (host name)",
	  TEXT(config_id) },
	{ 'x', "snmp", ARG_NONE, NULL, "enable SNMP", FLAG(snmp) },
	{ 'A', "snmp-agent-socket", ARG_NEEDED, "SOCKET", "socket of the SNMP master agent",
	  TEXT(snmp_socket) },
	{ 'm', "core-dump", ARG_NONE, NULL, "lift the limits on core dumps", FLAG(core_dump) },
	{ 'M', "core-dump-pattern", ARG_ATTACHED, "PATTERN",
	  "as -m, and set the kernel's core_pattern while running (core)",
	  .call = on_core_pattern },
	{ 0, "signum", ARG_NEEDED, "FUNCTION",
	  "print the signal for STOP, RELOAD, DATA, STATS, STATS_CLEAR, JSON or TDATA",
	  .call = on_signum },
	{ 't', "config-test", ARG_ATTACHED, "FILE",
	  "check the configuration, report to standard error or FILE, exit", .call = on_test },
	{ 0, "config-test-format", ARG_NEEDED, "text|json|sarif|github",
	  "form of the report of --config-test", .call = on_test_format },
	{ 0, "config-test-notes", ARG_ATTACHED, "yes|brief|no",
	  "let --config-test give advice too", .call = on_test_notes },
	{ 0, "config-print", ARG_ATTACHED, "secrets",
	  "print the configuration in canonical form, exit", .call = on_print },
	{ 0, "config-diff", ARG_NEEDED, "OLD NEW",
	  "print what a reload from file OLD to file NEW would change, exit", TEXT(diff_old) },
	{ 0, "ignore-sigint", ARG_NONE, NULL, "ignore SIGINT, for debuggers",
	  FLAG(ignore_sigint) },
	{ 0, "perf", ARG_ATTACHED, "all|run|end", "not built", .call = on_not_built },
	{ 0, "debug", ARG_ATTACHED, "OPTIONS", "not built", TEXT(debug), .call = on_debug },
	{ 0, "no-mem-check", ARG_NONE, NULL, "not built", .call = on_not_built },
	{ 'v', "version", ARG_NONE, NULL, "print the version and how it was built, exit",
	  .call = on_version },
	{ 'h', "help", ARG_NONE, NULL, "print this text, exit", .call = on_help },
};

#define LONG_BASE 256 /* getopt value of a row without letter: LONG_BASE + index */

void options_usage(const struct build_info *build attr_unused, const char *program,
		   struct strbuf *out)
{
	strbuf_addf(out, "Usage: %s [OPTION...]\n", program);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct option_row *row = &rows[i];
		const char *name = row->argument_name ? row->argument_name : "";
		struct strbuf left = { 0 };

		if (row->letter)
			strbuf_addf(&left, "  -%c, ", row->letter);
		else
			strbuf_add(&left, "      ");
		strbuf_addf(&left, "--%s", row->word);
		if (row->argument == ARG_NEEDED)
			strbuf_addf(&left, "=%s", name);
		else if (row->argument == ARG_ATTACHED)
			strbuf_addf(&left, "[=%s]", name);
		strbuf_addf(out, "%-38s %s\n", left.data, row->help);
		strbuf_fini(&left);
	}
}

/* What getopt_long() wants, made from the table. */
struct getopt_tables {
	char letters[3 * ARRAY_LEN(rows) + 2];
	struct option words[ARRAY_LEN(rows) + 1];
};

static void make_getopt_tables(struct getopt_tables *t)
{
	static const int has_arg[] = {
		[ARG_NONE] = no_argument,
		[ARG_NEEDED] = required_argument,
		[ARG_ATTACHED] = optional_argument,
	};
	char *c = t->letters;

	*t = (struct getopt_tables){ 0 };
	*c++ = ':';
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct option_row *row = &rows[i];

		t->words[i].name = row->word;
		t->words[i].has_arg = has_arg[row->argument];
		t->words[i].val = row->letter ? row->letter : LONG_BASE + (int)i;
		if (!row->letter)
			continue;
		*c++ = row->letter;
		for (int n = 0; n < has_arg[row->argument]; n++)
			*c++ = ':';
	}
}

static const struct option_row *row_of(int value)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (value == (rows[i].letter ? rows[i].letter : LONG_BASE + (int)i))
			return &rows[i];
	return NULL;
}

/* @value: what getopt_long() said, '?' or ':'. */
static void report_bad(struct parse *p, int value)
{
	const struct option_row *row = optopt ? row_of(optopt) : NULL;

	p->bad = true;
	if (value == ':' && row)
		strbuf_addf(p->err, "Missing parameter for option --%s\n", row->word);
	else if (row && row->argument == ARG_NONE)
		strbuf_addf(p->err, "Option --%s takes no parameter\n", row->word);
	else if (optopt)
		strbuf_addf(p->err, "Unknown option -%c\n", optopt);
	else
		strbuf_addf(p->err, "Unknown option %s\n", p->argv[optind - 1]);
}

static void take(struct parse *p, const struct option_row *row, const char *arg)
{
	char *base = (char *)p->o;

	if (arg && !*arg) {
		strbuf_addf(p->err, "Missing parameter for option --%s\n", row->word);
		p->bad = true;
		return;
	}
	if (row->flag)
		*(bool *)(void *)(base + row->flag - 1) = true;
	if (row->text)
		*(const char **)(void *)(base + row->text - 1) = arg;
	if (row->call)
		row->call(p, arg);
	if (row->argument == ARG_ATTACHED && !arg)
		p->attached = row->word;
}

static void report_extra(struct parse *p, int argc)
{
	if (optind >= argc)
		return;
	strbuf_add(p->out, "Unexpected argument(s):");
	for (int i = optind; i < argc; i++)
		strbuf_addf(p->out, " %s", p->argv[i]);
	if (p->attached)
		strbuf_addf(p->out, " (an argument of --%s must be attached: --%s=%s)",
			    p->attached, p->attached, p->argv[optind]);
	strbuf_add_char(p->out, '\n');
}

static void take_diff_new(struct parse *p, int argc)
{
	if (!p->o->diff_old)
		return;
	if (optind < argc) {
		p->o->diff_new = p->argv[optind++];
		return;
	}
	strbuf_add(p->err, "Missing parameter for option --config-diff: it takes two files\n");
	p->bad = true;
}

/* The flags that decide what this run is; a test is not a daemon whatever else is given. */
static enum options_verdict verdict_of(const struct parse *p, bool test, bool print)
{
	if (p->bad) {
		p->o->exit_code = 1;
		return OPTIONS_EXIT;
	}
	if (p->o->diff_old)
		return OPTIONS_DIFF;
	if (print)
		return OPTIONS_PRINT;
	return test ? OPTIONS_TEST : OPTIONS_RUN;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

enum options_verdict options_parse(int argc, char *const argv[], const struct build_info *build,
				   struct options *o, struct options_text *text)
{
	struct parse p = {
		.o = o, .build = build, .out = &text->out, .err = &text->err, .argv = argv,
		.first = true,
		.program = argc > 0 ? argv[0] : "keepalived",
	};
	struct getopt_tables tables;
	bool test = false, print = false;
	int value;

	*o = (struct options){ .log_facility = LOG_DAEMON,
			       .umask = -1,
			       .test_notes = DIAG_NOTES_BRIEF };
	if (str_eq(base_name(p.program), "genhash")) {
		o->genhash_at = 1;
		return OPTIONS_GENHASH;
	}
	make_getopt_tables(&tables);
	optind = 0;
	opterr = 0;
	while ((value = getopt_long(argc, argv, tables.letters, tables.words, NULL)) != -1) {
		const struct option_row *row = value == '?' || value == ':' ? NULL : row_of(value);

		if (row)
			take(&p, row, optarg);
		else
			report_bad(&p, value);
		if (p.exit_now)
			return o->genhash_at ? OPTIONS_GENHASH : OPTIONS_EXIT;
		test |= row && row->call == on_test;
		print |= row && row->call == on_print;
		p.first = false;
	}
	take_diff_new(&p, argc);
	report_extra(&p, argc);
	return verdict_of(&p, test, print);
}
