/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names for VMAC interfaces.
 */
#include "vrrp/vmac_name.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#define TRIES 10000

static void compose(const char *prefix, const char *middle, uint8_t vrid, char *out)
{
	char tail[VMAC_NAME_MAX];
	size_t tail_len, len = strlen(prefix);

	(void)snprintf(tail, sizeof(tail), "%s.%u", middle, vrid);
	tail_len = strlen(tail);
	len = len + tail_len < VMAC_NAME_MAX ? len : VMAC_NAME_MAX - 1 - tail_len;
	memcpy(out, prefix, len);
	memcpy(out + len, tail, tail_len + 1);
}

void vmac_name_choose(const struct vmac_name *n, bool (*taken)(void *arg, const char *name),
		      void *arg, char out[VMAC_NAME_MAX])
{
	char middle[8];

	compose(n->prefix, n->family == AF_INET6 ? "6" : "", n->vrid, out);
	for (unsigned i = 1; i < TRIES && taken(arg, out); i++) {
		(void)snprintf(middle, sizeof(middle), "%u", i);
		compose(n->prefix, middle, n->vrid, out);
	}
}
