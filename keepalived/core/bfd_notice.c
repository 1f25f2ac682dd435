/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records between the BFD engine and those who track its sessions.
 */
#include "core/bfd_notice.h"

#include <string.h>

#include "base/str.h"

#define MAGIC 0x42464431u	/* "BFD1" */

struct bfd_notice bfd_notice_state(const char *name, enum bfd_notice_state state, uint8_t diag,
				   ktime at)
{
	struct bfd_notice n = {
		.magic = MAGIC,
		.word = BFD_NOTICE_STATE,
		.state = (uint8_t)state,
		.diag = diag,
		.at_ns = at.ns,
	};

	(void)str_copy(n.name, sizeof(n.name), name);
	return n;
}

struct bfd_notice bfd_notice_ask(ktime at)
{
	return (struct bfd_notice){ .magic = MAGIC, .word = BFD_NOTICE_ASK, .at_ns = at.ns };
}

bool bfd_notice_read(const void *data, size_t len, struct bfd_notice *out)
{
	struct bfd_notice n;

	if (len != sizeof(n))
		return false;
	memcpy(&n, data, sizeof(n));
	if (n.magic != MAGIC || memchr(n.name, '\0', sizeof(n.name)) == NULL)
		return false;
	if (n.word != BFD_NOTICE_ASK &&
	    (n.word != BFD_NOTICE_STATE || n.state > BFD_NOTICE_UP || n.name[0] == '\0'))
		return false;
	*out = n;
	return true;
}
