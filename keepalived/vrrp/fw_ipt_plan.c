/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The transactions that bring our iptables chains in, keep them up to date and take them out.
 *
 * Our chains hang on one jump each, at the top of the configured chains. A jump cannot be asked
 * for by iptables-restore, only deleted, which fails without one: so leftovers are taken out one
 * by one until that fails, then the chains are loaded. Declaring a chain empties it.
 */
#include <stdio.h>
#include <string.h>

#include "vrrp/fw_rules.h"

static void chain_name(char out[FW_CHAIN_MAX], const char *prefix, const char *hook)
{
	out[0] = '\0';
	if (hook != NULL)
		(void)snprintf(out, FW_CHAIN_MAX, "%s%.13s", prefix, hook);
}

void fw_ipt_chains(struct fw_ipt_names *names)
{
	chain_name(names->in, "keepalived-in-", names->hook_in);
	chain_name(names->out, "keepalived-out-", names->hook_out);
}

enum fw_ipt_phase fw_ipt_next(enum fw_ipt_phase phase, bool ok)
{
	switch (phase) {
	case FW_IPT_UNHOOK_IN:
		return ok ? FW_IPT_UNHOOK_IN : FW_IPT_UNHOOK_OUT;
	case FW_IPT_UNHOOK_OUT:
		return ok ? FW_IPT_UNHOOK_OUT : FW_IPT_LOAD;
	case FW_IPT_LOAD:
		return ok ? FW_IPT_LOADED : FW_IPT_FAILED;
	case FW_IPT_RELOAD:
		return ok ? FW_IPT_LOADED : FW_IPT_UNHOOK_IN;
	case FW_IPT_REMOVE:
		return ok ? FW_IPT_NONE : FW_IPT_CLEAR_IN;
	case FW_IPT_CLEAR_IN:
		return ok ? FW_IPT_CLEAR_IN : FW_IPT_CLEAR_OUT;
	case FW_IPT_CLEAR_OUT:
		return ok ? FW_IPT_CLEAR_OUT : FW_IPT_CLEAR_CHAINS;
	case FW_IPT_CLEAR_CHAINS:
	case FW_IPT_NONE:
		return FW_IPT_NONE;
	case FW_IPT_LOADED:
	case FW_IPT_FAILED:
		break;
	}
	return phase;
}

/* One line for each of our chains, @format with the configured chain and ours. */
static void add_jumps(const struct fw_ipt_names *n, const char *verb, const char *at,
		      struct strbuf *out)
{
	strbuf_addf(out, "%s %s %s-j %s\n", verb, n->hook_in, at, n->in);
	if (n->hook_out != NULL)
		strbuf_addf(out, "%s %s %s-j %s\n", verb, n->hook_out, at, n->out);
}

static void declare(const struct fw_ipt_names *n, struct strbuf *out)
{
	strbuf_addf(out, ":%s - [0:0]\n", n->in);
	if (n->hook_out != NULL)
		strbuf_addf(out, ":%s - [0:0]\n", n->out);
}

static void delete_chains(const struct fw_ipt_names *n, struct strbuf *out)
{
	strbuf_addf(out, "-X %s\n", n->in);
	if (n->hook_out != NULL)
		strbuf_addf(out, "-X %s\n", n->out);
}

static void add_lines(const struct fw_state *state, const struct fw_ipt_names *n, int family,
		      enum fw_ipt_phase phase, struct strbuf *out)
{
	switch (phase) {
	case FW_IPT_UNHOOK_IN:
	case FW_IPT_CLEAR_IN:
		strbuf_addf(out, "-D %s -j %s\n", n->hook_in, n->in);
		return;
	case FW_IPT_UNHOOK_OUT:
	case FW_IPT_CLEAR_OUT:
		if (n->hook_out != NULL)
			strbuf_addf(out, "-D %s -j %s\n", n->hook_out, n->out);
		return;
	case FW_IPT_LOAD:
	case FW_IPT_RELOAD:
		declare(n, out);
		fw_ipt_rules(state, n, family, out);
		if (phase == FW_IPT_RELOAD)
			add_jumps(n, "-D", "", out);
		add_jumps(n, "-I", "1 ", out);
		return;
	case FW_IPT_REMOVE:
		declare(n, out);
		add_jumps(n, "-D", "", out);
		delete_chains(n, out);
		return;
	case FW_IPT_CLEAR_CHAINS:
		declare(n, out);
		delete_chains(n, out);
		return;
	case FW_IPT_NONE:
	case FW_IPT_LOADED:
	case FW_IPT_FAILED:
		return;
	}
}

void fw_ipt_text(const struct fw_state *state, const struct fw_ipt_names *names, int family,
		 enum fw_ipt_phase phase, struct strbuf *out)
{
	struct strbuf lines = { 0 };

	add_lines(state, names, family, phase, &lines);
	if (lines.len > 0)
		strbuf_addf(out, "*filter\n%sCOMMIT\n", strbuf_text(&lines));
	strbuf_fini(&lines);
}
