/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Read the name files of iproute2: which file counts when there are two, and the directories of
 * additional ones. What the lines mean is iproute_names.c's business.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "core/iproute_names.h"

#define NAME_FILE_MAX (1 << 20)

static const char *const file_names[IPROUTE_COUNT] = {
	[IPROUTE_TABLES] = "rt_tables",	  [IPROUTE_PROTOS] = "rt_protos",
	[IPROUTE_SCOPES] = "rt_scopes",	  [IPROUTE_DSFIELD] = "rt_dsfield",
	[IPROUTE_REALMS] = "rt_realms",	  [IPROUTE_GROUPS] = "group",
};

static bool load_file(struct iproute_names *names, enum iproute_table which, const char *path)
{
	attr_cleanup(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	attr_cleanup(strbuf_fini) struct strbuf text = { 0 };
	char buf[4096];
	ssize_t n;

	if (fd < 0)
		return errno != ENOENT;
	while (text.len < NAME_FILE_MAX && (n = read(fd, buf, sizeof(buf))) > 0)
		strbuf_add_bytes(&text, buf, (size_t)n);
	iproute_names_add_text(names, which, strbuf_text(&text), text.len);
	return true;
}

static int is_conf(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && !strcmp(entry->d_name + len - 5, ".conf");
}

/* The .conf files of DIR/FILE.d, in order of name; not those that @unless has too. */
static void load_dir(struct iproute_names *names, enum iproute_table which, const char *dir,
		     const char *unless)
{
	char path[PATH_MAX];
	struct dirent **entries;

	(void)snprintf(path, sizeof(path), "%s/%s.d", dir, file_names[which]);
	int n = scandir(path, &entries, is_conf, alphasort);

	for (int i = 0; i < n; i++) {
		bool shadowed = false;

		if (unless) {
			(void)snprintf(path, sizeof(path), "%s/%s.d/%s", unless,
				       file_names[which], entries[i]->d_name);
			shadowed = !access(path, F_OK);
		}
		(void)snprintf(path, sizeof(path), "%s/%s.d/%s", dir, file_names[which],
			       entries[i]->d_name);
		if (!shadowed)
			(void)load_file(names, which, path);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

void iproute_names_load(struct iproute_names *names, const char *usr_dir, const char *etc_dir)
{
	char path[PATH_MAX];

	usr_dir = usr_dir ? usr_dir : "/usr/share/iproute2";
	etc_dir = etc_dir ? etc_dir : "/etc/iproute2";
	for (enum iproute_table which = 0; which < IPROUTE_COUNT; which++) {
		(void)snprintf(path, sizeof(path), "%s/%s", etc_dir, file_names[which]);
		if (!load_file(names, which, path)) {
			(void)snprintf(path, sizeof(path), "%s/%s", usr_dir, file_names[which]);
			(void)load_file(names, which, path);
		}
		load_dir(names, which, usr_dir, etc_dir);
		load_dir(names, which, etc_dir, NULL);
	}
}
