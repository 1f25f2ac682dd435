/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Files into a source map: open them, follow includes.
 *
 * Paths are relative to the directory of the including file; the process's own directory never
 * changes. A file that is being read cannot be included again. Everything odd is a diagnostic:
 * advice, or an error of class cannot-run if the check in force says so.
 */
#include "config/source.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/braces.h"
#include "config/expand.h"
#include "config/map.h"

enum { OPEN_FILES_MAX = 80, FILE_SIZE_MAX = 1 << 30, CHUNK = 64 * 1024 };

/** A file that is being read. */
struct open_file {
	const char *path;
	dev_t dev;
	ino_t ino;
	char *directory;	/* absolute; found when first asked for */
};

struct reading {
	struct source_map *map;
	const struct source_options *options;
	struct diags *diags;
	struct arena *arena;		/* names and patterns */
	struct open_file open[OPEN_FILES_MAX];
	unsigned n_open;
};

/** What is said about an include, and which check makes it an error. */
struct complaint {
	struct place at;
	unsigned checks;	/* in force */
	bool main;		/* the main file: always an error */
};

/** Report; @severity if the check is not in force. */
static struct diag *complain(struct reading *r, const struct complaint *c, unsigned check,
			     enum diag_severity severity, const char *text)
{
	bool fatal = c->main || c->checks & check;
	struct diag *d = diag_add(r->diags, fatal ? DIAG_ERROR : severity, "include", c->at, "%s",
				  text);

	if (fatal)
		diag_class(d, DIAG_CLASS_CANNOT_RUN);
	d->in_full = true;
	return d;
}

static void complain_path(struct reading *r, const struct complaint *c, unsigned check,
			  enum diag_severity severity, const char *path, const char *what)
{
	(void)complain(r, c, check, severity,
		       arena_printf(r->arena, "'%s' %s%s", path, what,
				    c->main ? "" : ": it is not read"));
}

/** Room for @need bytes and a NUL in a text that grows. */
static char *grown_text(char *text, size_t *cap, size_t need)
{
	if (need < *cap)
		return text;
	*cap = MAX_OF(need + 1, *cap * 2);
	text = xrealloc(text, *cap, 1);
	prefault(text, *cap);
	return text;
}

/** All of a file, by way of a buffer that stays in the cache; NULL with errno set. NUL behind
 *  *out_len bytes. */
static char *read_all(int fd, size_t expected, size_t *out_len)
{
	char *chunk attr_cleanup(free_ptr) = xrealloc(NULL, CHUNK, 1), *text = NULL;
	size_t cap = 0, len = 0;

	text = grown_text(text, &cap, expected);
	for (;;) {
		ssize_t n = read(fd, chunk, CHUNK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 || len > FILE_SIZE_MAX) {
			errno = n < 0 ? errno : EFBIG;
			free(text);
			return NULL;
		}
		if (n == 0)
			break;
		text = grown_text(text, &cap, len + (size_t)n);
		memcpy(text + len, chunk, (size_t)n);
		len += (size_t)n;
	}
	text[len] = '\0';
	*out_len = len;
	return text;
}

static void report_loop(struct reading *r, const struct complaint *c, unsigned first)
{
	struct strbuf text = { 0 };
	struct diag *d;

	strbuf_add(&text, "include loop: ");
	for (unsigned i = first; i < r->n_open; i++)
		strbuf_addf(&text, "%s -> ", r->open[i].path);
	strbuf_add(&text, r->open[first].path);
	d = diag_error(r->diags, "include-loop", c->at, "%s", strbuf_text(&text));
	diag_hint(r->diags, d, "the file is not read again");
	strbuf_fini(&text);
}

/** Is the file being read already? Reported. */
static bool is_loop(struct reading *r, const struct complaint *c, const struct stat *st)
{
	for (unsigned i = 0; i < r->n_open; i++) {
		if (r->open[i].dev == st->st_dev && r->open[i].ino == st->st_ino) {
			report_loop(r, c, i);
			return true;
		}
	}
	if (r->n_open == OPEN_FILES_MAX) {
		(void)complain(r, c, INCLUDE_CHECK_READ, DIAG_ERROR,
			       "files include one another too deeply");
		return true;
	}
	return false;
}

/** What is wrong with a path that could be opened; NULL if it can be read. */
static const char *kind_problem(const struct stat *st)
{
	if (S_ISDIR(st->st_mode))
		return "is a directory";
	if (!S_ISREG(st->st_mode))
		return "is not a regular file";
	return NULL;
}

static bool is_read_before(const struct source_map *map, const char *path)
{
	for (size_t i = 0; i < map->n_files; i++) {
		if (!strcmp(map->files[i].path, path))
			return true;
	}
	return false;
}

static void expand_text(struct reading *r, struct expand *e, const char *path, char *text,
			const struct stat *st, size_t len)
{
	struct open_file *file = &r->open[r->n_open++];
	/* Reading one file again and again is a way to make much of little. */
	bool again = is_read_before(r->map, path);

	*file = (struct open_file){ .path = arena_strdup(r->arena, path),
				    .dev = st->st_dev,
				    .ino = st->st_ino };
	if (again && !expand_charge(e, len + 4096))
		free(text);
	else
		expand_file(e, map_add_file(r->map, path, text, len));
	free(file->directory);
	r->n_open--;
}

/** Read one existing path; false if it cannot be read. */
static bool read_path(struct reading *r, struct expand *e, const char *path,
		      const struct complaint *c)
{
	int fd attr_cleanup(close_fd) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *problem;
	struct stat st;
	size_t len;
	char *text;

	if (fd < 0 || fstat(fd, &st) < 0) {
		complain_path(r, c, INCLUDE_CHECK_READ, DIAG_WARNING, path,
			      arena_printf(r->arena, "cannot be opened: %s", strerror(errno)));
		return false;
	}
	problem = kind_problem(&st);
	if (!problem && st.st_mode & 0111 && !c->main)
		problem = "is an executable file";
	if (problem) {
		complain_path(r, c, INCLUDE_CHECK_READ, DIAG_WARNING, path, problem);
		return false;
	}
	if (is_loop(r, c, &st))
		return true;
	text = read_all(fd, st.st_size > 0 && st.st_size < FILE_SIZE_MAX ? (size_t)st.st_size : 0,
			&len);
	if (!text) {
		complain_path(r, c, INCLUDE_CHECK_READ, DIAG_WARNING, path,
			      arena_printf(r->arena, "cannot be read: %s", strerror(errno)));
		return false;
	}
	expand_text(r, e, path, text, &st, len);
	if (c->main && st.st_mode & 0111)
		diag_warning(r->diags, "executable",
			     (struct place){ r->map->files[0].first_line, 1, 1 },
			     "'%s' is executable: a configuration file should not be", path);
	return true;
}

static bool has_wildcards(const char *pattern)
{
	return strpbrk(pattern, "*?[");
}

/** Read what one pattern without braces matches. How many files there were. */
static size_t read_pattern(struct reading *r, struct expand *e, const char *pattern,
			   const struct complaint *c)
{
	glob_t found = { 0 };
	size_t n = 0;

	if (!has_wildcards(pattern)) {
		if (access(pattern, F_OK) < 0 && errno != EACCES)
			return 0;
		(void)read_path(r, e, pattern, c);
		return 1;
	}
	if (glob(pattern, 0, NULL, &found) == 0) {
		for (; n < found.gl_pathc; n++)
			(void)read_path(r, e, found.gl_pathv[n], c);
	}
	globfree(&found);
	return n;
}

static bool exists(const char *pattern)
{
	glob_t found = { 0 };
	bool ok;

	if (!has_wildcards(pattern))
		return access(pattern, F_OK) == 0 || errno == EACCES;
	ok = glob(pattern, 0, NULL, &found) == 0 && found.gl_pathc;
	globfree(&found);
	return ok;
}

/** Which alternatives of a brace pattern match nothing? Reported. True if they may be read. */
static bool check_alternatives(struct reading *r, const char **patterns, size_t n,
			       const struct complaint *c)
{
	struct strbuf missing = { 0 };
	size_t n_missing = 0;
	bool fatal = c->checks & INCLUDE_CHECK_BRACE;

	for (size_t i = 0; i < n; i++) {
		if (exists(patterns[i]))
			continue;
		strbuf_addf(&missing, "%s'%s'", n_missing++ ? ", " : "", patterns[i]);
	}
	if (n_missing)
		(void)complain(r, c, INCLUDE_CHECK_BRACE, DIAG_NOTE,
			       arena_printf(r->arena, "no file matches %s", strbuf_text(&missing)));
	strbuf_fini(&missing);
	return n_missing < n && !(n_missing && fatal);
}

/** Does the directory exist in which a pattern looks for files? */
static bool has_directory(struct reading *r, const char *pattern)
{
	size_t len = strcspn(pattern, "*?[");

	while (len && pattern[len - 1] != '/')
		len--;
	return !len || access(arena_printf(r->arena, "%.*s", (int)len, pattern), F_OK) == 0;
}

/** An empty directory for additions is quite usual. */
static void report_missing(struct reading *r, const char *pattern, const struct complaint *c)
{
	bool wild = has_wildcards(pattern);

	if (wild && !(c->checks & INCLUDE_CHECK_WILDCARD) && has_directory(r, pattern))
		return;
	(void)complain(r, c, wild ? INCLUDE_CHECK_WILDCARD : INCLUDE_CHECK_MATCH, DIAG_NOTE,
		       arena_printf(r->arena,
				    wild ? "no file matches '%s'" : "file '%s' does not exist",
				    pattern));
}

/** The pattern as seen from the process's directory. */
static const char *full_pattern(struct reading *r, const char *pattern)
{
	const char *path = r->n_open ? r->open[r->n_open - 1].path : "";
	const char *slash = strrchr(path, '/');

	if (pattern[0] == '/' || !slash)
		return pattern;
	return arena_printf(r->arena, "%.*s%s", (int)(slash - path + 1), path, pattern);
}

static void include(void *ctx, struct expand *e, const char *pattern, unsigned checks,
		    struct place at)
{
	struct complaint c = { .at = at, .checks = checks };
	struct reading *r = ctx;
	struct arena *arena = arena_new();
	const char *full = full_pattern(r, pattern);
	size_t n;
	const char **patterns = braces_expand(arena, full, &n);

	if (!patterns)
		diag_error(r->diags, "include", at, "'%s' has too many alternatives", pattern);
	else if (n == 1 && !read_pattern(r, e, patterns[0], &c))
		report_missing(r, patterns[0], &c);
	else if (n > 1 && check_alternatives(r, patterns, n, &c))
		for (size_t i = 0; i < n; i++)
			(void)read_pattern(r, e, patterns[i], &c);
	arena_free(arena);
}

static const char *directory(void *ctx)
{
	struct reading *r = ctx;
	struct open_file *file = &r->open[r->n_open - 1];
	const char *slash = strrchr(file->path, '/');

	if (!file->directory)
		file->directory = realpath(!slash		? "." :
					   slash == file->path	? "/" :
						arena_printf(r->arena, "%.*s",
							     (int)(slash - file->path), file->path),
					   NULL);
	return file->directory ? file->directory : "";
}

static const char *environment(void *ctx, const char *name)
{
	struct reading *r = ctx;

	return r->options->getenv ? r->options->getenv(name) : getenv(name);
}

/** The main file, or all that match a pattern. False if there is none. */
static bool read_main(struct reading *r, struct expand *e, const char *path)
{
	struct complaint c = { .main = true };
	glob_t found = { 0 };
	size_t n = 0;

	if (!has_wildcards(path) || access(path, F_OK) == 0)
		return read_path(r, e, path, &c);
	if (glob(path, GLOB_BRACE, NULL, &found) == 0) {
		for (size_t i = 0; i < found.gl_pathc; i++)
			n += read_path(r, e, found.gl_pathv[i], &c);
		if (n > 1)
			diag_warning(r->diags, "several-files", (struct place){ 0 },
				     "'%s' matches %zu files: all are read", path, n);
	} else {
		complain_path(r, &c, INCLUDE_CHECK_MATCH, DIAG_ERROR, path, "matches no file");
	}
	globfree(&found);
	return n;
}

bool source_read(struct source_map *map, const char *path, const struct source_options *options,
		 struct diags *diags)
{
	struct reading *r = xnew(struct reading);
	struct expand_host host = { include, directory, environment, r };
	struct expand *e = expand_new(map, options, &host, diags);
	bool ok;

	*r = (struct reading){ .map = map, .options = options, .diags = diags,
			       .arena = arena_new() };
	diags_set_map(diags, map);
	ok = read_main(r, e, path);
	expand_free(e);
	arena_free(r->arena);
	free(r);
	return ok;
}
