/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Priority, state, timers and preemption of an instance, what strict mode makes of them, and the
 * defaults from global_defs.
 */
#include <string.h>

#include "vrrp/config_check.h"

#define DOWN_TIMER_RFC	  3
#define V3_EVERY_MAX_NS	  (4095 * INT64_C(10000000))
#define NS_PER_SECOND	  INT64_C(1000000000)
#define NS_PER_CENTI	  INT64_C(10000000)
#define PRIORITY_OWNER	  255
#define STOP_WAIT_AS_LONG (-1)

static int tristate_of(bool on)
{
	return on ? TRISTATE_ON : TRISTATE_OFF;
}

static void default_to(int *tristate, bool on)
{
	if (*tristate == TRISTATE_UNSET)
		*tristate = tristate_of(on);
}

static void check_state(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	bool strict = vi->strict == TRISTATE_ON;

	if (vi->want == VRRP_WANT_MASTER && !vi_has(vi, VI_AT(priority)))
		vi->priority = PRIORITY_OWNER;
	vi->owner = vi->priority == PRIORITY_OWNER;
	if (vi->want == VRRP_WANT_UNSET)
		vi->want = vi->owner ? VRRP_WANT_MASTER : VRRP_WANT_BACKUP;
	if (strict && vi->want == VRRP_WANT_MASTER && !vi->owner) {
		vi_warning(c, "strict", vi, VI_AT(want),
			   "strict mode: only priority 255 may begin as MASTER: state BACKUP is "
			   "used");
		vi->want = VRRP_WANT_BACKUP;
	}
	if (strict && vi->want == VRRP_WANT_BACKUP && vi->owner) {
		vi_warning(c, "strict", vi, VI_AT(want),
			   "strict mode: priority 255 begins as MASTER");
		vi->want = VRRP_WANT_MASTER;
	}
}

static void check_preemption(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	bool master = vi->want == VRRP_WANT_MASTER;

	if (vi->nopreempt && (master || vi->owner)) {
		vi_warning(c, "nopreempt", vi, VI_AT(nopreempt),
			   "nopreempt is ignored with %s",
			   master ? "state MASTER" : "priority 255");
		vi->nopreempt = false;
	}
	if (!kspan_is_zero(vi->preempt_delay) &&
	    (master || vi->nopreempt || vi->strict == TRISTATE_ON)) {
		vi_warning(c, "preempt-delay", vi, VI_AT(preempt_delay),
			   "preempt_delay is ignored with %s",
			   master	 ? "state MASTER" :
			   vi->nopreempt ? "nopreempt" :
					   "strict mode");
		vi->preempt_delay = SEC(0);
	}
	if (vi->timer_expired_backup && !vi->nopreempt) {
		vi_warning(c, "timer-expired", vi, VI_AT(timer_expired_backup),
			   "timer_expired_backup is ignored without nopreempt");
		vi->timer_expired_backup = 0;
	}
}

/* Version 2 says seconds, version 3 hundredths in 12 bits. */
static void check_interval(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	int64_t unit = vi->version == 2 ? NS_PER_SECOND : NS_PER_CENTI;
	int64_t written = vi->advert_every.ns;
	int64_t ns = (written + unit / 2) / unit * unit;

	ns = MAX_OF(ns, unit);
	if (vi->version == 3)
		ns = MIN_OF(ns, V3_EVERY_MAX_NS);
	if (ns == written)
		return;
	vi->advert_every.ns = ns;
	vi_warning(c, "advert-int", vi, VI_AT(advert_every),
		   "version %u cannot say an interval of %g seconds: %g is used", vi->version,
		   (double)written / 1e9, (double)ns / 1e9);
}

static void check_down_timer(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	if (!vi_has(vi, VI_AT(down_timer_adverts)))
		vi->down_timer_adverts = c->global->down_timer_adverts;
	if (vi->strict != TRISTATE_ON || vi->down_timer_adverts == DOWN_TIMER_RFC)
		return;
	vi_warning(c, "strict", vi, VI_AT(down_timer_adverts),
		   "strict mode: down_timer_adverts is %u", DOWN_TIMER_RFC);
	vi->down_timer_adverts = DOWN_TIMER_RFC;
}

static void check_accept(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	bool strict = vi->strict == TRISTATE_ON;

	if (strict && vi->version == 2 && !vi->owner && vi->accept == TRISTATE_ON) {
		vi_warning(c, "strict", vi, VI_AT(accept),
			   "strict mode: version 2 has no accept: ignored");
		vi->accept = TRISTATE_OFF;
	}
	default_to(&vi->accept, !strict || vi->owner);
	if (vi->owner)
		vi->accept = TRISTATE_ON;
}

static void check_owner(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	bool strict = vi->strict == TRISTATE_ON;

	if (!vi->owner && vi->owner_ignore_adverts == TRISTATE_ON) {
		vi_warning(c, "owner", vi, VI_AT(owner_ignore_adverts),
			   "owner_ignore_adverts is ignored with a priority below 255");
		vi->owner_ignore_adverts = TRISTATE_OFF;
	}
	default_to(&vi->owner_ignore_adverts,
		   vi->owner && (strict || c->global->owner_ignore_adverts));
}

void check_protocol(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	const struct global_config *g = c->global;
	bool strict = vi->strict == TRISTATE_ON;

	check_state(c, vi);
	check_preemption(c, vi);
	check_interval(c, vi);
	check_down_timer(c, vi);
	check_accept(c, vi);
	check_owner(c, vi);
	default_to(&vi->lower_prio_no_advert, strict || g->lower_prio_no_advert);
	default_to(&vi->higher_prio_send_advert, !strict && g->higher_prio_send_advert);
	default_to(&vi->skip_check_adv_addr, g->skip_check_adv_addr);
}

static void default_garp(const struct global_config *g, const struct vrrp_instance_config *vi,
			 struct vrrp_common_config *common)
{
	if (!vi_has(vi, VRRP_COMMON_AT(garp_delay)))
		common->garp_delay = g->garp_delay;
	if (!vi_has(vi, VRRP_COMMON_AT(garp_repeat)))
		common->garp_repeat = g->garp_repeat;
	if (!vi_has(vi, VRRP_COMMON_AT(garp_refresh)))
		common->garp_refresh = g->garp_refresh;
	if (!vi_has(vi, VRRP_COMMON_AT(garp_refresh_repeat)))
		common->garp_refresh_repeat = g->garp_refresh_repeat;
	if (!vi_has(vi, VRRP_COMMON_AT(garp_extra_if))) {
		common->garp_extra_if.every = g->garp_extra_if.every;
		common->garp_extra_if.all = g->garp_extra_if.all;
	}
	common->garp_repeat = MAX_OF(common->garp_repeat, 1u);
	common->garp_refresh_repeat = MAX_OF(common->garp_refresh_repeat, 1u);
}

static void default_lower_prio_garp(struct vrrp_check *c, const struct vrrp_instance_config *vi,
				    struct vrrp_common_config *common)
{
	static const size_t fields[] = { VRRP_COMMON_AT(garp_lower_prio_delay),
					 VRRP_COMMON_AT(garp_lower_prio_repeat) };
	const struct global_config *g = c->global;
	bool strict = vi->strict == TRISTATE_ON;

	for (size_t i = 0; strict && i < ARRAY_LEN(fields); i++)
		if (vi_has(vi, fields[i]))
			vi_warning(c, "strict", vi, fields[i],
				   "strict mode: nothing is announced after an advert of lower "
				   "priority");
	if (strict || !vi_has(vi, fields[0]))
		common->garp_lower_prio_delay = strict ? SEC(0) : g->garp_lower_prio_delay;
	if (strict || !vi_has(vi, fields[1]))
		common->garp_lower_prio_repeat = strict ? 0 : g->garp_lower_prio_repeat;
}

struct vrrp_rare_config *vi_rare(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	return object_own_part(c->base->arena, vi->object.type, &vi->object, VRRP_PART_RARE);
}

void vi_set_common(struct vrrp_check *c, struct vrrp_instance_config *vi,
		   const struct vrrp_common_config *common)
{
	vi->common = c->last_common = part_share(c->base->arena, common, c->last_common,
						 sizeof(*common));
}

static bool smtp_alert_default(const struct global_config *g)
{
	enum tristate vrrp = g->smtp_alert_vrrp;

	return (vrrp == TRISTATE_UNSET ? g->smtp_alert : vrrp) == TRISTATE_ON;
}

void check_defaults(struct vrrp_check *c, struct vrrp_instance_config *vi)
{
	struct vrrp_common_config common;

	/* With what is between its members: it is compared as bytes. */
	memcpy(&common, vi->common, sizeof(common));
	default_garp(c->global, vi, &common);
	default_lower_prio_garp(c, vi, &common);
	common.vmac_prefix = c->global->vmac_prefix;
	common.vmac_addr_prefix = c->global->vmac_addr_prefix;
	common.garp_interval = c->global->garp_interval;
	common.gna_interval = c->global->gna_interval;
	vi_set_common(c, vi, &common);
	default_to(&vi->smtp_alert, smtp_alert_default(c->global));
	if (vi->notify->stop_wait.ns == STOP_WAIT_AS_LONG) {
		struct vrrp_notify_config *notify = object_own_part(
			c->base->arena, vi->object.type, &vi->object, VRRP_PART_NOTIFY);

		notify->stop_wait = c->base->config->process->child_wait;
	}
}
