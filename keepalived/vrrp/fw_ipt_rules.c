/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The iptables and ipset text of the firewall.
 *
 * With sets there is one rule per purpose and the addresses are in sets; without, one rule per
 * address or interface. When what is loaded is fw_ipt_plan.c.
 */
#include "vrrp/fw_rules.h"

#include <stdio.h>
#include <string.h>

static bool is_scoped(const struct fw_vip *vip)
{
	return vip->addr.family == AF_INET6 && addr_is_link_local(vip->addr);
}

/** One rule. @chain empty: the configuration has no chain for this direction. */
static void add_rule(struct strbuf *out, const char *chain, const char *match, const char *target)
{
	if (chain[0] != '\0')
		strbuf_addf(out, "-A %s %s -j %s\n", chain, match, target);
}

static void add_set_rule(struct strbuf *out, const char *chain, const char *match, const char *set,
			 const char *directions)
{
	struct strbuf all = { 0 };

	strbuf_addf(&all, "%s-m set --match-set %s %s", match, set, directions);
	add_rule(out, chain, strbuf_text(&all), "DROP");
	strbuf_fini(&all);
}

static void add_rules4_sets(const struct fw_state *state, const struct fw_ipt_names *names,
			    struct strbuf *out)
{
	if (state->no_accept4) {
		add_set_rule(out, names->in, "", names->set4, "dst");
		add_set_rule(out, names->out, "", names->set4, "src");
	}
	if (state->vmac4)
		add_set_rule(out, names->out, "-p igmp ", names->set_igmp, "dst,dst");
}

static void add_address(struct strbuf *out, const char *chain, const char *option,
			const struct fw_vip *vip)
{
	char text[ADDR_TEXT_MAX], match[ADDR_TEXT_MAX + 8];

	(void)snprintf(match, sizeof(match), "%s %s", option, addr_print(vip->addr, text));
	add_rule(out, chain, match, "DROP");
}

static void add_vmac(struct strbuf *out, const char *chain, const struct fw_vmac *vmac,
		     const char *match)
{
	struct strbuf all = { 0 };

	strbuf_addf(&all, "-o %s %s", vmac->ifname, match);
	add_rule(out, chain, strbuf_text(&all), "DROP");
	strbuf_fini(&all);
}

static void add_rules4_plain(const struct fw_state *state, const struct fw_ipt_names *names,
			     struct strbuf *out)
{
	for (unsigned i = 0; i < state->vips.n; i++) {
		if (state->vips.items[i].addr.family != AF_INET)
			continue;
		add_address(out, names->in, "-d", &state->vips.items[i]);
		add_address(out, names->out, "-s", &state->vips.items[i]);
	}
	for (unsigned i = 0; i < state->vmacs.n; i++) {
		if (state->vmacs.items[i].family == AF_INET)
			add_vmac(out, names->out, &state->vmacs.items[i], "-p igmp");
	}
}

/** Neighbour solicitations and advertisements go on to the other rules of the host, the rest that
 *  @match names is dropped. */
static void add_triple(const char *chain, const char *match, struct strbuf *out)
{
	static const unsigned passing[] = { 135, 136 };
	struct strbuf all = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(passing); i++) {
		strbuf_reset(&all);
		strbuf_addf(&all, "-p icmpv6 --icmpv6-type %u %s", passing[i], match);
		add_rule(out, chain, strbuf_text(&all), "RETURN");
	}
	add_rule(out, chain, match, "DROP");
	strbuf_fini(&all);
}

static void add_set_triple(const char *chain, const char *set, const char *directions,
			   struct strbuf *out)
{
	struct strbuf match = { 0 };

	strbuf_addf(&match, "-m set --match-set %s %s", set, directions);
	add_triple(chain, strbuf_text(&match), out);
	strbuf_fini(&match);
}

static void add_rules6_sets(const struct fw_state *state, const struct fw_ipt_names *names,
			    struct strbuf *out)
{
	if (state->vmac6) {
		add_set_rule(out, names->out, "-p icmpv6 --icmpv6-type 143 ", names->set_mld,
			     "dst,dst");
		add_set_rule(out, names->out, "-p icmpv6 --icmpv6-type 131 ", names->set_mld,
			     "dst,dst");
		add_set_rule(out, names->out, "-p icmpv6 --icmpv6-type 136 ", names->set_nd,
			     "src,dst");
	}
	if (!state->no_accept6)
		return;
	add_set_triple(names->out, names->set_if6, "src,dst", out);
	add_set_triple(names->out, names->set6, "src", out);
	add_set_triple(names->in, names->set_if6, "dst,src", out);
	add_set_triple(names->in, names->set6, "dst", out);
}

static void add_vip6_plain(const struct fw_vip *vip, const struct fw_ipt_names *names,
			   struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];
	struct strbuf match = { 0 };

	addr_print(vip->addr, text);
	strbuf_addf(&match, "-s %s", text);
	if (is_scoped(vip))
		strbuf_addf(&match, " -o %s", vip->ifname);
	add_triple(names->out, strbuf_text(&match), out);
	strbuf_reset(&match);
	strbuf_addf(&match, "-d %s", text);
	if (is_scoped(vip))
		strbuf_addf(&match, " -i %s", vip->ifname);
	add_triple(names->in, strbuf_text(&match), out);
	strbuf_fini(&match);
}

static void add_vmac6_plain(const struct fw_vmac *vmac, const struct fw_ipt_names *names,
			    struct strbuf *out)
{
	char text[ADDR_TEXT_MAX], match[ADDR_TEXT_MAX + 40];

	add_vmac(out, names->out, vmac, "-p icmpv6 --icmpv6-type 143");
	add_vmac(out, names->out, vmac, "-p icmpv6 --icmpv6-type 131");
	if (!addr_is_set(vmac->link_local))
		return;
	(void)snprintf(match, sizeof(match), "-p icmpv6 --icmpv6-type 136 -s %s",
		       addr_print(vmac->link_local, text));
	add_vmac(out, names->out, vmac, match);
}

static void add_rules6_plain(const struct fw_state *state, const struct fw_ipt_names *names,
			     struct strbuf *out)
{
	for (unsigned i = 0; i < state->vmacs.n; i++) {
		if (state->vmacs.items[i].family == AF_INET6)
			add_vmac6_plain(&state->vmacs.items[i], names, out);
	}
	for (unsigned i = 0; i < state->vips.n; i++) {
		if (state->vips.items[i].addr.family == AF_INET6)
			add_vip6_plain(&state->vips.items[i], names, out);
	}
}

void fw_ipt_rules(const struct fw_state *state, const struct fw_ipt_names *names, int family,
		  struct strbuf *out)
{
	if (family == AF_INET)
		(names->use_sets ? add_rules4_sets : add_rules4_plain)(state, names, out);
	else
		(names->use_sets ? add_rules6_sets : add_rules6_plain)(state, names, out);
}

struct set_row {
	bool wanted;
	const char *name;
	const char *spec;
};

#define FW_SETS 6

static void list_sets(const struct fw_state *state, const struct fw_ipt_names *names,
		      struct set_row rows[FW_SETS])
{
	const struct set_row all[FW_SETS] = {
		{ state->no_accept4, names->set4, "hash:ip family inet" },
		{ state->no_accept6, names->set6, "hash:ip family inet6" },
		{ state->no_accept6, names->set_if6, "hash:net,iface family inet6" },
		{ state->vmac4, names->set_igmp, "hash:net,iface family inet" },
		{ state->vmac6, names->set_mld, "hash:net,iface family inet6" },
		{ state->vmac6, names->set_nd, "hash:net,iface family inet6" },
	};

	memcpy(rows, all, sizeof(all));
}

void fw_ipset_create(const struct fw_state *state, const struct fw_ipt_names *names,
		     struct strbuf *out)
{
	struct set_row rows[FW_SETS];

	list_sets(state, names, rows);
	for (unsigned i = 0; i < FW_SETS; i++) {
		if (rows[i].wanted)
			strbuf_addf(out, "create %s %s -exist\nflush %s\n", rows[i].name,
				    rows[i].spec, rows[i].name);
	}
	for (unsigned i = 0; i < state->vips.n; i++)
		fw_ipset_vip(names, &state->vips.items[i], true, out);
	for (unsigned i = 0; i < state->vmacs.n; i++) {
		const struct fw_vmac *vmac = &state->vmacs.items[i];

		if (vmac->family == AF_INET ? state->vmac4 : state->vmac6)
			fw_ipset_vmac(names, vmac, true, out);
	}
}

void fw_ipset_destroy(const struct fw_state *state, const struct fw_ipt_names *names,
		      struct strbuf *out)
{
	struct set_row rows[FW_SETS];

	list_sets(state, names, rows);
	for (unsigned i = 0; i < FW_SETS; i++) {
		if (rows[i].wanted)
			strbuf_addf(out, "destroy %s\n", rows[i].name);
	}
}

void fw_ipset_vip(const struct fw_ipt_names *names, const struct fw_vip *vip, bool add,
		  struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];
	const char *verb = add ? "add" : "del";

	addr_print(vip->addr, text);
	if (is_scoped(vip))
		strbuf_addf(out, "%s %s %s,%s -exist\n", verb, names->set_if6, text, vip->ifname);
	else
		strbuf_addf(out, "%s %s %s -exist\n", verb,
			    vip->addr.family == AF_INET ? names->set4 : names->set6, text);
}

void fw_ipset_vmac(const struct fw_ipt_names *names, const struct fw_vmac *vmac, bool add,
		   struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];
	const char *verb = add ? "add" : "del";

	if (vmac->family == AF_INET) {
		strbuf_addf(out, "%s %s 0.0.0.0/0,%s -exist\n", verb, names->set_igmp,
			    vmac->ifname);
		return;
	}
	strbuf_addf(out, "%s %s ::/0,%s -exist\n", verb, names->set_mld, vmac->ifname);
	if (addr_is_set(vmac->link_local))
		strbuf_addf(out, "%s %s %s,%s -exist\n", verb, names->set_nd,
			    addr_print(vmac->link_local, text), vmac->ifname);
}
