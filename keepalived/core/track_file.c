/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracked files: read the number at the beginning of a file whenever the file changes.
 *
 * A file that is missing or holds no number counts as 0; a number out of range leaves the value as
 * it is.
 */
#include "core/track_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/num.h"

#define READ_MAX  127
#define VALUE_MIN (-2147483648LL)
#define VALUE_MAX 2147483648LL

bool track_file_parse(const char *text, size_t len, int64_t *out)
{
	char copy[READ_MAX + 1];
	const char *end, *p = copy;
	int64_t value = 0;

	len = len < READ_MAX ? len : READ_MAX;
	memcpy(copy, text, len);
	copy[len] = '\0';
	p += strspn(p, " \t\n\v\f\r");
	if (!num_scan_i64(p, 0, &value, &end))
		value = 0;
	if (value < VALUE_MIN || value > VALUE_MAX)
		return false;
	*out = value;
	return true;
}

/* False if the file holds a number that cannot be. */
static bool read_value(struct track_file *f, int64_t *out)
{
	char buf[READ_MAX];
	ssize_t n = -1;
	int fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd >= 0) {
		n = read(fd, buf, sizeof(buf));
		close(fd);
	}
	f->readable = n >= 0;
	*out = 0;
	return n < 0 || track_file_parse(buf, (size_t)n, out);
}

static void file_changed(struct filewatch *w, ktime now)
{
	struct track_file *f = container_of(w, struct track_file, watch);
	int64_t value;

	f->refused = !read_value(f, &value);
	if (f->refused || value == f->value)
		return;
	f->value = value;
	f->changed(f, now);
}

/* A new file; one that exists is left alone. */
static int open_new(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

	return fd < 0 ? -errno : fd;
}

/* May we empty it? Not a device, not what has a second name, nor what others may change. */
static int judge(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	if (st.st_nlink > 1)
		return -EMLINK;
	return st.st_uid == 0 || st.st_uid == geteuid() ? 0 : -EPERM;
}

/* Nobody can make us empty what a link points to. */
static int open_regular(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int result = fd < 0 ? -errno : judge(fd);

	if (!result && ftruncate(fd, 0) < 0)
		result = -errno;
	if (!result)
		return fd;
	close_fd(&fd);
	return result;
}

int track_file_create(const struct track_file_config *c)
{
	int fd, result;

	if (!c->init.on || c->file == NULL)
		return 0;
	fd = open_new(c->file);
	if (fd == -EEXIST && c->init.overwrite)
		fd = open_regular(c->file);
	if (fd < 0)
		return fd == -EEXIST ? 0 : fd;
	result = dprintf(fd, "%d\n", (int)c->init.value) < 0 ? -errno : 0;
	close(fd);
	return result;
}

int track_file_start(struct loop *loop, struct track_file *f)
{
	int64_t value;

	f->watch.changed = file_changed;
	f->refused = !read_value(f, &value);
	f->value = f->refused ? 0 : value;
	return filewatch_start(loop, &f->watch, f->path);
}

void track_file_stop(struct track_file *f)
{
	filewatch_stop(&f->watch);
}
