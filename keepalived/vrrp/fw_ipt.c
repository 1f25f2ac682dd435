/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firewall by iptables, with or without IP sets.
 *
 * Rules are loaded by iptables-restore, which the supervisor runs: one transaction per family, one
 * at a time (fw_ipt_plan.c); what changes meanwhile is loaded when it has ended. Sets are written
 * at once by libipset, so with them an address is blocked before it appears. iptables-legacy tells
 * nobody of changes: the size of its table is looked at every few seconds. What the iptables that
 * writes to nftables says of changes does not tell whose: our rules are written again then.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/config_global.h"
#include "core/process.h"
#include "net/netns.h"
#include "net/xt_table.h"
#include "netlink/ipset.h"
#include "vrrp/fw.h"

#define UNHOOK_MAX   16u	/* jumps taken out one by one */
#define LOOK_EVERY   SEC(5)
#define SET_AGAIN    256u	/* entries of sets that are written again at a look */
#define RELOAD_EVERY SEC(3)	/* at most, because of others */

struct fw_ipt;

struct ipt_family {
	struct fw_ipt *ipt;
	int family;
	enum fw_ipt_phase phase;
	struct run run;
	unsigned unhooked;
	bool dirty;		/* the state has changed since the text was made */
	bool legacy;		/* its table is ->size large when nobody touches it */
	bool has_before;
	bool told;		/* that it cannot be loaded */
	struct xt_size before, size;
};

struct fw_ipt {
	struct fw *fw;
	struct fw_ipt_names names;
	char *texts[8];		/* names, which outlive the configuration */
	struct ipset_link *sets;	/* NULL: without */
	bool sets_failed;		/* the last time; it was said */
	unsigned again;			/* entry that is written again next */
	struct ipt_family families[2];
	struct timer look;
	ktime ended_at;		/* last run */
	bool removing;
	unsigned commits;	/* nftables: changes that are ours, or dealt with */
	bool suspected;		/* nftables: somebody changed something somewhere */
	struct fw_state ever;	/* only what is needed: which sets there are */
};

static void advance(struct ipt_family *f, enum fw_ipt_phase phase);

static const char *family_name(const struct ipt_family *f)
{
	return f->family == AF_INET6 ? "IPv6" : "IPv4";
}

static struct loop *loop_of(const struct fw_ipt *ipt)
{
	return fw_engine(ipt->fw)->loop;
}

/* -- sets ---------------------------------------------------------------------------------- */

static int run_sets(struct fw_ipt *ipt, struct strbuf *lines)
{
	struct strbuf error = { 0 };
	int result = ipt->sets ? ipset_run(ipt->sets, strbuf_text(lines), &error) : 0;

	if (result < 0 && !ipt->sets_failed)
		log_error("ipset: %s", error.len ? strbuf_text(&error) : strerror(-result));
	ipt->sets_failed = result < 0;
	strbuf_fini(lines);
	strbuf_fini(&error);
	return result;
}

static int fill_sets(struct fw_ipt *ipt)
{
	const struct fw_state *s = fw_state(ipt->fw);
	struct strbuf lines = { 0 };

	ipt->ever.no_accept4 = ipt->ever.no_accept4 || s->no_accept4;
	ipt->ever.no_accept6 = ipt->ever.no_accept6 || s->no_accept6;
	ipt->ever.vmac4 = ipt->ever.vmac4 || s->vmac4;
	ipt->ever.vmac6 = ipt->ever.vmac6 || s->vmac6;
	if (!ipt->names.use_sets)
		return 0;
	ipt->names.n_sets4 = MAX_OF(ipt->names.n_sets4, fw_ipset_count(s, AF_INET));
	ipt->names.n_sets6 = MAX_OF(ipt->names.n_sets6, fw_ipset_count(s, AF_INET6));
	fw_ipset_create(s, &ipt->names, &lines);
	return run_sets(ipt, &lines);
}

/* Nobody tells of changes of sets: what others took out is put back bit by bit. */
static void fill_again(struct fw_ipt *ipt)
{
	const struct fw_state *s = fw_state(ipt->fw);
	struct strbuf lines = { 0 };

	if (!ipt->names.use_sets || ipt->removing || fw_is_stopped(ipt->fw))
		return;
	fw_ipset_again(s, &ipt->names, ipt->again, SET_AGAIN, &lines);
	ipt->again += SET_AGAIN;
	if (ipt->again >= s->vips.n + s->vmacs.n)
		ipt->again = 0;
	(void)run_sets(ipt, &lines);
}

/* -- runs ---------------------------------------------------------------------------------- */

static bool is_over(enum fw_ipt_phase phase)
{
	return phase == FW_IPT_NONE || phase == FW_IPT_LOADED || phase == FW_IPT_FAILED;
}

static bool is_wanted(const struct ipt_family *f)
{
	const struct fw_state *s = fw_state(f->ipt->fw);

	return f->family == AF_INET6 ? s->no_accept6 || s->vmac6 : s->no_accept4 || s->vmac4;
}

static int table_size(const struct ipt_family *f, struct xt_size *out)
{
	return xt_filter_size(fw_netns(f->ipt->fw), f->family, out);
}

/* Is it the legacy variant that was loaded? Then its table has grown. */
static void note_size(struct ipt_family *f, enum fw_ipt_phase loaded_by)
{
	struct xt_size size;

	if (table_size(f, &size) < 0) {
		f->legacy = false;
		return;
	}
	if (loaded_by == FW_IPT_LOAD)
		f->legacy = !f->has_before || f->before.entries != size.entries;
	f->size = size;
}

static void complain(struct ipt_family *f, const struct run_result *r)
{
	const char *program = f->family == AF_INET6 ? "ip6tables-restore" : "iptables-restore";

	if (f->told)
		return;
	f->told = true;
	if (r->end == RUN_EXITED)
		log_error("%s refuses our rules (status %d): %s traffic to addresses that are not "
			  "accepted is not dropped; it is tried again", program, r->code,
			  family_name(f));
	else
		log_error("%s cannot be run%s%s: %s traffic to addresses that are not accepted is "
			  "not dropped; it is tried again", program,
			  r->end == RUN_LOST || r->end == RUN_EXEC_FAILED ? ": " : "",
			  r->end == RUN_LOST || r->end == RUN_EXEC_FAILED ? strerror(r->code) : "",
			  family_name(f));
}

static void removed_one(struct fw_ipt *ipt)
{
	struct strbuf lines = { 0 };

	for (unsigned i = 0; i < ARRAY_LEN(ipt->families); i++) {
		if (ipt->families[i].phase != FW_IPT_NONE)
			return;
	}
	timer_cancel(&ipt->look);
	if (ipt->names.use_sets)
		fw_ipset_destroy(&ipt->ever, &ipt->names, &lines);
	(void)run_sets(ipt, &lines);
	fw_removed(ipt->fw);
}

/* A run or the way of which it was a part has ended: is there more to do? */
static void settled(struct ipt_family *f)
{
	if (f->ipt->removing) {
		if (f->phase != FW_IPT_NONE)
			advance(f, FW_IPT_REMOVE);
		else
			removed_one(f->ipt);
		return;
	}
	if (!f->dirty)
		return;
	advance(f, f->phase == FW_IPT_LOADED ? FW_IPT_RELOAD : FW_IPT_UNHOOK_IN);
}

static void run_done(struct run *run, const struct run_result *result, ktime now)
{
	struct ipt_family *f = container_of(run, struct ipt_family, run);
	bool ok = result->end == RUN_EXITED && result->code == 0;
	enum fw_ipt_phase was = f->phase, next = fw_ipt_next(was, ok);

	f->ipt->ended_at = now;
	f->ipt->commits += ok;
	if (next == was && ++f->unhooked >= UNHOOK_MAX)
		next = fw_ipt_next(was, false);
	if (next != was)
		f->unhooked = 0;
	if (next == FW_IPT_FAILED)
		complain(f, result);
	if (next == FW_IPT_LOADED) {
		note_size(f, was);
		f->told = false;
		log_detail("iptables%s: loaded the %s rules", f->legacy ? " (legacy)" : "",
			   family_name(f));
	}
	advance(f, next);
}

/* Enter a phase: start its run, or settle. */
static void advance(struct ipt_family *f, enum fw_ipt_phase phase)
{
	struct fw_ipt *ipt = f->ipt;
	struct strbuf text = { 0 };

	for (;; phase = fw_ipt_next(phase, false)) {
		f->phase = phase;
		if (is_over(phase)) {
			settled(f);
			return;
		}
		fw_ipt_text(fw_state(ipt->fw), &ipt->names, f->family, phase, &text);
		if (text.len > 0)
			break;
	}
	if (phase == FW_IPT_LOAD || phase == FW_IPT_RELOAD)
		f->dirty = false;
	if (phase == FW_IPT_LOAD)
		f->has_before = table_size(f, &f->before) == 0;
	run_filter(fw_engine(ipt->fw), &f->run,
		   &(struct run_rules){
			   .family = f->family,
			   .netns = fw_netns(ipt->fw) ? fw_netns(ipt->fw)->name : NULL,
			   .text = strbuf_text(&text),
			   .len = text.len,
		   });
	strbuf_fini(&text);
}

/* What the kernel has is out of date. */
static void load(struct ipt_family *f)
{
	f->dirty = true;
	if (!run_is_running(&f->run))
		settled(f);
}

/* -- backend ------------------------------------------------------------------------------- */

static void look(struct timer *t, ktime now)
{
	struct fw_ipt *ipt = container_of(t, struct fw_ipt, look);

	timer_arm(loop_timers(loop_of(ipt)), t, ktime_add(now, LOOK_EVERY));
	for (unsigned i = 0; i < ARRAY_LEN(ipt->families); i++) {
		if (ipt->families[i].phase == FW_IPT_FAILED && !ipt->removing)
			load(&ipt->families[i]);
	}
	fill_again(ipt);
	fw_suspect(ipt->fw, now);
}

/* A copy of a name, since rules outlive configurations. */
static const char *keep(struct fw_ipt *ipt, unsigned *n, const char *name)
{
	if (name == NULL)
		return NULL;
	ipt->texts[*n] = xstrdup(name);
	return ipt->texts[(*n)++];
}

static void take_names(struct fw_ipt *ipt, const struct global_config *g)
{
	struct fw_ipt_names *names = &ipt->names;
	unsigned n = 0;

	names->hook_in = keep(ipt, &n, g->iptables_in);
	names->hook_out = keep(ipt, &n, g->iptables_out);
	fw_ipt_chains(names);
	names->use_sets = g->use_ipsets;
	if (!g->use_ipsets)
		return;
	names->set4 = keep(ipt, &n, g->ipsets.addr4);
	names->set6 = keep(ipt, &n, g->ipsets.addr6);
	names->set_if6 = keep(ipt, &n, g->ipsets.if6);
	names->set_igmp = keep(ipt, &n, g->ipsets.igmp);
	names->set_mld = keep(ipt, &n, g->ipsets.mld);
	names->set_nd = keep(ipt, &n, g->ipsets.nd);
}

static int open_ipt(struct fw *fw)
{
	struct fw_ipt *ipt = xnew(struct fw_ipt);
	int result;

	ipt->fw = fw;
	take_names(ipt, fw_global(fw));
	for (unsigned i = 0; i < ARRAY_LEN(ipt->families); i++) {
		ipt->families[i].ipt = ipt;
		ipt->families[i].family = i == 0 ? AF_INET : AF_INET6;
		ipt->families[i].run.done = run_done;
	}
	if (ipt->names.use_sets) {
		result = ipset_open(fw_netns(fw), &ipt->sets);
		if (result < 0) {
			log_warning("ipset cannot be used (%s): addresses are in rules instead",
				    strerror(-result));
			ipt->names.use_sets = false;
		}
	}
	ipt->look.fire = look;
	timer_arm(loop_timers(loop_of(ipt)), &ipt->look,
		  ktime_add(loop_now(loop_of(ipt)), LOOK_EVERY));
	fw_set_private(fw, ipt);
	return 0;
}

static void close_ipt(struct fw *fw)
{
	struct fw_ipt *ipt = fw_private(fw);

	for (unsigned i = 0; i < ARRAY_LEN(ipt->families); i++)
		run_cancel(&ipt->families[i].run);
	timer_cancel(&ipt->look);
	ipset_close(ipt->sets);
	for (unsigned i = 0; i < ARRAY_LEN(ipt->texts); i++)
		free(ipt->texts[i]);
	free(ipt);
	fw_set_private(fw, NULL);
}

static int replace_ipt(struct fw *fw)
{
	struct fw_ipt *ipt = fw_private(fw);
	int result = fill_sets(ipt);

	for (unsigned i = 0; i < ARRAY_LEN(ipt->families); i++) {
		struct ipt_family *f = &ipt->families[i];

		if (is_wanted(f) || f->phase != FW_IPT_NONE)
			load(f);
	}
	return result;
}

static bool remove_ipt(struct fw *fw)
{
	struct fw_ipt *ipt = fw_private(fw);

	ipt->removing = true;
	for (unsigned i = 0; i < ARRAY_LEN(ipt->families); i++) {
		if (!run_is_running(&ipt->families[i].run))
			settled(&ipt->families[i]);
	}
	return false;
}

/* With sets the rules stay as they are. */
static bool change_ipt(struct fw *fw, const struct fw_vip *vips, const bool *add, unsigned n)
{
	struct fw_ipt *ipt = fw_private(fw);
	struct strbuf lines = { 0 };

	if (!ipt->names.use_sets)
		return false;
	for (unsigned i = 0; i < n; i++)
		fw_ipset_vip(&ipt->names, &vips[i], add[i], &lines);
	return run_sets(ipt, &lines) == 0;
}

/* Legacy: is the table as large as we left it? */
static bool has_own_size(const struct ipt_family *f)
{
	struct xt_size size;
	int result = table_size(f, &size);

	if (result < 0)
		return result != -ENOENT;
	return size.entries == f->size.entries && size.bytes == f->size.bytes;
}

static bool verify_ipt(struct fw *fw, unsigned commits, ktime now)
{
	struct fw_ipt *ipt = fw_private(fw);
	kspan quiet = ktime_diff(now, ipt->ended_at);
	bool untouched = true;

	if (run_is_running(&ipt->families[0].run) || run_is_running(&ipt->families[1].run))
		return true;
	ipt->suspected = ipt->suspected || commits != ipt->commits;
	ipt->commits = commits;
	for (unsigned i = 0; i < ARRAY_LEN(ipt->families); i++) {
		const struct ipt_family *f = &ipt->families[i];

		if (f->phase != FW_IPT_LOADED)
			continue;
		if (f->legacy)
			untouched = untouched && has_own_size(f);
		else if (ipt->suspected && quiet.ns > RELOAD_EVERY.ns)
			untouched = false;
	}
	if (!untouched)
		ipt->suspected = false;
	return untouched;
}

const struct fw_backend fw_backend_iptables = {
	.name = "iptables",
	.open = open_ipt,
	.close = close_ipt,
	.replace = replace_ipt,
	.remove = remove_ipt,
	.change = change_ipt,
	.verify = verify_ipt,
};
