/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firewall of one network namespace: drop what belongs to virtual addresses that are not
 * accepted, keep VMACs from speaking for themselves.
 *
 * nftables is the default; iptables (by the supervisor, which alone may execute) and ipset when
 * vrrp_iptables asks for them. Changes are collected and carried out by fw_flush(), or at the end
 * of the wake-up; without sets, iptables needs another moment (a program runs). What somebody else
 * flushes or deletes is put back.
 */
#pragma once

#include "base/time.h"
#include "vrrp/fw_rules.h"

struct fw;
struct engine_run;
struct netns;
struct global_config;

/** What instances will ever ask for; rules for it are made at once. */
struct fw_needs {
	bool no_accept4, no_accept6;
	bool vmac4, vmac6;
};

/** Nothing is opened until there is a need. @ns NULL: the process's. Never NULL. */
struct fw *fw_new(struct engine_run *, const struct netns *ns);
/** Free; what fw_stop() has not taken out stays. NULL is harmless. */
void fw_free(struct fw *);

/** Names, priority and needs changed (start, reload). The names must stay valid. */
void fw_configure(struct fw *, const struct global_config *, const struct fw_needs *);
/** Begin or end dropping what belongs to the address. */
void fw_block(struct fw *, const struct fw_vip *);
void fw_unblock(struct fw *, const struct fw_vip *);
/** A VMAC exists, or does not any more. */
void fw_vmac_added(struct fw *, const struct fw_vmac *);
void fw_vmac_removed(struct fw *, unsigned ifindex);
/** Carry out what was collected, now: before an address appears. */
void fw_flush(struct fw *, ktime now);
/** Take everything out. True if that is done; else fw_is_stopped() will say so. */
bool fw_stop(struct fw *, ktime now);
bool fw_is_stopped(const struct fw *);

/* What a kind of packet filter does; fw.c holds the state and calls these. */

struct fw_backend {
	const char *name;
	/** 0 or -errno. */
	int (*open)(struct fw *);
	void (*close)(struct fw *);
	/** Make the filter say exactly what fw_state() says. 0 or -errno, logged. */
	int (*replace)(struct fw *);
	/** Take everything of ours out. True: done; false: fw_removed() follows. */
	bool (*remove)(struct fw *);
	/** Element changes, in order; false: replace everything instead. */
	bool (*change)(struct fw *, const struct fw_vip *, const bool *add, unsigned n);
	/** Is everything still there? Called after fw_suspect(); @commits: how many changes of
	 *  nftables the kernel has told of so far. May be NULL. */
	bool (*verify)(struct fw *, unsigned commits, ktime now);
};

extern const struct fw_backend fw_backend_nft, fw_backend_iptables;

const struct fw_state *fw_state(const struct fw *);
const struct global_config *fw_global(const struct fw *);
struct engine_run *fw_engine(const struct fw *);
const struct netns *fw_netns(const struct fw *);
void *fw_private(const struct fw *);
void fw_set_private(struct fw *, void *);
/** The removal that ->remove began is complete. */
void fw_removed(struct fw *);
/** Have ->verify called in a moment. */
void fw_suspect(struct fw *, ktime now);
