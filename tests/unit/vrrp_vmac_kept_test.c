/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Kernel settings in the status page: what a successor takes over, and what it does not believe.
 */
#include "vrrp/vmac_kept.h"

#include <stdlib.h>

#include "tests/unit/unit.h"

enum { CONFIGURED = 7, OTHER = 8, ROOM = 4 };

struct rig {
	struct vrrp_net net;
	struct vrrp vrrp;
	struct vrrp_config config;
	struct status_page page, next;
	void *memory[2];
};

/* What was taken over. */
struct taken {
	char path[VMAC_PATH_MAX];
	int64_t before, ours;
	unsigned n;
};

static struct taken *taken_of(const struct sysctl_changes *changes)
{
	return (struct taken *)changes->first;
}

struct iface *iface_by_index(struct iface_mirror *mirror, unsigned ifindex)
{
	struct iface *known = (struct iface *)mirror;

	for (unsigned i = 0; i < 2; i++) {
		if (known[i].ifindex == ifindex)
			return &known[i];
	}
	return NULL;
}

int vrrp_net_sysctl_adopt(const struct vrrp_net *net, struct sysctl_changes *changes,
			  const char *path, int64_t before, int64_t ours)
{
	struct taken *t = taken_of(changes);

	(void)net;
	(void)str_copy(t->path, sizeof(t->path), path);
	t->before = before;
	t->ours = ours;
	t->n++;
	return 1;
}

static void *page_with_room(struct status_page *page)
{
	struct status_layout layout = {
		.n_kinds = VRRP_SLOT_KINDS,
		.kinds = { [VRRP_SLOT_SETTING] = { sizeof(struct vrrp_setting_status), ROOM } },
	};
	void *memory = calloc(1, status_page_measure(&layout, page));

	status_page_init(page, &layout, 1, memory);
	return memory;
}

static void open_rig(struct rig *r, struct iface known[2], struct taken *t)
{
	static const char *names[] = { "eth0" };

	*r = (struct rig){
		.net = { .vrrp = &r->vrrp, .mirror = (struct iface_mirror *)known,
			 .sysctls.first = (struct sysctl_change *)t },
		.vrrp = { .config = &r->config, .page = &r->page },
		.config.interfaces = { .items = names, .n = 1 },
	};
	*t = (struct taken){ 0 };
	known[0] = (struct iface){ .name = "eth0", .ifindex = CONFIGURED };
	known[1] = (struct iface){ .name = "eth1", .ifindex = OTHER };
	r->memory[0] = page_with_room(&r->page);
	r->memory[1] = page_with_room(&r->next);
}

static void close_rig(struct rig *r)
{
	free(r->memory[0]);
	free(r->memory[1]);
}

/* The first value counts, also after a reload and in the page of the successor. */
static void originals_are_handed_on(void **state)
{
	struct vrrp_setting_status s;
	struct iface known[2];
	struct taken t;
	struct rig r;

	(void)state;
	open_rig(&r, known, &t);
	vmac_kept_note(&r.net, VMAC_ARP_ANNOUNCE, CONFIGURED, 0, 1);
	vmac_kept_note(&r.net, VMAC_ARP_ANNOUNCE, CONFIGURED, 1, 2);
	vmac_kept_move(&r.page, &r.next);
	free(r.memory[0]);
	r.memory[0] = page_with_room(&r.page);
	vmac_kept_adopt(&r.net, &r.next);
	assert_int_equal(t.n, 1);
	assert_string_equal(t.path, "net/ipv4/conf/eth0/arp_announce");
	assert_int_equal(t.before, 0);
	assert_int_equal(t.ours, 2);
	assert_true(status_read(&r.page, VRRP_SLOT_SETTING, 0, &s, sizeof(s)));
	assert_int_equal(s.before, 0);
	assert_int_equal(s.ours, 2);
	vmac_kept_adopt(&r.net, NULL);
	assert_int_equal(t.n, 1);
	/* Of another namespace. */
	r.net.name = (char[]){ "red" };
	vmac_kept_adopt(&r.net, &r.next);
	assert_int_equal(t.n, 1);
	vmac_kept_note(&r.net, VMAC_IGMP_REPORTS, VMAC_AT_ALL, 1, 0);
	vmac_kept_adopt(&r.net, &r.page);
	assert_string_equal(t.path, "net/ipv4/igmp_link_local_mcast_reports");
	close_rig(&r);
}

static void no_room_is_no_harm(void **state)
{
	struct iface known[2];
	struct taken t;
	struct rig r;

	(void)state;
	open_rig(&r, known, &t);
	vmac_kept_note(&r.net, VMAC_RP_FILTER, OTHER, -1, 2);
	vmac_kept_note(&r.net, VMAC_RP_FILTER, OTHER, 0, 3);
	vmac_kept_adopt(&r.net, &r.page);
	assert_int_equal(t.n, 0);
	for (uint32_t at = 0; at < ROOM + 2; at++)
		vmac_kept_note(&r.net, VMAC_RP_FILTER, 100 + at, 0, 1);
	r.vrrp.page = NULL;
	vmac_kept_note(&r.net, VMAC_RP_FILTER, OTHER, 0, 1);
	vmac_kept_move(NULL, &r.next);
	close_rig(&r);
}

static void pages_are_not_believed(void **state)
{
	static const struct {
		struct vrrp_setting_status said;
		bool taken;
	} rows[] = {
		{ { 0, CONFIGURED, VMAC_ARP_IGNORE, 8, 1 }, true },
		{ { 0, OTHER, VMAC_RP_FILTER, 0, 2 }, true },
		{ { 0, VMAC_AT_ALL, VMAC_RP_FILTER, 2, 0 }, true },
		{ { 0, VMAC_AT_DEFAULT, VMAC_RP_FILTER, 0, 2 }, true },
		{ { 0, CONFIGURED, VMAC_ARP_IGNORE, 9, 1 }, false },
		{ { 0, CONFIGURED, VMAC_ARP_FILTER, 0, 2 }, false },
		{ { 0, CONFIGURED, VMAC_SETTING_NONE, 0, 1 }, false },
		{ { 0, CONFIGURED, VMAC_SETTINGS, 0, 0 }, false },
		{ { 0, CONFIGURED, 255, 0, 0 }, false },
		{ { 0, OTHER, VMAC_ARP_IGNORE, 0, 1 }, false },
		{ { 0, VMAC_AT_ALL, VMAC_ARP_IGNORE, 0, 1 }, false },
		{ { 0, VMAC_AT_DEFAULT, VMAC_PROMOTE_SECONDARIES, 0, 1 }, false },
		{ { 0, 9, VMAC_RP_FILTER, 0, 2 }, false },
		{ { 0, CONFIGURED, VMAC_IGMP_REPORTS, 1, 0 }, false },
		{ { 1, CONFIGURED, VMAC_ARP_IGNORE, 0, 1 }, false },
	};
	struct iface known[2];
	struct taken t;
	struct rig r;

	(void)state;
	for (unsigned i = 0; i < ARRAY_LEN(rows); i++) {
		open_rig(&r, known, &t);
		*(struct vrrp_setting_status *)status_slot(&r.next, VRRP_SLOT_SETTING, 1) =
			rows[i].said;
		vmac_kept_adopt(&r.net, &r.next);
		assert_int_equal(t.n, rows[i].taken);
		close_rig(&r);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(originals_are_handed_on),
	cmocka_unit_test(no_room_is_no_harm),
	cmocka_unit_test(pages_are_not_believed),
};

UNIT_MAIN(tests)
