/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which notifications of rtnetlink are worth waking up for.
 *
 * Thousands of addresses and routes that are set at once come back as notifications, two for an
 * address with its local route. The kernel drops what nobody reads before it is queued. A
 * notification is one message, so its first header tells; IPv6 addresses always pass, because
 * duplicate address detection changes them later. The program loads in network order what netlink
 * writes in that of the host.
 */
#include "netlink/nl_filter.h"

#include <arpa/inet.h>
#include <assert.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "base/attr.h"

#define PASS 0xffffffffu

#define AT_TYPE	  offsetof(struct nlmsghdr, nlmsg_type)
#define AT_FLAGS  offsetof(struct nlmsghdr, nlmsg_flags)
#define AT_PORT	  offsetof(struct nlmsghdr, nlmsg_pid)
#define AT_FAMILY NLMSG_HDRLEN

size_t nl_filter_build(uint32_t port, struct sock_filter *out)
{
	const struct sock_filter program[] = {
		/* 0 */ BPF_STMT(BPF_LD | BPF_H | BPF_ABS, AT_TYPE),
		/* 1 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWROUTE), 0, 2),
		/* 2 */ BPF_STMT(BPF_LD | BPF_H | BPF_ABS, AT_FLAGS),
		/* 3 */ BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, htons(NLM_F_MULTI), 5, 6),
		/* 4 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htons(RTM_NEWADDR), 0, 4),
		/* 5 */ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, AT_PORT),
		/* 6 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, htonl(port), 0, 2),
		/* 7 */ BPF_STMT(BPF_LD | BPF_B | BPF_ABS, AT_FAMILY),
		/* 8 */ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 1, 0),
		/* 9 */ BPF_STMT(BPF_RET | BPF_K, PASS),
		/* 10 */ BPF_STMT(BPF_RET | BPF_K, 0),
	};

	static_assert(ARRAY_LEN(program) <= NL_FILTER_MAX, "room for the program");
	memcpy(out, program, sizeof(program));
	/* Notifications of what the kernel does by itself have port 0. */
	if (port == 0)
		out[4] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, PASS);
	return ARRAY_LEN(program);
}
