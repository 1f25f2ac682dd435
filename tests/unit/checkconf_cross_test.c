/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual servers against the rest of their configuration: what is reported, and what the structs
 * hold afterwards.
 */
#include "unit.h"

#include "bfd/config.h"
#include "check/config_values.h"
#include "checkconf.h"
#include "config/diff.h"
#include "config/print.h"
#include "core/engine.h"

#define VS(head, ...)  "virtual_server " head " {\n" __VA_ARGS__ "\n}\n"
#define RS(head, ...)  "real_server " head " {\n" __VA_ARGS__ "\n}\n"
#define PLAIN	       "protocol TCP\nlvs_sched rr\nlvs_method NAT\n"
#define WEB(...)       VS("192.0.2.1 80", PLAIN __VA_ARGS__)
#define ONE(...)       WEB(RS("192.0.2.10 80", __VA_ARGS__))
#define MARK	       "lvs_sched rr\nlvs_method NAT\n"

/* ---- what is said ---- */

static const struct finding {
	const char *text;
	enum diag_severity severity;
	const char *says;
	const char *at;		/* "LINE:COLUMN" */
} findings[] = {
	/* the service */
	{ VS("group"), DIAG_ERROR, "needs the name", "1:16" },
	{ VS("fwmark"), DIAG_ERROR, "needs a number", "1:16" },
	{ VS("fwmark 0", MARK RS("192.0.2.10")), DIAG_ERROR, "0", "1:23" },
	{ VS(""), DIAG_ERROR, "needs an address", "1:1" },
	{ VS("group G", PLAIN RS("192.0.2.10")) "virtual_server_group H {\n192.0.2.1 80\n}\n",
	  DIAG_NOTE, "there is no virtual_server_group G", "1:22" },
	{ "virtual_server_group G {\n}\n", DIAG_ERROR, "has no entries", "1:1" },
	{ "virtual_server_group G {\n192.0.2.1 80\n2001:db8::1 80\nfwmark 1\n}\n", DIAG_NOTE,
	  "both families", "1:1" },
	{ "virtual_server_group G {\n192.0.2.1 80\n}\nvirtual_server_group G {\n192.0.2.2 80\n}\n",
	  DIAG_NOTE, "exists already", "4:22" },
	{ WEB(), DIAG_ERROR, "has no real servers", "1:1" },
	{ VS("192.0.2.1 80", "lvs_sched rr\nlvs_method NAT\n" RS("192.0.2.10 80")), DIAG_WARNING,
	  "has no protocol, using UDP", "1:1" },
	{ VS("192.0.2.1 80", "protocol TCP\nlvs_method NAT\n" RS("192.0.2.10 80")), DIAG_WARNING,
	  "has no lvs_sched, using wlc", "1:1" },
	{ VS("192.0.2.1 80", "protocol TCP\nlvs_sched rr\n" RS("192.0.2.10 80")), DIAG_WARNING,
	  "has no lvs_method, using NAT", "1:1" },
	{ VS("192.0.2.1", PLAIN RS("192.0.2.10 80")), DIAG_WARNING, "needs persistence", "1:1" },
	{ WEB("ops\n" RS("192.0.2.10 80")), DIAG_WARNING, "needs UDP", "5:1" },
	{ VS("fwmark 1", MARK "protocol TCP\n" RS("192.0.2.10")), DIAG_WARNING,
	  "has no protocol", "4:10" },
	{ VS("fwmark 1", MARK "ha_suspend\n" RS("192.0.2.10")), DIAG_ERROR,
	  "needs a service address", "4:1" },
	{ WEB("ip_family inet6\n" RS("192.0.2.10 80")), DIAG_WARNING, "contradicts", "5:11" },
	{ "virtual_server_group G {\n2001:db8::1 80\n}\n"
	  VS("group G", PLAIN "ip_family inet\n" RS("192.0.2.10 80")), DIAG_WARNING,
	  "is the family of no address", "8:11" },
	{ WEB("sh-port\n" RS("192.0.2.10 80")), DIAG_WARNING, "only applies to the scheduler sh",
	  "5:1" },
	{ VS("192.0.2.1 80", "sh-port\nlvs_sched mh\nprotocol TCP\nlvs_method NAT\n"
	     RS("192.0.2.10 80")), DIAG_NOTE, "only applies to the scheduler sh", "2:1" },
	{ WEB("hashed\n" RS("192.0.2.10 80")), DIAG_WARNING, "sh and mh", "5:1" },
	{ WEB("persistence_timeout 0\n" RS("192.0.2.10 80")), DIAG_WARNING, "not persistent",
	  "5:21" },
	{ WEB("persistence_engine sip\n" RS("192.0.2.10 80")), DIAG_NOTE, "no effect", "5:20" },
	{ WEB("persistence_granularity 24\n" RS("192.0.2.10 80")), DIAG_NOTE,
	  "taken as mask 255.255.255.0", "5:25" },
	{ WEB("snmp_name web front\n" RS("192.0.2.10 80")), DIAG_WARNING, "one word", "5:15" },
	{ ONE() ONE(), DIAG_NOTE, "defined twice", "10:1" },
	{ "SSL {\n}\nSSL {\n}\n", DIAG_WARNING, "second SSL block", "3:1" },

	/* servers */
	{ WEB(RS("192.0.2.10 80") RS("192.0.2.10 80")), DIAG_ERROR, "already", "8:1" },
	{ WEB(RS("192.0.2.10 80") RS("192.0.2.10")), DIAG_ERROR, "already", "8:1" },
	{ WEB(RS("2001:db8::1 80") RS("192.0.2.10 80")), DIAG_ERROR, "is not of the family",
	  "5:1" },
	{ ONE("SMTP_CHECK {\nhelo_name a\nhelo_name b\n}"), DIAG_WARNING, "second time", "8:1" },
	{ VS("192.0.2.1 80", "protocol TCP\nlvs_sched rr\nlvs_method DR\n" RS("192.0.2.10 81")),
	  DIAG_WARNING, "only NAT can change the port", "5:1" },
	{ VS("fwmark 1", "lvs_sched rr\nlvs_method DR\n" RS("192.0.2.10 81")), DIAG_WARNING,
	  "ignored: only NAT", "4:1" },
	{ "virtual_server_group G {\n192.0.2.1 80\n}\n"
	  VS("group G", "protocol TCP\nlvs_sched rr\nlvs_method DR\n" RS("192.0.2.10 81")),
	  DIAG_WARNING, "is not that of every entry", "8:1" },
	{ WEB("quorum 3\n" RS("192.0.2.10 80") RS("192.0.2.11 80")), DIAG_WARNING,
	  "more than the weight of all", "5:8" },
	{ WEB("hysteresis 1\n" RS("192.0.2.10 80")), DIAG_WARNING, "less than the quorum", "5:12" },
	{ ONE("weight 0"), DIAG_WARNING, "more than the weight of all", "1:1" },
	{ WEB("sorry_server_inhibit\n" RS("192.0.2.10 80")), DIAG_WARNING,
	  "without sorry_server", "5:1" },
	{ WEB("sorry_server 2001:db8::1 80\n" RS("192.0.2.10 80")), DIAG_ERROR,
	  "is not of the family", "5:1" },
	{ WEB("sorry_server 192.0.2.10 80\nsorry_server_inhibit\n" RS("192.0.2.10 80")),
	  DIAG_WARNING, "is a real server too", "5:1" },
	{ ONE("lthreshold 9\nuthreshold 8"), DIAG_NOTE, "full server", "6:12" },
	{ WEB("quorum_up /bin/true\nquorum_up /bin/false\n" RS("192.0.2.10 80")), DIAG_WARNING,
	  "second time", "6:1" },

	/* checkers */
	{ ONE("TCP_CHECK {\nconnect_ip fe80::1\n}"), DIAG_ERROR, "needs bind_if", "6:1" },
	{ ONE("TCP_CHECK {\nbindto ::1\n}"), DIAG_ERROR, "different families", "7:8" },
	{ ONE("TCP_CHECK {\nbind_port 5\n}"), DIAG_NOTE, "without bindto", "7:11" },
	{ VS("fwmark 1", MARK RS("192.0.2.10", "TCP_CHECK {\n}")), DIAG_NOTE, "has no port",
	  "5:1" },
	{ ONE("HTTP_GET {\n}"), DIAG_ERROR, "url", "6:1" },
	{ ONE("HTTP_GET {\nurl {\n}\n}"), DIAG_ERROR, "path", "7:1" },
	{ ONE("HTTP_GET {\nurl {\npath /\nregex a\nregex b\n}\n}"), DIAG_WARNING,
	  "replaces the first", "10:1" },
	{ ONE("HTTP_GET {\nurl {\npath /\nregex_no_match\n}\n}"), DIAG_NOTE, "without regex",
	  "9:1" },
	{ ONE("HTTP_GET {\nurl {\npath /\nregex a\nregex_options nocase\n}\n}"), DIAG_NOTE,
	  "'nocase'", "10:15" },
	{ ONE("HTTP_GET {\nurl {\npath /\nregex a\nregex_min_offset 2\nregex_max_offset 1\n}\n}"),
	  DIAG_NOTE, "is below", "11:18" },
	{ ONE("HTTP_GET {\nnb_get_retry 2\nurl {\npath /\n}\n}"), DIAG_WARNING, "retry", "7:1" },
	{ ONE("MISC_CHECK {\n}"), DIAG_ERROR, "misc_path", "6:1" },
	{ ONE("UDP_CHECK {\nmin_reply_length 9\nmax_reply_length 8\n}"), DIAG_WARNING,
	  "no reply can be accepted", "7:18" },
	{ ONE("SMTP_CHECK {\nhost {\n}\n}"), DIAG_NOTE, "deprecated", "7:1" },
	{ ONE("FILE_CHECK {\ntrack_file nofile\n}"), DIAG_ERROR, "nofile", "7:12" },
	{ ONE("BFD_CHECK {\nname nobfd\n}"), DIAG_ERROR, "nobfd", "7:6" },
	{ ONE("BFD_CHECK {\nname b\n}") "bfd_instance b {\nneighbor_ip 192.0.2.2\nvrrp\n}\n",
	  DIAG_ERROR, "VRRP only", "7:6" },
	{ ONE("BFD_CHECK {\nname b\n}\nBFD_CHECK {\nname b\n}")
	  "bfd_instance b {\nneighbor_ip 192.0.2.2\n}\n", DIAG_ERROR, "already", "10:6" },

	/* BFD */
	{ "bfd_instance {\nneighbor_ip 192.0.2.2\n}\n", DIAG_ERROR, "name", "1:1" },
	{ "bfd_instance a23456789012345678901234567890xy {\nneighbor_ip 192.0.2.2\n}\n",
	  DIAG_ERROR, "at most 31", "1:14" },
	{ "bfd_instance b {\n}\n", DIAG_ERROR, "neighbor_ip", "1:1" },
	{ "bfd_instance b {\nneighbor_ip 192.0.2.2\nsource_ip ::1\n}\n", DIAG_ERROR,
	  "different families", "3:11" },
	{ "bfd_instance b {\nneighbor_ip 192.0.2.2\nmin_tx 1.0004\n}\n", DIAG_WARNING, "decimals",
	  "3:8" },
	{ "bfd_instance b {\nneighbor_ip 192.0.2.2\nmin_tx 10001\n}\n", DIAG_NOTE,
	  "milliseconds", "3:8" },
	{ "bfd_instance b {\nneighbor_ip 192.0.2.2\nttl 5\nmax_hops 6\n}\n", DIAG_WARNING,
	  "more than the TTL", "4:10" },
	{ "bfd_instance b {\nneighbor_ip 192.0.2.2\n}\nbfd_instance c {\nneighbor_ip 192.0.2.2\n"
	  "source_ip 192.0.2.1\n}\n", DIAG_ERROR, "neighbor and source of b", "4:1" },
	{ "bfd_instance b {\nneighbor_ip 192.0.2.2\nsource_ip 192.0.2.1\n}\nbfd_instance c {\n"
	  "neighbor_ip 192.0.2.2\n}\n", DIAG_ERROR, "neighbor and source of b", "5:1" },
	{ "bfd_instance b {\nneighbor_ip 192.0.2.2\n}\nbfd_instance b {\nneighbor_ip 192.0.2.3\n"
	  "}\n", DIAG_ERROR, "twice", "4:14" },
	{ "bfd_instance b {\nneighbor_ip fe80::2\n}\n", DIAG_NOTE, "cannot be reached", "2:13" },
};

/* NULL if all is as expected. */
static const char *wrong_with(const struct finding *f, struct config *config)
{
	const struct diag *diag = find_diag(config, DIAG_NOTE, f->says);

	if (!diag)
		return "is not said";
	if (diag->severity != f->severity)
		return "is said with another severity";
	if (strcmp(place_text(config, diag->at), f->at))
		return place_text(config, diag->at);
	if (n_findings(config) != (f->severity > DIAG_NOTE ? 1 : 0))
		return "is not all that is said";
	return NULL;
}

static void test_findings(void **state)
{
	size_t failed = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(findings); i++) {
		struct config *config = read_checkers(findings[i].text);
		const char *wrong = wrong_with(&findings[i], config);

		if (wrong)
			print_error("'%s' at %s: %s\n%s\n%s\n", findings[i].says, findings[i].at,
				    wrong, findings[i].text, all_diags(config));
		failed += wrong != NULL;
		config_free(config);
	}
	assert_int_equal(failed, 0);
}

/* ---- what is right ---- */

static const char *const clean[] = {
	/* any order */
	VS("192.0.2.1 80", "sorry_server_inhibit\nsorry_server_lvs_method DR\n"
	   "sorry_server 192.0.2.250\nsh-port\nlvs_sched sh\nprotocol tcp\n"
	   RS("192.0.2.10") "lvs_method DR\n"),
	VS("group G", PLAIN RS("192.0.2.10 8080"))
	"virtual_server_group G {\n192.0.2.1 80\n192.0.2.1 443\nfwmark 5\n}\n",
	ONE("FILE_CHECK {\ntrack_file t\n}\nBFD_CHECK {\nname b\n}")
	"track_file t {\nfile /run/t\n}\nbfd_instance b {\nneighbor_ip 192.0.2.2\nchecker\n}\n",
	ONE("TCP_CHECK {\nbindto ::1\nconnect_ip ::2\n}"),
	/* tunnels may be of another family */
	VS("192.0.2.1 80", PLAIN RS("2001:db8::1", "lvs_method TUN\nTCP_CHECK {\n}")),
	/* same address, other protocol; same neighbor, other port or source */
	ONE() VS("192.0.2.1 80", "protocol UDP\nlvs_sched rr\nlvs_method NAT\n"
		 RS("192.0.2.10 80")),
	"bfd_instance a {\nneighbor_ip 192.0.2.2\nsource_ip 192.0.2.1\n}\nbfd_instance b {\n"
	"neighbor_ip 192.0.2.2\nsource_ip 192.0.2.3\n}\nbfd_instance c {\nmultihop\n"
	"neighbor_ip 192.0.2.2\nsource_ip 192.0.2.1\n}\n",
	VS("fwmark 7", MARK "ops\n" RS("192.0.2.10 0", "PING_CHECK {\n}")),
};

static void test_clean(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(clean); i++) {
		struct config *config = read_checkers(clean[i]);

		if (n_findings(config) || diags_count(config->diags, DIAG_NOTE))
			fail_msg("%s\n%s", all_diags(config), clean[i]);
		config_free(config);
	}
}

/* ---- what the structs hold ---- */

static const struct checker_config *nth_checker(const struct config *config, uint32_t i)
{
	return check_checker(check_rs(check_vs(check_of(config), 0), 0), i);
}

static void test_inheritance(void **state)
{
	struct config *config = read_checkers(
		WEB("delay_loop 10\nconnect_timeout 3\nwarmup 2\nalpha\nretry 4\nweight 7\n"
		    "inhibit_on_failure\n"
		    RS("192.0.2.10 80", "delay_loop 8\nalpha no\n"
		       "TCP_CHECK {\n}\n"
		       "DNS_CHECK {\nretry 0\ndelay_loop 5\nalpha\n}\n"
		       "MISC_CHECK {\nmisc_path /bin/true\ndelay_loop 1\n}\n"
		       "HTTP_GET {\nretry 2\nwarmup 0\nurl {\npath /\n}\n}")));
	const struct real_server *rs = check_rs(check_vs(check_of(config), 0), 0);
	const struct checker_config *tcp = nth_checker(config, 0);
	const struct checker_config *dns = nth_checker(config, 1);
	const struct misc_check_config *misc = (const void *)nth_checker(config, 2);
	const struct checker_config *http = nth_checker(config, 3);

	(void)state;
	assert_int_equal(rs->weight, 7);
	assert_int_equal(rs->alpha, TRISTATE_OFF);
	assert_int_equal(rs->inhibit, TRISTATE_ON);
	assert_int_equal(rs->smtp_alert, TRISTATE_ON);
	assert_int_equal(tcp->kind, CHECKER_TCP);
	assert_int_equal(tcp->timing->delay_loop.ns, SEC(8).ns);
	assert_int_equal(tcp->timing->connect_timeout.ns, SEC(3).ns);
	assert_int_equal(tcp->timing->retry, 4);
	assert_int_equal(tcp->timing->delay_before_retry.ns, SEC(1).ns);
	assert_int_equal(tcp->timing->warmup.ns, SEC(2).ns);
	assert_int_equal(tcp->alpha, TRISTATE_OFF);
	assert_int_equal(dns->timing->retry, 0);
	assert_int_equal(dns->timing->delay_before_retry.ns, SEC(5).ns);
	assert_int_equal(dns->alpha, TRISTATE_ON);
	assert_int_equal(misc->timeout.ns, SEC(10).ns);
	assert_int_equal(http->timing->retry, 2);
	assert_int_equal(http->timing->warmup.ns, 0);
	assert_int_equal(http->timing->delay_before_retry.ns, SEC(3).ns);
	config_free(config);
}

static void test_defaults(void **state)
{
	struct config *config = read_checkers(
		ONE("TCP_CHECK {\n}\nDNS_CHECK {\n}\nMISC_CHECK {\nmisc_path /bin/true\n}"));
	const struct virtual_server *vs = check_vs(check_of(config), 0);
	const struct dns_check_config *dns = (const void *)nth_checker(config, 1);

	(void)state;
	assert_int_equal(vs->smtp_alert, TRISTATE_OFF);
	assert_int_equal(vs->quorum, 1);
	assert_int_equal(vs->family, AF_INET);
	assert_int_equal(nth_checker(config, 0)->timing->delay_loop.ns, SEC(60).ns);
	assert_int_equal(nth_checker(config, 0)->timing->warmup.ns, SEC(60).ns);
	assert_int_equal(nth_checker(config, 0)->timing->retry, 1);
	assert_int_equal(dns->checker.timing->retry, 3);
	assert_int_equal(dns->checker.timing->delay_before_retry.ns, SEC(60).ns);
	assert_int_equal(dns->type, 6);
	assert_string_equal(dns->name, ".");
	assert_int_equal(nth_checker(config, 2)->timing->retry, 0);
	config_free(config);
}

static void test_ports(void **state)
{
	static const struct {
		const char *text;
		unsigned kernel, checked;
	} cases[] = {
		{ WEB(RS("192.0.2.10", "TCP_CHECK {\n}")), 80, 80 },
		{ WEB(RS("192.0.2.10 8080", "TCP_CHECK {\n}")), 8080, 8080 },
		{ WEB(RS("192.0.2.10 8080", "TCP_CHECK {\nconnect_port 9\n}")), 8080, 9 },
		{ VS("192.0.2.1 80", "lvs_method DR\n" RS("192.0.2.10", "TCP_CHECK {\n}")), 80,
		  80 },
		{ VS("192.0.2.1 80", "lvs_method DR\n" RS("192.0.2.10 81", "TCP_CHECK {\n}")),
		  80, 81 },
		{ VS("fwmark 1", "lvs_method DR\n" RS("192.0.2.10 80", "TCP_CHECK {\n}")), 0,
		  80 },
		{ VS("fwmark 1", "lvs_method NAT\n" RS("192.0.2.10 80", "TCP_CHECK {\n}")), 80,
		  80 },
		{ "virtual_server_group G {\n192.0.2.1 443\n}\n"
		  VS("group G", "lvs_method NAT\n" RS("192.0.2.10", "TCP_CHECK {\n}")), 0, 443 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct config *config = read_checkers(cases[i].text);
		const struct real_server *rs = check_rs(check_vs(check_of(config), 0), 0);
		uint16_t port;

		(void)check_target(rs, nth_checker(config, 0), &port);
		assert_int_equal(rs->port, cases[i].kernel);
		assert_int_equal(port, cases[i].checked);
		config_free(config);
	}
}

static void test_families_of_marks(void **state)
{
	static const struct {
		const char *text;
		int family;
	} cases[] = {
		{ VS("fwmark 1", MARK RS("2001:db8::1")), AF_INET6 },
		{ VS("fwmark 1", "lvs_method TUN\nip_family inet\n" RS("2001:db8::1")), AF_INET },
		{ VS("fwmark 1", "lvs_method TUN\n" RS("2001:db8::1")), AF_INET6 },
		{ VS("fwmark 1", "lvs_method TUN\n" RS("2001:db8::1") RS("192.0.2.1")), AF_INET },
		{ VS("fwmark 1", "lvs_method TUN\npersistence_granularity 64\n" RS("192.0.2.1")),
		  AF_INET6 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct config *config = read_checkers(cases[i].text);

		assert_int_equal(check_vs(check_of(config), 0)->family, cases[i].family);
		config_free(config);
	}
}

static void test_group(void **state)
{
	struct config *config = read_checkers(
		"virtual_server_group G {\n2001:db8::fffe-2001:db8::1:1 80\n10.0.0.8/29 80\n"
		"192.0.2.250-192.0.3.3 80\n2001:db8::10-1f 80\nfwmark 3 inet6\n}\n"
		VS("group G", PLAIN RS("192.0.2.10")) VS("group G", "protocol UDP\n" RS("::1")));
	const struct server_group *group = check_of(config)->groups.items[0];
	static const uint64_t sizes[] = { 4, 8, 10, 16 };
	struct strbuf name = { 0 };

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(sizes); i++) {
		const struct group_entry *entry = group->entries.items[i];

		assert_int_equal(entry->n_addrs, sizes[i]);
		assert_int_equal(entry->port, 80);
	}
	assert_true(group->has_v4 && group->has_v6 && group->has_mark && !group->has_open_mark);
	assert_int_equal(group->common_port, 80);
	assert_int_equal(check_vs(check_of(config), 0)->family, AF_UNSPEC);
	check_vs_text(check_vs(check_of(config), 1), &name);
	assert_string_equal(strbuf_text(&name), "[G]:1");
	strbuf_fini(&name);
	config_free(config);
}

static void test_smtp_hosts(void **state)
{
	struct config *config = read_checkers(
		ONE("SMTP_CHECK {\nconnect_timeout 4\nhost {\nconnect_ip 192.0.2.11\nretry 5\n}\n"
		    "host {\nconnect_ip 192.0.2.12\nconnect_timeout 2\nalpha\n}\n}"));
	const struct real_server *rs = check_rs(check_vs(check_of(config), 0), 0);
	uint16_t port;

	(void)state;
	assert_int_equal(rs->checkers.n, 2);
	assert_true(addr_equal(check_target(rs, nth_checker(config, 0), &port),
			       ((const struct checker_config *)rs->checkers.items[0])
				       ->connect->ip));
	assert_string_equal(addr_text(check_target(rs, nth_checker(config, 1), &port)),
			    "192.0.2.12");
	assert_int_equal(nth_checker(config, 0)->timing->connect_timeout.ns, SEC(4).ns);
	assert_int_equal(nth_checker(config, 1)->timing->connect_timeout.ns, SEC(2).ns);
	assert_int_equal(nth_checker(config, 0)->timing->retry, 5);
	assert_int_equal(nth_checker(config, 1)->timing->retry, 5);
	assert_int_equal(nth_checker(config, 1)->alpha, TRISTATE_ON);
	config_free(config);
}

static void test_http_names(void **state)
{
	struct config *config = read_checkers(
		WEB("virtualhost vs\n"
		    RS("192.0.2.10 443", "virtualhost rs\nSSL_GET {\nenable_sni\nurl {\npath /\n}\n"
		       "url {\npath /b\nvirtualhost url\n}\n}\n"
		       "SSL_GET {\nsni_name sni\nvirtualhost get\ntls_compliant\n"
		       "url {\npath /\n}\n}\nSSL_GET {\nsni_name\nurl {\npath /\n}\n}\n"
		       "HTTP_GET {\nurl {\npath /\nstatus_code 200 301-302\n}\n}")
		    RS("192.0.2.11 443", "HTTP_GET {\nurl {\npath /\n}\n}")));
	const struct http_check_config *get[4];
	const struct http_url_config *url;

	(void)state;
	for (uint32_t i = 0; i < ARRAY_LEN(get); i++)
		get[i] = (const void *)nth_checker(config, i);
	url = get[0]->urls.items[0];
	assert_string_equal(url->virtualhost, "rs");
	assert_string_equal(url->sni, "vs");
	url = get[0]->urls.items[1];
	assert_string_equal(url->virtualhost, "url");
	assert_string_equal(url->sni, "url");
	url = get[1]->urls.items[0];
	assert_string_equal(url->virtualhost, "get");
	assert_string_equal(url->sni, "sni");
	assert_true(url->tls_compliant);
	url = get[2]->urls.items[0];
	assert_string_equal(url->sni, "vs");
	url = get[3]->urls.items[0];
	assert_null(url->sni);
	assert_true(http_status_accepted(&url->status, 302));
	assert_false(http_status_accepted(&url->status, 204));
	assert_string_equal(check_rs(check_vs(check_of(config), 0), 1)->rare->virtualhost, "vs");
	config_free(config);
}

static void test_regex_escapes(void **state)
{
	struct config *config = read_checkers(
		ONE("HTTP_GET {\nurl {\npath /\nregex \"a\\\\d\\\"b \\\"c\\x41\\t\\101\"\n}\n"
		    "url {\npath /2\nregex a\\d+\n}\n}"));
	const struct http_check_config *get = (const void *)nth_checker(config, 0);
	const struct http_url_config *first = get->urls.items[0], *second = get->urls.items[1];

	(void)state;
	assert_string_equal(first->regex.pattern, "a\\d\"b \"cA\tA");
	assert_string_equal(second->regex.pattern, "a\\d+");
	config_free(config);
}

static void test_quorum(void **state)
{
	struct config *config = read_checkers(
		WEB("quorum 9\nhysteresis 9\n" RS("192.0.2.10 80", "weight 3") RS("192.0.2.11 80"))
		VS("192.0.2.2 80", PLAIN RS("192.0.2.10 80", "weight 0")));
	const struct virtual_server *vs = check_vs(check_of(config), 0);

	(void)state;
	assert_int_equal(vs->quorum, 4);
	assert_int_equal(vs->hysteresis, 3);
	/* with no weight at all the quorum is never there, and nothing wraps */
	vs = check_vs(check_of(config), 1);
	assert_int_equal(vs->quorum, 1);
	assert_int_equal(vs->hysteresis, 0);
	config_free(config);
}

static void test_bfd(void **state)
{
	static const struct {
		const char *lines;
		unsigned ttl, min_ttl;
	} cases[] = {
		{ "neighbor_ip 192.0.2.2\n", 255, 255 },
		{ "neighbor_ip 192.0.2.2\nmax_hops 3\n", 255, 252 },
		{ "neighbor_ip 192.0.2.2\nmax_hops -1\n", 255, 0 },
		{ "neighbor_ip 192.0.2.2\nttl 64\nmax_hops 64\n", 64, 0 },
		{ "neighbor_ip 2001:db8::2\n", 255, 64 },
		{ "neighbor_ip 2001:db8::2\nhoplimit 255\n", 255, 255 },
		{ "neighbor_ip 2001:db8::2\nmax_hops 0\n", 255, 255 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct strbuf text = { 0 };
		const struct bfd_session_config *session;
		struct config *config;

		strbuf_addf(&text, "bfd_instance b {\n%s}\n", cases[i].lines);
		config = read_checkers(strbuf_text(&text));
		session = bfd_config_of(config)->sessions.items[0];
		assert_int_equal(session->ttl, cases[i].ttl);
		assert_int_equal(session->min_ttl, cases[i].min_ttl);
		assert_true(session->tracked.for_vrrp && session->tracked.for_checker);
		assert_int_equal(session->min_rx.ns, MSEC(10).ns);
		strbuf_fini(&text);
		config_free(config);
	}
}

/* ---- tables at work: printing, comparing ---- */

static const char whole[] =
	"SSL {\nca /etc/ca.pem\n}\n"
	"virtual_server_group G {\n192.0.2.1-9 80\n10.0.0.0/30 80\nfwmark 4 inet\n}\n"
	"bfd_instance b {\nneighbor_ip 192.0.2.2\nmin_rx 20\nweight 5 reverse\n}\n"
	"virtual_server group G {\nlb_algo sh\nsh-port\nlb_kind TUN type gue port 5\n"
	"protocol SCTP\nquorum 2\nquorum_up \"/bin/a b\" nobody\nsorry_server 192.0.2.99\n"
	"real_server 192.0.2.10 {\nweight 4\nretry 3\nnotify_up /bin/up\nsnmp_name \"a b\"\n"
	"TCP_CHECK {\nconnect_port 7\nbindto 192.0.2.1\nconnect_timeout 0.5\n}\n"
	"SSL_GET {\nnb_get_retry 2\nsni_name\nurl {\npath /a\ndigest "
	"0123456789abcdef0123456789abcdef\nregex \"x \\\"y\\\"\"\nregex_options utf\n}\nurl {\n"
	"path /b\nstatus_code 200-204 404\n}\n}\n"
	"TCP_CHECK {\n}\nUDP_CHECK {\npayload 01 2\nrequire_reply 0x xx\n}\n"
	"BFD_CHECK {\nname b\nalpha\n}\nMISC_CHECK {\nmisc_path \"/bin/check 1 2\"\n"
	"user nobody\n}\n}\n}\n";

static void print_all(const struct config *config, struct strbuf *out)
{
	bind_print(&check_sections, config->section[ENGINE_CHECK], 0, out);
	bind_print(&bfd_sections, config->section[ENGINE_BFD], 0, out);
}

static void test_print_and_read_again(void **state)
{
	struct config *first = read_checkers(whole), *second;
	struct strbuf one = { 0 }, two = { 0 }, changes = { 0 };
	struct diff_rows rows;

	(void)state;
	print_all(first, &one);
	second = read_checkers(strbuf_text(&one));
	if (diags_count(second->diags, DIAG_ERROR))
		fail_msg("%s\n%s", all_diags(second), strbuf_text(&one));
	print_all(second, &two);
	assert_string_equal(strbuf_text(&one), strbuf_text(&two));
	diff_render(&check_sections, first->section[ENGINE_CHECK], second->section[ENGINE_CHECK],
		    &changes);
	assert_string_equal(strbuf_text(&changes), "");
	assert_int_equal(diff_objects(first->section[ENGINE_BFD],
				      second->section[ENGINE_BFD], &rows), DIFF_SAME);
	assert_non_null(strstr(strbuf_text(&one), "\t192.0.2.1-192.0.2.9 80\n"));
	assert_null(strstr(strbuf_text(&one), "delay_loop"));
	strbuf_fini(&one);
	strbuf_fini(&two);
	strbuf_fini(&changes);
	config_free(first);
	config_free(second);
}

static void test_reload_differences(void **state)
{
	struct config *old = read_checkers(ONE("TCP_CHECK {\n}"));
	struct config *new = read_checkers(
		WEB("delay_loop 5\n" RS("192.0.2.10 80", "TCP_CHECK {\n}")));
	const struct object *a = &nth_checker(old, 0)->object, *b = &nth_checker(new, 0)->object;
	struct diff_rows rows;

	(void)state;
	/* an inherited value counts like one of its own */
	assert_int_equal(diff_objects(a, b, &rows), DIFF_ADJUST);
	assert_string_equal(a->type->keywords[rows.rows[0]].word, "delay_loop");
	config_free(old);
	config_free(new);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_findings),
	cmocka_unit_test(test_clean),
	cmocka_unit_test(test_inheritance),
	cmocka_unit_test(test_defaults),
	cmocka_unit_test(test_ports),
	cmocka_unit_test(test_families_of_marks),
	cmocka_unit_test(test_group),
	cmocka_unit_test(test_smtp_hosts),
	cmocka_unit_test(test_http_names),
	cmocka_unit_test(test_regex_escapes),
	cmocka_unit_test(test_quorum),
	cmocka_unit_test(test_bfd),
	cmocka_unit_test(test_print_and_read_again),
	cmocka_unit_test(test_reload_differences),
};

UNIT_MAIN(tests)
