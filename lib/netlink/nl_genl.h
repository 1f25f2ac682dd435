/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generic netlink: messages of families whose numbers the kernel hands out, and the question for
 * such a number. Bytes only; genl.h asks it over a socket.
 */
#pragma once

#include "netlink/nl_msg.h"

/** Begin a message to family @id (from a look-up); attributes and nl_end() follow as usual. */
void nl_genl_begin(struct nl_buf *, uint16_t id, uint8_t command, uint8_t version, uint16_t flags);

/** Append the question for the number of the family called @name ("IPVS"). */
void nl_genl_ask(struct nl_buf *, const char *name);
/** The number in an answer to it. False if it is no such answer, malformed, or without one. */
bool nl_genl_parse_id(const struct nl_view *, uint16_t *out_id);

/** Take apart a message of a family: @out_command, and in @out_attrs what follows its header, for
 *  nl_attrs(). False if it is too short. */
bool nl_genl_parse(const struct nl_view *, uint8_t *out_command, struct span *out_attrs);
