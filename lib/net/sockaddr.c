/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses to and from the socket addresses of the system. Promised by addr.h.
 */
#include <arpa/inet.h>
#include <string.h>

#include "net/addr.h"

static bool needs_scope(const struct in6_addr *a)
{
	return IN6_IS_ADDR_LINKLOCAL(a) || IN6_IS_ADDR_MC_LINKLOCAL(a) ||
	       IN6_IS_ADDR_MC_NODELOCAL(a);
}

socklen_t addr_to_sockaddr(struct addr a, uint16_t port, unsigned ifindex,
			   struct sockaddr_storage *out)
{
	struct sockaddr_in *in = (struct sockaddr_in *)out;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)out;

	memset(out, 0, sizeof(*out));
	if (a.family == AF_INET) {
		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		in->sin_addr = a.v4;
		return sizeof(*in);
	}
	if (a.family != AF_INET6)
		return 0;
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	in6->sin6_addr = a.v6;
	in6->sin6_scope_id = needs_scope(&a.v6) ? ifindex : 0;
	return sizeof(*in6);
}

bool addr_of_sockaddr(const struct sockaddr *sa, struct addr *out, uint16_t *out_port)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)sa;
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)sa;

	if (sa->sa_family == AF_INET) {
		*out = addr_of_bytes(AF_INET, &in->sin_addr);
		*out_port = ntohs(in->sin_port);
		return true;
	}
	if (sa->sa_family != AF_INET6)
		return false;
	*out = addr_of_bytes(AF_INET6, &in6->sin6_addr);
	*out_port = ntohs(in6->sin6_port);
	return true;
}
