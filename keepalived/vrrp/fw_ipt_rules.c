/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The iptables text of the firewall.
 *
 * With sets there is one rule per purpose and set, and the addresses are in sets (fw_ipset.c);
 * without, one rule per address or interface. When what is loaded is fw_ipt_plan.c.
 */
#include "vrrp/fw_ipset.h"

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

/* What leaves by the VMACs of one set. */
static void add_vmac_rule(struct strbuf *out, const struct fw_ipt_names *names, enum fw_set set,
			  unsigned nth, const char *match)
{
	char name[FW_SET_NAME_MAX];

	add_set_rule(out, names->out, match, fw_ipset_name(names, set, nth, name),
		     set == FW_SET_ND ? "src,dst" : "dst,dst");
}

static void add_rules4_sets(const struct fw_state *state, const struct fw_ipt_names *names,
			    struct strbuf *out)
{
	if (state->no_accept4) {
		add_set_rule(out, names->in, "", names->set4, "dst");
		add_set_rule(out, names->out, "", names->set4, "src");
	}
	for (unsigned i = 0; state->vmac4 && i < names->n_sets4; i++)
		add_vmac_rule(out, names, FW_SET_IGMP, i, "-p igmp ");
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
	for (unsigned i = 0; state->vmac6 && i < names->n_sets6; i++) {
		add_vmac_rule(out, names, FW_SET_MLD, i, "-p icmpv6 --icmpv6-type 143 ");
		add_vmac_rule(out, names, FW_SET_MLD, i, "-p icmpv6 --icmpv6-type 131 ");
		add_vmac_rule(out, names, FW_SET_ND, i, "-p icmpv6 --icmpv6-type 136 ");
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
