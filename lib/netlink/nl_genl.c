/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generic netlink as messages: the small header in front of the attributes, and the question to
 * the controller (family GENL_ID_CTRL) for the number of a family.
 */
#include "netlink/nl_genl.h"

#include <linux/genetlink.h>
#include <netlink/attr.h>

#define CTRL_VERSION 1

void nl_genl_begin(struct nl_buf *b, uint16_t id, uint8_t command, uint8_t version, uint16_t flags)
{
	struct genlmsghdr head = { .cmd = command, .version = version };

	nl_begin(b, id, flags, &head, sizeof(head));
}

void nl_genl_ask(struct nl_buf *b, const char *name)
{
	nl_genl_begin(b, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, CTRL_VERSION, 0);
	nl_put_text(b, CTRL_ATTR_FAMILY_NAME, name);
	nl_end(b);
}

bool nl_genl_parse(const struct nl_view *m, uint8_t *out_command, struct span *out_attrs)
{
	struct reader r = reader_of(m->body);
	struct genlmsghdr head;

	if (!read_bytes(&r, &head, sizeof(head)))
		return false;
	*out_command = head.cmd;
	*out_attrs = read_span(&r, reader_left(&r));
	return true;
}

bool nl_genl_parse_id(const struct nl_view *m, uint16_t *out_id)
{
	static const struct nla_policy rules[CTRL_ATTR_FAMILY_ID + 1] = {
		[CTRL_ATTR_FAMILY_ID] = { .type = NLA_U16 },
	};
	struct span attrs, at[ARRAY_LEN(rules)];
	uint8_t command;

	if (m->type != GENL_ID_CTRL || !nl_genl_parse(m, &command, &attrs) ||
	    command != CTRL_CMD_NEWFAMILY || !nl_attrs(attrs, rules, at, ARRAY_LEN(at)) ||
	    at[CTRL_ATTR_FAMILY_ID].data == NULL)
		return false;
	*out_id = nl_get_u16(at[CTRL_ATTR_FAMILY_ID]);
	return true;
}
