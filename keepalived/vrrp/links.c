/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How the state of interfaces is learnt. The mirror and the poller do it; here is which of them for
 * which interface. These settings speak of the daemon's own network namespace.
 */
#include "vrrp/links.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "core/linkbeat.h"

static void set_delays(struct vrrp_net *net, const struct vrrp_config *c, bool on)
{
	for (uint32_t i = 0; i < c->updown_delays.n; i++) {
		const struct updown_delay_config *d = c->updown_delays.items[i];
		struct iface *iface = iface_get(net->mirror, d->object.name);

		iface_set_debounce(iface, on ? d->down : NSEC(0), on ? d->up : NSEC(0));
		/* The subscription stays while the delay is set. */
		if (!on) {
			iface_put(iface);
			iface_put(iface);
		}
	}
}

static enum linkbeat_how how_of(enum linkbeat_type type)
{
	switch (type) {
	case LINKBEAT_AUTO:
		return LINKBEAT_ASK_ANY;
	case LINKBEAT_MII:
		return LINKBEAT_ASK_MII;
	case LINKBEAT_ETHTOOL:
		return LINKBEAT_ASK_ETHTOOL;
	case LINKBEAT_IOCTL:
		return LINKBEAT_ASK_FLAGS;
	}
	return LINKBEAT_ASK_ANY;
}

static bool polls(const struct vrrp *v, const struct vrrp_instance_config *c)
{
	return c->ifname != NULL && c->net_namespace == NULL &&
	       (c->linkbeat || v->config->linkbeat_use_polling);
}

static bool wants_polling(const struct vrrp *v)
{
	for (uint32_t i = 0; i < v->config->instances.n; i++) {
		if (polls(v, vrrp_instance_at(v->config, i)))
			return true;
	}
	return v->config->linkbeat.n > 0;
}

static void set_polling(struct vrrp *v, struct vrrp_net *net)
{
	linkbeats_free(v->linkbeats);
	v->linkbeats = NULL;
	if (!wants_polling(v))
		return;
	v->linkbeats = linkbeats_new(v->loop, net->in);
	if (v->linkbeats == NULL) {
		log_error("cannot poll the state of interfaces: %s", strerror(errno));
		return;
	}
	for (uint32_t i = 0; i < v->config->linkbeat.n; i++) {
		const struct linkbeat_config *c = v->config->linkbeat.items[i];

		linkbeats_add(v->linkbeats, net->mirror, c->object.name, how_of(c->type));
	}
	for (uint32_t i = 0; i < v->config->instances.n; i++) {
		const struct vrrp_instance_config *c = vrrp_instance_at(v->config, i);

		if (polls(v, c))
			linkbeats_add(v->linkbeats, net->mirror, c->ifname, LINKBEAT_ASK_ANY);
	}
}

void links_configure(struct vrrp *v, const struct vrrp_config *old)
{
	struct vrrp_net *net = vrrp_net_get(v, NULL);

	if (net == NULL)
		return;
	if (old != NULL)
		set_delays(net, old, false);
	set_delays(net, v->config, true);
	set_polling(v, net);
}
