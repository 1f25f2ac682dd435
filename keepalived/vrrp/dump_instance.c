/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keepalived.data: the instances, and the sockets that they share.
 *
 * Labels are an interface; so is the State standing near the top.
 */
#include <stdlib.h>
#include <string.h>

#include "vrrp/dump.h"

static const char *onoff(bool on)
{
	return on ? "enabled" : "disabled";
}

static const char *truth(bool on)
{
	return on ? "true" : "false";
}

static void flag(struct strbuf *out, bool on, const char *text)
{
	if (on)
		dump_line(out, "   %s", text);
}

/* What is known of one instance, for the parts that follow. */
struct shown {
	const struct vrrp_dump *d;
	const struct vrrp_instance_config *vi;
	struct vrrp_instance_status st;
	struct strbuf *out;
};

static void add_master(const struct shown *s)
{
	char text[ADDR_TEXT_MAX];

	if (s->st.state != VRRP_STATE_BACKUP)
		return;
	dump_value(s->out, "Master router", "%s", addr_print(s->st.master, text));
	dump_value(s->out, "Master priority", "%u", s->st.master_priority);
	if (s->vi->version == 3)
		dump_value(s->out, "Master advert interval", "%lld milli-sec",
			   (long long)kspan_msec(s->st.master_advert_every));
}

static void add_flags(const struct shown *s)
{
	bool unicast_word = s->vi->unicast_words && !s->vi->unicast;

	if (!s->vi->unicast && !unicast_word && !s->vi->fault_no_peer) {
		dump_line(s->out, "   Flags: none");
		return;
	}
	dump_line(s->out, "   Flags:");
	if (s->vi->unicast)
		dump_item(s->out, "Using unicast%s",
			  s->st.vrid_duplicated ? " with VRID duplication" : "");
	if (unicast_word)
		dump_item(s->out, "Unicast config option specified but using multicast");
	if (s->vi->fault_no_peer)
		dump_item(s->out, "If unicast go to fault state if no peers");
}

static const struct {
	uint32_t bit;
	const char *text;
} if_faults[] = {
	{ VRRP_IF_FAULT_OTHER, "unspecified" },
	{ VRRP_IF_FAULT_DOWN, "i/f down" },
	{ VRRP_IF_FAULT_BASE_DOWN, "base i/f down" },
	{ VRRP_IF_FAULT_DUPLICATE_VRID, "duplicate VRID" },
	{ VRRP_IF_FAULT_NO_SOURCE, "no source IP address" },
	{ VRRP_IF_FAULT_CONFIG, "config error" },
};

static void add_faults(const struct shown *s)
{
	dump_value(s->out, "Number of config faults", "%u", s->st.n_config_faults);
	dump_value(s->out, "Number of tracker faults", "%u", s->st.n_tracker_faults);
	if (!s->st.if_faults) {
		dump_line(s->out, "   Flags of interface faults - (none)");
	} else {
		dump_line(s->out, "   Flags of interface faults:");
		for (size_t i = 0; i < ARRAY_LEN(if_faults); i++)
			if (s->st.if_faults & if_faults[i].bit)
				dump_item(s->out, "%s", if_faults[i].text);
	}
	flag(s->out, s->vi->faults & VRRP_BAD_DUPLICATE_VRID, "Duplicate VRID");
	dump_value(s->out, "Number of track scripts init", "%u", s->st.n_trackers_init);
}

static void add_times(const struct shown *s)
{
	dump_time(s->out, "Last transition", s->st.last_transition_wall_ns);
	if (s->st.deadline_wall_ns)
		dump_time(s->out, "Read timeout", s->st.deadline_wall_ns);
	else
		dump_value(s->out, "Read timeout", "DISABLED");
	dump_value(s->out, "Master down timer", "%lld usecs",
		   (long long)kspan_usec(s->st.master_down));
}

/* Of length 0 if there is none. */
static struct mac mac_of(const struct shown *s)
{
	static const uint8_t none[ETH_ALEN];
	struct mac mac = { .len = ETH_ALEN };

	if (!memcmp(s->st.vmac_mac, none, sizeof(none)))
		return (struct mac){ 0 };
	memcpy(mac.bytes, s->st.vmac_mac, sizeof(s->st.vmac_mac));
	return mac;
}

static void add_vmac(const struct shown *s)
{
	static const char *const modes[] = { "bridge", "private", "vepa" };
	const struct vrrp_vmac_config *vmac = s->vi->vmac;
	const struct vrrp_ipvlan_config *ipvlan = s->vi->ipvlan;
	const struct mac vmac_mac = mac_of(s);
	char mac[MAC_TEXT_MAX], addr[ADDR_TEXT_MAX];

	if (vmac) {
		dump_line(s->out, "   Use VMAC, i/f name %s, is_up = %s, xmit_base = %s",
			  s->st.on_vmac ? s->st.ifname : "", truth(s->st.vmac_up),
			  truth(s->vi->vmac_xmit_base));
		if (vmac_mac.len)
			dump_item(s->out, "MAC = %s%s", mac_print(&vmac_mac, mac),
				  vmac->mac.len ? "" : " (using VRID)");
		if (vmac->netlink_notify)
			dump_item(s->out, "Force netlink update for base interface");
		if (s->vi->use_vmac_addr)
			dump_item(s->out, "Use VMAC for VIPs on other interfaces");
		if (vmac->has_group)
			dump_item(s->out, "Interface group %u", vmac->group);
	}
	if (ipvlan)
		dump_line(s->out, "   Use IPVLAN, i/f %s, is_up = %s%s%s, type %s",
			  s->st.on_vmac ? s->st.ifname : "", truth(s->st.vmac_up),
			  addr_is_set(ipvlan->addr.addr) ? ", i/f address = " : "",
			  addr_is_set(ipvlan->addr.addr) ?
				  addr_print(ipvlan->addr.addr, addr) :
				  "",
			  modes[ipvlan->mode]);
}

static void add_interface(const struct shown *s)
{
	const char *base = s->vi->ifname;
	bool vmac = s->vi->vmac || s->vi->ipvlan;

	if (!base)
		dump_value(s->out, "Interface", "not configured");
	else if (vmac && s->st.on_vmac)
		dump_value(s->out, "Interface", "%s, %s on %s%s", s->st.ifname,
			   s->vi->vmac ? "vmac" : "ipvlan", base,
			   s->vi->vmac_xmit_base ? ", xmit base i/f" : "");
	else
		dump_value(s->out, "Interface", "%s", s->st.ifname[0] ? s->st.ifname : base);
	if (s->vi->rare->vrf)
		dump_value(s->out, "VRF", "%s", s->vi->rare->vrf);
	if (s->vi->rare->net_namespace)
		dump_value(s->out, "Network namespace", "%s", s->vi->rare->net_namespace);
	flag(s->out, s->vi->dont_track_primary, "VRRP interface tracking disabled");
	flag(s->out, s->vi->skip_check_adv_addr == TRISTATE_ON,
	     "Skip checking advert IP addresses");
	flag(s->out, s->vi->no_vip_ok, "Suppress no VIPs warning");
	flag(s->out, s->vi->strict == TRISTATE_ON, "Enforcing strict VRRP compliance");
}

static void add_addresses_used(const struct shown *s)
{
	struct addr src = addr_is_set(s->st.src) ? s->st.src : s->vi->rare->src;
	char text[ADDR_TEXT_MAX];

	dump_value(s->out, "Using src_ip", "%s%s", addr_print(src, text),
		   addr_is_set(s->vi->rare->src) ? " (from configuration)" : "");
	if (!s->vi->unicast)
		dump_line(s->out, "   Multicast address %s", addr_print(s->vi->mcast_group, text));
}

static void add_garp(const struct shown *s)
{
	const struct vrrp_common_config *common = s->vi->common;

	dump_value(s->out, "Gratuitous ARP delay", "%lld",
		   (long long)kspan_sec(common->garp_delay));
	dump_value(s->out, "Gratuitous ARP repeat", "%u", common->garp_repeat);
	dump_value(s->out, "Gratuitous ARP refresh", "%lld",
		   (long long)kspan_sec(common->garp_refresh));
	dump_value(s->out, "Gratuitous ARP refresh repeat", "%u", common->garp_refresh_repeat);
	dump_value(s->out, "Gratuitous ARP lower priority delay", "%lld",
		   (long long)kspan_sec(common->garp_lower_prio_delay));
	dump_value(s->out, "Gratuitous ARP lower priority repeat", "%u",
		   common->garp_lower_prio_repeat);
	dump_value(s->out, "Down timer adverts", "%u", s->vi->down_timer_adverts);
	if (!kspan_is_zero(common->garp_extra_if.every))
		dump_value(s->out,
			   common->garp_extra_if.all ? "Gratuitous ARP for each secondary i/f" :
						   "Gratuitous ARP for each secondary VMAC",
			   "%lld", (long long)kspan_sec(common->garp_extra_if.every));
}

static void add_interval(const struct shown *s)
{
	if (s->vi->version == 2)
		dump_value(s->out, "Advert interval", "%lld sec",
			   (long long)kspan_sec(s->vi->advert_every));
	else
		dump_value(s->out, "Advert interval", "%lld milli-sec",
			   (long long)kspan_msec(s->vi->advert_every));
}

static void add_protocol(const struct shown *s)
{
	const struct vrrp_instance_config *vi = s->vi;

	dump_value(s->out, "Send advert after receive lower priority advert", "%s",
		   truth(vi->lower_prio_no_advert != TRISTATE_ON));
	dump_value(s->out, "Send advert after receive higher priority advert", "%s",
		   truth(vi->higher_prio_send_advert == TRISTATE_ON));
	flag(s->out, vi->owner && vi->owner_ignore_adverts == TRISTATE_ON,
	     "Address owner ignores received adverts");
	dump_value(s->out, "Virtual Router ID", "%u", vi->vrid);
	dump_value(s->out, "Priority", "%u", vi->priority);
	dump_value(s->out, "Effective priority", "%u", s->st.effective_priority);
	dump_value(s->out, "Total priority", "%d", s->st.total_priority);
	if (vi->nopreempt)
		dump_value(s->out, "Highest other priority", "%u", s->st.highest_other_priority);
	add_interval(s);
	strbuf_addf(s->out, "   Last advert sent = %lld.%06lld\n",
		    (long long)(s->st.last_advert_sent_wall_ns / 1000000000),
		    (long long)(s->st.last_advert_sent_wall_ns % 1000000000 / 1000));
	dump_value(s->out, "Accept", "%s", onoff(vi->accept == TRISTATE_ON));
	dump_value(s->out, "Preempt", "%s", onoff(!vi->nopreempt));
	if (!kspan_is_zero(vi->preempt_delay))
		dump_value(s->out, "Preempt delay", "%g secs", kspan_seconds(vi->preempt_delay));
	dump_value(s->out, "Promote_secondaries", "%s", onoff(vi->promote_secondaries));
}

static void add_auth(const struct shown *s)
{
	static const char *const modes[] = { "enforce", "permissive", "receive-only" };
	const struct vrrp_hmac_config *hmac = s->vi->rare->hmac;

	if (s->vi->rare->auth) {
		dump_value(s->out, "Authentication type", "%s",
			   s->vi->rare->auth->type == VRRP_CONFIG_AUTH_AH ? "IPSEC_AH" :
								      "SIMPLE_PASSWORD");
		dump_value(s->out, "Password", "********");
	} else if (s->vi->version == 2) {
		dump_value(s->out, "Authentication type", "none");
	}
	if (hmac) {
		dump_value(s->out, "Authentication extension", "HMAC-SHA256-128");
		dump_item(s->out, "Keys = %u, active key id = %u", hmac->keys.n, hmac->active_key);
		dump_item(s->out, "Mode = %s", modes[hmac->mode]);
		if (hmac->anti_replay == VRRP_CONFIG_REPLAY_TIME)
			dump_item(s->out, "Anti replay = time, window %lld sec",
				  (long long)kspan_sec(hmac->time_window));
		else
			dump_item(s->out, "Anti replay = monotonic");
	}
	flag(s->out,
	     s->vi->version == 3 && s->vi->family == AF_INET &&
		     s->vi->v3_checksum_as_v2 == TRISTATE_ON,
	     "VRRPv3 uses VRRPv2 checksum");
	if (s->vi->rare->rx_buf_size)
		dump_value(s->out, "Kernel rx buffer size", "%u", s->vi->rare->rx_buf_size);
	if (s->vi->debug)
		dump_value(s->out, "Debug level", "%u", s->vi->debug);
}

static void add_list(const struct shown *s, const struct object_list *list, uint32_t base)
{
	for (uint32_t i = 0; i < list->n; i++) {
		strbuf_add(s->out, "     ");
		dump_address_text(s->d, list->items[i], base + i, s->out);
		strbuf_add_char(s->out, '\n');
	}
}

static void add_addresses(const struct shown *s)
{
	const struct vrrp_instance_config *vi = s->vi;

	if (vi->vips.n)
		dump_line(s->out, "   Virtual IP (%u):", vi->vips.n);
	add_list(s, &vi->vips, vi->address_base);
	if (vi->rare->evips.n)
		dump_line(s->out, "   Virtual IP Excluded :");
	add_list(s, &vi->rare->evips, vi->address_base + vi->vips.n);
}

static void add_peers(const struct shown *s)
{
	const struct vrrp_instance_config *vi = s->vi;
	char text[ADDR_TEXT_MAX];

	if (!vi->unicast)
		return;
	if (vi->has_unicast_ttl)
		dump_value(s->out, "Unicast TTL", "%u", vi->unicast_ttl);
	dump_line(s->out, "   Check unicast src : %s",
		  vi->check_unicast_src == TRISTATE_ON ? "yes" : "no");
	dump_line(s->out, "   Unicast Peer :");
	for (uint32_t i = 0; i < vi->rare->peers.n; i++) {
		const struct vrrp_peer_config *peer = vi->rare->peers.items[i];

		dump_item(s->out, "%s min_ttl %u max_ttl %u", addr_print(peer->addr, text),
			  peer->min_ttl, peer->max_ttl);
	}
	if (vi->version == 3 && vi->family == AF_INET) {
		static const char *const forms[] = { "auto", "yes", "never" };

		dump_value(s->out, "Unicast checksum compatibility", "%s",
			   forms[vi->old_checksum]);
	}
}

static void add_socket(const struct shown *s)
{
	struct vrrp_socket_status sock;

	if (s->st.socket >= 0 && status_read(s->d->page, VRRP_SLOT_SOCKET,
					     (uint32_t)s->st.socket, &sock, sizeof(sock)))
		dump_line(s->out, "   fd_in %d, fd_out %d", sock.fd_in, sock.fd_out);
	else
		dump_line(s->out, "   No sockets allocated");
}

static void add_routes(const struct shown *s)
{
	if (s->vi->rare->routes.n)
		dump_line(s->out, "   Virtual Routes :");
	for (uint32_t i = 0; i < s->vi->rare->routes.n; i++) {
		const struct route_config *r = s->vi->rare->routes.items[i];

		strbuf_add(s->out, "     ");
		route_text(&r->route, s->out);
		strbuf_add_char(s->out, '\n');
	}
	if (s->vi->rare->rules.n)
		dump_line(s->out, "   Virtual Rules :");
	for (uint32_t i = 0; i < s->vi->rare->rules.n; i++) {
		strbuf_add(s->out, "     ");
		rule_text(&((const struct rule_config *)s->vi->rare->rules.items[i])->rule, s->out);
		strbuf_add_char(s->out, '\n');
	}
}

static void add_trackers(const struct shown *s)
{
	static const struct {
		const char *heading, *between;
	} kinds[TRACKER_KINDS] = {
		[TRACKER_INTERFACE] = { "Tracked interfaces", " weight" },
		[TRACKER_SCRIPT] = { "Tracked scripts", " weight" },
		[TRACKER_FILE] = { "Tracked files", ", weight" },
		[TRACKER_PROCESS] = { "Tracked processes", ", weight" },
		[TRACKER_BFD] = { "Tracked BFDs", ": weight" },
	};

	for (unsigned kind = 0; kind < TRACKER_KINDS; kind++) {
		const struct object_list *list = &s->vi->track->list[kind];

		if (list->n)
			dump_line(s->out, "   %s :", kinds[kind].heading);
		for (uint32_t i = 0; i < list->n; i++) {
			const struct tracker_config *t = list->items[i];

			dump_item(s->out, "%s%s %d%s", t->object.name, kinds[kind].between,
				  t->weight.weight, t->weight.reverse ? " reverse" : "");
		}
	}
}

static void add_notify(const struct shown *s)
{
	dump_value(s->out, "Using smtp notification", "%s",
		   s->vi->smtp_alert == TRISTATE_ON ? "yes" : "no");
	dump_value(s->out, "Notify deleted", "%s",
		   s->vi->notify->deleted_word ? "Deleted" : "Fault");
	dump_notify(s->out, &s->vi->notify->scripts);
	dump_value(s->out, "Notify priority changes", "%s",
		   truth(s->vi->notify_priority_changes == TRISTATE_ON));
}

static void dump_instance(const struct vrrp_dump *d, uint32_t index, struct strbuf *out)
{
	struct shown s = { .d = d, .vi = vrrp_instance_at(d->vc, index), .out = out };

	vrrp_dump_instance(d, index, &s.st);
	dump_line(out, " VRRP Instance = %s", s.vi->object.name);
	dump_value(out, "VRRP Version", "%u", s.vi->version);
	if (s.vi->group)
		dump_value(out, "Sync group", "%s", s.vi->group->object.name);
	flag(out, s.vi->family == AF_INET6, "Using Native IPv6");
	dump_value(out, "State", "%s", vrrp_state_name(s.st.state));
	add_master(&s);
	add_flags(&s);
	dump_value(out, "Wantstate", "%s", vrrp_state_name(s.st.want));
	add_faults(&s);
	add_times(&s);
	add_vmac(&s);
	add_interface(&s);
	add_addresses_used(&s);
	add_garp(&s);
	add_protocol(&s);
	add_auth(&s);
	add_addresses(&s);
	add_peers(&s);
	add_socket(&s);
	add_routes(&s);
	add_trackers(&s);
	add_notify(&s);
	dump_why(d, index, &s.st, out);
}

void dump_instances(const struct vrrp_dump *d, struct strbuf *out)
{
	if (!d->vc->instances.n)
		return;
	dump_section(out, "VRRP Topology");
	for (uint32_t i = 0; i < d->vc->instances.n; i++)
		dump_instance(d, i, out);
}

/* Instances by socket: the first of each, and who comes after whom. Plus one; 0: nobody. */
struct users {
	uint32_t *first;
	uint32_t *next;
};

static struct users find_users(const struct vrrp_dump *d, uint32_t n_sockets)
{
	struct users users = { xcalloc(n_sockets, sizeof(uint32_t)),
			       xcalloc(d->vc->instances.n + 1, sizeof(uint32_t)) };
	struct vrrp_instance_status st;

	for (uint32_t i = d->vc->instances.n; i-- > 0;) {
		vrrp_dump_instance(d, i, &st);
		if (st.socket < 0 || (uint32_t)st.socket >= n_sockets)
			continue;
		users.next[i] = users.first[st.socket];
		users.first[st.socket] = i + 1;
	}
	return users;
}

static void add_users(const struct vrrp_dump *d, const struct users *users, uint32_t socket,
		      struct strbuf *out)
{
	dump_line(out, "   VRRP instances");
	for (uint32_t i = users->first[socket]; i; i = users->next[i - 1]) {
		const struct vrrp_instance_config *vi = vrrp_instance_at(d->vc, i - 1);

		dump_item(out, "%s vrid %u", vi->object.name, vi->vrid);
	}
}

/* False: this one is not used, nor are those behind it. */
static bool dump_socket(const struct vrrp_dump *d, const struct users *users, uint32_t index,
			struct strbuf *out)
{
	struct vrrp_socket_status sock;
	char text[ADDR_TEXT_MAX];

	if (!status_read(d->page, VRRP_SLOT_SOCKET, index, &sock, sizeof(sock)) || !sock.used)
		return false;
	dump_line(out, " fd_in %d fd_out = %d", sock.fd_in, sock.fd_out);
	dump_value(out, "Interface", "%s", sock.ifname[0] ? sock.ifname : "(any)");
	if (sock.vrf[0])
		dump_value(out, "VRF", "%s", sock.vrf);
	dump_value(out, "Family", "%s", sock.family == AF_INET6 ? "IPv6" : "IPv4");
	dump_value(out, "Protocol", "%s", sock.protocol == 51 ? "AH" : "VRRP");
	dump_value(out, "Type", "%s", sock.unicast ? "Unicast" : "Multicast");
	dump_value(out, "Address", "%s", addr_print(sock.addr, text));
	dump_value(out, "Rx buf size", "%u", sock.rcvbuf);
	add_users(d, users, index, out);
	return true;
}

void dump_sockets(const struct vrrp_dump *d, struct strbuf *out)
{
	uint32_t n = status_count(d->page, VRRP_SLOT_SOCKET);

	if (!n)
		return;
	struct users users = find_users(d, n);

	dump_section(out, "VRRP Sockpool");
	for (uint32_t i = 0; i < n && dump_socket(d, &users, i, out); i++)
		;
	free(users.first);
	free(users.next);
}
