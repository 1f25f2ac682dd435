/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Network namespaces and the private mount view that goes with them. A struct netns owns its
 * descriptor, which keeps the namespace alive.
 */
#include "net/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"
#include "net/sock.h"

static const char here[] = "/proc/thread-self/ns/net";

static bool is_name(const char *name)
{
	return strlen(name) <= NAME_MAX && !strchr(name, '/') && !str_eq(name, ".") &&
	       !str_eq(name, "..");
}

int netns_open(struct netns *ns, const char *name)
{
	struct strbuf path = { 0 };
	int fd;

	*ns = (struct netns){ .fd = -1 };
	if (!name)
		name = "";
	if (!is_name(name))
		return -EINVAL;
	strbuf_addf(&path, *name ? "/run/netns/%s" : "%s", *name ? name : here);
	fd = open(path.data, O_RDONLY | O_CLOEXEC);
	strbuf_fini(&path);
	if (fd < 0)
		return -errno;
	ns->fd = fd;
	ns->name = *name ? xstrdup(name) : NULL;
	return 0;
}

void netns_close(struct netns *ns)
{
	free(ns->name);
	ns->name = NULL;
	close_fd(&ns->fd);
}

int netns_enter(const struct netns *ns)
{
	return setns(ns->fd, CLONE_NEWNET) < 0 ? -errno : 0;
}

int netns_call(const struct netns *ns, int (*fn)(void *arg), void *arg)
{
	attr_cleanup(close_fd) int back = -1;
	int result;

	if (!ns)
		return fn(arg);
	back = open(here, O_RDONLY | O_CLOEXEC);
	if (back < 0 || setns(ns->fd, CLONE_NEWNET) < 0)
		return -errno;
	result = fn(arg);
	if (setns(back, CLONE_NEWNET) == 0)
		return result;
	return -ENOTRECOVERABLE;
}

struct socket_call {
	const struct sock_spec *spec;
	const char **out_step;
};

static int open_socket(void *arg)
{
	const struct socket_call *call = arg;

	return sock_open(call->spec, call->out_step);
}

int netns_socket(const struct netns *ns, const struct sock_spec *spec, const char **out_step)
{
	struct socket_call call = { spec, out_step };

	if (out_step)
		*out_step = "network namespace";
	return netns_call(ns, open_socket, &call);
}

static int make_dir(const char *path)
{
	return mkdir(path, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

int netns_private_mount(const char *dir_from, const char *dir_to)
{
	int err = make_dir(dir_to);

	if (!err)
		err = make_dir(dir_from);
	if (err)
		return err;
	if (unshare(CLONE_NEWNS) < 0 || mount("", "/", NULL, MS_SLAVE | MS_REC, NULL) < 0 ||
	    mount(dir_from, dir_to, NULL, MS_BIND, NULL) < 0)
		return -errno;
	return 0;
}
