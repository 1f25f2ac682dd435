/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Advice about VRRP configurations: mistakes that are common in the wild and that no check can
 * call wrong. Each rule is one function; none changes anything. The checks of config.h have run.
 */
#include "vrrp/lint.h"

#include <string.h>

#include "vrrp/config.h"

#define INST(m)	  object_place(&vi->object, offsetof(struct vrrp_instance_config, m))
#define SCRIPT(m) object_place(&vs->object, offsetof(struct vrrp_script_config, m))
#define NOTE(rule, at, ...) diag_note(ck->diags, rule, at, __VA_ARGS__)

static bool is_set(const struct vrrp_instance_config *vi, size_t at)
{
	return object_is_set(&vi->object, at);
}
#define IS_SET(m) is_set(vi, offsetof(struct vrrp_instance_config, m))

/* ---- instances ---- */

static void vrid_of_sample(struct config_check *ck, const struct vrrp_instance_config *vi)
{
	if (vi->vrid == 51 && IS_SET(vrid))
		NOTE("sample-vrid", INST(vrid),
		     "virtual_router_id 51 is the sample's: other pairs on this network may use it "
		     "too");
}

static void master_with_default_priority(struct config_check *ck,
					 const struct vrrp_instance_config *vi)
{
	if (vi->want == VRRP_WANT_MASTER && vi->priority == 100)
		NOTE("default-priority", IS_SET(priority) ? INST(priority) : INST(want),
		     "state MASTER with priority 100, the default of a backup: give the master "
		     "more");
}

static void owner_of_addresses(struct config_check *ck, const struct vrrp_instance_config *vi)
{
	if (vi->owner)
		NOTE("owner", INST(priority),
		     "priority 255 is for the router that has the addresses on its own interface; "
		     "weights and preemption do not apply to it");
}

static void slow_adverts(struct config_check *ck, const struct vrrp_instance_config *vi)
{
	if (vi->advert_every.ns >= SEC(3).ns)
		NOTE("slow-adverts", INST(advert_every),
		     "with advert_int %g it takes more than %g s to notice a dead master",
		     kspan_seconds(vi->advert_every),
		     vi->down_timer_adverts * kspan_seconds(vi->advert_every));
}

static void addresses_without_length(struct config_check *ck, const struct vrrp_instance_config *vi)
{
	const struct address_config *first = NULL;
	uint32_t n = 0;

	for (uint32_t i = 0; i < vi->vips.n; i++) {
		const struct address_config *a = vi->vips.items[i];

		if (a->has_len || addr_is_set(a->peer))
			continue;
		first = first ?: a;
		n++;
	}
	if (first)
		NOTE("no-prefix-length", first->object.at,
		     "%u address%s no prefix length and become%s /%u; usually it is that of the "
		     "interface's own address",
		     n, n > 1 ? "es have" : " has", n > 1 ? "" : "s",
		     first->prefix.addr.family == AF_INET ? 32 : 128);
}

static const char *const known_passwords[] = { "1111", "1234", "12345", "123456", "password",
					       "secret", "pass", "keepalived" };

static void authentication(struct config_check *ck, const struct vrrp_instance_config *vi)
{
	const char *password = vi->rare->auth ? vi->rare->auth->password : NULL;

	if (!vi->rare->auth && !vi->rare->hmac && !vi->unicast) {
		NOTE("no-authentication", vi->object.name_at,
		     "any host on the network can take part; auth_hmac prevents that");
		return;
	}
	for (size_t i = 0; password && i < ARRAY_LEN(known_passwords); i++)
		if (!strcasecmp(password, known_passwords[i]))
			NOTE("known-password",
			     object_place(&vi->rare->auth->object,
					  offsetof(struct vrrp_auth_config, password)),
			     "this password is in many samples; auth_pass is sent in clear text "
			     "anyway, auth_hmac protects");
}

static void unicast_source(struct config_check *ck, const struct vrrp_instance_config *vi)
{
	if (vi->unicast && !addr_is_set(vi->rare->src))
		NOTE("no-unicast-source", object_place(&vi->object, VRRP_RARE_AT(peers)),
		     "without unicast_src_ip the first address of the interface is the source, and "
		     "the peers may expect another");
}

static void (*const instance_rules[])(struct config_check *,
				      const struct vrrp_instance_config *) = {
	vrid_of_sample, master_with_default_priority, owner_of_addresses, slow_adverts,
	addresses_without_length, authentication, unicast_source,
};

/* ---- scripts ---- */

static void script_timeout(struct config_check *ck, const struct vrrp_script_config *vs)
{
	if (!object_is_set(&vs->object, offsetof(struct vrrp_script_config, timeout)))
		NOTE("no-timeout", vs->object.name_at,
		     "%s has no timeout; a run may take as long as its interval, %g s",
		     vs->object.name, kspan_seconds(vs->every));
}

static void script_hysteresis(struct config_check *ck, const struct vrrp_script_config *vs)
{
	if (vs->rise == 1 && vs->fall == 1)
		NOTE("no-hysteresis", vs->object.name_at,
		     "%s has neither rise nor fall: one result changes the state",
		     vs->object.name);
}

static void script_small_weight(struct config_check *ck, const struct vrrp_script_config *vs)
{
	int weight = vs->weight.weight < 0 ? -vs->weight.weight : vs->weight.weight;

	if (weight >= 1 && weight <= 5)
		NOTE("small-weight", SCRIPT(weight),
		     "weight %d changes the master only if the routers' priorities differ by less "
		     "than %d",
		     vs->weight.weight, weight);
}

/* "killall -0 NAME" and "pidof NAME" ask what vrrp_track_process is told. */
static void script_process(struct config_check *ck, const struct vrrp_script_config *vs)
{
	const char *program, *slash;

	if (!vs->script)
		return;
	slash = strrchr(vs->script->argv[0], '/');
	program = slash ? slash + 1 : vs->script->argv[0];
	if ((!strcmp(program, "killall") && vs->script->argc > 2 &&
	     !strcmp(vs->script->argv[1], "-0")) ||
	    ((!strcmp(program, "pidof") || !strcmp(program, "pgrep")) && vs->script->argc > 1))
		NOTE("track-process", vs->script->at,
		     "vrrp_track_process notices the end of %s at once and runs no program",
		     vs->script->argv[vs->script->argc - 1]);
}

static void (*const script_rules[])(struct config_check *, const struct vrrp_script_config *) = {
	script_timeout, script_hysteresis, script_small_weight, script_process,
};

static void lint_script(struct config_check *ck, const struct vrrp_script_config *vs)
{
	if (!vs->used) {
		/* With errors about, one of them may be the reference that is misspelt. */
		if (diags_count(ck->config->diags, DIAG_ERROR) == 0)
			NOTE("unused", vs->object.name_at, "%s is not tracked by anything",
			     vs->object.name);
		return;
	}
	for (size_t r = 0; r < ARRAY_LEN(script_rules); r++)
		script_rules[r](ck, vs);
}

/* ---- all of it ---- */

static void no_alerts(struct config_check *ck, const struct vrrp_config *vc)
{
	const struct global_config *g = ck->config->global;

	if (!g->email_to.n || !vc->instances.n || g->smtp_alert != TRISTATE_UNSET ||
	    g->smtp_alert_vrrp != TRISTATE_UNSET)
		return;
	for (uint32_t i = 0; i < vc->instances.n; i++)
		if (vrrp_instance_at(vc, i)->smtp_alert == TRISTATE_ON)
			return;
	NOTE("no-smtp-alert", object_place(&g->object, offsetof(struct global_config, email_to)),
	     "no mail about VRRP is sent without smtp_alert");
}

static void no_group(struct config_check *ck, const struct vrrp_config *vc)
{
	if (vc->instances.n > 1 && !vc->groups.n)
		NOTE("no-sync-group", vrrp_instance_at(vc, 1)->object.name_at,
		     "several instances and no vrrp_sync_group: they may be master on different "
		     "routers");
}

void vrrp_lint(struct config_check *ck)
{
	const struct vrrp_config *vc = vrrp_config_of(ck->config);

	for (uint32_t i = 0; i < vc->instances.n; i++)
		for (size_t r = 0; r < ARRAY_LEN(instance_rules); r++)
			instance_rules[r](ck, vrrp_instance_at(vc, i));
	for (uint32_t i = 0; i < vc->scripts.n; i++)
		lint_script(ck, vc->scripts.items[i]);
	no_alerts(ck, vc);
	no_group(ck, vc);
}
