/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel settings under /proc/sys: read, write, and put back what they were.
 *
 * A path is relative to /proc/sys with slashes ("net/ipv4/conf/eth0/arp_ignore"), because
 * interface names may contain dots. The namespace is that of the calling thread.
 */
#pragma once

#include "base/attr.h"

/** First line of the value, without its newline, cut to fit: 0 or -errno. */
int sysctl_read(const char *path, char *buf, size_t size);
int sysctl_write(const char *path, const char *text);
/** Integer values; -EPROTO if the value is not one. */
int sysctl_read_int(const char *path, int64_t *out);
int sysctl_write_int(const char *path, int64_t value);

/** Settings that were changed and are to be put back. Zero-initialise. */
struct sysctl_changes {
	struct sysctl_change *first;
};

/** Set to @value and remember what it was (of several calls, before the first): 0 or -errno.
 *  A setting that has the value already is left alone and not remembered. */
int sysctl_change(struct sysctl_changes *, const char *path, int64_t value);
/** Take over a change that another process made: 1, or 0 if its value is not @ours (any more), or
 *  it was changed here already; or -errno. */
int sysctl_adopt(struct sysctl_changes *, const char *path, int64_t before, int64_t ours);
/** Put one back, unless its value is no longer the one we set; then someone else wants it so.
 *  0, also when there is nothing to put back or it has gone with its interface; or -errno. */
int sysctl_restore(struct sysctl_changes *, const char *path);
/** Put all back, the latest first, and forget them. The first error, after all were tried. */
int sysctl_restore_all(struct sysctl_changes *);
/** Forget all without touching them. */
void sysctl_changes_fini(struct sysctl_changes *);
