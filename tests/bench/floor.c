/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel alone takes for a takeover: the floor of the measurement.
 *
 *	floor IFNAME ADDRESSES ROUTES
 *
 * Sets the addresses 10.200.100.1... and the routes 10.201.0.1... on the interface in batches, then
 * announces every address twice five times, many frames per system call. Prints the CPU time of all
 * that and the time until every address has been announced once, in milliseconds. No router could
 * take less. The addresses go with their network namespace.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { CHUNK = 128, BATCH = 64, FRAME = 42, MESSAGE_MAX = 128, ROUNDS = 5, BURSTS = 2 };
enum { PROTOCOL = 18, ATTR_IFA_PROTO = 11, SNDBUF = 1 << 20 };

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static double ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The @i-th address or route, in network order. */
static uint32_t number(uint8_t second, uint8_t third, unsigned i)
{
	return htonl(10u << 24 | (uint32_t)second << 16 | (third + i / 250) << 8 | (i % 250 + 1));
}

static void put(struct nlmsghdr *h, uint16_t type, const void *value, size_t len)
{
	struct rtattr *a = (struct rtattr *)((char *)h + NLMSG_ALIGN(h->nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(len);
	memcpy(RTA_DATA(a), value, len);
	h->nlmsg_len = NLMSG_ALIGN(h->nlmsg_len) + (uint32_t)RTA_ALIGN(a->rta_len);
}

static void make_addr(struct nlmsghdr *h, unsigned ifindex, unsigned i)
{
	struct ifaddrmsg *m = NLMSG_DATA(h);
	uint32_t addr = number(200, 100, i);
	uint8_t protocol = PROTOCOL;

	*h = (struct nlmsghdr){ .nlmsg_len = NLMSG_LENGTH(sizeof(*m)), .nlmsg_type = RTM_NEWADDR,
				.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL };
	*m = (struct ifaddrmsg){ .ifa_family = AF_INET, .ifa_prefixlen = 32, .ifa_index = ifindex };
	put(h, IFA_LOCAL, &addr, sizeof(addr));
	put(h, IFA_ADDRESS, &addr, sizeof(addr));
	put(h, ATTR_IFA_PROTO, &protocol, sizeof(protocol));
}

static void make_route(struct nlmsghdr *h, unsigned ifindex, unsigned i)
{
	struct rtmsg *m = NLMSG_DATA(h);
	uint32_t to = number(201, 0, i);

	*h = (struct nlmsghdr){ .nlmsg_len = NLMSG_LENGTH(sizeof(*m)), .nlmsg_type = RTM_NEWROUTE,
				.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL };
	*m = (struct rtmsg){ .rtm_family = AF_INET, .rtm_dst_len = 32, .rtm_table = RT_TABLE_MAIN,
			     .rtm_protocol = PROTOCOL, .rtm_scope = RT_SCOPE_LINK,
			     .rtm_type = RTN_UNICAST };
	put(h, RTA_DST, &to, sizeof(to));
	put(h, RTA_OIF, &ifindex, sizeof(ifindex));
}

/* Nobody may answer: errors are the only answers that were asked for. */
static void send_chunk(int fd, const char *from, size_t len)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	char answer[MESSAGE_MAX];

	if (sendto(fd, from, len, 0, (struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		fail("netlink");
	if (recv(fd, answer, sizeof(answer), MSG_DONTWAIT) > 0) {
		fprintf(stderr, "the kernel refuses an address or a route\n");
		exit(1);
	}
}

static void set_all(int fd, unsigned ifindex, unsigned n,
		    void (*make)(struct nlmsghdr *, unsigned ifindex, unsigned i))
{
	static _Alignas(8) char chunk[CHUNK * MESSAGE_MAX];
	size_t len = 0;

	for (unsigned i = 0; i < n; i++) {
		struct nlmsghdr *h = (struct nlmsghdr *)(chunk + len);

		make(h, ifindex, i);
		len += NLMSG_ALIGN(h->nlmsg_len);
		if ((i + 1) % CHUNK == 0 || i + 1 == n) {
			send_chunk(fd, chunk, len);
			len = 0;
		}
	}
}

static void make_arp(uint8_t *f, uint32_t addr)
{
	static const uint8_t mac[ETH_ALEN] = { 2, 0, 0, 0, 0, 2 };
	static const uint8_t head[] = { 0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1 };

	memset(f, 0xff, FRAME);
	memcpy(f + 6, mac, sizeof(mac));
	memcpy(f + 12, head, sizeof(head));
	memcpy(f + 22, mac, sizeof(mac));
	memcpy(f + 28, &addr, sizeof(addr));
	memcpy(f + 38, &addr, sizeof(addr));
}

static void send_frames(int fd, struct mmsghdr *msgs, unsigned n)
{
	for (unsigned done = 0; done < n;) {
		int sent = sendmmsg(fd, msgs + done, n - done, 0);

		if (sent < 0)
			fail("sendmmsg");
		done += (unsigned)sent;
	}
}

static void announce(int fd, unsigned ifindex, unsigned n)
{
	static uint8_t frames[BATCH][FRAME];
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ARP),
				  .sll_ifindex = (int)ifindex, .sll_halen = ETH_ALEN };
	struct mmsghdr msgs[BATCH] = { 0 };
	struct iovec iov[BATCH];
	unsigned in_batch = 0;

	memset(to.sll_addr, 0xff, ETH_ALEN);
	for (unsigned i = 0; i < n; i++) {
		make_arp(frames[in_batch], number(200, 100, i));
		iov[in_batch] = (struct iovec){ frames[in_batch], FRAME };
		msgs[in_batch].msg_hdr = (struct msghdr){ .msg_name = &to,
							  .msg_namelen = sizeof(to),
							  .msg_iov = &iov[in_batch],
							  .msg_iovlen = 1 };
		if (++in_batch == BATCH || i + 1 == n) {
			send_frames(fd, msgs, in_batch);
			in_batch = 0;
		}
	}
}

int main(int argc, char **argv)
{
	int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int packet = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	unsigned ifindex = argc == 4 ? if_nametoindex(argv[1]) : 0;
	int size = SNDBUF;
	double cpu, start, took = 0;

	if (ifindex == 0 || netlink < 0 || packet < 0) {
		fprintf(stderr, "usage: floor IFNAME ADDRESSES ROUTES\n");
		return 2;
	}
	setsockopt(packet, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	cpu = ms(CLOCK_PROCESS_CPUTIME_ID);
	start = ms(CLOCK_MONOTONIC);
	set_all(netlink, ifindex, (unsigned)strtoul(argv[2], NULL, 10), make_addr);
	set_all(netlink, ifindex, (unsigned)strtoul(argv[3], NULL, 10), make_route);
	for (int i = 0; i < BURSTS * ROUNDS; i++) {
		announce(packet, ifindex, (unsigned)strtoul(argv[2], NULL, 10));
		if (i == 0)
			took = ms(CLOCK_MONOTONIC) - start;
	}
	printf("%.3f %.3f\n", ms(CLOCK_PROCESS_CPUTIME_ID) - cpu, took);
	return 0;
}
