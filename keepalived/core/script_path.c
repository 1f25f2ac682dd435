/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follow a path component by component.
 *
 * Every directory, every symbolic link and the file itself are looked at through descriptors that
 * do not follow links, so that nothing on the way is missed: a link owned by root is as good as
 * the directory that it leads to, and no better. Whoever may write to a component, or owns it,
 * decides what is run.
 */
#include "core/script_path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/str.h"

#define LINKS_MAX 40	/* as the kernel has it */

struct walk {
	const struct script_ids *ids;
	struct arena *arena;
	struct path_walk *out;
	struct strbuf at;	/* resolved so far; "" is the root */
	struct strbuf rest;	/* still to do */
	size_t done;		/* bytes of rest that were used */
	int dir;		/* descriptor of ->at */
	unsigned links;
};

static bool in_groups(gid_t gid, const struct script_ids *ids)
{
	if (gid == ids->gid)
		return true;
	for (uint32_t i = 0; i < ids->n_groups; i++)
		if (ids->groups[i] == gid)
			return true;
	return false;
}

/* The rwx bits that apply to @ids. */
static mode_t bits_for(const struct stat *st, const struct script_ids *ids)
{
	if (st->st_uid == ids->uid)
		return st->st_mode >> 6 & 7;
	if (in_groups(st->st_gid, ids))
		return st->st_mode >> 3 & 7;
	return st->st_mode & 7;
}

bool path_executable(const struct stat *st, const struct script_ids *ids)
{
	return ids->uid == 0 ? st->st_mode & 0111 : bits_for(st, ids) & 1;
}

bool path_readable(const struct stat *st, const struct script_ids *ids)
{
	return ids->uid == 0 || bits_for(st, ids) & 4;
}

bool path_has_acl(const char *path)
{
	return getxattr(path, "system.posix_acl_access", NULL, 0) > 0;
}

/* What makes a component replaceable, NULL if nothing does. */
static const char *weakness(const struct stat *st)
{
	bool sticky_dir = S_ISDIR(st->st_mode) && st->st_mode & S_ISVTX;

	if (st->st_uid != 0)
		return "does not belong to root";
	if (S_ISLNK(st->st_mode) || sticky_dir)
		return NULL;
	if (st->st_mode & S_IWOTH)
		return "is writable by everybody";
	if (st->st_mode & S_IWGRP && st->st_gid != 0)
		return "is writable by a group other than root";
	return NULL;
}

static const char *here(struct walk *w)
{
	return arena_strdup(w->arena, w->at.len ? w->at.data : "/");
}

static void judge(struct walk *w, const struct stat *st, const char *name)
{
	const char *why = weakness(st);

	if (!why || w->out->insecure)
		return;
	w->out->insecure = why;
	w->out->insecure_at = name ? arena_printf(w->arena, "%s/%s", strbuf_text(&w->at), name) :
				     here(w);
}

static int fail(struct walk *w, const char *name, int err)
{
	w->out->failed_at = name ? arena_printf(w->arena, "%s/%s", strbuf_text(&w->at), name) :
				   here(w);
	return -err;
}

/* The next component in @name; false at the end. */
static bool next_name(struct walk *w, char name[NAME_MAX + 1], int *out_err)
{
	const char *p = strbuf_text(&w->rest) + w->done;
	size_t len;

	p += strspn(p, "/");
	len = strcspn(p, "/");
	w->done = (size_t)(p - strbuf_text(&w->rest)) + len;
	*out_err = len > NAME_MAX ? ENAMETOOLONG : 0;
	if (!len || *out_err)
		return false;
	memcpy(name, p, len);
	name[len] = 0;
	return true;
}

static int enter(struct walk *w, int fd)
{
	struct stat st;

	close(w->dir);
	w->dir = fd;
	if (fstat(fd, &st))
		return fail(w, NULL, errno);
	judge(w, &st, NULL);
	if (w->ids->uid == 0 || bits_for(&st, w->ids) & 1)
		return 0;
	return path_has_acl(strbuf_text(&w->at)) ? 0 : fail(w, NULL, EACCES);
}

static int restart_at_root(struct walk *w)
{
	int fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	strbuf_reset(&w->at);
	return fd < 0 ? fail(w, NULL, errno) : enter(w, fd);
}

static int go_up(struct walk *w)
{
	const char *slash = w->at.len ? strrchr(w->at.data, '/') : NULL;
	int fd = openat(w->dir, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return fail(w, "..", errno);
	if (slash) {
		w->at.len = (size_t)(slash - w->at.data);
		w->at.data[w->at.len] = 0;
	}
	return enter(w, fd);
}

/* Put the link's target in front of what is left to do. */
static int follow(struct walk *w, int fd, const char *name)
{
	struct strbuf rest = { 0 };
	char target[PATH_MAX];
	ssize_t n;

	if (++w->links > LINKS_MAX)
		return fail(w, name, ELOOP);
	n = readlinkat(fd, "", target, sizeof(target) - 1);
	if (n < 0)
		return fail(w, name, errno);
	strbuf_add_bytes(&rest, target, (size_t)n);
	strbuf_add(&rest, strbuf_text(&w->rest) + w->done);
	strbuf_fini(&w->rest);
	w->rest = rest;
	w->done = 0;
	return n && target[0] == '/' ? restart_at_root(w) : 0;
}

static bool at_end(const struct walk *w)
{
	const char *p = strbuf_text(&w->rest) + w->done;

	return !p[strspn(p, "/")];
}

/* One component: a directory is entered, a link followed, anything else must be the last. */
static int step(struct walk *w, const char *name)
{
	int fd attr_cleanup(close_fd) = openat(w->dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	int dir;

	if (fd < 0 || fstat(fd, &st))
		return fail(w, name, errno);
	if (!S_ISDIR(st.st_mode))
		judge(w, &st, name);
	if (S_ISLNK(st.st_mode))
		return follow(w, fd, name);
	strbuf_add_char(&w->at, '/');
	strbuf_add(&w->at, name);
	w->out->st = st;
	if (!S_ISDIR(st.st_mode))
		return at_end(w) ? 0 : fail(w, NULL, ENOTDIR);
	if (at_end(w))
		return 0;
	dir = fd;
	fd = -1;
	return enter(w, dir);
}

static int walk_all(struct walk *w)
{
	char name[NAME_MAX + 1];
	int err = 0, too_long;

	while (!err && next_name(w, name, &too_long)) {
		if (!strcmp(name, "."))
			continue;
		err = strcmp(name, "..") ? step(w, name) : go_up(w);
	}
	if (!err && too_long)
		err = fail(w, "...", ENAMETOOLONG);
	return err;
}

int path_walk(const char *path, const struct script_ids *ids, struct arena *arena,
	      struct path_walk *out)
{
	struct walk w = { .ids = ids, .arena = arena, .out = out, .dir = -1 };
	char cwd[PATH_MAX];
	int err;

	*out = (struct path_walk){ 0 };
	if (path[0] != '/') {
		if (!getcwd(cwd, sizeof(cwd)))
			return -errno;
		strbuf_add(&w.rest, cwd);
		strbuf_add_char(&w.rest, '/');
	}
	strbuf_add(&w.rest, path);
	w.dir = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (w.dir < 0)
		err = -errno;
	else
		err = restart_at_root(&w);
	if (!err)
		err = walk_all(&w);
	if (!err)
		out->resolved = here(&w);
	if (w.dir >= 0)
		close(w.dir);
	strbuf_fini(&w.at);
	strbuf_fini(&w.rest);
	return err;
}
