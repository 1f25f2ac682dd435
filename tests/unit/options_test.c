/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line: options, abbreviations, mistakes, immediate options, promised lines.
 */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "core/options.h"

static const char *const features[] = { "LVS", "VRRP", NULL };

static const struct build_info build = {
	.version = "3.0.0", .date = "11/24,2026", .configure_options = "--prefix=/usr",
	.features = features, .json = true, .kernel_headers = "6.1.0", .system_options = "X",
};

/** One parse and all it gave. */
struct result {
	struct options o;
	enum options_verdict verdict;
	struct options_text text;
};

/* Split @line at blanks and parse it as the arguments after the program's name. */
static void parse(struct result *r, const char *line)
{
	static char text[512];
	char *argv[40] = { (char *)"/usr/sbin/keepalived" };
	int argc = 1;

	strbuf_fini(&r->text.out);
	strbuf_fini(&r->text.err);
	snprintf(text, sizeof(text), "%s", line);
	for (char *at = text; *at;) {
		size_t len = strcspn(at, " ");

		argv[argc++] = at;
		at += len;
		if (*at)
			*at++ = '\0';
	}
	r->verdict = options_parse(argc, argv, &build, &r->o, &r->text);
}

#define WITH_RESULT(r) struct result r = { 0 }
#define DONE(r)                     \
	do {                        \
		strbuf_fini(&r.text.out); \
		strbuf_fini(&r.text.err); \
	} while (0)

static void test_defaults(void **state)
{
	WITH_RESULT(r);

	(void)state;
	parse(&r, "");
	assert_int_equal(r.verdict, OPTIONS_RUN);
	assert_null(r.o.config_file);
	assert_int_equal(r.o.log_facility, LOG_DAEMON);
	assert_int_equal(r.o.umask, -1);
	assert_false(r.o.no_vrrp || r.o.no_check || r.o.no_bfd);
	assert_string_equal(strbuf_text(&r.text.out), "");
	assert_string_equal(strbuf_text(&r.text.err), "");
	DONE(r);
}

static void test_usual_command_lines(void **state)
{
	WITH_RESULT(r);

	(void)state;
	parse(&r, "-nldp /run/keepalived.pid");
	assert_int_equal(r.verdict, OPTIONS_RUN);
	assert_true(r.o.dont_fork && r.o.log_console && r.o.dump_conf);
	assert_string_equal(r.o.pid_file, "/run/keepalived.pid");

	parse(&r, "-P -f /x/keepalived.conf -p /x/pid -r /x/pid-vrrp -D");
	assert_true(r.o.no_check);
	assert_false(r.o.no_vrrp);
	assert_string_equal(r.o.vrrp_pid_file, "/x/pid-vrrp");
	assert_int_equal(r.o.log_detail, 1);

	parse(&r, "--use-file=/a --dont-fork --vrrp --log-detail --log-console");
	assert_string_equal(r.o.config_file, "/a");
	assert_true(r.o.no_check && r.o.dont_fork);
	DONE(r);
}

static void test_parts(void **state)
{
	WITH_RESULT(r);

	(void)state;
	parse(&r, "-P -C");
	assert_true(r.o.no_vrrp && r.o.no_check && !r.o.no_bfd);
	parse(&r, "-P --all");
	assert_true(r.o.all && !r.o.no_check);
	parse(&r, "--all -P");
	assert_true(r.o.all && r.o.no_check);
	DONE(r);
}

static void test_abbreviations(void **state)
{
	WITH_RESULT(r);

	(void)state;
	parse(&r, "--sig=STOP");
	assert_int_equal(r.verdict, OPTIONS_EXIT);
	assert_string_equal(strbuf_text(&r.text.out), "15\n");
	parse(&r, "--al");
	assert_int_equal(r.verdict, OPTIONS_EXIT);
	assert_int_equal(r.o.exit_code, 1);
	assert_non_null(strstr(strbuf_text(&r.text.err), "Unknown option --al"));
	DONE(r);
}

static void test_signum(void **state)
{
	static const struct {
		const char *line, *out;
		int code;
	} cases[] = {
		{ "--signum=STOP", "15\n", 0 },	    { "--signum=RELOAD", "1\n", 0 },
		{ "--signum=DATA", "10\n", 0 },	    { "--signum STATS", "12\n", 0 },
		{ "--signum=STATS_CLEAR", "63\n", 0 }, { "--signum=JSON", "36\n", 0 },
		{ "--signum=TDATA", "64\n", 0 },    { "--signum=TDUMP", "64\n", 0 },
		{ "--signum=json", "", 1 },	    { "--signum", "", 1 },
	};
	WITH_RESULT(r);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		parse(&r, cases[i].line);
		assert_int_equal(r.verdict, OPTIONS_EXIT);
		assert_string_equal(strbuf_text(&r.text.out), cases[i].out);
		assert_int_equal(r.o.exit_code, cases[i].code);
	}
	parse(&r, "--signum=NO");
	assert_string_equal(strbuf_text(&r.text.err), "Unknown sigfunc NO\n");
	DONE(r);
}

static void test_config_test(void **state)
{
	WITH_RESULT(r);

	(void)state;
	parse(&r, "-t -f x");
	assert_int_equal(r.verdict, OPTIONS_TEST);
	assert_string_equal(r.o.config_file, "x");
	assert_null(r.o.test_file);
	assert_true(r.o.dont_fork && r.o.dont_respawn && r.o.no_syslog);
	parse(&r, "-l -t -f x");
	assert_int_equal(r.verdict, OPTIONS_TEST);
	/* The rest of the cluster is the report, "x" a stray word. */
	parse(&r, "-tf x");
	assert_string_equal(r.o.test_file, "f");
	assert_non_null(strstr(strbuf_text(&r.text.out), "Unexpected argument(s): x"));
	parse(&r, "--config-test=/tmp/log --config-test-format=sarif --config-test-notes");
	assert_string_equal(r.o.test_file, "/tmp/log");
	assert_int_equal(r.o.test_format, DIAG_SARIF);
	assert_int_equal(r.o.test_notes, DIAG_NOTES_FULL);
	parse(&r, "-t --config-test-notes=no");
	assert_int_equal(r.o.test_notes, DIAG_NOTES_NONE);
	parse(&r, "-t --config-test-format=xml");
	assert_int_equal(r.o.exit_code, 1);
	DONE(r);
}

static void test_stray_words(void **state)
{
	WITH_RESULT(r);

	(void)state;
	parse(&r, "-g /tmp/x -n");
	assert_int_equal(r.verdict, OPTIONS_RUN);
	assert_true(r.o.dont_fork);
	assert_string_equal(r.o.log_file, "keepalived.log");
	assert_string_equal(strbuf_text(&r.text.out),
			    "Unexpected argument(s): /tmp/x (an argument of --log-file must be "
			    "attached: --log-file=/tmp/x)\n");
	DONE(r);
}

static void test_mistakes(void **state)
{
	WITH_RESULT(r);

	(void)state;
	parse(&r, "-Z --nonsense --pid= -n --vrrp=yes -f");
	assert_int_equal(r.verdict, OPTIONS_EXIT);
	assert_int_equal(r.o.exit_code, 1);
	assert_non_null(strstr(strbuf_text(&r.text.err), "Unknown option -Z\n"));
	assert_non_null(strstr(strbuf_text(&r.text.err), "Unknown option --nonsense\n"));
	assert_non_null(strstr(strbuf_text(&r.text.err), "Missing parameter for option --pid\n"));
	assert_non_null(
		strstr(strbuf_text(&r.text.err), "Missing parameter for option --use-file\n"));
	assert_non_null(strstr(strbuf_text(&r.text.err), "Option --vrrp takes no parameter\n"));
	DONE(r);
}

static void test_values(void **state)
{
	WITH_RESULT(r);

	(void)state;
	parse(&r, "-S local3 -u 022 -i ROUTER -s blue -A unix:/x -M");
	assert_int_equal(r.o.log_facility, LOG_LOCAL3);
	assert_int_equal(r.o.umask, 022);
	assert_string_equal(r.o.config_id, "ROUTER");
	assert_string_equal(r.o.net_namespace, "blue");
	assert_string_equal(r.o.core_pattern, "core");
	assert_true(r.o.core_dump);
	parse(&r, "-S 5 -u 0x1f");
	assert_int_equal(r.o.log_facility, LOG_LOCAL5);
	assert_int_equal(r.o.umask, 0x1f);
	parse(&r, "-S 9 -u 1777");
	assert_int_equal(r.verdict, OPTIONS_RUN);
	assert_int_equal(r.o.log_facility, LOG_DAEMON);
	assert_true(r.o.facility_bad);
	assert_int_equal(r.o.umask, -1);
	assert_non_null(strstr(strbuf_text(&r.text.err), "Invalid log facility '9'"));
	assert_non_null(strstr(strbuf_text(&r.text.err), "Invalid --umask option"));
	DONE(r);
}

static void test_immediate(void **state)
{
	WITH_RESULT(r);

	(void)state;
	parse(&r, "-Z -v -Y");
	assert_int_equal(r.verdict, OPTIONS_EXIT);
	assert_int_equal(r.o.exit_code, 0);
	assert_null(strstr(strbuf_text(&r.text.err), "-Y"));
	parse(&r, "-T -s 192.0.2.1 -p 80 -u /");
	assert_int_equal(r.verdict, OPTIONS_GENHASH);
	assert_int_equal(r.o.genhash_at, 2);
	assert_string_equal(strbuf_text(&r.text.err), "");
	parse(&r, "-D -T -s 192.0.2.1");
	assert_int_equal(r.o.genhash_at, 3);
	assert_non_null(strstr(strbuf_text(&r.text.err), "not used as first option"));
	DONE(r);
}

static void test_version(void **state)
{
	WITH_RESULT(r);

	(void)state;
	parse(&r, "--vers");
	assert_string_equal(strbuf_text(&r.text.out), "");
	assert_int_equal(strncmp(r.text.err.data, "Keepalived v3.0.0 (11/24,2026)\n", 31), 0);
	assert_non_null(strstr(r.text.err.data, "--enable-json"));
	assert_non_null(strstr(r.text.err.data, "\nConfig options:  LVS VRRP\n"));
	DONE(r);
}

static void test_help_names_everything(void **state)
{
	WITH_RESULT(r);

	(void)state;
	parse(&r, "-h");
	assert_int_equal(r.o.exit_code, 0);
	assert_non_null(strstr(r.text.err.data, "-f, --use-file=FILE"));
	assert_non_null(strstr(r.text.err.data, "--config-test[=FILE]"));
	assert_non_null(strstr(r.text.err.data, "--no-mem-check"));
	DONE(r);
}

static void test_diff(void **state)
{
	WITH_RESULT(r);

	(void)state;
	parse(&r, "--config-diff old new");
	assert_int_equal(r.verdict, OPTIONS_DIFF);
	assert_string_equal(r.o.diff_old, "old");
	assert_string_equal(r.o.diff_new, "new");
	parse(&r, "--config-diff old");
	assert_int_equal(r.o.exit_code, 1);
	parse(&r, "--config-print -f x");
	assert_int_equal(r.verdict, OPTIONS_PRINT);
	DONE(r);
}

static void test_genhash_name(void **state)
{
	char *argv[] = { (char *)"/usr/bin/genhash", (char *)"-s", (char *)"x", NULL };
	WITH_RESULT(r);

	(void)state;
	r.verdict = options_parse(3, argv, &build, &r.o, &r.text);
	assert_int_equal(r.verdict, OPTIONS_GENHASH);
	assert_int_equal(r.o.genhash_at, 1);
	DONE(r);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_defaults),
	cmocka_unit_test(test_usual_command_lines),
	cmocka_unit_test(test_parts),
	cmocka_unit_test(test_abbreviations),
	cmocka_unit_test(test_signum),
	cmocka_unit_test(test_config_test),
	cmocka_unit_test(test_stray_words),
	cmocka_unit_test(test_mistakes),
	cmocka_unit_test(test_values),
	cmocka_unit_test(test_immediate),
	cmocka_unit_test(test_version),
	cmocka_unit_test(test_help_names_everything),
	cmocka_unit_test(test_diff),
	cmocka_unit_test(test_genhash_name),
};

UNIT_MAIN(tests)
