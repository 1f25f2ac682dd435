/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tools for the benchmarks.
 *
 *	wiretool capture IFNAME FILE SECONDS	record adverts and gratuitous ARPs of an
 *						interface, or of "any", with kernel timestamps:
 *						struct record, appended to FILE
 *	wiretool bare-send IFNAME COUNT		CPU time per bare raw-socket sendto() of an advert
 *	wiretool bare-receive IFNAME SECONDS	CPU time per advert of a bare recvmmsg() loop
 *	wiretool cost PROGRAM ARGUMENT...	run it without output; prints its CPU seconds and
 *						largest resident set in kB. A program begins with
 *						the size of who starts it: this one is small
 *	wiretool spawn COUNT PER_SECOND		start COUNT programs that end at once; prints how
 *						many and the seconds it took
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct record {
	uint64_t at_ns; /* CLOCK_REALTIME, from the kernel */
	uint8_t kind;	/* 1 advert, 2 gratuitous ARP, 3 unsolicited neighbour advertisement */
	uint8_t vrid;
	uint8_t priority;
	uint8_t mac_last;
	uint32_t address; /* ARP: the address announced; advert: its source */
};

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* True if the frame is one we record. */
static int classify(const uint8_t *f, size_t len, struct record *out)
{
	if (len < 42)
		return 0;
	out->mac_last = f[11];
	if (f[12] == 0x08 && f[13] == 0x00 && (f[23] == 112 || f[23] == 51)) {
		const uint8_t *v = f + 34 + (f[23] == 51 ? 24 : 0);

		out->kind = 1;
		out->vrid = v[1];
		out->priority = v[2];
		memcpy(&out->address, f + 26, 4);
		return 1;
	}
	if (f[12] == 0x08 && f[13] == 0x06 && !memcmp(f + 28, f + 38, 4)) {
		out->kind = 2;
		memcpy(&out->address, f + 38, 4);
		return 1;
	}
	if (f[12] == 0x86 && f[13] == 0xdd && f[20] == 112) {
		out->kind = 1;
		out->vrid = f[55];
		out->priority = f[56];
		return 1;
	}
	if (f[12] == 0x86 && f[13] == 0xdd && f[20] == 58 && f[54] == 136) {
		out->kind = 3;
		return 1;
	}
	return 0;
}

static int capture(const char *ifname, const char *file, double seconds)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_ALL),
				  .sll_ifindex = (int)if_nametoindex(ifname) };
	int on = 1, any = !strcmp(ifname, "any"), buffer = 64 << 20;
	uint64_t end = now_ns() + (uint64_t)(seconds * 1e9);
	FILE *out = fopen(file, "wb");
	uint8_t frame[256];

	if (fd < 0 || !out || !(at.sll_ifindex || any) ||
	    bind(fd, (struct sockaddr *)&at, sizeof(at)))
		fail("capture");
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof(buffer));
	printf("ready\n");
	fflush(stdout);
	while (now_ns() < end) {
		struct iovec iov = { frame, sizeof(frame) };
		char control[128];
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
				      .msg_controllen = sizeof(control) };
		struct pollfd p = { .fd = fd, .events = POLLIN };
		struct record record = { 0 };

		if (poll(&p, 1, 100) <= 0)
			continue;
		ssize_t n = recvmsg(fd, &msg, 0);

		if (n < 0 || !classify(frame, (size_t)n, &record))
			continue;
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c)) {
			struct timespec t;

			if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SO_TIMESTAMPNS)
				continue;
			memcpy(&t, CMSG_DATA(c), sizeof(t));
			record.at_ns = (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
		}
		fwrite(&record, sizeof(record), 1, out);
	}
	return fclose(out) ? 1 : 0;
}

static int bare_send(const char *ifname, unsigned long count)
{
	uint8_t packet[40] = { 0x45, 0xc0, 0, 32, 0, 1, 0, 0, 255, 112 };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0xe0000012) };
	struct ip_mreqn mreq = { .imr_ifindex = (int)if_nametoindex(ifname) };
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, 112), on = 1, off = 0;

	if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_HDRINCL, &on, sizeof(on)) ||
	    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &mreq, sizeof(mreq)) ||
	    setsockopt(fd, IPPROTO_IP, IP_MULTICAST_LOOP, &off, sizeof(off)))
		fail("bare-send");
	memcpy(packet + 16, &to.sin_addr, 4);
	packet[12] = 192;
	packet[15] = 1;
	packet[20] = 0x31;
	uint64_t start = cpu_ns();

	for (unsigned long i = 0; i < count; i++)
		if (sendto(fd, packet, 32, MSG_DONTROUTE, (struct sockaddr *)&to, sizeof(to)) < 0 &&
		    errno != ENOBUFS)
			fail("sendto");
	printf("%.0f\n", (double)(cpu_ns() - start) / (double)count);
	return 0;
}

static int bare_receive(const char *ifname, double seconds)
{
	enum { BATCH = 64 };
	static uint8_t buffers[BATCH][256];
	struct mmsghdr messages[BATCH] = { 0 };
	struct iovec iov[BATCH];
	struct ip_mreqn mreq = { .imr_multiaddr.s_addr = htonl(0xe0000012),
				 .imr_ifindex = (int)if_nametoindex(ifname) };
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 112);
	uint64_t end = now_ns() + (uint64_t)(seconds * 1e9), start = cpu_ns(), packets = 0;

	if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &mreq, sizeof(mreq)))
		fail("bare-receive");
	for (int i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec){ buffers[i], sizeof(buffers[i]) };
		messages[i].msg_hdr.msg_iov = &iov[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	printf("ready\n");
	fflush(stdout);
	while (now_ns() < end) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int n;

		if (poll(&p, 1, 50) <= 0)
			continue;
		while ((n = recvmmsg(fd, messages, BATCH, 0, NULL)) > 0)
			packets += (uint64_t)n;
	}
	printf("%.0f %llu\n", packets ? (double)(cpu_ns() - start) / (double)packets : 0.0,
	       (unsigned long long)packets);
	return 0;
}

static int spawn(char *self, unsigned long count, unsigned long per_second)
{
	char *const argv[] = { self, "end", NULL };
	uint64_t start = now_ns();

	for (unsigned long i = 0; i < count; i++) {
		uint64_t due = start + i * 1000000000u / per_second, now = now_ns();
		struct timespec wait = { 0, now < due ? (long)(due - now) : 0 };
		pid_t pid;

		if (wait.tv_nsec > 0)
			nanosleep(&wait, NULL);
		pid = vfork();
		if (pid == 0) {
			execv("/proc/self/exe", argv);
			_exit(1);
		}
		if (pid < 0 || waitpid(pid, NULL, 0) < 0)
			fail("spawn");
	}
	printf("%lu %.3f\n", count, (double)(now_ns() - start) / 1e9);
	return 0;
}

static double seconds_of(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static int cost(char **argv)
{
	pid_t child = vfork();
	struct rusage usage;
	int status;

	if (child == 0) {
		int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

		for (int fd = 0; fd <= 2; fd++)
			(void)dup2(nowhere, fd);
		(void)execv(argv[0], argv);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) != child || !WIFEXITED(status) ||
	    WEXITSTATUS(status) == 127)
		return 1;
	printf("%.6f %ld\n", seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
	       usage.ru_maxrss);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "end"))
		return 0;
	if (argc >= 3 && !strcmp(argv[1], "cost"))
		return cost(argv + 2);
	if (argc == 4 && !strcmp(argv[1], "spawn"))
		return spawn(argv[0], strtoul(argv[2], NULL, 10), strtoul(argv[3], NULL, 10));
	if (argc == 5 && !strcmp(argv[1], "capture"))
		return capture(argv[2], argv[3], strtod(argv[4], NULL));
	if (argc == 4 && !strcmp(argv[1], "bare-send"))
		return bare_send(argv[2], strtoul(argv[3], NULL, 10));
	if (argc == 4 && !strcmp(argv[1], "bare-receive"))
		return bare_receive(argv[2], strtod(argv[3], NULL));
	fprintf(stderr, "usage: wiretool capture IF FILE SECONDS | bare-send IF COUNT | "
			"bare-receive IF SECONDS | cost PROGRAM... | spawn COUNT PER_SECOND\n");
	return 2;
}
