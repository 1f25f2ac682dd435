/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many instances are in which state.
 */
#include "vrrp/summary.h"

#include "vrrp/fsm.h"
#include "vrrp/status.h"

void vrrp_summary(const struct config *config, const struct status_page *page,
		  struct strbuf *out)
{
	uint32_t n = vrrp_config_of(config)->instances.n;
	unsigned in_state[n_vrrp_state] = { 0 };
	struct vrrp_instance_status slot;

	for (uint32_t i = 0; i < n; i++) {
		(void)status_read(page, VRRP_SLOT_INSTANCE, i, &slot, sizeof(slot));
		if (slot.state < n_vrrp_state)
			in_state[slot.state]++;
	}
	strbuf_addf(out, "%u of %u instances MASTER", in_state[VRRP_STATE_MASTER], n);
	if (in_state[VRRP_STATE_FAULT])
		strbuf_addf(out, ", %u FAULT", in_state[VRRP_STATE_FAULT]);
}
