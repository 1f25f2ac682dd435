/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One network namespace as the engine sees it: mirror, requests, sockets, addresses, and who hears
 * of changes. Made on first use, freed with the engine.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/linkbeat.h"
#include "loop/loop.h"
#include "netlink/monitor.h"
#include "netlink/nl.h"
#include "vrrp/fw.h"
#include "vrrp/garp.h"
#include "vrrp/io.h"
#include "vrrp/kernel.h"
#include "vrrp/lvs_sync.h"
#include "vrrp/show.h"
#include "vrrp/track.h"
#include "vrrp/vmac.h"
#include "vrrp/vmac_kept.h"

#define COMMAND_BUFS_MIN ((size_t)128 * 1024)

static bool is_ours(const struct vrrp *v, const struct iface *i)
{
	for (uint32_t n = 0; n < v->n_instances; n++) {
		const struct vrrp_instance *vr = v->instances[n];

		if (vr != NULL && (vr->base == i || vr->iface == i))
			return true;
	}
	return i->users > 0;
}

static void log_change(const struct vrrp *v, const struct iface *i, enum iface_change change,
		       const struct iface_addr *a)
{
	if (!is_ours(v, i))
		return;
	switch (change) {
	case IFACE_APPEARED:
		log_info("Interface %s added", i->name);
		return;
	case IFACE_GONE:
		log_info("Interface %s deleted", i->name);
		return;
	case IFACE_UP:
		log_info("Netlink reports %s up", i->name);
		return;
	case IFACE_DOWN:
		log_info("Netlink reports %s down", i->name);
		return;
	case IFACE_ADDR_ADDED:
		log_detail("Assigned address %s for interface %s", addr_text(a->addr), i->name);
		return;
	case IFACE_ADDR_REMOVED:
		log_detail("Deassigned address %s from interface %s", addr_text(a->addr), i->name);
		return;
	case IFACE_SET_UP:
	case IFACE_SET_DOWN:
	case IFACE_MAC:
	case IFACE_MTU:
	case IFACE_MASTER:
		return;
	}
}

static struct cause cause_of(const struct iface *i, enum iface_change change,
			     const struct iface_addr *a)
{
	struct cause cause = { .type = CAUSE_INTERFACE, .number = i->up ? 1 : 0 };

	(void)str_copy(cause.text, sizeof(cause.text), i->name);
	if (change == IFACE_ADDR_ADDED || change == IFACE_ADDR_REMOVED) {
		cause.type = CAUSE_ADDRESS;
		cause.from = a->addr;
	}
	return cause;
}

/* Addresses that we put there ourselves change nothing for instances. */
static bool is_echo(const struct vrrp_net *net, const struct iface *i, const struct iface_addr *a)
{
	return a != NULL && net->kernel != NULL && kernel_owns(net->kernel, i, a->addr);
}

static void iface_changed(void *arg, struct iface *i, enum iface_change change,
			  const struct iface_addr *a, ktime now)
{
	struct vrrp_net *net = arg;
	struct vrrp *v = net->vrrp;
	struct cause cause;

	if (is_echo(net, i, a))
		return;
	cause = cause_of(i, change, a);
	log_change(v, i, change, a);
	if (v->page != NULL)
		show_interface(net, i);
	if (change == IFACE_APPEARED)
		lvs_sync_iface_appeared(v->lvs_sync, i->name, now);
	vmac_iface_changed(net, i, change, now);
	if (net->kernel != NULL)
		kernel_iface_changed(net->kernel, i, change, now);
	for (uint32_t n = 0; n < v->n_instances; n++) {
		struct vrrp_instance *vr = v->instances[n];

		if (vr != NULL && vr->net == net && (vr->base == i || vr->iface == i))
			instance_check_interface(vr, change == IFACE_GONE, &cause, now);
	}
	if (v->track != NULL && (change == IFACE_UP || change == IFACE_DOWN))
		track_iface_changed(v->track, i, now);
	if (change == IFACE_APPEARED)
		linkbeats_appeared(v->linkbeats, i);
}

static void raw(void *arg, const struct monitor_event *e, ktime now)
{
	struct vrrp_net *net = arg;

	if (net->kernel != NULL)
		kernel_heard(net->kernel, e, now);
	if (e->type == MONITOR_SYNC_END && net->vrrp->engine_slot != NULL)
		net->vrrp->engine_slot->n_netlink_overruns++;
}

/* Does anybody want to hear of routes and rules? */
static bool wants_routes(const struct vrrp_config *c)
{
	if (c->routes.n + c->rules.n > 0)
		return true;
	for (uint32_t i = 0; i < c->instances.n; i++) {
		const struct vrrp_instance_config *vi = c->instances.items[i];

		if (vi->rare->routes.n + vi->rare->rules.n > 0)
			return true;
	}
	return false;
}

void vrrp_nets_watch(struct vrrp *v)
{
	bool wanted = wants_routes(v->config);

	for (struct vrrp_net *net = v->nets; net != NULL; net = net->next) {
		int error = monitor_want_routes(iface_mirror_monitor(net->mirror),
						wanted);

		if (error < 0)
			log_warning("routes that others remove cannot be noticed: %s",
				    strerror(-error));
	}
}

/* What is configured, but not less than the answers to one chunk of requests need: with less they
 * would be lost each time. */
static size_t command_bufs(const struct global_config *g)
{
	size_t bytes = g->vrrp_netlink_cmd_bufs.bytes;

	return bytes > 0 ? MAX_OF(bytes, COMMAND_BUFS_MIN) : 0;
}

static bool open_kernel(struct vrrp_net *net)
{
	const struct vrrp *v = net->vrrp;
	const struct global_config *g = v->global;
	struct iface_options options = {
		.rcvbuf = g->vrrp_netlink_monitor_bufs.bytes,
		.rcvbuf_force = g->vrrp_netlink_monitor_bufs.force,
		.routes = wants_routes(v->config),
	};
	struct iface_listener listener = { .changed = iface_changed, .raw = raw, .arg = net };

	net->mirror = iface_mirror_new(v->loop, net->in, &options, &listener);
	if (net->mirror == NULL)
		return false;
	net->nl = nl_new(v->loop, net->in,
			 &(struct nl_options){ .protocol = NETLINK_ROUTE,
					       .rcvbuf = command_bufs(g),
					       .rcvbuf_force = g->vrrp_netlink_cmd_bufs.force });
	if (net->nl == NULL)
		return false;
	/* With the notifications, too, all is well: they cost time. */
	(void)monitor_skip_own(iface_mirror_monitor(net->mirror), net->nl);
	return true;
}

struct vrrp_net *vrrp_net_get(struct vrrp *v, const char *name)
{
	struct vrrp_net *net;
	int error;

	for (net = v->nets; net != NULL; net = net->next) {
		if (str_eq(net->name, name))
			return net;
	}
	net = xnew(struct vrrp_net);
	net->vrrp = v;
	net->name = name != NULL ? xstrdup(name) : NULL;
	net->ns.fd = -1;
	error = name != NULL ? netns_open(&net->ns, name) : 0;
	net->in = name != NULL ? &net->ns : NULL;
	if (error < 0 || !open_kernel(net)) {
		error = error < 0 ? -error : errno;
		vrrp_net_free(net);
		errno = error;
		return NULL;
	}
	net->io = io_new(net);
	net->kernel = kernel_new(net);
	net->garp = garp_new(net);
	net->next = v->nets;
	v->nets = net;
	vmac_kept_adopt(net, v->run->before);
	return net;
}

void vrrp_net_free(struct vrrp_net *net)
{
	struct vrrp_kernel *kernel = net->kernel;

	fw_free(net->fw);
	garp_free(net->garp);
	io_free(net->io);
	net->kernel = NULL;
	kernel_free(kernel);
	nl_free(net->nl);
	iface_mirror_free(net->mirror);
	if (net->in != NULL)
		netns_close(&net->ns);
	sysctl_changes_fini(&net->sysctls);
	free(net->name);
	free(net);
}

/* -- kernel settings ----------------------------------------------------------------------- */

struct sysctl_call {
	const char *path;
	int64_t value, before;
	struct sysctl_changes *changes;
};

static int call_read(void *arg)
{
	struct sysctl_call *c = arg;

	return sysctl_read_int(c->path, &c->value);
}

static int call_change(void *arg)
{
	struct sysctl_call *c = arg;

	return sysctl_change(c->changes, c->path, c->value);
}

static int call_adopt(void *arg)
{
	const struct sysctl_call *c = arg;

	return sysctl_adopt(c->changes, c->path, c->before, c->value);
}

static int call_write(void *arg)
{
	const struct sysctl_call *c = arg;

	return sysctl_write_int(c->path, c->value);
}

static int call_restore(void *arg)
{
	struct sysctl_call *c = arg;

	return sysctl_restore_all(c->changes);
}

/* Our own namespace needs no visit. */
static int call(const struct vrrp_net *net, int (*fn)(void *), struct sysctl_call *c)
{
	return net->in != NULL ? netns_call(net->in, fn, c) : fn(c);
}

int vrrp_net_sysctl_read(const struct vrrp_net *net, const char *path, int64_t *out)
{
	struct sysctl_call c = { .path = path };
	int error = call(net, call_read, &c);

	if (error == 0)
		*out = c.value;
	return error;
}

int vrrp_net_sysctl_change(const struct vrrp_net *net, struct sysctl_changes *changes,
			   const char *path, int64_t value)
{
	struct sysctl_call c = { .path = path, .value = value, .changes = changes };

	return call(net, call_change, &c);
}

int vrrp_net_sysctl_adopt(const struct vrrp_net *net, struct sysctl_changes *changes,
			  const char *path, int64_t before, int64_t ours)
{
	struct sysctl_call c = {
		.path = path, .before = before, .value = ours, .changes = changes,
	};

	return call(net, call_adopt, &c);
}

int vrrp_net_sysctl_write(const struct vrrp_net *net, const char *path, int64_t value)
{
	struct sysctl_call c = { .path = path, .value = value };

	return call(net, call_write, &c);
}

int vrrp_net_sysctl_restore(const struct vrrp_net *net, struct sysctl_changes *changes)
{
	struct sysctl_call c = { .changes = changes };

	return call(net, call_restore, &c);
}
