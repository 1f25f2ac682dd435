/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Classic BPF programs for VRRP sockets.
 *
 * The filter looks at two bytes, VRID and priority, and drops what no instance on the socket wants
 * to see. It checks nothing else: what passes goes through the receive checks like everything.
 * Classic BPF has no tables, so the set of VRIDs is eight words, one of which is chosen by
 * comparison and tested with a bit made by shifting.
 */
#include "vrrp/io_filter.h"

#include <sys/socket.h>

#define AT_VRID	    1u
#define AT_PRIORITY 2u
#define AH_LEN	    24u
#define PASS	    0xffffffffu

struct program {
	struct sock_filter *out;
	size_t n;
};

static void op(struct program *p, uint16_t code, uint32_t k)
{
	p->out[p->n++] = (struct sock_filter){ .code = code, .k = k };
}

static void jump(struct program *p, uint16_t code, uint32_t k, uint8_t if_true, uint8_t if_false)
{
	p->out[p->n++] =
		(struct sock_filter){ .code = code, .jt = if_true, .jf = if_false, .k = k };
}

/* Accumulator: VRID. Ends the program. */
static void test_set(struct program *p, const struct vrid_set *set)
{
	op(p, BPF_ST, 0);
	op(p, BPF_ALU | BPF_AND | BPF_K, 31);
	op(p, BPF_MISC | BPF_TAX, 0);
	op(p, BPF_LD | BPF_IMM, 1);
	op(p, BPF_ALU | BPF_LSH | BPF_X, 0);
	op(p, BPF_MISC | BPF_TAX, 0);
	op(p, BPF_LD | BPF_MEM, 0);
	op(p, BPF_ALU | BPF_RSH | BPF_K, 5);
	for (uint32_t chunk = 0; chunk < ARRAY_LEN(set->bits); chunk++) {
		if (set->bits[chunk] == 0)
			continue;
		/* This chunk: test the bit and end; another one: skip the four. */
		jump(p, BPF_JMP | BPF_JEQ | BPF_K, chunk, 0, 4);
		op(p, BPF_MISC | BPF_TXA, 0);
		jump(p, BPF_JMP | BPF_JSET | BPF_K, set->bits[chunk], 0, 1);
		op(p, BPF_RET | BPF_K, PASS);
		op(p, BPF_RET | BPF_K, 0);
	}
	op(p, BPF_RET | BPF_K, 0);
}

size_t io_filter_build(const struct io_filter_spec *s, struct sock_filter *out)
{
	struct program p = { .out = out };
	uint32_t at = s->ah ? AH_LEN : 0;

	if (s->family == AF_INET)
		op(&p, BPF_LDX | BPF_B | BPF_MSH, 0);
	else
		op(&p, BPF_LDX | BPF_W | BPF_IMM, 0);
	if (s->pick != IO_PICK_ALL) {
		bool zero = s->pick == IO_PICK_ZERO;

		op(&p, BPF_LD | BPF_B | BPF_IND, at + AT_PRIORITY);
		jump(&p, BPF_JMP | BPF_JEQ | BPF_K, 0, zero ? 1 : 0, zero ? 0 : 1);
		op(&p, BPF_RET | BPF_K, 0);
	}
	if (s->vrids == NULL) {
		op(&p, BPF_RET | BPF_K, PASS);
		return p.n;
	}
	op(&p, BPF_LD | BPF_B | BPF_IND, at + AT_VRID);
	test_set(&p, s->vrids);
	return p.n;
}

size_t io_filter_none(struct sock_filter *out)
{
	struct program p = { .out = out };

	op(&p, BPF_RET | BPF_K, 0);
	return p.n;
}
