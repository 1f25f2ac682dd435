/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What follows from several process-wide keywords together: derived fields and cross-checks.
 *
 * Runs once, after everything is bound and before the engines' checks, which read the derived
 * fields.
 */
#include <string.h>

#include "core/config.h"
#include "core/config_global.h"

#define AT(m) offsetof(struct global_config, m)
#define IPTABLES_CHAIN_MAX 27
#define IPSET_NAME_MAX	   31

static bool is_set(const struct global_config *g, size_t at)
{
	return object_is_set(&g->object, at);
}

static void resolve_names(struct global_config *g)
{
	if (g->process_names) {
		g->vrrp_process_name = g->vrrp_process_name ?: "keepalived_vrrp";
		g->checker_process_name = g->checker_process_name ?: "keepalived_lvs";
		g->bfd_process_name = g->bfd_process_name ?: "keepalived_bfd";
	}
	if (!is_set(g, AT(vmac_addr_prefix)))
		g->vmac_addr_prefix = g->vmac_prefix;
	if (g->enable_snmp_rfc)
		g->enable_snmp_rfcv2 = g->enable_snmp_rfcv3 = true;
	if (!is_set(g, AT(snmp_rs_stats_every)))
		g->snmp_rs_stats_every = g->snmp_vs_stats_every;
}

/* vrrp_min_garp touches only what nobody set. */
static void resolve_garp(struct global_config *g)
{
	if (g->min_garp && !is_set(g, AT(garp_delay)))
		g->garp_delay = SEC(0);
	if (g->min_garp && !is_set(g, AT(garp_repeat)))
		g->garp_repeat = 1;
	if (!is_set(g, AT(garp_lower_prio_delay)))
		g->garp_lower_prio_delay = g->garp_delay;
	if (!is_set(g, AT(garp_lower_prio_repeat)))
		g->garp_lower_prio_repeat = g->garp_repeat;
}

/* False, reported, if a name is too long or two are the same. */
static bool names_ok(struct config_check *ck, const char *keyword, const struct word_list *names,
		     size_t longest)
{
	for (uint32_t i = 0; i < names->n; i++) {
		size_t len = strlen(names->items[i]);

		if (!len || len > longest) {
			diag_error(ck->diags, "bad-name", names->places[i],
				   "%s name '%s' is not 1 to %zu characters long", keyword,
				   names->items[i], longest);
			return false;
		}
		for (uint32_t j = 0; j < i; j++) {
			if (strcmp(names->items[i], names->items[j]))
				continue;
			diag_note(ck->diags, "same-name", names->places[i],
				  "%s has the name '%s' twice; the line is not used", keyword,
				  names->items[i]);
			return false;
		}
	}
	return true;
}

/* @base with @suffix, cut to what a set's name may be. */
static const char *set_name(struct arena *arena, const char *base, const char *suffix)
{
	size_t room = IPSET_NAME_MAX - strlen(suffix);

	return arena_printf(arena, "%.*s%s", (int)room, base, suffix);
}

static void resolve_ipsets(struct config_check *ck, struct global_config *g)
{
	const struct word_list *names = &g->ipsets_words;
	const char *const *n = names->items;
	struct arena *a = ck->arena;
	struct ipset_names *s = &g->ipsets;
	size_t stem;

	if (!g->iptables_in && is_set(g, AT(ipsets_words)))
		diag_note(ck->diags, "no-effect", object_place(&g->object, AT(ipsets_words)),
			  "vrrp_ipsets has no effect without vrrp_iptables");
	if (!g->iptables_in || (is_set(g, AT(ipsets_words)) && !names->n) ||
	    !names_ok(ck, "vrrp_ipsets", names, IPSET_NAME_MAX - 1))
		return;
	g->use_ipsets = BUILT_IPSET;
	s->addr4 = names->n > 0 ? n[0] : "keepalived";
	s->addr6 = names->n > 1 ? n[1] : set_name(a, s->addr4, "6");
	stem = strlen(s->addr6);
	stem -= stem && s->addr6[stem - 1] == '6';
	s->if6 = names->n > 2 ? n[2] : set_name(a, arena_strndup(a, s->addr6, stem), "_if6");
	s->igmp = names->n > 3 ? n[3] : set_name(a, s->addr4, "_igmp");
	s->mld = names->n > 4 ? n[4] : set_name(a, s->addr4, "_mld");
	s->nd = names->n > 5 ? n[5] : set_name(a, s->addr4, "_nd");
}

static void resolve_filters(struct config_check *ck, struct global_config *g)
{
	const struct word_list *chains = &g->iptables_words;

	if (is_set(g, AT(iptables_words)) &&
	    names_ok(ck, "vrrp_iptables", chains, IPTABLES_CHAIN_MAX)) {
		g->iptables_in = chains->n > 0 ? chains->items[0] : "INPUT";
		g->iptables_out = chains->n > 1 ? chains->items[1] : chains->n ? NULL : "OUTPUT";
	}
	resolve_ipsets(ck, g);
	if (!g->iptables_in || !g->nftables)
		return;
	diag_note(ck->diags, "no-effect", object_place(&g->object, AT(iptables_words)),
		  "nftables is used as well; vrrp_iptables has no effect");
	g->iptables_in = g->iptables_out = NULL;
	g->use_ipsets = false;
}

static void later_wins(kspan *to, const struct lvs_timeouts *line, size_t at)
{
	if (object_is_set(&line->object, at))
		*to = *(const kspan *)(const void *)((const char *)line + at);
}

static void resolve_lvs(struct config_check *ck, struct global_config *g)
{
	const struct lvs_sync_daemon *sync;
	struct place at;

	for (uint32_t i = 0; i < g->lvs_timeouts_lines.n; i++) {
		const struct lvs_timeouts *line = g->lvs_timeouts_lines.items[i];

		later_wins(&g->lvs_timeouts.tcp, line, offsetof(struct lvs_timeouts, tcp));
		later_wins(&g->lvs_timeouts.tcpfin, line, offsetof(struct lvs_timeouts, tcpfin));
		later_wins(&g->lvs_timeouts.udp, line, offsetof(struct lvs_timeouts, udp));
	}
	if (!g->lvs_sync_lines.n)
		return;
	sync = g->lvs_sync_lines.items[0];
	at = sync->instance_at.line ?
		     sync->instance_at :
		     object_place(&sync->object, offsetof(struct lvs_sync_daemon, instance));
	if (sync->instance &&
	    !config_resolve(ck, SYMBOL_VRRP_INSTANCE, sync->instance, at))
		return;
	config_need_interface(ck, sync->ifname, sync->object.at, "lvs_sync_daemon",
			      g->dynamic_interfaces ? NEED_MAY_APPEAR : 0);
	g->lvs_sync = sync;
}

static void check_fifos(struct config_check *ck, struct global_config *g)
{
	const struct {
		const struct fifo_config *fifo;
		const struct script_config *script;
		const char *word;
	} fifos[] = {
		{ &g->notify_fifo, g->notify_fifo_script, "notify_fifo" },
		{ &g->vrrp_notify_fifo, g->vrrp_notify_fifo_script, "vrrp_notify_fifo" },
		{ &g->lvs_notify_fifo, g->lvs_notify_fifo_script, "lvs_notify_fifo" },
	};

	for (size_t i = 0; i < ARRAY_LEN(fifos); i++) {
		if (!fifos[i].fifo->path && fifos[i].script)
			diag_note(ck->diags, "no-effect", fifos[i].script->at,
				  "%s_script has no effect without %s", fifos[i].word,
				  fifos[i].word);
		for (size_t j = 0; j < i && fifos[i].fifo->path; j++) {
			if (!str_eq(fifos[i].fifo->path, fifos[j].fifo->path))
				continue;
			diag_see(ck->diags,
				 diag_warning(ck->diags, "same-name", fifos[i].fifo->at,
					      "%s is the same file as %s", fifos[i].word,
					      fifos[j].word),
				 fifos[j].fifo->at, "first used here");
		}
	}
}

static void need_cpus(struct config_check *ck, struct global_config *g, size_t at,
		      const char *what)
{
	const struct cpu_list *list = (const void *)((const char *)g + at);

	for (uint32_t i = 0; i < list->n; i++)
		config_need(ck, &(struct config_need){ .kind = NEED_CPU,
						       .what = what,
						       .at = object_place(&g->object, at),
						       .number = list->cpus[i] });
}

static void check_process(struct config_check *ck, struct process_config *p)
{
	const char *bad = p->instance && strchr(p->instance, '/') ? "instance" : NULL;

	if (!bad)
		return;
	diag_error(ck->diags, "bad-name",
		   object_place(&p->object, offsetof(struct process_config, instance)),
		   "instance name '%s' becomes part of file names and cannot contain '/'",
		   p->instance);
	p->instance = NULL;
}

void global_config_resolve(struct config_check *ck)
{
	struct global_config *g = (struct global_config *)ck->config->global;

	check_process(ck, (struct process_config *)ck->config->process);
	resolve_names(g);
	resolve_garp(g);
	resolve_filters(ck, g);
	resolve_lvs(ck, g);
	check_fifos(ck, g);
	need_cpus(ck, g, AT(vrrp_sched.cpus), "vrrp_cpu_affinity");
	need_cpus(ck, g, AT(checker_sched.cpus), "checker_cpu_affinity");
	need_cpus(ck, g, AT(bfd_sched.cpus), "bfd_cpu_affinity");
	if (g->reload_repeat && !g->reload_time_file)
		diag_note(ck->diags, "no-effect", object_place(&g->object, AT(reload_repeat)),
			  "reload_repeat has no effect without reload_time_file");
}
