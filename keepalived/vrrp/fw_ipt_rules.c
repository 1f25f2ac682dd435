/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The iptables and ipset text of the firewall.
 *
 * With sets there is one rule per purpose and the addresses are in sets; without, one rule per
 * address or interface. The same function writes the adding and the deleting text, so what was
 * added can always be taken out.
 */
#include "vrrp/fw_rules.h"

#include <string.h>

static const char *flag(bool add)
{
	return add ? "-A" : "-D";
}

static bool is_scoped(const struct fw_vip *vip)
{
	return vip->addr.family == AF_INET6 && addr_is_link_local(vip->addr);
}

static void add_rules4_sets(const struct fw_state *state, const struct fw_ipt_names *names,
			    bool add, struct strbuf *out)
{
	if (state->no_accept4)
		strbuf_addf(out, "%s %s -m set --match-set %s dst -j DROP\n"
				 "%s %s -m set --match-set %s src -j DROP\n",
			    flag(add), names->in, names->set4, flag(add), names->out, names->set4);
	if (state->vmac4)
		strbuf_addf(out, "%s %s -p igmp -m set --match-set %s dst,dst -j DROP\n", flag(add),
			    names->out, names->set_igmp);
}

static void add_rules4_plain(const struct fw_state *state, const struct fw_ipt_names *names,
			     bool add, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	for (unsigned i = 0; i < state->vips.n; i++) {
		const struct fw_vip *vip = &state->vips.items[i];

		if (vip->addr.family != AF_INET)
			continue;
		addr_print(vip->addr, text);
		strbuf_addf(out, "%s %s -d %s -j DROP\n%s %s -s %s -j DROP\n", flag(add), names->in,
			    text, flag(add), names->out, text);
	}
	for (unsigned i = 0; i < state->vmacs.n; i++) {
		const struct fw_vmac *vmac = &state->vmacs.items[i];

		if (vmac->family == AF_INET)
			strbuf_addf(out, "%s %s -o %s -p igmp -j DROP\n", flag(add), names->out,
				    vmac->ifname);
	}
}

/** Neighbour solicitations and advertisements pass, the rest that @match names is dropped. */
static void add_triple(const char *chain, const char *match, bool add, struct strbuf *out)
{
	strbuf_addf(out, "%s %s -p icmpv6 --icmpv6-type 135 %s -j ACCEPT\n", flag(add), chain,
		    match);
	strbuf_addf(out, "%s %s -p icmpv6 --icmpv6-type 136 %s -j ACCEPT\n", flag(add), chain,
		    match);
	strbuf_addf(out, "%s %s %s -j DROP\n", flag(add), chain, match);
}

static void add_set_triple(const char *chain, const char *set, const char *directions, bool add,
			   struct strbuf *out)
{
	struct strbuf match = { 0 };

	strbuf_addf(&match, "-m set --match-set %s %s", set, directions);
	add_triple(chain, strbuf_text(&match), add, out);
	strbuf_fini(&match);
}

static void add_rules6_sets(const struct fw_state *state, const struct fw_ipt_names *names,
			    bool add, struct strbuf *out)
{
	if (state->vmac6) {
		strbuf_addf(out, "%s %s -p icmpv6 --icmpv6-type 143 -m set --match-set %s dst,dst "
				 "-j DROP\n", flag(add), names->out, names->set_mld);
		strbuf_addf(out, "%s %s -p icmpv6 --icmpv6-type 131 -m set --match-set %s dst,dst "
				 "-j DROP\n", flag(add), names->out, names->set_mld);
		strbuf_addf(out, "%s %s -p icmpv6 --icmpv6-type 136 -m set --match-set %s src,dst "
				 "-j DROP\n", flag(add), names->out, names->set_nd);
	}
	if (!state->no_accept6)
		return;
	add_set_triple(names->out, names->set_if6, "src,dst", add, out);
	add_set_triple(names->out, names->set6, "src", add, out);
	add_set_triple(names->in, names->set_if6, "dst,src", add, out);
	add_set_triple(names->in, names->set6, "dst", add, out);
}

static void add_vip6_plain(const struct fw_vip *vip, const struct fw_ipt_names *names, bool add,
			   struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];
	struct strbuf match = { 0 };

	addr_print(vip->addr, text);
	strbuf_addf(&match, "-s %s", text);
	if (is_scoped(vip))
		strbuf_addf(&match, " -o %s", vip->ifname);
	add_triple(names->out, strbuf_text(&match), add, out);
	strbuf_reset(&match);
	strbuf_addf(&match, "-d %s", text);
	if (is_scoped(vip))
		strbuf_addf(&match, " -i %s", vip->ifname);
	add_triple(names->in, strbuf_text(&match), add, out);
	strbuf_fini(&match);
}

static void add_rules6_plain(const struct fw_state *state, const struct fw_ipt_names *names,
			     bool add, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	for (unsigned i = 0; i < state->vmacs.n; i++) {
		const struct fw_vmac *vmac = &state->vmacs.items[i];

		if (vmac->family != AF_INET6)
			continue;
		strbuf_addf(out, "%s %s -o %s -p icmpv6 --icmpv6-type 143 -j DROP\n"
				 "%s %s -o %s -p icmpv6 --icmpv6-type 131 -j DROP\n",
			    flag(add), names->out, vmac->ifname, flag(add), names->out,
			    vmac->ifname);
		if (addr_is_set(vmac->link_local))
			strbuf_addf(out, "%s %s -s %s -o %s -p icmpv6 --icmpv6-type 136 -j DROP\n",
				    flag(add), names->out, addr_print(vmac->link_local, text),
				    vmac->ifname);
	}
	for (unsigned i = 0; i < state->vips.n; i++) {
		if (state->vips.items[i].addr.family == AF_INET6)
			add_vip6_plain(&state->vips.items[i], names, add, out);
	}
}

void fw_ipt_rules(const struct fw_state *state, const struct fw_ipt_names *names, int family,
		  bool add, struct strbuf *out)
{
	struct strbuf rules = { 0 };

	if (family == AF_INET)
		(names->use_sets ? add_rules4_sets : add_rules4_plain)(state, names, add, &rules);
	else
		(names->use_sets ? add_rules6_sets : add_rules6_plain)(state, names, add, &rules);
	if (rules.len)
		strbuf_addf(out, "*filter\n%sCOMMIT\n", strbuf_text(&rules));
	strbuf_fini(&rules);
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
	for (unsigned i = 0; i < state->vmacs.n; i++)
		fw_ipset_vmac(names, &state->vmacs.items[i], true, out);
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
