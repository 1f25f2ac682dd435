/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vrrp_instance: the table.
 *
 * Values are stored as they are written; what they mean together, and with the defaults from
 * global_defs, is worked out in config_check*.c.
 */
#include "vrrp/config_table.h"

#define AT(m)		 offsetof(struct vrrp_instance_config, m)
#define TRACK_AT	 VRRP_TRACK_AT(list)
#define STOP_WAIT_AT	 VRRP_NOTIFY_AT(stop_wait)
#define NOTIFY_AT(which) VRRP_NOTIFY_AT(scripts.which)

static struct vrrp_instance_config *instance_of(const struct keyword *kw, void *field)
{
	return (void *)((char *)field - kw->at);
}

ENUM_WORDS(state_words, "a state", { "MASTER", VRRP_WANT_MASTER, NULL },
	   { "BACKUP", VRRP_WANT_BACKUP, NULL });

/* MASTER sticks. */
static bool parse_state(struct bind *b, const struct keyword *kw, struct node *node,
			unsigned *next, void *field)
{
	int written = VRRP_WANT_UNSET;
	unsigned at = *next;

	if (!value_enum.parse(b, kw, node, next, &written))
		return false;
	if (*(int *)field == VRRP_WANT_MASTER && written == VRRP_WANT_BACKUP) {
		bind_warning(b, "repeated-keyword", node, at,
			     "the state is MASTER already: BACKUP is ignored");
		return false;
	}
	*(int *)field = written;
	return true;
}

static void print_enum(const struct keyword *kw, const void *field, struct strbuf *out)
{
	value_enum.print(kw, field, out);
}

static const struct value_type value_state = {
	.name = "state",
	.size = sizeof(int),
	.parse = parse_state,
	.print = print_enum,
	.synopsis = "MASTER|BACKUP",
};

static bool parse_vrid(struct bind *b, const struct keyword *kw, struct node *node,
		       unsigned *next, void *field)
{
	bool ok = value_u8.parse(b, kw, node, next, field);

	if (!ok)
		instance_of(kw, field)->vrid_refused = true;
	return ok;
}

static void print_u8(const struct keyword *kw, const void *field, struct strbuf *out)
{
	value_u8.print(kw, field, out);
}

static const struct value_type value_vrid = {
	.name = "number",
	.size = sizeof(uint8_t),
	.parse = parse_vrid,
	.print = print_u8,
	.synopsis = "N",
};

/* The first one counts. */
static bool parse_version(struct bind *b, const struct keyword *kw, struct node *node,
			  unsigned *next, void *field)
{
	uint8_t *version = field, written;
	unsigned at = *next;

	if (!value_u8.parse(b, kw, node, next, &written))
		return false;
	if (*version && *version != written) {
		bind_warning(b, "repeated-keyword", node, at,
			     "the version is %u already: %u is ignored", *version, written);
		return false;
	}
	*version = written;
	return true;
}

static const struct value_type value_version = {
	.name = "number",
	.size = sizeof(uint8_t),
	.parse = parse_version,
	.print = print_u8,
	.synopsis = "2|3",
};

/* [all] SECS, in either order. */
static bool parse_extra_garp(struct bind *b, const struct keyword *kw, struct node *node,
			     unsigned *next, void *field)
{
	struct vrrp_extra_garp extra = { 0 };
	bool has_number = false;
	unsigned first = *next;

	for (; *next < node->n_words; (*next)++) {
		const struct word *word = &node->words[*next];
		uint64_t seconds;

		if (!strcmp(word->text, "all")) {
			extra.all = true;
			continue;
		}
		if (!value_read_u64(b, kw->word, word, 0, (uint64_t)kw->max, &seconds)) {
			*next = node->n_words;
			return false;
		}
		extra.every = SEC((int64_t)seconds);
		has_number = true;
	}
	if (!has_number) {
		bind_error(b, "missing-value", node, first, "%s needs a number of seconds",
			   kw->word);
		return false;
	}
	*(struct vrrp_extra_garp *)field = extra;
	return true;
}

static void print_extra_garp(const struct keyword *kw, const void *field, struct strbuf *out)
{
	const struct vrrp_extra_garp *extra = field;

	(void)kw;
	strbuf_addf(out, "%s%lld", extra->all ? "all " : "", (long long)kspan_sec(extra->every));
}

static bool equal_extra_garp(const struct keyword *kw, const void *a, const void *b)
{
	const struct vrrp_extra_garp *x = a, *y = b;

	(void)kw;
	return x->all == y->all && x->every.ns == y->every.ns;
}

static const struct value_type value_extra_garp = {
	.name = "seconds",
	.size = sizeof(struct vrrp_extra_garp),
	.parse = parse_extra_garp,
	.print = print_extra_garp,
	.equal = equal_extra_garp,
	.synopsis = "[all] SECS",
};

/* [COMMAND [USER [GROUP]]]: the word alone is a flag. */
static const struct vrrp_notify_config *notify_of(const void *field)
{
	const struct script_config *const *deleted = field;

	return container_of(deleted, const struct vrrp_notify_config, scripts.deleted);
}

static bool parse_notify_deleted(struct bind *b, const struct keyword *kw, struct node *node,
				 unsigned *next, void *field)
{
	const struct script_config **deleted = field;

	container_of(deleted, struct vrrp_notify_config, scripts.deleted)->deleted_word = true;
	if (*next >= node->n_words)
		return true;
	return value_script.parse(b, kw, node, next, field);
}

static void print_script(const struct keyword *kw, const void *field, struct strbuf *out)
{
	if (*(const struct script_config *const *)field)
		value_script.print(kw, field, out);
}

static bool equal_notify_deleted(const struct keyword *kw, const void *a, const void *b)
{
	return notify_of(a)->deleted_word == notify_of(b)->deleted_word &&
	       value_script.equal(kw, a, b);
}

static const struct value_type value_notify_deleted = {
	.name = "command",
	.size = sizeof(const struct script_config *),
	.parse = parse_notify_deleted,
	.print = print_script,
	.equal = equal_notify_deleted,
	.synopsis = "[COMMAND [USER [[:]GROUP]]]",
};

/* A prefix length is accepted, as it always was: it says nothing. */
static bool parse_src(struct bind *b, const struct keyword *kw, struct node *node, unsigned *next,
		      void *field)
{
	const struct word *word = value_next_word(b, kw, node, next);
	struct prefix p;
	bool has_len;

	if (!word || !read_prefix(b, word, &p, &has_len))
		return false;
	if (has_len)
		diag_note(b->diags, "src-prefix", word->at,
			  "the prefix length of a source address says nothing");
	*(struct addr *)field = p.addr;
	return true;
}

static void print_src(const struct keyword *kw, const void *field, struct strbuf *out)
{
	value_addr.print(kw, field, out);
}

static bool equal_src(const struct keyword *kw, const void *a, const void *b)
{
	(void)kw;
	return addr_equal(*(const struct addr *)a, *(const struct addr *)b);
}

static const struct value_type value_src = {
	.name = "address",
	.size = sizeof(struct addr),
	.parse = parse_src,
	.print = print_src,
	.equal = equal_src,
	.synopsis = "ADDR",
};

static void unicast_src_stored(struct bind *b, const struct keyword *kw, struct node *node,
			       void *object)
{
	(void)b;
	(void)kw;
	(void)node;
	((struct vrrp_instance_config *)object)->unicast_words = true;
}

static void unicast_ttl_stored(struct bind *b, const struct keyword *kw, struct node *node,
			       void *object)
{
	(void)b;
	(void)kw;
	(void)node;
	((struct vrrp_instance_config *)object)->has_unicast_ttl = true;
}

ENUM_WORDS(checksum_words, "an option of old_unicast_checksum",
	   { "never", VRRP_OLD_CHECKSUM_NEVER, NULL });

#define TRISTATE_ROW(word_, field, default_, json_, help_)                                   \
	{ .word = (word_), .type = &value_tristate, .at = AT(field),                         \
	  .flags = KW_OPTIONAL_ARG, .alone = TRISTATE_ON,                                    \
	  .default_text = (default_), .json = (json_), .help = (help_) }
#define SECONDS_ROW(word_, field, max_, default_, label_, json_, help_)                      \
	{ .word = (word_), .type = &value_seconds, .at = VRRP_COMMON_AT(field), .max = (max_), \
	  .default_text = (default_), .label = (label_), .json = (json_), .help = (help_) }
#define COUNT_ROW(word_, at_, min_, max_, default_, label_, json_, help_)                    \
	{ .word = (word_), .type = &value_u32, .at = (at_), .min = (min_), .max = (max_),    \
	  .default_text = (default_), .label = (label_), .json = (json_), .help = (help_) }

static const struct keyword instance_keywords[] = {
	/* identity and protocol */
	{ .word = "state", .type = &value_state, .at = AT(want), .arg = &state_words,
	  .default_text = "BACKUP, or MASTER with priority 255", .label = "Wantstate",
	  .json = "wantstate",
	  .help = "State to begin with. Only an address owner (priority 255) becomes MASTER at "
		  "once; others find out who has the highest priority first." },
	{ .word = "interface", .type = &value_ifname, .at = AT(ifname), .flags = KW_IDENTITY,
	  .label = "Interface", .json = "interface",
	  .help = "Interface on which the virtual router runs. Unicast ones with a source "
		  "address may do without." },
	{ .word = "virtual_router_id", .type = &value_vrid, .at = AT(vrid), .min = 1,
	  .max = 255, .flags = KW_IDENTITY, .label = "Virtual Router ID", .json = "vrid",
	  .help = "Number of the virtual router; the same on all routers that share it, and no "
		  "other virtual router on the segment has it. Required." },
	{ .word = "priority", .type = &value_u8, .at = AT(priority), .min = 1, .max = 255,
	  .default_text = "100, or 255 with state MASTER", .label = "Priority",
	  .json = "base_priority",
	  .help = "The highest one becomes MASTER. 255 means that this router owns the "
		  "addresses." },
	{ .word = "version", .type = &value_version, .at = AT(version), .min = 2, .max = 3,
	  .default_text = "vrrp_version of global_defs; 3 for IPv6", .label = "VRRP Version",
	  .json = "version", .help = "Version of VRRP." },
	{ .word = "native_ipv6", .type = &value_flag, .at = AT(native_ipv6),
	  .help = "IPv6 and version 3, whatever addresses follow." },
	{ .word = "advert_int", .type = &value_span, .at = AT(advert_every),
	  .min = NS_OF_MSEC(10), .max = NS_OF_SEC(255), .label = "Advert interval",
	  .json = "adver_int",
	  .help = "Time between advertisements: whole seconds in version 2, hundredths up to "
		  "40.95 in version 3. The same on all routers." },
	TRISTATE_ROW("strict_mode", strict, "vrrp_strict of global_defs", "strict_mode",
		     "Refuse whatever the RFCs do not allow."),
	{ .word = "debug", .type = &value_u32, .at = AT(debug), .max = 4,
	  .flags = KW_NO_EFFECT, .help = "Has no effect." },
	{ .word = "net_namespace", .type = &value_name, .at = VRRP_RARE_AT(net_namespace),
	  .flags = KW_IDENTITY, .json = "net_namespace",
	  .help = "Network namespace in which this instance runs; that of keepalived unless "
		  "given." },

	/* start and preemption */
	{ .word = "nopreempt", .type = &value_flag, .at = AT(nopreempt), .json = "nopreempt",
	  .help = "Leave a MASTER of lower priority alone." },
	{ .word = "preempt", .type = &value_unflag, .at = AT(nopreempt), .flags = KW_MASKED,
	  .help = "Take over from a MASTER of lower priority, as is the default." },
	{ .word = "preempt_delay", .type = &value_span, .at = AT(preempt_delay),
	  .max = NS_OF_SEC(1000), .label = "Preempt delay", .json = "preempt_delay",
	  .help = "After hearing a MASTER of lower priority wait this long before taking over." },
	COUNT_ROW("down_timer_adverts", AT(down_timer_adverts), 1, 100,
		  "vrrp_down_timer_adverts of global_defs", "Down timer adverts",
		  "down_timer_adverts", "Intervals without an advert after which MASTER is down."),
	{ .word = "timer_expired_backup", .type = &value_u8, .at = AT(timer_expired_backup),
	  .min = 1, .max = 254, .flags = KW_OPTIONAL_ARG, .alone = 254, .synopsis = "[N]",
	  .json = "timer_expired_backup",
	  .help = "Become BACKUP after running so late that a router of priority N would have "
		  "taken over. Needs nopreempt." },
	{ .word = "thread_timer_expired", .type = &value_u8, .at = AT(timer_expired_backup),
	  .min = 1, .max = 254, .flags = KW_OPTIONAL_ARG | KW_DEPRECATED | KW_MASKED,
	  .alone = 254, .synopsis = "[N]", .instead = "timer_expired_backup",
	  .help = "As timer_expired_backup." },
	TRISTATE_ROW("lower_prio_no_advert", lower_prio_no_advert,
		     "vrrp_lower_prio_no_advert of global_defs", "lower_prio_no_advert",
		     "MASTER does not answer adverts of lower priority."),
	TRISTATE_ROW("higher_prio_send_advert", higher_prio_send_advert,
		     "vrrp_higher_prio_send_advert of global_defs", "higher_prio_send_advert",
		     "MASTER sends one more advert before it yields to a higher priority."),
	TRISTATE_ROW("owner_ignore_adverts", owner_ignore_adverts,
		     "vrrp_owner_ignore_adverts of global_defs", "owner_ignore_adverts",
		     "An address owner (priority 255) does not listen to others."),
	TRISTATE_ROW("skip_check_adv_addr", skip_check_adv_addr,
		     "vrrp_skip_check_adv_addr of global_defs", "skip_check_adv_addr",
		     "Compare the addresses in adverts only when their sender changes."),
	{ .word = "accept", .type = &value_constant, .at = AT(accept), .alone = TRISTATE_ON,
	  .flags = KW_OWN_ROW, .json = "accept",
	  .default_text = "on; off with strict_mode unless owner",
	  .help = "Accept packets to the virtual addresses even if not their owner." },
	{ .word = "no_accept", .type = &value_constant, .at = AT(accept),
	  .alone = TRISTATE_OFF, .flags = KW_OWN_ROW,
	  .help = "Drop packets to and from the virtual addresses." },

	/* addresses, routes, rules */
	{ .word = "virtual_ipaddress", .type = &value_records, .at = AT(vips),
	  .arg = &vrrp_address_block, .flags = KW_APPEND, .label = "Virtual IP",
	  .json = "vips", .help = "The virtual addresses. Adverts carry them." },
	{ .word = "virtual_ipaddress_excluded", .type = &value_records, .at = VRRP_RARE_AT(evips),
	  .arg = &vrrp_address_block, .flags = KW_APPEND, .label = "Virtual IP Excluded",
	  .json = "evips",
	  .help = "Further virtual addresses, of either family. Adverts do not carry them." },
	{ .word = "no_virtual_ipaddress", .type = &value_flag, .at = AT(no_vip_ok),
	  .help = "It is no mistake that there is no virtual_ipaddress." },
	{ .word = "promote_secondaries", .type = &value_flag, .at = AT(promote_secondaries),
	  .json = "promote_secondaries",
	  .help = "When the first address of a subnet goes, keep the others." },
	{ .word = "virtual_routes", .type = &value_records, .at = VRRP_RARE_AT(routes),
	  .arg = &vrrp_route_block, .flags = KW_APPEND, .json = "vroutes",
	  .help = "Routes while MASTER." },
	{ .word = "virtual_rules", .type = &value_records, .at = VRRP_RARE_AT(rules),
	  .arg = &vrrp_rule_block, .flags = KW_APPEND, .json = "vrules",
	  .help = "Policy rules while MASTER." },

	/* tracking */
	TRACKER_ROWS,
	{ .word = "dont_track_primary", .type = &value_flag, .at = AT(dont_track_primary),
	  .json = "dont_track_primary", .help = "Its own interface being down is no fault." },
	{ .word = "track_src_ip", .type = &value_flag, .at = AT(track_src_ip),
	  .help = "FAULT while the configured source address is not there." },
	{ .word = "linkbeat_use_polling", .type = &value_flag, .at = AT(linkbeat),
	  .flags = KW_DEPRECATED, .instead = "linkbeat_interfaces",
	  .help = "Poll the link state of the interface." },

	/* transport */
	{ .word = "mcast_src_ip", .type = &value_src, .at = VRRP_RARE_AT(src),
	  .default_text = "the first address of the interface; IPv6: link-local",
	  .json = "src_ip", .help = "Source address of adverts." },
	{ .word = "unicast_src_ip", .type = &value_src, .at = VRRP_RARE_AT(src), .flags = KW_MASKED,
	  .stored = unicast_src_stored, .help = "Source address of unicast adverts." },
	{ .word = "mcast_dst_ip", .type = &value_addr, .at = VRRP_RARE_AT(mcast_dst),
	  .default_text = "vrrp_mcast_group4 and vrrp_mcast_group6 of global_defs",
	  .flags = KW_RESTART, .json = "mcast_dst_ip",
	  .help = "Multicast group of adverts; IPv6: link-local scope." },
	{ .word = "unicast_peer", .type = &value_records, .at = VRRP_RARE_AT(peers),
	  .arg = &vrrp_peer_block, .flags = KW_APPEND, .json = "unicast_peer",
	  .help = "Send adverts to these addresses, not to a group." },
	{ .word = "unicast_ttl", .type = &value_u8, .at = AT(unicast_ttl), .max = 255,
	  .flags = KW_OWN_ROW, .stored = unicast_ttl_stored,
	  .default_text = "255; IPv6: the kernel's default",
	  .label = "Unicast TTL", .json = "unicast_ttl",
	  .help = "TTL or hop limit of unicast adverts." },
	{ .word = "unicast_fault_no_peer", .type = &value_flag, .at = AT(fault_no_peer),
	  .help = "FAULT, not multicast, if there is no unicast_peer." },
	{ .word = "check_unicast_src", .type = &value_constant, .at = AT(check_unicast_src),
	  .alone = TRISTATE_ON, .default_text = "vrrp_check_unicast_src of global_defs",
	  .flags = KW_OWN_ROW, .json = "check_unicast_src",
	  .help = "Reject unicast adverts of those who are no unicast_peer." },
	{ .word = "old_unicast_checksum", .type = &value_enum, .at = AT(old_checksum),
	  .arg = &checksum_words, .flags = KW_OPTIONAL_ARG, .alone = VRRP_OLD_CHECKSUM_ALWAYS,
	  .synopsis = "[never]", .default_text = "found out by what peers send",
	  .help = "Checksum of unicast version 3 adverts as releases up to 1.3.6 made it." },
	TRISTATE_ROW("v3_checksum_as_v2", v3_checksum_as_v2, "that of global_defs",
		     "v3_checksum_as_v2",
		     "IPv4 version 3 adverts have a checksum without pseudo header."),
	{ .word = "vrf", .type = &value_ifname, .at = VRRP_RARE_AT(vrf), .flags = KW_RESTART,
	  .label = "VRF", .json = "vrf",
	  .help = "VRF of a unicast instance without interface." },
	{ .word = "kernel_rx_buf_size", .type = &value_u32, .at = VRRP_RARE_AT(rx_buf_size),
	  .max = UINT32_MAX, .label = "Kernel rx buffer size", .json = "kernel_rx_buf_size",
	  .default_text = "by vrrp_rx_bufs_policy of global_defs",
	  .help = "Its share of the receive buffer, in bytes." },
	{ .word = "use_vmac", .type = &value_record, .at = VRRP_LOWER_AT(vmacs),
	  .arg = &vrrp_vmac_block, .flags = KW_APPEND, .json = "use_vmac",
	  .synopsis = "[[name] IFNAME] [MAC] [netlink_notify_msg] [group G]",
	  .help = "Run on a macvlan interface with the MAC address of the virtual router." },
	{ .word = "use_vmac_addr", .type = &value_flag, .at = AT(use_vmac_addr),
	  .help = "Such interfaces also where addresses are on other interfaces." },
	{ .word = "vmac_xmit_base", .type = &value_flag, .at = AT(vmac_xmit_base),
	  .flags = KW_RESTART,
	  .help = "Send and receive adverts on the underlying interface." },
	{ .word = "use_ipvlan", .type = &value_record, .at = VRRP_LOWER_AT(ipvlans),
	  .arg = &vrrp_ipvlan_block, .flags = KW_FIRST_WINS, .json = "use_ipvlan",
	  .synopsis = "[[name] IFNAME] [ADDR[/LEN]] [bridge|private|vepa] [group G]",
	  .help = "Run on an ipvlan interface." },

	/* announcements */
	SECONDS_ROW("garp_master_delay", garp_delay, 4294,
		    "vrrp_garp_master_delay of global_defs", "Gratuitous ARP delay", "garp_delay",
		    "Announce the addresses again so long after becoming MASTER; 0: do not."),
	COUNT_ROW("garp_master_repeat", VRRP_COMMON_AT(garp_repeat), 1, UINT32_MAX,
		  "vrrp_garp_master_repeat of global_defs", "Gratuitous ARP repeat", "garp_rep",
		  "How often each address is announced each time."),
	SECONDS_ROW("garp_master_refresh", garp_refresh, 0,
		    "vrrp_garp_master_refresh of global_defs", "Gratuitous ARP refresh",
		    "garp_refresh", "Announce again each so many seconds while MASTER; 0: do not."),
	COUNT_ROW("garp_master_refresh_repeat", VRRP_COMMON_AT(garp_refresh_repeat), 1, UINT32_MAX,
		  "vrrp_garp_master_refresh_repeat of global_defs",
		  "Gratuitous ARP refresh repeat", "garp_refresh_rep",
		  "How often each address is announced at a refresh."),
	SECONDS_ROW("garp_lower_prio_delay", garp_lower_prio_delay, 4294,
		    "vrrp_garp_lower_prio_delay of global_defs",
		    "Gratuitous ARP lower priority delay", "garp_lower_prio_delay",
		    "As garp_master_delay, after an advert of lower priority."),
	COUNT_ROW("garp_lower_prio_repeat", VRRP_COMMON_AT(garp_lower_prio_repeat), 0, INT32_MAX,
		  "vrrp_garp_lower_prio_repeat of global_defs",
		  "Gratuitous ARP lower priority repeat", "garp_lower_prio_rep",
		  "As garp_master_repeat, after an advert of lower priority; 0: none."),
	{ .word = "garp_extra_if", .type = &value_extra_garp, .at = VRRP_COMMON_AT(garp_extra_if),
	  .max = 86400, .default_text = "vrrp_garp_extra_if of global_defs",
	  .help = "Announce each so many seconds on VMACs that adverts do not leave by; with all "
		  "on every other interface that has addresses." },
	{ .word = "vmac_garp_intvl", .type = &value_extra_garp, .at = VRRP_COMMON_AT(garp_extra_if),
	  .max = 86400, .flags = KW_DEPRECATED | KW_MASKED, .instead = "garp_extra_if",
	  .help = "As garp_extra_if." },

	/* scripts and mail */
	NOTIFY_ROWS,
	NOTIFY_ALIAS_ROWS,
	NOTIFY_ROW("notify_master_rx_lower_pri", rx_lower_pri,
		   "Master rx lower pri state transition script", "script_master_rx_lower_pri",
		   "Run when MASTER hears an advert of lower priority."),
	{ .word = "notify_deleted", .type = &value_notify_deleted, .at = NOTIFY_AT(deleted),
	  .flags = KW_FIRST_WINS, .label = "Deleted state transition script",
	  .json = "script_deleted",
	  .help = "When a reload removes the instance its state is DELETED, not FAULT; and run "
		  "the command." },
	STOP_WAIT_ROW,
	TRISTATE_ROW("notify_priority_changes", notify_priority_changes,
		     "that of the sync group, else vrrp_notify_priority_changes of global_defs",
		     "notify_priority_changes",
		     "Write a line to the notify FIFOs when the priority changes."),
	TRISTATE_ROW("smtp_alert", smtp_alert, "smtp_alert_vrrp, else smtp_alert of global_defs",
		     "smtp_alert", "Send mail when the state changes."),
	{ .word = "lvs_sync_daemon_interface", .type = &value_ifname,
	  .at = VRRP_RARE_AT(lvs_sync_ifname), .flags = KW_DEPRECATED | KW_MASKED,
	  .instead = "lvs_sync_daemon in global_defs",
	  .help = "Interface of the IPVS synchronisation that this instance drives." },
	{ .word = "lvs_sync_daemon_inteface", .type = &value_ifname,
	  .at = VRRP_RARE_AT(lvs_sync_ifname), .flags = KW_DEPRECATED | KW_MASKED,
	  .instead = "lvs_sync_daemon in global_defs",
	  .help = "As lvs_sync_daemon_interface, as old releases spelt it." },

	/* authentication */
	{ .word = "authentication", .type = &value_one_block, .at = VRRP_RARE_AT(auth),
	  .arg = &vrrp_auth_block, .help = "Authentication of version 2." },
	{ .word = "auth_hmac", .type = &value_one_block, .at = VRRP_RARE_AT(hmac),
	  .arg = &vrrp_hmac_block,
	  .help = "Authentication by HMAC-SHA256 with replay protection." },
};

static const struct vrrp_common_config no_common;
static const struct vrrp_notify_config no_notify;
static const struct tracker_lists no_trackers;
static const struct vrrp_lower_config no_lower;
static const struct vrrp_rare_config nothing_rare;

static const struct block_part instance_parts[] = {
	[VRRP_PART_COMMON] = { AT(common), sizeof(no_common), &no_common },
	[VRRP_PART_NOTIFY] = { AT(notify), sizeof(no_notify), &no_notify },
	[VRRP_PART_TRACK] = { AT(track), sizeof(no_trackers), &no_trackers },
	[VRRP_PART_LOWER] = { AT(lower), sizeof(no_lower), &no_lower },
	[VRRP_PART_RARE] = { AT(rare), sizeof(nothing_rare), &nothing_rare },
};

static const struct vrrp_instance_config instance_defaults = {
	.common = &no_common,
	.notify = &no_notify,
	.track = &no_trackers,
	.lower = &no_lower,
	.rare = &nothing_rare,
	.priority = 100,
	.advert_every = SEC(1),
};

static bool instance_done(struct bind *b, struct object *object, struct node *node)
{
	((struct vrrp_instance_config *)(void *)object)->end = node->close_at;
	return config_symbol_add(b, SYMBOL_VRRP_INSTANCE, object);
}

/* One name: what stands behind it is more than a word too many, as it hides which one is meant. */
static bool instance_head(struct bind *b, struct object *object, struct node *node, unsigned *next)
{
	if (!block_name(b, object, node, next))
		return false;
	if (*next >= node->n_words)
		return true;
	bind_error(b, "extra-word", node, *next, "'%s' is one name too many: %s has one",
		   node->words[*next].text, node->words[0].text);
	return false;
}

const struct block_type vrrp_instance_block = {
	.name = "vrrp_instance",
	.form = BLOCK_KEYWORDS,
	KEYWORDS(instance_keywords),
	.size = sizeof(struct vrrp_instance_config),
	.defaults = &instance_defaults,
	.parts = instance_parts,
	.head = instance_head,
	.head_synopsis = "NAME",
	.done = instance_done,
	.key = vrrp_instance_key,
	.help = "One virtual router.",
};
