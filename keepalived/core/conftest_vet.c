/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hold a configuration against the system: namespaces, interfaces, files, users, CPUs, scripts.
 *
 * Looks, never changes anything. One thing that is missing is one finding, at the place that
 * names it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/magic.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/conftest.h"
#include "core/engine.h"
#include "net/netns.h"

enum { LISTED_MAX = 12 };

struct vet {
	struct config *config;
	struct diags *diags;
	struct if_nameindex *interfaces;	/* sorted by name; NULL: not known */
	size_t n_interfaces;
	struct netns ns;		/* where they are; ->fd -1: here */
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct if_nameindex *)a)->if_name,
		      ((const struct if_nameindex *)b)->if_name);
}

/* Inside the namespace: all interfaces there are. */
static int list_interfaces(void *arg)
{
	struct vet *v = arg;

	v->interfaces = if_nameindex();
	if (!v->interfaces)
		return -errno;
	while (v->interfaces[v->n_interfaces].if_index)
		v->n_interfaces++;
	qsort(v->interfaces, v->n_interfaces, sizeof(*v->interfaces), by_name);
	return 0;
}

static struct place process_place(const struct vet *v, size_t at)
{
	return object_place(&v->config->process->object, at);
}

static void check_ipvs_namespace(struct vet *v)
{
	const char *name = v->config->process->net_namespace_ipvs;
	struct netns ns;
	int err;

	if (!name || !name[0])
		return;
	err = netns_open(&ns, name);
	if (err)
		diag_class(diag_error(v->diags, "no-namespace",
				      process_place(v, offsetof(struct process_config,
								net_namespace_ipvs)),
				      "cannot open network namespace '%s': %s", name,
				      strerror(-err)),
			   DIAG_CLASS_CANNOT_RUN);
	netns_close(&ns);
}

/* Learn the interfaces of the namespace that we are to run in. */
static void look_around(struct vet *v, const char *override)
{
	const char *name = override ? override : v->config->process->net_namespace;
	struct place at = { 0 };
	int err;

	if (!override && name)
		at = process_place(v, offsetof(struct process_config, net_namespace));
	if (!name) {
		(void)list_interfaces(v);
		return;
	}
	err = netns_open(&v->ns, name);
	if (err)
		diag_class(diag_error(v->diags, "no-namespace", at,
				      "cannot open network namespace '%s': %s", name,
				      strerror(-err)),
			   DIAG_CLASS_CANNOT_RUN);
	else
		err = netns_call(&v->ns, list_interfaces, v);
	if (err && !v->interfaces && err != -ENOENT)
		diag_note(v->diags, "no-namespace", at,
			  "interfaces of network namespace '%s' are not checked: %s", name,
			  strerror(-err));
}

/** The nearest name there is; NULL if none is near. */
static const char *nearest_interface(const struct vet *v, const char *name)
{
	const char *best = NULL;
	unsigned best_distance = 0, distance;

	for (size_t i = 0; i < v->n_interfaces; i++) {
		const char *have = v->interfaces[i].if_name;

		if (str_is_near(name, have, &distance) && (!best || distance < best_distance)) {
			best = have;
			best_distance = distance;
		}
	}
	return best;
}

static void list_some(struct vet *v, struct diag *d)
{
	struct strbuf all = { 0 };

	for (size_t i = 0; i < v->n_interfaces && i < LISTED_MAX; i++)
		strbuf_addf(&all, "%s%s", i ? ", " : "", v->interfaces[i].if_name);
	diag_hint(v->diags, d, "there are: %s%s", strbuf_text(&all),
		  v->n_interfaces > LISTED_MAX ? ", ..." : "");
	strbuf_fini(&all);
}

static bool has_interface(const struct vet *v, const char *name)
{
	struct if_nameindex key = { .if_name = (char *)(uintptr_t)name };

	return bsearch(&key, v->interfaces, v->n_interfaces, sizeof(key), by_name);
}

/* Leads over to ->what in a message. */
static const char *of(const struct config_need *need)
{
	return need->what ? " of " : "";
}

static void need_interface(struct vet *v, const struct config_need *need)
{
	const char *near;
	struct diag *d;

	if (need->flags & NEED_MAY_APPEAR || !v->interfaces || has_interface(v, need->name))
		return;
	near = nearest_interface(v, need->name);
	d = diag_add(v->diags, need->flags & NEED_SOFT ? DIAG_WARNING : DIAG_ERROR,
		     "no-interface", need->at, "interface '%s'%s%s does not exist%s%s%s",
		     need->name, of(need), need->what ?: "", near ? "; did you mean '" : "",
		     near ?: "", near ? "'?" : "");
	if (!(need->flags & NEED_SOFT))
		diag_class(d, DIAG_CLASS_CANNOT_RUN);
	if (!near)
		list_some(v, d);
}

static void need_file(struct vet *v, const struct config_need *need)
{
	int fd attr_cleanup(close_fd) =
		open(need->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;

	if (fd < 0 || fstat(fd, &st)) {
		diag_add(v->diags, need->flags & NEED_SOFT ? DIAG_WARNING : DIAG_ERROR, "no-file",
			 need->at, "'%s'%s%s cannot be read: %s", need->name, of(need),
			 need->what ?: "", strerror(errno));
		return;
	}
	if (S_ISDIR(st.st_mode))
		diag_error(v->diags, "no-file", need->at, "'%s'%s%s is a directory", need->name,
			   of(need), need->what ?: "");
	else if (need->kind == NEED_PRIVATE_FILE && st.st_mode & 0077)
		diag_class(diag_warning(v->diags, "key-exposed", need->at,
					"'%s'%s%s can be read by others (mode %04o)", need->name,
					of(need), need->what ?: "",
					(unsigned)(st.st_mode & 07777)),
			   DIAG_CLASS_SECURITY);
}

/** File systems on which inotify sees no writes of others, or that make no sense. */
static const long unwatchable[] = {
	PROC_SUPER_MAGIC, SYSFS_MAGIC,	     CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
	DEBUGFS_MAGIC,	  TRACEFS_MAGIC,     DEVPTS_SUPER_MAGIC, BPF_FS_MAGIC,
	EFIVARFS_MAGIC,	  NFS_SUPER_MAGIC,   SMB_SUPER_MAGIC,	 SMB2_SUPER_MAGIC,
	CIFS_SUPER_MAGIC, PIPEFS_MAGIC,	     SOCKFS_MAGIC,	 SELINUX_MAGIC,
	FUSE_SUPER_MAGIC, 0x19800202 /* mqueue */, 0x7275 /* romfs */,
};

static const char *why_not_watched(const char *dir)
{
	struct statfs fs;
	struct stat st;

	if (stat(dir, &st) || statfs(dir, &fs))
		return strerror(errno);
	if (!S_ISDIR(st.st_mode))
		return strerror(ENOTDIR);
	if (fs.f_flags & ST_RDONLY)
		return "the file system is mounted read-only";
	for (size_t i = 0; i < ARRAY_LEN(unwatchable); i++)
		if ((long)fs.f_type == unwatchable[i])
			return "changes on this file system cannot be watched";
	return NULL;
}

static void need_watched(struct vet *v, const struct config_need *need)
{
	const char *slash = strrchr(need->name, '/');
	char *dir attr_cleanup(free_ptr) = xstrdup(need->name);
	const char *why;
	struct diag *d;

	if (!slash)
		return;		/* relative paths have been refused */
	dir[slash == need->name ? 1 : slash - need->name] = 0;
	why = why_not_watched(dir);
	if (!why)
		return;
	d = diag_error(v->diags, "not-watchable", need->at, "'%s'%s%s cannot be watched: %s",
		       need->name, of(need), need->what ?: "", why);
	if (need->end_at.line)
		diag_see(v->diags, d, need->end_at, "the block that ends here cannot work");
	config_hint_uses(v->config, d, need->uses ? *need->uses : NULL);
}

static void need_cpu(struct vet *v, const struct config_need *need)
{
	long n = sysconf(_SC_NPROCESSORS_CONF);

	if (n > 0 && need->number >= n)
		diag_warning(v->diags, "no-cpu", need->at,
			     "CPU %lld of %s does not exist; CPUs are 0 to %ld",
			     (long long)need->number, need->what, n - 1);
}

/** The name of the driver that made an interface. */
struct driver_question {
	const char *ifname;
	char driver[32];
};

static int ask_driver(void *arg)
{
	struct driver_question *q = arg;
	int fd attr_cleanup(close_fd) = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ethtool_drvinfo info = { .cmd = ETHTOOL_GDRVINFO };
	struct ifreq request = { .ifr_data = (void *)&info };

	str_copy(request.ifr_name, sizeof(request.ifr_name), q->ifname);
	if (fd < 0 || ioctl(fd, SIOCETHTOOL, &request))
		return -errno;
	str_copy(q->driver, sizeof(q->driver), info.driver);
	return 0;
}

static void need_macvlan_name(struct vet *v, const struct config_need *need)
{
	struct driver_question q = { .ifname = need->name };

	if (!has_interface(v, need->name) ||
	    netns_call(v->ns.fd >= 0 ? &v->ns : NULL, ask_driver, &q) ||
	    !strcmp(q.driver, "macvlan"))
		return;
	diag_warning(v->diags, "name-taken", need->at,
		     "(%s) the VMAC cannot be called '%s': that is another interface (%s)",
		     need->what, need->name, q.driver);
}

static void vet_need(struct vet *v, const struct config_need *need)
{
	switch (need->kind) {
	case NEED_INTERFACE:
		need_interface(v, need);
		return;
	case NEED_PRIVATE_FILE:
	case NEED_READABLE_FILE:
		need_file(v, need);
		return;
	case NEED_WATCHED_FILE:
		need_watched(v, need);
		return;
	case NEED_CPU:
		need_cpu(v, need);
		return;
	case NEED_MACVLAN_NAME:
		need_macvlan_name(v, need);
		return;
	}
}

static void check_fifo_owner(struct vet *v, const struct fifo_config *fifo)
{
	const struct script_owner *owner = fifo->owner.user ? &fifo->owner : &fifo->default_owner;
	const char *why;
	uid_t uid;
	gid_t gid;

	if (!fifo->path || !owner->user || script_owner_ids(owner, &uid, &gid, &why))
		return;
	diag_error(v->diags, "no-such-user", fifo->at, "owner '%s%s%s' of FIFO '%s': %s",
		   owner->user, owner->group ? " " : "", owner->group ?: "", fifo->path, why);
}

const struct script_run *conftest_vet(struct config *config, const struct config_options *options,
				      const char *net_namespace, struct arena *arena)
{
	struct vet v = { .config = config, .diags = config->diags, .ns = { .fd = -1 } };
	const struct global_config *g = config->global;
	const struct script_run *runs;

	look_around(&v, net_namespace);
	check_ipvs_namespace(&v);
	for (uint32_t i = 0; i < config->n_needs; i++)
		vet_need(&v, &config->needs[i]);
	check_fifo_owner(&v, &g->notify_fifo);
	check_fifo_owner(&v, &g->vrrp_notify_fifo);
	check_fifo_owner(&v, &g->lvs_notify_fifo);
	for (size_t i = 0; i < options->n_engines; i++)
		if (options->engines[i]->load)
			options->engines[i]->load(config);
	runs = scripts_vet(config, arena, config->diags);
	if (v.interfaces)
		if_freenameindex(v.interfaces);
	if (v.ns.fd >= 0)
		netns_close(&v.ns);
	return runs;
}
