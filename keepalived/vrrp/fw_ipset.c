/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The ipset text of the firewall: which sets there are, what is in them.
 *
 * Sets are filled beside the ones in use and swapped, so that rules never see a part. VMACs are
 * dealt out to as many sets as they need; fw_ipt_rules.c has a rule for each of them.
 */
#include <stdio.h>
#include <string.h>

#include "vrrp/fw_ipset.h"

#define VMACS_PER_SET 32	/* the kernel takes 64 */

static const char *const specs[FW_SETS] = {
	[FW_SET_4] = "hash:ip family inet",
	[FW_SET_6] = "hash:ip family inet6",
	[FW_SET_IF6] = "hash:net,iface family inet6",
	[FW_SET_IGMP] = "hash:net,iface family inet",
	[FW_SET_MLD] = "hash:net,iface family inet6",
	[FW_SET_ND] = "hash:net,iface family inet6",
};

static const char *configured(const struct fw_ipt_names *names, enum fw_set set)
{
	const char *const all[FW_SETS] = {
		[FW_SET_4] = names->set4,	  [FW_SET_6] = names->set6,
		[FW_SET_IF6] = names->set_if6,	  [FW_SET_IGMP] = names->set_igmp,
		[FW_SET_MLD] = names->set_mld,	  [FW_SET_ND] = names->set_nd,
	};

	return all[set];
}

static bool is_wanted(const struct fw_state *state, enum fw_set set)
{
	const bool all[FW_SETS] = {
		[FW_SET_4] = state->no_accept4,	  [FW_SET_6] = state->no_accept6,
		[FW_SET_IF6] = state->no_accept6, [FW_SET_IGMP] = state->vmac4,
		[FW_SET_MLD] = state->vmac6,	  [FW_SET_ND] = state->vmac6,
	};

	return all[set];
}

static unsigned count_of(const struct fw_ipt_names *names, enum fw_set set)
{
	const unsigned all[FW_SETS] = {
		1, 1, 1, names->n_sets4, names->n_sets6, names->n_sets6,
	};

	return all[set] > 0 ? all[set] : 1;
}

/* The kernel's names are short: what tells ours apart is at the end. */
static const char *name_of(const struct fw_ipt_names *names, enum fw_set set, unsigned nth,
			   const char *beside, char out[FW_SET_NAME_MAX])
{
	const char *name = configured(names, set);

	if (nth == 0 && beside[0] == '\0')
		(void)str_copy(out, FW_SET_NAME_MAX, name);
	else
		(void)snprintf(out, FW_SET_NAME_MAX, "%.18s%s-%d-%u", name, beside, (int)set, nth);
	return out;
}

const char *fw_ipset_name(const struct fw_ipt_names *names, enum fw_set set, unsigned nth,
			  char out[FW_SET_NAME_MAX])
{
	return name_of(names, set, nth, "", out);
}

/* -- entries ------------------------------------------------------------------------------- */

static bool is_scoped(const struct fw_vip *vip)
{
	return vip->addr.family == AF_INET6 && addr_is_link_local(vip->addr);
}

static void put_vip(const struct fw_ipt_names *names, const struct fw_vip *vip, const char *verb,
		    const char *beside, struct strbuf *out)
{
	enum fw_set set = vip->addr.family == AF_INET ? FW_SET_4 : FW_SET_6;
	char text[ADDR_TEXT_MAX], name[FW_SET_NAME_MAX];

	if (is_scoped(vip))
		set = FW_SET_IF6;
	strbuf_addf(out, "%s %s %s", verb, name_of(names, set, 0, beside, name),
		    addr_print(vip->addr, text));
	if (is_scoped(vip))
		strbuf_addf(out, ",%s", vip->ifname);
	strbuf_add(out, " -exist\n");
}

/* @nth: in which of the sets. */
static void put_vmac(const struct fw_ipt_names *names, const struct fw_vmac *vmac, unsigned nth,
		     const char *beside, struct strbuf *out)
{
	char text[ADDR_TEXT_MAX], name[FW_SET_NAME_MAX];

	if (vmac->family == AF_INET) {
		strbuf_addf(out, "add %s 0.0.0.0/0,%s -exist\n",
			    name_of(names, FW_SET_IGMP, nth, beside, name), vmac->ifname);
		return;
	}
	strbuf_addf(out, "add %s ::/0,%s -exist\n",
		    name_of(names, FW_SET_MLD, nth, beside, name), vmac->ifname);
	if (addr_is_set(vmac->link_local))
		strbuf_addf(out, "add %s %s,%s -exist\n",
			    name_of(names, FW_SET_ND, nth, beside, name),
			    addr_print(vmac->link_local, text), vmac->ifname);
}

/* Entries @from to @to (not included): addresses, then VMACs. */
static void put_entries(const struct fw_state *state, const struct fw_ipt_names *names,
			unsigned from, unsigned to, const char *beside, struct strbuf *out)
{
	unsigned n4 = 0, n6 = 0;

	for (unsigned i = from; i < state->vips.n && i < to; i++)
		put_vip(names, &state->vips.items[i], "add", beside, out);
	for (unsigned i = 0; i < state->vmacs.n; i++) {
		const struct fw_vmac *vmac = &state->vmacs.items[i];
		bool v4 = vmac->family == AF_INET;
		unsigned nth = (v4 ? n4++ : n6++) / VMACS_PER_SET, at = state->vips.n + i;

		if (at >= from && at < to && (v4 ? state->vmac4 : state->vmac6))
			put_vmac(names, vmac, nth, beside, out);
	}
}

void fw_ipset_vip(const struct fw_ipt_names *names, const struct fw_vip *vip, bool add,
		  struct strbuf *out)
{
	put_vip(names, vip, add ? "add" : "del", "", out);
}

/* -- sets ---------------------------------------------------------------------------------- */

unsigned fw_ipset_count(const struct fw_state *state, int family)
{
	unsigned n = 0;

	for (unsigned i = 0; i < state->vmacs.n; i++)
		n += state->vmacs.items[i].family == family;
	return n > 0 ? (n - 1) / VMACS_PER_SET + 1 : 1;
}

static void put_swap(const struct fw_ipt_names *names, enum fw_set set, unsigned nth,
		     struct strbuf *out)
{
	char name[FW_SET_NAME_MAX], fresh[FW_SET_NAME_MAX];

	name_of(names, set, nth, "", name);
	name_of(names, set, nth, "-new", fresh);
	strbuf_addf(out, "create %s %s -exist\nswap %s %s\ndestroy %s\n", name, specs[set], fresh,
		    name, fresh);
}

void fw_ipset_create(const struct fw_state *state, const struct fw_ipt_names *names,
		     struct strbuf *out)
{
	char fresh[FW_SET_NAME_MAX];

	for (enum fw_set set = 0; set < FW_SETS; set++) {
		for (unsigned i = 0; is_wanted(state, set) && i < count_of(names, set); i++) {
			name_of(names, set, i, "-new", fresh);
			strbuf_addf(out, "create %s %s -exist\nflush %s\n", fresh, specs[set],
				    fresh);
		}
	}
	put_entries(state, names, 0, UINT32_MAX, "-new", out);
	for (enum fw_set set = 0; set < FW_SETS; set++) {
		for (unsigned i = 0; is_wanted(state, set) && i < count_of(names, set); i++)
			put_swap(names, set, i, out);
	}
}

static void put_each(const struct fw_state *state, const struct fw_ipt_names *names, bool create,
		     struct strbuf *out)
{
	char name[FW_SET_NAME_MAX];

	for (enum fw_set set = 0; set < FW_SETS; set++) {
		for (unsigned i = 0; is_wanted(state, set) && i < count_of(names, set); i++) {
			name_of(names, set, i, "", name);
			if (create)
				strbuf_addf(out, "create %s %s -exist\n", name, specs[set]);
			else
				strbuf_addf(out, "destroy %s\n", name);
		}
	}
}

void fw_ipset_again(const struct fw_state *state, const struct fw_ipt_names *names, unsigned from,
		    unsigned n, struct strbuf *out)
{
	put_each(state, names, true, out);
	put_entries(state, names, from, from + n, "", out);
}

void fw_ipset_destroy(const struct fw_state *state, const struct fw_ipt_names *names,
		      struct strbuf *out)
{
	put_each(state, names, false, out);
}
