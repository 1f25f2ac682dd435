/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VRRP sockets of one network namespace: shared by all instances that differ in the VRID only.
 *
 * Adverts are queued and leave together at the end of the wake-up. Receiving is moderated: under
 * traffic a socket is drained once per tick, with the kernel's packet times, except adverts of
 * priority 0, which are seen at once.
 */
#pragma once

#include "vrrp/instance.h"

struct vrrp_io *io_new(struct vrrp_net *);
void io_free(struct vrrp_io *);
/** Give the instance its socket (needs its interface to exist). 0 or -errno. */
int io_attach(struct vrrp_instance *);
void io_detach(struct vrrp_instance *);
/** Queue one advert to all destinations of the instance. */
void io_send(struct vrrp_instance *, uint8_t priority, ktime now);
/** Send what is queued, apply changed filters. */
void io_flush(struct vrrp_io *, ktime now);
/** Nothing is queued. */
bool io_idle(const struct vrrp_io *);
/** Take in everything that has arrived for this instance: before its timer acts. */
void io_drain(struct vrrp_instance *, ktime now);
/** The shortest interval of the instances changed: compute the tick anew. */
void io_retune(struct vrrp_io *);
/** Index of the status slot of its socket, -1 without. */
int32_t io_slot(const struct vrrp_instance *);
/** Write the status slots of the sockets, from slot @first on; the next free one. */
uint32_t io_publish(struct vrrp_io *, uint32_t first);
