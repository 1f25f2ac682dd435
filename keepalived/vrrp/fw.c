/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firewall's state and when to carry it out; how is the backend's work.
 *
 * Element changes are collected as a list; anything else, or too many of them, replaces the whole.
 * Changes by others are noticed through nfnetlink notifications and checked a moment later, so
 * that a busy firewall manager costs one look and not one per rule.
 */
#include "vrrp/fw.h"

#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/config_global.h"
#include "core/process.h"
#include "netlink/nl.h"

#define FW_CHANGES_MAX	256
#define FW_VERIFY_AFTER MSEC(100)
#define TOLD_EVERY	SEC(60)

struct fw {
	struct engine_run *engine;
	const struct netns *ns;
	const struct global_config *global;
	const struct fw_backend *backend;	/* NULL: nothing open */
	void *private;
	struct fw_state state;
	struct fw_vip changes[FW_CHANGES_MAX];
	bool change_adds[FW_CHANGES_MAX];
	unsigned n_changes;
	bool replace;		/* the whole has to be written again */
	bool installed;		/* something of ours may be in the kernel */
	struct deferred flush;
	struct nl *watch;	/* notifications of changes by anybody */
	struct timer verify;
	unsigned commits;	/* that were heard of, by us or by others */
	struct log_limit told;	/* that others change it */
};

const struct fw_state *fw_state(const struct fw *fw)
{
	return &fw->state;
}

const struct global_config *fw_global(const struct fw *fw)
{
	return fw->global;
}

struct engine_run *fw_engine(const struct fw *fw)
{
	return fw->engine;
}

const struct netns *fw_netns(const struct fw *fw)
{
	return fw->ns;
}

void *fw_private(const struct fw *fw)
{
	return fw->private;
}

void fw_set_private(struct fw *fw, void *private)
{
	fw->private = private;
}

static void flush_later(struct fw *fw)
{
	loop_defer(fw->engine->loop, &fw->flush);
}

static void verify_due(struct timer *timer, ktime now)
{
	struct fw *fw = container_of(timer, struct fw, verify);
	unsigned suppressed;

	if (!fw->backend || !fw->installed || !fw->backend->verify ||
	    fw->backend->verify(fw, fw->commits, now))
		return;
	if (log_limit_ok(&fw->told, now, TOLD_EVERY, &suppressed))
		log_warning("the firewall may have been changed by somebody else: our rules are "
			    "written again");
	fw->replace = true;
	fw_flush(fw, now);
}

void fw_suspect(struct fw *fw, ktime now)
{
	if (!timer_is_armed(&fw->verify) && fw->installed)
		timer_arm(loop_timers(fw->engine->loop), &fw->verify,
			  ktime_add(now, FW_VERIFY_AFTER));
}

/* The kernel says every detail of a change; at its end, once, that there is a new generation. */
static void filter_changed(void *arg, const struct nl_view *view, ktime now)
{
	struct fw *fw = arg;

	if (view->type == (NFNL_SUBSYS_NFTABLES << 8 | NFT_MSG_NEWGEN))
		fw->commits++;
	fw_suspect(fw, now);
}

static void filter_overrun(void *arg, ktime now)
{
	struct fw *fw = arg;

	fw->commits++;
	fw_suspect(fw, now);
}

static void watch_filter(struct fw *fw)
{
	const struct nl_options options = { .protocol = NETLINK_NETFILTER,
					    .notify = filter_changed,
					    .overrun = filter_overrun,
					    .arg = fw };

	fw->watch = nl_new(fw->engine->loop, fw->ns, &options);
	if (fw->watch && nl_join(fw->watch, NFNLGRP_NFTABLES) < 0) {
		nl_free(fw->watch);
		fw->watch = NULL;
	}
	if (!fw->watch)
		log_warning("changes of the firewall by others cannot be watched");
}

static void flush_deferred(struct deferred *deferred, ktime now)
{
	fw_flush(container_of(deferred, struct fw, flush), now);
}

struct fw *fw_new(struct engine_run *engine, const struct netns *ns)
{
	struct fw *fw = xnew(struct fw);

	fw->engine = engine;
	fw->ns = ns;
	fw->flush.run = flush_deferred;
	fw->verify.fire = verify_due;
	return fw;
}

static void close_backend(struct fw *fw)
{
	if (fw->backend)
		fw->backend->close(fw);
	fw->backend = NULL;
	nl_free(fw->watch);
	fw->watch = NULL;
	timer_cancel(&fw->verify);
}

void fw_free(struct fw *fw)
{
	if (!fw)
		return;
	loop_undefer(fw->engine->loop, &fw->flush);
	close_backend(fw);
	fw_state_fini(&fw->state);
	free(fw);
}

/* Both configured: nftables, as keepalived 2.4 does; then iptables_in is NULL. */
static const struct fw_backend *choose(const struct global_config *global)
{
	return global->iptables_in != NULL ? &fw_backend_iptables : &fw_backend_nft;
}

static bool is_needed(const struct fw *fw)
{
	const struct fw_state *state = &fw->state;

	return state->no_accept4 || state->no_accept6 || state->vmac4 || state->vmac6;
}

static bool open_backend(struct fw *fw)
{
	const struct fw_backend *backend = choose(fw->global);
	int result;

	if (fw->backend == backend)
		return true;
	if (fw->backend && fw->installed) {
		log_warning("the firewall stays with %s until the next start", fw->backend->name);
		return true;
	}
	close_backend(fw);
	result = backend->open(fw);
	if (result < 0) {
		log_error("%s cannot be used (%s): traffic to addresses that are not accepted is "
			  "not dropped",
			  backend->name, strerror(-result));
		return false;
	}
	fw->backend = backend;
	if (backend->verify)
		watch_filter(fw);
	return true;
}

void fw_configure(struct fw *fw, const struct global_config *global, const struct fw_needs *needs)
{
	struct fw_state *state = &fw->state;
	bool changed = fw->global != global || state->no_accept4 != needs->no_accept4 ||
		       state->no_accept6 != needs->no_accept6 || state->vmac4 != needs->vmac4 ||
		       state->vmac6 != needs->vmac6;

	fw->global = global;
	state->no_accept4 = needs->no_accept4;
	state->no_accept6 = needs->no_accept6;
	state->vmac4 = needs->vmac4;
	state->vmac6 = needs->vmac6;
	if (!changed || (!is_needed(fw) && !fw->installed))
		return;
	fw->replace = true;
	flush_later(fw);
}

static void note_change(struct fw *fw, const struct fw_vip *vip, bool add)
{
	if (fw->n_changes == FW_CHANGES_MAX) {
		fw->replace = true;
	} else {
		fw->changes[fw->n_changes] = *vip;
		fw->change_adds[fw->n_changes++] = add;
	}
	flush_later(fw);
}

void fw_block(struct fw *fw, const struct fw_vip *vip)
{
	if (fw_state_block(&fw->state, vip))
		note_change(fw, vip, true);
}

void fw_unblock(struct fw *fw, const struct fw_vip *vip)
{
	if (fw_state_unblock(&fw->state, vip))
		note_change(fw, vip, false);
}

void fw_vmac_added(struct fw *fw, const struct fw_vmac *vmac)
{
	if (!fw_state_add_vmac(&fw->state, vmac))
		return;
	fw->replace = true;
	flush_later(fw);
}

void fw_vmac_removed(struct fw *fw, unsigned ifindex)
{
	if (!fw_state_remove_vmac(&fw->state, ifindex))
		return;
	fw->replace = true;
	flush_later(fw);
}

void fw_flush(struct fw *fw, ktime now attr_unused)
{
	unsigned n = fw->n_changes;
	bool replace = fw->replace || (n && !fw->installed);

	loop_undefer(fw->engine->loop, &fw->flush);
	if ((!n && !replace) || !fw->global || !open_backend(fw))
		return;
	fw->n_changes = 0;
	fw->replace = false;
	if (!replace && fw->backend->change(fw, fw->changes, fw->change_adds, n))
		return;
	fw->installed = true;
	(void)fw->backend->replace(fw);
}

bool fw_stop(struct fw *fw, ktime now attr_unused)
{
	loop_undefer(fw->engine->loop, &fw->flush);
	timer_cancel(&fw->verify);
	fw->n_changes = 0;
	fw->replace = false;
	if (fw->installed && fw->backend && !fw->backend->remove(fw))
		return false;
	fw->installed = false;
	return true;
}

void fw_removed(struct fw *fw)
{
	fw->installed = false;
}

bool fw_is_stopped(const struct fw *fw)
{
	return !fw->installed;
}
