/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pure parts of the VRRP process: socket filters (run by an interpreter of their own here), names
 * of VMACs, words about rejected adverts.
 */
#include "unit.h"

#include <string.h>
#include <sys/socket.h>

#include "vrrp/echo.h"
#include "vrrp/io_filter.h"
#include "vrrp/process_match.h"
#include "vrrp/receive_text.h"
#include "vrrp/vmac_name.h"

/* -- filters ------------------------------------------------------------------------------- */

struct machine {
	const uint8_t *data;
	uint32_t len, a, x, mem[16];
};

/* Executes one instruction; false: the program returned *out. */
static bool step(struct machine *m, const struct sock_filter *f, size_t *pc, uint32_t *out)
{
	uint32_t at = m->x + f->k;
	bool taken;

	switch (f->code) {
	case BPF_LDX | BPF_B | BPF_MSH:
		m->x = (m->data[f->k] & 15u) * 4;
		break;
	case BPF_LDX | BPF_W | BPF_IMM:
		m->x = f->k;
		break;
	case BPF_LD | BPF_B | BPF_IND:
		if (at >= m->len) {
			*out = 0;
			return false;
		}
		m->a = m->data[at];
		break;
	case BPF_LD | BPF_IMM:
		m->a = f->k;
		break;
	case BPF_LD | BPF_MEM:
		m->a = m->mem[f->k];
		break;
	case BPF_ST:
		m->mem[f->k] = m->a;
		break;
	case BPF_ALU | BPF_AND | BPF_K:
		m->a &= f->k;
		break;
	case BPF_ALU | BPF_RSH | BPF_K:
		m->a >>= f->k;
		break;
	case BPF_ALU | BPF_LSH | BPF_X:
		m->a <<= m->x;
		break;
	case BPF_MISC | BPF_TAX:
		m->x = m->a;
		break;
	case BPF_MISC | BPF_TXA:
		m->a = m->x;
		break;
	case BPF_JMP | BPF_JEQ | BPF_K:
	case BPF_JMP | BPF_JSET | BPF_K:
		taken = BPF_OP(f->code) == BPF_JEQ ? m->a == f->k : (m->a & f->k) != 0;
		*pc += taken ? f->jt : f->jf;
		break;
	case BPF_RET | BPF_K:
		*out = f->k;
		return false;
	default:
		fail_msg("instruction %#x", f->code);
	}
	return true;
}

static bool passes(const struct sock_filter *program, size_t n, const uint8_t *data, size_t len)
{
	struct machine m = { .data = data, .len = (uint32_t)len };
	uint32_t result = 0;

	for (size_t pc = 0; pc < n; pc++) {
		if (!step(&m, &program[pc], &pc, &result))
			return result != 0;
	}
	fail_msg("the program does not end");
	return false;
}

static bool passes_ipv4(const struct io_filter_spec *s, uint8_t vrid, uint8_t priority)
{
	struct sock_filter program[IO_FILTER_MAX];
	size_t n = io_filter_build(s, program), at = 20 + (s->ah ? 24 : 0);
	uint8_t packet[64] = { 0x45 };

	assert_true(n <= IO_FILTER_MAX);
	packet[at] = 0x31;
	packet[at + 1] = vrid;
	packet[at + 2] = priority;
	return passes(program, n, packet, sizeof(packet));
}

static void filter_knows_every_vrid(void **state)
{
	struct vrid_set set = { { 0 } };
	struct io_filter_spec s = { .family = AF_INET, .vrids = &set };

	(void)state;
	for (unsigned v = 1; v < 256; v += 3)
		vrid_set_add(&set, (uint8_t)v);
	for (unsigned ah = 0; ah < 2; ah++) {
		s.ah = ah != 0;
		for (unsigned v = 0; v < 256; v++)
			assert_int_equal(passes_ipv4(&s, (uint8_t)v, 100), v % 3 == 1);
	}
}

static void filter_picks_by_priority(void **state)
{
	struct vrid_set set = { { 0 } };
	struct io_filter_spec s = { .family = AF_INET, .vrids = &set, .pick = IO_PICK_ZERO };

	(void)state;
	vrid_set_add(&set, 51);
	assert_true(passes_ipv4(&s, 51, 0));
	assert_false(passes_ipv4(&s, 51, 1));
	assert_false(passes_ipv4(&s, 52, 0));
	s.pick = IO_PICK_OTHERS;
	assert_false(passes_ipv4(&s, 51, 0));
	assert_true(passes_ipv4(&s, 51, 255));
	s.pick = IO_PICK_ALL;
	assert_true(passes_ipv4(&s, 51, 0));
	s.vrids = NULL;
	assert_true(passes_ipv4(&s, 200, 0));
}

static void filter_of_ipv6_and_short_packets(void **state)
{
	static const uint8_t packet[] = { 0x31, 51, 100, 1, 0, 100, 0, 0 };
	struct vrid_set set = { { 0 } };
	struct io_filter_spec s = { .family = AF_INET6, .vrids = &set };
	struct sock_filter program[IO_FILTER_MAX];
	size_t n;

	(void)state;
	vrid_set_add(&set, 51);
	n = io_filter_build(&s, program);
	assert_true(passes(program, n, packet, sizeof(packet)));
	assert_false(passes(program, n, packet, 1));
	n = io_filter_none(program);
	assert_false(passes(program, n, packet, sizeof(packet)));
}

/* -- names --------------------------------------------------------------------------------- */

static bool is_in(void *arg, const char *name)
{
	const char *const *taken = arg;

	for (; *taken != NULL; taken++) {
		if (strcmp(*taken, name) == 0)
			return true;
	}
	return false;
}

static void vmac_names(void **state)
{
	const char *none[] = { NULL };
	const char *some[] = { "vrrp.51", "vrrp1.51", "vrrp6.51", NULL };
	struct vmac_name n = { "vrrp", 51, AF_INET };
	char name[VMAC_NAME_MAX];

	(void)state;
	vmac_name_choose(&n, is_in, none, name);
	assert_string_equal(name, "vrrp.51");
	vmac_name_choose(&n, is_in, some, name);
	assert_string_equal(name, "vrrp2.51");
	n.family = AF_INET6;
	vmac_name_choose(&n, is_in, none, name);
	assert_string_equal(name, "vrrp6.51");
	vmac_name_choose(&n, is_in, some, name);
	assert_string_equal(name, "vrrp2.51");
	n = (struct vmac_name){ "a-very-long-prefix", 251, AF_INET };
	vmac_name_choose(&n, is_in, none, name);
	assert_string_equal(name, "a-very-long.251");
}

/* -- words --------------------------------------------------------------------------------- */

static void words_about_rejects(void **state)
{
	struct vrrp_rx_params params = { .vrid = 51, .multicast = true, .n_addrs = 2 };
	struct vrrp_frame frame = { 0 };
	struct vrrp_rx_verdict verdict = { .reject = VRRP_REJECT_TTL, .got = 254, .expected = 255 };
	struct receive_case rc = { &params, &frame, &verdict, 0 };
	char text[200], tiny[8];

	(void)state;
	assert_true(addr_parse("192.0.2.1", &frame.src));
	assert_string_equal(receive_text(&rc, text, sizeof(text)),
			    "invalid TTL/HL from 192.0.2.1. Received 254 and expect 255");
	assert_string_equal(receive_text(&rc, tiny, sizeof(tiny)), "invalid");
	verdict.advert.n_addrs = 3;
	rc.warning = VRRP_RX_WARN_COUNT;
	assert_string_equal(receive_text(&rc, text, sizeof(text)),
			    "expected 2 VIPs but received 3 from 192.0.2.1");
	rc.warning = 0;
	for (unsigned r = 1; r < n_vrrp_reject; r++) {
		verdict.reject = (enum vrrp_reject)r;
		if (r != VRRP_REJECT_VRID && r != VRRP_REJECT_INACTIVE)
			assert_true(strlen(receive_text(&rc, text, sizeof(text))) > 0);
	}
}

/* -- processes ----------------------------------------------------------------------------- */

#define CMDLINE(text) ((struct span){ (const uint8_t *)(text), sizeof(text) })

static void processes_are_compared(void **state)
{
	static const char *const params[] = { "-f", "/etc/x" };
	struct vrrp_process_config c = { .process = "/usr/sbin/d", .params = params };

	(void)state;
	assert_true(process_matches_comm(&c, "/usr/sbin/d"));
	assert_false(process_matches_comm(&c, "d"));
	assert_true(process_matches_cmdline(&c, CMDLINE("/usr/sbin/d\0whatever")));
	assert_false(process_matches_cmdline(&c, CMDLINE("/usr/sbin/dd")));
	assert_false(process_matches_cmdline(&c, (struct span){ (const uint8_t *)"/usr", 4 }));

	c.param_match = PARAM_MATCH_EXACT;
	assert_true(process_matches_cmdline(&c, CMDLINE("/usr/sbin/d")));
	assert_false(process_matches_cmdline(&c, CMDLINE("/usr/sbin/d\0-f")));
	c.n_params = 2;
	assert_true(process_matches_cmdline(&c, CMDLINE("/usr/sbin/d\0-f\0/etc/x")));
	assert_false(process_matches_cmdline(&c, CMDLINE("/usr/sbin/d\0-f\0/etc/x\0more")));
	assert_false(process_matches_cmdline(&c, CMDLINE("/usr/sbin/d\0-f")));
	c.param_match = PARAM_MATCH_PARTIAL;
	assert_true(process_matches_cmdline(&c, CMDLINE("/usr/sbin/d\0-f\0/etc/x\0more")));
	assert_false(process_matches_cmdline(&c, CMDLINE("/usr/sbin/d\0-f\0/etc/xyz")));
	c.param_match = PARAM_MATCH_INITIAL;
	assert_true(process_matches_cmdline(&c, CMDLINE("/usr/sbin/d\0-f\0/etc/xyz")));
	assert_false(process_matches_cmdline(&c, CMDLINE("/usr/sbin/d\0-fg\0/etc/x")));
}

static void echoes(void **state)
{
	uint8_t packet[20 + ECHO_LEN] = { 0x45 };
	struct span in = { packet, sizeof(packet) };

	(void)state;
	echo_encode(packet + 20, AF_INET, 0x1234, 7);
	assert_int_equal(packet[20], 8);
	assert_int_equal(checksum_finish(checksum_add(0, (struct span){ packet + 20, ECHO_LEN })),
			 0);
	assert_false(echo_is_reply(in, AF_INET, 0x1234, 7));
	packet[20] = 0;
	assert_true(echo_is_reply(in, AF_INET, 0x1234, 7));
	assert_false(echo_is_reply(in, AF_INET, 0x1234, 8));
	assert_false(echo_is_reply(in, AF_INET, 0x1235, 7));
	in.len = 25;
	assert_false(echo_is_reply(in, AF_INET, 0x1234, 7));
	in.len = 0;
	assert_false(echo_is_reply(in, AF_INET, 0x1234, 7));
	echo_encode(packet, AF_INET6, 1, 2);
	assert_int_equal(packet[0], 128);
	packet[0] = 129;
	assert_true(echo_is_reply((struct span){ packet, ECHO_LEN }, AF_INET6, 1, 2));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(processes_are_compared),
	cmocka_unit_test(echoes),
	cmocka_unit_test(filter_knows_every_vrid),
	cmocka_unit_test(filter_picks_by_priority),
	cmocka_unit_test(filter_of_ipv6_and_short_packets),
	cmocka_unit_test(vmac_names),
	cmocka_unit_test(words_about_rejects),
};

UNIT_MAIN(tests)
