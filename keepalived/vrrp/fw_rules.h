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

/** There may be thousands; found by address. */
struct fw_vips {
	struct fw_vip *items;
	unsigned n, cap;	/* ->cap: a power of two */
	uint32_t *next, *heads;	/* private */
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

/** Where our rules go with iptables: into chains of our own, to which the configured ones jump. */
#define FW_CHAIN_MAX 29		/* with its NUL, as iptables has it */

struct fw_ipt_names {
	const char *hook_in, *hook_out;	/* configured chains; hook_out NULL: none */
	char in[FW_CHAIN_MAX], out[FW_CHAIN_MAX];	/* ours; see fw_ipt_chains() */
	bool use_sets;
	const char *set4, *set6, *set_if6, *set_igmp, *set_mld, *set_nd;
	/* How many sets the VMACs of a family have; with sets, at least 1. */
	unsigned n_sets4, n_sets6;
};

/** Name our chains after the configured ones. */
void fw_ipt_chains(struct fw_ipt_names *);

/** The way of the rules of one family: what the run that is going on does, or how things are.
 *  Each run is one transaction; it works as a whole or changes nothing. */
enum fw_ipt_phase {
	FW_IPT_NONE,		/* nothing of ours is there, as far as we know */
	FW_IPT_UNHOOK_IN,	/* take out a jump that a predecessor left */
	FW_IPT_UNHOOK_OUT,
	FW_IPT_LOAD,		/* fill our chains, hook them in */
	FW_IPT_RELOAD,		/* the same, the jumps being there */
	FW_IPT_LOADED,		/* the kernel has what was asked for last */
	FW_IPT_FAILED,
	FW_IPT_REMOVE,
	FW_IPT_CLEAR_IN,	/* as the three before, because somebody else was at it */
	FW_IPT_CLEAR_OUT,
	FW_IPT_CLEAR_CHAINS,
};

/** What follows when a run of that phase worked, or was refused. */
enum fw_ipt_phase fw_ipt_next(enum fw_ipt_phase, bool ok);
/** Input of iptables-restore or ip6tables-restore (--noflush) for a run of that phase. Nothing is
 *  added if there is nothing to do. */
void fw_ipt_text(const struct fw_state *, const struct fw_ipt_names *, int family,
		 enum fw_ipt_phase, struct strbuf *out);
/** The rules of one family, "-A" to our chains. */
void fw_ipt_rules(const struct fw_state *, const struct fw_ipt_names *, int family,
		  struct strbuf *out);
/** How many sets the VMACs of the family need, at least 1: a set of the kernel's type
 *  hash:net,iface holds at most 64 interfaces for one prefix. */
unsigned fw_ipset_count(const struct fw_state *, int family);
/** Lines for ipset: fill sets beside those that @state needs, and put them in their places. */
void fw_ipset_create(const struct fw_state *, const struct fw_ipt_names *, struct strbuf *out);
/** Add @n entries from number @from on again, which somebody may have taken out; all sets and
 *  entries of them that exist are left alone. */
void fw_ipset_again(const struct fw_state *, const struct fw_ipt_names *, unsigned from, unsigned n,
		    struct strbuf *out);
void fw_ipset_destroy(const struct fw_state *, const struct fw_ipt_names *, struct strbuf *out);
void fw_ipset_vip(const struct fw_ipt_names *, const struct fw_vip *, bool add,
		  struct strbuf *out);
