/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The nftables text of the firewall: tables `ip NAME` and `ip6 NAME`.
 *
 * A table is always replaced whole (add, delete, define: one transaction), so it does not matter
 * what a predecessor or an administrator left in it. Interfaces that exist now are matched by
 * index; link-local addresses of interfaces that may go and come by name.
 */
#include "vrrp/fw_rules.h"

#include <string.h>

struct family_words {
	const char *family;	/* of the table, and of saddr and daddr */
	const char *type;
};

static const struct family_words ip4 = { "ip", "ipv4_addr" };
static const struct family_words ip6 = { "ip6", "ipv6_addr" };

static int family_of(const struct fw_vip *vip)
{
	return vip->addr.family;
}

static bool is_scoped(const struct fw_vip *vip)
{
	return vip->addr.family == AF_INET6 && addr_is_link_local(vip->addr);
}

static const char *drop(const struct fw_nft_names *names)
{
	return names->counters ? "counter drop" : "drop";
}

/** The set that an address belongs to. */
static const char *set_of(const struct fw_vip *vip)
{
	if (!is_scoped(vip))
		return "vips";
	return vip->by_name ? "vips_link_local_name" : "vips_link_local";
}

static void add_element(const struct fw_vip *vip, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];

	strbuf_add(out, addr_print(vip->addr, text));
	if (!is_scoped(vip))
		return;
	if (vip->by_name)
		strbuf_addf(out, " . \"%s\"", vip->ifname);
	else
		strbuf_addf(out, " . %u", vip->ifindex);
}

static void add_vip_set(const struct fw_state *state, const char *name, const char *type,
			int family, struct strbuf *out)
{
	bool any = false;

	strbuf_addf(out, "\tset %s {\n\t\ttype %s\n", name, type);
	for (unsigned i = 0; i < state->vips.n; i++) {
		const struct fw_vip *vip = &state->vips.items[i];

		if (family_of(vip) != family || strcmp(set_of(vip), name))
			continue;
		strbuf_add(out, any ? ", " : "\t\telements = { ");
		add_element(vip, out);
		any = true;
	}
	strbuf_add(out, any ? " }\n\t}\n" : "\t}\n");
}

static bool has_vmac(const struct fw_state *state, int family)
{
	for (unsigned i = 0; i < state->vmacs.n; i++) {
		if (state->vmacs.items[i].family == family)
			return true;
	}
	return false;
}

/** IGMP and MLD leave through the base interface, so that switches learn its address. */
static void add_vmac_map(const struct fw_state *state, int family, struct strbuf *out)
{
	bool any = false;

	strbuf_add(out, "\tmap vmac_map {\n\t\ttype iface_index : iface_index\n");
	for (unsigned i = 0; i < state->vmacs.n; i++) {
		const struct fw_vmac *vmac = &state->vmacs.items[i];

		if (vmac->family != family)
			continue;
		strbuf_addf(out, "%s%u : %u", any ? ", " : "\t\telements = { ", vmac->ifindex,
			    vmac->base_ifindex);
		any = true;
	}
	strbuf_add(out, any ? " }\n\t}\n" : "\t}\n");
}

static void add_vmac_sets(const struct fw_state *state, struct strbuf *out)
{
	bool any = false;

	strbuf_add(out, "\tset vmac_set {\n\t\ttype iface_index\n");
	for (unsigned i = 0; i < state->vmacs.n; i++) {
		if (state->vmacs.items[i].family != AF_INET6)
			continue;
		strbuf_addf(out, "%s%u", any ? ", " : "\t\telements = { ",
			    state->vmacs.items[i].ifindex);
		any = true;
	}
	strbuf_add(out, any ? " }\n\t}\n" : "\t}\n");
	strbuf_add(out, "\tset mld-report {\n\t\ttype icmpv6_type\n\t\tflags constant\n"
			"\t\telements = { mld-listener-report, mld2-listener-report }\n\t}\n");
}

static void add_parent_set(const struct fw_state *state, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX];
	bool any = false;

	strbuf_add(out, "\tset parent_link_local {\n\t\ttype ipv6_addr . ifname\n");
	for (unsigned i = 0; i < state->vmacs.n; i++) {
		const struct fw_vmac *vmac = &state->vmacs.items[i];

		if (!addr_is_set(vmac->link_local))
			continue;
		strbuf_addf(out, "%s%s . \"%s\"", any ? ", " : "\t\telements = { ",
			    addr_print(vmac->link_local, text), vmac->ifname);
		any = true;
	}
	strbuf_add(out, any ? " }\n\t}\n" : "\t}\n");
}

static void add_chain_head(const char *chain, const char *hook, const struct fw_nft_names *names,
			   struct strbuf *out)
{
	strbuf_addf(out,
		    "\tchain %s {\n\t\ttype filter hook %s priority filter %c %d; policy accept;\n",
		    chain, hook, names->priority < 0 ? '-' : '+',
		    names->priority < 0 ? -names->priority : names->priority);
}

/** @match, then out of the base interface instead of the VMAC; where the kernel cannot, drop. */
static void add_redirect(const char *match, const struct family_words *words,
			 const struct fw_nft_names *names, struct strbuf *out)
{
	if (names->can_dup)
		strbuf_addf(out, "\t\t%s meta oifkind \"macvlan\" dup to %s daddr device oif map "
				 "@vmac_map %s\n", match, words->family, drop(names));
	else
		strbuf_addf(out, "\t\t%s meta oifkind \"macvlan\" oif @vmac_map_keys %s\n", match,
			    drop(names));
}

static void add_key_set(const struct fw_state *state, int family, struct strbuf *out)
{
	bool any = false;

	strbuf_add(out, "\tset vmac_map_keys {\n\t\ttype iface_index\n");
	for (unsigned i = 0; i < state->vmacs.n; i++) {
		if (state->vmacs.items[i].family != family)
			continue;
		strbuf_addf(out, "%s%u", any ? ", " : "\t\telements = { ",
			    state->vmacs.items[i].ifindex);
		any = true;
	}
	strbuf_add(out, any ? " }\n\t}\n" : "\t}\n");
}

static void add_redirect_targets(const struct fw_state *state, int family,
				 const struct fw_nft_names *names, struct strbuf *out)
{
	if (names->can_dup)
		add_vmac_map(state, family, out);
	else
		add_key_set(state, family, out);
}

static void begin_table(const struct family_words *words, const struct fw_nft_names *names,
			bool wanted, struct strbuf *out)
{
	strbuf_addf(out, "table %s %s { }\ndelete table %s %s\n", words->family, names->table,
		    words->family, names->table);
	if (wanted)
		strbuf_addf(out, "table %s %s {\n", words->family, names->table);
}

static void replace4(const struct fw_state *state, const struct fw_nft_names *names,
		     struct strbuf *out)
{
	bool vmac = state->vmac4 && has_vmac(state, AF_INET);

	begin_table(&ip4, names, state->no_accept4 || vmac, out);
	if (!state->no_accept4 && !vmac)
		return;
	if (state->no_accept4)
		add_vip_set(state, "vips", ip4.type, AF_INET, out);
	if (vmac)
		add_redirect_targets(state, AF_INET, names, out);
	add_chain_head("out", "output", names, out);
	if (vmac)
		add_redirect("ip protocol igmp", &ip4, names, out);
	if (state->no_accept4)
		strbuf_addf(out, "\t\tip saddr @vips %s\n", drop(names));
	strbuf_add(out, "\t}\n");
	if (state->no_accept4) {
		add_chain_head("in", "input", names, out);
		strbuf_addf(out, "\t\tip daddr @vips %s\n\t}\n", drop(names));
	}
	strbuf_add(out, "}\n");
}

static void add_link_local_chain(const char *chain, const char *direction, const char *side,
				 const struct fw_nft_names *names, struct strbuf *out)
{
	strbuf_addf(out, "\tchain %s_link_local {\n", chain);
	strbuf_addf(out, "\t\tip6 %s . %s @vips_link_local %s\n", side, direction, drop(names));
	strbuf_addf(out, "\t\tip6 %s . %sname @vips_link_local_name %s\n\t}\n", side, direction,
		    drop(names));
}

static void add_no_accept6(const char *side, const char *chain, const struct fw_nft_names *names,
			   struct strbuf *out)
{
	strbuf_add(out, "\t\ticmpv6 type @neighbor-discovery accept\n");
	strbuf_addf(out, "\t\tip6 %s fe80::/10 goto %s_link_local\n", side, chain);
	strbuf_addf(out, "\t\tip6 %s @vips %s\n", side, drop(names));
}

static void add_sets6(const struct fw_state *state, bool vmac, const struct fw_nft_names *names,
		      struct strbuf *out)
{
	add_parent_set(state, out);
	if (vmac) {
		add_redirect_targets(state, AF_INET6, names, out);
		add_vmac_sets(state, out);
	}
	if (!state->no_accept6)
		return;
	add_vip_set(state, "vips", ip6.type, AF_INET6, out);
	strbuf_add(out, "\tset neighbor-discovery {\n\t\ttype icmpv6_type\n\t\tflags constant\n"
			"\t\telements = { nd-neighbor-solicit, nd-neighbor-advert }\n\t}\n");
	add_vip_set(state, "vips_link_local", "ipv6_addr . iface_index", AF_INET6, out);
	add_vip_set(state, "vips_link_local_name", "ipv6_addr . ifname", AF_INET6, out);
	add_link_local_chain("in", "iif", "daddr", names, out);
	add_link_local_chain("out", "oif", "saddr", names, out);
}

static void replace6(const struct fw_state *state, const struct fw_nft_names *names,
		     struct strbuf *out)
{
	bool vmac = state->vmac6 && has_vmac(state, AF_INET6);

	begin_table(&ip6, names, state->no_accept6 || vmac, out);
	if (!state->no_accept6 && !vmac)
		return;
	add_sets6(state, vmac, names, out);
	add_chain_head("out", "output", names, out);
	strbuf_addf(out, "\t\ticmpv6 type nd-neighbor-advert meta oifkind \"macvlan\" "
			 "ip6 saddr . oifname @parent_link_local %s\n", drop(names));
	if (vmac) {
		add_redirect("icmpv6 type @mld-report", &ip6, names, out);
		strbuf_addf(out, "\t\ticmpv6 type nd-router-solicit meta oifkind \"macvlan\" "
				 "oif @vmac_set %s\n", drop(names));
	}
	if (state->no_accept6)
		add_no_accept6("saddr", "out", names, out);
	strbuf_add(out, "\t}\n");
	if (state->no_accept6) {
		add_chain_head("in", "input", names, out);
		add_no_accept6("daddr", "in", names, out);
		strbuf_add(out, "\t}\n");
	}
	strbuf_add(out, "}\n");
}

void fw_nft_replace(const struct fw_state *state, const struct fw_nft_names *names,
		    struct strbuf *out)
{
	replace4(state, names, out);
	replace6(state, names, out);
}

void fw_nft_remove(const struct fw_nft_names *names, struct strbuf *out)
{
	begin_table(&ip4, names, false, out);
	begin_table(&ip6, names, false, out);
}

void fw_nft_vip(const struct fw_nft_names *names, const struct fw_vip *vip, bool add,
		struct strbuf *out)
{
	strbuf_addf(out, "%s element %s %s %s { ", add ? "add" : "delete",
		    family_of(vip) == AF_INET ? "ip" : "ip6", names->table, set_of(vip));
	add_element(vip, out);
	strbuf_add(out, " }\n");
}
