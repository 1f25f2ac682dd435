/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Clean up after an engine that died and is not back yet: its masters say farewell (priority 0),
 * so that others take over after their skew time, and their addresses leave the kernel.
 *
 * Runs once in a process of its own; what it allocates ends with it. Uses the engine's own sockets
 * and claims, but no machine, no timer and no loop iteration.
 */
#include "vrrp/withdraw.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "netlink/nl.h"
#include "vrrp/instance.h"
#include "vrrp/io.h"
#include "vrrp/kernel.h"
#include "vrrp/lvs_sync.h"
#include "vrrp/notify.h"
#include "vrrp/start.h"
#include "vrrp/vmac.h"

static bool was_master(const struct status_page *page, uint32_t index)
{
	struct vrrp_instance_status s;

	/* Without a page nobody knows: whoever has the addresses was. */
	if (page == NULL)
		return true;
	return status_read(page, VRRP_SLOT_INSTANCE, index, &s, sizeof(s)) &&
	       s.state == VRRP_STATE_MASTER;
}

/* Does the kernel have an address of the instance? */
static bool has_address(const struct vrrp_instance *vr)
{
	for (unsigned i = 0; i < vr->n_addr_uses; i++) {
		if (kernel_use_present(&vr->uses[i]))
			return true;
	}
	return vr->n_addr_uses == 0;
}

static struct vrrp_instance *prepare(struct vrrp *v, uint32_t index)
{
	struct vrrp_instance *vr = instance_new(v, vrrp_instance_at(v->config, index));

	v->instances[index] = vr;
	if (vr == NULL)
		return NULL;
	vr->slot = status_slot(v->page, VRRP_SLOT_INSTANCE, index);
	instance_configure(vr);
	kernel_claim(vr);
	return vr;
}

static void say_farewell(struct vrrp_instance *vr, ktime now)
{
	struct cause cause = { .type = CAUSE_NONE };

	instance_check_interface(vr, false, &cause, now);
	io_send(vr, 0, now);
}

static void withdraw(struct vrrp *v, const struct status_page *page, ktime now)
{
	for (uint32_t i = 0; i < v->n_instances; i++)
		(void)prepare(v, i);
	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next)
		kernel_reclaim(net->kernel);
	for (uint32_t i = 0; i < v->n_instances; i++) {
		struct vrrp_instance *vr = v->instances[i];

		if (vr == NULL)
			continue;
		if (was_master(page, i) && has_address(vr))
			say_farewell(vr, now);
		kernel_set(vr, false);
	}
	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next) {
		io_flush(net->io, now);
		kernel_flush(net->kernel, true, now);
	}
	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next) {
		vmac_delete_all(net);
		vmac_settings_restore(net);
	}
}

void vrrp_withdraw(const struct config *config, const struct status_page *page)
{
	struct engine_run run = {
		.config = config, .loop = loop_new(), .before = (struct status_page *)page,
	};
	struct vrrp *v = xnew(struct vrrp);

	/* It died in the middle of a reload: the page speaks of other instances. */
	if (page != NULL && page->generation != config->generation)
		page = NULL;
	if (run.loop == NULL)
		return;
	v->run = &run;
	v->loop = run.loop;
	v->commit.run = NULL;
	slab_init(&v->instance_slab, sizeof(struct vrrp_instance));
	vrrp_use_config(v, config);
	v->page = vrrp_page_new(v, config);
	v->withdrawing = true;
	v->notify = notify_new(v);
	v->lvs_sync = lvs_sync_new(v);
	v->n_instances = v->config->instances.n;
	v->instances = xcalloc(MAX_OF(v->n_instances, 1), sizeof(struct vrrp_instance *));
	if (v->page == NULL)
		return;
	v->engine_slot = status_slot(v->page, VRRP_SLOT_ENGINE, 0);
	log_info("removing the addresses of the VRRP process that has died");
	withdraw(v, page, clock_now());
}
