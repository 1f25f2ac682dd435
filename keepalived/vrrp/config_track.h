/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What VRRP tracks: scripts and the built-in checks, files, processes; and the entries with which
 * instances and sync groups name them.
 */
#pragma once

#include "core/config_script.h"
#include "core/config_track.h"
#include "net/addr.h"

enum vrrp_check_kind {
	VRRP_CHECK_SCRIPT,	/* vrrp_script: a program run by the supervisor */
	VRRP_CHECK_TCP,		/* track_tcp: a connection can be made */
	VRRP_CHECK_HTTP,	/* track_http: a GET gives an expected status */
	VRRP_CHECK_PING,	/* track_ping: an echo is answered */
};

/** vrrp_script, track_tcp, track_http, track_ping: SYMBOL_SCRIPT. */
struct vrrp_script_config {
	struct object object;
	uint32_t id;			/* index in vrrp_config->checks */
	enum vrrp_check_kind kind;
	const struct script_config *script;	/* VRRP_CHECK_SCRIPT */
	kspan every;			/* start to start, >= 1 ms */
	kspan timeout;			/* resolved: ->every unless set */
	struct track_weight weight;	/* default 0 */
	uint32_t rise, fall;		/* >= 1 */
	bool init_fail;			/* starts as failed; needs ->rise successes */
	struct script_owner owner;	/* "user U [G]": applied to ->script already */
	/* built-in checks */
	struct addr host;
	uint16_t port;			/* host order; TCP and HTTP */
	const char *url;		/* as written */
	const char *http_host;		/* host part of the URL, with brackets if it is IPv6 */
	const char *http_path;		/* from the first slash on, at least "/" */
	uint16_t status_min, status_max;	/* expected HTTP status, default 200..299 */
	const char *bind_if;		/* dev: send through this interface; NULL: any */
	bool used;			/* somebody tracks it */
};

enum process_param_match {
	PARAM_MATCH_NONE,
	PARAM_MATCH_EXACT,
	PARAM_MATCH_PARTIAL,
	PARAM_MATCH_INITIAL,
};

#define VRRP_QUORUM_UNLIMITED UINT32_MAX

/** vrrp_track_process: SYMBOL_TRACK_PROCESS. */
struct vrrp_process_config {
	struct object object;
	uint32_t id;			/* index in vrrp_config->processes */
	struct word_list words;		/* as written: name and parameters */
	const char *process;		/* compared with comm; if ->full_command with argv[0] */
	const char *const *params;
	uint32_t n_params;
	int param_match;		/* enum process_param_match, resolved */
	bool full_command;		/* resolved: compare /proc/PID/cmdline */
	struct track_weight weight;	/* default 0 */
	uint32_t quorum;		/* 1..65535; 0 only if ->quorum_max is 0 */
	uint32_t quorum_max;		/* VRRP_QUORUM_UNLIMITED: none */
	kspan delay;			/* as written; is in the following two */
	kspan fork_delay;
	kspan terminate_delay;
};

enum tracker_kind {
	TRACKER_INTERFACE,
	TRACKER_SCRIPT,
	TRACKER_FILE,
	TRACKER_PROCESS,
	TRACKER_BFD,
	TRACKER_KINDS,
};

/** NAME [weight N [reverse|noreverse]] in track_interface, track_script, ... ->object.name is
 *  the name. */
struct tracker_config {
	struct object object;
	uint32_t errors_before;		/* private */
	enum tracker_kind kind;
	struct track_weight weight;	/* resolved: the target's if not set here */
	const struct object *target;	/* struct vrrp_script_config, track_file_config,
					   vrrp_process_config, bfd_tracked; NULL: an interface, or
					   not found (the instance has VRRP_BAD_TRACKER) */
	uint32_t target_id;		/* ->id of the target */
	bool from_group;		/* taken over from the sync group */
};

/** The five lists of an instance or group, by enum tracker_kind. */
struct tracker_lists {
	struct object_list list[TRACKER_KINDS];	/* struct tracker_config */
};

extern const struct block_type vrrp_script_block, vrrp_track_tcp_block, vrrp_track_http_block,
	vrrp_track_ping_block, vrrp_process_block;
extern const struct block_type tracker_block[TRACKER_KINDS];
