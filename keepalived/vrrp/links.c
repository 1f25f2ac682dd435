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

static bool has_delays(const struct vrrp_config *c, const char *ifname)
{
	for (uint32_t i = 0; c != NULL && i < c->updown_delays.n; i++) {
		const struct updown_delay_config *d = c->updown_delays.items[i];

		if (str_eq(d->object.name, ifname))
			return true;
	}
	return false;
}

/* What stays keeps its timers. The subscription lives as long as the delays. */
static void set_delays(struct vrrp_net *net, const struct vrrp_config *old,
		       const struct vrrp_config *new)
{
	for (uint32_t i = 0; i < new->updown_delays.n; i++) {
		const struct updown_delay_config *d = new->updown_delays.items[i];
		struct iface *iface = iface_get(net->mirror, d->object.name);

		iface_set_debounce(iface, d->down, d->up);
		if (has_delays(old, d->object.name))
			iface_put(iface);
	}
	for (uint32_t i = 0; old != NULL && i < old->updown_delays.n; i++) {
		const struct updown_delay_config *d = old->updown_delays.items[i];
		struct iface *iface = iface_find(net->mirror, d->object.name);

		if (iface == NULL || has_delays(new, d->object.name))
			continue;
		iface_set_debounce(iface, NSEC(0), NSEC(0));
		iface_put(iface);
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
	return c->ifname != NULL && c->rare->net_namespace == NULL &&
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
	if (!wants_polling(v)) {
		linkbeats_free(v->linkbeats);
		v->linkbeats = NULL;
		return;
	}
	if (v->linkbeats == NULL)
		v->linkbeats = linkbeats_new(v->loop, net->in);
	if (v->linkbeats == NULL) {
		log_error("cannot poll the state of interfaces: %s", strerror(errno));
		return;
	}
	linkbeats_begin(v->linkbeats);
	for (uint32_t i = 0; i < v->config->linkbeat.n; i++) {
		const struct linkbeat_config *c = v->config->linkbeat.items[i];

		linkbeats_add(v->linkbeats, net->mirror, c->object.name, how_of(c->type));
	}
	for (uint32_t i = 0; i < v->config->instances.n; i++) {
		const struct vrrp_instance_config *c = vrrp_instance_at(v->config, i);

		if (polls(v, c))
			linkbeats_add(v->linkbeats, net->mirror, c->ifname, LINKBEAT_ASK_ANY);
	}
	linkbeats_end(v->linkbeats);
}

void links_configure(struct vrrp *v, const struct vrrp_config *old)
{
	struct vrrp_net *net = vrrp_net_get(v, NULL);

	if (net == NULL)
		return;
	set_delays(net, old, v->config);
	set_polling(v, net);
}
