/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The size of the packet filter of iptables-legacy.
 */
#include "net/xt_table.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "net/netns.h"

static const char table[] = "filter";

struct question {
	int family;
	struct xt_size size;
};

/* Asking for a table loads its module: only look at tables that are in use. */
static bool has_table(int family)
{
	attr_cleanup(close_fd) int fd =
		open(family == AF_INET6 ? "/proc/thread-self/net/ip6_tables_names"
					: "/proc/thread-self/net/ip_tables_names",
		     O_RDONLY | O_CLOEXEC);
	char names[256];
	ssize_t n = fd < 0 ? -1 : read(fd, names, sizeof(names) - 1);

	if (n <= 0)
		return false;
	names[n] = '\0';
	for (char *at = names; (at = strstr(at, table)) != NULL; at++) {
		if ((at == names || at[-1] == '\n') && at[sizeof(table) - 1] == '\n')
			return true;
	}
	return false;
}

static int ask4(int fd, struct xt_size *out)
{
	struct ipt_getinfo info = { 0 };
	socklen_t len = sizeof(info);

	memcpy(info.name, table, sizeof(table));
	if (getsockopt(fd, IPPROTO_IP, IPT_SO_GET_INFO, &info, &len) < 0)
		return -errno;
	*out = (struct xt_size){ info.num_entries, info.size };
	return 0;
}

static int ask6(int fd, struct xt_size *out)
{
	struct ip6t_getinfo info = { 0 };
	socklen_t len = sizeof(info);

	memcpy(info.name, table, sizeof(table));
	if (getsockopt(fd, IPPROTO_IPV6, IP6T_SO_GET_INFO, &info, &len) < 0)
		return -errno;
	*out = (struct xt_size){ info.num_entries, info.size };
	return 0;
}

static int ask(void *arg)
{
	struct question *q = arg;
	attr_cleanup(close_fd) int fd = -1;

	if (!has_table(q->family))
		return -ENOENT;
	fd = socket(q->family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (fd < 0)
		return -errno;
	return q->family == AF_INET6 ? ask6(fd, &q->size) : ask4(fd, &q->size);
}

int xt_filter_size(const struct netns *ns, int family, struct xt_size *out)
{
	struct question q = { .family = family };
	int result = netns_call(ns, ask, &q);

	if (result == 0)
		*out = q.size;
	return result;
}
