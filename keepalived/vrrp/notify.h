/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events in order: told to the supervisor after what they speak of has been done.
 */
#pragma once

#include "vrrp/instance.h"

struct vrrp_notify *notify_new(struct vrrp *);
void notify_free(struct vrrp_notify *);
void notify_instance(struct vrrp_instance *, enum event_what, const struct cause *, ktime now);
void notify_group(struct vrrp_sync *, enum event_what, const struct cause *, ktime now);
/** Queue what every instance and group is now, for the FIFO only. */
void notify_repeat(struct vrrp_notify *);
/** Emit in order as far as the addresses of each instance are in place (@all: regardless). */
void notify_flush(struct vrrp_notify *, bool all);
/** The instance or group goes: what is queued about it is dropped. */
void notify_forget(struct vrrp_notify *, const void *object);
bool notify_idle(const struct vrrp_notify *);
