/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tracked BFD sessions.
 *
 * The BFD engine tells of changes over a line that outlives it (core/lines.h); at start and after
 * a reload we ask for all. While it is silent what it said last holds: that its process ended says
 * nothing about the path. A session of which nothing was ever heard is unknown at first, which
 * keeps an instance waiting, and taken as down after a while.
 */
#include "vrrp/track_bfd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "base/arena.h"
#include "base/log.h"
#include "core/bfd_notice.h"
#include "loop/loop.h"
#include "vrrp/config.h"

/* Sessions that are fine are up within two seconds of the start of both ends. */
#define UNKNOWN_AT_MOST SEC(3)
#define ASK_AGAIN	MSEC(500)
#define RECORDS_MAX	64		/* read at a time */
#define MALFORMED_EVERY SEC(60)

struct bfd_seen {
	char name[BFD_NOTICE_NAME];	/* "": nobody tracks this number */
	enum vrrp_tracked state;
	int64_t changed_wall_ns;
};

struct vrrp_bfds {
	struct log_limit malformed;
	struct vrrp *vrrp;
	struct bfd_seen *seen;		/* by number */
	uint32_t n;
	struct watch line;
	struct timer ask;		/* the line was full */
	struct timer unknown;
};

static void publish(const struct vrrp_bfds *b, uint32_t id)
{
	struct vrrp_bfd_status *s = status_begin(b->vrrp->page, VRRP_SLOT_BFD, id);

	if (s == NULL)
		return;
	s->up = b->seen[id].state == VRRP_TRACKED_UP;
	s->last_change_wall_ns = b->seen[id].changed_wall_ns;
	status_end(b->vrrp->page, s);
}

/* -- changes ------------------------------------------------------------------------------- */

static bool tracks(const struct vrrp_instance_config *c, uint32_t id)
{
	const struct object_list *list = &c->track->list[TRACKER_BFD];

	for (uint32_t i = 0; i < list->n; i++) {
		const struct tracker_config *t = list->items[i];

		if (t->target != NULL && t->target_id == id)
			return true;
	}
	return false;
}

static void log_change(const struct vrrp_bfds *b, uint32_t id)
{
	const struct vrrp_config *c = b->vrrp->config;

	for (uint32_t i = 0; i < c->instances.n; i++) {
		const struct vrrp_instance_config *vi = vrrp_instance_at(c, i);

		/* interface: keepalived 2.4 */
		if (tracks(vi, id))
			log_info("VRRP_Instance(%s) Tracked BFD instance %s is %s",
				 vi->object.name, b->seen[id].name,
				 b->seen[id].state == VRRP_TRACKED_UP ? "UP" : "DOWN");
	}
}

static void set_state(struct vrrp_bfds *b, uint32_t id, enum vrrp_tracked state, ktime now)
{
	struct bfd_seen *seen = &b->seen[id];
	struct cause cause = { .type = CAUSE_BFD, .number = state == VRRP_TRACKED_UP };

	if (seen->state == state)
		return;
	seen->state = state;
	seen->changed_wall_ns = clock_wall_ns();
	log_change(b, id);
	publish(b, id);
	(void)str_copy(cause.text, sizeof(cause.text), seen->name);
	track_set_state(b->vrrp->track, (struct tracked){ TRACKER_BFD, id }, state, &cause, now);
}

static void heard(struct vrrp_bfds *b, const struct bfd_notice *n, ktime now)
{
	bool up = n->state == BFD_NOTICE_UP;

	if (n->word != BFD_NOTICE_STATE)
		return;
	for (uint32_t id = 0; id < b->n; id++) {
		if (!str_eq(b->seen[id].name, n->name))
			continue;
		log_detail("Received BFD event: instance %s is in state %s (delivered in %lld "
			   "usec)",
			   n->name, up ? "Up" : "Down",
			   (long long)((now.ns - n->at_ns) / 1000));
		set_state(b, id, up ? VRRP_TRACKED_UP : VRRP_TRACKED_DOWN, now);
		return;
	}
}

static void unknown_due(struct timer *t, ktime now)
{
	struct vrrp_bfds *b = container_of(t, struct vrrp_bfds, unknown);

	for (uint32_t id = 0; id < b->n; id++) {
		if (b->seen[id].name[0] == '\0' || b->seen[id].state != VRRP_TRACKED_UNKNOWN)
			continue;
		log_warning("nothing was heard of BFD session %s: taken as down",
			    b->seen[id].name);
		set_state(b, id, VRRP_TRACKED_DOWN, now);
	}
}

/* -- line ---------------------------------------------------------------------------------- */

static void readable(struct watch *w, uint32_t events, ktime now)
{
	struct vrrp_bfds *b = container_of(w, struct vrrp_bfds, line);
	struct bfd_notice buffer, notice;
	unsigned suppressed;

	/* Who writes there must not keep adverts from being sent: the rest is read next time. */
	for (unsigned i = 0; i < RECORDS_MAX; i++) {
		ssize_t n = recv(w->fd, &buffer, sizeof(buffer), MSG_DONTWAIT | MSG_TRUNC);

		if (n < 0)
			break;
		/* Everybody who could say anything is gone. */
		if (n == 0 && (events & EPOLLHUP)) {
			watch_remove(w);
			break;
		}
		if (bfd_notice_read(&buffer, (size_t)n, &notice))
			heard(b, &notice, now);
		else if (log_limit_ok(&b->malformed, now, MALFORMED_EVERY, &suppressed))
			log_warning("a record on the line from BFD is malformed: ignored");
	}
}

static void ask(struct vrrp_bfds *b, ktime now)
{
	struct bfd_notice notice = bfd_notice_ask(now);

	if (send(b->line.fd, &notice, sizeof(notice), MSG_DONTWAIT | MSG_NOSIGNAL) < 0 &&
	    errno == EAGAIN)
		timer_arm(loop_timers(b->vrrp->loop), &b->ask, ktime_add(now, ASK_AGAIN));
}

static void ask_due(struct timer *t, ktime now)
{
	ask(container_of(t, struct vrrp_bfds, ask), now);
}

static bool listen_to_line(struct vrrp_bfds *b)
{
	int error;

	if (b->line.loop != NULL)
		return true;
	if (b->line.fd < 0)
		return false;
	error = watch_add(b->vrrp->loop, &b->line);
	if (error < 0)
		log_error("cannot hear BFD: %s", strerror(-error));
	return error == 0;
}

/* -- configuration ------------------------------------------------------------------------- */

/* The numbers and names of what is tracked; false: nothing is. */
static bool collect(struct vrrp_bfds *b, const struct vrrp_config *c)
{
	for (uint32_t i = 0; i < c->instances.n; i++) {
		const struct object_list *list =
			&vrrp_instance_at(c, i)->track->list[TRACKER_BFD];

		for (uint32_t k = 0; k < list->n; k++) {
			const struct tracker_config *t = list->items[k];
			uint32_t id = t->target_id;

			if (t->target == NULL)
				continue;
			if (id >= b->n) {
				b->seen = xrealloc(b->seen, id + 1, sizeof(*b->seen));
				memset(b->seen + b->n, 0, (id + 1 - b->n) * sizeof(*b->seen));
				b->n = id + 1;
			}
			(void)str_copy(b->seen[id].name, sizeof(b->seen[id].name),
				       t->object.name);
		}
	}
	return b->n > 0;
}

static void keep_known(struct vrrp_bfds *b, const struct bfd_seen *old, uint32_t n_old)
{
	for (uint32_t i = 0; i < b->n; i++) {
		for (uint32_t k = 0; k < n_old; k++) {
			if (b->seen[i].name[0] != '\0' &&
			    str_eq(b->seen[i].name, old[k].name))
				b->seen[i] = old[k];
		}
	}
}

void bfds_configure(struct vrrp_bfds *b, ktime now)
{
	struct bfd_seen *old = b->seen;
	uint32_t n_old = b->n;

	b->seen = NULL;
	b->n = 0;
	if (collect(b, b->vrrp->config) && listen_to_line(b)) {
		ask(b, now);
		timer_arm(loop_timers(b->vrrp->loop), &b->unknown,
			  ktime_add(now, UNKNOWN_AT_MOST));
	}
	keep_known(b, old, n_old);
	free(old);
	for (uint32_t i = 0; i < b->n; i++) {
		track_preset_state(b->vrrp->track, TRACKER_BFD, i, b->seen[i].state);
		publish(b, i);
	}
}

struct vrrp_bfds *bfds_new(struct vrrp *v)
{
	struct vrrp_bfds *b = xnew(struct vrrp_bfds);

	b->vrrp = v;
	b->line = (struct watch){ .fd = v->run->lines[ENGINE_BFD], .events = EPOLLIN,
				  .priority = WATCH_NORMAL, .ready = readable };
	b->ask.fire = ask_due;
	b->unknown.fire = unknown_due;
	return b;
}

void bfds_free(struct vrrp_bfds *b)
{
	if (b == NULL)
		return;
	watch_remove(&b->line);
	timer_cancel(&b->ask);
	timer_cancel(&b->unknown);
	free(b->seen);
	free(b);
}
