/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From configuration to the parameters of the pure modules, and from the mirror of interfaces to
 * source address, socket and faults of an instance.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "vrrp/hearing.h"
#include "vrrp/instance.h"
#include "vrrp/io.h"
#include "vrrp/kernel.h"
#include "vrrp/vmac.h"

/* -- parameters ---------------------------------------------------------------------------- */

void instance_params(const struct vrrp_instance *vr, struct vrrp_params *out)
{
	const struct vrrp_instance_config *c = vr->config;

	*out = (struct vrrp_params){
		.version = c->version,
		.priority = vrrp_tally_priority(&vr->tally, c->priority),
		.every = c->advert_every,
		.down_timer_adverts = (uint8_t)c->down_timer_adverts,
		.start_master = c->want == VRRP_WANT_MASTER && c->owner,
		.preempt = !c->nopreempt,
		.preempt_delay = c->preempt_delay,
		.late_priority = c->timer_expired_backup,
		.lower_prio_no_advert = c->lower_prio_no_advert == TRISTATE_ON,
		.higher_prio_send_advert = c->higher_prio_send_advert == TRISTATE_ON,
		.unicast = c->unicast,
		.src = vr->src,
	};
}

/* A lone address is the configuration's. */
static void drop_addrs(struct vrrp_instance *vr)
{
	if (vr->rx.n_addrs != 1)
		free((void *)vr->rx.addrs);
	vr->rx.addrs = NULL;
	vr->rx.n_addrs = 0;
}

static void setup_addrs(struct vrrp_instance *vr)
{
	const struct object_list *vips = &vr->config->vips;
	struct addr *addrs = NULL;

	drop_addrs(vr);
	vr->rx.n_addrs = vips->n;
	if (vips->n == 1) {
		const struct address_config *a = vips->items[0];

		vr->rx.addrs = &a->prefix.addr;
		return;
	}
	if (vips->n > 0)
		addrs = xcalloc(vips->n, sizeof(*addrs));
	for (uint32_t i = 0; i < vips->n; i++) {
		const struct address_config *a = vips->items[i];

		addrs[i] = a->prefix.addr;
	}
	vr->rx.addrs = addrs;
}

/* What was learnt of a peer stays with it. */
static struct vrrp_peer_memory remembered(const struct vrrp_instance *vr, struct addr peer)
{
	for (unsigned i = 0; i < vr->rx.n_peers; i++) {
		if (addr_equal(vr->rx.peers[i].addr, peer))
			return vr->rx_memory.peers[i];
	}
	return (struct vrrp_peer_memory){ 0 };
}

static void setup_peers(struct vrrp_instance *vr)
{
	const struct object_list *list = &vr->config->rare->peers;
	struct vrrp_peer *peers = list->n > 0 ? xcalloc(list->n, sizeof(*peers)) : NULL;
	struct vrrp_peer_memory *memory = list->n > 0 ? xcalloc(list->n, sizeof(*memory)) : NULL;

	for (uint32_t i = 0; i < list->n; i++) {
		const struct vrrp_peer_config *p = list->items[i];

		peers[i] = (struct vrrp_peer){ p->addr, p->min_ttl, p->max_ttl };
		memory[i] = remembered(vr, p->addr);
	}
	free((void *)vr->rx.peers);
	free(vr->rx_memory.peers);
	vr->rx_memory.peers = memory;
	vr->rx.peers = peers;
	vr->rx.n_peers = list->n;
}

static enum vrrp_trailer_mode trailer_mode(int mode)
{
	switch ((enum vrrp_config_hmac)mode) {
	case VRRP_CONFIG_HMAC_ENFORCE:
		return VRRP_TRAILER_ENFORCE;
	case VRRP_CONFIG_HMAC_PERMISSIVE:
		return VRRP_TRAILER_PERMISSIVE;
	case VRRP_CONFIG_HMAC_RECEIVE_ONLY:
		return VRRP_TRAILER_RECEIVE_ONLY;
	}
	return VRRP_TRAILER_ENFORCE;
}

static void setup_hmac(struct instance_auth *auth, const struct vrrp_hmac_config *h)
{
	struct vrrp_auth_params *a = &auth->params;

	auth->keys = xcalloc(MAX_OF(h->keys.n, 1), sizeof(*auth->keys));
	for (uint32_t i = 0; i < h->keys.n; i++) {
		const struct vrrp_hmac_key_config *k = h->keys.items[i];

		if (k->len == 0)
			continue;
		auth->keys[a->n_keys++] = (struct vrrp_auth_key){ k->id, { k->bytes, k->len } };
	}
	a->keys = auth->keys;
	a->trailer = trailer_mode(h->mode);
	a->active_key = h->active != NULL ? h->active->id : 0;
	a->monotonic = h->anti_replay == VRRP_CONFIG_REPLAY_MONOTONIC;
	a->time_window = h->time_window;
}

static void forget_keys(struct vrrp_instance *vr)
{
	if (vr->auth == NULL)
		return;
	free(vr->auth->keys);
	vr->auth->keys = NULL;
	memset(&vr->auth->params, 0, sizeof(vr->auth->params));
}

/** What AH and trailers are computed with; NULL (said in the log): nothing goes out or comes in. */
static const struct vrrp_crypto *crypto_of(struct vrrp_instance *vr)
{
	struct vrrp *v = vr->vrrp;

	if (v->crypto == NULL)
		v->crypto = vrrp_crypto_new();
	if (v->crypto == NULL)
		log_error("(%s) cannot load libcrypto: adverts cannot be authenticated",
			  instance_name(vr));
	return v->crypto;
}

static void setup_auth(struct vrrp_instance *vr)
{
	static const enum vrrp_wire_auth types[] = {
		[VRRP_CONFIG_AUTH_NONE] = VRRP_WIRE_NONE,
		[VRRP_CONFIG_AUTH_PASS] = VRRP_WIRE_PASS,
		[VRRP_CONFIG_AUTH_AH] = VRRP_WIRE_AH,
	};
	const struct vrrp_instance_config *c = vr->config;
	const struct status_page *before = vr->vrrp->run->before;
	struct instance_auth *auth;

	vr->rx.auth = NULL;
	forget_keys(vr);
	if (c->rare->auth == NULL && c->rare->hmac == NULL)
		return;
	if (vr->auth == NULL) {
		vr->auth = xnew(struct instance_auth);
		vrrp_auth_init(&vr->auth->state);
		if (before != NULL && before->generation == vr->vrrp->all->generation)
			vrrp_status_restore_marks(before, c->index, &vr->auth->state);
	}
	auth = vr->auth;
	if (c->rare->auth != NULL) {
		auth->params.type = types[c->rare->auth->type];
		memcpy(auth->params.password, c->rare->auth->pass, sizeof(auth->params.password));
	}
	if (c->rare->hmac != NULL)
		setup_hmac(auth, c->rare->hmac);
	if (auth->params.type == VRRP_WIRE_AH || c->rare->hmac != NULL)
		auth->params.crypto = crypto_of(vr);
	vr->rx.auth = &auth->params;
	vr->rx_memory.auth = &auth->state;
}

static enum vrrp_checksum_mode checksum_mode(const struct vrrp_instance_config *c)
{
	if (c->v3_checksum_as_v2 == TRISTATE_ON)
		return VRRP_SUM_MODE_AS_V2;
	switch ((enum vrrp_old_checksum)c->old_checksum) {
	case VRRP_OLD_CHECKSUM_AUTO:
		return VRRP_SUM_MODE_AUTO;
	case VRRP_OLD_CHECKSUM_ALWAYS:
		return VRRP_SUM_MODE_OLD;
	case VRRP_OLD_CHECKSUM_NEVER:
		return VRRP_SUM_MODE_NEVER;
	}
	return VRRP_SUM_MODE_AUTO;
}

static void setup_faults(struct vrrp_instance *vr)
{
	const struct vrrp_instance_config *c = vr->config;
	bool may_set = !(vr->vrrp->run->missing_caps & ENGINE_CAP_NET_ADMIN);

	vr->own_faults[OWN_FAULT_CONFIG] = c->faults != 0;
	/* A MASTER without its addresses would be worse than none. */
	vr->own_faults[OWN_FAULT_RIGHTS] = !may_set && c->vips.n + c->rare->evips.n > 0;
	instance_reset_tally(vr);
}

void instance_configure(struct vrrp_instance *vr)
{
	const struct vrrp_instance_config *c = vr->config;
	const struct global_config *g = vr->vrrp->global;
	struct iface *former = vr->base;

	vr->rx.version = c->version;
	vr->rx.family = c->family;
	vr->rx.vrid = c->vrid;
	vr->rx.multicast = !c->unicast;
	vr->rx.check_unicast_src = c->check_unicast_src == TRISTATE_ON;
	vr->rx.owner_ignore_adverts = c->owner_ignore_adverts == TRISTATE_ON;
	vr->rx.skip_check_addrs = c->skip_check_adv_addr == TRISTATE_ON;
	vr->rx.every = c->advert_every;
	vr->rx.checksum = (uint8_t)checksum_mode(c);
	vr->rx.group = c->family == AF_INET ? g->mcast_group4 : g->mcast_group6;
	setup_addrs(vr);
	setup_peers(vr);
	setup_auth(vr);
	setup_faults(vr);
	vr->base = c->ifname != NULL ? iface_get(vr->net->mirror, c->ifname) : NULL;
	iface_put(former);
	vr->iface = vmac_setup(vr);
	hearing_reset(vr);
}

void instance_drop_setup(struct vrrp_instance *vr, bool delete)
{
	vmac_drop(vr, delete);
	iface_put(vr->base);
	drop_addrs(vr);
	free((void *)vr->rx.peers);
	free(vr->rx_memory.peers);
	forget_keys(vr);
	if (vr->auth != NULL)
		vrrp_auth_fini(&vr->auth->state);
	free(vr->auth);
}

const char *instance_address_ifname(const struct vrrp_instance *vr, const struct address_config *a)
{
	return vmac_address_ifname(vr, a);
}

/* -- interface ----------------------------------------------------------------------------- */

static bool is_virtual(void *arg, struct addr a)
{
	const struct vrrp_instance *vr = arg;

	return kernel_owns(vr->net->kernel, vr->base, a) ||
	       (vr->iface != vr->base && kernel_owns(vr->net->kernel, vr->iface, a));
}

/* Adverts of a VMAC carry the address of the interface below it, except link-local ones, which
 * the VMAC has itself. */
static const struct iface *source_iface(const struct vrrp_instance *vr)
{
	bool below = vr->config->family == AF_INET || vr->config->vmac_xmit_base;

	if (vr->config->ipvlan != NULL)
		return vr->iface;
	return below ? vr->base : vr->iface;
}

static struct addr find_source(struct vrrp_instance *vr)
{
	const struct vrrp_instance_config *c = vr->config;
	const struct iface *iface = source_iface(vr);
	struct addr none = { 0 }, a;

	if (addr_is_set(c->rare->src)) {
		if (c->track_src_ip && iface != NULL &&
		    iface_find_addr(iface, c->rare->src) == NULL)
			return none;
		return c->rare->src;
	}
	if (iface == NULL)
		return none;
	a = iface_source(iface, c->family, is_virtual, vr);
	/* An address owner may have nothing but its virtual address. */
	if (!addr_is_set(a) && c->owner)
		a = iface_source(iface, c->family, NULL, NULL);
	return a;
}

static void set_source(struct vrrp_instance *vr, struct addr src, const struct cause *cause,
		       ktime now)
{
	struct vrrp_params params;

	if (addr_equal(src, vr->src))
		return;
	vr->src = src;
	if (!vr->fsm.started || !addr_is_set(src))
		return;
	instance_params(vr, &params);
	instance_feed(vr,
		      &(struct vrrp_event){ .type = VRRP_EV_PARAMS,
					    .cause = *cause,
					    .params = &params },
		      now);
}

static void open_socket(struct vrrp_instance *vr, bool usable, ktime now)
{
	struct cause cause = { .type = CAUSE_KERNEL };
	int error = 0;

	if (usable)
		error = io_attach(vr);
	else
		io_detach(vr);
	if (error < 0) {
		cause.number = -error;
		(void)str_copy(cause.text, sizeof(cause.text), "socket");
		if (!vr->own_faults[OWN_FAULT_KERNEL])
			log_error("(%s) cannot open a socket for adverts: %s", instance_name(vr),
				  strerror(-error));
		vrrp_want_retry(vr->vrrp);
	}
	instance_fault(vr, OWN_FAULT_KERNEL, error < 0, &cause, now);
}

void instance_check_interface(struct vrrp_instance *vr, bool gone, const struct cause *cause,
			      ktime now)
{
	const struct vrrp_instance_config *c = vr->config;
	bool needs_one = vr->iface != NULL;
	bool exists = !needs_one || (iface_exists(vr->iface) && iface_exists(vr->base) && !gone);
	bool up = !needs_one || vr->iface->up || !c->track_primary;
	bool base_up = vr->iface == vr->base || vr->base->up || !c->track_primary;
	struct addr src = exists ? find_source(vr) : (struct addr){ 0 };

	if (addr_is_set(src))
		set_source(vr, src, cause, now);
	else
		vr->src = src;
	open_socket(vr, exists && addr_is_set(src) && c->faults == 0, now);
	instance_fault(vr, OWN_FAULT_SOURCE, exists && !addr_is_set(src), cause, now);
	instance_fault(vr, OWN_FAULT_BASE, !base_up, cause, now);
	instance_fault(vr, OWN_FAULT_INTERFACE, !exists || !up, cause, now);
	instance_publish(vr);
}
