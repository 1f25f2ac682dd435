/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Built-in checks. (None so far.)
 */
#include "vrrp/track_probe.h"

struct probe *probe_new(struct loop *loop, const struct vrrp_script_config *config,
			probe_done *done, void *arg)
{
	(void)loop;
	(void)config;
	(void)done;
	(void)arg;
	return NULL;
}

void probe_free(struct probe *p)
{
	(void)p;
}

void probe_start(struct probe *p, ktime now)
{
	(void)p;
	(void)now;
}

void probe_cancel(struct probe *p)
{
	(void)p;
}

bool probe_is_running(const struct probe *p)
{
	(void)p;
	return false;
}
