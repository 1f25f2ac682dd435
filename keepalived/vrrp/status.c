/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Layout of VRRP's status page, and the ring of past transitions.
 */
#include "vrrp/status.h"

void vrrp_status_layout(const struct vrrp_config *config, struct status_layout *out)
{
	const struct status_kind kinds[VRRP_SLOT_KINDS] = {
		[VRRP_SLOT_ENGINE] = { sizeof(struct vrrp_engine_status), 1 },
		[VRRP_SLOT_INSTANCE] = { sizeof(struct vrrp_instance_status), config->instances.n },
		[VRRP_SLOT_GROUP] = { sizeof(struct vrrp_group_status), config->groups.n },
		[VRRP_SLOT_CHECK] = { sizeof(struct vrrp_check_status), config->n_checks },
		[VRRP_SLOT_FILE] = { sizeof(struct vrrp_file_status), config->files.n },
		[VRRP_SLOT_PROCESS] = { sizeof(struct vrrp_process_status), config->processes.n },
		[VRRP_SLOT_BFD] = { sizeof(struct vrrp_bfd_status), 0 },
		[VRRP_SLOT_ADDRESS] = { sizeof(struct vrrp_address_status), config->n_addresses },
		[VRRP_SLOT_INTERFACE] = { sizeof(struct vrrp_interface_status),
					  config->interfaces.n },
		[VRRP_SLOT_SOCKET] = { sizeof(struct vrrp_socket_status), config->instances.n },
	};

	*out = (struct status_layout){ .n_kinds = VRRP_SLOT_KINDS, .version = VRRP_STATUS_VERSION };
	for (unsigned i = 0; i < VRRP_SLOT_KINDS; i++)
		out->kinds[i] = kinds[i];
}

void vrrp_status_transition(struct vrrp_instance_status *status, enum vrrp_state to,
			    uint8_t priority, const struct cause *cause, int64_t wall_ns)
{
	status->transitions[status->n_transitions++ % VRRP_TRANSITIONS_KEPT] =
		(struct vrrp_transition){
			.at_wall_ns = wall_ns,
			.from = status->state,
			.to = (uint8_t)to,
			.priority = priority,
			.cause = *cause,
		};
	status->state = (uint8_t)to;
	status->last_transition_wall_ns = wall_ns;
}
