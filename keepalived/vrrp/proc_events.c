/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Process events of the kernel.
 *
 * The kernel tells everything to everybody who listens; a socket filter keeps only the four kinds
 * of events that matter. The first event is read at once, those that follow within milliseconds
 * together. Most programs that start are short: whoever has ended by the time its start is read is
 * not told of. Only the kernel is believed.
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
#define AT_ONCE 1024		/* datagrams per readiness */
#define BATCH	32		/* datagrams per system call */
#define EVENT_MAX 128		/* bytes of a datagram */
#define LATER	MSEC(5)
#define RCVBUF	(1 << 20)

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

static void tell_started(struct proc_events *p, ktime now)
{
	unsigned n = p->n_started;

	p->n_started = 0;
	for (unsigned i = 0; i < n; i++)
		p->event(p->arg, p->started[i].kind, p->started[i].pid, 0, now);
}

static void started(struct proc_events *p, enum proc_event_kind kind, pid_t pid, ktime now)
{
	for (unsigned i = 0; i < p->n_started; i++) {
		if (p->started[i].pid == pid)
			return;
	}
	if (p->n_started == PROC_EVENTS_STARTED)
		tell_started(p, now);
	p->started[p->n_started].pid = pid;
	p->started[p->n_started++].kind = kind;
}

static void ended(struct proc_events *p, pid_t pid, ktime now)
{
	for (unsigned i = 0; i < p->n_started; i++) {
		if (p->started[i].pid == pid)
			p->started[i--] = p->started[--p->n_started];
	}
	p->event(p->arg, PROC_ENDED, pid, 0, now);
}

/* A child counts if its parent does: what the parent has become must be known. */
static void forked(struct proc_events *p, pid_t pid, pid_t parent, ktime now)
{
	for (unsigned i = 0; i < p->n_started; i++) {
		if (p->started[i].pid == parent) {
			tell_started(p, now);
			break;
		}
	}
	p->event(p->arg, PROC_FORKED, pid, parent, now);
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
			forked(p, f->child_tgid, f->parent_tgid, now);
		return;
	case PROC_EVENT_EXEC:
		started(p, PROC_EXECUTED, e->event_data.exec.process_tgid, now);
		return;
	case PROC_EVENT_COMM:
		if (e->event_data.comm.process_pid == e->event_data.comm.process_tgid)
			started(p, PROC_RENAMED, e->event_data.comm.process_tgid, now);
		return;
	case PROC_EVENT_EXIT:
		if (e->event_data.exit.process_pid == e->event_data.exit.process_tgid)
			ended(p, e->event_data.exit.process_tgid, now);
		return;
	case PROC_EVENT_UID:
	case PROC_EVENT_GID:
	case PROC_EVENT_SID:
	case PROC_EVENT_PTRACE:
	case PROC_EVENT_COREDUMP:
		return;
	}
}

static void take_datagram(struct proc_events *p, const uint8_t *bytes, size_t len, ktime now)
{
	struct proc_event e = { 0 };

	if (len < AT_WHAT + sizeof(e.what))
		return;
	memcpy(&e, bytes + AT_WHAT, MIN_OF(len - AT_WHAT, sizeof(e)));
	take(p, &e, now);
}

/* Up to BATCH datagrams. Returns how many, or -errno. */
static int receive(struct proc_events *p, ktime now)
{
	uint8_t bytes[BATCH][EVENT_MAX];
	struct sockaddr_nl from[BATCH];
	struct mmsghdr msgs[BATCH];
	struct iovec iov[BATCH];
	int n;

	for (unsigned i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec){ bytes[i], sizeof(bytes[i]) };
		msgs[i].msg_hdr = (struct msghdr){ .msg_name = &from[i],
						   .msg_namelen = sizeof(from[i]),
						   .msg_iov = &iov[i],
						   .msg_iovlen = 1 };
	}
	n = recvmmsg(p->watch.fd, msgs, BATCH, MSG_DONTWAIT, NULL);
	if (n < 0)
		return -errno;
	for (int i = 0; i < n; i++) {
		if (from[i].nl_pid == 0)
			take_datagram(p, bytes[i], msgs[i].msg_len, now);
	}
	return n;
}

/* Returns how many there were. */
static unsigned receive_all(struct proc_events *p, ktime now)
{
	unsigned total = 0;

	while (total < AT_ONCE) {
		int n = receive(p, now);

		if (n == -ENOBUFS)
			p->overrun(p->arg, now);
		if (n <= 0)
			break;
		total += (unsigned)n;
		if (n < BATCH)
			break;
	}
	tell_started(p, now);
	return total;
}

static void readable(struct watch *w, uint32_t events, ktime now)
{
	struct proc_events *p = container_of(w, struct proc_events, watch);

	(void)events;
	(void)receive_all(p, now);
	(void)watch_change(w, 0);
	timer_arm(loop_timers(w->loop), &p->again, ktime_add(now, LATER));
}

static void read_again(struct timer *t, ktime now)
{
	struct proc_events *p = container_of(t, struct proc_events, again);

	if (receive_all(p, now) > 0)
		timer_arm(loop_timers(p->watch.loop), t, ktime_add(now, LATER));
	else
		(void)watch_change(&p->watch, EPOLLIN);
}

int proc_events_start(struct loop *loop, struct proc_events *p, int rcvbuf)
{
	struct sock_filter filter[16];
	struct sock_spec spec = {
		.family = AF_NETLINK,
		.type = SOCK_DGRAM,
		.protocol = NETLINK_CONNECTOR,
		.receive_buffer = rcvbuf != 0 ? rcvbuf : RCVBUF,
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
	p->again.fire = read_again;
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
	timer_cancel(&p->again);
	watch_remove(&p->watch);
	(void)ask(p->watch.fd, PROC_CN_MCAST_IGNORE);
	close(p->watch.fd);
	p->answered = false;
	p->n_started = 0;
}
