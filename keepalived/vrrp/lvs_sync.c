/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The IPVS connection synchronisation daemon that follows an instance.
 *
 * What shall run is computed by lvs_sync_plan.c whenever something changes; one round of requests
 * at a time goes to the kernel, and its end looks whether another one is needed. A start that fails
 * is tried again. Owned by struct vrrp.
 */
#include "vrrp/lvs_sync.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "netlink/genl.h"
#include "vrrp/config.h"
#include "vrrp/lvs_sync_plan.h"

#define RETRY_EVERY SEC(2)

struct lvs_sync {
	struct vrrp *vrrp;
	const struct vrrp_instance *vr;	/* that it follows; NULL: none */
	enum vrrp_state state;		/* of it */
	struct nl *nl;			/* in the namespace of IPVS; NULL: not yet */
	struct vrrp_net *net;		/* that ->nl was opened for */
	uint16_t family;		/* 0: not yet known */
	struct ipvs_daemon has;		/* what we started */
	bool known;			/* nothing else runs */
	struct ipvs_daemon starting;
	struct genl_lookup lookup;
	struct nl_request stop_master, stop_backup, start;
	unsigned n_open;		/* requests and look-ups on their way */
	struct timer retry;
	struct deferred settle;
	bool unsettled;			/* ->settle is to look what is next */
	int told;			/* error that was logged last; 0: none */
};

static void settle(struct lvs_sync *s, ktime now);

static const char *role_name(enum ipvs_role role)
{
	return role == IPVS_MASTER ? "master" : "backup";
}

/* One line per kind of trouble, not one per try. */
static void complain(struct lvs_sync *s, const char *what, int error, ktime now)
{
	if (s->told != error)
		log_error("IPVS synchronisation daemon: %s: %s", what, strerror(-error));
	s->told = error;
	timer_arm(loop_timers(s->vrrp->loop), &s->retry, ktime_add(now, RETRY_EVERY));
}

static void retry_due(struct timer *t, ktime now)
{
	settle(container_of(t, struct lvs_sync, retry), now);
}

/* -- socket -------------------------------------------------------------------------------- */

/* The namespace of IPVS if it has one of its own. 0, or -errno. */
static int open_ipvs_ns(const struct vrrp *v, struct netns *out)
{
	const char *name = v->all->process->net_namespace_ipvs;

	if (name[0] != '\0')
		return netns_open(out, name);
	out->fd = open("/proc/1/ns/net", O_RDONLY | O_CLOEXEC);
	return out->fd < 0 ? -errno : 0;
}

static struct nl *open_nl(struct lvs_sync *s, const struct vrrp_net *net)
{
	const struct nl_options options = { .protocol = NETLINK_GENERIC };
	struct vrrp *v = s->vrrp;
	struct netns ns = { .fd = -1 };
	struct nl *nl = NULL;
	int error;

	if (v->all->process->net_namespace_ipvs == NULL)
		return nl_new(v->loop, net->in, &options);
	error = open_ipvs_ns(v, &ns);
	if (error == 0)
		nl = nl_new(v->loop, &ns, &options);
	else
		errno = -error;
	error = errno;
	netns_close(&ns);
	errno = error;
	return nl;
}

static void close_nl(struct lvs_sync *s)
{
	nl_free(s->nl);
	s->nl = NULL;
	s->family = 0;
	s->known = false;
	s->has = (struct ipvs_daemon){ 0 };
}

/* -- requests ------------------------------------------------------------------------------ */

/* What is next is looked at later: it may close the socket whose answers are being read. */
static void ended(struct lvs_sync *s)
{
	if (--s->n_open > 0 || timer_is_armed(&s->retry))
		return;
	s->unsettled = true;
	loop_defer(s->vrrp->loop, &s->settle);
}

static void settle_again(struct deferred *d, ktime now)
{
	struct lvs_sync *s = container_of(d, struct lvs_sync, settle);

	s->unsettled = false;
	settle(s, now);
}

static void stopped(enum ipvs_role role, int error)
{
	if (error < 0 && error != -ESRCH)
		log_warning("IPVS synchronisation daemon: cannot stop the %s: %s", role_name(role),
			    strerror(-error));
}

static void master_stopped(struct nl_request *r, int error, const char *text,
			   ktime now attr_unused)
{
	struct lvs_sync *s = container_of(r, struct lvs_sync, stop_master);

	(void)text;
	stopped(IPVS_MASTER, error);
	ended(s);
}

static void backup_stopped(struct nl_request *r, int error, const char *text,
			   ktime now attr_unused)
{
	struct lvs_sync *s = container_of(r, struct lvs_sync, stop_backup);

	(void)text;
	stopped(IPVS_BACKUP, error);
	ended(s);
}

static void started(struct nl_request *r, int error, const char *text, ktime now)
{
	struct lvs_sync *s = container_of(r, struct lvs_sync, start);
	char what[80];

	(void)text;
	if (error == 0) {
		s->has = s->starting;
		s->told = 0;
		log_info("IPVS synchronisation daemon: %s on %s, id %u", role_name(s->has.role),
			 s->has.ifname, s->has.sync_id);
	} else {
		s->known = error != -EEXIST;
		if (error == -ENOENT)
			s->family = 0;
		(void)snprintf(what, sizeof(what), "cannot start the %s on %s",
			       role_name(s->starting.role), s->starting.ifname);
		complain(s, what, error, now);
	}
	ended(s);
}

static void queue(struct lvs_sync *s, struct nl_request *r, struct nl_buf *msg)
{
	s->n_open++;
	nl_queue(s->nl, r, msg);
}

static void carry_out(struct lvs_sync *s, struct lvs_sync_steps steps,
		      const struct ipvs_daemon *want)
{
	struct nl_buf msg = { 0 };

	s->has = (struct ipvs_daemon){ 0 };
	s->known = true;
	if (steps.stop_master) {
		nl_ipvs_daemon_del(&msg, s->family, IPVS_MASTER);
		queue(s, &s->stop_master, &msg);
	}
	if (steps.stop_backup) {
		nl_ipvs_daemon_del(&msg, s->family, IPVS_BACKUP);
		queue(s, &s->stop_backup, &msg);
	}
	if (steps.start) {
		s->starting = *want;
		nl_ipvs_daemon_new(&msg, s->family, want);
		queue(s, &s->start, &msg);
	}
	nl_buf_fini(&msg);
}

static void found(struct genl_lookup *l, int error, uint16_t id, ktime now)
{
	struct lvs_sync *s = container_of(l, struct lvs_sync, lookup);

	s->family = id;
	if (error < 0)
		complain(s, "the kernel has no IPVS", error, now);
	ended(s);
}

/* Ready to ask for daemons? */
static bool ready(struct lvs_sync *s, ktime now)
{
	if (s->nl == NULL) {
		s->nl = open_nl(s, s->net);
		if (s->nl == NULL) {
			complain(s, "no socket", -errno, now);
			return false;
		}
	}
	if (s->family != 0)
		return true;
	s->n_open++;
	genl_lookup(s->nl, &s->lookup, IPVS_FAMILY_NAME);
	return false;
}

static struct ipvs_daemon wanted(const struct lvs_sync *s)
{
	struct ipvs_daemon want = { 0 };

	if (s->vr != NULL)
		lvs_sync_want(s->vrrp->config->lvs_sync, s->vr->config->vrid, s->state, &want);
	return want;
}

/* Into the namespace of the instance, once the old one is empty. False: it is not yet. */
static bool settle_net(struct lvs_sync *s)
{
	if (s->vr == NULL || s->vr->net == s->net)
		return true;
	if (s->has.role != IPVS_NO_DAEMON)
		return false;
	close_nl(s);
	s->net = s->vr->net;
	return true;
}

static void settle(struct lvs_sync *s, ktime now)
{
	struct ipvs_daemon want = { 0 };
	struct lvs_sync_steps steps;

	if (s->n_open > 0)
		return;
	timer_cancel(&s->retry);
	if (settle_net(s))
		want = wanted(s);
	if (s->net == NULL || (s->nl == NULL && want.role == IPVS_NO_DAEMON))
		return;
	steps = lvs_sync_plan(&s->has, s->known, &want);
	if ((steps.stop_master || steps.stop_backup || steps.start) && ready(s, now))
		carry_out(s, steps, &want);
}

/* -- what others tell ---------------------------------------------------------------------- */

void lvs_sync_configure(struct lvs_sync *s, ktime now)
{
	const struct vrrp *v = s->vrrp;
	const struct vrrp_instance_config *c = v->config->lvs_sync_instance;

	s->vr = NULL;
	if (c != NULL && c->index < v->n_instances)
		s->vr = v->instances[c->index];
	if (s->vr != NULL)
		s->state = s->vr->fsm.state;
	settle(s, now);
}

void lvs_sync_state(struct vrrp_instance *vr, enum vrrp_state state, ktime now)
{
	struct lvs_sync *s = vr->vrrp->lvs_sync;

	if (vr != s->vr || (vr->vrrp->stopping && vr->vrrp->run->options->dont_release_vrrp))
		return;
	s->state = state;
	settle(s, now);
}

void lvs_sync_iface_appeared(struct lvs_sync *s, const char *ifname, ktime now)
{
	if (s->vr == NULL || !str_eq(s->vrrp->config->lvs_sync->ifname, ifname))
		return;
	s->known = false;
	settle(s, now);
}

bool lvs_sync_idle(const struct lvs_sync *s)
{
	return s->n_open == 0 && !s->unsettled;
}

struct lvs_sync *lvs_sync_new(struct vrrp *v)
{
	struct lvs_sync *s = xnew(struct lvs_sync);

	s->vrrp = v;
	s->retry.fire = retry_due;
	s->settle.run = settle_again;
	s->lookup.done = found;
	s->stop_master.done = master_stopped;
	s->stop_backup.done = backup_stopped;
	s->start.done = started;
	return s;
}

void lvs_sync_free(struct lvs_sync *s)
{
	if (s == NULL)
		return;
	s->vr = NULL;
	timer_cancel(&s->retry);
	s->n_open++;			/* nothing is started by what ends now */
	nl_free(s->nl);
	timer_cancel(&s->retry);
	loop_undefer(s->vrrp->loop, &s->settle);
	free(s);
}
