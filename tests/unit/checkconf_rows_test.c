/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every row of the checkers' and BFD's tables has an example here that binds without a finding,
 * marks the row as set, and prints as expected. A new row without example fails.
 */
#include "unit.h"

#include "bfd/config.h"
#include "check/config_values.h"
#include "core/engine.h"
#include "checkconf.h"

/** @block NULL: any block. @printed NULL: the same as @args. */
struct example {
	const char *block, *word, *args, *printed;
};

static const struct example examples[] = {
	{ "checkers", "SSL", "{\n}" },
	{ "checkers", "virtual_server_group", "G {\n192.0.2.1 80\n}" },
	{ "checkers", "virtual_server",
	  "192.0.2.9 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method DR\n"
	  "real_server 192.0.2.10 80 {\n}\n}" },
	{ "SSL", "password", "secret" },
	{ "SSL", "ca", "/etc/ssl/ca.pem" },
	{ "SSL", "certificate", "/etc/ssl/lb.pem" },
	{ "SSL", "key", "/etc/ssl/lb.key" },
	{ "virtual_server_group", "", "198.51.100.1-5 443" },

	{ "virtual_server", "ip_family", "inet" },
	{ "virtual_server", "retry", "3" },
	{ "virtual_server", "lvs_sched", "wrr" },
	{ "virtual_server", "lb_algo", "sed" },
	{ "virtual_server", "lvs_method", "TUN type gue port 6080 csum" },
	{ "virtual_server", "lb_kind", "DR" },
	{ "virtual_server", "inhibit_on_failure", "" },
	{ "virtual_server", "hashed", "\nlvs_sched sh" },
	{ "virtual_server", "ops", "\nprotocol UDP" },
	{ "virtual_server", "flag-1", "" },
	{ "virtual_server", "flag-2", "" },
	{ "virtual_server", "flag-3", "" },
	{ "virtual_server", "sh-port", "\nlvs_sched sh" },
	{ "virtual_server", "sh-fallback", "\nlvs_sched sh" },
	{ "virtual_server", "mh-port", "\nlvs_sched mh" },
	{ "virtual_server", "mh-fallback", "\nlvs_sched mh" },
	{ "virtual_server", "persistence_engine", "sip\npersistence_timeout 50", "sip" },
	{ "virtual_server", "persistence_timeout", "", "360" },
	{ "virtual_server", "persistence_granularity", "255.255.255.0" },
	{ "virtual_server", "protocol", "udp", "UDP" },
	{ "virtual_server", "ha_suspend", "" },
	{ "virtual_server", "alpha", "" },
	{ "virtual_server", "omega", "" },
	{ "virtual_server", "quorum_up", "\"/usr/bin/logger up\"" },
	{ "virtual_server", "quorum_down", "/usr/bin/logger nobody", "\"/usr/bin/logger\" nobody" },
	{ "virtual_server", "quorum", "1" },
	{ "virtual_server", "hysteresis", "0" },
	{ "virtual_server", "weight", "10" },
	{ "virtual_server", "sorry_server", "192.0.2.250 80" },
	{ "virtual_server", "sorry_server_inhibit", "\nsorry_server 192.0.2.250 80" },
	{ "virtual_server", "sorry_server_lvs_method", "DR\nsorry_server 192.0.2.250 80", "DR" },
	{ "virtual_server", "real_server", "192.0.2.20 80 {\n}" },

	{ "real_server", "weight", "3" },
	{ "real_server", "lvs_method", "NAT" },
	{ "real_server", "uthreshold", "1000" },
	{ "real_server", "lthreshold", "800" },
	{ "real_server", "inhibit_on_failure", "yes", "true" },
	{ "real_server", "notify_up", "\"/usr/bin/logger rs up\"" },
	{ "real_server", "notify_down", "\"/usr/bin/logger rs down\"" },
	{ "real_server", "TCP_CHECK", "{\n}" },
	{ "real_server", "HTTP_GET", "{\nurl {\npath /\n}\n}" },
	{ "real_server", "SSL_GET", "{\nurl {\npath /\n}\n}" },
	{ "real_server", "SMTP_CHECK", "{\n}" },
	{ "real_server", "DNS_CHECK", "{\n}" },
	{ "real_server", "MISC_CHECK", "{\nmisc_path /bin/true\n}" },
	{ "real_server", "UDP_CHECK", "{\n}" },
	{ "real_server", "PING_CHECK", "{\n}" },
	{ "real_server", "FILE_CHECK", "{\ntrack_file tf\n}" },
	{ "real_server", "BFD_CHECK", "{\nname b1\n}" },

	{ "MISC_CHECK", "misc_path", "\"/usr/bin/test 1\"" },
	{ "MISC_CHECK", "misc_timeout", "10" },
	{ "MISC_CHECK", "misc_dynamic", "" },
	{ "MISC_CHECK", "user", "nobody nogroup" },
	{ "SMTP_CHECK", "helo_name", "lb.example.com" },
	{ "SMTP_CHECK", "host", "{\nconnect_ip 192.0.2.12\n}" },
	{ "DNS_CHECK", "type", "aaaa", "AAAA" },
	{ "DNS_CHECK", "name", "a.root-servers.example." },
	{ "UDP_CHECK", "payload", "0001 ff f", "00 01 ff 0f" },
	{ "UDP_CHECK", "require_reply", "00 0x ff X1", "00 0x ff x1" },
	{ "UDP_CHECK", "min_reply_length", "4" },
	{ "UDP_CHECK", "max_reply_length", "512" },
	{ "FILE_CHECK", "track_file", "tf" },
	{ "FILE_CHECK", "weight", "2 reverse" },
	{ "BFD_CHECK", "name", "b1" },

	{ NULL, "nb_get_retry", "3" },
	{ NULL, "http_protocol", "1.1" },
	{ NULL, "enable_sni", "", "true" },
	{ NULL, "sni_name", "www.example.com" },
	{ NULL, "fast_recovery", "on", "true" },
	{ NULL, "tls_compliant", "true", "true" },
	{ NULL, "url", "{\npath /other\n}" },
	{ "url", "path", "/index.html" },
	{ "url", "digest", "5D41402ABC4B2A76B9719D911017C592",
	  "5d41402abc4b2a76b9719d911017c592" },
	{ "url", "status_code", "404 200-204 203", "200-204 404" },
	{ "url", "regex", "\"status: *\\\"ok\\\"\"", "\"status: *\\042ok\\042\"" },
	{ "url", "regex_no_match", "\nregex x" },
	{ "url", "regex_options", "multiline caseless\nregex x", "caseless multiline" },
	{ "url", "regex_min_offset", "10\nregex x", "10" },
	{ "url", "regex_max_offset", "2000\nregex x", "2000" },
	{ "url", "regex_stack", "32768 524288\nregex x", "32768 524288" },

	{ NULL, "connect_ip", "192.0.2.11" },
	{ NULL, "connect_port", "8080" },
	{ NULL, "bindto", "192.0.2.1" },
	{ NULL, "bind_port", "40000\nbindto 192.0.2.1", "40000" },
	{ NULL, "bind_if", "eth1" },
	{ NULL, "connect_timeout", "2.5" },
	{ NULL, "fwmark", "100" },
	{ NULL, "retry", "2" },
	{ NULL, "delay_before_retry", "0.000001" },
	{ NULL, "warmup", "0" },
	{ NULL, "delay_loop", "6" },
	{ NULL, "alpha", "on", "true" },
	{ NULL, "log_all_failures", "", "true" },
	{ NULL, "smtp_alert", "off", "false" },
	{ NULL, "virtualhost", "www.example.com" },
	{ NULL, "snmp_name", "\"web front\"" },

	{ "bfd", "bfd_instance", "other {\nneighbor_ip 192.0.2.3\n}" },
	{ "bfd_instance", "neighbor_ip", "192.0.2.2" },
	{ "bfd_instance", "neighbour_ip", "192.0.2.2" },
	{ "bfd_instance", "source_ip", "192.0.2.1" },
	{ "bfd_instance", "min_rx", "50" },
	{ "bfd_instance", "min_tx", "50.5" },
	{ "bfd_instance", "idle_tx", "1000" },
	{ "bfd_instance", "multiplier", "3" },
	{ "bfd_instance", "passive", "" },
	{ "bfd_instance", "ttl", "254" },
	{ "bfd_instance", "hoplimit", "254" },
	{ "bfd_instance", "max_hops", "3" },
	{ "bfd_instance", "multihop", "yes", "true" },
	{ "bfd_instance", "weight", "20 reverse" },
	{ "bfd_instance", "vrrp", "" },
	{ "bfd_instance", "checker", "" },
};

static const struct example *example_of(const char *block, const char *word)
{
	const struct example *any = NULL;

	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		if (strcmp(examples[i].word, word))
			continue;
		if (!examples[i].block)
			any = &examples[i];
		else if (!strcmp(examples[i].block, block))
			return &examples[i];
	}
	return any;
}

/* ---- the blocks, each within what it needs around it ---- */

#define TRACKED "track_file tf {\nfile /run/tf\n}\nbfd_instance b1 {\nneighbor_ip 192.0.2.2\n"
#define SERVICE "}\nvirtual_server 192.0.2.8 80 {\nprotocol TCP\nlvs_sched rr\nlvs_method NAT\n"
#define SERVER	TRACKED SERVICE "real_server 192.0.2.10 80 {\n"
#define CHECKER(word) SERVER word " {\n"

static const struct object *first_vs(const struct config *config)
{
	return &check_vs(check_of(config), 0)->object;
}

static const struct object *first_rs(const struct config *config)
{
	return &check_rs(check_vs(check_of(config), 0), 0)->object;
}

static const struct object *first_checker(const struct config *config)
{
	return &check_checker(check_rs(check_vs(check_of(config), 0), 0), 0)->object;
}

static const struct object *first_url(const struct config *config)
{
	const struct http_check_config *http = (const void *)first_checker(config);

	return http->urls.items[0];
}

static const struct object *check_section(const struct config *config)
{
	return config->section[ENGINE_CHECK];
}

static const struct object *bfd_section(const struct config *config)
{
	return config->section[ENGINE_BFD];
}

static const struct object *first_ssl(const struct config *config)
{
	return check_of(config)->ssl_blocks.items[0];
}

static const struct object *first_group(const struct config *config)
{
	return check_of(config)->groups.items[0];
}

static const struct object *first_session(const struct config *config)
{
	return bfd_config_of(config)->sessions.items[0];
}

static const struct block_case {
	const char *before, *after;
	const struct object *(*get)(const struct config *);
} blocks[] = {
	{ "", "", check_section },
	{ "", "", bfd_section },
	{ "SSL {\n", "}\n", first_ssl },
	{ "virtual_server_group G {\n192.0.2.1 80\n", "}\n", first_group },
	{ TRACKED SERVICE, "real_server 192.0.2.10 80 {\n}\n}\n", first_vs },
	{ SERVER, "}\n}\n", first_rs },
	{ CHECKER("TCP_CHECK"), "}\n}\n}\n", first_checker },
	{ CHECKER("PING_CHECK"), "}\n}\n}\n", first_checker },
	{ CHECKER("UDP_CHECK"), "}\n}\n}\n", first_checker },
	{ CHECKER("DNS_CHECK"), "}\n}\n}\n", first_checker },
	{ CHECKER("SMTP_CHECK"), "}\n}\n}\n", first_checker },
	{ CHECKER("MISC_CHECK") "misc_path /bin/true\n", "}\n}\n}\n", first_checker },
	{ CHECKER("HTTP_GET"), "url {\npath /\n}\n}\n}\n}\n", first_checker },
	{ CHECKER("SSL_GET"), "url {\npath /\n}\n}\n}\n}\n", first_checker },
	{ CHECKER("SSL_GET") "url {\npath /\n", "}\n}\n}\n}\n", first_url },
	{ CHECKER("FILE_CHECK") "track_file tf\n", "}\n}\n}\n", first_checker },
	{ CHECKER("BFD_CHECK") "name b1\n", "}\n}\n}\n", first_checker },
	{ "bfd_instance b1 {\nneighbor_ip 192.0.2.9\n", "}\n", first_session },
};

static struct config *read_example(const struct block_case *block, const char *word,
				   const char *args)
{
	struct strbuf text = { 0 };
	struct config *config;

	strbuf_addf(&text, "%s%s %s\n%s", block->before, word, args, block->after);
	config = read_checkers(strbuf_text(&text));
	strbuf_fini(&text);
	return config;
}

static void check_printed(const struct keyword *row, const struct object *object,
			  const struct example *example)
{
	const char *expected = example->printed ? example->printed : example->args;
	struct strbuf out = { 0 };

	if (!row->type->print || row->type->takes_block || *expected == '\n' ||
	    row->type == &value_record)
		return;
	row->type->print(row, (const char *)object + row->at, &out);
	if (strcmp(strbuf_text(&out), expected) && strcmp(row->word, "neighbour_ip"))
		fail_msg("%s > %s prints '%s', not '%s'", object->type->name, row->word,
			 strbuf_text(&out), expected);
	strbuf_fini(&out);
}

static void check_row(const struct block_case *block, const struct block_type *type, uint32_t i)
{
	const struct keyword *row = &type->keywords[i];
	const struct example *example = example_of(type->name, row->word);
	/* one that the block has to have is there a second time */
	bool again = row->flags & KW_REQUIRED && row->flags & KW_LAST_WINS;
	size_t expected = row->flags & KW_DEPRECATED || again ? 1 : 0;
	const struct object *object;
	struct config *config;

	if (!example)
		fail_msg("%s > %s has no example", type->name, row->word);
	assert_non_null(row->help);
	if (row->flags & KW_NOT_BUILT)
		return;
	config = read_example(block, row->word, example->args);
	if (n_findings(config) != expected)
		fail_msg("%s > %s %s:\n%s", type->name, row->word, example->args,
			 all_diags(config));
	object = block->get(config);
	if (!word_is_set(object, row->word))
		fail_msg("%s > %s is not marked", type->name, row->word);
	check_printed(row, object, example);
	config_free(config);
}

static void test_every_row(void **state)
{
	(void)state;
	for (size_t b = 0; b < ARRAY_LEN(blocks); b++) {
		struct config *config = read_example(&blocks[b], "", "");
		const struct block_type *type = blocks[b].get(config)->type;

		if (n_findings(config))
			fail_msg("%s: %s", type->name, all_diags(config));
		for (uint32_t i = 0; i < type->n_keywords; i++)
			check_row(&blocks[b], type, i);
		config_free(config);
	}
}

/* ---- values that are refused: where, and what is said ---- */

static const struct refused {
	size_t block;	/* index in blocks[] */
	const char *line;
	unsigned column;
	const char *says;
} refused[] = {
	{ 4, "delay_loop 0", 12, "0" },
	{ 4, "delay_loop 5s", 12, "5s" },
	{ 4, "connect_timeout 4295", 17, "4295" },
	{ 4, "retry 0", 7, "0" },
	{ 4, "retry -1", 7, "-1" },
	{ 4, "weight 0", 8, "0" },
	{ 4, "weight 0x10", 8, "0x10" },
	{ 4, "quorum 0", 8, "0" },
	{ 4, "lvs_sched loadbalance", 11, "loadbalance" },
	{ 4, "lvs_method FNAT", 12, "FNAT" },
	{ 4, "lvs_method nat", 12, "did you mean 'NAT'" },
	{ 4, "lvs_method TUN type gue", 16, "needs a port" },
	{ 4, "lvs_method TUN type gre port 5", 16, "only a gue" },
	{ 4, "lvs_method TUN csum", 16, "no checksum" },
	{ 4, "lvs_method TUN type ipv9", 21, "ipv9" },
	{ 4, "lvs_method TUN foo", 16, "foo" },
	{ 4, "protocol ICMP", 10, "ICMP" },
	{ 4, "persistence_timeout 2678401", 21, "2678401" },
	{ 4, "persistence_granularity 255.255.x", 25, "not a network mask" },
	{ 4, "persistence_granularity 129", 25, "129" },
	{ 4, "persistence_engine seventeen-letters", 20, "too long" },
	{ 4, "sorry_server example.com 80", 14, "example.com" },
	{ 4, "sorry_server 192.0.2.1 65536", 24, "65536" },
	{ 4, "real_server 192.0.2.1 asd {\n}", 23, "asd" },
	{ 4, "real_server 192.0.2.300 80 {\n}", 13, "192.0.2.300" },
	{ 5, "weight 2147483648", 8, "2147483648" },
	{ 5, "retry 0", 7, "0" },
	{ 5, "weight 70000", 8, "more than 65535" },
	{ 5, "alpha maybe", 7, "maybe" },
	{ 6, "connect_port 0", 14, "0" },
	{ 6, "connect_ip ::1%eth0", 12, "::1%eth0" },
	{ 6, "bind_if longerthan15bytes", 9, "longerthan15bytes" },
	{ 6, "fwmark 4294967296", 8, "4294967296" },
	{ 8, "payload 0g", 9, "0g" },
	{ 8, "payload 0x", 9, "0x" },
	{ 8, "max_reply_length 65536", 18, "65536" },
	{ 9, "type PTR", 6, "PTR" },
	{ 9, "name a..b", 6, "empty label" },
	{ 11, "misc_timeout 4295", 14, "4295" },
	{ 13, "http_protocol 2", 15, "2" },
	{ 14, "digest 123", 8, "32 hexadecimal digits" },
	{ 14, "digest 5d41402abc4b2a76b9719d911017c59z", 8, "'z'" },
	{ 14, "status_code 200 99", 17, "99" },
	{ 14, "status_code 300-200", 13, "300-200" },
	{ 15, "weight 2147483648", 8, "2147483648" },
	{ 15, "weight 2 backwards", 10, "backwards" },
	{ 17, "min_rx 0", 8, "0" },
	{ 17, "idle_tx 999", 9, "999" },
	{ 17, "multiplier 256", 12, "256" },
	{ 17, "max_hops -2", 10, "-2" },
	{ 17, "weight 254", 8, "254" },
	{ 3, "192.0.2.1-0 80", 1, "does not end after its start" },
	{ 3, "192.0.2.5-5 80", 1, "does not end after its start" },
	{ 3, "192.0.2.5-256 80", 1, "does not end in an address" },
	{ 3, "192.0.2.5-2001:db8::1 80", 1, "families" },
	{ 3, "192.0.2.5/24 80", 1, "did you mean '192.0.2.0/24'" },
	{ 3, "192.0.2.0/33 80", 1, "prefix length" },
	{ 3, "192.0.2.0/ 80", 1, "prefix length" },
	{ 3, "2001:db8::/64 80", 1, "million" },
	{ 3, "www 80", 1, "not an address" },
	{ 3, "192.0.2.5 http", 11, "http" },
	{ 3, "fwmark", 1, "needs a number" },
	{ 3, "fwmark 1 ipv4", 10, "ipv4" },
};

static void test_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		const struct refused *r = &refused[i];
		struct config *config = read_example(&blocks[r->block], r->line, "");
		const struct diag *diag = find_diag(config, DIAG_WARNING, r->says);
		struct place_info info;

		if (!diag)
			fail_msg("'%s' does not say '%s':\n%s", r->line, r->says,
				 all_diags(config));
		assert_true(source_resolve(config->sources, diag->at, &info));
		if (info.column != r->column)
			fail_msg("'%s' is marked at column %u, not %u", r->line, info.column,
				 r->column);
		if (n_findings(config) != 1)
			fail_msg("'%s' gives more than one finding:\n%s", r->line,
				 all_diags(config));
		config_free(config);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(test_every_row),
	cmocka_unit_test(test_refused),
};

UNIT_MAIN(tests)
