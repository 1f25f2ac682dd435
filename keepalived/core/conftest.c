/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * --config-test: read, vet, print, judge.
 *
 * keepalived 2.4 gives each status one number too high and lets the highest hide the others; here
 * the numbers are those of keepalived(8) and the gravest class decides.
 */
#include "core/conftest.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum conftest_status conftest_judge(const struct diags *diags)
{
	if (diags_count_class(diags, DIAG_CLASS_CANNOT_RUN))
		return CONFTEST_CANNOT_RUN;
	if (diags_count_class(diags, DIAG_CLASS_CONFIG))
		return CONFTEST_ERRORS;
	if (diags_count_class(diags, DIAG_CLASS_SECURITY))
		return CONFTEST_SECURITY;
	return CONFTEST_OK;
}

static void add_count(struct strbuf *out, size_t n, const char *word)
{
	if (n)
		strbuf_addf(out, "%s%zu %s%s", out->len ? ", " : "", n, word, n > 1 ? "s" : "");
}

void conftest_summary(const struct diags *diags, const char *path, bool notes, struct strbuf *out)
{
	struct strbuf counts = { 0 };

	add_count(&counts, diags_count(diags, DIAG_ERROR), "error");
	add_count(&counts, diags_count(diags, DIAG_WARNING), "warning");
	if (notes)
		add_count(&counts, diags_count(diags, DIAG_NOTE), "note");
	if (counts.len)
		strbuf_addf(out, "%s in %s", counts.data, path);
	strbuf_fini(&counts);
}

/* Only a test looks the mail relay up: a daemon does not wait for name servers, it asks when it
 * has something to send. */
static void check_mail_relay(struct config *config)
{
	const struct global_config *g = config->global;
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	size_t len;
	int err;

	if (!g->smtp_server.host)
		return;
	err = getaddrinfo(g->smtp_server.host, NULL, &hints, &found);
	if (!err) {
		freeaddrinfo(found);
		return;
	}
	len = strcspn(g->smtp_server.host, ";,");
	diag_warning(config->diags, "unknown-host",
		     object_place(&g->object, offsetof(struct global_config, smtp_server)),
		     "smtp_server '%s' is not known: %s%s%.*s%s", g->smtp_server.host,
		     gai_strerror(err), g->smtp_server.host[len] ? "; did you mean '" : "",
		     g->smtp_server.host[len] ? (int)len : 0, g->smtp_server.host,
		     g->smtp_server.host[len] ? "'?" : "");
}

/* Where the report goes; -errno if the file cannot be opened. */
static int report_open(const char *path)
{
	int fd;

	if (!path)
		return STDERR_FILENO;
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0644);
	return fd < 0 ? -errno : fd;
}

static void write_all(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

static void print(struct config *config, const char *path, const struct conftest_options *options,
		  int fd)
{
	const struct diag_print_options how = {
		.format = options->format,
		.colour = !options->report && isatty(fd) && !getenv("NO_COLOR"),
		.notes = options->notes,
	};
	struct strbuf out = { 0 };
	size_t before;

	diags_render(config->diags, config->sources, &how, &out);
	before = out.len;
	if (options->format == DIAG_TEXT)
		conftest_summary(config->diags, path, options->notes != DIAG_NOTES_NONE, &out);
	if (out.len > before)
		strbuf_add_char(&out, '\n');
	write_all(fd, strbuf_text(&out), out.len);
	strbuf_fini(&out);
}

enum conftest_status conftest_run(const char *path, const struct conftest_options *options)
{
	int fd = report_open(options->report);
	struct config *config;
	struct arena *arena;
	enum conftest_status status;
	char text[256];

	if (fd < 0) {
		int n = snprintf(text, sizeof(text), "cannot open %s: %s\n", options->report,
				 strerror(-fd));

		write_all(STDERR_FILENO, text, strnlen(text, n > 0 ? sizeof(text) : 0));
		return CONFTEST_USAGE;
	}
	arena = arena_new();
	config = config_read(path, &options->config);
	(void)conftest_vet(config, &options->config, options->net_namespace, arena);
	check_mail_relay(config);
	if (options->notes != DIAG_NOTES_NONE)
		config_lint(config, &options->config);
	print(config, path, options, fd);
	status = conftest_judge(config->diags);
	config_free(config);
	arena_free(arena);
	if (options->report)
		close(fd);
	return status;
}
