/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual servers as services: group, address family, protocol, persistence, scheduler and its
 * flags. What the keywords mean for one another, in any order.
 *
 * Corrections are warnings at the virtual server or at the keyword they concern.
 */
#include "check/config_check.h"

#include <string.h>

#define warn_vs(run, vs, rule, ...) \
	diag_warning((run)->check->diags, rule, (vs)->object.at, __VA_ARGS__)
#define warn_word(run, vs, word, rule, ...) \
	diag_warning((run)->check->diags, rule, word_place(&(vs)->object, word), __VA_ARGS__)
#define note_word(run, vs, word, rule, ...) \
	diag_note((run)->check->diags, rule, word_place(&(vs)->object, word), __VA_ARGS__)

const char *vs_name(struct check_run *run, const struct virtual_server *vs)
{
	strbuf_reset(&run->text);
	check_vs_text(vs, &run->text);
	return strbuf_text(&run->text);
}

static bool is_pure_mark(const struct virtual_server *vs)
{
	if (vs->kind == SERVICE_GROUP)
		return vs->group->has_mark && vs->group->only_marks;
	return vs->kind == SERVICE_FWMARK;
}

static bool has_mark(const struct virtual_server *vs)
{
	return vs->kind == SERVICE_FWMARK || (vs->kind == SERVICE_GROUP && vs->group->has_mark);
}

/* ---- group ---- */

static const char *near_group(const struct check_run *run, const char *name)
{
	const char *best = NULL;
	unsigned best_distance = 0, distance;

	for (uint32_t i = 0; i < run->section->groups.n; i++) {
		const struct server_group *group = run->section->groups.items[i];

		if (!str_is_near(name, group->object.name, &distance))
			continue;
		if (!best || distance < best_distance) {
			best = group->object.name;
			best_distance = distance;
		}
	}
	return best;
}

/* An unknown group has only ever been logged, so the test says it as a note. */
static bool resolve_group(struct check_run *run, struct virtual_server *vs)
{
	struct server_group *group =
		config_symbol_find(run->check->config, SYMBOL_SERVER_GROUP, vs->group_name);
	struct diag *diag;
	const char *near;

	if (group) {
		vs->group = group;
		vs->group_ordinal = group->n_used++;
		return true;
	}
	near = near_group(run, vs->group_name);
	diag = diag_note(run->check->diags, "unknown-name", vs->group_at,
			 "there is no virtual_server_group %s%s%s%s", vs->group_name,
			 near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
	diag_hint(run->check->diags, diag, "the virtual server is dropped");
	return false;
}

/* ---- family ---- */

/* The family that the servers of a mark have: the first that is not tunnelled decides, else the
 * mask, else all if they agree. */
static int family_of_servers(const struct virtual_server *vs)
{
	int common = AF_UNSPEC;
	bool mixed = false;

	for (uint32_t i = 0; i < vs->real_servers.n; i++) {
		const struct real_server *rs = check_rs(vs, i);
		uint8_t method = rs->forward.method ? rs->forward.method : vs->forward.method;

		if (method != FORWARD_TUN)
			return rs->addr.family;
		mixed |= common && common != rs->addr.family;
		common = rs->addr.family;
	}
	if (addr_is_set(vs->granularity.mask))
		return AF_INET;
	if (vs->granularity.prefix_len)
		return AF_INET6;
	return common && !mixed ? common : AF_INET;
}

static int family_of_group(const struct virtual_server *vs)
{
	const struct server_group *group = vs->group;

	if (vs->ip_family)
		return vs->ip_family;
	if (group->has_v4 && group->has_v6)
		return AF_UNSPEC;
	if (group->has_v4)
		return AF_INET;
	if (group->has_v6)
		return AF_INET6;
	return family_of_servers(vs);
}

/* The group has addresses, and none is of that family. */
static bool group_lacks(const struct server_group *group, int family)
{
	bool other = family == AF_INET ? group->has_v6 : group->has_v4;

	return other && !(family == AF_INET ? group->has_v4 : group->has_v6);
}

static void resolve_family(struct check_run *run, struct virtual_server *vs)
{
	int family = AF_UNSPEC;

	switch (vs->kind) {
	case SERVICE_ADDRESS:
		family = vs->addr.family;
		break;
	case SERVICE_FWMARK:
		family = vs->ip_family ? vs->ip_family : family_of_servers(vs);
		break;
	case SERVICE_GROUP:
		family = family_of_group(vs);
		break;
	}
	if (vs->kind == SERVICE_GROUP && vs->ip_family && group_lacks(vs->group, family))
		warn_word(run, vs, "ip_family", "family",
			  "ip_family %s is the family of no address of group %s",
			  family == AF_INET ? "inet" : "inet6", vs->group_name);
	if (vs->ip_family && vs->ip_family != family)
		warn_word(run, vs, "ip_family", "family",
			  "ip_family %s contradicts the addresses of the service; ignored",
			  vs->ip_family == AF_INET ? "inet" : "inet6");
	vs->family = family;
}

/* ---- protocol, one-packet scheduling, persistence ---- */

static void resolve_protocol(struct check_run *run, struct virtual_server *vs)
{
	if (is_pure_mark(vs)) {
		if (vs->protocol)
			warn_word(run, vs, "protocol", "no-effect",
				  "a firewall mark has no protocol; ignored");
		vs->protocol = 0;
		return;
	}
	if (!vs->protocol) {
		if (!vs_mistake(run, vs, offsetof(struct virtual_server, protocol)))
			warn_vs(run, vs, "missing-keyword",
				"virtual server %s has no protocol, using UDP", vs_name(run, vs));
		vs->protocol = IPPROTO_UDP;
	}
	if (vs->ops && vs->protocol != IPPROTO_UDP) {
		warn_word(run, vs, "ops", "conflict",
			  "one-packet scheduling needs UDP; ignored");
		vs->ops = false;
	}
}

static bool has_any_port(const struct virtual_server *vs)
{
	if (vs->kind == SERVICE_GROUP)
		return vs->group->has_any_port;
	return vs->kind == SERVICE_ADDRESS && !vs->port;
}

#define PERSISTENCE_DEFAULT 360

/* A plain number is a prefix length: of an IPv4 service it means the mask of that length. */
static void resolve_mask(struct check_run *run, struct virtual_server *vs)
{
	struct persistence_mask *mask = &vs->granularity;
	struct prefix all = { .addr = { .family = AF_INET } };
	char text[ADDR_TEXT_MAX];

	if (vs->family == AF_INET6 && addr_is_set(mask->mask)) {
		note_word(run, vs, "persistence_granularity", "family",
			  "an IPv4 mask has no effect on an IPv6 service");
		mask->mask = (struct addr){ 0 };
	}
	if (vs->family != AF_INET || !mask->prefix_len)
		return;
	if (mask->prefix_len > 32) {
		note_word(run, vs, "persistence_granularity", "family",
			  "prefix length %u has no effect on an IPv4 service", mask->prefix_len);
	} else {
		memset(&all.addr.v4, 0xff, sizeof(all.addr.v4));
		all.len = mask->prefix_len;
		mask->mask = prefix_network(all);
		note_word(run, vs, "persistence_granularity", "spelling",
			  "prefix length %u of an IPv4 service is taken as mask %s",
			  mask->prefix_len, addr_print(mask->mask, text));
	}
	mask->prefix_len = 0;
}

static void resolve_persistence(struct check_run *run, struct virtual_server *vs)
{
	resolve_mask(run, vs);
	if (!vs->persistence_timeout && word_is_set(&vs->object, "persistence_granularity"))
		vs->persistence_timeout = PERSISTENCE_DEFAULT;
	if (!vs->persistence_timeout && has_any_port(vs)) {
		warn_vs(run, vs, "conflict",
			"virtual server %s is for all ports, which needs persistence: "
			"persistence_timeout is set to %u", vs_name(run, vs),
			PERSISTENCE_DEFAULT);
		vs->persistence_timeout = PERSISTENCE_DEFAULT;
	}
	if (vs->persistence_engine && !vs->persistence_timeout)
		note_word(run, vs, "persistence_engine", "no-effect",
			  "persistence_engine has no effect without persistence_timeout");
}

/* ---- scheduler ---- */

struct scheduler_flag {
	const char *word;
	size_t at;
	int scheduler;		/* -1: any */
	uint32_t flag;
};

static const struct scheduler_flag scheduler_flags[] = {
	{ "flag-1", offsetof(struct virtual_server, flag1), -1, SERVICE_SCHED1 },
	{ "flag-2", offsetof(struct virtual_server, flag2), -1, SERVICE_SCHED2 },
	{ "flag-3", offsetof(struct virtual_server, flag3), -1, SERVICE_SCHED3 },
	{ "sh-port", offsetof(struct virtual_server, sh_port), CHECK_SCHEDULER_SH,
	  SERVICE_SCHED2 },
	{ "sh-fallback", offsetof(struct virtual_server, sh_fallback), CHECK_SCHEDULER_SH,
	  SERVICE_SCHED1 },
	{ "mh-port", offsetof(struct virtual_server, mh_port), CHECK_SCHEDULER_MH,
	  SERVICE_SCHED2 },
	{ "mh-fallback", offsetof(struct virtual_server, mh_fallback), CHECK_SCHEDULER_MH,
	  SERVICE_SCHED1 },
};

static bool is_hash_scheduler(int scheduler)
{
	return scheduler == CHECK_SCHEDULER_SH || scheduler == CHECK_SCHEDULER_MH;
}

/* A flag of sh under mh, or the other way round, has always been passed over in silence. */
static void foreign_flag(struct check_run *run, struct virtual_server *vs,
			 const struct scheduler_flag *flag)
{
	diag_add(run->check->diags, is_hash_scheduler(vs->scheduler) ? DIAG_NOTE : DIAG_WARNING,
		 "no-effect", word_place(&vs->object, flag->word),
		 "%s only applies to the scheduler %s; ignored", flag->word,
		 check_scheduler_name(flag->scheduler));
}

static void resolve_scheduler(struct check_run *run, struct virtual_server *vs)
{
	if (vs->scheduler < 0) {
		if (!vs_mistake(run, vs, offsetof(struct virtual_server, scheduler)))
			warn_vs(run, vs, "missing-keyword",
				"virtual server %s has no lvs_sched, using wlc", vs_name(run, vs));
		vs->scheduler = CHECK_SCHEDULER_WLC;
	}
	for (size_t i = 0; i < ARRAY_LEN(scheduler_flags); i++) {
		const struct scheduler_flag *flag = &scheduler_flags[i];
		bool *field = (bool *)(void *)((char *)vs + flag->at);

		if (!*field)
			continue;
		if (flag->scheduler < 0 || flag->scheduler == vs->scheduler) {
			vs->service_flags |= flag->flag;
			continue;
		}
		foreign_flag(run, vs, flag);
		*field = false;
	}
	if (vs->hashed && !is_hash_scheduler(vs->scheduler))
		warn_word(run, vs, "hashed", "no-effect",
			  "hashed is for the schedulers sh and mh; ignored");
	vs->service_flags |= vs->ops ? SERVICE_ONE_PACKET : 0;
	vs->service_flags |= vs->persistence_timeout ? SERVICE_PERSISTENT : 0;
}

static void check_ha_suspend(struct check_run *run, struct virtual_server *vs)
{
	if (!vs->ha_suspend || !has_mark(vs))
		return;
	diag_error(run->check->diags, "conflict", word_place(&vs->object, "ha_suspend"),
		   "ha_suspend needs a service address; a firewall mark has none");
	vs->ha_suspend = false;
}

static void resolve_alert(struct check_run *run, struct virtual_server *vs)
{
	const struct global_config *global = run->check->config->global;

	if (vs->smtp_alert == TRISTATE_UNSET)
		vs->smtp_alert = global->smtp_alert_checker;
	if (vs->smtp_alert == TRISTATE_UNSET)
		vs->smtp_alert = global->smtp_alert;
	if (vs->smtp_alert == TRISTATE_UNSET)
		vs->smtp_alert = TRISTATE_OFF;
}

void report_no_servers(struct check_run *run, const struct virtual_server *vs, bool all_dropped)
{
	const struct diag *mistake =
		vs_mistake(run, vs, offsetof(struct virtual_server, real_servers));
	struct diag *diag;

	/* Those that were dropped are one matter, that nothing is left is another. */
	if (mistake && !all_dropped && !strcmp(mistake->rule, "unknown-keyword"))
		return;
	diag = diag_error(run->check->diags, "empty", vs->object.at,
			  "virtual server %s has no%s real servers", vs_name(run, vs),
			  all_dropped ? " usable" : "");

	if (vs->end.line)
		diag_see(run->check->diags, diag, vs->end, "none until here");
}

bool check_service(struct check_run *run, struct virtual_server *vs)
{
	if (vs->kind == SERVICE_GROUP && !resolve_group(run, vs))
		return false;
	if (!vs->real_servers.n) {
		report_no_servers(run, vs, false);
		return false;
	}
	check_ha_suspend(run, vs);
	resolve_family(run, vs);
	resolve_protocol(run, vs);
	resolve_persistence(run, vs);
	resolve_scheduler(run, vs);
	resolve_alert(run, vs);
	return true;
}
