/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Firewall rules as text: what nftables, iptables-restore and ipset are told.
 *
 * Two jobs: traffic to and from virtual addresses is dropped while their router does not accept
 * it (no_accept, RFC 9568 section 6.4.3 (650)), and IGMP, MLD and neighbour advertisements that
 * the kernel would send from a VMAC interface do not leave with the virtual MAC. Only tables,
 * chains and sets of our own name are touched. fw.c carries the text out.
 */
#pragma once

#include <net/if.h>

#include "base/str.h"
#include "net/addr.h"

/** A virtual address whose traffic is dropped. Link-local ones only on their interface. */
struct fw_vip {
	struct addr addr;
	unsigned ifindex;
	char ifname[IFNAMSIZ];
	bool by_name;		/* the interface may go and come: match by name */
};

/** A VMAC interface and what it lies on. */
struct fw_vmac {
	int family;		/* of its virtual router */
	unsigned ifindex, base_ifindex;
	char ifname[IFNAMSIZ], base_ifname[IFNAMSIZ];
	struct addr link_local;	/* IPv6: the parent's address that it carries a copy of, or none */
};

struct fw_vips {
	struct fw_vip *items;
	unsigned n, cap;
};

struct fw_vmacs {
	struct fw_vmac *items;
	unsigned n, cap;
};

/** What must hold now. */
struct fw_state {
	bool no_accept4, no_accept6;	/* some instance needs it, in whatever state */
	bool vmac4, vmac6;
	struct fw_vips vips;
	struct fw_vmacs vmacs;
};

void fw_state_fini(struct fw_state *);
/** Add or remove; false if it was there already, or was not. */
bool fw_state_block(struct fw_state *, const struct fw_vip *);
bool fw_state_unblock(struct fw_state *, const struct fw_vip *);
bool fw_state_add_vmac(struct fw_state *, const struct fw_vmac *);
bool fw_state_remove_vmac(struct fw_state *, unsigned ifindex);

struct fw_nft_names {
	const char *table;	/* of families ip and ip6 */
	int priority;		/* relative to filter */
	bool by_ifindex;	/* link-local sets keyed by interface index, not name */
	bool counters;
	bool can_dup; /* the kernel has the dup statement; else IGMP and MLD are dropped */
};

/** Replace our tables by what @state says, in one transaction, whatever is there. A table that
 *  nothing needs is removed. */
void fw_nft_replace(const struct fw_state *, const struct fw_nft_names *, struct strbuf *out);
/** Remove our tables, present or not. */
void fw_nft_remove(const struct fw_nft_names *, struct strbuf *out);
/** One element in or out. */
void fw_nft_vip(const struct fw_nft_names *, const struct fw_vip *, bool add, struct strbuf *out);

struct fw_ipt_names {
	const char *in, *out;		/* chains */
	bool use_sets;
	const char *set4, *set6, *set_if6, *set_igmp, *set_mld, *set_nd;
};

/** Input of iptables-restore or ip6tables-restore (--noflush) that adds or deletes all that one
 *  family needs in @state. Nothing is added to @out if there is nothing to say. */
void fw_ipt_rules(const struct fw_state *, const struct fw_ipt_names *, int family, bool add,
		  struct strbuf *out);
/** Lines for ipset: create the sets that @state needs and fill them. */
void fw_ipset_create(const struct fw_state *, const struct fw_ipt_names *, struct strbuf *out);
void fw_ipset_destroy(const struct fw_state *, const struct fw_ipt_names *, struct strbuf *out);
void fw_ipset_vip(const struct fw_ipt_names *, const struct fw_vip *, bool add,
		  struct strbuf *out);
void fw_ipset_vmac(const struct fw_ipt_names *, const struct fw_vmac *, bool add,
		   struct strbuf *out);
