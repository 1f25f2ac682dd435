/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Link state by polling: MII status register, ethtool, or interface flags.
 *
 * The first way that the driver answers is kept; if the wanted one fails the others are tried. The
 * answer replaces IFF_RUNNING in the mirror.
 */
#include "core/linkbeat.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/mii.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "loop/loop.h"
#include "net/netns.h"
#include "net/sock.h"

#define POLL_EVERY SEC(1)

struct linkbeat {
	struct linkbeat *next;
	struct iface *iface;
	unsigned ifindex;		/* that ->said speaks of */
	enum linkbeat_how wish;
	enum linkbeat_how how;		/* ANY until the first answer */
	enum iface_beat said;
	bool listed;			/* since linkbeats_begin() */
};

struct linkbeats {
	struct loop *loop;
	int fd;				/* for the ioctls */
	struct timer timer;
	struct linkbeat *first;
};

static void name_request(struct ifreq *r, const struct linkbeat *b)
{
	memset(r, 0, sizeof(*r));
	memcpy(r->ifr_name, b->iface->name, sizeof(r->ifr_name));
}

/* Each way: 1 up, 0 down, -1 the driver does not know. */

static int ask_mii(int fd, const struct linkbeat *b)
{
	struct ifreq r;
	struct mii_ioctl_data mii;

	name_request(&r, b);
	if (ioctl(fd, SIOCGMIIPHY, &r) < 0)
		return -1;
	memcpy(&mii, &r.ifr_ifru, sizeof(mii));
	mii.reg_num = MII_BMSR;
	memcpy(&r.ifr_ifru, &mii, sizeof(mii));
	if (ioctl(fd, SIOCGMIIREG, &r) < 0)
		return -1;
	memcpy(&mii, &r.ifr_ifru, sizeof(mii));
	return (mii.val_out & BMSR_LSTATUS) != 0;
}

static int ask_ethtool(int fd, const struct linkbeat *b)
{
	struct ethtool_value value = { .cmd = ETHTOOL_GLINK };
	struct ifreq r;

	name_request(&r, b);
	r.ifr_data = (char *)&value;
	if (ioctl(fd, SIOCETHTOOL, &r) < 0)
		return -1;
	return value.data != 0;
}

static int ask_flags(int fd, const struct linkbeat *b)
{
	struct ifreq r;

	name_request(&r, b);
	if (ioctl(fd, SIOCGIFFLAGS, &r) < 0)
		return -1;
	return (r.ifr_flags & IFF_RUNNING) != 0;
}

static int ask(int fd, struct linkbeat *b)
{
	static int (*const ways[])(int, const struct linkbeat *) = {
		[LINKBEAT_ASK_MII] = ask_mii,
		[LINKBEAT_ASK_ETHTOOL] = ask_ethtool,
		[LINKBEAT_ASK_FLAGS] = ask_flags,
	};
	int answer = b->how != LINKBEAT_ASK_ANY ? ways[b->how](fd, b) : -1;

	for (unsigned how = LINKBEAT_ASK_MII; answer < 0 && how < ARRAY_LEN(ways); how++) {
		answer = ways[how](fd, b);
		if (answer >= 0)
			b->how = (enum linkbeat_how)how;
	}
	return answer;
}

static void poll_one(struct linkbeats *l, struct linkbeat *b)
{
	int answer;
	enum iface_beat beat;

	if (b->ifindex != b->iface->ifindex) {
		b->ifindex = b->iface->ifindex;
		b->how = b->wish;
		b->said = IFACE_BEAT_NONE;
	}
	if (!iface_exists(b->iface))
		return;
	answer = ask(l->fd, b);
	if (answer < 0)
		return;
	beat = answer ? IFACE_BEAT_UP : IFACE_BEAT_DOWN;
	if (beat == b->said)
		return;
	if (b->said != IFACE_BEAT_NONE)
		log_info("Linkbeat reports %s %s", b->iface->name, answer ? "up" : "down");
	b->said = beat;
	iface_set_beat(b->iface, beat);
}

static void poll_all(struct timer *t, ktime now)
{
	struct linkbeats *l = container_of(t, struct linkbeats, timer);

	for (struct linkbeat *b = l->first; b != NULL; b = b->next)
		poll_one(l, b);
	timer_arm(loop_timers(l->loop), t, ktime_add(now, POLL_EVERY));
}

static struct linkbeat *find(const struct linkbeats *l, const struct iface *iface)
{
	struct linkbeat *b = l->first;

	while (b != NULL && b->iface != iface)
		b = b->next;
	return b;
}

/* Another way to ask than before. What is known stays until the answer differs. */
static void set_wish(struct linkbeats *l, struct linkbeat *b, enum linkbeat_how how)
{
	if (b->wish == how)
		return;
	b->wish = b->how = how;
	poll_one(l, b);
}

void linkbeats_begin(struct linkbeats *l)
{
	for (struct linkbeat *b = l->first; b != NULL; b = b->next)
		b->listed = false;
}

void linkbeats_add(struct linkbeats *l, struct iface_mirror *m, const char *ifname,
		   enum linkbeat_how how)
{
	struct iface *iface = iface_get(m, ifname);
	struct linkbeat *b = find(l, iface);

	if (b != NULL) {
		iface_put(iface);
		if (!b->listed)
			set_wish(l, b, how);
		b->listed = true;
		return;
	}
	b = xnew(struct linkbeat);
	b->iface = iface;
	b->wish = b->how = how;
	b->listed = true;
	b->next = l->first;
	l->first = b;
	poll_one(l, b);
}

static void drop(struct linkbeat *b)
{
	iface_set_beat(b->iface, IFACE_BEAT_NONE);
	iface_put(b->iface);
	free(b);
}

void linkbeats_end(struct linkbeats *l)
{
	struct linkbeat **p = &l->first, *b;

	while ((b = *p) != NULL) {
		if (b->listed) {
			p = &b->next;
			continue;
		}
		*p = b->next;
		drop(b);
	}
}

void linkbeats_appeared(struct linkbeats *l, const struct iface *iface)
{
	struct linkbeat *b = l != NULL ? find(l, iface) : NULL;

	if (b != NULL)
		poll_one(l, b);
}

struct linkbeats *linkbeats_new(struct loop *loop, const struct netns *ns)
{
	struct sock_spec spec = { .family = AF_INET, .type = SOCK_DGRAM };
	int fd = netns_socket(ns, &spec, NULL);
	struct linkbeats *l;

	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	l = xnew(struct linkbeats);
	l->loop = loop;
	l->fd = fd;
	l->timer.fire = poll_all;
	timer_arm(loop_timers(loop), &l->timer, ktime_add(loop_now(loop), POLL_EVERY));
	return l;
}

void linkbeats_free(struct linkbeats *l)
{
	if (l == NULL)
		return;
	timer_cancel(&l->timer);
	while (l->first != NULL) {
		struct linkbeat *b = l->first;

		l->first = b->next;
		drop(b);
	}
	close(l->fd);
	free(l);
}
