/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel settings that the engine changes, and what they were before, in the status page.
 *
 * Slots are filled from the first on and never emptied: one whose setting has another value than
 * ours is void. No names are in the page: interfaces are told apart by index, settings by number,
 * namespaces by the hash of their name.
 */
#include "vrrp/vmac_kept.h"

#include <stdio.h>
#include <string.h>

#include "base/hashset.h"

static const struct {
	const char *name;
	uint8_t max;
	bool every_interface;		/* else those that the configuration names */
} settings[VMAC_SETTINGS] = {
	[VMAC_ARP_IGNORE] = { "arp_ignore", 8, false },
	[VMAC_ARP_FILTER] = { "arp_filter", 1, false },
	[VMAC_ARP_ANNOUNCE] = { "arp_announce", 2, false },
	[VMAC_RP_FILTER] = { "rp_filter", 2, true },
	[VMAC_PROMOTE_SECONDARIES] = { "promote_secondaries", 1, false },
	[VMAC_IGMP_REPORTS] = { "igmp_link_local_mcast_reports", 1, false },
};

static const char *name_of(const struct vrrp_net *net, uint32_t at)
{
	const struct iface *i;

	if (at == VMAC_AT_ALL)
		return "all";
	if (at == VMAC_AT_DEFAULT)
		return "default";
	i = iface_by_index(net->mirror, at);
	return i != NULL ? i->name : NULL;
}

bool vmac_setting_path(const struct vrrp_net *net, enum vmac_setting what, uint32_t at,
		       char out[static VMAC_PATH_MAX])
{
	const char *name = name_of(net, at);

	if (what == VMAC_IGMP_REPORTS)
		(void)snprintf(out, VMAC_PATH_MAX, "net/ipv4/%s", settings[what].name);
	else if (name != NULL)
		(void)snprintf(out, VMAC_PATH_MAX, "net/ipv4/conf/%s/%s", name,
			       settings[what].name);
	return name != NULL;
}

static uint32_t number_of(const struct vrrp_net *net)
{
	return net->name != NULL ? (uint32_t)hash_text(net->name) : 0;
}

/* -- writing ------------------------------------------------------------------------------- */

/* The slot of the setting, or the first empty one; NULL: there is none. */
static struct vrrp_setting_status *find(const struct vrrp_net *net, uint8_t what, uint32_t at,
					uint32_t *index)
{
	struct status_page *page = net->vrrp->page;
	struct vrrp_setting_status *s;

	for (*index = 0; (s = status_slot(page, VRRP_SLOT_SETTING, *index)) != NULL; (*index)++) {
		if (s->what == VMAC_SETTING_NONE ||
		    (s->what == what && s->at == at && s->net == number_of(net)))
			return s;
	}
	return NULL;
}

void vmac_kept_note(struct vrrp_net *net, enum vmac_setting what, uint32_t at, int64_t before,
		    int64_t ours)
{
	uint8_t max = settings[what].max;
	struct vrrp_setting_status *s;
	uint32_t index;

	if (before < 0 || before > max || ours < 0 || ours > max)
		return;
	s = find(net, (uint8_t)what, at, &index);
	if (s == NULL)
		return;
	(void)status_begin(net->vrrp->page, VRRP_SLOT_SETTING, index);
	if (s->what == VMAC_SETTING_NONE)
		s->before = (uint8_t)before;
	s->net = number_of(net);
	s->at = at;
	s->ours = (uint8_t)ours;
	s->what = (uint8_t)what;
	status_end(net->vrrp->page, s);
}

void vmac_kept_move(const struct status_page *from, struct status_page *to)
{
	struct vrrp_setting_status was, *s;

	for (uint32_t i = 0; status_read(from, VRRP_SLOT_SETTING, i, &was, sizeof(was)); i++) {
		if (was.what == VMAC_SETTING_NONE)
			return;
		s = status_begin(to, VRRP_SLOT_SETTING, i);
		if (s != NULL)
			*s = was;
		status_end(to, s);
	}
}

/* -- reading what another process wrote ---------------------------------------------------- */

static bool is_configured(const struct vrrp_net *net, uint32_t at)
{
	const struct word_list *names = &net->vrrp->config->interfaces;
	const struct iface *i = iface_by_index(net->mirror, at);

	for (uint32_t n = 0; i != NULL && n < names->n; n++) {
		if (str_eq(names->items[n], i->name))
			return true;
	}
	return false;
}

static bool is_ours_to_change(const struct vrrp_net *net, const struct vrrp_setting_status *s)
{
	if (s->what == VMAC_SETTING_NONE || s->what >= VMAC_SETTINGS || s->net != number_of(net))
		return false;
	if (s->before > settings[s->what].max || s->ours > settings[s->what].max)
		return false;
	if (s->what == VMAC_IGMP_REPORTS)
		return s->at == VMAC_AT_ALL;
	return settings[s->what].every_interface || is_configured(net, s->at);
}

static void adopt(struct vrrp_net *net, const struct vrrp_setting_status *s)
{
	char path[VMAC_PATH_MAX];

	if (!is_ours_to_change(net, s) || !vmac_setting_path(net, s->what, s->at, path))
		return;
	if (vrrp_net_sysctl_adopt(net, &net->sysctls, path, s->before, s->ours) > 0)
		vmac_kept_note(net, s->what, s->at, s->before, s->ours);
}

void vmac_kept_adopt(struct vrrp_net *net, const struct status_page *before)
{
	struct vrrp_setting_status s;

	for (uint32_t i = 0; i < MIN_OF(status_count(before, VRRP_SLOT_SETTING),
					(uint32_t)VRRP_SETTINGS_KEPT); i++) {
		if (status_read(before, VRRP_SLOT_SETTING, i, &s, sizeof(s)))
			adopt(net, &s);
	}
}
