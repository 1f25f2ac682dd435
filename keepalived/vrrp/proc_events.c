/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Process events of the kernel.
 *
 * The kernel tells everything to everybody who listens; a socket filter keeps only the four kinds
 * of events that matter. Only the kernel is believed.
 */
#include "vrrp/proc_events.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/cn_proc.h>
#include <linux/connector.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/sock.h"

#define AT_WHAT (sizeof(struct nlmsghdr) + sizeof(struct cn_msg))
#define AT_ONCE 512		/* datagrams per readiness */

/* Numbers in the message are in host order, what the filter loads in network order. */
static size_t build_filter(struct sock_filter *out)
{
	static const uint32_t kinds[] = { PROC_EVENT_NONE, PROC_EVENT_FORK, PROC_EVENT_EXEC,
					  PROC_EVENT_COMM, PROC_EVENT_EXIT };
	size_t n = 0;

	out[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT_WHAT);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		out[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(kinds[i]),
							(uint8_t)(ARRAY_LEN(kinds) - i), 0);
	out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	out[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0xffffffff);
	return n;
}

static int ask(int fd, enum proc_cn_mcast_op op)
{
	uint32_t word = (uint32_t)op;
	struct cn_msg cn = { .id = { CN_IDX_PROC, CN_VAL_PROC }, .len = sizeof(word) };
	uint8_t m[AT_WHAT + sizeof(word)] = { 0 };
	struct nlmsghdr h = { .nlmsg_len = sizeof(m), .nlmsg_type = NLMSG_DONE };

	memcpy(m, &h, sizeof(h));
	memcpy(m + sizeof(h), &cn, sizeof(cn));
	memcpy(m + AT_WHAT, &word, sizeof(word));
	return send(fd, m, sizeof(m), 0) < 0 ? -errno : 0;
}

static void take(struct proc_events *p, const struct proc_event *e, ktime now)
{
	const struct fork_proc_event *f = &e->event_data.fork;

	switch (e->what) {
	case PROC_EVENT_NONE:
		p->answered = true;
		return;
	case PROC_EVENT_FORK:
		if (f->child_pid == f->child_tgid)
			p->event(p->arg, PROC_FORKED, f->child_tgid, f->parent_tgid, now);
		return;
	case PROC_EVENT_EXEC:
		p->event(p->arg, PROC_EXECUTED, e->event_data.exec.process_tgid, 0, now);
		return;
	case PROC_EVENT_COMM:
		if (e->event_data.comm.process_pid == e->event_data.comm.process_tgid)
			p->event(p->arg, PROC_RENAMED, e->event_data.comm.process_tgid, 0, now);
		return;
	case PROC_EVENT_EXIT:
		if (e->event_data.exit.process_pid == e->event_data.exit.process_tgid)
			p->event(p->arg, PROC_ENDED, e->event_data.exit.process_tgid, 0, now);
		return;
	case PROC_EVENT_UID:
	case PROC_EVENT_GID:
	case PROC_EVENT_SID:
	case PROC_EVENT_PTRACE:
	case PROC_EVENT_COREDUMP:
		return;
	}
}

static void readable(struct watch *w, uint32_t events, ktime now)
{
	struct proc_events *p = container_of(w, struct proc_events, watch);
	struct sockaddr_nl from;
	struct proc_event e;
	uint8_t buf[512];

	(void)events;
	for (unsigned i = 0; i < AT_ONCE; i++) {
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(w->fd, buf, sizeof(buf), MSG_DONTWAIT,
				     (struct sockaddr *)&from, &len);

		if (n < 0 && errno == ENOBUFS)
			p->overrun(p->arg, now);
		if (n < 0)
			return;
		if (from.nl_pid != 0 || (size_t)n < AT_WHAT + sizeof(e.what))
			continue;
		memset(&e, 0, sizeof(e));
		memcpy(&e, buf + AT_WHAT, MIN_OF((size_t)n - AT_WHAT, sizeof(e)));
		take(p, &e, now);
	}
}

int proc_events_start(struct loop *loop, struct proc_events *p, int rcvbuf)
{
	struct sock_filter filter[16];
	struct sock_spec spec = {
		.family = AF_NETLINK,
		.type = SOCK_DGRAM,
		.protocol = NETLINK_CONNECTOR,
		.receive_buffer = rcvbuf,
		.force_buffers = true,
		.filter = filter,
		.n_filter = build_filter(filter),
	};
	struct sockaddr_nl self = { .nl_family = AF_NETLINK, .nl_groups = CN_IDX_PROC };
	int fd = sock_open(&spec, NULL), error;

	if (fd < 0)
		return fd;
	error = bind(fd, (struct sockaddr *)&self, sizeof(self)) < 0 ? -errno : 0;
	if (error == 0)
		error = ask(fd, PROC_CN_MCAST_LISTEN);
	p->watch = (struct watch){
		.fd = fd, .events = EPOLLIN, .priority = WATCH_NORMAL, .ready = readable
	};
	if (error == 0)
		error = watch_add(loop, &p->watch);
	if (error < 0)
		close(fd);
	return error;
}

void proc_events_stop(struct proc_events *p)
{
	if (p->watch.loop == NULL)
		return;
	watch_remove(&p->watch);
	(void)ask(p->watch.fd, PROC_CN_MCAST_IGNORE);
	close(p->watch.fd);
	p->answered = false;
}
