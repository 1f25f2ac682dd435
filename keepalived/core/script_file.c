/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Look at the file behind a command.
 *
 * The kernel reports a missing interpreter as if the script itself were missing, and only when it
 * is run; here it is found before.
 */
#include "core/script_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "core/script_magic.h"

#define SEARCH_FALLBACK "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define HEAD_SIZE 256	/* as much of a #! line as the kernel reads */

static void problem(struct script_file *f, const char *rule, const char *text)
{
	f->rule = rule;
	f->problem = text;
}

/* "//" and "/./" out of the path as configured. */
static const char *clean(const char *path, struct arena *arena)
{
	struct strbuf out = { 0 };
	const char *copy;

	for (const char *p = path; *p;) {
		if (p[0] == '/' && p[1] == '/')
			p++;
		else if (p[0] == '/' && p[1] == '.' && (p[2] == '/' || !p[2]))
			p += 2;
		else
			strbuf_add_char(&out, *p++);
	}
	copy = arena_strdup(arena, out.len ? out.data : "/");
	strbuf_fini(&out);
	return copy;
}

/* The first executable file of that name in PATH; NULL if there is none. */
static const char *search(const char *name, const struct script_ids *ids, struct arena *arena)
{
	const char *dirs = getenv("PATH") ?: SEARCH_FALLBACK;
	struct path_walk walk;

	while (*dirs) {
		size_t len = strcspn(dirs, ":");
		const char *path = arena_printf(arena, "%.*s/%s", (int)len, dirs, name);

		if (len && dirs[0] == '/' && !path_walk(path, ids, arena, &walk) &&
		    S_ISREG(walk.st.st_mode) && path_executable(&walk.st, ids))
			return path;
		dirs += len + (dirs[len] == ':');
	}
	return NULL;
}

static void report_walk(struct script_file *f, const struct path_walk *walk, int err,
			struct arena *arena)
{
	const char *at = str_eq(walk->failed_at, f->path) ?
				 "" :
				 arena_printf(arena, " (at %s)", walk->failed_at);

	switch (err) {
	case -ENOENT:
		problem(f, "script-missing",
			arena_printf(arena, "%s does not exist%s", f->path, at));
		return;
	case -EACCES:
		problem(f, "script-access",
			arena_printf(arena, "%s cannot be reached by its user%s", f->path, at));
		return;
	default:
		problem(f, "script-access",
			arena_printf(arena, "%s cannot be accessed%s: %s", f->path, at,
				     strerror(-err)));
	}
}

/* How many bytes of the file's beginning were read. */
static size_t read_head(const char *path, char head[HEAD_SIZE])
{
	int fd attr_cleanup(close_fd) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t n = fd < 0 ? -1 : read(fd, head, HEAD_SIZE - 1);

	head[n > 0 ? n : 0] = 0;
	return n > 0 ? (size_t)n : 0;
}

static void check_interpreter(struct script_file *f, char *line, const struct script_ids *ids,
			      struct arena *arena)
{
	char *name = line + 2 + strspn(line + 2, " \t");
	struct path_walk walk;
	size_t len = strcspn(name, " \t\n");
	bool carriage_return = len && name[len - 1] == '\r';

	name[len] = 0;
	if (!path_walk(name, ids, arena, &walk) && S_ISREG(walk.st.st_mode) &&
	    path_executable(&walk.st, ids))
		return;
	if (carriage_return)
		name[len - 1] = 0;
	problem(f, "script-interpreter",
		arena_printf(arena, "interpreter %s of %s %s", name, f->path,
			     carriage_return ? "is followed by a carriage return" :
					       "does not exist or is not executable"));
	if (carriage_return)
		f->hint = "the file has DOS line ends; convert it with \"sed -i 's/\\r$//'\"";
}

static void check_kind(struct script_file *f, const struct script_ids *ids, struct arena *arena)
{
	char head[HEAD_SIZE];
	size_t n = read_head(f->resolved, head);

	if (n >= 4 && !memcmp(head, "\177ELF", 4))
		return;
	if (n >= 2 && !memcmp(head, "#!", 2))
		check_interpreter(f, head, ids, arena);
	else if (script_magic(f->resolved) == MAGIC_OTHER)
		f->by_shell = true;
}

/* Does it run with the rights of root? */
static bool runs_as_root(const struct stat *st, const struct script_ids *ids)
{
	bool set_uid = st->st_mode & S_ISUID && st->st_uid == 0;
	bool set_gid = st->st_mode & S_ISGID && st->st_gid == 0 && st->st_mode & 0111;

	return ids->uid == 0 || ids->gid == 0 || set_uid || set_gid;
}

void script_file_look(const char *command, const struct script_ids *ids, struct arena *arena,
		      struct script_file *out)
{
	struct path_walk walk;
	int err;

	*out = (struct script_file){ .path = clean(command, arena) };
	if (!strchr(command, '/')) {
		out->found = search(command, ids, arena);
		if (!out->found) {
			problem(out, "script-missing",
				arena_printf(arena, "'%s' is in no directory of PATH", command));
			return;
		}
		out->path = out->found;
	}
	err = path_walk(out->path, ids, arena, &walk);
	if (err) {
		report_walk(out, &walk, err, arena);
		return;
	}
	out->resolved = walk.resolved;
	if (!S_ISREG(walk.st.st_mode)) {
		problem(out, "script-kind",
			arena_printf(arena, "%s is %s", out->path,
				     S_ISDIR(walk.st.st_mode) ? "a directory" :
								"not a regular file"));
		return;
	}
	if (!path_executable(&walk.st, ids) && !path_has_acl(walk.resolved)) {
		problem(out, "script-executable",
			arena_printf(arena, "%s is not executable by its user", out->path));
		return;
	}
	if (runs_as_root(&walk.st, ids)) {
		out->insecure = walk.insecure;
		out->insecure_at = walk.insecure_at;
	}
	check_kind(out, ids, arena);
}
