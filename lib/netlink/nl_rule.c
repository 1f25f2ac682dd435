/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy rules as netlink messages (RTM_NEWRULE, RTM_DELRULE, RTM_GETRULE).
 */
#include "netlink/nl_rule.h"

#include <endian.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <netlink/attr.h>
#include <string.h>

#include "base/str.h"

static uint8_t prefix_bits(struct prefix p)
{
	return addr_is_set(p.addr) ? p.len : 0;
}

static void put_ports(struct nl_buf *b, uint16_t type, const struct rule_range *range)
{
	struct fib_rule_port_range ports = { (uint16_t)range->from, (uint16_t)range->to };

	if (range->set)
		nl_put(b, type, &ports, sizeof(ports));
}

static void put_selectors(struct nl_buf *b, const struct rule *r)
{
	if (prefix_bits(r->from) > 0)
		nl_put_addr(b, FRA_SRC, r->from.addr);
	if (prefix_bits(r->to) > 0)
		nl_put_addr(b, FRA_DST, r->to.addr);
	if (r->iif != NULL)
		nl_put_text(b, FRA_IIFNAME, r->iif);
	if (r->oif != NULL)
		nl_put_text(b, FRA_OIFNAME, r->oif);
	if (r->has_fwmark)
		nl_put_u32(b, FRA_FWMARK, r->fwmark);
	if (r->has_fwmask)
		nl_put_u32(b, FRA_FWMASK, r->fwmask);
	if (r->has_tunnel_id)
		nl_put_u64(b, FRA_TUN_ID, htobe64(r->tunnel_id));
	if (r->uids.set) {
		struct fib_rule_uid_range uids = { r->uids.from, r->uids.to };

		nl_put(b, FRA_UID_RANGE, &uids, sizeof(uids));
	}
	if (r->has_ip_proto)
		nl_put_u8(b, FRA_IP_PROTO, r->ip_proto);
	put_ports(b, FRA_SPORT_RANGE, &r->sport);
	put_ports(b, FRA_DPORT_RANGE, &r->dport);
}

/* The kernel's number of an action; l3mdev is a table look-up with a flag. */
static uint8_t kernel_action(enum rule_action action)
{
	static const uint8_t numbers[] = {
		[RULE_NO_ACTION] = FR_ACT_UNSPEC,	[RULE_TABLE] = FR_ACT_TO_TBL,
		[RULE_L3MDEV] = FR_ACT_TO_TBL,		[RULE_GOTO] = FR_ACT_GOTO,
		[RULE_NOP] = FR_ACT_NOP,		[RULE_BLACKHOLE] = FR_ACT_BLACKHOLE,
		[RULE_UNREACHABLE] = FR_ACT_UNREACHABLE, [RULE_PROHIBIT] = FR_ACT_PROHIBIT,
	};

	return numbers[action];
}

static void put_rule(struct nl_buf *b, uint16_t type, uint16_t nl_flags, const struct rule *r)
{
	uint32_t table = r->action == RULE_TABLE ? r->table : 0;
	struct fib_rule_hdr head = {
		.family = r->family,
		.dst_len = prefix_bits(r->to),
		.src_len = prefix_bits(r->from),
		.tos = r->tos,
		.table = table < 256 ? (uint8_t)table : RT_TABLE_UNSPEC,
		.action = kernel_action(r->action),
		.flags = r->invert ? FIB_RULE_INVERT : 0,
	};

	nl_begin(b, type, nl_flags, &head, sizeof(head));
	nl_put_u32(b, FRA_PRIORITY, r->preference);
	put_selectors(b, r);
	if (r->action == RULE_L3MDEV)
		nl_put_u8(b, FRA_L3MDEV, 1);
	if (table != 0)
		nl_put_u32(b, FRA_TABLE, table);
	if (r->action == RULE_GOTO)
		nl_put_u32(b, FRA_GOTO, r->target);
	if (r->realms.set)
		nl_put_u32(b, FRA_FLOW, (uint32_t)r->realms.from << 16 | r->realms.to);
	if (r->has_suppress_plen)
		nl_put_u32(b, FRA_SUPPRESS_PREFIXLEN, r->suppress_plen);
	if (r->has_suppress_group)
		nl_put_u32(b, FRA_SUPPRESS_IFGROUP, r->suppress_group);
	if (r->protocol != 0)
		nl_put_u8(b, FRA_PROTOCOL, r->protocol);
	nl_end(b);
}

void nl_rule_new(struct nl_buf *b, const struct rule *r)
{
	put_rule(b, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, r);
}

void nl_rule_del(struct nl_buf *b, const struct rule *r)
{
	put_rule(b, RTM_DELRULE, 0, r);
}

void nl_rule_dump(struct nl_buf *b, int family)
{
	struct fib_rule_hdr head = { .family = (uint8_t)family };

	nl_begin(b, RTM_GETRULE, NLM_F_DUMP, &head, sizeof(head));
	nl_end(b);
}

static void take_ranges(const struct span *at, struct rule *out)
{
	struct fib_rule_port_range ports;
	struct fib_rule_uid_range uids;

	if (at[FRA_SPORT_RANGE].data != NULL) {
		memcpy(&ports, at[FRA_SPORT_RANGE].data, sizeof(ports));
		out->sport = (struct rule_range){ true, ports.start, ports.end };
	}
	if (at[FRA_DPORT_RANGE].data != NULL) {
		memcpy(&ports, at[FRA_DPORT_RANGE].data, sizeof(ports));
		out->dport = (struct rule_range){ true, ports.start, ports.end };
	}
	if (at[FRA_UID_RANGE].data != NULL) {
		memcpy(&uids, at[FRA_UID_RANGE].data, sizeof(uids));
		out->uids = (struct rule_range){ true, uids.start, uids.end };
	}
}

static enum rule_action action_of(uint8_t number, bool l3mdev)
{
	switch (number) {
	case FR_ACT_TO_TBL:
		return l3mdev ? RULE_L3MDEV : RULE_TABLE;
	case FR_ACT_GOTO:
		return RULE_GOTO;
	case FR_ACT_NOP:
		return RULE_NOP;
	case FR_ACT_BLACKHOLE:
		return RULE_BLACKHOLE;
	case FR_ACT_UNREACHABLE:
		return RULE_UNREACHABLE;
	case FR_ACT_PROHIBIT:
		return RULE_PROHIBIT;
	}
	return RULE_NO_ACTION;
}

static const char *take_name(struct span attr, char *name, size_t size)
{
	nl_get_text(attr, name, size);
	return name[0] != '\0' ? name : NULL;
}

bool nl_rule_parse(const struct nl_view *m, struct nl_rule *out)
{
	static const struct nla_policy rules[FRA_DPORT_RANGE + 1] = {
		[FRA_IIFNAME] = { .type = NLA_STRING },
		[FRA_OIFNAME] = { .type = NLA_STRING },
		[FRA_GOTO] = { .type = NLA_U32 },
		[FRA_PRIORITY] = { .type = NLA_U32 },
		[FRA_FWMARK] = { .type = NLA_U32 },
		[FRA_FWMASK] = { .type = NLA_U32 },
		[FRA_TABLE] = { .type = NLA_U32 },
		[FRA_L3MDEV] = { .type = NLA_U8 },
		[FRA_UID_RANGE] = { .minlen = sizeof(struct fib_rule_uid_range) },
		[FRA_PROTOCOL] = { .type = NLA_U8 },
		[FRA_IP_PROTO] = { .type = NLA_U8 },
		[FRA_SPORT_RANGE] = { .minlen = sizeof(struct fib_rule_port_range) },
		[FRA_DPORT_RANGE] = { .minlen = sizeof(struct fib_rule_port_range) },
	};
	struct span at[ARRAY_LEN(rules)];
	struct reader r = reader_of(m->body);
	struct fib_rule_hdr head;

	if (m->type != RTM_NEWRULE && m->type != RTM_DELRULE)
		return false;
	if (!read_bytes(&r, &head, sizeof(head)))
		return false;
	if (!nl_attrs(read_span(&r, reader_left(&r)), rules, at, ARRAY_LEN(at)))
		return false;

	*out = (struct nl_rule){
		.rule.family = head.family,
		.rule.action = action_of(head.action, nl_get_u8(at[FRA_L3MDEV]) != 0),
		.rule.tos = head.tos,
		.rule.invert = (head.flags & FIB_RULE_INVERT) != 0,
		.rule.from = { nl_get_addr(at[FRA_SRC], head.family), head.src_len },
		.rule.to = { nl_get_addr(at[FRA_DST], head.family), head.dst_len },
		.rule.preference = nl_get_u32(at[FRA_PRIORITY]),
		.rule.table = at[FRA_TABLE].data ? nl_get_u32(at[FRA_TABLE]) : head.table,
		.rule.target = nl_get_u32(at[FRA_GOTO]),
		.rule.protocol = nl_get_u8(at[FRA_PROTOCOL]),
		.rule.has_fwmark = at[FRA_FWMARK].data != NULL,
		.rule.fwmark = nl_get_u32(at[FRA_FWMARK]),
		.rule.has_fwmask = at[FRA_FWMASK].data != NULL,
		.rule.fwmask = nl_get_u32(at[FRA_FWMASK]),
		.rule.has_ip_proto = at[FRA_IP_PROTO].data != NULL,
		.rule.ip_proto = nl_get_u8(at[FRA_IP_PROTO]),
	};
	out->rule.iif = take_name(at[FRA_IIFNAME], out->iif, sizeof(out->iif));
	out->rule.oif = take_name(at[FRA_OIFNAME], out->oif, sizeof(out->oif));
	take_ranges(at, &out->rule);
	return true;
}

static bool same_prefix(struct prefix a, struct prefix b)
{
	if (prefix_bits(a) != prefix_bits(b))
		return false;
	return prefix_bits(a) == 0 || addr_equal(prefix_network(a), prefix_network(b));
}

static bool same_range(const struct rule_range *a, const struct rule_range *b)
{
	return a->set == b->set && (!a->set || (a->from == b->from && a->to == b->to));
}

bool nl_rule_same(const struct rule *a, const struct rule *b)
{
	if (a->family != b->family || a->preference != b->preference || a->action != b->action ||
	    a->tos != b->tos || a->invert != b->invert)
		return false;
	if (a->action == RULE_TABLE && a->table != b->table)
		return false;
	if (a->action == RULE_GOTO && a->target != b->target)
		return false;
	if (a->fwmark != b->fwmark || a->has_ip_proto != b->has_ip_proto ||
	    a->ip_proto != b->ip_proto)
		return false;
	return str_eq(a->iif, b->iif) && str_eq(a->oif, b->oif) && same_prefix(a->from, b->from) &&
	       same_prefix(a->to, b->to) && same_range(&a->sport, &b->sport) &&
	       same_range(&a->dport, &b->dport) && same_range(&a->uids, &b->uids);
}
