/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel settings under /proc/sys. A list of changes owns its entries; nothing else is kept.
 */
#include "net/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/str.h"

struct sysctl_change {
	struct sysctl_change *next;
	int64_t before;
	int64_t ours;
	char path[];
};

enum { INT_TEXT_MAX = 32 };

/** A descriptor or -errno; the path cannot leave /proc/sys. */
static int open_setting(const char *path, int flags)
{
	struct strbuf whole = { 0 };
	int fd;

	if (path[0] == '/' || str_starts(path, "../") || strstr(path, "/../"))
		return -EINVAL;
	strbuf_addf(&whole, "/proc/sys/%s", path);
	fd = open(whole.data, flags | O_CLOEXEC);
	strbuf_fini(&whole);
	return fd < 0 ? -errno : fd;
}

int sysctl_read(const char *path, char *buf, size_t size)
{
	attr_cleanup(close_fd) int fd = open_setting(path, O_RDONLY);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = read(fd, buf, size - 1);
	if (n < 0)
		return -errno;
	buf[n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return 0;
}

int sysctl_write(const char *path, const char *text)
{
	attr_cleanup(close_fd) int fd = open_setting(path, O_WRONLY);

	if (fd < 0)
		return fd;
	return write(fd, text, strlen(text)) < 0 ? -errno : 0;
}

int sysctl_read_int(const char *path, int64_t *out)
{
	char text[INT_TEXT_MAX];
	int err = sysctl_read(path, text, sizeof(text));

	if (err)
		return err;
	return num_parse_i64(text, 10, INT64_MIN, INT64_MAX, out) == NUM_OK ? 0 : -EPROTO;
}

int sysctl_write_int(const char *path, int64_t value)
{
	char text[INT_TEXT_MAX];

	(void)snprintf(text, sizeof(text), "%" PRId64, value);
	return sysctl_write(path, text);
}

/** Where the change of @path is linked, or the end of the list. */
static struct sysctl_change **find(struct sysctl_changes *changes, const char *path)
{
	struct sysctl_change **at = &changes->first;

	while (*at && !str_eq((*at)->path, path))
		at = &(*at)->next;
	return at;
}

static void remember(struct sysctl_changes *changes, const char *path, int64_t before,
		     int64_t ours)
{
	size_t size = strlen(path) + 1;
	struct sysctl_change *c = xcalloc(1, sizeof(*c) + size);

	c->before = before;
	c->ours = ours;
	memcpy(c->path, path, size);
	c->next = changes->first;
	changes->first = c;
}

int sysctl_change(struct sysctl_changes *changes, const char *path, int64_t value)
{
	struct sysctl_change *known = *find(changes, path);
	int64_t before;
	int err = sysctl_read_int(path, &before);

	if (err || before == value)
		return err;
	err = sysctl_write_int(path, value);
	if (err)
		return err;
	if (known)
		known->ours = value;
	else
		remember(changes, path, before, value);
	return 0;
}

int sysctl_adopt(struct sysctl_changes *changes, const char *path, int64_t before, int64_t ours)
{
	int64_t now;
	int err = sysctl_read_int(path, &now);

	if (err || now != ours || *find(changes, path))
		return err;
	remember(changes, path, before, ours);
	return 1;
}

static int put_back(const struct sysctl_change *c)
{
	int64_t now;
	int err = sysctl_read_int(c->path, &now);

	if (!err && now == c->ours)
		err = sysctl_write_int(c->path, c->before);
	return err == -ENOENT ? 0 : err;
}

int sysctl_restore(struct sysctl_changes *changes, const char *path)
{
	struct sysctl_change **at = find(changes, path);
	struct sysctl_change *c = *at;
	int err;

	if (!c)
		return 0;
	err = put_back(c);
	*at = c->next;
	free(c);
	return err;
}

int sysctl_restore_all(struct sysctl_changes *changes)
{
	int first_err = 0;

	for (const struct sysctl_change *c = changes->first; c; c = c->next) {
		int err = put_back(c);

		if (!first_err)
			first_err = err;
	}
	sysctl_changes_fini(changes);
	return first_err;
}

void sysctl_changes_fini(struct sysctl_changes *changes)
{
	while (changes->first) {
		struct sysctl_change *c = changes->first;

		changes->first = c->next;
		free(c);
	}
}
