/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line as a table: options, help, version, --signum.
 *
 * Parsing fills a struct options and says what to do; it prints nothing but usage errors (into a
 * buffer) and touches nothing.
 */
#pragma once

#include "base/str.h"
#include "config/diag.h"

enum options_verdict {
	OPTIONS_RUN,		/* start the daemon */
	OPTIONS_TEST,		/* --config-test */
	OPTIONS_PRINT,		/* --config-print */
	OPTIONS_DIFF,		/* --config-diff OLD NEW */
	OPTIONS_GENHASH,	/* -T: arguments from ->genhash_at on are its own */
	OPTIONS_EXIT,		/* done: print ->err and ->out, exit with ->exit_code */
};

struct options {
	const char *config_file;	/* NULL: the default */
	const char *config_id;		/* NULL: node name up to the first dot */
	const char *net_namespace;
	const char *pid_file, *vrrp_pid_file, *checkers_pid_file, *bfd_pid_file;
	const char *log_file;		/* NULL: none */
	const char *test_file;		/* where --config-test writes; NULL: standard error */
	const char *snmp_socket;
	const char *core_pattern;	/* NULL: leave */
	const char *diff_old, *diff_new;
	const char *debug;		/* accepted; letters are not built */
	bool no_vrrp, no_check, no_bfd;	/* do not run that engine */
	bool all;			/* run every engine even without configuration */
	bool all_config;		/* -e */
	bool log_console, flush_log, no_syslog;
	unsigned log_detail;		/* times -D was given */
	int log_facility;		/* LOG_DAEMON ... */
	int umask;			/* -1: not given */
	bool release_vips, dont_release_vrrp, dont_release_ipvs;
	bool dont_respawn, dont_fork, dump_conf;
	bool address_monitoring, snmp, core_dump, ignore_sigint;
	bool print_secrets;		/* --config-print shows passwords and keys */
	enum diag_format test_format;
	enum diag_notes test_notes;	/* how --config-test prints advice */
	bool facility_bad;		/* -S was not understood: --config-test says so */
	int genhash_at;
	int exit_code;
};

/** What this build can do, for --version, --help and --signum. */
struct build_info {
	const char *version;		/* "3.0.0" */
	const char *date;		/* "MM/DD,YYYY" */
	const char *configure_options;
	const char *const *features;	/* upper-case words, NULL-terminated */
	bool json;
	const char *kernel_headers;	/* "6.1.0" */
	const char *running;		/* "Linux 6.18.44 #1 SMP ...", NULL unknown */
	const char *distro;		/* "Debian GNU/Linux 12 (bookworm)", NULL unknown */
	const char *system_options;	/* words */
};

/** What parsing has to say: both may be non-empty with any verdict. */
struct options_text {
	struct strbuf out;	/* for standard output */
	struct strbuf err;	/* for standard error */
};

/** Parse. Strings are borrowed from @argv. */
enum options_verdict options_parse(int argc, char *const argv[], const struct build_info *,
				   struct options *out_options, struct options_text *out_text);
void options_usage(const struct build_info *, const char *program, struct strbuf *out);
