/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The snapshot of a source map in a sealed memory file: what one process has read, another binds.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config/snapshot.h"
#include "config/source.h"

enum { SEALS = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL };

static int write_all(int fd, struct span data)
{
	while (data.len) {
		ssize_t n = write(fd, data.data, data.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data.data += n;
		data.len -= (size_t)n;
	}
	return 0;
}

static int write_snapshot(int fd, const struct snapshot *snapshot)
{
	int result = 0;

	for (size_t i = 0; i < snapshot->n && !result; i++)
		result = write_all(fd, snapshot->parts[i]);
	if (!result && fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		result = -errno;
	return result;
}

int source_snapshot_write(const struct source_map *map)
{
	int fd = memfd_create("config", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct snapshot snapshot;
	int result;

	if (fd < 0)
		return -errno;
	snapshot_init(&snapshot, map);
	result = write_snapshot(fd, &snapshot);
	snapshot_fini(&snapshot);
	if (result) {
		close(fd);
		return result;
	}
	return fd;
}

static void release(void *base, size_t len)
{
	(void)munmap(base, len);
}

bool source_snapshot_read(struct source_map *map, int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);
	struct stat st;
	void *base;

	errno = EINVAL;
	/* Without its seals it could change under our hands. */
	if (seals < 0 || (seals & SEALS) != SEALS || fstat(fd, &st) < 0 || st.st_size <= 0)
		return false;
	base = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (base == MAP_FAILED)
		return false;
	map->snapshot = base;
	map->snapshot_len = (size_t)st.st_size;
	map->release = release;
	if (snapshot_adopt(map, base, map->snapshot_len))
		return true;
	errno = EINVAL;
	return false;
}
