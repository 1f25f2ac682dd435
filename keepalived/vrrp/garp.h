/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Announcements of one network namespace: gratuitous ARP and unsolicited neighbour advertisements.
 *
 * When and how often is decided here, per instance; frames are made by arpnd.h. Large numbers leave
 * in portions, so that adverts are never late because of them.
 */
#pragma once

#include "vrrp/instance.h"

struct vrrp_garp *garp_new(struct vrrp_net *);
void garp_free(struct vrrp_garp *);
/** Begin what the machine asked for. */
void garp_announce(struct vrrp_instance *, enum vrrp_announce, ktime now);
/** After a reload that added addresses. */
void garp_reloaded(struct vrrp_instance *, bool added, ktime now);
/** The instance left MASTER: drop everything. */
void garp_cancel(struct vrrp_instance *);
/** Send what is due and possible now. */
void garp_flush(struct vrrp_garp *, ktime now);
