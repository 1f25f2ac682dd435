/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pid files by open file description locks.
 *
 * A lock belongs to the open file, so it outlives the fork into the background. Engines keep that
 * of the daemon, so it ends with the last of its processes; scripts close it.
 */
#include "core/pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/num.h"

#define OPEN_TRIES 5

static int lock_whole(int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return 0;
	return errno == EAGAIN || errno == EACCES ? -EBUSY : -errno;
}

/* Does the path still name the file that we have open? */
static bool is_same_file(int fd, const char *path)
{
	struct stat open_file, named;

	return fstat(fd, &open_file) == 0 && lstat(path, &named) == 0 &&
	       open_file.st_dev == named.st_dev && open_file.st_ino == named.st_ino;
}

static int open_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0644);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}

/* A descriptor of the locked file of that name; somebody may remove it between the two. */
static int open_locked(const char *path)
{
	for (unsigned i = 0; i < OPEN_TRIES; i++) {
		int fd = open_file(path);

		if (fd < 0)
			return fd;
		int result = lock_whole(fd);

		if (!result && is_same_file(fd, path)) {
			(void)fchmod(fd, 0644);
			return fd;
		}
		close(fd);
		if (result)
			return result;
	}
	return -EBUSY;
}

int pidfile_open(struct pidfile *p, const char *path)
{
	int fd = open_locked(path);

	if (fd < 0)
		return fd;
	p->fd = fd;
	p->path = xstrdup(path);
	return 0;
}

bool pidfile_is_left(const char *path)
{
	char text[24];
	uint64_t pid;
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	close_fd(&fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return num_parse_u64(text, 10, 1, INT32_MAX, &pid) == NUM_OK &&
	       kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

/* The last component of the path: what a link beside the file has to say. */
static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_our_link(const struct pidfile *p)
{
	char target[256];
	ssize_t len = readlink(p->alias, target, sizeof(target) - 1);

	if (len < 0)
		return false;
	target[len] = '\0';
	return !strcmp(target, base_name(p->path));
}

static void make_link(const struct pidfile *p)
{
	if (!p->alias || is_our_link(p))
		return;
	if (pidfile_is_left(p->alias))
		(void)unlink(p->alias);
	(void)!symlink(base_name(p->path), p->alias);
}

static void remove_link(const struct pidfile *p)
{
	if (p->alias && is_our_link(p))
		(void)unlink(p->alias);
}

void pidfile_alias(struct pidfile *p, const char *alias)
{
	if (!p->path)
		return;
	free(p->alias);
	p->alias = xstrdup(alias);
}

int pidfile_write(struct pidfile *p, pid_t pid)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%d\n", pid);

	if (!p->path)
		return 0;
	if (!is_same_file(p->fd, p->path)) {
		int fd = open_locked(p->path);

		if (fd < 0)
			return fd;
		close(p->fd);
		p->fd = fd;
	}
	if (ftruncate(p->fd, 0) < 0 || pwrite(p->fd, text, (size_t)len, 0) != len)
		return -errno;
	make_link(p);
	return 0;
}

void pidfile_clear(struct pidfile *p)
{
	if (!p->path || !is_same_file(p->fd, p->path))
		return;
	remove_link(p);
	(void)unlink(p->path);
}

void pidfile_close(struct pidfile *p)
{
	if (!p->path)
		return;
	pidfile_clear(p);
	close(p->fd);
	free(p->path);
	free(p->alias);
	*p = (struct pidfile){ .fd = -1 };
}
