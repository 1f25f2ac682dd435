/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter of notifications, run by the kernel: on a pair of sockets, messages of every kind are
 * sent, and what arrives is looked at.
 */
#include "unit.h"

#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/sock.h"
#include "netlink/nl_filter.h"

#define PORT 4711u

struct message {
	struct nlmsghdr head;
	struct rtmsg body;		/* its first byte is the family, as of all of rtnetlink */
};

static bool passes(uint32_t filter_port, struct message m)
{
	struct sock_filter program[NL_FILTER_MAX];
	size_t n = nl_filter_build(filter_port, program);
	struct message got;
	int fds[2];
	ssize_t len;

	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds), 0);
	assert_int_equal(sock_attach_filter(fds[1], program, n), 0);
	m.head.nlmsg_len = sizeof(m);
	/* A socket of this family says so when the filter drops: or it says nothing. */
	(void)send(fds[0], &m, sizeof(m), MSG_DONTWAIT);
	len = recv(fds[1], &got, sizeof(got), MSG_DONTWAIT);
	close(fds[0]);
	close(fds[1]);
	return len == sizeof(got) && memcmp(&got, &m, sizeof(m)) == 0;
}

static struct message make(uint16_t type, uint16_t flags, uint32_t port, uint8_t family)
{
	return (struct message){
		.head = { .nlmsg_type = type, .nlmsg_flags = flags, .nlmsg_pid = port },
		.body = { .rtm_family = family },
	};
}

static void new_routes_are_dropped_but_in_dumps(void **state)
{
	(void)state;
	for (uint32_t port = 0; port <= PORT; port += PORT) {
		assert_false(passes(port, make(RTM_NEWROUTE, 0, 0, AF_INET)));
		assert_false(passes(port, make(RTM_NEWROUTE, NLM_F_REPLACE, PORT, AF_INET6)));
		assert_true(passes(port, make(RTM_NEWROUTE, NLM_F_MULTI, PORT, AF_INET)));
		assert_true(passes(port, make(RTM_NEWROUTE, NLM_F_MULTI | NLM_F_DUMP_INTR, 1,
					      AF_INET6)));
		assert_true(passes(port, make(RTM_DELROUTE, 0, 0, AF_INET)));
		assert_true(passes(port, make(RTM_DELROUTE, 0, PORT, AF_INET)));
	}
}

static void own_ipv4_addresses_are_dropped(void **state)
{
	(void)state;
	assert_false(passes(PORT, make(RTM_NEWADDR, 0, PORT, AF_INET)));
	assert_true(passes(PORT, make(RTM_NEWADDR, 0, PORT, AF_INET6)));
	assert_true(passes(PORT, make(RTM_NEWADDR, 0, PORT + 1, AF_INET)));
	assert_true(passes(PORT, make(RTM_NEWADDR, NLM_F_MULTI, PORT + 1, AF_INET)));
	assert_true(passes(PORT, make(RTM_NEWADDR, 0, 0, AF_INET)));
	assert_true(passes(PORT, make(RTM_DELADDR, 0, PORT, AF_INET)));
}

static void without_port_every_address_passes(void **state)
{
	(void)state;
	assert_true(passes(0, make(RTM_NEWADDR, 0, 0, AF_INET)));
	assert_true(passes(0, make(RTM_NEWADDR, 0, PORT, AF_INET)));
}

static void the_rest_passes(void **state)
{
	static const uint16_t types[] = { RTM_NEWLINK, RTM_DELLINK, RTM_NEWRULE, RTM_DELRULE,
					  NLMSG_ERROR, NLMSG_DONE };

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		assert_true(passes(PORT, make(types[i], 0, PORT, AF_INET)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(new_routes_are_dropped_but_in_dumps),
		cmocka_unit_test(own_ipv4_addresses_are_dropped),
		cmocka_unit_test(without_port_every_address_passes),
		cmocka_unit_test(the_rest_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
