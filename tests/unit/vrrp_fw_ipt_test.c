/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firewall as text for iptables-restore and ipset, and the order of its transactions.
 */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "vrrp/fw_rules.h"

static struct fw_ipt_names names_of(const char *in, const char *out, bool sets)
{
	struct fw_ipt_names names = {
		.hook_in = in, .hook_out = out, .use_sets = sets, .set4 = "k", .set6 = "k6",
		.set_if6 = "k_if6", .set_igmp = "k_igmp", .set_mld = "k_mld", .set_nd = "k_nd",
	};

	fw_ipt_chains(&names);
	return names;
}

static void block(struct fw_state *state, const char *addr, const char *ifname)
{
	struct fw_vip vip = { .ifindex = 2 };

	assert_true(addr_parse(addr, &vip.addr));
	(void)str_copy(vip.ifname, sizeof(vip.ifname), ifname);
	assert_true(fw_state_block(state, &vip));
}

static void assert_text(struct strbuf *b, const char *want)
{
	assert_string_equal(strbuf_text(b), want);
	strbuf_reset(b);
}

static void chains_are_named_after_their_hooks(void **state)
{
	struct fw_ipt_names n = names_of("INPUT", "OUTPUT", false);

	(void)state;
	assert_string_equal(n.in, "keepalived-in-INPUT");
	assert_string_equal(n.out, "keepalived-out-OUTPUT");
	n = names_of("A-CHAIN-OF-27-CHARACTERS-AB", NULL, false);
	assert_string_equal(n.in, "keepalived-in-A-CHAIN-OF-27");
	assert_string_equal(n.out, "");
}

static void rules_without_sets(void **state)
{
	struct fw_state s = { .no_accept4 = true };
	struct fw_ipt_names n = names_of("INPUT", "OUTPUT", false);
	struct strbuf b = { 0 };

	(void)state;
	block(&s, "192.0.2.100", "eth0");
	block(&s, "fe80::100", "eth0");
	fw_ipt_text(&s, &n, AF_INET, FW_IPT_LOAD, &b);
	assert_text(&b, "*filter\n:keepalived-in-INPUT - [0:0]\n:keepalived-out-OUTPUT - [0:0]\n"
			"-A keepalived-in-INPUT -d 192.0.2.100 -j DROP\n"
			"-A keepalived-out-OUTPUT -s 192.0.2.100 -j DROP\n"
			"-I INPUT 1 -j keepalived-in-INPUT\n"
			"-I OUTPUT 1 -j keepalived-out-OUTPUT\nCOMMIT\n");
	fw_ipt_rules(&s, &n, AF_INET6, &b);
	assert_text(&b, "-A keepalived-out-OUTPUT -p icmpv6 --icmpv6-type 135 -s fe80::100 -o eth0 "
			"-j RETURN\n"
			"-A keepalived-out-OUTPUT -p icmpv6 --icmpv6-type 136 -s fe80::100 -o eth0 "
			"-j RETURN\n"
			"-A keepalived-out-OUTPUT -s fe80::100 -o eth0 -j DROP\n"
			"-A keepalived-in-INPUT -p icmpv6 --icmpv6-type 135 -d fe80::100 -i eth0 "
			"-j RETURN\n"
			"-A keepalived-in-INPUT -p icmpv6 --icmpv6-type 136 -d fe80::100 -i eth0 "
			"-j RETURN\n"
			"-A keepalived-in-INPUT -d fe80::100 -i eth0 -j DROP\n");
	strbuf_fini(&b);
	fw_state_fini(&s);
}

static void one_chain_only(void **state)
{
	struct fw_state s = { .no_accept4 = true };
	struct fw_ipt_names n = names_of("MINE", NULL, true);
	struct strbuf b = { 0 };

	(void)state;
	fw_ipt_text(&s, &n, AF_INET, FW_IPT_RELOAD, &b);
	assert_text(&b, "*filter\n:keepalived-in-MINE - [0:0]\n"
			"-A keepalived-in-MINE -m set --match-set k dst -j DROP\n"
			"-D MINE -j keepalived-in-MINE\n"
			"-I MINE 1 -j keepalived-in-MINE\nCOMMIT\n");
	fw_ipt_text(&s, &n, AF_INET, FW_IPT_UNHOOK_OUT, &b);
	assert_text(&b, "");
	fw_ipt_text(&s, &n, AF_INET, FW_IPT_REMOVE, &b);
	assert_text(&b, "*filter\n:keepalived-in-MINE - [0:0]\n-D MINE -j keepalived-in-MINE\n"
			"-X keepalived-in-MINE\nCOMMIT\n");
	strbuf_fini(&b);
}

static void sets_hold_what_is_needed(void **state)
{
	struct fw_state s = { .no_accept4 = true, .vmac6 = true };
	struct fw_ipt_names n = names_of("INPUT", "OUTPUT", true);
	struct fw_vmac v4 = { .family = AF_INET, .ifindex = 5, .ifname = "vrrp.51" };
	struct fw_vmac v6 = { .family = AF_INET6, .ifindex = 6, .ifname = "vrrp6.51" };
	struct strbuf b = { 0 };

	(void)state;
	assert_true(addr_parse("fe80::aa", &v6.link_local));
	block(&s, "192.0.2.100", "eth0");
	assert_true(fw_state_add_vmac(&s, &v4));
	assert_true(fw_state_add_vmac(&s, &v6));
	fw_ipset_create(&s, &n, &b);
	assert_text(&b, "create k-new-0-0 hash:ip family inet -exist\nflush k-new-0-0\n"
			"create k_mld-new-4-0 hash:net,iface family inet6 -exist\n"
			"flush k_mld-new-4-0\n"
			"create k_nd-new-5-0 hash:net,iface family inet6 -exist\n"
			"flush k_nd-new-5-0\n"
			"add k-new-0-0 192.0.2.100 -exist\n"
			"add k_mld-new-4-0 ::/0,vrrp6.51 -exist\n"
			"add k_nd-new-5-0 fe80::aa,vrrp6.51 -exist\n"
			"create k hash:ip family inet -exist\nswap k-new-0-0 k\n"
			"destroy k-new-0-0\n"
			"create k_mld hash:net,iface family inet6 -exist\n"
			"swap k_mld-new-4-0 k_mld\ndestroy k_mld-new-4-0\n"
			"create k_nd hash:net,iface family inet6 -exist\n"
			"swap k_nd-new-5-0 k_nd\ndestroy k_nd-new-5-0\n");
	fw_ipset_again(&s, &n, 1, 1, &b);
	assert_text(&b, "create k hash:ip family inet -exist\n"
			"create k_mld hash:net,iface family inet6 -exist\n"
			"create k_nd hash:net,iface family inet6 -exist\n");
	fw_ipset_destroy(&s, &n, &b);
	assert_text(&b, "destroy k\ndestroy k_mld\ndestroy k_nd\n");
	strbuf_fini(&b);
	fw_state_fini(&s);
}

/* A set takes 64 interfaces for one prefix. */
static void many_vmacs_are_in_several_sets(void **state)
{
	struct fw_state s = { .vmac4 = true };
	struct fw_ipt_names n = names_of("INPUT", "OUTPUT", true);
	struct fw_vmac v = { .family = AF_INET };
	struct strbuf b = { 0 };

	(void)state;
	for (v.ifindex = 1; v.ifindex <= 250; v.ifindex++) {
		(void)snprintf(v.ifname, sizeof(v.ifname), "vrrp.%u", v.ifindex);
		assert_true(fw_state_add_vmac(&s, &v));
	}
	n.n_sets4 = fw_ipset_count(&s, AF_INET);
	assert_int_equal(n.n_sets4, 8);
	assert_int_equal(fw_ipset_count(&s, AF_INET6), 1);
	fw_ipset_create(&s, &n, &b);
	assert_non_null(strstr(strbuf_text(&b), "add k_igmp-new-3-0 0.0.0.0/0,vrrp.32 -exist\n"));
	assert_non_null(strstr(strbuf_text(&b), "add k_igmp-new-3-1 0.0.0.0/0,vrrp.33 -exist\n"));
	assert_non_null(strstr(strbuf_text(&b), "add k_igmp-new-3-7 0.0.0.0/0,vrrp.250 -exist\n"));
	assert_non_null(strstr(strbuf_text(&b), "swap k_igmp-new-3-7 k_igmp-3-7\n"));
	strbuf_reset(&b);
	fw_ipt_rules(&s, &n, AF_INET, &b);
	assert_non_null(strstr(strbuf_text(&b), "--match-set k_igmp dst,dst -j DROP\n"));
	assert_non_null(strstr(strbuf_text(&b), "--match-set k_igmp-3-7 dst,dst -j DROP\n"));
	strbuf_fini(&b);
	fw_state_fini(&s);
}

/* Every way ends, whatever the answers are. */
static void phases_end(void **state)
{
	(void)state;
	assert_int_equal(fw_ipt_next(FW_IPT_RELOAD, false), FW_IPT_UNHOOK_IN);
	assert_int_equal(fw_ipt_next(FW_IPT_LOAD, true), FW_IPT_LOADED);
	assert_int_equal(fw_ipt_next(FW_IPT_REMOVE, true), FW_IPT_NONE);
	for (enum fw_ipt_phase from = FW_IPT_NONE; from <= FW_IPT_CLEAR_CHAINS; from++) {
		enum fw_ipt_phase phase = from;

		for (unsigned i = 0; i < 6; i++)
			phase = fw_ipt_next(phase, false);
		assert_true(phase == FW_IPT_NONE || phase == FW_IPT_FAILED ||
			    phase == FW_IPT_LOADED);
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(chains_are_named_after_their_hooks),
	cmocka_unit_test(rules_without_sets),
	cmocka_unit_test(one_chain_only),
	cmocka_unit_test(sets_hold_what_is_needed),
	cmocka_unit_test(many_vmacs_are_in_several_sets),
	cmocka_unit_test(phases_end),
};

UNIT_MAIN(tests)
