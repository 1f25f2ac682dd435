/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The engine at run time: one struct vrrp per process, one struct vrrp_net per network namespace.
 *
 * Everything is reachable from struct vrrp, which engine.c owns. What one wake-up produced is
 * carried out by vrrp_commit() at its end, in this order: adverts are sent, addresses are put in
 * place, announcements follow, events are told.
 */
#pragma once

#include "base/slab.h"
#include "core/iface.h"
#include "core/process.h"
#include "net/netns.h"
#include "net/sysctl.h"
#include "vrrp/status.h"

struct vrrp_instance;
struct vrrp_sync;
struct vrrp_io;
struct vrrp_kernel;
struct vrrp_garp;
struct fw;
struct vrrp_track;
struct vrrp_notify;
struct linkbeats;
struct vrrp_outside;
struct vrrp_scripts;
struct lvs_sync;
struct vrrp_crypto;

struct vrrp_net {
	struct vrrp_net *next;
	struct vrrp *vrrp;
	char *name;			/* NULL: the namespace of the process */
	struct netns ns;
	const struct netns *in;		/* &ns, or NULL: the namespace of the process */
	struct iface_mirror *mirror;
	struct nl *nl;			/* for requests */
	struct vrrp_io *io;
	struct vrrp_kernel *kernel;
	struct vrrp_garp *garp;
	struct fw *fw;			/* NULL while nothing needs it */
	bool fw_stopping;
	struct sysctl_changes sysctls;	/* to be put back at stop */
	unsigned vmac_parent;		/* whose settings vmac_settings.c saw to last, and when */
	ktime vmac_parent_at;
};

struct vrrp {
	struct engine_run *run;
	struct loop *loop;
	const struct config *all;	/* the configuration in use */
	const struct vrrp_config *config;
	const struct global_config *global;
	struct status_page *page;
	struct vrrp_engine_status *engine_slot;	/* in ->page */
	bool sockets_changed;			/* their slots are to be written */
	struct vrrp_net *nets;
	struct slab instance_slab;
	struct vrrp_instance **instances;	/* by config->index */
	uint32_t n_instances;
	struct vrrp_sync **groups;		/* by config->index */
	uint32_t n_groups;
	struct vrrp_track *track;
	struct linkbeats *linkbeats;		/* NULL: nothing is polled */
	struct vrrp_scripts *scripts;
	struct vrrp_outside *outside;
	struct vrrp_notify *notify;
	struct lvs_sync *lvs_sync;
	struct vrrp_crypto *crypto;	/* NULL until an instance needs it */
	struct deferred commit;
	struct timer retry;		/* sockets that could not be opened */
	ktime not_before;		/* vrrp_startup_delay */
	struct farewell *farewell;	/* while stopping; NULL: none */
	struct timer stop_timer;
	ktime stop_at;			/* latest end while stopping */
	bool stopping;
	bool withdrawing;		/* withdraw.c: nothing new is made */
};

/** Have vrrp_commit() run at the end of this wake-up. */
void vrrp_want_commit(struct vrrp *);
/** Have failed sockets tried again after a while. */
void vrrp_want_retry(struct vrrp *);
/** The mirror etc. of the namespace called @name (NULL: ours), made on first use. NULL with errno
 *  set. */
struct vrrp_net *vrrp_net_get(struct vrrp *, const char *name);
/** After a reload: hear of routes and rules that others remove, if there are any of ours. */
void vrrp_nets_watch(struct vrrp *);
void vrrp_net_free(struct vrrp_net *);
/** Kernel settings of the namespace, as core's sysctl.h: 0 or -errno. */
int vrrp_net_sysctl_read(const struct vrrp_net *, const char *path, int64_t *out);
int vrrp_net_sysctl_write(const struct vrrp_net *, const char *path, int64_t value);
int vrrp_net_sysctl_change(const struct vrrp_net *, struct sysctl_changes *, const char *path,
			   int64_t value);
int vrrp_net_sysctl_adopt(const struct vrrp_net *, struct sysctl_changes *, const char *path,
			  int64_t before, int64_t ours);
int vrrp_net_sysctl_restore(const struct vrrp_net *, struct sysctl_changes *);
/** CLOCK_REALTIME that belongs to the monotonic time @at; 0 for KTIME_NEVER. */
int64_t vrrp_wall_of(ktime at);
