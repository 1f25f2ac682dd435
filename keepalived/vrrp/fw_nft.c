/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firewall by nftables: the text of fw_nft_rules.c, one transaction per flush.
 *
 * What was written is read back once; a later reading that differs means that somebody else
 * changed it. Reading back takes as long as writing, so it waits for the kernel's news of our own
 * change, unless others change things too: then only a reading at once is ours for sure.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/config_global.h"
#include "netlink/nft.h"
#include "vrrp/fw.h"

struct fw_nft {
	struct nft *nft;
	bool can_dup;
	struct strbuf written;	/* our tables as they were read back */
	bool unread;		/* not yet */
	bool others;		/* somebody else changes the firewall, too */
	unsigned commits;	/* that are ours, or were looked at */
};

static struct fw_nft_names names_of(const struct fw *fw)
{
	const struct global_config *global = fw_global(fw);
	const struct fw_nft *self = fw_private(fw);

	return (struct fw_nft_names){
		.table = global->nftables ? global->nftables : "keepalived",
		.priority = global->nftables_priority,
		.by_ifindex = global->nftables_ifindex,
		.counters = global->nftables_counters,
		.can_dup = self->can_dup,
	};
}

static int open_nft(struct fw *fw)
{
	struct fw_nft *self = xnew(struct fw_nft);
	int result = nft_open(fw_netns(fw), &self->nft);

	if (result < 0) {
		free(self);
		return result;
	}
	self->can_dup = true;
	fw_set_private(fw, self);
	return 0;
}

static void close_nft(struct fw *fw)
{
	struct fw_nft *self = fw_private(fw);

	nft_close(self->nft);
	strbuf_fini(&self->written);
	free(self);
	fw_set_private(fw, NULL);
}

static void read_back(const struct fw *fw, struct strbuf *out)
{
	struct fw_nft_names names = names_of(fw);
	struct fw_nft *self = fw_private(fw);

	nft_list_table(self->nft, "ip", names.table, out);
	nft_list_table(self->nft, "ip6", names.table, out);
}

static void remember(const struct fw *fw)
{
	struct fw_nft *self = fw_private(fw);

	self->unread = false;
	strbuf_reset(&self->written);
	read_back(fw, &self->written);
}

/* The kernel has taken what we wrote. */
static void written(const struct fw *fw)
{
	struct fw_nft *self = fw_private(fw);

	self->commits++;
	self->unread = true;
	if (self->others)
		remember(fw);
}

static int try_replace(struct fw *fw, struct strbuf *error)
{
	struct fw_nft *self = fw_private(fw);
	struct fw_nft_names names = names_of(fw);
	struct strbuf script = { 0 };

	fw_nft_replace(fw_state(fw), &names, &script);
	int result = nft_run(self->nft, strbuf_text(&script), error);

	strbuf_fini(&script);
	return result;
}

static int replace_nft(struct fw *fw)
{
	struct fw_nft *self = fw_private(fw);
	struct strbuf error = { 0 };
	int result = try_replace(fw, &error);

	if (result < 0 && self->can_dup) {
		/* Kernels without the dup statement refuse the whole: drop instead of redirecting.
		 */
		self->can_dup = false;
		strbuf_reset(&error);
		result = try_replace(fw, &error);
		if (result == 0)
			log_info("the kernel has no nftables dup: IGMP and MLD of VMACs is "
				 "dropped, not redirected");
		else
			self->can_dup = true;
	}
	if (result < 0)
		log_error("nftables refuses our rules: %s", strbuf_text(&error));
	else
		written(fw);
	strbuf_fini(&error);
	return result;
}

static bool remove_nft(struct fw *fw)
{
	struct fw_nft *self = fw_private(fw);
	struct fw_nft_names names = names_of(fw);
	struct strbuf script = { 0 }, error = { 0 };

	fw_nft_remove(&names, &script);
	if (nft_run(self->nft, strbuf_text(&script), &error) < 0)
		log_warning("nftables tables '%s' could not be removed: %s", names.table,
			    strbuf_text(&error));
	strbuf_fini(&script);
	strbuf_fini(&error);
	return true;
}

static bool change_nft(struct fw *fw, const struct fw_vip *vips, const bool *add, unsigned n)
{
	struct fw_nft *self = fw_private(fw);
	struct fw_nft_names names = names_of(fw);
	struct strbuf script = { 0 };

	for (unsigned i = 0; i < n; i++)
		fw_nft_vip(&names, &vips[i], add[i], &script);
	bool done = nft_run(self->nft, strbuf_text(&script), NULL) == 0;

	strbuf_fini(&script);
	if (done)
		written(fw);
	return done;
}

/* False: what is there now cannot be told from what others made of it. */
static bool first_reading(const struct fw *fw, unsigned commits)
{
	struct fw_nft *self = fw_private(fw);

	/* The news of our own change is still to come, and this is called again. */
	if ((int)(commits - self->commits) < 0)
		return true;
	self->others = commits != self->commits;
	if (!self->others)
		remember(fw);
	return !self->others;
}

static bool verify_nft(struct fw *fw, unsigned commits, ktime now attr_unused)
{
	struct fw_nft *self = fw_private(fw);
	struct strbuf found = { 0 };
	bool same;

	if (self->unread)
		return first_reading(fw, commits);
	read_back(fw, &found);
	same = str_eq(strbuf_text(&found), strbuf_text(&self->written));
	self->commits = commits;
	strbuf_fini(&found);
	return same;
}

const struct fw_backend fw_backend_nft = {
	.name = "nftables",
	.open = open_nft,
	.close = close_nft,
	.replace = replace_nft,
	.remove = remove_nft,
	.change = change_nft,
	.verify = verify_nft,
};
