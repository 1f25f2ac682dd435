/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A netlink socket and the monitor against a kernel that loses answers: sendto() and recvmmsg() are
 * those of this file, so every datagram and every error is chosen here. Time is that of the test,
 * too: timers are run by hand.
 */
#include "unit.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "loop/loop.h"
#include "netlink/monitor.h"
#include "netlink/nl.h"
#include "netlink/nl_addr.h"

enum { ITEMS = 64, ITEM_BYTES = 8192, SEQ_OF_OTHERS = 77 };

/* What the next reads bring, in order. */
struct item {
	int error;		/* ENOBUFS, or 0: a datagram */
	uint32_t answers;	/* comes after this was sent */
	bool multicast;
	size_t len;
	uint8_t bytes[ITEM_BYTES];
};

static struct {
	struct item items[ITEMS];
	unsigned n, next;
	uint32_t seqs[ITEMS];	/* of what was sent */
	uint16_t types[ITEMS];
	unsigned n_sent;
	uint32_t last_seq;
} fake;

static struct loop *loop;

ssize_t __wrap_sendto(int fd, const void *bytes, size_t len, int flags,
		      const struct sockaddr *to, socklen_t to_len);
int __wrap_recvmmsg(int fd, struct mmsghdr *msgs, unsigned n, int flags, struct timespec *wait);

ssize_t __wrap_sendto(int fd, const void *bytes, size_t len, int flags, const struct sockaddr *to,
		      socklen_t to_len)
{
	struct span in = { bytes, len };
	struct nl_view m;

	(void)fd, (void)flags, (void)to, (void)to_len;
	while (nl_next(&in, &m)) {
		assert_true(fake.n_sent < ITEMS);
		fake.types[fake.n_sent] = m.type;
		fake.seqs[fake.n_sent++] = fake.last_seq = m.seq;
	}
	return (ssize_t)len;
}

static void deliver(struct mmsghdr *msg, const struct item *item)
{
	struct iovec *iov = msg->msg_hdr.msg_iov;
	struct sockaddr_nl from = { .nl_family = AF_NETLINK, .nl_groups = item->multicast };

	memcpy(msg->msg_hdr.msg_name, &from, sizeof(from));
	memcpy(iov->iov_base, item->bytes, MIN_OF(item->len, iov->iov_len));
	msg->msg_hdr.msg_flags = item->len > iov->iov_len ? MSG_TRUNC : 0;
	msg->msg_len = (unsigned)item->len;
}

static bool is_there(void)
{
	return fake.next < fake.n && fake.items[fake.next].answers <= fake.last_seq;
}

int __wrap_recvmmsg(int fd, struct mmsghdr *msgs, unsigned n, int flags, struct timespec *wait)
{
	unsigned got = 0;

	(void)fd, (void)wait;
	assert_true(flags & MSG_DONTWAIT);
	assert_true(flags & MSG_TRUNC);
	if (is_there() && fake.items[fake.next].error != 0) {
		errno = fake.items[fake.next++].error;
		return -1;
	}
	while (got < n && is_there() && fake.items[fake.next].error == 0)
		deliver(&msgs[got++], &fake.items[fake.next++]);
	errno = EAGAIN;
	return got > 0 ? (int)got : -1;
}

/* -- what the kernel says ------------------------------------------------------------------- */

static struct item *item_new(int error)
{
	struct item *item = &fake.items[fake.n++];

	assert_true(fake.n <= ITEMS);
	memset(item, 0, sizeof(*item));
	item->error = error;
	return item;
}

static void put(struct item *item, const struct nlmsghdr *h, const void *body, size_t len)
{
	struct nlmsghdr whole = *h;

	item->answers = h->nlmsg_seq != SEQ_OF_OTHERS ? h->nlmsg_seq : 0;
	whole.nlmsg_len = (uint32_t)(NLMSG_HDRLEN + len);
	assert_true(item->len + NLMSG_ALIGN(whole.nlmsg_len) <= ITEM_BYTES);
	memcpy(item->bytes + item->len, &whole, sizeof(whole));
	memcpy(item->bytes + item->len + NLMSG_HDRLEN, body, len);
	item->len += NLMSG_ALIGN(whole.nlmsg_len);
}

static void overrun_next(void)
{
	(void)item_new(ENOBUFS);
}

static void answer(uint32_t seq, int error)
{
	struct nlmsgerr e = { .error = error, .msg.nlmsg_seq = seq };

	put(item_new(0), &(struct nlmsghdr){ .nlmsg_type = NLMSG_ERROR, .nlmsg_seq = seq }, &e,
	    sizeof(e));
}

/* One part of a dump with one link of that index; padded to @least bytes. */
static void part(uint32_t seq, int ifindex, uint16_t flags, size_t least)
{
	struct {
		struct ifinfomsg info;
		struct nlattr attr;
		char name[8];
	} body = { .info = { .ifi_index = ifindex },
		   .attr = { .nla_len = NLA_HDRLEN + 8, .nla_type = IFLA_IFNAME } };
	struct item *item = item_new(0);

	(void)snprintf(body.name, sizeof(body.name), "e%d", ifindex);
	do {
		put(item,
		    &(struct nlmsghdr){ .nlmsg_type = RTM_NEWLINK,
					.nlmsg_flags = (uint16_t)(NLM_F_MULTI | flags),
					.nlmsg_seq = seq },
		    &body, sizeof(body));
	} while (item->len < least);
}

static void notification(int ifindex, size_t least)
{
	part(0, ifindex, 0, least);
	fake.items[fake.n - 1].multicast = true;
}

static void done_at(uint32_t seq)
{
	int error = 0;

	put(item_new(0),
	    &(struct nlmsghdr){ .nlmsg_type = NLMSG_DONE, .nlmsg_flags = NLM_F_MULTI,
				.nlmsg_seq = seq },
	    &error, sizeof(error));
}

/* -- requests ------------------------------------------------------------------------------ */

struct asked {
	struct nl_request request;
	int error;
	unsigned n_done, n_messages;
};

static unsigned n_overruns, n_notified;

static void done(struct nl_request *r, int error, const char *text, ktime now)
{
	struct asked *a = container_of(r, struct asked, request);

	(void)text, (void)now;
	a->error = error;
	a->n_done++;
}

static void message(struct nl_request *r, const struct nl_view *m, ktime now)
{
	(void)m, (void)now;
	container_of(r, struct asked, request)->n_messages++;
}

static void notified(void *arg, const struct nl_view *m, ktime now)
{
	(void)arg, (void)m, (void)now;
	n_notified++;
}

static void overrun(void *arg, ktime now)
{
	(void)arg, (void)now;
	n_overruns++;
}

static struct nl *open_nl(void)
{
	struct nl *nl = nl_new(loop, NULL,
			       &(struct nl_options){ .protocol = NETLINK_ROUTE,
						     .notify = notified,
						     .overrun = overrun });

	assert_non_null(nl);
	return nl;
}

static void ask(struct nl *nl, struct asked *a, bool dump)
{
	struct nl_addr addr = { .ifindex = 1 };
	struct nl_buf msg = { 0 };

	*a = (struct asked){ .request = { .done = done, .message = message }, .error = 1 };
	assert_true(addr_parse("127.9.0.1", &addr.prefix.addr));
	addr.prefix.len = 32;
	if (dump)
		nl_link_dump(&msg);
	else
		nl_addr_new(&msg, &addr, 0);
	nl_queue(nl, &a->request, &msg);
	nl_buf_fini(&msg);
}

static ktime after(kspan span)
{
	return ktime_add(clock_now(), span);
}

static int set_up(void **state)
{
	(void)state;
	memset(&fake, 0, sizeof(fake));
	n_overruns = n_notified = 0;
	loop = loop_new();
	return loop == NULL;
}

static int tear_down(void **state)
{
	(void)state;
	loop_free(loop);
	return 0;
}

static void a_lost_ack_ends_at_its_deadline(void **state)
{
	struct nl *nl = open_nl();
	struct asked first, second;

	(void)state;
	ask(nl, &first, false);
	ask(nl, &second, false);
	nl_flush(nl, NSEC(0));
	(void)timers_run(loop_timers(loop), after(SEC(4)));
	assert_int_equal(first.n_done, 0);
	(void)timers_run(loop_timers(loop), after(SEC(6)));
	assert_int_equal(first.n_done, 1);
	assert_int_equal(first.error, -ETIMEDOUT);
	assert_int_equal(second.error, -ETIMEDOUT);
	/* The next request works, and a late answer to the old one is nobody's. */
	answer(fake.seqs[1], -EPERM);
	ask(nl, &second, false);
	nl_flush(nl, NSEC(0));
	assert_int_equal(second.n_done, 0);
	answer(fake.seqs[2], 0);
	assert_true(nl_receive(nl));
	assert_int_equal(second.n_done, 1);
	assert_int_equal(second.error, 0);
	nl_free(nl);
}

static void late_is_not_lost(void **state)
{
	struct nl *nl = open_nl();
	struct asked a;

	(void)state;
	ask(nl, &a, false);
	nl_flush(nl, NSEC(0));
	answer(fake.seqs[0], 0);
	(void)timers_run(loop_timers(loop), after(SEC(60)));
	assert_int_equal(a.n_done, 1);
	assert_int_equal(a.error, 0);
	nl_free(nl);
}

/* What had arrived before the loss is believed; the rest is lost at once, and what comes next finds
 * an empty socket. */
static void an_overrun_ends_what_has_no_answer(void **state)
{
	struct nl *nl = open_nl();
	struct asked a[3], next;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		ask(nl, &a[i], false);
	overrun_next();
	answer(1, -EPERM);
	nl_flush(nl, NSEC(0));
	assert_int_equal(a[0].error, -EPERM);
	assert_int_equal(a[1].error, -ENOBUFS);
	assert_int_equal(a[2].error, -ENOBUFS);
	assert_int_equal(a[0].n_done + a[1].n_done + a[2].n_done, 3);
	assert_int_equal(n_overruns, 1);
	assert_int_equal(fake.next, fake.n);
	ask(nl, &next, false);
	answer(4, 0);
	nl_flush(nl, NSEC(0));
	assert_int_equal(next.error, 0);
	nl_free(nl);
}

static void a_dump_goes_on_through_an_overrun(void **state)
{
	struct nl *nl = open_nl();
	struct asked a;

	(void)state;
	ask(nl, &a, true);
	part(1, 1, 0, 0);
	overrun_next();
	part(1, 2, 0, 6000);
	notification(9, 0);
	done_at(1);
	nl_flush(nl, NSEC(0));
	assert_true(nl_receive(nl));
	assert_int_equal(a.n_done, 1);
	assert_int_equal(a.error, 0);
	assert_true(a.n_messages > 2);
	assert_int_equal(n_overruns, 1);
	assert_int_equal(n_notified, 1);
	nl_free(nl);
}

static void a_dump_without_an_end_ends(void **state)
{
	struct nl *nl = open_nl();
	struct asked a;

	(void)state;
	ask(nl, &a, true);
	part(1, 1, 0, 0);
	nl_flush(nl, NSEC(0));
	assert_int_equal(a.n_messages, 1);
	(void)timers_run(loop_timers(loop), after(SEC(6)));
	assert_int_equal(a.n_done, 1);
	assert_int_equal(a.error, -ETIMEDOUT);
	nl_free(nl);
}

static void a_busy_kernel_is_an_answer(void **state)
{
	struct nl *nl = open_nl();
	struct asked a;

	(void)state;
	ask(nl, &a, true);
	answer(1, -EBUSY);
	/* The old dump is still being read, in large parts. */
	part(SEQ_OF_OTHERS, 1, 0, 6000);
	done_at(SEQ_OF_OTHERS);
	nl_flush(nl, NSEC(0));
	assert_true(nl_receive(nl));
	assert_int_equal(a.error, -EBUSY);
	assert_int_equal(a.n_done, 1);
	assert_int_equal(n_overruns, 0);
	nl_free(nl);
}

static void an_interrupted_dump_says_so(void **state)
{
	struct nl *nl = open_nl();
	struct asked a;

	(void)state;
	ask(nl, &a, true);
	part(1, 1, 0, 0);
	part(1, 2, NLM_F_DUMP_INTR, 0);
	part(1, 3, 0, 0);
	done_at(1);
	nl_flush(nl, NSEC(0));
	assert_int_equal(a.error, -EINTR);
	assert_int_equal(a.n_messages, 3);
	nl_free(nl);
}

/* The first one is lost; the next of that size is not, and small ones still come many at once. */
static void a_large_notification_teaches_its_size(void **state)
{
	struct nl *nl = open_nl();

	(void)state;
	notification(1, 7000);
	assert_true(nl_receive(nl));
	assert_int_equal(n_overruns, 1);
	assert_int_equal(n_notified, 0);
	notification(1, 7000);
	assert_true(nl_receive(nl));
	assert_int_equal(n_overruns, 1);
	assert_true(n_notified > 100);
	nl_free(nl);
}

static void garbage_is_a_loss(void **state)
{
	struct nl *nl = open_nl();
	struct asked a;
	struct item *item;

	(void)state;
	ask(nl, &a, false);
	item = item_new(0);
	memset(item->bytes, 0xff, item->len = 40);
	nl_flush(nl, NSEC(0));
	assert_int_equal(a.n_done, 1);
	assert_int_equal(a.error, -ENOBUFS);
	assert_int_equal(n_overruns, 1);
	ask(nl, &a, false);
	item_new(0)->len = 3;	/* too short for anything */
	nl_flush(nl, NSEC(0));
	assert_int_equal(a.error, -ENOBUFS);
	nl_free(nl);
}

/* -- the monitor --------------------------------------------------------------------------- */

static unsigned counts[MONITOR_ROUTES_END + 1];

static void heard(void *arg, const struct monitor_event *e, ktime now)
{
	(void)arg, (void)now;
	counts[e->type]++;
}

static struct monitor *open_monitor(bool routes)
{
	struct monitor *m = monitor_new(
		loop, NULL, &(struct monitor_options){ .event = heard, .routes = routes });

	memset(counts, 0, sizeof(counts));
	assert_non_null(m);
	return m;
}

/* One wake-up at @now, without waiting: deferred calls run in it. */
static void end_loop(struct timer *t, ktime now)
{
	(void)t, (void)now;
	loop_stop(loop, 0);
}

static void wake_up(ktime now)
{
	struct timer end = { .fire = end_loop };

	(void)timers_run(loop_timers(loop), now);
	timer_arm(loop_timers(loop), &end, clock_now());
	assert_int_equal(loop_run(loop), 0);
}

static void a_monitor_reads_again_after_an_overrun(void **state)
{
	struct monitor *m = open_monitor(false);

	(void)state;
	done_at(1);
	done_at(2);
	assert_int_equal(monitor_sync(m), 0);
	assert_int_equal(counts[MONITOR_SYNC_END], 1);
	overrun_next();
	assert_true(monitor_drain(m));
	done_at(3);
	done_at(4);
	wake_up(after(SEC(1)));
	assert_int_equal(monitor_overruns(m), 1);
	assert_int_equal(counts[MONITOR_SYNC_BEGIN], 2);
	assert_int_equal(counts[MONITOR_SYNC_END], 2);
	monitor_free(m);
}

/* Lost while reading: counted once, and read once more. */
static void an_overrun_while_reading_is_one(void **state)
{
	struct monitor *m = open_monitor(false);

	(void)state;
	part(1, 1, 0, 0);
	overrun_next();
	part(1, 2, 0, 6000);
	done_at(1);
	done_at(2);
	done_at(3);
	done_at(4);
	assert_int_equal(monitor_sync(m), 0);
	assert_int_equal(monitor_overruns(m), 1);
	assert_int_equal(counts[MONITOR_SYNC_BEGIN], 2);
	assert_int_equal(counts[MONITOR_SYNC_END], 1);
	monitor_free(m);
}

static void a_monitor_whose_dump_gets_lost_asks_again(void **state)
{
	struct monitor *m = open_monitor(false);

	(void)state;
	/* Nothing arrives. */
	assert_int_equal(monitor_sync(m), -EAGAIN);
	(void)timers_run(loop_timers(loop), after(SEC(6)));
	assert_int_equal(fake.n_sent, 1);
	answer(2, -EBUSY);
	wake_up(after(SEC(7)));
	assert_int_equal(fake.n_sent, 2);
	assert_int_equal(counts[MONITOR_SYNC_END], 0);
	done_at(3);
	done_at(4);
	wake_up(after(SEC(8)));
	assert_int_equal(counts[MONITOR_SYNC_END], 1);
	monitor_free(m);
}

static void a_monitor_repeats_what_changed_but_not_for_ever(void **state)
{
	struct monitor *m = open_monitor(false);

	(void)state;
	part(1, 1, NLM_F_DUMP_INTR, 0);
	done_at(1);
	part(2, 1, 0, 0);
	done_at(2);
	done_at(3);
	assert_int_equal(monitor_sync(m), 0);
	assert_int_equal(fake.n_sent, 3);
	assert_int_equal(counts[MONITOR_SYNC_BEGIN], 1);
	assert_int_equal(counts[MONITOR_SYNC_END], 1);
	monitor_free(m);

	m = open_monitor(false);
	fake.n_sent = fake.last_seq = 0;
	for (uint32_t seq = 1; seq <= 20; seq++) {
		part(seq, 1, NLM_F_DUMP_INTR, 0);
		done_at(seq);
	}
	assert_int_equal(monitor_sync(m), -EINTR);
	assert_int_equal(fake.n_sent, 20);
	assert_int_equal(counts[MONITOR_SYNC_BEGIN], 5);
	assert_int_equal(counts[MONITOR_SYNC_END], 0);
	monitor_free(m);
}

static void routes_are_read_once_for_many_requests(void **state)
{
	struct monitor *m = open_monitor(true);

	(void)state;
	for (uint32_t seq = 1; seq <= 4; seq++)
		done_at(seq);
	assert_int_equal(monitor_sync(m), 0);
	for (unsigned i = 0; i < 10; i++)
		monitor_reread_routes(m);
	fake.n_sent = 0;
	done_at(5);
	done_at(6);
	wake_up(after(SEC(1)));
	assert_int_equal(fake.n_sent, 2);
	assert_int_equal(fake.types[0], RTM_GETROUTE);
	assert_int_equal(fake.types[1], RTM_GETRULE);
	assert_int_equal(counts[MONITOR_ROUTES_BEGIN], 1);
	assert_int_equal(counts[MONITOR_ROUTES_END], 1);
	assert_int_equal(counts[MONITOR_SYNC_BEGIN], 1);
	monitor_free(m);
}

#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const struct CMUnitTest tests[] = {
	T(a_lost_ack_ends_at_its_deadline),
	T(late_is_not_lost),
	T(an_overrun_ends_what_has_no_answer),
	T(a_dump_goes_on_through_an_overrun),
	T(a_dump_without_an_end_ends),
	T(a_busy_kernel_is_an_answer),
	T(an_interrupted_dump_says_so),
	T(a_large_notification_teaches_its_size),
	T(garbage_is_a_loss),
	T(a_monitor_reads_again_after_an_overrun),
	T(an_overrun_while_reading_is_one),
	T(a_monitor_whose_dump_gets_lost_asks_again),
	T(a_monitor_repeats_what_changed_but_not_for_ever),
	T(routes_are_read_once_for_many_requests),
};

UNIT_MAIN(tests)
