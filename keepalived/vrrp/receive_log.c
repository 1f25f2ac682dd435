/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Log lines about received adverts, limited per instance and kind.
 */
#include "vrrp/receive_log.h"

#include "base/log.h"
#include "vrrp/receive_text.h"

#define SAME_KIND_EVERY SEC(60)

static void line(struct vrrp_instance *vr, const struct receive_case *rc, unsigned kind, ktime now)
{
	unsigned suppressed;
	char buf[200];

	if (!log_limit_ok(instance_limit(vr, kind), now, SAME_KIND_EVERY, &suppressed))
		return;
	receive_text(rc, buf, sizeof(buf));
	if (suppressed > 0)
		log_info("(%s) %s (%u more since)", instance_name(vr), buf, suppressed);
	else
		log_info("(%s) %s", instance_name(vr), buf);
}

void receive_log(struct vrrp_instance *vr, const struct vrrp_frame *frame,
		 const struct vrrp_rx_verdict *v, ktime now)
{
	struct receive_case rc = { &vr->rx, frame, v, 0 };

	if (v->reject == VRRP_REJECT_INACTIVE)
		return;
	if (v->reject != VRRP_ACCEPT) {
		line(vr, &rc, v->reject, now);
		return;
	}
	for (unsigned i = 0; i < LIMIT_SEND - LIMIT_WARNING; i++) {
		rc.warning = 1u << i;
		if (v->warnings & rc.warning)
			line(vr, &rc, LIMIT_WARNING + i, now);
	}
}
