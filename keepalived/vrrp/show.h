/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Status slots of what several instances share: the engine, sockets, interfaces.
 */
#pragma once

#include "vrrp/instance.h"

/** All of them and every instance, after start and reload. */
void show_all(struct vrrp *);
void show_sockets(struct vrrp *);
/** The slot of an interface that the configuration names; others have none. */
void show_interface(struct vrrp_net *, const struct iface *);
