/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notify_stop_wait: scripts that have to end before the addresses go.
 *
 * The engine runs notify_stop itself, through the supervisor, while its instances still are what
 * they were; the event of the stop, which comes later, does not run it again.
 */
#pragma once

#include "base/time.h"

struct config;
struct vrrp;

/** Run the notify_stop scripts of instances and groups with notify_stop_wait. @then is called once,
 *  when each has ended or its time is over; before this returns when there is none. */
void farewell_begin(struct vrrp *, void (*then)(struct vrrp *, ktime now), ktime now);
/** Forget what is running. */
void farewell_free(struct vrrp *);
