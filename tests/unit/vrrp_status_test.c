/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The dumps: what programs read must stand there to the letter.
 */
#include "vrrp/status.h"

#include <stdlib.h>

#include "core/view.h"
#include "tests/unit/vrrpconf.h"

#define SECOND INT64_C(1000000000)

static const char text[] =
	"vrrp_script ok {\nscript \"/usr/bin/true a\"\nweight 8\n}\n"
	"vrrp_track_process sshd {\nprocess sshd -D\nquorum 2\nweight 5 reverse\ndelay 1.5\n}\n"
	"track_file tf {\nfile /run/tf\n}\n"
	"vrrp_instance VI_1 {\ninterface e0\nvirtual_router_id 51\npriority 150\nsmtp_alert\n"
	"authentication {\nauth_type PASS\nauth_pass geheim\n}\n"
	"notify \"/n x\" root\n"
	"virtual_ipaddress {\n10.9.0.100/24\n10.9.0.101/24 label e0:1\n}\n"
	"virtual_ipaddress_excluded {\n2001:db8::1\n2001:db8::2/64\n}\n"
	"virtual_routes {\n10.99.0.0/16 via 10.9.0.254 dev e0\n}\n"
	"virtual_rules {\nfrom 10.98.0.0/16 priority 1000 table 100\n}\n"
	"track_interface {\nd0\n}\ntrack_script {\nok\n}\ntrack_process {\nsshd\n}\n"
	"track_file {\ntf weight 2\n}\n}\n"
	"vrrp_instance VI_2 {\ninterface e1\nvirtual_router_id 52\nversion 3\nadvert_int 0.5\n"
	"unicast_src_ip 192.0.2.1\nunicast_peer {\n192.0.2.2\n}\n"
	"virtual_ipaddress {\n10.9.1.1\n}\n}\n"
	"vrrp_sync_group G {\nsync_group_tracking_weight\ngroup {\nVI_1\nVI_2\n}\n}\n"
	"static_ipaddress {\n192.0.2.77/24 dev e0 no_track\n}\n";

struct shown {
	struct config *config;
	struct status_page page;
	void *memory;
};

static void fill_instance(struct status_page *page)
{
	struct vrrp_instance_status *st = status_begin(page, VRRP_SLOT_INSTANCE, 0);

	assert_non_null(st);
	st->effective_priority = 158;
	st->total_priority = 158;
	st->want = VRRP_STATE_MASTER;
	st->vips_set = true;
	st->socket = 0;
	st->master_advert_every = SEC(1);
	st->master_down = MSEC(3414);
	(void)str_copy(st->ifname, sizeof(st->ifname), "e0");
	(void)addr_parse("10.9.0.1", &st->src);
	st->usual.advert_sent = 11;
	st->usual.become_master = 1;
	vrrp_status_transition(page, 0, st,
			       &(struct vrrp_transition){ .at_wall_ns = 1795416405 * SECOND,
							  .to = VRRP_STATE_BACKUP,
							  .priority = 150,
							  .cause = { .type = CAUSE_START } });
	vrrp_status_transition(
		page, 0, st,
		&(struct vrrp_transition){ .at_wall_ns = 1795416408 * SECOND + 383274000,
					   .to = VRRP_STATE_MASTER,
					   .priority = 158,
					   .cause = { .type = CAUSE_MASTER_DOWN,
						      .number = 3400 } });
	status_end(page, st);
}

static void fill_others(struct status_page *page)
{
	struct vrrp_check_status *check = status_begin(page, VRRP_SLOT_CHECK, 0);

	check->up = true;
	check->run = VRRP_RUN_RUNNING;
	check->init = VRRP_CHECK_KNOWN;
	check->result = 1;
	status_end(page, check);

	struct vrrp_process_status *process = status_begin(page, VRRP_SLOT_PROCESS, 0);

	process->count = 3;
	process->have_quorum = true;
	status_end(page, process);

	struct vrrp_group_status *group = status_begin(page, VRRP_SLOT_GROUP, 0);

	group->state = VRRP_STATE_MASTER;
	status_end(page, group);
	for (uint32_t i = 0; i < 2; i++) {
		struct vrrp_address_status *a = status_begin(page, VRRP_SLOT_ADDRESS, i);

		a->set = true;
		(void)str_copy(a->ifname, sizeof(a->ifname), "e0");
		status_end(page, a);
	}

	struct vrrp_socket_status *sock = status_begin(page, VRRP_SLOT_SOCKET, 0);

	sock->used = true;
	sock->fd_in = 13;
	sock->fd_out = 14;
	sock->family = AF_INET;
	sock->protocol = 112;
	(void)str_copy(sock->ifname, sizeof(sock->ifname), "e0");
	(void)addr_parse("224.0.0.18", &sock->addr);
	status_end(page, sock);
}

static struct shown show(const char *more)
{
	struct strbuf full = { 0 };
	struct status_layout layout;
	struct shown s;

	(void)setenv("TZ", "UTC", 1);
	strbuf_addf(&full, "%s%s", more, text);
	s.config = vrrp_read_clean(strbuf_text(&full));
	strbuf_fini(&full);
	vrrp_status_layout(vrrp_config_of(s.config), &layout);
	s.memory = calloc(1, status_page_measure(&layout, &s.page));
	status_page_init(&s.page, &layout, s.config->generation, s.memory);
	fill_instance(&s.page);
	fill_others(&s.page);
	return s;
}

static void hide(struct shown *s)
{
	free(s->memory);
	config_free(s->config);
}

static const char stats_of_first[] =
	"VRRP Instance: VI_1\n"
	"  Advertisements:\n    Received: 0\n    Sent: 11\n"
	"  Became master: 1\n  Released master: 0\n"
	"  Packet Errors:\n    Length: 0\n    TTL: 0\n    Invalid Type: 0\n"
	"    Advertisement Interval: 0\n    Address List: 0\n"
	"  Authentication Errors:\n    Invalid Type: 0\n    Type Mismatch: 0\n    Failure: 0\n"
	"  Authentication Extension Errors:\n    Missing: 0\n    Malformed: 0\n    Unknown Key: 0\n"
	"    Invalid HMAC: 0\n    Stale: 0\n    Replay: 0\n"
	"  Priority Zero:\n    Received: 0\n    Sent: 0\n";

static void statistics(void **state)
{
	struct shown s = show("");
	struct strbuf out = { 0 };

	(void)state;
	vrrp_dump_stats(s.config, &s.page, &out);
	assert_int_equal(strncmp(strbuf_text(&out), stats_of_first, strlen(stats_of_first)), 0);
	assert_non_null(strstr(strbuf_text(&out), "VRRP Instance: VI_2\n"));
	strbuf_fini(&out);
	hide(&s);
}

static const char json_of_first[] =
	"[{\"data\":{\"iname\":\"VI_1\",\"dont_track_primary\":0,\"skip_check_adv_addr\":0,"
	"\"strict_mode\":0,\"vmac_ifname\":\"\",\"ifp_ifname\":\"e0\",\"master_priority\":0,"
	"\"last_transition\":1795416408.383274,\"garp_delay\":5,\"garp_refresh\":0,\"garp_rep\":5,"
	"\"garp_refresh_rep\":1,\"garp_lower_prio_delay\":5,\"garp_lower_prio_rep\":5,"
	"\"lower_prio_no_advert\":0,\"higher_prio_send_advert\":0,\"vrid\":51,"
	"\"base_priority\":150,\"effective_priority\":158,\"vipset\":true,"
	"\"promote_secondaries\":false,\"adver_int\":1,"
	"\"master_adver_int\":1,\"accept\":1,\"nopreempt\":false,\"preempt_delay\":0,\"state\":2,"
	"\"wantstate\":2,\"version\":2,\"smtp_alert\":true,\"notify_deleted\":false,"
	"\"script\":\"'\\/n' 'x'\","
	"\"vips\":[\"10.9.0.100\\/24 dev e0 scope global set\","
	"\"10.9.0.101\\/24 dev e0 scope global label e0:1 set\"],"
	"\"evips\":[\"2001:db8::1 dev e0 scope global deprecated\","
	"\"2001:db8::2\\/64 dev e0 scope global preferred_lft forever\"],"
	"\"vroutes\":[\"prepend 10.99.0.0\\/16 via inet 10.9.0.254 dev e0 proto 18\"],"
	"\"vrules\":[\"from 10.98.0.0\\/16 priority 1000 tos 0x0 protocol 18 lookup 100\"],"
	"\"track_ifp\":[\"d0\"],\"track_script\":[\"'\\/usr\\/bin\\/true' 'a'\"],"
	"\"track_process\":[\"sshd\"],\"auth_type\":1,\"auth_data\":\"********\",";

static const char json_stats[] =
	"\"stats\":{\"advert_rcvd\":0,\"advert_sent\":11,\"become_master\":1,\"release_master\":0,"
	"\"packet_len_err\":0,\"advert_interval_err\":0,\"ip_ttl_err\":0,\"invalid_type_rcvd\":0,"
	"\"addr_list_err\":0,\"invalid_authtype\":0,\"authtype_mismatch\":0,\"auth_failure\":0,"
	"\"auth_ext_missing\":0,\"auth_ext_malformed\":0,\"auth_ext_unknown_key\":0,"
	"\"auth_ext_invalid_hmac\":0,\"auth_ext_stale\":0,\"auth_ext_replay\":0,"
	"\"pri_zero_rcvd\":0,\"pri_zero_sent\":0,";

static void json(void **state)
{
	struct shown s = show("");
	struct strbuf out = { 0 };
	struct view_json sink;

	(void)state;
	vrrp_dump_json(s.config, &s.page, view_json_init(&sink, &out));
	out.data[MIN_OF(out.len, sizeof(json_of_first) - 1)] = '\0';
	assert_string_equal(out.data, json_of_first);
	strbuf_fini(&out);
	vrrp_dump_json(s.config, &s.page, view_json_init(&sink, &out));
	assert_non_null(strstr(out.data, json_stats));
	assert_non_null(strstr(out.data, "\"adver_int\":0.5,"));
	assert_non_null(strstr(out.data, "\"from\":\"BACKUP\",\"to\":\"MASTER\","));
	strbuf_fini(&out);
	hide(&s);
}

static void json_version_2(void **state)
{
	static const char start[] = "{\"vrrp\":[{\"data\":{";
	static const char end[] =
		"\"track_process\":[{\"process\":\"sshd\",\"parameters\":\"-D\","
		"\"param_match\":\"exact\",\"min_processes\":2,\"current_processes\":3,"
		"\"have_quorum\":true,\"weight\":-5,\"terminate_delay\":1.5,\"fork_delay\":1.5,"
		"\"fork_delay_timer_running\":false,\"terminate_delay_timer_running\":false,"
		"\"full_command\":true}]}";
	struct shown s = show("global_defs {\njson_version 2\n}\n");
	struct strbuf out = { 0 };
	struct view_json sink;

	(void)state;
	vrrp_dump_json(s.config, &s.page, view_json_init(&sink, &out));
	assert_true(str_starts(strbuf_text(&out), start));
	assert_true(out.len > sizeof(end));
	assert_int_equal(strncmp(out.data + out.len - strlen(end), end, strlen(end)), 0);
	strbuf_fini(&out);
	hide(&s);
}

/* The lines of a part, in this order; others may stand between. */
static void assert_lines(const char *from, const char *const *lines)
{
	for (; *lines; lines++) {
		const char *found = strstr(from, *lines);

		if (!found)
			fail_msg("'%s' is missing after\n%.300s", *lines, from);
		from = found;
	}
}

static void data(void **state)
{
	static const char *const lines[] = {
		"------< Static Addresses >------\n"
		"     192.0.2.77/24 dev e0 scope global no_track\n",
		"------< VRRP Topology >------\n VRRP Instance = VI_1\n   VRRP Version = 2\n"
		"   Sync group = G\n   State = MASTER\n   Flags: none\n   Wantstate = MASTER\n"
		"   Number of config faults = 0\n   Number of tracker faults = 0\n"
		"   Flags of interface faults - (none)\n   Number of track scripts init = 0\n"
		"   Last transition = 1795416408.383274 (Mon Nov 23 06:46:48.383274 2026)\n"
		"   Read timeout = DISABLED\n   Master down timer = 3414000 usecs\n"
		"   Interface = e0\n   Using src_ip = 10.9.0.1\n   Multicast address 224.0.0.18\n"
		"   Gratuitous ARP delay = 5\n   Gratuitous ARP repeat = 5\n",
		"   Virtual Router ID = 51\n   Priority = 150\n   Effective priority = 158\n"
		"   Total priority = 158\n   Advert interval = 1 sec\n",
		"   Accept = enabled\n   Preempt = enabled\n   Promote_secondaries = disabled\n"
		"   Authentication type = SIMPLE_PASSWORD\n   Password = ********\n"
		"   Virtual IP (2):\n     10.9.0.100/24 dev e0 scope global set\n"
		"     10.9.0.101/24 dev e0 scope global label e0:1 set\n   Virtual IP Excluded :\n",
		"   fd_in 13, fd_out 14\n   Virtual Routes :\n",
		"   Tracked interfaces :\n     d0 weight 0\n"
		"   Tracked scripts :\n     ok weight 8\n"
		"   Tracked files :\n     tf, weight 2\n   Tracked processes :\n"
		"     sshd, weight 5 reverse\n   Using smtp notification = yes\n"
		"   Notify deleted = Fault\n"
		"   Generic state transition script = '/n' 'x', uid:gid root:default\n"
		"   Notify priority changes = false\n   Transitions :\n",
		" VRRP Instance = VI_2\n   VRRP Version = 3\n"
		"   Sync group = G\n   State = INIT\n   Flags:\n     Using unicast\n",
		"   Advert interval = 500 milli-sec\n",
		"   Unicast TTL = 255\n   Check unicast src : no\n   Unicast Peer :\n"
		"     192.0.2.2 min_ttl 0 max_ttl 255\n",
		"------< VRRP Sockpool >------\n fd_in 13 fd_out = 14\n",
		"   VRRP instances\n     VI_1 vrid 51\n",
		"------< VRRP Sync groups >------\n VRRP Sync Group = G, MASTER\n",
		"   VRRP member instances :\n     VI_1\n     VI_2\n",
		"------< VRRP Scripts >------\n VRRP Script = ok\n"
		"   Command = '/usr/bin/true' 'a'\n"
		"   Interval = 1 sec\n",
		"   Status = GOOD\n",
		"   Tracking instances :\n     VI_1, weight 8\n   State = running\n",
		"------< VRRP Track files >------\n Track file = tf\n   File = /run/tf\n",
		"------< VRRP Track processes >------\n VRRP Track process = sshd\n"
		"   Process = sshd\n   Parameters = -D\n",
		"------< Interfaces >------\n Name = e0\n",
		NULL,
	};
	struct shown s = show("");
	struct strbuf out = { 0 };

	(void)state;
	vrrp_dump_data(s.config, &s.page, &out);
	assert_lines(strbuf_text(&out), lines);
	strbuf_fini(&out);
	hide(&s);
}

/* A page of another configuration says nothing about this one. */
static void nothing_is_known(void **state)
{
	struct shown s = show("");
	struct strbuf out = { 0 };

	(void)state;
	s.page.generation++;
	vrrp_dump_data(s.config, &s.page, &out);
	assert_non_null(strstr(strbuf_text(&out), "   State = INIT\n"));
	assert_null(strstr(strbuf_text(&out), "MASTER\n   Flags"));
	strbuf_reset(&out);
	vrrp_dump_stats(s.config, NULL, &out);
	assert_non_null(strstr(strbuf_text(&out), "    Sent: 0\n"));
	strbuf_fini(&out);
	hide(&s);
}

static void no_instances(void **state)
{
	struct config *config = vrrp_read_clean("");
	struct strbuf out = { 0 };
	struct view_json sink;

	(void)state;
	vrrp_dump_data(config, NULL, &out);
	vrrp_dump_stats(config, NULL, &out);
	assert_string_equal(strbuf_text(&out), "");
	vrrp_dump_json(config, NULL, view_json_init(&sink, &out));
	assert_string_equal(strbuf_text(&out), "[]");
	strbuf_fini(&out);
	config_free(config);
}

/* Two instances in ordinary memory. */
static void *page_of_two(struct status_page *page)
{
	const struct vrrp_config none = { 0 };
	struct status_layout layout;
	void *memory;

	vrrp_status_layout(&none, &layout);
	layout.kinds[VRRP_SLOT_INSTANCE].count = 2;
	layout.kinds[VRRP_SLOT_MARKS].count = 2;
	layout.kinds[VRRP_SLOT_TRANSITION].count = 2 * VRRP_TRANSITIONS_KEPT;
	layout.kinds[VRRP_SLOT_CAUSE_TEXT].count = 2 * VRRP_TRANSITIONS_KEPT;
	memory = calloc(1, status_page_measure(&layout, page));
	assert_non_null(memory);
	status_page_init(page, &layout, 1, memory);
	return memory;
}

static struct vrrp_transition transition_at(const struct status_page *page, uint32_t index,
					    uint32_t nth)
{
	struct vrrp_transition t;

	assert_true(vrrp_status_read_transition(page, index, nth, &t));
	return t;
}

static void transitions_wrap_around(void **state)
{
	struct status_page page, other;
	void *memory = page_of_two(&page), *other_memory = page_of_two(&other);
	struct vrrp_instance_status *st = status_slot(&page, VRRP_SLOT_INSTANCE, 1);

	(void)state;
	for (int i = 0; i < 3 * VRRP_TRANSITIONS_KEPT; i++)
		vrrp_status_transition(
			&page, 1, st,
			&(struct vrrp_transition){
				.at_wall_ns = i,
				.to = i % 2 ? VRRP_STATE_BACKUP : VRRP_STATE_MASTER,
				.priority = 100,
				.cause = { .type = i % 2 ? CAUSE_GROUP : CAUSE_NONE,
					   .text = { i % 2 ? 'G' : 0 } } });
	assert_int_equal(st->n_transitions, 3 * VRRP_TRANSITIONS_KEPT);
	assert_int_equal(st->last_transition_wall_ns, 3 * VRRP_TRANSITIONS_KEPT - 1);
	assert_int_equal(transition_at(&page, 1, 0).at_wall_ns, 2 * VRRP_TRANSITIONS_KEPT);
	assert_int_equal(transition_at(&page, 1, 1).from, VRRP_STATE_MASTER);
	assert_int_equal(transition_at(&page, 0, 1).priority, 0);

	vrrp_status_keep(&page, 1, &other, 0);
	assert_string_equal(transition_at(&other, 0, 7).cause.text, "G");
	assert_string_equal(transition_at(&other, 0, 6).cause.text, "");
	assert_int_equal(transition_at(&other, 0, 7).at_wall_ns, 3 * VRRP_TRANSITIONS_KEPT - 1);
	assert_int_equal(transition_at(&other, 1, 7).priority, 0);
	free(memory);
	free(other_memory);
}

/* A process dies and another one takes its place: what was heard is old for it, what it sends is
 * new; and the same after a reload that moves the instance to another index. */
static void numbers_of_adverts_outlive_the_process(void **state)
{
	struct status_page page, moved;
	void *memory = page_of_two(&page), *more = page_of_two(&moved);
	struct vrrp_auth auth, next;
	struct vrrp_mark heard = { .hmac_sequence = 7000, .ah_sequence = 70, .ah_window = 5 };

	(void)state;
	vrrp_auth_init(&auth);
	for (unsigned i = 0; i < VRRP_MARKS_KEPT + 3; i++) {
		uint8_t bytes[4] = { 192, 0, 2, (uint8_t)i };

		heard.from = addr_of_bytes(AF_INET, bytes);
		heard.ah_sequence++;
		vrrp_auth_restore(&auth, &heard);
		vrrp_status_marks(&page, 1, &auth, &heard.from);
	}
	auth.hmac_sequence = 9000;
	auth.ah_sequence = 900;
	vrrp_status_marks(&page, 1, &auth, NULL);
	vrrp_status_keep(&page, 1, &moved, 0);
	vrrp_auth_init(&next);
	vrrp_status_restore_marks(&moved, 0, &next);
	assert_int_equal(next.n_marks, VRRP_MARKS_KEPT);
	assert_int_equal(next.hmac_sequence, 9000);
	assert_true(next.ah_sequence > 900);
	assert_int_equal(vrrp_auth_mark(&next, &heard.from)->ah_sequence, heard.ah_sequence);
	assert_int_equal(vrrp_auth_mark(&next, &heard.from)->hmac_sequence, 7000);
	vrrp_auth_fini(&next);
	vrrp_auth_init(&next);
	vrrp_status_restore_marks(NULL, 0, &next);
	vrrp_status_restore_marks(&page, 0, &next);
	assert_int_equal(next.n_marks + next.ah_sequence, 0);
	vrrp_auth_fini(&next);
	vrrp_auth_fini(&auth);
	free(memory);
	free(more);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(statistics),	     cmocka_unit_test(json),
	cmocka_unit_test(json_version_2),    cmocka_unit_test(data),
	cmocka_unit_test(nothing_is_known),  cmocka_unit_test(no_instances),
	cmocka_unit_test(transitions_wrap_around),
	cmocka_unit_test(numbers_of_adverts_outlive_the_process),
};

UNIT_MAIN(tests)
