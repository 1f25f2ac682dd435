/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory behind status pages: sealed memory files, mapped by the writer and, read-only, by
 * who received the descriptor.
 *
 * The size is sealed, so a reader can never be hit by a page that shrinks under it.
 */
#include "core/status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

#define PAGE_SEALS (F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)
#define MAP_MAX	   ((off_t)1 << 30)

static int memory_file(size_t size)
{
	int fd = memfd_create("status", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		return -errno;
	if (ftruncate(fd, (off_t)size) < 0 || fcntl(fd, F_ADD_SEALS, PAGE_SEALS) < 0) {
		int error = errno;

		close(fd);
		return -error;
	}
	return fd;
}

struct status_page *status_page_new(const struct status_layout *layout, uint64_t generation)
{
	struct status_page shape;
	size_t size = status_page_measure(layout, &shape);

	if (!size) {
		errno = EINVAL;
		return NULL;
	}
	int fd = memory_file(size);

	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED) {
		int error = errno;

		close(fd);
		errno = error;
		return NULL;
	}
	struct status_page *page = xnew(struct status_page);

	status_page_init(page, layout, generation, memory);
	page->fd = fd;
	return page;
}

static bool is_sealed_file(int fd, size_t *out_size)
{
	struct stat st;
	int seals = fcntl(fd, F_GET_SEALS);

	if (seals < 0 || (seals & PAGE_SEALS) != PAGE_SEALS || fstat(fd, &st) < 0)
		return false;
	if (st.st_size <= 0 || st.st_size > MAP_MAX)
		return false;
	*out_size = (size_t)st.st_size;
	return true;
}

struct status_page *status_page_map(int fd)
{
	size_t size;

	if (!is_sealed_file(fd, &size)) {
		close(fd);
		errno = EBADMSG;
		return NULL;
	}
	void *memory = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);

	if (memory == MAP_FAILED) {
		int error = errno;

		close(fd);
		errno = error;
		return NULL;
	}
	struct status_page *page = xnew(struct status_page);

	*page = (struct status_page){ .memory = memory, .size = size, .fd = fd };
	if (status_page_read_header(page))
		return page;
	status_page_free(page);
	errno = EBADMSG;
	return NULL;
}

void status_page_free(struct status_page *page)
{
	if (!page)
		return;
	if (page->memory)
		munmap(page->memory, page->size);
	if (page->fd >= 0)
		close(page->fd);
	free(page);
}
