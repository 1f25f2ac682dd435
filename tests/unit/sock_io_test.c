/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sockets on the loopback interface of a network namespace of their own.
 */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/time.h"
#include "net/sock.h"

static bool in_own_namespace;

/** A namespace with nothing but its loopback interface, up. */
static int enter_namespace(void **state)
{
	struct ifreq req = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	attr_cleanup(close_fd) int fd = -1;

	(void)state;
	if (unshare(CLONE_NEWNET) < 0)
		return 0;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	in_own_namespace = fd >= 0 && ioctl(fd, SIOCSIFFLAGS, &req) == 0;
	return 0;
}

static struct addr of(const char *text)
{
	struct addr a = { 0 };

	assert_true(addr_parse(text, &a));
	return a;
}

static int open_or_fail(const struct sock_spec *spec)
{
	const char *step = "";
	int fd = sock_open(spec, &step);

	if (fd < 0)
		fail_msg("%s: %s", step, strerror(-fd));
	return fd;
}

/** Receive within a deadline. */
static ssize_t receive(int fd, void *buf, size_t size, struct sock_rx *rx)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	assert_int_equal(poll(&p, 1, 20000), 1);
	return sock_receive(fd, buf, size, rx);
}

static void udp_with_everything(const char *text, uint8_t ttl)
{
	struct addr lo = of(text);
	struct sock_spec spec = {
		.family = lo.family, .type = SOCK_DGRAM, .ttl = ttl, .tos = 0xc0,
		.reuse_addr = true, .freebind = true, .priority = 6,
		.receive_buffer = 100000, .send_buffer = 100000, .force_buffers = true,
		.want_pktinfo = true, .want_ttl = true, .want_timestamp = true,
		.bind_addr = lo, .bind_port = 4000, .no_multicast_loop = true,
		.joined_only = true, .multicast_ttl = 9, .device = "lo",
		.multicast_ifindex = if_nametoindex("lo"), .mark = 7,
	};
	int fd = open_or_fail(&spec);
	struct sock_tx tx = { .dst = lo, .port = 4000, .ifindex = if_nametoindex("lo"), .src = lo };
	struct sock_rx rx;
	char buf[4];

	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	assert_int_equal(sock_receive(fd, buf, sizeof(buf), &rx), -EAGAIN);
	assert_int_equal(sock_send(fd, (struct span){ (const uint8_t *)"abcdef", 6 }, &tx), 6);
	assert_int_equal(receive(fd, buf, sizeof(buf), &rx), 4);
	assert_true(rx.truncated);
	assert_memory_equal(buf, "abcd", 4);
	assert_true(addr_equal(rx.src, lo));
	assert_true(addr_equal(rx.dst, lo));
	assert_int_equal(rx.src_port, 4000);
	assert_int_equal(rx.ifindex, if_nametoindex("lo"));
	assert_int_equal(rx.ttl, ttl);
	assert_true(rx.wall_ns > 0);
	(void)close(fd);
}

static void udp_ipv4(void **state)
{
	(void)state;
	if (!in_own_namespace)
		SKIP_BECAUSE("needs root for a network namespace");
	udp_with_everything("127.0.0.1", 255);
}

static void udp_ipv6(void **state)
{
	(void)state;
	if (!in_own_namespace)
		SKIP_BECAUSE("needs root for a network namespace");
	udp_with_everything("::1", 254);
}

static void filter_lets_pass_what_it_shall(void **state)
{
	/* UDP payloads that begin with 'y'. */
	static const struct sock_filter want_y[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 8),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 'y', 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 0xffff),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_spec spec = { .family = AF_INET, .type = SOCK_DGRAM, .bind_port = 4001,
				  .filter = want_y, .n_filter = ARRAY_LEN(want_y) };
	struct sock_tx tx = { .dst = of("127.0.0.1"), .port = 4001 };
	struct sock_rx rx;
	char buf[8];
	int fd;

	(void)state;
	if (!in_own_namespace)
		SKIP_BECAUSE("needs root for a network namespace");
	fd = open_or_fail(&spec);
	assert_int_equal(sock_send(fd, (struct span){ (const uint8_t *)"no", 2 }, &tx), 2);
	assert_int_equal(sock_send(fd, (struct span){ (const uint8_t *)"yes", 3 }, &tx), 3);
	assert_int_equal(receive(fd, buf, sizeof(buf), &rx), 3);
	assert_int_equal(rx.ttl, -1);
	assert_int_equal(sock_receive(fd, buf, sizeof(buf), &rx), -EAGAIN);
	assert_int_equal(sock_send(fd, (struct span){ (const uint8_t *)"yes", 3 }, &tx), 3);
	sock_drain(fd, 10);
	assert_int_equal(sock_receive(fd, buf, sizeof(buf), &rx), -EAGAIN);
	(void)close(fd);
}

static void membership(void **state)
{
	static const char *const groups[] = { "224.0.0.18", "ff02::12" };
	unsigned lo = if_nametoindex("lo");

	(void)state;
	if (!in_own_namespace)
		SKIP_BECAUSE("needs root for a network namespace");
	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		struct addr group = of(groups[i]);
		struct sock_spec spec = { .family = group.family, .type = SOCK_RAW,
					  .protocol = 112 };
		int fd = open_or_fail(&spec);

		assert_int_equal(sock_join(fd, group, lo), 0);
		assert_int_equal(sock_join(fd, group, lo), 0);
		assert_int_equal(sock_leave(fd, group, lo), 0);
		assert_int_equal(sock_leave(fd, group, lo), -EADDRNOTAVAIL);
		(void)close(fd);
	}
}

static void names_what_failed(void **state)
{
	struct sock_spec spec = { .family = AF_INET, .type = SOCK_DGRAM, .device = "none0" };
	const char *step = NULL;

	(void)state;
	if (!in_own_namespace)
		SKIP_BECAUSE("needs root for a network namespace");
	assert_int_equal(sock_open(&spec, &step), -ENODEV);
	assert_string_equal(step, "SO_BINDTODEVICE");
	spec = (struct sock_spec){ .family = AF_INET, .type = SOCK_DGRAM,
				   .bind_addr = of("192.0.2.1") };
	assert_int_equal(sock_open(&spec, &step), -EADDRNOTAVAIL);
	assert_string_equal(step, "bind");
	spec = (struct sock_spec){ .family = AF_INET6, .type = SOCK_STREAM, .checksum_at = 7 };
	assert_true(sock_open(&spec, &step) < 0);
	assert_string_equal(step, "IPV6_CHECKSUM");
	spec = (struct sock_spec){ .family = -1, .type = SOCK_STREAM };
	assert_true(sock_open(&spec, &step) < 0);
	assert_string_equal(step, "socket");
	assert_true(sock_open(&spec, NULL) < 0);
}

static void refused_connection(void **state)
{
	struct sock_spec spec = { .family = AF_INET, .type = SOCK_STREAM };
	struct pollfd p = { .events = POLLOUT };
	int err;

	(void)state;
	if (!in_own_namespace)
		SKIP_BECAUSE("needs root for a network namespace");
	p.fd = open_or_fail(&spec);
	err = sock_connect(p.fd, of("127.0.0.1"), 9, 0);
	if (err == -EINPROGRESS) {
		assert_int_equal(poll(&p, 1, 20000), 1);
		err = sock_take_error(p.fd);
	}
	assert_int_equal(err, -ECONNREFUSED);
	(void)close(p.fd);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(udp_ipv4),
	cmocka_unit_test(udp_ipv6),
	cmocka_unit_test(filter_lets_pass_what_it_shall),
	cmocka_unit_test(membership),
	cmocka_unit_test(names_what_failed),
	cmocka_unit_test(refused_connection),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, enter_namespace, NULL) ? 1 : 0;
}
